/* black.h: the formulas of pricing/black.c, VW_LANES options at a time.
 *
 * options.h and expiry.h run them over arrays.  Inputs are inside the window of words.h. */
#ifndef VW_CORE_PRICING_SIMD_BLACK_H
#define VW_CORE_PRICING_SIMD_BLACK_H

#include "core/pricing/black.h"
#include "core/pricing/simd/elementary.h"

/* What both forms hand to the formulas: x = ln(forward / strike), s = vol root, root =
 * sqrt(years). */
typedef struct lanes_option {
    vd forward, strike, years, vol, discount, side, rate;
    vd x, s, root, inverse_s, inverse_forward;
} lanes_option;

VW_LANE void lanes_put(double *to, size_t i, vd value, size_t lanes)
{
    if (to != NULL) {
        vd_store(to + i, value, lanes);
    }
}

/* The greeks that few ask for. */
VW_LANE void lanes_rare_greeks(const lanes_option *o, const vw_black_outputs *out, size_t i,
                               size_t lanes, vd d1, vd d2, vd n1, vd n2)
{
    vd inverse_vol = o->root * o->inverse_s, inverse_years = o->vol * o->inverse_s;
    vd gamma = o->discount * n1 * o->inverse_forward * o->inverse_s;
    vd vega = o->discount * o->forward * n1 * o->root;
    vd d12 = d1 * d2;

    inverse_years = inverse_years * inverse_years;
    if (out->veta != NULL) {
        vd_store(out->veta + i, vega * (o->rate - 0.5 * inverse_years * (1 + d12)), lanes);
    }
    if (out->speed != NULL) {
        vd_store(out->speed + i, -gamma * o->inverse_forward * (1 + d1 * o->inverse_s), lanes);
    }
    if (out->color != NULL) {
        vd_store(out->color + i, gamma * (o->rate + 0.5 * inverse_years * (1 - d12)), lanes);
    }
    if (out->zomma != NULL) {
        vd_store(out->zomma + i, gamma * inverse_vol * (d12 - 1), lanes);
    }
    if (out->ultima != NULL) {
        vd terms = d12 * (1 - d12) + d1 * d1 + d2 * d2;

        vd_store(out->ultima + i, -vega * inverse_vol * inverse_vol * terms, lanes);
    }
    if (out->dual_delta != NULL) {
        vd tail = n2 * vd_mills(vd_min(vd_abs(d2), vd_all(40)));
        vd cdf = vd_pick(vd_less(vd_all(0), o->side * d2), 1 - tail, tail);

        vd_store(out->dual_delta + i, -o->discount * o->side * cdf, lanes);
    }
    if (out->dual_gamma != NULL) {
        vd_store(out->dual_gamma + i, o->discount * n2 / o->strike * o->inverse_s, lanes);
    }
}

VW_LANE void lanes_greeks(const lanes_option *o, const vw_black_outputs *out, size_t i,
                          size_t lanes, bool rare)
{
    vd xs = o->x * o->inverse_s, t = 0.5 * o->s, z = vd_abs(xs), u = t - z;
    vd d1 = xs + t, d2 = xs - t, base = vd_min(o->forward, o->strike);
    vm smooth = vd_smooth(z, t), below = vd_less(u, vd_all(0));
    vd first = vd_min(vd_abs(d1), vd_all(40));
    vd second = vd_min(vd_pick(smooth, z, vd_abs(d2)), vd_all(40));
    vd mills1 = vd_mills(first), mills2 = vd_mills(second);
    vd density = base * vd_density(u); /* F phi(d1) = K phi(d2) */
    vd series = vd_mills_series(second, t, mills2);
    vd plain = -vd_signed(mills1, d1) - vd_signed(mills2, t - xs);
    vd floor = vd_pick(vm_or(below, smooth), vd_all(0), base);
    vd value = vd_fma(density, vd_pick(smooth, series, plain), floor);
    vd intrinsic = vd_max(o->side * (o->forward - o->strike), vd_all(0));
    vd price = o->discount * (value + intrinsic);
    vd n1 = density * o->inverse_forward, tail = n1 * mills1;
    vd cdf = vd_pick(vd_less(vd_all(0), o->side * d1), 1 - tail, tail);
    vd delta = o->discount * o->side * cdf;
    vd paid = o->discount * density; /* D F phi(d1) */
    vd vega = paid * o->root, decay = 0.5 * o->vol * o->inverse_s;
    vd inverse_vol = o->root * o->inverse_s;
    vd slope = o->discount * n1 * d2;

    lanes_put(out->price, i, price, lanes);
    lanes_put(out->delta, i, delta, lanes);
    lanes_put(out->gamma, i, o->discount * n1 * o->inverse_forward * o->inverse_s, lanes);
    lanes_put(out->vega, i, vega, lanes);
    lanes_put(out->theta, i, o->rate * price - paid * o->vol * decay, lanes);
    lanes_put(out->rho, i, -o->years * price, lanes);
    lanes_put(out->vanna, i, -slope * inverse_vol, lanes);
    lanes_put(out->volga, i, vega * d1 * d2 * inverse_vol, lanes);
    lanes_put(out->charm, i, o->rate * delta + slope * decay * (o->vol * o->inverse_s), lanes);
    if (rare) {
        lanes_rare_greeks(o, out, i, lanes, d1, d2, n1, density / o->strike);
    }
}

#endif
