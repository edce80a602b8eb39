/* The ten worked examples of hedge-engine.md section 9, to the figure. */
#include "core/hedge/solve.h"

#include "tests/core/hedge/scene.h"

static scene s;

static int open_scene(void **state)
{
    (void)state;
    scene_open(&s);
    return 0;
}

static int shut_scene(void **state)
{
    (void)state;
    scene_shut(&s);
    return 0;
}

static void decide_curve(double vx1, double vx2, int64_t pass_ns)
{
    s.in.now_ns += pass_ns;
    scene_curve(&s, vx1, vx2);
    scene_decide(&s);
}

static void example_1_regimes_by_the_tick_and_r_along_them(void **state)
{
    (void)state;
    scene_vix(&s, 20);
    decide_curve(20.00, 20.70, 0);
    assert_int_equal(s.out.regime, VW_REGIME_CONTANGO);
    decide_curve(20.00, 20.65, SCENE_SECOND);
    assert_int_equal(s.out.regime, VW_REGIME_FLAT);
    assert_near(s.out.r_asked, 0.260714, 5e-7);
    decide_curve(20.00, 20.75, SCENE_SECOND);
    assert_int_equal(s.out.regime, VW_REGIME_FLAT);
    assert_near(s.out.r_asked, 0.25, 1e-12);
    decide_curve(20.00, 20.80, SCENE_SECOND);
    assert_int_equal(s.out.regime, VW_REGIME_CONTANGO);
}

static void example_1_exactly_two_points_all_day_never_arm(void **state)
{
    (void)state;
    scene_vix(&s, 20);
    for (int minute = 0; minute < 390; minute++) {
        decide_curve(32.95, 30.95, SCENE_MINUTE);
        assert_int_equal(s.out.regime, VW_REGIME_BACKWARDATION);
        assert_near(s.out.r_asked, 0.80, 1e-12);
        assert_int_equal(s.out.dwell_left_ns, 0);
    }
}

static void example_1_beyond_two_points_for_fifteen_minutes_inverts(void **state)
{
    (void)state;
    scene_vix(&s, 20);
    decide_curve(33.00, 30.95, 0);
    decide_curve(33.00, 30.95, 15 * SCENE_MINUTE - SCENE_SECOND);
    assert_int_equal(s.out.regime, VW_REGIME_BACKWARDATION);
    assert_near(s.out.r_asked, 0.81, 1e-12);
    assert_int_equal(s.out.dwell_left_ns, SCENE_SECOND);
    decide_curve(33.00, 30.95, SCENE_SECOND);
    assert_int_equal(s.out.regime, VW_REGIME_INVERTED);
    assert_near(s.out.r_asked, 1, 0);
    assert_near(s.out.r_final, 1, 0);
    decide_curve(32.50, 30.95, SCENE_SECOND);
    assert_int_equal(s.out.regime, VW_REGIME_INVERTED);
    decide_curve(32.40, 30.95, SCENE_SECOND);
    assert_int_equal(s.out.regime, VW_REGIME_BACKWARDATION);
}

static void example_1_beyond_three_points_inverts_at_once(void **state)
{
    (void)state;
    scene_vix(&s, 20);
    decide_curve(33.00, 32.00, 0);
    decide_curve(35.05, 32.00, SCENE_SECOND);
    assert_int_equal(s.out.regime, VW_REGIME_INVERTED);
    assert_true(scene_says(&s, VW_REASON_REGIME_CHANGED));
}

/* Book B at s = 1.5 with VX1 to buy. */
static size_t stage_2(double vix, double rise)
{
    scene_curve(&s, 20, 18.5);
    scene_book_b(&s, 6450, 0.16, vix);
    scene_vol_rise(&s, rise);
    return scene_vx(&s, 1, 0);
}

static void example_2_seventy_percent_is_40_futures(void **state)
{
    size_t vx1 = stage_2(16.00, 0.4);

    (void)state;
    s.set.cost_factor = 0;
    scene_decide(&s);
    assert_near(s.out.condor_v30, -26823, 0.5);
    assert_near(s.out.r_final, 0.70, 1e-12);
    assert_near(s.out.legs[vx1].wanted_unrounded, 39.97, 0.005);
    assert_near(s.out.legs[vx1].wanted, 40, 0);
}

static void example_2_below_16_the_cap_makes_it_14(void **state)
{
    size_t vx1 = stage_2(15.99, 0.4);

    (void)state;
    scene_decide(&s);
    assert_int_equal(s.out.level, 1);
    assert_near(s.out.r_final, 0.25, 1e-12);
    assert_near(s.out.legs[vx1].wanted_unrounded, 14.28, 0.005);
    assert_near(s.out.legs[vx1].wanted, 14, 0);
    assert_true(scene_says(&s, VW_REASON_E1_CAP));
}

