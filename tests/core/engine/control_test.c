#include "core/engine/control.h"

#include "tests/core/engine/market.h"

enum { VX1 = 1, VX2 };

static vw_portfolio book_of(uint32_t expiry, double contracts)
{
    const vw_leg leg = {.root = "VX", .type = 'F', .expiry = expiry, .contracts = contracts};
    vw_portfolio book = {.book = "test"};

    assert_int_equal(vw_portfolio_add_hedge(&book, &leg, NULL), VW_OK);
    return book;
}

static void open_with_futures(market *m, const vw_portfolio *book)
{
    market_open(m, book, 4096);
    market_define(m, VX1, "VX", 20260819, 'F', 0);
    market_define(m, VX2, "VX", 20260916, 'F', 0);
    market_quote(m, VX1, 1, 19.9, 20.1);
    market_quote(m, VX2, 1, 20.9, 21.1);
    market_run(m);
}

static const vw_update *last_hedge(market *m)
{
    market_pass(m, 300000000);
    const vw_update *run = market_last(m, VW_UPDATE_HEDGE, 0);

    assert_non_null(run);
    return run;
}

static void a_book_sent_while_running_is_the_book_from_then_on(void **state)
{
    vw_portfolio before = book_of(20260819, 40), after = book_of(20260916, -7);
    market m;

    (void)state;
    open_with_futures(&m, &before);
    assert_near(last_hedge(&m)[5].leg.contracts, 40, 0);
    assert_true(vw_control_send(m.in, VW_CONTROL_BOOK, &after, sizeof after, m.now_ns));
    const vw_update *run = last_hedge(&m);

    assert_int_equal(run->hedge.legs, 1);
    assert_int_equal(run[5].leg.instrument, VX2); /* known before the book was */
    assert_near(run[5].leg.contracts, -7, 0);
    assert_near(run[5].leg.price, 21, 1e-12);
    assert_int_equal(vw_counters_get(&m.counters, VW_COUNT_CONTROLS), 1);
    market_close(&m);
}

static void a_book_counts_only_when_its_last_piece_is_in(void **state)
{
    vw_portfolio before = book_of(20260819, 40), after = book_of(20260819, 41);
    vw_ring *aside = market_ring(4096, sizeof(vw_event));
    market m;

    (void)state;
    open_with_futures(&m, &before);
    assert_true(vw_control_send(aside, VW_CONTROL_BOOK, &after, sizeof after, m.now_ns));
    for (size_t i = 0; i + 1 < vw_control_slots(sizeof after); i++) {
        market_send(&m, *(const vw_event *)vw_ring_peek(aside));
        vw_ring_release(aside);
    }
    assert_near(last_hedge(&m)[5].leg.contracts, 40, 0);
    market_send(&m, *(const vw_event *)vw_ring_peek(aside));
    assert_near(last_hedge(&m)[5].leg.contracts, 41, 0);
    free(aside);
    market_close(&m);
}

static void nonsense_leaves_the_book_as_it_was_and_is_counted(void **state)
{
    vw_portfolio before = book_of(20260819, 40), bad = book_of(20260819, 41);
    vw_event beyond = {.kind = VW_EVENT_CONTROL, .instrument = VW_INSTRUMENT_NONE};
    market m;

    (void)state;
    bad.legs[0].contracts = NAN;
    open_with_futures(&m, &before);
    assert_true(vw_control_send(m.in, VW_CONTROL_BOOK, &bad, sizeof bad, m.now_ns));
    bad.leg_count = SIZE_MAX;
    assert_true(vw_control_send(m.in, VW_CONTROL_BOOK, &bad, sizeof bad, m.now_ns));
    beyond.control.kind = VW_CONTROL_BOOK;
    beyond.control.size = VW_CONTROL_PIECE;
    beyond.control.offset = UINT32_MAX;
    market_send(&m, beyond);
    assert_near(last_hedge(&m)[5].leg.contracts, 40, 0);
    assert_int_equal(vw_counters_get(&m.counters, VW_COUNT_CONTROLS), 0);
    assert_int_equal(vw_counters_get(&m.counters, VW_COUNT_CONTROLS_REFUSED), 3);
    market_close(&m);
}

static void a_ring_without_room_for_the_whole_takes_nothing(void **state)
{
    vw_portfolio book = book_of(20260819, 40);
    vw_ring *ring = market_ring(512, sizeof(vw_event));

    (void)state;
    assert_false(vw_control_send(ring, VW_CONTROL_BOOK, &book, sizeof book, 1));
    assert_int_equal(vw_ring_free(ring), 512);
    free(ring);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_book_sent_while_running_is_the_book_from_then_on),
        cmocka_unit_test(a_book_counts_only_when_its_last_piece_is_in),
        cmocka_unit_test(nonsense_leaves_the_book_as_it_was_and_is_counted),
        cmocka_unit_test(a_ring_without_room_for_the_whole_takes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
