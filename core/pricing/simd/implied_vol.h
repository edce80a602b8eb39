/* implied_vol.h: the equation of pricing/implied_vol.c solved for VW_LANES quotes at a time.
 *
 * A lane is frozen once its step is too small to matter, so its vol does not depend on its
 * neighbours. */
#ifndef VW_CORE_PRICING_SIMD_IMPLIED_VOL_H
#define VW_CORE_PRICING_SIMD_IMPLIED_VOL_H

#include "core/pricing/implied_vol.h"
#include "core/pricing/simd/elementary.h"

enum { STEPS_MAX = 16 };

#define VW_STEP_SETTLED 1e-4 /* the step is of fourth order: what is left is its fourth power */

/* As in the reference: x = |ln(F / K)|, base = min(F, K). */
typedef struct lanes_quote {
    vd x, value, base, m, beta;
} lanes_quote;

VW_LANE vd quote_seed(const lanes_quote *q)
{
    static const double p[] = {
        4.00248472385983989e-01, 7.80636386618100975e+00, 1.44254543802181505e+01,
        4.28966203922759135e+01, 6.05315762857844177e+01,
    };
    static const double d[] = {
        1,
        1.71491971717961782e+01,
        8.15736621618912139e+00,
        8.23324921317557568e+01,
        1.74215606346339200e+01,
    };
    vd width = 2 * q->beta + q->m, v = q->m / width;
    vd eta = 2 * v / vd_log_ratio(q->beta + q->m, q->beta);
    vd scale = vd_pick(vd_less(vd_all(0), q->m), q->x / q->m, vd_all(1)), y, y2;

    eta = vd_pick(vd_less(v, vd_all(1e-5)), vd_all(1), eta);
    y = 1.25331413731550025121 * width * vd_sqrt(eta) * scale;
    y = y * (vd_polynomial(eta, p, 5) / vd_polynomial(eta, d, 5));
    y2 = y * y;
    y = y * vd_fma(y2, vd_fma(y2, vd_all(7.0 / 1920), vd_all(1.0 / 24)), vd_all(1));
    return vd_min(y, vd_all(40));
}

/* The relative step from s: Householder of third order on f = ln(model / price), written without
 * the slope g of f, since g newton = -f. */
VW_LANE vd quote_step(const lanes_quote *q, vd s)
{
    vd inverse_s = 1 / s, z = q->x * inverse_s, t = 0.5 * s, u = t - z, v = t + z;
    vd u2 = u * u, z2 = z * z, t2 = t * t;
    vm smooth = vd_smooth(z, t), above = vm_and(vd_less(vd_all(0), u), vm_not(smooth));
    vd mills = vd_mills(vd_pick(smooth, z, vd_abs(u)));
    vd tail = vd_mills_series(z, t, mills), model, price, f, newton, a, top, bottom;
    vd want = q->value * 2.50662827463100050242, lost = 0.5 * u2, density = vd_all(1);

    if (vm_any(vm_not(smooth))) {
        vd far = vd_mills(v);

        tail = vd_pick(smooth, tail, mills - far);
        if (vm_any(above)) {
            density = vd_pick(above, vd_density(u), density);
            tail = vd_pick(above, 1 - density * (mills + far), tail);
            want = vd_pick(above, q->value, want);
            lost = vd_pick(above, vd_all(0), lost);
        }
    }
    model = tail * q->base;
    price = want;
    f = vd_log_ratio(model, price) - lost;
    newton = -f * tail * inverse_s / density;
    a = (z2 - t2) * newton;
    top = 1 + 0.5 * (a + f);
    bottom = (vd_fma(z2 - t2, z2 - t2, -3 * z2) - t2) * newton * newton + 3 * a * f + 2 * f * f;
    bottom = 1 + (a + f) + bottom * (1.0 / 6);
    return newton * top / bottom;
}

VW_LANE vm step_within(vd step, double size)
{
    return vd_less(vd_abs(step), vd_all(size));
}

/* From s to the solution; *open holds the lanes still to be solved, and those that never settled
 * after. */
VW_LANE vd quote_solve(const lanes_quote *q, vd s, vm *open)
{
    for (int i = 0; i < STEPS_MAX && vm_any(*open); i++) {
        vd step = quote_step(q, s);

        step = vd_pick(vd_less(vd_all(-0.5), step), step, vd_all(-0.5)); /* also where NaN */
        step = vd_pick(vd_less(step, vd_all(1)), step, vd_all(1));
        s = vd_pick(*open, vd_fma(s, step, s), s);
        *open = vm_and(*open, vm_not(step_within(step, VW_STEP_SETTLED)));
    }
    return s;
}

/* A first step from the guess tells whether it was one; the lanes where it was not are seeded. */
VW_LANE vd quote_start(const lanes_quote *q, vd guess, vm *open)
{
    vd step = quote_step(q, guess);
    vm within = vd_less(q->x, 50 * guess); /* no price lies further out, nor vd_mills's digits */
    vm near = vm_and(vm_and(within, vd_less(vd_all(0), guess)), step_within(step, 0.5));
    vd s = vd_fma(guess, step, guess);

    if (vm_any(vm_and(vm_not(near), *open))) {
        s = vd_pick(near, s, quote_seed(q));
    }
    *open = vm_and(*open, vm_not(vm_and(near, step_within(step, VW_STEP_SETTLED))));
    return s;
}

#endif
