/* quotes.h: the body of fit_kernels.h that makes targets of quotes. */
#ifndef VW_CORE_VOL_SIMD_QUOTES_H
#define VW_CORE_VOL_SIMD_QUOTES_H

#include "core/vol/fit_kernels.h"
#include "core/vol/simd/eight.h"

static void lanes_quotes(const vw_fit_quotes *in, double unit, double per_sd, size_t count,
                         const vw_fit_targets *out)
{
    for (size_t i = 0; i < whole(count); i += VW_LANES) {
        vd vol = vd_load(in->vol + i, VW_LANES), half = vd_load(in->half_vol + i, VW_LANES);
        vd bid = vd_load(in->bid_vol + i, VW_LANES), ask = vd_load(in->ask_vol + i, VW_LANES);
        vd zone = VW_FIT_DEAD_ZONE * half, weight = 1 / (half * 2 * vol * unit);
        vd low = vd_max(vol - zone, vd_all(0)), high = vol + zone;

        vd_store(out->z + i, vd_load(in->k + i, VW_LANES) * per_sd, VW_LANES);
        vd_store(out->weight2 + i, weight * weight, VW_LANES);
        vd_store(out->low + i, low * low * unit, VW_LANES);
        vd_store(out->high + i, high * high * unit, VW_LANES);
        vd_store(out->mid + i, vol * vol * unit, VW_LANES);
        vd_store(out->bid + i, bid * bid * unit, VW_LANES);
        vd_store(out->ask + i, ask * ask * unit, VW_LANES);
    }
}

#endif
