/* normal.h: the normal distribution with relative accuracy in the tails, and its Mills ratio.
 *
 * What black.c and implied_vol.c, the references, stand on; kernels have their own on lanes
 * (simd/elementary.h).
 *
 *   phi(x) = exp(-x^2 / 2) / sqrt(2 pi)     Phi(-x) = phi(x) R(x)     R(x): the Mills ratio
 *
 * Threads  pure functions of their arguments.
 * Domain   any double; relative error below 4e-15 (R: 2e-15) where the result is a normal number.
 * Source   Abramowitz & Stegun (1964) 26.2.14, the continued fraction of R. */
#ifndef VW_CORE_PRICING_NORMAL_H
#define VW_CORE_PRICING_NORMAL_H

#include <stdbool.h>

#define VW_SQRT_2PI 2.50662827463100050242

double vw_normal_density(double x);

/* vw_normal_cdf returns Phi(x). */
double vw_normal_cdf(double x);

/* vw_normal_quantile returns the x with Phi(x) = p; -infinity at p <= 0, infinity at p >= 1. */
double vw_normal_quantile(double p);

/* vw_normal_mills returns R(x); infinity below x = -38. */
double vw_normal_mills(double x);

/* vw_normal_mills_smooth says whether z and t, both >= 0, are where R(z - t) - R(z + t) loses
 * digits as written and has a quick series instead. */
bool vw_normal_mills_smooth(double z, double t);

/* vw_normal_mills_difference returns R(z - t) - R(z + t), times phi(z - t) the value of an option
 * z deviations out of the money, to full relative accuracy for z - t > -38. */
double vw_normal_mills_difference(double z, double t);

/* vw_log_ratio returns ln(a / b), a and b > 0, relatively accurate also where a is close to b. */
double vw_log_ratio(double a, double b);

#endif
