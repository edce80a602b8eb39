#include "tools/hedge_settings.h"

#include "core/hedge/solve.h"

#include <stdio.h>
#include <string.h>

#define AT(member) offsetof(vw_hedge_settings, member), sizeof(((vw_hedge_settings *)0)->member)
#define OF_RUNG(member) offsetof(vw_rung, member), sizeof(((vw_rung *)0)->member)
#define OF_STEP(member) offsetof(vw_budget_step, member), sizeof(((vw_budget_step *)0)->member)

static const vw_choice postures[] = {
    {"steward", VW_POSTURE_STEWARD}, {"promoter", VW_POSTURE_PROMOTER}, {NULL, 0}};
static const vw_choice sizings[] = {{"vega", VW_SIZING_VEGA},
                                    {"budget", VW_SIZING_BUDGET},
                                    {"ladder", VW_SIZING_LADDER},
                                    {"none", VW_SIZING_NONE},
                                    {NULL, 0}};
static const vw_choice kinds[] = {{"vx", VW_KIND_VX},
                                  {"vxm", VW_KIND_VXM},
                                  {"vix_call", VW_KIND_VIX_CALL},
                                  {"vix_call_spread", VW_KIND_VIX_CALL_SPREAD},
                                  {"vix_calendar", VW_KIND_VIX_CALENDAR},
                                  {"etp", VW_KIND_ETP},
                                  {"spx_put", VW_KIND_SPX_PUT},
                                  {NULL, 0}};

