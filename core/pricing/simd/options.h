/* options.h: simd/black.h over arrays with all inputs per option.
 *
 * Lanes outside the window, or with another side than +1 or -1, are done again by the reference,
 * which knows the statuses. */
#ifndef VW_CORE_PRICING_SIMD_OPTIONS_H
#define VW_CORE_PRICING_SIMD_OPTIONS_H

#include "core/pricing/simd/greeks.h"

VW_LANE void lanes_status(const vw_black_outputs *out, size_t i, size_t lanes)
{
    if (out->status != NULL) {
        memset(out->status + i, VW_STATUS_OK, lanes);
    }
}

/* Odd lanes are done again by the reference.  Returns how many were bad. */
static __attribute__((noinline)) size_t
odd_options(const vw_black_inputs *in, const vw_black_outputs *out, size_t first, unsigned odd)
{
    size_t bad = 0;

    for (; odd != 0; odd &= odd - 1) {
        size_t i = first + (size_t)__builtin_ctz(odd);
        vw_black_inputs one = {in->forward + i,
                               in->strike + i,
                               in->years + i,
                               in->vol + i,
                               in->discount + i,
                               in->side + i,
                               in->rate != NULL ? in->rate + i : NULL};
        vw_black_outputs to = vw_black_outputs_from(out, i);

        bad += vw_black(&one, &to, 1);
    }
    return bad;
}

/* *odd gets the lanes that the reference must do. */
VW_LANE lanes_option option_load(const vw_black_inputs *in, size_t i, size_t lanes, bool wants_rate,
                                 unsigned *odd)
{
    lanes_option o = {
        .forward = vd_load(in->forward + i, lanes),
        .strike = vd_load(in->strike + i, lanes),
        .years = vd_load(in->years + i, lanes),
        .vol = vd_load(in->vol + i, lanes),
        .discount = vd_load(in->discount + i, lanes),
        .side = vd_load(in->side + i, lanes),
        .rate = vd_all(0),
    };
    vi outside = lanes_window(o.forward) | lanes_window(o.strike) | lanes_window(o.years) |
                 lanes_window(o.vol) | lanes_window(o.discount);
    vd s, both;

    o.root = vd_sqrt(o.years);
    s = o.vol * o.root;
    o.t = 0.5 * s;
    both = 1 / (s * o.forward); /* one division for two */
    o.inverse_s = both * o.forward;
    o.inverse_forward = both * s;
    o.inverse_root = o.vol * o.inverse_s;
    o.x = vd_log_ratio(o.forward, o.strike);
    if (wants_rate && in->rate != NULL) {
        o.rate = vd_load(in->rate + i, lanes);
        outside |= lanes_window(vd_abs(o.rate) + 1);
    } else if (wants_rate) {
        o.rate = vd_log_ratio(vd_all(1), o.discount) / o.years;
    }
    *odd = vm_bits(vm_not(lanes_tame(outside, vi_all(0), lanes_no_side(o.side))));
    return o;
}

VW_LANE void option_finish(const lanes_option *o, const lanes_front *f, const vw_black_outputs *out,
                           size_t i, size_t lanes, lanes_wanted wanted)
{
    lanes_parts parts = lanes_evaluate(o, f);

    lanes_greeks(o, &parts, out, i, lanes, wanted);
}

/* Two groups of lanes: the second's divisions go on under the first's polynomials. */
VW_LANE size_t option_block(const vw_black_inputs *in, const vw_black_outputs *out, size_t i,
                            size_t lanes, lanes_wanted wanted)
{
    size_t first = lanes < VW_LANES ? lanes : VW_LANES, second = lanes - first;
    unsigned odd[2];
    lanes_option o[2] = {option_load(in, i, first, wanted.rate, &odd[0]),
                         option_load(in, i + first, second, wanted.rate, &odd[1])};
    lanes_front f[2] = {lanes_ahead(&o[0]), lanes_ahead(&o[1])};

    option_finish(&o[0], &f[0], out, i, first, wanted);
    option_finish(&o[1], &f[1], out, i + first, second, wanted);
    lanes_status(out, i, lanes);
    odd[0] |= odd[1] << VW_LANES;
    return odd[0] != 0 ? odd_options(in, out, i, odd[0]) : 0;
}

static __attribute__((noinline)) size_t
option_tail(const vw_black_inputs *in, const vw_black_outputs *out, size_t i, size_t lanes)
{
    return option_block(in, out, i, lanes, lanes_wants(out));
}

static size_t lanes_black(const vw_black_inputs *in, const vw_black_outputs *out, size_t count)
{
    lanes_wanted wanted = lanes_wants(out);
    size_t bad = 0, i = 0;

    for (; i + 2 * VW_LANES <= count; i += 2 * VW_LANES) {
        bad += option_block(in, out, i, 2 * VW_LANES, wanted);
    }
    return i < count ? bad + option_tail(in, out, i, count - i) : bad;
}

#endif
