/* bands.h: the bodies of market_kernels.h that make a quote's weight: vols of bid and ask, filters.
 */
#ifndef VW_CORE_VOL_SIMD_BANDS_H
#define VW_CORE_VOL_SIMD_BANDS_H

#include "core/vol/market_kernels.h"
#include "core/vol/simd/eight.h"

/* A quote at its mid: s is vol times root of years, h the second derivative of the price by s over
 * the first, h3 the third, per_slope what 1 of log price is worth of s. */
typedef struct lanes_mid {
    vd mid, h, h3, per_slope;
} lanes_mid;

/* A fraction, undivided. */
typedef struct lanes_part {
    vd top, bottom;
} lanes_part;

/* The step of s to another price, from what is known at the mid: Householder's of third order on
 * log price (simd/implied_vol.h). */
VW_LANE lanes_part band_step(const lanes_mid *m, vd price)
{
    vd f = vd_log_ratio(price, m->mid), newton = f * m->per_slope;
    vd a = m->h * newton, af = a - f;
    vd bend = m->h3 * newton * newton + f * (f + f - 3 * a);

    return (lanes_part){newton * (1 + 0.5 * af), 1 + af + bend * (1.0 / 6)};
}

/* The vol a relative step away; NaN where that is too far. */
VW_LANE vd step_vol(vd vol, vd step)
{
    return vd_pick(vd_less(vd_abs(step), vd_all(VW_BAND_STEP_MAX)), vol + vol * step, vd_all(NAN));
}

static size_t lanes_bands(const vw_fit_mids *in, double root_years, double scale, size_t count,
                          double *bid_vol, double *ask_vol, double *vega)
{
    size_t far = 0;

    for (size_t i = 0; i < count; i += VW_LANES) {
        size_t lanes = count - i < VW_LANES ? count - i : VW_LANES;
        vd k = vd_load(in->k + i, lanes), vol = vd_load(in->vol + i, lanes);
        vd bid = vd_load(in->bid + i, lanes), ask = vd_load(in->ask + i, lanes);
        vd s = vol * root_years, inverse_s = 1 / s, z = k * inverse_s, z2 = z * z, d1 = 0.5 * s - z;
        vd worth = scale * vd_exp(vd_max(-0.5 * d1 * d1, vd_all(-700)), vd_all(0)), both, bid_to,
           ask_to;
        lanes_mid m = {.mid = 0.5 * (bid + ask), .h = z2 * inverse_s - 0.25 * s};
        lanes_part down, up;
        vm near;

        m.h3 = m.h * m.h - 3 * z2 * (inverse_s * inverse_s) - 0.25;
        m.per_slope = m.mid * root_years / worth;
        down = band_step(&m, bid);
        up = band_step(&m, ask);
        both = inverse_s / (down.bottom * up.bottom); /* one division for two */
        ask_to = step_vol(vol, up.top * down.bottom * both);
        bid_to = step_vol(vol, down.top * up.bottom * both);
        vd_store(bid_vol + i, bid_to, lanes);
        vd_store(ask_vol + i, ask_to, lanes);
        vd_store(vega + i, worth, lanes);
        near = vm_and(vd_less(vd_all(0), bid_to), vd_less(vd_all(0), ask_to));
        far += (size_t)__builtin_popcount(~vm_bits(near) & ((1U << lanes) - 1));
    }
    return far;
}

/* Two-sided, and vols of both. */
VW_LANE vm is_quote(vd bid, vd ask, vd bid_vol, vd ask_vol)
{
    vm sides = vm_and(vd_less(vd_all(0), bid), vm_not(vd_less(ask, bid)));

    return vm_and(vm_and(sides, vd_less(ask, vd_all(INFINITY))),
                  vm_and(vd_less(vd_all(0), bid_vol), vd_less(vd_all(0), ask_vol)));
}

static size_t lanes_weigh(const vw_fit_bands *in, const vw_fit_limits *limits, size_t count,
                          double *half_vol)
{
    size_t kept = 0;

    for (size_t i = 0; i < count; i += VW_LANES) {
        size_t lanes = count - i < VW_LANES ? count - i : VW_LANES;
        vd z = vd_abs(vd_load(in->k + i, lanes)) * limits->per_sd,
           vega = vd_load(in->vega + i, lanes);
        vd bid = vd_load(in->bid + i, lanes), ask = vd_load(in->ask + i, lanes);
        vd tick = vd_pick(vd_less(ask, vd_all(3)), vd_all(limits->tick), vd_all(2 * limits->tick));
        vd bid_vol = vd_load(in->bid_vol + i, lanes), ask_vol = vd_load(in->ask_vol + i, lanes);
        vd half = 0.5 * (ask_vol - bid_vol);
        vm firm = vm_or(vd_less(vd_all(limits->tick), bid), vm_not(vd_less(10 * bid, ask)));
        vm cabinet = vm_and(vm_not(firm), vd_less(vd_all(8), z));
        vm stays = vm_and(vm_not(vd_less(vd_all(limits->z), z)), vm_not(cabinet));

        stays = vm_and(stays, vm_not(vd_less(vega * 0.01, 0.02 * tick)));
        stays = vm_and(stays, vd_less(vd_all(-1), z * vega)); /* both are numbers */
        stays = vm_and(stays, is_quote(bid, ask, bid_vol, ask_vol));
        half = vd_max(vd_max(half, 0.5 * tick / vega), vd_all(VW_HALF_VOL_MIN));
        vd_store(half_vol + i, vd_pick(stays, half, vd_all(0)), lanes);
        kept += (size_t)__builtin_popcount(vm_bits(stays) & ((1U << lanes) - 1));
    }
    return kept;
}

#endif