/* clang-format off */
static const vw_field fields[] = {
    {"preset", VW_FIELD_TEXT, AT(preset), .standard = "", .help = "name, said in the decision"},
    {"posture", VW_FIELD_CHOICE, AT(posture), .standard = "", .choices = postures,
     .help = "steward: capital first; promoter: return first"},
    {"sizing", VW_FIELD_CHOICE, AT(sizing), .standard = "", .choices = sizings,
     .help = "contracts follow the short vega, a budget by VX1, a ladder of calls, or nothing"},
    {"unit_notional_usd", VW_FIELD_NUMBER, AT(unit_notional_usd), .min = 1, .max = 1e12,
     .standard = "", .help = "ladder: condor notional of one unit of book"},
    {"rungs", VW_FIELD_LIST, offsetof(vw_hedge_settings, rungs), sizeof(vw_rung),
     offsetof(vw_hedge_settings, rung_count), 0, VW_RUNGS_MAX, .standard = "",
     .help = "ladder, budget: which calls, the listed one nearest to days and delta"},
    {"rungs[].days", VW_FIELD_NUMBER, OF_RUNG(days), .min = 1, .max = 1000, .help = "to expiry"},
    {"rungs[].delta", VW_FIELD_NUMBER, OF_RUNG(delta), .min = 0.01, .max = 0.99,
     .help = "of the call"},
    {"rungs[].contracts", VW_FIELD_NUMBER, OF_RUNG(contracts), .min = 0, .max = 1e6,
     .standard = "1", .help = "ladder: per unit of book"},
    {"budget", VW_FIELD_LIST, offsetof(vw_hedge_settings, steps), sizeof(vw_budget_step),
     offsetof(vw_hedge_settings, step_count), 0, VW_RUNGS_MAX, .standard = "",
     .help = "budget: spend by the level of VX1, ascending"},
    {"budget[].vix_forward", VW_FIELD_NUMBER, OF_STEP(vix_forward), .min = 0, .max = 200,
     .help = "from this VX1 on"},
    {"budget[].fraction", VW_FIELD_NUMBER, OF_STEP(fraction), .min = 0, .max = 1,
     .help = "of the condors' notional"},

    {"inputs.vx_stale_s", VW_FIELD_DURATION, AT(vx_stale_ns), .min = 0.001, .max = 86400,
     .unit_ns = 1e9, .standard = "", .help = "VX older than this: regime, level and r are held"},
    {"inputs.options_stale_s", VW_FIELD_DURATION, AT(options_stale_ns), .min = 0.001,
     .max = 864000, .unit_ns = 1e9, .standard = "",
     .help = "options older than this count as absent"},
    {"inputs.vix_stale_s", VW_FIELD_DURATION, AT(vix_stale_ns), .min = 0.001, .max = 864000,
     .unit_ns = 1e9, .standard = "", .help = "spot VIX likewise"},
    {"inputs.margin_stale_sessions", VW_FIELD_WHOLE, AT(margin_stale_sessions), .min = 1,
     .max = 100, .standard = "", .help = "cash, near-cash and equity likewise"},
    {"inputs.macro_stale_days", VW_FIELD_DURATION, AT(macro_stale_ns), .min = 0.001, .max = 10000,
     .unit_ns = 86400e9, .standard = "", .help = "REER and P/E likewise"},
    {"inputs.breadth_stale_sessions", VW_FIELD_WHOLE, AT(breadth_stale_sessions), .min = 1,
     .max = 100, .standard = "", .help = "the A/D line likewise"},

    {"regime.contango_percent", VW_FIELD_DURATION, AT(regime.contango_permille), .min = 0,
     .max = 100, .unit_ns = 10, .standard = "", .help = "VX2/VX1 - 1 from here: CONTANGO"},
    {"regime.contango_return_percent", VW_FIELD_DURATION, AT(regime.contango_return_permille),
     .min = 0, .max = 100, .unit_ns = 10, .standard = "", .help = "back to CONTANGO from here"},
    {"regime.flat_return_percent", VW_FIELD_DURATION, AT(regime.flat_return_permille), .min = 0,
     .max = 100, .unit_ns = 10, .standard = "", .help = "BACKWARDATION back to FLAT from here"},
    {"regime.inverted_points", VW_FIELD_DURATION, AT(regime.inverted_points), .min = 0, .max = 100,
     .unit_ns = 1e4, .standard = "", .help = "VX1 - VX2 above this: INVERTED at once"},
    {"regime.armed_points", VW_FIELD_DURATION, AT(regime.armed_points), .min = 0, .max = 100,
     .unit_ns = 1e4, .standard = "", .help = "above this for dwell_minutes: INVERTED"},
    {"regime.inverted_leave_points", VW_FIELD_DURATION, AT(regime.inverted_leave_points), .min = 0,
     .max = 100, .unit_ns = 1e4, .standard = "", .help = "below this INVERTED ends"},
    {"regime.dwell_minutes", VW_FIELD_DURATION, AT(regime.dwell_ns), .min = 0, .max = 100000,
     .unit_ns = 60e9, .standard = "", .help = "market time with both quotes live"},

    {"level.e2_vix", VW_FIELD_NUMBER, AT(e2_vix), .min = 0, .max = 200, .standard = "",
     .help = "E2 from here"},
    {"level.e2_leave_vix", VW_FIELD_NUMBER, AT(e2_leave_vix), .min = 0, .max = 200, .standard = "",
     .help = "E2 ends below"},
    {"level.e3_vix", VW_FIELD_NUMBER, AT(e3_vix), .min = 0, .max = 200, .standard = "",
     .help = "E3 from here for e3_dwell_minutes"},
    {"level.e3_close_vix", VW_FIELD_NUMBER, AT(e3_close_vix), .min = 0, .max = 200, .standard = "",
     .help = "or from here over e3_closes closes"},
    {"level.e3_leave_vix", VW_FIELD_NUMBER, AT(e3_leave_vix), .min = 0, .max = 200, .standard = "",
     .help = "E3 ends below"},
    {"level.e3_closes", VW_FIELD_WHOLE, AT(e3_closes), .min = 1, .max = 100, .standard = "",
     .help = "session closes"},
    {"level.e3_dwell_minutes", VW_FIELD_DURATION, AT(e3_dwell_ns), .min = 0, .max = 100000,
     .unit_ns = 60e9, .standard = "", .help = "market time"},

    {"signals.rsi_short", VW_FIELD_WHOLE, AT(rsi_short), .min = 2, .max = 100, .standard = "",
     .help = "closes of RSI(14) of VX1/VX2, VIX, SPX"},
    {"signals.rsi_long", VW_FIELD_WHOLE, AT(rsi_long), .min = 2, .max = 100, .standard = "",
     .help = "closes of RSI(21) of CM30"},
    {"signals.breadth_sessions", VW_FIELD_WHOLE, AT(breadth_sessions), .min = 2, .max = 100,
     .standard = "", .help = "S4: sessions looked back"},
    {"signals.realised_sessions", VW_FIELD_WHOLE, AT(realised_sessions), .min = 2, .max = 100,
     .standard = "", .help = "S7: sessions of realised vol"},
    {"signals.vol_of_vol_sessions", VW_FIELD_WHOLE, AT(vol_of_vol_sessions), .min = 2, .max = 120,
     .standard = "", .help = "S16: sessions of the median"},
    {"signals.decoupling_a", VW_FIELD_NUMBER, AT(decoupling_a), .min = -10, .max = 10,
     .standard = "", .help = "S5: ln(CM30/VIX) = a + b ln VIX"},
    {"signals.decoupling_b", VW_FIELD_NUMBER, AT(decoupling_b), .min = -10, .max = 10,
     .standard = "", .help = "S5"},
    {"signals.decoupling_sd", VW_FIELD_NUMBER, AT(decoupling_sd), .min = 0.0001, .max = 10,
     .standard = "", .help = "S5: standard deviation of the residual"},
    {"signals.decoupled_z", VW_FIELD_NUMBER, AT(decoupled_z), .min = 0, .max = 100, .standard = "",
     .help = "S5: decoupled beyond"},
    {"signals.recoupled_z", VW_FIELD_NUMBER, AT(recoupled_z), .min = 0, .max = 100, .standard = "",
     .help = "S5: recoupled below"},
    {"signals.theta_slowed", VW_FIELD_NUMBER, AT(theta_slowed), .min = 0, .max = 1, .standard = "",
     .help = "S6: decay of the shorts slowed by this"},
    {"signals.theta_quickened", VW_FIELD_NUMBER, AT(theta_quickened), .min = 0, .max = 100,
     .standard = "", .help = "S6: decay of the wings quickened by this"},
    {"signals.spreads_above", VW_FIELD_NUMBER, AT(spreads_above), .min = 0, .max = 100,
     .standard = "", .help = "S7: VX1 over realised vol above this prefers spreads"},
    {"signals.futures_below", VW_FIELD_NUMBER, AT(futures_below), .min = 0, .max = 100,
     .standard = "", .help = "S7: below this prefers futures"},
    {"signals.unpreferred_cost", VW_FIELD_NUMBER, AT(unpreferred_cost), .min = 1, .max = 100,
     .standard = "", .help = "S7: factor on the cost of the other kind"},
    {"signals.event_before_minutes", VW_FIELD_DURATION, AT(event_before_ns), .min = 0,
     .max = 100000, .unit_ns = 60e9, .standard = "", .help = "S12: window before an event"},
    {"signals.event_after_minutes", VW_FIELD_DURATION, AT(event_after_ns), .min = 0, .max = 100000,
     .unit_ns = 60e9, .standard = "", .help = "S12: window after it"},
    {"signals.macro_sd", VW_FIELD_NUMBER, AT(macro_sd), .min = 0, .max = 100, .standard = "",
     .help = "S13: standard deviations that count"},
    {"signals.macro_cap_fall", VW_FIELD_NUMBER, AT(macro_cap_fall), .min = 0, .max = 1,
     .standard = "", .help = "S13: fall of market cap that counts"},
    {"signals.cause_vix_points", VW_FIELD_NUMBER, AT(cause_vix_points), .min = 0, .max = 100,
     .standard = "", .help = "S17: rise of VIX in a session"},

    {"offset.contango_e2_r", VW_FIELD_NUMBER, AT(contango_e2_r), .min = 0, .max = 1,
     .standard = "", .help = "1: fraction asked in CONTANGO from E2 on"},
    {"offset.flat_far_r", VW_FIELD_NUMBER, AT(flat_far_r), .min = 0, .max = 1, .standard = "",
     .help = "1: FLAT, at the contango threshold"},
    {"offset.flat_near_r", VW_FIELD_NUMBER, AT(flat_near_r), .min = 0, .max = 1, .standard = "",
     .help = "1: FLAT, at contango 0"},
    {"offset.flat_rsi_lo", VW_FIELD_NUMBER, AT(flat_rsi_lo), .min = 0, .max = 100, .standard = "",
     .help = "1: flat_far_r alone while RSI of VIX is from here"},
    {"offset.flat_rsi_hi", VW_FIELD_NUMBER, AT(flat_rsi_hi), .min = 0, .max = 100, .standard = "",
     .help = "1: to here"},
    {"offset.backwardation_near_r", VW_FIELD_NUMBER, AT(backwardation_near_r), .min = 0, .max = 1,
     .standard = "", .help = "1: BACKWARDATION at inversion 0"},
    {"offset.backwardation_far_r", VW_FIELD_NUMBER, AT(backwardation_far_r), .min = 0, .max = 1,
     .standard = "", .help = "1: at inverted_points"},
    {"offset.inverted_r", VW_FIELD_NUMBER, AT(inverted_r), .min = 0, .max = 1, .standard = "",
     .help = "1: INVERTED, unscaled"},
    {"offset.near_break_even_r", VW_FIELD_NUMBER, AT(near_break_even_r), .min = 0, .max = 1,
     .standard = "", .help = "12: asked in CONTANGO near a break-even"},
    {"offset.macro_weight", VW_FIELD_NUMBER, AT(macro_weight), .min = 0, .max = 1, .standard = "",
     .help = "1: r times 1 + this times S13"},
    {"offset.e1_cap", VW_FIELD_NUMBER, AT(e1_cap), .min = 0, .max = 1, .standard = "",
     .help = "1: cap of r in E1"},
    {"offset.headline_r", VW_FIELD_NUMBER, AT(headline_r), .min = 0, .max = 1, .standard = "",
     .help = "11: released fraction at most, until the next close"},
    {"offset.notional_lo", VW_FIELD_NUMBER, AT(notional_lo), .min = 0, .max = 10, .standard = "",
     .help = "1: hedge over condor notional at notional_lo_vix"},
    {"offset.notional_hi", VW_FIELD_NUMBER, AT(notional_hi), .min = 0, .max = 10, .standard = "",
     .help = "1: at notional_hi_vix"},
    {"offset.notional_lo_vix", VW_FIELD_NUMBER, AT(notional_lo_vix), .min = 0, .max = 200,
     .standard = "", .help = "1"},
    {"offset.notional_hi_vix", VW_FIELD_NUMBER, AT(notional_hi_vix), .min = 0, .max = 200,
     .standard = "", .help = "1"},

    {"tranches.near_break_even_z", VW_FIELD_NUMBER, AT(near_break_even_z), .min = 0, .max = 10,
     .standard = "", .help = "12: spot within so many sd releases a third"},
    {"tranches.second_rise", VW_FIELD_NUMBER, AT(tranche2_rise), .min = 0, .max = 10,
     .standard = "", .help = "12: 30-day vol over its value at entry: two thirds"},
    {"tranches.third_rise", VW_FIELD_NUMBER, AT(tranche3_rise), .min = 0, .max = 10,
     .standard = "", .help = "12: the whole"},
    {"tranches.closes", VW_FIELD_WHOLE, AT(tranche_closes), .min = 1, .max = 100, .standard = "",
     .help = "12: closes without its condition: one step down"},

    {"capital.erp", VW_FIELD_NUMBER, AT(erp), .min = 0, .max = 1, .standard = "",
     .help = "equity risk premium"},
    {"capital.vol_premium", VW_FIELD_NUMBER, AT(vol_premium), .min = 0, .max = 1, .standard = "",
     .help = "S11: asked of premium sold, over the risk-free rate"},
    {"capital.cheap", VW_FIELD_NUMBER, AT(capm_cheap), .min = 0, .max = 10, .standard = "",
     .help = "4: cost below this times fair: scale hi"},
    {"capital.scale_lo", VW_FIELD_NUMBER, AT(capm_lo), .min = 0, .max = 10, .standard = "",
     .help = "4: scale of r, least"},
    {"capital.scale_hi", VW_FIELD_NUMBER, AT(capm_hi), .min = 0, .max = 10, .standard = "",
     .help = "4: most"},
    {"capital.theta_min_usd", VW_FIELD_NUMBER, AT(theta_min), .min = -1e9,
     .max = 1e9, .standard = "", .help = "4: theta of the book, a day, at least"},
    {"capital.cost_factor", VW_FIELD_NUMBER, AT(cost_factor), .min = 0, .max = 100, .standard = "",
     .help = "4: times the costs in the solver; 0: costs off"},
    {"capital.monthly_cost_max", VW_FIELD_NUMBER, AT(monthly_cost_max), .min = 0, .max = 1,
     .standard = "", .help = "4: hedge cost of equity, a month"},
    {"capital.quick_ratio_min", VW_FIELD_NUMBER, AT(quick_ratio_min), .min = 0, .max = 99,
     .standard = "", .help = "4, 7"},
    {"capital.r_floor", VW_FIELD_NUMBER, AT(r_floor), .min = 0, .max = 1, .standard = "",
     .help = "4: a promoter gives up r down to this before theta"},

    {"layers.heavy_weight", VW_FIELD_NUMBER, AT(heavy_weight), .min = 0, .max = 1, .standard = "",
     .help = "2: weight of the heavy layer"},
    {"layers.heavy_breadth_weight", VW_FIELD_NUMBER, AT(heavy_breadth_weight), .min = 0, .max = 1,
     .standard = "", .help = "2: and this times S4"},
    {"layers.heavy_z_lo", VW_FIELD_NUMBER, AT(heavy_z_lo), .min = -10, .max = 10, .standard = "",
     .help = "2: nearer break-even closest to the range from here"},
    {"layers.heavy_z_hi", VW_FIELD_NUMBER, AT(heavy_z_hi), .min = -10, .max = 10, .standard = "",
     .help = "2: to here"},
    {"layers.heavy_z_tie", VW_FIELD_NUMBER, AT(heavy_z_tie), .min = 0, .max = 10, .standard = "",
     .help = "2: distances so close are a tie, when S4 is 1"},
    {"layers.posture_closes", VW_FIELD_WHOLE, AT(posture_closes), .min = 1, .max = 1000,
     .standard = "", .help = "2: consecutive closes, then the posture chooses"},

    {"kinds.contango", VW_FIELD_SET, AT(contango_kinds), .choices = kinds, .standard = "",
     .help = "3: what may be bought in CONTANGO"},
    {"kinds.flat", VW_FIELD_SET, AT(flat_kinds), .choices = kinds, .standard = "",
     .help = "3: in FLAT"},
    {"kinds.backwardation_e1", VW_FIELD_SET, AT(backwardation_e1_kinds), .choices = kinds,
     .standard = "", .help = "3: in BACKWARDATION in E1"},
    {"kinds.second_engine", VW_FIELD_SET, AT(second_engine_kinds), .choices = kinds,
     .standard = "", .help = "3: in BACKWARDATION and INVERTED from E2 on"},
    {"kinds.etp", VW_FIELD_FLAG, AT(etp), .standard = "",
     .help = "3: VXX or UVXY in place of call spreads"},
    {"kinds.put_spreads", VW_FIELD_FLAG, AT(put_spreads), .standard = "",
     .help = "3: near-term SPX put spreads may be sold"},
    {"kinds.cash_press", VW_FIELD_FLAG, AT(cash_press), .standard = "",
     .help = "3: VIX credit spreads also for a steward"},
    {"kinds.call_days_min", VW_FIELD_WHOLE, AT(call_days_min), .min = 0, .max = 1000,
     .standard = "", .help = "3: days of the calls of the second engine"},
    {"kinds.call_days_max", VW_FIELD_WHOLE, AT(call_days_max), .min = 0, .max = 1000,
     .standard = "", .help = "3"},
    {"kinds.credit_days_max", VW_FIELD_WHOLE, AT(credit_days_max), .min = 0, .max = 1000,
     .standard = "", .help = "3: days of a credit spread, below"},
    {"kinds.credit_loss_budget", VW_FIELD_NUMBER, AT(credit_loss_budget), .min = 0, .max = 1,
     .standard = "", .help = "3: width - credit over condor max loss"},
    {"kinds.credit_of_width", VW_FIELD_NUMBER, AT(credit_of_width), .min = 0, .max = 1,
     .standard = "", .help = "3: credit at most"},
    {"kinds.displayed_share", VW_FIELD_NUMBER, AT(displayed_share), .min = 0, .max = 1,
     .standard = "", .help = "3: of the size shown"},

    {"guardrail.band", VW_FIELD_NUMBER, AT(band), .min = 0, .max = 1, .standard = "",
     .help = "5: drift flagged beyond, traded back to"},
    {"guardrail.trade", VW_FIELD_NUMBER, AT(drift_trade), .min = 0, .max = 10, .standard = "",
     .help = "5: drift that forces a solve"},
    {"guardrail.urgent", VW_FIELD_NUMBER, AT(drift_urgent), .min = 0, .max = 10, .standard = "",
     .help = "5: drift that waits for no batch"},
    {"guardrail.r_step", VW_FIELD_NUMBER, AT(r_step), .min = 0, .max = 1, .standard = "",
     .help = "5: a move of r that calibrates anew"},
    {"guardrail.batch_s", VW_FIELD_DURATION, AT(batch_ns), .min = 0, .max = 86400, .unit_ns = 1e9,
     .standard = "", .help = "5: one batch each"},

    {"shift.rsi", VW_FIELD_NUMBER, AT(shift_rsi), .min = 0, .max = 100, .standard = "",
     .help = "6: RSI of VX1/VX2 crossing above"},
    {"shift.rearm", VW_FIELD_NUMBER, AT(shift_rearm), .min = 0, .max = 100, .standard = "",
     .help = "6: re-arms below"},
    {"shift.keep_old_wings", VW_FIELD_FLAG, AT(keep_old_wings), .standard = "",
     .help = "6: the old wings of a condor that moved are kept"},

    {"exits.stop_multiple", VW_FIELD_NUMBER, AT(stop_multiple), .min = 1, .max = 100,
     .standard = "", .help = "7: price to close over credit"},
    {"exits.rsi", VW_FIELD_NUMBER, AT(exit_rsi), .min = 0, .max = 100, .standard = "",
     .help = "7: RSI of CM30 below"},
    {"exits.closes", VW_FIELD_WHOLE, AT(exit_closes), .min = 1, .max = 100, .standard = "",
     .help = "7: closes in CONTANGO before long legs are trimmed"},
    {"exits.profit_multiple", VW_FIELD_NUMBER, AT(profit_multiple), .min = 1, .max = 100,
     .standard = "", .help = "7: option hedge over its cost, in E3"},
    {"exits.profit_share", VW_FIELD_NUMBER, AT(profit_share), .min = 0, .max = 1, .standard = "",
     .help = "7: of it sold then"},
    {"exits.quick_share", VW_FIELD_NUMBER, AT(quick_sale_share), .min = 0, .max = 1,
     .standard = "", .help = "7: of a leg sold in a session, at most"},
    {"exits.quick_r", VW_FIELD_NUMBER, AT(quick_sale_r), .min = 0, .max = 1, .standard = "",
     .help = "7: r stays at least"},

    {"condors.delta_max", VW_FIELD_NUMBER, AT(delta_max), .min = 0, .max = 10, .standard = "",
     .help = "8: delta of the book per condor"},
    {"condors.delta_inside", VW_FIELD_NUMBER, AT(delta_inside), .min = 0, .max = 10,
     .standard = "", .help = "8: brought inside"},
    {"condors.wing_breadth", VW_FIELD_NUMBER, AT(wing_breadth), .min = 0, .max = 1, .standard = "",
     .help = "13: S4 from here on"},
    {"condors.wing_cost", VW_FIELD_NUMBER, AT(wing_cost), .min = 0, .max = 1, .standard = "",
     .help = "13: of the credit, at most"},
    {"condors.wing_closes", VW_FIELD_WHOLE, AT(wing_closes), .min = 1, .max = 100, .standard = "",
     .help = "13: closes reversed before a wing moves back"},
    {"condors.entry_z_lo", VW_FIELD_NUMBER, AT(entry_z_lo), .min = 0, .max = 10, .standard = "",
     .help = "14: break-evens of a new condor, sd"},
    {"condors.entry_z_hi", VW_FIELD_NUMBER, AT(entry_z_hi), .min = 0, .max = 10, .standard = "",
     .help = "14"},
    {"condors.entry_macro_z", VW_FIELD_NUMBER, AT(entry_macro_z), .min = 0, .max = 10,
     .standard = "", .help = "14: shifted by S13 at most"},
    {"condors.entry_delta", VW_FIELD_NUMBER, AT(entry_delta), .min = 0, .max = 10, .standard = "",
     .help = "14: delta within"},
    {"condors.entry_wing", VW_FIELD_NUMBER, AT(entry_wing), .min = 0.01, .max = 10000,
     .standard = "", .help = "14: points from short strike to wing"},

    {"hints.displayed_share", VW_FIELD_NUMBER, AT(hint_share), .min = 0, .max = 1, .standard = "",
     .help = "15: slice, of the size shown"},
    {"hints.adverse_max", VW_FIELD_NUMBER, AT(adverse_max), .min = 0, .max = 100, .standard = "",
     .help = "15: drift at 100 ms in spreads; above: work passively"},

    {"warnings.condor_share_max", VW_FIELD_NUMBER, AT(condor_share_max), .min = 0, .max = 10,
     .standard = "", .help = "9: one condor of capital"},
    {"warnings.span_lo", VW_FIELD_NUMBER, AT(span_lo), .min = 0, .max = 10, .standard = "",
     .help = "9: short strikes apart, of the index"},
    {"warnings.span_hi", VW_FIELD_NUMBER, AT(span_hi), .min = 0, .max = 10, .standard = "",
     .help = "9"},
    {"warnings.monthly_cost", VW_FIELD_NUMBER, AT(monthly_cost_warn), .min = 0, .max = 1,
     .standard = "", .help = "9: hedge cost of equity, a month"},
    {"warnings.weekly_credit_lo", VW_FIELD_NUMBER, AT(weekly_credit_lo), .min = 0, .max = 1,
     .standard = "", .help = "9: credit over margin times 7 / days"},
    {"warnings.weekly_credit_hi", VW_FIELD_NUMBER, AT(weekly_credit_hi), .min = 0, .max = 1,
     .standard = "", .help = "9"},
    {"warnings.erosion_max", VW_FIELD_NUMBER, AT(erosion_max), .min = 0, .max = 10, .standard = "",
     .help = "9: hedge cost to expiry over the credit"},
    {"warnings.volga_max", VW_FIELD_NUMBER, AT(volga_max), .min = 0, .max = 10, .standard = "",
     .help = "what 5 points of VIX leave of a condor and its full offset, over the condor's loss"},
    {"warnings.entry_days_lo", VW_FIELD_WHOLE, AT(entry_days_lo), .min = 0, .max = 1000,
     .standard = "", .help = "9: days of a condor at entry"},
    {"warnings.entry_days_hi", VW_FIELD_WHOLE, AT(entry_days_hi), .min = 0, .max = 1000,
     .standard = "", .help = "9"},
    {"warnings.cycles_wanted", VW_FIELD_WHOLE, AT(cycles_wanted), .min = 0, .max = 100,
     .standard = "", .help = "9: volatility cycles before this is more than paper"},
    {"warnings.cycle_closes", VW_FIELD_WHOLE, AT(cycle_closes), .min = 1, .max = 1000,
     .standard = "", .help = "9: closes in E1 that end one"},
};
/* clang-format on */

