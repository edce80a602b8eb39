#include "core/hedge/turn.h"

#include <math.h>
#include <string.h>

vw_proposal *vw_proposal_add(vw_turn *turn, vw_proposal_kind kind, vw_reason reason,
                             vw_urgency urgency)
{
    vw_decision *out = turn->out;

    if (out->proposal_count == VW_PROPOSALS_MAX) {
        vw_turn_warn(turn, VW_WARNING_PROPOSALS_FULL);
        return NULL;
    }
    vw_proposal *proposal = &out->proposals[out->proposal_count++];

    proposal->kind = (uint8_t)kind;
    proposal->reason = (uint8_t)reason;
    proposal->urgency = (uint8_t)urgency;
    return proposal;
}

void vw_proposal_step_add(vw_proposal *proposal, const vw_proposal_step *step)
{
    vw_check(proposal->step_count < VW_PROPOSAL_STEPS_MAX);
    vw_proposal_step *to = &proposal->steps[proposal->step_count++];

    /* Field by field: equal decisions are equal bytes, padding and all. */
    to->instrument = step->instrument;
    memcpy(to->root, step->root, sizeof to->root);
    to->expiry = step->expiry;
    to->type = step->type;
    to->strike = step->strike;
    to->contracts = step->contracts;
}

static void add(vw_proposal *proposal, const vw_hedge_instrument *leg, bool far, char type,
                double strike, double contracts)
{
    vw_proposal_step step = {.instrument = leg->id,
                             .expiry = far ? leg->expiry_far : leg->expiry,
                             .type = type,
                             .strike = strike,
                             .contracts = contracts};

    memcpy(step.root, leg->root, sizeof step.root);
    vw_proposal_step_add(proposal, &step);
}

/* Of a bought and a sold option: what is bought comes first, in and out. */
static void trade_pair(vw_proposal *proposal, const vw_hedge_instrument *leg, char type,
                       double bought, double sold, double contracts)
{
    add(proposal, leg, false, type, contracts > 0 ? bought : sold, fabs(contracts));
    add(proposal, leg, false, type, contracts > 0 ? sold : bought, -fabs(contracts));
}

void vw_proposal_trade(vw_proposal *proposal, const vw_hedge_instrument *leg, double contracts)
{
    switch (leg->kind) {
    case VW_KIND_VIX_CALL:
    case VW_KIND_SPX_PUT:
        add(proposal, leg, false, leg->kind == VW_KIND_SPX_PUT ? 'P' : 'C', leg->strike, contracts);
        break;
    case VW_KIND_VIX_CALL_SPREAD:
        trade_pair(proposal, leg, 'C', leg->strike, leg->strike_far, contracts);
        break;
    case VW_KIND_VIX_CREDIT_SPREAD:
        trade_pair(proposal, leg, 'C', leg->strike_far, leg->strike, contracts);
        break;
    case VW_KIND_SPX_PUT_SPREAD:
        trade_pair(proposal, leg, 'P', leg->strike_far, leg->strike, contracts);
        break;
    case VW_KIND_VIX_CALENDAR: /* the far call, and a near call spread sold against it */
        if (contracts > 0) {
            add(proposal, leg, true, 'C', leg->strike, contracts);
        }
        trade_pair(proposal, leg, 'C', leg->strike_far, leg->strike, contracts);
        if (contracts < 0) {
            add(proposal, leg, true, 'C', leg->strike, contracts);
        }
        break;
    default:
        add(proposal, leg, false, 'F', 0, contracts);
    }
}

/* What stands of the wanted contracts while inputs are held or an event is near. */
static double allowed(const vw_turn *turn, size_t i)
{
    const vw_hedge_instrument *leg = &turn->in->instruments[i];
    uint8_t reason = turn->state->legs[i].reason;
    double now = leg->contracts, wanted = turn->wanted[i];
    bool sale = vw_kind_sold(leg->kind) ? wanted > now : wanted < now;
    bool risk_rule = reason == VW_REASON_GUARDRAIL || reason == VW_REASON_QUICK_RATIO_SALE;

    if (!turn->leg_ok[i]) {
        return isfinite(now) ? now : 0;
    }
    if (reason == VW_REASON_STOP) {
        return wanted;
    }
    if (turn->held || (sale && !turn->may_sell && !(risk_rule && isfinite(turn->vix)))) {
        return now;
    }
    return wanted;
}

static vw_urgency urgency_of(const vw_turn *turn, size_t i)
{
    switch (turn->state->legs[i].reason) {
    case VW_REASON_STOP:
        return VW_URGENCY_NOW;
    case VW_REASON_GUARDRAIL:
        return fabs(turn->out->drift) > turn->set->drift_urgent ? VW_URGENCY_NOW
                                                                : VW_URGENCY_NORMAL;
    case VW_REASON_QUICK_RATIO_SALE:
        return VW_URGENCY_NORMAL;
    default:
        return turn->out->regime == VW_REGIME_INVERTED ? VW_URGENCY_NORMAL : VW_URGENCY_PATIENT;
    }
}

