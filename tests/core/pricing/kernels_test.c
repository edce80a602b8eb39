#include "core/pricing/kernels.h"

#include "tests/check.h"
#include "tests/core/pricing/kernel_sets.h"

#include <string.h>

enum { COUNT = 4096, GREEKS = 16, GUARD = 8 };

static double in[8][COUNT];
static double want[GREEKS][COUNT + GUARD], got[GREEKS][COUNT + GUARD];
static uint8_t want_status[COUNT + GUARD], got_status[COUNT + GUARD];

static uint64_t state_of_random;

static double uniform(double low, double high)
{
    state_of_random = state_of_random * 6364136223846793005ULL + 1442695040888963407ULL;
    return low + (high - low) * (double)(state_of_random >> 11) * 0x1p-53;
}

/* Options of every kind: short and long, deep wings, and one in 16 with an odd input. */
static void make_options(uint64_t seed)
{
    static const double odd[] = {NAN,   INFINITY, -INFINITY, 0,    -1,
                                 1e308, 5e-324,   1e-300,    1e40, -0.0};

    print_message("seed %llu\n", (unsigned long long)seed);
    state_of_random = seed;
    for (size_t i = 0; i < COUNT; i++) {
        double s = exp(uniform(log(1e-5), log(4))), z = uniform(-9, 9);

        in[0][i] = uniform(10, 7000);
        in[1][i] = in[0][i] * exp(z * s);
        in[2][i] = exp(uniform(log(1e-6), log(5)));
        in[3][i] = s / sqrt(in[2][i]);
        in[4][i] = exp(-0.05 * in[2][i]);
        in[5][i] = uniform(-1, 1) < 0 ? -1 : 1;
        in[6][i] = 0.05;
        in[7][i] = log(in[1][i]);
        if (i % 16 == 5) {
            in[(size_t)uniform(0, 6)][i] = odd[(size_t)uniform(0, VW_COUNT_OF(odd))];
        }
    }
}

static vw_black_outputs outputs(double values[GREEKS][COUNT + GUARD], uint8_t *status)
{
    return (vw_black_outputs){
        .price = values[0],
        .delta = values[1],
        .gamma = values[2],
        .vega = values[3],
        .theta = values[4],
        .rho = values[5],
        .vanna = values[6],
        .volga = values[7],
        .charm = values[8],
        .veta = values[9],
        .speed = values[10],
        .color = values[11],
        .zomma = values[12],
        .ultima = values[13],
        .dual_delta = values[14],
        .dual_gamma = values[15],
        .status = status,
    };
}

static size_t run_black(const vw_kernels *set, double values[GREEKS][COUNT + GUARD],
                        uint8_t *status, size_t first, size_t count)
{
    vw_black_inputs from = {in[0] + first, in[1] + first, in[2] + first, in[3] + first,
                            in[4] + first, in[5] + first, in[6] + first};
    vw_black_outputs all = outputs(values, status), to = vw_black_outputs_from(&all, first);

    return set->black(&from, &to, count);
}

static size_t run_expiry(const vw_kernels *set, double values[GREEKS][COUNT + GUARD],
                         uint8_t *status, size_t first, size_t count)
{
    vw_expiry_inputs from = {4321.5,        0.0831,        0.9959,       in[1] + first,
                             in[7] + first, in[3] + first, in[5] + first};
    vw_black_outputs all = outputs(values, status), to = vw_black_outputs_from(&all, first);

    return set->black_expiry(&from, &to, count);
}

static size_t run_vol(const vw_kernels *set, double values[GREEKS][COUNT + GUARD], uint8_t *status,
                      size_t first, size_t count, bool warm)
{
    vw_iv_inputs from = {in[0] + first,
                         in[1] + first,
                         in[2] + first,
                         want[0] + first,
                         in[4] + first,
                         in[5] + first,
                         warm ? in[3] + first : NULL};

    return set->implied_vol(&from, values[1] + first, status + first, count);
}

