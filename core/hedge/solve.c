#include "core/hedge/solve.h"

#include "core/hedge/solve_core.h"

#include <math.h>
#include <string.h>

static const double COST_WEIGHT = 0.02, RIDGE = 1e-4, BAND_SLACK = 1e-9;

/* What is no longer asked. */
typedef struct relaxed {
    bool carry, theta;
    double scale; /* of the offsets */
} relaxed;

typedef struct attempt {
    relaxed relaxed;
    vw_solve_core core;
    double fixed[VW_SOLVE_INSTRUMENTS]; /* contracts before any trade of the core */
    bool theta_attainable;
} attempt;

const char *vw_constraint_name(vw_constraint constraint)
{
    static const char *const names[] = {"carry",    "r_floor", "theta",      "r",
                                        "notional", "cost",    "quick_ratio"};

    _Static_assert(VW_COUNT_OF(names) == VW_CONSTRAINT_COUNT, "one name each");
    return (size_t)constraint < VW_CONSTRAINT_COUNT ? names[constraint] : "unknown";
}

static bool is_good(const vw_solve_instrument *one)
{
    bool finite = isfinite(one->v30) && isfinite(one->theta) && isfinite(one->roll) &&
                  isfinite(one->cost) && isfinite(one->notional) && isfinite(one->cash) &&
                  isfinite(one->now);

    for (size_t i = 0; i < VW_SOLVE_STRESSES; i++) {
        finite &= isfinite(one->stress[i]);
    }
    return finite && one->cost >= 0 && one->lo <= one->hi && one->lo < INFINITY &&
           one->hi > -INFINITY && one->layer < VW_SOLVE_LAYERS;
}

static bool is_solvable(const vw_solve_problem *problem)
{
    bool good = problem->count <= VW_SOLVE_INSTRUMENTS && isfinite(problem->condor_v30) &&
                problem->r >= 0 && problem->r <= 1 && problem->band >= 0 &&
                isfinite(problem->theta) && problem->theta_min < INFINITY &&
                !isnan(problem->notional_max) && !isnan(problem->cost_per_day_max) &&
                problem->quick_ratio_min >= 0 && problem->quick_ratio_min < INFINITY &&
                isfinite(problem->cash);

    for (size_t i = 0; i < VW_SOLVE_LAYERS; i++) {
        good &= isfinite(problem->offset[i]) && isfinite(problem->stress[i]);
    }
    for (size_t i = 0; good && i < problem->count; i++) {
        good &= is_good(&problem->instruments[i]);
    }
    return good;
}

/* The rows' coefficient of one contract. */
static double coefficient(const vw_solve_problem *problem, const vw_solve_instrument *one,
                          size_t row)
{
    switch (row) {
    case VW_ROW_THETA:
        return -one->theta;
    case VW_ROW_THETA_ROLL:
    case VW_ROW_COST:
        return -(one->theta + one->roll);
    case VW_ROW_NOTIONAL:
        return one->notional;
    default:
        return one->cash + problem->quick_ratio_min * one->stress[row - VW_ROW_QUICK];
    }
}

static double room_of(const vw_solve_problem *problem, size_t row)
{
    switch (row) {
    case VW_ROW_THETA:
    case VW_ROW_THETA_ROLL:
        return problem->theta - problem->theta_min;
    case VW_ROW_COST:
        return problem->cost_per_day_max;
    case VW_ROW_NOTIONAL:
        return problem->notional_max;
    default:
        return problem->quick_ratio_min > 0
                   ? problem->cash - problem->quick_ratio_min * problem->stress[row - VW_ROW_QUICK]
                   : INFINITY;
    }
}

/* A hard limit that what is held already breaks is one not to break further. */
static void add_row(const vw_solve_problem *problem, attempt *trial, size_t id)
{
    vw_solve_core *core = &trial->core;
    vw_solve_row *row = &core->rows[id];
    bool theta = id == VW_ROW_THETA || id == VW_ROW_THETA_ROLL;
    double reach = 0;

    row->room = room_of(problem, id);
    for (size_t i = 0; i < problem->count; i++) {
        row->room -= coefficient(problem, &problem->instruments[i], id) * trial->fixed[i];
    }
    for (size_t j = 0; j < core->count; j++) {
        double of = coefficient(problem, &problem->instruments[core->instrument[j]], id);

        row->coefficient[j] = of;
        reach += of != 0 ? fmin(of * core->lo[j], of * core->hi[j]) : 0;
    }
    row->on = row->room < INFINITY && !(theta && trial->relaxed.theta);
    if (!theta) {
        row->room = fmax(row->room, 0);
    } else if (row->on && reach > row->room) {
        trial->theta_attainable = false;
    }
}

