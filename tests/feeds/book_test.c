#include "feeds/book.h"

#include "core/market/event.h"
#include "tests/check.h"

#include <string.h>
#include <time.h>

enum { ORDERS = 400, SERIES = 6, IDS = 600, UNITS = 2 };

static vw_book *make(uint32_t orders_max)
{
    size_t size = vw_round_up(vw_book_size(orders_max, SERIES), VW_LINE_PAIR);

    return vw_book_init(aligned_alloc(VW_LINE_PAIR, size), orders_max, SERIES);
}

static void check_best(const vw_book *book, uint32_t series, uint8_t side, int64_t price,
                       uint32_t size)
{
    vw_book_quote quote = vw_book_best(book, 0, series, side);

    assert_int_equal(quote.price, price);
    assert_int_equal(quote.size, size);
}

static void the_best_price_and_its_size_follow_every_change(void **state)
{
    vw_book *book = make(16);

    (void)state;
    check_best(book, 1, VW_BOOK_BID, VW_PRICE_NONE, 0);
    vw_book_add(book, 0, 10, 1, VW_BOOK_BID, 100, 5, false);
    vw_book_add(book, 0, 11, 1, VW_BOOK_BID, 102, 7, false);
    vw_book_add(book, 0, 12, 1, VW_BOOK_BID, 102, 1, false);
    vw_book_add(book, 0, 13, 1, VW_BOOK_OFFER, 110, 9, false);
    check_best(book, 1, VW_BOOK_BID, 102, 8);
    check_best(book, 1, VW_BOOK_OFFER, 110, 9);
    vw_book_reduce(book, 0, 11, 3);
    check_best(book, 1, VW_BOOK_BID, 102, 5);
    vw_book_modify(book, 0, 13, 105, 2);
    check_best(book, 1, VW_BOOK_OFFER, 105, 2);
    vw_book_delete(book, 0, 11);
    vw_book_resize(book, 0, 12, 4);
    check_best(book, 1, VW_BOOK_BID, 102, 4);
    vw_book_reduce(book, 0, 12, 400);
    check_best(book, 1, VW_BOOK_BID, 100, 5);
    vw_book_modify(book, 0, 13, 105, 0);
    check_best(book, 1, VW_BOOK_OFFER, VW_PRICE_NONE, 0);
    assert_int_equal(vw_book_orders(book), 1);
    free(book);
}

static void an_operation_says_what_it_touched_and_at_which_price(void **state)
{
    vw_book *book = make(16);

    (void)state;
    vw_book_add(book, 3, 10, 2, VW_BOOK_OFFER, 100, 5, false);
    vw_book_touch touch = vw_book_modify(book, 3, 10, 90, 5);

    assert_int_equal(touch.series, 2);
    assert_int_equal(touch.side, VW_BOOK_OFFER);
    assert_int_equal(touch.price, 100);
    assert_int_equal(vw_book_reduce(book, 3, 10, 1).price, 90);
    assert_int_equal(vw_book_reduce(book, 2, 10, 1).series, VW_BOOK_NONE); /* of another unit */
    assert_int_equal(vw_book_delete(book, 3, 11).series, VW_BOOK_NONE);
    free(book);
}

static void all_or_none_orders_are_kept_but_make_no_quote(void **state)
{
    vw_book *book = make(16);

    (void)state;
    vw_book_add(book, 0, 1, 0, VW_BOOK_BID, 100, 5, false);
    vw_book_add(book, 0, 2, 0, VW_BOOK_BID, 105, 50, true);
    check_best(book, 0, VW_BOOK_BID, 100, 5);
    assert_int_equal(vw_book_modify(book, 0, 2, 110, 60).price, 105);
    check_best(book, 0, VW_BOOK_BID, 100, 5);
    assert_int_equal(vw_book_reduce(book, 0, 2, 10).price, 110);
    assert_int_equal(vw_book_delete(book, 0, 2).series, 0);
    check_best(book, 0, VW_BOOK_BID, 100, 5);
    free(book);
}

static void a_full_book_refuses_and_takes_again_when_there_is_room(void **state)
{
    vw_book *book = make(4);

    (void)state;
    for (uint64_t id = 0; id < 4; id++) {
        assert_int_equal(vw_book_add(book, 0, id, 0, VW_BOOK_BID, 1, 1, false), VW_BOOK_ADDED);
    }
    assert_int_equal(vw_book_add(book, 0, 4, 0, VW_BOOK_BID, 1, 1, false), VW_BOOK_FULL);
    vw_book_delete(book, 0, 2);
    assert_int_equal(vw_book_add(book, 0, 3, 0, VW_BOOK_BID, 1, 1, false), VW_BOOK_EXISTS);
    assert_int_equal(vw_book_add(book, 0, 4, 0, VW_BOOK_BID, 1, 1, false), VW_BOOK_ADDED);
    check_best(book, 0, VW_BOOK_BID, 1, 4);
    free(book);
}

static void a_side_has_orders_of_one_unit_only(void **state)
{
    vw_book *book = make(8);

    (void)state;
    vw_book_add(book, 0, 1, 0, VW_BOOK_BID, 5, 1, false);
    assert_int_equal(vw_book_add(book, 1, 2, 0, VW_BOOK_BID, 6, 1, false), VW_BOOK_FOREIGN);
    vw_book_clear(book, 0);
    assert_int_equal(vw_book_add(book, 1, 2, 0, VW_BOOK_BID, 6, 1, false), VW_BOOK_ADDED);
    assert_int_equal(vw_book_best(book, 1, 0, VW_BOOK_BID).price, 6);
    check_best(book, 0, VW_BOOK_BID, VW_PRICE_NONE, 0);
    free(book);
}

