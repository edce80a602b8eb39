/* The VIX method on the white paper's example of 2014. */
#include "core/vol/vix_index.h"

#include "tests/check.h"

enum { STRIKES_MAX = 400 };

static vw_vix_strip term_of(const char *path, double minutes, double rate)
{
    static double columns[5][STRIKES_MAX];
    FILE *file = fopen(vw_test_data(path), "r");
    vw_vix_quotes quotes = {columns[0], columns[1], columns[2], columns[3], columns[4], 0};
    vw_vix_strip strip;

    assert_non_null(file);
    while (quotes.count < STRIKES_MAX &&
           fscanf(file, "%lf %lf %lf %lf %lf", &columns[0][quotes.count], &columns[1][quotes.count],
                  &columns[2][quotes.count], &columns[3][quotes.count],
                  &columns[4][quotes.count]) == 5) {
        quotes.count++;
    }
    fclose(file);
    assert_int_equal(vw_vix_term(&quotes, minutes, rate, &strip), VW_STATUS_OK);
    return strip;
}

static void the_white_paper_of_2014_comes_out(void **state)
{
    vw_vix_strip near = term_of("whitepaper/vixwhite2014_near.dat", 35924, 0.000305);
    vw_vix_strip next = term_of("whitepaper/vixwhite2014_next.dat", 46394, 0.000286);

    (void)state;
    assert_near(near.forward, 1962.89996, 1e-5);
    assert_near(next.forward, 1962.40006, 1e-5);
    assert_near(near.k0, 1960, 0);
    assert_near(next.k0, 1960, 0);
    assert_near(vw_vix_value(&near, &next, 30), 13.6858, 5e-5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_white_paper_of_2014_comes_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
