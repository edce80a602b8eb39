#include "core/vol/vx_beta.h"

#include "core/vol/vx_curve.h"
#include "tests/check.h"

static vw_vx_beta beta;

static int start(void **state)
{
    (void)state;
    vw_vx_beta_init(&beta, &vw_vx_beta_defaults);
    return 0;
}

/* Changes of a future that is `ratio` times the prior of an index that swings. */
static void feed(uint32_t month, size_t count, double ratio)
{
    for (size_t i = 0; i < count; i++) {
        double index = i % 2 == 0 ? 1 : -0.5;

        vw_vx_beta_add(&beta, month, 20, ratio * vw_vx_curve_beta(20) * index, index);
    }
}

static void fewer_than_twenty_changes_give_the_prior(void **state)
{
    vw_vx_beta_estimate at;

    (void)state;
    feed(1, 19, 1.5);
    at = vw_vx_beta_at(&beta, 1, 50);
    assert_true(at.prior);
    assert_near(at.beta, vw_vx_curve_beta(50), 0);
    assert_int_equal(at.count, 19);
    feed(1, 1, 1.5);
    at = vw_vx_beta_at(&beta, 1, 50);
    assert_false(at.prior);
    assert_near(at.beta, 1.5 * vw_vx_curve_beta(50), 1e-12); /* at its own days */
    assert_near(at.r2, 1, 1e-12);
    assert_true(vw_vx_beta_at(&beta, 0, 50).prior);
    assert_true(vw_vx_beta_at(&beta, VW_VX_BETA_MONTHS, 50).prior);
}

static void an_estimate_stays_within_half_and_twice_the_prior(void **state)
{
    (void)state;
    feed(0, 30, 0.1);
    feed(1, 30, 0.51);
    feed(2, 30, 1.99);
    feed(3, 30, 5);
    assert_near(vw_vx_beta_at(&beta, 0, 10).beta, 0.5 * vw_vx_curve_beta(10), 1e-12);
    assert_near(vw_vx_beta_at(&beta, 1, 10).beta, 0.51 * vw_vx_curve_beta(10), 1e-12);
    assert_near(vw_vx_beta_at(&beta, 2, 10).beta, 1.99 * vw_vx_curve_beta(10), 1e-12);
    assert_near(vw_vx_beta_at(&beta, 3, 10).beta, 2 * vw_vx_curve_beta(10), 1e-12);
}

static void thirty_changes_later_a_change_weighs_half(void **state)
{
    vw_vx_beta_estimate at;

    (void)state;
    vw_vx_beta_add_forward(&beta, 0, 1, 1);
    for (int i = 0; i < 29; i++) {
        vw_vx_beta_add_forward(&beta, 0, 0, 0);
    }
    vw_vx_beta_add_forward(&beta, 0, 0, 1); /* the first now weighs half */
    at = vw_vx_beta_forward_at(&beta, 0);
    assert_near(at.beta, 1.0 / 3, 1e-12);
    assert_near(at.r2, 0.5 * 0.5 / (1.5 * 0.5), 1e-12);
    for (int i = 0; i < 400; i++) {
        vw_vx_beta_add_forward(&beta, 0, NAN, 1);
        vw_vx_beta_add_forward(&beta, 0, 1, 1);
    }
    assert_int_equal(vw_vx_beta_forward_at(&beta, 0).count, 252);
    assert_true(isnan(vw_vx_beta_forward_at(&beta, 1).beta));
}

static void an_index_that_stands_still_tells_nothing(void **state)
{
    (void)state;
    for (int i = 0; i < 100; i++) {
        vw_vx_beta_add(&beta, 0, 20, 0.1, 0);
    }
    assert_true(vw_vx_beta_at(&beta, 0, 20).prior);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(fewer_than_twenty_changes_give_the_prior, start),
        cmocka_unit_test_setup(an_estimate_stays_within_half_and_twice_the_prior, start),
        cmocka_unit_test_setup(thirty_changes_later_a_change_weighs_half, start),
        cmocka_unit_test_setup(an_index_that_stands_still_tells_nothing, start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
