/* decode_tally.h: what a capture held, per line and unit: packets, messages by type, what is
 * missing.
 *
 * A line is a destination address and port; A and B lines of a unit are counted apart.  A sequence
 * is judged in the order of the capture: ahead of what is expected is a gap, behind it a message
 * that came late (it was missing) or twice.  Sequence 1 again a second or more after the unit began
 * is a reset.
 *
 * Threads  one thread.
 * Memory   allocates as lines appear, at most VW_TALLY_MAX; what comes of more is in the last one.
 */
#ifndef VW_TOOLS_DECODE_TALLY_H
#define VW_TOOLS_DECODE_TALLY_H

#include "core/base/base.h"
#include "tools/decode_lines.h"

enum { VW_TALLY_MAX = 4096, VW_TALLY_HOLES_MAX = 65536 };

typedef struct vw_tally_hole {
    uint64_t first, count;
} vw_tally_hole;

typedef struct vw_tally {
    uint32_t host;
    uint16_t port;
    uint8_t unit;
    uint8_t protocol; /* a vw_decode_protocol */
    uint64_t packets, heartbeats, bytes;
    uint64_t messages, unsequenced; /* the second of the first */
    uint64_t unknown, malformed;    /* messages; unknown ones of those above */
    uint64_t packets_malformed;
    uint64_t gaps, missed;     /* jumps ahead; messages not seen since */
    uint64_t breaks;           /* packets that do not begin where the one before ended */
    uint64_t late, duplicates; /* messages */
    uint64_t resets, retransmitted;
    uint64_t by_type[256];
    uint64_t next; /* expected sequence; 0: not known yet */
    int64_t begin_ns;
    bool next_may_be_one_later; /* after a line integrity message */
    uint32_t clock_seconds;     /* of the unit's last Time, since midnight */
    uint32_t clock_epoch;       /* the same, Unix; 0: not said */
    bool clock_known;
    vw_tally_hole *holes; /* what is missing; the oldest are forgotten beyond HOLES_MAX */
    size_t hole_count, hole_room;
} vw_tally;

typedef struct vw_tallies {
    vw_tally **list;
    size_t count, room;
    vw_tally *last; /* asked for */
} vw_tallies;

vw_tally *vw_tally_get(vw_tallies *tallies, uint32_t host, uint16_t port, uint8_t unit,
                       uint8_t protocol);

/* vw_tally_sequence judges a block of `count` messages from `first` on; count 0 is a heartbeat that
 * says what comes next. */
void vw_tally_sequence(vw_tally *tally, uint64_t first, uint64_t count, int64_t capture_ns);

void vw_tallies_free(vw_tallies *tallies);

#endif
