#include "core/engine/decisions.h"

#include <math.h>
#include <string.h>

size_t vw_decisions_rows(const vw_decision *decision)
{
    size_t steps = 0;

    for (size_t i = 0; i < decision->proposal_count; i++) {
        steps += decision->proposals[i].step_count;
    }
    return 2 + VW_SIGNAL_COUNT + VW_DETAIL_COUNT + VW_DECISION_LAYERS + decision->leg_count +
           decision->condor_count + decision->proposal_count + steps + decision->given_up_count;
}

size_t vw_decisions_rows_max(void)
{
    return 2 + VW_SIGNAL_COUNT + VW_DETAIL_COUNT + VW_DECISION_LAYERS + VW_HEDGE_INSTRUMENTS_MAX +
           VW_HEDGE_CONDORS_MAX + VW_PROPOSALS_MAX * (1 + VW_PROPOSAL_STEPS_MAX) +
           VW_DECISION_GIVEN_UP_MAX;
}

static unsigned flags_of(const vw_decision *decision)
{
    return (decision->held ? VW_DECISION_HELD : 0U) |
           (decision->in_event ? VW_DECISION_IN_EVENT : 0U) |
           (decision->solved ? VW_DECISION_SOLVED : 0U) |
           (decision->infeasible ? VW_DECISION_INFEASIBLE : 0U) |
           (decision->paper ? VW_DECISION_PAPER : 0U);
}

static void fill_head(const vw_decision *from, const char *preset, vw_decision_row *row)
{
    *row = (vw_decision_row){.decision = from->sequence,
                             .settings_hash = from->settings_hash,
                             .market_ns = from->now_ns,
                             .regime_since_ns = from->regime_since_ns,
                             .level_since_ns = from->level_since_ns,
                             .dwell_left_ns = from->dwell_left_ns,
                             .roll_dwell_left_ns = from->roll_dwell_left_ns,
                             .level_dwell_left_ns = from->level_dwell_left_ns,
                             .event_left_ns = from->event_left_ns,
                             .batch_left_ns = from->batch_left_ns,
                             .offset_v30 = from->offset_v30,
                             .condor_v30 = from->condor_v30,
                             .hedge_v30 = from->hedge_v30,
                             .r_asked = from->r_asked,
                             .r_released = from->r_released,
                             .r_final = from->r_final,
                             .r_attained = from->r_attained,
                             .capm_scale = from->capm_scale,
                             .drift = from->drift,
                             .notional_cap_usd = from->notional_cap_usd,
                             .hedge_notional_usd = from->hedge_notional_usd,
                             .reasons = from->reasons,
                             .warnings = from->warnings,
                             .backwardation_closes = from->backwardation_closes,
                             .contango_closes = from->contango_closes,
                             .tranche_closes = from->tranche_closes,
                             .posture = from->posture,
                             .sizing = from->sizing,
                             .regime = from->regime,
                             .regime_reason = from->regime_reason,
                             .level = from->level,
                             .tranche = from->tranche,
                             .heavy = from->heavy,
                             .flags = (uint8_t)flags_of(from)};
    strncpy(row->preset, preset, sizeof row->preset - 1);
}

static void fill_book(const vw_decision *from, vw_decision_book_row *row)
{
    *row = (vw_decision_book_row){.delta_usd_per_point = from->delta_usd_per_point,
                                  .gamma_usd_per_point2 = from->gamma_usd_per_point2,
                                  .vega_usd_per_point = from->vega_usd_per_point,
                                  .theta_usd_per_day = from->theta_usd_per_day,
                                  .theta_with_roll_usd_per_day = from->theta_with_roll_usd_per_day,
                                  .quick_ratio = from->quick_ratio,
                                  .quick_ratio_after = from->quick_ratio_after,
                                  .margin_usd = from->margin_usd,
                                  .margin_after_usd = from->margin_after_usd,
                                  .wacc_before = from->wacc_before,
                                  .wacc_after = from->wacc_after,
                                  .hedge_cost_monthly = from->hedge_cost_monthly};
}

static void fill_layer(const vw_decision_layer *from, size_t i, vw_decision_layer_row *row)
{
    *row = (vw_decision_layer_row){.condor_v30 = from->condor_v30,
                                   .hedge_v30 = from->hedge_v30,
                                   .target_v30 = from->target_v30,
                                   .hedge_ratio = from->hedge_ratio,
                                   .residual_v30 = from->residual_v30,
                                   .weight_ppm = from->weight_ppm,
                                   .layer = (uint8_t)(i + 1),
                                   .month = from->month};
}

/* What the policy left out because it is not finite. */
static double finite_or_zero(double value)
{
    return isfinite(value) ? value : 0;
}

