/* quotes.h: simd/implied_vol.h over arrays.
 *
 * Lanes without a vol, outside the window, or not settled after STEPS_MAX go to the reference. */
#ifndef VW_CORE_PRICING_SIMD_QUOTES_H
#define VW_CORE_PRICING_SIMD_QUOTES_H

#include "core/pricing/simd/implied_vol.h"

static __attribute__((noinline)) size_t odd_quotes(const vw_iv_inputs *in, double *vol,
                                                   uint8_t *status, size_t first, unsigned odd)
{
    size_t good = 0;

    for (; odd != 0; odd &= odd - 1) {
        size_t i = first + (size_t)__builtin_ctz(odd);
        vw_iv_inputs one = {in->forward + i,  in->strike + i, in->years + i, in->price + i,
                            in->discount + i, in->side + i,   NULL};

        good += vw_implied_vol(&one, vol + i, status + i, 1);
    }
    return good;
}

/* Lanes with a time value that is neither noise nor beyond the cap, within the doubles' reach. */
VW_LANE vm quote_tame(vd undiscounted, vd cap, vd intrinsic, const lanes_quote *q)
{
    vm inside = vm_and(vd_less(undiscounted, cap), vd_less(q->value, q->base));
    vm solid = vd_less(intrinsic * 0x1p-52, q->value);

    return vm_and(vm_and(inside, solid), vm_and(vd_less(vd_all(0x1p-1000), q->value),
                                                vd_less(vd_all(0x1p-1015), q->beta)));
}

VW_LANE size_t quote_block(const vw_iv_inputs *in, double *vol, uint8_t *status, size_t i,
                           size_t lanes)
{
    vd F = vd_load(in->forward + i, lanes), K = vd_load(in->strike + i, lanes);
    vd years = vd_load(in->years + i, lanes), price = vd_load(in->price + i, lanes);
    vd discount = vd_load(in->discount + i, lanes), side = vd_load(in->side + i, lanes);
    vi outside = lanes_window(F) | lanes_window(K) | lanes_window(years) | lanes_window(discount);
    vm open = vm_and(vi_clear(outside, VW_WINDOW_BITS), lanes_one_side(side)), tame;
    vd intrinsic = vd_max(side * (F - K), vd_all(0)), undiscounted = price / discount;
    vd root = vd_sqrt(F * K), root_years = vd_sqrt(years), s;
    lanes_quote q = {vd_abs(vd_log_ratio(F, K)), undiscounted - intrinsic, vd_min(F, K),
                     vd_abs(F - K) / root, (undiscounted - intrinsic) / root};
    vd cap = vd_pick(vd_less(vd_all(0), side), F, K);
    unsigned rest, all = (1U << lanes) - 1;

    tame = vm_and(open, quote_tame(undiscounted, cap, intrinsic, &q));
    open = tame;
    s = in->guess != NULL ? quote_start(&q, vd_load(in->guess + i, lanes) * root_years, &open)
                          : quote_seed(&q);
    s = quote_solve(&q, s, &open);
    vd_store(vol + i, s / root_years, lanes);
    memset(status + i, VW_STATUS_OK, lanes);
    rest = vm_bits(vm_or(open, vm_not(tame))) & all;
    return lanes - (size_t)__builtin_popcount(rest) +
           (rest != 0 ? odd_quotes(in, vol, status, i, rest) : 0);
}

static __attribute__((noinline)) size_t quote_tail(const vw_iv_inputs *in, double *vol,
                                                   uint8_t *status, size_t i, size_t lanes)
{
    return quote_block(in, vol, status, i, lanes);
}

static size_t lanes_implied_vol(const vw_iv_inputs *in, double *vol, uint8_t *status, size_t count)
{
    size_t good = 0, i = 0;

    for (; i + VW_LANES <= count; i += VW_LANES) {
        good += quote_block(in, vol, status, i, VW_LANES);
    }
    return i < count ? good + quote_tail(in, vol, status, i, count - i) : good;
}

#endif
