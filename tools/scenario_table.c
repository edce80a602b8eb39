#include "tools/scenario_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/market/symbol.h"
#include "tools/hedge_settings.h"

#define OF(type, member) offsetof(type, member), sizeof(((type *)0)->member)

typedef vw_scenario_moment moment;
typedef vw_scenario_step step;

static const char *check_spx(const char *text)
{
    const vw_root *root = vw_root_find(text, strlen(text));

    return root != NULL && root->family == VW_FAMILY_SPX ? NULL : "SPX or SPXW";
}

static const char *check_root(const char *text)
{
    return vw_root_find(text, strlen(text)) != NULL ? NULL
                                                    : "SPX, SPXW, VIX, VIXW, VX, VXM, VXX or UVXY";
}

static const vw_choice positions[] = {{"credit", false}, {"debit", true}, {NULL, 0}};
static const vw_choice announcements[] = {{"fomc", VW_ANNOUNCEMENT_FOMC},
                                          {"cpi", VW_ANNOUNCEMENT_CPI},
                                          {"ppi", VW_ANNOUNCEMENT_PPI},
                                          {"rebalance", VW_ANNOUNCEMENT_REBALANCE},
                                          {NULL, 0}};
static const vw_choice kinds[] = {{"vx", VW_KIND_VX},
                                  {"vxm", VW_KIND_VXM},
                                  {"vix_call", VW_KIND_VIX_CALL},
                                  {"vix_call_spread", VW_KIND_VIX_CALL_SPREAD},
                                  {"vix_calendar", VW_KIND_VIX_CALENDAR},
                                  {"vix_credit_spread", VW_KIND_VIX_CREDIT_SPREAD},
                                  {"etp", VW_KIND_ETP},
                                  {"spx_put", VW_KIND_SPX_PUT},
                                  {"spx_put_spread", VW_KIND_SPX_PUT_SPREAD},
                                  {NULL, 0}};

