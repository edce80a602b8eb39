#include "core/vol/regime.h"

#include "tests/check.h"

static const int64_t SECOND = INT64_C(1000000000);
static const int64_t MINUTE = INT64_C(60000000000);
enum { FRONT = 20230118, NEXT = 20230215 };

static vw_regime_machine machine;

static int start(void **state)
{
    (void)state;
    vw_regime_init(&machine, &vw_regime_defaults);
    return 0;
}

static vw_regime at(int64_t ns, double vx1, double vx2, uint32_t expiry, bool live)
{
    vw_vx_pair pair = {llround(vx1 * 10000), llround(vx2 * 10000), expiry, live};

    return vw_regime_update(&machine, &pair, ns);
}

static void ties_at_a_threshold_are_decided_exactly(void **state)
{
    (void)state;
    assert_int_equal(at(0, 20.00, 20.70, FRONT, true), VW_REGIME_CONTANGO);
    assert_int_equal(machine.reason, VW_REGIME_REASON_FIRST);
    assert_int_equal(at(1, 20.00, 20.65, FRONT, true), VW_REGIME_FLAT);
    assert_int_equal(at(2, 20.00, 20.75, FRONT, true), VW_REGIME_FLAT);
    assert_int_equal(at(3, 20.00, 20.80, FRONT, true), VW_REGIME_CONTANGO);
    assert_int_equal(at(4, 20.00, 20.00, FRONT, true), VW_REGIME_FLAT);
    assert_int_equal(at(5, 20.0001, 20.00, FRONT, true), VW_REGIME_BACKWARDATION);
    assert_int_equal(at(6, 20.00, 20.09, FRONT, true), VW_REGIME_BACKWARDATION);
    assert_int_equal(at(7, 20.00, 20.10, FRONT, true), VW_REGIME_FLAT);
    assert_int_equal(machine.since_ns, 7);
}

static void two_points_exactly_never_arm(void **state)
{
    (void)state;
    for (int minute = 0; minute < 400; minute++) {
        assert_int_equal(at(minute * MINUTE, 32.95, 30.95, FRONT, true), VW_REGIME_BACKWARDATION);
    }
}

static void beyond_two_points_a_quarter_of_an_hour_inverts(void **state)
{
    (void)state;
    at(0, 32.05, 30, FRONT, true);
    assert_int_equal(at(15 * MINUTE - SECOND, 32.05, 30, FRONT, true), VW_REGIME_BACKWARDATION);
    assert_int_equal(at(15 * MINUTE, 32.05, 30, FRONT, true), VW_REGIME_INVERTED);
    assert_int_equal(machine.reason, VW_REGIME_REASON_DWELL);
    assert_int_equal(at(16 * MINUTE, 31.55, 30, FRONT, true), VW_REGIME_INVERTED);
    assert_int_equal(at(17 * MINUTE, 31.50, 30, FRONT, true), VW_REGIME_INVERTED);
    assert_int_equal(at(18 * MINUTE, 31.45, 30, FRONT, true), VW_REGIME_BACKWARDATION);
    assert_int_equal(at(19 * MINUTE, 33.05, 30, FRONT, true), VW_REGIME_INVERTED);
    assert_int_equal(machine.reason, VW_REGIME_REASON_THRESHOLD);
}

static void a_dwell_ends_at_its_instant_however_late_the_update(void **state)
{
    (void)state;
    at(0, 32.05, 30, FRONT, true);
    assert_int_equal(at(40 * MINUTE, 31.9, 30, FRONT, true), VW_REGIME_INVERTED);
    assert_int_equal(machine.since_ns, 15 * MINUTE);
}

static void a_dwell_resets_at_two_points_and_pauses_when_stale(void **state)
{
    (void)state;
    at(0, 32.05, 30, FRONT, true);
    at(10 * MINUTE, 32.00, 30, FRONT, true);
    at(11 * MINUTE, 32.05, 30, FRONT, true);
    at(20 * MINUTE, 32.05, 30, FRONT, false); /* 9 minutes so far */
    at(60 * MINUTE, 32.05, 30, FRONT, true);
    assert_int_equal(at(66 * MINUTE - 1, 32.05, 30, FRONT, true), VW_REGIME_BACKWARDATION);
    assert_int_equal(at(66 * MINUTE, 32.05, 30, FRONT, true), VW_REGIME_INVERTED);
}

