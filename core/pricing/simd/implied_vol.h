/* implied_vol.h: the equation of pricing/implied_vol.c solved for VW_LANES quotes at a time.
 *
 * A lane is frozen once its step is too small to matter, so its vol does not depend on its
 * neighbours. */
#ifndef VW_CORE_PRICING_SIMD_IMPLIED_VOL_H
#define VW_CORE_PRICING_SIMD_IMPLIED_VOL_H

#include "core/pricing/implied_vol.h"
#include "core/pricing/simd/mills.h"

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
    vd inverse_s = 1 / s, z = q->x * inverse_s, t = 0.5 * s, u = t - z;
    vd u2 = u * u, h = vd_fma(z, z, -t * t), three = vd_fma(3 * z, z, t * t);
    vm smooth = vd_smooth(q->x, t), rough = vm_not(smooth);
    vd mills = vd_mills(vd_pick(smooth, z, vd_abs(u)));
    vd want = q->value * 2.50662827463100050242, lost = 0.5 * u2, tail = mills;
    vd f, newton, per_slope = inverse_s, a, af, bottom;

    if (vm_any(smooth)) {
        tail = -s * mills_odd(z, t, mills);
    }
    if (vm_any(rough)) {
        vd far = vd_mills(t + z);
        vm above = vm_and(vd_less(vd_all(0), u), rough);

        tail = vd_pick(smooth, tail, mills - far);
        if (vm_any(above)) {
            vd density = vd_density(u);

            tail = vd_pick(above, 1 - density * (mills + far), tail);
            want = vd_pick(above, q->value, want);
            lost = vd_pick(above, vd_all(0), lost);
            per_slope = vd_pick(above, inverse_s / density, inverse_s);
        }
    }
    f = vd_log_ratio(tail * q->base, want) - lost;
    newton = -f * tail * per_slope;
    a = h * newton;
    af = a + f;
    bottom = vd_fma(vd_fma(h, h, -three), newton * newton, f * vd_fma(vd_all(3), a, f + f));
    bottom = vd_fma(bottom, vd_all(1.0 / 6), 1 + af);
    return newton * vd_fma(af, vd_all(0.5), vd_all(1)) / bottom;
}

VW_LANE vm step_within(vd step, double size)
{
    return vd_less(vd_abs(step), vd_all(size));
}

/* From s to the solution, for two groups of lanes: a step is one long chain, and the other group's
 * fills its gaps.  open holds the lanes still to be solved, and after those that never settled. */
VW_LANE void quote_solve(const lanes_quote q[2], vd s[2], vm open[2])
{
    for (int i = 0; i < STEPS_MAX && vm_any(vm_or(open[0], open[1])); i++) {
        vd step[2] = {quote_step(&q[0], s[0]), quote_step(&q[1], s[1])};

#pragma GCC unroll 2
        for (int k = 0; k < 2; k++) {
            vd bounded = vd_pick(vd_less(vd_all(-0.5), step[k]), step[k], vd_all(-0.5));

            bounded = vd_min(bounded, vd_all(1)); /* -0.5 also where it was NaN */
            s[k] = vd_pick(open[k], vd_fma(s[k], bounded, s[k]), s[k]);
            open[k] = vm_and(open[k], vm_not(step_within(bounded, VW_STEP_SETTLED)));
        }
    }
}

#endif
