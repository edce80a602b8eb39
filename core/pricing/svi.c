#include "core/pricing/svi.h"

#include <math.h>

enum { SCAN = 257, POLISH = 60 };
static const double SCAN_FINE = 2.5;  /* spacing of the scan near 0, times SCAN / 2 */
static const double SCAN_MAX = 200;   /* |k - m| / sigma: the wings are straight beyond */
static const double SCAN_SLACK = 1.1; /* the scan is at most this far below the supremum */

void vw_svi_variance(const vw_svi *svi, const double *k, double *w, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        double x = k[i] - svi->m;

        w[i] = svi->a + svi->b * (svi->rho * x + sqrt(x * x + svi->sigma * svi->sigma));
    }
}

void vw_svi_slopes(const vw_svi *svi, const double *k, double *w1, double *w2, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        double x = k[i] - svi->m;
        double r = sqrt(x * x + svi->sigma * svi->sigma);

        w1[i] = svi->b * (svi->rho + x / r);
        w2[i] = svi->b * (svi->sigma / r) * (svi->sigma / r) / r;
    }
}

vw_svi_jw vw_svi_jw_get(const vw_svi *svi, double years)
{
    double r = sqrt(svi->m * svi->m + svi->sigma * svi->sigma);
    double w = svi->a + svi->b * (r - svi->rho * svi->m);
    double sd = sqrt(w);

    return (vw_svi_jw){
        .v = w / years,
        .psi = 0.5 * svi->b / sd * (svi->rho - svi->m / r),
        .p = svi->b * (1 - svi->rho) / sd,
        .c = svi->b * (1 + svi->rho) / sd,
        .v_min = (svi->a + svi->b * svi->sigma * sqrt(1 - svi->rho * svi->rho)) / years,
    };
}

/* The scale-free form of Martini and Mingone: l = (k - m) / sigma, N = w / (b sigma). */
typedef struct shape {
    double b, rho, alpha, mu;
} shape;

static shape shape_of(const vw_svi *svi)
{
    return (shape){svi->b, svi->rho, svi->a / (svi->b * svi->sigma), svi->m / svi->sigma};
}

/* Sigma needed at l: -b G2 / (2 G1+ G1-) where G2 < 0, else 0; INFINITY where Fukasawa fails. */
static double sigma_needed(const shape *s, double l)
{
    double r = sqrt(l * l + 1);
    double n = s->alpha + s->rho * l + r, n1 = s->rho + l / r, n2 = 1 / (r * r * r);
    double moment = 0.5 * (l + s->mu) / n, quarter = 0.25 * s->b;
    double plus = 1 - n1 * (moment + quarter), minus = 1 - n1 * (moment - quarter);
    double g2 = n2 - 0.5 * n1 * n1 / n;

    if (!(n > 0 && plus > 0 && minus > 0)) {
        return INFINITY;
    }
    return g2 < 0 ? -0.5 * s->b * g2 / (plus * minus) : 0;
}

static double scan_at(int i)
{
    double x = 2.0 * i / (SCAN - 1) - 1;

    return SCAN_FINE * x / (1 - (1 - SCAN_FINE / SCAN_MAX) * x * x);
}

/* The largest sigma needed at a point of the scan; *at is which. */
static double scan(const shape *s, int *at)
{
    double best = 0;

    *at = 0;
    for (int i = 0; i < SCAN && best < INFINITY; i++) {
        double needed = sigma_needed(s, scan_at(i));
        if (needed > best) {
            best = needed;
            *at = i;
        }
    }
    return best;
}

/* Golden section around the best point of the scan. */
static double polish(const shape *s, double low, double high)
{
    const double golden = 0.6180339887498949;
    double a = high - golden * (high - low), b = low + golden * (high - low);
    double at_a = sigma_needed(s, a), at_b = sigma_needed(s, b);

    for (int i = 0; i < POLISH; i++) {
        if (at_a > at_b) {
            high = b;
            b = a;
            at_b = at_a;
            a = high - golden * (high - low);
            at_a = sigma_needed(s, a);
        } else {
            low = a;
            a = b;
            at_a = at_b;
            b = low + golden * (high - low);
            at_b = sigma_needed(s, b);
        }
    }
    return fmax(at_a, at_b);
}

double vw_svi_sigma_star(const vw_svi *svi)
{
    shape s = shape_of(svi);
    double best;
    int at;

    if (!(svi->b > 0)) {
        return svi->a > 0 ? 0 : INFINITY;
    }
    best = scan(&s, &at);
    if (best > 0 && best < INFINITY && at > 0 && at < SCAN - 1) {
        best = fmax(best, polish(&s, scan_at(at - 1), scan_at(at + 1)));
    }
    return best;
}

bool vw_svi_is_arbitrage_free(const vw_svi *svi)
{
    shape s = shape_of(svi);
    double least;
    int at;

    if (!(svi->b * (1 + fabs(svi->rho)) < 2)) {
        return false;
    }
    least = svi->b > 0 ? scan(&s, &at) : 0;
    if (svi->b > 0 && (svi->sigma < least || svi->sigma > SCAN_SLACK * least)) {
        return svi->sigma > least;
    }
    return svi->sigma >= vw_svi_sigma_star(svi);
}

bool vw_svi_repair(vw_svi *svi)
{
    double star = vw_svi_sigma_star(svi), grow = 1.001 * star / svi->sigma;

    if (!(star < INFINITY) || !(svi->b * (1 + fabs(svi->rho)) < 2)) {
        return false;
    }
    if (svi->sigma < star) {
        svi->a *= grow;
        svi->m *= grow;
        svi->sigma *= grow;
    }
    return true;
}
