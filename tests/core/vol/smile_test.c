#include "core/vol/smile.h"

#include <string.h>

#include "tests/check.h"

enum { STRIKES = 41 };
static double strike[STRIKES], call_bid[STRIKES], call_ask[STRIKES], put_bid[STRIKES],
    put_ask[STRIKES];
static vw_parity in = {strike, call_bid, call_ask, put_bid, put_ask, STRIKES, 0.1, 0.05, 0};
static vw_smile smile;
static const vw_kernels *kernels;

/* A flat smile of 20 vol, 3800 to 4200 in steps of 10, forward 4000, quoted +- 0.2. */
static int make_chain(void **state)
{
    const double forward = 4000, discount = 0.995, vol = 0.2, years = 0.1;

    (void)state;
    for (size_t i = 0; i < STRIKES; i++) {
        double k = 3800 + 10 * (double)i, price[2];
        double side[2] = {1, -1};

        for (size_t s = 0; s < 2; s++) {
            vw_black_inputs one = {.forward = &forward,
                                   .strike = &k,
                                   .years = &years,
                                   .vol = &vol,
                                   .discount = &discount,
                                   .side = &side[s]};
            vw_black_outputs out = {.price = &price[s]};
            vw_black(&one, &out, 1);
        }
        strike[i] = k;
        call_bid[i] = price[0] - 0.2;
        call_ask[i] = price[0] + 0.2;
        put_bid[i] = price[1] - 0.2;
        put_ask[i] = price[1] + 0.2;
    }
    if (smile.k == NULL) {
        size_t size = vw_round_up(vw_smile_size(STRIKES), VW_LINE_PAIR);
        vw_smile_init(&smile, aligned_alloc(VW_LINE_PAIR, size), STRIKES);
        kernels = vw_kernels_get(NULL);
    }
    return 0;
}

static vw_status gather(void)
{
    return vw_smile_gather(&smile, &in, 4000, 0.995, kernels);
}

static void out_of_the_money_sides_come_as_vols_with_their_bands(void **state)
{
    (void)state;
    assert_int_equal(gather(), VW_STATUS_OK);
    assert_int_equal(smile.count, STRIKES);
    assert_near(smile.atm_vol, 0.2, 1e-9);
    for (size_t i = 0; i < smile.count; i++) {
        assert_int_equal(smile.row[i], i);
        assert_near(smile.k[i], log(strike[i] / 4000), 1e-15);
        assert_near(smile.vol[i], 0.2, 1e-9);
        assert_true(smile.bid_vol[i] < 0.2 && smile.ask_vol[i] > 0.2);
        assert_near(smile.half_vol[i], fmax(0.5 * (smile.ask_vol[i] - smile.bid_vol[i]), 5e-4),
                    1e-15);
    }
}

static void the_walk_stops_after_two_missing_bids_in_a_row(void **state)
{
    (void)state;
    put_bid[15] = 0; /* alone: only this one is left out */
    put_bid[9] = put_bid[8] = 0;
    call_bid[35] = call_bid[36] = NAN;
    assert_int_equal(gather(), VW_STATUS_OK);
    assert_int_equal(smile.row[0], 10);
    assert_int_equal(smile.row[smile.count - 1], 34);
    assert_int_equal(smile.count, 24);
}

static void crossed_and_hopeless_quotes_are_left_out(void **state)
{
    (void)state;
    put_ask[3] = put_bid[3] - 0.1;
    call_ask[30] = INFINITY;
    call_bid[31] = 3990;
    call_ask[31] = 4010; /* above the discounted forward */
    assert_int_equal(gather(), VW_STATUS_OK);
    assert_int_equal(smile.count, STRIKES - 3);
}

static void a_locked_quote_is_worth_half_a_tick(void **state)
{
    (void)state;
    put_bid[10] = put_ask[10];
    assert_int_equal(gather(), VW_STATUS_OK);
    assert_true(smile.bid_vol[10] == smile.ask_vol[10]);
    assert_near(smile.half_vol[10], 5e-4, 1e-15); /* half of 0.10 is less in vol */
    in.tick = 5;
    assert_int_equal(gather(), VW_STATUS_OK);
    assert_true(smile.half_vol[10] > 5e-3);
    in.tick = 0.05;
}

