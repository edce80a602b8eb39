/* strikes.h: simd/black.h over the strikes of one expiry, call and put of each at once.
 *
 * All that needs care is found once for both; the bits are those of either side alone. */
#ifndef VW_CORE_PRICING_SIMD_STRIKES_H
#define VW_CORE_PRICING_SIMD_STRIKES_H

#include "core/pricing/simd/expiry.h"

/* Where the results go. */
typedef struct strikes_outputs {
    const vw_black_outputs *call, *put;
    lanes_wanted call_wants, put_wants;
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

VW_LANE expiry_front strikes_start(const lanes_option *shared, const vw_expiry_inputs *in, size_t i,
                                   size_t lanes)
{
    return expiry_ahead(shared, in, i, lanes, vi_all(0));
}

VW_LANE size_t strikes_finish(const lanes_option *shared, const expiry_front *f,
                              const vw_expiry_inputs *in, const strikes_outputs *out, size_t i,
                              size_t lanes)
{
    lanes_option o = expiry_load(shared, in, i, lanes);
    lanes_parts parts;

    o.inverse_s = f->inverse_s;
    parts = lanes_evaluate(&o, &f->front);
    o.side = vd_all(1);
    lanes_greeks(&o, &parts, out->call, i, lanes, out->call_wants);
    o.side = vd_all(-1);
    lanes_greeks(&o, &parts, out->put, i, lanes, out->put_wants);
    lanes_status(out->call, i, lanes);
    lanes_status(out->put, i, lanes);
    return f->odd != 0 ? odd_strikes(in, out, i, f->odd) : 0;
}

static __attribute__((noinline)) size_t strikes_tail(const lanes_option *shared,
                                                     const vw_expiry_inputs *in,
                                                     const strikes_outputs *out, size_t i,
                                                     size_t lanes)
{
    expiry_front f = strikes_start(shared, in, i, lanes);

    return strikes_finish(shared, &f, in, out, i, lanes);
}

static size_t lanes_black_strikes(const vw_expiry_inputs *in, const vw_black_outputs *call,
                                  const vw_black_outputs *put, size_t count)
{
    const strikes_outputs out = {call, put, lanes_wants(call), lanes_wants(put)};
    lanes_option shared;
    size_t bad = 0, i = 0;

    if (!expiry_share(in, &shared)) {
        return vw_black_strikes(in, call, put, count);
    }
    if (count >= VW_LANES) {
        expiry_front now = strikes_start(&shared, in, 0, VW_LANES);

        for (; i + VW_LANES <= count; i += VW_LANES) {
            size_t ahead = i + 2 * VW_LANES <= count ? i + VW_LANES : i;
            expiry_front next = strikes_start(&shared, in, ahead, VW_LANES);

            bad += strikes_finish(&shared, &now, in, &out, i, VW_LANES);
            now = next;
        }
    }
    return i < count ? bad + strikes_tail(&shared, in, &out, i, count - i) : bad;
}

#endif
