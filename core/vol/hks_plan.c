#include "core/vol/hks_fit.h"

#include <math.h>
#include <string.h>

#include "core/vol/columns.h"

enum { QUOTES_MIN = 8, FIT_COLUMNS = 9 };
static const double DEAD_ZONE = 0.7; /* of the half-spread */
static const double K_MAX = 3;

size_t vw_hks_fit_size(size_t room)
{
    size_t line = vw_round_up(room, 16);
    size_t columns = FIT_COLUMNS + VW_HKS_TERMS_MAX;

    return room == 0 || room > 65536
               ? 0
               : vw_round_up(sizeof(vw_hks_fit), VW_LINE_PAIR) +
                     (columns * line + 3 * VW_HKS_TERMS_MAX * VW_HKS_GRID_LINE) * sizeof(double);
}

vw_hks_fit *vw_hks_fit_init(void *mem, size_t room)
{
    vw_hks_fit *fit = mem;
    double *at = (double *)((unsigned char *)mem + vw_round_up(sizeof *fit, VW_LINE_PAIR));
    double **columns[] = {&fit->z,      &fit->weight2, &fit->low, &fit->high, &fit->mid,
                          &fit->target, &fit->bid,     &fit->ask, &fit->model};

    vw_check(vw_hks_fit_size(room) != 0);
    memset(fit, 0, sizeof *fit);
    fit->room = room;
    fit->line = vw_round_up(room, 16);
    for (size_t i = 0; i < VW_COUNT_OF(columns); i++, at += fit->line) {
        *columns[i] = at;
    }
    fit->basis = at;
    at += VW_HKS_TERMS_MAX * fit->line;
    for (size_t i = 0; i < 3; i++, at += VW_HKS_TERMS_MAX * VW_HKS_GRID_LINE) {
        fit->grid[i] = at;
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
static void fill_basis(const vw_hks *hks, const double *z, size_t count, size_t line, double *value,
                       double *slope, double *bend)
{
    for (size_t i = 0; i < count; i++) {
        value[i] = 1;
        value[line + i] = z[i];
    }
    for (size_t i = 0; slope != NULL && i < count; i++) {
        slope[i] = bend[i] = bend[line + i] = 0;
        slope[line + i] = 1;
    }
    for (uint32_t j = 0; j < hks->nodes; j++) {
        size_t at = (VW_HKS_TERM_NODE + j) * line;

        vw_columns_hyperbola(z, hks->m[j], hks->s[j], count, value + at,
                             slope != NULL ? slope + at : NULL, bend != NULL ? bend + at : NULL);
    }
}

/* Dense over the quotes and a little beyond, then geometric to |k| = 3 on either side. */
static void fill_grid(vw_hks_fit *fit)
{
    double low = fit->z[0] - 1.5, high = fit->z[fit->count - 1] + 1;
    double end = K_MAX / fit->hks.sd, *z = fit->grid_z;

    for (size_t i = 0; i < VW_HKS_DENSE; i++) {
        z[VW_HKS_TAIL + i] = low + (high - low) * (double)i / (VW_HKS_DENSE - 1);
    }
    for (int i = 0; i < VW_HKS_TAIL; i++) {
        double share = (double)(i + 1) / VW_HKS_TAIL;

        z[VW_HKS_TAIL - 1 - i] = low < 0 && low > -end ? low * pow(end / -low, share) : low;
        z[VW_HKS_TAIL + VW_HKS_DENSE + i] =
            high > 0 && high < end ? high * pow(end / high, share) : high;
    }
    for (size_t i = VW_HKS_GRID; i < VW_HKS_GRID_LINE; i++) {
        z[i] = z[VW_HKS_GRID - 1];
    }
    fill_basis(&fit->hks, z, VW_HKS_GRID_LINE, VW_HKS_GRID_LINE, fit->grid[0], fit->grid[1],
               fit->grid[2]);
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

/* How much weight the quotes around each node carry: the scale of its smoothing. */
static void weigh_nodes(vw_hks_fit *fit)
{
    double sorted[VW_HKS_NODES_MAX], least;
    const vw_hks *hks = &fit->hks;

    for (uint32_t j = 0; j < hks->nodes; j++) {
        double sum = 0, weighted = 0;

        for (size_t i = 0; i < fit->count; i++) {
            double x = (fit->z[i] - hks->m[j]) / hks->s[j], kernel = exp(-0.5 * x * x);
            sum += kernel;
            weighted += kernel * fit->weight2[i];
        }
        fit->base[j] = sum > 0 ? sqrt(weighted / sum * fmax(sum, 1)) : 0;
        sorted[j] = fit->base[j];
    }
    least = 0.02 * median(sorted, hks->nodes);
    for (uint32_t j = 0; j < hks->nodes; j++) {
        fit->base[j] = fmax(fit->base[j], least);
    }
}

static void fill_normal(vw_hks_fit *fit)
{
    for (size_t a = 0; a < fit->terms; a++) {
        for (size_t b = 0; b <= a; b++) {
            fit->normal[a][b] = vw_columns_dot3(fit->weight2, fit->basis + a * fit->line,
                                                fit->basis + b * fit->line, fit->count);
        }
    }
}

bool vw_hks_fit_plan(vw_hks_fit *fit, const vw_smile *smile, size_t first, size_t count)
{
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
    for (size_t i = fit->count; i < vw_round_up(fit->count, 8); i++) {
        fit->z[i] = fit->z[fit->count - 1];
        fit->weight2[i] = fit->mid[i] = fit->low[i] = fit->high[i] = 0;
    }
    fit->terms = VW_HKS_TERM_NODE + fit->hks.nodes;
    fill_basis(&fit->hks, fit->z, vw_round_up(fit->count, 8), fit->line, fit->basis, NULL, NULL);
    fill_grid(fit);
    weigh_nodes(fit);
    fill_normal(fit);
    memset(fit->floor, 0, sizeof fit->floor);
    return true;
}
