#include "core/base/clock.h"
#include "core/market/symbol.h"
#include "feeds/feed_hot.h"
#include "feeds/pitch_hot.h"

#include <string.h>

/* Without a Time message for so long, the receive time stands for the market's. */
#define TIMELESS_NS (2 * VW_NS_PER_SECOND)

static void ignore(const vw_feed_place *at)
{
    vw_feed_count(at->feed, VW_COUNT_MESSAGES_IGNORED);
}

/* find returns the series of a symbol that is defined and kept, or NULL: counted then. */
static vw_series *find(const vw_feed_place *at, const char symbol[8], uint32_t *index)
{
    *index = vw_series_find(at->feed->series, at->unit->channel, symbol);
    if (*index < VW_SERIES_SKIPPED && vw_series_at(at->feed->series, *index)->defined) {
        return vw_series_at(at->feed->series, *index);
    }
    vw_feed_count(at->feed, *index == VW_SERIES_SKIPPED ? VW_COUNT_MESSAGES_IGNORED
                                                        : VW_COUNT_SYMBOLS_UNKNOWN);
    return NULL;
}

/* series_for finds the series of an order, a status, a settlement; they may come before the
 * definition. */
static uint32_t series_for(const vw_feed_place *at, const char symbol[8])
{
    uint32_t index = vw_series_find(at->feed->series, at->unit->channel, symbol);

    if (index == VW_SERIES_SKIPPED) {
        ignore(at);
        return VW_SERIES_NONE;
    }
    if (index == VW_SERIES_NONE) {
        vw_feed_count(at->feed, VW_COUNT_SYMBOLS_UNKNOWN);
        index = vw_series_await(at->feed->series, at->unit->channel, symbol);
    }
    if (index != VW_SERIES_NONE) {
        vw_series *series = vw_series_at(at->feed->series, index);

        if (series->unit != at->number) {
            series->unit = (uint8_t)at->number;
            series->known[0] = series->known[1] = 0;
        }
    }
    return index;
}

static bool apply_add(const vw_feed_place *at, const vw_pitch_order *order)
{
    vw_feed *feed = at->feed;
    uint8_t side = order->side == 'S' ? VW_BOOK_OFFER : VW_BOOK_BID;
    bool all_or_none = (order->flags & VW_PITCH_FLAG_AON) != 0;

    if ((order->side != 'B' && order->side != 'S') || order->quantity == 0 ||
        !vw_feed_is_price(order->price)) {
        return false;
    }
    uint32_t index = series_for(at, order->symbol);

    if (index == VW_SERIES_NONE) {
        return true;
    }
    vw_book_result result = vw_book_add(feed->book, at->number, order->order_id, index, side,
                                        order->price, order->quantity, all_or_none);

    if (result == VW_BOOK_EXISTS) { /* its delete never came, or the id is used again */
        vw_book_touch old = vw_book_delete(feed->book, at->number, order->order_id);

        vw_feed_touch(at, old.series, old.side);
        result = vw_book_add(feed->book, at->number, order->order_id, index, side, order->price,
                             order->quantity, all_or_none);
    }
    if (result == VW_BOOK_FULL) {
        vw_feed_count(feed, VW_COUNT_ORDERS_FULL);
    } else if (result == VW_BOOK_FOREIGN) {
        vw_feed_count(feed, VW_COUNT_ORDERS_UNKNOWN);
    } else if (!all_or_none) {
        vw_feed_touch(at, index, side);
    }
    return true;
}

/* touch notes what has become of an order; false: we do not hold it, and that is counted. */
static inline bool touch(const vw_feed_place *at, const vw_book_touch *touched)
{
    if (touched->series == VW_BOOK_NONE) {
        vw_feed_count(at->feed, VW_COUNT_ORDERS_UNKNOWN);
        return false;
    }
    vw_feed_touch(at, touched->series, touched->side);
    return true;
}

static bool apply_execution(const vw_feed_place *at, const vw_pitch_message *message)
{
    const vw_pitch_change *change = &message->change;
    bool priced = message->type == VW_PITCH_EXECUTED_AT;
    vw_book_touch touched;

    if (!vw_feed_is_price(change->price)) {
        return false;
    }
    if (priced) {
        touched = vw_book_resize(at->feed->book, at->number, change->order_id, change->remaining);
    } else {
        touched = vw_book_reduce(at->feed->book, at->number, change->order_id, change->quantity);
    }
    if (touch(at, &touched)) {
        vw_feed_send_trade(at, touched.series, touched.side == VW_BOOK_BID ? 'B' : 'S',
                           priced ? change->price : touched.price, change->quantity,
                           change->execution_id, change->condition);
    }
    return true;
}

