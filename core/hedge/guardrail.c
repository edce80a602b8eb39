#include "core/hedge/turn.h"

#include <math.h>
#include <string.h>

enum { LAYERS = VW_DECISION_LAYERS };

static const double SLACK = 1e-9, RIDGE_MISS = 2e-4;

typedef struct sizing {
    vw_solve_problem problem;
    vw_solve_result result;
    uint8_t leg[VW_SOLVE_INSTRUMENTS]; /* index among the inputs' instruments */
} sizing;

static bool future_kind(uint8_t kind)
{
    return kind == VW_KIND_VX || kind == VW_KIND_VXM;
}

/* S7: the kind that the price of vol does not speak for costs more. */
static double preference(const vw_turn *turn, uint8_t kind)
{
    double ratio = vw_turn_value(turn, VW_SIGNAL_VOL_PRICE_RATIO, NAN);

    if ((ratio > turn->set->spreads_above && future_kind(kind)) ||
        (ratio < turn->set->futures_below && !future_kind(kind))) {
        return turn->set->unpreferred_cost;
    }
    return 1;
}

/* A leg whose month the hedge has just left, while there are futures to take its place. */
static bool left_behind(const vw_turn *turn, size_t i)
{
    const vw_hedge_instrument *legs = turn->in->instruments;
    bool left = future_kind(legs[i].kind) && turn->state->rolling && turn->may_sell;
    bool place = false;

    for (size_t j = 0; j < LAYERS; j++) {
        left &= turn->out->layers[j].month != legs[i].month;
    }
    for (size_t j = 0; left && j < turn->in->instrument_count; j++) {
        place |= future_kind(legs[j].kind) && turn->out->legs[j].permitted;
    }
    return place;
}

static void add_leg(const vw_turn *turn, size_t i, bool sell, sizing *size)
{
    const vw_hedge_instrument *leg = &turn->in->instruments[i];
    bool live = vw_turn_leg_live(turn, i);
    bool apart = vw_kind_sold(leg->kind) || leg->kind == VW_KIND_VIX_CALENDAR; /* premium.c */
    bool buy = turn->out->legs[i].permitted;
    double now = turn->wanted[i], floor_now = turn->state->legs[i].profit_floor;
    double lo = sell && live && !apart ? fmin(ceil(leg->lo), now) : now;
    double hi = buy ? fmax(floor(leg->hi), now) : now;

    if (left_behind(turn, i) && live) {
        lo = hi = 0;
    } else if (floor_now > 0) {
        hi = fmin(hi, now);
    }
    if (lo == hi && now == 0) {
        return;
    }
    vw_solve_instrument *to = &size->problem.instruments[size->problem.count];

    *to = (vw_solve_instrument){
        .v30 = leg->v30,
        .theta = leg->theta,
        .roll = leg->roll,
        .cost = isfinite(leg->spread) ? 0.5 * fmax(leg->spread, 0) * leg->multiplier *
                                            turn->set->cost_factor * preference(turn, leg->kind)
                                      : 0,
        .notional = leg->notional_usd,
        .lo = lo,
        .hi = hi,
        .now = now,
        .layer = turn->group[i],
    };
    memcpy(to->stress, leg->stress_usd, sizeof to->stress);
    size->leg[size->problem.count++] = (uint8_t)i;
}

static void state_problem(const vw_turn *turn, bool to_edge, bool sell, sizing *size)
{
    const vw_hedge_account *account = &turn->in->account;
    vw_solve_problem *problem = &size->problem;
    double cash = account->cash_usd + account->near_cash_usd;
    bool known = turn->account_fresh && isfinite(cash);

    problem->count = 0;
    problem->condor_v30 = to_edge ? turn->state->solved_v30 : turn->out->condor_v30;
    problem->r = turn->out->r_final;
    problem->r_floor = turn->set->r_floor;
    problem->band = turn->set->band;
    problem->to_edge = to_edge;
    problem->posture = (vw_posture)turn->set->posture;
    problem->theta = 0;
    problem->theta_min = turn->set->theta_min;
    problem->notional_max = turn->out->notional_cap_usd;
    problem->cost_per_day_max = vw_account_cost_max(turn);
    problem->quick_ratio_min = known ? turn->set->quick_ratio_min : 0;
    problem->cash = known ? cash : 0;
    memset(problem->offset, 0, sizeof problem->offset);
    memset(problem->stress, 0, sizeof problem->stress);
    for (size_t i = 0; i < LAYERS; i++) {
        problem->offset[turn->layer_group[i]] += turn->out->layers[i].target_v30;
    }
    for (size_t i = 0; i < turn->in->condor_count; i++) {
        const vw_hedge_condor *condor = &turn->in->condors[i];

        problem->theta += condor->theta;
        for (size_t move = 0; move < VW_HEDGE_STRESSES; move++) {
            problem->stress[move] += condor->stress_usd[move];
        }
    }
    for (size_t i = 0; i < turn->in->instrument_count; i++) {
        if (turn->leg_ok[i]) {
            add_leg(turn, i, sell, size);
        }
    }
}