static void example_2_a_third_released_is_29(void **state)
{
    size_t vx1 = stage_2(16.00, 0);

    (void)state;
    scene_decide(&s);
    assert_int_equal(s.out.tranche, 1);
    assert_near(s.out.r_released, 0.50, 1e-12);
    assert_near(s.out.legs[vx1].wanted_unrounded, 28.55, 0.005);
    assert_near(s.out.legs[vx1].wanted, 29, 0);
}

static void example_3_no_hedge_follows_positive_vega_below_zero(void **state)
{
    (void)state;
    scene_curve(&s, 33.5, 30);
    scene_book_b(&s, 5805, 0.16, 30);
    size_t vx1 = scene_vx(&s, 1, 0);

    scene_decide(&s);
    assert_int_equal(s.out.regime, VW_REGIME_INVERTED);
    assert_near(s.out.condor_v30, 13986, 0.5);
    assert_near(s.out.offset_v30, 6884, 0.5);
    assert_near(s.out.legs[vx1].wanted, 15, 0);
}

static void example_3_of_57_the_guardrail_keeps_23(void **state)
{
    (void)state;
    scene_curve(&s, 33.5, 30);
    scene_book_b(&s, 6450, 0.16, 30);
    size_t vx1 = scene_vx(&s, 1, 57);

    scene_decide(&s);
    assert_near(s.out.legs[vx1].wanted, 57, 0);
    scene_book_b(&s, 5805, 0.16, 30);
    s.in.now_ns += 2 * SCENE_MINUTE;
    scene_decide(&s);
    assert_near(s.out.legs[vx1].wanted, 23, 0);
    assert_true(scene_says(&s, VW_REASON_GUARDRAIL));
}

/* Book B with its vega scaled to v30, 57 VX1 held and solved for the book as it is. */
static void stage_4(double v30)
{
    scene_curve(&s, 33.5, 30);
    scene_book_b(&s, 6450, 0.16, 30);
    scene_vx(&s, 1, 57);
    scene_decide(&s);
    assert_near(s.out.legs[0].wanted, 57, 0);
    double scale = v30 / s.in.condors[0].v30[1];

    for (size_t i = 0; i < VW_HEDGE_SPOTS; i++) {
        s.in.condors[0].v30[i] *= scale;
    }
    s.in.now_ns += 2 * SCENE_MINUTE;
    scene_decide(&s);
}

static void example_4_a_drift_of_19_percent_is_flagged_only(void **state)
{
    (void)state;
    stage_4(-32000);
    assert_near(s.out.drift, -0.195, 0.0005);
    assert_near(s.out.legs[0].wanted, 57, 0);
    assert_true(scene_says(&s, VW_REASON_DRIFT_FLAGGED));
    assert_false(scene_says(&s, VW_REASON_GUARDRAIL));
}

static void example_4_a_drift_of_21_percent_buys_4(void **state)
{
    (void)state;
    stage_4(-32500);
    assert_near(s.out.drift, -0.213, 0.0005);
    assert_near(s.out.legs[0].wanted, 61, 0);
    assert_true(scene_says(&s, VW_REASON_GUARDRAIL));
}

/* Condors in L2, L3, L4 with shares 30, 50, 20 and the given break-evens, INVERTED. */
static void stage_5(void)
{
    static const int days[] = {35, 50, 70};
    static const double v30[] = {-3000, -5000, -2000}, z[] = {0.8, 1.2, 1.7};

    scene_curve(&s, 25, 21);
    scene_vix(&s, 25);
    s.in.condor_count = 3;
    for (size_t i = 0; i < 3; i++) {
        s.in.condors[i] = (vw_hedge_condor){.id = (uint32_t)i + 1,
                                            .days = days[i],
                                            .contracts = 10,
                                            .credit = NAN,
                                            .v30 = {v30[i], v30[i], v30[i]},
                                            .z_lo = z[i],
                                            .z_hi = 3,
                                            .put = {.strike = 1, .strike_short = 2},
                                            .call = {.strike_short = 3, .strike = 4}};
    }
}

static void expect_weights(uint32_t l1, uint32_t l2, uint32_t l3, uint32_t l4)
{
    assert_int_equal(s.out.layers[0].weight_ppm, l1);
    assert_int_equal(s.out.layers[1].weight_ppm, l2);
    assert_int_equal(s.out.layers[2].weight_ppm, l3);
    assert_int_equal(s.out.layers[3].weight_ppm, l4);
}

