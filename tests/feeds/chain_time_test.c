#include "feeds/chain_time.h"

#include "tests/check.h"

static void the_download_time_reads_in_the_languages_of_browsers(void **state)
{
    static const struct {
        const char *text;
        uint32_t date;
        int hour, minute; /* New York */
    } want[] = {
        {"June 11, 2022, 8:47 PM EDT", 20220611, 20, 47},
        {"September 14, 2023 at 4:31 PM EDT", 20230914, 16, 31},
        {"September 14, 2023 at 4:31\u202fPM EDT", 20230914, 16, 31},
        {"February 7, 2023 at 5:34 PM EST", 20230207, 17, 34},
        {"February 5 2022, 8:09 PM EST", 20220205, 20, 9},
        {"June 11, 2022, 12:07 AM EDT", 20220611, 0, 7},
        {"June 11, 2022, 12:07 PM EDT", 20220611, 12, 7},
        {"September 14, 2023 at 3:31 PM CDT", 20230914, 16, 31},
        {"14 September 2023 at 21:31 BST", 20230914, 16, 31},
        {"Mar 22 2020 @ 18:24 ET", 20200322, 18, 24},
        {"11 de noviembre de 2024, 8:02 GMT-5", 20241111, 8, 2},
        {"14 de septiembre de 2023, 4:31 p.\u00a0m. GMT-4", 20230914, 16, 31},
        {"11 de enero de 2024 a las 8:02 GMT-5", 20240111, 8, 2},
        {"13 juin 2022 à 20:47 UTC+2", 20220613, 14, 47},
        {"2 août 2023 à 16:31 UTC\u22124", 20230802, 16, 31},
        {"14. September 2023 um 22:31 Uhr MESZ", 20230914, 16, 31},
        {"3. März 2024 um 22:31 MEZ", 20240303, 16, 31},
        {"2026年3月19日 GMT-4 10:30", 20260319, 10, 30},
        {"2026年3月19日 下午10:30 GMT+8", 20260319, 10, 30},
        {"9 \u0434\u0435\u043a\u0430\u0431\u0440\u044f 2023 \u0433. \u0432 13:49 GMT-5", 20231209,
         13, 49},
        {"14 wrze\u015bnia 2023 22:31 CEST", 20230914, 16, 31},
        {"14 Eyl\u00fcl 2023 23:31 GMT+3", 20230914, 16, 31},
        {"2023\ub144 9\uc6d4 14\uc77c \uc624\ud6c4 4:31 GMT-4", 20230914, 16, 31},
        {"2023-09-14 16:31:00", 20230914, 16, 31},
        {"14 septembre 2023 \u00e0 16 h 31 HAE", 20230914, 16, 31},
        {"11 March 2024 at 02:01 GMT+5:30", 20240310, 16, 31},
    };

    (void)state;
    for (size_t i = 0; i < VW_COUNT_OF(want); i++) {
        int64_t instant_ns = 0, second;
        uint32_t date;

        if (!vw_chain_time_words(want[i].text, &instant_ns)) {
            fail_msg("'%s' was not read", want[i].text);
        }
        date = vw_calendar_date(instant_ns, &second);
        if (date != want[i].date || second != 3600 * want[i].hour + 60 * want[i].minute) {
            fail_msg("'%s' is %u %02d:%02d", want[i].text, date, (int)(second / 3600),
                     (int)(second / 60 % 60));
        }
    }
}

static void what_might_be_wrong_by_hours_is_not_guessed(void **state)
{
    static const char *const bad[] = {
        "",
        "nonsense",
        "June 31, 2022, 8:47 PM EDT",
        "June 11, 2022, 13:47 PM EDT",
        "June 11, 2022, 8:47 PM XYZ",
        "June 11, 2022, 25:47 EDT",
        "June 11, 2022",
        "11, 2022, 8:47 PM EDT",
        "June 11, 22022, 8:47 PM EDT",
        "14/09/2023, 22:31 CEST",
        "2023-09-14 16:31:00 CEST",
        "5 \u2212 3",
        "June 11, 2022, 8:47 PM GMT+99",
    };

    (void)state;
    for (size_t i = 0; i < VW_COUNT_OF(bad); i++) {
        int64_t instant_ns = 7;

        if (vw_chain_time_words(bad[i], &instant_ns)) {
            fail_msg("'%s' was read", bad[i]);
        }
        assert_int_equal(instant_ns, 7);
    }
}

