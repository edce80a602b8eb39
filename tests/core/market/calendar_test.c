#include "core/market/calendar.h"

#include "tests/check.h"

#include <string.h>
#include <time.h>

#define SECOND_NS INT64_C(1000000000)

static int64_t minute_ns(uint32_t date, int hour, int minute)
{
    return vw_calendar_ns(date, 3600 * hour + 60 * minute);
}

static int64_t utc_ns(uint32_t date, int hour, int minute)
{
    struct tm tm = {.tm_year = (int)(date / 10000) - 1900,
                    .tm_mon = (int)(date / 100 % 100) - 1,
                    .tm_mday = (int)(date % 100),
                    .tm_hour = hour,
                    .tm_min = minute};

    return (int64_t)timegm(&tm) * SECOND_NS;
}

static void dates_are_those_of_the_system_library(void **state)
{
    uint32_t date = 19700101;

    (void)state;
    for (int64_t day = 0; date <= 21991231; day++, date = vw_calendar_add_days(date, 1)) {
        time_t time = (time_t)(day * 86400);
        struct tm tm;

        gmtime_r(&time, &tm);
        assert_int_equal(date, (tm.tm_year + 1900) * 10000 + (tm.tm_mon + 1) * 100 + tm.tm_mday);
        assert_int_equal(vw_calendar_weekday(date), tm.tm_wday);
        assert_int_equal(vw_calendar_days(19700101, date), day);
        assert_true(vw_calendar_valid(date));
    }
    assert_int_equal(vw_calendar_add_days(20240301, -1), 20240229);
}

static void only_dates_are_valid(void **state)
{
    static const uint32_t bad[] = {0,        19691231, 22000101, 20230229, 20230431,  20231301,
                                   20230001, 20230100, 20230132, 21000229, 4294967295};

    (void)state;
    for (size_t i = 0; i < VW_COUNT_OF(bad); i++) {
        assert_false(vw_calendar_valid(bad[i]));
    }
    assert_true(vw_calendar_valid(20240229));
    assert_true(vw_calendar_valid(20000229));
}

static void new_york_is_the_system_time_zone_at_every_half_hour(void **state)
{
    struct tm tm;

    (void)state;
    if (setenv("TZ", "America/New_York", 1) != 0) {
        skip();
    }
    tzset();
    if (localtime_r(&(time_t){1594000000}, &tm)->tm_isdst != 1) {
        printf("skipped: no time zone data here\n");
        skip();
    }
    for (time_t time = 0; time < (time_t)2145916800; time += 1800) { /* until 2038 */
        int64_t second, back;
        uint32_t date = vw_calendar_date(time * SECOND_NS + 999, &second);

        localtime_r(&time, &tm);
        assert_int_equal(date, (tm.tm_year + 1900) * 10000 + (tm.tm_mon + 1) * 100 + tm.tm_mday);
        assert_int_equal(second, tm.tm_hour * 3600 + tm.tm_min * 60 + tm.tm_sec);
        back = vw_calendar_ns(date, second);
        /* the hour that comes twice reads as its first */
        assert_true(back == time * SECOND_NS || back == (time - 3600) * SECOND_NS);
        assert_true(back == time * SECOND_NS || tm.tm_isdst == 0);
    }
}

static void daylight_saving_follows_the_law_of_its_year(void **state)
{
    (void)state;
    assert_int_equal(vw_calendar_ns(20230914, 58500), utc_ns(20230914, 20, 15));
    assert_int_equal(vw_calendar_ns(20230207, 58500), utc_ns(20230207, 21, 15));
    assert_int_equal(minute_ns(20260309, 9, 30), utc_ns(20260309, 13, 30)); /* second Sunday + 1 */
    assert_int_equal(minute_ns(20260306, 9, 30), utc_ns(20260306, 14, 30));
    assert_int_equal(minute_ns(20060331, 9, 30), utc_ns(20060331, 14, 30)); /* old rule */
    assert_int_equal(minute_ns(20060403, 9, 30), utc_ns(20060403, 13, 30));
    assert_int_equal(minute_ns(20061027, 9, 30), utc_ns(20061027, 13, 30));
    assert_int_equal(minute_ns(20061030, 9, 30), utc_ns(20061030, 14, 30));
}

