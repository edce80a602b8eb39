#include "core/base/status.h"
#include "feeds/book_hot.h"
#include "feeds/feed_hot.h"

#include <string.h>

vw_event *vw_feed_slot(vw_feed *feed, vw_event_kind kind, const vw_feed_unit *unit,
                       int64_t receive_ns)
{
    vw_event *event = vw_ring_reserve(feed->config.out);

    if (event != NULL) {
        *event = (vw_event){.exchange_ns = unit->exchange_ns,
                            .receive_ns = receive_ns,
                            .instrument = VW_INSTRUMENT_NONE,
                            .sequence = unit->sequence,
                            .kind = (uint8_t)kind,
                            .feed = unit->channel,
                            .unit = unit->number};
    }
    return event;
}

void vw_feed_commit(vw_feed *feed)
{
    vw_ring_commit(feed->config.out);
    vw_feed_count(feed, VW_COUNT_EVENTS_OUT);
}

static bool send_unit(vw_feed *feed, vw_feed_unit *unit)
{
    vw_event *event = vw_feed_slot(feed, VW_EVENT_UNIT, unit, feed->now_ns);

    if (event == NULL) {
        return false;
    }
    event->unit_change.state = unit->state;
    event->unit_change.first = unit->first;
    event->unit_change.missed = unit->missed;
    vw_feed_commit(feed);
    unit->missed = 0;
    unit->unsent = false;
    return true;
}

void vw_feed_tell(vw_feed *feed, uint32_t number, vw_unit_state state, uint32_t first,
                  uint64_t missed)
{
    vw_feed_unit *unit = &feed->units[number];

    unit->state = (uint8_t)state;
    unit->first = unit->missed > 0 ? unit->first : first;
    unit->missed += missed;
    unit->unsent = true;
    if (!send_unit(feed, unit)) {
        feed->untold = true;
        vw_feed_count(feed, VW_COUNT_EVENT_RING_FULL);
    }
}

/* slot_of is vw_feed_slot for a series: with its own stamps. */
static vw_event *slot_of(vw_feed *feed, vw_event_kind kind, uint32_t index)
{
    const vw_series *series = vw_series_at(feed->series, index);
    vw_event *event = vw_feed_slot(feed, kind, &feed->units[series->unit], series->receive_ns);

    if (event != NULL) {
        event->instrument = feed->config.instrument_first + index;
        event->sequence = series->sequence;
        event->exchange_ns = series->exchange_ns;
        event->quality = series->sent_quality;
    }
    return event;
}

static bool send_definition(vw_feed *feed, uint32_t index)
{
    const vw_contract *contract = &vw_series_at(feed->series, index)->contract;
    vw_event *event = slot_of(feed, VW_EVENT_DEFINITION, index);

    if (event == NULL) {
        return false;
    }
    memcpy(event->definition.root, contract->root, sizeof event->definition.root);
    event->definition.type = contract->type;
    event->definition.settlement = contract->settlement;
    event->definition.expiry = contract->expiry;
    event->definition.multiplier = contract->multiplier;
    event->definition.strike = contract->strike;
    event->definition.weekly = contract->weekly;
    vw_feed_commit(feed);
    return true;
}

static bool send_trading(vw_feed *feed, uint32_t index)
{
    vw_event *event = slot_of(feed, VW_EVENT_TRADING, index);

    if (event == NULL) {
        return false;
    }
    event->trading.status = vw_series_at(feed->series, index)->status;
    vw_feed_commit(feed);
    return true;
}

static bool send_settlement(vw_feed *feed, uint32_t index)
{
    const vw_series *series = vw_series_at(feed->series, index);
    vw_event *event = slot_of(feed, VW_EVENT_SETTLEMENT, index);

    if (event == NULL) {
        return false;
    }
    event->settlement.price = series->settlement_price;
    event->settlement.trade_date = series->settlement_date;
    event->settlement.issue = series->issue;
    vw_feed_commit(feed);
    return true;
}

/* find_quotes fills in both sides as they are to be sent and returns their quality; a side in doubt
 * is carried. */
static inline uint8_t find_quotes(const vw_feed *feed, const vw_feed_unit *unit,
                                  const vw_series *series, uint32_t index, vw_book_quote quotes[2])
{
    uint8_t quality = 0;

    if (unit->whole && !unit->silent && !unit->lagging && !series->topped) { /* nearly always */
        vw_book_quotes(feed->book, series->unit, index, quotes);
        return 0;
    }
    for (uint8_t side = 0; side < 2; side++) {
        quality |= vw_feed_is_known(unit, series, side) ? 0 : VW_QUOTE_STALE;
        if (vw_feed_is_told(unit, series, side)) {
            quotes[side] = series->topped ? feed->tops[2 * index + side]
                                          : vw_book_best(feed->book, series->unit, index, side);
        } else {
            quotes[side] = (vw_book_quote){series->sent_price[side], series->sent_size[side]};
        }
    }
    return quality;
}

