#include "core/engine/variance.h"

#include "core/engine/futures.h"
#include "core/engine/state.h"
#include "tests/core/engine/market.h"

enum { VX1 = 1, VX2, SPX_FIRST = 1000, STRIKES = 160, CHAINS = 4 };
static const double VOL = 0.20, FORWARD = 6000;

static const struct {
    const char *root;
    uint32_t expiry;
} series[CHAINS] = {{"SPXW", 20260814}, {"SPX", 20260821}, {"SPXW", 20260828}, {"SPX", 20260918}};

static market m;

static market_chain chain_at(uint32_t i, double vol)
{
    return (market_chain){.root = series[i].root,
                          .expiry = series[i].expiry,
                          .settlement_ns =
                              vw_calendar_settlement_ns(NULL, series[i].root, series[i].expiry, 0),
                          .forward = FORWARD,
                          .discount = 1,
                          .vol = vol,
                          .low = 3500,
                          .step = 25,
                          .first = SPX_FIRST + 1000 * i,
                          .strikes = STRIKES};
}

/* SPX options at one vol, VX1 and VX2, and time for cuts of all of them. */
static void open_market(double vx1, double vx2)
{
    market_open(&m, NULL, 16384);
    market_define(&m, VX1, "VX", 20260819, 'F', 0);
    market_define(&m, VX2, "VX", 20261118, 'F', 0);
    for (uint32_t i = 0; i < CHAINS; i++) {
        const market_chain chain = chain_at(i, VOL);

        market_define_chain(&m, &chain);
        market_run(&m);
        market_quote_chain(&m, &chain);
        market_run(&m);
    }
    market_quote(&m, VX1, 1, vx1 - 0.02, vx1 + 0.02);
    market_quote(&m, VX2, 1, vx2 - 0.02, vx2 + 0.02);
    for (int i = 0; i < 20; i++) {
        market_pass(&m, VW_SECOND_NS);
    }
}

static const vw_curve_point *last_point(size_t at)
{
    const vw_update *run = market_last(&m, VW_UPDATE_CURVE, 0);

    assert_non_null(run);
    assert_int_equal(run[1 + at].kind, VW_UPDATE_CURVE_POINT);
    return &run[1 + at].curve_point;
}

static void each_future_has_the_bound_of_its_window(void **state)
{
    (void)state;
    open_market(19.5, 20.5);
    assert_near(last_point(0)->bound, 20, 0.1);
    assert_near(last_point(0)->convexity, last_point(0)->bound - 19.5, 1e-9);
    assert_int_equal(last_point(0)->flags, VW_POINT_PRIOR);
    assert_int_equal(last_point(1)->flags, VW_POINT_PRIOR | VW_POINT_NO_BOUND); /* no SPX there */
    assert_near(last_point(1)->bound, 0, 0);
    assert_near(m.engine->variance.vix, 20, 0.1);
    market_close(&m);
}

static void the_index_is_as_new_as_the_cuts(void **state)
{
    (void)state;
    open_market(19.5, 20.5);
    for (uint32_t i = 0; i < CHAINS; i++) {
        const market_chain chain = chain_at(i, 0.25);

        market_quote_chain(&m, &chain);
        market_run(&m);
    }
    market_pass(&m, 2 * VW_SECOND_NS); /* cuts of all four, and a fit of the curve */
    assert_near(m.engine->variance.vix, 25, 0.1);
    market_close(&m);
}

static void there_is_no_index_of_quotes_that_stopped(void **state)
{
    (void)state;
    open_market(19.5, 20.5);
    market_unit(&m, 0, 0, VW_UNIT_GAP);
    for (int i = 0; i < 8;
         i++) { /* some cuts with forwards of fewer pairs, until they are carried */
        market_pass(&m, VW_SECOND_NS);
    }
    assert_true(isnan(m.engine->variance.vix));
    assert_int_equal(last_point(0)->flags, VW_POINT_PRIOR | VW_POINT_NO_BOUND);
    market_close(&m);
}

