#include "core/vol/vix_index.h"

#include "tests/check.h"

#include <string.h>

enum { STRIKES_MAX = 400 };

typedef struct strip_quotes {
    double strike[STRIKES_MAX], call_bid[STRIKES_MAX], call_ask[STRIKES_MAX];
    double put_bid[STRIKES_MAX], put_ask[STRIKES_MAX];
    size_t count;
} strip_quotes;

static vw_vix_quotes view(const strip_quotes *quotes)
{
    return (vw_vix_quotes){quotes->strike,  quotes->call_bid, quotes->call_ask,
                           quotes->put_bid, quotes->put_ask,  quotes->count};
}

static void add(strip_quotes *quotes, double strike, double call_bid, double call_ask,
                double put_bid, double put_ask)
{
    size_t i = quotes->count++;

    quotes->strike[i] = strike;
    quotes->call_bid[i] = call_bid;
    quotes->call_ask[i] = call_ask;
    quotes->put_bid[i] = put_bid;
    quotes->put_ask[i] = put_ask;
}

static void read_example(const char *term, strip_quotes *quotes)
{
    FILE *file = fopen(VW_SOURCE_DIR "/tests/data/vix_example_quotes.csv", "r");
    char line[256], name[16];
    double strike, call_bid, call_ask, put_bid, put_ask;

    assert_non_null(file);
    quotes->count = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, "%15[^,],%lf,%lf,%lf,%lf,%lf", name, &strike, &call_bid, &call_ask,
                   &put_bid, &put_ask) == 6 &&
            strcmp(name, term) == 0) {
            add(quotes, strike, call_bid, call_ask, put_bid, put_ask);
        }
    }
    fclose(file);
}

static void the_exchange_s_example_comes_out_to_the_last_digit(void **state)
{
    static strip_quotes near_quotes, next_quotes;
    vw_vix_quotes quotes;
    vw_vix_strip near, next;

    (void)state;
    read_example("near", &near_quotes);
    read_example("next", &next_quotes);
    quotes = view(&near_quotes);
    assert_int_equal(vw_vix_term(&quotes, 34484, 0.00031664, &near), VW_STATUS_OK);
    quotes = view(&next_quotes);
    assert_int_equal(vw_vix_term(&quotes, 44954, 0.00028797, &next), VW_STATUS_OK);
    assert_near(near.forward, 1962.8999563733503136, 1e-11);
    assert_near(next.forward, 1962.4000591121589151, 1e-11);
    assert_near(near.k0, 1960, 0);
    assert_int_equal(near.strikes, 146);
    assert_near(near.low, 1370, 0);
    assert_near(near.high, 2125, 0);
    assert_int_equal(next.strikes, 122);
    assert_near(next.low, 1275, 0);
    assert_near(next.high, 2200, 0);
    assert_near(near.sum, 0.00063205159415092898058, 1e-15);
    assert_near(next.sum, 0.0008314016403627306118, 1e-15);
    assert_near(near.variance, 0.019233906480510570785, 1e-14);
    assert_near(next.variance, 0.019423884279296462101, 1e-14);
    assert_near(vw_vix_value(&near, &next, 30), 13.927842350137641722, 1e-9);
}

static void two_strikes_without_a_bid_end_the_strip_and_one_is_skipped(void **state)
{
    static strip_quotes q;
    vw_vix_quotes quotes;
    vw_vix_strip strip;

    (void)state;
    q.count = 0;
    add(&q, 70, 30, 31, 0.4, 0.5); /* beyond two without a bid: not counted */
    add(&q, 75, 25, 26, 0, 0.5);
    add(&q, 80, 20, 21, 0, 0.5);
    add(&q, 85, 15, 16, 0.5, 0.7);
    add(&q, 90, 10, 11, 0, 0.9); /* one without a bid: skipped */
    add(&q, 95, 6, 6.4, 1.5, 1.7);
    add(&q, 100, 3, 3.2, 2.8, 3.0);
    add(&q, 105, 1.5, 0, 6, 6.4); /* no ask: skipped too */
    add(&q, 110, 0.4, 0.6, 10, 11);
    quotes = view(&q);
    assert_int_equal(vw_vix_term(&quotes, 43200, 0, &strip), VW_STATUS_OK);
    assert_near(strip.forward, 100.2, 1e-12);
    assert_near(strip.k0, 100, 0);
    assert_int_equal(strip.strikes, 4); /* 85, 95, 100, 110 */
    assert_near(strip.low, 85, 0);
    assert_near(strip.high, 110, 0);
    assert_near(strip.sum,
                10 / 85.0 / 85 * 0.6 + 7.5 / 95 / 95 * 1.6 + 7.5 / 100 / 100 * 3.0 +
                    10 / 110.0 / 110 * 0.5,
                1e-16);
    assert_near(strip.variance, (2 * strip.sum - 0.002 * 0.002) * 365 / 30, 1e-15);
}

