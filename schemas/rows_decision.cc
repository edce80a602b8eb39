#include "schemas/rows.h"

namespace
{

#define SAME(field) vw_check((c.field) == (decltype(c.field))(s.field()))

void check_decision()
{
    const wire::DecisionHead s = vw_rows_sample<wire::DecisionHead>();
    const vw_decision_row c = vw_rows_sample<vw_decision_row>();

    SAME(decision);
    SAME(settings_hash);
    SAME(market_ns);
    SAME(regime_since_ns);
    SAME(level_since_ns);
    SAME(dwell_left_ns);
    SAME(roll_dwell_left_ns);
    SAME(level_dwell_left_ns);
    SAME(event_left_ns);
    SAME(batch_left_ns);
    SAME(offset_v30);
    SAME(condor_v30);
    SAME(hedge_v30);
    SAME(r_asked);
    SAME(r_released);
    SAME(r_final);
    SAME(r_attained);
    SAME(capm_scale);
    SAME(drift);
    SAME(notional_cap_usd);
    SAME(hedge_notional_usd);
    SAME(reasons);
    SAME(warnings);
    SAME(backwardation_closes);
    SAME(contango_closes);
    SAME(tranche_closes);
    SAME(posture);
    SAME(sizing);
    SAME(regime);
    SAME(regime_reason);
    SAME(level);
    SAME(tranche);
    SAME(heavy);
    SAME(flags);
    vw_check(vw_rows_same_text(s.preset().a(), c.preset));
    vw_check(vw_rows_same_text(s.preset().b(), c.preset + 8));
}

void check_decision_book()
{
    const wire::DecisionBook s = vw_rows_sample<wire::DecisionBook>();
    const vw_decision_book_row c = vw_rows_sample<vw_decision_book_row>();

    SAME(delta_usd_per_point);
    SAME(gamma_usd_per_point2);
    SAME(vega_usd_per_point);
    SAME(theta_usd_per_day);
    SAME(theta_with_roll_usd_per_day);
    SAME(quick_ratio);
    SAME(quick_ratio_after);
    SAME(margin_usd);
    SAME(margin_after_usd);
    SAME(wacc_before);
    SAME(wacc_after);
    SAME(hedge_cost_monthly);
}

void check_signal()
{
    const wire::SignalValue s = vw_rows_sample<wire::SignalValue>();
    const vw_signal_row c = vw_rows_sample<vw_signal_row>();

    SAME(value);
    SAME(signal);
    SAME(flags);
}

void check_decision_layer()
{
    const wire::DecisionLayer s = vw_rows_sample<wire::DecisionLayer>();
    const vw_decision_layer_row c = vw_rows_sample<vw_decision_layer_row>();

    SAME(condor_v30);
    SAME(hedge_v30);
    SAME(target_v30);
    SAME(hedge_ratio);
    SAME(residual_v30);
    SAME(weight_ppm);
    SAME(layer);
    SAME(month);
}

void check_decision_leg()
{
    const wire::DecisionLeg s = vw_rows_sample<wire::DecisionLeg>();
    const vw_decision_leg_row c = vw_rows_sample<vw_decision_leg_row>();

    SAME(strike);
    SAME(strike_far);
    SAME(price);
    SAME(now);
    SAME(wanted_unrounded);
    SAME(wanted);
    SAME(v30);
    SAME(theta);
    SAME(theta_with_roll);
    SAME(delta);
    SAME(slice);
    SAME(adverse_1ms);
    SAME(adverse_10ms);
    SAME(adverse);
    SAME(id);
    SAME(expiry);
    SAME(expiry_far);
    SAME(days);
    vw_check(vw_rows_same_text(s.root(), c.root));
    SAME(kind);
    SAME(month);
    SAME(layer);
    SAME(urgency);
    SAME(permitted);
    SAME(passive);
}

void check_decision_condor()
{
    const wire::DecisionCondor s = vw_rows_sample<wire::DecisionCondor>();
    const vw_decision_condor_row c = vw_rows_sample<vw_decision_condor_row>();

    SAME(contracts);
    SAME(v30);
    SAME(z);
    SAME(break_even_lo);
    SAME(break_even_hi);
    SAME(z_lo);
    SAME(z_hi);
    SAME(z_lo_entry);
    SAME(z_hi_entry);
    SAME(warnings);
    SAME(id);
    SAME(expiry);
    vw_check(vw_rows_same_text(s.root(), c.root));
    SAME(layer);
    SAME(theta_inverted);
}

void check_proposal()
{
    const wire::Proposal s = vw_rows_sample<wire::Proposal>();
    const vw_proposal_row c = vw_rows_sample<vw_proposal_row>();

    SAME(cash_usd);
    SAME(margin_usd);
    SAME(worst_loss_usd);
    SAME(condor);
    SAME(proposal);
    SAME(reason);
    SAME(urgency);
    SAME(steps);
}

void check_step()
{
    const wire::ProposalStep s = vw_rows_sample<wire::ProposalStep>();
    const vw_step_row c = vw_rows_sample<vw_step_row>();

    SAME(strike);
    SAME(contracts);
    SAME(instrument);
    SAME(expiry);
    vw_check(vw_rows_same_text(s.root(), c.root));
    SAME(type);
}

void check_given_up()
{
    const wire::GivenUp s = vw_rows_sample<wire::GivenUp>();
    const vw_given_up_row c = vw_rows_sample<vw_given_up_row>();

    SAME(price);
    SAME(constraint);
}

/* The words of the schema are those of the core, in its order. */
void check_words()
{
#define WORDS(Enum, count, name, type)                                                             \
    static_assert((int)wire::Enum##_MAX == (int)(count)-1, "as many words");                       \
    for (int i = 0; i < (int)(count); i++) {                                                       \
        vw_check(strcmp(wire::EnumName##Enum((wire::Enum)i), name((type)i)) == 0);                 \
    }

    WORDS(Signal, VW_SIGNAL_COUNT, vw_signal_name, vw_signal_id)
    WORDS(Detail, VW_DETAIL_COUNT, vw_detail_name, vw_detail)
    WORDS(InstrumentKind, VW_KIND_COUNT, vw_kind_name, vw_hedge_kind)
    WORDS(ProposalKind, VW_PROPOSAL_COUNT, vw_proposal_kind_name, vw_proposal_kind)
    WORDS(Urgency, VW_URGENCY_NOW + 1, vw_urgency_name, vw_urgency)
    WORDS(Reason, VW_REASON_COUNT, vw_reason_name, vw_reason)
    WORDS(Warning, VW_WARNING_COUNT, vw_warning_name, vw_warning)
    static_assert((int)wire::Constraint_MAX == VW_CONSTRAINT_COUNT - 1, "as many words");
    static_assert((int)wire::Posture_MAX == VW_POSTURE_PROMOTER, "as many words");
    static_assert((int)wire::Sizing_MAX == VW_SIZING_NONE, "as many words");
    static_assert((int)wire::RegimeReason_MAX == VW_REGIME_REASON_ROLL, "as many words");
}

} // namespace

void vw_rows_check_decision()
{
    check_decision();
    check_decision_book();
    check_signal();
    check_decision_layer();
    check_decision_leg();
    check_decision_condor();
    check_proposal();
    check_step();
    check_given_up();
    check_words();
}
