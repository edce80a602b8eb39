#include "core/engine/desk.h"

#include "core/engine/legs.h"
#include "core/engine/state.h"

#include <math.h>
#include <string.h>

enum { CALENDARS = 2, PUTS = 4, STRIKES = 512 };

/* A month's VIX options. */
typedef struct desk_month {
    uint32_t expiry, group;
    vw_desk_strikes *strikes;
} desk_month;

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

static void offer_future(vw_engine *engine, size_t month)
{
    const vw_hedge_future *future = &engine->desk->inputs.futures[month];
    uint32_t instrument = vw_instruments_find(&engine->table, future->instrument);
    vw_package_leg leg = {.type = 'F', .contracts = 1};

    vw_legs_mark(engine, instrument, &leg.mark);
    vw_desk_quote(engine, instrument, &leg.quote);
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

static bool mark_option(vw_engine *engine, uint32_t group, char type, double strike,
                        double contracts, vw_package_leg *leg)
{
    const vw_quotes *quotes = &engine->strips[group].quotes;
    const vw_quote_columns *side = &quotes->side[type == 'C' ? VW_CALL : VW_PUT];
    uint32_t row = vw_quotes_row(quotes, strike);

    if (row == quotes->count || quotes->strike[row] != strike ||
        side->info[row].instrument == VW_INSTRUMENT_NONE) {
        return false;
    }
    uint32_t instrument = side->info[row].instrument;

    *leg = (vw_package_leg){.type = type, .strike = strike, .contracts = contracts};
    vw_legs_mark(engine, instrument, &leg->mark);
    vw_desk_quote(engine, instrument, &leg->quote);
    return leg->mark.status == VW_STATUS_OK;
}

static void offer_calls(vw_engine *engine, const desk_month *of)
{
    const uint32_t expiries[2] = {of->expiry, of->expiry};
    const vw_desk_strikes *strikes = of->strikes;
    vw_package_leg legs[2];

    if (mark_option(engine, of->group, 'C', strikes->call, 1, &legs[0])) {
        offer(engine, legs, expiries, 1, "VIX");
    }
    if (mark_option(engine, of->group, 'C', strikes->call_out, 1, &legs[0])) {
        offer(engine, legs, expiries, 1, "VIX");
    }
    if (strikes->spread > strikes->call &&
        mark_option(engine, of->group, 'C', strikes->call, 1, &legs[0]) &&
        mark_option(engine, of->group, 'C', strikes->spread, -1, &legs[1])) {
        offer(engine, legs, expiries, 2, "VIX");
    }
}

/* To be sold, while it is near enough for rule 3. */
static void offer_credit_spread(vw_engine *engine, const desk_month *of)
{
    const uint32_t expiries[2] = {of->expiry, of->expiry};
    const vw_desk_strikes *strikes = of->strikes;
    vw_package_leg legs[2];

    if (strikes->spread > strikes->call_out &&
        mark_option(engine, of->group, 'C', strikes->call_out, -1, &legs[0]) &&
        legs[0].mark.date_days < engine->config.settings->credit_days_max &&
        mark_option(engine, of->group, 'C', strikes->spread, 1, &legs[1])) {
        offer(engine, legs, expiries, 2, "VIX");
    }
}

/* The next month's call, and this month's call spread sold against it. */
static void offer_calendar(vw_engine *engine, const desk_month *of, const desk_month *next)
{
    const uint32_t expiries[3] = {next->expiry, of->expiry, of->expiry};
    const vw_desk_strikes *strikes = of->strikes;
    vw_package_leg legs[3];

    if (strikes->spread > strikes->call &&
        mark_option(engine, next->group, 'C', strikes->call, 1, &legs[0]) &&
        mark_option(engine, of->group, 'C', strikes->call, -1, &legs[1]) &&
        mark_option(engine, of->group, 'C', strikes->spread, 1, &legs[2])) {
        offer(engine, legs, expiries, 3, "VIX");
    }
}

/* False where the month has no options to choose from. */
static bool find_month(vw_engine *engine, size_t month, desk_month *to)
{
    const vw_hedge_future *future = &engine->desk->inputs.futures[month];

    *to = (desk_month){.expiry = future->expiry, .strikes = &engine->desk->strikes[month]};
    const vw_strip *strip = vw_desk_strip(engine, "VIX", future->expiry, &to->group);

    if (strip == NULL || strip->quotes.count < 3 || future->price <= 0) {
        return false;
    }
    choose_strikes(&strip->quotes, vw_desk_points(future->price), future->expiry, to->strikes);
    return true;
}

static void offer_options(vw_engine *engine)
{
    size_t count = engine->desk->inputs.future_count;
    desk_month months[VW_DESK_MONTHS];
    bool listed[VW_DESK_MONTHS] = {false};

    for (size_t i = 0; i < VW_DESK_MONTHS && i < count; i++) {
        listed[i] = find_month(engine, i, &months[i]);
        if (listed[i]) {
            offer_calls(engine, &months[i]);
            offer_credit_spread(engine, &months[i]);
        }
    }
    for (size_t i = 0; i < CALENDARS; i++) {
        if (listed[i] && listed[i + 1]) {
            offer_calendar(engine, &months[i], &months[i + 1]);
        }
    }
}

/* ---- SPX puts ------------------------------------------------------------------------------- */

/* The last SPX expiry that rule 3 lets be sold; false: none with a smile. */
static bool find_near(vw_engine *engine, vw_exposure_smile *smile, uint32_t *group)
{
    uint32_t today = engine->desk->inputs.session, last = 0;
    const char *root = "";

    for (uint32_t i = 0; i < engine->table.group_count; i++) {
        const vw_group *of = &engine->table.groups[i];

        if (!of->futures && of->family == VW_FAMILY_SPX && of->expiry > today &&
            of->expiry > last && engine->strips[i].slice.model != VW_MODEL_NONE &&
            vw_calendar_days(today, of->expiry) < engine->config.settings->credit_days_max) {
            last = of->expiry;
            root = of->root;
        }
    }
    return last != 0 && vw_desk_smile_of(engine, root, last, today, smile, group);
}

/* Sold a standard deviation below the forward, bought as far from there as a new condor's wing. */
static void choose_puts(const vw_engine *engine, const vw_exposure_smile *smile, uint32_t group,
                        vw_desk_puts *puts)
{
    const vw_quotes *quotes = &engine->strips[group].quotes;
    uint32_t expiry = engine->table.groups[group].expiry;
    double sd = vw_slice_at(smile->slice, 0, smile->years).vol * sqrt(smile->years);

    if (puts->expiry == expiry && fabs(smile->forward / puts->forward - 1) < 0.5 * sd) {
        return;
    }
    double sold = listed_near(quotes, smile->forward * exp(-sd));

    *puts =
        (vw_desk_puts){.expiry = expiry,
                       .forward = smile->forward,
                       .sold = sold,
                       .bought = listed_near(quotes, sold - engine->config.settings->entry_wing)};
}

static void offer_put_spread(vw_engine *engine)
{
    vw_desk_puts *puts = &engine->desk->puts;
    vw_exposure_smile smile;
    vw_package_leg legs[2];
    uint32_t group;

    if (!engine->config.settings->put_spreads || !find_near(engine, &smile, &group)) {
        return;
    }
    choose_puts(engine, &smile, group, puts);
    const uint32_t expiries[2] = {puts->expiry, puts->expiry};

    if (puts->bought < puts->sold && mark_option(engine, group, 'P', puts->sold, -1, &legs[0]) &&
        mark_option(engine, group, 'P', puts->bought, 1, &legs[1])) {
        offer(engine, legs, expiries, 2, engine->table.groups[group].root);
    }
}

/* Where the settings name them: what the first condors are short of. */
static void offer_puts(vw_engine *engine)
{
    const vw_hedge_settings *set = engine->config.settings;
    const vw_hedge_inputs *inputs = &engine->desk->inputs;
    uint32_t kinds = set->contango_kinds | set->flat_kinds | set->backwardation_e1_kinds |
                     set->second_engine_kinds;

    for (size_t i = 0;
         (kinds & VW_KIND_BIT(VW_KIND_SPX_PUT)) != 0 && i < inputs->condor_count && i < PUTS; i++) {
        const vw_hedge_condor *condor = &inputs->condors[i];
        vw_package_leg leg;
        uint32_t group;

        if (vw_desk_strip(engine, condor->root, condor->expiry, &group) != NULL &&
            mark_option(engine, group, 'P', condor->put.strike_short, 1, &leg)) {
            offer(engine, &leg, &condor->expiry, 1, condor->root);
        }
    }
}

/* ---- ETPs ----------------------------------------------------------------------------------- */

static const char *const ETP_ROOTS[VW_ETP_COUNT] = {"VXX", "UVXY"};

/* Of the first month in what an ETP holds: the share of the roll period that is still to come, in
 * sessions from one settlement to the next. */
static double front_weight(const vw_engine *engine, uint32_t settlement, uint32_t today)
{
    int year = (int)(settlement / 10000), month = (int)(settlement / 100 % 100);
    uint32_t day = vw_calendar_vx_expiry(engine->config.calendar, year - (month == 1),
                                         month == 1 ? 12 : month - 1);
    double period = 0, left = 0;

    for (; day < settlement; day = vw_calendar_add_days(day, 1)) {
        bool session = vw_calendar_close(engine->config.calendar, day) != 0;

        period += session;
        left += session && day > today;
    }
    return period > 0 ? left / period : 1;
}

bool vw_desk_mark_etp(vw_engine *engine, const char *root, vw_leg_mark *mark)
{
    vw_desk_state *desk = engine->desk;
    const vw_hedge_month *one = &engine->hedge_market.months[0];
    const vw_hedge_month *two = &engine->hedge_market.months[1];
    uint32_t today = vw_calendar_date(engine->market_ns, NULL);
    double leverage = vw_portfolio_leverage(root), given = NAN;

    for (size_t i = 0; i < VW_ETP_COUNT; i++) {
        given = strcmp(root, ETP_ROOTS[i]) == 0 ? desk->user.etp[i] : given;
    }
    if (!(given > 0) || one->expiry == 0 || two->expiry == 0) {
        return false;
    }
    double front = front_weight(engine, one->expiry, today);
    double basket = front * one->price + (1 - front) * two->price;

    if (desk->user.given_ns == 0) {
        desk->user.given_ns = engine->market_ns;
    }
    if (desk->basket_ns != desk->user.given_ns) {
        desk->basket_ns = desk->user.given_ns;
        desk->basket = basket;
    }
    bool stale = vw_calendar_date(desk->user.given_ns, NULL) != today;
    double price = given * (1 + leverage * (basket / desk->basket - 1));

    *mark = (vw_leg_mark){.greeks = {.price = price},
                          .leverage = leverage,
                          .front_weight = front,
                          .multiplier = 1,
                          .family = VW_FAMILY_ETP,
                          .status = stale ? VW_STATUS_STALE : VW_STATUS_OK,
                          .quality = stale ? VW_QUOTE_STALE : VW_QUOTE_INTERPOLATED};
    return price > 0;
}

static void offer_etps(vw_engine *engine)
{
    for (size_t i = 0; engine->config.settings->etp && i < VW_ETP_COUNT; i++) {
        vw_package_leg leg = {.type = 'E', .contracts = 1};
        const uint32_t expiry = 0;

        if (vw_desk_mark_etp(engine, ETP_ROOTS[i], &leg.mark)) {
            offer(engine, &leg, &expiry, 1, ETP_ROOTS[i]);
        }
    }
}

/* ---- delta ---------------------------------------------------------------------------------- */

/* The strikes whose calls and puts can both be bought and sold now. */
static size_t two_sided(const vw_quotes *quotes, double *to, size_t room)
{
    const vw_quote_columns *call = &quotes->side[VW_CALL], *put = &quotes->side[VW_PUT];
    size_t count = 0;

    for (uint32_t i = 0; i < quotes->count && count < room; i++) {
        if (call->bid[i] > 0 && call->ask[i] > 0 && put->bid[i] > 0 && put->ask[i] > 0 &&
            vw_desk_age(call->info[i].quality | put->info[i].quality) == 0) {
            to[count++] = quotes->strike[i];
        }
    }
    return count;
}

/* S8 ranks them, from the quotes as they are now. */
static void rank(vw_engine *engine, uint32_t group, size_t first)
{
    vw_hedge_inputs *inputs = &engine->desk->inputs;
    vw_arbitrage_market market;

    if (first == inputs->delta_count || !vw_desk_quotes(engine, group, &market)) {
        return;
    }
    for (size_t i = first; i < inputs->delta_count; i++) {
        inputs->deltas[i].residual_usd = vw_strikes_edge(&market, &inputs->deltas[i]);
    }
}

/* Only while there is a delta to bring down: they are dearer than all the rest. */
static void offer_deltas(vw_engine *engine)
{
    vw_hedge_inputs *inputs = &engine->desk->inputs;
    double contracts, delta = vw_hedge_inputs_delta(inputs, &contracts);

    if (!(fabs(delta) > engine->config.settings->delta_max * contracts)) {
        return;
    }
    for (size_t i = 0; i < inputs->condor_count; i++) {
        const vw_hedge_condor *condor = &inputs->condors[i];
        double strikes[STRIKES];
        vw_exposure_smile smile;
        uint32_t group;

        if (!vw_exposure_has_deltas(inputs, condor) &&
            vw_desk_smile_of(engine, condor->root, condor->expiry, inputs->session, &smile,
                             &group)) {
            size_t count = two_sided(&engine->strips[group].quotes, strikes, STRIKES);
            size_t first = inputs->delta_count;

            vw_exposure_deltas(&smile, condor, engine->table.groups[group].settlement, strikes,
                               count, inputs);
            rank(engine, group, first);
        }
    }
}

void vw_desk_offer(vw_engine *engine)
{
    for (size_t i = 0; i < VW_DESK_MONTHS && i < engine->desk->inputs.future_count; i++) {
        offer_future(engine, i);
    }
    offer_options(engine);
    offer_puts(engine);
    offer_put_spread(engine);
    offer_etps(engine);
    offer_deltas(engine);
}