/* clang-format off */
/* Offsets in a moment, or in the elements of its lists. */
static const vw_field of_moment[] = {
    {"vix", VW_FIELD_NUMBER, OF(moment, vix), .min = 0.01, .max = 1000, .standard = "",
     .help = "spot VIX; absent: never known"},
    {"vix_age_s", VW_FIELD_NUMBER, OF(moment, vix_age_s), .min = 0, .max = 1000000000.0,
     .standard = "", .help = "since it was received"},
    {"spx", VW_FIELD_NUMBER, OF(moment, spx), .min = 1, .max = 1000000.0, .standard = "",
     .help = "SPX, or its forward"},
    {"spx_age_s", VW_FIELD_NUMBER, OF(moment, spx_age_s), .min = 0, .max = 1000000000.0,
     .standard = "", .help = "since it was received"},
    {"flat_vol", VW_FIELD_NUMBER, OF(moment, flat_vol), .min = 0.001, .max = 10, .standard = "",
     .help = "vol of every SPX expiry that surfaces does not have"},
    {"rate", VW_FIELD_NUMBER, OF(moment, rate), .min = -0.3, .max = 0.3, .standard = "",
     .help = "continuous, for discounts; 0"},
    {"vol_of_vol", VW_FIELD_NUMBER, OF(moment, vol_of_vol), .min = 0.01, .max = 1000,
     .standard = "", .help = "S16, points"},
    {"atm_vol_30", VW_FIELD_NUMBER, OF(moment, atm_vol_30), .min = 0.01, .max = 1000,
     .standard = "", .help = "30-day at-the-money vol, points; else flat_vol"},
    {"atm_vol_7", VW_FIELD_NUMBER, OF(moment, atm_vol_7), .min = 0.01, .max = 1000, .standard = "",
     .help = "7-day"},
    {"advances", VW_FIELD_NUMBER, OF(moment, advances), .min = -1000000.0, .max = 1000000.0,
     .standard = "", .help = "advances - declines of the session"},
    {"arbitrage_usd", VW_FIELD_NUMBER, OF(moment, arbitrage_usd), .min = -1000000000.0,
     .max = 1000000000.0, .standard = "", .help = "S8: best residual of the chain"},
    {"delta_usd_per_point", VW_FIELD_NUMBER, OF(moment, delta_usd_per_point), .min = -1000000000.0,
     .max = 1000000000.0, .standard = "", .help = "of SPX legs beside condors and hedges"},
    {"list_futures", VW_FIELD_FLAG, OF(moment, list_futures), .standard = "",
     .help = "VX1 to VX4 may be bought without being listed in hedges; true"},
    {"entry_asked", VW_FIELD_FLAG, OF(moment, entry_asked), .standard = "",
     .help = "a new condor is asked for"},
    {"vx", VW_FIELD_LIST, offsetof(moment, futures), sizeof(vw_scenario_future),
     offsetof(moment, future_count), 0, VW_SCENARIO_FUTURES,
     .help = "monthly VX futures, VX1 first"},
    {"vx[].expiry", VW_FIELD_DATE, OF(vw_scenario_future, expiry), .standard = "",
     .help = "absent: the monthlies after the clock"},
    {"vx[].price", VW_FIELD_NUMBER, OF(vw_scenario_future, price), .min = 0.0001, .max = 1000,
     .standard = "", .help = "points"},
    {"vx[].bid", VW_FIELD_NUMBER, OF(vw_scenario_future, bid), .min = 0.0001, .max = 1000,
     .standard = "", .help = "in place of price, with ask"},
    {"vx[].ask", VW_FIELD_NUMBER, OF(vw_scenario_future, ask), .min = 0.0001, .max = 1000,
     .standard = "", .help = "with bid"},
    {"vx[].days", VW_FIELD_NUMBER, OF(vw_scenario_future, days), .min = 0.0001, .max = 2000,
     .standard = "", .help = "to settlement; absent: by the clock"},
    {"vx[].beta", VW_FIELD_NUMBER, OF(vw_scenario_future, beta), .min = 0.001, .max = 5,
     .standard = "", .help = "d VX / d VIX; absent: the prior"},
    {"vx[].age_s", VW_FIELD_NUMBER, OF(vw_scenario_future, age_s), .min = 0, .max = 1000000000.0,
     .standard = "", .help = "since it was received"},
    {"vx[].forward_vol", VW_FIELD_NUMBER, OF(vw_scenario_future, forward_vol), .min = 0.01,
     .max = 1000, .standard = "", .help = "sqrt of the forward variance of its window"},
    {"vx[].options_rms", VW_FIELD_NUMBER, OF(vw_scenario_future, options_rms), .min = 0.01,
     .max = 1000, .standard = "", .help = "sqrt(E[VIX^2]) from its options"},
    {"surfaces", VW_FIELD_LIST, offsetof(moment, smiles), sizeof(vw_scenario_smile),
     offsetof(moment, smile_count), 0, VW_SCENARIO_SMILES, .help = "SPX expiries: vol, or svi"},
    {"surfaces[].root", VW_FIELD_TEXT, OF(vw_scenario_smile, root), .standard = "SPXW",
     .check = check_spx, .help = "SPX or SPXW"},
    {"surfaces[].expiry", VW_FIELD_DATE, OF(vw_scenario_smile, expiry), .help = "expiry date"},
    {"surfaces[].forward", VW_FIELD_NUMBER, OF(vw_scenario_smile, forward), .min = 1,
     .max = 1000000.0, .standard = "", .help = "absent: spx"},
    {"surfaces[].vol", VW_FIELD_NUMBER, OF(vw_scenario_smile, vol), .min = 0.001, .max = 10,
     .standard = "", .help = "flat"},
    {"surfaces[].svi.a", VW_FIELD_NUMBER, OF(vw_scenario_smile, svi_a), .min = -10, .max = 10,
     .standard = "", .help = "raw SVI, total variance"},
    {"surfaces[].svi.b", VW_FIELD_NUMBER, OF(vw_scenario_smile, svi_b), .min = 0, .max = 100,
     .standard = "", .help = "raw SVI"},
    {"surfaces[].svi.rho", VW_FIELD_NUMBER, OF(vw_scenario_smile, svi_rho), .min = -0.9999,
     .max = 0.9999, .standard = "", .help = "raw SVI"},
    {"surfaces[].svi.m", VW_FIELD_NUMBER, OF(vw_scenario_smile, svi_m), .min = -10, .max = 10,
     .standard = "", .help = "raw SVI"},
    {"surfaces[].svi.sigma", VW_FIELD_NUMBER, OF(vw_scenario_smile, svi_sigma), .min = 1e-09,
     .max = 10, .standard = "", .help = "raw SVI"},
    {"surfaces[].days", VW_FIELD_NUMBER, OF(vw_scenario_smile, days), .min = 0.0001, .max = 5000,
     .standard = "", .help = "to settlement; absent: by the clock"},
    {"surfaces[].strike_step", VW_FIELD_NUMBER, OF(vw_scenario_smile, strike_step), .min = 0.01,
     .max = 10000, .standard = "", .help = "between listed strikes; 25"},
    {"condors", VW_FIELD_LIST, offsetof(moment, condors), sizeof(vw_scenario_condor),
     offsetof(moment, condor_count), 0, VW_SCENARIO_CONDORS, .help = "iron condors of the book"},
    {"condors[].root", VW_FIELD_TEXT, OF(vw_scenario_condor, position.root), .standard = "SPXW",
     .check = check_spx, .help = "SPX or SPXW"},
    {"condors[].expiry", VW_FIELD_DATE, OF(vw_scenario_condor, position.expiry),
     .help = "expiry date"},
    {"condors[].put_wing", VW_FIELD_NUMBER, OF(vw_scenario_condor, position.put_wing), .min = 0.01,
     .max = 1000000.0, .standard = NULL, .help = "lowest strike"},
    {"condors[].put_short", VW_FIELD_NUMBER, OF(vw_scenario_condor, position.put_short),
     .min = 0.01, .max = 1000000.0, .standard = NULL, .help = "inner put strike"},
    {"condors[].call_short", VW_FIELD_NUMBER, OF(vw_scenario_condor, position.call_short),
     .min = 0.01, .max = 1000000.0, .standard = NULL, .help = "inner call strike"},
    {"condors[].call_wing", VW_FIELD_NUMBER, OF(vw_scenario_condor, position.call_wing),
     .min = 0.01, .max = 1000000.0, .standard = NULL, .help = "highest strike"},
    {"condors[].contracts", VW_FIELD_NUMBER, OF(vw_scenario_condor, position.contracts), .min = 1,
     .max = 1000000.0, .standard = NULL, .help = "condors held"},
    {"condors[].position", VW_FIELD_CHOICE, OF(vw_scenario_condor, position.debit),
     .standard = "credit", .choices = positions, .help = "credit or debit"},
    {"condors[].entry_date", VW_FIELD_DATE, OF(vw_scenario_condor, position.entry.date),
     .standard = "", .help = "when it was put on"},
    {"condors[].credit", VW_FIELD_NUMBER, OF(vw_scenario_condor, position.entry.credit),
     .min = -1000000.0, .max = 1000000.0, .standard = "",
     .help = "points of one at entry; absent: what it is worth"},
    {"condors[].entry_spx", VW_FIELD_NUMBER, OF(vw_scenario_condor, position.entry.index),
     .min = 1, .max = 1000000.0, .standard = "", .help = "SPX at entry"},
    {"condors[].entry_vol", VW_FIELD_NUMBER, OF(vw_scenario_condor, position.entry.vol),
     .min = 0.001, .max = 10, .standard = "", .help = "30-day vol at entry"},
    {"condors[].entry_decay_short", VW_FIELD_NUMBER,
     OF(vw_scenario_condor, position.entry.short_decay), .min = 0, .max = 100, .standard = "",
     .help = "S6 baseline"},
    {"condors[].entry_decay_wing", VW_FIELD_NUMBER,
     OF(vw_scenario_condor, position.entry.wing_decay), .min = 0, .max = 100, .standard = "",
     .help = "S6 baseline"},
    {"condors[].v30", VW_FIELD_NUMBER, OF(vw_scenario_condor, v30), .min = -1000000000.0,
     .max = 1000000000.0, .standard = "",
     .help = "stated in place of computed, as all that follow"},
    {"condors[].theta", VW_FIELD_NUMBER, OF(vw_scenario_condor, theta), .min = -1000000000.0,
     .max = 1000000000.0, .standard = "", .help = "USD per day"},
    {"condors[].delta", VW_FIELD_NUMBER, OF(vw_scenario_condor, delta), .min = -1000000000.0,
     .max = 1000000000.0, .standard = "", .help = "USD per point"},
    {"condors[].z_lo", VW_FIELD_NUMBER, OF(vw_scenario_condor, z_lo), .min = -99, .max = 99,
     .standard = "", .help = "S9 of the lower break-even"},
    {"condors[].z_hi", VW_FIELD_NUMBER, OF(vw_scenario_condor, z_hi), .min = -99, .max = 99,
     .standard = "", .help = "of the upper"},
    {"condors[].max_loss_usd", VW_FIELD_NUMBER, OF(vw_scenario_condor, max_loss_usd), .min = 0,
     .max = 1000000000000.0, .standard = "", .help = "all contracts"},
    {"condors[].decay_short", VW_FIELD_NUMBER, OF(vw_scenario_condor, decay_short), .min = 0,
     .max = 100, .standard = "", .help = "S6"},
    {"condors[].decay_wing", VW_FIELD_NUMBER, OF(vw_scenario_condor, decay_wing), .min = 0,
     .max = 100, .standard = "", .help = "S6"},
    {"condors[].wing_residual_usd", VW_FIELD_NUMBER, OF(vw_scenario_condor, wing_residual_usd),
     .min = -1000000000.0, .max = 1000000000.0, .standard = "", .help = "S8 of its wings"},
    {"condors[].next_cycle", VW_FIELD_FLAG, OF(vw_scenario_condor, next_cycle), .standard = "true",
     .help = "the next monthly expiry is listed"},
    {"hedges", VW_FIELD_LIST, offsetof(moment, legs), sizeof(vw_scenario_leg),
     offsetof(moment, leg_count), 0, VW_SCENARIO_LEGS, .help = "instruments held, or to be had"},
    {"hedges[].kind", VW_FIELD_CHOICE, OF(vw_scenario_leg, kind), .choices = kinds,
     .help = "what it is"},
    {"hedges[].root", VW_FIELD_TEXT, OF(vw_scenario_leg, root), .standard = "",
     .check = check_root, .help = "absent: VX, VXM, VIX, VXX or SPXW by kind"},
    {"hedges[].month", VW_FIELD_WHOLE, OF(vw_scenario_leg, month), .min = 1,
     .max = VW_SCENARIO_FUTURES, .standard = "1",
     .help = "of VX it belongs to; of a calendar the near one"},
    {"hedges[].expiry", VW_FIELD_DATE, OF(vw_scenario_leg, expiry), .standard = "",
     .help = "SPX kinds"},
    {"hedges[].strike", VW_FIELD_NUMBER, OF(vw_scenario_leg, strike), .min = 0.01,
     .max = 1000000.0, .standard = "",
     .help = "of an option; of what is sold in a credit or put spread"},
    {"hedges[].strike_far", VW_FIELD_NUMBER, OF(vw_scenario_leg, strike_far), .min = 0.01,
     .max = 1000000.0, .standard = "",
     .help = "the other strike of a spread; of a calendar its near wing"},
    {"hedges[].vol", VW_FIELD_NUMBER, OF(vw_scenario_leg, vol), .min = 0.001, .max = 20,
     .standard = "", .help = "of VIX options"},
    {"hedges[].vol_far", VW_FIELD_NUMBER, OF(vw_scenario_leg, vol_far), .min = 0.001, .max = 20,
     .standard = "", .help = "of the other strike, or of the far expiry"},
    {"hedges[].days", VW_FIELD_NUMBER, OF(vw_scenario_leg, days), .min = 0.0001, .max = 5000,
     .standard = "", .help = "of a VIX option; absent: its future's"},
    {"hedges[].contracts", VW_FIELD_NUMBER, OF(vw_scenario_leg, contracts), .min = 0,
     .max = 1000000.0, .standard = "", .help = "held"},
    {"hedges[].lo", VW_FIELD_NUMBER, OF(vw_scenario_leg, lo), .min = 0, .max = 1000000.0,
     .standard = "", .help = "least to hold"},
    {"hedges[].hi", VW_FIELD_NUMBER, OF(vw_scenario_leg, hi), .min = 0, .max = 1000000.0,
     .standard = "", .help = "most"},
    {"hedges[].price", VW_FIELD_NUMBER, OF(vw_scenario_leg, price), .min = 0, .max = 1000000.0,
     .standard = "", .help = "stated in place of computed; of an ETP the share"},
    {"hedges[].entry_price", VW_FIELD_NUMBER, OF(vw_scenario_leg, entry_price), .min = 0,
     .max = 1000000.0, .standard = "", .help = "paid, or credit received"},
    {"hedges[].spread", VW_FIELD_NUMBER, OF(vw_scenario_leg, spread), .min = 0, .max = 10000.0,
     .standard = "", .help = "between bid and ask, points"},
    {"hedges[].displayed", VW_FIELD_NUMBER, OF(vw_scenario_leg, displayed), .min = 0,
     .max = 1000000000.0, .standard = "", .help = "contracts shown"},
    {"hedges[].leverage", VW_FIELD_NUMBER, OF(vw_scenario_leg, leverage), .min = 0.01, .max = 10,
     .standard = "", .help = "of an ETP; 1"},
    {"hedges[].front_weight", VW_FIELD_NUMBER, OF(vw_scenario_leg, front_weight), .min = 0,
     .max = 1, .standard = "", .help = "of VX1 in an ETP; 0.5"},
    {"hedges[].drift_1ms", VW_FIELD_NUMBER, OF(vw_scenario_leg, drift_1ms), .min = -100,
     .max = 100, .standard = "", .help = "mid after quote changes, in spreads"},
    {"hedges[].drift_10ms", VW_FIELD_NUMBER, OF(vw_scenario_leg, drift_10ms), .min = -100,
     .max = 100, .standard = "", .help = "likewise"},
    {"hedges[].drift_100ms", VW_FIELD_NUMBER, OF(vw_scenario_leg, drift_100ms), .min = -100,
     .max = 100, .standard = "", .help = "likewise"},
    {"hedges[].irr", VW_FIELD_NUMBER, OF(vw_scenario_leg, irr), .min = -1, .max = 1000000.0,
     .standard = "", .help = "S11, stated"},
    {"hedges[].beta", VW_FIELD_NUMBER, OF(vw_scenario_leg, beta), .min = -100, .max = 100,
     .standard = "", .help = "to the market"},
    {"hedges[].v30", VW_FIELD_NUMBER, OF(vw_scenario_leg, v30), .min = -1000000000.0,
     .max = 1000000000.0, .standard = "", .help = "of one, stated"},
    {"hedges[].theta", VW_FIELD_NUMBER, OF(vw_scenario_leg, theta), .min = -1000000000.0,
     .max = 1000000000.0, .standard = "", .help = "of one, stated"},
    {"hedges[].age_s", VW_FIELD_NUMBER, OF(vw_scenario_leg, age_s), .min = 0, .max = 1000000000.0,
     .standard = "", .help = "since it was received"},
    {"events", VW_FIELD_LIST, offsetof(moment, events), sizeof(vw_scenario_event),
     offsetof(moment, event_count), 0, VW_SCENARIO_EVENTS, .help = "announcements"},
    {"events[].at", VW_FIELD_TEXT, OF(vw_scenario_event, at),
     .help = "2026-06-17T14:00:00, New York"},
    {"events[].kind", VW_FIELD_CHOICE, OF(vw_scenario_event, kind), .choices = announcements,
     .help = "fomc, cpi, ppi or rebalance"},
    {"macro.reer_change", VW_FIELD_NUMBER, OF(moment, reer_change), .min = -99, .max = 99,
     .standard = "", .help = "S13: sd of its 3-month change"},
    {"macro.price_earnings", VW_FIELD_NUMBER, OF(moment, price_earnings), .min = -99, .max = 99,
     .standard = "", .help = "S13: sd above its mean"},
    {"macro.dividend_model", VW_FIELD_NUMBER, OF(moment, dividend_model), .min = -99, .max = 99,
     .standard = "", .help = "S13: sd of price above value"},
    {"macro.rate_differential", VW_FIELD_NUMBER, OF(moment, rate_differential), .min = -99,
     .max = 99, .standard = "", .help = "S13: change since FOMC"},
    {"macro.market_cap_change", VW_FIELD_NUMBER, OF(moment, market_cap_change), .min = -1,
     .max = 10, .standard = "", .help = "S13: of 20 sessions, fraction"},
    {"macro.age_days", VW_FIELD_NUMBER, OF(moment, macro_age_days), .min = 0, .max = 100000.0,
     .standard = "", .help = "since these were given"},
    {"account.equity_usd", VW_FIELD_NUMBER, OF(moment, equity_usd), .min = -1000000000000000.0,
     .max = 1000000000000000.0, .standard = "", .help = "of the account"},
    {"account.cash_usd", VW_FIELD_NUMBER, OF(moment, cash_usd), .min = -1000000000000000.0,
     .max = 1000000000000000.0, .standard = "", .help = "S10"},
    {"account.near_cash_usd", VW_FIELD_NUMBER, OF(moment, near_cash_usd),
     .min = -1000000000000000.0, .max = 1000000000000000.0, .standard = "",
     .help = "T-bills, long options and ETPs at bid"},
    {"account.borrowing", VW_FIELD_NUMBER, OF(moment, borrowing), .min = -1, .max = 10,
     .standard = "", .help = "rate per year"},
    {"account.beta_book", VW_FIELD_NUMBER, OF(moment, beta_book), .min = -100, .max = 100,
     .standard = "", .help = "of the condors to the market"},
    {"account.beta_hedge", VW_FIELD_NUMBER, OF(moment, beta_hedge), .min = -100, .max = 100,
     .standard = "", .help = "rule 4"},
    {"account.hedge_cost", VW_FIELD_NUMBER, OF(moment, hedge_cost), .min = -100, .max = 100,
     .standard = "", .help = "carry paid a year over notional; negative earned"},
    {"account.age_hours", VW_FIELD_NUMBER, OF(moment, account_age_hours), .min = 0,
     .max = 1000000.0, .standard = "", .help = "since these were given"},
};

