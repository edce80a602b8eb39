#include "feeds/feed_hot.h"

#include <string.h>

void vw_feed_top(const vw_feed_place *at, uint32_t index, uint8_t side, int64_t price,
                 uint32_t size)
{
    vw_series *series = vw_series_at(at->feed->series, index);

    if (!series->topped) {
        series->topped = true;
        at->feed->tops[2 * index] = at->feed->tops[2 * index + 1] =
            (vw_book_quote){VW_PRICE_NONE, 0};
    }
    at->feed->tops[2 * index + side] =
        size > 0 ? (vw_book_quote){price, size} : (vw_book_quote){VW_PRICE_NONE, 0};
    vw_feed_touch(at, index, side);
}

void vw_feed_trading(const vw_feed_place *at, uint32_t index, char status)
{
    vw_series *series = vw_series_at(at->feed->series, index);

    if (series->status != status) {
        series->status = status;
        vw_feed_stamp(at, series);
        vw_feed_change(at->feed, index, VW_PENDING_TRADING);
    }
}

void vw_feed_top_apply(const vw_feed_place *at, uint32_t index, const vw_top_message *message)
{
    bool snapshot = message->type == VW_TOP_SNAPSHOT_SHORT || message->type == VW_TOP_SNAPSHOT_LONG;

    if (message->bid.given) {
        vw_feed_top(at, index, VW_BOOK_BID, message->bid.price, message->bid.quantity);
    }
    if (message->ask.given) {
        vw_feed_top(at, index, VW_BOOK_OFFER, message->ask.price, message->ask.quantity);
    }
    if (snapshot && message->status > ' ') {
        vw_feed_trading(at, index, message->status);
    }
    if (message->type == VW_TOP_TRADE && message->condition != 'X') {
        vw_feed_send_trade(at, index, 0, message->last.price, message->last.quantity,
                           message->execution_id, message->condition);
    }
}

void vw_feed_defined(const vw_feed_place *at, uint32_t index, bool fresh)
{
    vw_feed *feed = at->feed;

    if (index == VW_SERIES_NONE) {
        vw_feed_count(feed, VW_COUNT_INSTRUMENTS_FULL);
        return;
    }
    vw_series *series = vw_series_at(feed->series, index);

    if (series->unit == VW_FEED_UNIT_NONE) {
        series->unit = (uint8_t)at->number;
    }
    if (fresh) {
        vw_feed_count(feed, VW_COUNT_DEFINITIONS);
        if (series->receive_ns == 0) { /* no order came before */
            vw_feed_stamp(at, series);
        }
        vw_feed_change(feed, index, VW_PENDING_DEFINITION);
    }
}

void vw_feed_send_trade(const vw_feed_place *at, uint32_t index, char side, int64_t price,
                        uint32_t size, uint64_t execution_id, char condition)
{
    vw_event *event;

    if (!vw_series_at(at->feed->series, index)->defined) {
        return;
    }
    event = vw_feed_slot(at->feed, VW_EVENT_TRADE, at->unit, at->receive_ns);
    if (event == NULL) {
        vw_feed_count(at->feed, VW_COUNT_EVENT_RING_FULL);
        return;
    }
    event->instrument = at->feed->config.instrument_first + index;
    event->trade.price = price;
    event->trade.execution_id = execution_id;
    event->trade.size = size;
    event->trade.side = side;
    event->trade.condition = condition;
    vw_feed_commit(at->feed);
}

void vw_feed_send_index(const vw_feed_place *at, const char name[6], int64_t bid, int64_t offer)
{
    if (memcmp(name, "SPX\0\0", 6) != 0 && memcmp(name, "VIX\0\0", 6) != 0) {
        vw_feed_count(at->feed, VW_COUNT_MESSAGES_IGNORED);
        return;
    }
    vw_event *event = vw_feed_slot(at->feed, VW_EVENT_INDEX, at->unit, at->receive_ns);

    if (event == NULL) {
        vw_feed_count(at->feed, VW_COUNT_EVENT_RING_FULL);
        return;
    }
    memcpy(event->index.name, name, 6);
    event->index.bid = bid;
    event->index.ask = offer;
    vw_feed_commit(at->feed);
}

void vw_feed_clear_tops(vw_feed *feed, uint32_t number)
{
    uint32_t count = vw_series_count(feed->series);

    for (uint32_t i = 0; i < count; i++) {
        const vw_series *series = vw_series_at(feed->series, i);

        if (series->topped && series->unit == number) {
            feed->tops[2 * i] = feed->tops[2 * i + 1] = (vw_book_quote){VW_PRICE_NONE, 0};
        }
    }
}
