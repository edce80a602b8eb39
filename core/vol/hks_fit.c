#include "core/vol/hks_fit.h"

#include <math.h>
#include <string.h>

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

        fit->system[t][t] += RIDGE * fit->loosen[j] * base * base;
        if (j > 0 && j + 1 < hks->nodes) {
            double weight = lambda * fit->loosen[j] * base * base * s * s * s * s;
            double row[3] = {1 / hks->s[j - 1], -2 / s, 1 / hks->s[j + 1]};

            for (size_t a = 0; a < 3; a++) {
                for (size_t b = a; b < 3; b++) {
                    fit->system[t - 1 + a][t - 1 + b] += weight * row[a] * row[b];
                }
            }
        }
    }
}

/* Adds one weighted row to the system. */
static void add_row(vw_hks_fit *fit, const double *row, double right, double weight2)
{
    fit->kernels->add(row, weight2, right, fit->basis.line, fit->system, fit->push);
}

/* The basis at a grid point; of order 1 its slopes, of order 2 its bends. */
static void take_row(const vw_hks_fit *fit, size_t i, size_t order, double *row)
{
    const vw_fit_grid *at = &fit->at;

    memset(row, 0, sizeof(vw_fit_row));
    row[VW_HKS_TERM_ONE] = order == 0;
    row[VW_HKS_TERM_Z] = order == 0 ? at->z[i] : order == 1;
    for (size_t j = 0; j < at->nodes; j++) {
        double x = at->z[i] - at->m[j], inverse = at->column[j][i];

        row[VW_HKS_TERM_NODE + j] = order == 0   ? (x * x + at->s[j] * at->s[j]) * inverse
                                    : order == 1 ? x * inverse
                                                 : at->column[j][at->line + i];
    }
}

