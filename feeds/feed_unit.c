#include "core/base/clock.h"
#include "core/base/status.h"
#include "feeds/feed_hot.h"

/* OPRA repeats nothing on its own: a side is known again when a quote says what is best. */
static int64_t reannounced_within_ns(const vw_feed *feed, size_t channel)
{
    const vw_channel_config *config = &feed->config.channels[channel];

    return config->protocol == VW_PROTOCOL_OPRA ? 0 : config->reannounce_ns;
}

/* recheck has every series of the unit composed again that was last sent as stale, or was not. */
static void recheck(vw_feed *feed, uint32_t number, bool stale)
{
    uint32_t count = vw_series_count(feed->series);

    for (uint32_t i = 0; i < count; i++) {
        vw_series *series = vw_series_at(feed->series, i);

        if (series->unit == number && series->defined &&
            ((series->sent_quality & VW_QUOTE_STALE) != 0) == stale) {
            if (!series->queued) {
                series->exchange_ns = feed->units[number].exchange_ns;
                series->receive_ns = feed->now_ns;
                series->sequence = feed->units[number].sequence;
            }
            vw_feed_change(feed, i, VW_PENDING_QUOTE);
        }
    }
}

static void clear_books(vw_feed *feed, uint32_t number)
{
    vw_book_clear(feed->book, number);
    vw_feed_clear_tops(feed, number);
}

static void doubt(vw_feed *feed, uint32_t number)
{
    vw_feed_unit *unit = &feed->units[number];
    int64_t reannounce_ns = reannounced_within_ns(feed, unit->channel);

    unit->known_epoch++;
    unit->whole = false;
    unit->in_transaction = false;
    vw_feed_unpark(feed, number);
    unit->whole_ns = reannounce_ns > 0 ? feed->now_ns + reannounce_ns : INT64_MAX;
    vw_feed_want_image(feed, number);
    recheck(feed, number, false);
}

void vw_feed_unit_lag(vw_feed *feed, uint32_t number, uint32_t first)
{
    if (!feed->units[number].lagging) {
        feed->units[number].lagging = true;
        vw_feed_tell(feed, number, VW_UNIT_GAP, first, 0);
    }
}

void vw_feed_unit_catch_up(vw_feed *feed, uint32_t number)
{
    vw_feed_unit *unit = &feed->units[number];
    uint32_t count = vw_series_count(feed->series);

    if (!unit->lagging) {
        return;
    }
    unit->lagging = false;
    vw_feed_tell(feed, number, unit->whole ? VW_UNIT_WHOLE : VW_UNIT_LIVE, 0, 0);
    for (uint32_t i = 0; i < count && !unit->whole; i++) { /* each was taken for stale */
        vw_series *series = vw_series_at(feed->series, i);

        if (series->unit == number) {
            series->sent_quality |= VW_QUOTE_STALE;
        }
    }
    recheck(feed, number, true);
}

void vw_feed_unit_image(vw_feed *feed, uint32_t number)
{
    vw_feed_unit *unit = &feed->units[number];

    clear_books(feed, number);
    unit->known_epoch++;
    unit->whole = false;
    unit->in_transaction = false;
    unit->imaging = true;
}

void vw_feed_unit_imaged(vw_feed *feed, uint32_t number)
{
    vw_feed_unit *unit = &feed->units[number];

    unit->imaging = false;
    unit->lagging = false;
    unit->whole = true;
    unit->wants_image = false;
    vw_feed_tell(feed, number, VW_UNIT_WHOLE, 0, 0);
    vw_feed_unpark(feed, number);
    recheck(feed, number, false); /* what is not in the image is gone */
    recheck(feed, number, true);
}

void vw_feed_unit_image_broken(vw_feed *feed, uint32_t number)
{
    feed->units[number].imaging = false;
    feed->units[number].lagging = false;
    clear_books(feed, number);
    doubt(feed, number);
}

void vw_feed_unit_begin(void *self, uint32_t number, uint32_t sequence, bool reset, int64_t now_ns)
{
    vw_feed *feed = self;
    vw_feed_unit *unit = &feed->units[number];

    unit->begun = true;
    unit->begun_ns = now_ns;
    unit->lagging = unit->asking = false;
    vw_feed_forget_image(feed, number);
    if (reset) {
        clear_books(feed, number);
        vw_feed_tell(feed, number, VW_UNIT_RESET, 0, 0);
        if (sequence == 1) { /* from its first message on, all is heard */
            unit->in_transaction = false;
            vw_feed_unpark(feed, number);
            vw_feed_unit_clear(feed, number);
        } else {
            doubt(feed, number);
        }
        vw_feed_flush(feed);
        unit->timed = false; /* the new count brings its own time */
    } else if (sequence == 1) {
        unit->whole = true;
        vw_feed_tell(feed, number, VW_UNIT_WHOLE, 0, 0);
    } else {
        vw_feed_tell(feed, number, VW_UNIT_LIVE, 0, 0);
        doubt(feed, number);
    }
}

