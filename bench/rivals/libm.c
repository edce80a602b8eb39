/* Compiled thrice: with -Ofast for AVX-512 and AVX2, where the compiler calls libmvec, and plainly,
 * where it calls libm.  VW_RIVAL is the function's name. */
#include "bench/rivals/rivals.h"

#include <math.h>

/* Restricted parameters, or gcc does not vectorise. */
static void price_all(const double *restrict F, const double *restrict K, const double *restrict T,
                      const double *restrict vol, const double *restrict D,
                      const double *restrict side, const double *restrict rate,
                      double *restrict price, double *restrict delta, double *restrict gamma,
                      double *restrict vega, double *restrict theta, double *restrict rho,
                      size_t count)
{
    for (size_t i = 0; i < count; i++) {
        double root = sqrt(T[i]), s = vol[i] * root;
        double d1 = log(F[i] / K[i]) / s + 0.5 * s, d2 = d1 - s;
        double n1 = 0.398942280401432678 * exp(-0.5 * d1 * d1);
        double cdf1 = 0.5 * erfc(-side[i] * d1 * 0.707106781186547524);
        double cdf2 = 0.5 * erfc(-side[i] * d2 * 0.707106781186547524);
        double value = D[i] * side[i] * (F[i] * cdf1 - K[i] * cdf2);

        price[i] = value;
        delta[i] = D[i] * side[i] * cdf1;
        gamma[i] = D[i] * n1 / (F[i] * s);
        vega[i] = D[i] * F[i] * n1 * root;
        theta[i] = rate[i] * value - 0.5 * D[i] * F[i] * n1 * vol[i] / root;
        rho[i] = -T[i] * value;
    }
}

void VW_RIVAL(const vw_black_inputs *in, const vw_black_outputs *out, size_t count)
{
    price_all(in->forward, in->strike, in->years, in->vol, in->discount, in->side, in->rate,
              out->price, out->delta, out->gamma, out->vega, out->theta, out->rho, count);
}
