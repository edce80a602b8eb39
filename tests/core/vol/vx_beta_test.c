#include "core/vol/vx_beta.h"

#include "core/vol/vx_curve.h"
#include "tests/check.h"

static double uniform(void)
{
    return 2 * (double)random() / (double)RAND_MAX - 1;
}

static vw_vx_beta fresh(void)
{
    vw_vx_beta beta;

    vw_vx_beta_init(&beta, &vw_vx_beta_defaults);
    return beta;
}

static void too_little_data_gives_the_prior(void **state)
{
    vw_vx_beta beta = fresh();
    vw_vx_beta_estimate got;

    (void)state;
    for (int i = 0; i < 19; i++) {
        vw_vx_beta_add(&beta, 0, 20, 2, 1);
    }
    got = vw_vx_beta_at(&beta, 0, 20);
    assert_true(got.prior);
    assert_int_equal(got.count, 19);
    assert_near(got.beta, vw_vx_curve_beta(20), 0);
    assert_true(vw_vx_beta_at(&beta, VW_VX_BETA_MONTHS, 20).prior);
    vw_vx_beta_add(&beta, 0, 20, 2, 1);
    assert_false(vw_vx_beta_at(&beta, 0, 20).prior);
}

static void an_index_that_has_not_moved_gives_the_prior(void **state)
{
    vw_vx_beta beta = fresh();

    (void)state;
    for (int i = 0; i < 50; i++) {
        vw_vx_beta_add(&beta, 1, 40, 0.05, 0);
    }
    assert_true(vw_vx_beta_at(&beta, 1, 40).prior);
}

static void a_known_beta_is_found_with_its_r2(void **state)
{
    vw_vx_beta beta = fresh();
    vw_vx_beta_estimate got;

    (void)state;
    printf("seed 3\n");
    srandom(3);
    for (int i = 0; i < 400; i++) {
        double index = uniform();

        vw_vx_beta_add(&beta, 0, 25, 0.6 * index, index);
        vw_vx_beta_add(&beta, 1, 55, 0.4 * index + 0.4 * uniform(), index);
    }
    got = vw_vx_beta_at(&beta, 0, 25);
    assert_near(got.beta, 0.6, 1e-12);
    assert_near(got.r2, 1, 1e-12);
    assert_int_equal(got.count, 252);
    got = vw_vx_beta_at(&beta, 1, 55);
    assert_near(got.beta, 0.4, 0.15);
    assert_near(got.r2, 0.5, 0.2);
}

/* The ratio to the prior is what lasts: as the days run out beta rises along the prior's curve. */
static void beta_rises_as_the_days_run_out(void **state)
{
    vw_vx_beta beta = fresh();

    (void)state;
    for (int day = 0; day < 25; day++) {
        double days = 33 - day, index = day % 2 ? 1 : -0.8;

        vw_vx_beta_add(&beta, 0, days, 1.2 * vw_vx_curve_beta(days) * index, index);
    }
    assert_near(vw_vx_beta_at(&beta, 0, 8).beta, 1.2 * vw_vx_curve_beta(8), 1e-12);
    assert_near(vw_vx_beta_at(&beta, 0, 30).beta, 1.2 * vw_vx_curve_beta(30), 1e-12);
}

static void half_the_weight_is_gone_after_a_half_life(void **state)
{
    vw_vx_beta beta = fresh();
    double prior = vw_vx_curve_beta(30);

    (void)state;
    for (int i = 0; i < 2000; i++) { /* long 0.5, then a half-life of 1.0 times the prior */
        vw_vx_beta_add(&beta, 0, 30, (i < 1970 ? 0.7 : 1.1) * prior, 1);
    }
    assert_near(vw_vx_beta_at(&beta, 0, 30).beta, 0.9 * prior, 1e-9);
}

static void the_estimate_keeps_within_reason_of_the_prior(void **state)
{
    vw_vx_beta beta = fresh();

    (void)state;
    for (int i = 0; i < 30; i++) {
        vw_vx_beta_add(&beta, 0, 30, 9, 1);
        vw_vx_beta_add(&beta, 1, 60, -1, 1);
        vw_vx_beta_add(&beta, 2, 90, NAN, 1);
    }
    assert_near(vw_vx_beta_at(&beta, 0, 30).beta, 2 * vw_vx_curve_beta(30), 1e-12);
    assert_near(vw_vx_beta_at(&beta, 1, 60).beta, 0.5 * vw_vx_curve_beta(60), 1e-12);
    assert_true(vw_vx_beta_at(&beta, 2, 90).prior); /* not taken */
}

static void a_copy_goes_on_as_the_original(void **state)
{
    vw_vx_beta beta = fresh(), copy;

    (void)state;
    srandom(4);
    for (int i = 0; i < 100; i++) {
        vw_vx_beta_add(&beta, 0, 30, uniform(), uniform());
    }
    copy = beta;
    vw_vx_beta_add(&beta, 0, 29, 0.3, 0.6);
    vw_vx_beta_add(&copy, 0, 29, 0.3, 0.6);
    assert_true(vw_vx_beta_at(&beta, 0, 29).beta == vw_vx_beta_at(&copy, 0, 29).beta);
}

static void the_beta_to_its_own_forward_vol_is_apart(void **state)
{
    vw_vx_beta beta = fresh();
    vw_vx_beta_estimate got;

    (void)state;
    assert_true(isnan(vw_vx_beta_forward_at(&beta, 0).beta));
    for (int i = 0; i < 40; i++) {
        vw_vx_beta_add_forward(&beta, 0, i % 2 ? 0.9 : -0.9, i % 2 ? 1 : -1);
    }
    got = vw_vx_beta_forward_at(&beta, 0);
    assert_near(got.beta, 0.9, 1e-12);
    assert_false(got.prior);
    assert_true(vw_vx_beta_at(&beta, 0, 30).prior);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(too_little_data_gives_the_prior),
        cmocka_unit_test(an_index_that_has_not_moved_gives_the_prior),
        cmocka_unit_test(a_known_beta_is_found_with_its_r2),
        cmocka_unit_test(beta_rises_as_the_days_run_out),
        cmocka_unit_test(half_the_weight_is_gone_after_a_half_life),
        cmocka_unit_test(the_estimate_keeps_within_reason_of_the_prior),
        cmocka_unit_test(a_copy_goes_on_as_the_original),
        cmocka_unit_test(the_beta_to_its_own_forward_vol_is_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
