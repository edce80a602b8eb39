/* feed_hot.h: what the feed does for every message, small enough to stand where it is used. */
#ifndef VW_FEEDS_FEED_HOT_H
#define VW_FEEDS_FEED_HOT_H

#include "feeds/feed_state.h"

/* Beyond this, 100 billion points, it is no price; the engine can multiply what is below. */
#define VW_FEED_PRICE_MOST INT64_C(1000000000000000)

static inline bool vw_feed_is_price(int64_t price)
{
    return price >= -VW_FEED_PRICE_MOST && price <= VW_FEED_PRICE_MOST;
}

/* vw_feed_is_told says whether anything has been said of a side since all became doubtful. */
static inline bool vw_feed_is_told(const vw_feed_unit *unit, const vw_series *series, uint8_t side)
{
    return unit->whole || series->known[side] == unit->known_epoch;
}

/* vw_feed_is_known says whether a side of a series is as the exchange has it.  An order that is
 * new says nothing of those that rested before, unless the exchange repeats them. */
static inline bool vw_feed_is_known(const vw_feed_unit *unit, const vw_series *series, uint8_t side)
{
    return !unit->silent && !unit->lagging &&
           (unit->whole ||
            ((series->topped || unit->repeats) && series->known[side] == unit->known_epoch));
}

/* vw_feed_change notes that something of a series (VW_PENDING_ bits) has to be sent. */
static inline void vw_feed_change(vw_feed *feed, uint32_t index, uint8_t pending)
{
    vw_series *series = vw_series_at(feed->series, index);

    series->pending |= pending;
    if (!series->queued && series->defined) {
        series->queued = true;
        feed->changed[feed->changed_count++] = index;
    }
}

/* vw_feed_stamp notes the message at hand as the last that changed the series; vw_feed_touch that
 * it told a side. */
static inline void vw_feed_stamp(const vw_feed_place *at, vw_series *series)
{
    series->sequence = at->unit->sequence;
    series->exchange_ns = at->unit->exchange_ns;
    series->receive_ns = at->receive_ns;
}

static inline void vw_feed_touch(const vw_feed_place *at, uint32_t index, uint8_t side)
{
    vw_series *series = vw_series_at(at->feed->series, index);

    series->known[side] = at->unit->known_epoch;
    vw_feed_stamp(at, series);
    vw_feed_change(at->feed, index, VW_PENDING_QUOTE);
}

#endif
