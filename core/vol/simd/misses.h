/* misses.h: the bodies of fit_kernels.h that prepare quotes as vols, and judge a model by them. */
#ifndef VW_CORE_VOL_SIMD_MISSES_H
#define VW_CORE_VOL_SIMD_MISSES_H

#include "core/vol/fit_kernels.h"
#include "core/vol/simd/eight.h"

static void lanes_moneyness(const double *strike, double forward, size_t count, double *k)
{
    for (size_t i = 0; i < count; i += VW_LANES) {
        size_t lanes = count - i < VW_LANES ? count - i : VW_LANES;

        vd_store(k + i, vd_log_ratio(vd_load(strike + i, lanes), vd_all(forward)), lanes);
    }
}

static void lanes_vega(const double *k, const double *vol, double root_years, double scale,
                       size_t count, double *vega)
{
    for (size_t i = 0; i < count; i += VW_LANES) {
        size_t lanes = count - i < VW_LANES ? count - i : VW_LANES;
        vd s = vd_load(vol + i, lanes) * root_years, d1 = 0.5 * s - vd_load(k + i, lanes) / s;
        vd density = vd_exp(vd_max(-0.5 * d1 * d1, vd_all(-700)), vd_all(0));

        vd_store(vega + i, scale * density, lanes);
    }
}

static void lanes_misses(const vw_fit_quotes *quotes, const double *w, double k_min, double k_max,
                         double root_years, double core_d1, size_t count, vw_fit_misses *out)
{
    double per_root = 1 / root_years, lane[VW_LANES];
    ve square = ve_all(0), core_square = ve_all(0);
    vd most = vd_all(0);

    *out = (vw_fit_misses){0};
    for (size_t i = 0; i < count; i += EIGHT) {
        ve wanted = ve_all(0), core = ve_all(0);

        for (size_t p = 0; p < PARTS && i + p * VW_LANES < count; p++) {
            size_t at = i + p * VW_LANES, lanes = count - at < VW_LANES ? count - at : VW_LANES;
            unsigned mine = (1U << lanes) - 1;
            vd k = vd_load(quotes->k + at, lanes), bid = vd_load(quotes->bid_vol + at, lanes);
            vd s = vd_sqrt(vd_max(vd_load(w + at, lanes), vd_all(0))), vol = s * per_root;
            vd error = vol - vd_load(quotes->vol + at, lanes);
            vm out_of_range = vm_or(vd_less(k, vd_all(k_min)), vd_less(vd_all(k_max), k));
            vm outside =
                vm_or(vd_less(vol, bid), vd_less(vd_load(quotes->ask_vol + at, lanes), vol));
            vm wing = vd_less(core_d1 * s, vd_abs(0.5 * s * s - k));

            error = vd_pick(out_of_range, vd_all(0), error);
            if (lanes < VW_LANES) {
                double kept[VW_LANES] = {0};

                vd_store(kept, error, lanes);
                error = vd_load(kept, VW_LANES);
            }
            wanted.part[p] = error * error;
            core.part[p] = vd_pick(wing, vd_all(0), wanted.part[p]);
            most = vd_max(most, vd_abs(error));
            mine &= ~vm_bits(out_of_range);
            out->quotes += (size_t)__builtin_popcount(mine);
            out->inside += (size_t)__builtin_popcount(mine & ~vm_bits(outside));
            out->core += (size_t)__builtin_popcount(mine & ~vm_bits(wing));
        }
        square = ve_add(square, wanted);
        core_square = ve_add(core_square, core);
    }
    vd_store(lane, most, VW_LANES);
    for (int p = 0; p < VW_LANES; p++) {
        out->max = lane[p] > out->max ? lane[p] : out->max;
    }
    out->square = ve_sum(square);
    out->core_square = ve_sum(core_square);
}

#endif
