/* Against tests/data/normal.csv (40 digits, mpmath); tolerances of mathematics.md section 13. */
#include "core/pricing/normal.h"

#include "tests/check.h"
#include "tests/table.h"

static void density_cdf_and_mills_ratio_match_forty_digits(void **state)
{
    vw_table table = vw_table_read("normal.csv");

    (void)state;
    assert_true(table.rows > 300);
    for (size_t i = 0; i < table.rows; i++) {
        double x = vw_table_number(&table, i, "x");
        double cdf = vw_table_number(&table, i, "cdf_minus");
        double pdf = vw_table_number(&table, i, "pdf"), mills = vw_table_number(&table, i, "mills");

        assert_near(vw_normal_cdf(-x), cdf, cdf * 4e-15 + 1e-307);
        assert_near(vw_normal_cdf(x), 1 - cdf, 4e-16);
        assert_near(vw_normal_density(x), pdf, pdf * 4e-15 + 1e-307);
        assert_near(vw_normal_mills(x), mills, mills * 2e-15);
    }
    vw_table_free(&table);
}

static void a_quantile_leads_back_to_its_probability(void **state)
{
    vw_table table = vw_table_read("normal.csv");

    (void)state;
    for (size_t i = 0; i < table.rows; i++) {
        double x = vw_table_number(&table, i, "x");
        double cdf = vw_table_number(&table, i, "cdf_minus");

        if (cdf > 1e-300) {
            assert_near(vw_normal_quantile(cdf), -x, 1e-14 * (1 + x));
        }
        if (x < 5) { /* 1 - p has no more digits than this */
            assert_near(vw_normal_quantile(1 - cdf), x, 1e-16 / vw_normal_density(x) + 1e-14);
        }
    }
    assert_true(isinf(vw_normal_quantile(0)) && isinf(vw_normal_quantile(1)));
    assert_near(vw_normal_quantile(0.5), 0, 4e-16); /* an epsilon of log p is twice that of x */
    vw_table_free(&table);
}

static void extremes_are_limits_not_nan(void **state)
{
    (void)state;
    assert_true(vw_normal_density(1e300) == 0 && vw_normal_density(-INFINITY) == 0);
    assert_true(vw_normal_cdf(-1e300) == 0 && vw_normal_cdf(1e300) == 1);
    assert_true(isinf(vw_normal_mills(-1e3)));
    assert_near(vw_normal_mills(1e300), 1e-300, 1e-315);
    assert_true(vw_normal_mills(INFINITY) == 0);
}

static void a_log_ratio_near_one_keeps_its_digits(void **state)
{
    (void)state;
    assert_near(vw_log_ratio(1 + 0x1p-40, 1), 0x1p-40 - 0x1p-81, 1e-28);
    assert_near(vw_log_ratio(1e300, 1e-300), 600 * log(10), 1e-12);
    assert_near(vw_log_ratio(1.5e308, 1.7e308), log(1.5 / 1.7), 1e-16);
    assert_near(vw_log_ratio(5e-324, 1), log(5e-324), 1e-12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(density_cdf_and_mills_ratio_match_forty_digits),
        cmocka_unit_test(a_quantile_leads_back_to_its_probability),
        cmocka_unit_test(extremes_are_limits_not_nan),
        cmocka_unit_test(a_log_ratio_near_one_keeps_its_digits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
