#include "core/vol/slice.h"

#include "core/vol/doubt.h"

#include <math.h>
#include <string.h>

/* Between two points of the fit's grid g is looked at again, at FINER - 1 points, wherever it is
 * low or falls fast, and at FINEST - 1 where it is all but gone: it has no room to fail elsewhere.
 */
enum { FINER = 4, FINEST = 32, FINE_MAX = (FINEST - 1) * VW_HKS_GRID, FINE_LINE = FINE_MAX + 8 };
static const double G_LOW = 0.1, G_FALL = 0.5, G_GONE = 0.02;

struct vw_slice_work {
    const vw_fit_kernels *kernels;
    vw_hks_fit *hks;
    vw_svi_work *svi;
    double *z, *model; /* of a smile at the quotes */
    double *half_vol;  /* of its quotes, INFINITY for those in doubt */
    bool modelled;     /* model is that of the best HKS so far */
    double fine[5][FINE_LINE];
};

/* Attempts in order, each good enough from its share of quotes inside on: smoothing, how far out
 * quotes are fitted, whether butterflies are smoothed away or pressed out (hks_fit.h).  Smoothing
 * gives the rounder smile, pressing the closer one; last, the cliffs are left out.  The first
 * attempt may be lightly smoothed, because the mids are its targets: ten times as much moves with
 * noise no less, and meets strikes left out worse. */
static const struct {
    double lambda, z_cut, enough;
    bool press, firm;
} rungs[VW_SLICE_RUNGS] = {
    {1e-4, INFINITY, 0.97, false, false}, {1e-3, INFINITY, 0.93, true, false},
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
    size_t svi = vw_round_up(vw_svi_work_size(room), VW_LINE_PAIR);

    return hks == 0 ? 0 : header_size() + hks + svi + 3 * vw_round_up(room, 8) * sizeof(double);
}

vw_slice_work *vw_slice_work_init(void *mem, size_t room, const char *isa)
{
    unsigned char *at = mem;
    vw_slice_work *work = mem;

    vw_check(vw_slice_work_size(room) != 0);
    work->kernels = vw_fit_kernels_get(isa);
    work->hks = vw_hks_fit_init(at + header_size(), room, work->kernels);
    at += header_size() + vw_round_up(vw_hks_fit_size(room), VW_LINE_PAIR);
    work->svi = vw_svi_work_init(at, room, work->kernels);
    work->z = (double *)(at + vw_round_up(vw_svi_work_size(room), VW_LINE_PAIR));
    work->model = work->z + vw_round_up(room, 8);
    work->half_vol = work->model + vw_round_up(room, 8);
    return work;
}

