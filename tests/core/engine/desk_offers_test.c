#include "core/hedge/solve.h"

#include "tests/core/engine/desk.h"

/* ---- rule 15 -------------------------------------------------------------------------------- */

static void quote_vx1(desk *d, double bid, double ask, uint32_t bid_size, uint32_t ask_size)
{
    vw_event event = {.kind = VW_EVENT_QUOTE, .instrument = VX1, .feed = 1};

    event.quote.bid = llround(bid * 1e4);
    event.quote.ask = llround(ask * 1e4);
    event.quote.bid_size = bid_size;
    event.quote.ask_size = ask_size;
    market_send(&d->m, event);
}

static void what_is_shown_and_its_spread_come_from_the_quotes(void **state)
{
    const vw_decision_leg *leg;
    desk d;

    (void)state;
    desk_clear(&d);
    desk_open(&d);
    quote_vx1(&d, 19.96, 20.05, 120, 85);
    market_quote(&d.m, VIX_FIRST + 11, 0, 2.00, 2.24); /* the call at 21 of the first month */
    market_quote(&d.m, VIX_FIRST + 20, 0, 0.30, 0.40);
    market_pass(&d.m, 1100 * MS);
    const vw_hedge_instrument *vx = find(&d, VW_KIND_VX, MONTHS[0], 0, &leg);

    assert_near(vx->displayed, 85, 0);
    assert_near(vx->spread, 0.09, 1e-9);
    assert_near(leg->hint.slice, 8, 0);
    const vw_hedge_instrument *call = find(&d, VW_KIND_VIX_CALL, MONTHS[0], 21, &leg);

    assert_near(call->spread, 0.24, 1e-9);
    assert_near(call->displayed, 10, 0); /* of 10 and 20 */
    assert_near(leg->hint.slice, 1, 0);
    const vw_hedge_instrument *spread = find(&d, VW_KIND_VIX_CALL_SPREAD, MONTHS[0], 21, &leg);

    assert_near(spread->spread, 0.24 + 0.10, 1e-9); /* with the one at 30 */
    vw_event trade = {.kind = VW_EVENT_TRADE, .instrument = VX1, .feed = 1};

    trade.trade.price = 200000; /* what it is worth with one side */
    market_send(&d.m, trade);
    quote_vx1(&d, 19.96, 0, 120, 0);
    market_pass(&d.m, 1100 * MS);
    vx = find(&d, VW_KIND_VX, MONTHS[0], 0, &leg);
    assert_true(isnan(vx->displayed));
    assert_near(vx->spread, 0.05, 0); /* the usual one */
    market_close(&d.m);
}

/* VX1 moves by a spread and 50 ms later by so much more of it. */
static void move_vx1(desk *d, double more)
{
    double mid = 20;

    for (int i = 0; i < 30; i++) {
        mid += 0.05;
        quote_vx1(d, mid - 0.025, mid + 0.025, 50, 50);
        market_pass(&d->m, 50 * MS);
        mid += more * 0.05;
        quote_vx1(d, mid - 0.025, mid + 0.025, 50, 50);
        market_pass(&d->m, 101 * MS);
        mid = 20;
        vw_event hidden = {.kind = VW_EVENT_QUOTE, .instrument = VX1, .feed = 1};

        hidden.quote.bid = hidden.quote.ask = VW_PRICE_NONE; /* begins anew, not as a change */
        market_send(&d->m, hidden);
        quote_vx1(d, mid - 0.025, mid + 0.025, 50, 50);
        market_pass(&d->m, 150 * MS);
    }
    quote_futures(d);
    market_pass(&d->m, 1100 * MS);
}

static void quotes_that_run_away_are_worked_passively(void **state)
{
    const vw_decision_leg *leg;
    desk d;

    (void)state;
    desk_clear(&d);
    desk_open(&d);
    move_vx1(&d, 1.2);
    const vw_hedge_instrument *vx = find(&d, VW_KIND_VX, MONTHS[0], 0, &leg);

    /* After 100 ms: 1.2 spreads on for the first change, 0 for the second of each two. */
    assert_near(vx->drift[2], 0.6, 0.02);
    assert_near(vx->drift[1], 0, 0.02);
    assert_near(vx->drift[0], 0, 0.02);
    assert_near(leg->hint.adverse[2], vx->drift[2], 0);
    assert_true(leg->hint.passive);
    move_vx1(&d, 0.2);
    move_vx1(&d, 0.2);
    move_vx1(&d, 0.2);
    vx = find(&d, VW_KIND_VX, MONTHS[0], 0, &leg);
    assert_near(vx->drift[2], 0.1, 0.04); /* what was before weighs (63/64)^180 of it */
    assert_false(leg->hint.passive);
    market_close(&d.m);
}