static void holidays_and_early_closes_fall_where_they_fell(void **state)
{
    static const struct {
        uint32_t date, close;
    } days[] = {
        {20260101, 0},   {20260119, 0},   {20260216, 0},   {20260403, 0},   {20260525, 0},
        {20260619, 0},   {20260703, 0},   {20260907, 0},   {20261126, 0},   {20261225, 0},
        {20261127, 780}, {20261224, 780}, {20260702, 960}, {20260721, 960}, {20260725, 0},
        {20220617, 960}, {20220620, 0},   /* the first Juneteenth, a Sunday */
        {20210618, 960}, {20211231, 960}, /* New Year's Day on a Saturday is not made up */
        {20170102, 0},   {20211224, 0},   {20210705, 0},   {20200703, 0},   {19970120, 960},
        {19980119, 0},   {20010911, 0},   {20010914, 0},   {20010917, 960}, {20040611, 0},
        {20070102, 0},   {20121029, 0},   {20121030, 0},   {20121031, 960}, {20181205, 0},
        {20250109, 0},   {20240703, 780}, {20250703, 780}, {20190703, 780}, {20130703, 780},
        {20020705, 780}, {20020703, 960}, {20130705, 960}, {20231124, 780}, {20241224, 780},
        {20211126, 780}, {19940427, 0},   {19991231, 780}, {20210702, 960},
    };
    static const uint32_t good_fridays[] = {19900413, 19910329, 20000421, 20080321, 20100402,
                                            20110422, 20180330, 20210402, 20220415, 20230407,
                                            20240329, 20250418, 20270326, 20380423, 20490416};

    (void)state;
    for (size_t i = 0; i < VW_COUNT_OF(days); i++) {
        if (vw_calendar_close(NULL, days[i].date) != days[i].close) {
            fail_msg("%u closes at %u, not %u", days[i].date, vw_calendar_close(NULL, days[i].date),
                     days[i].close);
        }
    }
    for (size_t i = 0; i < VW_COUNT_OF(good_fridays); i++) {
        assert_int_equal(vw_calendar_close(NULL, good_fridays[i]), 0);
    }
    assert_int_equal(vw_calendar_session(NULL, 20260704), 20260702);
    assert_int_equal(vw_calendar_session(NULL, 20260702), 20260702);
}

static void series_settle_at_their_own_instant(void **state)
{
    (void)state;
    assert_int_equal(vw_calendar_settlement_ns(NULL, "SPX", 20220617, 'A'),
                     minute_ns(20220617, 9, 30));
    assert_int_equal(vw_calendar_settlement_ns(NULL, "SPXW", 20220617, 'P'),
                     minute_ns(20220617, 16, 0));
    assert_int_equal(vw_calendar_settlement_ns(NULL, "SPXW", 20220617, 0),
                     minute_ns(20220617, 16, 0));
    assert_int_equal(vw_calendar_settlement_ns(NULL, "VIX", 20260722, 0),
                     minute_ns(20260722, 9, 30));
    assert_int_equal(vw_calendar_settlement_ns(NULL, "VX", 20260722, 'P'),
                     minute_ns(20260722, 9, 30));
    assert_int_equal(vw_calendar_settlement_ns(NULL, "SPXW", 20241224, 'P'),
                     minute_ns(20241224, 13, 0));
    /* Saturday expiries of old, and an expiry on a holiday, settle on the session before */
    assert_int_equal(vw_calendar_settlement_ns(NULL, "SPX", 19900120, 'A'),
                     minute_ns(19900119, 9, 30));
    assert_int_equal(vw_calendar_settlement_ns(NULL, "SPXW", 20260403, 'P'),
                     minute_ns(20260402, 16, 0));
}

