/* expiry.h: simd/black.h over the options of one expiry: what an expiry shares is found once a
 * call.
 */
#ifndef VW_CORE_PRICING_SIMD_EXPIRY_H
#define VW_CORE_PRICING_SIMD_EXPIRY_H

#include "core/pricing/simd/options.h"

static __attribute__((noinline)) size_t
odd_of_expiry(const vw_expiry_inputs *in, const vw_black_outputs *out, size_t first, unsigned odd)
{
    size_t bad = 0;

    for (; odd != 0; odd &= odd - 1) {
        size_t i = first + (size_t)__builtin_ctz(odd);
        vw_expiry_inputs one = *in;
        vw_black_outputs to = vw_black_outputs_from(out, i);

        one.strike += i;
        one.log_strike += i;
        one.vol += i;
        one.side += i;
        bad += vw_black_expiry(&one, &to, 1);
    }
    return bad;
}

/* shared holds forward, years, discount, rate, root, inverse_forward, and ln(forward) in x. */
VW_LANE size_t expiry_block(const lanes_option *shared, const vw_expiry_inputs *in,
                            const vw_black_outputs *out, size_t i, size_t lanes, bool rare)
{
    lanes_option o = *shared;
    unsigned odd;

    o.strike = vd_load(in->strike + i, lanes);
    o.vol = vd_load(in->vol + i, lanes);
    o.side = vd_load(in->side + i, lanes);
    odd = vm_bits(
        vm_not(vm_and(vi_clear(lanes_window(o.strike) | lanes_window(o.vol), VW_WINDOW_BITS),
                      lanes_one_side(o.side))));
    o.s = o.vol * o.root;
    o.inverse_s = 1 / o.s;
    o.x = shared->x - vd_load(in->log_strike + i, lanes);
    lanes_greeks(&o, out, i, lanes, rare);
    lanes_status(out, i, lanes);
    return odd != 0 ? odd_of_expiry(in, out, i, odd) : 0;
}

static __attribute__((noinline)) size_t expiry_tail(const lanes_option *shared,
                                                    const vw_expiry_inputs *in,
                                                    const vw_black_outputs *out, size_t i,
                                                    size_t lanes)
{
    return expiry_block(shared, in, out, i, lanes, lanes_wants(out).rare);
}

static size_t lanes_black_expiry(const vw_expiry_inputs *in, const vw_black_outputs *out,
                                 size_t count)
{
    vd forward = vd_all(in->forward), years = vd_all(in->years), discount = vd_all(in->discount);
    vi outside = lanes_window(forward) | lanes_window(years) | lanes_window(discount);
    lanes_option shared = {.forward = forward, .years = years, .discount = discount};
    bool rare = lanes_wants(out).rare;
    size_t bad = 0, i = 0;

    if (vm_any(vm_not(vi_clear(outside, VW_WINDOW_BITS)))) {
        return vw_black_expiry(in, out, count);
    }
    shared.root = vd_sqrt(years);
    shared.inverse_forward = 1 / forward;
    shared.rate = vd_log_ratio(vd_all(1), discount) / years;
    shared.x = vd_log_ratio(forward, vd_all(1));
    for (; i + VW_LANES <= count; i += VW_LANES) {
        bad += expiry_block(&shared, in, out, i, VW_LANES, rare);
    }
    return i < count ? bad + expiry_tail(&shared, in, out, i, count - i) : bad;
}

#endif
