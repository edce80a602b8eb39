/* Rules 1-16 of hedge-engine.md section 4, each with what it does without its inputs. */
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

static const vw_proposal *proposal_of(vw_proposal_kind kind)
{
    for (size_t i = 0; i < s.out.proposal_count; i++) {
        if (s.out.proposals[i].kind == kind) {
            return &s.out.proposals[i];
        }
    }
    return NULL;
}

static void later(int64_t ns)
{
    s.in.now_ns += ns;
    scene_decide(&s);
}

/* Closes that leave VIX's MACD below (sign -1) or above (+1) its signal, the index at rest. */
static void closes_with_vix_turning(int sign, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        double turned = i > count - 5 ? sign * (double)(i - (count - 5)) : 0;

        scene_close(&s, 20260101 + i, 20 + turned, 20, 21, 6000, NAN);
    }
}

/* ---- rules 1, 11, 12: how much -------------------------------------------------------------- */

static void contango_asks_nothing_in_e1_and_a_tenth_in_e2(void **state)
{
    (void)state;
    scene_curve(&s, 20, 21);
    scene_book_b(&s, 6450, 0.16, 15);
    s.in.condors[0].z_lo = s.in.condors[0].z_hi = 1.2;
    scene_decide(&s);
    assert_near(s.out.r_asked, 0, 0);
    assert_int_equal(s.out.tranche, 0);
    scene_vix(&s, 16);
    later(SCENE_SECOND);
    assert_near(s.out.r_asked, 0.10, 0);
    assert_near(s.out.r_released, 0.10 / 3, 1e-12);
}

static void near_a_break_even_contango_asks_a_third_of_a_quarter(void **state)
{
    (void)state;
    scene_curve(&s, 20, 21);
    scene_book_b(&s, 6450, 0.16, 15);
    s.in.condors[0].z_lo = 1.0;
    scene_decide(&s);
    assert_near(s.out.r_asked, 0.25, 0);
    assert_near(s.out.r_final, 0.25 / 3, 1e-12);
    assert_true(scene_says(&s, VW_REASON_NEAR_BREAK_EVEN));
    s.in.condors[0].z_lo = s.in.condors[0].z_hi = NAN;
    later(SCENE_SECOND);
    assert_near(s.out.r_asked, 0, 0);
}

static void flat_asks_a_quarter_while_rsi_of_vix_is_in_the_middle(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 20; i++) {
        scene_close(&s, 20260101 + i, i % 2 == 0 ? 17 : 18, 20, 20, 6000, NAN);
    }
    scene_curve(&s, 20, 20);
    scene_book_b(&s, 6450, 0.16, 17);
    scene_decide(&s);
    assert_near(s.out.r_asked, 0.25, 0);
    assert_true(scene_says(&s, VW_REASON_FLAT_RSI));
}

static void tranches_rise_with_vol_and_fall_after_five_closes_without(void **state)
{
    (void)state;
    scene_curve(&s, 21, 20);
    scene_book_b(&s, 6450, 0.16, 20);
    scene_vol_rise(&s, 0.2);
    scene_decide(&s);
    assert_int_equal(s.out.tranche, 2);
    scene_vol_rise(&s, 0.4);
    later(SCENE_SECOND);
    assert_int_equal(s.out.tranche, 3);
    scene_vol_rise(&s, 0.1);
    later(SCENE_SECOND);
    scene_close(&s, 20260610, 20, 21, 20, 6000, 0); /* it was met in this session */
    for (uint32_t i = 0; i < 5; i++) {
        later(SCENE_SECOND);
        assert_int_equal(s.out.tranche, 3);
        scene_close(&s, 20260611 + i, 20, 21, 20, 6000, 0);
    }
    later(SCENE_SECOND);
    assert_int_equal(s.out.tranche, 2);
    assert_true(scene_says(&s, VW_REASON_TRANCHE_DOWN));
}

static void without_entry_vols_a_first_third_is_released(void **state)
{
    (void)state;
    scene_curve(&s, 21, 20);
    scene_book_b(&s, 6450, 0.16, 20);
    s.in.condors[0].atm_vol_entry = NAN;
    s.in.atm_vol_30 = (vw_reading){.value = 60};
    scene_decide(&s);
    assert_int_equal(s.out.tranche, 1);
}

static void a_headline_releases_a_third_until_the_close(void **state)
{
    (void)state;
    s.in.now_ns = INT64_C(1781100000) * SCENE_SECOND; /* 2026-06-10 10:00 in New York */
    scene_close(&s, 20260609, 17, 21, 20, 6000, 0);
    scene_curve(&s, 21, 20);
    scene_book_b(&s, 6450, 0.16, 20);
    scene_vol_rise(&s, 0.5);
    s.in.breadth = (vw_reading){.value = 800};
    s.in.event_count = 1;
    s.in.events[0] = (vw_announcement){.instant_ns = s.in.now_ns - 90 * SCENE_MINUTE,
                                       .kind = VW_ANNOUNCEMENT_CPI};
    scene_decide(&s);
    assert_near(s.out.r_released, 0.4 + 0.2 / 3, 1e-12);
    assert_true(scene_says(&s, VW_REASON_HEADLINE));
    s.in.event_count = 0;
    later(SCENE_SECOND);
    assert_near(s.out.r_released, 0.4 + 0.2 / 3, 1e-12);
    scene_close(&s, 20260610, 20, 21, 20, 6000, 0);
    later(SCENE_SECOND);
    assert_near(s.out.r_released, 0.6, 1e-12);
}

