#include "core/vol/vx_curve.h"

#include "tests/core/engine/market.h"

static const int64_t DAY_NS = INT64_C(86400) * 1000000000;

enum { VX1 = 1, VX2, VX3, WEEKLY, VXM1 };

static void define_futures(market *m)
{
    vw_event weekly = {.kind = VW_EVENT_DEFINITION, .instrument = WEEKLY, .feed = 1};

    market_define(m, VX3, "VX", 20261021, 'F', 0);
    market_define(m, VX1, "VX", 20260819, 'F', 0);
    market_define(m, VX2, "VX", 20260916, 'F', 0);
    market_define(m, VXM1, "VXM", 20260819, 'F', 0);
    memcpy(weekly.definition.root, "VX", 2);
    weekly.definition.expiry = 20260805;
    weekly.definition.type = 'F';
    weekly.definition.weekly = true;
    market_send(m, weekly);
}

static void quote_futures(market *m, double one, double two, double three)
{
    market_quote(m, VX1, 1, one - 0.025, one + 0.025);
    market_quote(m, VX2, 1, two - 0.025, two + 0.025);
    market_quote(m, VX3, 1, three - 0.025, three + 0.025);
}

static const vw_update *find_run(const market *m, vw_update_kind kind)
{
    const vw_update *first = market_last(m, kind, 0);

    assert_non_null(first);
    assert_true(first->flags & VW_UPDATE_FIRST);
    return first;
}

static void the_curve_has_its_points_by_expiry_and_counts_monthlies_only(void **state)
{
    const uint32_t order[] = {WEEKLY, VX1, VX2, VX3};
    market m;

    (void)state;
    market_open(&m, NULL, 4096);
    define_futures(&m);
    quote_futures(&m, 20, 20.8, 21.2);
    market_quote(&m, WEEKLY, 1, 19, 19.1);
    market_run(&m);
    const vw_update *run = find_run(&m, VW_UPDATE_CURVE);
    const vw_curve_row *curve = &run->curve;

    assert_int_equal(curve->points, 4);
    assert_near(curve->contango, 0.04, 1e-12);
    assert_near(curve->inversion, -0.8, 1e-12);
    assert_int_equal(curve->regime, VW_REGIME_CONTANGO);
    assert_int_equal(curve->absent, VW_ABSENT_SPOT_VIX | VW_ABSENT_CM30 * (curve->cm30 == 0));
    assert_near(curve->basis, 0, 0);
    for (size_t i = 0; i < 4; i++) {
        const vw_update *update = &run[i + 1];

        assert_int_equal(update->kind, VW_UPDATE_CURVE_POINT);
        assert_int_equal(update->flags, i == 3 ? VW_UPDATE_LAST : 0);
        assert_int_equal(update->curve_point.instrument, order[i]);
        assert_int_equal(update->curve_point.monthly, order[i] != WEEKLY);
        assert_near(update->curve_point.beta, vw_vx_curve_beta(update->curve_point.days), 0);
    }
    assert_near(run[2].curve_point.price, 20, 1e-12);
    assert_near(run[2].curve_point.bid, 19.975, 1e-12);
    assert_near(run[2].curve_point.days,
                365 * vw_calendar_years(
                          m.market_ns, vw_calendar_settlement_ns(&m.calendar, "VX", 20260819, 'A')),
                1e-9);
    market_close(&m);
}

static void a_future_without_two_sides_takes_its_last_trade_then_its_settlement(void **state)
{
    vw_event settlement = {.kind = VW_EVENT_SETTLEMENT, .instrument = VX1, .feed = 1};
    vw_event trade = {.kind = VW_EVENT_TRADE, .instrument = VX1, .feed = 1};
    market m;

    (void)state;
    market_open(&m, NULL, 4096);
    define_futures(&m);
    settlement.settlement.price = 195000;
    market_send(&m, settlement);
    market_run(&m);
    assert_near(find_run(&m, VW_UPDATE_CURVE)[1].curve_point.price, 19.5, 1e-12);
    trade.trade.price = 199500;
    market_send(&m, trade);
    market_pass(&m, 300000000);
    const vw_update *run = find_run(&m, VW_UPDATE_CURVE);

    assert_near(run[1].curve_point.price, 19.95, 1e-12);
    assert_true(run[1].curve_point.quality & VW_QUOTE_CARRIED);
    assert_int_equal(run->curve.absent & VW_ABSENT_CONTANGO, VW_ABSENT_CONTANGO);
    assert_int_equal(run->curve.regime, VW_REGIME_UNKNOWN);
    market_close(&m);
}