/* A row for each grid point below its floor. */
static void add_floors(vw_hks_fit *fit)
{
    double sd2 = fit->hks.sd * fit->hks.sd;

    for (size_t i = fit->at.first; i < fit->at.last; i++) {
        vw_fit_row row;

        if (!(fit->floor_weight[i] > 0) || fit->value[i] * sd2 >= fit->floor[i]) {
            continue;
        }
        take_row(fit, i, 0, row);
        add_row(fit, row, fit->floor[i] * (1 + FLOOR_MARGIN) / sd2,
                fit->floor_weight[i] * fit->floor_weight[i]);
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

/* Where g once failed, a row that holds it up: g is nearly linear in the coefficients. */
static void add_presses(vw_hks_fit *fit)
{
    double quarter = 0.25 * fit->hks.sd * fit->hks.sd;

    for (size_t i = fit->at.first; i < fit->at.last; i++) {
        if (!(fit->press[i] > 0) || fit->g[i] > PRESS_BELOW) {
            continue;
        }
        vw_fit_row row, slope, bend;

        take_row(fit, i, 0, row);
        take_row(fit, i, 1, slope);
        take_row(fit, i, 2, bend);

        double v = fmax(fit->value[i], VALUE_MIN), z = fit->at.z[i];
        double s = product(slope, fit->solution, fit->terms);
        double moment = 1 - 0.5 * z * s / v, right = PRESS_TO - fit->g[i];
        double by_value = (moment * z * s + 0.25 * s * s) / (v * v);
        double by_slope = -moment * z / v - 0.5 * s * (1 / v + quarter);

        for (size_t a = 0; a < fit->terms; a++) {
            row[a] = by_value * row[a] + by_slope * slope[a] + 0.5 * bend[a];
            right += row[a] * fit->solution[a];
        }
        add_row(fit, row, right, fit->press[i]);
    }
}

/* Slopes of both wings, outwards: -c1 + sum c, c1 + sum c. */
static void outward(const double *solution, size_t terms, double slope[2])
{
    double sum[4] = {0, 0, 0, 0}, all;

    for (size_t a = VW_HKS_TERM_NODE; a < vw_round_up(terms, 4); a++) { /* zero beyond terms */
        sum[a % 4] += solution[a];
    }
    all = (sum[0] + sum[1]) + (sum[2] + sum[3]);
    slope[0] = all - solution[VW_HKS_TERM_Z];
    slope[1] = all + solution[VW_HKS_TERM_Z];
}

/* A right side that pulls at a wing's slope. */
static void set_pull(const vw_hks_fit *fit, int side, vw_fit_row row)
{
    memset(row, 0, sizeof(vw_fit_row));
    row[VW_HKS_TERM_Z] = side == 0 ? -1 : 1;
    for (size_t a = VW_HKS_TERM_NODE; a < fit->terms; a++) {
        row[a] = 1;
    }
}

/* Holds the wings' slopes at their least value where the free solution falls short; pull is what
 * the solution gains where the right one is pulled at. */
static void hold_slopes(vw_hks_fit *fit, const double *right_pull)
{
    vw_fit_row left_row, left_pull;
    const double *rights[1] = {left_row}, *pull[2] = {left_pull, right_pull};
    double *lefts[1] = {left_pull}, slope[2], lack[2], gain[2][2], step[2] = {0, 0};

    outward(fit->solution, fit->terms, slope);
    lack[0] = SLOPE_MIN - slope[0];
    lack[1] = SLOPE_MIN - slope[1];
    if (!(lack[0] > 0 || lack[1] > 0)) {
        return;
    }
    outward(right_pull, fit->terms, gain[1]);
    step[1] = lack[1] > 0 ? lack[1] / gain[1][1] : 0;
    if (lack[0] > 0 || lack[0] - gain[1][0] * step[1] > 0) { /* holding one may let the other go */
        set_pull(fit, 0, left_row);
        fit->kernels->solve(&fit->factors, 1, rights, lefts);
        outward(left_pull, fit->terms, gain[0]);
        step[0] = lack[0] / gain[0][0];
        if (lack[1] > 0 || lack[1] - gain[0][1] * step[0] > 0) {
            double det = gain[0][0] * gain[1][1] - gain[0][1] * gain[1][0];

            step[0] = (lack[0] * gain[1][1] - lack[1] * gain[1][0]) / det;
            step[1] = (lack[1] * gain[0][0] - lack[0] * gain[0][1]) / det;
        }
    }
    for (int side = 0; side < 2; side++) {
        for (size_t a = 0; a < fit->terms && step[side] != 0; a++) {
            fit->solution[a] += step[side] * pull[side][a];
        }
    }
}

/* Solves for a right side, wings' slopes held.  The right wing's pull comes along: it costs little
 * beside another, and is often wanted. */
static void solve_held(vw_hks_fit *fit, const double *right)
{
    vw_fit_row row, pull;
    const double *const rights[2] = {right, row};
    double *const solutions[2] = {fit->solution, pull};

    set_pull(fit, 1, row);
    fit->kernels->solve(&fit->factors, 2, rights, solutions);
    hold_slopes(fit, pull);
}

/* Evaluates the solution on the grid; returns the least g there. */
static double look(vw_hks_fit *fit)
{
    return fit->kernels->grid(&fit->at, fit->solution, 0.25 * fit->hks.sd * fit->hks.sd, VALUE_MIN,
                              fit->value, fit->g);
}

/* Where g fails the next pass smooths the nodes around more, or presses g up there. */
static void answer_butterflies(vw_hks_fit *fit, bool press)
{
    const vw_hks *hks = &fit->hks;
    bool raise[VW_HKS_NODES_MAX] = {false};

    for (size_t i = fit->at.first; i < fit->at.last; i++) {
        double z = fit->at.z[i];

        if (fit->g[i] >= G_MIN) {
            continue;
        }
        if (press && !fit->pressed) {
            memset(fit->press, 0, sizeof fit->press);
        }
        if (press) {
            fit->press[i] = fmax(PRESS_GROWTH * fit->press[i], PRESS_FIRST);
            fit->pressed = true;
        }
        for (uint32_t j = 0; j < hks->nodes && !press; j++) {
            raise[j] = raise[j] || fabs(z - hks->m[j]) < 2 * hks->s[j];
        }
    }
    for (uint32_t j = 0; j < hks->nodes; j++) {
        fit->loosen[j] *= raise[j] ? RAISE : 1;
    }
}

/* The weight of a quote, or, if that is in doubt, of the one below. */
static double weight_near(const vw_fit_targets *quotes, size_t i)
{
    return quotes->weight2[i] > 0 || i == 0 ? quotes->weight2[i] : quotes->weight2[i - 1];
}

/* How much a floor's row weighs: by the quote nearest to it. */
static void weigh_floors(vw_hks_fit *fit)
{
    size_t near = 0;

    for (size_t i = fit->at.first; i < fit->at.last; i++) {
        double z = fit->at.z[i];
        const double *quotes = fit->quotes.z;

        while (near + 1 < fit->count && fabs(quotes[near + 1] - z) <= fabs(quotes[near] - z)) {
            near++;
        }
        fit->floor_weight[i] =
            fit->floor[i] > 0 ? FLOOR_WEIGHT * sqrt(weight_near(&fit->quotes, near)) : 0;
    }
    fit->held_up = true;
}

static bool check_floors(vw_hks_fit *fit, double *least)
{
    double sd2 = fit->hks.sd * fit->hks.sd;

    *least = INFINITY;
    for (size_t i = fit->at.first; i < fit->at.last && fit->floored; i++) {
        if (fit->floor[i] > 0) {
            double over = fit->value[i] * sd2 / fit->floor[i] - 1;

            *least = over < *least ? over : *least;
        }
    }
    if (!(*least < 0)) {
        return true;
    }
    if (!fit->held_up) {
        weigh_floors(fit);
    }
    for (size_t i = fit->at.first; i < fit->at.last; i++) {
        bool below = fit->floor[i] > 0 && fit->value[i] * sd2 / fit->floor[i] - 1 < 0;

        fit->floor_weight[i] *= below ? FLOOR_GROWTH : 1;
    }
    return false;
}

static void start(vw_hks_fit *fit)
{
    for (uint32_t j = 0; j < fit->hks.nodes; j++) {
        fit->loosen[j] = 1;
    }
    memcpy(fit->pull, fit->normal_right, sizeof fit->pull);
    fit->pressed = false;
    fit->held_up = false;
}

/* The system of the quotes, of smoothness, and of what holds the smile up; factored. */
static bool build(vw_hks_fit *fit, double lambda)
{
    memcpy(fit->system, fit->normal, fit->terms * sizeof *fit->system);
    memset(fit->push, 0, sizeof fit->push);
    add_smoothing(fit, lambda);
    if (fit->held_up) {
        add_floors(fit);
    }
    if (fit->pressed) {
        add_presses(fit);
    }
    return fit->kernels->factor(fit->system, fit->terms, JITTER, &fit->factors);
}

static void solve(vw_hks_fit *fit)
{
    for (size_t a = 0; a < VW_FIT_TERMS_LINE; a++) {
        fit->right[a] = fit->pull[a] + fit->push[a];
    }
    solve_held(fit, fit->right);
}

static void keep_coefficients(vw_hks_fit *fit)
{
    fit->hks.c0 = fit->solution[VW_HKS_TERM_ONE];
    fit->hks.c1 = fit->solution[VW_HKS_TERM_Z];
    memcpy(fit->hks.c, fit->solution + VW_HKS_TERM_NODE, fit->hks.nodes * sizeof *fit->hks.c);
}

static void keep_solution(vw_hks_fit *fit)
{
    size_t inside;

    fit->kernels->model(&fit->basis, fit->blocks, fit->solution, fit->count, fit->model);
    inside = fit->kernels->inside(fit->model, fit->quotes.bid, fit->quotes.ask, fit->count);

    fit->inside = (double)inside / (double)fit->count;
    keep_coefficients(fit);
}

/* The first pass takes the mids as they are; where its smile has arbitrage, targets give way. */
bool vw_hks_fit_solve(vw_hks_fit *fit, double lambda, bool press)
{
    bool found = false;

    fit->settled = false;
    start(fit);
    for (int pass = 1; pass <= VW_HKS_PASSES; pass++) {
        double least_g, least_floor;
        bool clean, above;

        if (!build(fit, lambda)) {
            return found;
        }
        solve(fit);
        least_g = look(fit);
        clean = least_g >= G_MIN;
        if (!clean) {
            answer_butterflies(fit, press);
        }
        above = check_floors(fit, &least_floor);
        if (clean) {
            keep_solution(fit);
            fit->least_g = least_g;
            fit->least_floor = least_floor;
            found = true;
        }
        if (clean && above) {
            fit->settled = true;
            break;
        }
        /* Targets follow the model through the dead zone. */
        fit->kernels->follow(&fit->basis, fit->blocks, fit->solution, &fit->quotes, fit->count,
                             fit->model, fit->pull);
    }
    return found;
}

bool vw_hks_fit_again(vw_hks_fit *fit, const vw_hks_equations *equations)
{
    const vw_hks *hks = &equations->hks;

    fit->hks = *hks;
    fit->terms = VW_HKS_TERM_NODE + hks->nodes;
    if (!fit->kernels->factor(equations->system, fit->terms, JITTER, &fit->factors)) {
        return false;
    }
    solve_held(fit, equations->right);
    fit->at = vw_hks_grid_select(&fit->grid, hks, equations->z_min, equations->z_max);
    fit->least_g = look(fit);
    keep_coefficients(fit);
    return fit->least_g >= G_MIN;
}