/* Breadth of 0.5: the A/D line at its low while the index is not. */
static void closes_with_weak_breadth(int count)
{
    for (int i = 0; i < count; i++) {
        scene_close(&s, 20260501 + (uint32_t)i, 20, 20, 21, 6000 + 10 * i, -100);
    }
}

static void example_5_weights_of_the_layers(void **state)
{
    (void)state;
    closes_with_weak_breadth(21);
    stage_5();
    scene_decide(&s);
    assert_near(s.out.signals.of[VW_SIGNAL_BREADTH].value, 0.5, 0);
    assert_int_equal(s.out.heavy, 3);
    expect_weights(0, 330000, 450000, 220000);
}

static void example_5_from_session_11_on_by_posture(void **state)
{
    (void)state;
    for (uint8_t posture = 0; posture < 2; posture++) {
        scene_shut(&s);
        scene_open(&s);
        s.set.posture = posture;
        closes_with_weak_breadth(21);
        stage_5();
        scene_decide(&s);
        for (uint32_t i = 0; i < 10; i++) {
            scene_close(&s, 20260601 + i, 25, 25, 21, 6500 + 10 * i, -100);
        }
        s.in.now_ns += 2 * SCENE_MINUTE;
        scene_decide(&s);
        if (posture == 0) {
            expect_weights(0, 206250, 343750, 450000);
        } else {
            expect_weights(0, 450000, 392857, 157143);
        }
        assert_true(scene_says(&s, VW_REASON_HEAVY_POSTURE));
    }
}

static double scale_at(double beta, double cost)
{
    s.in.account.beta_hedge = beta;
    s.in.account.hedge_cost = cost;
    s.in.now_ns += 2 * SCENE_MINUTE;
    return scene_decide(&s)->capm_scale;
}

static void example_6_the_hedge_is_scaled_by_its_fair_cost(void **state)
{
    (void)state;
    scene_vix(&s, 20);
    scene_curve(&s, 20, 17.5); /* asked 90 % */
    scene_book_b(&s, 6450, 0.16, 20);
    scene_vol_rise(&s, 0.4);
    assert_near(scale_at(-3, 0.30), 0.5, 1e-12);
    assert_near(scale_at(-3, 0.15), 1.0, 1e-12);
    assert_near(scale_at(-3, 0.12), 1.25, 1e-12);
    assert_near(scale_at(-3, 0.11), 1.25, 1e-12);
    assert_near(scale_at(-3, -0.20), 1.25, 1e-12);
    assert_near(scale_at(NAN, 0.30), 1, 0);
    s.in.macro.price_earnings.value = 2;
    assert_near(scale_at(-3, 0.11), 1.25, 1e-12);
    assert_near(s.out.r_asked, 0.90, 1e-12);
    assert_near(s.out.r_final, 1, 0);
    scene_curve(&s, 24, 20);
    scale_at(-3, 0.30);
    assert_int_equal(s.out.regime, VW_REGIME_INVERTED);
    assert_near(s.out.r_final, 1, 0);
}

static void example_7_flat_buys_353_call_spreads(void **state)
{
    (void)state;
    scene_curve(&s, 20, 20.65);
    s.in.futures[0].price =
        190000; /* c = 3.25 % of 19 is no tick: the example's VX1 is the leg's */
    s.in.futures[1].price = 196175;
    scene_book_b(&s, 6450, 0.16, 18);
    scene_vol_rise(&s, 0.4);
    vw_hedge_instrument *leg = scene_leg(&s, VW_KIND_VIX_CALL_SPREAD, 7);

    leg->strike = 20;
    leg->strike_far = 30;
    leg->width = 10;
    scene_price(&s, leg, 19, 0.90, (const double[]){20, 30}, (const double[]){1, -1}, 2);
    scene_decide(&s);
    assert_int_equal(s.out.regime, VW_REGIME_FLAT);
    assert_near(s.out.r_final, 0.260714, 5e-7);
    assert_near(leg->delta / 100, 0.4218, 5e-5);
    assert_near(leg->v30, 19.81, 0.005);
    assert_near(s.out.legs[0].wanted, 353, 0);
    assert_near(s.out.legs[0].wanted * leg->price * 100, 51100, 100);
    assert_near(leg->theta, -2.40, 0.005); /* 353 of them: -848.6, which the example has as -847 */
}

