#include "core/vol/vix_forward.h"

#include "core/pricing/black.h"
#include "tests/check.h"

static const double DAY = 1440;

static vw_vix_strip term(double days, double vol)
{
    return (vw_vix_strip){.minutes = days * DAY, .variance = vol * vol, .status = VW_STATUS_OK};
}

static void total_variance_is_linear_in_minutes_between_terms(void **state)
{
    const vw_vix_strip terms[] = {term(20, 0.20), term(40, 0.25)};
    double near = 0.04 * 20 / 365, next = 0.0625 * 40 / 365;

    (void)state;
    assert_near(vw_vix_total_variance(terms, 2, 20 * DAY), near, 1e-15);
    assert_near(vw_vix_total_variance(terms, 2, 25 * DAY), near + 0.25 * (next - near), 1e-15);
    assert_true(isnan(vw_vix_total_variance(terms, 2, 19 * DAY)));
    assert_true(isnan(vw_vix_total_variance(terms, 2, 41 * DAY)));
    /* what the index itself makes of 30 days */
    assert_near(100 * sqrt(vw_vix_total_variance(terms, 2, 30 * DAY) * 365 / 30),
                vw_vix_value(&terms[0], &terms[1], 30), 1e-12);
}

static void a_flat_surface_has_its_vol_as_bound(void **state)
{
    const vw_vix_strip terms[] = {term(10, 0.18), term(50, 0.18), term(100, 0.18)};
    vw_vix_forward forward;

    (void)state;
    vw_vix_forward_at(terms, 3, 17 * DAY, 17.2, &forward);
    assert_near(forward.bound, 18, 1e-12);
    assert_near(forward.convexity, 0.8, 1e-12);
    assert_int_equal(forward.flags, 0);
}

static void what_breaks_the_bound_is_flagged(void **state)
{
    const vw_vix_strip falling[] = {term(20, 0.50), term(50, 0.20)};
    const vw_vix_strip flat[] = {term(20, 0.2), term(50, 0.2)};
    vw_vix_forward forward;

    (void)state;
    vw_vix_forward_at(falling, 2, 20 * DAY, 30, &forward); /* 0.25 20 > 0.04 50 */
    assert_int_equal(forward.flags, VW_VIX_FORWARD_NEGATIVE_VARIANCE);
    assert_true(forward.variance < 0 && isnan(forward.bound) && isnan(forward.convexity));
    vw_vix_forward_at(flat, 2, 20 * DAY, 20.01, &forward);
    assert_int_equal(forward.flags, VW_VIX_FORWARD_NEGATIVE_CONVEXITY);
    assert_near(forward.convexity, -0.01, 1e-9);
    vw_vix_forward_at(flat, 2, 21 * DAY, 20, &forward);
    assert_int_equal(forward.flags, VW_VIX_FORWARD_ABSENT);
    vw_vix_forward_at(flat, 2, 20 * DAY, NAN, &forward); /* a bound, and no future */
    assert_int_equal(forward.flags, 0);
    assert_near(forward.bound, 20, 1e-12);
}

static void a_term_without_variance_is_passed_over(void **state)
{
    vw_vix_strip terms[] = {term(20, 0.2), term(30, 9), term(40, 0.2)};

    (void)state;
    terms[1].status = VW_STATUS_NO_MARKET;
    terms[1].variance = NAN;
    assert_near(vw_vix_forward_variance(terms, 3, 20 * DAY, 35 * DAY), 0.04, 1e-15);
    assert_true(isnan(vw_vix_forward_variance(terms, 3, 30 * DAY, 30 * DAY)));
}

enum { STRIKES = 200 };
static double strike[STRIKES], call[STRIKES], put[STRIKES];

static vw_vix_quotes lognormal_quotes(double forward, double vol, double years)
{
    for (size_t i = 0; i < STRIKES; i++) {
        const double discount = 1, up = 1, down = -1;
        vw_black_inputs in = {.forward = &forward,
                              .strike = &strike[i],
                              .years = &years,
                              .vol = &vol,
                              .discount = &discount,
                              .side = &up};
        vw_black_outputs out = {.price = &call[i]};

        strike[i] = 0.5 + 0.5 * (double)i;
        vw_black(&in, &out, 1);
        in.side = &down;
        out.price = &put[i];
        vw_black(&in, &out, 1);
        call[i] = fmax(call[i], 1e-12);
        put[i] = fmax(put[i], 1e-12);
    }
    return (vw_vix_quotes){strike, call, call, put, put, STRIKES};
}

static void the_second_moment_of_a_lognormal_vix(void **state)
{
    vw_vix_quotes quotes = lognormal_quotes(19, 0.86, 29.0 / 365);

    (void)state;
    assert_near(sqrt(vw_vix_second_moment(&quotes, 19, 1)), 19.5665279564, 2e-3);
    quotes.count = 0;
    assert_true(isnan(vw_vix_second_moment(&quotes, 19, 1)));
}

/* S16: the VIX method on VIX options. */
static void the_vol_of_vol_is_the_method_on_vix_options(void **state)
{
    vw_vix_strip near, next;
    vw_vix_quotes quotes = lognormal_quotes(19, 0.86, 29.0 / 365);

    (void)state;
    assert_int_equal(vw_vix_term(&quotes, 29 * DAY, 0, &near), VW_STATUS_OK);
    quotes = lognormal_quotes(19.5, 0.86, 34.0 / 365);
    assert_int_equal(vw_vix_term(&quotes, 34 * DAY, 0, &next), VW_STATUS_OK);
    assert_near(vw_vix_value(&near, &next, 30), 86, 0.5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(total_variance_is_linear_in_minutes_between_terms),
        cmocka_unit_test(a_flat_surface_has_its_vol_as_bound),
        cmocka_unit_test(what_breaks_the_bound_is_flagged),
        cmocka_unit_test(a_term_without_variance_is_passed_over),
        cmocka_unit_test(the_second_moment_of_a_lognormal_vix),
        cmocka_unit_test(the_vol_of_vol_is_the_method_on_vix_options),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
