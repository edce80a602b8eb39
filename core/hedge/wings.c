#include "core/hedge/turn.h"

#include <math.h>
#include <string.h>

static void propose(vw_turn *turn, const vw_hedge_condor *condor, char type, double from, double to,
                    double cost_usd, vw_reason reason)
{
    vw_proposal *proposal = vw_proposal_add(turn, VW_PROPOSAL_WING, reason, VW_URGENCY_PATIENT);
    vw_proposal_step step = {
        .expiry = condor->expiry, .type = type, .strike = to, .contracts = condor->contracts};

    if (proposal == NULL) {
        return;
    }
    memcpy(step.root, condor->root, sizeof step.root);
    proposal->condor = condor->id;
    proposal->cash_usd = isfinite(cost_usd) ? -cost_usd : 0;
    vw_proposal_step_add(proposal, &step); /* the new one is bought before the old one is sold */
    step.strike = from;
    step.contracts = -condor->contracts;
    vw_proposal_step_add(proposal, &step);
    vw_turn_reason(turn, reason);
}

/* A wing that has left its entry strike is one that was moved. */
static bool moved(const vw_hedge_wing *wing, double entry)
{
    return entry > 0 && wing->strike != entry;
}

/* Between the entry strike and the short one. */
static bool back_fits(const vw_hedge_wing *wing, double entry)
{
    double outward = entry - wing->strike;

    return wing->strike_back > 0 && outward * (wing->strike_back - wing->strike) > 0 &&
           fabs(wing->strike_back - wing->strike) <= fabs(outward);
}

static bool nearer_fits(const vw_hedge_wing *wing)
{
    double inward = wing->strike_short - wing->strike;

    return wing->strike_nearer > 0 && inward * (wing->strike_nearer - wing->strike) > 0 &&
           fabs(wing->strike_nearer - wing->strike) < fabs(inward);
}

static void move_nearer(vw_turn *turn, const vw_hedge_condor *condor, const vw_condor_memo *memo)
{
    const vw_hedge_wing *wings[] = {&condor->put, &condor->call};
    const double entries[] = {memo->put_wing, memo->call_wing};
    double budget = turn->set->wing_cost * condor->credit * 100 * condor->contracts;

    for (size_t i = 0; i < VW_COUNT_OF(wings); i++) {
        const vw_hedge_wing *wing = wings[i];

        if (!moved(wing, entries[i]) && nearer_fits(wing) && wing->cost_nearer_usd <= budget) {
            budget -= fmax(wing->cost_nearer_usd, 0);
            propose(turn, condor, i == 0 ? 'P' : 'C', wing->strike, wing->strike_nearer,
                    wing->cost_nearer_usd, VW_REASON_WING_NEARER);
        }
    }
}

static void move_back(vw_turn *turn, const vw_hedge_condor *condor, const vw_condor_memo *memo)
{
    const vw_hedge_wing *wings[] = {&condor->put, &condor->call};
    const double entries[] = {memo->put_wing, memo->call_wing};

    for (size_t i = 0; i < VW_COUNT_OF(wings); i++) {
        const vw_hedge_wing *wing = wings[i];

        if (moved(wing, entries[i]) && back_fits(wing, entries[i])) {
            propose(turn, condor, i == 0 ? 'P' : 'C', wing->strike, wing->strike_back,
                    wing->cost_back_usd, VW_REASON_WING_BACK);
        }
    }
}

void vw_wings_take(vw_turn *turn)
{
    double breadth = vw_turn_value(turn, VW_SIGNAL_BREADTH, NAN);
    bool up = vw_turn_value(turn, VW_SIGNAL_MOMENTUM, 0) > 0 && breadth >= turn->set->wing_breadth;
    bool back = turn->state->wing_closes >= turn->set->wing_closes;

    if (!turn->may_buy || turn->set->sizing != VW_SIZING_VEGA) {
        return;
    }
    for (size_t i = 0; i < turn->in->condor_count; i++) {
        const vw_hedge_condor *condor = &turn->in->condors[i];

        if (condor->debit || !turn->condor_ok[i]) {
            continue;
        }
        if (up && condor->credit > 0) {
            move_nearer(turn, condor, &turn->state->condors[i]);
        } else if (back && turn->may_sell) {
            move_back(turn, condor, &turn->state->condors[i]);
        }
    }
}