/* ---- rule 8 --------------------------------------------------------------------------------- */

static void add_leg(vw_portfolio *book, char type, double strike, double contracts)
{
    const vw_leg leg = {.root = "SPX",
                        .type = type,
                        .hedge = true,
                        .expiry = 20260821,
                        .strike = strike,
                        .contracts = contracts};

    assert_int_equal(vw_portfolio_add_hedge(book, &leg, NULL), VW_OK);
}

static double sd_years(const desk *d)
{
    return vw_calendar_years(d->m.engine->market_ns,
                             vw_calendar_settlement_ns(&d->m.calendar, "SPX", 20260821, 'A'));
}

static double black(const desk *d, char type, double strike)
{
    return market_black(6450, strike, sd_years(d), 0.16, 1, type);
}

static void delta_beyond_its_limit_is_sold_by_a_package_of_the_condors_expiry(void **state)
{
    desk d;

    (void)state;
    desk_clear(&d);
    add_leg(&d.book, 'C', 6450, 60); /* half of 6000 */
    desk_open(&d);
    const vw_hedge_inputs *inputs = &d.m.engine->desk->inputs;

    assert_near(inputs->delta_usd_per_point, 6000 * 0.509, 20);
    assert_int_equal(inputs->delta_count, 4);
    for (size_t i = 0; i < 4; i++) {
        const vw_hedge_delta_candidate *one = &inputs->deltas[i];

        assert_int_equal(one->expiry, 20260821);
        assert_int_equal(one->settlement, 'A');
        assert_near(fabs(one->wing_strike - one->short_strike), 100, 0);
        assert_near(one->premium,
                    black(&d, one->long_type, one->long_strike) +
                        black(&d, one->short_type, one->wing_strike) -
                        black(&d, one->short_type, one->short_strike),
                    0.1);
        assert_true(one->premium >= 0 && (i % 2 == 0 ? one->delta < 0 : one->delta > 0));
    }
    const vw_proposal *package = proposal_for(&d, VW_REASON_DELTA);

    assert_non_null(package);
    assert_int_equal(package->step_count, 3);
    assert_true(package->steps[0].contracts > 0 && package->steps[1].contracts > 0);
    assert_true(package->steps[2].contracts == -package->steps[0].contracts);
    /* Once it is done, delta is inside 0.02 a condor and nothing is left to do. */
    for (size_t i = 0; i < 3; i++) {
        add_leg(&d.book, package->steps[i].type, package->steps[i].strike,
                package->steps[i].contracts);
    }
    assert_true(vw_control_send(d.m.in, VW_CONTROL_BOOK, &d.book, sizeof d.book, d.m.now_ns));
    market_pass(&d.m, 1100 * MS);
    assert_true(fabs(decision_of(&d)->delta_usd_per_point) <= 0.021 * 100 * 100);
    assert_null(proposal_for(&d, VW_REASON_DELTA));
    market_close(&d.m);
}

static void the_package_that_the_quotes_favour_comes_first(void **state)
{
    desk d;

    (void)state;
    desk_clear(&d);
    add_leg(&d.book, 'C', 6450, 60);
    desk_open(&d);
    const vw_hedge_inputs *inputs = &d.m.engine->desk->inputs;

    assert_near(inputs->deltas[0].residual_usd, 0, 0);
    assert_true(proposal_for(&d, VW_REASON_DELTA)->steps[1].strike < 6450); /* the cheaper one */
    double call = black(&d, 'C', 6450) + 3; /* sold for 3 more than its put makes of it */

    market_quote(&d.m, SPX_FIRST + 38, 0, call - 0.05, call + 0.05);
    market_pass(&d.m, 1100 * MS);
    assert_near(inputs->deltas[0].long_strike, 6450, 0);
    assert_near(inputs->deltas[0].residual_usd, 290, 40); /* 0.05 each, and doubt of the forward */
    assert_near(inputs->deltas[1].residual_usd, -inputs->deltas[0].residual_usd, 1e-9);
    assert_near(inputs->deltas[2].residual_usd, 0, 0);
    assert_near(proposal_for(&d, VW_REASON_DELTA)->steps[1].strike, 6450, 0);
    market_close(&d.m);
}

