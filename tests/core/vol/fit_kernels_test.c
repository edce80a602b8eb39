#include "core/vol/fit_kernels.h"

#include <string.h>

#include "core/pricing/kernels.h"
#include "tests/check.h"

enum { COUNT_MAX = 71, LINE = 80, TERMS = 19, SETS = 3 };
static const char *const names[SETS] = {"baseline", "avx2", "avx512"};
static const vw_fit_kernels *sets[SETS];
static size_t set_count;
static uint64_t seed = 20220610;
static double z[LINE], weight2[LINE], target[LINE], columns[TERMS * LINE];

static double draw(double low, double high)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return low + (high - low) * (double)(seed >> 11) / 9007199254740992.0;
}

static int open_sets(void **state)
{
    (void)state;
    print_message("seed %llu\n", (unsigned long long)seed);
    for (size_t i = 0; i < SETS; i++) {
        if (vw_kernels_get(names[i]) != NULL) {
            sets[set_count++] = vw_fit_kernels_get(names[i]);
        }
    }
    for (size_t i = 0; i < LINE; i++) {
        z[i] = -12 + 0.25 * (double)i + draw(0, 0.1);
        target[i] = draw(0.5, 3);
    }
    return set_count >= 1 ? 0 : 1;
}

/* Weights of the first `count` quotes, none beyond; a table of kernels at every few deviations. */
static vw_fit_table make_table(size_t count)
{
    for (size_t i = 0; i < LINE; i++) {
        weight2[i] = i < count ? 1 + (double)(i % 7) : 0;
    }
    for (size_t a = 0; a < TERMS; a++) {
        for (size_t i = 0; i < LINE; i++) {
            columns[a * LINE + i] = sqrt(pow(z[i] - (double)a, 2) + 0.3);
        }
    }
    return (vw_fit_table){columns, LINE, TERMS, count};
}

static void each_set_has_its_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < set_count; i++) {
        assert_non_null(vw_kernels_get(sets[i]->isa));
    }
    assert_string_equal(vw_fit_kernels_get("reference")->isa, "baseline");
}

static void sums_over_columns_are_right_and_the_same_at_every_width(void **state)
{
    (void)state;
    for (size_t count = 1; count <= COUNT_MAX; count++) {
        vw_fit_table table = make_table(count);
        static vw_fit_row system[SETS][VW_FIT_TERMS_LINE];
        double right[SETS][TERMS], bell[SETS][2], scratch[LINE];

        memset(system, 0, sizeof system);
        for (size_t i = 0; i < LINE; i++) {
            scratch[i] = NAN;
        }
        for (size_t s = 0; s < set_count; s++) {
            sets[s]->normal(&table, weight2, scratch, system[s]);
            sets[s]->project(&table, weight2, target, scratch, right[s]);
            sets[s]->bell(z, weight2, -9, 1.3, count, bell[s]);
        }
        for (size_t s = 1; s < set_count; s++) {
            assert_memory_equal(system[s], system[0], sizeof system[0]);
            assert_memory_equal(right[s], right[0], sizeof right[0]);
            assert_memory_equal(&bell[s][1], &bell[0][1], sizeof bell[0][1]);
        }
        for (size_t a = 0; a < TERMS; a += 5) {
            double sum = 0, cross = 0, under = 0;

            for (size_t i = 0; i < count; i++) {
                double x = (z[i] + 9) / 1.3;

                sum += weight2[i] * target[i] * columns[a * LINE + i];
                cross += weight2[i] * columns[a * LINE + i] * columns[(TERMS - 1) * LINE + i];
                under += weight2[i] * exp(-0.5 * x * x);
            }
            assert_near(right[0][a], sum, 1e-13 * fabs(sum));
            assert_near(system[0][a][TERMS - 1], cross, 1e-13 * fabs(cross));
            assert_near(bell[0][1], under, 1e-13 * under);
        }
    }
}

