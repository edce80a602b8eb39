/* feed_state.h: what the files of the feed share; nobody else includes it.
 *
 * feed.c lays out and turns the crank; feed_apply.c takes PITCH and TOP in, feed_opra.c OPRA,
 * feed_dbn.c DBN; feed_series.c is what all of them do to a series; feed_unit.c knows what may be
 * out of date; feed_send.c turns what changed into events. */
#ifndef VW_FEEDS_FEED_STATE_H
#define VW_FEEDS_FEED_STATE_H

#include "feeds/arbiter.h"
#include "feeds/book.h"
#include "feeds/feed.h"
#include "feeds/feed_recovery.h"
#include "feeds/feed_unit.h"
#include "feeds/opra.h"
#include "feeds/pitch.h"
#include "feeds/reactor.h"
#include "feeds/series.h"
#include "feeds/top.h"

struct vw_feed {
    vw_feed_config config;
    vw_arbiter *arbiter;
    vw_book *book;
    vw_series_table *series;
    vw_reactor *reactor;
    vw_streams streams; /* connect NULL: there is no way to recover */
    vw_feed_gap gaps[VW_FEED_CHANNELS_MAX];
    vw_feed_spin spins[VW_FEED_SPINS_MAX];
    int64_t recovered_ns; /* when recovery last had its turn */
    vw_book_quote *tops;  /* two per series: best of those that come without orders */
    uint32_t *changed;    /* series with something to send, in order */
    uint32_t changed_count;
    uint32_t *parked_next; /* per series: the next one of its unit's list */
    uint32_t refused;      /* the first of them that were counted as finding the ring full */
    uint32_t unit_count;
    bool untold;                              /* a unit's news found no room */
    int64_t now_ns;                           /* of this turn */
    int64_t timers_ns;                        /* when the timers were last looked at; 0: never */
    int64_t channel_ns[VW_FEED_CHANNELS_MAX]; /* newest market time of any unit */
    int64_t heard_ns[VW_FEED_CHANNELS_MAX][VW_FEED_LINES_MAX];
    _Atomic uint32_t silent_lines; /* see vw_feed_silent_lines; the feed's thread writes */
    uint8_t unit_of[VW_FEED_CHANNELS_MAX][256];
    vw_feed_unit units[VW_BOOK_UNITS_MAX];
};

/* Where the message at hand stands. */
typedef struct vw_feed_place {
    vw_feed *feed;
    vw_feed_unit *unit;
    uint32_t number; /* of the unit */
    int64_t receive_ns;
} vw_feed_place;

/* vw_feed_apply, _opra take a run of messages in; they return how many were well-formed.
 * vw_feed_apply_dbn takes one record. */
uint32_t vw_feed_apply(void *feed, uint32_t unit, const vw_run *run);
uint32_t vw_feed_apply_opra(vw_feed *feed, uint32_t unit, const vw_run *run);
bool vw_feed_apply_dbn(vw_feed *feed, uint32_t unit, const unsigned char *record, size_t size,
                       int64_t receive_ns);

/* vw_feed_take_opra gives a block that has been read to the arbiter. */
void vw_feed_take_opra(vw_feed *feed, uint32_t unit, size_t line, const vw_opra_block *block,
                       const unsigned char *payload, int64_t receive_ns);

/* What messages do to a series, beside feed_hot.h.  top sets a side that comes without orders
 * (size 0: empty). */
void vw_feed_top(const vw_feed_place *at, uint32_t index, uint8_t side, int64_t price,
                 uint32_t size);
void vw_feed_top_apply(const vw_feed_place *at, uint32_t index, const vw_top_message *message);
void vw_feed_trading(const vw_feed_place *at, uint32_t index, char status);
void vw_feed_defined(const vw_feed_place *at, uint32_t index, bool fresh);
void vw_feed_send_trade(const vw_feed_place *at, uint32_t index, char side, int64_t price,
                        uint32_t size, uint64_t execution_id, char condition);
void vw_feed_send_index(const vw_feed_place *at, const char name[6], int64_t bid, int64_t offer);
void vw_feed_clear_tops(vw_feed *feed, uint32_t unit);

/* vw_feed_unit_clock sets the unit's market time where the protocol says it whole. */
void vw_feed_unit_clock(const vw_feed_place *at, int64_t market_ns);

/* vw_feed_flush sends what changed, as far as the ring has room. */
void vw_feed_flush(vw_feed *feed);

/* vw_feed_unpark has the unit's series that waited looked at again with the next flush. */
void vw_feed_unpark(vw_feed *feed, uint32_t unit);

/* vw_feed_tell sends a unit's news, or keeps it to be sent: the newest state wins. */
void vw_feed_tell(vw_feed *feed, uint32_t unit, vw_unit_state state, uint32_t first,
                  uint64_t missed);

/* vw_feed_slot reserves an event and fills its head; NULL when the ring is full.  Commit it. */
vw_event *vw_feed_slot(vw_feed *feed, vw_event_kind kind, const vw_feed_unit *unit,
                       int64_t receive_ns);
void vw_feed_commit(vw_feed *feed);

static inline void vw_feed_count(vw_feed *feed, vw_counter counter)
{
    vw_counters_add(feed->config.counters, counter, 1);
}

#endif