void vw_feed_unit_missed(void *self, uint32_t number, uint32_t first, uint64_t count,
                         int64_t now_ns)
{
    vw_feed *feed = self;

    (void)now_ns;
    vw_feed_unanswered(feed, number);
    feed->units[number].lagging = false;
    clear_books(feed, number);
    vw_feed_tell(feed, number, VW_UNIT_GAP, first, count);
    doubt(feed, number);
}

void vw_feed_unit_clear(vw_feed *feed, uint32_t number)
{
    clear_books(feed, number);
    feed->units[number].whole = true;
    feed->units[number].wants_image = false;
    vw_feed_tell(feed, number, VW_UNIT_CLEAR, 0, 0);
    recheck(feed, number, false);
    recheck(feed, number, true);
}

static bool is_silent(const vw_feed *feed, size_t channel, size_t line)
{
    uint32_t lines = atomic_load_explicit(&feed->silent_lines, memory_order_relaxed);

    return (lines & VW_FEED_LINE_BIT(channel, line)) != 0;
}

static void mark_silent(vw_feed *feed, size_t channel, size_t line, bool silent)
{
    uint32_t lines = atomic_load_explicit(&feed->silent_lines, memory_order_relaxed);
    uint32_t bit = VW_FEED_LINE_BIT(channel, line);

    atomic_store_explicit(&feed->silent_lines, silent ? lines | bit : lines & ~bit,
                          memory_order_relaxed);
}

void vw_feed_unit_clock(const vw_feed_place *at, int64_t market_ns)
{
    vw_feed_unit *unit = at->unit;
    bool another_second =
        !unit->timed || market_ns < unit->base_ns || market_ns - unit->base_ns >= VW_NS_PER_SECOND;

    unit->exchange_ns = market_ns;
    if (!unit->timed) {
        unit->timed = true;
        vw_feed_unpark(at->feed, at->number);
    }
    if (another_second) {
        unit->base_ns = market_ns / VW_NS_PER_SECOND * VW_NS_PER_SECOND;
        vw_event *event = vw_feed_slot(at->feed, VW_EVENT_TIME, unit, at->receive_ns);

        if (event != NULL) { /* the next second brings another */
            vw_feed_commit(at->feed);
        }
    }
}

void vw_feed_unit_heard(vw_feed *feed, uint32_t number, size_t channel, size_t line)
{
    vw_feed_unit *unit = &feed->units[number];

    unit->heard_ns = feed->now_ns;
    feed->heard_ns[channel][line] = feed->now_ns;
    if (is_silent(feed, channel, line)) {
        mark_silent(feed, channel, line, false);
    }
    if (unit->silent) {
        int64_t reannounce_ns = reannounced_within_ns(feed, channel);

        /* If messages were missed meanwhile, their numbers will tell. */
        unit->silent = false;
        unit->whole_ns = reannounce_ns > 0 ? feed->now_ns + reannounce_ns : INT64_MAX;
        vw_feed_tell(feed, number, unit->whole && !unit->lagging ? VW_UNIT_WHOLE : VW_UNIT_LIVE, 0,
                     0);
        recheck(feed, number, true);
    }
}

static void check_lines(vw_feed *feed)
{
    for (size_t i = 0; i < feed->config.channel_count; i++) {
        const vw_channel_config *channel = &feed->config.channels[i];

        for (size_t j = 0; j < channel->line_count; j++) {
            int64_t *heard_ns = &feed->heard_ns[i][j];

            if (feed->timers_ns == 0 && *heard_ns == 0) {
                *heard_ns = feed->now_ns; /* silence counts from the first turn */
            }
            if (!is_silent(feed, i, j) && feed->now_ns - *heard_ns > channel->silent_ns) {
                mark_silent(feed, i, j, true);
                vw_feed_count(feed, VW_COUNT_LINES_SILENT);
            }
        }
    }
}

static void check_units(vw_feed *feed)
{
    for (uint32_t i = 0; i < feed->unit_count; i++) {
        vw_feed_unit *unit = &feed->units[i];
        int64_t silent_ns = feed->config.channels[unit->channel].silent_ns;

        if (!unit->begun || unit->silent) {
            continue;
        }
        if (feed->now_ns - unit->heard_ns > silent_ns) {
            unit->silent = true;
            vw_feed_tell(feed, i, VW_UNIT_SILENT, 0, 0);
            recheck(feed, i, false);
        } else if (!unit->whole && !unit->lagging && feed->now_ns >= unit->whole_ns) {
            unit->whole = true;
            unit->wants_image = false;
            vw_feed_tell(feed, i, VW_UNIT_WHOLE, 0, 0);
            recheck(feed, i, true);
        }
    }
}

void vw_feed_unit_timers(vw_feed *feed)
{
    if (feed->now_ns - feed->timers_ns >= VW_NS_PER_MS || feed->timers_ns == 0) {
        check_lines(feed);
        check_units(feed);
        feed->timers_ns = feed->now_ns;
    }
}