const vw_field_table vw_hedge_settings_table = {fields, VW_COUNT_OF(fields), NULL};

/* Pairs of which the first may not exceed the second. */
static const char *check_pairs(const vw_hedge_settings *s)
{
    if (s->regime.contango_permille > s->regime.contango_return_permille) {
        return "regime.contango_return_percent must not lie below contango_percent";
    }
    if (s->regime.inverted_leave_points > s->regime.armed_points ||
        s->regime.armed_points > s->regime.inverted_points) {
        return "regime: inverted_leave_points, armed_points, inverted_points must ascend";
    }
    if (s->e2_leave_vix > s->e2_vix || s->e3_leave_vix > s->e3_close_vix ||
        s->e3_close_vix > s->e3_vix || s->e2_vix > s->e3_leave_vix) {
        return "level: e2_leave_vix, e2_vix, e3_leave_vix, e3_close_vix, e3_vix must ascend";
    }
    if (s->flat_far_r > s->flat_near_r || s->backwardation_near_r > s->backwardation_far_r ||
        s->flat_near_r > s->backwardation_near_r) {
        return "offset: flat_far_r, flat_near_r, backwardation_near_r, backwardation_far_r must "
               "ascend";
    }
    if (s->notional_lo > s->notional_hi || s->notional_lo_vix >= s->notional_hi_vix) {
        return "offset: notional_lo and notional_lo_vix must lie below notional_hi and "
               "notional_hi_vix";
    }
    return "";
}

