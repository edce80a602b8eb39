#include "core/vol/hks.h"

#include "core/pricing/svi.h"
#include "tests/check.h"
#include "tests/core/vol/hks_points.h"
#include "tests/table.h"

static void variance_slopes_and_g_match_every_reference_point(void **state)
{
    vw_table table = vw_table_read("hks_points.csv");
    vw_hks hks = hks_points_smile();

    (void)state;
    assert_true(table.rows > 50);
    for (size_t row = 0; row < table.rows; row++) {
        double k = vw_table_number(&table, row, "k"), w, w1, w2, want;

        vw_hks_variance(&hks, &k, &w, 1);
        vw_hks_slopes(&hks, &k, &w1, &w2, 1);
        want = vw_table_number(&table, row, "w");
        assert_near(w, want, 1e-13 * want);
        want = vw_table_number(&table, row, "w1");
        assert_near(w1, want, 1e-13 * fabs(want));
        want = vw_table_number(&table, row, "w2");
        assert_near(w2, want, 1e-13 * want);
        want = vw_table_number(&table, row, "g");
        assert_near(vw_durrleman_g(k, w, w1, w2), want, 1e-13 * fmax(1, fabs(want)));
        want = vw_table_number(&table, row, "iv");
        assert_near(sqrt(w / (30.0 / 365)), want, 1e-13 * want);
    }
    vw_table_free(&table);
}

static void one_kernel_is_raw_svi(void **state)
{
    vw_svi svi = {0.0004, 0.035, -0.65, 0.01, 0.05};
    double sd = 0.06;
    vw_hks hks = {.sd = sd,
                  .c0 = (svi.a - svi.b * svi.rho * svi.m) / (sd * sd),
                  .c1 = svi.b * svi.rho / sd,
                  .m = {svi.m / sd},
                  .s = {svi.sigma / sd},
                  .c = {svi.b / sd},
                  .nodes = 1};

    (void)state;
    for (double k = -1; k <= 1; k += 0.05) {
        double w, want;

        vw_hks_variance(&hks, &k, &w, 1);
        vw_svi_variance(&svi, &k, &want, 1);
        assert_near(w, want, 1e-13 * want);
    }
}

static void a_node_has_a_quote_before_it_and_one_beyond(void **state)
{
    double z[] = {-3.7, -2.9, -2.0, -1.2, -0.9, -0.5, -0.1, 0.0, 0.2, 0.3, 0.7, 1.0, 1.2, 1.5};
    static const double kept[] = {-3.65, -2.8, -1.5, -1, -0.55, -0.15, 0.25, 0.65, 1.1};
    vw_hks hks;

    (void)state;
    vw_hks_place(&hks, z, sizeof z / sizeof *z);
    /* -3.65 opens; -2.1 has none since -2.8; 1.6 is within the margin but nothing lies beyond it */
    assert_int_equal(hks.nodes, VW_COUNT_OF(kept));
    for (size_t i = 0; i < VW_COUNT_OF(kept); i++) {
        assert_near(hks.m[i], kept[i], 0);
    }
    assert_near(hks.s[0], 0.75 * 0.85, 1e-15);
    assert_near(hks.s[2], 0.75 * 0.9, 1e-15);
    assert_near(hks.s[8], 0.75 * 0.45, 1e-15);
    vw_hks_place(&hks, z, 0);
    assert_int_equal(hks.nodes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(variance_slopes_and_g_match_every_reference_point),
        cmocka_unit_test(one_kernel_is_raw_svi),
        cmocka_unit_test(a_node_has_a_quote_before_it_and_one_beyond),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
