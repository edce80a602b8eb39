/* arbiter_state.h: what the arbiter's two files share; nobody else includes it.
 *
 * arbiter.c brings the lines' packets into order, arbiter_recovery.c waits: for a hole's time to
 * run out, for what was asked for to come, for an image. */
#ifndef VW_FEEDS_ARBITER_STATE_H
#define VW_FEEDS_ARBITER_STATE_H

#include "feeds/arbiter.h"

#define VW_GIVEN_UP_MAX 64
#define VW_HELD_NONE UINT32_MAX

typedef struct vw_sequence_range {
    uint64_t first, end;
} vw_sequence_range;

typedef struct vw_held {
    uint64_t first, end;
    int64_t receive_ns, now_ns, block_ns;
    uint32_t size;
    uint32_t previous, next; /* of the unit, by first; next also chains free ones */
} vw_held;

typedef struct vw_unit_order {
    uint64_t expected; /* next sequence to deliver */
    uint64_t start;    /* where the count began for us */
    uint64_t revealed; /* a heartbeat said that all before it have been sent */
    int64_t wait_ns;
    vw_measure *measure;    /* NULL: by the length byte */
    int64_t begun_ns;       /* of the count */
    int64_t reset_stamp_ns; /* receive stamp of the packet that reset it; INT64_MIN: none did */
    int64_t hole_ns;        /* when the hole at expected was seen */
    int64_t revealed_ns;
    int64_t old_ns;       /* since when there have been nothing but old messages */
    uint64_t asked_end;   /* all before it was asked for; 0: nothing is */
    int64_t asked_for_ns; /* and is waited for until then */
    bool begun, hole;
    bool frozen;                              /* nothing is delivered: an image is on its way */
    bool old;                                 /* old_ns holds */
    bool line_back[VW_ARBITER_LINES_MAX];     /* went backwards, and nothing new since */
    uint64_t line_next[VW_ARBITER_LINES_MAX]; /* after the line's last packet; 0: never heard */
    uint32_t head, tail;                      /* held packets */
    uint32_t given_up_count;                  /* ever; the ring has the last VW_GIVEN_UP_MAX */
    uint64_t given_up_end;
    vw_sequence_range given_up[VW_GIVEN_UP_MAX];
} vw_unit_order;

struct vw_arbiter {
    vw_arbiter_sink sink;
    vw_counters *counters;
    vw_unit_order *units;
    vw_held *held;
    unsigned char *bytes; /* VW_ARBITER_HOLD_BYTES per held */
    uint32_t units_max, unit_count;
    uint32_t hold_packets, held_count;
    uint32_t free;  /* first free held */
    uint32_t holes; /* units with a hole */
};

/* vw_arbiter_take_in finds the whole messages of a packet; counts them and what is malformed. */
vw_held vw_arbiter_take_in(vw_arbiter *arbiter, uint32_t number, const vw_run *run, int64_t now_ns);

/* vw_arbiter_sort brings a packet into the unit's order. */
void vw_arbiter_sort(vw_arbiter *arbiter, uint32_t number, const vw_held *packet,
                     const unsigned char *from);

/* vw_arbiter_count_old counts messages before expected as duplicate or late. */
void vw_arbiter_count_old(vw_arbiter *arbiter, const vw_unit_order *self, uint64_t first,
                          uint64_t end);

/* vw_arbiter_drain takes the held packets that no hole stands before, then looks for the next. */
void vw_arbiter_drain(vw_arbiter *arbiter, uint32_t number);

/* vw_arbiter_skip gives up what is missing before end. */
void vw_arbiter_skip(vw_arbiter *arbiter, uint32_t number, uint64_t end, int64_t now_ns);

static inline void vw_arbiter_count(vw_arbiter *arbiter, vw_counter counter, uint64_t more)
{
    if (more > 0) {
        vw_counters_add(arbiter->counters, counter, more);
    }
}

static inline uint64_t vw_arbiter_hole_end(const vw_arbiter *arbiter, const vw_unit_order *self)
{
    return self->head != VW_HELD_NONE ? arbiter->held[self->head].first : self->revealed;
}

#endif
