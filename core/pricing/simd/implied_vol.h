/* implied_vol.h: the equation of pricing/implied_vol.c solved for VW_LANES quotes at a time.
 *
 * A lane is frozen once its step is too small to matter, so its vol does not depend on its
 * neighbours. */
#ifndef VW_CORE_PRICING_SIMD_IMPLIED_VOL_H
#define VW_CORE_PRICING_SIMD_IMPLIED_VOL_H

#include "core/pricing/implied_vol.h"
#include "core/pricing/simd/mills.h"

enum { STEPS_MAX = 16 };

#define VW_STEP_SETTLED 1e-4     /* of fourth order: what is left is its fourth power */
#define VW_CLOSE_SETTLED 1.25e-3 /* of sixth: 20 times its sixth power is left, to 7e-17 */
#define VW_CLOSE_MAX 2.5         /* of s: beyond, more would be left */
#define VW_STEP_NEAR 0.1         /* from a guess: farther off it is none */

/* As in the reference: x = |ln(F / K)|, base = min(F, K). */
typedef struct lanes_quote {
    vd x, value, base;
} lanes_quote;

/* What a start without a guess takes: |F - K| and value over sqrt(F K). */
typedef struct lanes_scaled {
    vd m, beta;
} lanes_scaled;

/* s near the solution. */
VW_LANE vd quote_seed(const lanes_quote *q, const lanes_scaled *by)
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
    vd width = 2 * by->beta + by->m, v = by->m / width;
    vd eta = 2 * v / vd_log_ratio(by->beta + by->m, by->beta);
    vd scale = vd_pick(vd_less(vd_all(0), by->m), q->x / by->m, vd_all(1)), y, y2;

    eta = vd_pick(vd_less(v, vd_all(1e-5)), vd_all(1), eta);
    y = 1.25331413731550025121 * width * vd_sqrt(eta) * scale;
    y = y * (vd_polynomial(eta, p, 5) / vd_polynomial(eta, d, 5));
    y2 = y * y;
    y = y * vd_fma(y2, vd_fma(y2, vd_all(7.0 / 1920), vd_all(1.0 / 24)), vd_all(1));
    return vd_min(y, vd_all(40));
}

/* f = ln(model / price) at s.  With ^ as derivatives by ln s: newton = -f / f^, and h = z^2 - t^2
 * is the slope of ln(model^) less 1. */
typedef struct lanes_objective {
    vd f, newton, h, z2, t2;
} lanes_objective;

VW_LANE lanes_objective quote_objective(const lanes_quote *q, vd s)
{
    vd inverse_s = 1 / s, z = q->x * inverse_s, t = 0.5 * s;
    vd want = q->value * 2.50662827463100050242, lost, tail, per_slope = inverse_s;
    lanes_objective at = {.h = vd_fma(z, z, -t * t), .z2 = z * z, .t2 = t * t};
    mills_front f = mills_ahead(z, t);
    mills_pair m = mills_finish(&f);

    lost = 0.5 * f.at * f.at;
    tail = m.span;
    if (vm_any(f.rough)) {
        vm above = vm_and(vd_less(f.at, vd_all(0)), f.rough);

        if (vm_any(above)) {
            vd density = vd_density(f.at);

            tail = vd_pick(above, vd_fma(density, m.span, vd_all(1)), tail);
            want = vd_pick(above, q->value, want);
            lost = vd_pick(above, vd_all(0), lost);
            per_slope = vd_pick(above, inverse_s / density, inverse_s);
        }
    }
    at.f = vd_log_ratio(tail * q->base, want) - lost;
    at.newton = -at.f * tail * per_slope;
    return at;
}

/* The relative step of fourth order, Householder's: good from afar. */
VW_LANE vd quote_step(const lanes_quote *q, vd s)
{
    lanes_objective at = quote_objective(q, s);
    vd newton = at.newton, three = vd_fma(vd_all(3), at.z2, at.t2);
    vd a = at.h * newton, af = a + at.f;
    vd bottom = vd_fma(vd_fma(at.h, at.h, -three), newton * newton,
                       at.f * vd_fma(vd_all(3), a, at.f + at.f));

    bottom = vd_fma(bottom, vd_all(1.0 / 6), 1 + af);
    return newton * vd_fma(af, vd_all(0.5), vd_all(1)) / bottom;
}

/* The relative step of sixth order, for a start within a few percent.  f's slope g by s follows
 * g' = g (p - g), p = z^2 / s^3 - t^2 s at the start's s = 1; so with w = p - g the terms of g's
 * series, by powers of newton, come one by one (g2, g3, g4 here 2, 3, 4 times), and e = step /
 * newton is the series that solves e + g1 e^2 / 2 + g2 e^3 / 3 + ... = 1. */
VW_LANE vd quote_close_step(const lanes_quote *q, vd s)
{
    lanes_objective at = quote_objective(q, s);
    vd n = at.newton, n2 = n * n, zn = at.z2 * n2, g1 = vd_fma(at.h, n, at.f);
    vd w1 = vd_fma(at.f, g1, vd_fma(vd_all(-3), at.z2, -at.t2) * n2), g2 = vd_fma(g1, g1, w1);
    vd a = 0.5 * g1, b = g2 * (1.0 / 6), third = at.f * (1.0 / 3);
    vd w2 = vd_fma(vd_all(6), zn * n, 0.5 * at.f * g2);
    vd g3 = vd_fma(a, g2, vd_fma(g1, w1, w2));
    vd w3 = vd_fma(third, g3, -10 * zn * n2);
    vd g4 = vd_fma(g1 * (1.0 / 3), g3, vd_fma(0.5 * w1, g2, vd_fma(g1, w2, w3)));
    vd by_a = vd_fma(a, vd_fma(a, vd_fma(a, vd_all(14), vd_all(-5)), vd_all(2)), vd_all(-1));
    vd by_b = vd_fma(vd_all(3), b, vd_fma(a, vd_fma(a, vd_all(-21), vd_all(5)), vd_all(-1)));
    vd e = vd_fma(a, by_a, vd_fma(b, by_b, vd_all(1)));

    e = vd_fma(g3, vd_fma(a, vd_all(0.5), vd_all(-1.0 / 12)), vd_fma(g4, vd_all(-0.05), e));
    return n * e;
}

VW_LANE vm step_within(vd step, double size)
{
    return vd_less(vd_abs(step), vd_all(size));
}

#endif
