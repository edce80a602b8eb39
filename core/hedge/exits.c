#include "core/hedge/turn.h"

#include <math.h>

static const double ROUNDING = 1e-9; /* a third of 57 is 19 */

/* Stops on sold premium come before everything but their own quotes. */
static void stop(vw_turn *turn, size_t i)
{
    const vw_hedge_instrument *leg = &turn->in->instruments[i];
    double rsi = turn->state->closes.cm30.value;

    if (!(leg->contracts > 0) || !vw_turn_leg_live(turn, i)) {
        return;
    }
    if (isfinite(leg->entry_price) && leg->entry_price > 0 &&
        leg->price >= turn->set->stop_multiple * leg->entry_price) {
        vw_turn_want(turn, i, 0, VW_REASON_STOP);
        vw_turn_reason(turn, VW_REASON_STOP);
    } else if (rsi < turn->set->exit_rsi && turn->may_buy) {
        vw_turn_want(turn, i, 0, VW_REASON_EXIT_RSI);
        vw_turn_reason(turn, VW_REASON_EXIT_RSI);
    }
}

static bool option_hedge(uint8_t kind)
{
    return kind == VW_KIND_VIX_CALL || kind == VW_KIND_VIX_CALL_SPREAD || kind == VW_KIND_SPX_PUT;
}

/* Half of an option hedge that is worth a multiple of its cost, once while E3 lasts. */
static void take_profit(vw_turn *turn, size_t i)
{
    const vw_hedge_instrument *leg = &turn->in->instruments[i];
    vw_leg_memo *memo = &turn->state->legs[i];
    double sold = floor(leg->contracts * turn->set->profit_share);

    if (turn->out->level != 3) {
        memo->profit_floor = 0;
        return;
    }
    if (memo->profit_floor > 0 || !turn->may_sell || sold < 1 || !vw_turn_leg_live(turn, i) ||
        !(leg->entry_price > 0) || !(leg->price >= turn->set->profit_multiple * leg->entry_price)) {
        return;
    }
    if (turn->out->signals.keys_to_sell < 2) {
        vw_turn_reason(turn, VW_REASON_SALE_KEYS);
        return;
    }
    double before = turn->wanted[i];

    turn->wanted[i] = fmin(before, leg->contracts - sold);
    if (!vw_account_fits(turn)) {
        turn->wanted[i] = before;
        return;
    }
    memo->profit_floor = leg->contracts - sold;
    vw_turn_want(turn, i, turn->wanted[i], VW_REASON_PROFIT);
    vw_turn_reason(turn, VW_REASON_PROFIT);
}

static size_t furthest_leg(const vw_turn *turn)
{
    size_t furthest = turn->in->instrument_count;

    for (size_t i = 0; i < turn->in->instrument_count; i++) {
        const vw_hedge_instrument *leg = &turn->in->instruments[i];

        if (leg->contracts > 0 && vw_turn_leg_live(turn, i) && !vw_kind_sold(leg->kind) &&
            leg->kind != VW_KIND_VIX_CALENDAR &&
            (furthest == turn->in->instrument_count ||
             leg->days > turn->in->instruments[furthest].days)) {
            furthest = i;
        }
    }
    return furthest;
}

static double ratio_with(vw_turn *turn, size_t i, double contracts)
{
    double kept = turn->wanted[i], ratio;

    turn->wanted[i] = contracts;
    vw_account_margin(turn, &ratio);
    turn->wanted[i] = kept;
    return ratio;
}

/* The most that may be sold of a leg now: its share a session, and r stays. */
static double most_to_sell(const vw_turn *turn, size_t i)
{
    const vw_hedge_instrument *leg = &turn->in->instruments[i];
    const vw_leg_memo *memo = &turn->state->legs[i];
    double floor_now =
        memo->sale_session == turn->in->session
            ? memo->sale_floor
            : leg->contracts - floor(leg->contracts * turn->set->quick_sale_share + ROUNDING);
    double spare = vw_turn_v30(turn) - turn->set->quick_sale_r * turn->out->offset_v30;
    double most = fmax(turn->wanted[i] - floor_now, 0);

    return leg->v30 > 0 ? fmin(most, floor(fmax(spare, 0) / leg->v30)) : most;
}

