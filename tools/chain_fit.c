#include "tools/chain_fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { GRID = 193, ARBITRAGES_MAX = 65536 };
static const double TICK = 0.05, TICK_VIX = 0.01;

/* What the fits share while they run. */
typedef struct bench {
    double *scratch;
    const vw_fit_kernels *kernels;
    vw_slice_work *work;
    vw_rate_curve curves[VW_CHAIN_FIT_SURFACES];
    vw_forward *free_fits;
    double *years;
} bench;

static void *take(vw_chain_fit *fit, size_t count, size_t size)
{
    size_t bytes = vw_round_up(count * size + 1, VW_LINE_PAIR);
    void *memory = aligned_alloc(VW_LINE_PAIR, bytes);

    if (memory != NULL) {
        memset(memory, 0, bytes);
        fit->memory[fit->memory_count++] = memory;
    }
    return memory;
}

static size_t strikes_max(const vw_chain_fit *fit)
{
    size_t most = 1;

    for (size_t i = 0; i < fit->slices.count; i++) {
        most = fit->slices.list[i].count > most ? fit->slices.list[i].count : most;
    }
    return most;
}

static vw_family family_of(const vw_chain_slice *slice)
{
    const vw_root *root = vw_root_find(slice->root, strlen(slice->root));

    return root != NULL ? root->family : VW_FAMILY_OTHER;
}

static double multiplier_of(const vw_expiry_fit *expiry)
{
    const vw_root *root = vw_root_find(expiry->slice->root, strlen(expiry->slice->root));

    return root != NULL ? root->multiplier : 100;
}

static int by_settlement(const void *left, const void *right)
{
    const vw_expiry_fit *a = left, *b = right;

    if (a->years != b->years) {
        return a->years < b->years ? -1 : 1;
    }
    return strcmp(a->slice->root, b->slice->root);
}

static void list_expiries(vw_chain_fit *fit)
{
    for (size_t i = 0; i < fit->slices.count; i++) {
        const vw_chain_slice *slice = &fit->slices.list[i];
        int64_t settlement_ns =
            vw_calendar_settlement_ns(NULL, slice->root, slice->expiry, slice->settlement);
        vw_expiry_fit *expiry = &fit->expiries[fit->count++];
        vw_family family = family_of(slice);

        *expiry = (vw_expiry_fit){.slice = slice,
                                  .family = family,
                                  .years = vw_calendar_years(fit->at_ns, settlement_ns),
                                  .at = SIZE_MAX,
                                  .calendar_min = NAN};
        expiry->quotes = (vw_parity){slice->strike,
                                     slice->call_bid,
                                     slice->call_ask,
                                     slice->put_bid,
                                     slice->put_ask,
                                     slice->count,
                                     expiry->years,
                                     family == VW_FAMILY_VIX ? TICK_VIX : TICK,
                                     0};
        expiry->status = expiry->years > 0 ? VW_STATUS_NO_MARKET : VW_STATUS_EXPIRED;
    }
    qsort(fit->expiries, fit->count, sizeof *fit->expiries, by_settlement);
}

/* One curve a family, through its own expiries. */
static void fit_curves(vw_chain_fit *fit, bench *b, double rate)
{
    for (size_t i = 0; i < fit->count; i++) {
        b->years[i] = fit->expiries[i].years;
        vw_forward_fit(&fit->expiries[i].quotes, b->kernels, b->scratch, &b->free_fits[i]);
    }
    for (int family = 0; family < VW_CHAIN_FIT_SURFACES; family++) {
        for (size_t i = 0; i < fit->count; i++) { /* others tell nothing here */
            b->years[i] = (int)fit->expiries[i].family == family ? fit->expiries[i].years : 0;
        }
        vw_rate_curve_fit(&b->curves[family], b->free_fits, b->years, fit->count, rate);
    }
}

/* Quotes of which no smile passes through half are not of one market. */
static bool misses_most(const vw_smile_quality *quality)
{
    return 2 * quality->inside < quality->quotes;
}