static void a_future_above_its_bound_is_flagged(void **state)
{
    (void)state;
    open_market(21.5, 22);
    assert_int_equal(last_point(0)->flags, VW_POINT_PRIOR | VW_POINT_NEGATIVE_CONVEXITY);
    assert_true(last_point(0)->convexity < 0);
    market_close(&m);
}

static void vix_options_give_the_vol_of_vol_and_no_bound(void **state)
{
    const uint32_t expiries[] = {20260819, 20260916};
    double bound;

    (void)state;
    open_market(19.5, 20.5);
    bound = last_point(0)->bound;
    assert_true(isnan(m.engine->variance.vol_of_vol));
    for (uint32_t i = 0; i < 2; i++) {
        const market_chain chain = {.root = "VIX",
                                    .expiry = expiries[i],
                                    .settlement_ns =
                                        vw_calendar_settlement_ns(NULL, "VIX", expiries[i], 0),
                                    .forward = 19.5 + i,
                                    .discount = 1,
                                    .vol = 0.85,
                                    .low = 8,
                                    .step = 0.5,
                                    .first = 10000 + 1000 * i,
                                    .strikes = 150};

        market_define_chain(&m, &chain);
        market_run(&m);
        market_quote_chain(&m, &chain);
        market_run(&m);
    }
    for (int i = 0; i < 20; i++) {
        market_pass(&m, VW_SECOND_NS);
    }
    assert_near(m.engine->variance.vol_of_vol, 85, 1.5);
    assert_near(last_point(0)->bound, bound, 0.01);
    market_close(&m);
}

static void set_vix(double vix)
{
    vw_event event = {
        .kind = VW_EVENT_INDEX, .instrument = VW_INSTRUMENT_NONE, .index = {.name = "VIX"}};

    event.index.bid = event.index.ask = llround(vix * 10000);
    market_send(&m, event);
}

static void a_beta_is_learnt_from_changes_a_quarter_of_an_hour_apart(void **state)
{
    double beta;

    (void)state;
    open_market(19.5, 20.5);
    for (int i = 0; i < 18; i++) {
        double move = i % 2 ? 0.5 : 0;

        set_vix(18 + move);
        market_quote(&m, VX1, 1, 19.5 + 0.6 * move - 0.02, 19.5 + 0.6 * move + 0.02);
        market_pass(&m, VW_BETA_SAMPLE_NS);
    }
    assert_true(last_point(0)->flags & VW_POINT_PRIOR);
    assert_near(last_point(0)->beta, vw_vx_curve_beta(last_point(0)->days), 1e-12);
    for (int i = 0; i < 12; i++) {
        double move = i % 2 ? 0.5 : 0;

        set_vix(18 + move);
        market_quote(&m, VX1, 1, 19.5 + 0.6 * move - 0.02, 19.5 + 0.6 * move + 0.02);
        market_pass(&m, VW_BETA_SAMPLE_NS);
    }
    assert_false(last_point(0)->flags & VW_POINT_PRIOR);
    assert_near(last_point(0)->beta, 0.6, 0.01);
    assert_near(last_point(0)->beta_r2, 1, 1e-3);
    assert_true(last_point(0)->beta_observations >= 20);
    beta = last_point(0)->beta;
    set_vix(30);
    market_pass(&m, 60 * VW_BETA_SAMPLE_NS); /* a night: one large change that is no observation */
    market_pass(&m, VW_SECOND_NS);
    assert_near(last_point(0)->beta, beta, 0.01);
    market_close(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_future_has_the_bound_of_its_window),
        cmocka_unit_test(the_index_is_as_new_as_the_cuts),
        cmocka_unit_test(there_is_no_index_of_quotes_that_stopped),
        cmocka_unit_test(a_future_above_its_bound_is_flagged),
        cmocka_unit_test(vix_options_give_the_vol_of_vol_and_no_bound),
        cmocka_unit_test(a_beta_is_learnt_from_changes_a_quarter_of_an_hour_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
