#include "core/hedge/hedge.h"

#include "core/vol/vx_curve.h"

#include <math.h>
#include <string.h>

static const double VX_MULTIPLIER = 1000;
static const double VEGA_EXPONENT = 0.40;
static const double VEGA_WEIGHT_MAX = 2;
static const uint8_t LAYER_MONTH[VW_HEDGE_LAYERS] = {1, 1, 2, 3};

double vw_hedge_vega_weight(double days)
{
    return days > 0 ? fmin(pow(30 / days, VEGA_EXPONENT), VEGA_WEIGHT_MAX) : 0;
}

/* Per point of each future's price, of what a share of an ETP of that price holds. */
typedef struct holding {
    double beta, roll;
} holding;

static holding find_holding(const vw_leg_mark *mark, const vw_hedge_market *market)
{
    const vw_hedge_month *one = &market->months[0], *two = &market->months[1];
    double first = two->expiry != 0 ? mark->front_weight : 1, second = 1 - first;
    double worth = first * one->price + second * two->price;
    double futures = worth > 0 ? mark->greeks.price * mark->leverage / worth : 0;

    return (holding){.beta = futures * (first * one->beta + second * two->beta),
                     .roll = futures * (first * one->roll_per_day + second * two->roll_per_day)};
}

static double beta_of(const vw_leg_mark *mark)
{
    return mark->beta > 0 ? mark->beta : vw_vx_curve_beta(mark->days);
}

double vw_hedge_v30(const vw_leg_mark *mark, const vw_hedge_market *market)
{
    switch (mark->family) {
    case VW_FAMILY_SPX:
        return mark->greeks.vega * mark->multiplier * vw_hedge_vega_weight(mark->days);
    case VW_FAMILY_VX:
        return mark->multiplier * beta_of(mark);
    case VW_FAMILY_VIX:
        return mark->greeks.delta * mark->multiplier * beta_of(mark);
    case VW_FAMILY_ETP:
        return mark->multiplier * find_holding(mark, market).beta;
    default:
        return 0;
    }
}

static double roll_per_contract(const vw_leg_mark *mark, const vw_hedge_market *market)
{
    if (mark->family == VW_FAMILY_ETP) {
        return -mark->multiplier * find_holding(mark, market).roll;
    }
    return mark->family == VW_FAMILY_VX ? -mark->multiplier * mark->roll_per_day : 0;
}

static double notional_per_contract(const vw_leg_mark *mark, const vw_hedge_market *market)
{
    double vix = market->spot_vix > 0 ? market->spot_vix : mark->forward;
    double index = market->index > 0 ? market->index : mark->forward;

    switch (mark->family) {
    case VW_FAMILY_SPX:
        return fabs(mark->greeks.delta) * index * mark->multiplier;
    case VW_FAMILY_VIX:
        return fabs(mark->greeks.delta) * vix * mark->multiplier;
    case VW_FAMILY_VX:
        return mark->greeks.price * mark->multiplier;
    case VW_FAMILY_ETP:
        return mark->greeks.price * mark->multiplier * mark->leverage;
    default:
        return 0;
    }
}

/* What a move of the index does by way of fixed-strike vols, or of VIX and its futures. */
static double skew_delta(const vw_leg_mark *mark, const vw_hedge_market *market, double v30)
{
    double index = market->index > 0 ? market->index : mark->forward;
    double stickiness = market->stickiness > 0 ? market->stickiness : 1;

    if (!(index > 0)) {
        return 0;
    }
    if (mark->family == VW_FAMILY_SPX) { /* vega is per 0.01 and discounted, delta is not */
        double forward = mark->forward > 0 ? mark->forward : index;
        double vega = 100 * mark->greeks.vega / (mark->discount > 0 ? mark->discount : 1);

        return vega * mark->multiplier * (stickiness - 1) * mark->skew / forward;
    }
    return v30 * market->vix_per_log / index;
}

