#include "core/hedge/hedge.h"

#include "tests/core/hedge/book_b.h"

static const vw_hedge_market THREE = {.months = {{.expiry = 20260819, .beta = 0.469737},
                                                 {.expiry = 20260916, .beta = 0.35},
                                                 {.expiry = 20261021, .beta = 0.3}}};

static void book_b_is_short_26823_dollars_of_vega_a_point(void **state)
{
    vw_portfolio book = book_b();
    vw_leg_mark marks[4];
    static vw_hedge hedge;
    double credit = 0;

    (void)state;
    mark_condors(&book, marks, BOOK_B_FORWARD, 30);
    vw_hedge_evaluate(&book, marks, &THREE, &hedge);
    assert_near(hedge.vega_usd_per_point, -26823, 1);
    assert_near(hedge.condor_v30_usd_per_point, -26823, 1); /* at 30 days the weight is 1 */
    assert_near(hedge.theta_usd_per_day, 7153, 1);
    assert_near(hedge.hedge_ratio, 0, 0);
    assert_int_equal(hedge.priced, 4);
    assert_int_equal(hedge.unpriced, 0);
    for (size_t i = 0; i < 4; i++) {
        credit -= book.legs[i].contracts / 100 * marks[i].greeks.price;
    }
    assert_near(credit, 17.798, 1e-3);
}

static void the_full_offset_is_v30_over_a_thousand_betas(void **state)
{
    const double betas[] = {1, 0.8, 0.6, 0.4}, offsets[] = {26.8, 33.5, 44.7, 67.1};
    vw_portfolio book = book_b();
    vw_leg_mark marks[4];
    static vw_hedge hedge;

    (void)state;
    mark_condors(&book, marks, BOOK_B_FORWARD, 30);
    for (size_t i = 0; i < VW_COUNT_OF(betas); i++) {
        const vw_hedge_market market = {.months = {{.expiry = 20260819, .beta = betas[i]}}};

        vw_hedge_evaluate(&book, marks, &market, &hedge);
        /* 30 days is the first day of layer 2, met with month 1. */
        assert_near(hedge.layers[1].vx_full_offset, offsets[i], 0.05);
        assert_int_equal(hedge.layers[1].vx_expiry, 20260819);
        assert_near(hedge.layers[0].vx_full_offset, 0, 0);
        assert_int_equal(hedge.layers[2].vx_expiry, 0); /* no second month */
        assert_near(hedge.layers[2].vx_full_offset, 0, 0);
    }
}

static void a_vx_hedge_counts_by_its_beta_and_costs_its_roll(void **state)
{
    vw_portfolio book = book_b();
    vw_leg_mark marks[6];
    static vw_hedge hedge;
    double beta = 0.79 * pow(0.5, 0.75);

    (void)state;
    add_hedge(&book, "VX", 20260819, 'F', 0, 40);
    add_hedge(&book, "VXM", 20260819, 'F', 0, 10);
    mark_condors(&book, marks, BOOK_B_FORWARD, 30);
    marks[4] = mark_future(20, 30, 1000, 0.01);
    marks[5] = mark_future(20, 30, 100, 0.01);
    vw_hedge_evaluate(&book, marks, &THREE, &hedge);
    assert_near(hedge.hedge_v30_usd_per_point, 41000 * beta, 1e-9);
    assert_near(hedge.hedge_ratio, 41000 * beta / 26823, 1e-4);
    assert_near(hedge.vega_usd_per_point, -26823, 1); /* of the SPX legs only */
    assert_near(hedge.theta_usd_per_day, 7153 - 410, 1);
    assert_near(hedge.legs[4].delta_usd_per_point, 40000, 0);
    assert_near(hedge.legs[4].theta_usd_per_day, -400, 1e-9);
    assert_int_equal(hedge.legs[4].layer, 2);
    assert_near(hedge.layers[1].residual_v30_usd_per_point, -26823 + 41000 * beta, 1);
    assert_near(hedge.layers[1].hedge_ratio, hedge.hedge_ratio, 1e-12);
}

/* Example 7: the 20/30 VIX call spread at 90 vol on VX 19, 30 days. */
static void a_vix_call_spread_counts_by_delta_and_beta_not_by_its_own_vega(void **state)
{
    vw_portfolio book = book_b();
    vw_leg_mark marks[6];
    static vw_hedge hedge;

    (void)state;
    add_hedge(&book, "VIX", 20260819, 'C', 20, 1);
    add_hedge(&book, "VIX", 20260819, 'C', 30, -1);
    mark_condors(&book, marks, BOOK_B_FORWARD, 30);
    marks[4] = mark_option(VW_FAMILY_VIX, 'C', 19, 20, 30, 0.9);
    marks[5] = mark_option(VW_FAMILY_VIX, 'C', 19, 30, 30, 0.9);
    vw_hedge_evaluate(&book, marks, &THREE, &hedge);
    assert_near(marks[4].greeks.delta, 0.47, 0.005);
    assert_near(hedge.hedge_v30_usd_per_point, 19.81, 0.005);
    assert_near(hedge.legs[4].delta_usd_per_point + hedge.legs[5].delta_usd_per_point, 42.18,
                0.005);
    assert_near(353 * (hedge.legs[4].theta_usd_per_day + hedge.legs[5].theta_usd_per_day), -847, 2);
}

