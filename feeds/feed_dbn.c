#include "core/market/calendar.h"
#include "feeds/dbn.h"
#include "feeds/feed_hot.h"

#include <string.h>

enum { FLAG_LAST = 0x80, FLAG_MAYBE_BAD = 0x04, PUBLISHER_OPRA = 30 };
enum { STATISTIC_SETTLEMENT = 3 };
#define PRICE_STEP INT64_C(100000) /* 1e-9 in 1/10,000 */

static int64_t scaled(int64_t price)
{
    int64_t whole = price / PRICE_STEP, rest = price % PRICE_STEP;

    if (price == VW_DBN_PRICE_NONE) {
        return VW_PRICE_NONE;
    }
    return whole + (2 * rest >= PRICE_STEP) - (2 * rest <= -PRICE_STEP);
}

/* An instrument number is the feed symbol of its series. */
static void key_of(uint32_t id, char key[8])
{
    memset(key, 0, 8);
    memcpy(key, &id, sizeof id);
    key[4] = 1;
}

/* find returns the series of an instrument, or NONE: skipped, or without a name so far; counted. */
static uint32_t find(const vw_feed_place *at, uint32_t id)
{
    char key[8];

    key_of(id, key);
    uint32_t index = vw_series_find(at->feed->series, at->unit->channel, key);

    if (index >= VW_SERIES_SKIPPED) {
        vw_feed_count(at->feed, index == VW_SERIES_SKIPPED ? VW_COUNT_MESSAGES_IGNORED
                                                           : VW_COUNT_SYMBOLS_UNKNOWN);
        return VW_SERIES_NONE;
    }
    return index;
}

static void define(const vw_feed_place *at, uint32_t id, const vw_contract *contract)
{
    char key[8];
    bool fresh;

    key_of(id, key);
    uint32_t index = vw_series_define(at->feed->series, at->unit->channel, key, contract, &fresh);

    vw_feed_defined(at, index, fresh);
}

static void skip(const vw_feed_place *at, uint32_t id)
{
    char key[8];

    key_of(id, key);
    vw_series_skip(at->feed->series, at->unit->channel, key);
    vw_feed_count(at->feed, VW_COUNT_MESSAGES_IGNORED);
}

/* name_option defines what an OSI symbol names; false if it is none of a root we price. */
static bool name_option(const vw_feed_place *at, uint32_t id, const char *text, uint32_t multiplier)
{
    vw_symbol symbol;
    const vw_root *root = vw_symbol_from_osi(text, strlen(text), &symbol)
                              ? vw_root_find(symbol.root, sizeof symbol.root)
                              : NULL;

    if (root == NULL || root->family == VW_FAMILY_VX) {
        return false;
    }
    vw_contract contract = {.type = symbol.type,
                            .settlement = vw_root_settlement(root, symbol.expiry),
                            .expiry = symbol.expiry,
                            .multiplier = multiplier > 0 ? multiplier : root->multiplier,
                            .strike = symbol.strike};

    memcpy(contract.root, symbol.root, sizeof contract.root);
    define(at, id, &contract);
    return true;
}

/* "VX/M6", "VX01/F6", "VXM/M6": the root stands before the slash. */
static bool name_future(const vw_feed_place *at, const vw_dbn_wire_definition *from)
{
    const char *slash = memchr(from->raw_symbol, '/', sizeof from->raw_symbol);
    size_t size = slash != NULL ? (size_t)(slash - from->raw_symbol) : 0;
    const vw_root *root = size > 0 ? vw_root_find(from->raw_symbol, size) : NULL;

    if (root == NULL || root->family != VW_FAMILY_VX || from->instrument_class != 'F' ||
        from->expiration > (uint64_t)INT64_MAX) {
        return false;
    }
    vw_contract contract = {.type = 'F',
                            .weekly = strncmp(root->name, from->raw_symbol, size) != 0,
                            .settlement = root->settlement,
                            .expiry = vw_calendar_date((int64_t)from->expiration, NULL),
                            .multiplier = root->multiplier};

    memcpy(contract.root, root->name, sizeof contract.root);
    define(at, from->head.instrument_id, &contract);
    return true;
}

