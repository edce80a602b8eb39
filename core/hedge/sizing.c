#include "core/hedge/turn.h"

#include <math.h>

/* How far a listed call is from a rung: tenor in proportion, delta as it is. */
static double distance(const vw_hedge_instrument *leg, const vw_rung *rung)
{
    return fabs(log((leg->days > 0 ? leg->days : 1) / rung->days)) +
           fabs(leg->delta / leg->multiplier - rung->delta);
}

/* The rung whose tenor a held call is nearest to. */
static size_t rung_of(const vw_turn *turn, const vw_hedge_instrument *leg)
{
    size_t best = 0;
    double days = leg->days > 0 ? leg->days : 1;

    for (size_t i = 1; i < turn->set->rung_count; i++) {
        if (fabs(log(days / turn->set->rungs[i].days)) <
            fabs(log(days / turn->set->rungs[best].days))) {
            best = i;
        }
    }
    return best;
}

static double condor_notional(const vw_turn *turn)
{
    double sum = 0;

    for (size_t i = 0; i < turn->in->condor_count; i++) {
        sum += turn->condor_ok[i] ? turn->in->condors[i].notional_usd : 0;
    }
    return sum;
}

/* What the level of VX1 lets be spent: the last step at or below it. */
static double budget(const vw_turn *turn)
{
    double forward = (double)turn->in->futures[0].price * 1e-4, fraction = 0;

    for (size_t i = 0; i < turn->set->step_count; i++) {
        if (forward >= turn->set->steps[i].vix_forward) {
            fraction = turn->set->steps[i].fraction;
        }
    }
    return fraction * condor_notional(turn);
}

static void buy(vw_turn *turn, size_t i, double contracts, vw_reason reason)
{
    const vw_hedge_instrument *leg = &turn->in->instruments[i];
    double room = vw_turn_notional_room(turn, i);
    double most = floor(fmin(fmin(contracts, room), leg->hi - turn->wanted[i]));

    if (room < contracts) {
        vw_turn_reason(turn, VW_REASON_NOTIONAL_CAP);
    }
    if (most >= 1) {
        vw_turn_want(turn, i, turn->wanted[i] + most, reason);
        turn->state->legs[i].unrounded = turn->wanted[i];
        vw_turn_reason(turn, reason);
    }
}

/* Fills one rung with the nearest listed call, beside what is there already. */
static void fill(vw_turn *turn, size_t r)
{
    const vw_rung *rung = &turn->set->rungs[r];
    size_t best = turn->in->instrument_count;
    double there = 0;

    for (size_t i = 0; i < turn->in->instrument_count; i++) {
        const vw_hedge_instrument *leg = &turn->in->instruments[i];

        if (!turn->leg_ok[i] || leg->kind != VW_KIND_VIX_CALL || leg->days <= 0) {
            continue;
        }
        there += rung_of(turn, leg) == r ? turn->wanted[i] : 0;
        if (vw_turn_leg_live(turn, i) && leg->price > 0 && rung_of(turn, leg) == r &&
            (best == turn->in->instrument_count ||
             distance(leg, rung) < distance(&turn->in->instruments[best], rung))) {
            best = i;
        }
    }
    if (best == turn->in->instrument_count) {
        vw_turn_reason(turn, VW_REASON_NO_INSTRUMENT);
        return;
    }
    if (turn->set->sizing == VW_SIZING_LADDER) {
        double units = condor_notional(turn) / turn->set->unit_notional_usd;

        buy(turn, best, rung->contracts * units - there, VW_REASON_LADDER);
    } else if (there == 0) { /* bought once, kept until it expires */
        const vw_hedge_instrument *leg = &turn->in->instruments[best];

        buy(turn, best,
            budget(turn) / (double)turn->set->rung_count / (leg->price * leg->multiplier),
            VW_REASON_BUDGET);
    }
}

void vw_sizing_take(vw_turn *turn)
{
    bool ladder = turn->set->sizing == VW_SIZING_LADDER || turn->set->sizing == VW_SIZING_BUDGET;

    for (size_t r = 0; ladder && !turn->held && r < turn->set->rung_count; r++) {
        fill(turn, r);
    }
}