static void smiles_and_their_g_are_right_and_the_same_at_every_width(void **state)
{
    const double m[] = {-4, -1.5, 0.2, 1.4}, s[] = {1.9, 1.1, 0.7, 0.9};
    const double c[] = {0.05, 0.1, 0.2, 0.1};
    const vw_fit_smile smile = {0.4, -0.2, m, s, c, 4};

    (void)state;
    for (size_t count = 1; count <= COUNT_MAX; count++) {
        double out[SETS][4][LINE], least[SETS];

        memset(out, 0, sizeof out);
        for (size_t k = 0; k < set_count; k++) {
            sets[k]->smile(&smile, z, count, out[k][0], out[k][1], out[k][2]);
            least[k] =
                sets[k]->durrleman(z, out[k][0], out[k][1], out[k][2], 1e-3, 0, count, out[k][3]);
        }
        for (size_t k = 1; k < set_count; k++) {
            for (size_t o = 0; o < 4; o++) {
                assert_memory_equal(out[k][o], out[0][o], count * sizeof(double));
            }
        }
        for (size_t i = 0; i < count; i++) {
            double v = smile.c0 + smile.c1 * z[i], v1 = smile.c1, v2 = 0, g;

            for (size_t j = 0; j < 4; j++) {
                double r = sqrt(pow(z[i] - m[j], 2) + s[j] * s[j]);
                v += c[j] * r;
                v1 += c[j] * (z[i] - m[j]) / r;
                v2 += c[j] * s[j] * s[j] / (r * r * r);
            }
            g = pow(1 - z[i] * v1 / (2 * v), 2) - v1 * v1 / 4 * (1 / v + 1e-3) + v2 / 2;
            assert_near(out[0][0][i], v, 1e-14 * v);
            assert_near(out[0][1][i], v1, 1e-14);
            assert_near(out[0][2][i], v2, 1e-14);
            assert_near(out[0][3][i], g, 1e-13 * fmax(1, fabs(g)));
            assert_true(least[0] <= out[0][3][i]);
        }
    }
}

static void a_value_below_the_least_has_no_g(void **state)
{
    double value[8] = {1, 1, -1, 1, 1e-4, 1, 1, 1}, slope[8] = {0}, bend[8] = {0}, g[8];

    (void)state;
    for (size_t k = 0; k < set_count; k++) {
        assert_near(sets[k]->durrleman(z, value, slope, bend, 0, 1e-3, 8, g), -1, 0);
        assert_near(g[0], 1, 0);
        assert_near(g[2], -1, 0);
        assert_near(g[4], -1, 0);
    }
}

static void a_system_is_solved_at_any_size(void **state)
{
    (void)state;
    for (size_t terms = 1; terms <= VW_FIT_TERMS_LINE - 4; terms++) {
        static vw_fit_row plain[VW_FIT_TERMS_LINE], system[VW_FIT_TERMS_LINE];
        vw_fit_row want = {0}, right = {0}, scale, first = {0};

        memset(plain, 0, sizeof plain);
        for (size_t a = 0; a < terms; a++) {
            want[a] = draw(-2, 2);
            for (size_t b = a; b < terms; b++) {
                plain[a][b] = 1e6 * (draw(-0.03, 0.03) + (a == b ? 1 + (double)a : 0));
            }
        }
        for (size_t a = 0; a < terms; a++) {
            for (size_t b = 0; b < terms; b++) {
                right[a] += (a < b ? plain[a][b] : plain[b][a]) * want[b];
            }
        }
        for (size_t k = 0; k < set_count; k++) {
            vw_fit_row solution = {0};

            memcpy(system, plain, sizeof system);
            assert_true(sets[k]->factor(system, terms, 0, scale));
            sets[k]->solve(system, terms, scale, right, solution);
            for (size_t a = 0; a < terms; a++) {
                assert_near(solution[a], want[a], 1e-12);
            }
            if (k == 0) {
                memcpy(first, solution, sizeof first);
            }
            assert_memory_equal(solution, first, sizeof first);
        }
    }
}

static void a_system_that_is_not_definite_is_refused(void **state)
{
    static vw_fit_row system[VW_FIT_TERMS_LINE];
    vw_fit_row scale;

    (void)state;
    for (size_t k = 0; k < set_count; k++) {
        memset(system, 0, sizeof system);
        system[0][0] = system[1][1] = 1;
        system[0][1] = 2;
        assert_false(sets[k]->factor(system, 2, 1e-13, scale));
        memset(system, 0, sizeof system);
        assert_false(sets[k]->factor(system, 2, 0, scale));
        system[0][0] = NAN;
        assert_false(sets[k]->factor(system, 1, 1e-13, scale));
    }
}

