#include "core/vol/forward.h"

#include <math.h>

enum { PASSES = 8 };
static const double HUBER = 1.345;
static const double MAD_TO_SD = 1.4826;
static const double RATE_SE_MIN = 2e-4;
static const double RATE_RANGE = 0.03;  /* from the middle one; a rate beyond is a bad fit */
static const double RATE_SPREAD = 1e-3; /* of expiries around a smooth curve */

/* The pairs of one fit as columns: distance to the centre, call - put, half-width, residual in
 * half-widths, and room for the median. */
typedef struct pairs {
    double *x, *y, *half, *residual, *sorted, *weight;
    size_t count;
    double centre;
} pairs;

typedef struct line {
    double level, slope; /* y = level - slope x: slope is the discount, level / slope the forward */
    double scale;        /* of the residuals, in half-widths */
    double sw, swx, swxx;
} line;

static bool two_sided(double bid, double ask)
{
    return bid > 0 && ask >= bid && isfinite(ask);
}

static bool is_pair(const vw_parity *in, size_t i)
{
    return in->strike[i] > 0 && isfinite(in->strike[i]) &&
           two_sided(in->call_bid[i], in->call_ask[i]) && two_sided(in->put_bid[i], in->put_ask[i]);
}

static double difference(const vw_parity *in, size_t i)
{
    return 0.5 * (in->call_bid[i] + in->call_ask[i]) - 0.5 * (in->put_bid[i] + in->put_ask[i]);
}

/* The strike where call and put cost the same is the forward, nearly. */
static double find_centre(const vw_parity *in)
{
    double best = INFINITY, centre = NAN;

    for (size_t i = 0; i < in->count; i++) {
        if (is_pair(in, i)) {
            double y = difference(in, i);
            if (fabs(y) < best) {
                best = fabs(y);
                centre = in->strike[i] + y;
            }
        }
    }
    return centre;
}

static void gather(const vw_parity *in, pairs *p)
{
    double band = fmax(0.02, fmin(0.25, 0.6 * sqrt(in->years)));
    double low = p->centre * exp(-band), high = p->centre * exp(band);

    p->count = 0;
    for (size_t i = 0; i < in->count; i++) {
        if (in->strike[i] > low && in->strike[i] < high && is_pair(in, i)) {
            double half =
                0.5 * (in->call_ask[i] - in->call_bid[i]) + 0.5 * (in->put_ask[i] - in->put_bid[i]);

            p->x[p->count] = in->strike[i] - p->centre;
            p->y[p->count] = difference(in, i);
            p->half[p->count] = fmax(half, in->tick);
            p->count++;
        }
    }
}

static void swap(double *v, size_t i, size_t j)
{
    double kept = v[i];

    v[i] = v[j];
    v[j] = kept;
}

/* The least v that has half of the weight w at or below it, by Hoare's selection; reorders both. */
static double median(double *v, double *w, size_t count)
{
    size_t low = 0, high = count - 1;
    double below = 0, half = 0;

    for (size_t i = 0; i < count; i++) {
        half += 0.5 * w[i];
    }
    while (low < high) {
        double pivot = v[low + (high - low) / 2], left = 0;
        size_t i = low, j = high;

        for (;; i++, j--) {
            while (v[i] < pivot) {
                i++;
            }
            while (v[j] > pivot) {
                j--;
            }
            if (i >= j) {
                break;
            }
            swap(v, i, j);
            swap(w, i, j);
        }
        for (i = low; i <= j; i++) {
            left += w[i];
        }
        if (below + left >= half) {
            high = j;
        } else {
            below += left;
            low = j + 1;
        }
    }
    return v[low];
}

