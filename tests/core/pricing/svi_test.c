#include "core/pricing/svi.h"

#include "tests/check.h"
#include "tests/table.h"

static vw_svi read_slice(const vw_table *params, size_t row)
{
    return (vw_svi){vw_table_number(params, row, "a"), vw_table_number(params, row, "b"),
                    vw_table_number(params, row, "rho"), vw_table_number(params, row, "m"),
                    vw_table_number(params, row, "sigma")};
}

static vw_svi find_slice(const vw_table *params, const char *name)
{
    for (size_t row = 0; row < params->rows; row++) {
        if (strcmp(vw_table_text(params, row, "name"), name) == 0) {
            return read_slice(params, row);
        }
    }
    fail_msg("no slice %s", name);
    return (vw_svi){0};
}

static void variance_slopes_and_g_match_every_reference_point(void **state)
{
    vw_table params = vw_table_read("svi_params.csv"), points = vw_table_read("svi_points.csv");

    (void)state;
    assert_true(points.rows > 800);
    for (size_t row = 0; row < points.rows; row++) {
        vw_svi svi = find_slice(&params, vw_table_text(&points, row, "name"));
        double k = vw_table_number(&points, row, "k"), want = vw_table_number(&points, row, "w");
        double want1 = vw_table_number(&points, row, "w1");
        double want2 = vw_table_number(&points, row, "w2");
        double want_g = vw_table_number(&points, row, "g");
        double w, w1, w2, g, scale;

        vw_svi_variance(&svi, &k, &w, 1);
        vw_svi_slopes(&svi, &k, &w1, &w2, 1);
        g = vw_durrleman_g(k, w, w1, w2);
        scale = fmax(1, fmax(w1 * w1 / w, pow(k * w1 / w, 2)));
        assert_near(w, want, 1e-13 * fabs(want));
        assert_near(w1, want1, want1 == 0 ? 1e-17 : 1e-13 * fabs(want1));
        assert_near(w2, want2, 1e-13 * fabs(want2));
        assert_near(g, want_g, 1e-13 * scale);
        if (fabs(want_g) > 1e-10) {
            assert_int_equal(g > 0 ? 1 : -1, (int)vw_table_number(&points, row, "sign"));
        }
    }
    vw_table_free(&points);
    vw_table_free(&params);
}

static void sigma_star_jump_wings_and_verdicts_match_the_reference(void **state)
{
    vw_table params = vw_table_read("svi_params.csv");

    (void)state;
    for (size_t row = 0; row < params.rows; row++) {
        vw_svi svi = read_slice(&params, row);
        double star = vw_svi_sigma_star(&svi), want = vw_table_number(&params, row, "sigma_star");
        vw_svi_jw jw = vw_svi_jw_get(&svi, vw_table_number(&params, row, "T"));
        const char *names[] = {"JW_v", "JW_psi", "JW_p", "JW_c", "JW_vt"};
        const double got[] = {jw.v, jw.psi, jw.p, jw.c, jw.v_min};

        for (size_t i = 0; i < 5; i++) {
            double jw_want = vw_table_number(&params, row, names[i]);
            assert_near(got[i], jw_want, jw_want == 0 ? 1e-17 : 1e-13 * fabs(jw_want));
        }
        assert_int_equal(vw_svi_is_arbitrage_free(&svi),
                         (int)vw_table_number(&params, row, "arb_free_on_[-3;3]"));
        if ((int)vw_table_number(&params, row, "fukasawa_ok")) {
            assert_near(star, want, fmax(1e-6 * want, 1e-8));
        } else {
            assert_true(star > svi.sigma);
        }
    }
    vw_table_free(&params);
}

static void the_vogt_smile_has_the_published_values_and_is_refused(void **state)
{
    vw_svi vogt = {-0.041, 0.1331, 0.306, 0.3586, 0.4153};
    vw_table table = vw_table_read("svi_vogt.csv");
    size_t seen = 0;

    (void)state;
    for (size_t row = 0; row < table.rows; row++) {
        const char *quantity = vw_table_text(&table, row, "quantity");
        double k = vw_table_number(&table, row, "k"), want = vw_table_number(&table, row, "value");
        double w, w1, w2;

        if (isnan(k)) {
            continue;
        }
        vw_svi_variance(&vogt, &k, &w, 1);
        vw_svi_slopes(&vogt, &k, &w1, &w2, 1);
        if (strcmp(quantity, "durrleman_g") == 0) {
            assert_near(vw_durrleman_g(k, w, w1, w2), want, 5e-10);
        } else if (strcmp(quantity, "implied_vol_t1") == 0) {
            assert_near(sqrt(w), want, 5e-10);
        } else {
            assert_near(w, want, 5e-10);
        }
        seen++;
    }
    assert_true(seen >= 15);
    assert_false(vw_svi_is_arbitrage_free(&vogt));
    assert_false(vw_svi_repair(&vogt));
    vw_table_free(&table);
}

static double least_g(const vw_svi *svi)
{
    double least = INFINITY;

    for (double k = -3; k <= 3; k += 1e-4) {
        double w, w1, w2;
        vw_svi_variance(svi, &k, &w, 1);
        vw_svi_slopes(svi, &k, &w1, &w2, 1);
        least = fmin(least, vw_durrleman_g(k, w, w1, w2));
    }
    return least;
}

static void a_smile_below_sigma_star_is_repaired_and_then_has_no_butterfly(void **state)
{
    vw_svi svi = {0.01, 0.2, -0.6, 0.02, 0.005}, kept;

    (void)state;
    assert_true(least_g(&svi) < 0);
    assert_true(vw_svi_repair(&svi));
    assert_true(least_g(&svi) > 0);
    assert_true(vw_svi_is_arbitrage_free(&svi));
    kept = svi;
    assert_true(vw_svi_repair(&svi));
    assert_memory_equal(&svi, &kept, sizeof svi);
    /* a hair below sigma* the butterfly is back */
    svi.a *= 0.998;
    svi.m *= 0.998;
    svi.sigma *= 0.998;
    assert_true(least_g(&svi) < 0);
}

static void a_flat_smile_needs_no_sigma(void **state)
{
    vw_svi flat = {.a = 0.04, .sigma = 0.1}, none = {.a = -0.04, .sigma = 0.1};

    (void)state;
    assert_true(vw_svi_is_arbitrage_free(&flat));
    assert_false(vw_svi_is_arbitrage_free(&none));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(variance_slopes_and_g_match_every_reference_point),
        cmocka_unit_test(sigma_star_jump_wings_and_verdicts_match_the_reference),
        cmocka_unit_test(the_vogt_smile_has_the_published_values_and_is_refused),
        cmocka_unit_test(a_smile_below_sigma_star_is_repaired_and_then_has_no_butterfly),
        cmocka_unit_test(a_flat_smile_needs_no_sigma),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