/* Where the quick ratio is short nothing is bought, nor premium sold that only the purchases made
 * room for. */
static void drop_purchases(vw_turn *turn)
{
    bool any = false;

    for (size_t i = 0; i < turn->in->instrument_count; i++) {
        any |= turn->leg_ok[i] && turn->wanted[i] > turn->in->instruments[i].contracts;
    }
    for (size_t i = 0; any && i < turn->in->instrument_count; i++) {
        if (turn->leg_ok[i] && !vw_kind_sold(turn->in->instruments[i].kind)) {
            turn->wanted[i] = turn->in->instruments[i].contracts;
        }
    }
    bool fits = !any || vw_account_fits(turn);

    for (size_t i = 0; !fits && i < turn->in->instrument_count; i++) {
        if (turn->leg_ok[i] && vw_kind_sold(turn->in->instruments[i].kind)) {
            turn->wanted[i] = fmin(turn->wanted[i], turn->in->instruments[i].contracts);
        }
    }
}

/* The fewest contracts of the furthest leg that restore the quick ratio. */
static void restore_quick_ratio(vw_turn *turn)
{
    size_t i = furthest_leg(turn);
    double target = turn->set->quick_ratio_min, before, lo = 0, hi;

    vw_account_margin(turn, &before);
    if (!(before < target) || turn->held || !isfinite(turn->vix)) {
        return;
    }
    drop_purchases(turn);
    vw_account_margin(turn, &before);
    hi = i < turn->in->instrument_count ? most_to_sell(turn, i) : 0;
    double best = hi >= 1 ? ratio_with(turn, i, turn->wanted[i] - hi) : NAN;

    if (!(best > before)) {
        vw_turn_warn(turn, VW_WARNING_REDUCE_CONDORS);
        return;
    }
    if (best < target) {
        vw_turn_warn(turn, VW_WARNING_REDUCE_CONDORS);
    } else {
        while (hi - lo > 1) {
            double middle = floor(0.5 * (lo + hi));

            if (ratio_with(turn, i, turn->wanted[i] - middle) >= target) {
                hi = middle;
            } else {
                lo = middle;
            }
        }
    }
    double whole = turn->wanted[i], kept = whole - hi;
    vw_leg_memo *memo = &turn->state->legs[i];

    turn->wanted[i] = kept;
    if (!vw_account_fits(turn)) { /* it earns what the others cost */
        turn->wanted[i] = whole;
        vw_turn_warn(turn, VW_WARNING_REDUCE_CONDORS);
        return;
    }
    turn->wanted[i] = whole;
    if (memo->sale_session != turn->in->session) {
        double share =
            floor(turn->in->instruments[i].contracts * turn->set->quick_sale_share + ROUNDING);

        memo->sale_session = turn->in->session;
        memo->sale_floor = turn->in->instruments[i].contracts - share;
    }
    vw_turn_want(turn, i, kept, VW_REASON_QUICK_RATIO_SALE);
    vw_turn_reason(turn, VW_REASON_QUICK_RATIO_SALE);
}

void vw_exits_stop(vw_turn *turn)
{
    for (size_t i = 0; i < turn->in->instrument_count; i++) {
        if (turn->leg_ok[i] && turn->in->instruments[i].kind == VW_KIND_VIX_CREDIT_SPREAD) {
            stop(turn, i);
        }
    }
}

void vw_exits_take(vw_turn *turn)
{
    for (size_t i = 0; i < turn->in->instrument_count; i++) {
        if (turn->leg_ok[i] && option_hedge(turn->in->instruments[i].kind)) {
            take_profit(turn, i);
        }
    }
    restore_quick_ratio(turn);
}
