#include "core/vol/vx_curve.h"

#include "tests/check.h"
#include "tests/table.h"

static vw_vx_quote monthly(double price, double days)
{
    int64_t units = llround(price * 10000);

    return (vw_vx_quote){.bid = units - 250,
                         .ask = units + 250,
                         .last = VW_PRICE_NONE,
                         .settlement = VW_PRICE_NONE,
                         .days = days,
                         .expiry = (uint32_t)days,
                         .monthly = true};
}

static void the_reference_rows_come_out(void **state)
{
    vw_table table = vw_table_read("term_structure.csv");

    (void)state;
    assert_true(table.rows >= 4);
    for (size_t row = 0; row < table.rows; row++) {
        double tau1 = vw_table_number(&table, row, "tau1_days");
        double tau2 = vw_table_number(&table, row, "tau2_days");
        vw_vx_quote quotes[] = {
            monthly(vw_table_number(&table, row, "VX1"), tau1),
            monthly(vw_table_number(&table, row, "VX2"), tau2),
            monthly(vw_table_number(&table, row, "VX3"), vw_table_number(&table, row, "tau3_days")),
        };
        vw_vx_curve curve;
        vw_vx_point points[3];

        vw_vx_curve_fit(quotes, 3, vw_table_number(&table, row, "VIX"), &curve, points);
        assert_int_equal(curve.absent, 0);
        assert_int_equal(curve.points, 3);
        assert_near(100 * curve.contango, vw_table_number(&table, row, "contango_pct"), 1e-11);
        assert_near(-curve.inversion, vw_table_number(&table, row, "slope_pts"), 1e-12);
        assert_near(curve.slope_per_30, vw_table_number(&table, row, "slope_pts_per_30d"), 1e-12);
        assert_near(curve.cm30, vw_table_number(&table, row, "cm30"), 1e-12 * 30);
        assert_near(curve.cm30_front, vw_table_number(&table, row, "cm30_w_front"), 1e-12);
        assert_near(curve.basis, vw_table_number(&table, row, "basis_pts"), 1e-12);
        assert_near(100 * curve.basis_share, vw_table_number(&table, row, "basis_pct"), 1e-11);
        assert_int_equal(points[0].price > points[1].price,
                         (int)vw_table_number(&table, row, "inverted"));
        assert_near(points[0].roll_per_day,
                    vw_table_number(&table, row, "roll_pts_per_day_VX1_to_VIX"), 1e-12);
        assert_near(points[1].roll_per_day,
                    vw_table_number(&table, row, "roll_pts_per_day_VX2_to_VX1"), 1e-12);
    }
    vw_table_free(&table);
}

static void curvature_and_roll_yield_follow_from_three_months(void **state)
{
    vw_vx_quote quotes[] = {monthly(20, 15), monthly(21, 45), monthly(21.4, 75)};
    vw_vx_curve curve;
    vw_vx_point points[3];

    (void)state;
    vw_vx_curve_fit(quotes, 3, 19, &curve, points);
    assert_near(curve.slope_per_30, 1, 1e-12);
    assert_near(curve.curvature, 0.4 - 1, 1e-12);
    assert_near(curve.cm30, 20.5, 1e-12);
    assert_near(curve.roll_yield, -365.0 / 30 / 20.5, 1e-12); /* contango costs a long */
    vw_vx_curve_fit(quotes, 2, 19, &curve, points);
    assert_near(curve.curvature, 0, 0);
    quotes[1].days = 30; /* it is the constant maturity */
    vw_vx_curve_fit(quotes, 3, 19, &curve, points);
    assert_near(curve.cm30, 21, 1e-12);
    assert_near(curve.cm30_front, 0, 0);
    assert_false(curve.absent & VW_VX_ABSENT_CM30);
}

