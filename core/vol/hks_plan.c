#include "core/vol/hks_fit.h"

#include <math.h>
#include <string.h>

enum { QUOTES_MIN = 8, FIT_COLUMNS = 10 };
static const double DEAD_ZONE = 0.7; /* of the half-spread */
static const double K_MAX = 3;
static const double BELL_REACH = 8; /* widths: the bell is 1e-14 there */

/* A column of a power of two would put all columns into the same cache sets. */
static size_t line_of(size_t count)
{
    return vw_round_up(count, 8) + 8;
}

size_t vw_hks_fit_size(size_t room)
{
    size_t columns = FIT_COLUMNS + VW_HKS_TERMS_MAX;

    return room == 0 || room > 65536
               ? 0
               : vw_round_up(sizeof(vw_hks_fit), VW_LINE_PAIR) +
                     (columns * line_of(room) + 3 * VW_HKS_TERMS_MAX * VW_HKS_GRID_LINE) *
                         sizeof(double);
}

vw_hks_fit *vw_hks_fit_init(void *mem, size_t room, const vw_fit_kernels *kernels)
{
    vw_hks_fit *fit = mem;
    double *at = (double *)((unsigned char *)mem + vw_round_up(sizeof *fit, VW_LINE_PAIR));
    double **columns[] = {&fit->z,   &fit->weight2, &fit->low,    &fit->high,  &fit->mid,
                          &fit->bid, &fit->ask,     &fit->target, &fit->model, &fit->scratch};

    _Static_assert(VW_COUNT_OF(columns) == FIT_COLUMNS, "one line each");
    vw_check(vw_hks_fit_size(room) != 0);
    memset(fit, 0, sizeof *fit);
    fit->room = room;
    fit->kernels = kernels;
    for (size_t i = 0; i < VW_COUNT_OF(columns); i++, at += line_of(room)) {
        *columns[i] = at;
    }
    fit->basis = at;
    at += VW_HKS_TERMS_MAX * line_of(room);
    for (size_t i = 0; i < 3; i++, at += VW_HKS_TERMS_MAX * VW_HKS_GRID_LINE) {
        fit->grid_basis[i] = at;
    }
    return fit;
}

static void take_quotes(vw_hks_fit *fit, const vw_smile *smile)
{
    double sd = fit->hks.sd, unit = smile->years / (sd * sd);

    for (size_t at = 0; at < fit->count; at++) {
        size_t i = fit->first + at;
        double vol = smile->vol[i], half = smile->half_vol[i];
        double low = fmax(vol - DEAD_ZONE * half, 0), high = vol + DEAD_ZONE * half;
        double weight = 1 / (half * 2 * vol * unit);

        fit->z[at] = smile->k[i] / sd;
        fit->weight2[at] = weight * weight;
        fit->low[at] = low * low * unit;
        fit->high[at] = high * high * unit;
        fit->mid[at] = vol * vol * unit;
        fit->bid[at] = smile->bid_vol[i] * smile->bid_vol[i] * unit;
        fit->ask[at] = smile->ask_vol[i] * smile->ask_vol[i] * unit;
    }
}

/* Columns of the basis at z[0 .. count): value, and slope and bend if wanted. */
static void fill_basis(const vw_hks_fit *fit, const double *z, size_t count, size_t line,
                       double *value, double *slope, double *bend)
{
    for (size_t i = 0; i < vw_round_up(count, 8); i++) {
        value[i] = 1;
        value[line + i] = z[i];
    }
    for (size_t i = 0; slope != NULL && i < vw_round_up(count, 8); i++) {
        slope[i] = bend[i] = bend[line + i] = 0;
        slope[line + i] = 1;
    }
    for (uint32_t j = 0; j < fit->hks.nodes; j++) {
        size_t at = (VW_HKS_TERM_NODE + j) * line;

        fit->kernels->hyperbola(z, fit->hks.m[j], fit->hks.s[j], count, value + at,
                                slope != NULL ? slope + at : NULL, bend != NULL ? bend + at : NULL);
    }
}

