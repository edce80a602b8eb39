#include "core/vol/forward.h"

#include <math.h>

static const double REACH_SE = 4;    /* how far conversions may move a line: standard errors, */
static const double REACH_TICKS = 2; /* and ticks */
static const double RATE_SE_MIN = 2e-4;
static const double RATE_RANGE = 0.03;  /* from the middle one; a rate beyond is a bad fit */
static const double RATE_SPREAD = 1e-3; /* of expiries around a smooth curve */

static vw_status refuse(vw_forward *out, vw_status status)
{
    *out = (vw_forward){.forward = NAN,
                        .discount = NAN,
                        .rate = NAN,
                        .forward_se = NAN,
                        .rate_se = NAN,
                        .low = NAN,
                        .high = NAN,
                        .status = (uint8_t)status};
    return status;
}

/* Moves the forward to where no conversion beats it, if that is near: a pair that asks for more is
 * stale itself.  False when some pair is. */
static bool heed_conversions(vw_forward *out, double tick)
{
    double heeded = fmin(fmax(out->forward, out->low), out->high);

    if (out->low > out->high) {
        return out->low <= out->high + tick;
    }
    if (fabs(heeded - out->forward) > REACH_SE * out->forward_se + REACH_TICKS * tick) {
        return false;
    }
    out->forward = heeded;
    return true;
}

vw_status vw_forward_fit(const vw_parity *in, const vw_fit_kernels *kernels, double *scratch,
                         vw_forward *out)
{
    const vw_fit_sides sides = {in->strike, in->call_bid, in->call_ask, in->put_bid, in->put_ask};
    size_t line = vw_round_up(in->count, 8), used;
    vw_fit_pairs pairs = {scratch, scratch + line, scratch + 2 * line, scratch + 3 * line, 0, 0};
    double discount = in->discount, centre, band;
    vw_fit_line l;

    if (!(in->years > 0) || !isfinite(in->years) || !(discount >= 0) || !isfinite(discount)) {
        return refuse(out, VW_STATUS_BAD_INPUT);
    }
    centre = kernels->market.pairs(&sides, in->tick, in->count, &pairs);
    if (!(centre > 0)) {
        return refuse(out, VW_STATUS_NO_MARKET);
    }
    band = fmax(0.02, fmin(0.25, 0.6 * sqrt(in->years)));
    used = kernels->market.band(&pairs, centre, centre * exp(-band), centre * exp(band), in->count);
    if (used < (discount > 0 ? 1 : 3) || !kernels->market.line(&pairs, discount, &l)) {
        return refuse(out, VW_STATUS_NO_MARKET); /* also quotes that no discount explains */
    }
    *out = (vw_forward){.forward = centre + l.level / l.slope,
                        .discount = l.slope,
                        .rate = -log(l.slope) / in->years,
                        .forward_se = l.scale / sqrt(l.sw),
                        .used = (uint32_t)used,
                        .source = VW_FORWARD_PARITY};
    if (!(discount > 0)) {
        out->rate_se =
            l.scale * sqrt(l.sw / (l.sw * l.swxx - l.swx * l.swx)) / (l.slope * in->years);
    }
    kernels->market.bounds(&sides, &pairs, l.slope, in->count, &out->low, &out->high);
    out->status = heed_conversions(out, in->tick) ? VW_STATUS_OK : VW_STATUS_STALE;
    return (vw_status)out->status;
}

/* Where in [-1, 1] an expiry lies on the curve; the powers of this keep the 4x4 system tame. */
static double position(const vw_rate_curve *curve, double years)
{
    double span = curve->log_years_max - curve->log_years_min;
    double x = fmin(fmax(log(years), curve->log_years_min), curve->log_years_max);

    return span > 0 ? 2 * (x - curve->log_years_min) / span - 1 : 0;
}

static bool tells_rate(const vw_forward *forward, double years)
{
    return years >= VW_RATE_YEARS_MIN && forward->used > 0 && forward->rate_se > 0 &&
           isfinite(forward->rate) && isfinite(forward->rate_se);
}

