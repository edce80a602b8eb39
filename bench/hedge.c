/* hedge: the exact integer solve of core/hedge against plain enumeration of the same candidates.
 *
 * Books of 100 condors with six instruments (three VX months, a VIX call, a call spread, a
 * calendar), all limits on, and the same with the limits far away.  The rival takes the same
 * fractions and tries 4^6 whole numbers one by one; it knows no limits. */
#include "bench/subjects.h"
#include "core/hedge/solve_core.h"

#include <math.h>
#include <string.h>

enum { PROBLEMS = 64, INSTRUMENTS = 6 };

static vw_solve_problem tight[PROBLEMS], loose[PROBLEMS];
static vw_solve_core cores[PROBLEMS];
static vw_solve_result result;
static double sum_of_objectives;

static double uniform(uint64_t *state, double low, double high)
{
    return low + (high - low) * vw_bench_uniform(state);
}

static void make_instrument(uint64_t *state, size_t i, vw_solve_instrument *one)
{
    static const double v30[INSTRUMENTS] = {470, 390, 330, 20, 8, 6};
    bool future = i < 3;
    double size = v30[i] * uniform(state, 0.9, 1.1);

    *one = (vw_solve_instrument){.v30 = size,
                                 .theta = future ? 0 : -uniform(state, 0.05, 0.1) * size,
                                 .roll = future ? -uniform(state, 0, 80) : 0,
                                 .cost = uniform(state, 3, 30),
                                 .notional = 40 * size,
                                 .cash = future ? 0 : 5 * size,
                                 .hi = future ? 100 : 1000,
                                 .now = floor(uniform(state, 0, 10)),
                                 .layer = (uint8_t)(i % 3)};
    for (size_t s = 0; s < VW_SOLVE_STRESSES; s++) {
        one->stress[s] = (s < 2 ? -10 : 4) * size;
    }
}

static void make_problem(uint64_t *state, vw_solve_problem *problem)
{
    double condor = -uniform(state, 10000, 50000);

    *problem = (vw_solve_problem){.count = INSTRUMENTS,
                                  .condor_v30 = condor,
                                  .r = uniform(state, 0.25, 1),
                                  .r_floor = 0.25,
                                  .band = 0.15,
                                  .theta = uniform(state, 500, 7000),
                                  .notional_max = uniform(state, 1e6, 3e6),
                                  .cost_per_day_max = uniform(state, 1000, 4000),
                                  .quick_ratio_min = 1.5,
                                  .cash = uniform(state, 1e6, 2e6),
                                  .stress = {8e5, 5e5, 3e5, 8e5}};
    for (size_t i = 0; i < INSTRUMENTS; i++) {
        make_instrument(state, i, &problem->instruments[i]);
        problem->offset[i % 3] = -condor * problem->r / 3;
    }
}

static void make_core(const vw_solve_problem *problem, vw_solve_core *core)
{
    core->count = INSTRUMENTS;
    core->a = -1 / problem->condor_v30;
    core->band = INFINITY;
    memcpy(core->wanted, problem->offset, sizeof core->wanted);
    for (size_t j = 0; j < INSTRUMENTS; j++) {
        const vw_solve_instrument *one = &problem->instruments[j];

        core->layer[j] = one->layer;
        core->v30[j] = one->v30;
        core->k[j] = 0.02 * one->cost;
        core->e[j] = 1e-4 * core->a * one->v30 * one->v30;
        core->lo[j] = -one->now;
        core->hi[j] = one->hi - one->now;
        core->wanted[one->layer] -= one->v30 * one->now;
    }
}

static void run_solve(const void *context)
{
    const vw_solve_problem *problems = context;

    sum_of_objectives = 0;
    for (size_t i = 0; i < PROBLEMS; i++) {
        vw_solve(&problems[i], &result);
        sum_of_objectives += result.objective;
    }
}

static double enumerate(const vw_solve_core *core)
{
    double y[INSTRUMENTS], best = INFINITY;

    for (unsigned code = 0; code < 1U << (2 * INSTRUMENTS); code++) {
        bool inside = true;

        for (size_t j = 0; j < INSTRUMENTS; j++) {
            y[j] = floor(core->y[j]) + (double)(code >> (2 * j) & 3) - 1;
            inside &= y[j] >= core->lo[j] && y[j] <= core->hi[j];
        }
        best = inside ? fmin(best, vw_solve_core_objective(core, y)) : best;
    }
    return best;
}

static void run_rival(const void *context)
{
    (void)context;
    sum_of_objectives = 0;
    for (size_t i = 0; i < PROBLEMS; i++) {
        vw_solve_core_fractions(&cores[i]);
        sum_of_objectives += enumerate(&cores[i]);
    }
}

static size_t open_hedge(vw_bench_subject *to, const char *isa, const char **why)
{
    const vw_bench_subject subjects[] = {
        {"enumeration of 4^6, no limits", run_rival, NULL, PROBLEMS, .rival = ""},
        {"solve, no limits", run_solve, loose, PROBLEMS},
        {"solve, all limits", run_solve, tight, PROBLEMS},
    };
    uint64_t state = 1;
    double ours;

    (void)isa, (void)why;
    for (size_t i = 0; i < PROBLEMS; i++) {
        make_problem(&state, &tight[i]);
        loose[i] = tight[i];
        loose[i].theta_min = -INFINITY;
        loose[i].notional_max = loose[i].cost_per_day_max = INFINITY;
        loose[i].quick_ratio_min = 0;
        make_core(&loose[i], &cores[i]);
    }
    run_solve(loose);
    ours = sum_of_objectives;
    run_rival(NULL);
    vw_check(fabs(sum_of_objectives - ours) < 1e-9 * ours);
    memcpy(to, subjects, sizeof subjects);
    return VW_COUNT_OF(subjects);
}

const vw_bench_group vw_bench_hedge = {
    "hedge", "Hedge: the integer solve of six instruments", "solve", "solves/s", open_hedge, NULL,
};
