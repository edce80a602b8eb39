/* Full revaluation: worked examples 3 and 10 of hedge-engine.md section 9, and the sign check. */
#include "core/hedge/stress.h"

#include "core/vol/vx_curve.h"
#include "tests/core/hedge/book_b.h"

static const vw_hedge_market MARKET = {.months = {{20260819, BOOK_B_BETA, 30, 20, 0},
                                                  {20260916, 0.374, 58, 20.5, 0},
                                                  {20261021, 0.31, 93, 21, 0}},
                                       .index = BOOK_B_FORWARD,
                                       .spot_vix = 16};

static vw_quick_ratio quick_of(double vx)
{
    vw_portfolio book = book_b();
    vw_stress_move moves[VW_STRESS_MOVES];
    vw_leg_mark marks[5];
    double losses[VW_STRESS_MOVES];

    mark_condors(&book, marks, BOOK_B_FORWARD, 30);
    add_hedge(&book, "VX", 20260819, 'F', 0, vx);
    marks[4] = mark_future(20, 30, 1000, 0);
    vw_stress_moves(16, moves);
    vw_stress_losses(&book, marks, &MARKET, moves, VW_STRESS_MOVES, true, losses);
    return vw_stress_quick_ratio(1e6, losses);
}

static void selling_a_third_of_the_hedge_raises_the_quick_ratio(void **state)
{
    vw_quick_ratio before = quick_of(57), after = quick_of(38);

    (void)state;
    assert_near(before.margin_call, 769758, 1);
    assert_near(before.ratio, 1.299, 5e-4);
    assert_near(after.ratio, 1.362, 5e-4);
    assert_true(quick_of(3).ratio < 1.5 && quick_of(2).ratio >= 1.5); /* the full cure is 55 */
}

static void a_book_that_cannot_lose_has_ratio_99(void **state)
{
    const double losses[VW_STRESS_MOVES] = {-1, 0, -5, -7};
    vw_quick_ratio quick = vw_stress_quick_ratio(1e6, losses);

    (void)state;
    assert_true(quick.no_call);
    assert_near(quick.ratio, 99, 0);
}

static void beyond_the_strikes_vega_turns_and_the_worst_spot_is_offset(void **state)
{
    vw_portfolio book = book_b();
    vw_leg_mark marks[4];

    (void)state;
    mark_condors(&book, marks, 5805, 30);
    assert_near(vw_stress_condor_v30(&book, marks, 0), 13986, 1);
    assert_near(vw_stress_condor_v30(&book, marks, -0.05), 6222, 1);
    assert_near(vw_stress_condor_v30(&book, marks, 0.05), -6884, 1);
    assert_near(vw_stress_offset(&book, marks), 6884, 1);
    mark_condors(&book, marks, BOOK_B_FORWARD, 30);
    assert_near(vw_stress_offset(&book, marks), 26823, 1);
}

/* Condor and a full hedge of it, every leg revalued with SPX vols up 5 (30 / days)^0.40 and each VX
 * up 5 beta; against the condor alone. */
static void expect_hedged(double days, double points, const char *with)
{
    vw_portfolio book = book_b();
    vw_leg_mark marks[5];
    static vw_hedge hedge;
    const vw_stress_move move = {0, points};
    double alone, together, one;

    mark_condors(&book, marks, BOOK_B_FORWARD, days);
    vw_hedge_evaluate(&book, marks, &MARKET, &hedge);
    vw_stress_losses(&book, marks, &MARKET, &move, 1, false, &alone);
    assert_true(hedge.condor_v30_usd_per_point < 0); /* a short condor is short vega */
    assert_true(points > 0 ? alone > 0 : alone < 0);
    if (strcmp(with, "VX") == 0) {
        marks[4] = mark_future(20, 30, 1000, 0);
    } else {
        marks[4] = mark_option(VW_FAMILY_VIX, 'C', 20, 15, 30, 0.90);
    }
    one = vw_hedge_v30(&marks[4], &MARKET);
    assert_true(one > 0); /* every hedge of it buys volatility */
    add_hedge(&book, with, 20260819, with[1] == 'X' ? 'F' : 'C', with[1] == 'X' ? 0 : 15,
              round(-hedge.condor_v30_usd_per_point / one));
    vw_stress_losses(&book, marks, &MARKET, &move, 1, true, &together);
    assert_true(fabs(together) < 0.20 * fabs(alone));
}

static void a_full_hedge_takes_four_fifths_of_the_loss_either_way(void **state)
{
    (void)state;
    /* Nearer to expiry the condors' own convexity is more than a linear hedge can follow. */
    for (double days = 15; days < 100; days *= 1.2) {
        expect_hedged(days, 5, "VX");
        expect_hedged(days, 5, "VIX");
    }
    expect_hedged(30, 1, "VX");
    expect_hedged(30, -2, "VX");
    expect_hedged(30, -2, "VIX");
    expect_hedged(30, -5, "VX");
    expect_hedged(45, -5, "VX");
}

static void the_four_moves_scale_with_vix_where_vol_falls(void **state)
{
    static const vw_stress_move want[] = {{-0.10, 10}, {0, 10}, {0, -4}, {0.10, -4}};
    vw_stress_move moves[VW_STRESS_MOVES];

    (void)state;
    vw_stress_moves(16, moves);
    for (size_t i = 0; i < VW_STRESS_MOVES; i++) {
        assert_near(moves[i].spot, want[i].spot, 0);
        assert_near(moves[i].vol, want[i].vol, 0);
    }
}

static void a_stale_leg_counts_and_a_missing_one_does_not(void **state)
{
    vw_leg_mark mark = mark_future(20, 30, 1000, 0);
    const vw_stress_move up = {0, 10};

    (void)state;
    assert_near(vw_stress_gain(&mark, 'F', 0, &MARKET, &up), 10000 * BOOK_B_BETA, 1);
    mark.status = VW_STATUS_STALE;
    assert_near(vw_stress_gain(&mark, 'F', 0, &MARKET, &up), 10000 * BOOK_B_BETA, 1);
    mark.status = VW_STATUS_NO_MARKET;
    assert_near(vw_stress_gain(&mark, 'F', 0, &MARKET, &up), 0, 0);
}

static void a_live_beta_replaces_the_prior(void **state)
{
    vw_leg_mark mark = mark_future(20, 30, 1000, 0);
    const vw_stress_move up = {0, 10};

    (void)state;
    mark.beta = 0.6;
    assert_near(vw_stress_gain(&mark, 'F', 0, &MARKET, &up), 6000, 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(selling_a_third_of_the_hedge_raises_the_quick_ratio),
        cmocka_unit_test(a_book_that_cannot_lose_has_ratio_99),
        cmocka_unit_test(beyond_the_strikes_vega_turns_and_the_worst_spot_is_offset),
        cmocka_unit_test(a_full_hedge_takes_four_fifths_of_the_loss_either_way),
        cmocka_unit_test(the_four_moves_scale_with_vix_where_vol_falls),
        cmocka_unit_test(a_stale_leg_counts_and_a_missing_one_does_not),
        cmocka_unit_test(a_live_beta_replaces_the_prior),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