/* VIX 30 in E3 after three closes above 25; S15 and a falling VIX MACD are the two keys. */
static void stage_8(uint8_t posture, bool press, double vx1, double vx2)
{
    scene_shut(&s);
    scene_open(&s);
    s.set.posture = posture;
    for (uint32_t i = 0; i < 40; i++) {
        vw_hedge_close close = {.session = 20260401 + i,
                                .spx = 6500,
                                .vix = i < 30 ? 60 : 60 - 3 * (i - 29.0),
                                .advances_declines = NAN,
                                .vol_of_vol = NAN,
                                .atm_vol_30 = 28,
                                .atm_vol_7 = 34};

        vw_policy_close(&s.set, s.state, &close);
    }
    scene_curve(&s, vx1, vx2);
    scene_book_b(&s, 6450, 0.16, 30);
    s.in.atm_vol_30 = (vw_reading){.value = 27.5};
    s.in.atm_vol_7 = (vw_reading){.value = press ? 32 : 34};
    scene_vx(&s, 1, 57);
    vw_hedge_instrument *leg = scene_leg(&s, VW_KIND_VIX_CREDIT_SPREAD, 8);

    *leg = (vw_hedge_instrument){.id = 8,
                                 .kind = VW_KIND_VIX_CREDIT_SPREAD,
                                 .month = 1,
                                 .days = 20,
                                 .root = "VIX",
                                 .expiry = 20260701,
                                 .strike = 30,
                                 .strike_far = 35,
                                 .width = 5,
                                 .hi = INFINITY,
                                 .price = 1.00,
                                 .entry_price = NAN,
                                 .displayed = NAN,
                                 .multiplier = 100,
                                 .v30 = -5,
                                 .irr = NAN,
                                 .beta = NAN};
}

static void example_8_who_sells_no_credit_spreads(void **state)
{
    (void)state;
    stage_8(VW_POSTURE_STEWARD, true, 32, 31);
    scene_decide(&s);
    assert_int_equal(s.out.level, 3);
    assert_near(s.out.legs[1].wanted, 0, 0);
    stage_8(VW_POSTURE_PROMOTER, false, 32, 31);
    scene_decide(&s);
    assert_near(s.out.legs[1].wanted, 0, 0);
    stage_8(VW_POSTURE_PROMOTER, true, 35, 31);
    scene_decide(&s);
    assert_int_equal(s.out.regime, VW_REGIME_INVERTED);
    assert_near(s.out.legs[1].wanted, 0, 0);
}

static void example_8_a_promoter_sells_102_and_stops_at_three_credits(void **state)
{
    vw_hedge_instrument *leg = &s.in.instruments[1];

    (void)state;
    stage_8(VW_POSTURE_PROMOTER, true, 32, 31);
    scene_decide(&s);
    assert_near(s.in.condors[0].max_loss_usd * 0.05, 41101, 0.5);
    assert_near(s.out.legs[1].wanted, 102, 0);
    assert_true(scene_says(&s, VW_REASON_CASH_PRESS));
    s.in.atm_vol_7.value = 34; /* S15 is over before a contract was sold */
    s.in.now_ns += SCENE_SECOND;
    scene_decide(&s);
    assert_near(s.out.legs[1].wanted, 0, 0);
    leg->contracts = 102;
    leg->entry_price = 1;
    leg->price = 2.99;
    s.in.now_ns += SCENE_SECOND;
    scene_decide(&s);
    assert_near(s.out.legs[1].wanted, 102, 0);
    leg->price = 3.00;
    s.in.now_ns += SCENE_SECOND;
    scene_decide(&s);
    assert_near(s.out.legs[1].wanted, 0, 0);
    assert_true(scene_says(&s, VW_REASON_STOP));
}

static void example_8_a_spread_two_wide_at_70_cents_is_refused(void **state)
{
    vw_hedge_instrument *leg = &s.in.instruments[1];

    (void)state;
    stage_8(VW_POSTURE_PROMOTER, true, 32, 31);
    leg->strike_far = 32;
    leg->width = 2;
    leg->price = 0.70;
    scene_decide(&s);
    assert_near(s.out.legs[1].wanted, 0, 0);
}

