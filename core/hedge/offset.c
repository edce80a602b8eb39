#include "core/hedge/turn.h"

#include <math.h>

static double clamp(double value, double lo, double hi)
{
    return fmin(fmax(value, lo), hi);
}

/* The worst short vega of the condors over the three spots. */
static void sum_condors(vw_turn *turn)
{
    vw_decision *out = turn->out;
    double v30[VW_HEDGE_SPOTS] = {0};

    for (size_t i = 0; i < turn->in->condor_count; i++) {
        const vw_hedge_condor *condor = &turn->in->condors[i];

        for (size_t spot = 0; turn->condor_ok[i] && spot < VW_HEDGE_SPOTS; spot++) {
            v30[spot] += condor->v30[spot];
        }
    }
    for (size_t spot = 0; spot < VW_HEDGE_SPOTS; spot++) {
        if (-v30[spot] > out->offset_v30) {
            out->offset_v30 = -v30[spot];
            turn->worst_spot = spot;
        }
    }
    out->condor_v30 = v30[1];
}

/* Between the prices of the pair, clamped to the state: c in [0, threshold], s in [0, threshold].
 */
static double flat_r(vw_turn *turn)
{
    const vw_hedge_settings *set = turn->set;
    double edge = (double)set->regime.contango_permille * 1e-3;
    double rsi = turn->state->closes.vix_rsi.value;
    double c = clamp(turn->out->signals.detail[VW_DETAIL_CONTANGO], 0, edge);

    if (rsi >= set->flat_rsi_lo && rsi <= set->flat_rsi_hi) {
        vw_turn_reason(turn, VW_REASON_FLAT_RSI);
        return set->flat_far_r;
    }
    return set->flat_far_r + (set->flat_near_r - set->flat_far_r) * (1 - c / edge);
}

static double backwardation_r(const vw_turn *turn)
{
    const vw_hedge_settings *set = turn->set;
    double edge = (double)set->regime.inverted_points * 1e-4;
    double s = clamp(turn->out->signals.detail[VW_DETAIL_INVERSION], 0, edge);

    return set->backwardation_near_r +
           (set->backwardation_far_r - set->backwardation_near_r) * s / edge;
}

static double asked(vw_turn *turn, bool near_break_even)
{
    const vw_hedge_settings *set = turn->set;
    double r;

    switch (turn->out->regime) {
    case VW_REGIME_CONTANGO:
        r = turn->out->level >= 2 ? set->contango_e2_r : 0;
        return near_break_even ? fmax(r, set->near_break_even_r) : r;
    case VW_REGIME_FLAT:
        return flat_r(turn);
    case VW_REGIME_BACKWARDATION:
        return backwardation_r(turn);
    case VW_REGIME_INVERTED:
        return set->inverted_r;
    default:
        return 0;
    }
}

static double floor_r(const vw_turn *turn)
{
    switch (turn->out->regime) {
    case VW_REGIME_FLAT:
        return turn->set->flat_far_r;
    case VW_REGIME_BACKWARDATION:
        return turn->set->backwardation_near_r;
    default:
        return 0;
    }
}

/* How far 30-day at-the-money vol has risen above what it was at the condors' entries. */
static double vol_rise(const vw_turn *turn)
{
    const vw_reading *atm = &turn->in->atm_vol_30;
    double sum = 0, weight = 0;

    for (size_t i = 0; i < turn->in->condor_count; i++) {
        const vw_hedge_condor *condor = &turn->in->condors[i];

        if (turn->condor_ok[i] && condor->atm_vol_entry > 0 && isfinite(condor->atm_vol_entry)) {
            sum += fabs(condor->vega) * condor->atm_vol_entry;
            weight += fabs(condor->vega);
        }
    }
    if (!(weight > 0) || !isfinite(atm->value) || atm->age_ns > turn->set->options_stale_ns) {
        return NAN;
    }
    return atm->value / (sum / weight) - 1;
}

/* Rule 12: up at once, down by closes (closes.c). */
static void take_tranche(vw_turn *turn, bool near_break_even)
{
    vw_hedge_state *state = turn->state;
    double rise = vol_rise(turn);
    if (state->tranche < state->tranche_before) {
        vw_turn_reason(turn, VW_REASON_TRANCHE_DOWN);
    }
    uint8_t met = turn->out->r_asked > 0 || near_break_even ? 1 : 0;

    if (turn->out->regime == VW_REGIME_INVERTED || rise >= turn->set->tranche3_rise) {
        met = 3;
    } else if (rise >= turn->set->tranche2_rise) {
        met = 2;
    }
    if (met > state->tranche) {
        state->tranche = met;
        state->tranche_closes = 0;
        vw_turn_reason(turn, VW_REASON_TRANCHE_UP);
    }
    state->tranche_met |= met >= state->tranche;
    state->tranche_before = state->tranche;
}