static void short_tenors_weigh_at_most_double(void **state)
{
    const double days[] = {1, 5, 9, 30, 60}, weights[] = {2, 2, 1.618645, 1, 0.757858};
    vw_portfolio book = book_b();
    vw_leg_mark marks[4];
    static vw_hedge hedge;

    (void)state;
    for (size_t i = 0; i < VW_COUNT_OF(days); i++) {
        mark_condors(&book, marks, BOOK_B_FORWARD, days[i]);
        vw_hedge_evaluate(&book, marks, &THREE, &hedge);
        assert_near(hedge.condor_v30_usd_per_point / hedge.vega_usd_per_point, weights[i], 1e-6);
    }
}

static void hedges_go_to_the_layer_of_their_month_or_the_nearest_with_condors(void **state)
{
    const uint32_t expiries[] = {20260819, 20260916, 20261021, 20261118};
    const vw_condor later = {.root = "SPXW",
                             .expiry = 20261016,
                             .put_wing = 6000,
                             .put_short = 6100,
                             .call_short = 6800,
                             .call_wing = 6900,
                             .contracts = 10};
    vw_portfolio book = book_b();
    vw_leg_mark marks[12];
    static vw_hedge hedge;

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        add_hedge(&book, "VX", expiries[i], 'F', 0, 1);
        marks[4 + i] = mark_future(20, 28 + 30 * (double)i, 1000, 0);
    }
    mark_condors(&book, marks, BOOK_B_FORWARD, 35); /* layer 2 */
    vw_hedge_evaluate(&book, marks, &THREE, &hedge);
    for (size_t i = 4; i < 8; i++) {
        assert_int_equal(hedge.legs[i].layer, 2); /* the only one with condors */
    }
    assert_int_equal(vw_portfolio_add_condor(&book, &later, NULL), VW_OK);
    for (size_t i = 8; i < 12; i++) {
        marks[i] = mark_option(VW_FAMILY_SPX, book.legs[i].type, BOOK_B_FORWARD,
                               book.legs[i].strike, 86, BOOK_B_VOL);
    }
    vw_hedge_evaluate(&book, marks, &THREE, &hedge);
    assert_int_equal(hedge.legs[4].layer, 2);
    assert_int_equal(hedge.legs[5].layer, 2); /* layer 3 is empty: 2 and 4 are as near */
    assert_int_equal(hedge.legs[6].layer, 4);
    assert_int_equal(hedge.legs[7].layer, 4);
    assert_int_equal(hedge.layers[3].vx_expiry, 20261021);
}

static void what_has_no_price_is_left_out_and_counted(void **state)
{
    vw_portfolio book = book_b();
    vw_leg_mark marks[4];
    static vw_hedge hedge;

    (void)state;
    mark_condors(&book, marks, BOOK_B_FORWARD, 30);
    marks[0] = (vw_leg_mark){.status = VW_STATUS_NO_MARKET, .quality = VW_QUOTE_ABSENT};
    marks[1].status = VW_STATUS_EXPIRED;
    marks[2].status = VW_STATUS_STALE;
    marks[2].quality = VW_QUOTE_STALE;
    vw_hedge_evaluate(&book, marks, &THREE, &hedge);
    assert_int_equal(hedge.unpriced, 1);
    assert_int_equal(hedge.priced, 2);
    assert_int_equal(hedge.quality, VW_QUOTE_STALE);
    assert_near(hedge.legs[0].vega_usd_per_point, 0, 0);
    assert_near(hedge.vega_usd_per_point,
                hedge.legs[2].vega_usd_per_point + hedge.legs[3].vega_usd_per_point, 0);
}

static void a_book_without_condors_has_no_ratio(void **state)
{
    vw_portfolio book = {.book = "main"};
    vw_leg_mark marks[1] = {mark_future(20, 30, 1000, 0)};
    static vw_hedge hedge;

    (void)state;
    add_hedge(&book, "VX", 20260819, 'F', 0, 40);
    vw_hedge_evaluate(&book, marks, &THREE, &hedge);
    assert_near(hedge.hedge_ratio, 0, 0);
    assert_near(hedge.condor_v30_usd_per_point, 0, 0);
    assert_int_equal(hedge.legs[0].layer, 1);
    assert_true(hedge.layers[0].hedge_v30_usd_per_point > 0);
    assert_near(hedge.layers[0].hedge_ratio, 0, 0);
    assert_near(hedge.layers[0].vx_full_offset, 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(book_b_is_short_26823_dollars_of_vega_a_point),
        cmocka_unit_test(the_full_offset_is_v30_over_a_thousand_betas),
        cmocka_unit_test(a_vx_hedge_counts_by_its_beta_and_costs_its_roll),
        cmocka_unit_test(a_vix_call_spread_counts_by_delta_and_beta_not_by_its_own_vega),
        cmocka_unit_test(short_tenors_weigh_at_most_double),
        cmocka_unit_test(hedges_go_to_the_layer_of_their_month_or_the_nearest_with_condors),
        cmocka_unit_test(what_has_no_price_is_left_out_and_counted),
        cmocka_unit_test(a_book_without_condors_has_no_ratio),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
