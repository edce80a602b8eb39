#include "tools/decimal.h"

#include "tests/check.h"

#include <string.h>

static uint64_t state_of_random;

static uint64_t next_bits(void)
{
    state_of_random = state_of_random * 6364136223846793005ULL + 1442695040888963407ULL;
    return state_of_random ^ (state_of_random >> 29);
}

static double any_double(int kind)
{
    uint64_t bits = next_bits();
    double value;

    if (kind == 0) {
        memcpy(&value, &bits, sizeof value);
        return value;
    }
    value = (double)(bits >> 11) * 0x1p-53;
    if (kind == 1) {
        return value * 10000;
    }
    if (kind == 2) {
        return round(value * 1e6) / 100;
    }
    return ldexp(value, -(int)(bits & 63));
}

static void check_print(double value)
{
    char got[VW_DECIMAL_SIZE_MAX + 1] = {0}, want[64];
    size_t size = vw_decimal_print(got, value);

    snprintf(want, sizeof want, "%.17g", value == 0 ? 0 : value);
    assert_in_range(size, 1, VW_DECIMAL_SIZE_MAX);
    got[size] = '\0';
    assert_string_equal(got, want);
}

static void check_parse(const char *text)
{
    double got = -12345, want = strtod(text, NULL);

    if (!vw_decimal_parse(text, strlen(text), &got) || memcmp(&got, &want, sizeof got) != 0) {
        fail_msg("%s parsed as %.17g, not %.17g", text, got, want);
    }
}

static void prints_as_printf_does_and_parses_as_strtod_does(void **state)
{
    static const char *const formats[] = {"%.17g", "%.15g", "%.6f", "%.25e", "%.3g", "%.19g"};

    (void)state;
    state_of_random = 4711;
    for (int i = 0; i < 1000000; i++) {
        double value = any_double(i % 4);
        char text[400];

        check_print(value);
        if (isfinite(value)) {
            snprintf(text, sizeof text, formats[i % 6], value);
            check_parse(text);
        }
    }
}

static void special_numbers_are_right(void **state)
{
    static const double values[] = {0.0,
                                    -0.0,
                                    1,
                                    -1,
                                    0.1,
                                    0.5,
                                    1e16,
                                    1e17,
                                    1e18,
                                    123456,
                                    1e22,
                                    1e23,
                                    1e-4,
                                    1e-5,
                                    1e308,
                                    1e-308,
                                    5e-324,
                                    -5e-324,
                                    0.3,
                                    2.0 / 3,
                                    9e15,
                                    1e100,
                                    1e-100,
                                    99999.5,
                                    4503.25,
                                    1e-290,
                                    1e-310,
                                    9.5,
                                    9.9999999999999995e22,
                                    1.7976931348623157e308,
                                    2.2250738585072014e-308,
                                    99999999999999984.0};
    static const char *const texts[] = {
        "0",
        "-0",
        "0.0",
        "1e400",
        "-1e400",
        "1e-400",
        "00012",
        "1.",
        ".5",
        "+3",
        "1E5",
        "1e+05",
        "9007199254740993",
        "9007199254740992.5",
        "0.1e-5",
        "123456789012345678901234567890",
        "2.2250738585072011e-308",
        "4.9e-324",
        "2.4e-324",
        "1.7976931348623159e308",
        "0.000000000000000000000000000000000000000000000000000001234567890123456789",
        "1e0000000001",
        "1e999999999999",
        "0e999999999999",
        "179769313486231580793728971405301e276",
        "100000000000000016777215",
        "100000000000000016777216",
        "1000000000000000000000e-21"};

    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        check_print(values[i]);
    }
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        check_parse(texts[i]);
    }
}

static void what_is_no_number_is_refused(void **state)
{
    static const char *const texts[] = {"",    " ",     "-",   "+",    ".",     "e5",  "1e",
                                        "1e+", "nan",   "inf", "0x10", "1.2.3", "1,5", "--1",
                                        "1 2", "1e5.0", "C",   "1f",   "\xff",  "-.e1"};
    double value = 42;

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (vw_decimal_parse(texts[i], strlen(texts[i]), &value)) {
            fail_msg("'%s' was taken as %g", texts[i], value);
        }
        assert_true(value == 42);
    }
    assert_true(vw_decimal_parse(" \t7 ", 4, &value) && value == 7);
}

static int start(void **state)
{
    (void)state;
    vw_decimal_start();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prints_as_printf_does_and_parses_as_strtod_does),
        cmocka_unit_test(special_numbers_are_right),
        cmocka_unit_test(what_is_no_number_is_refused),
    };

    return cmocka_run_group_tests(tests, start, NULL);
}