vw_hks_fit *vw_slice_work_hks(const vw_slice_work *work)
{
    return work->hks;
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

void vw_slice_curve(const vw_slice *slice, const vw_fit_kernels *kernels, const double *k,
                    double *w, double *slope, size_t count)
{
    enum { CHUNK = 64 };
    double sd = slice->model == VW_MODEL_HKS ? slice->hks.sd : 1, one[3];
    vw_fit_smile smile = in_deviations(slice, sd, one);

    for (size_t from = 0; from < count; from += CHUNK) {
        double z[CHUNK], value[CHUNK], first[CHUNK], second[CHUNK];
        size_t n = count - from < CHUNK ? count - from : CHUNK;

        for (size_t i = 0; i < vw_round_up(n, 8); i++) {
            z[i] = i < n ? k[from + i] / sd : 0;
        }
        if (slope != NULL) {
            kernels->smile(&smile, z, n, value, first, second);
        } else {
            kernels->variance(&smile, z, n, value);
        }
        for (size_t i = 0; i < n; i++) {
            w[from + i] = sd * sd * value[i];
        }
        for (size_t i = 0; i < n && slope != NULL; i++) {
            slope[from + i] = sd * first[i];
        }
    }
}

/* Adds what lies between two points; returns the new count. */
static size_t add_between(double low, double high, int parts, double *z, size_t count)
{
    for (int i = 1; i < parts; i++) {
        z[count++] = low + (high - low) * i / parts;
    }
    return count;
}

static double lesser(double a, double b)
{
    return a < b ? a : b;
}

/* Least g of a smile, `least` being that on the grid: between its points too, where there it is low
 * or falls fast. */
static double least_g(const vw_slice *slice, double sd, const vw_fit_grid *at, const double *g,
                      double least, vw_slice_work *work)
{
    double *z = work->fine[0], one[3];
    vw_fit_smile smile = in_deviations(slice, sd, one);
    size_t count = 0;

    for (size_t i = at->first; i + 1 < at->last; i++) {
        double low = lesser(g[i], g[i + 1]), fall = G_FALL * fabs(g[i + 1] - g[i]);

        if (low < G_LOW || low < fall || low == least) {
            count = add_between(at->z[i], at->z[i + 1], low < G_GONE ? FINEST : FINER, z, count);
        }
    }
    if (count == 0) {
        return least;
    }
    for (size_t i = count; i < vw_round_up(count, 8); i++) {
        z[i] = z[0];
    }
    work->kernels->smile(&smile, z, count, work->fine[1], work->fine[2], work->fine[3]);
    return lesser(least, work->kernels->durrleman(z, work->fine[1], work->fine[2], work->fine[3],
                                                  0.25 * sd * sd, 0, vw_round_up(count, 8),
                                                  work->fine[4]));
}

/* The same of raw SVI, which has no grid of its own yet. */
static double least_g_svi(const vw_slice *slice, double sd, vw_slice_work *work)
{
    double one[3], *g = work->fine[4];
    vw_fit_smile smile = in_deviations(slice, sd, one);
    const vw_hks none = {.sd = sd};
    vw_fit_grid at =
        vw_hks_grid_select(&work->hks->grid, &none, slice->k_min / sd, slice->k_max / sd);
    double curves[3][VW_HKS_GRID], least;
    size_t from = at.first, count = at.last - at.first;

    work->kernels->smile(&smile, at.z + from, count, curves[0], curves[1], curves[2]);
    least = work->kernels->durrleman(at.z + from, curves[0], curves[1], curves[2], 0.25 * sd * sd,
                                     0, count, curves[0]);
    memcpy(g + from, curves[0], count * sizeof *g);
    return least_g(slice, sd, &at, g, least, work);
}

enum { FLOOR_STEP = 2 }; /* every second point of the grid is held up */

/* Floors at the fit's grid where both expiries are quoted. */
static void set_floors(vw_hks_fit *fit, const vw_slice *before, vw_slice_work *work)
{
    double sd = fit->hks.sd, sd2, one[3], *z = work->fine[0];
    vw_fit_smile smile;
    size_t index[VW_HKS_GRID], count = 0;

    sd2 = before->model == VW_MODEL_HKS ? before->hks.sd : sd;
    smile = in_deviations(before, sd2, one);
    for (size_t i = fit->at.first; i < fit->at.last; i += FLOOR_STEP) {
        double at = fit->at.z[i], k = at * sd;

        if (at >= fit->quotes.z[0] && at <= fit->quotes.z[fit->count - 1] && k >= before->k_min &&
            k <= before->k_max) {
            index[count] = i;
            z[count++] = k / sd2;
        }
    }
    work->kernels->variance(&smile, z, count, work->fine[1]);
    for (size_t i = 0; i < count; i++) {
        fit->floor[index[i]] = work->fine[1][i] * sd2 * sd2;
    }
    fit->floored = count > 0;
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
    double least;

    if (!(fit->inside > *share)) {
        return;
    }
    next.model = VW_MODEL_HKS;
    next.hks = fit->hks;
    next.k_min = smile->k[fit->first];
    next.k_max = smile->k[fit->first + fit->count - 1];
    next.least_floor = fit->least_floor;
    next.rung = rung;
    least = fit->settled ? fit->least_g : INFINITY; /* else g is not that of the smile kept */
    for (size_t i = fit->at.first; i < fit->at.last && !fit->settled; i++) {
        least = lesser(least, fit->g[i]);
    }
    next.least_g = least_g(&next, fit->hks.sd, &fit->at, fit->g, least, work);
    if (next.least_g >= 0) {
        *best = next;
        *share = fit->inside;
        work->modelled = fit->count == smile->count;
        for (size_t i = 0; i < fit->count && work->modelled; i++) {
            work->model[i] = fit->model[i] * fit->hks.sd * fit->hks.sd;
        }
    }
}

/* Takes quotes in doubt out of the smile; false when there are none, or it was done before. */
static bool drop_doubtful(vw_smile *smile, vw_slice_work *work)
{
    if (smile->half_vol == work->half_vol || vw_doubt_quotes(smile, work->half_vol) == 0) {
        return false;
    }
    smile->half_vol = work->half_vol;
    return true;
}

/* Climbs the ladder; leaves the best smile in *best and returns its share inside, or -1.  Quotes
 * are doubted once the first attempt leaves some outside, and it is made again without them. */
static double climb(vw_slice *best, vw_smile *smile, const vw_slice *before, vw_slice_work *work)
{
    vw_hks_fit *fit = work->hks;
    double share = -1, enough = 0;
    range planned = {0, 0};

    for (uint8_t rung = 0; rung < VW_SLICE_RUNGS; rung++) {
        range quotes;
        bool all;

        if (rung == 1 && share < 1 && drop_doubtful(smile, work)) {
            rung = 0;
            planned.count = 0;
        }
        quotes = range_of(smile, rung);
        all = quotes.count == smile->count;
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
                set_floors(fit, before, work);
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
    work->kernels->variance(&in_z, work->z, n, work->model);
    for (size_t i = 0; i < n; i++) {
        work->model[i] *= sd * sd;
    }
}

static void measure(vw_slice *slice, const vw_smile *smile, vw_slice_work *work)
{
    if (!work->modelled) {
        evaluate(slice, slice->model, smile, work);
    }
    work->modelled = false;
    slice->fit = vw_smile_measure(smile, work->kernels, work->model, slice->k_min, slice->k_max);
}

static void measure_svi(vw_slice *slice, const vw_smile *smile, vw_slice_work *work)
{
    slice->svi_rmse_vol = NAN;
    if (slice->svi.sigma > 0) {
        evaluate(slice, VW_MODEL_SVI, smile, work);
        slice->svi_rmse_vol =
            vw_smile_measure(smile, work->kernels, work->model, slice->k_min, slice->k_max)
                .rmse_vol;
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
    slice->least_g = least_g_svi(slice, smile->atm_vol * sqrt(smile->years), work);
    measure(slice, smile, work);
    slice->svi_rmse_vol = slice->fit.rmse_vol;
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

/* Where raw SVI is sought first: where it was, else where the expiry before has it, in deviations.
 */
static vw_svi guess_svi(const vw_slice *slice, const vw_smile *smile, const vw_slice *before)
{
    vw_svi guess = slice->svi;

    if (!(guess.sigma > 0) && before != NULL && before->svi.sigma > 0 && before->hks.sd > 0) {
        double ratio = smile->atm_vol * sqrt(smile->years) / before->hks.sd;

        guess = before->svi;
        guess.m *= ratio;
        guess.sigma *= ratio;
    }
    return guess;
}

vw_status vw_slice_fit_model(vw_slice *slice, const vw_smile *smile, size_t hks_quotes_min,
                             const vw_slice *before, vw_slice_work *work)
{
    vw_slice next = {.model = VW_MODEL_NONE,
                     .years = smile->years,
                     .svi = slice->svi,
                     .svi_rmse_vol = slice->svi_rmse_vol};
    vw_smile sure = *smile; /* without the quotes in doubt, once there are some */
    double share = -1;

    work->modelled = false;
    if (smile->count < VW_SVI_FIT_QUOTES_MIN) {
        return refuse(slice);
    }
    if (smile->count >= hks_quotes_min) {
        share = climb(&next, &sure, before, work);
    }
    if (next.model == VW_MODEL_HKS) {
        measure(&next, smile, work);
    }
    if (share < rungs[VW_SLICE_RUNGS - 1].enough) {
        vw_svi guess = guess_svi(slice, smile, before);
        vw_slice svi = next;

        if (vw_svi_fit(work->svi, &sure, &guess, &svi.svi)) {
            use_svi(&svi, smile, work);
            next = share_inside(&svi) > share ? svi : next;
        }
    }
    if (next.model == VW_MODEL_NONE) {
        return refuse(slice);
    }
    next.status = VW_STATUS_OK;
    *slice = next;
    return VW_STATUS_OK;
}

void vw_slice_fit_svi(vw_slice *slice, const vw_smile *smile, const vw_slice *before,
                      vw_slice_work *work)
{
    vw_svi guess = guess_svi(slice, smile, before);

    if (slice->model != VW_MODEL_HKS) {
        return;
    }
    slice->svi.sigma = 0;
    vw_svi_fit(work->svi, smile, &guess, &slice->svi);
    measure_svi(slice, smile, work);
}

vw_status vw_slice_fit(vw_slice *slice, const vw_smile *smile, size_t hks_quotes_min,
                       const vw_slice *before, vw_slice_work *work)
{
    vw_status status = vw_slice_fit_model(slice, smile, hks_quotes_min, before, work);

    if (status == VW_STATUS_OK) {
        vw_slice_fit_svi(slice, smile, before, work);
    }
    return status;
}