static void apply_definition(const vw_feed_place *at, const vw_dbn_wire_definition *from)
{
    char text[sizeof from->raw_symbol + 1] = "";

    memcpy(text, from->raw_symbol, sizeof from->raw_symbol);
    if (!name_option(at, from->head.instrument_id, text, 0) && !name_future(at, from)) {
        skip(at, from->head.instrument_id);
    }
}

static void apply_mapping(const vw_feed_place *at, const vw_dbn_wire_mapping *from)
{
    const char *symbols[] = {from->stype_out_symbol, from->stype_in_symbol};

    for (size_t i = 0; i < VW_COUNT_OF(symbols); i++) {
        char text[sizeof from->stype_in_symbol + 1] = "";

        memcpy(text, symbols[i], sizeof from->stype_in_symbol);
        if (name_option(at, from->head.instrument_id, text, 0)) {
            return;
        }
    }
    vw_feed_count(at->feed, VW_COUNT_MESSAGES_IGNORED); /* a future's definition may follow */
}

/* A side says nothing of price or of size: it is empty. */
static void apply_side(const vw_feed_place *at, uint32_t index, uint8_t side, int64_t price,
                       uint32_t size)
{
    bool empty = price == VW_DBN_PRICE_NONE || size == VW_DBN_SIZE_NONE;

    vw_feed_top(at, index, side, scaled(price), empty ? 0 : size);
}

static bool apply_quote(const vw_feed_place *at, const vw_dbn_wire_head *head, uint8_t flags,
                        const int64_t prices[2], const uint32_t sizes[2], bool national)
{
    uint32_t index = find(at, head->instrument_id);

    if (index == VW_SERIES_NONE) {
        return true;
    }
    vw_series *series = vw_series_at(at->feed->series, index);

    for (size_t side = 0; side < 2; side++) {
        if (prices[side] != VW_DBN_PRICE_NONE && !vw_feed_is_price(scaled(prices[side]))) {
            return false;
        }
    }
    national = national || head->publisher_id == PUBLISHER_OPRA;
    if (series->consolidated && !national) {
        vw_feed_count(at->feed, VW_COUNT_MESSAGES_IGNORED); /* one venue's part of it */
        return true;
    }
    series->consolidated = national;
    for (uint8_t side = 0; side < 2; side++) {
        apply_side(at, index, side, prices[side], sizes[side]);
        if ((flags & FLAG_MAYBE_BAD) != 0) {
            series->known[side] = 0;
        }
    }
    return true;
}

/* The side is the aggressor's; ours is of the order that rested. */
static bool apply_trade(const vw_feed_place *at, const vw_dbn_wire_head *head, int64_t price,
                        uint32_t size, char side, uint64_t id)
{
    uint32_t index;

    if (price == VW_DBN_PRICE_NONE || !vw_feed_is_price(scaled(price))) {
        return false;
    }
    index = find(at, head->instrument_id);
    if (index != VW_SERIES_NONE) {
        vw_feed_flush(at->feed);
        vw_feed_send_trade(at, index,
                           side == 'B'   ? 'S'
                           : side == 'A' ? 'B'
                                         : 0,
                           scaled(price), size, id, ' ');
    }
    return true;
}

static bool add_order(const vw_feed_place *at, uint32_t index, const vw_dbn_wire_mbo *from)
{
    uint8_t side = from->side == 'A' ? VW_BOOK_OFFER : VW_BOOK_BID;
    int64_t price = scaled(from->price);
    vw_book_result result;

    if ((from->side != 'A' && from->side != 'B') || from->size == 0 ||
        from->price == VW_DBN_PRICE_NONE || !vw_feed_is_price(price)) {
        return false;
    }
    for (int again = 0; again < 2; again++) {
        result = vw_book_add(at->feed->book, at->number, from->order_id, index, side, price,
                             from->size, false);
        if (result != VW_BOOK_EXISTS) {
            break;
        }
        vw_book_touch old = vw_book_delete(at->feed->book, at->number, from->order_id);

        vw_feed_touch(at, old.series, old.side);
    }
    if (result == VW_BOOK_ADDED) {
        vw_feed_touch(at, index, side);
    } else {
        vw_feed_count(at->feed, VW_COUNT_ORDERS_FULL);
    }
    return true;
}

