/* strikes.h: simd/black.h over the strikes of one expiry, call and put of each at once.
 *
 * All that needs care is found once for both; the bits are those of either side alone. */
#ifndef VW_CORE_PRICING_SIMD_STRIKES_H
#define VW_CORE_PRICING_SIMD_STRIKES_H

#include "core/pricing/simd/expiry.h"

/* Where the results go. */
typedef struct strikes_outputs {
    const vw_black_outputs *call, *put;
    bool rare;
} strikes_outputs;

static __attribute__((noinline)) size_t
odd_strikes(const vw_expiry_inputs *in, const strikes_outputs *out, size_t first, unsigned odd)
{
    size_t bad = 0;

    for (; odd != 0; odd &= odd - 1) {
        size_t i = first + (size_t)__builtin_ctz(odd);
        vw_expiry_inputs one = *in;
        vw_black_outputs call = vw_black_outputs_from(out->call, i);
        vw_black_outputs put = vw_black_outputs_from(out->put, i);

        one.strike += i;
        one.log_strike += i;
        one.vol += i;
        bad += vw_black_strikes(&one, &call, &put, 1);
    }
    return bad;
}

VW_LANE void strikes_finish(lanes_option *o, const lanes_front *f, const strikes_outputs *out,
                            size_t i, size_t lanes)
{
    lanes_parts p = lanes_evaluate(o, f);

    lanes_greeks(o, &p, out->call, i, lanes, out->rare);
    o->side = vd_all(-1);
    lanes_greeks(o, &p, out->put, i, lanes, out->rare);
}

/* Options load as calls. */
VW_LANE size_t strikes_block(const lanes_option *shared, const vw_expiry_inputs *in,
                             const strikes_outputs *out, size_t i, size_t lanes)
{
    size_t first = lanes < VW_LANES ? lanes : VW_LANES, second = lanes - first;
    unsigned odd[2];
    lanes_option o[2] = {expiry_load(shared, in, vd_all(1), i, first, &odd[0]),
                         expiry_load(shared, in, vd_all(1), i + first, second, &odd[1])};
    lanes_front f[2] = {lanes_begin(&o[0]), lanes_begin(&o[1])};

    strikes_finish(&o[0], &f[0], out, i, first);
    strikes_finish(&o[1], &f[1], out, i + first, second);
    lanes_status(out->call, i, lanes);
    lanes_status(out->put, i, lanes);
    odd[0] |= odd[1] << VW_LANES;
    return odd[0] != 0 ? odd_strikes(in, out, i, odd[0]) : 0;
}

static __attribute__((noinline)) size_t strikes_tail(const lanes_option *shared,
                                                     const vw_expiry_inputs *in,
                                                     const strikes_outputs *out, size_t i,
                                                     size_t lanes)
{
    return strikes_block(shared, in, out, i, lanes);
}

static size_t lanes_black_strikes(const vw_expiry_inputs *in, const vw_black_outputs *call,
                                  const vw_black_outputs *put, size_t count)
{
    const strikes_outputs out = {call, put, lanes_wants(call).rare || lanes_wants(put).rare};
    lanes_option shared;
    size_t bad = 0, i = 0;

    if (!expiry_share(in, &shared)) {
        return vw_black_strikes(in, call, put, count);
    }
    for (; i + 2 * VW_LANES <= count; i += 2 * VW_LANES) {
        bad += strikes_block(&shared, in, &out, i, 2 * VW_LANES);
    }
    return i < count ? bad + strikes_tail(&shared, in, &out, i, count - i) : bad;
}

#endif
