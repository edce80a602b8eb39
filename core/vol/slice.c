#include "core/vol/slice.h"

#include <math.h>

enum { FINE = 4 };
struct vw_slice_work {
    vw_hks_fit *hks;
    double *svi_scratch;
    double *model; /* variance at the smile's quotes */
};

/* Attempts in order, each good enough from its share of quotes inside on: smoothing, how far out
 * quotes are fitted, whether butterflies are smoothed away or pressed out (hks_fit.h).  Smoothing
 * gives the rounder smile, pressing the closer one; last, the cliffs are left out. */
static const struct {
    double lambda, z_cut, enough;
    bool press, firm;
} rungs[VW_SLICE_RUNGS] = {
    {1e-3, INFINITY, 0.97, false, false}, {1e-3, INFINITY, 0.93, true, false},
    {0.02, INFINITY, 0.93, false, false}, {1e-3, 8, 0.93, true, false},
    {0.02, 8, 0.93, false, false},        {0.02, 5, 0.93, false, false},
    {1e-3, INFINITY, 0.93, true, true},
};

static size_t header_size(void)
{
    return vw_round_up(sizeof(vw_slice_work), VW_LINE_PAIR);
}

size_t vw_slice_work_size(size_t room)
{
    size_t hks = vw_round_up(vw_hks_fit_size(room), VW_LINE_PAIR);

    return hks == 0 ? 0 : header_size() + hks + (VW_SVI_FIT_SCRATCH(room) + room) * sizeof(double);
}

vw_slice_work *vw_slice_work_init(void *mem, size_t room)
{
    unsigned char *at = mem;
    vw_slice_work *work = mem;

    vw_check(vw_slice_work_size(room) != 0);
    work->hks = vw_hks_fit_init(at + header_size(), room);
    work->svi_scratch =
        (double *)(at + header_size() + vw_round_up(vw_hks_fit_size(room), VW_LINE_PAIR));
    work->model = work->svi_scratch + VW_SVI_FIT_SCRATCH(room);
    return work;
}

void vw_slice_variance(const vw_slice *slice, const double *k, double *w, size_t count)
{
    if (slice->model == VW_MODEL_HKS) {
        vw_hks_variance(&slice->hks, k, w, count);
    } else {
        vw_svi_variance(&slice->svi, k, w, count);
    }
}

static void slopes(const vw_slice *slice, double k, double *w1, double *w2)
{
    if (slice->model == VW_MODEL_HKS) {
        vw_hks_slopes(&slice->hks, &k, w1, w2, 1);
    } else {
        vw_svi_slopes(&slice->svi, &k, w1, w2, 1);
    }
}

vw_slice_point vw_slice_at(const vw_slice *slice, double k, double years)
{
    vw_slice_point at = {NAN, NAN, NAN, NAN, NAN, true};
    double w, w1, w2, d2;

    if (slice->model == VW_MODEL_NONE) {
        return at;
    }
    vw_slice_variance(slice, &k, &w, 1);
    slopes(slice, k, &w1, &w2);
    d2 = -k / sqrt(w) - 0.5 * sqrt(w);
    at.variance = w;
    at.vol = sqrt(w / years);
    at.skew = 0.5 * w1 / (at.vol * years);
    at.g = vw_durrleman_g(k, w, w1, w2);
    at.density = at.g * exp(-0.5 * d2 * d2) / sqrt(6.283185307179586 * w);
    at.extrapolated = k < slice->k_min || k > slice->k_max;
    return at;
}

/* Least g over the quotes and a little beyond, and out to |k| = 3. */
static double least_g(const vw_slice *slice, double sd)
{
    double low = slice->k_min - 1.5 * sd, high = slice->k_max + sd, least = INFINITY;
    size_t dense = FINE * (VW_HKS_DENSE - 1), tail = FINE * VW_HKS_TAIL;

    for (size_t i = 0; i <= dense + 2 * tail; i++) {
        double k = i <= dense ? low + (high - low) * (double)i / (double)dense
                   : i <= dense + tail
                       ? low * pow(fmax(3 / -low, 1), (double)(i - dense) / (double)tail)
                       : high * pow(fmax(3 / high, 1), (double)(i - dense - tail) / (double)tail);
        double w, w1, w2;

        vw_slice_variance(slice, &k, &w, 1);
        slopes(slice, k, &w1, &w2);
        least = fmin(least, w > 0 ? vw_durrleman_g(k, w, w1, w2) : -1);
    }
    return least;
}

/* Floors at the fit's grid where both expiries are quoted. */
static void set_floors(vw_hks_fit *fit, const vw_slice *before)
{
    double sd = fit->hks.sd;

    for (size_t i = 0; i < VW_HKS_GRID; i++) {
        double k = fit->grid_z[i] * sd;
        bool both = fit->grid_z[i] >= fit->z[0] && fit->grid_z[i] <= fit->z[fit->count - 1] &&
                    k >= before->k_min && k <= before->k_max;

        if (both) {
            vw_slice_variance(before, &k, &fit->floor[i], 1);
        }
    }
}

