/* svi.h: raw SVI, the compact shape of one expiry's smile, and when a smile is free of arbitrage.
 *
 *   w(k) = a + b (rho (k - m) + sqrt((k - m)^2 + sigma^2))
 *
 * A smile has no butterfly arbitrage when Durrleman's g(k) >= 0 everywhere.  For SVI with b, rho,
 * a / (b sigma) and m / sigma held fixed that is so exactly from one sigma on, sigma*; a smile that
 * violates it is repaired by growing to sigma*.
 *
 * Units    k is log(strike / forward); w is total variance, vol^2 times years.
 * Shapes   arrays of `count`; outputs do not overlap inputs.
 * Domain   b >= 0, |rho| < 1, sigma > 0, all finite.
 * Threads  pure functions of their arguments.
 * Source   J. Gatheral, A. Jacquier, "Arbitrage-free SVI volatility surfaces", Quantitative Finance
 *          14 (2014); C. Martini, A. Mingone, "No arbitrage SVI", SIAM J. Financial Math. 13
 * (2022); M. Fukasawa, "The normalizing transformation of the implied volatility smile",
 *          Mathematical Finance 22 (2012). */
#ifndef VW_CORE_PRICING_SVI_H
#define VW_CORE_PRICING_SVI_H

#include "core/base/base.h"

typedef struct vw_svi {
    double a, b, rho, m, sigma;
} vw_svi;

/* The same smile in words of a desk: at-the-money variance and skew, slopes of the wings, least
 * variance. */
typedef struct vw_svi_jw {
    double v;     /* w(0) / years */
    double psi;   /* d sqrt(w) / dk at 0 */
    double p, c;  /* slopes of the put and call wing over sqrt(w(0)) */
    double v_min; /* least w / years */
} vw_svi_jw;

/* vw_svi_variance writes w(k[i]) to w[i]. */
void vw_svi_variance(const vw_svi *svi, const double *k, double *w, size_t count);

/* vw_svi_slopes writes dw/dk and d2w/dk2. */
void vw_svi_slopes(const vw_svi *svi, const double *k, double *w1, double *w2, size_t count);

/* vw_svi_jw_get returns the desk's form. */
vw_svi_jw vw_svi_jw_get(const vw_svi *svi, double years);

/* vw_svi_sigma_star returns the least sigma without butterfly arbitrage, 0 when any will do, or
 * INFINITY when none will: Fukasawa's condition fails (k / sqrt(w) -+ sqrt(w) / 2 must increase),
 * or w is not positive everywhere. */
double vw_svi_sigma_star(const vw_svi *svi);

/* vw_svi_is_arbitrage_free says whether sigma >= sigma* and both slopes are below 2. */
bool vw_svi_is_arbitrage_free(const vw_svi *svi);

/* vw_svi_repair grows a, m and sigma together to 1.001 sigma* if they are below; false, and
 * nothing changed, when that cannot help. */
bool vw_svi_repair(vw_svi *svi);

/* vw_durrleman_g returns g = (1 - k w' / (2w))^2 - w'^2 / 4 (1/w + 1/4) + w'' / 2 of any smile. */
static inline double vw_durrleman_g(double k, double w, double w1, double w2);

/* ---- inline definitions --------------------------------------------------------------------- */

static inline double vw_durrleman_g(double k, double w, double w1, double w2)
{
    double moment = 1 - 0.5 * k * w1 / w;

    return moment * moment - 0.25 * w1 * w1 * (1 / w + 0.25) + 0.5 * w2;
}

#endif