static void the_notional_cap_moves_with_vix(void **state)
{
    const double at[][2] = {{12, 0.15}, {16, 0.15}, {22, 0.20}, {28, 0.25}, {60, 0.25}};

    (void)state;
    scene_curve(&s, 21, 20);
    for (size_t i = 0; i < VW_COUNT_OF(at); i++) {
        scene_book_b(&s, 6450, 0.16, at[i][0]);
        later(SCENE_SECOND);
        assert_near(s.out.notional_cap_usd, at[i][1] * 64500000, 1e-3);
    }
}

/* ---- rule 2: layers ------------------------------------------------------------------------- */

static void add_condor(int days, double v30, double z)
{
    vw_hedge_condor *condor = &s.in.condors[s.in.condor_count++];

    *condor = (vw_hedge_condor){.id = (uint32_t)s.in.condor_count,
                                .days = days,
                                .contracts = 10,
                                .credit = NAN,
                                .v30 = {v30, v30, v30},
                                .z_lo = z,
                                .z_hi = NAN,
                                .notional_usd = 6e6,
                                .put = {.strike = 1, .strike_short = 2},
                                .call = {.strike_short = 3, .strike = 4}};
}

static void equal_distances_make_l3_heavy(void **state)
{
    (void)state;
    scene_curve(&s, 22, 20);
    scene_vix(&s, 20);
    add_condor(20, -1000, 1.1);
    add_condor(35, -1000, 1.4);
    scene_decide(&s);
    assert_int_equal(s.out.heavy, 3);
    assert_true(scene_says(&s, VW_REASON_HEAVY_TIE));
}

static void the_only_layer_with_vega_has_all(void **state)
{
    (void)state;
    scene_curve(&s, 22, 20);
    scene_vix(&s, 20);
    add_condor(20, -1000, 1.1);
    scene_decide(&s);
    assert_int_equal(s.out.heavy, 1);
    assert_int_equal(s.out.layers[0].weight_ppm, 1000000);
}

static void without_distances_l3_is_heavy(void **state)
{
    (void)state;
    scene_curve(&s, 22, 20);
    scene_vix(&s, 20);
    add_condor(20, -1000, NAN);
    add_condor(50, -1000, NAN);
    scene_decide(&s);
    assert_int_equal(s.out.heavy, 3);
}

static void a_moving_dollar_makes_l3_heavy_while_inverted(void **state)
{
    (void)state;
    scene_curve(&s, 24, 20);
    scene_vix(&s, 24);
    add_condor(20, -1000, 1.1);
    add_condor(50, -1000, 2.1);
    scene_decide(&s);
    assert_int_equal(s.out.heavy, 1);
    s.in.macro.reer_change = (vw_reading){.value = -1.1};
    later(SCENE_SECOND);
    assert_int_equal(s.out.heavy, 3);
    s.in.macro.reer_change.age_ns = s.set.macro_stale_ns + 1;
    later(SCENE_SECOND);
    assert_int_equal(s.out.heavy, 1);
}

static void a_spread_turning_down_shifts_one_layer_longer_while_inverted(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 40; i++) {
        scene_close(&s, 20260101 + i, 20, 20, i < 36 ? 21 : 21 - 0.3 * (i - 35), 6000, NAN);
    }
    scene_curve(&s, 24, 20);
    scene_vix(&s, 24);
    add_condor(20, -1000, 1.1);
    add_condor(50, -1000, 2.1);
    scene_decide(&s);
    assert_int_equal(s.out.heavy, 2);
    assert_true(scene_says(&s, VW_REASON_HEAVY_SHIFTED));
}

static void beyond_90_days_is_layer_4_flagged(void **state)
{
    (void)state;
    scene_curve(&s, 20, 21);
    scene_vix(&s, 20);
    add_condor(91, -1000, 1.1);
    scene_decide(&s);
    assert_int_equal(s.out.condors[0].layer, 4);
    assert_true(scene_warns(&s, VW_WARNING_LAYER_FAR));
}

static void layers_are_met_with_their_months(void **state)
{
    (void)state;
    scene_curve(&s, 24, 20);
    scene_book_b(&s, 6450, 0.16, 24);
    s.in.condor_count = 0;
    add_condor(35, -3000, 0.8);
    add_condor(50, -5000, 1.2);
    add_condor(70, -2000, 1.7);
    for (uint8_t month = 1; month <= 3; month++) {
        scene_vx(&s, month, 0);
    }
    scene_decide(&s);
    for (size_t i = 0; i < 3; i++) {
        double beta = s.in.futures[i].beta;
        double share = (const double[]){0.36, 0.40, 0.24}[i];

        assert_near(s.out.legs[i].wanted_unrounded, share * 10000 / (1000 * beta), 0.01);
        assert_near(s.out.layers[i + 1].residual_v30,
                    s.out.legs[i].wanted * 1000 * beta - share * 10000, 1e-6);
    }
}

/* ---- rules 3, 6: what with, which month ----------------------------------------------------- */