static bool apply_trade(const vw_feed_place *at, const vw_pitch_trade *trade)
{
    uint32_t index;

    if (!vw_feed_is_price(trade->price)) {
        return false;
    }
    if (find(at, trade->symbol, &index) != NULL) {
        vw_feed_send_trade(at, index, trade->side, trade->price, trade->quantity,
                           trade->execution_id, trade->condition);
    }
    return true;
}

static void apply_status(const vw_feed_place *at, const vw_pitch_status *status)
{
    uint32_t index = series_for(at, status->symbol);

    if (index != VW_SERIES_NONE) {
        vw_feed_trading(at, index, status->status);
    }
}

static bool apply_settlement(const vw_feed_place *at, const vw_pitch_day *day)
{
    if (!vw_feed_is_price(day->price)) {
        return false;
    }
    uint32_t index = series_for(at, day->symbol);

    if (index != VW_SERIES_NONE) {
        vw_series *series = vw_series_at(at->feed->series, index);

        series->settlement_price = day->price;
        series->settlement_date = day->trade_date;
        series->issue = day->issue;
        vw_feed_stamp(at, series);
        vw_feed_change(at->feed, index, VW_PENDING_SETTLEMENT);
    }
    return true;
}

static void define(const vw_feed_place *at, const char symbol[8], const vw_contract *contract)
{
    bool fresh;
    uint32_t index =
        vw_series_define(at->feed->series, at->unit->channel, symbol, contract, &fresh);

    vw_feed_defined(at, index, fresh);
}

static void apply_mapping(const vw_feed_place *at, const vw_pitch_mapping *mapping)
{
    vw_symbol symbol;
    const vw_root *root = NULL;

    if (vw_symbol_from_osi(mapping->osi, sizeof mapping->osi, &symbol)) {
        root = vw_root_find(symbol.root, sizeof symbol.root);
    }
    if (root == NULL) {
        ignore(at);
        vw_series_skip(at->feed->series, at->unit->channel, mapping->symbol);
        return;
    }
    vw_contract contract = {.type = symbol.type,
                            .settlement = vw_root_settlement(root, symbol.expiry),
                            .expiry = symbol.expiry,
                            .multiplier = root->multiplier,
                            .strike = symbol.strike};

    memcpy(contract.root, symbol.root, sizeof contract.root);
    define(at, mapping->symbol, &contract);
}

static void apply_future(const vw_feed_place *at, const vw_pitch_future *future)
{
    const vw_root *root = vw_root_find(future->report_symbol, strnlen(future->report_symbol, 6));

    if (root == NULL || future->leg_count > 0 || future->listing_state == 'T') {
        ignore(at);
        vw_series_skip(at->feed->series, at->unit->channel, future->symbol);
        return;
    }
    vw_contract contract = {.type = 'F',
                            .weekly = strncmp(root->name, future->report_symbol, 6) != 0,
                            .settlement = root->settlement,
                            .expiry = future->expiration_date,
                            .multiplier = future->contract_size};

    memcpy(contract.root, root->name, sizeof contract.root);
    define(at, future->symbol, &contract);
}

/* epoch_near returns the Unix second nearest to receive_ns that has these minutes and seconds:
 * exchanges' time zones differ from UTC by whole hours. */
static int64_t epoch_near(int64_t receive_ns, uint32_t seconds)
{
    int64_t now = receive_ns / VW_NS_PER_SECOND;
    int64_t ahead = (seconds - now) % 3600;

    ahead += ahead < -1800 ? 3600 : ahead >= 1800 ? -3600 : 0;
    return now + ahead;
}

static void apply_time(const vw_feed_place *at, const vw_pitch_message *message)
{
    vw_feed_unit *unit = at->unit;
    const vw_pitch_time *time = &message->time;

    if (message->type == VW_PITCH_TIME_REFERENCE) {
        unit->midnight_ns = (int64_t)time->midnight * VW_NS_PER_SECOND;
    }
    if (message->type == VW_PITCH_TIME && time->epoch != 0) {
        unit->base_ns = (int64_t)time->epoch * VW_NS_PER_SECOND;
    } else if (unit->midnight_ns != 0) {
        unit->base_ns = unit->midnight_ns + (int64_t)time->seconds * VW_NS_PER_SECOND;
    } else {
        unit->base_ns = epoch_near(at->receive_ns, time->seconds) * VW_NS_PER_SECOND;
    }
    if (!unit->timed) {
        unit->timed = true;
        vw_feed_unpark(at->feed, at->number);
    }
    unit->exchange_ns = unit->base_ns + message->time_offset_ns;
    vw_event *event = vw_feed_slot(at->feed, VW_EVENT_TIME, unit, at->receive_ns);

    if (event != NULL) { /* the next second brings another */
        vw_feed_commit(at->feed);
    }
}