/* Offsets in a step. */
static const vw_field of_expect[] = {
    {"expect", VW_FIELD_LIST, offsetof(step, expects), sizeof(vw_scenario_expect),
     offsetof(step, expect_count), 0, VW_SCENARIO_EXPECTS, .help = "what must come out"},
    {"expect[].field", VW_FIELD_TEXT, OF(vw_scenario_expect, field),
     .help = "path in the decision: r.final, layers[2].weight_ppm, legs[VX 2026-07-22].wanted"},
    {"expect[].value", VW_FIELD_TEXT, OF(vw_scenario_expect, value), .standard = "",
     .help = "what it is"},
    {"expect[].has", VW_FIELD_TEXT, OF(vw_scenario_expect, has), .standard = "",
     .help = "a word in the list"},
    {"expect[].lacks", VW_FIELD_TEXT, OF(vw_scenario_expect, lacks), .standard = "",
     .help = "a word not in it"},
    {"expect[].within", VW_FIELD_NUMBER, OF(vw_scenario_expect, within),
     .min = -1000000000000000.0, .max = 1000000000000000.0, .standard = "", .help = "of value"},
    {"expect[].least", VW_FIELD_NUMBER, OF(vw_scenario_expect, least), .min = -1000000000000000.0,
     .max = 1000000000000000.0, .standard = "", .help = "at least"},
    {"expect[].most", VW_FIELD_NUMBER, OF(vw_scenario_expect, most), .min = -1000000000000000.0,
     .max = 1000000000000000.0, .standard = "", .help = "at most"},
};