static void half_a_spread_is_no_less_than_half_a_tick_nor_five_basis_points(void **state)
{
    (void)state;
    assert_near(vw_smile_half_vol(0.19, 0.23, 1, 100, 0.05), 0.02, 1e-15);
    assert_near(vw_smile_half_vol(0.2, 0.2, 2.99, 10, 0.05), 0.0025, 1e-15);
    assert_near(vw_smile_half_vol(0.2, 0.2, 3, 10, 0.05), 0.005, 1e-15); /* a larger tick */
    assert_near(vw_smile_half_vol(0.2, 0.2, 3, 1000, 0.05), VW_HALF_VOL_MIN, 0);
    in.tick = 5;
    put_bid[10] = put_ask[10];
    assert_int_equal(gather(), VW_STATUS_OK);
    in.tick = 0.05;
    for (size_t i = 0; i < smile.count; i++) {
        size_t row = smile.row[i];
        double s = smile.vol[i] * sqrt(smile.years), d1 = s / 2 - smile.k[i] / s;
        double vega = 0.995 * 4000 * sqrt(smile.years) * exp(-d1 * d1 / 2) * 0.3989422804014327;
        double ask = strike[row] >= 4000 ? call_ask[row] : put_ask[row];

        assert_near(smile.half_vol[i],
                    vw_smile_half_vol(smile.bid_vol[i], smile.ask_vol[i], ask, vega, 5), 1e-12);
    }
}

/* At 12 deviations: out with less than two days left, in with more. */
static void how_far_out_a_strike_counts_depends_on_the_days_left(void **state)
{
    static const struct {
        double days, z;
        bool counts;
    } cases[] = {
        {1.9, -6.5, true}, {1.9, -8, false}, {2.1, -8, true}, {4.9, -15, false}, {5.1, -15, true}};

    (void)state;
    for (size_t i = 0; i < VW_COUNT_OF(cases); i++) {
        double years = cases[i].days / 365, sd = 0.2 * sqrt(years), k = 4000 * exp(cases[i].z * sd);
        double columns[5][3] = {
            {k, 4000, 4010}, {4000 - k, 10, 7}, {4000 - k + 1, 12, 8}, {1, 10, 17}, {1.2, 12, 18}};
        vw_parity few = {columns[0], columns[1], columns[2], columns[3], columns[4],
                         3,          years,      0.05,       0};

        for (size_t j = 0; j < 2; j++) { /* an at-the-money vol of 20 % */
            columns[2 * j + 1][1] = 4000 * 0.995 * 0.3989 * sd * 0.99;
            columns[2 * j + 2][1] = 4000 * 0.995 * 0.3989 * sd * 1.01;
        }
        assert_int_equal(vw_smile_gather(&smile, &few, 4000, 0.995, kernels), VW_STATUS_OK);
        assert_int_equal(smile.row[0] == 0, cases[i].counts);
    }
}

static void bad_input_and_no_quotes_say_so(void **state)
{
    (void)state;
    assert_int_equal(vw_smile_gather(&smile, &in, NAN, 1, kernels), VW_STATUS_BAD_INPUT);
    assert_int_equal(vw_smile_gather(&smile, &in, 4000, 0, kernels), VW_STATUS_BAD_INPUT);
    in.years = 0;
    assert_int_equal(gather(), VW_STATUS_BAD_INPUT);
    in.years = 0.1;
    in.count = 0;
    assert_int_equal(gather(), VW_STATUS_NO_MARKET);
    in.count = STRIKES;
    assert_int_equal(vw_smile_size(0), 0);
}

static double implied(double strike_at, double price, double sign)
{
    const double forward = 4000, discount = 0.995;
    vw_iv_inputs one = {&forward, &strike_at, &in.years, &price, &discount, &sign, NULL};
    double vol;
    uint8_t status;

    vw_implied_vol(&one, &vol, &status, 1);
    return vol;
}

