/* turn.h: one hedge decision in the making; for the sources of the policy only.
 *
 * A turn is one call of vw_policy_evaluate.  Its rules are the functions vw_..._take, in the order
 * in which policy.c calls them: each reads the turn, writes its part of the decision and moves its
 * part of the state. */
#ifndef VW_CORE_HEDGE_TURN_H
#define VW_CORE_HEDGE_TURN_H

#include "core/hedge/state.h"

typedef struct vw_turn {
    const vw_hedge_settings *set;
    vw_hedge_state *state;
    const vw_hedge_inputs *in;
    vw_decision *out;
    bool held;     /* an input is stale, or the curve was never known */
    bool may_sell; /* hedges and premium: not held, VIX known, no event */
    bool may_buy;
    bool account_fresh;                      /* what the account says is not too old */
    bool first;                              /* nothing was decided before */
    bool inverted_now, shift_now, moved_now; /* moved_now: positions, by the user */
    double vix;                              /* known or NaN */
    bool condor_ok[VW_HEDGE_CONDORS_MAX];
    bool leg_ok[VW_HEDGE_INSTRUMENTS_MAX];
    double wanted[VW_HEDGE_INSTRUMENTS_MAX]; /* contracts, as decided so far */
    uint8_t group[VW_HEDGE_INSTRUMENTS_MAX]; /* layer index a leg is solved with */
    uint8_t layer_group[VW_DECISION_LAYERS]; /* layers of one month are solved as one */
    size_t worst_spot;                       /* where the short vega is greatest */
} vw_turn;

void vw_turn_read(vw_turn *turn); /* precedence 1 */
void vw_closes_add(const vw_hedge_settings *set, vw_hedge_state *state,
                   const vw_hedge_close *close);
void vw_closes_signals(vw_turn *turn); /* S3, S4, S7 */
void vw_level_update(vw_level_machine *machine, const vw_hedge_settings *set, double vix, bool live,
                     int64_t now_ns); /* S2 */
void vw_level_close(vw_level_machine *machine, const vw_hedge_settings *set, double vix);
void vw_signals_read(vw_turn *turn);     /* S5, S6, S8, S9, S11-S17 */
void vw_account_read(vw_turn *turn);     /* S10 */
void vw_offset_take(vw_turn *turn);      /* rules 1, 11, 12 */
void vw_layers_take(vw_turn *turn);      /* rule 2 */
void vw_months_take(vw_turn *turn);      /* rules 3, 6: which month */
void vw_instruments_take(vw_turn *turn); /* rule 3: what with */
void vw_shift_take(vw_turn *turn);       /* rule 6: condors */
void vw_guardrail_take(vw_turn *turn);   /* rules 4, 5: how many */
void vw_sizing_take(vw_turn *turn);      /* presets that do not follow vega */
void vw_premium_take(vw_turn *turn);     /* rule 3: what may be sold */
void vw_exits_stop(vw_turn *turn);       /* rule 7: before all that follows */
void vw_exits_take(vw_turn *turn);       /* rule 7: the rest */
void vw_delta_take(vw_turn *turn);       /* rule 8 */
void vw_wings_take(vw_turn *turn);       /* rule 13 */
void vw_entry_take(vw_turn *turn);       /* rule 14 */
void vw_proposals_take(vw_turn *turn);   /* wanted contracts as packages; rule 15 */
void vw_warnings_take(vw_turn *turn);    /* rule 9 */

/* vw_turn_older says whether an age is more than so many sessions: 24 hours each, days without one
 * not counted, so that Friday's margin is a session old on Monday. */
bool vw_turn_older(const vw_turn *turn, int64_t age_ns, uint32_t sessions);

/* Of one leg: may the settings' limits still call its quote live? */
bool vw_turn_leg_live(const vw_turn *turn, size_t leg);

/* vw_turn_reason and vw_turn_warn add to the decision's sets. */
static inline void vw_turn_reason(vw_turn *turn, vw_reason reason)
{
    turn->out->reasons |= UINT64_C(1) << reason;
}

static inline void vw_turn_warn(vw_turn *turn, vw_warning warning)
{
    turn->out->warnings |= UINT64_C(1) << warning;
}

/* vw_turn_signal sets a signal's value and flags; a value that is not finite makes it absent. */
void vw_turn_signal(vw_turn *turn, vw_signal_id signal, double value, uint8_t flags);

/* vw_turn_value returns a signal's value, or neutral where it is absent or stale. */
double vw_turn_value(const vw_turn *turn, vw_signal_id signal, double neutral);

/* vw_turn_want sets a leg's wanted contracts, and why.  A sale made smaller keeps its reason. */
static inline void vw_turn_want(vw_turn *turn, size_t leg, double contracts, vw_reason reason)
{
    bool smaller_sale =
        contracts > turn->wanted[leg] && contracts < turn->in->instruments[leg].contracts;

    turn->wanted[leg] = contracts;
    if (!smaller_sale) {
        turn->state->legs[leg].reason = (uint8_t)reason;
    }
}

/* vw_turn_v30 sums V30 of the legs at the turn's wanted contracts. */
double vw_turn_v30(const vw_turn *turn);

/* vw_turn_notional_room returns how many more contracts of a leg the notional cap leaves. */
double vw_turn_notional_room(const vw_turn *turn, size_t leg);

/* vw_account_margin returns the worst loss with the turn's wanted contracts, and the quick ratio
 * that leaves; NaN where cash is unknown. */
double vw_account_margin(const vw_turn *turn, double *quick_ratio);

/* vw_account_cost_max returns what hedges may decay and roll a day; infinity without equity. */
double vw_account_cost_max(const vw_turn *turn);

/* vw_account_fits says whether the wanted contracts keep the hard limits, or break none further
 * than what is held does: notional, monthly cost, quick ratio. */
bool vw_account_fits(vw_turn *turn);

/* vw_account_wacc returns the cost of capital with more capital of a beta in use; NaN: absent. */
double vw_account_wacc(const vw_turn *turn, double capital_usd, double beta);

/* vw_proposal_add returns a new empty proposal, or NULL when the decision is full (and says so). */
vw_proposal *vw_proposal_add(vw_turn *turn, vw_proposal_kind kind, vw_reason reason,
                             vw_urgency urgency);
void vw_proposal_step_add(vw_proposal *proposal, const vw_proposal_step *step);

/* vw_proposal_trade adds the steps that trade contracts of a leg, shorts never first. */
void vw_proposal_trade(vw_proposal *proposal, const vw_hedge_instrument *leg, double contracts);

#endif
