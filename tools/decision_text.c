#include "tools/decision_text.h"

#include "core/engine/update.h"
#include "core/hedge/solve.h"
#include "core/market/calendar.h"
#include "tools/decision_json.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

static void name_leg(const vw_hedge_instrument *of, char name[64])
{
    vw_decision_leg_row row = {
        .strike = of->strike, .strike_far = of->strike_far, .expiry = of->expiry, .kind = of->kind};

    memcpy(row.root, of->root, sizeof row.root);
    vw_decision_leg_name(&row, name);
}

static const char *upper(const char *word, char text[32])
{
    size_t i = 0;

    for (; word[i] != '\0' && i < 31; i++) {
        text[i] = (char)toupper((unsigned char)word[i]);
    }
    text[i] = '\0';
    return text;
}

static void say_instant(int64_t at_ns, FILE *to)
{
    int64_t second;
    uint32_t date = vw_calendar_date(at_ns, &second);

    fprintf(to, "%04u-%02u-%02u %02d:%02d:%02d New York", date / 10000, date / 100 % 100,
            date % 100, (int)(second / 3600), (int)(second / 60 % 60), (int)(second % 60));
}

/* ---- what ----------------------------------------------------------------------------------- */

static void say_state(const vw_decision *d, const vw_hedge_settings *set, FILE *to)
{
    char regime[32];

    say_instant(d->now_ns, to);
    fprintf(to, " - preset %s, %s\n", set->preset, vw_posture_word(d->posture));
    fprintf(to, "%s, E%u%s%s%s\n", upper(vw_regime_name((vw_regime)d->regime), regime), d->level,
            d->held ? "; HELD: an input is stale or missing" : "",
            d->in_event ? "; inside an event window" : "", d->paper ? "; on paper" : "");
}

/* Of these packages contracts count what is sold. */
static bool is_sold(const vw_hedge_instrument *of)
{
    return of->kind == VW_KIND_VIX_CREDIT_SPREAD || of->kind == VW_KIND_SPX_PUT_SPREAD;
}

static void say_trades(const vw_decision *d, const vw_hedge_inputs *inputs, FILE *to)
{
    size_t trades = 0;

    fprintf(to, "\nWhat\n");
    for (size_t i = 0; i < d->leg_count; i++) {
        const vw_decision_leg *leg = &d->legs[i];
        double trade = leg->wanted - leg->now;
        char name[64];

        if (trade != 0) {
            name_leg(&inputs->instruments[i], name);
            fprintf(to, "  %s %g %s (hold %g, want %g; unrounded %.2f), %g at a time%s\n",
                    (trade > 0) != is_sold(&inputs->instruments[i]) ? "buy" : "sell", fabs(trade),
                    name, leg->now, leg->wanted, leg->wanted_unrounded, leg->hint.slice,
                    leg->hint.passive ? ", passively" : "");
            trades++;
        }
    }
    if (trades == 0) {
        fprintf(to, "  no hedge to trade\n");
    }
    for (size_t i = 0; i < d->proposal_count; i++) {
        const vw_proposal *proposal = &d->proposals[i];

        fprintf(to, "  propose %s: %s\n", vw_proposal_kind_name((vw_proposal_kind)proposal->kind),
                vw_reason_text((vw_reason)proposal->reason));
        for (size_t k = 0; k < proposal->step_count; k++) {
            const vw_proposal_step *step = &proposal->steps[k];

            fprintf(to, "    %s %g %.8s %u %c", step->contracts > 0 ? "buy" : "sell",
                    fabs(step->contracts), step->root, step->expiry,
                    step->type != 0 ? step->type : ' ');
            if (step->strike > 0) {
                fprintf(to, " %g", step->strike);
            }
            fprintf(to, "\n");
        }
    }
}

static void say_sizes(const vw_decision *d, FILE *to)
{
    fprintf(to,
            "  short vega to offset %.0f USD per VIX point; asked %.2f %%, released %.2f %%, final "
            "%.2f %%, attained %.2f %%\n",
            d->offset_v30, 100 * d->r_asked, 100 * d->r_released, 100 * d->r_final,
            100 * d->r_attained);
    fprintf(to, "  condors %.0f + hedges %.0f = net %.0f; drift %.1f %%\n", d->condor_v30,
            d->hedge_v30, d->condor_v30 + d->hedge_v30, 100 * d->drift);
    for (size_t i = 0; i < VW_DECISION_LAYERS; i++) {
        const vw_decision_layer *layer = &d->layers[i];

        fprintf(to, "  L%zu%s weight %7.4f %%  condors %10.0f  target %9.0f  hedges %9.0f  VX%u\n",
                i + 1, d->heavy == i + 1 ? " heavy" : "      ", layer->weight_ppm / 1e4,
                layer->condor_v30, layer->target_v30, layer->hedge_v30, layer->month);
    }
}

/* ---- why ------------------------------------------------------------------------------------ */

static void say_reasons(const vw_decision *d, FILE *to)
{
    fprintf(to, "\nWhy\n");
    for (int i = 0; i < VW_REASON_COUNT; i++) {
        if ((d->reasons >> i & 1) != 0) {
            fprintf(to, "  %s\n", vw_reason_text((vw_reason)i));
        }
    }
    for (size_t i = 0; i < d->given_up_count; i++) {
        fprintf(to, "  given up: %s (shadow price %.3g)\n",
                vw_constraint_name((vw_constraint)d->given_up[i].constraint), d->given_up[i].price);
    }
    for (int i = 0; i < VW_WARNING_COUNT; i++) {
        if ((d->warnings >> i & 1) != 0) {
            fprintf(to, "  WARNING %s\n", vw_warning_text((vw_warning)i));
        }
    }
}

