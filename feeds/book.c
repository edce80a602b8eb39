#include "feeds/book_hot.h"

#include <string.h>

/* An epoch is a unit and how often it was cleared: orders of an older epoch are dead, and are swept
 * a few with each add.  Dead orders still own their share of a level.
 * Exchanges count order ids up, so that the bid and the offer of a series often have ids side by
 * side: NEAR ids that follow one another begin to look for their slots in one pair of cache lines.
 */
_Static_assert(VW_BOOK_BID == 0 && VW_BOOK_OFFER == 1, "is_better counts on it");
enum { UNIT_BITS = 6, SWEPT_PER_ADD = 8, NEAR = 4, NONE = VW_BOOK_NONE };
_Static_assert(VW_BOOK_UNITS_MAX <= 1 << UNIT_BITS, "a unit fits its bits of an epoch");

typedef struct vw_book_order {
    uint64_t id;
    int64_t price;
    uint32_t epoch; /* 0: free slot */
    uint32_t level; /* NONE: never */
    uint32_t quantity;
    uint32_t place; /* series, side and all-or-none: see place_of */
} order;

typedef vw_book_level level;
typedef vw_book_side side;
_Static_assert(NEAR * sizeof(order) == VW_LINE_PAIR, "no order lies in two cache lines");

static uint64_t slots_for(uint32_t orders_max)
{
    uint64_t slots = 16;

    while (slots < 2 * (uint64_t)orders_max) {
        slots *= 2;
    }
    return slots;
}

static uint64_t levels_for(uint64_t slots)
{
    return slots / 4 * 3;
}

static size_t layout(uint32_t orders_max, uint32_t series_max, size_t *levels, size_t *sides)
{
    uint64_t slots = slots_for(orders_max);
    size_t at = vw_round_up(sizeof(vw_book), VW_LINE_PAIR);

    at += vw_round_up(slots * sizeof(order), VW_LINE_PAIR);
    *levels = at;
    at += vw_round_up(levels_for(slots) * sizeof(level), VW_LINE_PAIR);
    *sides = at;
    return at + 2 * (size_t)series_max * sizeof(side);
}

size_t vw_book_size(uint32_t orders_max, uint32_t series_max)
{
    uint32_t most = 1U << 28;
    size_t levels, sides;

    if (orders_max == 0 || orders_max > most || series_max == 0 || series_max > most) {
        return 0;
    }
    return layout(orders_max, series_max, &levels, &sides);
}

vw_book *vw_book_init(void *mem, uint32_t orders_max, uint32_t series_max)
{
    size_t size = vw_book_size(orders_max, series_max), levels, sides;
    uint64_t slots = slots_for(orders_max);
    unsigned char *base = mem;
    vw_book *book = mem;

    vw_check(size != 0);
    vw_check((uintptr_t)mem % VW_LINE_PAIR == 0);
    memset(mem, 0, size);
    layout(orders_max, series_max, &levels, &sides);
    book->orders = (order *)(void *)(base + vw_round_up(sizeof *book, VW_LINE_PAIR));
    book->levels = (level *)(void *)(base + levels);
    book->sides = (side *)(void *)(base + sides);
    book->mask = slots - 1;
    book->shift = (unsigned)__builtin_clzll(slots / NEAR) + 1;
    book->orders_max = orders_max;
    book->used_max = (uint32_t)levels_for(slots);
    for (uint32_t i = 0; i < book->used_max; i++) {
        book->levels[i].worse = i + 1 < book->used_max ? i + 1 : NONE;
    }
    for (uint32_t unit = 0; unit < VW_BOOK_UNITS_MAX; unit++) {
        book->epochs[unit] = (1U << UNIT_BITS) | unit;
    }
    return book;
}

static uint32_t place_of(uint32_t series, uint8_t which, bool all_or_none)
{
    return series << 2 | (uint32_t)all_or_none << 1 | which;
}

static bool is_quote(const order *self)
{
    return (self->place & 2) == 0;
}

static uint32_t side_of(const order *self)
{
    return (self->place >> 2) * 2 + (self->place & 1);
}

static vw_book_touch touch_of(const order *self)
{
    return (vw_book_touch){
        .series = self->place >> 2, .side = self->place & 1, .price = self->price};
}

static uint64_t home(const vw_book *book, uint64_t id, uint32_t unit)
{
    uint64_t group = (id / NEAR + unit) * UINT64_C(0x9E3779B97F4A7C15) >> book->shift;

    return group * NEAR + id % NEAR;
}

static uint32_t unit_of(const order *self)
{
    return self->epoch & (VW_BOOK_UNITS_MAX - 1);
}

static bool is_live(const vw_book *book, const order *self)
{
    return book->epochs[unit_of(self)] == self->epoch;
}