static void add_instruments(const vw_solve_problem *problem, attempt *trial)
{
    vw_solve_core *core = &trial->core;

    core->count = 0;
    for (size_t i = 0; i < problem->count; i++) {
        const vw_solve_instrument *one = &problem->instruments[i];
        double lo = one->lo - one->now, hi = one->hi - one->now;
        size_t j = core->count;

        if (one->fails_carry && !trial->relaxed.carry) {
            hi = fmin(hi, fmax(0, lo));
        }
        trial->fixed[i] = one->now;
        if (!(lo < hi) || one->v30 == 0) {
            trial->fixed[i] += fmax(lo, fmin(hi, 0));
            continue;
        }
        core->instrument[j] = (uint8_t)i;
        core->layer[j] = one->layer;
        core->v30[j] = one->v30;
        core->k[j] = COST_WEIGHT * one->cost;
        core->e[j] = RIDGE * core->a * one->v30 * one->v30;
        core->lo[j] = lo;
        core->hi[j] = hi;
        core->count++;
    }
}

/* Guardrail: what is beyond the edge of the band is wanted back, by the layers it is in. */
static void aim_at_edge(const vw_solve_problem *problem, vw_solve_core *core)
{
    double edge = problem->band * fabs(problem->condor_v30), net = 0, same = 0;

    for (size_t i = 0; i < VW_SOLVE_LAYERS; i++) {
        net -= core->wanted[i];
    }
    for (size_t i = 0; i < VW_SOLVE_LAYERS; i++) {
        same += -core->wanted[i] * net > 0 ? -core->wanted[i] : 0;
    }
    core->beyond = fmax(-edge, fmin(edge, net));
    core->band = edge;
    for (size_t i = 0; i < VW_SOLVE_LAYERS; i++) {
        core->wanted[i] =
            -core->wanted[i] * net > 0 ? core->wanted[i] * (net - core->beyond) / same : 0;
    }
}

static void start(const vw_solve_problem *problem, attempt *trial)
{
    vw_solve_core *core = &trial->core;
    double scale = fabs(problem->condor_v30);

    for (size_t i = 0; i < VW_SOLVE_LAYERS; i++) {
        core->wanted[i] = problem->offset[i] * trial->relaxed.scale;
        scale += problem->condor_v30 == 0 ? fabs(problem->offset[i]) : 0;
    }
    core->a = 1 / fmax(scale, 1);
    core->beyond = 0;
    core->band = INFINITY;
    trial->theta_attainable = true;
    add_instruments(problem, trial);
    for (size_t i = 0; i < problem->count; i++) {
        const vw_solve_instrument *one = &problem->instruments[i];

        core->wanted[one->layer] -= one->v30 * trial->fixed[i];
    }
    if (problem->to_edge) {
        aim_at_edge(problem, core);
    }
    for (size_t id = 0; id < VW_ROW_COUNT; id++) {
        add_row(problem, trial, id);
    }
}

static double net_of(const vw_solve_core *core)
{
    double net = core->beyond;

    for (size_t i = 0; i < VW_SOLVE_LAYERS; i++) {
        net += core->miss[i];
    }
    return net;
}

/* Solves in fractions; true when the band around the target is reached. */
static bool reaches(const vw_solve_problem *problem, attempt *trial)
{
    double band = problem->band * fabs(problem->condor_v30) * (1 + BAND_SLACK);

    start(problem, trial);
    vw_solve_core_fractions(&trial->core);
    return trial->theta_attainable && fabs(net_of(&trial->core)) <= band;
}

static void give_up(vw_solve_result *result, vw_constraint constraint, double price)
{
    result->given_up[result->given_up_count++] = (uint8_t)constraint;
    result->price[constraint] = price;
}

/* Buys what fails the carry test, if that brings the hedge nearer. */
static bool without_carry(const vw_solve_problem *problem, attempt *trial, vw_solve_result *result)
{
    double before = fabs(net_of(&trial->core));
    double objective = vw_solve_core_objective(&trial->core, trial->core.y);
    bool reached, any = false;

    for (size_t i = 0; i < problem->count; i++) {
        any |= problem->instruments[i].fails_carry;
    }
    if (!any) {
        return false;
    }
    trial->relaxed.carry = true;
    reached = reaches(problem, trial);
    if (reached || fabs(net_of(&trial->core)) < before * (1 - BAND_SLACK)) {
        give_up(result, VW_CONSTRAINT_CARRY,
                fmax(objective - vw_solve_core_objective(&trial->core, trial->core.y), 0));
        return reached;
    }
    trial->relaxed.carry = false;
    return reaches(problem, trial);
}