static void say_signals(const vw_decision *d, FILE *to)
{
    fprintf(to, "  signals:");
    for (int i = 0; i < VW_SIGNAL_COUNT; i++) {
        const vw_signal *signal = &d->signals.of[i];
        const char *state = (signal->flags & VW_SIGNAL_STALE) != 0 ? "stale" : "-";

        fprintf(to, "%s S%d %s ", i % 5 == 0 ? "\n   " : "", i + 1,
                vw_signal_name((vw_signal_id)i));
        if ((signal->flags & (VW_SIGNAL_ABSENT | VW_SIGNAL_STALE)) != 0) {
            fprintf(to, "%s;", state);
        } else {
            fprintf(to, "%.4g%s;", signal->value,
                    (signal->flags & VW_SIGNAL_FLAGGED) != 0 ? "!" : "");
        }
    }
    fprintf(to, "\n  (- absent: its rules take their neutral value; ! see the signal's note)\n");
}

/* ---- what would change it ------------------------------------------------------------------- */

static void say_regime(const vw_decision *d, const vw_hedge_settings *set, FILE *to)
{
    const vw_regime_limits *l = &set->regime;
    double c = 100 * d->signals.detail[VW_DETAIL_CONTANGO];
    double s = d->signals.detail[VW_DETAIL_INVERSION];

    if ((d->signals.detail_absent >> VW_DETAIL_CONTANGO & 1) != 0) {
        fprintf(to, "  regime: two live VX months are needed\n");
        return;
    }
    fprintf(to, "  regime: contango is %.3f %%, VX1 - VX2 %.4f points\n", c, s);
    if (d->regime != VW_REGIME_INVERTED) {
        fprintf(to, "    INVERTED above %.2f at once, or above %.2f for %g min",
                (double)l->inverted_points / 1e4, (double)l->armed_points / 1e4,
                (double)l->dwell_ns / 60e9);
        if (d->dwell_left_ns > 0) {
            fprintf(to, " (%.0f s left)", (double)d->dwell_left_ns / 1e9);
        }
        fprintf(to, "\n");
    } else {
        fprintf(to, "    leaves INVERTED below %.2f\n", (double)l->inverted_leave_points / 1e4);
    }
    if (d->regime == VW_REGIME_CONTANGO) {
        fprintf(to, "    FLAT below %.1f %%, BACKWARDATION below 0\n",
                (double)l->contango_permille / 10);
    } else {
        fprintf(to, "    CONTANGO from %.1f %%%s\n", (double)l->contango_return_permille / 10,
                d->regime == VW_REGIME_FLAT ? ", BACKWARDATION below 0" : "");
    }
    if (d->regime == VW_REGIME_BACKWARDATION) {
        fprintf(to, "    FLAT from %.1f %%\n", (double)l->flat_return_permille / 10);
    }
}

static void say_level(const vw_decision *d, const vw_hedge_inputs *inputs,
                      const vw_hedge_settings *set, FILE *to)
{
    fprintf(to, "  level: VIX is %.2f; ", inputs->vix.value);
    switch (d->level) {
    case 1:
        fprintf(to, "E2 from %.2f\n", set->e2_vix);
        break;
    case 2:
        fprintf(to, "E1 below %.2f, E3 from %.2f for %g min or %.2f over %u closes\n",
                set->e2_leave_vix, set->e3_vix, (double)set->e3_dwell_ns / 60e9, set->e3_close_vix,
                set->e3_closes);
        break;
    default:
        fprintf(to, "E3 ends below %.2f\n", set->e3_leave_vix);
        break;
    }
}

static void say_rest(const vw_decision *d, const vw_hedge_settings *set, FILE *to)
{
    if (d->tranche < 3 && d->regime != VW_REGIME_INVERTED) {
        fprintf(
            to,
            "  tranche %u of 3: two thirds when 30-day vol is %.0f %% above its value at entry, "
            "the whole at %.0f %%\n",
            d->tranche, 100 * set->tranche2_rise, 100 * set->tranche3_rise);
    }
    fprintf(to, "  guardrail: a solve is forced at a drift of %.0f %%, back to %.0f %%\n",
            100 * set->drift_trade, 100 * set->band);
    if (d->batch_left_ns > 0) {
        fprintf(to, "  the next batch may go in %.0f s, or at a drift of %.0f %%\n",
                (double)d->batch_left_ns / 1e9, 100 * set->drift_urgent);
    }
    if (d->event_left_ns > 0) {
        fprintf(to, "  the event window ends in %.0f min: sales and rolls wait\n",
                (double)d->event_left_ns / 60e9);
    }
    if ((d->signals.of[VW_SIGNAL_LIQUIDITY].flags & (VW_SIGNAL_ABSENT | VW_SIGNAL_STALE)) == 0) {
        fprintf(to, "  quick ratio %.3f, sales are proposed below %.2f\n", d->quick_ratio,
                set->quick_ratio_min);
    }
}

void vw_decision_explain(const vw_decision *decision, const vw_hedge_inputs *inputs,
                         const vw_hedge_settings *settings, FILE *to)
{
    say_state(decision, settings, to);
    say_trades(decision, inputs, to);
    say_sizes(decision, to);
    say_reasons(decision, to);
    say_signals(decision, to);
    fprintf(to, "\nWhat would change it\n");
    say_regime(decision, settings, to);
    say_level(decision, inputs, settings, to);
    say_rest(decision, settings, to);
}
