#include "core/hedge/turn.h"

#include <math.h>
#include <string.h>

static const double MULTIPLIER = 100; /* USD per index point of one SPX option */

/* The sold option has a bought one beyond it, and nothing is received for the package. */
static bool fits(const vw_hedge_delta_candidate *one)
{
    bool covered = one->short_type == 'C' ? one->wing_strike > one->short_strike
                                          : one->wing_strike < one->short_strike;

    return one->days > 0 && (one->settlement == 'A' || one->settlement == 'P') &&
           (one->short_type == 'C' || one->short_type == 'P') &&
           (one->long_type == 'C' || one->long_type == 'P') && covered && one->wing_strike > 0 &&
           one->long_strike > 0 && isfinite(one->delta) && one->delta != 0 && one->premium >= 0 &&
           isfinite(one->premium);
}

static double packages_for(const vw_hedge_delta_candidate *one, double delta, double inside)
{
    double packages = floor(-delta / one->delta + 0.5);

    return packages >= 1 && fabs(delta + packages * one->delta) <= inside ? packages : 0;
}

static double edge_of(const vw_hedge_delta_candidate *one)
{
    return isfinite(one->residual_usd) ? one->residual_usd : 0;
}

static bool better(const vw_hedge_delta_candidate *one, const vw_hedge_delta_candidate *than)
{
    if (than == NULL || edge_of(one) != edge_of(than)) {
        return than == NULL || edge_of(one) > edge_of(than);
    }
    return one->premium < than->premium;
}

static void propose(vw_turn *turn, const vw_hedge_delta_candidate *one, double packages)
{
    vw_proposal *proposal =
        vw_proposal_add(turn, VW_PROPOSAL_DELTA, VW_REASON_DELTA, VW_URGENCY_NORMAL);
    const struct {
        char type;
        double strike, contracts;
    } steps[] = {{one->short_type, one->wing_strike, packages},
                 {one->long_type, one->long_strike, packages},
                 {one->short_type, one->short_strike, -packages}};

    if (proposal == NULL) {
        return;
    }
    proposal->cash_usd = -packages * one->premium * MULTIPLIER;
    for (size_t i = 0; i < VW_COUNT_OF(steps); i++) {
        vw_proposal_step step = {.expiry = one->expiry,
                                 .type = steps[i].type,
                                 .strike = steps[i].strike,
                                 .contracts = steps[i].contracts};

        memcpy(step.root, one->root, sizeof step.root);
        vw_proposal_step_add(proposal, &step);
    }
}

void vw_delta_take(vw_turn *turn)
{
    const vw_hedge_delta_candidate *best = NULL;
    double condors, delta = vw_hedge_inputs_delta(turn->in, &condors);

    if (isfinite(delta)) {
        turn->out->delta_usd_per_point = delta * MULTIPLIER;
    }
    if (!(fabs(delta) > turn->set->delta_max * condors) || condors == 0 || !turn->may_sell) {
        return;
    }
    vw_turn_reason(turn, VW_REASON_DELTA);
    for (size_t i = 0; i < turn->in->delta_count; i++) {
        const vw_hedge_delta_candidate *one = &turn->in->deltas[i];

        if (fits(one) && packages_for(one, delta, turn->set->delta_inside * condors) > 0 &&
            better(one, best)) {
            best = one;
        }
    }
    if (best != NULL) {
        propose(turn, best, packages_for(best, delta, turn->set->delta_inside * condors));
    }
}
