#include "core/base/histogram.h"

static uint64_t upper_edge(size_t index)
{
    uint64_t shift;

    if (index < 64) {
        return index;
    }
    shift = index / 32 - 1;
    return ((index - 32 * shift + 1) << shift) - 1;
}

uint64_t vw_histogram_percentile(const vw_histogram *histogram, double share)
{
    uint64_t count = 0;
    uint64_t max = atomic_load_explicit(&histogram->max, memory_order_relaxed);
    double below = 0;

    for (size_t i = 0; i < VW_HISTOGRAM_BUCKETS; i++) {
        count += atomic_load_explicit(&histogram->bucket[i], memory_order_relaxed);
    }
    for (size_t i = 0; i < VW_HISTOGRAM_BUCKETS && count > 0; i++) {
        below += (double)atomic_load_explicit(&histogram->bucket[i], memory_order_relaxed);
        if (below >= share * (double)count && below > 0) {
            uint64_t edge = upper_edge(i);

            return i == VW_HISTOGRAM_BUCKETS - 1 || edge > max ? max : edge;
        }
    }
    return count > 0 ? max : 0;
}