static void the_curve_is_sent_on_change_but_not_more_often_than_four_times_a_second(void **state)
{
    market m;

    (void)state;
    market_open(&m, NULL, 4096);
    define_futures(&m);
    quote_futures(&m, 20, 20.8, 21.2);
    market_run(&m);
    market_forget(&m);
    for (int i = 0; i < 100; i++) { /* a second in steps of 10 ms, a change in each */
        quote_futures(&m, 20 + 0.05 * (i % 2), 20.8, 21.2);
        market_pass(&m, 10000000);
    }
    assert_int_equal(market_count(&m, VW_UPDATE_CURVE), 4);
    market_pass(&m, 300000000);
    market_forget(&m);
    market_pass(&m, 300000000);
    assert_int_equal(market_count(&m, VW_UPDATE_CURVE), 0); /* nothing changed */
    market_pass(&m, 5000000000);
    assert_int_equal(market_count(&m, VW_UPDATE_CURVE), 1); /* a refresh */
    market_close(&m);
}

static void
an_inversion_of_two_points_needs_fifteen_minutes_and_is_told_without_a_quote(void **state)
{
    market m;

    (void)state;
    market_open(&m, NULL, 4096);
    define_futures(&m);
    quote_futures(&m, 25, 22.5, 22);
    market_run(&m);
    assert_int_equal(find_run(&m, VW_UPDATE_CURVE)->curve.regime, VW_REGIME_BACKWARDATION);
    int64_t begun_ns = m.market_ns;

    market_pass(&m, INT64_C(899) * 1000000000);
    assert_int_equal(find_run(&m, VW_UPDATE_CURVE)->curve.regime, VW_REGIME_BACKWARDATION);
    market_forget(&m);
    market_pass(&m, INT64_C(1000000000));
    assert_int_equal(find_run(&m, VW_UPDATE_CURVE)->curve.regime, VW_REGIME_INVERTED);
    assert_true(find_run(&m, VW_UPDATE_CURVE)->curve.regime_since_ns ==
                begun_ns + 900 * INT64_C(1000000000));
    market_close(&m);
}

static void stale_futures_hold_the_regime_and_are_marked(void **state)
{
    market m;

    (void)state;
    market_open(&m, NULL, 4096);
    define_futures(&m);
    quote_futures(&m, 20, 20.8, 21.2);
    market_run(&m);
    market_unit(&m, 1, 0, VW_UNIT_SILENT);
    market_pass(&m, 300000000);
    const vw_update *run = find_run(&m, VW_UPDATE_CURVE);

    assert_int_equal(run->curve.quality, VW_QUOTE_STALE);
    assert_int_equal(run->curve.regime, VW_REGIME_CONTANGO);
    market_close(&m);
}

