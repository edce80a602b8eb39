#include "core/hedge/turn.h"

#include <math.h>

static double condor_max_loss(const vw_turn *turn)
{
    double sum = 0;

    for (size_t i = 0; i < turn->in->condor_count; i++) {
        sum += fmax(turn->in->condors[i].max_loss_usd, 0);
    }
    return sum;
}

static double condor_contracts(const vw_turn *turn)
{
    double sum = 0;

    for (size_t i = 0; i < turn->in->condor_count; i++) {
        sum += turn->in->condors[i].debit ? 0 : turn->in->condors[i].contracts;
    }
    return sum;
}

/* S11: what the package earns on what it can lose, against what capital must earn. */
static bool carry_pays(const vw_turn *turn, const vw_hedge_instrument *leg)
{
    double rate = isfinite(turn->in->account.rate) ? turn->in->account.rate : 0, irr = leg->irr;

    if (!isfinite(irr) && vw_kind_sold(leg->kind) && leg->days > 0 && leg->width > leg->price) {
        irr = pow(leg->width / (leg->width - leg->price), 365.0 / leg->days) - 1;
    }
    return irr >= rate + turn->set->vol_premium;
}

/* What packages already sold or wanted can lose. */
static double loss_at_stake(const vw_turn *turn, size_t except)
{
    double sum = 0;

    for (size_t i = 0; i < turn->in->instrument_count; i++) {
        const vw_hedge_instrument *leg = &turn->in->instruments[i];

        if (i != except && turn->leg_ok[i] && vw_kind_sold(leg->kind)) {
            double credit = leg->entry_price > 0 ? leg->entry_price : leg->price;

            sum += turn->wanted[i] * fmax(leg->width - credit, 0) * leg->multiplier;
        }
    }
    return sum;
}

static double budget_contracts(const vw_turn *turn, size_t i)
{
    const vw_hedge_instrument *leg = &turn->in->instruments[i];
    double one = (leg->width - leg->price) * leg->multiplier;
    double budget = turn->set->credit_loss_budget * condor_max_loss(turn) - loss_at_stake(turn, i);
    double most = one > 0 ? floor(fmax(budget, 0) / one) : 0;

    most = fmin(most, floor(leg->hi));
    if (isfinite(leg->displayed)) {
        most = fmin(most, floor(turn->set->displayed_share * fmax(leg->displayed, 0)));
    }
    return most;
}

/* What it sells counts: net V30 stays inside the band. */
static double band_contracts(const vw_turn *turn, size_t i)
{
    double v30 = turn->in->instruments[i].v30;
    double hedge = vw_turn_v30(turn) - turn->wanted[i] * v30;
    double least =
        turn->out->r_final * turn->out->offset_v30 - turn->set->band * fabs(turn->out->condor_v30);

    return v30 < 0 ? floor(fmax(hedge - least, 0) / -v30) : INFINITY;
}

static void sell(vw_turn *turn, size_t i, double most, vw_reason reason)
{
    double before = turn->wanted[i], room = before + floor(vw_turn_notional_room(turn, i));
    double contracts =
        fmin(fmin(most, room), fmin(budget_contracts(turn, i), band_contracts(turn, i)));

    for (; contracts > before; contracts = floor(0.5 * (before + contracts))) {
        turn->wanted[i] = contracts;
        if (vw_account_fits(turn)) {
            vw_turn_want(turn, i, contracts, reason);
            vw_turn_reason(turn, reason);
            return;
        }
    }
    turn->wanted[i] = before;
}

/* Common to all that is sold: two keys, no event, fair credit, live quotes. */
static bool may_sell(const vw_turn *turn, size_t i)
{
    const vw_hedge_instrument *leg = &turn->in->instruments[i];

    return vw_turn_leg_live(turn, i) && leg->price > 0 && leg->width > leg->price &&
           leg->price <= turn->set->credit_of_width * leg->width && carry_pays(turn, leg) &&
           turn->state->legs[i].reason != VW_REASON_STOP;
}

static bool cash_press_on(const vw_turn *turn)
{
    return vw_turn_value(turn, VW_SIGNAL_CASH_PRESS, 0) > 0 && turn->out->level == 3 &&
           turn->out->regime != VW_REGIME_INVERTED &&
           (turn->set->posture == VW_POSTURE_PROMOTER || turn->set->cash_press) &&
           !(turn->state->closes.cm30.value < turn->set->exit_rsi);
}

static bool put_spreads_on(const vw_turn *turn)
{
    return turn->set->put_spreads && turn->out->level < 3 &&
           turn->out->regime != VW_REGIME_INVERTED && turn->out->regime != VW_REGIME_UNKNOWN;
}

static bool calendar_held(const vw_turn *turn)
{
    for (size_t i = 0; i < turn->in->instrument_count; i++) {
        if (turn->in->instruments[i].kind == VW_KIND_VIX_CALENDAR && turn->wanted[i] > 0) {
            return true;
        }
    }
    return false;
}

/* One calendar while decoupled: the best that does not make capital dearer. */
static void buy_calendar(vw_turn *turn)
{
    size_t best = turn->in->instrument_count;
    double best_after = 0;

    if (!turn->state->decoupled || !turn->may_buy || calendar_held(turn)) {
        return;
    }
    for (size_t i = 0; i < turn->in->instrument_count; i++) {
        const vw_hedge_instrument *leg = &turn->in->instruments[i];
        double after = vw_account_wacc(turn, leg->worst_loss_usd, leg->beta);

        if (leg->kind == VW_KIND_VIX_CALENDAR && vw_turn_leg_live(turn, i) && leg->hi >= 1 &&
            vw_turn_notional_room(turn, i) >= 1 && carry_pays(turn, leg) &&
            after <= turn->out->wacc_before &&
            (best == turn->in->instrument_count || leg->irr > turn->in->instruments[best].irr)) {
            best = i;
            best_after = after;
        }
    }
    if (best < turn->in->instrument_count) {
        turn->wanted[best] = 1;
        if (!vw_account_fits(turn)) {
            turn->wanted[best] = 0;
            return;
        }
        vw_turn_want(turn, best, 1, VW_REASON_CALENDAR);
        vw_turn_reason(turn, VW_REASON_CALENDAR);
        turn->out->wacc_after = best_after;
    }
}

void vw_premium_take(vw_turn *turn)
{
    bool press = cash_press_on(turn), puts = put_spreads_on(turn);

    if (turn->set->sizing != VW_SIZING_VEGA) {
        return;
    }
    buy_calendar(turn);
    if ((!press && !puts) || !turn->may_sell) {
        return;
    }
    if (turn->out->signals.keys_to_sell < 2) {
        vw_turn_reason(turn, VW_REASON_SALE_KEYS);
        return;
    }
    for (size_t i = 0; i < turn->in->instrument_count; i++) {
        const vw_hedge_instrument *leg = &turn->in->instruments[i];

        if (press && leg->kind == VW_KIND_VIX_CREDIT_SPREAD &&
            leg->days < turn->set->credit_days_max && may_sell(turn, i)) {
            sell(turn, i, INFINITY, VW_REASON_CASH_PRESS);
        } else if (puts && leg->kind == VW_KIND_SPX_PUT_SPREAD &&
                   leg->days < turn->set->credit_days_max && may_sell(turn, i)) {
            sell(turn, i, condor_contracts(turn), VW_REASON_PUT_SPREAD);
        }
    }
}