static void decoupled_futures_move_to_the_month_that_agrees_better(void **state)
{
    (void)state;
    scene_curve(&s, 24, 20);
    scene_book_b(&s, 6450, 0.16, 24);
    scene_vx(&s, 1, 0);
    scene_vx(&s, 2, 0);
    scene_decide(&s);
    assert_int_equal(s.out.layers[1].month, 1);
    double front = s.out.legs[0].wanted;

    s.in.instruments[0].contracts = front;
    scene_vix(&s, 19); /* CM30 of 24 is far above it */
    later(SCENE_MINUTE);
    assert_true(s.out.signals.decoupled);
    assert_int_equal(s.out.layers[1].month, 2);
    assert_near(s.out.legs[0].wanted, 0, 0);
    assert_true(s.out.legs[1].wanted > front);
    const vw_proposal *roll = proposal_of(VW_PROPOSAL_ROLL);

    assert_non_null(roll);
    assert_int_equal(roll->reason, VW_REASON_ROTATED);
    assert_true(roll->steps[0].contracts > 0 && roll->steps[1].contracts < 0);
}

/* A curve whose RSI of VX1/VX2 crosses 70 with the last close; book B hedged in VX1. */
static void stage_shift(double vx3)
{
    for (uint32_t i = 0; i < 30; i++) {
        double rise = i == 29 ? 2 : i % 2 == 0 ? 0.1 : 0;

        scene_close(&s, 20260501 + i, 30, 32 + rise, 30, 6000, NAN);
    }
    scene_curve(&s, 34.5, 31);
    s.in.futures[2].price = llround(vx3 * 1e4);
    scene_book_b(&s, 6450, 0.16, 33);
    scene_vx(&s, 1, 57);
    scene_vx(&s, 2, 0);
}

static void rsi_of_the_ratio_above_70_rolls_the_hedge_a_month_out(void **state)
{
    (void)state;
    stage_shift(31);
    scene_decide(&s);
    assert_true(s.out.signals.detail[VW_DETAIL_RATIO_RSI] > 70);
    assert_true(scene_says(&s, VW_REASON_SHIFTED));
    assert_int_equal(s.out.layers[1].month, 2);
    assert_near(s.out.legs[0].wanted, 0, 0);
    assert_true(s.out.legs[1].wanted > 57);
    later(SCENE_MINUTE);
    assert_int_equal(s.out.layers[1].month, 2); /* once: it is armed again below 65 */
    s.in.futures[0].expiry = 20260819;          /* VX1 has expired: VX2 is VX1 now */
    s.in.futures[1].expiry = 20260916;
    later(SCENE_MINUTE);
    assert_int_equal(s.out.layers[1].month, 1);
}

static void no_roll_into_a_dearer_month(void **state)
{
    (void)state;
    stage_shift(31.05);
    scene_vx(&s, 3, 0);
    scene_decide(&s);
    assert_int_equal(s.out.layers[1].month, 2);
    assert_int_equal(s.out.layers[2].month, 2); /* and not 3, which is dearer */
}

static void one_month_a_session_at_most(void **state)
{
    (void)state;
    scene_curve(&s, 24, 23);
    s.in.futures[1].forward_vol = s.in.futures[2].forward_vol = 25;
    s.in.futures[1].options_rms = 24;
    s.in.futures[2].options_rms = 24.9; /* the third agrees better */
    scene_book_b(&s, 6450, 0.16, 17);
    for (uint8_t month = 1; month <= 3; month++) {
        scene_vx(&s, month, 0);
    }
    scene_decide(&s);
    assert_int_equal(s.out.layers[1].month, 2);
    later(SCENE_MINUTE);
    assert_int_equal(s.out.layers[1].month, 2);
    s.in.session = 20260611;
    later(SCENE_MINUTE);
    assert_int_equal(s.out.layers[1].month, 3);
}

static void a_crossing_that_fell_back_rolls_nothing(void **state)
{
    (void)state;
    stage_shift(31);
    scene_close(&s, 20260531, 30, 33, 30, 6000, NAN);
    scene_decide(&s);
    assert_true(s.out.signals.detail[VW_DETAIL_RATIO_RSI] < 70);
    assert_false(scene_says(&s, VW_REASON_SHIFTED));
}

static void inside_an_event_window_the_roll_waits_for_its_end(void **state)
{
    (void)state;
    stage_shift(31);
    s.in.event_count = 1;
    s.in.events[0].instant_ns = s.in.now_ns;
    scene_decide(&s);
    assert_true(scene_says(&s, VW_REASON_SHIFT_WAITS));
    assert_int_equal(s.out.layers[1].month, 1);
    later(16 * SCENE_MINUTE);
    assert_true(scene_says(&s, VW_REASON_SHIFTED));
}

static void an_inverted_theta_shifts_the_condor_once_wings_first(void **state)
{
    (void)state;
    scene_curve(&s, 21, 20);
    scene_book_b(&s, 6450, 0.16, 20);
    s.set.keep_old_wings = false;
    s.in.condors[0].theta = -1;
    s.in.condors[0].next_expiry = 20260814;
    scene_decide(&s);
    const vw_proposal *roll = proposal_of(VW_PROPOSAL_ROLL);

    assert_non_null(roll);
    assert_int_equal(roll->step_count, 8);
    assert_int_equal(roll->steps[0].expiry, 20260814);
    assert_near(roll->steps[0].strike, 6000, 0);
    assert_near(roll->steps[0].contracts, 100, 0);
    assert_near(roll->steps[4].contracts, -100, 0);
    assert_true(s.out.solved);
    s.in.session = 20260611;
    later(SCENE_MINUTE);
    assert_null(proposal_of(VW_PROPOSAL_ROLL)); /* once for its expiry */
}

