/* The lane functions against long double (64-bit mantissas), two lanes wide: kernels_test shows
 * that other widths give the same bits.  Units: 2^-52 relative. */
#define VW_LANES 2
#include "core/pricing/simd/mills.h"

#include "tests/check.h"
#include "tests/table.h"

enum { POINTS = 400000 };

static uint64_t state_of_random = 99;

static double uniform(double low, double high)
{
    state_of_random = state_of_random * 6364136223846793005ULL + 1442695040888963407ULL;
    return low + (high - low) * (double)(state_of_random >> 11) * 0x1p-53;
}

static double ulps(double got, long double want)
{
    return (double)fabsl(((long double)got - want) / want) * 0x1p52;
}

static void report(const char *name, double worst, double at, double bound)
{
    print_message("%-22s worst %.2f at %.17g, bound %.2f\n", name, worst, at, bound);
    assert_true(worst <= bound);
}

static void exp_is_within_its_bound(void **state)
{
    double worst = 0, where = 0;

    (void)state;
    for (int i = 0; i < POINTS; i++) {
        double x = i % 2 == 0 ? uniform(-708, 709) : uniform(-20, 0), low = uniform(-1e-14, 1e-14);
        double error = ulps(vd_exp(vd_all(x), vd_all(low))[0], expl((long double)x + low));

        if (!(error <= worst)) {
            worst = error;
            where = x;
        }
    }
    report("vd_exp", worst, where, 1.0);
    assert_true(vd_exp(vd_all(-708.5), vd_all(0))[1] == 0);
    assert_true(vd_exp(vd_all(-INFINITY), vd_all(0))[1] == 0);
    assert_true(vd_exp(vd_all(0), vd_all(0))[0] == 1);
}

static void log_ratio_is_within_its_bound(void **state)
{
    double worst = 0, where = 0;

    (void)state;
    for (int i = 0; i < POINTS; i++) {
        double b = exp(uniform(-300, 300)), spread = exp(uniform(-30, 7));
        double a = i % 2 == 0 ? exp(uniform(-700, 700)) : b * (1 + spread * uniform(-1, 1));
        long double difference = ((long double)a - b) / b, want;
        double error;

        if (!(a > 1e-307 && a < 1e307) || a == b) {
            continue;
        }
        want = fabsl(difference) < 0.5L ? log1pl(difference) : logl(a) - logl(b);
        error = ulps(vd_log_ratio(vd_all(a), vd_all(b))[0], want);
        if (!(error <= worst)) {
            worst = error;
            where = a / b;
        }
    }
    report("vd_log_ratio", worst, where, 2.0);
    assert_true(vd_log_ratio(vd_all(3), vd_all(3))[1] == 0);
}

/* Its continued fraction in long double, from far enough out; before, from erfc. */
static long double mills(long double y)
{
    if (y < 0.5L) {
        return sqrtl(acosl(-1) / 2) * expl(y * y / 2) * erfcl(y / sqrtl(2));
    }

    int terms = 60 + (int)(900 / (y * y));
    long double fraction = y;

    for (int i = terms; i > 0; i--) {
        fraction = y + i / fraction;
    }
    return 1 / fraction;
}

static void mills_ratio_is_within_its_bound(void **state)
{
    vw_table table = vw_table_read("normal.csv");
    double worst = 0, where = 0;

    (void)state;
    for (size_t i = 0; i < table.rows; i++) {
        double y = vw_table_number(&table, i, "x");
        double error =
            ulps(vd_mills(vd_all(y))[0], strtold(vw_table_text(&table, i, "mills"), NULL));

        if (!(error <= worst)) {
            worst = error;
            where = y;
        }
    }
    for (int i = 0; i < POINTS / 20; i++) {
        double y = i % 2 == 0 ? uniform(-VW_MILLS_REACH, 4) : uniform(0.5, 40);
        double error = ulps(vd_mills(vd_all(y))[0], mills(y));

        if (!(error <= worst)) {
            worst = error;
            where = y;
        }
    }
    vw_table_free(&table);
    report("vd_mills", worst, where, 3.0);
}

static void density_matches_forty_digits(void **state)
{
    vw_table table = vw_table_read("normal.csv");
    double worst = 0, where = 0;

    (void)state;
    for (size_t i = 0; i < table.rows; i++) {
        double y = vw_table_number(&table, i, "x");
        long double want = strtold(vw_table_text(&table, i, "pdf"), NULL);
        double bound = 1 + y * y / 4; /* half an epsilon of y^2 / 2 */
        double error = y < 37.6 ? ulps(vd_density(vd_all(y))[0], want) / bound : 0;

        if (!(error <= worst)) {
            worst = error;
            where = y;
        }
    }
    vw_table_free(&table);
    report("vd_density", worst, where, 1.0);
}

static void words_of_a_lane_do_what_they_say(void **state)
{
    vd a = {1, -2}, b = {2, -3};

    (void)state;
    assert_int_equal(vm_bits(vd_less(a, b)), 1);
    assert_int_equal(vm_bits(vm_not(vd_less(a, b))) & 3, 2);
    assert_int_equal(vm_bits(vd_less(vd_all(NAN), b)), 0);
    assert_true(vd_min(a, b)[0] == 1 && vd_min(a, b)[1] == -3);
    assert_true(vd_max(a, b)[0] == 2 && vd_max(a, b)[1] == -2);
    assert_true(vd_abs(a)[1] == 2 && vd_signed(vd_all(5), a)[1] == -5);
    assert_true(vd_fma(vd_all(1 + 0x1p-30), vd_all(1 - 0x1p-30), vd_all(-1))[0] == -0x1p-60);
    assert_int_equal(vm_bits(vi_clear((vi){1, 2}, 1)), 2);
    assert_true(vd_load((double[]){7}, 1)[1] == 1);
    for (int i = 0; i < 64; i++) {
        static const double table[8] = {0, 1, 2, 3, 4, 5, 6, 7};
        vd entry = vd_entry(table, (vi){i, -i});

        assert_true(entry[0] == (i & 7) && entry[1] == (-i & 7));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exp_is_within_its_bound),
        cmocka_unit_test(log_ratio_is_within_its_bound),
        cmocka_unit_test(mills_ratio_is_within_its_bound),
        cmocka_unit_test(density_matches_forty_digits),
        cmocka_unit_test(words_of_a_lane_do_what_they_say),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
