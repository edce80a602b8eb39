#include "tools/scenario_inputs.h"

#include "core/market/event.h"
#include "core/market/symbol.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static double or_else(double value, double standard)
{
    return isnan(value) ? standard : value;
}

static bool is_spx(uint8_t kind)
{
    return kind == VW_KIND_SPX_PUT || kind == VW_KIND_SPX_PUT_SPREAD;
}

static void fill_root(const vw_scenario_leg *from, vw_hedge_instrument *to)
{
    static const char *const roots[VW_KIND_COUNT] = {"VX",  "VXM", "VIX",  "VIX", "VIX",
                                                     "VIX", "VXX", "SPXW", "SPXW"};

    snprintf(to->root, sizeof to->root, "%s",
             from->root[0] != '\0' ? from->root : roots[from->kind]);
}

static vw_package_leg make_future(const vw_scenario_leg *from, const vw_hedge_future *future)
{
    return (vw_package_leg){
        .mark = {.greeks = {.price = (double)future->price / (double)VW_PRICE_ONE},
                 .beta = future->beta,
                 .roll_per_day = future->roll_per_day,
                 .multiplier = from->kind == VW_KIND_VX ? 1000 : 100,
                 .days = future->days,
                 .family = VW_FAMILY_VX,
                 .status = VW_STATUS_OK},
        .type = 'F',
        .contracts = 1};
}

static vw_package_leg make_share(const vw_scenario_leg *from)
{
    return (vw_package_leg){.mark = {.greeks = {.price = from->price},
                                     .leverage = or_else(from->leverage, 1),
                                     .front_weight = or_else(from->front_weight, 0.5),
                                     .multiplier = 1,
                                     .family = VW_FAMILY_ETP,
                                     .status = VW_STATUS_OK},
                            .type = 'E',
                            .contracts = 1};
}

/* A VIX option on its own flat smile. */
static vw_package_leg make_vix(vw_desk *desk, const vw_scenario_moment *moment,
                               const vw_scenario_leg *from, const vw_hedge_future *future,
                               double strike, double vol, double contracts)
{
    double days = or_else(from->days, future->days), years = days / 365;
    vw_exposure_smile smile = {.forward = (double)future->price / (double)VW_PRICE_ONE,
                               .discount = exp(-or_else(moment->rate, 0) * years),
                               .years = years,
                               .days = (int)ceil(days),
                               .beta = future->beta};
    vw_package_leg leg = {.type = 'C', .strike = strike, .contracts = contracts};

    smile.slice = vw_desk_flat(desk, vol, years);
    vw_exposure_mark(&smile, 'C', strike, &leg.mark);
    return leg;
}

static vw_package_leg make_spx(vw_desk *desk, const vw_scenario_moment *moment,
                               const vw_scenario_leg *from, const char *root, double strike,
                               double contracts)
{
    vw_package_leg leg = {.mark = {.status = VW_STATUS_NO_MARKET},
                          .type = 'P',
                          .strike = strike,
                          .contracts = contracts};
    vw_exposure_smile smile;

    if (vw_desk_smile(desk, moment, root, from->expiry, &smile)) {
        vw_exposure_mark(&smile, 'P', strike, &leg.mark);
    }
    return leg;
}

static size_t make_package(vw_desk *desk, const vw_scenario_moment *moment,
                           const vw_scenario_leg *from, const char *root, vw_package_leg *legs)
{
    const vw_hedge_future *future = &desk->inputs.futures[from->month - 1];
    double vol_far = or_else(from->vol_far, from->vol);
    double sold = from->kind == VW_KIND_VIX_CREDIT_SPREAD ? -1 : 1;

    switch ((vw_hedge_kind)from->kind) {
    case VW_KIND_VX:
    case VW_KIND_VXM:
        legs[0] = make_future(from, future);
        return 1;
    case VW_KIND_ETP:
        legs[0] = make_share(from);
        return 1;
    case VW_KIND_VIX_CALL:
        legs[0] = make_vix(desk, moment, from, future, from->strike, from->vol, 1);
        return 1;
    case VW_KIND_VIX_CALL_SPREAD:
    case VW_KIND_VIX_CREDIT_SPREAD:
        legs[0] = make_vix(desk, moment, from, future, from->strike, from->vol, sold);
        legs[1] = make_vix(desk, moment, from, future, from->strike_far, vol_far, -sold);
        return 2;
    case VW_KIND_VIX_CALENDAR:
        legs[0] = make_vix(desk, moment, from, future + 1, from->strike, vol_far, 1);
        legs[1] = make_vix(desk, moment, from, future, from->strike, from->vol, -1);
        legs[2] = make_vix(desk, moment, from, future, from->strike_far, from->vol, 1);
        return 3;
    case VW_KIND_SPX_PUT:
        legs[0] = make_spx(desk, moment, from, root, from->strike, 1);
        return 1;
    case VW_KIND_SPX_PUT_SPREAD:
        legs[0] = make_spx(desk, moment, from, root, from->strike, -1);
        legs[1] = make_spx(desk, moment, from, root, from->strike_far, 1);
        return 2;
    case VW_KIND_COUNT:
        break;
    }
    return 0;
}