static void columns_are_filled_to_whole_eights(void **state)
{
    (void)state;
    for (size_t count = 1; count <= COUNT_MAX; count++) {
        double out[3][LINE];

        for (size_t k = 0; k < set_count; k++) {
            for (size_t i = 0; i < LINE; i++) {
                out[0][i] = out[1][i] = out[2][i] = NAN;
            }
            sets[k]->hyperbola(z, 0.7, 1.3, count, out[0], out[1], out[2]);
            for (size_t i = 0; i < vw_round_up(count, 8); i++) {
                double x = z[i] - 0.7, r = sqrt(x * x + 1.3 * 1.3);

                assert_near(out[0][i], r, 1e-15 * r);
                assert_near(out[1][i], x / r, 1e-15);
                assert_near(out[2][i], 1.3 * 1.3 / (r * r * r), 1e-15);
            }
            sets[k]->clamp(z, target, target, count, out[0]);
            assert_memory_equal(out[0], target, vw_round_up(count, 8) * sizeof(double));
        }
    }
}

static void svi_sums_and_needs_are_the_same_at_every_width(void **state)
{
    const vw_svi_shape bent = {0.2, -0.6, 1.0, 0.4}, broken = {0.3, 0.8, -0.3, 8};

    (void)state;
    for (size_t count = 1; count <= COUNT_MAX; count++) {
        vw_svi_sums sums[SETS];
        double needs[SETS], sum = 0;

        make_table(count);
        for (size_t k = 0; k < set_count; k++) {
            sets[k]->svi_sums(z, target, weight2, 0.3, 1.7, count, &sums[k]);
            needs[k] = sets[k]->svi_needs(&bent, z, 64);
            assert_true(sets[k]->svi_needs(&broken, z, 64) == INFINITY);
        }
        for (size_t i = 0; i < count; i++) {
            double u = (z[i] - 0.3) / 1.7;
            sum += weight2[i] * u * u / sqrt(u * u + 1);
        }
        assert_near(sums[0].product[1][3], sum, 1e-13 * sum);
        assert_near(sums[0].product[3][1], sum, 1e-13 * sum);
        assert_true(needs[0] > 0 && needs[0] < INFINITY);
        for (size_t k = 1; k < set_count; k++) {
            assert_memory_equal(&sums[k], &sums[0], sizeof sums[0]);
            assert_memory_equal(&needs[k], &needs[0], sizeof needs[0]);
        }
    }
}

static void clamping_and_counting_stop_at_the_last_quote(void **state)
{
    (void)state;
    for (size_t count = 1; count <= COUNT_MAX; count++) {
        double low[LINE], high[LINE], out[LINE];
        size_t want = 0;

        for (size_t i = 0; i < LINE; i++) {
            low[i] = draw(-12, 3);
            high[i] = low[i] + 4;
        }
        for (size_t i = 0; i < count; i++) {
            want += z[i] >= low[i] && z[i] <= high[i];
        }
        for (size_t k = 0; k < set_count; k++) {
            assert_int_equal(sets[k]->inside(z, low, high, count), want);
            sets[k]->clamp(z, low, high, count, out);
            for (size_t i = 0; i < count; i++) {
                assert_near(out[i], fmin(fmax(z[i], low[i]), high[i]), 0);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_set_has_its_name),
        cmocka_unit_test(sums_over_columns_are_right_and_the_same_at_every_width),
        cmocka_unit_test(smiles_and_their_g_are_right_and_the_same_at_every_width),
        cmocka_unit_test(a_value_below_the_least_has_no_g),
        cmocka_unit_test(a_system_is_solved_at_any_size),
        cmocka_unit_test(a_system_that_is_not_definite_is_refused),
        cmocka_unit_test(columns_are_filled_to_whole_eights),
        cmocka_unit_test(svi_sums_and_needs_are_the_same_at_every_width),
        cmocka_unit_test(clamping_and_counting_stop_at_the_last_quote),
    };

    return cmocka_run_group_tests(tests, open_sets, NULL);
}
