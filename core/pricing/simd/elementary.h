/* elementary.h: exp, log and the normal density on lanes.
 *
 * Domain   stated per function; outside it any value, but no trap.  Guard the argument, not the
 *          result.
 * Errors   relative to the exact function of the arguments as given, in units of 2^-52 (the test
 *          measures them): vd_exp 1, vd_log_ratio 2, vd_density 1 + y^2 / 4.
 * Source   polynomials computed for this project: minimax, vd_density's interpolated at Chebyshev
 *          nodes. */
#ifndef VW_CORE_PRICING_SIMD_ELEMENTARY_H
#define VW_CORE_PRICING_SIMD_ELEMENTARY_H

#include "core/pricing/simd/words.h"

#define VW_LN2_HIGH 0.693147180369123816490 /* 33 bits: times a whole number below 2^20 exact */
#define VW_LN2_LOW 1.90821492927058770002e-10
#define VW_ROUNDER 6755399441055744.0 /* 1.5 2^52: adding it rounds to a whole number */

/* vd_polynomial returns the sum of c[i] x^i, i < count: Horner's scheme on x^2 for odd and even
 * powers apart, which halves the chain. */
VW_LANE vd vd_polynomial(vd x, const double *c, int count)
{
    int top = count - 1, first = top - top % 2, second = top - 1 + top % 2;
    vd square = x * x, even = vd_all(c[first]), odd = vd_all(c[second]);

#pragma GCC unroll 8
    for (int i = first - 2; i >= 0; i -= 2) {
        even = vd_fma(even, square, vd_all(c[i]));
    }
#pragma GCC unroll 8
    for (int i = second - 2; i >= 1; i -= 2) {
        odd = vd_fma(odd, square, vd_all(c[i]));
    }
    return vd_fma(odd, x, even);
}

/* vd_exp returns exp(x + low) for x in [-708, 709] and |low| < 1e-9, 0 below. */
VW_LANE vd vd_exp(vd x, vd low)
{
    static const double c[] = {
        5.00000000000001110e-01, 1.66666666666664132e-01, 4.16666666665302665e-02,
        8.33333333349433464e-03, 1.38888889435984271e-03, 1.98412695067720499e-04,
        2.48014931354094522e-05, 2.75575862776059990e-06, 2.76302341961020898e-07,
        2.50000675973999535e-08,
    };
    vm vanishes = vd_less(x, vd_all(-708));
    vd shifted = vd_fma(x, vd_all(1.44269504088896340736), vd_all(VW_ROUNDER));
    vd n = shifted - VW_ROUNDER;
    vd r = vd_fma(n, vd_all(-VW_LN2_HIGH), x), p;

    r = vd_fma(n, vd_all(-VW_LN2_LOW), r) + low;
    p = 1 + vd_fma(r * r, vd_polynomial(r, c, 10), r);
    return vd_pick(vanishes, vd_all(0), (vd)((vi)p + ((vi)shifted << 52)));
}

/* vd_log_ratio returns ln(a / b) for normal positive a and b, relatively accurate also near a = b.
 * b is scaled by the power of two that brings it within [2/3, 3/2] of a, in bits. */
VW_LANE vd vd_log_ratio(vd a, vd b)
{
    static const double c[] = {
        0.666666666666666633, 0.400000000000103263, 0.285714285662235967, 0.222222232202623231,
        0.181817243889630447, 0.153893866728961081, 0.131996936428186047, 0.13684515942293574,
    };
    vi half = vi_all((int64_t)1 << 51), keep = vi_all(-((int64_t)1 << 52));
    vi powers = ((vi)a - (vi)b + half) & keep;            /* of two, in the exponent's place */
    vu biased = ((vu)powers + ((uint64_t)1 << 63)) >> 52; /* 2048 more, >= 0 */
    vd n = (vd)((vi)biased | 0x4330000000000000) - (0x1p52 + 2048);
    vd scaled = (vd)((vi)b + powers);
    vd q = (a - scaled) / (a + scaled), z = q * q;
    vd small = vd_fma(q * z, vd_polynomial(z, c, 8), n * VW_LN2_LOW);

    return vd_fma(n, vd_all(VW_LN2_HIGH), vd_fma(vd_all(2), q, small));
}

/* vd_density returns phi(y) = exp(-y^2 / 2) / sqrt(2 pi), 0 beyond 37.5.  What is left of y^2 after
 * eighths of powers of two goes through a polynomial that has the -1/2 in it.  The rounding of y^2
 * stays in it, as that of y does, which is twice as large. */
VW_LANE vd vd_density(vd y)
{
    /* 2^(i / 8) / sqrt(2 pi), less i << 49, which the exponent brings back with i in it. */
    static const double eighths[8] __attribute__((aligned(64))) = {
        0.3989422804014327,  0.40379964166487381, 0.41192499832879437, 0.41493206462362608,
        0.40709479177387814, 0.40137655177400983, 0.39796913348270696, 0.39708168413340544,
    };
    static const double c[] = {
        -0.5,
        0.1250000000000045,
        -0.020833333333333585,
        0.0026041666618699891,
        -0.00026041666640018625,
        2.1702664234835232e-05,
        -1.5501700585653162e-06,
    };
    vd square = y * y, power, p;
    vm seen = vd_less(square, vd_all(1410));
    vd shifted = vd_fma(square, vd_all(8 * -0.72134752044448170368), vd_all(VW_ROUNDER));
    vd n = shifted - VW_ROUNDER;
    vd rest = vd_fma(n, vd_all(0.25 * VW_LN2_HIGH), square);

    rest = vd_fma(n, vd_all(0.25 * VW_LN2_LOW), rest);
    power = (vd)((vi)vd_entry(eighths, (vi)shifted) + ((vi)shifted << 49));
    p = vd_all(c[6]);
#pragma GCC unroll 8
    for (int i = 5; i >= 0; i--) {
        p = vd_fma(p, rest, vd_all(c[i]));
    }
    return vd_pick(seen, vd_fma(power * rest, p, power), vd_all(0));
}

#endif
