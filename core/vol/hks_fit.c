#include "core/vol/hks_fit.h"

#include <math.h>
#include <string.h>

#include "core/vol/columns.h"

enum { PASSES_MIN = 3 };
static const double RIDGE = 1e-5;
static const double JITTER = 1e-13;   /* on the unit diagonal */
static const double SLOPE_MIN = 0.02; /* of both wings, outwards */
static const double G_MIN = 1e-3, VALUE_MIN = 1e-3;
static const double RAISE = 3;                           /* of the smoothing where g fails */
static const double PRESS_TO = 0.01, PRESS_BELOW = 0.02; /* of g */
static const double PRESS_FIRST = 1e3, PRESS_GROWTH = 3;
static const double FLOOR_MARGIN = 2e-5;
static const double FLOOR_WEIGHT = 3, FLOOR_GROWTH = 1.6;

/* Second difference of c / s at interior nodes, and a ridge that settles what quotes leave open. */
static void add_smoothing(vw_hks_fit *fit, double lambda)
{
    const vw_hks *hks = &fit->hks;

    for (uint32_t j = 0; j < hks->nodes; j++) {
        size_t t = VW_HKS_TERM_NODE + j;
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

/* Where g once failed, a row that holds it up: g is nearly linear in the coefficients. */
static void add_presses(vw_hks_fit *fit)
{
    double quarter = 0.25 * fit->hks.sd * fit->hks.sd, row[VW_HKS_TERMS_MAX];

    for (size_t i = 0; i < VW_HKS_GRID; i++) {
        double v = fmax(fit->value[i], VALUE_MIN), s = fit->slope[i], z = fit->grid_z[i];
        double moment = 1 - 0.5 * z * s / v, right = PRESS_TO - fit->g[i];
        double by_value = moment * z * s / (v * v) + 0.25 * s * s / (v * v);
        double by_slope = -moment * z / v - 0.5 * s * (1 / v + quarter);

        if (!(fit->press[i] > 0) || fit->g[i] > PRESS_BELOW) {
            continue;
        }
        for (size_t a = 0; a < fit->terms; a++) {
            size_t at = a * VW_HKS_GRID_LINE + i;

            row[a] =
                by_value * fit->grid[0][at] + by_slope * fit->grid[1][at] + 0.5 * fit->grid[2][at];
            right += row[a] * fit->solution[a];
        }
        for (size_t a = 0; a < fit->terms; a++) {
            fit->right[a] += fit->press[i] * row[a] * right;
            for (size_t b = 0; b <= a; b++) {
                fit->matrix[a][b] += fit->press[i] * row[a] * row[b];
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
            row[side][a] = a == VW_HKS_TERM_ONE ? 0 : a == VW_HKS_TERM_Z ? (side == 0 ? -1 : 1) : 1;
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

static void evaluate(vw_hks_fit *fit)
{
    vw_columns_combine(fit->basis, fit->line, fit->solution, fit->terms, fit->count, fit->model);
    vw_columns_combine(fit->grid[0], VW_HKS_GRID_LINE, fit->solution, fit->terms, VW_HKS_GRID_LINE,
                       fit->value);
    vw_columns_combine(fit->grid[1], VW_HKS_GRID_LINE, fit->solution, fit->terms, VW_HKS_GRID_LINE,
                       fit->slope);
    vw_columns_combine(fit->grid[2], VW_HKS_GRID_LINE, fit->solution, fit->terms, VW_HKS_GRID_LINE,
                       fit->bend);
}

/* Durrleman's g on the grid, in units of z; raises the smoothing around failures. */
static bool check_butterflies(vw_hks_fit *fit, bool press, double *least)
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
        fit->g[i] = g;
        *least = fmin(*least, g);
        if (g >= G_MIN) {
            continue;
        }
        clean = false;
        if (press) {
            fit->press[i] = fmax(PRESS_GROWTH * fit->press[i], PRESS_FIRST);
            continue;
        }
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
            vw_columns_dot3(fit->weight2, fit->basis + a * fit->line, fit->target, fit->count);
    }
    add_smoothing(fit, lambda);
    add_floors(fit);
    add_presses(fit);
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
    fit->hks.c0 = fit->solution[VW_HKS_TERM_ONE];
    fit->hks.c1 = fit->solution[VW_HKS_TERM_Z];
    memcpy(fit->hks.c, fit->solution + VW_HKS_TERM_NODE, fit->hks.nodes * sizeof *fit->hks.c);
}

bool vw_hks_fit_solve(vw_hks_fit *fit, double lambda, bool press)
{
    bool found = false;

    for (uint32_t j = 0; j < fit->hks.nodes; j++) {
        fit->loosen[j] = 1;
    }
    for (size_t i = 0; i < fit->count; i++) {
        fit->target[i] = fit->mid[i];
    }
    start_floors(fit);
    memset(fit->press, 0, sizeof fit->press);
    for (int pass = 1; pass <= VW_HKS_PASSES; pass++) {
        double least_g, least_floor;
        bool clean, above;

        if (!solve_once(fit, lambda)) {
            return found;
        }
        evaluate(fit);
        clean = check_butterflies(fit, press, &least_g);
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