/* One weighted least squares; discount > 0 fixes the slope. */
static void solve(const pairs *p, double discount, double scale, line *l)
{
    double sw = 0, swx = 0, swxx = 0, swy = 0, swxy = 0;

    for (size_t i = 0; i < p->count; i++) {
        double w = 1 / (p->half[i] * p->half[i]);
        double excess = fabs(p->residual[i]) / (HUBER * scale);

        w = excess > 1 ? w / excess : w;
        sw += w;
        swx += w * p->x[i];
        swxx += w * p->x[i] * p->x[i];
        swy += w * p->y[i];
        swxy += w * p->x[i] * p->y[i];
    }
    *l = (line){.sw = sw, .swx = swx, .swxx = swxx};
    l->slope = discount > 0 ? discount : (swx * swy - sw * swxy) / (sw * swxx - swx * swx);
    l->level = (swy + l->slope * swx) / sw;
}

/* Residuals in half-widths, and their scale; by weight, for where a few tight pairs tell the
 * forward and a crowd of wide ones is stale the crowd must not set the scale. */
static double measure(const pairs *p, const line *l)
{
    for (size_t i = 0; i < p->count; i++) {
        p->residual[i] = (p->y[i] - l->level + l->slope * p->x[i]) / p->half[i];
        p->sorted[i] = fabs(p->residual[i]);
        p->weight[i] = 1 / (p->half[i] * p->half[i]);
    }
    /* Exact quotes have no scale; the floor keeps the weights finite. */
    return fmax(MAD_TO_SD * median(p->sorted, p->weight, p->count), 1e-9);
}

static void bound(const vw_parity *in, const pairs *p, vw_forward *out)
{
    double band = fmax(0.02, fmin(0.25, 0.6 * sqrt(in->years)));

    out->low = -INFINITY;
    out->high = INFINITY;
    for (size_t i = 0; i < in->count; i++) {
        double k = in->strike[i];
        if (is_pair(in, i) && fabs(log(k / p->centre)) < band) {
            out->low = fmax(out->low, k + (in->call_bid[i] - in->put_ask[i]) / out->discount);
            out->high = fmin(out->high, k + (in->call_ask[i] - in->put_bid[i]) / out->discount);
        }
    }
}

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

vw_status vw_forward_fit(const vw_parity *in, double *scratch, vw_forward *out)
{
    size_t n = in->count;
    pairs p = {
        scratch, scratch + n, scratch + 2 * n, scratch + 3 * n, scratch + 4 * n, scratch + 5 * n, 0,
        0};
    double discount = in->discount, scale = INFINITY;
    line l = {0};

    if (!(in->years > 0) || !isfinite(in->years) || !(discount >= 0) || !isfinite(discount)) {
        return refuse(out, VW_STATUS_BAD_INPUT);
    }
    p.centre = find_centre(in);
    if (!(p.centre > 0)) {
        return refuse(out, VW_STATUS_NO_MARKET);
    }
    gather(in, &p);
    if (p.count < (discount > 0 ? 1 : 3)) {
        return refuse(out, VW_STATUS_NO_MARKET);
    }
    for (size_t i = 0; i < p.count; i++) {
        p.residual[i] = 0;
    }
    for (int pass = 0; pass < PASSES; pass++) {
        solve(&p, discount, scale, &l);
        scale = measure(&p, &l);
    }
    if (!(l.slope > 0)) { /* quotes that no discount explains */
        return refuse(out, VW_STATUS_NO_MARKET);
    }
    out->discount = l.slope;
    out->forward = p.centre + l.level / l.slope;
    out->rate = -log(l.slope) / in->years;
    out->forward_se = scale / sqrt(l.sw);
    out->rate_se =
        discount > 0 ? 0
                     : scale * sqrt(l.sw / (l.sw * l.swxx - l.swx * l.swx)) / (l.slope * in->years);
    out->used = (uint32_t)p.count;
    out->source = VW_FORWARD_PARITY;
    bound(in, &p, out);
    if (out->low <= out->high) {
        out->forward = fmin(fmax(out->forward, out->low), out->high);
    }
    out->status = out->low > out->high + in->tick ? VW_STATUS_STALE : VW_STATUS_OK;
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