/* In one, without a branch for each: which side it is that changed cannot be guessed. */
static inline bool differs(const vw_series *series, uint8_t quality, const vw_book_quote quote[2])
{
    uint64_t prices = (uint64_t)(quote[0].price ^ series->sent_price[0]) |
                      (uint64_t)(quote[1].price ^ series->sent_price[1]);
    uint32_t rest = (quote[0].size ^ series->sent_size[0]) |
                    (quote[1].size ^ series->sent_size[1]) | (quality ^ series->sent_quality);

    return (prices | rest) != 0;
}

/* send_quote sends both sides if they are not as sent before. */
static inline bool send_quote(vw_feed *feed, const vw_feed_unit *unit, vw_series *series,
                              uint32_t index)
{
    vw_book_quote quote[2];
    uint8_t quality = find_quotes(feed, unit, series, index, quote);

    if (!differs(series, quality, quote)) {
        return true;
    }
    vw_event *event = vw_ring_reserve(feed->config.out);

    if (event == NULL) {
        return false;
    }
    *event = (vw_event){.exchange_ns = series->exchange_ns,
                        .receive_ns = series->receive_ns,
                        .instrument = feed->config.instrument_first + index,
                        .sequence = series->sequence,
                        .kind = VW_EVENT_QUOTE,
                        .quality = quality,
                        .feed = unit->channel,
                        .unit = unit->number,
                        .quote = {.bid = quote[VW_BOOK_BID].price,
                                  .ask = quote[VW_BOOK_OFFER].price,
                                  .bid_size = quote[VW_BOOK_BID].size,
                                  .ask_size = quote[VW_BOOK_OFFER].size}};
    vw_feed_commit(feed);
    series->sent_quality = quality;
    for (uint8_t side = 0; side < 2; side++) {
        series->sent_price[side] = quote[side].price;
        series->sent_size[side] = quote[side].size;
    }
    return true;
}

/* send_pending sends what it can of a series that has more than a quote to send, or none yet, and
 * clears those bits; false: the ring is full. */
static bool send_pending(vw_feed *feed, const vw_feed_unit *unit, vw_series *series, uint32_t index,
                         bool wait)
{
    static bool (*const senders[])(vw_feed *, uint32_t) = {send_definition, send_trading,
                                                           send_settlement};

    for (size_t i = 0; i < VW_COUNT_OF(senders); i++) {
        uint8_t bit = (uint8_t)(1U << i);

        if ((series->pending & bit) != 0) {
            if (!senders[i](feed, index)) {
                return false;
            }
            series->pending = (uint8_t)(series->pending & ~bit);
        }
    }
    if ((series->pending & VW_PENDING_QUOTE) != 0 && !wait) {
        if (!send_quote(feed, unit, series, index)) {
            return false;
        }
        series->pending = 0;
    }
    return true;
}

static bool send_units(vw_feed *feed)
{
    for (uint32_t i = 0; i < feed->unit_count; i++) {
        if (feed->units[i].unsent && !send_unit(feed, &feed->units[i])) {
            return false;
        }
    }
    feed->untold = false;
    return true;
}

/* A list per unit: while one unit waits for its time, with all its series, the transactions of
 * another must not walk them. */
static void park(vw_feed *feed, uint32_t index)
{
    vw_feed_unit *unit = &feed->units[vw_series_at(feed->series, index)->unit];

    feed->parked_next[index] = VW_FEED_PARKED_NONE;
    *(unit->parked == VW_FEED_PARKED_NONE ? &unit->parked : &feed->parked_next[unit->parked_last]) =
        index;
    unit->parked_last = index;
}

void vw_feed_unpark(vw_feed *feed, uint32_t number)
{
    vw_feed_unit *unit = &feed->units[number];

    for (uint32_t at = unit->parked; at != VW_FEED_PARKED_NONE; at = feed->parked_next[at]) {
        feed->changed[feed->changed_count++] = at;
    }
    unit->parked = VW_FEED_PARKED_NONE;
}

/* send_series sends what there is of a series, or has it wait; false: the ring is full. */
static inline bool send_series(vw_feed *feed, uint32_t index)
{
    vw_series *series = vw_series_at(feed->series, index);
    const vw_feed_unit *unit = &feed->units[series->unit];
    bool wait = unit->in_transaction || unit->imaging || !unit->timed;

    if (series->pending == VW_PENDING_QUOTE && !wait) { /* nearly always */
        if (!send_quote(feed, unit, series, index)) {
            return false;
        }
        series->pending = 0;
    } else if (!send_pending(feed, unit, series, index, wait)) {
        return false;
    }
    if (series->pending != 0) {
        park(feed, index);
    } else {
        series->queued = false;
    }
    return true;
}

void vw_feed_flush(vw_feed *feed)
{
    uint32_t i = 0;

    if (feed->changed_count == 0 && !feed->untold) {
        return;
    }
    if (!feed->untold || send_units(feed)) {
        while (i < feed->changed_count && send_series(feed, feed->changed[i])) {
            i++;
        }
    }
    uint32_t left = feed->changed_count - i;

    if (left == 0) {
        feed->changed_count = feed->refused = 0;
        return;
    }
    uint32_t counted = feed->refused > i ? feed->refused - i : 0;

    vw_counters_add(feed->config.counters, VW_COUNT_EVENT_RING_FULL, left - counted);
    memmove(feed->changed, feed->changed + i, left * sizeof *feed->changed);
    feed->changed_count = left;
    feed->refused = left;
}
