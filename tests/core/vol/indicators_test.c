/* Against tests/data/indicators.csv. */
#include "core/vol/indicators.h"

#include "tests/check.h"
#include "tests/table.h"

static void expect(const vw_table *table, size_t row, const char *column, double got)
{
    double want = vw_table_number(table, row, column);

    if (isnan(want)) {
        assert_true(isnan(got));
    } else {
        assert_near(got, want, 1e-12 * fmax(1, fabs(want)) + 3e-13 * 100);
    }
}

static void the_reference_series_come_out_bar_by_bar(void **state)
{
    vw_table table = vw_table_read("indicators.csv");
    vw_ema fast, slow;
    vw_macd macd;
    vw_rsi rsi14, rsi21;

    (void)state;
    assert_int_equal(table.rows, 300);
    vw_ema_init(&fast, 12);
    vw_ema_init(&slow, 26);
    vw_macd_init(&macd);
    vw_rsi_init(&rsi14, 14);
    vw_rsi_init(&rsi21, 21);
    for (size_t row = 0; row < table.rows; row++) {
        double close = vw_table_number(&table, row, "close");

        expect(&table, row, "ema12", vw_ema_add(&fast, close));
        expect(&table, row, "ema26", vw_ema_add(&slow, close));
        expect(&table, row, "hist", vw_macd_add(&macd, close));
        expect(&table, row, "macd", macd.line);
        expect(&table, row, "rsi14", vw_rsi_add(&rsi14, close));
        expect(&table, row, "rsi21", vw_rsi_add(&rsi21, close));
    }
    vw_table_free(&table);
}

static void a_copy_is_a_snapshot_and_gives_the_running_bar(void **state)
{
    vw_rsi rsi, running;

    (void)state;
    vw_rsi_init(&rsi, 3);
    for (int i = 0; i < 10; i++) {
        vw_rsi_add(&rsi, 100 + (i % 3));
    }
    running = rsi;
    assert_true(vw_rsi_add(&running, 120) > rsi.value);
    vw_rsi_add(&rsi, 120);
    assert_true(rsi.value == running.value && rsi.value_before == running.value_before);
}

static void an_rsi_that_only_rises_is_100_and_one_that_rests_50(void **state)
{
    vw_rsi up, still;

    (void)state;
    vw_rsi_init(&up, 14);
    vw_rsi_init(&still, 14);
    for (int i = 0; i < 14; i++) {
        assert_true(isnan(vw_rsi_add(&up, i)));
        vw_rsi_add(&still, 7);
    }
    assert_near(vw_rsi_add(&up, 14), 100, 0);
    assert_near(vw_rsi_add(&still, 7), 50, 0);
    assert_near(vw_rsi_add(&up, NAN), 100, 0); /* not taken */
    assert_near(up.count, 15, 0);
}

static void a_histogram_turns_where_its_sign_changes(void **state)
{
    vw_macd macd;
    int turns = 0;

    (void)state;
    vw_macd_init(&macd);
    for (int i = 0; i < 120; i++) {
        vw_macd_add(&macd, i < 60 ? i * i : 3600 - 50 * (i - 60));
        if (i < 33) {
            assert_int_equal(vw_macd_turn(&macd), 0);
        }
        turns += vw_macd_turn(&macd) == -1;
    }
    assert_int_equal(turns, 1);
}

static void a_window_keeps_the_last_of_its_length(void **state)
{
    vw_window window;

    (void)state;
    vw_window_init(&window, 4);
    assert_true(isnan(vw_window_mean(&window)) && isnan(vw_window_at(&window, 0)));
    for (int i = 1; i <= 6; i++) {
        vw_window_add(&window, i * i);
    }
    assert_near(vw_window_at(&window, 0), 36, 0);
    assert_near(vw_window_at(&window, 3), 9, 0);
    assert_true(isnan(vw_window_at(&window, 4)));
    assert_near(vw_window_mean(&window), 21.5, 0);
    assert_near(vw_window_median(&window), 20.5, 0);
    assert_near(vw_window_low(&window), 9, 0);
    assert_near(vw_window_high(&window), 36, 0);
    assert_near(vw_window_deviation(&window), sqrt(409.0 / 3), 1e-12);
}

static void realised_vol_is_annual_and_of_log_returns(void **state)
{
    vw_realised realised;
    double close = 100;

    (void)state;
    vw_realised_init(&realised, 10);
    assert_true(isnan(vw_realised_add(&realised, close)));
    for (int i = 0; i < 10; i++) {
        close *= exp(i % 2 == 0 ? 0.01 : -0.01);
        assert_true(isnan(vw_realised_add(&realised, close)) == (i < 9));
    }
    assert_near(vw_realised_add(&realised, NAN), 0.01 * sqrt(252), 1e-12);
}

static void breadth_that_does_not_follow_a_high_diverges(void **state)
{
    vw_window price, breadth;

    (void)state;
    vw_window_init(&price, 20);
    vw_window_init(&breadth, 20);
    for (int i = 0; i < 20; i++) { /* a high at 10, a higher one at 19; breadth lower there */
        vw_window_add(&price, i == 10 ? 50 : i == 19 ? 51 : 40);
        vw_window_add(&breadth, i == 10 ? 1000 : i == 19 ? 990 : 900);
    }
    assert_int_equal(vw_divergence(&price, &breadth), -1);
    breadth.values[19] = 1010;
    assert_int_equal(vw_divergence(&price, &breadth), 0);
    for (int i = 0; i < 20; i++) {
        price.values[i] = -price.values[i];
        breadth.values[i] = -breadth.values[i];
    }
    breadth.values[19] = -990;
    assert_int_equal(vw_divergence(&price, &breadth), 1);
    for (int back = 4; back <= 5; back++) { /* highs less than five closes apart are one */
        for (int i = 0; i < 20; i++) {
            price.values[i] = i == 19 - back ? 50 : i == 19 ? 51 : 40;
            breadth.values[i] = i == 19 - back ? 1000 : i == 19 ? 990 : 900;
        }
        assert_int_equal(vw_divergence(&price, &breadth), back == 5 ? -1 : 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_reference_series_come_out_bar_by_bar),
        cmocka_unit_test(a_copy_is_a_snapshot_and_gives_the_running_bar),
        cmocka_unit_test(an_rsi_that_only_rises_is_100_and_one_that_rests_50),
        cmocka_unit_test(a_histogram_turns_where_its_sign_changes),
        cmocka_unit_test(a_window_keeps_the_last_of_its_length),
        cmocka_unit_test(realised_vol_is_annual_and_of_log_returns),
        cmocka_unit_test(breadth_that_does_not_follow_a_high_diverges),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
