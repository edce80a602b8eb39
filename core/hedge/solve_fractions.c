#include "core/hedge/solve_core.h"

#include <math.h>
#include <string.h>

/* The dual: what it costs that layers miss and rows bind, as a function of their prices,
 *
 *   phi(prices) = sum over layers price^2 / 2a + price wanted + sum over rows price room
 *                 + sum over trades of the conjugate of k|y| + 1/2 e y^2 within [lo, hi]
 *
 * is convex and piecewise quadratic: Newton finds its least, within row prices >= 0, after as many
 * steps as it meets pieces. */
enum { PRICES = VW_SOLVE_LAYERS + VW_ROW_COUNT, STEPS_MAX = 200, LINE_MAX = 60 };
static const double PRICE_MAX = 1e12, DONE = 1e-13, NEARLY = 1e-8, RIDGE = 1e-13;

typedef struct dual {
    vw_solve_core *core;
    size_t count;                                /* layers, then the rows that are on */
    double weight[VW_SOLVE_INSTRUMENTS][PRICES]; /* what a price pulls a trade with */
    double room[PRICES];
    double scale[PRICES]; /* of the gradient */
    double price[PRICES];
    double gradient[PRICES];
    bool inner[VW_SOLVE_INSTRUMENTS]; /* the trade moves with the prices */
    uint8_t row[PRICES];
} dual;

static void open_dual(dual *to, vw_solve_core *core)
{
    to->core = core;
    to->count = VW_SOLVE_LAYERS;
    memset(to->price, 0, sizeof to->price);
    for (size_t i = 0; i < VW_SOLVE_LAYERS; i++) {
        to->room[i] = core->wanted[i];
        to->scale[i] = fabs(core->wanted[i]) + 1;
    }
    for (size_t id = 0; id < VW_ROW_COUNT; id++) {
        if (core->rows[id].on) {
            double sum = 0;

            for (size_t j = 0; j < core->count; j++) {
                sum += fabs(core->rows[id].coefficient[j]);
            }
            to->row[to->count] = (uint8_t)id;
            to->room[to->count] = core->rows[id].room;
            to->scale[to->count++] = fabs(core->rows[id].room) + sum + 1;
        }
    }
    for (size_t j = 0; j < core->count; j++) {
        for (size_t i = 0; i < VW_SOLVE_LAYERS; i++) {
            to->weight[j][i] = core->layer[j] == i ? core->v30[j] : 0;
        }
        for (size_t i = VW_SOLVE_LAYERS; i < to->count; i++) {
            to->weight[j][i] = core->rows[to->row[i]].coefficient[j];
        }
    }
}

static double trade(const vw_solve_core *core, size_t j, double force, bool *inner)
{
    double beyond = fabs(force) - core->k[j];
    double y = beyond > 0 ? copysign(beyond, force) / core->e[j] : 0;

    *inner = beyond > 0 && y > core->lo[j] && y < core->hi[j];
    return fmax(core->lo[j], fmin(core->hi[j], y));
}

/* Fills the trades and the gradient at price + step direction. */
static void evaluate(dual *to, const double *direction, double step)
{
    vw_solve_core *core = to->core;
    double price[PRICES];

    for (size_t i = 0; i < to->count; i++) {
        price[i] = to->price[i] + step * direction[i];
        to->gradient[i] = to->room[i] + (i < VW_SOLVE_LAYERS ? price[i] / core->a : 0);
    }
    for (size_t j = 0; j < core->count; j++) {
        double force = 0;

        for (size_t i = 0; i < to->count; i++) {
            force -= price[i] * to->weight[j][i];
        }
        core->y[j] = trade(core, j, force, &to->inner[j]);
        for (size_t i = 0; i < to->count; i++) {
            to->gradient[i] -= core->y[j] * to->weight[j][i];
        }
    }
}

/* The row most overdrawn among those whose price is 0; count when there is none. */
static size_t worst_row(const dual *to)
{
    size_t worst = to->count;
    double most = 0;

    for (size_t i = VW_SOLVE_LAYERS; i < to->count; i++) {
        double overdrawn = -to->gradient[i] / to->scale[i];

        if (to->price[i] == 0 && overdrawn > most) {
            most = overdrawn;
            worst = i;
        }
    }
    return worst;
}

/* How far the prices are from the least of phi, relative. */
static double distance(const dual *to)
{
    double most = 0;

    for (size_t i = 0; i < to->count; i++) {
        bool can_fall = i < VW_SOLVE_LAYERS || to->price[i] > 0;
        double off = can_fall ? fabs(to->gradient[i]) : -to->gradient[i];

        most = fmax(most, off / to->scale[i]);
    }
    return most;
}

/* At the rounding of the doubles a step no longer brings anything. */
static bool is_done(const dual *to, double *before)
{
    double now = distance(to);
    bool done = now <= DONE || (now < NEARLY && now > 0.5 * *before);

    *before = now;
    return done;
}

