#include "core/hedge/turn.h"

#include <math.h>

enum { LAYERS = VW_DECISION_LAYERS };

static const uint8_t BASE_MONTH[LAYERS] = {1, 1, 2, 3};

static bool has_month(const vw_turn *turn, size_t month)
{
    return month >= 1 && month <= turn->in->future_count && turn->in->futures[month - 1].price > 0;
}

/* A month out of a layer's: nearer when it is not listed. */
static uint8_t month_of(const vw_turn *turn, size_t layer)
{
    const vw_hedge_state *state = turn->state;
    size_t month = BASE_MONTH[layer] + (size_t)state->shift[layer];

    if (month == 1) {
        month += state->rotation;
    }
    while (month > 1 && !has_month(turn, month)) {
        month--;
    }
    return (uint8_t)month;
}

/* VX1 has expired: what was moved out is where it belongs again. */
static void take_expiry(vw_turn *turn)
{
    vw_hedge_state *state = turn->state;
    uint32_t expiry = turn->in->future_count > 0 ? turn->in->futures[0].expiry : 0;

    if (expiry == 0 || expiry == state->vx1_expiry) {
        return;
    }
    for (size_t i = 0; state->vx1_expiry != 0 && i < LAYERS; i++) {
        state->shift[i] = (uint8_t)(state->shift[i] - (state->shift[i] > 0));
    }
    if (state->vx1_expiry != 0 && state->rotation > 0) {
        state->rotation--;
    }
    state->vx1_expiry = expiry;
}

static double convexity_gap(const vw_turn *turn, size_t month)
{
    const vw_hedge_future *future = &turn->in->futures[month - 1];
    double gap = has_month(turn, month) ? fabs(future->forward_vol - future->options_rms) : NAN;

    return isfinite(gap) ? gap : INFINITY;
}

/* Rule 3: while decoupled, VX1 legs sit in VX2 or VX3, where futures and options agree better. */
static bool rotate(vw_turn *turn)
{
    uint8_t aim = 0, *rotation = &turn->state->rotation;

    if (turn->state->decoupled) {
        aim = convexity_gap(turn, 3) < convexity_gap(turn, 2) ? 2 : 1;
    }
    if (*rotation == aim) {
        return false;
    }
    *rotation = (uint8_t)(*rotation < aim ? *rotation + 1 : *rotation - 1);
    vw_turn_reason(turn, VW_REASON_ROTATED);
    return true;
}

/* Rule 6: a month out, but never into a dearer one. */
static bool roll(vw_turn *turn)
{
    vw_hedge_state *state = turn->state;
    bool moved = false;

    state->shift_pending = false;
    if (turn->out->regime < VW_REGIME_BACKWARDATION ||
        !(state->closes.ratio.value > turn->set->shift_rsi)) { /* tested again when it waited */
        return false;
    }
    for (size_t i = 0; i < LAYERS; i++) {
        size_t month = month_of(turn, i);

        if (has_month(turn, month) && has_month(turn, month + 1) &&
            turn->in->futures[month].price <= turn->in->futures[month - 1].price) {
            state->shift[i]++;
            moved = true;
        }
    }
    vw_turn_reason(turn, moved ? VW_REASON_SHIFTED : VW_REASON_SHIFT_REFUSED);
    return moved;
}

/* Rotate, then roll: one month a session at most, and none inside an event window. */
static void move_months(vw_turn *turn)
{
    vw_hedge_state *state = turn->state;

    if (!turn->may_sell || state->move_session == turn->in->session) {
        if (state->shift_pending && turn->out->in_event) {
            vw_turn_reason(turn, VW_REASON_SHIFT_WAITS);
        }
        return;
    }
    if (rotate(turn) || (state->shift_pending && roll(turn))) {
        state->move_session = turn->in->session;
        state->rolling = true;
    }
}

void vw_months_take(vw_turn *turn)
{
    vw_hedge_state *state = turn->state;

    if (!turn->held) {
        take_expiry(turn);
        move_months(turn);
    }
    for (size_t i = 0; i < LAYERS; i++) {
        uint8_t month = turn->held && state->months[i] != 0 ? state->months[i] : month_of(turn, i);

        state->months[i] = month;
        turn->out->layers[i].month = month;
    }
}