static void a_calendar_is_bought_while_decoupled_if_capital_gets_no_dearer(void **state)
{
    (void)state;
    scene_curve(&s, 24, 20);
    scene_book_b(&s, 6450, 0.16, 19);
    s.in.account = (vw_hedge_account){.equity_usd = 1e7,
                                      .cash_usd = 1e7,
                                      .near_cash_usd = 0,
                                      .rate = 0.04,
                                      .borrowing = 0.05,
                                      .beta_book = 1,
                                      .beta_hedge = NAN,
                                      .hedge_cost = NAN};
    vw_hedge_instrument *leg = scene_leg(&s, VW_KIND_VIX_CALENDAR, 9);

    leg->strike = 20;
    leg->strike_far = 25;
    leg->width = 5;
    leg->expiry_far = 20260819;
    leg->worst_loss_usd = 600;
    leg->v30 = 2;
    leg->irr = 0.5;
    leg->beta = -2;
    scene_decide(&s);
    assert_near(s.out.legs[0].wanted, 1, 0);
    assert_true(scene_says(&s, VW_REASON_CALENDAR));
    assert_true(s.out.wacc_after <= s.out.wacc_before);
    assert_near(proposal_of(VW_PROPOSAL_ENTRY)->worst_loss_usd, 600, 0);
    scene_shut(&s);
    vw_hedge_inputs in = s.in;

    scene_open(&s);
    s.in = in;
    s.in.instruments[0].beta = 9;
    scene_decide(&s);
    assert_near(s.out.legs[0].wanted, 0, 0);
}

/* ---- rules 4, 5: how many, guardrail -------------------------------------------------------- */

static void one_batch_a_minute_but_for_a_great_drift(void **state)
{
    (void)state;
    scene_curve(&s, 33.5, 30);
    scene_book_b(&s, 6450, 0.16, 30);
    scene_vx(&s, 1, 0);
    scene_decide(&s);
    assert_near(s.out.legs[0].wanted, 57, 0);
    s.in.instruments[0].contracts = 57;
    for (size_t i = 0; i < VW_HEDGE_SPOTS; i++) {
        s.in.condors[0].v30[i] *= 32500.0 / 26823;
    }
    later(30 * SCENE_SECOND);
    assert_near(s.out.legs[0].wanted, 57, 0);
    assert_true(scene_says(&s, VW_REASON_SOLVE_WAITS));
    assert_int_equal(s.out.batch_left_ns, 30 * SCENE_SECOND);
    later(30 * SCENE_SECOND);
    assert_near(s.out.legs[0].wanted, 61, 0);
    s.in.instruments[0].contracts = 61;
    for (size_t i = 0; i < VW_HEDGE_SPOTS; i++) {
        s.in.condors[0].v30[i] *= 1.4;
    }
    later(SCENE_SECOND);
    assert_true(s.out.legs[0].wanted > 61);
}

static void a_position_on_its_way_to_the_target_changes_nothing(void **state)
{
    (void)state;
    scene_curve(&s, 33.5, 30);
    scene_book_b(&s, 6450, 0.16, 30);
    scene_vx(&s, 1, 0);
    scene_decide(&s);
    for (int held = 0; held <= 57; held += 19) {
        s.in.instruments[0].contracts = held;
        later(2 * SCENE_MINUTE);
        assert_near(s.out.legs[0].wanted, 57, 0);
        assert_false(s.out.solved);
    }
    s.in.instruments[0].contracts = 80; /* the user's own idea */
    later(2 * SCENE_MINUTE);
    assert_true(s.out.solved);
}

static void what_earns_nothing_is_capped_by_monthly_cost(void **state)
{
    (void)state;
    scene_curve(&s, 33.5, 30);
    scene_book_b(&s, 6450, 0.16, 30);
    scene_vx(&s, 1, 0);
    s.in.instruments[0].roll = -100;
    s.in.account.equity_usd = 4e5; /* 0.7 % of it a month is 93 a day */
    scene_decide(&s);
    assert_near(s.out.legs[0].wanted, 0, 0);
    assert_true(s.out.infeasible);
    assert_true(scene_warns(&s, VW_WARNING_INFEASIBLE));
    assert_true(s.out.given_up_count > 0);
}

static void a_future_with_dear_realised_vol_is_preferred_and_a_spread_with_cheap(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 12; i++) {
        scene_close(&s, 20260501 + i, 20, 21, 20, i % 2 == 0 ? 6000 : 6003, NAN);
    }
    s.set.cost_factor = 1;
    s.set.second_engine_kinds |= VW_KIND_BIT(VW_KIND_VIX_CALL_SPREAD);
    scene_curve(&s, 24, 20);
    scene_book_b(&s, 6450, 0.16, 24);
    scene_vx(&s, 1, 0);
    vw_hedge_instrument *spread = scene_leg(&s, VW_KIND_VIX_CALL_SPREAD, 5);

    spread->v30 = s.in.instruments[0].v30;
    spread->spread = 0.5;
    spread->multiplier = s.in.instruments[0].multiplier;
    s.in.instruments[0].spread = 0.4;
    scene_decide(&s);
    assert_true(s.out.signals.of[VW_SIGNAL_VOL_PRICE_RATIO].value > 1.5);
    assert_true(s.out.legs[1].wanted > s.out.legs[0].wanted);
}

/* ---- rule 7: exits -------------------------------------------------------------------------- */