static void weeklies_are_priced_but_not_counted(void **state)
{
    vw_vx_quote quotes[] = {monthly(20, 4), monthly(20.5, 11), monthly(22, 39)};
    vw_vx_curve curve;
    vw_vx_point points[3];

    (void)state;
    quotes[0].monthly = false;
    vw_vx_curve_fit(quotes, 3, NAN, &curve, points);
    assert_int_equal(curve.points, 3);
    assert_int_equal(curve.vx1, 1);
    assert_int_equal(curve.vx2, 2);
    assert_int_equal(curve.absent, VW_VX_ABSENT_SPOT);
    assert_near(curve.inversion, -1.5, 1e-12);
    assert_near(points[2].roll_per_day, 1.5 / 28, 1e-12);
    quotes[0].monthly = true;
    quotes[1].monthly = false; /* of a weekly to the point before, past it to the monthly */
    vw_vx_curve_fit(quotes, 3, NAN, &curve, points);
    assert_near(points[1].roll_per_day, 0.5 / 7, 1e-12);
    assert_near(points[2].roll_per_day, 2.0 / 35, 1e-12);
}

static void an_expired_or_priceless_future_is_no_point(void **state)
{
    vw_vx_quote quotes[] = {monthly(25, 0), monthly(20, 10), monthly(21, 45), monthly(22, 75)};
    vw_vx_curve curve;
    vw_vx_point points[4];

    (void)state;
    quotes[2].bid = VW_PRICE_NONE;
    quotes[2].ask = VW_PRICE_NONE;
    vw_vx_curve_fit(quotes, 4, NAN, &curve, points);
    assert_int_equal(curve.points, 2);
    assert_int_equal(points[1].expiry, 75);
    assert_near(curve.inversion, -2, 1e-12);
}

static void a_price_is_mid_then_last_then_settlement(void **state)
{
    vw_vx_quote quote = {200000, 201000, 190000, 180000, 10, 1, 1, true, 0};
    uint8_t quality = 0;

    (void)state;
    assert_int_equal(vw_vx_curve_price(&quote, &quality), 200500);
    assert_int_equal(quality, 0);
    quote.ask = VW_PRICE_NONE;
    assert_int_equal(vw_vx_curve_price(&quote, &quality), 190000);
    assert_int_equal(quality, VW_QUOTE_ONE_SIDED | VW_QUOTE_CARRIED);
    quote.last = VW_PRICE_NONE;
    assert_int_equal(vw_vx_curve_price(&quote, &quality), 180000);
    quote.settlement = VW_PRICE_NONE;
    assert_int_equal(vw_vx_curve_price(&quote, &quality), VW_PRICE_NONE);
    assert_true(quality & VW_QUOTE_ABSENT);
}

static void what_a_short_curve_cannot_tell_is_absent_and_zero(void **state)
{
    vw_vx_quote far = monthly(20, 40), near = monthly(20, 20);
    vw_vx_curve curve;
    vw_vx_point point;

    (void)state;
    vw_vx_curve_fit(&far, 1, NAN, &curve, &point);
    assert_int_equal(curve.absent, VW_VX_ABSENT_SPOT | VW_VX_ABSENT_SECOND | VW_VX_ABSENT_CM30);
    assert_near(curve.cm30, 20, 1e-12); /* VX1 stands in */
    assert_near(curve.cm30_front, 1, 0);
    assert_near(curve.contango, 0, 0);
    vw_vx_curve_fit(&near, 1, NAN, &curve, &point);
    assert_near(curve.cm30, 0, 0);
    vw_vx_curve_fit(&near, 0, 18, &curve, &point);
    assert_int_equal(curve.absent, 15);
}

static void beta_falls_with_the_days(void **state)
{
    (void)state;
    assert_near(vw_vx_curve_beta(0), 0.79, 1e-15);
    assert_near(vw_vx_curve_beta(30), 0.469737, 5e-7); /* hedge-engine.md section 9 */
    assert_true(vw_vx_curve_beta(60) < vw_vx_curve_beta(59));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_reference_rows_come_out),
        cmocka_unit_test(curvature_and_roll_yield_follow_from_three_months),
        cmocka_unit_test(weeklies_are_priced_but_not_counted),
        cmocka_unit_test(an_expired_or_priceless_future_is_no_point),
        cmocka_unit_test(a_price_is_mid_then_last_then_settlement),
        cmocka_unit_test(what_a_short_curve_cannot_tell_is_absent_and_zero),
        cmocka_unit_test(beta_falls_with_the_days),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