static const vw_field of_step[] = {
    {"about", VW_FIELD_TEXT, OF(step, about), .standard = "", .help = "what the step shows"},
    {"after_s", VW_FIELD_NUMBER, OF(step, after_s), .min = 0, .max = 1000000000.0, .standard = "",
     .help = "time since the step before"},
    {"after_minutes", VW_FIELD_NUMBER, OF(step, after_minutes), .min = 0, .max = 10000000.0,
     .standard = "", .help = "likewise, added"},
    {"closes", VW_FIELD_WHOLE, OF(step, closes), .min = 0, .max = 260, .standard = "",
     .help = "sessions closed at their values, the clock a session further each time"},
    {"restart", VW_FIELD_FLAG, OF(step, restart), .standard = "",
     .help = "the state goes through a snapshot"},
    {"take", VW_FIELD_FLAG, OF(step, take), .standard = "",
     .help = "first the hedges are brought to what was wanted"},
};

#define RAMP(name, lo, hi, what)                                                                   \
    {"history[]." #name, VW_FIELD_NUMBER, OF(vw_scenario_ramp, name), .min = lo, .max = hi,        \
     .standard = "", .help = what " at the first of these sessions"},                              \
    {"history[]." #name "_to", VW_FIELD_NUMBER, OF(vw_scenario_ramp, name##_to), .min = lo,        \
     .max = hi, .standard = "", .help = what " at the last; absent: the same"}

