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

/* A group of lanes on its way. */
typedef struct lanes_group {
    lanes_quote quote;
    vd root_years, start;
    vm tame, open;
} lanes_group;

VW_LANE lanes_group quote_group(const vw_iv_inputs *in, size_t i, size_t lanes)
{
    vd F = vd_load(in->forward + i, lanes), K = vd_load(in->strike + i, lanes);
    vd years = vd_load(in->years + i, lanes), discount = vd_load(in->discount + i, lanes);
    vd side = vd_load(in->side + i, lanes);
    vi outside = lanes_window(F) | lanes_window(K) | lanes_window(years) | lanes_window(discount);
    vd intrinsic = vd_max(side * (F - K), vd_all(0));
    vd undiscounted = vd_load(in->price + i, lanes) / discount, value = undiscounted - intrinsic;
    vd inverse_root = 1 / vd_sqrt(F * K);
    vd cap = vd_pick(vd_less(vd_all(0), side), F, K);
    lanes_group g = {
        .quote = {vd_abs(vd_log_ratio(F, K)), value, vd_min(F, K), vd_abs(F - K) * inverse_root,
                  value * inverse_root},
        .root_years = vd_sqrt(years),
    };

    g.tame = vm_and(vi_clear(outside, VW_WINDOW_BITS), lanes_one_side(side));
    g.tame = vm_and(g.tame, quote_tame(undiscounted, cap, intrinsic, &g.quote));
    g.open = g.tame;
    g.start = quote_seed(&g.quote); /* nearer than a guess: from the seed one step is enough */
    return g;
}

VW_LANE size_t quote_block(const vw_iv_inputs *in, double *vol, uint8_t *status, size_t i,
                           size_t lanes)
{
    size_t first = lanes < VW_LANES ? lanes : VW_LANES, second = lanes - first;
    lanes_group g[2] = {quote_group(in, i, first), quote_group(in, i + first, second)};
    lanes_quote q[2] = {g[0].quote, g[1].quote};
    vd s[2] = {g[0].start, g[1].start};
    vm open[2] = {g[0].open, g[1].open};
    unsigned rest;

    quote_solve(q, s, open);
    vd_store(vol + i, s[0] / g[0].root_years, first);
    vd_store(vol + i + first, s[1] / g[1].root_years, second);
    memset(status + i, VW_STATUS_OK, lanes);
    rest = vm_bits(vm_or(open[0], vm_not(g[0].tame))) & ((1U << first) - 1);
    rest |= (vm_bits(vm_or(open[1], vm_not(g[1].tame))) & ((1U << second) - 1)) << VW_LANES;
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

    for (; i + 2 * VW_LANES <= count; i += 2 * VW_LANES) {
        good += quote_block(in, vol, status, i, 2 * VW_LANES);
    }
    return i < count ? good + quote_tail(in, vol, status, i, count - i) : good;
}

#endif
