#include "core/vol/vix_forward.h"

#include "core/pricing/black.h"
#include "tests/check.h"

enum { STRIKES = 2000 };

static vw_vix_strip term(double days, double vol, vw_status status)
{
    return (vw_vix_strip){.minutes = 1440 * days, .variance = vol * vol, .status = status};
}

static double total(double days, double vol)
{
    return vol * vol * days / 365;
}

static void total_variance_is_linear_between_terms_and_nothing_outside(void **state)
{
    const vw_vix_strip terms[] = {
        term(10, 0.15, VW_STATUS_OK),
        term(20, 0.9, VW_STATUS_NO_MARKET), /* passed over */
        term(40, 0.2, VW_STATUS_OK),
        term(70, 0.19, VW_STATUS_OK),
    };

    (void)state;
    assert_near(vw_vix_total_variance(terms, 4, 1440 * 10), total(10, 0.15), 1e-16);
    assert_near(vw_vix_total_variance(terms, 4, 1440 * 70), total(70, 0.19), 1e-16);
    assert_near(vw_vix_total_variance(terms, 4, 1440 * 20),
                total(10, 0.15) * 2 / 3 + total(40, 0.2) / 3, 1e-15);
    assert_true(isnan(vw_vix_total_variance(terms, 4, 1440 * 9.99)));
    assert_true(isnan(vw_vix_total_variance(terms, 4, 1440 * 70.01)));
    assert_true(isnan(vw_vix_total_variance(terms, 0, 1440)));
    assert_near(vw_vix_forward_variance(terms, 4, 1440 * 40, 1440 * 70),
                (total(70, 0.19) - total(40, 0.2)) * 365 / 30, 1e-14);
    assert_true(isnan(vw_vix_forward_variance(terms, 4, 1440 * 40, 1440 * 40)));
}

static void a_future_lies_below_the_vol_of_its_window_or_is_flagged(void **state)
{
    const vw_vix_strip terms[] = {term(25, 0.15, VW_STATUS_OK), term(55, 0.2, VW_STATUS_OK),
                                  term(85, 0.12, VW_STATUS_OK)};
    double bound = 100 * sqrt((total(55, 0.2) - total(25, 0.15)) * 365 / 30);
    vw_vix_forward at;

    (void)state;
    vw_vix_forward_at(terms, 3, 1440 * 25, bound - 0.5, &at);
    assert_near(at.bound, bound, 1e-11);
    assert_near(at.convexity, 0.5, 1e-11);
    assert_int_equal(at.flags, 0);
    vw_vix_forward_at(terms, 3, 1440 * 25, bound + 0.01, &at);
    assert_near(at.convexity, -0.01, 1e-11);
    assert_int_equal(at.flags, VW_VIX_FORWARD_NEGATIVE_CONVEXITY);
    vw_vix_forward_at(terms, 3, 1440 * 25, NAN, &at); /* without a price there is a bound */
    assert_near(at.bound, bound, 1e-11);
    assert_int_equal(at.flags, 0);
    vw_vix_forward_at(terms, 3, 1440 * 55, 20, &at);
    assert_true(at.variance < 0 && isnan(at.bound) && isnan(at.convexity));
    assert_int_equal(at.flags, VW_VIX_FORWARD_NEGATIVE_VARIANCE);
    vw_vix_forward_at(terms, 3, 1440 * 56, 20, &at);
    assert_int_equal(at.flags, VW_VIX_FORWARD_ABSENT);
}

/* Lognormal: E[VIX^2] = F^2 exp(s^2), 19.5665 squared for 19, 86 % and 29 days (mathematics.md
 * section 9). */
static void the_second_moment_of_a_lognormal_is_known(void **state)
{
    static double columns[5][STRIKES];
    const double forward = 19, years = 29.0 / 365, vol = 0.86, discount = 0.9;
    vw_vix_quotes quotes = {columns[0], columns[1], columns[2], columns[3], columns[4], STRIKES};
    double want = forward * forward * exp(vol * vol * years), found;

    (void)state;
    assert_near(sqrt(want), 19.5665279564, 1e-9);
    for (size_t i = 0; i < STRIKES; i++) {
        columns[0][i] = 2 + 0.05 * (double)i;
        for (size_t s = 0; s < 2; s++) {
            double side = s == 0 ? 1 : -1, price;

            vw_black(
                &(vw_black_inputs){&forward, &columns[0][i], &years, &vol, &discount, &side, NULL},
                &(vw_black_outputs){.price = &price}, 1);
            columns[1 + 2 * s][i] = 0.99 * price;
            columns[2 + 2 * s][i] = 1.01 * price;
        }
    }
    found = vw_vix_second_moment(&quotes, forward, discount);
    assert_near(found, want, 1e-3);
    columns[1][400] = 0; /* a call without a bid, and one crossed: bridged */
    columns[2][500] = 0.5 * columns[1][500];
    assert_near(vw_vix_second_moment(&quotes, forward, discount), found, 1e-3);
    quotes.count = 0;
    assert_true(isnan(vw_vix_second_moment(&quotes, forward, discount)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(total_variance_is_linear_between_terms_and_nothing_outside),
        cmocka_unit_test(a_future_lies_below_the_vol_of_its_window_or_is_flagged),
        cmocka_unit_test(the_second_moment_of_a_lognormal_is_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