static const vw_field of_scenario[] = {
    {"about", VW_FIELD_TEXT, OF(vw_scenario, about), .help = "what the scenario shows"},
    {"rule", VW_FIELD_TEXT, OF(vw_scenario, rule), .standard = "", .help = "of the specification"},
    {"preset", VW_FIELD_TEXT, OF(vw_scenario, preset), .standard = "alvh",
     .help = "name or file; the settings section goes on top"},
    {"clock", VW_FIELD_TEXT, OF(vw_scenario, clock), .help = "2026-06-10T15:00:00, New York"},
    {"chain", VW_FIELD_TEXT, OF(vw_scenario, chain), .standard = "",
     .help = "file of an SPX chain, found from this file's folder: forwards, smiles, spx and vix"},
    {"history", VW_FIELD_LIST, offsetof(vw_scenario, ramps), sizeof(vw_scenario_ramp),
     offsetof(vw_scenario, ramp_count), 0, VW_SCENARIO_RAMPS, .standard = "",
     .help = "sessions before the clock, oldest first"},
    {"history[].sessions", VW_FIELD_WHOLE, OF(vw_scenario_ramp, sessions), .min = 1, .max = 1000,
     .standard = "1", .help = "in a line from each value to its _to"},
    RAMP(spx, 1, 1e6, "SPX"),
    RAMP(vix, 0.01, 1000, "VIX"),
    RAMP(vx1, 0.01, 1000, "VX1"),
    RAMP(vx2, 0.01, 1000, "VX2"),
    RAMP(vx3, 0.01, 1000, "VX3"),
    RAMP(advances, -1e6, 1e6, "advances - declines"),
    RAMP(vol_of_vol, 0.01, 1000, "S16"),
    RAMP(atm_vol_30, 0.01, 1000, "30-day vol"),
    RAMP(atm_vol_7, 0.01, 1000, "7-day vol"),
    {"steps", VW_FIELD_LIST, offsetof(vw_scenario, steps), sizeof(vw_scenario_step),
     offsetof(vw_scenario, step_count), 0, VW_SCENARIO_STEPS, .standard = "",
     .help = "what happens next, one after the other"},
};
/* clang-format on */

