#include "core/engine/drift.h"

#include "tests/check.h"

static const int64_t MS = 1000000;

/* A two-sided quote of so much spread around a mid, in 1/10,000 point. */
static void quote(vw_drift *drift, int64_t ns, int64_t mid, int64_t spread)
{
    vw_drift_add(drift, ns, mid - spread / 2, mid + spread / 2);
}

static void a_mid_that_goes_on_drifts_by_its_way_in_spreads(void **state)
{
    vw_drift drift = {0};

    (void)state;
    quote(&drift, 0, 200000, 500);
    quote(&drift, 10 * MS, 200500, 500); /* up; then on, back, and on again */
    quote(&drift, 10 * MS + 900000, 200600, 500);
    quote(&drift, 15 * MS, 200400, 500);
    quote(&drift, 60 * MS, 200750, 500);
    vw_drift_read(&drift, 110 * MS - 1); /* of the first change a nanosecond is missing */
    assert_int_equal(drift.changes[2], 0);
    vw_drift_read(&drift, 110 * MS);
    assert_int_equal(drift.changes[2], 1);
    assert_near(drift.mean[2], 0.5, 1e-12); /* 250 of 500 */
    /* The four changes at 1 ms: on by 100, then nothing, nothing, nothing. */
    assert_int_equal(drift.changes[0], 4);
    assert_near(drift.mean[0], 0.2 / 4, 1e-12);
    /* At 10 ms: down 100 below the first; up at 10.9, then down 200; down at 15, then nothing. */
    assert_int_equal(drift.changes[1], 4);
    assert_near(drift.mean[1], (-0.2 - 0.4 + 0 + 0) / 4, 1e-12);
}

static void down_moves_that_go_on_count_like_up_moves(void **state)
{
    vw_drift drift = {0};

    (void)state;
    quote(&drift, 0, 200000, 1000);
    quote(&drift, MS, 199500, 1000);
    quote(&drift, 51 * MS, 199200, 1000);
    vw_drift_read(&drift, 101 * MS);
    assert_near(drift.mean[2], 0.3, 1e-12);
    assert_near(drift.mean[1], 0, 0);
}

static void what_was_read_is_not_read_again(void **state)
{
    vw_drift at_once = {0}, bit_by_bit = {0};

    (void)state;
    for (int64_t i = 0; i < 60; i++) {
        int64_t mid = 200000 + 100 * ((i * 7) % 5), ns = i * 3 * MS;

        quote(&at_once, ns, mid, 500);
        quote(&bit_by_bit, ns, mid, 500);
        vw_drift_read(&bit_by_bit, ns);
    }
    vw_drift_read(&at_once, 59 * 3 * MS);
    for (size_t h = 0; h < VW_DRIFT_HORIZONS; h++) {
        assert_int_equal(at_once.changes[h], bit_by_bit.changes[h]);
        assert_near(at_once.mean[h], bit_by_bit.mean[h], 0);
    }
}

static void sizes_alone_empty_sides_and_lost_quotes_are_no_changes(void **state)
{
    vw_drift drift = {0};

    (void)state;
    quote(&drift, 0, 200000, 500);
    quote(&drift, MS, 200000, 500);
    assert_int_equal(drift.count, 1);
    vw_drift_add(&drift, 2 * MS, INT64_MIN, 200250); /* one-sided */
    quote(&drift, 3 * MS, 200500, 500);              /* comes from no mid */
    quote(&drift, 4 * MS, 200500, 1000);             /* wider, the same mid */
    vw_drift_read(&drift, 1000 * MS);
    assert_int_equal(drift.changes[2], 0);
    for (int64_t i = 0; i < 1000; i++) { /* more than it holds: the newest count */
        quote(&drift, (2000 + i) * MS, 200000 + 100 * (i % 2), 500);
    }
    vw_drift_read(&drift, 10000 * MS);
    assert_true(drift.changes[2] > 0);
    assert_int_equal(drift.read[2], drift.count);
}

static void of_many_changes_the_newest_weigh_most(void **state)
{
    vw_drift drift = {0};
    int64_t ns = 0, mid = 2000000;

    (void)state;
    for (int i = 0; i < 1000; i++) { /* each goes on for 40 ms by half a spread; then none does */
        quote(&drift, ns, mid, 1000);
        if (i < 500) {
            quote(&drift, ns + 40 * MS, mid + 500, 1000);
        }
        mid += 1000;
        ns += 1000 * MS;
        vw_drift_read(&drift, ns);
    }
    assert_near(drift.mean[2], 0, 0.001);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mid_that_goes_on_drifts_by_its_way_in_spreads),
        cmocka_unit_test(down_moves_that_go_on_count_like_up_moves),
        cmocka_unit_test(what_was_read_is_not_read_again),
        cmocka_unit_test(sizes_alone_empty_sides_and_lost_quotes_are_no_changes),
        cmocka_unit_test(of_many_changes_the_newest_weigh_most),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
