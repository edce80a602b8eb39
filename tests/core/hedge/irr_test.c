/* Against tests/data/irr.csv. */
#include "core/hedge/irr.h"

#include "tests/check.h"
#include "tests/table.h"

enum { FLOWS_MAX = 16 };

static size_t read_list(const char *text, double *values)
{
    size_t count = 0;

    while (*text != '\0') {
        char *end;

        assert_true(count < FLOWS_MAX);
        values[count++] = strtod(text, &end);
        assert_true(end > text);
        text = *end == ';' ? end + 1 : end;
    }
    return count;
}

static void the_reference_flows_have_their_roots(void **state)
{
    vw_table table = vw_table_read("irr.csv");

    (void)state;
    assert_true(table.rows >= 7);
    for (size_t row = 0; row < table.rows; row++) {
        double years[FLOWS_MAX], flows[FLOWS_MAX], want[FLOWS_MAX], got[VW_IRR_ROOTS_MAX];
        size_t count = read_list(vw_table_text(&table, row, "times"), years);
        size_t roots = read_list(
            vw_table_text(&table, row, "irr_roots_annual_effective_in(-0.999;1e6)"), want);

        assert_int_equal(read_list(vw_table_text(&table, row, "cashflows"), flows), count);
        assert_int_equal(vw_irr_roots(years, flows, count, got), roots);
        for (size_t i = 0; i < roots; i++) {
            assert_near(got[i], want[i], 1e-12 * (1 + fabs(want[i])));
        }
        double one = vw_irr_of(years, flows, count); /* of two payments without a search */

        assert_true(roots == 1 ? fabs(one - got[0]) <= 1e-12 * (1 + fabs(one)) : isnan(one));
    }
    vw_table_free(&table);
}

static void roots_that_lie_close_together_are_both_found(void **state)
{
    const double years[] = {0, 1, 2};
    double roots[VW_IRR_ROOTS_MAX];

    (void)state;
    for (double apart = 1e-4; apart < 0.5; apart *= 1.7) {
        double one = 1.1, two = 1.1 + apart;
        const double flows[] = {-1000, 1000 * (one + two), -1000 * one * two};

        assert_int_equal(vw_irr_roots(years, flows, 3, roots), 2);
        assert_near(roots[0], one - 1, 1e-9);
        assert_near(roots[1], two - 1, 1e-9);
    }
}

static void the_net_present_value_is_zero_at_the_rate_of_return(void **state)
{
    const double years[] = {0, 0.25, 0.5}, flows[] = {-800, 300, 600};

    (void)state;
    assert_near(vw_irr_npv(years, flows, 3, vw_irr_of(years, flows, 3)), 0, 1e-9);
    assert_near(vw_irr_npv(years, flows, 3, 0), 100, 1e-12);
}

static void nothing_paid_has_no_rate(void **state)
{
    const double years[] = {0, 1}, flows[] = {0, 0};
    double roots[VW_IRR_ROOTS_MAX];

    (void)state;
    assert_int_equal(vw_irr_roots(years, flows, 2, roots), 0);
    assert_int_equal(vw_irr_roots(years, flows, 0, roots), 0);
    assert_true(isnan(vw_irr_of(years, flows, 2)));
}

static void capital_costs_its_weighted_average_after_tax(void **state)
{
    (void)state;
    assert_near(vw_irr_wacc(60, 0.10, 40, 0.05, 0.25), 0.06 + 0.015, 1e-15);
    assert_near(vw_irr_wacc(100, 0.08, 0, 0.05, 0.3), 0.08, 1e-15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_reference_flows_have_their_roots),
        cmocka_unit_test(roots_that_lie_close_together_are_both_found),
        cmocka_unit_test(the_net_present_value_is_zero_at_the_rate_of_return),
        cmocka_unit_test(nothing_paid_has_no_rate),
        cmocka_unit_test(capital_costs_its_weighted_average_after_tax),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
