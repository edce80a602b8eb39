#include "core/engine/quotes.h"

#include "tests/check.h"

#include <time.h>

enum { ROOM = 64 };

static void open_quotes(vw_quotes *quotes)
{
    vw_quotes_init(quotes, aligned_alloc(64, vw_quotes_size(ROOM)), ROOM);
}

static void close_quotes(vw_quotes *quotes)
{
    free(quotes->strike); /* the first column of the memory given */
}

static vw_event quote(int64_t bid, int64_t ask)
{
    vw_event event = {.exchange_ns = 5, .receive_ns = 6, .sequence = 7};

    event.quote.bid = bid;
    event.quote.ask = ask;
    event.quote.bid_size = 10;
    event.quote.ask_size = 20;
    return event;
}

static void strikes_stay_in_order_and_keep_their_columns(void **state)
{
    vw_quotes quotes;
    unsigned seed = (unsigned)time(NULL);

    (void)state;
    printf("seed %u\n", seed);
    srand(seed);
    open_quotes(&quotes);
    while (quotes.count < ROOM) {
        double strike = 100 + 5 * (rand() % 100);
        uint32_t before = quotes.count, row = vw_quotes_insert(&quotes, strike);

        if (quotes.count > before) {
            vw_event event = quote((int64_t)strike * 10000, (int64_t)strike * 10000 + 1);

            assert_int_equal(quotes.side[VW_PUT].info[row].instrument, VW_INSTRUMENT_NONE);
            assert_int_equal(quotes.side[VW_PUT].info[row].quality, VW_QUOTE_ABSENT);
            assert_near(quotes.vol[row], 0, 0);
            vw_quotes_set(&quotes.side[VW_CALL], row, &event);
            quotes.vol[row] = strike / 1000;
        }
    }
    for (uint32_t row = 0; row < ROOM; row++) {
        double strike = quotes.strike[row];

        assert_true(row == 0 || strike > quotes.strike[row - 1]);
        assert_near(quotes.log_strike[row], log(strike), 0);
        assert_near(quotes.side[VW_CALL].bid[row], strike, 0);
        assert_near(quotes.vol[row], strike / 1000, 0);
        assert_int_equal(vw_quotes_row(&quotes, strike), row);
        assert_int_equal(vw_quotes_row(&quotes, strike - 1), row);
        assert_int_equal(vw_quotes_insert(&quotes, strike), row);
    }
    assert_int_equal(vw_quotes_row(&quotes, 1e9), ROOM);
    assert_int_equal(vw_quotes_insert(&quotes, 1e9), VW_ROW_NONE);
    close_quotes(&quotes);
}

static void quality_says_what_prices_show(void **state)
{
    const struct {
        int64_t bid, ask;
        uint8_t quality;
    } cases[] = {
        {10000, 11000, 0},
        {10000, 10000, 0}, /* locked */
        {VW_PRICE_NONE, 11000, VW_QUOTE_ONE_SIDED},
        {0, 11000, VW_QUOTE_ONE_SIDED},
        {10000, VW_PRICE_NONE, VW_QUOTE_ONE_SIDED},
        {-5, 11000, VW_QUOTE_ONE_SIDED},
        {11000, 10000, VW_QUOTE_CROSSED},
        {VW_PRICE_NONE, VW_PRICE_NONE, VW_QUOTE_ABSENT},
    };
    vw_quotes quotes;

    (void)state;
    open_quotes(&quotes);
    vw_quote_columns *side = &quotes.side[VW_CALL];

    vw_quotes_insert(&quotes, 100);
    for (size_t i = 0; i < VW_COUNT_OF(cases); i++) {
        vw_event event = quote(cases[i].bid, cases[i].ask);

        vw_quotes_set(side, 0, &event);
        assert_int_equal(side->info[0].quality, cases[i].quality);
        assert_int_equal(side->info[0].bid_size, side->bid[0] > 0 ? 10 : 0);
        event.quality = VW_QUOTE_STALE;
        vw_quotes_set(side, 0, &event);
        assert_int_equal(side->info[0].quality, cases[i].quality | VW_QUOTE_STALE);
    }
    close_quotes(&quotes);
}

static void prices_are_the_nearest_doubles_and_a_halt_outlives_a_quote(void **state)
{
    vw_quotes quotes;
    vw_event event = quote(500, 123456789);

    (void)state;
    open_quotes(&quotes);
    vw_quote_columns *side = &quotes.side[VW_PUT];

    vw_quotes_insert(&quotes, 100);
    side->info[0].quality = VW_QUOTE_HALTED;
    vw_quotes_set(side, 0, &event);
    assert_near(side->bid[0], 0.05, 0);
    assert_near(side->ask[0], 12345.6789, 0);
    assert_int_equal(side->info[0].quality, VW_QUOTE_HALTED);
    assert_int_equal(side->info[0].sequence, 7);
    vw_quotes_clear(side, 0);
    assert_near(side->ask[0], 0, 0);
    assert_int_equal(side->info[0].quality, VW_QUOTE_HALTED | VW_QUOTE_ABSENT);
    close_quotes(&quotes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strikes_stay_in_order_and_keep_their_columns),
        cmocka_unit_test(quality_says_what_prices_show),
        cmocka_unit_test(prices_are_the_nearest_doubles_and_a_halt_outlives_a_quote),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