static void fill_leg(const vw_decision_leg *from, const vw_hedge_instrument *of,
                     vw_decision_leg_row *row)
{
    *row = (vw_decision_leg_row){.strike = of->strike,
                                 .strike_far = of->strike_far,
                                 .price = finite_or_zero(of->price),
                                 .now = from->now,
                                 .wanted_unrounded = from->wanted_unrounded,
                                 .wanted = from->wanted,
                                 .v30 = from->v30,
                                 .theta = from->theta,
                                 .theta_with_roll = from->theta_with_roll,
                                 .delta = from->delta,
                                 .slice = from->hint.slice,
                                 .adverse_1ms = from->hint.adverse[0],
                                 .adverse_10ms = from->hint.adverse[1],
                                 .adverse = from->hint.adverse[2],
                                 .id = from->id,
                                 .expiry = of->expiry,
                                 .expiry_far = of->expiry_far,
                                 .days = of->days,
                                 .kind = of->kind,
                                 .month = of->month,
                                 .layer = from->layer,
                                 .urgency = from->hint.urgency,
                                 .permitted = from->permitted,
                                 .passive = from->hint.passive};
    memcpy(row->root, of->root, sizeof row->root);
}

static void fill_condor(const vw_decision_condor *from, const vw_hedge_condor *of,
                        vw_decision_condor_row *row)
{
    *row = (vw_decision_condor_row){.contracts = of->debit ? -of->contracts : of->contracts,
                                    .v30 = finite_or_zero(of->v30[1]),
                                    .z = from->z,
                                    .break_even_lo = from->break_even_lo,
                                    .break_even_hi = from->break_even_hi,
                                    .z_lo = from->z_lo,
                                    .z_hi = from->z_hi,
                                    .z_lo_entry = from->z_lo_entry,
                                    .z_hi_entry = from->z_hi_entry,
                                    .warnings = from->warnings,
                                    .id = from->id,
                                    .expiry = of->expiry,
                                    .layer = from->layer,
                                    .theta_inverted = from->theta_inverted};
    memcpy(row->root, of->root, sizeof row->root);
}

static void fill_proposal(const vw_proposal *from, vw_proposal_row *row)
{
    *row = (vw_proposal_row){.cash_usd = from->cash_usd,
                             .margin_usd = from->margin_usd,
                             .worst_loss_usd = from->worst_loss_usd,
                             .condor = from->condor,
                             .proposal = from->kind,
                             .reason = from->reason,
                             .urgency = from->urgency,
                             .steps = from->step_count};
}

static void fill_step(const vw_proposal_step *from, vw_step_row *row)
{
    *row = (vw_step_row){.strike = from->strike,
                         .contracts = from->contracts,
                         .instrument = from->instrument,
                         .expiry = from->expiry,
                         .type = (uint8_t)from->type};
    memcpy(row->root, from->root, sizeof row->root);
}

static void write_signals(const vw_signals *signals, vw_decisions_next *next,
                          vw_decisions_done *done, void *self)
{
    for (size_t i = 0; i < VW_SIGNAL_COUNT; i++) {
        next(self, VW_UPDATE_SIGNAL)->signal = (vw_signal_row){
            .value = signals->of[i].value, .signal = (uint8_t)i, .flags = signals->of[i].flags};
        done(self);
    }
    for (size_t i = 0; i < VW_DETAIL_COUNT; i++) {
        bool absent = (signals->detail_absent >> i & 1) != 0;

        next(self, VW_UPDATE_DETAIL)->signal =
            (vw_signal_row){.value = signals->detail[i],
                            .signal = (uint8_t)i,
                            .flags = absent ? VW_SIGNAL_ABSENT : 0};
        done(self);
    }
}

static void write_proposals(const vw_decision *decision, vw_decisions_next *next,
                            vw_decisions_done *done, void *self)
{
    for (size_t i = 0; i < decision->proposal_count; i++) {
        const vw_proposal *proposal = &decision->proposals[i];

        fill_proposal(proposal, &next(self, VW_UPDATE_PROPOSAL)->proposal);
        done(self);
        for (size_t k = 0; k < proposal->step_count; k++) {
            fill_step(&proposal->steps[k], &next(self, VW_UPDATE_STEP)->step);
            done(self);
        }
    }
}

void vw_decisions_write(const vw_decision *decision, const vw_hedge_inputs *inputs,
                        const char *preset, vw_decisions_next *next, vw_decisions_done *done,
                        void *self)
{
    fill_head(decision, preset, &next(self, VW_UPDATE_DECISION)->decision);
    done(self);
    fill_book(decision, &next(self, VW_UPDATE_DECISION_BOOK)->decision_book);
    done(self);
    write_signals(&decision->signals, next, done, self);
    for (size_t i = 0; i < VW_DECISION_LAYERS; i++) {
        fill_layer(&decision->layers[i], i, &next(self, VW_UPDATE_DECISION_LAYER)->decision_layer);
        done(self);
    }
    for (size_t i = 0; i < decision->leg_count; i++) {
        fill_leg(&decision->legs[i], &inputs->instruments[i],
                 &next(self, VW_UPDATE_DECISION_LEG)->decision_leg);
        done(self);
    }
    for (size_t i = 0; i < decision->condor_count; i++) {
        fill_condor(&decision->condors[i], &inputs->condors[i],
                    &next(self, VW_UPDATE_DECISION_CONDOR)->decision_condor);
        done(self);
    }
    write_proposals(decision, next, done, self);
    for (size_t i = 0; i < decision->given_up_count; i++) {
        next(self, VW_UPDATE_GIVEN_UP)->given_up = (vw_given_up_row){
            .price = decision->given_up[i].price, .constraint = decision->given_up[i].constraint};
        done(self);
    }
}
