#include "schemas/rows.h"

namespace
{

#define SAME(field) vw_check((c.field) == (decltype(c.field))(s.field()))

void check_group()
{
    const wire::Group s = vw_rows_sample<wire::Group>();
    const vw_group_row c = vw_rows_sample<vw_group_row>();

    SAME(settlement_ns);
    SAME(expiry);
    vw_check(vw_rows_same_text(s.root(), c.root));
    SAME(settlement);
}

void check_definition()
{
    const wire::Definition s = vw_rows_sample<wire::Definition>();
    const vw_definition_row c = vw_rows_sample<vw_definition_row>();

    SAME(strike);
    SAME(settlement_ns);
    SAME(instrument);
    SAME(expiry);
    SAME(multiplier);
    SAME(type);
    SAME(settlement);
    SAME(weekly);
}

void check_greeks()
{
    const wire::Greeks s = vw_rows_sample<wire::Greeks>();
    const vw_greeks_row c = vw_rows_sample<vw_greeks_row>();

    SAME(exchange_ns);
    SAME(receive_ns);
    SAME(strike);
    SAME(bid);
    SAME(ask);
    SAME(vol);
    SAME(bid_vol);
    SAME(ask_vol);
    SAME(price);
    SAME(delta);
    SAME(gamma);
    SAME(vega);
    SAME(theta);
    SAME(rho);
    SAME(vanna);
    SAME(volga);
    SAME(charm);
    SAME(theta_session);
    SAME(instrument);
    SAME(sequence);
    SAME(bid_size);
    SAME(ask_size);
    SAME(type);
    SAME(status);
    SAME(quality);
    SAME(calc);
}

void check_surface()
{
    const wire::Surface s = vw_rows_sample<wire::Surface>();
    const vw_surface_row c = vw_rows_sample<vw_surface_row>();

    SAME(exchange_ns);
    SAME(receive_ns);
    SAME(forward);
    SAME(forward_se);
    SAME(discount);
    SAME(rate);
    SAME(years);
    SAME(atm_vol);
    SAME(skew);
    SAME(svi_a);
    SAME(svi_b);
    SAME(svi_rho);
    SAME(svi_m);
    SAME(svi_sigma);
    SAME(rmse_vol);
    SAME(butterfly_min_g);
    SAME(quotes);
    SAME(inside);
    SAME(forward_source);
    SAME(model);
    SAME(status);
    SAME(quality);
}

void check_curve()
{
    const wire::Curve s = vw_rows_sample<wire::Curve>();
    const vw_curve_row c = vw_rows_sample<vw_curve_row>();

    SAME(exchange_ns);
    SAME(receive_ns);
    SAME(contango);
    SAME(inversion);
    SAME(basis);
    SAME(cm30);
    SAME(regime_since_ns);
    SAME(points);
    SAME(regime);
    SAME(absent);
    SAME(quality);
}

void check_curve_point()
{
    const wire::CurvePoint s = vw_rows_sample<wire::CurvePoint>();
    const vw_curve_point c = vw_rows_sample<vw_curve_point>();

    SAME(price);
    SAME(bid);
    SAME(ask);
    SAME(days);
    SAME(beta);
    SAME(roll_per_day);
    SAME(beta_r2);
    SAME(forward_beta);
    SAME(bound);
    SAME(convexity);
    SAME(beta_observations);
    SAME(flags);
    SAME(instrument);
    SAME(expiry);
    SAME(monthly);
    SAME(quality);
}

void check_hedge()
{
    const wire::Hedge s = vw_rows_sample<wire::Hedge>();
    const vw_hedge_row c = vw_rows_sample<vw_hedge_row>();

    SAME(exchange_ns);
    SAME(receive_ns);
    SAME(delta_usd_per_point);
    SAME(gamma_usd_per_point2);
    SAME(vega_usd_per_point);
    SAME(theta_usd_per_day);
    SAME(condor_v30_usd_per_point);
    SAME(hedge_v30_usd_per_point);
    SAME(hedge_ratio);
    SAME(layers);
    SAME(legs);
    SAME(unpriced);
    SAME(regime);
    SAME(absent);
    SAME(quality);
}

void check_layer()
{
    const wire::HedgeLayer s = vw_rows_sample<wire::HedgeLayer>();
    const vw_layer_row c = vw_rows_sample<vw_layer_row>();

    SAME(condor_v30_usd_per_point);
    SAME(hedge_v30_usd_per_point);
    SAME(hedge_ratio);
    SAME(vx_full_offset);
    SAME(vx_beta);
    SAME(residual_v30_usd_per_point);
    SAME(vx_expiry);
    SAME(layer);
}

void check_leg()
{
    const wire::HedgeLeg s = vw_rows_sample<wire::HedgeLeg>();
    const vw_leg_row c = vw_rows_sample<vw_leg_row>();

    SAME(contracts);
    SAME(price);
    SAME(delta_usd_per_point);
    SAME(gamma_usd_per_point2);
    SAME(vega_usd_per_point);
    SAME(theta_usd_per_day);
    SAME(v30_usd_per_point);
    SAME(instrument);
    SAME(expiry);
    SAME(strike);
    vw_check(vw_rows_same_text(s.root(), c.root));
    SAME(type);
    SAME(hedge);
    SAME(layer);
    SAME(status);
    SAME(quality);
}

void check_unit()
{
    const wire::Unit s = vw_rows_sample<wire::Unit>();
    const vw_unit_row c = vw_rows_sample<vw_unit_row>();

    SAME(exchange_ns);
    SAME(receive_ns);
    SAME(missed);
    SAME(first);
    SAME(series);
    SAME(feed);
    SAME(unit);
    SAME(state);
}

/* Values of the enums, by their last word: the first is 0 and none is given by hand. */
static_assert((int)wire::Kind_MAX == VW_MESSAGE_HEARTBEAT, "same words");
static_assert((int)wire::Status_MAX == VW_STATUS_COUNT - 1, "same words");
static_assert((int)wire::Quality_absent == VW_QUOTE_ABSENT, "same words");
static_assert((int)wire::Absent_book == VW_ABSENT_BOOK, "same words");
static_assert((int)wire::Calc_MAX == VW_CALC_CUT, "same words");
static_assert((int)wire::ForwardSource_MAX == VW_FORWARD_CARRIED, "same words");
static_assert((int)wire::Model_MAX == VW_MODEL_HKS, "same words");
static_assert((int)wire::Regime_MAX == VW_REGIME_INVERTED, "same words");
static_assert((int)wire::UnitState_MAX == VW_UNIT_CLEAR, "same words");

/* The generated name functions answer "" outside of the enum. */
const char *word(vw_vocabulary vocabulary, unsigned value)
{
    switch (vocabulary) {
    case VW_WORDS_KIND:
        return wire::EnumNameKind((wire::Kind)value);
    case VW_WORDS_STATUS:
        return wire::EnumNameStatus((wire::Status)value);
    case VW_WORDS_QUALITY:
        return value < 8 ? wire::EnumNameQuality((wire::Quality)(1u << value)) : "";
    case VW_WORDS_ABSENT:
        return value < 8 ? wire::EnumNameAbsent((wire::Absent)(1u << value)) : "";
    case VW_WORDS_CALC:
        return wire::EnumNameCalc((wire::Calc)value);
    case VW_WORDS_FORWARD_SOURCE:
        return wire::EnumNameForwardSource((wire::ForwardSource)value);
    case VW_WORDS_MODEL:
        return wire::EnumNameModel((wire::Model)value);
    case VW_WORDS_REGIME:
        return wire::EnumNameRegime((wire::Regime)value);
    case VW_WORDS_UNIT_STATE:
        return wire::EnumNameUnitState((wire::UnitState)value);
    }
    return "";
}

} // namespace

void vw_rows_check()
{
    check_group();
    check_definition();
    check_greeks();
    check_surface();
    check_curve();
    check_curve_point();
    check_hedge();
    check_layer();
    check_leg();
    check_unit();
    vw_rows_check_decision();
}

const char *vw_message_word(vw_vocabulary vocabulary, unsigned value)
{
    const char *found = value < 256 ? word(vocabulary, value) : "";

    return found[0] != '\0' ? found : nullptr;
}