/* The same book as a plain list. */
typedef struct plain {
    bool live, quote;
    uint32_t unit, series, quantity;
    uint8_t side;
    int64_t price;
} plain;

static plain plains[UNITS][IDS];

static uint32_t unit_of_series(uint32_t series)
{
    return series % UNITS;
}

static void check_against_plain(const vw_book *book, uint32_t series, uint8_t side)
{
    uint32_t unit = unit_of_series(series);
    vw_book_quote quote = vw_book_best(book, unit, series, side);
    int64_t best = VW_PRICE_NONE;
    uint32_t size = 0;

    for (size_t id = 0; id < IDS; id++) {
        const plain *order = &plains[unit][id];

        if (!order->live || !order->quote || order->series != series || order->side != side) {
            continue;
        }
        if (best == VW_PRICE_NONE ||
            (side == VW_BOOK_BID ? order->price > best : order->price < best)) {
            best = order->price;
            size = 0;
        }
        size += order->price == best ? order->quantity : 0;
    }
    assert_int_equal(quote.price, best);
    assert_int_equal(quote.size, size);
}

static void random_add(vw_book *book, uint32_t series, uint64_t id, uint32_t *live)
{
    uint32_t unit = unit_of_series(series);
    plain *order = &plains[unit][id];
    uint8_t side = (uint8_t)(rand() % 2);
    int64_t price = rand() % 40 - 5;
    uint32_t quantity = 1 + (uint32_t)rand() % 50;
    bool all_or_none = rand() % 10 == 0;
    vw_book_result result = vw_book_add(book, unit, id, series, side, price, quantity, all_or_none);

    if (*live == ORDERS) {
        assert_int_equal(result, VW_BOOK_FULL);
    } else if (order->live) {
        assert_int_equal(result, VW_BOOK_EXISTS);
    } else {
        assert_int_equal(result, VW_BOOK_ADDED);
        *order = (plain){true, !all_or_none, unit, series, quantity, side, price};
        ++*live;
    }
}

static void random_change(vw_book *book, uint32_t unit, uint64_t id, uint32_t *live)
{
    plain *order = &plains[unit][id];
    uint32_t quantity = (uint32_t)rand() % 60;
    bool was = order->live;
    vw_book_touch touch;

    if (rand() % 2 == 0) {
        int64_t price = rand() % 40 - 5;

        touch = vw_book_modify(book, unit, id, price, quantity);
        assert_true(!was || touch.price == order->price);
        order->price = price;
        order->quantity = quantity;
    } else {
        touch = vw_book_reduce(book, unit, id, quantity);
        order->quantity = order->quantity > quantity ? order->quantity - quantity : 0;
    }
    assert_int_equal(touch.series, was ? order->series : VW_BOOK_NONE);
    order->live = was && order->quantity > 0;
    *live -= was && !order->live;
}

static void random_orders_give_what_a_plain_list_gives(void **state)
{
    unsigned seed = (unsigned)time(NULL);
    vw_book *book = make(ORDERS);
    uint32_t live = 0;

    (void)state;
    printf("seed %u\n", seed);
    srand(seed);
    memset(plains, 0, sizeof plains);
    for (int step = 0; step < 300000; step++) {
        uint32_t series = (uint32_t)rand() % SERIES, unit = unit_of_series(series);
        uint64_t id = (uint64_t)rand() % IDS;

        if (rand() % 5000 == 0) {
            vw_book_clear(book, unit);
            for (size_t i = 0; i < IDS; i++) {
                live -= plains[unit][i].live;
                plains[unit][i].live = false;
            }
        } else if (rand() % 3 > 0) {
            random_add(book, series, id, &live);
        } else {
            random_change(book, unit, id, &live);
        }
        if (step % 7 == 0) {
            check_against_plain(book, series, (uint8_t)(rand() % 2));
        }
        assert_int_equal(vw_book_orders(book), live);
    }
    free(book);
}

static void frequent_clears_do_not_fill_the_table_with_the_dead(void **state)
{
    vw_book *book = make(64);

    (void)state;
    for (uint64_t round = 0; round < 5000; round++) {
        for (uint64_t id = 0; id < 64; id++) {
            assert_int_equal(vw_book_add(book, 0, id, 0, VW_BOOK_BID, (int64_t)id, 1, false),
                             VW_BOOK_ADDED);
        }
        check_best(book, 0, VW_BOOK_BID, 63, 1);
        vw_book_clear(book, 0);
        check_best(book, 0, VW_BOOK_BID, VW_PRICE_NONE, 0);
    }
    free(book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_best_price_and_its_size_follow_every_change),
        cmocka_unit_test(an_operation_says_what_it_touched_and_at_which_price),
        cmocka_unit_test(all_or_none_orders_are_kept_but_make_no_quote),
        cmocka_unit_test(a_full_book_refuses_and_takes_again_when_there_is_room),
        cmocka_unit_test(a_side_has_orders_of_one_unit_only),
        cmocka_unit_test(random_orders_give_what_a_plain_list_gives),
        cmocka_unit_test(frequent_clears_do_not_fill_the_table_with_the_dead),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
