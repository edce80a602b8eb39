#include "core/vol/smile.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(out_of_the_money_sides_come_as_vols_with_their_bands, make_chain),
        cmocka_unit_test_setup(the_walk_stops_after_two_missing_bids_in_a_row, make_chain),
        cmocka_unit_test_setup(crossed_and_hopeless_quotes_are_left_out, make_chain),
        cmocka_unit_test_setup(a_locked_quote_is_worth_half_a_tick, make_chain),
        cmocka_unit_test_setup(bad_input_and_no_quotes_say_so, make_chain),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    free(smile.k);
    return failed;
}
