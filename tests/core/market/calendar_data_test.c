/* The calendar against what happened: session dates of the S&P 500, expiries of VX. */
#include "core/market/calendar.h"

#include "tests/check.h"

#include <string.h>
#include <zlib.h>

enum { DATES_MAX = 20000 };

/* Reads the yyyy-mm-dd of a column of a gz file, sorted as they come. */
static size_t read_dates(const char *path, int column, uint32_t *dates)
{
    gzFile file = gzopen(path, "rb");
    char line[512];
    size_t count = 0;

    assert_non_null(file);
    while (gzgets(file, line, sizeof line) != NULL && count < DATES_MAX) {
        const char *field = line;
        unsigned year, month, day;

        for (int i = 0; i < column && field != NULL; i++) {
            field = strchr(field, ',');
            field = field != NULL ? field + 1 : NULL;
        }
        if (field != NULL && sscanf(field, "%4u-%2u-%2u", &year, &month, &day) == 3) {
            dates[count++] = 10000 * year + 100 * month + day;
        }
    }
    gzclose(file);
    return count;
}

static void sessions_are_the_days_the_index_has(void **state)
{
    static uint32_t dates[DATES_MAX];
    size_t count = read_dates(vw_test_data("history/SPX_daily_ohlc_1990.csv.gz"), 0, dates);

    (void)state;
    assert_true(count > 7000);
    for (size_t i = 0; i < count; i++) {
        assert_int_not_equal(vw_calendar_close(NULL, dates[i]), 0);
        if (i > 0 && vw_calendar_days(dates[i - 1], dates[i]) < 100) { /* the file has holes */
            uint32_t before = vw_calendar_add_days(dates[i], -1);

            assert_int_equal(vw_calendar_session(NULL, before), dates[i - 1]);
        }
    }
}

static void vx_futures_expired_when_the_rule_says(void **state)
{
    static uint32_t dates[DATES_MAX];
    size_t count = read_dates(vw_test_data("history/vx_monthly_contracts.csv.gz"), 1, dates);

    (void)state;
    assert_true(count > 10000);
    for (size_t i = 0; i < count; i++) {
        uint32_t date = dates[i];

        if (date == 20040714 || date == 20041013) { /* listed before the rule */
            continue;
        }
        assert_int_equal(vw_calendar_vx_expiry(NULL, (int)(date / 10000), (int)(date / 100 % 100)),
                         date);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sessions_are_the_days_the_index_has),
        cmocka_unit_test(vx_futures_expired_when_the_rule_says),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