/* Dense over the quotes and a little beyond, then geometric to |k| = 3 on either side. */
static void fill_grid(vw_hks_fit *fit)
{
    double low = fit->z[0] - 1.5, high = fit->z[fit->count - 1] + 1;
    double end = K_MAX / fit->hks.sd, *z = fit->grid_z;
    double step_down = pow(fmax(end / -low, 1), 1.0 / VW_HKS_TAIL);
    double step_up = pow(fmax(end / high, 1), 1.0 / VW_HKS_TAIL);

    for (size_t i = 0; i < VW_HKS_DENSE; i++) {
        z[VW_HKS_TAIL + i] = low + (high - low) * (double)i / (VW_HKS_DENSE - 1);
    }
    for (int i = 0; i < VW_HKS_TAIL; i++) {
        z[VW_HKS_TAIL - 1 - i] = z[VW_HKS_TAIL - i] * step_down;
        z[VW_HKS_TAIL + VW_HKS_DENSE + i] = z[VW_HKS_TAIL + VW_HKS_DENSE + i - 1] * step_up;
    }
    for (size_t i = VW_HKS_GRID; i < VW_HKS_GRID_LINE; i++) {
        z[i] = z[VW_HKS_GRID - 1];
    }
    fill_basis(fit, z, VW_HKS_GRID, VW_HKS_GRID_LINE, fit->grid_basis[0], fit->grid_basis[1],
               fit->grid_basis[2]);
    for (size_t i = 0; i < 3; i++) {
        fit->grid[i] =
            (vw_fit_table){fit->grid_basis[i], VW_HKS_GRID_LINE, fit->terms, VW_HKS_GRID};
    }
}

static double median(double *v, size_t n)
{
    for (size_t i = 1; i < n; i++) { /* a few dozen: insertion */
        double x = v[i];
        size_t j = i;
        for (; j > 0 && v[j - 1] > x; j--) {
            v[j] = v[j - 1];
        }
        v[j] = x;
    }
    return n % 2 == 1 ? v[n / 2] : 0.5 * (v[n / 2 - 1] + v[n / 2]);
}

/* The first quote with z >= at, rounded down to a whole block. */
static size_t find_block(const vw_hks_fit *fit, double at)
{
    size_t low = 0, high = fit->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (fit->z[middle] < at) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low / 8 * 8;
}

/* How much weight the quotes around each node carry: the scale of its smoothing. */
static void weigh_nodes(vw_hks_fit *fit)
{
    double sorted[VW_HKS_NODES_MAX], least;
    const vw_hks *hks = &fit->hks;

    for (uint32_t j = 0; j < hks->nodes; j++) {
        double sums[2]; /* of the bell around the node, and of the weights under it */

        size_t from = find_block(fit, hks->m[j] - BELL_REACH * hks->s[j]);
        size_t to = find_block(fit, hks->m[j] + BELL_REACH * hks->s[j]) + 8;

        to = to < fit->count ? to : fit->count;
        fit->kernels->bell(fit->z + from, fit->weight2 + from, hks->m[j], hks->s[j], to - from,
                           sums);
        fit->base[j] = sums[0] > 0 ? sqrt(sums[1] / sums[0] * fmax(sums[0], 1)) : 0;
        sorted[j] = fit->base[j];
    }
    least = 0.02 * median(sorted, hks->nodes);
    for (uint32_t j = 0; j < hks->nodes; j++) {
        fit->base[j] = fmax(fit->base[j], least);
    }
}

/* What lies between the last quote and the next multiple of 8: far from every node, no weight. */
static void pad_quotes(vw_hks_fit *fit)
{
    for (size_t i = fit->count; i < vw_round_up(fit->count, 8); i++) {
        fit->z[i] = 1e6;
        fit->weight2[i] = fit->mid[i] = fit->target[i] = fit->low[i] = fit->high[i] = 0;
    }
}

bool vw_hks_fit_plan(vw_hks_fit *fit, const vw_smile *smile, size_t first, size_t count)
{
    size_t line = line_of(count);

    vw_check(smile->count <= fit->room && first + count <= smile->count);
    fit->first = first;
    fit->count = count;
    fit->hks = (vw_hks){.sd = smile->atm_vol * sqrt(smile->years)};
    if (!(fit->hks.sd > 0) || count < QUOTES_MIN) {
        return false;
    }
    take_quotes(fit, smile);
    vw_hks_place(&fit->hks, fit->z, fit->count);
    if (fit->hks.nodes == 0) {
        return false;
    }
    pad_quotes(fit);
    fit->terms = VW_HKS_TERM_NODE + fit->hks.nodes;
    fit->quotes = (vw_fit_table){fit->basis, line, fit->terms, count};
    fill_basis(fit, fit->z, count, line, fit->basis, NULL, NULL);
    fill_grid(fit);
    weigh_nodes(fit);
    fit->kernels->normal(&fit->quotes, fit->weight2, fit->scratch, fit->normal);
    memset(fit->floor, 0, sizeof fit->floor);
    fit->floored = false;
    return true;
}