/* Book B of the worked examples, with 40 VX1 on top; the curve and the chain as they are. */
static void the_book_is_valued_on_the_stream_and_its_hedge_sent(void **state)
{
    vw_portfolio book = {.book = "main"};
    const vw_condor condor = {.root = "SPXW",
                              .expiry = 20260821,
                              .put_wing = 6000,
                              .put_short = 6100,
                              .call_short = 6800,
                              .call_wing = 6900,
                              .contracts = 100};
    const vw_leg future = {.root = "VX", .type = 'F', .expiry = 20260819, .contracts = 40};
    const vw_leg mini = {.root = "VXM", .type = 'F', .expiry = 20260819, .contracts = 10};
    const vw_leg missing = {
        .root = "VIX", .type = 'C', .expiry = 20260819, .strike = 25, .contracts = 10};
    market m;
    market_chain chain;

    (void)state;
    assert_int_equal(vw_portfolio_add_condor(&book, &condor, NULL), VW_OK);
    assert_int_equal(vw_portfolio_add_hedge(&book, &future, NULL), VW_OK);
    assert_int_equal(vw_portfolio_add_hedge(&book, &mini, NULL), VW_OK);
    assert_int_equal(vw_portfolio_add_hedge(&book, &missing, NULL), VW_OK);
    market_open(&m, &book, 4096);
    chain = (market_chain){.root = "SPXW",
                           .expiry = 20260821,
                           .forward = 6450,
                           .discount = 1,
                           .vol = 0.16,
                           .low = 5800,
                           .step = 25,
                           .first = 100,
                           .strikes = 53};
    chain.settlement_ns = vw_calendar_settlement_ns(&m.calendar, "SPXW", 20260821, 'P');
    m.market_ns = chain.settlement_ns - 30 * DAY_NS;
    define_futures(&m);
    quote_futures(&m, 20, 20.8, 21.2);
    market_define_chain(&m, &chain);
    market_quote_chain(&m, &chain);
    market_run(&m);
    market_pass(&m, 1000000000);
    market_pass(&m, 1000000000);
    const vw_update *run = find_run(&m, VW_UPDATE_HEDGE);
    const vw_hedge_row *hedge = &run->hedge;
    double beta = vw_vx_curve_beta(
        365 * vw_calendar_years(m.market_ns,
                                vw_calendar_settlement_ns(&m.calendar, "VX", 20260819, 'A')));

    assert_near(hedge->vega_usd_per_point, -26820, 15);
    assert_near(hedge->condor_v30_usd_per_point, -26820, 15);
    assert_near(hedge->theta_usd_per_day, 7153, 10); /* VX1 rolls to an unknown spot: no carry */
    assert_near(hedge->hedge_v30_usd_per_point, 41000 * beta, 1e-6);
    assert_near(hedge->hedge_ratio, 41000 * beta / -hedge->condor_v30_usd_per_point, 1e-9);
    assert_int_equal(hedge->unpriced, 1);
    assert_int_equal(hedge->layers, 4);
    assert_int_equal(hedge->legs, 7);
    assert_int_equal(hedge->regime, VW_REGIME_CONTANGO);
    assert_int_equal(hedge->absent & (VW_ABSENT_SPX | VW_ABSENT_SPOT_VIX | VW_ABSENT_BOOK),
                     VW_ABSENT_SPX | VW_ABSENT_SPOT_VIX);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(run[1 + i].kind, VW_UPDATE_HEDGE_LAYER);
        assert_int_equal(run[1 + i].layer.layer, i + 1);
    }
    assert_int_equal(run[1].layer.vx_expiry, 20260819); /* 29.99 days are 30 dates: layer 2 */
    assert_near(run[2].layer.vx_full_offset, -hedge->condor_v30_usd_per_point / (1000 * beta),
                1e-9);
    assert_near(run[3].layer.vx_beta, vw_vx_curve_beta(55.7), 2e-3);
    for (size_t i = 0; i < 7; i++) {
        assert_int_equal(run[5 + i].kind, VW_UPDATE_HEDGE_LEG);
        assert_int_equal(run[5 + i].flags, i == 6 ? VW_UPDATE_LAST : 0);
        assert_int_equal(run[5 + i].leg.hedge, i >= 4);
    }
    const vw_leg_row *sold = &run[6].leg;
    const vw_greeks_row *row = &market_last(&m, VW_UPDATE_GREEKS, sold->instrument)->greeks;

    assert_near(sold->strike, 6100, 0);
    assert_near(sold->vega_usd_per_point, -100 * 100 * row->vega,
                1e-6 * fabs(sold->vega_usd_per_point));
    assert_near(run[9].leg.price, 20, 1e-12);
    assert_near(run[10].leg.price, 20, 1e-12); /* the mini follows its big one */
    assert_int_equal(run[11].leg.instrument, VW_INSTRUMENT_NONE);
    assert_int_equal(run[11].leg.status, VW_STATUS_NO_MARKET);
    market_close(&m);
}

