/* S2-S17 one by one: value, flag, and what it is when an input is absent or stale. */
#include "core/hedge/signals.h"

#include "core/market/calendar.h"

#include "tests/core/hedge/scene.h"

static scene s;

static int open_scene(void **state)
{
    (void)state;
    scene_open(&s);
    scene_curve(&s, 20, 21);
    scene_vix(&s, 18);
    return 0;
}

static int shut_scene(void **state)
{
    (void)state;
    scene_shut(&s);
    return 0;
}

static uint8_t level_after(double vix, int64_t pass_ns)
{
    s.in.now_ns += pass_ns;
    scene_vix(&s, vix);
    return scene_decide(&s)->level;
}

static double value_of(vw_signal_id signal)
{
    return s.out.signals.of[signal].value;
}

static uint8_t flags_of(vw_signal_id signal)
{
    return s.out.signals.of[signal].flags;
}

static void the_level_is_entered_at_16_and_left_below_15_50(void **state)
{
    (void)state;
    assert_int_equal(level_after(15.99, 0), 1);
    assert_int_equal(level_after(16.00, SCENE_SECOND), 2);
    assert_int_equal(level_after(15.50, SCENE_SECOND), 2);
    assert_int_equal(level_after(15.49, SCENE_SECOND), 1);
    assert_int_equal(level_after(15.99, SCENE_SECOND), 1);
}

static void level_3_wants_28_for_fifteen_minutes(void **state)
{
    (void)state;
    assert_int_equal(level_after(31, 0), 2);
    assert_int_equal(level_after(28, 15 * SCENE_MINUTE - SCENE_SECOND), 2);
    assert_int_equal(s.out.level_dwell_left_ns, SCENE_SECOND);
    assert_int_equal(level_after(28, SCENE_SECOND), 3);
    assert_int_equal(level_after(24, SCENE_SECOND), 3);
    assert_int_equal(level_after(23.99, SCENE_SECOND), 2);
}

static void the_dwell_of_level_3_starts_again_below_28(void **state)
{
    (void)state;
    level_after(31, 0);
    level_after(27.99, 14 * SCENE_MINUTE);
    assert_int_equal(level_after(31, SCENE_MINUTE), 2);
    assert_int_equal(level_after(31, 14 * SCENE_MINUTE), 2);
    assert_int_equal(level_after(31, SCENE_MINUTE), 3);
}

static void three_closes_at_25_are_level_3_too(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(level_after(26, SCENE_SECOND), 2);
        scene_close(&s, 20260601 + i, 25, 20, 21, 6000, 0);
    }
    assert_int_equal(level_after(24.5, SCENE_SECOND), 3);
    assert_int_equal(level_after(23, SCENE_SECOND), 2);
    assert_int_equal(level_after(26, SCENE_SECOND), 2);
}

static void a_vix_never_known_is_level_2_and_nothing_is_sold(void **state)
{
    (void)state;
    scene_book_b(&s, 6450, 0.16, 16);
    s.in.vix.value = NAN;
    scene_vx(&s, 1, 500);
    scene_decide(&s);
    assert_int_equal(s.out.level, 2);
    assert_int_equal(flags_of(VW_SIGNAL_LEVEL), VW_SIGNAL_FLAGGED);
    assert_true(scene_says(&s, VW_REASON_HELD_ABSENT));
    assert_near(s.out.legs[0].wanted, 500, 0);
}

static void a_roll_of_vx1_is_no_change_of_momentum(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 60; i++) {
        vw_hedge_close close = {.session = 20260101 + i,
                                .spx = 6000,
                                .vix = 18,
                                .advances_declines = 0,
                                .vol_of_vol = NAN,
                                .atm_vol_30 = NAN,
                                .atm_vol_7 = NAN,
                                .futures = {{1, 10, 20}, {2, 40, 22}, {3, 70, 25}},
                                .future_count = 3};

        if (i >= 45) { /* the first has expired; nothing else has moved */
            close.futures[0] = close.futures[1];
            close.futures[1] = close.futures[2];
            close.future_count = 2;
        }
        vw_policy_close(&s.set, s.state, &close);
    }
    scene_decide(&s);
    assert_near(s.out.signals.detail[VW_DETAIL_SPREAD_HISTOGRAM], 0, 1e-12);
    assert_near(s.out.signals.detail[VW_DETAIL_RATIO_RSI], 50, 1e-12);
    assert_near(s.out.signals.detail[VW_DETAIL_CM30_RSI], 50, 1e-12);
    assert_int_equal(flags_of(VW_SIGNAL_MOMENTUM), 0);
}