/* Solves and returns the hedges' V30 with the result; NaN when there is none. */
static double solve(const vw_turn *turn, bool to_edge, bool sell, sizing *size)
{
    double v30 = 0;

    state_problem(turn, to_edge, sell, size);
    if (vw_solve(&size->problem, &size->result) != VW_STATUS_OK) {
        return NAN;
    }
    for (size_t j = 0; j < size->problem.count; j++) {
        v30 += size->result.contracts[j] * size->problem.instruments[j].v30;
    }
    return v30;
}

/* What meets the target in fractions: the solver's tie-break ridge stops a hair short of it. */
static double unridged(const sizing *size, size_t j)
{
    const vw_solve_instrument *one = &size->problem.instruments[j];
    double target = size->problem.offset[one->layer], sum = 0;

    for (size_t k = 0; k < size->problem.count; k++) {
        if (size->problem.instruments[k].layer == one->layer) {
            sum += size->problem.instruments[k].v30 * size->result.unrounded[k];
        }
    }
    bool hair = target > 0 && fabs(sum - target) <= RIDGE_MISS * target;

    return size->result.unrounded[j] * (hair ? target / sum : 1);
}

static void take_result(vw_turn *turn, const sizing *size, vw_reason reason)
{
    vw_hedge_state *state = turn->state;
    const vw_solve_result *result = &size->result;
    bool traded = false;

    for (size_t j = 0; j < size->problem.count; j++) {
        size_t i = size->leg[j];

        if (turn->wanted[i] != result->contracts[j]) {
            traded = true;
            vw_turn_want(turn, i, result->contracts[j], reason);
        }
        state->legs[i].unrounded = unridged(size, j);
    }
    state->given_up_count = result->given_up_count;
    for (size_t i = 0; i < result->given_up_count; i++) {
        uint8_t constraint = result->given_up[i];

        state->given_up[i] =
            (vw_constraint_given_up){.constraint = constraint, .price = result->price[constraint]};
    }
    state->infeasible = result->infeasible;
    if (traded) {
        state->batch_ns = turn->in->now_ns;
        state->batched = true;
        vw_turn_reason(turn, reason);
    }
    if (result->price[VW_CONSTRAINT_NOTIONAL] > 0) {
        vw_turn_reason(turn, VW_REASON_NOTIONAL_CAP);
    }
    turn->out->solved = true;
    vw_turn_reason(turn, VW_REASON_SOLVED);
}

static double condor_contracts(const vw_turn *turn)
{
    double sum = 0;

    for (size_t i = 0; i < turn->in->condor_count; i++) {
        sum += turn->in->condors[i].contracts * (double)turn->in->condors[i].id;
    }
    return sum;
}

static bool calibration_due(const vw_turn *turn)
{
    const vw_hedge_state *state = turn->state;
    const vw_decision *out = turn->out;

    return !state->solved || state->solve_due || state->rolling || turn->shift_now ||
           turn->moved_now || out->regime != state->solved_regime ||
           out->level != state->solved_level || out->tranche != state->solved_tranche ||
           fabs(out->r_final - state->solved_r) >= turn->set->r_step - SLACK ||
           condor_contracts(turn) != state->solved_contracts;
}

/* Drift of the hedge from its target, of V30 at the last solve. */
static double drift_of(const vw_turn *turn, double hedge_v30)
{
    double base = fabs(turn->state->solved_v30);

    return base > 0 ? (hedge_v30 - turn->out->r_final * turn->out->offset_v30) / base : 0;
}

static bool batch_open(const vw_turn *turn, double drift)
{
    int64_t since_ns = turn->in->now_ns - turn->state->batch_ns;

    return !turn->state->batched || turn->inverted_now || since_ns >= turn->set->batch_ns ||
           fabs(drift) > turn->set->drift_urgent;
}

static bool may_trim(vw_turn *turn)
{
    double rsi = turn->state->closes.cm30.value;

    if (!(rsi < turn->set->exit_rsi) || turn->state->contango_closes < turn->set->exit_closes ||
        !turn->may_sell) {
        return false;
    }
    if (turn->out->signals.keys_to_sell < 2) {
        vw_turn_reason(turn, VW_REASON_SALE_KEYS);
        return false;
    }
    return true;
}

