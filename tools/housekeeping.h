/* housekeeping.h: what changed, said once a second on stderr; and the totals at the end.
 *
 * The threads count and never speak; the main thread reads their counters and says what a user
 * must know: every loss, a fall-back, a line that fell silent or came back.  Only changes, with
 * their numbers; a counter that keeps growing is said again every ten seconds.
 *
 * Threads  the main thread.
 * Memory   plain struct of the caller's. */
#ifndef VW_TOOLS_HOUSEKEEPING_H
#define VW_TOOLS_HOUSEKEEPING_H

#include "tools/topology.h"

typedef struct vw_housekeeping {
    const vw_topology *topology;
    struct {
        uint64_t value;  /* when last said */
        int64_t said_ns; /* monotonic; 0: never */
    } seen[VW_TOPOLOGY_PARTS][VW_COUNT_COUNT];
    uint32_t silent_lines; /* as said */
} vw_housekeeping;

/* vw_housekeeping_begin starts with nothing said. */
void vw_housekeeping_begin(vw_housekeeping *housekeeping, const vw_topology *topology);

/* vw_housekeeping_turn says what changed since it was last said. */
void vw_housekeeping_turn(vw_housekeeping *housekeeping, int64_t monotonic_ns);

/* vw_housekeeping_end says what is left to say, then the totals: lines on stderr, and one JSON
 * object on stdout (messages_in, messages_out, losses, p50_us, p99_us, p999_us). */
void vw_housekeeping_end(vw_housekeeping *housekeeping, int64_t monotonic_ns);

#endif
