#include "core/vol/hks_fit.h"

#include <math.h>
#include <string.h>

enum { QUOTES_MIN = 8, PASSES_MIN = 3, TERM_ONE = 0, TERM_Z = 1, TERM_NODE = 2 };
static const double DEAD_ZONE = 0.7;  /* of the half-spread */
static const double RIDGE = 1e-5;
static const double JITTER = 1e-13;   /* on the unit diagonal */
static const double SLOPE_MIN = 0.02; /* of both wings, outwards */
static const double G_MIN = 1e-3, VALUE_MIN = 1e-3;
static const double K_MAX = 3;
static const double RAISE = 3;        /* of the smoothing where g fails */
static const double FLOOR_MARGIN = 2e-5;
static const double FLOOR_WEIGHT = 3, FLOOR_GROWTH = 1.6;

size_t vw_hks_fit_size(size_t room)
{
    size_t line = vw_round_up(room, 16);
    size_t columns = 9 + VW_HKS_TERMS_MAX;

    return room == 0 || room > 65536
               ? 0
               : vw_round_up(sizeof(vw_hks_fit), VW_LINE_PAIR) +
                     (columns * line + 3 * VW_HKS_TERMS_MAX * VW_HKS_GRID_LINE) * sizeof(double);
}

vw_hks_fit *vw_hks_fit_init(void *mem, size_t room)
{
    vw_hks_fit *fit = mem;
    double *at = (double *)((unsigned char *)mem + vw_round_up(sizeof *fit, VW_LINE_PAIR));
    double **columns[] = {&fit->z,      &fit->weight2, &fit->low, &fit->high,
                          &fit->mid, &fit->target, &fit->bid,     &fit->ask, &fit->model};

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

/* ---- plan ---- */

static void take_quotes(vw_hks_fit *fit, const vw_smile *smile)
{
    double sd = fit->hks.sd, unit = smile->years / (sd * sd);

    fit->first = 0;
    fit->count = 0;
    for (size_t i = 0; i < smile->count; i++) {
        double z = smile->k[i] / sd, vol = smile->vol[i], half = smile->half_vol[i];
        size_t at = fit->count;

        if (z < -fit->z_cut) {
            fit->first = i + 1;
        }
        if (!(fabs(z) <= fit->z_cut)) {
            continue;
        }
        double low = fmax(vol - DEAD_ZONE * half, 0), high = vol + DEAD_ZONE * half;
        double weight = 1 / (half * 2 * vol * unit);

        fit->z[at] = z;
        fit->weight2[at] = weight * weight;
        fit->low[at] = low * low * unit;
        fit->high[at] = high * high * unit;
        fit->mid[at] = vol * vol * unit;
        fit->bid[at] = smile->bid_vol[i] * smile->bid_vol[i] * unit;
        fit->ask[at] = smile->ask_vol[i] * smile->ask_vol[i] * unit;
        fit->count++;
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
    for (uint32_t j = 0; j < hks->nodes; j++) {
        double m = hks->m[j], s2 = hks->s[j] * hks->s[j];
        double *restrict to = value + (TERM_NODE + j) * line;

        for (size_t i = 0; i < count; i++) {
            to[i] = sqrt((z[i] - m) * (z[i] - m) + s2);
        }
        if (slope != NULL) {
            double *restrict to1 = slope + (TERM_NODE + j) * line;
            double *restrict to2 = bend + (TERM_NODE + j) * line;

            for (size_t i = 0; i < count; i++) {
                double inverse = 1 / to[i];
                to1[i] = (z[i] - m) * inverse;
                to2[i] = s2 * inverse * inverse * inverse;
            }
        }
    }
    if (slope != NULL) {
        for (size_t i = 0; i < count; i++) {
            slope[i] = bend[i] = bend[line + i] = 0;
            slope[line + i] = 1;
        }
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
        z[VW_HKS_TAIL + VW_HKS_DENSE + i] = high > 0 && high < end ? high * pow(end / high, share)
                                                                   : high;
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

static double dot3(const double *restrict a, const double *restrict b, const double *restrict c,
                   size_t n)
{
    double sum[8] = {0};

    for (size_t i = 0; i < n; i += 8) { /* columns are padded with zero weights */
        for (size_t l = 0; l < 8; l++) {
            sum[l] += a[i + l] * b[i + l] * c[i + l];
        }
    }
    return ((sum[0] + sum[4]) + (sum[1] + sum[5])) + ((sum[2] + sum[6]) + (sum[3] + sum[7]));
}

static void fill_normal(vw_hks_fit *fit)
{
    for (size_t a = 0; a < fit->terms; a++) {
        for (size_t b = 0; b <= a; b++) {
            fit->normal[a][b] = dot3(fit->weight2, fit->basis + a * fit->line,
                                     fit->basis + b * fit->line, fit->count);
        }
    }
}

bool vw_hks_fit_plan(vw_hks_fit *fit, const vw_smile *smile, double z_cut)
{
    vw_check(smile->count <= fit->room);
    fit->z_cut = z_cut;
    fit->hks = (vw_hks){.sd = smile->atm_vol * sqrt(smile->years)};
    if (!(fit->hks.sd > 0)) {
        return false;
    }
    take_quotes(fit, smile);
    if (fit->count < QUOTES_MIN) {
        return false;
    }
    vw_hks_place(&fit->hks, fit->z, fit->count);
    if (fit->hks.nodes == 0) {
        return false;
    }
    for (size_t i = fit->count; i < vw_round_up(fit->count, 8); i++) {
        fit->z[i] = fit->z[fit->count - 1];
        fit->weight2[i] = fit->mid[i] = fit->low[i] = fit->high[i] = 0;
    }
    fit->terms = TERM_NODE + fit->hks.nodes;
    fill_basis(&fit->hks, fit->z, vw_round_up(fit->count, 8), fit->line, fit->basis, NULL, NULL);
    fill_grid(fit);
    weigh_nodes(fit);
    fill_normal(fit);
    memset(fit->floor, 0, sizeof fit->floor);
    return true;
}

/* ---- solve ---- */

/* Second difference of c / s at interior nodes, and a ridge that settles what quotes leave open. */
static void add_smoothing(vw_hks_fit *fit, double lambda)
{
    const vw_hks *hks = &fit->hks;

    for (uint32_t j = 0; j < hks->nodes; j++) {
        size_t t = TERM_NODE + j;
        double base = fit->base[j], s = hks->s[j];

        fit->matrix[t][t] += RIDGE * fit->loosen[j] * base * base;
        if (j > 0 && j + 1 < hks->nodes) {
            double weight = lambda * fit->loosen[j] * base * base * s * s * s * s;
            double row[3] = {1 / hks->s[j - 1], -2 / s, 1 / hks->s[j + 1]};

            for (size_t a = 0; a < 3; a++) {
                for (size_t b = 0; b <= a; b++) {
                    fit->matrix[t - 1 + a][t - 1 + b] += weight * row[a] * row[b];
                }
            }
        }
    }
}

/* A row for each grid point below its floor. */
static void add_floors(vw_hks_fit *fit)
{
    double sd2 = fit->hks.sd * fit->hks.sd;

    for (size_t g = 0; g < VW_HKS_GRID; g++) {
        double weight2 = fit->floor_weight[g] * fit->floor_weight[g];

        if (!(weight2 > 0) || fit->value[g] * sd2 >= fit->floor[g]) {
            continue;
        }
        for (size_t a = 0; a < fit->terms; a++) {
            double row = weight2 * fit->grid[0][a * VW_HKS_GRID_LINE + g];

            fit->right[a] += row * fit->floor[g] * (1 + FLOOR_MARGIN) / sd2;
            for (size_t b = 0; b <= a; b++) {
                fit->matrix[a][b] += row * fit->grid[0][b * VW_HKS_GRID_LINE + g];
            }
        }
    }
}

/* Cholesky of the matrix scaled to a unit diagonal, in place. */
static bool factor(vw_hks_fit *fit)
{
    size_t n = fit->terms;

    for (size_t a = 0; a < n; a++) {
        fit->scale[a] = fit->matrix[a][a] > 0 ? 1 / sqrt(fit->matrix[a][a]) : 1;
    }
    for (size_t a = 0; a < n; a++) {
        double *row = fit->matrix[a];

        for (size_t b = 0; b <= a; b++) {
            double sum = row[b] * fit->scale[a] * fit->scale[b] + (a == b ? JITTER : 0);

            for (size_t i = 0; i < b; i++) {
                sum -= row[i] * fit->matrix[b][i];
            }
            if (a == b && !(sum > 0)) {
                return false;
            }
            row[b] = a == b ? sqrt(sum) : sum / fit->matrix[b][b];
        }
    }
    return true;
}

static void back_substitute(const vw_hks_fit *fit, const double *right, double *solution)
{
    size_t n = fit->terms;

    for (size_t a = 0; a < n; a++) {
        double sum = right[a] * fit->scale[a];
        for (size_t i = 0; i < a; i++) {
            sum -= fit->matrix[a][i] * solution[i];
        }
        solution[a] = sum / fit->matrix[a][a];
    }
    for (size_t a = n; a-- > 0;) {
        double sum = solution[a];
        for (size_t i = a + 1; i < n; i++) {
            sum -= fit->matrix[i][a] * solution[i];
        }
        solution[a] = sum / fit->matrix[a][a];
    }
    for (size_t a = 0; a < n; a++) {
        solution[a] *= fit->scale[a];
    }
}

static double product(const double *a, const double *b, size_t n)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++) {
        sum += a[i] * b[i];
    }
    return sum;
}

/* Holds the wings' slopes at their least value where the free solution falls short. */
static void hold_slopes(vw_hks_fit *fit)
{
    double row[2][VW_HKS_TERMS_MAX], pull[2][VW_HKS_TERMS_MAX], lack[2];
    size_t n = fit->terms;
    bool held[2] = {false, false};

    for (int side = 0; side < 2; side++) { /* outward slopes: -c1 + sum c, c1 + sum c */
        for (size_t a = 0; a < n; a++) {
            row[side][a] = a == TERM_ONE ? 0 : a == TERM_Z ? (side == 0 ? -1 : 1) : 1;
        }
        lack[side] = SLOPE_MIN - product(row[side], fit->solution, n);
        held[side] = lack[side] > 0;
    }
    for (int round = 0; round < 2 && (held[0] || held[1]); round++) {
        double step[2], cross, own[2];

        for (int side = 0; side < 2; side++) {
            back_substitute(fit, row[side], pull[side]);
            own[side] = product(row[side], pull[side], n);
        }
        cross = product(row[0], pull[1], n);
        if (held[0] && held[1]) {
            double det = own[0] * own[1] - cross * cross;
            step[0] = (lack[0] * own[1] - lack[1] * cross) / det;
            step[1] = (lack[1] * own[0] - lack[0] * cross) / det;
        } else {
            step[0] = held[0] ? lack[0] / own[0] : 0;
            step[1] = held[1] ? lack[1] / own[1] : 0;
            if (lack[held[0] ? 1 : 0] - cross * step[held[0] ? 0 : 1] > 0) {
                held[0] = held[1] = true; /* holding one let the other go */
                continue;
            }
        }
        for (size_t a = 0; a < n; a++) {
            fit->solution[a] += step[0] * pull[0][a] + step[1] * pull[1][a];
        }
        return;
    }
}

static void combine(const double *basis, size_t line, const double *c, size_t terms, size_t count,
                    double *out)
{
    memset(out, 0, count * sizeof *out);
    for (size_t t = 0; t < terms; t++) {
        const double *restrict column = basis + t * line;
        double *restrict to = out;
        double by = c[t];

        for (size_t i = 0; i < count; i++) {
            to[i] += by * column[i];
        }
    }
}

static void evaluate(vw_hks_fit *fit)
{
    combine(fit->basis, fit->line, fit->solution, fit->terms, fit->count, fit->model);
    combine(fit->grid[0], VW_HKS_GRID_LINE, fit->solution, fit->terms, VW_HKS_GRID_LINE,
            fit->value);
    combine(fit->grid[1], VW_HKS_GRID_LINE, fit->solution, fit->terms, VW_HKS_GRID_LINE,
            fit->slope);
    combine(fit->grid[2], VW_HKS_GRID_LINE, fit->solution, fit->terms, VW_HKS_GRID_LINE, fit->bend);
}

/* Durrleman's g on the grid, in units of z; raises the smoothing around failures. */
static bool check_butterflies(vw_hks_fit *fit, double *least)
{
    const vw_hks *hks = &fit->hks;
    double quarter = 0.25 * hks->sd * hks->sd;
    bool raise[VW_HKS_NODES_MAX] = {false};
    bool clean = true;

    *least = INFINITY;
    for (size_t i = 0; i < VW_HKS_GRID; i++) {
        double v = fit->value[i], s = fit->slope[i], z = fit->grid_z[i];
        double moment = 1 - 0.5 * z * s / v;
        double g = moment * moment - 0.25 * s * s * (1 / v + quarter) + 0.5 * fit->bend[i];

        g = v > VALUE_MIN ? g : -1;
        *least = fmin(*least, g);
        if (g >= G_MIN) {
            continue;
        }
        clean = false;
        for (uint32_t j = 0; j < hks->nodes; j++) {
            raise[j] = raise[j] || fabs(z - hks->m[j]) < 2 * hks->s[j];
        }
    }
    for (uint32_t j = 0; j < hks->nodes; j++) {
        fit->loosen[j] *= raise[j] ? RAISE : 1;
    }
    return clean;
}

static bool check_floors(vw_hks_fit *fit, double *least)
{
    double sd2 = fit->hks.sd * fit->hks.sd;

    *least = INFINITY;
    for (size_t i = 0; i < VW_HKS_GRID; i++) {
        if (fit->floor[i] > 0) {
            double over = fit->value[i] * sd2 / fit->floor[i] - 1;

            *least = fmin(*least, over);
            fit->floor_weight[i] *= over < 0 ? FLOOR_GROWTH : 1;
        }
    }
    return !(*least < 0);
}

/* Targets follow the model through the dead zone. */
static void move_targets(vw_hks_fit *fit)
{
    for (size_t i = 0; i < fit->count; i++) {
        fit->target[i] = fmin(fmax(fit->model[i], fit->low[i]), fit->high[i]);
    }
}

static void start_floors(vw_hks_fit *fit)
{
    size_t near = 0;

    for (size_t i = 0; i < VW_HKS_GRID; i++) {
        double z = fit->grid_z[i];

        while (near + 1 < fit->count && fabs(fit->z[near + 1] - z) <= fabs(fit->z[near] - z)) {
            near++;
        }
        fit->floor_weight[i] = fit->floor[i] > 0 ? FLOOR_WEIGHT * sqrt(fit->weight2[near]) : 0;
        fit->value[i] = INFINITY; /* no floor is active in the first pass */
    }
}

static bool solve_once(vw_hks_fit *fit, double lambda)
{
    memcpy(fit->matrix, fit->normal, sizeof fit->matrix);
    for (size_t a = 0; a < fit->terms; a++) {
        fit->right[a] =
            dot3(fit->weight2, fit->basis + a * fit->line, fit->target, fit->count);
    }
    add_smoothing(fit, lambda);
    add_floors(fit);
    if (!factor(fit)) {
        return false;
    }
    back_substitute(fit, fit->right, fit->solution);
    hold_slopes(fit);
    return true;
}

static void keep_solution(vw_hks_fit *fit)
{
    size_t inside = 0;

    for (size_t i = 0; i < fit->count; i++) {
        inside += fit->model[i] >= fit->bid[i] && fit->model[i] <= fit->ask[i];
    }
    fit->inside = (double)inside / (double)fit->count;
    fit->hks.c0 = fit->solution[TERM_ONE];
    fit->hks.c1 = fit->solution[TERM_Z];
    memcpy(fit->hks.c, fit->solution + TERM_NODE, fit->hks.nodes * sizeof *fit->hks.c);
}

bool vw_hks_fit_solve(vw_hks_fit *fit, double lambda)
{
    bool found = false;

    for (uint32_t j = 0; j < fit->hks.nodes; j++) {
        fit->loosen[j] = 1;
    }
    for (size_t i = 0; i < fit->count; i++) {
        fit->target[i] = fit->mid[i];
    }
    start_floors(fit);
    for (int pass = 1; pass <= VW_HKS_PASSES; pass++) {
        double least_g, least_floor;
        bool clean, above;

        if (!solve_once(fit, lambda)) {
            return found;
        }
        evaluate(fit);
        clean = check_butterflies(fit, &least_g);
        above = check_floors(fit, &least_floor);
        move_targets(fit);
        if (clean && pass >= PASSES_MIN) {
            keep_solution(fit);
            fit->least_g = least_g;
            fit->least_floor = least_floor;
            found = true;
        }
        if (found && clean && above) {
            break;
        }
    }
    return found;
}