/* From a spread of nothing to a bid of a tenth and an ask of twice the mid. */
static void firm_quotes_end_where_bids_are_three_ticks_or_less(void **state)
{
    (void)state;
    put_bid[12] = put_bid[5] = 0.15;
    call_bid[30] = 0.15;
    call_bid[27] = 0.2;
    assert_int_equal(gather(), VW_STATUS_OK);
    assert_int_equal(smile.row[smile.firm_first], 13);
    assert_int_equal(smile.row[smile.firm_first + smile.firm_count - 1], 29);
}

/* One far put beside the chain: cabinet quotes go beyond 8 deviations, and where 1 % of vol is
 * worth less than a fiftieth of a tick. */
static void far_quotes_stay_while_they_say_something(void **state)
{
    static const struct {
        double z, bid, ask;
        bool stays;
    } cases[] = {
        {-9, 0.05, 0.5, true},    {-9, 0.05, 0.51, false},   {-9, 0.06, 2, true},
        {-7.9, 0.05, 0.51, true}, {-5, 0.004, 0.0041, true}, {-5, 4e-4, 4.1e-4, false},
        {-9, 0.5, 0.499, false},
    };

    (void)state;
    for (size_t i = 0; i < VW_COUNT_OF(cases); i++) {
        double columns[5][STRIKES + 1];
        const double *from[] = {strike, call_bid, call_ask, put_bid, put_ask};
        size_t room = vw_round_up(vw_smile_size(STRIKES + 1), VW_LINE_PAIR);
        vw_parity wide = {columns[0],  columns[1], columns[2], columns[3], columns[4],
                          STRIKES + 1, 0.1,        0.05,       0};
        vw_smile one;

        for (size_t c = 0; c < 5; c++) {
            memcpy(columns[c] + 1, from[c], STRIKES * sizeof(double));
        }
        columns[0][0] = 4000 * exp(cases[i].z * 0.2 * sqrt(0.1));
        columns[1][0] = columns[2][0] = 0;
        columns[3][0] = cases[i].bid;
        columns[4][0] = cases[i].ask;
        vw_smile_init(&one, aligned_alloc(VW_LINE_PAIR, room), STRIKES + 1);
        assert_int_equal(vw_smile_gather(&one, &wide, 4000, 0.995, kernels), VW_STATUS_OK);
        assert_int_equal(one.row[0] == 0, cases[i].stays);
        free(one.k);
    }
}

static void bands_are_the_vols_of_bid_and_ask_however_wide(void **state)
{
    (void)state;
    for (int tenth = 0; tenth <= 9; tenth++) {
        make_chain(NULL);
        for (size_t i = 0; i < STRIKES; i++) {
            double call = 0.5 * (call_bid[i] + call_ask[i]), put = 0.5 * (put_bid[i] + put_ask[i]);

            call_bid[i] = call * (1 - 0.1 * tenth), call_ask[i] = call * (1 + 0.1 * tenth);
            put_bid[i] = put * (1 - 0.1 * tenth), put_ask[i] = put * (1 + 0.1 * tenth);
        }
        assert_int_equal(gather(), VW_STATUS_OK);
        assert_int_equal(smile.count, STRIKES);
        for (size_t i = 0; i < STRIKES; i++) {
            bool call = strike[i] >= 4000;
            double bid = implied(strike[i], call ? call_bid[i] : put_bid[i], call ? 1 : -1);
            double ask = implied(strike[i], call ? call_ask[i] : put_ask[i], call ? 1 : -1);

            assert_near(smile.bid_vol[i], bid, 1e-6 * bid);
            assert_near(smile.ask_vol[i], ask, 1e-6 * ask);
        }
    }
}