enum { FIELDS_MAX = 640 };

static vw_field fields[FIELDS_MAX];
static char paths[FIELDS_MAX][VW_FIELD_PATH_MAX];
static size_t field_count;

/* Appends a table with its paths behind prefix; what is no member of a list moves by `by`. */
static void append(const vw_field *from, size_t count, const char *prefix, size_t by)
{
    for (size_t i = 0; i < count; i++) {
        vw_field *field = &fields[field_count];

        vw_check(field_count < FIELDS_MAX);
        *field = from[i];
        snprintf(paths[field_count], VW_FIELD_PATH_MAX, "%s%s", prefix, from[i].path);
        field->path = paths[field_count];
        if (strstr(from[i].path, "[]") == NULL) {
            field->offset += by;
            field->count_offset += field->kind == VW_FIELD_LIST ? by : 0;
        }
        field_count++;
    }
}

const vw_field_table *vw_scenario_table(void)
{
    static vw_field_table table;

    if (field_count == 0) {
        const size_t begin = offsetof(vw_scenario, begin);

        append(of_scenario, VW_COUNT_OF(of_scenario), "", 0);
        append(of_moment, VW_COUNT_OF(of_moment), "", begin + offsetof(step, moment));
        append(of_expect, VW_COUNT_OF(of_expect), "", begin);
        append(of_step, VW_COUNT_OF(of_step), "steps[].", 0);
        append(of_moment, VW_COUNT_OF(of_moment), "steps[].", offsetof(step, moment));
        append(of_expect, VW_COUNT_OF(of_expect), "steps[].", 0);
        append(vw_hedge_settings_table.fields, vw_hedge_settings_table.count, "settings.",
               offsetof(vw_scenario, settings));
        table = (vw_field_table){fields, field_count, NULL};
    }
    return &table;
}

const vw_field *vw_scenario_moment_fields(size_t *count)
{
    *count = VW_COUNT_OF(of_moment);
    return of_moment;
}
