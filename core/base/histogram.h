/* histogram.h: latencies in log-linear buckets, for percentiles that are right to 3 %.
 *
 * Each power of two is cut into 32 equal buckets, from 1 ns to 2^40 ns (18 minutes); longer values
 * go to the last bucket and still count in max.
 *
 * Units    nanoseconds (the reader may put in anything >= 0).
 * Threads  one writer (add); anyone may read at any time.  A reader may miss the newest values or
 *          see a count one ahead of its bucket: the percentile moves by less than its own error.
 * Memory   plain struct of the caller's. */
#ifndef VW_CORE_BASE_HISTOGRAM_H
#define VW_CORE_BASE_HISTOGRAM_H

#include "core/base/base.h"

#define VW_HISTOGRAM_BUCKETS (36 * 32)

typedef struct vw_histogram {
    alignas(VW_LINE_PAIR) _Atomic uint64_t count; /* values added */
    _Atomic uint64_t max;                         /* largest value */
    _Atomic uint64_t bucket[VW_HISTOGRAM_BUCKETS];
} vw_histogram;

/* vw_histogram_percentile returns the upper edge of the bucket that holds the share [0, 1] of all
 * values; 0 when there are none. */
uint64_t vw_histogram_percentile(const vw_histogram *histogram, double share);

/* vw_histogram_add puts one value in; negative values count as 0. */
static inline void vw_histogram_add(vw_histogram *histogram, int64_t value);

/* ---- inline definitions --------------------------------------------------------------------- */

static inline size_t vw_histogram_index(uint64_t value)
{
    unsigned shift;

    if (value < 64) {
        return (size_t)value;
    }
    shift = 58 - (unsigned)__builtin_clzll(value); /* leaves [32, 64) */
    return shift > 34 ? VW_HISTOGRAM_BUCKETS - 1 : 32 * (size_t)shift + (size_t)(value >> shift);
}

static inline void vw_histogram_bump(_Atomic uint64_t *cell)
{
    atomic_store_explicit(cell, atomic_load_explicit(cell, memory_order_relaxed) + 1,
                          memory_order_relaxed);
}

static inline void vw_histogram_add(vw_histogram *histogram, int64_t value)
{
    uint64_t v = value < 0 ? 0 : (uint64_t)value;

    vw_histogram_bump(&histogram->bucket[vw_histogram_index(v)]);
    vw_histogram_bump(&histogram->count);
    if (v > atomic_load_explicit(&histogram->max, memory_order_relaxed)) {
        atomic_store_explicit(&histogram->max, v, memory_order_relaxed);
    }
}

#endif