static void fill_hessian(const dual *to, const uint8_t *free, size_t count,
                         double hessian[PRICES][PRICES])
{
    const vw_solve_core *core = to->core;

    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k <= i; k++) {
            double sum = i == k && free[i] < VW_SOLVE_LAYERS ? 1 / core->a : 0;

            for (size_t j = 0; j < core->count; j++) {
                sum +=
                    to->inner[j] ? to->weight[j][free[i]] * to->weight[j][free[k]] / core->e[j] : 0;
            }
            hessian[i][k] = sum;
        }
    }
}

/* Cholesky in place; a pivot that vanishes (a row that no trade moves in) gets a ridge, and with it
 * a long step that the line search cuts. */
static void factor(double matrix[PRICES][PRICES], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        double least = fmax(RIDGE * matrix[i][i], 1e-9);

        for (size_t k = 0; k <= i; k++) {
            double sum = matrix[i][k];

            for (size_t m = 0; m < k; m++) {
                sum -= matrix[i][m] * matrix[k][m];
            }
            matrix[i][k] = i == k ? sqrt(fmax(sum, least)) : sum / matrix[k][k];
        }
    }
}

/* Newton's step for the layers, the rows that have a price, and one more. */
static void find_direction(const dual *to, size_t entering, double *direction)
{
    double hessian[PRICES][PRICES], x[PRICES];
    uint8_t free[PRICES];
    size_t count = 0;

    for (size_t i = 0; i < to->count; i++) {
        direction[i] = 0;
        if (i < VW_SOLVE_LAYERS || to->price[i] > 0 || i == entering) {
            free[count++] = (uint8_t)i;
        }
    }
    fill_hessian(to, free, count, hessian);
    factor(hessian, count);
    for (size_t i = 0; i < count; i++) {
        x[i] = -to->gradient[free[i]];
        for (size_t m = 0; m < i; m++) {
            x[i] -= hessian[i][m] * x[m];
        }
        x[i] /= hessian[i][i];
    }
    for (size_t i = count; i-- > 0;) {
        for (size_t m = i + 1; m < count; m++) {
            x[i] -= hessian[m][i] * x[m];
        }
        x[i] /= hessian[i][i];
        direction[free[i]] = x[i];
    }
}

static double slope_at(dual *to, const double *direction, double step)
{
    double slope = 0;

    evaluate(to, direction, step);
    for (size_t i = 0; i < to->count; i++) {
        slope += to->gradient[i] * direction[i];
    }
    return slope;
}

/* How far to go: to 1, or the first row price that reaches 0, or where phi is least on the way. */
static double find_step(dual *to, const double *direction, double slope)
{
    double low = 0, high = 1, under = slope, over;

    for (size_t i = VW_SOLVE_LAYERS; i < to->count; i++) {
        if (direction[i] < 0) {
            high = fmin(high, -to->price[i] / direction[i]);
        } else if (direction[i] > 0) {
            high = fmin(high, (2 * PRICE_MAX - to->price[i]) / direction[i]);
        }
    }
    over = slope_at(to, direction, high);
    for (int i = 0, side = 0; i < LINE_MAX && over > 1e-3 * -slope; i++) {
        double step = (low * over - high * under) / (over - under), at;

        if (!(step > low && step < high)) {
            break;
        }
        at = slope_at(to, direction, step);
        if (at < 0) {
            low = step;
            under = at;
            over *= side < 0 ? 0.5 : 1;
            side = -1;
            if (-at <= 1e-3 * -slope) {
                return step;
            }
        } else {
            high = step;
            over = at;
            under *= side > 0 ? 0.5 : 1;
            side = 1;
        }
    }
    return high;
}

static void move(dual *to, const double *direction, double step)
{
    for (size_t i = 0; i < to->count; i++) {
        double price = to->price[i] + step * direction[i];
        bool at_zero = i >= VW_SOLVE_LAYERS && price <= 1e-14 * to->price[i];

        to->price[i] = at_zero ? 0 : price;
    }
}

void vw_solve_core_fractions(vw_solve_core *core)
{
    static const double still[PRICES] = {0};
    double direction[PRICES];
    double before = INFINITY;
    dual top;

    open_dual(&top, core);
    evaluate(&top, still, 0);
    for (int i = 0; i < STEPS_MAX && !is_done(&top, &before); i++) {
        size_t entering = worst_row(&top);
        double slope = 0;

        find_direction(&top, entering, direction);
        if (entering < top.count && direction[entering] <= 0) {
            find_direction(&top, top.count, direction);
        }
        for (size_t k = 0; k < top.count; k++) {
            slope += top.gradient[k] * direction[k];
        }
        if (!(slope < 0)) {
            break;
        }
        move(&top, direction, find_step(&top, direction, slope));
        evaluate(&top, still, 0);
    }
    memset(core->price, 0, sizeof core->price);
    for (size_t i = VW_SOLVE_LAYERS; i < top.count; i++) {
        core->price[top.row[i]] = top.price[i];
    }
    for (size_t i = 0; i < VW_SOLVE_LAYERS; i++) {
        core->miss[i] = -core->wanted[i];
    }
    for (size_t j = 0; j < core->count; j++) {
        core->miss[core->layer[j]] += core->v30[j] * core->y[j];
    }
}