/* Gauss without pivoting: the matrix is a positive definite normal matrix. */
static bool solve_normal(double a[4][5], int order)
{
    for (int i = 0; i < order; i++) {
        if (!(a[i][i] > 0)) {
            return false;
        }
        for (int j = i + 1; j < order; j++) {
            double f = a[j][i] / a[i][i];
            for (int k = i; k <= order; k++) {
                a[j][k] -= f * a[i][k];
            }
        }
    }
    for (int i = order - 1; i >= 0; i--) {
        for (int j = i + 1; j < order; j++) {
            a[i][order] -= a[i][j] * a[j][order];
        }
        a[i][order] /= a[i][i];
    }
    return true;
}

static int curve_order(size_t used)
{
    return used >= 10 ? 4 : used >= 4 ? 3 : used >= 2 ? 2 : 1;
}

static void accumulate(double a[4][5], int order, double u, double rate, double weight)
{
    double power[4] = {1, u, u * u, u * u * u};

    for (int i = 0; i < order; i++) {
        for (int j = 0; j < order; j++) {
            a[i][j] += weight * power[i] * power[j];
        }
        a[i][order] += weight * power[i] * rate;
    }
}

/* The rate in the middle: half of those that tell are no greater. */
static double middle_rate(const vw_forward *forwards, const double *years, size_t count)
{
    double best = INFINITY;

    for (size_t i = 0; i < count; i++) {
        size_t telling = 0, below = 0;

        for (size_t j = 0; j < count; j++) {
            bool tells = tells_rate(&forwards[j], years[j]);

            telling += tells;
            below += tells && forwards[j].rate <= forwards[i].rate;
        }
        if (tells_rate(&forwards[i], years[i]) && 2 * below >= telling) {
            best = fmin(best, forwards[i].rate);
        }
    }
    return best;
}

static bool on_curve(const vw_forward *forward, double years, double middle)
{
    return tells_rate(forward, years) && fabs(forward->rate - middle) <= RATE_RANGE;
}

static void measure_scatter(vw_rate_curve *curve, const vw_forward *forwards, const double *years,
                            size_t count, double middle)
{
    double sum = 0, weights = 0;

    for (size_t i = 0; i < count; i++) {
        if (on_curve(&forwards[i], years[i], middle)) {
            double se = fmax(forwards[i].rate_se, RATE_SE_MIN);
            double miss = forwards[i].rate - vw_rate_curve_rate(curve, years[i]);

            sum += miss * miss / (se * se);
            weights += 1 / (se * se);
        }
    }
    curve->scatter = sqrt(sum / weights);
}

bool vw_rate_curve_fit(vw_rate_curve *curve, const vw_forward *forwards, const double *years,
                       size_t count, double fallback)
{
    double a[4][5] = {{0}}, middle = middle_rate(forwards, years, count);
    int order;

    *curve = (vw_rate_curve){.log_years_min = INFINITY, .log_years_max = -INFINITY};
    for (size_t i = 0; i < count; i++) {
        if (on_curve(&forwards[i], years[i], middle)) {
            curve->log_years_min = fmin(curve->log_years_min, log(years[i]));
            curve->log_years_max = fmax(curve->log_years_max, log(years[i]));
            curve->used++;
        }
    }
    order = curve_order(curve->used);
    for (size_t i = 0; i < count; i++) {
        if (on_curve(&forwards[i], years[i], middle)) {
            double se = fmax(forwards[i].rate_se, RATE_SE_MIN);
            accumulate(a, order, position(curve, years[i]), forwards[i].rate, 1 / (se * se));
        }
    }
    if (curve->used == 0 || !solve_normal(a, order)) {
        *curve = (vw_rate_curve){.coefficient = {fallback}};
        return false;
    }
    for (int i = 0; i < order; i++) {
        curve->coefficient[i] = a[i][order];
    }
    measure_scatter(curve, forwards, years, count, middle);
    return true;
}

double vw_rate_curve_rate(const vw_rate_curve *curve, double years)
{
    double u = position(curve, years);
    const double *c = curve->coefficient;

    return c[0] + u * (c[1] + u * (c[2] + u * c[3]));
}

double vw_rate_curve_near(const vw_rate_curve *curve, const vw_forward *own, double years)
{
    double rate = vw_rate_curve_rate(curve, years), se;

    if (!tells_rate(own, years)) {
        return rate;
    }
    se = fmax(own->rate_se, RATE_SE_MIN);
    return rate +
           (own->rate - rate) * RATE_SPREAD * RATE_SPREAD / (RATE_SPREAD * RATE_SPREAD + se * se);
}