static bool apply_order(const vw_feed_place *at, const vw_dbn_wire_mbo *from)
{
    vw_book *book = at->feed->book;
    vw_book_touch touched = {.series = VW_BOOK_NONE};
    uint32_t index;

    if (from->action == 'T') {
        return apply_trade(at, &from->head, from->price, from->size, from->side, from->sequence);
    }
    index = find(at, from->head.instrument_id);
    if (index == VW_SERIES_NONE) {
        return true;
    }
    switch (from->action) {
    case 'A':
        return add_order(at, index, from);
    case 'M':
        if (from->price == VW_DBN_PRICE_NONE || !vw_feed_is_price(scaled(from->price))) {
            return false;
        }
        touched = vw_book_modify(book, at->number, from->order_id, scaled(from->price), from->size);
        if (touched.series == VW_BOOK_NONE) {
            return add_order(at, index, from); /* what is not known yet comes so */
        }
        break;
    case 'C':
        touched = vw_book_reduce(book, at->number, from->order_id, from->size);
        break;
    case 'R':
        vw_book_clear_series(book, at->number, index);
        vw_feed_touch(at, index, VW_BOOK_BID);
        vw_feed_touch(at, index, VW_BOOK_OFFER);
        return true;
    default: /* fills, and what changes nothing */
        vw_feed_count(at->feed, VW_COUNT_MESSAGES_IGNORED);
        return true;
    }
    if (touched.series == VW_BOOK_NONE) {
        vw_feed_count(at->feed, VW_COUNT_ORDERS_UNKNOWN);
    } else {
        vw_feed_touch(at, touched.series, touched.side);
    }
    return true;
}

static void apply_status(const vw_feed_place *at, const vw_dbn_wire_status *from)
{
    static const char statuses[] = {
        [1] = 'R', [2] = 'R',  [3] = 'Q',  [4] = 'R',  [5] = 'R',  [7] = 'T', [8] = 'H',
        [9] = 'H', [10] = 'S', [11] = 'S', [12] = 'S', [13] = 'S', [14] = 0,  [15] = 'S'};
    uint32_t index = find(at, from->head.instrument_id);
    char status = from->action < sizeof statuses ? statuses[from->action] : 0;

    if (index != VW_SERIES_NONE && status != 0) {
        vw_feed_trading(at, index, status);
    }
}

static bool apply_statistic(const vw_feed_place *at, const vw_dbn_wire_statistic *from)
{
    if (from->stat_type != STATISTIC_SETTLEMENT || from->price == VW_DBN_PRICE_NONE) {
        vw_feed_count(at->feed, VW_COUNT_MESSAGES_IGNORED);
        return true;
    }
    uint32_t index = find(at, from->head.instrument_id);

    if (!vw_feed_is_price(scaled(from->price))) {
        return false;
    }
    if (index != VW_SERIES_NONE) {
        vw_series *series = vw_series_at(at->feed->series, index);
        bool dated = from->ts_ref > 0 && from->ts_ref <= (uint64_t)INT64_MAX;

        series->settlement_price = scaled(from->price);
        series->settlement_date = dated ? vw_calendar_date((int64_t)from->ts_ref, NULL) : 0;
        series->issue = 'S';
        vw_feed_stamp(at, series);
        vw_feed_change(at->feed, index, VW_PENDING_SETTLEMENT);
    }
    return true;
}

static bool apply_level(const vw_feed_place *at, const vw_dbn_wire_mbp1 *from)
{
    const vw_dbn_wire_level *level = &from->levels[0];
    const int64_t prices[2] = {level->bid_px, level->ask_px};
    const uint32_t sizes[2] = {level->bid_sz, level->ask_sz};

    return (from->action != 'T' ||
            apply_trade(at, &from->head, from->price, from->size, from->side, from->sequence)) &&
           apply_quote(at, &from->head, from->flags, prices, sizes, false);
}

static bool apply_bbo(const vw_feed_place *at, const vw_dbn_wire_bbo *from)
{
    const int64_t prices[2] = {from->levels[0].bid_px, from->levels[0].ask_px};
    const uint32_t sizes[2] = {from->levels[0].bid_sz, from->levels[0].ask_sz};

    return apply_quote(at, &from->head, from->flags, prices, sizes, false);
}

static bool apply_national(const vw_feed_place *at, const vw_dbn_wire_head *head, uint8_t flags,
                           const vw_dbn_wire_national *from)
{
    const int64_t prices[2] = {from->bid_px, from->ask_px};
    const uint32_t sizes[2] = {from->bid_sz, from->ask_sz};

    return apply_quote(at, head, flags, prices, sizes, true);
}

