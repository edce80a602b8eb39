#include "core/hedge/turn.h"

#include <math.h>

enum { LAYERS = VW_DECISION_LAYERS };

static void warn(vw_turn *turn, size_t condor, bool when, vw_warning warning)
{
    if (when) {
        turn->out->condors[condor].warnings |= UINT64_C(1) << warning;
        vw_turn_warn(turn, warning);
    }
}

static double equity(const vw_turn *turn)
{
    const vw_hedge_account *account = &turn->in->account;

    return turn->account_fresh && account->equity_usd > 0 ? account->equity_usd : NAN;
}

/* V30 is a slope: what a full offset of it gains in a move of vol, against what the condor loses.
 */
static bool curves_away(const vw_turn *turn, const vw_hedge_condor *condor)
{
    double offset = -VW_HEDGE_VOL_MOVE * condor->v30[1];

    return offset > 0 &&
           fabs(condor->vol_gain_usd + offset) > turn->set->volga_max * fabs(condor->vol_gain_usd);
}

/* What is NaN compares false: a warning is never made of what is not known. */
static void warn_condor(vw_turn *turn, size_t i)
{
    const vw_hedge_settings *set = turn->set;
    const vw_hedge_condor *condor = &turn->in->condors[i];
    double span = (condor->call.strike_short - condor->put.strike_short) / turn->in->spot.value;
    double days = condor->entry_days > 0 ? condor->entry_days : condor->days;
    double weekly = condor->credit * 100 * condor->contracts / condor->max_loss_usd * 7 / days;

    warn(turn, i, condor->max_loss_usd > set->condor_share_max * equity(turn),
         VW_WARNING_CONDOR_SIZE);
    warn(turn, i,
         condor->entry_days != 0 &&
             (condor->entry_days < set->entry_days_lo || condor->entry_days > set->entry_days_hi),
         VW_WARNING_CONDOR_DAYS);
    warn(turn, i, span < set->span_lo || span > set->span_hi, VW_WARNING_CONDOR_SPAN);
    warn(turn, i,
         condor->max_loss_usd > 0 && days > 0 &&
             (weekly < set->weekly_credit_lo || weekly > set->weekly_credit_hi),
         VW_WARNING_CONDOR_CREDIT);
    warn(turn, i,
         condor->put.strike >= condor->put.strike_short ||
             condor->call.strike <= condor->call.strike_short,
         VW_WARNING_NAKED);
    warn(turn, i, curves_away(turn, condor), VW_WARNING_VOLGA);
}

static double finite_or_zero(double value)
{
    return isfinite(value) ? value : 0;
}

static void show_condor(vw_turn *turn, size_t i)
{
    const vw_hedge_condor *condor = &turn->in->condors[i];
    vw_decision_condor *out = &turn->out->condors[i];

    out->id = condor->id;
    out->break_even_lo = finite_or_zero(condor->break_even_lo);
    out->break_even_hi = finite_or_zero(condor->break_even_hi);
    out->z_lo = finite_or_zero(condor->z_lo);
    out->z_hi = finite_or_zero(condor->z_hi);
    out->z_lo_entry = finite_or_zero(condor->z_lo_entry);
    out->z_hi_entry = finite_or_zero(condor->z_hi_entry);
    if (turn->condor_ok[i]) {
        turn->out->gamma_usd_per_point2 += condor->gamma;
        turn->out->vega_usd_per_point += condor->vega;
        turn->out->theta_usd_per_day += condor->theta;
        turn->out->theta_with_roll_usd_per_day += condor->theta;
        if (!condor->debit) {
            warn_condor(turn, i);
        }
    }
}