static void example_9_a_cold_start_decides_and_a_stale_curve_holds(void **state)
{
    (void)state;
    scene_book_b(&s, 6450, 0.16, 22);
    scene_curve(&s, 23.00, 22.60);
    size_t vx1 = scene_vx(&s, 1, 0);

    scene_decide(&s);
    assert_int_equal(s.out.regime, VW_REGIME_BACKWARDATION);
    assert_near(s.out.r_asked, 0.48, 1e-12);
    assert_near(s.out.r_released, 0.426667, 5e-7);
    assert_int_equal(s.out.signals.of[VW_SIGNAL_MOMENTUM].flags, VW_SIGNAL_ABSENT);
    assert_int_equal(s.out.signals.of[VW_SIGNAL_BREADTH].flags, VW_SIGNAL_ABSENT);
    assert_int_equal(s.out.signals.of[VW_SIGNAL_VOL_PRICE_RATIO].flags, VW_SIGNAL_ABSENT);
    assert_int_equal(s.out.signals.of[VW_SIGNAL_MACRO].flags, VW_SIGNAL_ABSENT);
    assert_near(s.set.heavy_weight, 0.40, 0);
    double wanted = s.out.legs[vx1].wanted;

    s.in.instruments[vx1].contracts = wanted;
    s.in.now_ns += 60 * SCENE_SECOND;
    s.in.futures[0].age_ns = s.in.futures[1].age_ns = 6 * SCENE_SECOND;
    s.in.instruments[vx1].age_ns = 6 * SCENE_SECOND;
    scene_vix(&s, 31);
    scene_decide(&s);
    assert_true(s.out.held);
    assert_int_equal(s.out.regime, VW_REGIME_BACKWARDATION);
    assert_int_equal(s.out.level, 2);
    assert_near(s.out.r_asked, 0.48, 1e-12);
    assert_near(s.out.legs[vx1].wanted, wanted, 0);
    assert_int_equal(s.out.proposal_count, 0);
}

static void example_9_the_heavy_layer_has_40_percent(void **state)
{
    (void)state;
    stage_5();
    scene_curve(&s, 23.00, 22.60);
    scene_vix(&s, 22);
    scene_decide(&s);
    expect_weights(0, 360000, 400000, 240000);
}

static void example_10_the_quick_ratio_sells_a_third_once_a_session(void **state)
{
    (void)state;
    scene_curve(&s, 23.5, 20);
    scene_book_b(&s, 6450, 0.16, 16);
    size_t vx1 = scene_vx(&s, 1, 57);

    s.in.account.cash_usd = 600000;
    s.in.account.near_cash_usd = 400000;
    scene_decide(&s);
    assert_near(s.out.margin_usd, 769758, 0.5);
    assert_near(s.out.quick_ratio, 1.299, 0.0005);
    assert_near(s.out.legs[vx1].wanted, 38, 0);
    assert_near(s.out.quick_ratio_after, 1.362, 0.0005);
    assert_true(scene_warns(&s, VW_WARNING_REDUCE_CONDORS));
    assert_true(scene_says(&s, VW_REASON_QUICK_RATIO_SALE));
    s.in.account.cash_usd = 900000; /* before anything was sold: nothing is to be sold */
    s.in.now_ns += 2 * SCENE_MINUTE;
    scene_decide(&s);
    assert_near(s.out.legs[vx1].wanted, 57, 0);
    s.in.account.cash_usd = 600000;
    s.in.instruments[vx1].contracts = 38;
    s.in.now_ns += 2 * SCENE_MINUTE;
    scene_decide(&s);
    assert_near(s.out.legs[vx1].wanted, 38, 0);
    assert_true(scene_warns(&s, VW_WARNING_REDUCE_CONDORS));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_scene, shut_scene)
    const struct CMUnitTest tests[] = {
        TEST(example_1_regimes_by_the_tick_and_r_along_them),
        TEST(example_1_exactly_two_points_all_day_never_arm),
        TEST(example_1_beyond_two_points_for_fifteen_minutes_inverts),
        TEST(example_1_beyond_three_points_inverts_at_once),
        TEST(example_2_seventy_percent_is_40_futures),
        TEST(example_2_below_16_the_cap_makes_it_14),
        TEST(example_2_a_third_released_is_29),
        TEST(example_3_no_hedge_follows_positive_vega_below_zero),
        TEST(example_3_of_57_the_guardrail_keeps_23),
        TEST(example_4_a_drift_of_19_percent_is_flagged_only),
        TEST(example_4_a_drift_of_21_percent_buys_4),
        TEST(example_5_weights_of_the_layers),
        TEST(example_5_from_session_11_on_by_posture),
        TEST(example_6_the_hedge_is_scaled_by_its_fair_cost),
        TEST(example_7_flat_buys_353_call_spreads),
        TEST(example_8_who_sells_no_credit_spreads),
        TEST(example_8_a_promoter_sells_102_and_stops_at_three_credits),
        TEST(example_8_a_spread_two_wide_at_70_cents_is_refused),
        TEST(example_9_a_cold_start_decides_and_a_stale_curve_holds),
        TEST(example_9_the_heavy_layer_has_40_percent),
        TEST(example_10_the_quick_ratio_sells_a_third_once_a_session),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
