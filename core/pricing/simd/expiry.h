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

/* shared holds all that is not of one strike, ln(forward) in x, and root / 2 in t. */
VW_LANE lanes_option expiry_load(const lanes_option *shared, const vw_expiry_inputs *in, size_t i,
                                 size_t lanes)
{
    lanes_option o = *shared;

    o.strike = vd_load(in->strike + i, lanes);
    o.vol = vd_load(in->vol + i, lanes);
    o.t = o.vol * shared->t;
    return o;
}

/* What is known of lanes before their turn; the rest is loaded again. */
typedef struct expiry_front {
    lanes_front front;
    vd inverse_s;
    unsigned odd; /* the lanes that the reference must do */
} expiry_front;

VW_LANE expiry_front expiry_ahead(const lanes_option *shared, const vw_expiry_inputs *in, size_t i,
                                  size_t lanes, vi no_side)
{
    lanes_option o = expiry_load(shared, in, i, lanes);
    expiry_front f;

    f.inverse_s = o.inverse_s = 1 / (o.t + o.t);
    o.x = shared->x - vd_load(in->log_strike + i, lanes);
    f.front = lanes_ahead(&o);
    f.odd = vm_bits(vm_not(
        lanes_tame(lanes_window(o.strike) | lanes_window(o.vol), lanes_too_large(o.x), no_side)));
    return f;
}

VW_LANE expiry_front expiry_start(const lanes_option *shared, const vw_expiry_inputs *in, size_t i,
                                  size_t lanes)
{
    return expiry_ahead(shared, in, i, lanes, lanes_no_side(vd_load(in->side + i, lanes)));
}

VW_LANE size_t expiry_finish(const lanes_option *shared, const expiry_front *f,
                             const vw_expiry_inputs *in, const vw_black_outputs *out, size_t i,
                             size_t lanes, lanes_wanted wanted)
{
    lanes_option o = expiry_load(shared, in, i, lanes);
    lanes_parts parts;

    o.side = vd_load(in->side + i, lanes);
    o.inverse_s = f->inverse_s;
    parts = lanes_evaluate(&o, &f->front);
    lanes_greeks(&o, &parts, out, i, lanes, wanted);
    lanes_status(out, i, lanes);
    return f->odd != 0 ? odd_of_expiry(in, out, i, f->odd) : 0;
}

static __attribute__((noinline)) size_t expiry_tail(const lanes_option *shared,
                                                    const vw_expiry_inputs *in,
                                                    const vw_black_outputs *out, size_t i,
                                                    size_t lanes)
{
    expiry_front f = expiry_start(shared, in, i, lanes);

    return expiry_finish(shared, &f, in, out, i, lanes, lanes_wants(out));
}

/* False where lanes cannot. */
VW_LANE bool expiry_share(const vw_expiry_inputs *in, lanes_option *shared)
{
    vd forward = vd_all(in->forward), years = vd_all(in->years), discount = vd_all(in->discount);
    vi outside = lanes_window(forward) | lanes_window(years) | lanes_window(discount);

    *shared = (lanes_option){.forward = forward, .years = years, .discount = discount};
    shared->root = vd_sqrt(years);
    shared->t = 0.5 * shared->root;
    shared->inverse_root = 1 / shared->root;
    shared->inverse_forward = 1 / forward;
    shared->rate = vd_log_ratio(vd_all(1), discount) / years;
    shared->x = vd_log_ratio(forward, vd_all(1));
    return !vm_any(vm_not(lanes_tame(outside, vi_all(0), vi_all(0))));
}

static size_t lanes_black_expiry(const vw_expiry_inputs *in, const vw_black_outputs *out,
                                 size_t count)
{
    lanes_option shared;
    lanes_wanted wanted = lanes_wants(out);
    size_t bad = 0, i = 0;

    if (!expiry_share(in, &shared)) {
        return vw_black_expiry(in, out, count);
    }
    if (count >= VW_LANES) {
        expiry_front now = expiry_start(&shared, in, 0, VW_LANES);

        for (; i + VW_LANES <= count; i += VW_LANES) {
            size_t ahead = i + 2 * VW_LANES <= count ? i + VW_LANES : i;
            expiry_front next = expiry_start(&shared, in, ahead, VW_LANES);

            bad += expiry_finish(&shared, &now, in, out, i, VW_LANES, wanted);
            now = next;
        }
    }
    return i < count ? bad + expiry_tail(&shared, in, out, i, count - i) : bad;
}

#endif
