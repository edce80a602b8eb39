#include "core/vol/arbitrage.h"

#include "tests/check.h"
#include "tests/core/vol/synthetic.h"

enum { STRIKES = 21, ROWS = 64 };
static double strike[STRIKES], call_bid[STRIKES], call_ask[STRIKES], put_bid[STRIKES],
    put_ask[STRIKES], scratch[VW_ARBITRAGE_SCRATCH(SYNTHETIC_STRIKES_MAX)];
static vw_arbitrage rows[ROWS];

/* Convex prices around forward 1000: x + sqrt(x^2 + 400) halved, quoted +- 0.1. */
static vw_arbitrage_market market(double years)
{
    for (size_t i = 0; i < STRIKES; i++) {
        double k = 900 + 10 * (double)i, x = 1000 - k, root = sqrt(x * x + 40000 * years);

        strike[i] = k;
        call_bid[i] = 0.5 * (root + x) - 0.1;
        call_ask[i] = call_bid[i] + 0.2;
        put_bid[i] = 0.5 * (root - x) - 0.1;
        put_ask[i] = put_bid[i] + 0.2;
    }
    return (vw_arbitrage_market){
        .quotes = {strike, call_bid, call_ask, put_bid, put_ask, STRIKES, years, 0.05, 0},
        .forward = 1000,
        .discount = 1,
        .multiplier = 100};
}

static void fair_quotes_have_none(void **state)
{
    static synthetic_slice slices[SYNTHETIC_SLICES];
    vw_arbitrage_market fair = market(0.1), before;

    (void)state;
    assert_int_equal(vw_arbitrage_find(&fair, scratch, rows, ROWS), 0);
    synthetic_load(slices);
    for (size_t i = 0; i < SYNTHETIC_SLICES; i++) {
        vw_arbitrage_market one = {.quotes = synthetic_parity(&slices[i], 0),
                                   .forward = slices[i].true_forward,
                                   .discount = slices[i].true_discount,
                                   .multiplier = 100};

        assert_int_equal(vw_arbitrage_find(&one, scratch, rows, ROWS), 0);
        if (i >= 2) { /* W1D is another market than the S slices */
            assert_int_equal(vw_arbitrage_find_calendars(&before, &one, scratch, rows, ROWS), 0);
        }
        before = one;
    }
}

static void a_conversion_is_worth_what_is_left_after_bids_and_asks(void **state)
{
    vw_arbitrage_market m = market(0.1);

    (void)state;
    call_bid[10] += 0.5; /* sold, less the put's ask: 0.5 - 0.2 */
    call_ask[10] += 0.5;
    assert_int_equal(vw_arbitrage_find(&m, scratch, rows, ROWS), 1);
    assert_int_equal(rows[0].kind, VW_ARBITRAGE_CONVERSION);
    assert_near(rows[0].strike, 1000, 0);
    assert_near(rows[0].edge, 0.3, 1e-12);
    assert_near(rows[0].edge_usd, 30, 1e-10);
    m = market(0.1);
    call_ask[10] -= 0.5;
    call_bid[10] -= 0.5;
    m.quotes.count = STRIKES;
    assert_int_equal(vw_arbitrage_find(&m, scratch, rows, ROWS), 1);
    assert_int_equal(rows[0].kind, VW_ARBITRAGE_REVERSAL);
    assert_near(rows[0].edge, 0.3, 1e-12);
}

static void what_the_forward_s_error_may_explain_is_not_earned(void **state)
{
    vw_arbitrage_market m = market(0.1);

    (void)state;
    call_bid[20] += 0.5; /* strike 1100, 100 points from the forward */
    call_ask[20] += 0.5;
    assert_int_equal(vw_arbitrage_find(&m, scratch, rows, ROWS), 1);
    m.forward_se = 0.1;
    assert_int_equal(vw_arbitrage_find(&m, scratch, rows, ROWS), 1);
    assert_near(rows[0].edge, 0.3 - 0.2, 1e-12);
    m.forward_se = 0;
    m.rate_se = 0.01;
    assert_int_equal(vw_arbitrage_find(&m, scratch, rows, ROWS), 1);
    assert_near(rows[0].edge, 0.3 - 2 * 0.01 * 0.1 * 100, 1e-12);
    m.rate_se = 0.02;
    assert_int_equal(vw_arbitrage_find(&m, scratch, rows, ROWS), 0);
}

