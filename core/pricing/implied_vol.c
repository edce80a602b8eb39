#include "core/pricing/implied_vol.h"

#include "core/pricing/normal.h"

#include <float.h>
#include <math.h>

enum { STEPS_MAX = 400 };

/* One quote without units: its out-of-the-money side over min(F, K). */
typedef struct quote {
    double x;           /* |ln(F / K)| */
    double value, base; /* undiscounted time value; min(F, K) */
    double m;           /* |F - K| / sqrt(F K) */
    double beta;        /* value / sqrt(F K) */
} quote;

/* At s = vol sqrt(years): f = ln(model / price), and df / d ln s. */
typedef struct objective {
    double f, slope;
} objective;

/* The model is b(s) = phi(u) (R(z - t) - R(z + t)), z = x / s, t = s / 2, u = t - z, and
 * b'(s) = phi(u), so that only the first factor needs an exponential. */
static objective evaluate(const quote *q, double s)
{
    double z = q->x / s, t = s / 2, u = t - z;

    if (u > 0 && !vw_normal_mills_smooth(z, t)) {
        double density = vw_normal_density(u);
        double b = 1 - density * (vw_normal_mills(u) + vw_normal_mills(z + t));

        return (objective){vw_log_ratio(b * q->base, q->value), s * density / b};
    }
    double tail = vw_normal_mills_difference(z, t);

    return (objective){vw_log_ratio(tail * q->base, q->value * VW_SQRT_2PI) - u * u / 2, s / tail};
}

/* Householder's third-order step, relative to s. */
static double householder(const quote *q, double s, objective at)
{
    double z2 = q->x / s * (q->x / s), t2 = s * s / 4, g = at.slope;
    double newton = -at.f / g;
    double h = z2 - t2;
    double second = h - g;
    double third = h * h - 3 * z2 - t2 - 3 * h * g + 2 * g * g;

    return newton * (1 + second * newton / 2) / (1 + newton * (second + third * newton / 6));
}

/* A rational approximation of what the normal model would answer (g of mathematics.md 4). */
static double bachelier_factor(double eta)
{
    double p = 4.00248472385983989e-01 +
               eta * (7.80636386618100975e+00 +
                      eta * (1.44254543802181505e+01 +
                             eta * (4.28966203922759135e+01 + eta * 6.05315762857844177e+01)));
    double q = 1 + eta * (1.71491971717961782e+01 +
                          eta * (8.15736621618912139e+00 +
                                 eta * (8.23324921317557568e+01 + eta * 1.74215606346339200e+01)));

    return p / q;
}

static double seed(const quote *q)
{
    double v = q->m / (2 * q->beta + q->m);
    double eta = v < 1e-5 ? 1 : 2 * v / vw_log_ratio(q->beta + q->m, q->beta);
    double y = VW_SQRT_2PI / 2 * (2 * q->beta + q->m) * sqrt(eta) * bachelier_factor(eta);

    if (q->m > 0) {
        y *= q->x / q->m;
    }
    return y * (1 + y * y * (1.0 / 24 + 7 * y * y / 1920));
}

/* A guess far from the seed is no help: the steps would have to walk back. */
static double start(const quote *q, double guess)
{
    double s = seed(q);

    s = s > 1e-300 ? fmin(s, 40) : 1;
    return guess > s / 4 && guess < 4 * s ? guess : s;
}

/* The model grows with s, so a bracket secures what the steps alone promise only near the
 * solution. */
static double solve(const quote *q, double s)
{
    double low = 0, high = 1e3;

    for (int i = 0; i < STEPS_MAX; i++) {
        objective at = evaluate(q, s);
        double next = s * (1 + householder(q, s, at));

        if (at.f > 0) {
            high = s;
        } else {
            low = s;
        }
        if (at.f == 0 || fabs(next - s) <= DBL_EPSILON * s) {
            return at.f == 0 ? s : next;
        }
        if (!(next > low && next < high)) {
            next = low > 0 ? sqrt(low) * sqrt(high) : high / 16;
        }
        if (next == s || next == low || next == high) {
            return next;
        }
        s = next;
    }
    return s;
}

static bool in_domain(const vw_iv_inputs *in, size_t i)
{
    return isfinite(in->forward[i]) && isfinite(in->strike[i]) && isfinite(in->years[i]) &&
           isfinite(in->price[i]) && isfinite(in->discount[i]) && in->forward[i] > 0 &&
           in->strike[i] > 0 && in->discount[i] > 0 && fabs(in->side[i]) == 1;
}

/* The undiscounted time value.  A discount is itself rounded, so below an ulp of a discounted price
 * the difference to intrinsic means nothing. */
static double time_value(double price, double discount, double intrinsic)
{
    double value = price / discount - intrinsic;

    if (intrinsic > 0 && discount != 1 && fabs(value) <= DBL_EPSILON * intrinsic) {
        return 0;
    }
    return value;
}

/* What forward, strike and price are multiplied by, which the vol does not see: a denormal would
 * lose digits in every product. */
static double scale(double forward, double strike, double price)
{
    return fmin(fmin(forward, strike), price) < 0x1p-900 && fmax(forward, strike) < 0x1p500
               ? 0x1p400
               : 1;
}

static vw_status invert(const vw_iv_inputs *in, size_t i, double *vol)
{
    double unit = scale(in->forward[i], in->strike[i], in->price[i]);
    double F = in->forward[i] * unit, K = in->strike[i] * unit, price = in->price[i] * unit;
    double D = in->discount[i], T = in->years[i], side = in->side[i], value, root, s;
    quote q = {.x = 0};

    *vol = NAN;
    if (!in_domain(in, i)) {
        return VW_STATUS_BAD_INPUT;
    }
    if (T <= 0) {
        return VW_STATUS_EXPIRED;
    }
    value = time_value(price, D, fmax(side * (F - K), 0));
    if (value < 0) {
        return VW_STATUS_BELOW_INTRINSIC;
    }
    if (price / D >= (side > 0 ? F : K) || value >= fmin(F, K)) {
        return VW_STATUS_ABOVE_MAX;
    }
    if (value == 0) {
        *vol = 0;
        return VW_STATUS_AT_INTRINSIC;
    }
    root = sqrt(F) * sqrt(K);
    q = (quote){fabs(vw_log_ratio(F, K)), value, fmin(F, K), fabs(F - K) / root, value / root};
    s = start(&q, in->guess != NULL ? in->guess[i] * sqrt(T) : NAN);
    *vol = solve(&q, s) / sqrt(T);
    return *vol > 0 ? VW_STATUS_OK : VW_STATUS_AT_INTRINSIC; /* a vol below the doubles is 0 */
}

size_t vw_implied_vol(const vw_iv_inputs *in, double *vol, uint8_t *status, size_t count)
{
    size_t good = 0;

    for (size_t i = 0; i < count; i++) {
        status[i] = (uint8_t)invert(in, i, &vol[i]);
        good += status[i] == VW_STATUS_OK;
    }
    return good;
}
