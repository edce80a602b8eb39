/* book_hot.h: the best of both sides of a series, small enough to stand where it is asked for.
 *
 * Besides book.c, whose inside this is, the feed's sender includes it. */
#ifndef VW_FEEDS_BOOK_HOT_H
#define VW_FEEDS_BOOK_HOT_H

#include "core/market/event.h"
#include "feeds/book.h"

typedef struct vw_book_level {
    int64_t price;
    uint64_t quantity; /* of all its orders */
    uint32_t orders;
    uint32_t better, worse; /* neighbours; worse also chains free ones */
} vw_book_level;

typedef struct vw_book_side {
    uint32_t best;  /* level */
    uint32_t epoch; /* of the orders it lists; an older one means none */
} vw_book_side;

struct vw_book {
    struct vw_book_order *orders;
    vw_book_level *levels;
    vw_book_side *sides; /* two per series */
    uint64_t mask;
    unsigned shift; /* leaves the bits of a group of NEAR slots */
    uint32_t orders_max;
    uint32_t used_max; /* slots, live and dead */
    uint32_t used, live;
    uint32_t free_level;
    uint32_t sweep; /* next slot to look at */
    uint32_t epochs[VW_BOOK_UNITS_MAX];
    uint32_t of_unit[VW_BOOK_UNITS_MAX]; /* live orders */
};

static inline vw_book_quote vw_book_best_of(const vw_book *book, uint32_t epoch,
                                            uint32_t side_index)
{
    const vw_book_side *self = &book->sides[side_index];

    if (self->epoch != epoch || self->best == VW_BOOK_NONE) {
        return (vw_book_quote){.price = VW_PRICE_NONE};
    }
    const vw_book_level *best = &book->levels[self->best];

    return (vw_book_quote){.price = best->price,
                           .size =
                               best->quantity < UINT32_MAX ? (uint32_t)best->quantity : UINT32_MAX};
}

/* vw_book_quotes fills in the best of both sides, bid first. */
static inline void vw_book_quotes(const vw_book *book, uint32_t unit, uint32_t series,
                                  vw_book_quote quotes[2])
{
    uint32_t epoch = book->epochs[unit];

    quotes[VW_BOOK_BID] = vw_book_best_of(book, epoch, 2 * series + VW_BOOK_BID);
    quotes[VW_BOOK_OFFER] = vw_book_best_of(book, epoch, 2 * series + VW_BOOK_OFFER);
}

#endif