/* A run of quotes [first, first + count). */
typedef struct range {
    size_t first, count;
} range;

static range range_of(const vw_smile *smile, size_t rung)
{
    double k_cut = rungs[rung].z_cut * smile->atm_vol * sqrt(smile->years);
    size_t first = 0, last = smile->count;

    if (rungs[rung].firm) {
        return (range){smile->firm_first, smile->firm_count};
    }
    while (first < last && !(smile->k[first] >= -k_cut)) {
        first++;
    }
    while (last > first && !(smile->k[last - 1] <= k_cut)) {
        last--;
    }
    return (range){first, last - first};
}

/* Takes the fit's smile into *best if it has more quotes inside and no butterfly anywhere. */
static void consider(vw_slice *best, double *share, const vw_smile *smile, const vw_hks_fit *fit,
                     uint8_t rung)
{
    vw_slice next = *best;

    if (!(fit->inside > *share)) {
        return;
    }
    next.model = VW_MODEL_HKS;
    next.hks = fit->hks;
    next.k_min = smile->k[fit->first];
    next.k_max = smile->k[fit->first + fit->count - 1];
    next.least_floor = fit->least_floor;
    next.rung = rung;
    next.least_g = least_g(&next, fit->hks.sd);
    if (next.least_g >= 0) {
        *best = next;
        *share = fit->inside;
    }
}

/* Climbs the ladder; leaves the best smile in *best and returns its share inside, or -1. */
static double climb(vw_slice *best, const vw_smile *smile, const vw_slice *before, vw_hks_fit *fit)
{
    double share = -1, enough = 0;
    range planned = {0, 0};

    for (uint8_t rung = 0; rung < VW_SLICE_RUNGS; rung++) {
        range quotes = range_of(smile, rung);
        bool all = quotes.count == smile->count;

        if (rung > 0 && share >= enough) {
            break;
        }
        enough = rungs[rung].enough;
        if (all && (rungs[rung].firm || rungs[rung].z_cut < INFINITY)) {
            continue; /* nothing lies beyond: already tried */
        }
        if (quotes.first != planned.first || quotes.count != planned.count) {
            planned = quotes;
            if (!vw_hks_fit_plan(fit, smile, quotes.first, quotes.count)) {
                planned.count = 0;
                continue;
            }
            if (before != NULL && before->model != VW_MODEL_NONE) {
                set_floors(fit, before);
            }
        }
        if (vw_hks_fit_solve(fit, rungs[rung].lambda, rungs[rung].press)) {
            consider(best, &share, smile, fit, rung);
        }
    }
    return share;
}

static void measure(vw_slice *slice, const vw_smile *smile, double *model)
{
    vw_slice_variance(slice, smile->k, model, smile->count);
    slice->fit = vw_smile_measure(smile, model, slice->k_min, slice->k_max);
    slice->svi_rmse_vol = NAN;
    if (slice->svi.sigma > 0) {
        vw_svi_variance(&slice->svi, smile->k, model, smile->count);
        slice->svi_rmse_vol = vw_smile_measure(smile, model, slice->k_min, slice->k_max).rmse_vol;
    }
}

/* SVI as the smile itself. */
static void use_svi(vw_slice *slice, const vw_smile *smile, double *model)
{
    slice->model = VW_MODEL_SVI;
    slice->k_min = smile->k[0];
    slice->k_max = smile->k[smile->count - 1];
    slice->least_floor = INFINITY;
    slice->rung = VW_SLICE_RUNGS;
    slice->least_g = least_g(slice, smile->atm_vol * sqrt(smile->years));
    measure(slice, smile, model);
}

static double share_inside(const vw_slice *slice)
{
    return slice->fit.quotes > 0 ? (double)slice->fit.inside / slice->fit.quotes : 0;
}

static vw_status refuse(vw_slice *slice)
{
    slice->status = VW_STATUS_NO_MARKET;
    slice->quality |= VW_QUOTE_CARRIED;
    return VW_STATUS_NO_MARKET;
}

vw_status vw_slice_fit(vw_slice *slice, const vw_smile *smile, size_t hks_quotes_min,
                       const vw_slice *before, vw_slice_work *work)
{
    vw_slice next = {.model = VW_MODEL_NONE, .years = smile->years}, svi;
    double share = -1;
    bool has_svi;

    if (smile->count < VW_SVI_FIT_QUOTES_MIN) {
        return refuse(slice);
    }
    has_svi = vw_svi_fit(smile, work->svi_scratch, &next.svi);
    if (smile->count >= hks_quotes_min) {
        share = climb(&next, smile, before, work->hks);
    }
    if (next.model == VW_MODEL_HKS) {
        measure(&next, smile, work->model);
    }
    if (share < rungs[VW_SLICE_RUNGS - 1].enough && has_svi) {
        svi = next;
        use_svi(&svi, smile, work->model);
        next = share_inside(&svi) > share ? svi : next;
    }
    if (next.model == VW_MODEL_NONE) {
        return refuse(slice);
    }
    next.status = VW_STATUS_OK;
    *slice = next;
    return VW_STATUS_OK;
}