/* Rule 15. */
static void hint(const vw_turn *turn, size_t i)
{
    const vw_hedge_instrument *leg = &turn->in->instruments[i];
    vw_decision_leg *out = &turn->out->legs[i];
    double shown = isfinite(leg->displayed) ? floor(turn->set->hint_share * leg->displayed) : 0;

    out->hint.slice = fmax(1, shown);
    for (size_t h = 0; h < VW_COUNT_OF(leg->drift); h++) {
        out->hint.adverse[h] = isfinite(leg->drift[h]) ? leg->drift[h] : 0;
    }
    out->hint.passive = out->hint.adverse[2] > turn->set->adverse_max; /* at 100 ms */
    out->hint.urgency = (uint8_t)(out->wanted != out->now ? urgency_of(turn, i) : VW_URGENCY_NONE);
}

static bool future_kind(uint8_t kind)
{
    return kind == VW_KIND_VX || kind == VW_KIND_VXM;
}

/* A future of a month that no layer is hedged in, and that is wanted no more. */
static bool rolls_out(const vw_turn *turn, size_t i)
{
    const vw_hedge_instrument *leg = &turn->in->instruments[i];
    bool out = future_kind(leg->kind) && turn->out->legs[i].wanted == 0 && leg->contracts > 0;

    for (size_t j = 0; j < VW_DECISION_LAYERS; j++) {
        out &= turn->out->layers[j].month != leg->month;
    }
    return out;
}

/* One package: the months that are bought, then those that are left. */
static bool propose_roll(vw_turn *turn)
{
    const vw_decision_leg *legs = turn->out->legs;
    size_t outs = 0, ins = 0;

    for (size_t i = 0; i < turn->in->instrument_count; i++) {
        outs += rolls_out(turn, i);
        ins += future_kind(turn->in->instruments[i].kind) && legs[i].wanted > legs[i].now;
    }
    if (outs == 0 || ins == 0 || outs + ins > VW_PROPOSAL_STEPS_MAX) {
        return false;
    }
    vw_reason reason = turn->state->rotation > 0 ? VW_REASON_ROTATED : VW_REASON_SHIFTED;
    vw_proposal *proposal = vw_proposal_add(turn, VW_PROPOSAL_ROLL, reason, VW_URGENCY_NORMAL);

    for (int sells = 0; proposal != NULL && sells < 2; sells++) {
        for (size_t i = 0; i < turn->in->instrument_count; i++) {
            const vw_hedge_instrument *leg = &turn->in->instruments[i];

            if (sells ? rolls_out(turn, i)
                      : future_kind(leg->kind) && legs[i].wanted > legs[i].now) {
                vw_proposal_trade(proposal, leg, legs[i].wanted - legs[i].now);
            }
        }
    }
    return true;
}

static vw_proposal_kind kind_of(const vw_hedge_instrument *leg, double change)
{
    if (change < 0) {
        return VW_PROPOSAL_EXIT;
    }
    return vw_kind_sold(leg->kind) || leg->kind == VW_KIND_VIX_CALENDAR ? VW_PROPOSAL_ENTRY
                                                                        : VW_PROPOSAL_HEDGE;
}

static void propose(vw_turn *turn, size_t i, bool rolled)
{
    const vw_hedge_instrument *leg = &turn->in->instruments[i];
    const vw_decision_leg *out = &turn->out->legs[i];
    double change = out->wanted - out->now;

    if (change == 0 || (rolled && future_kind(leg->kind) && (change > 0 || rolls_out(turn, i)))) {
        return;
    }
    vw_proposal *proposal =
        vw_proposal_add(turn, kind_of(leg, change), (vw_reason)turn->state->legs[i].reason,
                        (vw_urgency)out->hint.urgency);

    if (proposal != NULL) {
        double paid = vw_kind_sold(leg->kind) ? -change : change;
        double worst = isfinite(leg->worst_loss_usd) ? leg->worst_loss_usd : 0;

        vw_proposal_trade(proposal, leg, change);
        proposal->cash_usd = future_kind(leg->kind) ? 0 : -paid * leg->price * leg->multiplier;
        proposal->worst_loss_usd = change > 0 ? change * worst : 0;
    }
}

void vw_proposals_take(vw_turn *turn)
{
    for (size_t i = 0; i < turn->in->instrument_count; i++) {
        const vw_hedge_instrument *leg = &turn->in->instruments[i];
        vw_leg_memo *memo = &turn->state->legs[i];
        vw_decision_leg *out = &turn->out->legs[i];

        if (memo->wanted != turn->wanted[i]) {
            memo->from = turn->leg_ok[i] ? leg->contracts : 0;
            memo->wanted = turn->wanted[i];
        }
        out->now = isfinite(leg->contracts) ? leg->contracts : 0;
        out->wanted = allowed(turn, i);
        out->wanted_unrounded =
            out->wanted == turn->wanted[i] && fabs(memo->unrounded - out->wanted) < 2
                ? memo->unrounded
                : out->wanted;
        if (turn->leg_ok[i]) {
            out->v30 = leg->contracts * leg->v30;
            out->theta = leg->contracts * leg->theta;
            out->theta_with_roll = leg->contracts * (leg->theta + leg->roll);
            out->delta = leg->contracts * leg->delta;
            hint(turn, i);
        }
    }
    bool rolled = propose_roll(turn);

    for (size_t i = 0; i < turn->in->instrument_count; i++) {
        if (turn->leg_ok[i]) {
            propose(turn, i, rolled);
        }
    }
}