static void long_legs_are_trimmed_only_in_calm_contango_with_two_keys(void **state)
{
    (void)state;
    for (uint8_t keys = 0; keys < 2; keys++) {
        scene_shut(&s);
        scene_open(&s);
        for (uint32_t i = 0; i < 60; i++) {
            double fall = 0.1 * i;

            scene_close(&s, 20260101 + i, i > 55 ? 20 - (i - 55) : 20, 25 - fall, 27 - fall,
                        6000 + 10 * i, keys == 0 ? NAN : 100);
        }
        scene_curve(&s, 19, 21);
        scene_book_b(&s, 6450, 0.16, 17);
        scene_vx(&s, 1, 8);
        scene_decide(&s);
        assert_true(s.out.signals.detail[VW_DETAIL_CM30_RSI] < 30);
        assert_int_equal(s.out.signals.keys_to_sell, keys + 1);
        if (keys == 0) {
            assert_near(s.out.legs[0].wanted, 8, 0);
            assert_true(scene_says(&s, VW_REASON_SALE_KEYS));
        } else {
            assert_near(s.out.legs[0].wanted, 2, 0); /* 10 % in E2, a third released */
            assert_true(scene_says(&s, VW_REASON_TRIMMED));
            assert_non_null(proposal_of(VW_PROPOSAL_EXIT));
        }
    }
}

/* E3 with two keys to sell: VIX and breadth have turned. */
static void stage_profit(void)
{
    for (uint32_t i = 0; i < 40; i++) {
        scene_close(&s, 20260101 + i, i < 35 ? 50 : 50 - 4 * (i - 34.0), 32, 31, 6000 + 10 * i,
                    100);
    }
    scene_curve(&s, 32, 31);
    scene_book_b(&s, 6450, 0.16, 30);
    vw_hedge_instrument *call = scene_leg(&s, VW_KIND_VIX_CALL, 4);

    call->contracts = 11;
    call->entry_price = 2;
    call->price = 6;
    call->v30 = 20;
    call->days = 45;
}

static void half_of_a_call_worth_three_times_its_cost_is_sold_once(void **state)
{
    (void)state;
    stage_profit();
    scene_decide(&s);
    assert_int_equal(s.out.level, 3);
    assert_int_equal(s.out.signals.keys_to_sell, 2);
    assert_near(s.out.legs[0].wanted, 6, 0);
    assert_int_equal(proposal_of(VW_PROPOSAL_EXIT)->reason, VW_REASON_PROFIT);
    s.in.instruments[0].contracts = 6;
    later(SCENE_MINUTE);
    assert_near(s.out.legs[0].wanted, 6, 0);
}

static void inside_an_event_window_profits_wait(void **state)
{
    (void)state;
    stage_profit();
    s.in.event_count = 1;
    s.in.events[0].instant_ns = s.in.now_ns;
    scene_decide(&s);
    assert_near(s.out.legs[0].wanted, 11, 0);
    later(16 * SCENE_MINUTE);
    assert_near(s.out.legs[0].wanted, 6, 0);
}

static void a_stop_is_held_up_by_nothing(void **state)
{
    (void)state;
    scene_curve(&s, 32, 31);
    scene_book_b(&s, 6450, 0.16, 30);
    vw_hedge_instrument *leg = scene_leg(&s, VW_KIND_VIX_CREDIT_SPREAD, 8);

    leg->strike = 30;
    leg->strike_far = 35;
    leg->width = 5;
    leg->v30 = -5;
    leg->contracts = 10;
    leg->entry_price = 1;
    leg->price = 2;
    scene_decide(&s);
    leg->price = 3;
    s.in.event_count = 1;
    s.in.events[0].instant_ns = s.in.now_ns;
    s.in.futures[0].age_ns = 9 * SCENE_SECOND;
    later(SCENE_SECOND);
    assert_true(s.out.held && s.out.in_event);
    assert_near(s.out.legs[0].wanted, 0, 0);
    const vw_proposal *stop = proposal_of(VW_PROPOSAL_EXIT);

    assert_int_equal(stop->urgency, VW_URGENCY_NOW);
    assert_near(stop->steps[0].strike, 30, 0); /* what was sold is bought back first */
    assert_near(stop->steps[0].contracts, 10, 0);
    assert_near(stop->steps[1].contracts, -10, 0);
}

/* ---- rules 8, 9, 13, 14, 15 ----------------------------------------------------------------- */

static void add_delta(double delta, double premium, double residual_usd, int days)
{
    s.in.deltas[s.in.delta_count++] = (vw_hedge_delta_candidate){.root = "SPXW",
                                                                 .expiry = 20260710,
                                                                 .settlement = 'P',
                                                                 .long_type = 'C',
                                                                 .short_type = 'P',
                                                                 .long_strike = 6450,
                                                                 .short_strike = 6450,
                                                                 .wing_strike = 6000,
                                                                 .delta = delta,
                                                                 .premium = premium,
                                                                 .residual_usd = residual_usd,
                                                                 .days = days};
}

static void delta_beyond_a_tenth_is_brought_inside_a_fiftieth(void **state)
{
    (void)state;
    scene_curve(&s, 20, 21);
    scene_book_b(&s, 6450, 0.16, 15);
    add_delta(0.95, 3, 10, 30);
    add_delta(0.95, 3, 20, 30);  /* the best by its residual */
    add_delta(0.95, -1, 90, 30); /* takes premium in */
    add_delta(0.95, 1, 95, 0);   /* settles today */
    add_delta(0.95, 1, 99, 30);
    s.in.deltas[4].wing_strike = 6500; /* no cover for a short put */
    add_delta(0.95, 1, 99, 30);
    s.in.deltas[5].short_type = 'C'; /* nor 6000 for a short call */
    s.in.condors[0].delta = -999;
    scene_decide(&s);
    assert_null(proposal_of(VW_PROPOSAL_DELTA));
    s.in.condors[0].delta = -1101;
    later(SCENE_SECOND);
    const vw_proposal *delta = proposal_of(VW_PROPOSAL_DELTA);

    assert_non_null(delta);
    assert_near(delta->steps[0].contracts, 12, 0);
    assert_near(delta->steps[0].strike, 6000, 0); /* the wing before what it covers */
    assert_near(delta->steps[2].contracts, -12, 0);
    assert_near(delta->cash_usd, -12 * 3 * 100, 1e-9);
    s.in.condors[0].age_ns = 61 * SCENE_SECOND;
    later(SCENE_SECOND);
    assert_null(proposal_of(VW_PROPOSAL_DELTA));
}

