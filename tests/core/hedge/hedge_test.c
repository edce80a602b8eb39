#include "core/hedge/hedge.h"

#include "core/pricing/implied_vol.h"
#include "tests/core/hedge/book_b.h"
#include "tests/table.h"

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

static const vw_hedge_market MARKET = {
    .months = {{20260819, BOOK_B_BETA, 30, 19, 0.05}, {20260916, 0.374, 58, 20, 0.04}},
    .index = BOOK_B_FORWARD,
    .spot_vix = 18};

static void a_vix_call_is_priced_off_its_future_not_spot(void **state)
{
    vw_leg_mark call = mark_option(VW_FAMILY_VIX, 'C', 19, 20, 30, 0.90);
    double vol[2], strike[2] = {20, 20}, years[2] = {30.0 / 365, 30.0 / 365}, one[2] = {1, 1};
    double forward[2] = {19, 16}, price[2] = {call.greeks.price, call.greeks.price};
    const vw_iv_inputs in = {forward, strike, years, price, one, one, NULL};
    uint8_t status[2];

    (void)state;
    assert_int_equal(vw_implied_vol(&in, vol, status, 2), 2);
    assert_near(vol[0], 0.90, 1e-12);
    assert_near(call.greeks.delta, 0.47, 5e-3);
    assert_near(vol[1], 1.55, 5e-3); /* off spot */
    assert_near(mark_option(VW_FAMILY_VIX, 'C', 16, 20, 30, vol[1]).greeks.delta, 0.39, 5e-3);
}

static void call_spreads_of_the_seventh_example(void **state)
{
    vw_portfolio book = book_b();
    vw_leg_mark marks[6];
    static vw_hedge hedge;

    (void)state;
    mark_condors(&book, marks, BOOK_B_FORWARD, 30);
    add_hedge(&book, "VIX", 20260819, 'C', 20, 353);
    add_hedge(&book, "VIX", 20260819, 'C', 30, -353);
    marks[4] = mark_option(VW_FAMILY_VIX, 'C', 19, 20, 30, 0.90);
    marks[5] = mark_option(VW_FAMILY_VIX, 'C', 19, 30, 30, 0.90);
    vw_hedge_evaluate(&book, marks, &MARKET, &hedge);
    assert_near(marks[4].greeks.delta - marks[5].greeks.delta, 0.4218, 5e-5);
    assert_near(vw_hedge_v30(&marks[4], &MARKET) - vw_hedge_v30(&marks[5], &MARKET), 19.81, 5e-3);
    assert_near(hedge.legs[4].value_usd + hedge.legs[5].value_usd, 51100, 50);
    /* The specification's -847 is 353 times a rounded -2.40. */
    assert_near(hedge.legs[4].theta_usd_per_day + hedge.legs[5].theta_usd_per_day, -848.6, 0.05);
    assert_near(hedge.hedge_v30_usd_per_point, 0.260714 * 26823, 10); /* 353 of them meet r */
    assert_near(hedge.legs[4].notional_usd, 353 * marks[4].greeks.delta * 18 * 100, 1e-6);
}

static void shares_hold_the_first_two_futures(void **state)
{
    const double nav = 30, weight = 0.4, worth = 0.4 * 19 + 0.6 * 20;
    vw_portfolio book = book_b();
    vw_leg_mark marks[6];
    static vw_hedge hedge;
    double futures;

    (void)state;
    mark_condors(&book, marks, BOOK_B_FORWARD, 30);
    for (size_t i = 4; i < 6; i++) {
        const char *root = i == 4 ? "VXX" : "UVXY";

        add_hedge(&book, root, 0, 'E', 0, 1000);
        marks[i] = (vw_leg_mark){.greeks = {.price = nav},
                                 .leverage = vw_portfolio_leverage(root),
                                 .front_weight = weight,
                                 .multiplier = 1,
                                 .family = VW_FAMILY_ETP,
                                 .status = VW_STATUS_OK};
    }
    vw_hedge_evaluate(&book, marks, &MARKET, &hedge);
    futures = 1000 * nav / worth / 1000; /* VX of both months together, for leverage 1 */
    assert_near(hedge.legs[4].v30_usd_per_point,
                1000 * futures * (weight * BOOK_B_BETA + (1 - weight) * 0.374), 1e-9);
    assert_near(hedge.legs[5].v30_usd_per_point, 1.5 * hedge.legs[4].v30_usd_per_point, 1e-9);
    assert_near(hedge.legs[4].theta_usd_per_day,
                -1000 * futures * (weight * 0.05 + (1 - weight) * 0.04), 1e-9);
    assert_near(hedge.legs[5].notional_usd, 45000, 1e-9);
    assert_int_equal(hedge.legs[4].layer, 2);
    assert_near(vw_portfolio_leverage("VX"), 0, 0);
}

