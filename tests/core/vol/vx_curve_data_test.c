/* The curve over history/vx_term_structure_daily: how often it was flat, inverted, and by how much,
 * against the same counted from the digits of the file in whole numbers. */
#include "core/vol/regime.h"
#include "core/vol/vx_curve.h"

#include "core/market/calendar.h"
#include "feeds/input.h"
#include "tests/check.h"

#include <string.h>

enum { FUTURES = 9, COLUMNS = 21, SIZE_MAX_FILE = 1 << 22 };
enum { NOT_CONTANGO, INVERTED, OVER_2, OVER_2_5, OVER_3, EXACTLY_2, DAYS, COUNTS };

static char *read_all(const char *path)
{
    char *text = malloc(SIZE_MAX_FILE + 1);
    vw_error error;
    vw_input *input = vw_input_open(path, &error);

    assert_non_null(text);
    assert_non_null(input);
    text[vw_input_read(input, text, SIZE_MAX_FILE)] = '\0';
    vw_input_close(input);
    return text;
}

static size_t split(char *line, char *cells[COLUMNS])
{
    size_t count = 0;

    for (char *cell; count < COLUMNS && (cell = strsep(&line, ",")) != NULL;) {
        cells[count++] = cell;
    }
    return count;
}

static uint32_t date_of(const char *text)
{
    return (uint32_t)(10000 * atoi(text) + 100 * atoi(text + 5) + atoi(text + 8));
}

static void count_curve(char *const cells[COLUMNS], long counts[COUNTS])
{
    uint32_t today = date_of(cells[0]);
    vw_vx_quote quotes[FUTURES];
    vw_vx_point points[FUTURES];
    vw_vx_curve curve;
    size_t count = 0;

    for (size_t i = 0; i < FUTURES && cells[2 + i][0] != '\0'; i++) {
        uint32_t expiry = date_of(cells[11 + i]);

        quotes[count++] = (vw_vx_quote){.bid = VW_PRICE_NONE,
                                        .ask = VW_PRICE_NONE,
                                        .last = VW_PRICE_NONE,
                                        .settlement = llround(atof(cells[2 + i]) * 10000),
                                        .days = vw_calendar_days(today, expiry),
                                        .expiry = expiry,
                                        .monthly = true};
        quotes[count - 1].days += 0.5; /* of the settlement day a future has hours left */
    }
    vw_vx_curve_fit(quotes, count, atof(cells[1]), &curve, points);
    if (curve.absent & VW_VX_ABSENT_SECOND) {
        return;
    }
    const vw_vx_point *one = &points[curve.vx1], *two = &points[curve.vx2];
    vw_regime_machine machine;

    vw_regime_init(&machine, &vw_regime_defaults);
    vw_regime regime =
        vw_regime_update(&machine, &(vw_vx_pair){one->price, two->price, one->expiry, true}, 1);

    counts[DAYS]++;
    counts[NOT_CONTANGO] += regime != VW_REGIME_CONTANGO;
    counts[INVERTED] += regime >= VW_REGIME_BACKWARDATION;
    counts[OVER_2] += one->price - two->price > vw_regime_defaults.armed_points;
    counts[OVER_2_5] += one->price - two->price > 25000;
    counts[OVER_3] += regime == VW_REGIME_INVERTED;
    counts[EXACTLY_2] += one->price - two->price == 20000;
    assert_near(curve.inversion, (double)(one->price - two->price) / 10000, 1e-12);
}

/* "20.325" as 203250: digits, never a double. */
static long digits_of(const char *text)
{
    long value = 0;
    int decimals = -1;

    for (; *text != '\0'; text++) {
        if (*text == '.') {
            decimals = 0;
        } else if (decimals < 4) {
            value = 10 * value + (*text - '0');
            decimals += decimals >= 0;
        }
    }
    for (decimals = decimals < 0 ? 0 : decimals; decimals < 4; decimals++) {
        value *= 10;
    }
    return value;
}

static void count_digits(char *const cells[COLUMNS], long counts[COUNTS])
{
    if (cells[2][0] == '\0' || cells[3][0] == '\0') {
        return;
    }
    long one = digits_of(cells[2]), two = digits_of(cells[3]);

    counts[DAYS]++;
    counts[NOT_CONTANGO] += 1000 * two < 1035 * one;
    counts[INVERTED] += one > two;
    counts[OVER_2] += one - two > 20000;
    counts[OVER_2_5] += one - two > 25000;
    counts[OVER_3] += one - two > 30000;
    counts[EXACTLY_2] += one - two == 20000;
}

static void the_history_is_counted_as_its_digits_say(void **state)
{
    char *text = read_all(vw_test_data("history/vx_term_structure_daily.csv.gz")), *rest = text;
    long curve[COUNTS] = {0}, digits[COUNTS] = {0};

    (void)state;
    strsep(&rest, "\n");
    for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
        char *cells[COLUMNS];

        line[strcspn(line, "\r")] = '\0';
        if (split(line, cells) == COLUMNS && strcmp(cells[COLUMNS - 1], "0") == 0) {
            count_curve(cells, curve);
            count_digits(cells, digits);
        }
    }
    free(text);
    printf("%ld days: contango below 3.5 %% on %ld, inverted %ld, over 2 points %ld, over 2.5 %ld, "
           "over 3 %ld, exactly 2 %ld\n",
           curve[DAYS], curve[NOT_CONTANGO], curve[INVERTED], curve[OVER_2], curve[OVER_2_5],
           curve[OVER_3], curve[EXACTLY_2]);
    assert_true(curve[DAYS] > 1000);
    for (int i = 0; i < COUNTS; i++) {
        assert_int_equal(curve[i], digits[i]);
    }
    if (curve[DAYS] == 3511) { /* the file of 2004-2017 and 2021 */
        const long want[COUNTS] = {1029, 518, 141, 104, 71, 5, 3511};

        assert_memory_equal(curve, want, sizeof want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_history_is_counted_as_its_digits_say),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