static void momentum_decides_on_closes_and_shows_the_running_bar(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 40; i++) {
        scene_close(&s, 20260101 + i, 18, 20, 21, 6000, 0);
    }
    scene_vix(&s, 30);
    scene_decide(&s);
    assert_near(value_of(VW_SIGNAL_MOMENTUM), 0, 1e-12);
    assert_true(s.out.signals.detail[VW_DETAIL_VIX_HISTOGRAM_RUNNING] > 0.1);
}

static void breadth_is_half_for_an_ad_line_at_its_low_alone(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 19; i++) {
        scene_close(&s, 20260101 + i, 18, 20, 21, 6000 + 5 * i, -10);
    }
    scene_decide(&s);
    assert_int_equal(flags_of(VW_SIGNAL_BREADTH), VW_SIGNAL_ABSENT);
    scene_close(&s, 20260130, 18, 20, 21, 6200, -10);
    scene_decide(&s);
    assert_near(value_of(VW_SIGNAL_BREADTH), 0.5, 0);
    for (uint32_t i = 0; i < 3; i++) {
        scene_close(&s, 20260201 + i, 18, 20, 21, 6200, NAN);
    }
    scene_decide(&s);
    assert_int_equal(flags_of(VW_SIGNAL_BREADTH), VW_SIGNAL_STALE);
    assert_near(value_of(VW_SIGNAL_BREADTH), 0, 0);
}

static void decoupling_latches_beyond_2_and_ends_below_1(void **state)
{
    double fair = exp(0.547 - 0.164 * log(20)) * 20; /* of CM30 at VIX 20 */
    const struct {
        double z;
        bool decoupled;
    } steps[] = {{1.9, false}, {2.1, true}, {1.2, true}, {0.8, false}, {1.9, false}, {-2.1, true}};

    (void)state;
    for (size_t i = 0; i < VW_COUNT_OF(steps); i++) {
        double price = fair * exp(0.071 * steps[i].z);

        scene_vix(&s, 20);
        scene_curve(&s, price, price);
        s.in.now_ns += SCENE_SECOND;
        scene_decide(&s);
        assert_near(value_of(VW_SIGNAL_DECOUPLING), steps[i].z, 1e-3);
        assert_int_equal(s.out.signals.decoupled, steps[i].decoupled);
    }
    s.in.futures[0].days = 31;
    s.in.futures[1].days = 66;
    scene_decide(&s);
    assert_int_equal(flags_of(VW_SIGNAL_DECOUPLING), VW_SIGNAL_FLAGGED);
}

/* Book B whose shorts' decay has slowed and whose wings' has quickened by so much. */
static void stage_decays(double slowed, double quickened, double vix)
{
    scene_book_b(&s, 6450, 0.16, vix);
    s.in.condors[0].decay_short_entry = s.in.condors[0].decay_wing_entry = 0.04;
    s.in.condors[0].decay_short = 0.04 * (1 - slowed);
    s.in.condors[0].decay_wing = 0.04 * (1 + quickened);
    s.in.now_ns += SCENE_SECOND;
    scene_decide(&s);
}

static void theta_inverts_when_both_decays_moved_by_a_quarter(void **state)
{
    (void)state;
    stage_decays(0.25, 0.25, 17);
    assert_near(value_of(VW_SIGNAL_THETA_INVERSION), 1, 0);
    stage_decays(0.24, 0.30, 17);
    assert_near(value_of(VW_SIGNAL_THETA_INVERSION), 0, 0);
    stage_decays(0.30, 0.24, 17);
    assert_near(value_of(VW_SIGNAL_THETA_INVERSION), 0, 0);
    stage_decays(0.30, 0.30, 15);
    assert_int_equal(s.out.level, 1);
    assert_near(value_of(VW_SIGNAL_THETA_INVERSION), 0, 0);
}