void vw_hedge_value(const vw_leg *leg, const vw_leg_mark *mark, const vw_hedge_market *market,
                    vw_leg_value *value)
{
    double dollars = leg->contracts * mark->multiplier;
    bool option = mark->family == VW_FAMILY_SPX || mark->family == VW_FAMILY_VIX;
    bool spx = mark->family == VW_FAMILY_SPX;
    double v30 = 0;

    *value = (vw_leg_value){.layer = 0};
    value->priced = mark->status == VW_STATUS_OK || mark->status == VW_STATUS_STALE;
    if (!value->priced) {
        return;
    }
    v30 = vw_hedge_v30(mark, market);
    value->delta_usd_per_point = dollars * (option ? mark->greeks.delta : 1);
    value->gamma_usd_per_point2 = option ? dollars * mark->greeks.gamma : 0;
    value->vega_usd_per_point = option ? dollars * mark->greeks.vega : 0;
    value->roll_usd_per_day = leg->contracts * roll_per_contract(mark, market);
    value->theta_usd_per_day = option ? dollars * mark->greeks.theta : value->roll_usd_per_day;
    value->v30_usd_per_point = leg->contracts * v30;
    value->root_vega_usd_per_point =
        spx && mark->days > 0
            ? value->vega_usd_per_point * sqrt(VW_HEDGE_REFERENCE_DAYS / mark->days)
            : 0;
    value->delta_skew_usd_per_point =
        (spx ? value->delta_usd_per_point : 0) + leg->contracts * skew_delta(mark, market, v30);
    value->value_usd = dollars * mark->greeks.price;
    value->notional_usd =
        leg->hedge ? fabs(leg->contracts) * notional_per_contract(mark, market) : 0;
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
    bool etp = mark->family == VW_FAMILY_ETP;

    if (mark->family != VW_FAMILY_VX && mark->family != VW_FAMILY_VIX && !etp) {
        return layer;
    }
    if (months[0].expiry != 0) {
        if (etp || leg->expiry <= months[0].expiry) {
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
        hedge->root_vega_usd_per_point += value->root_vega_usd_per_point;
    }
    hedge->delta_skew_usd_per_point += value->delta_skew_usd_per_point;
    hedge->theta_usd_per_day += value->theta_usd_per_day;
    hedge->roll_usd_per_day += value->roll_usd_per_day;
    hedge->hedge_notional_usd += value->notional_usd;
    hedge->quality |= mark->quality;
    hedge->priced++;
}

static void add_to_layer(vw_hedge *hedge, const vw_leg *leg, const vw_leg_mark *mark,
                         const vw_leg_value *value)
{
    vw_layer *layer = &hedge->layers[value->layer - 1];

    if (mark->family == VW_FAMILY_SPX) {
        layer->delta_usd_per_point += value->delta_usd_per_point;
        layer->gamma_usd_per_point2 += value->gamma_usd_per_point2;
        layer->vega_usd_per_point += value->vega_usd_per_point;
    }
    layer->theta_usd_per_day += value->theta_usd_per_day;
    layer->roll_usd_per_day += value->roll_usd_per_day;
    layer->hedge_notional_usd += value->notional_usd;
    if (leg->hedge) {
        layer->hedge_v30_usd_per_point += value->v30_usd_per_point;
        hedge->hedge_v30_usd_per_point += value->v30_usd_per_point;
    } else {
        layer->condor_v30_usd_per_point += value->v30_usd_per_point;
        hedge->condor_v30_usd_per_point += value->v30_usd_per_point;
    }
}

/* Once a condor, by its first leg. */
static void add_condor_notional(vw_hedge *hedge, const vw_leg *leg, const vw_leg_mark *mark,
                                const vw_hedge_market *market, const vw_leg_value *value)
{
    double index = market->index > 0 ? market->index : mark->forward;
    double notional = fabs(leg->contracts) * mark->multiplier * index;

    if (value->priced) {
        hedge->condor_notional_usd += notional;
        hedge->layers[value->layer - 1].condor_notional_usd += notional;
    }
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

static void add_condors(const vw_portfolio *portfolio, const vw_leg_mark *marks,
                        const vw_hedge_market *market, vw_hedge *hedge)
{
    uint16_t condor = 0;

    for (size_t i = 0; i < portfolio->leg_count; i++) {
        const vw_leg *leg = &portfolio->legs[i];
        vw_leg_value *value = &hedge->legs[i];

        vw_hedge_value(leg, &marks[i], market, value);
        value->layer = vw_portfolio_layer(marks[i].date_days);
        if (value->priced) {
            add_to_book(hedge, &marks[i], value);
        } else if (marks[i].status != VW_STATUS_EXPIRED) {
            hedge->unpriced++;
        }
        if (!leg->hedge) {
            add_to_layer(hedge, leg, &marks[i], value);
            if (leg->condor != condor) {
                condor = leg->condor;
                add_condor_notional(hedge, leg, &marks[i], market, value);
            }
        }
    }
}

void vw_hedge_evaluate(const vw_portfolio *portfolio, const vw_leg_mark *marks,
                       const vw_hedge_market *market, vw_hedge *hedge)
{
    memset(hedge, 0, sizeof *hedge);
    add_condors(portfolio, marks, market, hedge);
    /* Where a hedge leg belongs depends on where the condors are: after them. */
    for (size_t i = 0; i < portfolio->leg_count; i++) {
        const vw_leg *leg = &portfolio->legs[i];
        vw_leg_value *value = &hedge->legs[i];

        if (leg->hedge) {
            value->layer = hedge_layer(hedge, leg, &marks[i], market->months);
            add_to_layer(hedge, leg, &marks[i], value);
        }
    }
    if (hedge->condor_v30_usd_per_point != 0) {
        hedge->hedge_ratio = -hedge->hedge_v30_usd_per_point / hedge->condor_v30_usd_per_point;
    }
    for (size_t i = 0; i < VW_HEDGE_LAYERS; i++) {
        finish_layer(&hedge->layers[i], &market->months[LAYER_MONTH[i] - 1]);
    }
}
