#include "core/vol/slice.h"

#include <math.h>

/* The grid on which a smile is looked at for butterflies, four times as fine as the fit's. */
enum {
    FINE_DENSE = 4 * (VW_HKS_DENSE - 1) + 1,
    FINE_TAIL = 4 * VW_HKS_TAIL,
    FINE = FINE_DENSE + 2 * FINE_TAIL,
    FINE_LINE = FINE + 8,
};
struct vw_slice_work {
    const vw_fit_kernels *kernels;
    vw_hks_fit *hks;
    double *svi_scratch;
    double *z, *model, *slope, *bend; /* of a model at the smile's quotes */
    double fine[5][FINE_LINE];
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

    return hks == 0 ? 0
                    : header_size() + hks +
                          (VW_SVI_FIT_SCRATCH(room) + 4 * vw_round_up(room, 8)) * sizeof(double);
}

vw_slice_work *vw_slice_work_init(void *mem, size_t room, const char *isa)
{
    unsigned char *at = mem;
    vw_slice_work *work = mem;

    vw_check(vw_slice_work_size(room) != 0);
    work->kernels = vw_fit_kernels_get(isa);
    work->hks = vw_hks_fit_init(at + header_size(), room, work->kernels);
    work->svi_scratch =
        (double *)(at + header_size() + vw_round_up(vw_hks_fit_size(room), VW_LINE_PAIR));
    work->z = work->svi_scratch + VW_SVI_FIT_SCRATCH(room);
    work->model = work->z + vw_round_up(room, 8);
    work->slope = work->model + vw_round_up(room, 8);
    work->bend = work->slope + vw_round_up(room, 8);
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

/* A smile as the kernels take it; raw SVI is one kernel. */
static vw_fit_smile in_deviations(const vw_slice *slice, double sd, double one[3])
{
    const vw_svi *svi = &slice->svi;
    const vw_hks *hks = &slice->hks;

    if (slice->model == VW_MODEL_HKS) {
        return (vw_fit_smile){hks->c0, hks->c1, hks->m, hks->s, hks->c, hks->nodes};
    }
    one[0] = svi->m / sd;
    one[1] = svi->sigma / sd;
    one[2] = svi->b / sd;
    return (vw_fit_smile){(svi->a - svi->b * svi->rho * svi->m) / (sd * sd),
                          svi->b * svi->rho / sd,
                          &one[0],
                          &one[1],
                          &one[2],
                          1};
}

/* Least g over the quotes and a little beyond, and out to |k| = 3. */
static double least_g(const vw_slice *slice, double sd, vw_slice_work *work)
{
    double low = slice->k_min / sd - 1.5, high = slice->k_max / sd + 1, end = 3 / sd;
    double down = pow(fmax(end / -low, 1), 1.0 / FINE_TAIL), one[3];
    double up = pow(fmax(end / high, 1), 1.0 / FINE_TAIL);
    vw_fit_smile smile = in_deviations(slice, sd, one);
    double *z = work->fine[0];

    for (size_t i = 0; i < FINE_DENSE; i++) {
        z[FINE_TAIL + i] = low + (high - low) * (double)i / (FINE_DENSE - 1);
    }
    for (size_t i = 0; i < FINE_TAIL; i++) {
        z[FINE_TAIL - 1 - i] = z[FINE_TAIL - i] * down;
        z[FINE_TAIL + FINE_DENSE + i] = z[FINE_TAIL + FINE_DENSE + i - 1] * up;
    }
    for (size_t i = FINE; i < FINE_LINE; i++) {
        z[i] = high;
    }
    work->kernels->smile(&smile, z, FINE, work->fine[1], work->fine[2], work->fine[3]);
    return work->kernels->durrleman(z, work->fine[1], work->fine[2], work->fine[3], 0.25 * sd * sd,
                                    0, FINE, work->fine[4]);
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
            fit->floored = true;
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
static void consider(vw_slice *best, double *share, const vw_smile *smile, vw_slice_work *work,
                     uint8_t rung)
{
    const vw_hks_fit *fit = work->hks;
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
    next.least_g = least_g(&next, fit->hks.sd, work);
    if (next.least_g >= 0) {
        *best = next;
        *share = fit->inside;
    }
}

/* Climbs the ladder; leaves the best smile in *best and returns its share inside, or -1. */
static double climb(vw_slice *best, const vw_smile *smile, const vw_slice *before,
                    vw_slice_work *work)
{
    vw_hks_fit *fit = work->hks;
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
            consider(best, &share, smile, work, rung);
        }
    }
    return share;
}

/* Variance of a model of the slice at the smile's quotes, into work->model. */
static void evaluate(const vw_slice *slice, vw_model model, const vw_smile *smile,
                     vw_slice_work *work)
{
    double sd = smile->atm_vol * sqrt(smile->years), one[3];
    vw_slice as = *slice;
    vw_fit_smile in_z;
    size_t n = smile->count;

    as.model = model;
    in_z = in_deviations(&as, sd, one);
    for (size_t i = 0; i < vw_round_up(n, 8); i++) {
        work->z[i] = i < n ? smile->k[i] / sd : 0;
    }
    work->kernels->smile(&in_z, work->z, n, work->model, work->slope, work->bend);
    for (size_t i = 0; i < n; i++) {
        work->model[i] *= sd * sd;
    }
}

static void measure(vw_slice *slice, const vw_smile *smile, vw_slice_work *work)
{
    evaluate(slice, slice->model, smile, work);
    slice->fit = vw_smile_measure(smile, work->model, slice->k_min, slice->k_max);
    slice->svi_rmse_vol = NAN;
    if (slice->svi.sigma > 0) {
        evaluate(slice, VW_MODEL_SVI, smile, work);
        slice->svi_rmse_vol =
            vw_smile_measure(smile, work->model, slice->k_min, slice->k_max).rmse_vol;
    }
}

/* SVI as the smile itself. */
static void use_svi(vw_slice *slice, const vw_smile *smile, vw_slice_work *work)
{
    slice->model = VW_MODEL_SVI;
    slice->k_min = smile->k[0];
    slice->k_max = smile->k[smile->count - 1];
    slice->least_floor = INFINITY;
    slice->rung = VW_SLICE_RUNGS;
    slice->least_g = least_g(slice, smile->atm_vol * sqrt(smile->years), work);
    measure(slice, smile, work);
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
    has_svi = vw_svi_fit(smile, work->kernels, work->svi_scratch, &next.svi);
    if (smile->count >= hks_quotes_min) {
        share = climb(&next, smile, before, work);
    }
    if (next.model == VW_MODEL_HKS) {
        measure(&next, smile, work);
    }
    if (share < rungs[VW_SLICE_RUNGS - 1].enough && has_svi) {
        svi = next;
        use_svi(&svi, smile, work);
        next = share_inside(&svi) > share ? svi : next;
    }
    if (next.model == VW_MODEL_NONE) {
        return refuse(slice);
    }
    next.status = VW_STATUS_OK;
    *slice = next;
    return VW_STATUS_OK;
}