void vw_book_expect(const vw_book *book, uint32_t unit, uint64_t order_id)
{
    __builtin_prefetch(&book->orders[home(book, order_id, unit)]);
}

static order *find(vw_book *book, uint32_t unit, uint64_t id)
{
    uint32_t epoch = book->epochs[unit];

    for (uint64_t i = home(book, id, unit);; i = (i + 1) & book->mask) {
        order *self = &book->orders[i];

        if (self->epoch == 0) {
            return NULL;
        }
        if (self->id == id && self->epoch == epoch) {
            return self;
        }
    }
}

/* Without a branch: bids and offers come in no order that a processor could guess. */
static bool is_better(uint8_t which, int64_t price, int64_t than)
{
    int64_t turn = -(int64_t)which; /* all bits of an offer: the complement turns the order round */

    return (price ^ turn) > (than ^ turn);
}

static uint32_t new_level(vw_book *book, int64_t price)
{
    uint32_t index = book->free_level;
    level *self = &book->levels[index];

    book->free_level = self->worse;
    *self = (level){.price = price, .better = NONE, .worse = NONE};
    return index;
}

/* level_at finds the level of a price, or makes it in its place. */
static uint32_t level_at(vw_book *book, uint32_t epoch, uint32_t side_index, int64_t price)
{
    side *self = &book->sides[side_index];
    uint8_t which = side_index & 1;
    uint32_t before = NONE;

    if (self->epoch != epoch) {
        *self = (side){.best = NONE, .epoch = epoch};
    }
    uint32_t after = self->best;

    while (after != NONE && is_better(which, book->levels[after].price, price)) {
        before = after;
        after = book->levels[after].worse;
    }
    if (after != NONE && book->levels[after].price == price) {
        return after;
    }
    uint32_t index = new_level(book, price);

    book->levels[index].better = before;
    book->levels[index].worse = after;
    *(before == NONE ? &self->best : &book->levels[before].worse) = index;
    if (after != NONE) {
        book->levels[after].better = index;
    }
    return index;
}

static void enter(vw_book *book, order *self, int64_t price, uint32_t quantity)
{
    self->price = price;
    self->quantity = quantity;
    self->level =
        is_quote(self) ? level_at(book, self->epoch, side_of(self), price) : new_level(book, price);
    book->levels[self->level].quantity += quantity;
    book->levels[self->level].orders++;
}

/* leave takes an order off its level; the last one takes the level with it. */
static void leave(vw_book *book, const order *self, bool listed)
{
    uint32_t index = self->level;
    level *at = &book->levels[index];

    at->quantity -= self->quantity;
    if (--at->orders > 0) {
        return;
    }
    if (listed && is_quote(self)) {
        *(at->better == NONE ? &book->sides[side_of(self)].best : &book->levels[at->better].worse) =
            at->worse;
        if (at->worse != NONE) {
            book->levels[at->worse].better = at->better;
        }
    }
    at->worse = book->free_level;
    book->free_level = index;
}

/* erase frees a slot and moves up those that were pushed behind it. */
static void erase(vw_book *book, order *self)
{
    uint64_t hole = (uint64_t)(self - book->orders);

    book->used--;
    for (uint64_t i = (hole + 1) & book->mask; book->orders[i].epoch != 0;
         i = (i + 1) & book->mask) {
        uint64_t at = home(book, book->orders[i].id, unit_of(&book->orders[i]));

        if (((i - at) & book->mask) >= ((i - hole) & book->mask)) {
            book->orders[hole] = book->orders[i];
            hole = i;
        }
    }
    book->orders[hole].epoch = 0;
}

static void remove_order(vw_book *book, order *self)
{
    leave(book, self, true);
    book->live--;
    book->of_unit[unit_of(self)]--;
    erase(book, self);
}

/* sweep frees dead orders among the next slots. */
static void sweep(vw_book *book, uint32_t slots)
{
    for (uint32_t i = 0; i < slots && book->used > book->live; i++) {
        order *self = &book->orders[book->sweep];

        if (self->epoch != 0 && !is_live(book, self)) {
            leave(book, self, false);
            erase(book, self);
        } else {
            book->sweep = (uint32_t)((book->sweep + 1) & book->mask);
        }
    }
}

/* is_foreign says whether another unit has live orders on this side: one list, one unit. */
static bool is_foreign(const vw_book *book, uint32_t epoch, uint32_t side_index)
{
    const side *self = &book->sides[side_index];

    return self->epoch != epoch && self->best != NONE && self->epoch != 0 &&
           book->epochs[self->epoch & (VW_BOOK_UNITS_MAX - 1)] == self->epoch;
}

