/* median.h: the weighted median of how far pairs miss a line. */
#ifndef VW_CORE_VOL_SIMD_MEDIAN_H
#define VW_CORE_VOL_SIMD_MEDIAN_H

#include "core/vol/market_kernels.h"
#include "core/vol/simd/eight.h"

/* The weight of the pairs that miss by less than `at` and by no more than it, the greatest of the
 * misses below it and the least beyond. */
typedef struct line_look {
    double below, upto, last, next;
} line_look;

VW_LANE line_look look_at(const vw_fit_pairs *pairs, double at)
{
    ve below = ve_all(0), upto = ve_all(0);
    vd last = vd_all(0), next = vd_all(INFINITY);
    double lane[2][VW_LANES];
    line_look look = {0, 0, 0, INFINITY};

    for (size_t i = pairs->first; i < pairs->last; i += EIGHT) {
        ve per_half = ve_load(pairs->per_half + i), miss = ve_load(pairs->miss + i);

#pragma GCC unroll 4
        for (int p = 0; p < PARTS; p++) {
            vm less = vd_less(miss.part[p], vd_all(at)), beyond = vd_less(vd_all(at), miss.part[p]);
            vd w = per_half.part[p] * per_half.part[p];

            below.part[p] += vd_pick(less, w, vd_all(0));
            upto.part[p] += vd_pick(beyond, vd_all(0), w);
            last = vd_max(last, vd_pick(less, miss.part[p], vd_all(0)));
            next = vd_min(next, vd_pick(beyond, miss.part[p], vd_all(INFINITY)));
        }
    }
    vd_store(lane[0], last, VW_LANES);
    vd_store(lane[1], next, VW_LANES);
    for (int p = 0; p < VW_LANES; p++) {
        look.last = lane[0][p] > look.last ? lane[0][p] : look.last;
        look.next = lane[1][p] < look.next ? lane[1][p] : look.next;
    }
    look.below = ve_sum(below);
    look.upto = ve_sum(upto);
    return look;
}

/* The least miss that has half of the weight at or below it.  The first look is at a guess, which
 * should be one of the misses, the second at its neighbour; further ones leave ever fewer between
 * next and high. */
VW_LANE double median_miss(const vw_fit_pairs *pairs, double total, double most, double guess)
{
    double low = 0, low_weight = 0, high = most, high_weight = total, next = 0, at = guess;

    for (int looks = 0; next < high; looks++) {
        double near;
        line_look look;

        at = at >= next && at <= high ? at : next;
        look = look_at(pairs, at);
        if (look.upto < 0.5 * total) {
            low = at;
            low_weight = look.upto;
            near = next = look.next;
        } else if (look.below < 0.5 * total) {
            return at;
        } else {
            near = high = look.last;
            high_weight = look.below;
        }
        at = looks == 0 ? near
             : looks % 2 == 1
                 ? low + (high - low) * (0.5 * total - low_weight) / (high_weight - low_weight)
                 : 0.5 * (next + high);
    }
    return high;
}

#endif
