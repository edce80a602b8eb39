/* mills.h: R(z - t) and R(z + t) from R(z), where their difference would lose digits.
 *
 * Taylor's series in t.  Its terms r(n) = R^(n)(z) / n! follow from R' = z R - 1:
 *
 *   r(n+2) = ((z^2 + 2n + 1) r(n) - r(n-2)) / ((n + 1)(n + 2))
 *
 * so that the odd ones, which make the difference, need no even ones.
 *
 * Domain   vd_smooth: t < 0.06 and t z < 1, where the terms left out are below 2^-52.
 * Errors   of the difference a few 2^-52 (1 + z^2), within what black.h allows a price. */
#ifndef VW_CORE_PRICING_SIMD_MILLS_H
#define VW_CORE_PRICING_SIMD_MILLS_H

#include "core/pricing/simd/elementary.h"

/* vd_smooth takes x = 2 t z, which callers have. */
VW_LANE vm vd_smooth(vd x, vd t)
{
    return vm_and(vd_less(t, vd_all(0.06)), vd_less(vd_abs(x), vd_all(2)));
}

/* Sums r[0] + r[1] q + ... + r[4] q^4, the late terms last: the chain of r is the long one. */
VW_LANE vd mills_sum(vd q, const vd *r)
{
    vd early = vd_fma(q, vd_fma(q, r[2], r[1]), r[0]), late = vd_fma(q, r[4], r[3]);

    return vd_fma(q * q * q, late, early);
}

/* mills_odd returns o so that R(z - t) - R(z + t) = -2 t o; mills is R(z). */
VW_LANE vd mills_odd(vd z, vd t, vd mills)
{
    vd w = z * z, r[5];

    r[0] = vd_fma(z, mills, vd_all(-1));
    r[1] = vd_fma(w + 3, r[0], vd_all(1)) * (1.0 / 6);
    r[2] = vd_fma(w + 7, r[1], -r[0]) * (1.0 / 20);
    r[3] = vd_fma(w + 11, r[2], -r[1]) * (1.0 / 42);
    r[4] = vd_fma(w + 15, r[3], -r[2]) * (1.0 / 72);
    return mills_sum(t * t, r);
}

/* mills_even returns e so that R(z - t) + R(z + t) = 2 e. */
VW_LANE vd mills_even(vd z, vd t, vd mills)
{
    vd w = z * z, r[5];

    r[0] = mills;
    r[1] = vd_fma(w + 1, mills, -z) * 0.5;
    r[2] = vd_fma(w + 5, r[1], -r[0]) * (1.0 / 12);
    r[3] = vd_fma(w + 9, r[2], -r[1]) * (1.0 / 30);
    r[4] = vd_fma(w + 13, r[3], -r[2]) * (1.0 / 56);
    return mills_sum(t * t, r);
}

#endif