static size_t run(int what, const vw_kernels *set, double values[GREEKS][COUNT + GUARD],
                  uint8_t *status, size_t first, size_t count)
{
    switch (what) {
    case 0:
        return run_black(set, values, status, first, count);
    case 1:
        return run_expiry(set, values, status, first, count);
    default:
        return run_vol(set, values, status, first, count, what == 3);
    }
}

static const char *const functions[] = {"black", "black_expiry", "implied_vol cold",
                                        "implied_vol warm"};

/* Every run of `count` from `first` must give the bits of the whole, and touch nothing else. */
static void check_run(int what, const vw_kernels *set, size_t first, size_t count)
{
    size_t size = (COUNT + GUARD) * sizeof(double);

    memset(got, 0xa5, sizeof got);
    memset(got_status, 0xa5, sizeof got_status);
    if (what >= 2) {
        memcpy(got[0], want[0], size); /* the prices */
    }
    run(what, set, got, got_status, first, count);
    for (size_t g = what >= 2 ? 1 : 0; g < (what >= 2 ? 2U : GREEKS); g++) {
        if (memcmp(got[g] + first, want[g] + first, count * sizeof(double)) != 0) {
            fail_msg("%s %s: output %zu differs in [%zu, %zu)", set->isa, functions[what], g, first,
                     first + count);
        }
        for (size_t i = 0; i < GUARD; i++) {
            assert_memory_equal(got[g] + first + count + i, "\xa5\xa5\xa5\xa5\xa5\xa5\xa5\xa5", 8);
        }
    }
    assert_memory_equal(got_status + first, want_status + first, count);
    assert_int_equal(got_status[first + count], 0xa5);
}

static void all_widths_give_the_same_bits_at_every_tail_length(void **state)
{
    const vw_kernels *baseline = vw_kernels_get("baseline");

    (void)state;
    make_options(20260103);
    for (int what = 0; what < 4; what++) {
        size_t next = 0;

        run(what, baseline, want, want_status, 0, COUNT);
        for (const vw_kernels *set; (set = kernel_set_next(&next)) != NULL;) {
            if (strcmp(set->isa, "reference") == 0) {
                continue;
            }
            check_run(what, set, 0, COUNT);
            for (size_t count = 0; count <= 35; count++) {
                for (size_t first = 0; first < 18; first++) {
                    check_run(what, set, first, count);
                }
            }
        }
        run(0, baseline, want, want_status, 0, COUNT); /* the prices that vols are found from */
    }
}

static void counts_of_bad_and_good_are_right_at_every_length(void **state)
{
    size_t next = 0;

    (void)state;
    make_options(7);
    for (const vw_kernels *set; (set = kernel_set_next(&next)) != NULL;) {
        for (size_t count = 0; count <= 40; count++) {
            size_t bad = 0, good = 0, counted = run_black(set, want, want_status, 0, count);

            for (size_t i = 0; i < count; i++) {
                bad += want_status[i] == VW_STATUS_BAD_INPUT;
            }
            assert_int_equal(counted, bad);
            counted = run_vol(set, want, want_status, 0, count, false);
            for (size_t i = 0; i < count; i++) {
                good += want_status[i] == VW_STATUS_OK;
            }
            assert_int_equal(counted, good);
        }
    }
}

static void outputs_that_are_not_asked_for_change_nothing(void **state)
{
    size_t next = 0;

    (void)state;
    make_options(11);
    for (const vw_kernels *set; (set = kernel_set_next(&next)) != NULL;) {
        vw_black_inputs from = {in[0], in[1], in[2], in[3], in[4], in[5], in[6]};
        vw_black_outputs all = outputs(want, want_status);

        set->black(&from, &all, 100);
        for (int g = 0; g < GREEKS; g++) {
            double *one[GREEKS] = {NULL};
            vw_black_outputs to = {0};

            one[g] = got[g];
            to = (vw_black_outputs){one[0],  one[1],  one[2],  one[3],  one[4],  one[5],
                                    one[6],  one[7],  one[8],  one[9],  one[10], one[11],
                                    one[12], one[13], one[14], one[15], NULL};
            set->black(&from, &to, 100);
            assert_memory_equal(got[g], want[g], 100 * sizeof(double));
        }
    }
}