static void stale_or_absent_quotes_hold_the_regime(void **state)
{
    (void)state;
    assert_int_equal(at(0, 20, 21, FRONT, false), VW_REGIME_UNKNOWN);
    at(1, 20, 21, FRONT, true);
    assert_int_equal(at(2, 40, 21, FRONT, false), VW_REGIME_CONTANGO);
    assert_int_equal(at(3, 0, 21, FRONT, true), VW_REGIME_CONTANGO);
    assert_int_equal(at(2, 20, 21, FRONT, true), VW_REGIME_CONTANGO); /* time runs backwards */
}

static void the_first_evaluation_of_a_steep_inversion_still_dwells(void **state)
{
    (void)state;
    assert_int_equal(at(0, 32.5, 30, FRONT, true), VW_REGIME_BACKWARDATION);
    start(NULL);
    assert_int_equal(at(0, 33, 30, FRONT, true), VW_REGIME_BACKWARDATION); /* not beyond three */
    start(NULL);
    assert_int_equal(at(0, 33.0001, 30, FRONT, true), VW_REGIME_INVERTED);
}

static void a_roll_alone_waits_a_quarter_of_an_hour(void **state)
{
    (void)state;
    at(0, 20, 20.9, FRONT, true);
    assert_int_equal(at(MINUTE, 20.9, 21.3, NEXT, true), VW_REGIME_CONTANGO);
    assert_int_equal(at(15 * MINUTE, 20.9, 21.3, NEXT, true), VW_REGIME_CONTANGO);
    assert_int_equal(at(16 * MINUTE, 20.9, 21.3, NEXT, true), VW_REGIME_FLAT);
    assert_int_equal(machine.reason, VW_REGIME_REASON_ROLL);
    assert_int_equal(at(17 * MINUTE, 20.9, 20.8, NEXT, true), VW_REGIME_BACKWARDATION);
    assert_int_equal(machine.reason, VW_REGIME_REASON_THRESHOLD);
}

static void a_market_that_moves_on_after_a_roll_is_followed_at_once(void **state)
{
    (void)state;
    at(0, 20, 20.9, FRONT, true);
    at(MINUTE, 20.9, 21.3, NEXT, true);
    assert_int_equal(at(2 * MINUTE, 20.9, 20.8, NEXT, true), VW_REGIME_BACKWARDATION);
    assert_int_equal(machine.reason, VW_REGIME_REASON_THRESHOLD);
}

static void a_roll_that_the_market_undoes_changes_nothing(void **state)
{
    (void)state;
    at(0, 20, 20.9, FRONT, true);
    at(MINUTE, 20.9, 21.3, NEXT, true);
    at(10 * MINUTE, 20.9, 21.9, NEXT, true);
    assert_int_equal(at(60 * MINUTE, 20.9, 21.9, NEXT, true), VW_REGIME_CONTANGO);
    assert_int_equal(at(61 * MINUTE, 20.9, 21.3, NEXT, true), VW_REGIME_FLAT);
}

static void small_noise_around_any_threshold_moves_the_regime_once(void **state)
{
    const double starts[] = {20.70, 20.80, 20.00, 20.10, 17.00};
    uint64_t seed = 20240805;

    (void)state;
    print_message("seed %llu\n", (unsigned long long)seed);
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++) {
        int changes = 0;
        vw_regime before;

        start(NULL);
        before = at(0, 20, starts[i], FRONT, true);
        for (int n = 1; n < 900; n++) {
            seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            double noise = 0.001 * (2 * (double)(seed >> 11) / 9007199254740992.0 - 1);
            vw_regime now = at(n * SECOND, 20, starts[i] * (1 + noise), FRONT, true);

            changes += now != before;
            before = now;
        }
        assert_in_range(changes, 0, 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(ties_at_a_threshold_are_decided_exactly, start),
        cmocka_unit_test_setup(two_points_exactly_never_arm, start),
        cmocka_unit_test_setup(beyond_two_points_a_quarter_of_an_hour_inverts, start),
        cmocka_unit_test_setup(a_dwell_ends_at_its_instant_however_late_the_update, start),
        cmocka_unit_test_setup(a_dwell_resets_at_two_points_and_pauses_when_stale, start),
        cmocka_unit_test_setup(stale_or_absent_quotes_hold_the_regime, start),
        cmocka_unit_test_setup(the_first_evaluation_of_a_steep_inversion_still_dwells, start),
        cmocka_unit_test_setup(a_roll_alone_waits_a_quarter_of_an_hour, start),
        cmocka_unit_test_setup(a_market_that_moves_on_after_a_roll_is_followed_at_once, start),
        cmocka_unit_test_setup(a_roll_that_the_market_undoes_changes_nothing, start),
        cmocka_unit_test_setup(small_noise_around_any_threshold_moves_the_regime_once, start),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