static void without_a_baseline_only_negative_theta_inverts(void **state)
{
    (void)state;
    scene_book_b(&s, 6450, 0.16, 17);
    s.in.condors[0].decay_short = 0.001;
    s.in.condors[0].decay_wing = 0.9;
    scene_decide(&s);
    assert_near(value_of(VW_SIGNAL_THETA_INVERSION), 0, 0);
    s.in.condors[0].theta = 0;
    scene_decide(&s);
    assert_near(value_of(VW_SIGNAL_THETA_INVERSION), 1, 0);
}

static void a_condor_seen_to_enter_has_its_first_decays_as_baseline(void **state)
{
    (void)state;
    scene_decide(&s);
    scene_book_b(&s, 6450, 0.16, 17);
    s.in.condors[0].decay_short = s.in.condors[0].decay_wing = 0.04;
    scene_decide(&s);
    s.in.condors[0].decay_short = 0.02;
    s.in.condors[0].decay_wing = 0.06;
    scene_decide(&s);
    assert_near(value_of(VW_SIGNAL_THETA_INVERSION), 1, 0);
}

static void a_quiet_vol_of_vol_vetoes_the_inversion(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 60; i++) {
        vw_hedge_close close = {.session = 20260101 + i,
                                .spx = NAN,
                                .vix = NAN,
                                .advances_declines = NAN,
                                .vol_of_vol = 90 + 0.1 * i,
                                .atm_vol_30 = NAN,
                                .atm_vol_7 = NAN};

        vw_policy_close(&s.set, s.state, &close);
    }
    s.in.vol_of_vol = (vw_reading){.value = 92};
    stage_decays(0.3, 0.3, 17);
    assert_near(value_of(VW_SIGNAL_THETA_INVERSION), 0, 0);
    s.in.vol_of_vol.value = 93;
    stage_decays(0.3, 0.3, 17);
    assert_near(value_of(VW_SIGNAL_THETA_INVERSION), 1, 0);
    s.in.vol_of_vol.value = NAN;
    stage_decays(0.3, 0.3, 17);
    assert_near(value_of(VW_SIGNAL_THETA_INVERSION), 1, 0);
}

static void the_vol_price_ratio_needs_eleven_closes(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 11; i++) {
        scene_decide(&s);
        assert_int_equal(flags_of(VW_SIGNAL_VOL_PRICE_RATIO), VW_SIGNAL_ABSENT);
        scene_close(&s, 20260101 + i, 18, 20, 21, i % 2 == 0 ? 6000 : 6060, 0);
    }
    scene_decide(&s);
    assert_near(value_of(VW_SIGNAL_VOL_PRICE_RATIO), 20 / (100 * log(1.01) * sqrt(252)), 1e-9);
}

static void arbitrage_is_flagged_where_a_condors_wings_are_not_fair(void **state)
{
    (void)state;
    scene_book_b(&s, 6450, 0.16, 16);
    scene_decide(&s);
    assert_int_equal(flags_of(VW_SIGNAL_ARBITRAGE), VW_SIGNAL_ABSENT);
    s.in.arbitrage_usd = 120;
    scene_decide(&s);
    assert_near(value_of(VW_SIGNAL_ARBITRAGE), 120, 0);
    assert_int_equal(flags_of(VW_SIGNAL_ARBITRAGE), 0);
    s.in.condors[0].wing_residual_usd = 40;
    scene_decide(&s);
    assert_int_equal(flags_of(VW_SIGNAL_ARBITRAGE), VW_SIGNAL_FLAGGED);
}

static void the_quick_ratio_is_99_where_nothing_is_called(void **state)
{
    (void)state;
    scene_decide(&s);
    assert_true((flags_of(VW_SIGNAL_LIQUIDITY) & VW_SIGNAL_ABSENT) != 0);
    s.in.account.cash_usd = 1000;
    s.in.account.near_cash_usd = 0;
    scene_decide(&s);
    assert_near(value_of(VW_SIGNAL_LIQUIDITY), 99, 0);
    assert_int_equal(flags_of(VW_SIGNAL_LIQUIDITY), VW_SIGNAL_FLAGGED);
}