static void layers_and_notional_add_up_to_the_book(void **state)
{
    vw_portfolio book = book_b();
    vw_leg_mark marks[7];
    static vw_hedge hedge;
    double theta = 0, vega = 0, v30 = 0, notional = 0, roll = 0;

    (void)state;
    mark_condors(&book, marks, BOOK_B_FORWARD, 30);
    add_hedge(&book, "VX", 20260819, 'F', 0, 40);
    add_hedge(&book, "VX", 20260916, 'F', 0, -2);
    add_hedge(&book, "SPXW", 20261016, 'P', 6000, 3);
    marks[4] = mark_future(19, 30, 1000, 0.05);
    marks[5] = mark_future(20, 58, 1000, 0.04);
    marks[6] = mark_option(VW_FAMILY_SPX, 'P', BOOK_B_FORWARD, 6000, 86, 0.2);
    vw_hedge_evaluate(&book, marks, &MARKET, &hedge);
    assert_near(hedge.condor_notional_usd, 100 * 100 * BOOK_B_FORWARD, 1e-6);
    assert_near(hedge.legs[4].notional_usd, 760000, 1e-6);
    assert_near(hedge.legs[5].notional_usd, 40000, 1e-6); /* never negative */
    assert_near(hedge.legs[4].roll_usd_per_day, -2000, 1e-9);
    assert_near(hedge.legs[4].theta_usd_per_day, -2000, 1e-9);
    for (size_t i = 0; i < VW_HEDGE_LAYERS; i++) {
        theta += hedge.layers[i].theta_usd_per_day;
        vega += hedge.layers[i].vega_usd_per_point;
        roll += hedge.layers[i].roll_usd_per_day;
        v30 += hedge.layers[i].residual_v30_usd_per_point;
        notional += hedge.layers[i].hedge_notional_usd + hedge.layers[i].condor_notional_usd;
    }
    assert_near(theta, hedge.theta_usd_per_day, 1e-9);
    assert_near(vega, hedge.vega_usd_per_point, 1e-9);
    assert_near(roll, hedge.roll_usd_per_day, 1e-9);
    assert_near(roll, -2000 + 80, 1e-9);
    assert_near(v30, hedge.condor_v30_usd_per_point + hedge.hedge_v30_usd_per_point, 1e-9);
    assert_near(notional, hedge.condor_notional_usd + hedge.hedge_notional_usd, 1e-6);
}

static void root_time_vega_is_told_in_its_reference_tenor(void **state)
{
    vw_portfolio book = book_b();
    vw_leg_mark marks[4];
    static vw_hedge hedge;

    (void)state;
    mark_condors(&book, marks, BOOK_B_FORWARD, 60);
    vw_hedge_evaluate(&book, marks, &MARKET, &hedge);
    assert_near(hedge.root_vega_usd_per_point, hedge.vega_usd_per_point * sqrt(0.5), 1e-9);
    assert_int_equal(VW_HEDGE_REFERENCE_DAYS, 30);
}

/* One SPX option marked on an SVI smile: the row's own vol, skew, vega and delta. */
static vw_leg_mark mark_row(const vw_table *table, size_t row)
{
    double discount = exp(-vw_table_number(table, row, "r") * vw_table_number(table, row, "T"));

    return (vw_leg_mark){.greeks = {.delta = vw_table_number(table, row, "delta_bs") / discount,
                                    .vega = vw_table_number(table, row, "vega") / 100},
                         .forward = vw_table_number(table, row, "F"),
                         .vol = vw_table_number(table, row, "sigma"),
                         .skew = vw_table_number(table, row, "dsigma_dk"),
                         .discount = discount,
                         .multiplier = 100,
                         .days = 365 * vw_table_number(table, row, "T"),
                         .family = VW_FAMILY_SPX,
                         .status = VW_STATUS_OK};
}

