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

/* shared holds all that is not of one strike, and ln(forward) in x.  *odd gets the lanes that the
 * reference must do. */
VW_LANE lanes_option expiry_load(const lanes_option *shared, const vw_expiry_inputs *in, vd side,
                                 size_t i, size_t lanes, unsigned *odd)
{
    lanes_option o = *shared;
    vm tame;

    o.strike = vd_load(in->strike + i, lanes);
    o.vol = vd_load(in->vol + i, lanes);
    o.side = side;
    o.s = o.vol * o.root;
    o.inverse_s = 1 / o.s;
    o.x = shared->x - vd_load(in->log_strike + i, lanes);
    tame = vm_and(vi_clear(lanes_window(o.strike) | lanes_window(o.vol), VW_WINDOW_BITS),
                  lanes_one_side(o.side));
    tame = vm_and(tame, vd_less(vd_abs(o.x), vd_all(1024))); /* a logarithm, not rubbish */
    *odd = vm_bits(vm_not(tame));
    return o;
}

VW_LANE size_t expiry_block(const lanes_option *shared, const vw_expiry_inputs *in,
                            const vw_black_outputs *out, size_t i, size_t lanes, bool rare)
{
    size_t first = lanes < VW_LANES ? lanes : VW_LANES, second = lanes - first;
    unsigned odd[2];
    vd side[2] = {vd_load(in->side + i, first), vd_load(in->side + i + first, second)};
    lanes_option o[2] = {expiry_load(shared, in, side[0], i, first, &odd[0]),
                         expiry_load(shared, in, side[1], i + first, second, &odd[1])};
    lanes_front f[2] = {lanes_begin(&o[0]), lanes_begin(&o[1])};

    lanes_finish(&o[0], &f[0], out, i, first, rare);
    lanes_finish(&o[1], &f[1], out, i + first, second, rare);
    lanes_status(out, i, lanes);
    odd[0] |= odd[1] << VW_LANES;
    return odd[0] != 0 ? odd_of_expiry(in, out, i, odd[0]) : 0;
}

static __attribute__((noinline)) size_t expiry_tail(const lanes_option *shared,
                                                    const vw_expiry_inputs *in,
                                                    const vw_black_outputs *out, size_t i,
                                                    size_t lanes)
{
    return expiry_block(shared, in, out, i, lanes, lanes_wants(out).rare);
}

/* False where lanes cannot. */
VW_LANE bool expiry_share(const vw_expiry_inputs *in, lanes_option *shared)
{
    vd forward = vd_all(in->forward), years = vd_all(in->years), discount = vd_all(in->discount);
    vi outside = lanes_window(forward) | lanes_window(years) | lanes_window(discount);

    *shared = (lanes_option){.forward = forward, .years = years, .discount = discount};
    shared->root = vd_sqrt(years);
    shared->inverse_root = 1 / shared->root;
    shared->inverse_forward = 1 / forward;
    shared->rate = vd_log_ratio(vd_all(1), discount) / years;
    shared->x = vd_log_ratio(forward, vd_all(1));
    return !vm_any(vm_not(vi_clear(outside, VW_WINDOW_BITS)));
}

static size_t lanes_black_expiry(const vw_expiry_inputs *in, const vw_black_outputs *out,
                                 size_t count)
{
    lanes_option shared;
    bool rare = lanes_wants(out).rare;
    size_t bad = 0, i = 0;

    if (!expiry_share(in, &shared)) {
        return vw_black_expiry(in, out, count);
    }
    for (; i + 2 * VW_LANES <= count; i += 2 * VW_LANES) {
        bad += expiry_block(&shared, in, out, i, 2 * VW_LANES, rare);
    }
    return i < count ? bad + expiry_tail(&shared, in, out, i, count - i) : bad;
}

#endif
