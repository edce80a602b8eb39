/* desk.h: a feed at the end of the simulated exchange's lines, and all that its events said. */
#ifndef VW_TESTS_FEEDS_DESK_H
#define VW_TESTS_FEEDS_DESK_H

#include "feeds/feed.h"
#include "feeds/pitch.h"
#include "feeds/sim.h"
#include "feeds/sim_random.h"

#include "core/base/clock.h"
#include "core/base/status.h"
#include "tests/check.h"

#include <string.h>

enum { SERIES_MAX = 16384, EVENTS = 1 << 17 };

static const int64_t start_ns = INT64_C(1800000000) * VW_NS_PER_SECOND;

typedef struct seen {
    char root[6];
    char type, status;
    uint8_t quality;
    bool quoted, ever_stale;
    uint8_t unit, feed;
    uint32_t expiry, bid_size, ask_size;
    int64_t strike, bid, ask;
} seen;

typedef struct desk {
    vw_feed *feed;
    vw_ring *ring;
    void *memory, *ring_memory;
    vw_counters counters;
    vw_sim *sim;
    seen *series;
    size_t series_count;
    uint64_t gaps, wholes;
    int64_t deaf_from_ns, deaf_until_ns; /* unit 2 of the options is not heard in between */
    int64_t hears_from_ns;
    int64_t dead_from_ns, dead_until_ns; /* line A, of both channels */
    double garbled;                      /* share of packets that come with wrong lengths */
    vw_sim_random random;
    vw_feed_config config;
} desk;

/* Cut short, or with a message that claims another length than it can have. */
static inline void hear_garbled(desk *d, size_t channel, size_t line, const void *packet,
                                size_t size, int64_t now_ns)
{
    unsigned char copy[VW_PITCH_BLOCK_MAX];

    memcpy(copy, packet, size);
    if (size <= sizeof(vw_wire_block) || vw_sim_random_below(&d->random, 2) == 0) {
        size = vw_sim_random_below(&d->random, (uint32_t)size);
    } else {
        copy[sizeof(vw_wire_block)] = vw_sim_random_below(&d->random, 2) == 0 ? 1 : 255;
    }
    vw_feed_packet(d->feed, channel, line, copy, size, now_ns);
}

static inline void hear(void *self, size_t channel, size_t line, const void *packet, size_t size,
                        int64_t now_ns)
{
    desk *d = self;
    uint8_t unit = ((const uint8_t *)packet)[3];
    bool deaf = channel == 0 && unit == 2 && now_ns >= d->deaf_from_ns && now_ns < d->deaf_until_ns;

    bool dead = line == 0 && now_ns >= d->dead_from_ns && now_ns < d->dead_until_ns;
    bool garbled = line != VW_FEED_LINE_REPLAY && now_ns > start_ns + VW_NS_PER_MS &&
                   vw_sim_random_share(&d->random) < d->garbled;

    if (deaf || dead || now_ns < d->hears_from_ns) {
        return;
    }
    if (garbled) {
        hear_garbled(d, channel, line, packet, size, now_ns);
    } else {
        vw_feed_packet(d->feed, channel, line, packet, size, now_ns);
    }
}

/* With `sockets` the packets go over the loopback interface, else straight into the feed; with
 * streams the feed recovers through them. */
static inline desk *open_desk_on(vw_sim_config config, bool sockets, const vw_streams *streams,
                                 int64_t reannounce_ns)
{
    desk *d = calloc(1, sizeof *d);
    size_t ring_size = vw_ring_size(EVENTS, sizeof(vw_event));
    vw_error error = {""};
    vw_feed_config *feed = &d->config;

    d->random = vw_sim_random_seed(config.seed, 1000);

    *feed = (vw_feed_config){.channels = {config.options, config.futures},
                             .channel_count = 2,
                             .instruments_max = SERIES_MAX,
                             .orders_max = 4 * SERIES_MAX,
                             .hold_packets = 1024,
                             .packets_per_poll = 64,
                             .receive_buffer = 8 << 20,
                             .streams = streams};

    for (size_t i = 0; i < 2; i++) {
        if (streams == NULL) {
            feed->channels[i].recovery = (vw_recovery_config){.gap = {.port = 0}};
        }
        feed->channels[i].reannounce_ns = reannounce_ns;
    }
    d->ring_memory = aligned_alloc(VW_LINE_PAIR, vw_round_up(ring_size, VW_LINE_PAIR));
    d->ring = feed->out = vw_ring_init(d->ring_memory, EVENTS, sizeof(vw_event));
    feed->counters = &d->counters;
    d->memory = aligned_alloc(VW_LINE_PAIR, vw_feed_size(feed));
    d->feed = vw_feed_init(d->memory, feed);
    d->series = calloc(SERIES_MAX, sizeof *d->series);
    config.sink = sockets ? NULL : hear;
    config.sink_self = d;
    if (vw_sim_open(&config, &d->sim, &error) != VW_OK ||
        (sockets &&
         (vw_feed_begin(d->feed, &error) != VW_OK || vw_sim_begin(d->sim, &error) != VW_OK))) {
        fail_msg("%s", error.text);
    }
    return d;
}

static inline desk *open_desk(vw_sim_config config)
{
    return open_desk_on(config, false, NULL, config.options.reannounce_ns);
}

