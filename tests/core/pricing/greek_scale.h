/* greek_scale.h: what the error of a greek is taken relative to, A of mathematics.md section 13.
 *
 * A greek has zeros: it is the sum of the formula's terms, each in absolute value and each |d| as
 * 1 + |d|.  Price, delta, gamma, vega and the duals have one term, themselves. */
#ifndef VW_TESTS_CORE_PRICING_GREEK_SCALE_H
#define VW_TESTS_CORE_PRICING_GREEK_SCALE_H

#include <math.h>

typedef struct vw_greek_case {
    double forward, strike, years, vol, discount, rate;
} vw_greek_case;

/* In the order of vw_black_outputs, 0 is the price; want: the option's true values, of which the
 * first four and that of the greek are read. */
static inline double vw_greek_scale(int greek, const vw_greek_case *of, const double *want)
{
    double F = of->forward, T = of->years, vol = of->vol, D = of->discount, r = fabs(of->rate);
    double root = sqrt(T), s = vol * root, d1 = log(F / of->strike) / s + s / 2, d2 = d1 - s;
    double a = 1 + fabs(d1), b = 1 + fabs(d2), n1 = exp(-d1 * d1 / 2) / sqrt(2 * M_PI);
    double gamma = fabs(want[2]), vega = fabs(want[3]);

    switch (greek) {
    case 4: /* theta */
        return r * want[0] + D * F * n1 * vol / (2 * root);
    case 5: /* rho */
        return T * want[0];
    case 6: /* vanna */
        return D * n1 * b / vol;
    case 7: /* volga */
        return vega * a * b / vol;
    case 8: /* charm */
        return r * fabs(want[1]) + D * n1 * b / (2 * T);
    case 9: /* veta */
        return vega * (r + (1 + a * b) / (2 * T));
    case 10: /* speed */
        return gamma / F * (1 + a / s);
    case 11: /* color */
        return gamma * (r + (1 + a * b) / (2 * T));
    case 12: /* zomma */
        return gamma * (a * b + 1) / vol;
    case 13: /* ultima */
        return vega / (vol * vol) * (a * b * (1 + a * b) + a * a + b * b);
    default:
        return fabs(want[greek]);
    }
}

#endif
