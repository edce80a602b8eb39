/* book.h: resting orders of every unit, and the best bid and offer they make per series.
 *
 * Orders are found by unit and id; per series and side the prices are a list of levels, best first,
 * each with the sum of its orders.  An all-or-none order is kept, but is no quote: it stands at no
 * level.
 *
 * Threads  one thread.
 * Memory   vw_book_size bytes from the caller.
 * Full     an order above orders_max is refused; what follows for it is unknown then.
 * Units    prices as on the wire, 1/10,000; sizes in contracts, cut at 2^32 - 1.
 * Speed    find, add, remove: a probe or two; a new price walks from the best to its place;
 *          clear is O(1), the orders go while others are added. */
#ifndef VW_FEEDS_BOOK_H
#define VW_FEEDS_BOOK_H

#include "core/base/base.h"

#define VW_BOOK_UNITS_MAX 64
#define VW_BOOK_NONE UINT32_MAX

enum { VW_BOOK_BID = 0, VW_BOOK_OFFER = 1 };

typedef struct vw_book vw_book;

/* What an operation touched; the price is of the order before it. */
typedef struct vw_book_touch {
    uint32_t series; /* VW_BOOK_NONE: no such order */
    uint8_t side;    /* VW_BOOK_BID, VW_BOOK_OFFER */
    int64_t price;
} vw_book_touch;

typedef struct vw_book_quote {
    int64_t price; /* VW_PRICE_NONE: no order on this side */
    uint32_t size;
} vw_book_quote;

typedef enum vw_book_result {
    VW_BOOK_ADDED,
    VW_BOOK_EXISTS, /* the unit has an order of this id */
    VW_BOOK_FULL,
    VW_BOOK_FOREIGN, /* another unit has orders on this side of the series */
} vw_book_result;

/* vw_book_size returns the bytes for so many orders and series, or 0 unless orders_max is in
 * [1, 2^28] and series_max in [1, 2^28]. */
size_t vw_book_size(uint32_t orders_max, uint32_t series_max);

/* vw_book_init lays it out in mem, VW_LINE_PAIR aligned. */
vw_book *vw_book_init(void *mem, uint32_t orders_max, uint32_t series_max);

/* vw_book_add puts an order of quantity > 0 into the book of a unit. */
vw_book_result vw_book_add(vw_book *book, uint32_t unit, uint64_t order_id, uint32_t series,
                           uint8_t side, int64_t price, uint32_t quantity, bool all_or_none);

/* vw_book_modify gives an order a new price and quantity; 0 removes it. */
vw_book_touch vw_book_modify(vw_book *book, uint32_t unit, uint64_t order_id, int64_t price,
                             uint32_t quantity);

/* vw_book_reduce takes contracts off an order, executed or canceled; with none left it is gone. */
vw_book_touch vw_book_reduce(vw_book *book, uint32_t unit, uint64_t order_id, uint32_t quantity);

/* vw_book_resize leaves `remaining` contracts of an order; 0 removes it, as vw_book_delete does. */
vw_book_touch vw_book_resize(vw_book *book, uint32_t unit, uint64_t order_id, uint32_t remaining);
vw_book_touch vw_book_delete(vw_book *book, uint32_t unit, uint64_t order_id);

/* vw_book_expect fetches what will be needed to find an order, before it is needed. */
void vw_book_expect(const vw_book *book, uint32_t unit, uint64_t order_id);

/* vw_book_clear forgets every order of the unit. */
void vw_book_clear(vw_book *book, uint32_t unit);

/* vw_book_clear_series forgets the orders of one series; looks at every order there is. */
void vw_book_clear_series(vw_book *book, uint32_t unit, uint32_t series);

/* vw_book_best returns the best price of a side of a series, whose orders are all of one unit. */
vw_book_quote vw_book_best(const vw_book *book, uint32_t unit, uint32_t series, uint8_t side);

/* vw_book_orders returns how many orders rest, in all units. */
uint32_t vw_book_orders(const vw_book *book);

#endif