static inline void close_desk(desk *d)
{
    vw_sim_close(d->sim);
    free(d->memory);
    free(d->ring_memory);
    free(d->series);
    free(d);
}

/* What the engine makes of a unit's news. */
static inline void take_unit(seen *series, const vw_event *event)
{
    if (series->type == 0 || series->feed != event->feed || series->unit != event->unit) {
        return;
    }
    switch ((vw_unit_state)event->unit_change.state) {
    case VW_UNIT_GAP:
    case VW_UNIT_RESET:
    case VW_UNIT_SILENT:
        series->quality |= VW_QUOTE_STALE;
        series->ever_stale = true;
        break;
    case VW_UNIT_WHOLE:
        series->quality &= (uint8_t)~VW_QUOTE_STALE;
        break;
    case VW_UNIT_CLEAR:
        series->bid = series->ask = VW_PRICE_NONE;
        break;
    default:
        break;
    }
}

static inline void take(desk *d, const vw_event *event)
{
    seen *series = &d->series[event->instrument % SERIES_MAX];

    switch ((vw_event_kind)event->kind) {
    case VW_EVENT_DEFINITION:
        assert_int_equal(series->type, 0); /* once */
        d->series_count++;
        memcpy(series->root, event->definition.root, sizeof series->root);
        series->type = event->definition.type;
        series->expiry = event->definition.expiry;
        series->strike = event->definition.strike;
        series->unit = event->unit;
        series->feed = event->feed;
        break;
    case VW_EVENT_QUOTE:
        series->quoted = true;
        series->bid = event->quote.bid;
        series->ask = event->quote.ask;
        series->bid_size = event->quote.bid_size;
        series->ask_size = event->quote.ask_size;
        series->quality = event->quality;
        series->ever_stale |= (event->quality & VW_QUOTE_STALE) != 0;
        break;
    case VW_EVENT_TRADING:
        series->status = event->trading.status;
        break;
    case VW_EVENT_UNIT:
        d->gaps += event->unit_change.state == VW_UNIT_GAP;
        d->wholes += event->unit_change.state == VW_UNIT_WHOLE;
        for (size_t i = 0; i < SERIES_MAX; i++) {
            take_unit(&d->series[i], event);
        }
        break;
    default:
        break;
    }
}

static inline void drain(desk *d)
{
    const vw_event *event;

    while ((event = vw_ring_peek(d->ring)) != NULL) {
        take(d, event);
        vw_ring_release(d->ring);
    }
}

static inline void play(desk *d, double from, double to)
{
    for (int64_t ms = (int64_t)(from * 1000); (double)ms < to * 1000; ms++) {
        vw_sim_poll(d->sim, start_ns + ms * VW_NS_PER_MS);
        drain(d);
    }
}

static inline void finish(desk *d)
{
    vw_sim_end(d->sim);
    drain(d);
}

static inline uint64_t accepted(const desk *d)
{
    return vw_counters_get(&d->counters, VW_COUNT_MESSAGES_ACCEPTED) -
           vw_counters_get(&d->counters, VW_COUNT_MESSAGES_UNSEQUENCED);
}

static inline uint64_t count(const desk *d, vw_counter counter)
{
    return vw_counters_get(&d->counters, counter);
}

static inline int by_name(const void *a, const void *b)
{
    const seen *x = a, *y = b;
    int order = -memcmp(x->root, y->root, sizeof x->root); /* unused numbers last */

    if (order == 0 && x->expiry != y->expiry) {
        order = x->expiry < y->expiry ? -1 : 1;
    }
    if (order == 0 && x->strike != y->strike) {
        order = x->strike < y->strike ? -1 : 1;
    }
    return order != 0 ? order : x->type - y->type;
}

static inline void assert_same_end(desk *a, desk *b)
{
    assert_int_equal(a->series_count, b->series_count);
    qsort(a->series, SERIES_MAX, sizeof *a->series, by_name);
    qsort(b->series, SERIES_MAX, sizeof *b->series, by_name);
    for (size_t i = 0; i < a->series_count; i++) {
        assert_int_equal(by_name(&a->series[i], &b->series[i]), 0);
        assert_int_equal(a->series[i].bid, b->series[i].bid);
        assert_int_equal(a->series[i].ask, b->series[i].ask);
        assert_int_equal(a->series[i].bid_size, b->series[i].bid_size);
        assert_int_equal(a->series[i].ask_size, b->series[i].ask_size);
        assert_int_equal(b->series[i].quality & VW_QUOTE_STALE, 0);
        assert_int_equal(b->series[i].status, 'T');
    }
}

static inline desk *play_lossless(double to)
{
    desk *d = open_desk(vw_sim_defaults());

    play(d, 0, to);
    finish(d);
    assert_int_equal(count(d, VW_COUNT_MESSAGES_MISSED), 0);
    assert_int_equal(count(d, VW_COUNT_ORDERS_UNKNOWN), 0);
    assert_int_equal(count(d, VW_COUNT_SYMBOLS_UNKNOWN), 0);
    assert_int_equal(count(d, VW_COUNT_EVENT_RING_FULL), 0);
    assert_int_equal(accepted(d), vw_sim_totals_get(d->sim).sequenced);
    return d;
}

#endif