static void fill_stated(const vw_scenario_leg *from, vw_hedge_instrument *to)
{
    to->v30 = or_else(from->v30, to->v30);
    to->theta = or_else(from->theta, to->theta);
    to->irr = or_else(from->irr, to->irr);
    to->drift[0] = or_else(from->drift_1ms, 0);
    to->drift[1] = or_else(from->drift_10ms, 0);
    to->drift[2] = or_else(from->drift_100ms, 0);
    to->beta = from->beta;
    to->age_ns = isnan(from->age_s) ? 0 : (int64_t)(from->age_s * 1e9);
}

static void add_leg(vw_desk *desk, const vw_scenario_moment *moment, const vw_scenario_leg *from,
                    size_t source)
{
    vw_hedge_inputs *inputs = &desk->inputs;
    vw_hedge_instrument to = {.kind = from->kind,
                              .month = is_spx(from->kind) ? 0 : (uint8_t)from->month,
                              .contracts = or_else(from->contracts, 0),
                              .lo = or_else(from->lo, 0),
                              .hi = or_else(from->hi, INFINITY),
                              .price = from->price,
                              .entry_price = from->entry_price,
                              .spread = from->spread,
                              .displayed = from->displayed};
    vw_package_leg legs[VW_PACKAGE_LEGS_MAX];
    size_t count;

    if (inputs->instrument_count == VW_HEDGE_INSTRUMENTS_MAX ||
        (!is_spx(from->kind) && from->month > inputs->future_count)) {
        return;
    }
    fill_root(from, &to);
    to.expiry = is_spx(from->kind)          ? from->expiry
                : from->kind == VW_KIND_ETP ? 0
                                            : inputs->futures[from->month - 1].expiry;
    if (from->kind == VW_KIND_VIX_CALENDAR) {
        if (from->month >= inputs->future_count) {
            return;
        }
        to.expiry_far = inputs->futures[from->month].expiry;
        to.month = (uint8_t)(from->month + 1);
    }
    count = make_package(desk, moment, from, to.root, legs);
    if (count == 0 || legs[0].mark.status != VW_STATUS_OK) {
        return;
    }
    vw_exposure_package(vw_kernels_get(NULL), &desk->market, legs, count, &to);
    fill_stated(from, &to);
    to.id = vw_exposure_id(&to);
    desk->source[inputs->instrument_count] = (uint32_t)source;
    inputs->instruments[inputs->instrument_count++] = to;
}

vw_scenario_leg vw_desk_future_leg(uint32_t month)
{
    return (vw_scenario_leg){.kind = VW_KIND_VX,
                             .month = month,
                             .contracts = NAN,
                             .lo = NAN,
                             .hi = NAN,
                             .price = NAN,
                             .entry_price = NAN,
                             .spread = NAN,
                             .displayed = NAN,
                             .drift_1ms = NAN,
                             .drift_10ms = NAN,
                             .drift_100ms = NAN,
                             .v30 = NAN,
                             .theta = NAN,
                             .irr = NAN,
                             .beta = NAN,
                             .age_s = NAN};
}

static bool is_listed(const vw_scenario_moment *moment, uint32_t month)
{
    for (size_t i = 0; i < moment->leg_count; i++) {
        if (moment->legs[i].kind == VW_KIND_VX && moment->legs[i].month == month) {
            return true;
        }
    }
    return false;
}

void vw_desk_fill_legs(vw_desk *desk, const vw_scenario_moment *moment)
{
    for (size_t i = 0; i < moment->leg_count; i++) {
        add_leg(desk, moment, &moment->legs[i], i);
    }
    for (uint32_t month = 1; moment->list_futures && month <= 4; month++) {
        const vw_scenario_leg future = vw_desk_future_leg(month);

        if (!is_listed(moment, month)) {
            add_leg(desk, moment, &future, VW_SCENARIO_LEGS);
        }
    }
}