const char *vw_hedge_settings_check(const vw_hedge_settings *s)
{
    if (s->band > s->drift_trade || s->drift_trade > s->drift_urgent) {
        return "guardrail: band, trade, urgent must ascend";
    }
    if (s->sizing == VW_SIZING_LADDER && s->rung_count == 0) {
        return "sizing ladder needs rungs";
    }
    if (s->sizing == VW_SIZING_BUDGET && (s->rung_count == 0 || s->step_count == 0)) {
        return "sizing budget needs rungs and budget";
    }
    for (size_t i = 1; i < s->step_count; i++) {
        if (s->steps[i].vix_forward <= s->steps[i - 1].vix_forward) {
            return "budget: vix_forward must ascend";
        }
    }
    return check_pairs(s);
}

vw_err vw_hedge_settings_read(const char *preset, vw_hedge_settings *settings, vw_error *error)
{
    const char *text = vw_preset_text(preset), *wrong;
    vw_config_map *map = NULL;
    vw_err err;

    *settings = vw_hedge_defaults;
    if (text != NULL) {
        err = vw_config_map_parse(preset, text, &vw_hedge_settings_table, &map, error);
    } else if (strpbrk(preset, "./") == NULL && strcmp(preset, "-") != 0) {
        return vw_fail(error, VW_ERR_CONFIG,
                       "%s: no such preset; there are alvh, vxth, alvh-ladder, none, or a file",
                       preset);
    } else {
        err = vw_config_map_open(preset, &vw_hedge_settings_table, &map, error);
    }
    if (err == VW_OK) {
        err = vw_config_map_fill(map, settings, error);
    }
    wrong = err == VW_OK ? vw_hedge_settings_check(settings) : "";
    if (wrong[0] != '\0') {
        err = vw_config_map_fail(map, error, "", "%s", wrong);
    }
    vw_config_map_close(map);
    return err;
}