static void without_rates_they_come_from_the_discount(void **state)
{
    size_t next = 0;

    (void)state;
    make_options(13);
    for (const vw_kernels *set; (set = kernel_set_next(&next)) != NULL;) {
        vw_black_inputs from = {in[0], in[1], in[2], in[3], in[4], in[5], in[6]};
        vw_black_outputs given = {.price = want[0], .theta = want[1], .status = want_status};
        vw_black_outputs found = {.theta = got[1]};

        set->black(&from, &given, COUNT);
        from.rate = NULL;
        set->black(&from, &found, COUNT);
        for (size_t i = 0; i < COUNT; i++) {
            if (i % 16 != 5 && in[4][i] < 1) {
                double loss = 1e-15 * want[0][i] / in[2][i] + 1e-14 * fabs(want[1][i]) + 1e-300;

                assert_near(got[1][i], want[1][i], loss * 4);
            }
        }
    }
}

/* Both sides of the strikes [first, first + count) against each side alone. */
static void check_strikes(const vw_kernels *set, size_t first, size_t count)
{
    static double together[2][GREEKS][COUNT + GUARD], sides[2][COUNT];
    static uint8_t statuses[2][COUNT + GUARD];
    size_t bad[3];
    vw_expiry_inputs from = {4321.5,        0.0831,        0.9959, in[1] + first,
                             in[7] + first, in[3] + first, NULL};
    vw_black_outputs to[2], alone = outputs(got, got_status);

    memset(together, 0xa5, sizeof together);
    memset(statuses, 0xa5, sizeof statuses);
    for (size_t s = 0; s < 2; s++) {
        to[s] = outputs(together[s], statuses[s]);
        to[s] = vw_black_outputs_from(&to[s], first);
    }
    bad[2] = set->black_strikes(&from, &to[0], &to[1], count);
    alone = vw_black_outputs_from(&alone, first);
    for (size_t s = 0; s < 2; s++) {
        for (size_t i = 0; i < COUNT; i++) {
            sides[s][i] = s == 0 ? 1 : -1;
        }
        memset(got, 0xa5, sizeof got);
        memset(got_status, 0xa5, sizeof got_status);
        from.side = sides[s];
        bad[s] = set->black_expiry(&from, &alone, count);
        assert_memory_equal(together[s], got, sizeof got);
        assert_memory_equal(statuses[s], got_status, sizeof got_status);
        assert_int_equal(bad[s], bad[2]);
    }
}

static void calls_and_puts_at_once_are_what_each_is_alone(void **state)
{
    const vw_kernels *set;

    (void)state;
    make_options(5);
    for (size_t i = 0; (set = kernel_set_next(&i)) != NULL;) {
        for (size_t count = 0; count <= 40; count++) {
            check_strikes(set, count % 3, count);
        }
        check_strikes(set, 1, COUNT - 1);
    }
}

static void the_default_is_a_lane_kernel_and_names_find_their_sets(void **state)
{
    (void)state;
    assert_string_not_equal(vw_kernels_get(NULL)->isa, "reference");
    assert_string_equal(vw_kernels_get("reference")->isa, "reference");
    assert_string_equal(vw_kernels_get("baseline")->isa, "baseline");
    assert_null(vw_kernels_get("sse9"));
    assert_null(vw_kernels_get(""));
    assert_string_equal(vw_kernels_name(0), "avx512");
    assert_string_equal(vw_kernels_name(3), "reference");
    assert_null(vw_kernels_name(4));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_widths_give_the_same_bits_at_every_tail_length),
        cmocka_unit_test(counts_of_bad_and_good_are_right_at_every_length),
        cmocka_unit_test(outputs_that_are_not_asked_for_change_nothing),
        cmocka_unit_test(without_rates_they_come_from_the_discount),
        cmocka_unit_test(calls_and_puts_at_once_are_what_each_is_alone),
        cmocka_unit_test(the_default_is_a_lane_kernel_and_names_find_their_sets),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