static void warnings_are_made_of_what_is_known(void **state)
{
    (void)state;
    scene_curve(&s, 20, 21);
    scene_book_b(&s, 6450, 0.16, 15);
    scene_decide(&s);
    assert_false(scene_warns(&s, VW_WARNING_CONDOR_SIZE));
    assert_true(scene_warns(&s, VW_WARNING_CONDOR_SPAN)); /* 10.9 % */
    assert_true(scene_warns(&s, VW_WARNING_CONDOR_CREDIT));
    assert_true(scene_warns(&s, VW_WARNING_PAPER));
    s.in.account.equity_usd = 1e7;
    s.in.condors[0].entry_days = 44;
    later(SCENE_SECOND);
    assert_true(scene_warns(&s, VW_WARNING_CONDOR_SIZE)); /* 8.2 % */
    assert_true(scene_warns(&s, VW_WARNING_CONDOR_DAYS));
    assert_true((s.out.condors[0].warnings & UINT64_C(1) << VW_WARNING_CONDOR_SIZE) != 0);
}

static void two_volatility_cycles_end_the_paper(void **state)
{
    uint32_t session = 20260101;

    (void)state;
    scene_curve(&s, 20, 21);
    for (int cycle = 0; cycle < 2; cycle++) {
        scene_vix(&s, 17);
        scene_decide(&s);
        scene_close(&s, session++, 17, 20, 21, 6000, NAN);
        for (int calm = 0; calm < 20; calm++) {
            scene_vix(&s, 15);
            scene_decide(&s);
            assert_true(s.out.paper);
            scene_close(&s, session++, 15, 20, 21, 6000, NAN);
        }
    }
    scene_decide(&s);
    assert_false(s.out.paper);
}

static void hedge_costs_are_warned_of(void **state)
{
    (void)state;
    scene_curve(&s, 33.5, 30);
    scene_book_b(&s, 6450, 0.16, 30);
    scene_vx(&s, 1, 57);
    s.in.instruments[0].roll = -20;
    s.in.account.equity_usd = 5e6;
    scene_decide(&s);
    assert_near(s.out.hedge_cost_monthly, 57 * 20 * 30 / 5e6, 1e-12);
    assert_true(scene_warns(&s, VW_WARNING_HEDGE_COST));
    assert_true(scene_warns(&s, VW_WARNING_EROSION)); /* 34,200 of a credit of 177,980 */
}

static void wings_come_nearer_when_vix_turns_up_and_breadth_is_weak(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 40; i++) {
        scene_close(&s, 20260101 + i, i > 35 ? 20 + (i - 35.0) : 20, 20, 21, 6000 + 10 * i, -100);
    }
    scene_curve(&s, 20, 21);
    scene_book_b(&s, 6450, 0.16, 15);
    vw_hedge_condor *condor = &s.in.condors[0];

    condor->put.strike_nearer = 6025;
    condor->put.cost_nearer_usd = 8000;
    condor->call.strike_nearer = 6875;
    condor->call.cost_nearer_usd = 1000; /* together above 5 % of 177,980 */
    scene_decide(&s);
    const vw_proposal *wing = proposal_of(VW_PROPOSAL_WING);

    assert_non_null(wing);
    assert_int_equal(wing->reason, VW_REASON_WING_NEARER);
    assert_near(wing->steps[0].strike, 6025, 0);
    assert_near(wing->steps[0].contracts, 100, 0);
    assert_near(wing->steps[1].strike, 6000, 0);
    assert_int_equal(s.out.proposal_count, 1);
}

static void wings_go_back_after_five_calm_closes_never_beyond_entry(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < 45; i++) {
        scene_close(&s, 20260101 + i, i > 35 ? 30 - (i - 35.0) : 30, 20, 21, 6000 + 10 * i, 100);
    }
    scene_curve(&s, 20, 21);
    scene_book_b(&s, 6450, 0.16, 15);
    vw_hedge_condor *condor = &s.in.condors[0];

    condor->put.strike = 6025;
    condor->put.strike_back = 6000;
    condor->call.strike = 6875;
    condor->call.strike_back = 6925;
    scene_decide(&s);
    const vw_proposal *wing = proposal_of(VW_PROPOSAL_WING);

    assert_non_null(wing);
    assert_int_equal(wing->reason, VW_REASON_WING_BACK);
    assert_near(wing->steps[0].strike, 6000, 0);
    assert_int_equal(s.out.proposal_count, 1);
}