static void calls_end_as_puts_do_and_k0_may_be_the_forward(void **state)
{
    static strip_quotes q;
    vw_vix_quotes quotes;
    vw_vix_strip strip;

    (void)state;
    q.count = 0;
    add(&q, 90, 10, 11, 0.4, 0.6);
    add(&q, 100, 3, 3.2, 3, 3.2);
    add(&q, 110, 0.4, 0.6, 10, 11);
    add(&q, 120, 0, 0.5, 20, 21);
    add(&q, 130, 0, 0.5, 30, 31);
    add(&q, 140, 0.2, 0.3, 40, 41); /* beyond two without a bid: not counted */
    quotes = view(&q);
    assert_int_equal(vw_vix_term(&quotes, 43200, 0, &strip), VW_STATUS_OK);
    assert_near(strip.forward, 100, 0);
    assert_near(strip.k0, 100, 0);
    assert_near(strip.high, 110, 0);
    assert_int_equal(strip.strikes, 3);
    q.call_bid[4] = 0.1; /* one alone is skipped */
    assert_int_equal(vw_vix_term(&quotes, 43200, 0, &strip), VW_STATUS_OK);
    assert_near(strip.high, 140, 0);
    assert_int_equal(strip.strikes, 5);
}

static void a_flat_black_scholes_strip_gives_its_vol_back(void **state)
{
    static strip_quotes q;
    double years = 30 / 365.0, vol = 0.2, deviation = vol * sqrt(years);
    vw_vix_quotes quotes;
    vw_vix_strip strip;

    (void)state;
    q.count = 0;
    for (double k = 60; k < 160; k += 0.25) {
        double d1 = log(100.0 / k) / deviation + deviation / 2, d2 = d1 - deviation;
        double call = 100 * 0.5 * erfc(-d1 / sqrt(2)) - k * 0.5 * erfc(-d2 / sqrt(2));

        add(&q, k, call, call, call - 100 + k, call - 100 + k);
    }
    quotes = view(&q);
    assert_int_equal(vw_vix_term(&quotes, 43200, 0, &strip), VW_STATUS_OK);
    assert_near(sqrt(strip.variance), vol, 3e-4);         /* the coarse grid of strikes */
    assert_true(isnan(vw_vix_value(&strip, &strip, 30))); /* the same term twice */
}

static void what_has_no_market_has_no_variance(void **state)
{
    static strip_quotes q;
    vw_vix_quotes quotes;
    vw_vix_strip strip, good;

    (void)state;
    q.count = 0;
    quotes = view(&q);
    assert_int_equal(vw_vix_term(&quotes, 43200, 0, &strip), VW_STATUS_NO_MARKET);
    assert_true(isnan(strip.variance));
    add(&q, 90, 0, 11, 0, 0.9);
    add(&q, 100, 0, 3.2, 2.8, 3.0);
    quotes = view(&q);
    assert_int_equal(vw_vix_term(&quotes, 43200, 0, &strip), VW_STATUS_NO_MARKET);
    q.call_bid[1] = 3;
    assert_int_equal(vw_vix_term(&quotes, 43200, 0, &strip), VW_STATUS_NO_MARKET); /* one strike */
    q.put_bid[0] = 0.5;
    assert_int_equal(vw_vix_term(&quotes, 43200, 0, &good), VW_STATUS_OK);
    assert_int_equal(vw_vix_term(&quotes, 0, 0, &strip), VW_STATUS_EXPIRED);
    assert_int_equal(vw_vix_term(&quotes, NAN, 0, &strip), VW_STATUS_BAD_INPUT);
    assert_true(isnan(vw_vix_value(&strip, &good, 30)));
    q.strike[1] = 90;
    assert_int_equal(vw_vix_term(&quotes, 43200, 0, &strip), VW_STATUS_BAD_INPUT);
}

static double minutes_until(uint32_t date, char settlement, int64_t now_ns)
{
    return (double)(vw_calendar_settlement_ns(NULL, settlement == 'A' ? "SPX" : "SPXW", date,
                                              settlement) -
                    now_ns) /
           60e9;
}

/* Every weekday from a date on, AM and PM, as expiries. */
static size_t list_expiries(uint32_t from, int days, int64_t now_ns, vw_vix_expiry *list)
{
    size_t count = 0;

    for (int i = 0; i < days; i++) {
        uint32_t date = vw_calendar_add_days(from, i);

        if (vw_calendar_close(NULL, date) != 0) {
            list[count++] = (vw_vix_expiry){date, 'A', minutes_until(date, 'A', now_ns)};
            list[count++] = (vw_vix_expiry){date, 'P', minutes_until(date, 'P', now_ns)};
        }
    }
    return count;
}

