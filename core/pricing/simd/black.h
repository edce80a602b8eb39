/* black.h: the formulas of pricing/black.c, VW_LANES options at a time.
 *
 * options.h and expiry.h run them over arrays.  Inputs are inside the window of words.h. */
#ifndef VW_CORE_PRICING_SIMD_BLACK_H
#define VW_CORE_PRICING_SIMD_BLACK_H

#include "core/pricing/black.h"
#include "core/pricing/simd/mills.h"

/* What both forms hand to the formulas: x = ln(forward / strike), root = sqrt(years), s = vol
 * root. */
typedef struct lanes_option {
    vd forward, strike, years, vol, discount, side, rate;
    vd x, s, root;
    vd inverse_forward, inverse_s, inverse_root;
} lanes_option;

/* The first half of the work, a chain of its own: drivers run it for two groups of lanes before the
 * second halves, so that each chain fills the gaps of the other. */
typedef struct lanes_front {
    vd xs, t, u;    /* x / s, s / 2, s / 2 - |x / s| */
    vd near, mills; /* the Mills ratio at near: |x / s| where smooth, else |d1| */
    vd density;     /* F phi(d1) = K phi(d2) */
    vm smooth;
} lanes_front;

VW_LANE lanes_front lanes_begin(const lanes_option *o)
{
    vd xs = o->x * o->inverse_s, t = 0.5 * o->s, z = vd_abs(xs);
    lanes_front f = {.xs = xs, .t = t, .u = t - z, .smooth = vd_smooth(o->x, t)};

    f.near = vd_min(vd_pick(f.smooth, z, vd_abs(xs + t)), vd_all(40));
    f.mills = vd_mills(f.near);
    f.density = vd_min(o->forward, o->strike) * vd_density(f.u);
    return f;
}

/* The parts of Black's formula that need care. */
typedef struct lanes_parts {
    vd d1, d2, density;
    vd value;        /* undiscounted, of the out-of-the-money side */
    vd tail, beyond; /* Phi(-|d1|), and what has d1's sign */
} lanes_parts;

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
    vd d1 = p->d1, d2 = p->d2, d12 = d1 * d2;

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

        vd_store(out->dual_delta + i, -vd_flipped(o->discount, o->side) * cdf, lanes);
    }
    if (out->dual_gamma != NULL) {
        vd_store(out->dual_gamma + i, o->discount * n2 / o->strike * o->inverse_s, lanes);
    }
}

/* Where smooth, value and cdf come from one Mills ratio at |x| / s and its series, elsewhere from
 * those of d1 and d2.  Which one depends on the lane alone, so that a lane's bits do not depend on
 * its neighbours; what no lane wants is skipped. */
VW_LANE lanes_parts lanes_evaluate(const lanes_option *o, const lanes_front *f)
{
    lanes_parts parts = {.d1 = f->xs + f->t, .d2 = f->xs - f->t, .density = f->density};
    vm smooth = f->smooth, rough = vm_not(smooth);
    vd span = f->mills, ratio = f->mills, floor = vd_all(0);

    parts.beyond = parts.d1;
    if (vm_any(smooth)) {
        vd odd = mills_odd(f->near, f->t, f->mills), even = mills_even(f->near, f->t, f->mills);

        span = -o->s * odd;
        ratio = vd_pick(smooth, vd_fma(vd_signed(f->t, f->xs), odd, even), f->mills);
        parts.beyond = vd_pick(smooth, f->xs, parts.d1);
    }
    if (vm_any(rough)) {
        vd second = vd_mills(vd_min(vd_abs(parts.d2), vd_all(40)));
        vd plain = -vd_signed(f->mills, parts.d1) - vd_signed(second, f->t - f->xs);
        vd base = vd_min(o->forward, o->strike);

        span = vd_pick(smooth, span, plain);
        floor = vd_pick(vm_or(smooth, vd_less(f->u, vd_all(0))), floor, base);
    }
    parts.value = vd_fma(parts.density, span, floor);
    parts.tail = parts.density * o->inverse_forward * ratio;
    return parts;
}

VW_LANE void lanes_greeks(const lanes_option *o, const lanes_parts *parts,
                          const vw_black_outputs *out, size_t i, size_t lanes, bool rare)
{
    lanes_parts p = *parts;
    vd cdf = vd_pick(vi_clear((vi)p.beyond ^ (vi)o->side, INT64_MIN), 1 - p.tail, p.tail);
    vd intrinsic = vd_max(vd_flipped(o->forward - o->strike, o->side), vd_all(0));
    vd price = o->discount * (p.value + intrinsic);
    vd delta = vd_flipped(o->discount, o->side) * cdf;
    vd paid = o->discount * p.density, vega = paid * o->root; /* D F phi(d1) */
    vd decay = 0.5 * o->inverse_root, inverse_vol = o->root * o->inverse_s;
    vd slope = paid * o->inverse_forward * p.d2;

    lanes_put(out->price, i, price, lanes);
    lanes_put(out->delta, i, delta, lanes);
    lanes_put(out->gamma, i, paid * (o->inverse_forward * o->inverse_forward * o->inverse_s),
              lanes);
    lanes_put(out->vega, i, vega, lanes);
    lanes_put(out->theta, i, vd_fma(o->rate, price, -(paid * decay * o->vol)), lanes);
    lanes_put(out->rho, i, -o->years * price, lanes);
    lanes_put(out->vanna, i, -slope * inverse_vol, lanes);
    lanes_put(out->volga, i, vega * inverse_vol * (p.d1 * p.d2), lanes);
    lanes_put(out->charm, i, vd_fma(o->rate, delta, slope * (decay * o->inverse_root)), lanes);
    if (rare) {
        lanes_rare_greeks(o, out, i, lanes, &p);
    }
}

#endif
