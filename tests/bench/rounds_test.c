#include "bench/rounds.h"

#include "tests/check.h"

enum { SUBJECTS = 3, ROUNDS = 41, KEPT = 11 };

static double pace_ns[ROUNDS];

static double ns[SUBJECTS][ROUNDS];
static double *const rows[SUBJECTS] = {ns[0], ns[1], ns[2]};

/* One of three subjects waits for memory: somebody else on the core does not slow it. */
static void rounds_that_somebody_else_slowed_do_not_count(void **state)
{
    static const double took[SUBJECTS] = {10, 7, 1000};
    size_t kept;

    (void)state;
    for (size_t r = 0; r < ROUNDS; r++) {
        bool shared = r % 9 < 6;

        for (size_t i = 0; i < SUBJECTS; i++) {
            ns[i][r] = took[i] * (shared && i != 1 ? 1.5 : 1 + 1e-6 * (double)r);
        }
    }
    kept = vw_rounds_quiet(rows, SUBJECTS, ROUNDS, pace_ns, -1);
    assert_int_equal(kept, KEPT);
    for (size_t r = 0; r < kept; r++) {
        assert_near(ns[0][r], took[0], 1e-3);
        assert_near(ns[2][r] / ns[0][r], took[2] / took[0], 1e-9); /* still of one round */
    }
}

static void calm_rounds_count_all_if_they_are_a_quarter(void **state)
{
    (void)state;
    for (size_t r = 0; r < ROUNDS; r++) {
        pace_ns[r] = r % 3 == 0 ? 13 : 20;
        ns[0][r] = ns[1][r] = ns[2][r] = (double)r;
    }
    assert_int_equal(vw_rounds_quiet(rows, SUBJECTS, ROUNDS, pace_ns, 13.5), 14);
    for (size_t r = 0; r < 14; r++) {
        assert_near(ns[2][r], 3 * (double)r, 0);
    }
    assert_int_equal(vw_rounds_calm(pace_ns, ROUNDS, 13.5), 14);
    assert_int_equal(vw_rounds_calm(pace_ns, ROUNDS, 12), 0);
}

static void one_mishap_of_one_subject_does_not_outweigh_all_others(void **state)
{
    (void)state;
    for (size_t r = 0; r < ROUNDS; r++) {
        for (size_t i = 0; i < SUBJECTS; i++) {
            ns[i][r] = r % 2 == 0 ? 10 : 15;
        }
    }
    ns[1][20] = 1e9; /* a round that was quiet else: 1 + 2 + 1 is less than 3 times 1.5 */
    assert_int_equal(vw_rounds_quiet(rows, SUBJECTS, ROUNDS, pace_ns, -1), KEPT);
    for (size_t r = 0; r < KEPT; r++) {
        assert_near(ns[0][r], 10, 0);
    }
}

static void one_round_counts_and_none_is_none(void **state)
{
    (void)state;
    assert_int_equal(vw_rounds_quiet(rows, SUBJECTS, 1, pace_ns, -1), 1);
    assert_int_equal(vw_rounds_quiet(rows, SUBJECTS, 0, pace_ns, -1), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rounds_that_somebody_else_slowed_do_not_count),
        cmocka_unit_test(calm_rounds_count_all_if_they_are_a_quarter),
        cmocka_unit_test(one_mishap_of_one_subject_does_not_outweigh_all_others),
        cmocka_unit_test(one_round_counts_and_none_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