/* guess_time does without Time messages when they have not come for long enough. */
static __attribute__((noinline)) void guess_time(const vw_feed_place *at, uint32_t offset_ns)
{
    vw_feed_unit *unit = at->unit;

    if (unit->begun && at->feed->now_ns - unit->begun_ns > TIMELESS_NS) {
        unit->timed = true;
        vw_feed_unpark(at->feed, at->number);
        unit->base_ns = (at->receive_ns - offset_ns + VW_NS_PER_SECOND / 2) / VW_NS_PER_SECOND *
                        VW_NS_PER_SECOND;
    } else {
        unit->exchange_ns = at->feed->channel_ns[unit->channel]; /* for definitions; quotes wait */
    }
}

/* tell_time sets the unit's clock to the message at hand. */
static inline void tell_time(const vw_feed_place *at, uint32_t offset_ns)
{
    vw_feed_unit *unit = at->unit;
    int64_t *channel_ns = &at->feed->channel_ns[unit->channel];

    if (!unit->timed) {
        guess_time(at, offset_ns);
    }
    if (unit->timed && offset_ns < VW_NS_PER_SECOND) {
        unit->exchange_ns = unit->base_ns + offset_ns;
        *channel_ns = unit->exchange_ns > *channel_ns ? unit->exchange_ns : *channel_ns;
    }
}

/* apply_change takes the messages that change an order, which are nearly all of a day; false: look
 * closer. */
static inline bool apply_change(const vw_feed_place *at, vw_dialect dialect,
                                const unsigned char *from)
{
    vw_book *book = at->feed->book;
    uint8_t length = from[0];
    bool is_long = from[1] == VW_PITCH_MODIFY_LONG || from[1] == VW_PITCH_REDUCE_LONG;
    vw_pitch_change change;
    vw_book_touch touched;

    switch (from[1]) {
    case VW_PITCH_MODIFY_SHORT:
        if (length < sizeof(vw_wire_modify_short)) {
            return false;
        }
        vw_pitch_modify_short(dialect, from, length, &change);
        touched = vw_book_modify(book, at->number, change.order_id, change.price, change.quantity);
        break;
    case VW_PITCH_MODIFY_LONG:
        if (length < sizeof(vw_wire_modify_long)) {
            return false;
        }
        vw_pitch_modify_long(dialect, from, length, &change);
        if (!vw_feed_is_price(change.price)) {
            return false;
        }
        touched = vw_book_modify(book, at->number, change.order_id, change.price, change.quantity);
        break;
    case VW_PITCH_REDUCE_LONG:
    case VW_PITCH_REDUCE_SHORT:
        if (length < (is_long ? sizeof(vw_wire_reduce_long) : sizeof(vw_wire_reduce_short))) {
            return false;
        }
        vw_pitch_reduce(from, is_long, &change);
        touched = vw_book_reduce(book, at->number, change.order_id, change.quantity);
        break;
    case VW_PITCH_DELETE:
        if (length < sizeof(vw_wire_delete)) {
            return false;
        }
        vw_pitch_delete(from, &change);
        touched = vw_book_delete(book, at->number, change.order_id);
        break;
    default:
        return false;
    }
    tell_time(at, vw_load_u32(from + offsetof(vw_wire_stamp, time_offset_ns)));
    touch(at, &touched);
    return true;
}

static bool apply_rest(const vw_feed_place *at, const vw_pitch_message *message)
{
    switch (message->type) {
    case VW_PITCH_TIME:
    case VW_PITCH_TIME_REFERENCE:
        apply_time(at, message);
        return true;
    case VW_PITCH_UNIT_CLEAR:
        vw_feed_unit_clear(at->feed, at->number);
        return true;
    case VW_PITCH_TRANSACTION_BEGIN:
        at->unit->in_transaction = true;
        return true;
    case VW_PITCH_TRANSACTION_END:
        if (!at->unit->in_transaction && !at->unit->whole) {
            at->unit->known_epoch++; /* what came of it may not be the best of its side */
        }
        at->unit->in_transaction = false;
        vw_feed_unpark(at->feed, at->number);
        return true;
    case VW_PITCH_TRADING_STATUS:
        apply_status(at, &message->status);
        return true;
    case VW_PITCH_MAPPING:
        apply_mapping(at, &message->mapping);
        return true;
    case VW_PITCH_FUTURE:
        apply_future(at, &message->future);
        return true;
    case VW_PITCH_SETTLEMENT:
        return apply_settlement(at, &message->day);
    default:
        ignore(at);
        return true;
    }
}

