#include "core/engine/desk.h"

#include "core/engine/legs.h"
#include "core/engine/state.h"

#include <math.h>

static bool is_held(const vw_hedge_inputs *inputs, uint32_t id)
{
    for (size_t i = 0; i < inputs->instrument_count; i++) {
        if (inputs->instruments[i].id == id) {
            return true;
        }
    }
    return false;
}

/* Adds a candidate unless it is held already. */
static void offer(vw_engine *engine, vw_package_leg *legs, const uint32_t *expiries, size_t count,
                  const char *root)
{
    vw_hedge_inputs *inputs = &engine->desk->inputs;
    size_t before = inputs->instrument_count;

    vw_desk_add(engine, legs, expiries, count, root, 0, NAN);
    if (inputs->instrument_count > before) {
        uint32_t id = inputs->instruments[before].id;

        inputs->instrument_count = before;
        inputs->instrument_count += !is_held(inputs, id);
    }
}

static void offer_future(vw_engine *engine, size_t month, uint32_t today)
{
    const vw_hedge_future *future = &engine->desk->inputs.futures[month];
    vw_package_leg leg = {.mark = {.greeks = {.price = vw_desk_points(future->price)},
                                   .beta = future->beta,
                                   .roll_per_day = future->roll_per_day,
                                   .multiplier = 1000,
                                   .days = future->days,
                                   .date_days = vw_calendar_days(today, future->expiry),
                                   .family = VW_FAMILY_VX,
                                   .status = VW_STATUS_OK,
                                   .quality = future->age_ns > 0 ? VW_QUOTE_STALE : 0},
                          .type = 'F',
                          .contracts = 1};

    offer(engine, &leg, &future->expiry, 1, "VX");
}

static double listed_near(const vw_quotes *quotes, double strike)
{
    uint32_t row = vw_quotes_row(quotes, strike);

    if (row == quotes->count) {
        row = quotes->count - 1;
    }
    return row > 0 && strike - quotes->strike[row - 1] < quotes->strike[row] - strike
               ? quotes->strike[row - 1]
               : quotes->strike[row];
}

static void choose_strikes(const vw_quotes *quotes, double forward, uint32_t expiry,
                           vw_desk_strikes *strikes)
{
    if (strikes->expiry == expiry && fabs(forward / strikes->forward - 1) < 0.1) {
        return;
    }
    *strikes = (vw_desk_strikes){.expiry = expiry,
                                 .forward = forward,
                                 .call = listed_near(quotes, 1.05 * forward),
                                 .call_out = listed_near(quotes, 1.25 * forward),
                                 .spread = listed_near(quotes, 1.5 * forward)};
}

static bool mark_call(vw_engine *engine, uint32_t group, double strike, double contracts,
                      vw_package_leg *leg)
{
    const vw_quotes *quotes = &engine->strips[group].quotes;
    uint32_t row = vw_quotes_row(quotes, strike);

    if (row == quotes->count || quotes->strike[row] != strike ||
        quotes->side[VW_CALL].info[row].instrument == VW_INSTRUMENT_NONE) {
        return false;
    }
    *leg = (vw_package_leg){.type = 'C', .strike = strike, .contracts = contracts};
    vw_legs_mark(engine, quotes->side[VW_CALL].info[row].instrument, &leg->mark);
    return leg->mark.status == VW_STATUS_OK;
}

static void offer_options(vw_engine *engine, size_t month)
{
    const vw_hedge_future *future = &engine->desk->inputs.futures[month];
    vw_desk_strikes *strikes = &engine->desk->strikes[month];
    uint32_t expiries[2] = {future->expiry, future->expiry}, group;
    vw_strip *strip = vw_desk_strip(engine, "VIX", future->expiry, &group);
    vw_package_leg legs[2];

    if (strip == NULL || strip->quotes.count < 3 || future->price <= 0) {
        return;
    }
    choose_strikes(&strip->quotes, vw_desk_points(future->price), future->expiry, strikes);
    if (mark_call(engine, group, strikes->call, 1, &legs[0])) {
        offer(engine, legs, expiries, 1, "VIX");
    }
    if (mark_call(engine, group, strikes->call_out, 1, &legs[0])) {
        offer(engine, legs, expiries, 1, "VIX");
    }
    if (strikes->spread > strikes->call && mark_call(engine, group, strikes->call, 1, &legs[0]) &&
        mark_call(engine, group, strikes->spread, -1, &legs[1])) {
        offer(engine, legs, expiries, 2, "VIX");
    }
}

void vw_desk_offer(vw_engine *engine)
{
    const vw_hedge_inputs *inputs = &engine->desk->inputs;

    for (size_t month = 0; month < VW_DESK_MONTHS && month < inputs->future_count; month++) {
        offer_future(engine, month, inputs->session);
        offer_options(engine, month);
    }
}
