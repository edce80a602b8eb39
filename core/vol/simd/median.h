/* median.h: the weighted median of how far pairs miss a line. */
#ifndef VW_CORE_VOL_SIMD_MEDIAN_H
#define VW_CORE_VOL_SIMD_MEDIAN_H

#include "core/vol/market_kernels.h"
#include "core/vol/simd/eight.h"

/* The weight of the pairs that miss by no more than `at`, the greatest of those misses, and the
 * least beyond. */
typedef struct line_split {
    double weight, last, next;
} line_split;

VW_LANE line_split split_misses(const vw_fit_pairs *pairs, double at)
{
    ve weight = ve_all(0);
    vd last = vd_all(0), next = vd_all(INFINITY);
    double lane[2][VW_LANES];
    line_split split = {0, 0, INFINITY};

    for (size_t i = pairs->first; i < pairs->last; i += EIGHT) {
        ve per_half = ve_load(pairs->per_half + i), miss = ve_load(pairs->miss + i);

#pragma GCC unroll 4
        for (int p = 0; p < PARTS; p++) {
            vm beyond = vd_less(vd_all(at), miss.part[p]);
            vd w = vd_pick(beyond, vd_all(0), per_half.part[p]);

            weight.part[p] += w * w;
            last = vd_max(last, vd_pick(beyond, vd_all(0), miss.part[p]));
            next = vd_min(next, vd_pick(beyond, miss.part[p], vd_all(INFINITY)));
        }
    }
    vd_store(lane[0], last, VW_LANES);
    vd_store(lane[1], next, VW_LANES);
    for (int p = 0; p < VW_LANES; p++) {
        split.last = lane[0][p] > split.last ? lane[0][p] : split.last;
        split.next = lane[1][p] < split.next ? lane[1][p] : split.next;
    }
    split.weight = ve_sum(weight);
    return split;
}

/* The least miss that has half of the weight at or below it; each look leaves fewer between low
 * and high, guess is where the first is taken. */
VW_LANE double median_miss(const vw_fit_pairs *pairs, double total, double most, double guess)
{
    double low = 0, low_weight = 0, high = most, high_weight = total, next = 0;

    for (int look = 0; next < high; look++) {
        double at = look == 0       ? guess
                    : look % 2 == 1 ? low + (high - low) * (0.5 * total - low_weight) /
                                                (high_weight - low_weight)
                                    : 0.5 * (next + high);
        line_split split;

        at = at >= next && at < high ? at : next;
        split = split_misses(pairs, at);
        if (split.weight >= 0.5 * total) {
            high = split.last;
            high_weight = split.weight;
        } else {
            low = at;
            low_weight = split.weight;
            next = split.next;
        }
    }
    return high;
}

#endif