/* A leg belongs to all layers of its month, by their weights. */
static void spread_leg(vw_turn *turn, size_t i)
{
    const vw_decision_leg *leg = &turn->out->legs[i];
    double weight = 0, wanted_v30 = leg->wanted * turn->in->instruments[i].v30;

    for (size_t j = 0; j < LAYERS; j++) {
        weight += turn->layer_group[j] == turn->group[i] ? turn->out->layers[j].weight_ppm : 0;
    }
    for (size_t j = 0; j < LAYERS; j++) {
        vw_decision_layer *layer = &turn->out->layers[j];
        double share = weight > 0 ? layer->weight_ppm / weight : j == leg->layer - 1U;

        if (turn->layer_group[j] == turn->group[i]) {
            layer->hedge_v30 += share * leg->v30;
            layer->residual_v30 += share * wanted_v30;
        }
    }
}

/* What all hedges together cost: a day, and of equity a month. */
static void cost(vw_turn *turn, double theta)
{
    double monthly = -theta * 30 / equity(turn), credit = 0, days = 0;

    for (size_t i = 0; i < turn->in->condor_count; i++) {
        const vw_hedge_condor *condor = &turn->in->condors[i];
        double one = condor->credit * 100 * condor->contracts;

        if (turn->condor_ok[i] && !condor->debit && one > 0 && isfinite(one)) {
            credit += one;
            days += one * condor->days;
        }
    }
    turn->out->hedge_cost_monthly = finite_or_zero(monthly);
    if (monthly > turn->set->monthly_cost_warn) {
        vw_turn_warn(turn, VW_WARNING_HEDGE_COST);
    }
    if (credit > 0 && -theta * (days / credit) > turn->set->erosion_max * credit) {
        vw_turn_warn(turn, VW_WARNING_EROSION);
    }
}

static void show_legs(vw_turn *turn)
{
    double wanted_theta = 0;

    for (size_t i = 0; i < turn->in->instrument_count; i++) {
        const vw_hedge_instrument *leg = &turn->in->instruments[i];
        const vw_decision_leg *out = &turn->out->legs[i];

        if (turn->leg_ok[i]) {
            spread_leg(turn, i);
            wanted_theta += out->wanted * (leg->theta + leg->roll);
            turn->out->hedge_v30 += out->v30;
            turn->out->hedge_notional_usd += out->wanted * leg->notional_usd;
            turn->out->theta_usd_per_day += out->theta;
            turn->out->theta_with_roll_usd_per_day += out->theta_with_roll;
        }
    }
    cost(turn, wanted_theta);
}

static void show_layers(vw_turn *turn)
{
    vw_decision *out = turn->out;
    double wanted = 0;

    for (size_t i = 0; i < LAYERS; i++) {
        vw_decision_layer *layer = &out->layers[i];

        wanted += layer->residual_v30;
        layer->residual_v30 -= layer->target_v30;
        layer->hedge_ratio = layer->condor_v30 != 0 ? -layer->hedge_v30 / layer->condor_v30 : 0;
        if (layer->condor_v30 == 0 && layer->hedge_v30 != 0) {
            vw_turn_warn(turn, VW_WARNING_LAYER_NO_VEGA);
        }
    }
    out->r_attained = out->offset_v30 > 0 ? wanted / out->offset_v30 : out->r_final;
}

void vw_warnings_take(vw_turn *turn)
{
    const vw_hedge_state *state = turn->state;
    vw_decision *out = turn->out;
    double ratio;

    for (size_t i = 0; i < turn->in->condor_count; i++) {
        show_condor(turn, i);
    }
    show_legs(turn);
    show_layers(turn);
    out->margin_after_usd = vw_account_margin(turn, &ratio);
    out->quick_ratio_after = finite_or_zero(ratio);
    out->paper = state->cycles < turn->set->cycles_wanted;
    if (out->paper) {
        vw_turn_warn(turn, VW_WARNING_PAPER);
    }
    out->infeasible = state->infeasible;
    if (state->infeasible) {
        vw_turn_warn(turn, VW_WARNING_INFEASIBLE);
    }
    out->given_up_count = state->given_up_count;
    for (size_t i = 0; i < state->given_up_count; i++) {
        out->given_up[i].constraint = state->given_up[i].constraint;
        out->given_up[i].price = state->given_up[i].price;
    }
}