static void overrides_change_days_and_settlements(void **state)
{
    static const vw_calendar calendar = {.overrides = {{"", 20260721, 'H', 0},
                                                       {"", 20260703, 'O', 0},
                                                       {"", 20260722, 'E', 720},
                                                       {"SPXW", 20260723, 'S', 975},
                                                       {"", 20260724, 'H', 0},
                                                       {"", 20260724, 'O', 0},
                                                       {"", 20260727, 'E', 570}},
                                         .override_count = 7};

    (void)state;
    assert_int_equal(vw_calendar_close(&calendar, 20260721), 0);
    assert_int_equal(vw_calendar_close(&calendar, 20260703), 960);
    assert_int_equal(vw_calendar_close(&calendar, 20260722), 720);
    assert_int_equal(vw_calendar_close(&calendar, 20260723), 960);
    assert_int_equal(vw_calendar_close(&calendar, 20260724), 960);
    assert_int_equal(vw_calendar_close(&calendar, 20260727), 960); /* no close at the open */
    assert_int_equal(vw_calendar_settlement_ns(&calendar, "SPXW", 20260723, 'P'),
                     minute_ns(20260723, 16, 15));
    assert_int_equal(vw_calendar_settlement_ns(&calendar, "SPX", 20260723, 'A'),
                     minute_ns(20260723, 9, 30));
    assert_int_equal(vw_calendar_settlement_ns(&calendar, "SPXW", 20260722, 'P'),
                     minute_ns(20260722, 12, 0));
}

static void monthly_vx_futures_expire_thirty_days_before_the_third_friday(void **state)
{
    static const struct {
        int year, month;
        uint32_t expiry;
    } want[] = {
        {2004, 5, 20040519}, {2014, 3, 20140318},  {2019, 3, 20190319}, {2021, 12, 20211222},
        {2022, 3, 20220315}, {2026, 5, 20260519},  {2026, 7, 20260722}, {2026, 12, 20261216},
        {2008, 2, 20080219}, {2017, 12, 20171220}, {2024, 6, 20240618},
    };

    (void)state;
    for (size_t i = 0; i < VW_COUNT_OF(want); i++) {
        assert_int_equal(vw_calendar_vx_expiry(NULL, want[i].year, want[i].month), want[i].expiry);
    }
}

static void years_are_exact_to_the_nanosecond(void **state)
{
    int64_t settlement = vw_calendar_settlement_ns(NULL, "SPXW", 20230915, 'P');

    (void)state;
    assert_near(vw_calendar_years(minute_ns(20230914, 16, 15), settlement), 1425.0 / 525600, 1e-17);
    assert_near(vw_calendar_years(settlement - 1, settlement), 1 / (365 * 86400 * 1e9), 1e-32);
    assert_true(vw_calendar_years(settlement, settlement) == 0);
    assert_true(vw_calendar_years(settlement + 1, settlement) < 0);
}

static double variance_days(const vw_calendar *calendar, int64_t from, int64_t to)
{
    return vw_calendar_variance_years(calendar, from, to) * (252 + 113 * 0.08);
}

