#include "bench/quantlib.h"

#include <math.h>

/* How fast total variance rises from its least to a quote at the end. */
static double slope(double w, double w_least, double distance)
{
    return (w - w_least) / fmax(distance, 1e-3);
}

vw_svi vw_quantlib_fit(const vw_smile *smile, const double *vol)
{
    double strikes[VW_QUANTLIB_QUOTES_MAX], w[VW_QUANTLIB_QUOTES_MAX];
    size_t last = smile->count - 1, least = 0;
    double left, right;

    vw_check(smile->count > 0 && smile->count <= VW_QUANTLIB_QUOTES_MAX);
    for (size_t i = 0; i <= last; i++) {
        strikes[i] = smile->forward * exp(smile->k[i]);
        w[i] = vol[i] * vol[i] * smile->years;
        least = w[i] < w[least] ? i : least;
    }
    left = slope(w[0], w[least], smile->k[least] - smile->k[0]);
    right = slope(w[last], w[least], smile->k[last] - smile->k[least]);

    double fit[5] = {0.5 * w[least], 0.5 * (left + right), 0.05,
                     fmax(-0.9, fmin(0.9, (right - left) / (right + left))), smile->k[least]};
    double error =
        vw_rival_quantlib_svi(strikes, vol, smile->count, smile->years, smile->forward, fit);

    return error < 0
               ? (vw_svi){NAN, NAN, NAN, NAN, NAN}
               : (vw_svi){.a = fit[0], .b = fit[1], .sigma = fit[2], .rho = fit[3], .m = fit[4]};
}
