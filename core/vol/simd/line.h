/* line.h: the body of market_kernels.h that puts a line through put-call pairs. */
#ifndef VW_CORE_VOL_SIMD_LINE_H
#define VW_CORE_VOL_SIMD_LINE_H

#include "core/vol/market_kernels.h"
#include "core/vol/simd/median.h"

enum { LINE_PASSES = 8 };
#define VW_LINE_HUBER 1.345
#define VW_LINE_MAD_TO_SD 1.4826
#define VW_LINE_SETTLED 1e-3   /* of a standard error: as far as a pass may still move the line */
#define VW_LINE_SCALE_MIN 1e-9 /* exact quotes have none; this keeps the weights finite */

/* One weighted least squares, pairs beyond `limit` half-widths off weighing less; discount > 0
 * fixes the slope. */
VW_LANE void solve_line(const vw_fit_pairs *pairs, double discount, double limit, vw_fit_line *l)
{
    ve sum[5] = {ve_all(0), ve_all(0), ve_all(0), ve_all(0), ve_all(0)};
    double per_limit = 1 / limit, s[5];

    for (size_t i = pairs->first; i < pairs->last; i += EIGHT) {
        ve x = ve_load(pairs->x + i), y = ve_load(pairs->y + i), wx;
        ve w = ve_load(pairs->per_half + i), miss = ve_load(pairs->miss + i);

#pragma GCC unroll 4
        for (int p = 0; p < PARTS; p++) {
            w.part[p] = w.part[p] * w.part[p] / vd_max(miss.part[p] * per_limit, vd_all(1));
        }
        wx = ve_multiply(w, x);
        sum[0] = ve_add(sum[0], w);
        sum[1] = ve_add(sum[1], wx);
        sum[2] = ve_add_product(sum[2], wx, x);
        sum[3] = ve_add_product(sum[3], w, y);
        sum[4] = ve_add_product(sum[4], wx, y);
    }
    for (int i = 0; i < 5; i++) {
        s[i] = ve_sum(sum[i]);
    }
    l->sw = s[0];
    l->swx = s[1];
    l->swxx = s[2];
    l->slope = discount > 0 ? discount : (s[1] * s[3] - s[0] * s[4]) / (s[0] * s[2] - s[1] * s[1]);
    l->level = (s[3] + l->slope * s[1]) / s[0];
}

/* How far pairs miss a line in half-widths: the most, and the most of those that missed the line
 * before by `before`. */
typedef struct line_misses {
    double most, again;
} line_misses;

VW_LANE line_misses measure_line(const vw_fit_pairs *pairs, const vw_fit_line *l, double before)
{
    vd most = vd_all(0), again = vd_all(0);
    double lane[2][VW_LANES];
    line_misses misses = {0, 0};

    for (size_t i = pairs->first; i < pairs->last; i += VW_LANES) {
        vd x = vd_load(pairs->x + i, VW_LANES), y = vd_load(pairs->y + i, VW_LANES);
        vd miss = vd_abs((y - l->level + l->slope * x) * vd_load(pairs->per_half + i, VW_LANES));
        vd was = vd_load(pairs->miss + i, VW_LANES);
        vm other = vm_or(vd_less(was, vd_all(before)), vd_less(vd_all(before), was));

        most = vd_max(most, miss);
        again = vd_max(again, vd_pick(other, vd_all(0), miss));
        vd_store(pairs->miss + i, miss, VW_LANES);
    }
    vd_store(lane[0], most, VW_LANES);
    vd_store(lane[1], again, VW_LANES);
    for (int p = 0; p < VW_LANES; p++) { /* no fmax: its branches could not be foreseen */
        misses.most = lane[0][p] > misses.most ? lane[0][p] : misses.most;
        misses.again = lane[1][p] > misses.again ? lane[1][p] : misses.again;
    }
    return misses;
}

/* Whether a line lies where the one before did, by the standard errors of both its numbers. */
VW_LANE bool line_stands(const vw_fit_line *now, const vw_fit_line *before)
{
    double det = now->sw * now->swxx - now->swx * now->swx;
    double level_se = now->scale / sqrt(now->sw), slope_se = now->scale * sqrt(now->sw / det);

    return fabs(now->level / now->slope - before->level / before->slope) * now->slope <=
               VW_LINE_SETTLED * level_se &&
           (now->slope == before->slope ||
            fabs(now->slope - before->slope) <= VW_LINE_SETTLED * slope_se);
}

/* By weight the median, for where a few tight pairs tell the forward and a crowd of wide ones is
 * stale the crowd must not set the scale. */
static bool lanes_line(const vw_fit_pairs *pairs, double discount, vw_fit_line *l)
{
    double total, median = 0;
    bool stands = false;

    memset(pairs->miss + pairs->first, 0, (pairs->last - pairs->first) * sizeof *pairs->miss);
    total = look_at(pairs, 0).upto;
    l->scale = INFINITY;
    for (int pass = 0; pass < LINE_PASSES && !stands; pass++) {
        vw_fit_line before = *l;
        line_misses misses;

        solve_line(pairs, discount, VW_LINE_HUBER * before.scale, l);
        misses = measure_line(pairs, l, median);
        median =
            median_miss(pairs, total, misses.most, pass > 0 ? misses.again : 0.5 * misses.most);
        l->scale = fmax(VW_LINE_MAD_TO_SD * median, VW_LINE_SCALE_MIN);
        stands = pass > 0 && line_stands(l, &before);
    }
    return l->slope > 0 && fabs(l->level) < INFINITY && l->sw > 0;
}

#endif