static void a_hedge_goes_out_every_second_and_soon_after_a_change(void **state)
{
    vw_portfolio book = {.book = "main"};
    const vw_leg future = {.root = "VX", .type = 'F', .expiry = 20260819, .contracts = 40};
    market m;

    (void)state;
    assert_int_equal(vw_portfolio_add_hedge(&book, &future, NULL), VW_OK);
    market_open(&m, &book, 4096);
    define_futures(&m);
    quote_futures(&m, 20, 20.8, 21.2);
    market_pass(&m, 1000000);
    market_pass(&m, 300000000);
    market_forget(&m);
    for (int i = 0; i < 30; i++) {
        market_pass(&m, 100000000);
    }
    assert_int_equal(market_count(&m, VW_UPDATE_HEDGE), 3);
    market_forget(&m);
    quote_futures(&m, 20.1, 20.8, 21.2);
    market_pass(&m, 260000000);
    assert_near(find_run(&m, VW_UPDATE_HEDGE)[5].leg.price, 20.1, 1e-12);
    market_close(&m);
}

static void without_a_book_the_hedge_says_so(void **state)
{
    market m;

    (void)state;
    market_open(&m, NULL, 4096);
    define_futures(&m);
    market_run(&m);
    assert_int_equal(find_run(&m, VW_UPDATE_HEDGE)->hedge.legs, 0);
    assert_true(find_run(&m, VW_UPDATE_HEDGE)->hedge.absent & VW_ABSENT_BOOK);
    assert_int_equal(find_run(&m, VW_UPDATE_HEDGE)[4].flags, VW_UPDATE_LAST);
    market_close(&m);
}

static void spot_vix_gives_the_basis_until_its_unit_is_in_doubt(void **state)
{
    vw_event vix = {.kind = VW_EVENT_INDEX,
                    .instrument = VW_INSTRUMENT_NONE,
                    .feed = 2,
                    .index = {.name = "VIX", .bid = 190000, .ask = 190000}};
    market m;

    (void)state;
    market_open(&m, NULL, 4096);
    define_futures(&m);
    quote_futures(&m, 20, 20.8, 21.2);
    market_run(&m);
    assert_true(find_run(&m, VW_UPDATE_CURVE)->curve.absent & VW_ABSENT_SPOT_VIX);
    market_send(&m, vix);
    market_pass(&m, DAY_NS / 86400);
    assert_false(find_run(&m, VW_UPDATE_CURVE)->curve.absent & VW_ABSENT_SPOT_VIX);
    assert_near(find_run(&m, VW_UPDATE_CURVE)->curve.basis, 1, 1e-9);
    market_unit(&m, 3, 0, VW_UNIT_GAP); /* another feed's */
    market_pass(&m, DAY_NS / 86400);
    assert_false(find_run(&m, VW_UPDATE_CURVE)->curve.absent & VW_ABSENT_SPOT_VIX);
    market_unit(&m, 2, 0, VW_UNIT_GAP);
    market_pass(&m, DAY_NS / 86400);
    assert_true(find_run(&m, VW_UPDATE_CURVE)->curve.absent & VW_ABSENT_SPOT_VIX);
    market_close(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spot_vix_gives_the_basis_until_its_unit_is_in_doubt),
        cmocka_unit_test(the_curve_has_its_points_by_expiry_and_counts_monthlies_only),
        cmocka_unit_test(a_future_without_two_sides_takes_its_last_trade_then_its_settlement),
        cmocka_unit_test(the_curve_is_sent_on_change_but_not_more_often_than_four_times_a_second),
        cmocka_unit_test(
            an_inversion_of_two_points_needs_fifteen_minutes_and_is_told_without_a_quote),
        cmocka_unit_test(stale_futures_hold_the_regime_and_are_marked),
        cmocka_unit_test(the_book_is_valued_on_the_stream_and_its_hedge_sent),
        cmocka_unit_test(a_hedge_goes_out_every_second_and_soon_after_a_change),
        cmocka_unit_test(without_a_book_the_hedge_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