/* What is rolled goes whatever the solver's limits say: so they are looked at here. */
static bool rolls_within_limits(vw_turn *turn, const sizing *size)
{
    double wanted[VW_HEDGE_INSTRUMENTS_MAX];

    memcpy(wanted, turn->wanted, sizeof wanted);
    for (size_t j = 0; j < size->problem.count; j++) {
        turn->wanted[size->leg[j]] = size->result.contracts[j];
    }
    bool fits = !turn->state->rolling || vw_account_fits(turn);

    memcpy(turn->wanted, wanted, sizeof wanted);
    return fits;
}

/* To the target.  Hedges as a whole are only sold on purpose: by rule 7, or back to the edge. */
static void calibrate(vw_turn *turn, sizing *size, bool trim)
{
    vw_hedge_state *state = turn->state;
    double held = vw_turn_v30(turn), after = solve(turn, false, turn->may_sell, size);

    if (after < held * (1 - SLACK) && !trim) {
        after = solve(turn, false, false, size);
    }
    if (isfinite(after) && rolls_within_limits(turn, size)) {
        take_result(turn, size, trim && after < held ? VW_REASON_TRIMMED : VW_REASON_SOLVED);
    }
    state->solved = true;
    state->solve_due = false;
    state->rolling &= !turn->may_sell; /* inside an event window the old month's legs stay */
    state->solved_regime = turn->out->regime;
    state->solved_level = turn->out->level;
    state->solved_tranche = turn->out->tranche;
    state->solved_r = turn->out->r_final;
    state->solved_v30 = turn->out->condor_v30;
    state->solved_contracts = condor_contracts(turn);
}

static void guard(vw_turn *turn, sizing *size)
{
    double drift = drift_of(turn, vw_turn_v30(turn));
    bool sell = isfinite(turn->vix);

    if (fabs(drift) > turn->set->band) {
        vw_turn_reason(turn, VW_REASON_DRIFT_FLAGGED);
    }
    if (fabs(drift) <= turn->set->drift_trade || (drift > 0 && !sell)) {
        return;
    }
    if (!batch_open(turn, drift) && !turn->out->solved) {
        vw_turn_reason(turn, VW_REASON_SOLVE_WAITS);
    } else if (isfinite(solve(turn, true, drift > 0, size))) {
        take_result(turn, size, VW_REASON_GUARDRAIL);
    }
}

/* Inside an event window a sale that was not made is none: what is bought meanwhile counts on it.
 */
static void drop_waiting_sales(vw_turn *turn)
{
    for (size_t i = 0; i < turn->in->instrument_count; i++) {
        uint8_t reason = turn->state->legs[i].reason;
        double now = turn->in->instruments[i].contracts;
        bool risk_rule = reason == VW_REASON_GUARDRAIL || reason == VW_REASON_QUICK_RATIO_SALE;

        if (turn->leg_ok[i] && turn->wanted[i] < now && !risk_rule &&
            !vw_kind_sold(turn->in->instruments[i].kind)) {
            turn->wanted[i] = now;
            turn->state->solve_due = true;
            vw_turn_reason(turn, VW_REASON_SALE_EVENT);
        }
    }
}

/* What was wanted and is not traded yet must fit today's hard limits; else it is wanted no more,
 * purchases first, and solved for anew. */
static void drop_what_no_longer_fits(vw_turn *turn)
{
    for (int sales_too = 0; sales_too < 2 && !vw_account_fits(turn); sales_too++) {
        for (size_t i = 0; i < turn->in->instrument_count; i++) {
            double now = turn->leg_ok[i] ? turn->in->instruments[i].contracts : 0;

            turn->wanted[i] = sales_too ? now : fmin(turn->wanted[i], now);
        }
        turn->state->solve_due = true;
    }
}

void vw_guardrail_take(vw_turn *turn)
{
    vw_hedge_state *state = turn->state;
    sizing size;

    if (!turn->held && !turn->may_sell) {
        drop_waiting_sales(turn);
    }
    if (!turn->held) {
        drop_what_no_longer_fits(turn);
    }
    turn->out->drift = drift_of(turn, vw_turn_v30(turn));
    if (turn->held || turn->set->sizing != VW_SIZING_VEGA) {
        return;
    }
    bool trim = may_trim(turn) && vw_turn_v30(turn) > turn->out->r_final * turn->out->offset_v30;

    if (calibration_due(turn) || trim) {
        if (batch_open(turn, turn->out->drift)) {
            calibrate(turn, &size, trim);
        } else {
            state->solve_due = true;
            vw_turn_reason(turn, VW_REASON_SOLVE_WAITS);
        }
    }
    guard(turn, &size);
}