static void the_variance_clock_weighs_sessions_nights_and_closed_days(void **state)
{
    int64_t friday_close = minute_ns(20230908, 16, 0);

    (void)state;
    assert_near(variance_days(NULL, minute_ns(20230914, 9, 30), minute_ns(20230914, 16, 0)), 0.6,
                1e-14);
    assert_near(variance_days(NULL, minute_ns(20230913, 16, 0), minute_ns(20230914, 9, 30)), 0.4,
                1e-14);
    assert_near(variance_days(NULL, friday_close, minute_ns(20230911, 16, 0)), 1.16, 1e-13);
    assert_near(variance_days(NULL, minute_ns(20230914, 9, 30), minute_ns(20230914, 12, 45)), 0.3,
                1e-14);
    assert_near(variance_days(NULL, minute_ns(20231124, 9, 30), minute_ns(20231124, 13, 0)),
                0.6 * 210 / 390, 1e-14);
    assert_near(variance_days(NULL, minute_ns(20231124, 0, 0), minute_ns(20231125, 0, 0)),
                0.4 + 0.6 * 210 / 390, 1e-14);
    assert_near(variance_days(NULL, minute_ns(20231105, 0, 0), minute_ns(20231105, 12, 0)),
                0.08 * 13 / 25, 1e-14); /* 25 hours */
    /* 2022: 251 sessions, one of them short, 114 closed days */
    assert_near(variance_days(NULL, minute_ns(20220101, 0, 0), minute_ns(20230101, 0, 0)),
                251 + 114 * 0.08 - 0.6 * 180 / 390, 1e-11);
    assert_near(vw_calendar_variance_years(NULL, minute_ns(20180101, 0, 0),
                                           minute_ns(20180101, 0, 0) + 365 * 86400 * SECOND_NS),
                1, 0.01);
}

static double summed_days(const vw_calendar *calendar, uint32_t from, uint32_t to)
{
    double sum = 0;

    for (; from < to; from = vw_calendar_add_days(from, 1)) {
        uint32_t close = vw_calendar_close(calendar, from);

        sum += close == 0 ? 0.08 : 0.4 + 0.6 * ((double)close - 570) / 390;
    }
    return sum;
}

static uint64_t next_random(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *seed >> 17;
}

static void the_variance_clock_adds_up_day_by_day(void **state)
{
    static const vw_calendar calendar = {.overrides = {{"", 20230914, 'H', 0},
                                                       {"", 20230704, 'O', 0},
                                                       {"", 20230914, 'E', 700},
                                                       {"", 20010912, 'O', 0},
                                                       {"", 20241224, 'H', 0},
                                                       {"", 20300316, 'O', 0},
                                                       {"SPX", 20230915, 'S', 0}},
                                         .override_count = 7};
    uint64_t seed = 20230914;

    (void)state;
    printf("seed %llu\n", (unsigned long long)seed);
    for (int i = 0; i < 300; i++) {
        uint32_t a = vw_calendar_add_days(19900101, (int)(next_random(&seed) % 15000));
        uint32_t b = vw_calendar_add_days(a, (int)(next_random(&seed) % 2500));
        int64_t from = vw_calendar_ns(a, 0), to = vw_calendar_ns(b, 0);
        int64_t middle = from + (int64_t)(next_random(&seed) % (uint64_t)(to - from + 1));

        assert_near(variance_days(&calendar, from, to), summed_days(&calendar, a, b), 1e-9);
        assert_near(variance_days(&calendar, from, middle) + variance_days(&calendar, middle, to),
                    variance_days(&calendar, from, to), 1e-11);
        assert_true(variance_days(&calendar, middle, from) ==
                    -variance_days(&calendar, from, middle));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates_are_those_of_the_system_library),
        cmocka_unit_test(only_dates_are_valid),
        cmocka_unit_test(new_york_is_the_system_time_zone_at_every_half_hour),
        cmocka_unit_test(daylight_saving_follows_the_law_of_its_year),
        cmocka_unit_test(holidays_and_early_closes_fall_where_they_fell),
        cmocka_unit_test(series_settle_at_their_own_instant),
        cmocka_unit_test(overrides_change_days_and_settlements),
        cmocka_unit_test(monthly_vx_futures_expire_thirty_days_before_the_third_friday),
        cmocka_unit_test(years_are_exact_to_the_nanosecond),
        cmocka_unit_test(the_variance_clock_weighs_sessions_nights_and_closed_days),
        cmocka_unit_test(the_variance_clock_adds_up_day_by_day),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