static void delta_takes_the_skew_by_its_stickiness(void **state)
{
    static const struct {
        const char *column;
        double stickiness;
    } want[] = {{"delta_R1", 1}, {"delta_R1.2", 1.2}, {"delta_R2", 2}};
    vw_table table = vw_table_read("skew_greeks.csv");
    static vw_hedge hedge;

    (void)state;
    assert_true(table.rows >= 8);
    for (size_t row = 0; row < table.rows; row++) {
        vw_portfolio book = {.book = "main"};
        vw_leg_mark mark = mark_row(&table, row);

        add_hedge(&book, "SPXW", 20260821, vw_table_number(&table, row, "theta") > 0 ? 'C' : 'P',
                  vw_table_number(&table, row, "K"), 1);
        for (size_t i = 0; i < VW_COUNT_OF(want); i++) {
            const vw_hedge_market market = {.index = mark.forward,
                                            .stickiness = want[i].stickiness};
            double delta = vw_table_number(&table, row, want[i].column);

            vw_hedge_evaluate(&book, &mark, &market, &hedge);
            assert_near(hedge.delta_skew_usd_per_point * mark.discount / 100, delta, 1e-12);
        }
    }
    vw_table_free(&table);
}

/* The index falls by 1 %: VIX rises by what comes with that and 2 points of its own.  Condor, delta
 * hedge in the index and V30 hedge in VX: nothing is left, nothing is counted twice. */
static void delta_and_v30_hedge_a_move_once(void **state)
{
    const double stickiness = 1.2, skew = -0.5, vix_per_log = -100 * stickiness * 0.5 * 1.1;
    const double fall = -0.001, own = 0.02, days = 30, years = days / 365;
    vw_portfolio book = book_b();
    vw_leg_mark marks[5];
    vw_hedge_market market = MARKET;
    static vw_hedge hedge;
    double vix = vix_per_log * log1p(fall) + own, moved = 0, index;

    (void)state;
    market.stickiness = stickiness;
    market.vix_per_log = vix_per_log;
    mark_condors(&book, marks, BOOK_B_FORWARD, days);
    for (size_t i = 0; i < 4; i++) {
        marks[i].skew = skew;
    }
    add_hedge(&book, "VX", 20260819, 'F', 0, 57);
    marks[4] = mark_future(19, 30, 1000, 0);
    vw_hedge_evaluate(&book, marks, &market, &hedge);
    index = BOOK_B_FORWARD * (1 + fall);
    for (size_t i = 0; i < 4; i++) { /* fixed-strike vols: the skew's share, then VIX's own move */
        double vol = BOOK_B_VOL + (stickiness - 1) * skew * log1p(fall) + 0.01 * own;
        vw_leg_mark after = mark_option(VW_FAMILY_SPX, book.legs[i].type, index,
                                        book.legs[i].strike, 365 * years, vol);

        moved += book.legs[i].contracts * 100 * (after.greeks.price - marks[i].greeks.price);
    }
    moved += 57 * 1000 * vw_hedge_v30(&marks[4], &market) / 1000 * vix;
    double told = hedge.delta_skew_usd_per_point * (index - BOOK_B_FORWARD) +
                  (hedge.condor_v30_usd_per_point + hedge.hedge_v30_usd_per_point) * own;

    assert_near(moved, told, 0.05 * fabs(moved) + 60);
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
        cmocka_unit_test(a_vix_call_is_priced_off_its_future_not_spot),
        cmocka_unit_test(call_spreads_of_the_seventh_example),
        cmocka_unit_test(shares_hold_the_first_two_futures),
        cmocka_unit_test(layers_and_notional_add_up_to_the_book),
        cmocka_unit_test(root_time_vega_is_told_in_its_reference_tenor),
        cmocka_unit_test(delta_takes_the_skew_by_its_stickiness),
        cmocka_unit_test(delta_and_v30_hedge_a_move_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