static void fit_expiry(vw_chain_fit *fit, bench *b, size_t index, const vw_kernels *kernels)
{
    vw_expiry_fit *expiry = &fit->expiries[index];
    vw_surface *surface = &fit->surfaces[expiry->family];
    size_t hks_quotes =
        expiry->family == VW_FAMILY_VIX ? VW_SLICE_HKS_QUOTES_VIX : VW_SLICE_HKS_QUOTES;
    double rate =
        vw_rate_curve_near(&b->curves[expiry->family], &b->free_fits[index], expiry->years);
    vw_surface_expiry *in_surface;

    expiry->quotes.discount = exp(-rate * expiry->years);
    vw_forward_fit(&expiry->quotes, b->kernels, b->scratch, &expiry->forward);
    if (expiry->forward.used == 0) {
        return;
    }
    vw_smile_gather(&expiry->smile, &expiry->quotes, expiry->forward.forward,
                    expiry->forward.discount, kernels);
    expiry->at = vw_surface_add(surface, vw_calendar_settlement_ns(NULL, expiry->slice->root,
                                                                   expiry->slice->expiry,
                                                                   expiry->slice->settlement));
    in_surface = &surface->expiries[expiry->at];
    in_surface->forward = expiry->forward.forward;
    in_surface->discount = expiry->forward.discount;
    vw_surface_set_time(surface, NULL, fit->at_ns);
    expiry->status = vw_slice_fit(&in_surface->slice, &expiry->smile, hks_quotes,
                                  vw_surface_before(surface, expiry->at), b->work);
    if (expiry->status == VW_STATUS_OK &&
        (expiry->forward.status == VW_STATUS_STALE || misses_most(&in_surface->slice.fit))) {
        expiry->status = VW_STATUS_STALE;
    }
}

const vw_slice *vw_chain_fit_slice(const vw_chain_fit *fit, const vw_expiry_fit *expiry)
{
    const vw_slice *slice;

    if (expiry->at == SIZE_MAX) {
        return NULL;
    }
    slice = &fit->surfaces[expiry->family].expiries[expiry->at].slice;
    return slice->model != VW_MODEL_NONE ? slice : NULL;
}

void vw_chain_fit_variance(const vw_chain_fit *fit, const vw_expiry_fit *expiry, const double *k,
                           double *w, size_t count)
{
    vw_surface_variance(&fit->surfaces[expiry->family], expiry->at, k, w, count);
}

/* Least of w / w before - 1 as queried, where both expiries are quoted. */
static double calendar_min(const vw_chain_fit *fit, const vw_expiry_fit *before,
                           const vw_expiry_fit *expiry)
{
    const vw_slice *a = vw_chain_fit_slice(fit, before), *b = vw_chain_fit_slice(fit, expiry);
    double low = fmax(a->k_min, b->k_min), high = fmin(a->k_max, b->k_max), least = INFINITY;
    double k[GRID], w[2][GRID];

    for (int i = 0; i < GRID; i++) {
        k[i] = low + (high - low) * i / (GRID - 1);
    }
    if (low <= high) {
        vw_chain_fit_variance(fit, before, k, w[0], GRID);
        vw_chain_fit_variance(fit, expiry, k, w[1], GRID);
        for (int i = 0; i < GRID; i++) {
            least = fmin(least, w[1][i] / w[0][i] - 1);
        }
    }
    return least < INFINITY ? least : NAN;
}

static void measure(vw_chain_fit *fit, const vw_fit_kernels *kernels)
{
    const vw_expiry_fit *before[VW_CHAIN_FIT_SURFACES] = {NULL};

    for (size_t i = 0; i < fit->count; i++) {
        vw_expiry_fit *expiry = &fit->expiries[i];
        const vw_slice *slice = vw_chain_fit_slice(fit, expiry);

        if (slice == NULL) {
            continue;
        }
        expiry->lifted =
            vw_surface_variance(&fit->surfaces[expiry->family], expiry->at, expiry->smile.k,
                                expiry->variance, expiry->smile.count);
        expiry->quality =
            vw_smile_measure(&expiry->smile, kernels, expiry->variance, slice->k_min, slice->k_max);
        if (fit->surfaces[expiry->family].related && before[expiry->family] != NULL) {
            expiry->calendar_min = calendar_min(fit, before[expiry->family], expiry);
        }
        before[expiry->family] = expiry;
    }
}

vw_arbitrage_market vw_chain_fit_market(const vw_expiry_fit *expiry)
{
    return (vw_arbitrage_market){.quotes = expiry->quotes,
                                 .forward = expiry->forward.forward,
                                 .discount = expiry->forward.discount,
                                 .forward_se = expiry->forward.forward_se,
                                 .rate_se = expiry->rate_se,
                                 .multiplier = multiplier_of(expiry)};
}