static void fridays_margin_is_a_session_old_on_monday(void **state)
{
    const struct {
        uint32_t date; /* noon of it */
        int64_t minutes;
        bool stale;
    } at[] = {{20260610, 1440, false}, {20260610, 1441, true}, /* a Wednesday */
              {20260608, 4320, false}, {20260608, 4321, true}, /* a Monday */
              {20260706, 5760, false}, {20260706, 5761, true}, /* after the 3rd, a holiday */
              {20260608, 100000, true}};

    (void)state;
    s.in.account.cash_usd = 1000;
    s.in.account.near_cash_usd = 0;
    for (size_t i = 0; i < VW_COUNT_OF(at); i++) {
        s.in.now_ns = vw_calendar_ns(at[i].date, 43200);
        s.in.account.age_ns = at[i].minutes * SCENE_MINUTE;
        scene_decide(&s);
        assert_int_equal((flags_of(VW_SIGNAL_LIQUIDITY) & VW_SIGNAL_STALE) != 0, at[i].stale);
    }
}

static void the_cost_of_capital_is_that_of_the_condors_margin(void **state)
{
    (void)state;
    scene_book_b(&s, 6450, 0.16, 16);
    scene_decide(&s);
    assert_int_equal(flags_of(VW_SIGNAL_CARRY), VW_SIGNAL_ABSENT);
    s.in.account.equity_usd = 411012; /* half of it */
    s.in.account.rate = 0.04;
    s.in.account.borrowing = 0.06;
    s.in.account.beta_book = 1;
    scene_decide(&s);
    assert_near(value_of(VW_SIGNAL_CARRY), 0.5 * (0.04 + 0.05) + 0.5 * 0.06, 1e-5);
}

static void an_event_window_has_both_its_ends(void **state)
{
    const struct {
        int64_t minutes;
        bool inside;
    } at[] = {{-31, false}, {-30, true}, {0, true}, {15, true}, {16, false}};

    (void)state;
    scene_decide(&s);
    assert_int_equal(flags_of(VW_SIGNAL_EVENT), VW_SIGNAL_ABSENT);
    s.in.event_count = 1;
    for (size_t i = 0; i < VW_COUNT_OF(at); i++) {
        s.in.events[0].instant_ns = s.in.now_ns - at[i].minutes * SCENE_MINUTE;
        scene_decide(&s);
        assert_int_equal(s.out.in_event, at[i].inside);
    }
}

static void macro_is_the_mean_of_what_is_present(void **state)
{
    (void)state;
    scene_decide(&s);
    assert_int_equal(flags_of(VW_SIGNAL_MACRO), VW_SIGNAL_ABSENT);
    s.in.macro.reer_change = (vw_reading){.value = -1.5};
    scene_decide(&s);
    assert_near(value_of(VW_SIGNAL_MACRO), 1, 0);
    s.in.macro.price_earnings = (vw_reading){.value = -1.5};
    s.in.macro.market_cap_change = (vw_reading){.value = -0.11};
    s.in.macro.dividend_model = (vw_reading){.value = 0.9};
    scene_decide(&s);
    assert_near(value_of(VW_SIGNAL_MACRO), 0.25, 0);
    s.in.macro.reer_change.age_ns = s.set.macro_stale_ns + 1;
    scene_decide(&s);
    assert_near(value_of(VW_SIGNAL_MACRO), 0, 0);
}

static void roll_is_points_in_thirty_days(void **state)
{
    (void)state;
    scene_decide(&s);
    assert_near(value_of(VW_SIGNAL_ROLL), 30.0 / 35, 1e-12);
}

