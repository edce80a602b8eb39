#include "core/hedge/turn.h"

#include <string.h>

static void add(vw_proposal *proposal, const vw_hedge_condor *condor, uint32_t expiry, char type,
                double strike, double contracts)
{
    vw_proposal_step step = {
        .expiry = expiry, .type = type, .strike = strike, .contracts = contracts};

    memcpy(step.root, condor->root, sizeof step.root);
    vw_proposal_step_add(proposal, &step);
}

/* The shorts to the next cycle.  New wings first, so that no short is ever without one. */
static void propose(vw_turn *turn, const vw_hedge_condor *condor)
{
    uint32_t old = condor->expiry, next = condor->next_expiry;
    double contracts = condor->contracts;
    vw_proposal *proposal =
        vw_proposal_add(turn, VW_PROPOSAL_ROLL, VW_REASON_THETA_INVERTED, VW_URGENCY_NORMAL);

    if (proposal == NULL) {
        return;
    }
    proposal->condor = condor->id;
    add(proposal, condor, next, 'P', condor->put.strike, contracts);
    add(proposal, condor, next, 'C', condor->call.strike, contracts);
    add(proposal, condor, old, 'P', condor->put.strike_short, contracts);
    add(proposal, condor, old, 'C', condor->call.strike_short, contracts);
    add(proposal, condor, next, 'P', condor->put.strike_short, -contracts);
    add(proposal, condor, next, 'C', condor->call.strike_short, -contracts);
    if (!turn->set->keep_old_wings) {
        add(proposal, condor, old, 'P', condor->put.strike, -contracts);
        add(proposal, condor, old, 'C', condor->call.strike, -contracts);
    }
}

/* Once for each condor and expiry: proposed throughout the session in which its decay inverted. */
void vw_shift_take(vw_turn *turn)
{
    if (!turn->may_sell || turn->set->sizing != VW_SIZING_VEGA) {
        return;
    }
    for (size_t i = 0; i < turn->in->condor_count; i++) {
        const vw_hedge_condor *condor = &turn->in->condors[i];
        vw_condor_memo *memo = &turn->state->condors[i];

        if (condor->next_expiry <= condor->expiry || !turn->condor_ok[i] || condor->debit) {
            continue;
        }
        if (memo->shift_session == 0 && turn->out->condors[i].theta_inverted) {
            memo->shift_session = turn->in->session;
            turn->shift_now = true;
        }
        if (memo->shift_session == turn->in->session && memo->shift_session != 0) {
            vw_turn_reason(turn, VW_REASON_THETA_INVERTED);
            propose(turn, condor);
        }
    }
}