static bool find_arbitrages(vw_chain_fit *fit, bench *b)
{
    vw_arbitrage *rows = take(fit, ARBITRAGES_MAX, sizeof *rows);
    const vw_expiry_fit *before[VW_CHAIN_FIT_SURFACES] = {NULL};

    fit->arbitrages = take(fit, ARBITRAGES_MAX, sizeof *fit->arbitrages);
    if (rows == NULL || fit->arbitrages == NULL) {
        return false;
    }
    for (size_t i = 0; i < fit->count; i++) {
        vw_expiry_fit *far = &fit->expiries[i];
        const vw_expiry_fit *near = before[far->family];
        size_t room = ARBITRAGES_MAX - fit->arbitrage_count, found, within;

        if (far->forward.used == 0) {
            continue;
        }
        far->rate_se = fmax(b->curves[far->family].scatter, VW_ARBITRAGE_RATE_SE);
        vw_arbitrage_market here = vw_chain_fit_market(far);
        far->residual = vw_arbitrage_residual(&here, b->kernels, b->scratch);
        within = vw_arbitrage_find(&here, b->scratch, rows, room);
        within = within < room ? within : room;
        found = within;
        if (near != NULL && fit->surfaces[far->family].related) {
            vw_arbitrage_market there = vw_chain_fit_market(near);
            found += vw_arbitrage_find_calendars(&there, &here, b->scratch, rows + within,
                                                 room - within);
        }
        for (size_t j = 0; j < found && j < room; j++) {
            fit->arbitrages[fit->arbitrage_count++] =
                j < within ? (vw_found_arbitrage){rows[j], far, NULL}
                           : (vw_found_arbitrage){rows[j], near, far};
        }
        before[far->family] = far;
    }
    return true;
}

/* Lays out everything whose size the chain decides. */
static bool lay_out(vw_chain_fit *fit, bench *b, const char *isa)
{
    size_t most = strikes_max(fit), count = fit->slices.count;
    size_t smile_size = vw_round_up(vw_smile_size(most), VW_LINE_PAIR);
    unsigned char *smiles = take(fit, count, smile_size);
    double *variances = take(fit, count * most, sizeof *variances);
    unsigned char *surfaces =
        take(fit, VW_CHAIN_FIT_SURFACES, vw_round_up(vw_surface_size(count), VW_LINE_PAIR));
    void *work = take(fit, 1, vw_slice_work_size(most));
    double *doubles = take(fit, VW_ARBITRAGE_RESIDUAL_SCRATCH(most) + count, sizeof *doubles);

    b->free_fits = take(fit, count, sizeof *b->free_fits);
    if (smiles == NULL || variances == NULL || surfaces == NULL || work == NULL ||
        doubles == NULL || b->free_fits == NULL) {
        return false;
    }
    b->scratch = doubles;
    b->kernels = vw_fit_kernels_get(isa);
    b->years = doubles + VW_ARBITRAGE_RESIDUAL_SCRATCH(most);
    b->work = vw_slice_work_init(work, most, isa);
    for (int i = 0; i < VW_CHAIN_FIT_SURFACES; i++) {
        vw_surface_init(&fit->surfaces[i],
                        surfaces + (size_t)i * vw_round_up(vw_surface_size(count), VW_LINE_PAIR),
                        count, i != VW_FAMILY_VIX, b->kernels);
    }
    for (size_t i = 0; i < count; i++) {
        vw_smile_init(&fit->expiries[i].smile, smiles + i * smile_size, most);
        fit->expiries[i].variance = variances + i * most;
    }
    return true;
}

vw_err vw_chain_fit_make(const vw_chain *chain, int64_t at_ns, double rate,
                         const vw_kernels *kernels, vw_chain_fit *fit, vw_error *error)
{
    bench b = {0};
    vw_err err;

    *fit = (vw_chain_fit){.at_ns = at_ns};
    err = vw_chain_slices_make(chain, &fit->slices, error);
    if (err != VW_OK) {
        return err;
    }
    fit->expiries = take(fit, fit->slices.count, sizeof *fit->expiries);
    if (fit->expiries == NULL) {
        return vw_fail(error, VW_ERR_SYSTEM, "out of memory");
    }
    list_expiries(fit);
    if (!lay_out(fit, &b, kernels->isa)) {
        return vw_fail(error, VW_ERR_SYSTEM, "out of memory");
    }
    fit_curves(fit, &b, rate);
    for (size_t i = 0; i < fit->count; i++) {
        if (fit->expiries[i].years > 0) {
            fit_expiry(fit, &b, i, kernels);
        }
    }
    measure(fit, vw_fit_kernels_get(kernels->isa));
    return find_arbitrages(fit, &b) ? VW_OK : vw_fail(error, VW_ERR_SYSTEM, "out of memory");
}

void vw_chain_fit_free(vw_chain_fit *fit)
{
    for (size_t i = 0; i < fit->memory_count; i++) {
        free(fit->memory[i]);
    }
    vw_chain_slices_free(&fit->slices);
    *fit = (vw_chain_fit){0};
}
