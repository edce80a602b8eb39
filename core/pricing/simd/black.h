/* black.h: the formulas of pricing/black.c, VW_LANES options at a time.
 *
 * options.h and expiry.h run them over arrays.  Inputs are inside the window of words.h. */
#ifndef VW_CORE_PRICING_SIMD_BLACK_H
#define VW_CORE_PRICING_SIMD_BLACK_H

#include "core/pricing/black.h"
#include "core/pricing/simd/mills.h"

/* What both forms hand to the formulas: x = ln(forward / strike), root = sqrt(years), t = vol root
 * / 2, s = 2 t. */
typedef struct lanes_option {
    vd forward, strike, years, vol, discount, side, rate;
    vd x, t, root;
    vd inverse_forward, inverse_s, inverse_root;
} lanes_option;

/* The first part of the work: loops do it for the lanes that come next before the rest for these,
 * which hides its divisions. */
typedef struct lanes_front {
    vd xs; /* x / s */
    mills_front mills;
} lanes_front;

VW_LANE lanes_front lanes_ahead(const lanes_option *o)
{
    lanes_front f = {.xs = o->x * o->inverse_s};

    f.mills = mills_ahead(vd_abs(f.xs), o->t);
    return f;
}

/* The parts of Black's formula that need care. */
typedef struct lanes_parts {
    vd xs, density;  /* x / s; F phi(d1) = K phi(d2) */
    vd value;        /* undiscounted, of the out-of-the-money side */
    vd ratio, above; /* Phi(-|d1|) / phi(d1), and what has d1's sign */
} lanes_parts;

/* What only rough lanes want is skipped where there are none; a lane's bits do not depend on its
 * neighbours. */
VW_LANE lanes_parts lanes_evaluate(const lanes_option *o, const lanes_front *f)
{
    vd base = vd_min(o->forward, o->strike), floor = vd_all(0);
    vm high = vd_at_least(f->xs, vd_all(0)), rough = f->mills.rough;
    lanes_parts parts = {.xs = f->xs, .above = f->xs, .density = base * vd_density(f->mills.at)};
    mills_pair m = mills_finish(&f->mills);

    if (vm_any(rough)) {
        floor = vd_pick(vm_and(rough, vd_less(f->mills.at, vd_all(0))), base, floor);
        parts.above = vd_pick(rough, f->xs + o->t, f->xs);
    }
    parts.value = vd_fma(parts.density, m.span, floor);
    parts.ratio = vd_pick(high, m.near - m.past, m.near);
    return parts;
}

#endif
