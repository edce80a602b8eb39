#include "core/hedge/condor.h"

#include "tests/core/hedge/book_b.h"
#include "tests/table.h"

static const vw_hedge_market MARKET = {.index = BOOK_B_FORWARD, .spot_vix = 16};

static vw_condor_value value_of(vw_portfolio *book, double days, vw_leg_mark *marks)
{
    static vw_hedge hedge;
    vw_condor_value value;

    mark_condors(book, marks, BOOK_B_FORWARD, days);
    vw_hedge_evaluate(book, marks, &MARKET, &hedge);
    vw_condor_evaluate(book, marks, &hedge, 1, &value);
    return value;
}

static void book_b_as_one_thing(void **state)
{
    vw_portfolio book = book_b();
    vw_leg_mark marks[4];
    vw_condor_value value = value_of(&book, 30, marks);

    (void)state;
    assert_true(value.priced);
    assert_near(value.credit, 17.798, 5e-4);
    assert_near(value.max_loss_usd, 822024, 1);
    assert_near(value.max_gain_usd, 177976, 1);
    assert_near(value.theta_usd_per_day, 7153, 1);
    assert_near(value.v30_usd_per_point, -26823, 1);
    assert_near(value.vol, 0.16, 1e-15);
    assert_near(value.low.strike, 6100 - 17.798, 1e-3);
    assert_near(value.high.strike, 6800 + 17.798, 1e-3);
    assert_near(value.span, 700 / 6450.0, 1e-12);
}

static void the_credit_at_entry_sets_the_break_evens_not_todays_price(void **state)
{
    vw_portfolio book = book_b();
    vw_leg_mark marks[4];
    vw_condor_value value;

    (void)state;
    book.condors[0].entry.credit = 25;
    value = value_of(&book, 10, marks);
    assert_near(value.low.strike, 6075, 0);
    assert_near(value.high.strike, 6825, 0);
    assert_near(value.max_loss_usd, 750000, 1e-6);
    book.condors[0].entry.credit = 100; /* as wide as the sides */
    value = value_of(&book, 10, marks);
    assert_true(isnan(value.low.strike) && isnan(value.high.strike));
}

static void a_debit_condor_pays_its_price_and_earns_outside(void **state)
{
    vw_portfolio book = {.book = "main"};
    const vw_condor condor = {"SPXW", 20260821, 6000, 6100, 6800, 6900, 10, true, {0}};
    vw_leg_mark marks[4];
    vw_condor_value value;

    (void)state;
    assert_int_equal(vw_portfolio_add_condor(&book, &condor, NULL), VW_OK);
    value = value_of(&book, 30, marks);
    assert_near(value.credit, -17.798, 5e-4);
    assert_near(value.max_loss_usd, 17798, 0.5);
    assert_near(value.max_gain_usd, 82202, 0.5);
    assert_true(value.v30_usd_per_point > 0);
    assert_near(value.low.strike, 6100 - 17.798, 1e-3);
}

static void a_missing_leg_leaves_the_condor_without_a_price(void **state)
{
    vw_portfolio book = book_b();
    vw_leg_mark marks[4];
    static vw_hedge hedge;
    vw_condor_value value;

    (void)state;
    mark_condors(&book, marks, BOOK_B_FORWARD, 30);
    marks[2].status = VW_STATUS_NO_MARKET;
    vw_hedge_evaluate(&book, marks, &MARKET, &hedge);
    vw_condor_evaluate(&book, marks, &hedge, 1, &value);
    assert_false(value.priced);
    assert_true(isnan(value.price) && isnan(value.low.strike));
}

static void a_flat_smile_puts_a_break_even_at_its_normal_distance(void **state)
{
    const double years = 30.0 / 365, s = 0.16 * sqrt(years);

    (void)state;
    /* ln(S / F) is normal with mean -s^2/2 */
    assert_near(vw_break_even_distance(6450, 6082, years, 0.16, 0, false),
                log(6450 / 6082.0) / s - s / 2, 1e-12);
    assert_near(vw_break_even_distance(6450, 6818, years, 0.16, 0, true),
                log(6818 / 6450.0) / s + s / 2, 1e-12);
}

/* What the smile's own call prices say: Q(S > K) = -d call / d K. */
static void the_distance_is_that_of_the_smiles_digital(void **state)
{
    const double forward = 5000, years = 0.1, slope = -0.6, strike = 4600, step = 0.01;
    double price[2], below, z;

    (void)state;
    for (int i = 0; i < 2; i++) {
        double k = strike + (i == 0 ? -step : step);
        double vol = 0.15 + slope * log(k / forward);

        price[i] = mark_option(VW_FAMILY_SPX, 'P', forward, k, 365 * years, vol).greeks.price;
    }
    below = (price[1] - price[0]) / (2 * step);
    z = vw_break_even_distance(forward, strike, years, 0.15 + slope * log(strike / forward), slope,
                               false);
    assert_near(0.5 * erfc(z / sqrt(2)), below, 1e-7);
}

static void a_breached_break_even_is_never_positive(void **state)
{
    (void)state;
    for (double beyond = 0; beyond < 400; beyond += 1) {
        assert_true(vw_break_even_distance(6800 + beyond, 6800, 0.1, 0.16, -0.3, true) <= 0);
        assert_true(vw_break_even_distance(6100 - beyond, 6100, 0.1, 0.16, -0.3, false) <= 0);
    }
    assert_true(isnan(vw_break_even_distance(6450, 6100, 0, 0.16, 0, false)));
    assert_true(isnan(vw_break_even_distance(6450, NAN, 0.1, 0.16, 0, false)));
}

static void decay_is_theta_over_extrinsic(void **state)
{
    vw_portfolio book = book_b();
    vw_leg_mark marks[4];
    vw_condor_value value = value_of(&book, 30, marks);
    double shorts = marks[1].greeks.price + marks[2].greeks.price;

    (void)state;
    assert_near(value.short_decay, -(marks[1].greeks.theta + marks[2].greeks.theta) / shorts,
                1e-12);
    assert_true(value.wing_decay > value.short_decay); /* further out, faster */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(book_b_as_one_thing),
        cmocka_unit_test(the_credit_at_entry_sets_the_break_evens_not_todays_price),
        cmocka_unit_test(a_debit_condor_pays_its_price_and_earns_outside),
        cmocka_unit_test(a_missing_leg_leaves_the_condor_without_a_price),
        cmocka_unit_test(a_flat_smile_puts_a_break_even_at_its_normal_distance),
        cmocka_unit_test(the_distance_is_that_of_the_smiles_digital),
        cmocka_unit_test(a_breached_break_even_is_never_positive),
        cmocka_unit_test(decay_is_theta_over_extrinsic),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