static void the_terms_are_the_fridays_around_the_horizon(void **state)
{
    static const struct {
        uint32_t today;
        double days;
        uint32_t near, next;
        char near_settlement, next_settlement;
    } want[] = {
        {20230914, 30, 20231013, 20231020, 'P', 'A'},
        {20220610, 30, 20220708, 20220715, 'P', 'A'},
        {20220927, 30, 20221021, 20221028, 'A', 'P'},
        {20260721, 9, 20260724, 20260731, 'P', 'P'},
        {20230914, 93, 20231215, 20240119, 'A', 'A'},
        {20260522, 30, 20260618, 20260626, 'A', 'P'}, /* the 19th of June 2026 is a holiday */
        {20260305, 30, 20260402, 20260410, 'P', 'P'}, /* the 3rd of April is Good Friday */
    };
    static vw_vix_expiry list[800];

    (void)state;
    for (size_t i = 0; i < VW_COUNT_OF(want); i++) {
        int64_t now_ns = vw_calendar_ns(want[i].today, 58500);
        size_t count = list_expiries(want[i].today, 300, now_ns, list), near, next;

        assert_true(vw_vix_choose(NULL, VW_FAMILY_SPX, want[i].today, list, count, want[i].days,
                                  &near, &next));
        assert_int_equal(list[near].date, want[i].near);
        assert_int_equal(list[next].date, want[i].next);
        assert_int_equal(list[near].settlement, want[i].near_settlement);
        assert_int_equal(list[next].settlement, want[i].next_settlement);
        assert_false(vw_vix_choose(NULL, VW_FAMILY_SPX, want[i].today, list, 10, want[i].days,
                                   &near, &next));
    }
}

static void before_october_2014_the_terms_are_the_first_two_months(void **state)
{
    static const struct {
        uint32_t today, near, next;
    } want[] = {
        {20110808, 20110820, 20110917}, /* Saturdays, as the series were listed */
        {20110812, 20110820, 20110917}, /* the second Friday: eight days */
        {20110815, 20110917, 20111022}, /* the Monday after: too near; 30 days lie before both */
    };
    const vw_vix_expiry list[] = {
        {20110819, 'P', 0}, {20110820, 'A', 0}, {20110826, 'P', 0}, {20110917, 'A', 0},
        {20110930, 'P', 0}, {20111022, 'A', 0}, {20111217, 'A', 0},
    };

    (void)state;
    for (size_t i = 0; i < VW_COUNT_OF(want); i++) {
        int64_t now_ns = vw_calendar_ns(want[i].today, 58500);
        vw_vix_expiry dated[VW_COUNT_OF(list)];
        size_t near, next;

        for (size_t k = 0; k < VW_COUNT_OF(list); k++) {
            dated[k] = list[k];
            dated[k].minutes = minutes_until(list[k].date, list[k].settlement, now_ns);
        }
        assert_true(vw_vix_choose(NULL, VW_FAMILY_SPX, want[i].today, dated, VW_COUNT_OF(list), 30,
                                  &near, &next));
        assert_int_equal(list[near].date, want[i].near);
        assert_int_equal(list[next].date, want[i].next);
    }
}

static void an_expiry_right_at_the_horizon_is_the_near_term(void **state)
{
    vw_vix_expiry list[] = {{20230915, 'A', 1}, {20231013, 'P', 43200}, {20231020, 'A', 53000}};
    size_t near, next;

    (void)state;
    assert_true(vw_vix_choose(NULL, VW_FAMILY_SPX, 20230913, list, 3, 30, &near, &next));
    assert_int_equal(near, 1);
    assert_int_equal(next, 2);
    /* of 2011 the nine-day index already used the weeklies */
    list[0] = (vw_vix_expiry){20110805, 'P', 5000};
    list[1] = (vw_vix_expiry){20110812, 'P', 15080};
    list[2] = (vw_vix_expiry){20110820, 'A', 26000};
    assert_true(vw_vix_choose(NULL, VW_FAMILY_SPX, 20110802, list, 3, 9, &near, &next));
    assert_int_equal(near, 0);
    assert_int_equal(next, 1);
}

static void the_vol_of_vol_takes_the_monthlies_around_thirty_days(void **state)
{
    const uint32_t dates[] = {20210428, 20210519, 20210526, 20210616, 20210721};
    vw_vix_expiry list[VW_COUNT_OF(dates)];
    size_t near, next;

    (void)state;
    for (size_t i = 0; i < VW_COUNT_OF(dates); i++) {
        list[i] = (vw_vix_expiry){dates[i], 'A', 1440.0 * vw_calendar_days(20210426, dates[i])};
    }
    assert_true(
        vw_vix_choose(NULL, VW_FAMILY_VIX, 20210426, list, VW_COUNT_OF(dates), 30, &near, &next));
    assert_int_equal(list[near].date, 20210519);
    assert_int_equal(list[next].date, 20210616);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_exchange_s_example_comes_out_to_the_last_digit),
        cmocka_unit_test(two_strikes_without_a_bid_end_the_strip_and_one_is_skipped),
        cmocka_unit_test(calls_end_as_puts_do_and_k0_may_be_the_forward),
        cmocka_unit_test(a_flat_black_scholes_strip_gives_its_vol_back),
        cmocka_unit_test(what_has_no_market_has_no_variance),
        cmocka_unit_test(the_terms_are_the_fridays_around_the_horizon),
        cmocka_unit_test(before_october_2014_the_terms_are_the_first_two_months),
        cmocka_unit_test(an_expiry_right_at_the_horizon_is_the_near_term),
        cmocka_unit_test(the_vol_of_vol_takes_the_monthlies_around_thirty_days),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