static void cash_press_needs_e3_and_the_near_vol_falling_faster(void **state)
{
    vw_hedge_close close = {.session = 20260601,
                            .spx = NAN,
                            .vix = 30,
                            .advances_declines = NAN,
                            .vol_of_vol = NAN,
                            .atm_vol_30 = 28,
                            .atm_vol_7 = 34};

    (void)state;
    s.in.atm_vol_30 = (vw_reading){.value = 27};
    s.in.atm_vol_7 = (vw_reading){.value = 32};
    scene_decide(&s);
    assert_int_equal(flags_of(VW_SIGNAL_CASH_PRESS), VW_SIGNAL_ABSENT);
    for (uint32_t i = 0; i < 3; i++) {
        close.session++;
        vw_policy_close(&s.set, s.state, &close);
    }
    assert_int_equal(level_after(30, SCENE_SECOND), 3);
    assert_near(value_of(VW_SIGNAL_CASH_PRESS), 1, 0);
    s.in.atm_vol_7.value = 33.5;
    scene_decide(&s);
    assert_near(value_of(VW_SIGNAL_CASH_PRESS), 0, 0);
    s.in.atm_vol_7.age_ns = 61 * SCENE_SECOND;
    scene_decide(&s);
    assert_int_equal(flags_of(VW_SIGNAL_CASH_PRESS), VW_SIGNAL_STALE);
}

static void the_cause_of_a_jump_is_told_by_breadth_and_the_calendar(void **state)
{
    (void)state;
    s.in.now_ns = vw_calendar_ns(20260610, 10 * 3600);
    s.in.breadth = (vw_reading){.value = -1500};
    scene_close(&s, 20260609, 16, 20, 21, 6000, 0);
    scene_vix(&s, 18);
    scene_decide(&s);
    assert_near(value_of(VW_SIGNAL_CAUSE), VW_CAUSE_STRESS, 0);
    s.in.breadth.value = 1500;
    scene_decide(&s);
    assert_near(value_of(VW_SIGNAL_CAUSE), VW_CAUSE_NONE, 0);
    s.in.event_count = 1;
    s.in.events[0] = (vw_announcement){.instant_ns = vw_calendar_ns(20260611, 8 * 3600),
                                       .kind = VW_ANNOUNCEMENT_CPI};
    scene_decide(&s);
    assert_near(value_of(VW_SIGNAL_CAUSE), VW_CAUSE_HEADLINE, 0);
    s.in.events[0].instant_ns = vw_calendar_ns(20260612, 8 * 3600);
    scene_decide(&s);
    assert_near(value_of(VW_SIGNAL_CAUSE), VW_CAUSE_NONE, 0);
    s.in.breadth.value = NAN;
    scene_decide(&s);
    assert_int_equal(flags_of(VW_SIGNAL_CAUSE), VW_SIGNAL_ABSENT);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_scene, shut_scene)
    const struct CMUnitTest tests[] = {
        TEST(the_level_is_entered_at_16_and_left_below_15_50),
        TEST(level_3_wants_28_for_fifteen_minutes),
        TEST(the_dwell_of_level_3_starts_again_below_28),
        TEST(three_closes_at_25_are_level_3_too),
        TEST(a_vix_never_known_is_level_2_and_nothing_is_sold),
        TEST(a_roll_of_vx1_is_no_change_of_momentum),
        TEST(momentum_decides_on_closes_and_shows_the_running_bar),
        TEST(breadth_is_half_for_an_ad_line_at_its_low_alone),
        TEST(decoupling_latches_beyond_2_and_ends_below_1),
        TEST(theta_inverts_when_both_decays_moved_by_a_quarter),
        TEST(without_a_baseline_only_negative_theta_inverts),
        TEST(a_condor_seen_to_enter_has_its_first_decays_as_baseline),
        TEST(a_quiet_vol_of_vol_vetoes_the_inversion),
        TEST(the_vol_price_ratio_needs_eleven_closes),
        TEST(arbitrage_is_flagged_where_a_condors_wings_are_not_fair),
        TEST(the_quick_ratio_is_99_where_nothing_is_called),
        TEST(fridays_margin_is_a_session_old_on_monday),
        TEST(the_cost_of_capital_is_that_of_the_condors_margin),
        TEST(an_event_window_has_both_its_ends),
        TEST(macro_is_the_mean_of_what_is_present),
        TEST(roll_is_points_in_thirty_days),
        TEST(cash_press_needs_e3_and_the_near_vol_falling_faster),
        TEST(the_cause_of_a_jump_is_told_by_breadth_and_the_calendar),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
