/* quotes.h: simd/implied_vol.h over arrays.
 *
 * Lanes without a vol, outside the window, or not settled after STEPS_MAX go to the reference. */
#ifndef VW_CORE_PRICING_SIMD_QUOTES_H
#define VW_CORE_PRICING_SIMD_QUOTES_H

#include "core/pricing/simd/groups.h"

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

VW_LANE size_t quote_block(const vw_iv_inputs *in, double *vol, uint8_t *status, size_t i,
                           size_t lanes, bool guessed)
{
    size_t first = lanes < VW_LANES ? lanes : VW_LANES, second = lanes - first;
    lanes_group g[2] = {quote_group(in, i, first, guessed),
                        quote_group(in, i + first, second, guessed)};
    vm open[2];
    unsigned rest;

    quote_vols(in, g, i, first, second, guessed, open);
    vd_store(vol + i, g[0].vol, first);
    vd_store(vol + i + first, g[1].vol, second);
    memset(status + i, VW_STATUS_OK, lanes);
    rest = vm_bits(vm_or(open[0], vm_not(g[0].tame))) & ((1U << first) - 1);
    rest |= (vm_bits(vm_or(open[1], vm_not(g[1].tame))) & ((1U << second) - 1)) << VW_LANES;
    return lanes - (size_t)__builtin_popcount(rest) +
           (rest != 0 ? odd_quotes(in, vol, status, i, rest) : 0);
}

static __attribute__((noinline)) size_t quote_tail(const vw_iv_inputs *in, double *vol,
                                                   uint8_t *status, size_t i, size_t lanes)
{
    return quote_block(in, vol, status, i, lanes, false);
}

static __attribute__((noinline)) size_t guessed_tail(const vw_iv_inputs *in, double *vol,
                                                     uint8_t *status, size_t i, size_t lanes)
{
    return quote_block(in, vol, status, i, lanes, true);
}

/* A function of its own: the two ways would spoil each other's registers. */
static __attribute__((noinline)) size_t guessed_quotes(const vw_iv_inputs *in, double *vol,
                                                       uint8_t *status, size_t count)
{
    size_t good = 0, i = 0;

    for (; i + 2 * VW_LANES <= count; i += 2 * VW_LANES) {
        good += quote_block(in, vol, status, i, 2 * VW_LANES, true);
    }
    return i < count ? good + guessed_tail(in, vol, status, i, count - i) : good;
}

static size_t lanes_implied_vol(const vw_iv_inputs *in, double *vol, uint8_t *status, size_t count)
{
    size_t good = 0, i = 0;

    if (in->guess != NULL) {
        return guessed_quotes(in, vol, status, count);
    }
    for (; i + 2 * VW_LANES <= count; i += 2 * VW_LANES) {
        good += quote_block(in, vol, status, i, 2 * VW_LANES, false);
    }
    return i < count ? good + quote_tail(in, vol, status, i, count - i) : good;
}

#endif
