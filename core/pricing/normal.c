#include "core/pricing/normal.h"

#include <math.h>

/* exp(sign x^2 / 2).  The square's rounding error is put back: it would cost x^2 epsilons. */
static double exp_half_square(double x, double sign)
{
    double square = x * x;
    double lost = fma(x, x, -square);

    if (!(square < 1e4)) {
        return sign > 0 ? INFINITY : 0;
    }
    return exp(sign * square / 2) * (1 + sign * lost / 2);
}

double vw_normal_density(double x)
{
    return exp_half_square(x, -1) / VW_SQRT_2PI;
}

static const double FRACTION_FROM = 6; /* nearer to 0 it takes hundreds of terms */

static double mills_fraction(double x)
{
    int terms = 24 + (int)(400 / (x * x)); /* the truncation error falls as exp(-2 x sqrt(terms)) */
    double fraction = x;

    for (int i = terms; i > 0; i--) {
        fraction = x + i / fraction;
    }
    return 1 / fraction;
}

/* erfc of a rounded argument would cost x^2 epsilons: what the rounding lost is put back, times the
 * slope of erfc. */
static double mills_erfc(double x)
{
    static const double HIGH = 0.70710678118654757, LOW = -4.8336466567264567e-17; /* sqrt(1/2) */
    double rounded = x * HIGH, lost = fma(x, HIGH, -rounded) + x * LOW;

    return exp_half_square(x, 1) * erfc(rounded) * (VW_SQRT_2PI / 2) - M_SQRT2 * lost;
}

double vw_normal_mills(double x)
{
    return x > FRACTION_FROM ? mills_fraction(x) : mills_erfc(x);
}

double vw_normal_cdf(double x)
{
    if (x <= 0) {
        return vw_normal_density(x) * vw_normal_mills(-x);
    }
    return 1 - vw_normal_density(x) * vw_normal_mills(x);
}

/* Newton on log Phi(-y), which is concave: from a start beyond the root it comes back without ever
 * passing it. */
static double upper_quantile(double p)
{
    double target = log(p), y = sqrt(-2 * target);

    for (int i = 0; i < 20; i++) {
        double mills = vw_normal_mills(y);
        double step = (log(mills / VW_SQRT_2PI) - y * y / 2 - target) * mills;

        y += step;
        if (fabs(step) <= 1e-16 * (1 + y)) {
            break;
        }
    }
    return y;
}

double vw_normal_quantile(double p)
{
    if (!(p > 0 && p < 1)) {
        return p > 0 ? INFINITY : -INFINITY;
    }
    return p <= 0.5 ? -upper_quantile(p) : upper_quantile(1 - p);
}

bool vw_normal_mills_smooth(double z, double t)
{
    return t < 0.1 && t * z < 1;
}

/* Taylor's series in t, from the derivatives of the Mills ratio: R' = z R - 1 and
 * R(n+2) = (z^2 + 2n + 1) R(n) - n (n - 1) R(n-2).  The plain difference would lose 1 / t epsilons
 * near the money and z in the wings. */
static double mills_difference_series(double z, double t)
{
    double w = z * z, q = t * t;
    double r1 = fma(z, vw_normal_mills(z), -1);
    double r3 = (w + 3) * r1 + 1;
    double r5 = (w + 7) * r3 - 6 * r1;
    double r7 = (w + 11) * r5 - 20 * r3;
    double r9 = (w + 15) * r7 - 42 * r5;
    double r11 = (w + 19) * r9 - 72 * r7;
    double sum = r9 / 362880 + q * r11 / 39916800;

    sum = r3 / 6 + q * (r5 / 120 + q * (r7 / 5040 + q * sum));
    return -2 * t * (r1 + q * sum);
}

double vw_normal_mills_difference(double z, double t)
{
    if (vw_normal_mills_smooth(z, t)) {
        return mills_difference_series(z, t);
    }
    return vw_normal_mills(z - t) - vw_normal_mills(z + t);
}

double vw_log_ratio(double a, double b)
{
    double ratio = a / b;

    if (ratio > 0.5 && ratio < 2) {
        return log1p((a - b) / b); /* the difference is exact */
    }
    return isnormal(ratio) ? log(ratio) : log(a) - log(b);
}