/* Rows shuffled into place by gaps: missing bids, cabinet quotes, no vol at all. */
static void vols_known_before_select_as_vols_found_now(void **state)
{
    double known[3][STRIKES] = {{0}}, kept[5][STRIKES];
    vw_smile_vols vols = {known[0], known[1], known[2]};
    size_t count;

    (void)state;
    put_bid[15] = 0;
    call_bid[27] = 0;
    call_bid[31] = 3990;
    call_ask[31] = 4010;
    assert_int_equal(gather(), VW_STATUS_OK);
    count = smile.count;
    assert_int_equal(count, STRIKES - 3);
    for (size_t i = 0; i < count; i++) {
        const double *columns[] = {smile.k, smile.vol, smile.bid_vol, smile.ask_vol,
                                   smile.half_vol};

        for (size_t c = 0; c < 5; c++) {
            kept[c][i] = columns[c][i];
        }
        known[0][smile.row[i]] = smile.vol[i];
        known[1][smile.row[i]] = smile.bid_vol[i];
        known[2][smile.row[i]] = smile.ask_vol[i];
    }
    assert_int_equal(vw_smile_take(&smile, &in, 4000, 0.995, &vols, vw_fit_kernels_get(NULL)),
                     VW_STATUS_OK);
    assert_int_equal(smile.count, count);
    assert_memory_equal(smile.k, kept[0], count * sizeof(double));
    assert_memory_equal(smile.vol, kept[1], count * sizeof(double));
    assert_memory_equal(smile.bid_vol, kept[2], count * sizeof(double));
    assert_memory_equal(smile.ask_vol, kept[3], count * sizeof(double));
    assert_memory_equal(smile.half_vol, kept[4], count * sizeof(double));
    known[0][20] = 0; /* lost since */
    vw_smile_take(&smile, &in, 4000, 0.995, &vols, vw_fit_kernels_get(NULL));
    assert_int_equal(smile.count, count - 1);
}

static void every_set_of_kernels_gathers_the_same_bits(void **state)
{
    double kept[3][STRIKES];

    (void)state;
    put_bid[4] = 0.3 * put_ask[4];
    gather();
    memcpy(kept[0], smile.half_vol, sizeof kept[0]);
    memcpy(kept[1], smile.bid_vol, sizeof kept[1]);
    memcpy(kept[2], smile.ask_vol, sizeof kept[2]);
    for (size_t i = 0; vw_kernels_name(i) != NULL; i++) {
        const vw_kernels *set = vw_kernels_get(vw_kernels_name(i));

        if (set == NULL || strcmp(set->isa, "reference") == 0) {
            continue;
        }
        assert_int_equal(vw_smile_gather(&smile, &in, 4000, 0.995, set), VW_STATUS_OK);
        assert_int_equal(smile.count, STRIKES);
        assert_memory_equal(kept[0], smile.half_vol, sizeof kept[0]);
        assert_memory_equal(kept[1], smile.bid_vol, sizeof kept[1]);
        assert_memory_equal(kept[2], smile.ask_vol, sizeof kept[2]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(out_of_the_money_sides_come_as_vols_with_their_bands, make_chain),
        cmocka_unit_test_setup(the_walk_stops_after_two_missing_bids_in_a_row, make_chain),
        cmocka_unit_test_setup(crossed_and_hopeless_quotes_are_left_out, make_chain),
        cmocka_unit_test_setup(a_locked_quote_is_worth_half_a_tick, make_chain),
        cmocka_unit_test_setup(half_a_spread_is_no_less_than_half_a_tick_nor_five_basis_points,
                               make_chain),
        cmocka_unit_test_setup(how_far_out_a_strike_counts_depends_on_the_days_left, make_chain),
        cmocka_unit_test_setup(firm_quotes_end_where_bids_are_three_ticks_or_less, make_chain),
        cmocka_unit_test_setup(far_quotes_stay_while_they_say_something, make_chain),
        cmocka_unit_test_setup(bands_are_the_vols_of_bid_and_ask_however_wide, make_chain),
        cmocka_unit_test_setup(vols_known_before_select_as_vols_found_now, make_chain),
        cmocka_unit_test_setup(every_set_of_kernels_gathers_the_same_bits, make_chain),
        cmocka_unit_test_setup(bad_input_and_no_quotes_say_so, make_chain),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    free(smile.k);
    return failed;
}