/* A pair that is half a point off pulls the fit towards itself; without it the forward is right. */
static void the_residual_s_forward_is_that_of_all_other_pairs(void **state)
{
    static double room[VW_ARBITRAGE_RESIDUAL_SCRATCH(STRIKES)];
    vw_arbitrage_market m = market(0.1);

    (void)state;
    m.quotes.discount = 1;
    assert_near(vw_arbitrage_residual(&m, vw_fit_kernels_get(NULL), room).edge, 0, 0);
    call_bid[10] += 0.5;
    call_ask[10] += 0.5;
    call_bid[12] += 0.3; /* less of it: 0.3 - 0.2 */
    call_ask[12] += 0.3;
    m.forward = 1000.04;
    m.forward_se = 0.01;
    vw_arbitrage row = vw_arbitrage_residual(&m, vw_fit_kernels_get(NULL), room);

    assert_int_equal(row.kind, VW_ARBITRAGE_CONVERSION);
    assert_near(row.strike, 1000, 0);
    assert_near(row.edge, 0.2, 1e-6); /* without 10, by 12's executable prices, 1000.1 at least */
    assert_near(row.edge_usd, 100 * row.edge, 1e-12);
    call_bid[10] -= 0.5;
    call_ask[10] -= 0.5;
    call_bid[12] = call_ask[12] - 0.2 - 0.8; /* wide: nothing is executable */
    call_bid[3] -= 1;
    call_ask[3] -= 1;
    m.forward = 1000;
    m.forward_se = 0;
    row = vw_arbitrage_residual(&m, vw_fit_kernels_get(NULL), room);
    assert_int_equal(row.kind, VW_ARBITRAGE_REVERSAL);
    assert_near(row.strike, 930, 0);
    assert_near(row.edge, 0.8, 0.05);
    m.forward = NAN;
    assert_near(vw_arbitrage_residual(&m, vw_fit_kernels_get(NULL), room).edge, 0, 0);
}

static void a_butterfly_is_found_across_any_strikes(void **state)
{
    vw_arbitrage_market m = market(0.1);
    double cost;

    (void)state;
    m.forward = NAN; /* no parity: butterflies alone */
    call_bid[10] += 3;
    call_ask[10] += 3;
    for (size_t i = 9; i <= 11; i += 2) { /* the neighbours cannot be bought */
        call_ask[i] = 0;
    }
    cost = 0.5 * (call_ask[8] + call_ask[12]);
    assert_true(call_bid[10] > cost);
    assert_int_equal(vw_arbitrage_find(&m, scratch, rows, ROWS), 1);
    assert_int_equal(rows[0].kind, VW_ARBITRAGE_BUTTERFLY);
    assert_int_equal(rows[0].type, 'C');
    assert_near(rows[0].low, 980, 0);
    assert_near(rows[0].high, 1020, 0);
    assert_near(rows[0].edge, call_bid[10] - cost, 1e-12);
}

static void a_calendar_compares_at_equal_moneyness_and_carry(void **state)
{
    double near_columns[5][STRIKES];
    double *const columns[] = {strike, call_bid, call_ask, put_bid, put_ask};
    vw_arbitrage_market near = market(0.2), far;

    (void)state;
    for (size_t c = 0; c < 5; c++) {
        memcpy(near_columns[c], columns[c], sizeof near_columns[c]);
    }
    near.quotes = (vw_parity){near_columns[0],
                              near_columns[1],
                              near_columns[2],
                              near_columns[3],
                              near_columns[4],
                              STRIKES,
                              0.2,
                              0.05,
                              0};
    far = market(0.1); /* a later expiry with less variance */
    assert_true(vw_arbitrage_find_calendars(&near, &far, scratch, rows, ROWS) > 5);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(rows[i].kind, VW_ARBITRAGE_CALENDAR);
        assert_true(rows[i].edge > 0);
        assert_true(rows[i].low <= rows[i].strike && rows[i].strike <= rows[i].high);
    }
    assert_int_equal(vw_arbitrage_find_calendars(&far, &near, scratch, rows, ROWS), 0);
    assert_true(vw_arbitrage_find_calendars(&near, &far, scratch, rows, 2) > 5); /* counted all */
    /* the same variance on a forward 10 % higher, all in units of it: nothing to earn */
    far = market(0.2);
    far.forward *= 1.1;
    for (size_t i = 0; i < STRIKES; i++) {
        strike[i] *= 1.1;
        call_bid[i] *= 1.1;
        call_ask[i] *= 1.1;
    }
    assert_int_equal(vw_arbitrage_find_calendars(&near, &far, scratch, rows, ROWS), 0);
    near_columns[1][12] = near_columns[2][12] + 0.5; /* bid half a point above the ask at 1020 */
    assert_int_equal(vw_arbitrage_find_calendars(&near, &far, scratch, rows, ROWS), 1);
    assert_near(rows[0].strike, 1020, 0);
    assert_near(rows[0].edge, 0.5, 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fair_quotes_have_none),
        cmocka_unit_test(a_conversion_is_worth_what_is_left_after_bids_and_asks),
        cmocka_unit_test(what_the_forward_s_error_may_explain_is_not_earned),
        cmocka_unit_test(the_residual_s_forward_is_that_of_all_other_pairs),
        cmocka_unit_test(a_butterfly_is_found_across_any_strikes),
        cmocka_unit_test(a_calendar_compares_at_equal_moneyness_and_carry),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