/* Calls and puts of a flat 16 vol, 50 days, every 25 points. */
static void stage_entry(vw_entry_chain *chain)
{
    static double columns[5][81];

    *chain = (vw_entry_chain){.root = "SPXW",
                              .expiry = 20260730,
                              .days = 50,
                              .forward = 6450,
                              .strike = columns[0],
                              .call = columns[1],
                              .put = columns[2],
                              .call_delta = columns[3],
                              .below = columns[4],
                              .count = 81};
    double years = 50.0 / 365;
    vw_slice slice = {.model = VW_MODEL_SVI,
                      .svi = {.a = 0.0256 * years, .sigma = 0.1},
                      .years = years,
                      .k_min = -1,
                      .k_max = 1};
    const vw_exposure_smile smile = {
        .forward = 6450, .discount = 1, .years = years, .days = 50, .slice = &slice};

    for (size_t i = 0; i < 81; i++) {
        vw_leg_mark mark;

        columns[0][i] = 5450 + 25 * (double)i;
        vw_exposure_mark(&smile, 'P', columns[0][i], &mark);
        columns[2][i] = mark.greeks.price;
        vw_exposure_mark(&smile, 'C', columns[0][i], &mark);
        columns[1][i] = mark.greeks.price;
        columns[3][i] = mark.greeks.delta;
        columns[4][i] =
            0.5 *
            erfc((log(6450 / columns[0][i]) / (0.16 * sqrt(years)) - 0.08 * sqrt(years)) / sqrt(2));
    }
}

static void a_new_condor_has_its_break_evens_in_the_band_and_no_delta(void **state)
{
    vw_entry_chain chain;

    (void)state;
    stage_entry(&chain);
    scene_curve(&s, 20, 21);
    scene_vix(&s, 15);
    s.in.entry = &chain;
    scene_decide(&s);
    assert_null(proposal_of(VW_PROPOSAL_ENTRY)); /* nobody asked */
    s.in.entry_asked = true;
    later(SCENE_SECOND);
    const vw_proposal *entry = proposal_of(VW_PROPOSAL_ENTRY);

    assert_non_null(entry);
    double put_short = entry->steps[2].strike, call_short = entry->steps[3].strike;
    double credit = entry->cash_usd / 100, sd = 0.16 * sqrt(50.0 / 365);

    assert_near(entry->steps[0].strike, put_short - 100, 0);
    assert_near(entry->steps[1].strike, call_short + 100, 0);
    assert_near(entry->margin_usd, (100 - credit) * 100, 1e-9);
    assert_near(-log((put_short - credit) / 6450) / sd, 1.25, 0.30);
    assert_near(log((call_short + credit) / 6450) / sd, 1.25, 0.30);
    s.set.entry_delta = -1; /* no delta is small enough */
    later(SCENE_SECOND);
    assert_null(proposal_of(VW_PROPOSAL_ENTRY));
    s.set.entry_delta = 0.02;
    chain.days = 61;
    later(SCENE_SECOND);
    assert_null(proposal_of(VW_PROPOSAL_ENTRY));
    chain.days = 50;
    s.in.entry_asked = false;
    s.in.event_count = 1;
    s.in.events[0] = (vw_announcement){.instant_ns = s.in.now_ns, .kind = VW_ANNOUNCEMENT_FOMC};
    later(SCENE_SECOND);
    assert_null(proposal_of(VW_PROPOSAL_ENTRY)); /* not inside its window */
    later(15 * SCENE_MINUTE);
    assert_non_null(proposal_of(VW_PROPOSAL_ENTRY));
}

static void hints_slice_by_what_is_shown_and_wait_where_quotes_run_away(void **state)
{
    (void)state;
    scene_curve(&s, 33.5, 30);
    scene_book_b(&s, 6450, 0.16, 30);
    scene_vx(&s, 1, 0);
    s.in.instruments[0].displayed = 75;
    s.in.instruments[0].drift[2] = 0.3;
    scene_decide(&s);
    assert_near(s.out.legs[0].hint.slice, 7, 0);
    assert_true(s.out.legs[0].hint.passive);
    s.in.instruments[0].displayed = NAN;
    s.in.instruments[0].drift[2] = 0.25;
    later(SCENE_SECOND);
    assert_near(s.out.legs[0].hint.slice, 1, 0);
    assert_false(s.out.legs[0].hint.passive);
}

static void premium_is_sold_with_two_keys_only(void **state)
{
    (void)state;
    closes_with_vix_turning(-1, 40); /* VIX has turned down: one key, one too few */
    scene_curve(&s, 20, 21);
    scene_book_b(&s, 6450, 0.16, 17);
    s.set.put_spreads = true;
    vw_hedge_instrument *leg = scene_leg(&s, VW_KIND_SPX_PUT_SPREAD, 6);

    memcpy(leg->root, "SPXW", 5);
    leg->strike = 6000;
    leg->strike_far = 5950;
    leg->width = 50;
    leg->price = 10;
    leg->days = 10;
    leg->month = 0;
    leg->v30 = -1;
    scene_vx(&s, 1, 57);
    scene_decide(&s);
    assert_int_equal(s.out.signals.keys_to_sell, 1);
    assert_near(s.out.legs[0].wanted, 0, 0);
    assert_true(scene_says(&s, VW_REASON_SALE_KEYS));
}

/* ---- presets -------------------------------------------------------------------------------- */

