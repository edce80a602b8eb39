#include "feeds/treasury.h"

#include "tests/check.h"

#include <string.h>
#include <unistd.h>

static char path[64];

static const char *write_text(const char *text)
{
    FILE *file;

    snprintf(path, sizeof path, "/tmp/vegawire_treasury_%d.csv", (int)getpid());
    file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    return path;
}

static double continuous(double percent)
{
    return 2 * log(1 + percent / 200);
}

static const char fred[] = "date,DGS1MO,DGS3MO,DGS6MO,DGS1,DGS2\n"
                           "2021-01-04,0.09,0.09,0.09,0.1,0.11\n"
                           "2021-01-05,1,2,4,3,3.5\n"
                           "2021-01-06,,,,,\n"
                           "2021-01-07,9,9,9,9,9\n";

static void the_last_row_with_yields_not_after_the_day_counts(void **state)
{
    vw_treasury curve;
    vw_error error;

    (void)state;
    assert_int_equal(vw_treasury_read(write_text(fred), 20210106, &curve, &error), VW_OK);
    assert_int_equal(curve.date, 20210105);
    assert_int_equal(curve.count, 5);
    assert_near(vw_treasury_rate(&curve, 1 / 12.0), continuous(1), 1e-15);
    assert_near(vw_treasury_rate(&curve, 0.25), continuous(2), 1e-15);
    assert_near(vw_treasury_rate(&curve, 2), continuous(3.5), 1e-15);
    assert_near(vw_treasury_rate(&curve, 0.01), continuous(1), 1e-15); /* flat outside */
    assert_near(vw_treasury_rate(&curve, 30), continuous(3.5), 1e-15);
}

static void between_maturities_the_spline_stays_between_their_yields(void **state)
{
    vw_treasury curve;
    vw_error error;

    (void)state;
    assert_int_equal(vw_treasury_read(write_text(fred), 20210105, &curve, &error), VW_OK);
    for (double years = 0.26; years < 0.5; years += 0.01) {
        double rate = vw_treasury_rate(&curve, years);

        assert_true(rate >= continuous(2) && rate <= continuous(4));
    }
}

/* x^3 is no natural spline, a straight line is: it must come back exactly. */
static void a_straight_line_is_its_own_spline(void **state)
{
    vw_treasury curve;
    vw_error error;

    (void)state;
    assert_int_equal(vw_treasury_read(write_text("Date,\"1 Yr\",\"2 Yr\",\"3 Yr\",\"5 Yr\"\n"
                                                 "01/05/2021,1,2,3,5\n"),
                                      20210108, &curve, &error),
                     VW_OK);
    for (double years = 1; years < 5; years += 0.1) {
        assert_near(vw_treasury_rate(&curve, years), continuous(years), 1e-14);
    }
}

/* Natural spline through (0.5,1) (1,2) (2,1.5): bends 0, b, 0 with 3 b = 6 (-0.5 - 2). */
static void the_bend_is_that_of_a_natural_spline(void **state)
{
    vw_treasury curve;
    vw_error error;

    (void)state;
    assert_int_equal(vw_treasury_read(write_text("Date,6 Mo,1 Yr,2 Yr\n2021-01-05,1,2,1.5\n"),
                                      20210105, &curve, &error),
                     VW_OK);
    assert_near(curve.bend[1], -5, 1e-14);
    assert_near(vw_treasury_rate(&curve, 0.75), continuous(1.5 + 0.25 / 6 * 0.375 * 5), 1e-15);
}

static void what_has_no_yields_for_the_day_is_an_error(void **state)
{
    vw_treasury curve;
    vw_error error = {""};

    (void)state;
    assert_int_equal(vw_treasury_read(write_text(fred), 20220610, &curve, &error), VW_ERR_DATA);
    assert_non_null(strstr(error.text, "20220610"));
    assert_int_equal(vw_treasury_read(write_text(fred), 20201231, &curve, &error), VW_ERR_DATA);
    assert_int_equal(vw_treasury_read(write_text("a,b\n1,2\n"), 20210105, &curve, &error),
                     VW_ERR_DATA);
    assert_non_null(strstr(error.text, ":1: expected a header"));
    assert_int_equal(vw_treasury_read("/nonexistent", 20210105, &curve, &error), VW_ERR_DATA);
}

static int remove_file(void **state)
{
    (void)state;
    unlink(path);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_row_with_yields_not_after_the_day_counts),
        cmocka_unit_test(between_maturities_the_spline_stays_between_their_yields),
        cmocka_unit_test(a_straight_line_is_its_own_spline),
        cmocka_unit_test(the_bend_is_that_of_a_natural_spline),
        cmocka_unit_test(what_has_no_yields_for_the_day_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, remove_file);
}
