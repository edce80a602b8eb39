#include "feeds/feed_state.h"

static const vw_recovery_config *config_of(const vw_feed *feed, size_t channel)
{
    return &feed->config.channels[channel].recovery;
}

void vw_feed_gap_init(vw_feed *feed, size_t channel)
{
    feed->gaps[channel].link = (vw_link){.streams = &feed->streams,
                                         .login = &config_of(feed, channel)->login,
                                         .counters = feed->config.counters,
                                         .stream = (uint32_t)channel};
}

static void stop_asking(vw_feed *feed, uint32_t number, vw_counter reason)
{
    feed->units[number].asking = false;
    vw_backoff_fail(&feed->gaps[feed->units[number].channel].asking, feed->now_ns);
    vw_feed_count(feed, reason);
}

/* give_up ends the wait for what was asked for and will not come. */
static void give_up(vw_feed *feed, uint32_t number, vw_counter reason)
{
    stop_asking(feed, number, reason);
    vw_arbiter_refused(feed->arbiter, number, feed->now_ns);
}

void vw_feed_gap_lost(vw_feed *feed, size_t channel)
{
    vw_feed_gap *gap = &feed->gaps[channel];

    vw_link_close(&gap->link, true);
    vw_backoff_fail(&gap->backoff, feed->now_ns);
    for (uint32_t i = 0; i < feed->unit_count; i++) {
        if (feed->units[i].channel == channel && feed->units[i].asking) {
            give_up(feed, i, VW_COUNT_GAP_TIMEOUTS);
        }
    }
}

void vw_feed_gap_recover(vw_feed *feed, size_t channel)
{
    const vw_server_config *server = &config_of(feed, channel)->gap;
    vw_feed_gap *gap = &feed->gaps[channel];

    if (server->port == 0) {
        return;
    }
    if (gap->link.state != VW_LINK_CLOSED) {
        if (!vw_link_alive(&gap->link, feed->now_ns)) {
            vw_feed_gap_lost(feed, channel);
        }
    } else if (feed->now_ns >= gap->backoff.until_ns &&
               !vw_link_open(&gap->link, server->address, server->port, feed->now_ns)) {
        vw_backoff_fail(&gap->backoff, feed->now_ns);
    }
}

int64_t vw_feed_ask(void *self, uint32_t number, uint32_t first, uint64_t count, int64_t now_ns)
{
    vw_feed *feed = self;
    vw_feed_unit *unit = &feed->units[number];
    const vw_recovery_config *config = config_of(feed, unit->channel);
    vw_link *link = &feed->gaps[unit->channel].link;
    vw_recovery_message request = {.type = VW_RECOVERY_GAP_REQUEST,
                                   .unit = unit->number,
                                   .sequence = first,
                                   .count = (uint32_t)count};

    if (link->state != VW_LINK_READY || count > config->gap_messages_max ||
        now_ns < feed->gaps[unit->channel].asking.until_ns) {
        return 0;
    }
    link->unit = unit->number;
    if (!vw_link_send(link, &request, now_ns)) {
        return 0;
    }
    vw_feed_count(feed, VW_COUNT_GAP_REQUESTS);
    unit->asking = true;
    unit->asked_first = first;
    vw_feed_unit_lag(feed, number, first);
    return config->gap_timeout_ns;
}

void vw_feed_unanswered(vw_feed *feed, uint32_t number)
{
    if (feed->units[number].asking) {
        stop_asking(feed, number, VW_COUNT_GAP_TIMEOUTS);
    }
}

void vw_feed_filled(void *self, uint32_t number)
{
    vw_feed *feed = self;

    if (feed->units[number].asking) {
        feed->units[number].asking = false;
        feed->gaps[feed->units[number].channel].asking = (vw_backoff){0};
        vw_feed_count(feed, VW_COUNT_GAPS_HEALED);
        vw_feed_unit_catch_up(feed, number);
    }
}

/* Where the bytes at hand come from. */
typedef struct place {
    vw_feed *feed;
    size_t channel;
} place;

static void take(void *self, const vw_recovery_message *message, const unsigned char *from)
{
    const place *at = self;
    uint32_t number = at->feed->unit_of[at->channel][message->unit];

    (void)from;
    if (message->type == VW_RECOVERY_LOGIN_RESPONSE) {
        at->feed->gaps[at->channel].backoff = (vw_backoff){0};
    }
    if (message->type == VW_RECOVERY_GAP_RESPONSE && message->status != 'A' &&
        number != VW_FEED_UNIT_NONE && at->feed->units[number].asking &&
        at->feed->units[number].asked_first == message->sequence) {
        give_up(at->feed, number, VW_COUNT_GAPS_REFUSED);
    }
}

size_t vw_feed_gap_received(vw_feed *feed, size_t channel, const unsigned char *bytes, size_t size)
{
    place at = {feed, channel};
    bool good;
    size_t done =
        vw_link_received(&feed->gaps[channel].link, bytes, size, feed->now_ns, take, &at, &good);

    if (!good) {
        vw_feed_gap_lost(feed, channel);
    }
    return done;
}