static bool apply_mbp10(const vw_feed_place *at, const vw_dbn_wire_mbp10 *from)
{
    vw_dbn_wire_mbp1 top;

    memcpy(&top, from, sizeof top); /* ten levels where one is: the same up to there */
    return apply_level(at, &top);
}

static bool apply_cmbp1(const vw_feed_place *at, const vw_dbn_wire_cmbp1 *from)
{
    return (from->action != 'T' ||
            apply_trade(at, &from->head, from->price, from->size, from->side, 0)) &&
           apply_national(at, &from->head, from->flags, &from->levels[0]);
}

static bool apply(const vw_feed_place *at, const vw_dbn_record *record)
{
    switch (record->kind) {
    case VW_DBN_RECORD_DEFINITION:
        apply_definition(at, &record->definition);
        return true;
    case VW_DBN_RECORD_MAPPING:
        apply_mapping(at, &record->mapping);
        return true;
    case VW_DBN_RECORD_MBO:
        return apply_order(at, &record->mbo);
    case VW_DBN_RECORD_TRADE:
        return apply_trade(at, &record->head, record->trade.price, record->trade.size,
                           record->trade.side, record->trade.sequence);
    case VW_DBN_RECORD_MBP1:
        return apply_level(at, &record->mbp1);
    case VW_DBN_RECORD_MBP10:
        return apply_mbp10(at, &record->mbp10);
    case VW_DBN_RECORD_BBO:
        return apply_bbo(at, &record->bbo);
    case VW_DBN_RECORD_CMBP1:
        return apply_cmbp1(at, &record->cmbp1);
    case VW_DBN_RECORD_CBBO:
        return apply_national(at, &record->head, record->cbbo.flags, &record->cbbo.levels[0]);
    case VW_DBN_RECORD_STATUS:
        apply_status(at, &record->status);
        return true;
    case VW_DBN_RECORD_STATISTIC:
        return apply_statistic(at, &record->statistic);
    case VW_DBN_RECORD_UNKNOWN:
        vw_feed_count(at->feed, VW_COUNT_MESSAGES_UNKNOWN);
        return true;
    default:
        vw_feed_count(at->feed, VW_COUNT_MESSAGES_IGNORED);
        return true;
    }
}

static uint32_t sequence_of(const vw_dbn_record *record)
{
    switch (record->kind) {
    case VW_DBN_RECORD_MBO:
        return record->mbo.sequence;
    case VW_DBN_RECORD_TRADE:
        return record->trade.sequence;
    case VW_DBN_RECORD_MBP1:
        return record->mbp1.sequence;
    case VW_DBN_RECORD_MBP10:
        return record->mbp10.sequence;
    case VW_DBN_RECORD_BBO:
        return record->bbo.sequence;
    default:
        return 0;
    }
}

bool vw_feed_apply_dbn(vw_feed *feed, uint32_t number, const unsigned char *from, size_t size,
                       int64_t receive_ns)
{
    vw_feed_place at = {feed, &feed->units[number], number, receive_ns};
    vw_dbn_record record;

    if (!at.unit->begun) {
        vw_feed_unit_begin(feed, number, 1, false, feed->now_ns);
    }
    if (vw_dbn_decode(from, size, &record) <= 0) {
        return false;
    }
    bool timed = record.head.ts_event > 0 && record.head.ts_event <= (uint64_t)INT64_MAX;
    uint32_t sequence = sequence_of(&record);

    at.unit->sequence = sequence != 0 ? sequence : at.unit->sequence;
    at.unit->in_transaction =
        record.kind == VW_DBN_RECORD_MBO && (record.mbo.flags & FLAG_LAST) == 0;
    vw_feed_unit_clock(&at, timed ? (int64_t)record.head.ts_event : receive_ns);
    bool good = apply(&at, &record);

    if (!at.unit->in_transaction) {
        vw_feed_unpark(feed, number);
    }
    return good;
}

void vw_feed_name(vw_feed *feed, size_t channel, uint32_t instrument_id, const char *symbol)
{
    uint32_t number = vw_feed_unit_for(feed, channel, 0);

    if (number != VW_FEED_UNIT_NONE) {
        vw_feed_place at = {feed, &feed->units[number], number, feed->now_ns};

        name_option(&at, instrument_id, symbol, 0);
    }
}
