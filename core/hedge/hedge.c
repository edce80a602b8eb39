#include "core/hedge/hedge.h"

#include "core/vol/vx_curve.h"

#include <math.h>
#include <string.h>

static const double VX_MULTIPLIER = 1000;
static const double VEGA_EXPONENT = 0.40;
static const double VEGA_WEIGHT_MAX = 2;
static const uint8_t LAYER_MONTH[VW_HEDGE_LAYERS] = {1, 1, 2, 3};

static double vega_weight(double days)
{
    return days > 0 ? fmin(pow(30 / days, VEGA_EXPONENT), VEGA_WEIGHT_MAX) : 0;
}

static double v30_per_contract(const vw_leg_mark *mark, bool future)
{
    if (mark->family == VW_FAMILY_SPX) {
        return mark->greeks.vega * mark->multiplier * vega_weight(mark->days);
    }
    if (mark->family == VW_FAMILY_VX && future) {
        return mark->multiplier * vw_vx_curve_beta(mark->days);
    }
    if (mark->family == VW_FAMILY_VIX) {
        return mark->greeks.delta * mark->multiplier * vw_vx_curve_beta(mark->days);
    }
    return 0;
}

static void value_leg(const vw_leg *leg, const vw_leg_mark *mark, vw_leg_value *value)
{
    double dollars = leg->contracts * mark->multiplier;
    bool future = leg->type == 'F';

    value->priced = mark->status == VW_STATUS_OK || mark->status == VW_STATUS_STALE;
    if (!value->priced) {
        return;
    }
    value->delta_usd_per_point = dollars * (future ? 1 : mark->greeks.delta);
    value->gamma_usd_per_point2 = future ? 0 : dollars * mark->greeks.gamma;
    value->vega_usd_per_point = future ? 0 : dollars * mark->greeks.vega;
    value->theta_usd_per_day = dollars * (future ? -mark->roll_per_day : mark->greeks.theta);
    value->v30_usd_per_point = leg->contracts * v30_per_contract(mark, future);
}

/* The layer nearest to layer whose condors have vega; ties to the shorter; itself if none has. */
static uint8_t nearest_with_condors(const vw_hedge *hedge, uint8_t layer)
{
    for (int away = 0; away < VW_HEDGE_LAYERS; away++) {
        for (int sign = -1; sign <= 1; sign += 2) {
            int at = layer + sign * away;

            if (at >= 1 && at <= VW_HEDGE_LAYERS &&
                hedge->layers[at - 1].condor_v30_usd_per_point != 0) {
                return (uint8_t)at;
            }
        }
    }
    return layer;
}

static uint8_t hedge_layer(const vw_hedge *hedge, const vw_leg *leg, const vw_leg_mark *mark,
                           const vw_hedge_month *months)
{
    uint8_t layer = vw_portfolio_layer(mark->date_days);

    if (mark->family != VW_FAMILY_VX && mark->family != VW_FAMILY_VIX) {
        return layer;
    }
    if (months[0].expiry != 0) {
        if (leg->expiry <= months[0].expiry) {
            bool second = hedge->layers[1].condor_v30_usd_per_point <
                          hedge->layers[0].condor_v30_usd_per_point;

            layer = second ? 2 : 1;
        } else {
            layer = leg->expiry <= months[1].expiry ? 3 : 4;
        }
    }
    return nearest_with_condors(hedge, layer);
}

static void add_to_book(vw_hedge *hedge, const vw_leg_mark *mark, const vw_leg_value *value)
{
    if (mark->family == VW_FAMILY_SPX) {
        hedge->delta_usd_per_point += value->delta_usd_per_point;
        hedge->gamma_usd_per_point2 += value->gamma_usd_per_point2;
        hedge->vega_usd_per_point += value->vega_usd_per_point;
    }
    hedge->theta_usd_per_day += value->theta_usd_per_day;
    hedge->quality |= mark->quality;
    hedge->priced++;
}

static void finish_layer(vw_layer *layer, const vw_hedge_month *month)
{
    double condor = layer->condor_v30_usd_per_point;

    layer->hedge_ratio = condor != 0 ? -layer->hedge_v30_usd_per_point / condor : 0;
    layer->residual_v30_usd_per_point = condor + layer->hedge_v30_usd_per_point;
    layer->vx_expiry = month->expiry;
    if (month->expiry != 0) {
        layer->vx_beta = month->beta;
        layer->vx_full_offset = condor != 0 ? -condor / (VX_MULTIPLIER * month->beta) : 0;
    }
}

void vw_hedge_evaluate(const vw_portfolio *portfolio, const vw_leg_mark *marks,
                       const vw_hedge_month months[VW_HEDGE_MONTHS], vw_hedge *hedge)
{
    memset(hedge, 0, sizeof *hedge);
    for (size_t i = 0; i < portfolio->leg_count; i++) {
        const vw_leg *leg = &portfolio->legs[i];
        vw_leg_value *value = &hedge->legs[i];

        value_leg(leg, &marks[i], value);
        value->layer = vw_portfolio_layer(marks[i].date_days);
        if (value->priced) {
            add_to_book(hedge, &marks[i], value);
        } else if (marks[i].status != VW_STATUS_EXPIRED) {
            hedge->unpriced++;
        }
        if (!leg->hedge) {
            hedge->condor_v30_usd_per_point += value->v30_usd_per_point;
            hedge->layers[value->layer - 1].condor_v30_usd_per_point += value->v30_usd_per_point;
        }
    }
    /* Where a hedge leg belongs depends on where the condors are: after them. */
    for (size_t i = 0; i < portfolio->leg_count; i++) {
        vw_leg_value *value = &hedge->legs[i];

        if (portfolio->legs[i].hedge) {
            value->layer = hedge_layer(hedge, &portfolio->legs[i], &marks[i], months);
            hedge->hedge_v30_usd_per_point += value->v30_usd_per_point;
            hedge->layers[value->layer - 1].hedge_v30_usd_per_point += value->v30_usd_per_point;
        }
    }
    if (hedge->condor_v30_usd_per_point != 0) {
        hedge->hedge_ratio = -hedge->hedge_v30_usd_per_point / hedge->condor_v30_usd_per_point;
    }
    for (size_t i = 0; i < VW_HEDGE_LAYERS; i++) {
        finish_layer(&hedge->layers[i], &months[LAYER_MONTH[i] - 1]);
    }
}