static void a_ladder_holds_its_calls_per_unit_of_book(void **state)
{
    static const int days[] = {28, 60, 110, 215};

    (void)state;
    s.set.sizing = VW_SIZING_LADDER;
    s.set.rungs[0] = (vw_rung){.days = 30, .delta = 0.5, .contracts = 4};
    s.set.rungs[1] = (vw_rung){.days = 110, .delta = 0.5, .contracts = 4};
    s.set.rungs[2] = (vw_rung){.days = 220, .delta = 0.5, .contracts = 2};
    s.set.rung_count = 3;
    scene_curve(&s, 20, 21);
    scene_book_b(&s, 6450, 0.16, 17);
    for (uint32_t i = 0; i < 4; i++) {
        vw_hedge_instrument *call = scene_leg(&s, VW_KIND_VIX_CALL, i + 1);

        call->days = days[i];
        call->delta = 50;
        call->v30 = 20;
    }
    s.in.instruments[0].contracts = 58;
    scene_decide(&s);
    assert_near(s.out.legs[0].wanted, 258, 0); /* 4 for each of 64.5 millions */
    assert_near(s.out.legs[1].wanted, 0, 0);
    assert_near(s.out.legs[2].wanted, 258, 0);
    assert_near(s.out.legs[3].wanted, 129, 0);
}

static void a_budget_follows_the_level_of_vx1(void **state)
{
    const double expected[][2] = {{14.9, 0}, {15, 0.01}, {30, 0.005}, {50, 0}};

    (void)state;
    for (size_t i = 0; i < VW_COUNT_OF(expected); i++) {
        scene_shut(&s);
        scene_open(&s);
        s.set.sizing = VW_SIZING_BUDGET;
        s.set.rungs[0] = (vw_rung){.days = 30, .delta = 0.3};
        s.set.rung_count = 1;
        s.set.steps[0] = (vw_budget_step){15, 0.01};
        s.set.steps[1] = (vw_budget_step){30, 0.005};
        s.set.steps[2] = (vw_budget_step){50, 0};
        s.set.step_count = 3;
        scene_curve(&s, expected[i][0], expected[i][0] + 1);
        scene_book_b(&s, 6450, 0.16, 17);
        vw_hedge_instrument *call = scene_leg(&s, VW_KIND_VIX_CALL, 1);

        call->price = 2;
        call->delta = 30;
        call->v30 = 10;
        scene_decide(&s);
        assert_near(s.out.legs[0].wanted, floor(expected[i][1] * 64500000 / 200), 0);
    }
}

static void without_sizing_only_delta_is_looked_after(void **state)
{
    (void)state;
    s.set.sizing = VW_SIZING_NONE;
    scene_book_b(&s, 6450, 0.16, 17);
    s.in.vix.value = NAN;
    s.in.condors[0].delta = -1101;
    add_delta(0.95, 3, NAN, 30);
    scene_decide(&s);
    assert_false(s.out.held);
    assert_int_equal(s.out.proposal_count, 1);
    assert_non_null(proposal_of(VW_PROPOSAL_DELTA));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_scene, shut_scene)
    const struct CMUnitTest tests[] = {
        TEST(contango_asks_nothing_in_e1_and_a_tenth_in_e2),
        TEST(near_a_break_even_contango_asks_a_third_of_a_quarter),
        TEST(flat_asks_a_quarter_while_rsi_of_vix_is_in_the_middle),
        TEST(tranches_rise_with_vol_and_fall_after_five_closes_without),
        TEST(without_entry_vols_a_first_third_is_released),
        TEST(a_headline_releases_a_third_until_the_close),
        TEST(the_notional_cap_moves_with_vix),
        TEST(equal_distances_make_l3_heavy),
        TEST(the_only_layer_with_vega_has_all),
        TEST(without_distances_l3_is_heavy),
        TEST(a_moving_dollar_makes_l3_heavy_while_inverted),
        TEST(a_spread_turning_down_shifts_one_layer_longer_while_inverted),
        TEST(beyond_90_days_is_layer_4_flagged),
        TEST(layers_are_met_with_their_months),
        TEST(decoupled_futures_move_to_the_month_that_agrees_better),
        TEST(rsi_of_the_ratio_above_70_rolls_the_hedge_a_month_out),
        TEST(no_roll_into_a_dearer_month),
        TEST(one_month_a_session_at_most),
        TEST(a_crossing_that_fell_back_rolls_nothing),
        TEST(inside_an_event_window_the_roll_waits_for_its_end),
        TEST(an_inverted_theta_shifts_the_condor_once_wings_first),
        TEST(a_calendar_is_bought_while_decoupled_if_capital_gets_no_dearer),
        TEST(one_batch_a_minute_but_for_a_great_drift),
        TEST(a_position_on_its_way_to_the_target_changes_nothing),
        TEST(what_earns_nothing_is_capped_by_monthly_cost),
        TEST(a_future_with_dear_realised_vol_is_preferred_and_a_spread_with_cheap),
        TEST(long_legs_are_trimmed_only_in_calm_contango_with_two_keys),
        TEST(half_of_a_call_worth_three_times_its_cost_is_sold_once),
        TEST(inside_an_event_window_profits_wait),
        TEST(a_stop_is_held_up_by_nothing),
        TEST(delta_beyond_a_tenth_is_brought_inside_a_fiftieth),
        TEST(warnings_are_made_of_what_is_known),
        TEST(two_volatility_cycles_end_the_paper),
        TEST(hedge_costs_are_warned_of),
        TEST(wings_come_nearer_when_vix_turns_up_and_breadth_is_weak),
        TEST(wings_go_back_after_five_calm_closes_never_beyond_entry),
        TEST(a_new_condor_has_its_break_evens_in_the_band_and_no_delta),
        TEST(hints_slice_by_what_is_shown_and_wait_where_quotes_run_away),
        TEST(premium_is_sold_with_two_keys_only),
        TEST(a_ladder_holds_its_calls_per_unit_of_book),
        TEST(a_budget_follows_the_level_of_vx1),
        TEST(without_sizing_only_delta_is_looked_after),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