static void strikes_without_two_sides_are_in_no_package(void **state)
{
    desk d;

    (void)state;
    desk_clear(&d);
    desk_open(&d);
    const vw_hedge_inputs *inputs = &d.m.engine->desk->inputs;

    assert_int_equal(inputs->delta_count, 0); /* no delta to bring down */
    add_leg(&d.book, 'C', 6450, 60);
    assert_true(vw_control_send(d.m.in, VW_CONTROL_BOOK, &d.book, sizeof d.book, d.m.now_ns));
    market_pass(&d.m, 1100 * MS);
    double at = inputs->deltas[0].long_strike;

    assert_near(at, 6450, 0);
    market_quote(&d.m, SPX_FIRST + 38, 0, 0, 0); /* the call at 6450 */
    market_pass(&d.m, 1100 * MS);
    for (size_t i = 0; i < inputs->delta_count; i++) {
        assert_true(inputs->deltas[i].long_strike != at && inputs->deltas[i].short_strike != at);
    }
    assert_int_equal(inputs->delta_count, 4);
    market_close(&d.m);
}

/* ---- rule 3: calendars and sold call spreads ------------------------------------------------ */

static void give_account(desk *d)
{
    d->user.account.equity_usd = 20000000;
    d->user.account.cash_usd = 3000000;
    d->user.account.near_cash_usd = 0;
    d->user.account.rate = 0.04;
    d->user.account.borrowing = 0.06;
    d->user.account.beta_book = 1;
    d->user.account.beta_hedge = -3;
}

static void decoupled_futures_ask_for_one_calendar_that_is_listed(void **state)
{
    const vw_decision_leg *leg;
    desk d;

    (void)state;
    desk_clear(&d);
    give_account(&d);
    d.user.vix = 14; /* VX1 half above it */
    memcpy(d.vx, (double[]){21, 20.8, 20.6}, sizeof d.vx);
    desk_open(&d);
    assert_true(decision_of(&d)->signals.decoupled);
    const vw_proposal *package = proposal_for(&d, VW_REASON_CALENDAR);

    assert_non_null(package);
    assert_int_equal(package->kind, VW_PROPOSAL_ENTRY);
    assert_int_equal(package->step_count, 3);
    assert_near(package->steps[0].contracts, 1, 0); /* the far call, then the near spread */
    const vw_hedge_instrument *calendar =
        find(&d, VW_KIND_VIX_CALENDAR, package->steps[1].expiry, package->steps[0].strike, &leg);

    assert_near(leg->wanted, 1, 0);
    assert_int_equal(package->steps[0].expiry, calendar->expiry_far);
    assert_true(package->steps[0].expiry > package->steps[1].expiry);
    assert_near(package->worst_loss_usd, 100 * (calendar->price + calendar->width), 1e-6);
    assert_true(decision_of(&d)->wacc_after <= decision_of(&d)->wacc_before);
    vw_user_inputs without = d.user;

    without.account.beta_hedge = NAN; /* what it does to the cost of capital is not known */
    assert_true(vw_control_send(d.m.in, VW_CONTROL_INPUTS, &without, sizeof without, d.m.now_ns));
    market_pass(&d.m, 1100 * MS);
    assert_null(proposal_for(&d, VW_REASON_CALENDAR));
    market_close(&d.m);
}

/* Closes before 2026-07-22: VIX rose and has begun to fall, 7-day vol was dearer than now. */
static void close_after_a_fear(desk *d)
{
    vw_hedge_close *closes = d->closes;
    size_t count = VW_COUNT_OF(d->closes);
    uint32_t session = 20260721;

    for (size_t i = count; i-- > 0;) {
        double left = (double)(count - i), vix = left < 6 ? 30 + left : 20 + 0.4 * (double)i;

        closes[i] = (vw_hedge_close){.session = session,
                                     .spx = 6450,
                                     .vix = vix,
                                     .advances_declines = 100,
                                     .vol_of_vol = NAN,
                                     .atm_vol_30 = 17,
                                     .atm_vol_7 = 30,
                                     .future_count = 2};
        closes[i].futures[0].expiry = MONTHS[0];
        closes[i].futures[0].days = 28 + left;
        closes[i].futures[0].price = 25;
        closes[i].futures[1].expiry = MONTHS[1];
        closes[i].futures[1].days = 56 + left;
        closes[i].futures[1].price = 24;
        session = vw_calendar_session(NULL, vw_calendar_add_days(session, -1));
    }
    d->close_count = count;
}