/* Rule 4: more hedge where it costs less than it is worth. */
static double capm_scale(const vw_turn *turn)
{
    const vw_hedge_settings *set = turn->set;
    const vw_hedge_account *account = &turn->in->account;
    double fair = -account->beta_hedge * set->erp, cost = account->hedge_cost;

    if (!isfinite(cost) && turn->in->future_count >= 2 && turn->in->futures[0].price > 0) {
        cost = vw_turn_value(turn, VW_SIGNAL_ROLL, NAN) * (365.0 / 30) /
               ((double)turn->in->futures[0].price * 1e-4);
    }
    if (!isfinite(fair) || fair <= 0 || !isfinite(cost)) {
        return 1;
    }
    return cost <= set->capm_cheap * fair ? set->capm_hi
                                          : clamp(fair / cost, set->capm_lo, set->capm_hi);
}

static void take_final(vw_turn *turn)
{
    const vw_hedge_settings *set = turn->set;
    vw_decision *out = turn->out;
    double macro = 1 + set->macro_weight * vw_turn_value(turn, VW_SIGNAL_MACRO, 0);
    double cap = out->level == 1 ? set->e1_cap : 1;

    if (out->regime == VW_REGIME_INVERTED) {
        out->r_final = set->inverted_r;
        return;
    }
    out->capm_scale = capm_scale(turn);
    double scaled = out->r_released * macro * out->capm_scale;

    out->r_final = clamp(scaled, 0, cap);
    if (scaled > cap && out->level == 1) {
        vw_turn_reason(turn, VW_REASON_E1_CAP);
    }
    if (macro != 1) {
        vw_turn_reason(turn, VW_REASON_MACRO_SCALED);
    }
    if (out->capm_scale != 1) {
        vw_turn_reason(turn, VW_REASON_CAPM_SCALED);
    }
}

/* Hedge notional may be a fraction of the condors' that moves with VIX. */
static void take_notional_cap(vw_turn *turn)
{
    const vw_hedge_settings *set = turn->set;
    double span = set->notional_hi_vix - set->notional_lo_vix, condors = 0;
    double along = isfinite(turn->vix) && span > 0
                       ? clamp((turn->vix - set->notional_lo_vix) / span, 0, 1)
                       : 0;

    for (size_t i = 0; i < turn->in->condor_count; i++) {
        condors += turn->condor_ok[i] ? turn->in->condors[i].notional_usd : 0;
    }
    turn->out->notional_cap_usd =
        condors * (set->notional_lo + (set->notional_hi - set->notional_lo) * along);
}

void vw_offset_take(vw_turn *turn)
{
    vw_hedge_state *state = turn->state;
    vw_decision *out = turn->out;
    double nearest = vw_turn_value(turn, VW_SIGNAL_BREAK_EVEN, INFINITY);
    bool near_break_even = nearest <= turn->set->near_break_even_z;

    sum_condors(turn);
    take_notional_cap(turn);
    if (!turn->held) {
        out->r_asked = asked(turn, near_break_even);
        out->capm_scale = 1;
        take_tranche(turn, near_break_even);
        double phi = state->tranche / 3.0;

        if (out->regime == VW_REGIME_INVERTED) {
            phi = 1;
        } else if (state->headline) {
            phi = fmin(phi, turn->set->headline_r);
            vw_turn_reason(turn, VW_REASON_HEADLINE);
        }
        double floor = fmin(floor_r(turn), out->r_asked);

        out->r_released = floor + (out->r_asked - floor) * phi;
        take_final(turn);
        state->r_asked = out->r_asked;
        state->r_released = out->r_released;
        state->r_final = out->r_final;
        state->capm_scale = out->capm_scale;
    }
    out->r_asked = state->r_asked;
    out->r_released = state->r_released;
    out->r_final = state->r_final;
    out->capm_scale = state->capm_scale;
    out->tranche = state->tranche;
    out->tranche_closes = state->tranche_closes;
    if (near_break_even) {
        vw_turn_reason(turn, VW_REASON_NEAR_BREAK_EVEN);
    }
    if (nearest <= 0) {
        vw_turn_warn(turn, VW_WARNING_BREACHED);
    }
}
