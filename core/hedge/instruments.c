#include "core/hedge/portfolio.h"
#include "core/hedge/turn.h"

#include <stdlib.h>

enum { LAYERS = VW_DECISION_LAYERS };

/* Rule 3: what this regime and level may buy. */
static uint32_t kinds_now(const vw_turn *turn)
{
    const vw_hedge_settings *set = turn->set;
    uint32_t etp = set->etp ? VW_KIND_BIT(VW_KIND_ETP) : 0;

    switch (turn->out->regime) {
    case VW_REGIME_CONTANGO:
        return set->contango_kinds;
    case VW_REGIME_FLAT:
        return set->flat_kinds | etp;
    case VW_REGIME_BACKWARDATION:
        return turn->out->level >= 2 ? set->second_engine_kinds : set->backwardation_e1_kinds | etp;
    case VW_REGIME_INVERTED:
        return set->second_engine_kinds;
    default:
        return 0;
    }
}

static bool second_engine(const vw_turn *turn)
{
    return turn->out->regime == VW_REGIME_INVERTED ||
           (turn->out->regime == VW_REGIME_BACKWARDATION && turn->out->level >= 2);
}

static size_t heaviest(const vw_turn *turn)
{
    size_t heaviest = 0;

    for (size_t i = 1; i < LAYERS; i++) {
        if (turn->out->layers[i].weight_ppm > turn->out->layers[heaviest].weight_ppm) {
            heaviest = i;
        }
    }
    return turn->out->heavy != 0 ? turn->out->heavy - 1U : heaviest;
}

static bool long_dated_call(const vw_turn *turn, const vw_hedge_instrument *leg)
{
    return leg->kind == VW_KIND_VIX_CALL && leg->days >= turn->set->call_days_min &&
           leg->days <= turn->set->call_days_max;
}

/* Of the kinds, live, long volatility: may be bought if its month is one to hedge in. */
static bool of_kinds(const vw_turn *turn, size_t i, uint32_t kinds)
{
    const vw_hedge_instrument *leg = &turn->in->instruments[i];

    return vw_turn_leg_live(turn, i) && leg->v30 > 0 && !vw_kind_sold(leg->kind) &&
           (kinds & VW_KIND_BIT(leg->kind)) != 0 &&
           (leg->kind != VW_KIND_VIX_CALL || !second_engine(turn) || long_dated_call(turn, leg));
}

/* Does its month decide which layer it hedges? */
static bool of_month(const vw_turn *turn, const vw_hedge_instrument *leg)
{
    return leg->kind != VW_KIND_SPX_PUT && leg->kind != VW_KIND_ETP && leg->month > 0 &&
           !long_dated_call(turn, leg);
}

static bool any_of_kinds(const vw_turn *turn, uint32_t kinds)
{
    for (size_t i = 0; i < turn->in->instrument_count; i++) {
        if (of_kinds(turn, i, kinds)) {
            return true;
        }
    }
    return false;
}

/* The month nearest to one in which something is listed; 0 when nothing is tied to a month. */
static uint8_t nearest_listed(const vw_turn *turn, uint32_t kinds, uint8_t month)
{
    uint8_t best = 0;

    for (size_t i = 0; i < turn->in->instrument_count; i++) {
        const vw_hedge_instrument *leg = &turn->in->instruments[i];

        if (of_kinds(turn, i, kinds) && of_month(turn, leg) &&
            (best == 0 || abs(leg->month - month) < abs(best - month))) {
            best = leg->month;
        }
    }
    return best;
}

/* Only what is listed can be bought: a layer whose month has nothing takes the nearest that has,
 * and all are one where nothing is tied to a month.  Layers of one month are solved as one. */
static void group_layers(vw_turn *turn, uint32_t kinds)
{
    vw_decision_layer *layers = turn->out->layers;
    bool tied = nearest_listed(turn, kinds, 1) != 0, any = any_of_kinds(turn, kinds);

    for (size_t i = 0; i < LAYERS; i++) {
        uint8_t listed = nearest_listed(turn, kinds, layers[i].month);

        layers[i].month = listed != 0 ? listed : layers[i].month;
        turn->layer_group[i] = (uint8_t)i;
        for (size_t j = 0; j < i; j++) {
            if (layers[j].month == layers[i].month || (any && !tied)) {
                turn->layer_group[i] = (uint8_t)j;
                break;
            }
        }
    }
}

/* The layer whose month is nearest; of equals the one of the greater weight. */
static size_t layer_of(const vw_turn *turn, const vw_hedge_instrument *leg)
{
    const vw_decision_layer *layers = turn->out->layers;
    size_t best = 0;

    if (leg->kind == VW_KIND_SPX_PUT || leg->kind == VW_KIND_SPX_PUT_SPREAD) {
        return vw_portfolio_layer(leg->days) - 1U;
    }
    if (long_dated_call(turn, leg)) {
        return heaviest(turn);
    }
    for (size_t i = 1; i < LAYERS; i++) {
        int away = abs(leg->month - layers[i].month), least = abs(leg->month - layers[best].month);

        if (away < least || (away == least && layers[i].weight_ppm > layers[best].weight_ppm)) {
            best = i;
        }
    }
    return best;
}

static bool month_fits(const vw_turn *turn, const vw_hedge_instrument *leg)
{
    bool fits = !of_month(turn, leg);

    for (size_t i = 0; i < LAYERS; i++) {
        fits |= turn->out->layers[i].month == leg->month && turn->out->layers[i].weight_ppm > 0;
    }
    return fits;
}

void vw_instruments_take(vw_turn *turn)
{
    uint32_t kinds = kinds_now(turn);

    /* Inverted in E1 without a call spread listed: futures, as in example 2. */
    if (turn->out->regime == VW_REGIME_BACKWARDATION && !any_of_kinds(turn, kinds)) {
        kinds =
            turn->set->second_engine_kinds & (VW_KIND_BIT(VW_KIND_VX) | VW_KIND_BIT(VW_KIND_VXM));
    }
    group_layers(turn, kinds);
    for (size_t i = 0; i < turn->in->instrument_count; i++) {
        const vw_hedge_instrument *leg = &turn->in->instruments[i];
        size_t layer = layer_of(turn, leg);

        turn->out->legs[i].id = leg->id;
        turn->out->legs[i].layer = (uint8_t)(layer + 1);
        turn->group[i] = turn->layer_group[layer];
        turn->out->legs[i].permitted =
            turn->may_buy && of_kinds(turn, i, kinds) && month_fits(turn, leg);
    }
    if (turn->may_buy && !any_of_kinds(turn, kinds) &&
        turn->out->r_final * turn->out->offset_v30 > 0) {
        vw_turn_reason(turn, VW_REASON_NO_INSTRUMENT);
    }
}