static void cash_press_sells_the_near_call_spread_that_is_listed(void **state)
{
    const vw_decision_leg *leg;
    desk d;

    (void)state;
    desk_clear(&d);
    give_account(&d);
    d.user.vix = 30;
    memcpy(d.vx, (double[]){25, 24.5, 24}, sizeof d.vx);
    d.settings.posture = VW_POSTURE_PROMOTER;
    close_after_a_fear(&d);
    desk_open(&d);
    const vw_hedge_instrument *sold = find(&d, VW_KIND_VIX_CREDIT_SPREAD, MONTHS[0], 31, &leg);

    assert_near(sold->strike_far, 38, 1);
    assert_near(sold->displayed, 10, 0);
    assert_true(sold->v30 < 0);
    assert_int_equal(decision_of(&d)->level, 3);
    assert_true(says(&d, VW_REASON_CASH_PRESS));
    assert_near(leg->wanted, 1, 0); /* a tenth of what is shown */
    const vw_proposal *package = proposal_for(&d, VW_REASON_CASH_PRESS);

    assert_non_null(package);
    assert_near(package->steps[0].contracts, 1, 0); /* its wing is bought first */
    assert_near(package->steps[1].contracts, -1, 0);
    assert_near(package->cash_usd, 100 * sold->price, 1e-6);
    market_close(&d.m);
}

/* ---- rule 3: SPX puts ----------------------------------------------------------------------- */

static void put_spreads_are_sold_a_deviation_away_where_the_settings_have_them(void **state)
{
    const vw_decision_leg *leg;
    desk d;

    (void)state;
    desk_clear(&d);
    give_account(&d);
    memcpy(d.vx, (double[]){20, 20.3, 20.5}, sizeof d.vx);
    d.settings.put_spreads = true;
    close_after_a_fear(&d);
    desk_open(&d);
    assert_int_equal(decision_of(&d)->level, 2);
    const vw_hedge_instrument *sold = find(&d, VW_KIND_SPX_PUT_SPREAD, 20260729, 6300, &leg);

    assert_near(sold->strike_far, 6200, 0);
    assert_near(leg->wanted, 1, 0); /* a tenth of what is shown */
    const vw_proposal *package = proposal_for(&d, VW_REASON_PUT_SPREAD);

    assert_non_null(package);
    assert_near(package->steps[0].strike, 6200, 0); /* bought first */
    assert_near(package->steps[0].contracts, 1, 0);
    assert_near(package->steps[1].contracts, -1, 0);
    market_close(&d.m);
}

static void puts_are_bought_where_a_kind_says_so(void **state)
{
    const vw_decision_leg *leg;
    desk d;

    (void)state;
    desk_clear(&d);
    memcpy(d.vx, (double[]){20, 20.3, 20.5}, sizeof d.vx);
    d.settings.flat_kinds = VW_KIND_BIT(VW_KIND_SPX_PUT);
    desk_open(&d);
    assert_near(find(&d, VW_KIND_SPX_PUT, 20260821, 6100, &leg)->delta, -100 * 0.105, 1);
    assert_true(leg->permitted && leg->wanted > 0);
    market_close(&d.m);
}

/* ---- S16 ------------------------------------------------------------------------------------ */

static void vol_of_vol_is_computed_unless_the_user_has_just_said_it(void **state)
{
    const vw_reading *reading;
    desk d;

    (void)state;
    desk_clear(&d);
    desk_open(&d);
    reading = &d.m.engine->desk->inputs.vol_of_vol;
    for (int i = 0; i < 30 && isnan(reading->value); i++) { /* an expiry a step */
        market_pass(&d.m, 300 * MS);
    }
    assert_near(reading->value, 90, 2); /* the VIX options' flat vol */
    d.user.vol_of_vol = 120;
    assert_true(vw_control_send(d.m.in, VW_CONTROL_INPUTS, &d.user, sizeof d.user, d.m.now_ns));
    market_pass(&d.m, 1100 * MS);
    assert_near(reading->value, 120, 0);
    market_pass(&d.m, 60000 * MS);
    assert_near(reading->value, 90, 2);
    market_close(&d.m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_shown_and_its_spread_come_from_the_quotes),
        cmocka_unit_test(quotes_that_run_away_are_worked_passively),
        cmocka_unit_test(delta_beyond_its_limit_is_sold_by_a_package_of_the_condors_expiry),
        cmocka_unit_test(the_package_that_the_quotes_favour_comes_first),
        cmocka_unit_test(strikes_without_two_sides_are_in_no_package),
        cmocka_unit_test(decoupled_futures_ask_for_one_calendar_that_is_listed),
        cmocka_unit_test(cash_press_sells_the_near_call_spread_that_is_listed),
        cmocka_unit_test(put_spreads_are_sold_a_deviation_away_where_the_settings_have_them),
        cmocka_unit_test(puts_are_bought_where_a_kind_says_so),
        cmocka_unit_test(vol_of_vol_is_computed_unless_the_user_has_just_said_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