static void stamps_read_with_and_without_time_and_zone(void **state)
{
    static const struct {
        const char *text;
        int64_t utc_second;
        bool has_time;
    } want[] = {
        {"2023-09-14T16:15:00", 1694722500, true},
        {"2023-09-14 16:15", 1694722500, true},
        {"2023-09-14 16:15 vendor", 1694722500, true},
        {"2023-09-14T20:15:00Z", 1694722500, true},
        {"2023-09-14T20:15:00.632Z spot=1", 1694722500, true},
        {"2023-09-14T22:15:00+02:00", 1694722500, true},
        {"09/14/2023 16:15:00", 1694722500, true},
        {"2023-09-14", 1694664000, false},
        {"9/14/23", 1694664000, false},
    };
    static const char *const bad[] = {"",
                                      "quote",
                                      "2023-09-31",
                                      "2023-13-01",
                                      "2023-09/14",
                                      "20230914",
                                      "2023-09-14T16",
                                      "2023-09-14x",
                                      "-1-1-1",
                                      "2023-09-14T24:00",
                                      "2023-09-14T16:15+99:00",
                                      "12345-09-14"};

    (void)state;
    for (size_t i = 0; i < VW_COUNT_OF(want); i++) {
        int64_t instant_ns;
        bool has_time;

        assert_true(vw_chain_time_stamp(want[i].text, &instant_ns, &has_time));
        assert_int_equal(instant_ns, want[i].utc_second * 1000000000);
        assert_int_equal(has_time, want[i].has_time);
    }
    for (size_t i = 0; i < VW_COUNT_OF(bad); i++) {
        int64_t instant_ns;
        bool has_time;

        if (vw_chain_time_stamp(bad[i], &instant_ns, &has_time)) {
            fail_msg("'%s' was read", bad[i]);
        }
    }
}

static void expiries_read_in_every_form_the_files_have(void **state)
{
    static const char *const good[] = {"Fri Jun 10 2022",    "2022-06-10", "20220610",
                                       "06/10/2022",         "6/10/22",    "10-Jun-2022",
                                       "2022-06-10 00:00:00"};
    static const char *const bad[] = {"",          "Jun 2022",    "20221310", "abc", "06/10/20222",
                                      "202206100", "2022-06-10 x"};

    (void)state;
    for (size_t i = 0; i < VW_COUNT_OF(good); i++) {
        uint32_t date = 0;

        assert_true(vw_chain_time_date(good[i], &date));
        assert_int_equal(date, 20220610);
    }
    for (size_t i = 0; i < VW_COUNT_OF(bad); i++) {
        uint32_t date = 7;

        assert_false(vw_chain_time_date(bad[i], &date));
        assert_int_equal(date, 7);
    }
}

static void a_date_is_known_again_with_its_numbers_in_another_order(void **state)
{
    static const char *const same[] = {"13-09-22", "13/09/2022", "9.13.22", "2022-09-13"};
    static const char *const other[] = {
        "", "12-09-22", "13-09", "13-09-22-1", "2022-13-09", "13 09 22", "September 13 2022"};

    (void)state;
    for (size_t i = 0; i < VW_COUNT_OF(same); i++) {
        assert_true(vw_chain_time_says(same[i], 20220913));
    }
    for (size_t i = 0; i < VW_COUNT_OF(other); i++) {
        assert_false(vw_chain_time_says(other[i], 20220913));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_download_time_reads_in_the_languages_of_browsers),
        cmocka_unit_test(what_might_be_wrong_by_hours_is_not_guessed),
        cmocka_unit_test(stamps_read_with_and_without_time_and_zone),
        cmocka_unit_test(expiries_read_in_every_form_the_files_have),
        cmocka_unit_test(a_date_is_known_again_with_its_numbers_in_another_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