static double theta_price(const vw_solve_core *core)
{
    return core->price[VW_ROW_THETA] + core->price[VW_ROW_THETA_ROLL];
}

/* A promoter keeps theta while r_floor of the short vega can be reached with it. */
static bool without_r_to_floor(const vw_solve_problem *problem, attempt *trial,
                               vw_solve_result *result)
{
    double offset = 0, net = net_of(&trial->core), r;

    for (size_t i = 0; i < VW_SOLVE_LAYERS; i++) {
        offset += problem->offset[i];
    }
    if (!(problem->r > problem->r_floor && offset > 0 && net < 0)) {
        return false;
    }
    give_up(result, VW_CONSTRAINT_R_FLOOR, trial->core.a * fabs(net));
    r = problem->r * (offset + net + problem->band * fabs(problem->condor_v30)) / offset;
    trial->relaxed.scale = problem->r_floor / problem->r;
    return trial->theta_attainable && r >= problem->r_floor;
}

static bool without_theta(const vw_solve_problem *problem, attempt *trial, vw_solve_result *result)
{
    double price = theta_price(&trial->core);

    if (trial->relaxed.theta || (trial->theta_attainable && price == 0)) {
        return false;
    }
    give_up(result, VW_CONSTRAINT_THETA, trial->theta_attainable ? price : 0);
    trial->relaxed.theta = true;
    return reaches(problem, trial);
}

/* Gives constraints up, one after the other, until the band is reached or all are gone. */
static void relax(const vw_solve_problem *problem, attempt *trial, vw_solve_result *result)
{
    trial->relaxed = (relaxed){.scale = 1};
    if (reaches(problem, trial) || without_carry(problem, trial, result)) {
        return;
    }
    if (problem->posture == VW_POSTURE_PROMOTER && without_r_to_floor(problem, trial, result)) {
        return;
    }
    if (without_theta(problem, trial, result)) {
        return;
    }
    give_up(result, VW_CONSTRAINT_R, trial->core.a * fabs(net_of(&trial->core)));
    result->infeasible = true;
}

static void keep_prices(const vw_solve_core *core, vw_solve_result *result)
{
    double net = fabs(net_of(core)), theta = theta_price(core);

    if (theta > 0) {
        result->price[VW_CONSTRAINT_THETA] = theta;
        result->vega_per_theta = net > 0 ? theta / (core->a * net) : 0;
    }
    result->price[VW_CONSTRAINT_NOTIONAL] = core->price[VW_ROW_NOTIONAL];
    result->price[VW_CONSTRAINT_COST] = core->price[VW_ROW_COST];
    for (size_t i = 0; i < VW_SOLVE_STRESSES; i++) {
        result->price[VW_CONSTRAINT_QUICK] += core->price[VW_ROW_QUICK + i];
    }
}

static void measure(const vw_solve_problem *problem, vw_solve_result *result)
{
    double offset = 0, hedge = 0;

    result->theta = result->theta_with_roll = problem->theta;
    for (size_t i = 0; i < problem->count; i++) {
        const vw_solve_instrument *one = &problem->instruments[i];
        double contracts = result->contracts[i];

        result->residual[one->layer] += one->v30 * contracts;
        result->theta += one->theta * contracts;
        result->theta_with_roll += (one->theta + one->roll) * contracts;
    }
    for (size_t i = 0; i < VW_SOLVE_LAYERS; i++) {
        hedge += result->residual[i];
        offset += problem->offset[i];
        result->residual[i] -= problem->offset[i];
        result->net += result->residual[i];
    }
    result->r_attained = offset > 0 ? problem->r * hedge / offset : problem->r;
}

vw_status vw_solve(const vw_solve_problem *problem, vw_solve_result *result)
{
    attempt trial;

    *result = (vw_solve_result){.status = VW_STATUS_BAD_INPUT};
    if (!is_solvable(problem)) {
        return result->status;
    }
    relax(problem, &trial, result);
    keep_prices(&trial.core, result);
    result->objective_unrounded = vw_solve_core_objective(&trial.core, trial.core.y);
    vw_solve_core_whole(&trial.core);
    result->objective = vw_solve_core_objective(&trial.core, trial.core.whole);
    memcpy(result->contracts, trial.fixed, problem->count * sizeof *trial.fixed);
    memcpy(result->unrounded, trial.fixed, problem->count * sizeof *trial.fixed);
    for (size_t j = 0; j < trial.core.count; j++) {
        result->contracts[trial.core.instrument[j]] += trial.core.whole[j];
        result->unrounded[trial.core.instrument[j]] += trial.core.y[j];
    }
    measure(problem, result);
    result->status = VW_STATUS_OK;
    return result->status;
}
