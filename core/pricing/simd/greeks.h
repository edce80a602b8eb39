/* greeks.h: price and greeks from the parts that black.h finds, to where they are wanted. */
#ifndef VW_CORE_PRICING_SIMD_GREEKS_H
#define VW_CORE_PRICING_SIMD_GREEKS_H

#include "core/pricing/simd/black.h"

/* What a call computes beside price, delta, gamma, vega, theta and rho, and whether it must find
 * rates. */
typedef struct lanes_wanted {
    bool cross, rare, rate;
} lanes_wanted;

static inline lanes_wanted lanes_wants(const vw_black_outputs *out)
{
    return (lanes_wanted){
        .cross = out->vanna != NULL || out->volga != NULL || out->charm != NULL,
        .rare = out->veta != NULL || out->speed != NULL || out->color != NULL ||
                out->zomma != NULL || out->ultima != NULL || out->dual_delta != NULL ||
                out->dual_gamma != NULL,
        .rate = out->theta != NULL || out->charm != NULL || out->veta != NULL || out->color != NULL,
    };
}

VW_LANE void lanes_put(double *to, size_t i, vd value, size_t lanes)
{
    if (to != NULL) {
        vd_store(to + i, value, lanes);
    }
}

/* The greeks that few ask for. */
VW_LANE void lanes_rare_greeks(const lanes_option *o, const vw_black_outputs *out, size_t i,
                               size_t lanes, const lanes_parts *p)
{
    vd inverse_vol = o->root * o->inverse_s, inverse_years = o->inverse_root * o->inverse_root;
    vd n1 = p->density * o->inverse_forward, n2 = p->density / o->strike;
    vd gamma = o->discount * n1 * o->inverse_forward * o->inverse_s;
    vd vega = o->discount * p->density * o->root;
    vd d1 = p->xs + o->t, d2 = p->xs - o->t, d12 = d1 * d2;

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
        vd tail = n2 * vd_mills(vd_abs(d2));
        vd cdf = vd_pick(vd_less(vd_all(0), o->side * d2), 1 - tail, tail);

        vd_store(out->dual_delta + i, -vd_flipped(o->discount, o->side) * cdf, lanes);
    }
    if (out->dual_gamma != NULL) {
        vd_store(out->dual_gamma + i, o->discount * n2 / o->strike * o->inverse_s, lanes);
    }
}

/* The greeks that some ask for. */
VW_LANE void lanes_cross_greeks(const lanes_option *o, const vw_black_outputs *out, size_t i,
                                size_t lanes, const lanes_parts *p, vd vega, vd slope, vd delta)
{
    vd inverse_vol = o->root * o->inverse_s, d1 = p->xs + o->t, d2 = p->xs - o->t;

    slope = slope * d2;
    lanes_put(out->vanna, i, -slope * inverse_vol, lanes);
    lanes_put(out->volga, i, vega * inverse_vol * (d1 * d2), lanes);
    lanes_put(out->charm, i,
              vd_fma(o->rate, delta, slope * (0.5 * o->inverse_root * o->inverse_root)), lanes);
}

VW_LANE void lanes_greeks(const lanes_option *o, const lanes_parts *parts,
                          const vw_black_outputs *out, size_t i, size_t lanes, lanes_wanted wanted)
{
    lanes_parts p = *parts;
    vd intrinsic = vd_max(vd_flipped(o->forward - o->strike, o->side), vd_all(0));
    vd price = o->discount * (p.value + intrinsic);
    vd paid = o->discount * p.density, vega = paid * o->root; /* D F phi(d1) */
    vd slope = paid * o->inverse_forward, tail = slope * p.ratio, delta;

    delta = vd_pick(vi_clear((vi)p.above ^ (vi)o->side, INT64_MIN), o->discount - tail, tail);
    delta = vd_flipped(delta, o->side);
    lanes_put(out->price, i, price, lanes);
    lanes_put(out->delta, i, delta, lanes);
    lanes_put(out->gamma, i, slope * (o->inverse_forward * o->inverse_s), lanes);
    lanes_put(out->vega, i, vega, lanes);
    lanes_put(out->theta, i, vd_fma(o->rate, price, -(paid * (0.5 * o->inverse_root) * o->vol)),
              lanes);
    lanes_put(out->rho, i, -o->years * price, lanes);
    if (wanted.cross) {
        lanes_cross_greeks(o, out, i, lanes, &p, vega, slope, delta);
    }
    if (wanted.rare) {
        lanes_rare_greeks(o, out, i, lanes, &p);
    }
}

#endif