static bool apply(const vw_feed_place *at, const vw_pitch_message *message)
{
    switch (message->type) {
    case VW_PITCH_ADD_LONG:
    case VW_PITCH_ADD_SHORT:
    case VW_PITCH_ADD_EXPANDED:
        return apply_add(at, &message->order);
    case VW_PITCH_EXECUTED:
    case VW_PITCH_EXECUTED_AT:
        return apply_execution(at, message);
    case VW_PITCH_MODIFY_LONG:
        return false; /* apply_change takes all but those whose price is none */
    case VW_PITCH_TRADE_LONG:
    case VW_PITCH_TRADE_SHORT:
    case VW_PITCH_TRADE_EXPANDED:
        return apply_trade(at, &message->trade);
    default:
        return apply_rest(at, message);
    }
}

/* apply_top takes what only TOP feeds have. */
static bool apply_top(const vw_feed_place *at, const unsigned char *from, size_t size)
{
    vw_top_message message;

    if (vw_top_decode(from, size, &message) <= 0) {
        return false;
    }
    if (message.type == VW_TOP_UNKNOWN) {
        vw_feed_count(at->feed, VW_COUNT_MESSAGES_UNKNOWN);
        return true;
    }
    tell_time(at, message.time_offset_ns);
    if (!vw_feed_is_price(message.bid.price) || !vw_feed_is_price(message.ask.price) ||
        !vw_feed_is_price(message.last.price)) {
        return false;
    }
    uint32_t index;
    vw_series *series = find(at, message.symbol, &index);

    if (series != NULL) {
        series->unit = (uint8_t)at->number;
        vw_feed_top_apply(at, index, &message);
    }
    return true;
}

/* Not in one with the loop over messages, which would lose its registers to it. */
static __attribute__((noinline)) bool apply_other(const vw_feed_place *at, vw_dialect dialect,
                                                  const unsigned char *from, size_t size)
{
    vw_pitch_message message;

    if (vw_pitch_decode(dialect, from, size, &message) <= 0) {
        return false;
    }
    if (message.type == VW_PITCH_UNKNOWN) {
        return apply_top(at, from, size);
    }
    tell_time(at, message.time_offset_ns);
    return apply(at, &message);
}

/* expect has the orders of the run fetched while the first message is still being decoded: finding
 * them is what a run costs (bench_feeds, 4 messages). */
static void expect(const vw_feed_place *at, const vw_run *run)
{
    const unsigned char *from = run->from;

    for (uint32_t i = 0; i < run->count; i++) {
        if (from[1] >= VW_PITCH_ADD_LONG && from[1] <= VW_PITCH_DELETE &&
            from[0] >= sizeof(vw_wire_delete)) {
            vw_book_expect(at->feed->book, at->number,
                           vw_load_u64(from + offsetof(vw_wire_delete, order_id)));
        }
        from += from[0];
    }
}

uint32_t vw_feed_apply(void *self, uint32_t number, const vw_run *run)
{
    vw_feed *feed = self;

    if (feed->units[number].protocol == VW_PROTOCOL_OPRA) {
        return vw_feed_apply_opra(feed, number, run);
    }
    vw_feed_place at = {feed, &feed->units[number], number, run->receive_ns};
    vw_dialect dialect = at.unit->protocol == VW_PROTOCOL_CFE ? VW_DIALECT_CFE : VW_DIALECT_OPTIONS;
    const unsigned char *from = run->from, *end = run->from + run->size;
    uint32_t well_formed = 0;

    if (run->count > 1) {
        expect(&at, run);
    }
    for (uint32_t i = 0; i < run->count; i++) {
        if (run->sequence != 0) {
            at.unit->sequence = run->sequence + i;
        }
        well_formed += apply_change(&at, dialect, from) ||
                       apply_other(&at, dialect, from, (size_t)(end - from));
        from += from[0]; /* the arbiter has checked that it fits */
    }
    return well_formed;
}
