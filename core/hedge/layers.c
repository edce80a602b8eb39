#include "core/hedge/portfolio.h"
#include "core/hedge/turn.h"

#include <math.h>

enum { LAYERS = VW_DECISION_LAYERS, THIRD = 2, PPM = 1000000, FAR_DAYS = 90 };

typedef struct layer_view {
    double share;    /* short vega of its condors */
    double z;        /* vega-weighted mean distance of nearer break-evens; NaN without */
    double distance; /* of z from the band; infinite without z */
} layer_view;

/* Short vega by layer at one of the three spots; returns the sum. */
static double view_shares(const vw_turn *turn, size_t spot, layer_view *views)
{
    double v30[LAYERS] = {0}, total = 0;

    for (size_t i = 0; i < turn->in->condor_count; i++) {
        if (turn->condor_ok[i]) {
            v30[turn->out->condors[i].layer - 1] += turn->in->condors[i].v30[spot];
        }
    }
    for (size_t i = 0; i < LAYERS; i++) {
        views[i].share = fmax(0, -v30[i]);
        total += views[i].share;
    }
    return total;
}

static void view_condors(vw_turn *turn, layer_view *views)
{
    double weight[LAYERS] = {0}, sum[LAYERS] = {0};

    for (size_t i = 0; i < turn->in->condor_count; i++) {
        const vw_hedge_condor *condor = &turn->in->condors[i];
        size_t layer = vw_portfolio_layer(condor->days) - 1U;
        double z = fmin(condor->z_lo, condor->z_hi), v30 = condor->v30[1];

        turn->out->condors[i].layer = (uint8_t)(layer + 1);
        if (!turn->condor_ok[i]) {
            continue;
        }
        if (condor->days > FAR_DAYS) {
            vw_turn_warn(turn, VW_WARNING_LAYER_FAR);
        }
        turn->out->layers[layer].condor_v30 += v30;
        if (!condor->debit && isfinite(z)) {
            sum[layer] += fabs(v30) * z;
            weight[layer] += fabs(v30);
        }
    }
    for (size_t i = 0; i < LAYERS; i++) {
        const vw_hedge_settings *set = turn->set;

        views[i].z = weight[i] > 0 ? sum[i] / weight[i] : NAN;
        views[i].distance =
            isfinite(views[i].z)
                ? fmax(0, fmax(set->heavy_z_lo - views[i].z, views[i].z - set->heavy_z_hi))
                : INFINITY;
    }
}

/* REER moved, while the curve is inverted. */
static bool reer_flag(const vw_turn *turn)
{
    const vw_reading *reer = &turn->in->macro.reer_change;

    return turn->out->regime == VW_REGIME_INVERTED && fabs(reer->value) > turn->set->macro_sd &&
           reer->age_ns <= turn->set->macro_stale_ns;
}

/* The layer whose break-evens lie best; L3 on a tie, or on a near one when breadth warns. */
static size_t by_break_even(vw_turn *turn, const layer_view *views)
{
    double least = INFINITY, next = INFINITY;
    size_t best = THIRD;
    double apart = vw_turn_value(turn, VW_SIGNAL_BREADTH, 0) == 1 ? turn->set->heavy_z_tie : 0;

    for (size_t i = 0; i < LAYERS; i++) {
        if (views[i].distance < least) {
            next = least;
            least = views[i].distance;
            best = i;
        } else {
            next = fmin(next, views[i].distance);
        }
    }
    if (!isfinite(least) || next - least <= apart || reer_flag(turn)) {
        vw_turn_reason(turn, VW_REASON_HEAVY_TIE);
        return THIRD;
    }
    vw_turn_reason(turn, VW_REASON_HEAVY_BREAK_EVEN);
    return best;
}

static size_t heavy_layer(vw_turn *turn, const layer_view *views)
{
    bool turning = turn->state->closes.spread.histogram < 0;

    if (turn->state->backwardation_closes >= turn->set->posture_closes) {
        vw_turn_reason(turn, VW_REASON_HEAVY_POSTURE);
        return turn->set->posture == VW_POSTURE_PROMOTER ? 1 : LAYERS - 1;
    }
    size_t heavy = by_break_even(turn, views);

    if (turn->out->regime == VW_REGIME_INVERTED && turning && heavy < LAYERS - 1) {
        vw_turn_reason(turn, VW_REASON_HEAVY_SHIFTED);
        heavy++;
    }
    return heavy;
}

/* Shares of what the heavy layer leaves, in ppm; the remainder goes to `rest`. */
static void weigh(vw_turn *turn, const layer_view *views, size_t heavy, double heavy_weight)
{
    vw_decision_layer *layers = turn->out->layers;
    double others = 0;
    size_t rest = heavy;
    uint32_t given = 0;

    for (size_t i = 0; i < LAYERS; i++) {
        others += i != heavy ? views[i].share : 0;
    }
    for (size_t i = 0; i < LAYERS; i++) {
        if (i != heavy && others > 0) {
            double ppm = floor(PPM * (1 - heavy_weight) * views[i].share / others + 0.5);
            uint32_t room = PPM - given;

            layers[i].weight_ppm = ppm < room ? (uint32_t)ppm : room;
            given += layers[i].weight_ppm;
        }
    }
    if (rest == LAYERS) { /* by share alone: to the largest */
        rest = 0;
        for (size_t i = 1; i < LAYERS; i++) {
            rest = views[i].share > views[rest].share ? i : rest;
        }
    }
    layers[rest].weight_ppm += PPM - given;
}

void vw_layers_take(vw_turn *turn)
{
    vw_decision *out = turn->out;
    layer_view views[LAYERS];
    size_t heavy = LAYERS;

    view_condors(turn, views);
    double total = view_shares(turn, 1, views);

    /* A book that is long vega here may be short where the offset comes from. */
    if (!(total > 0)) {
        total = view_shares(turn, turn->worst_spot, views);
    }
    if (!(total > 0)) {
        out->layers[THIRD].weight_ppm = PPM;
    } else if (out->regime == VW_REGIME_BACKWARDATION || out->regime == VW_REGIME_INVERTED) {
        heavy = heavy_layer(turn, views);
        weigh(turn, views, heavy,
              turn->set->heavy_weight +
                  turn->set->heavy_breadth_weight * vw_turn_value(turn, VW_SIGNAL_BREADTH, 0));
    } else {
        weigh(turn, views, LAYERS, 0);
    }
    out->heavy = heavy < LAYERS ? (uint8_t)(heavy + 1) : 0;
    for (size_t i = 0; i < LAYERS; i++) {
        out->layers[i].target_v30 =
            out->layers[i].weight_ppm / 1e6 * out->r_final * out->offset_v30;
    }
}