vw_book_result vw_book_add(vw_book *book, uint32_t unit, uint64_t order_id, uint32_t series,
                           uint8_t which, int64_t price, uint32_t quantity, bool all_or_none)
{
    uint32_t epoch = book->epochs[unit];

    if (book->used > book->live) {
        sweep(book, SWEPT_PER_ADD);
        while (book->used >= book->used_max && book->used > book->live) {
            sweep(book, SWEPT_PER_ADD);
        }
    }
    if (book->live >= book->orders_max || book->used >= book->used_max) {
        return VW_BOOK_FULL;
    }
    if (!all_or_none && is_foreign(book, epoch, 2 * series + which)) {
        return VW_BOOK_FOREIGN;
    }
    uint64_t i = home(book, order_id, unit);

    while (book->orders[i].epoch != 0) {
        if (book->orders[i].id == order_id && book->orders[i].epoch == epoch) {
            return VW_BOOK_EXISTS;
        }
        i = (i + 1) & book->mask;
    }
    order *self = &book->orders[i];

    *self = (order){.id = order_id, .epoch = epoch, .place = place_of(series, which, all_or_none)};
    enter(book, self, price, quantity);
    book->used++;
    book->live++;
    book->of_unit[unit]++;
    return VW_BOOK_ADDED;
}

/* change gives an order that was found its new quantity, where it stands. */
static vw_book_touch change(vw_book *book, order *self, uint32_t remaining)
{
    vw_book_touch touch = touch_of(self);

    if (remaining == 0) {
        remove_order(book, self);
    } else {
        book->levels[self->level].quantity += (uint64_t)remaining - self->quantity;
        self->quantity = remaining;
    }
    return touch;
}

/* stays says whether a level whose price becomes another keeps its place among the others. */
static bool stays(const vw_book *book, uint8_t which, const level *at, int64_t price)
{
    return (at->better == NONE || is_better(which, book->levels[at->better].price, price)) &&
           (at->worse == NONE || is_better(which, price, book->levels[at->worse].price));
}

/* move gives an order a new price where that takes another level, or none. */
static __attribute__((noinline)) vw_book_touch move(vw_book *book, order *self, int64_t price,
                                                    uint32_t quantity)
{
    vw_book_touch touch = touch_of(self);

    if (quantity == 0 || price == touch.price) {
        return change(book, self, quantity);
    }
    leave(book, self, true);
    enter(book, self, price, quantity);
    return touch;
}

vw_book_touch vw_book_modify(vw_book *book, uint32_t unit, uint64_t order_id, int64_t price,
                             uint32_t quantity)
{
    order *self = find(book, unit, order_id);

    if (self == NULL) {
        return (vw_book_touch){.series = NONE};
    }
    vw_book_touch touch = touch_of(self);
    level *at = &book->levels[self->level];

    if (at->orders != 1 || quantity == 0 || !is_quote(self) ||
        !stays(book, touch.side, at, price)) {
        return move(book, self, price, quantity);
    }
    at->price = self->price = price;
    at->quantity = self->quantity = quantity;
    return touch;
}

vw_book_touch vw_book_reduce(vw_book *book, uint32_t unit, uint64_t order_id, uint32_t quantity)
{
    order *self = find(book, unit, order_id);

    if (self == NULL) {
        return (vw_book_touch){.series = NONE};
    }
    return change(book, self, quantity < self->quantity ? self->quantity - quantity : 0);
}

vw_book_touch vw_book_resize(vw_book *book, uint32_t unit, uint64_t order_id, uint32_t remaining)
{
    order *self = find(book, unit, order_id);

    return self == NULL ? (vw_book_touch){.series = NONE} : change(book, self, remaining);
}

vw_book_touch vw_book_delete(vw_book *book, uint32_t unit, uint64_t order_id)
{
    return vw_book_resize(book, unit, order_id, 0);
}

void vw_book_clear(vw_book *book, uint32_t unit)
{
    book->live -= book->of_unit[unit];
    book->of_unit[unit] = 0;
    book->epochs[unit] += 1U << UNIT_BITS;
    if (book->epochs[unit] >> UNIT_BITS == 0) {
        book->epochs[unit] |= 1U << UNIT_BITS; /* never 0, which marks a free slot */
    }
}

void vw_book_clear_series(vw_book *book, uint32_t unit, uint32_t series)
{
    for (uint64_t i = 0; i <= book->mask; i++) {
        order *self = &book->orders[i];

        while (self->epoch == book->epochs[unit] && self->place >> 2 == series) {
            remove_order(book, self); /* another may move up into its slot */
        }
    }
}

vw_book_quote vw_book_best(const vw_book *book, uint32_t unit, uint32_t series, uint8_t which)
{
    return vw_book_best_of(book, book->epochs[unit], 2 * series + which);
}

uint32_t vw_book_orders(const vw_book *book)
{
    return book->live;
}
