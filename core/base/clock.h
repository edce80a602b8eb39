/* clock.h: the machine's clocks, read by workers and tools only.
 *
 * A worker reads the clock once a turn and passes now_ns down; right of base nothing reads a clock.
 *
 * Units    nanoseconds since the Unix epoch (realtime, comparable with kernel receive stamps and
 *          with stamps of other hosts) or since boot (monotonic, for intervals).
 * Threads  any. */
#ifndef VW_CORE_BASE_CLOCK_H
#define VW_CORE_BASE_CLOCK_H

#include "core/base/base.h"

#include <time.h>

#define VW_NS_PER_US INT64_C(1000)
#define VW_NS_PER_MS INT64_C(1000000)
#define VW_NS_PER_SECOND INT64_C(1000000000)

static inline int64_t vw_clock_realtime_ns(void);
static inline int64_t vw_clock_monotonic_ns(void);

/* ---- inline definitions --------------------------------------------------------------------- */

static inline int64_t vw_clock_read_ns(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * VW_NS_PER_SECOND + now.tv_nsec;
}

static inline int64_t vw_clock_realtime_ns(void)
{
    return vw_clock_read_ns(CLOCK_REALTIME);
}

static inline int64_t vw_clock_monotonic_ns(void)
{
    return vw_clock_read_ns(CLOCK_MONOTONIC);
}

#endif
