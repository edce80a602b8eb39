#include "feeds/feed.h"
#include "feeds/sim.h"

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
    bool ever_stale;
    uint8_t unit, feed;
    uint32_t expiry, bid_size, ask_size;
    int64_t strike, bid, ask;
} seen;

/* A feed at the end of the sim's lines, and all that its events said. */
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
} desk;

static void hear(void *self, size_t channel, size_t line, const void *packet, size_t size,
                 int64_t now_ns)
{
    desk *d = self;
    uint8_t unit = ((const uint8_t *)packet)[3];
    bool deaf = channel == 0 && unit == 2 && now_ns >= d->deaf_from_ns && now_ns < d->deaf_until_ns;

    if (!deaf && now_ns >= d->hears_from_ns) {
        vw_feed_packet(d->feed, channel, line, packet, size, now_ns);
    }
}

/* With `sockets` the packets go over the loopback interface, else straight into the feed. */
static desk *open_desk_on(vw_sim_config config, bool sockets)
{
    desk *d = calloc(1, sizeof *d);
    size_t ring_size = vw_ring_size(EVENTS, sizeof(vw_event));
    vw_error error = {""};
    vw_feed_config feed = {.channels = {config.options, config.futures},
                           .channel_count = 2,
                           .instruments_max = SERIES_MAX,
                           .orders_max = 4 * SERIES_MAX,
                           .hold_packets = 1024,
                           .packets_per_poll = 64,
                           .receive_buffer = 8 << 20};

    d->ring_memory = aligned_alloc(VW_LINE_PAIR, vw_round_up(ring_size, VW_LINE_PAIR));
    d->ring = feed.out = vw_ring_init(d->ring_memory, EVENTS, sizeof(vw_event));
    feed.counters = &d->counters;
    d->memory = aligned_alloc(VW_LINE_PAIR, vw_feed_size(&feed));
    d->feed = vw_feed_init(d->memory, &feed);
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

static desk *open_desk(vw_sim_config config)
{
    return open_desk_on(config, false);
}

static void close_desk(desk *d)
{
    vw_sim_close(d->sim);
    free(d->memory);
    free(d->ring_memory);
    free(d->series);
    free(d);
}

static void take(desk *d, const vw_event *event)
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
        break;
    default:
        break;
    }
}

static void drain(desk *d)
{
    const vw_event *event;

    while ((event = vw_ring_peek(d->ring)) != NULL) {
        take(d, event);
        vw_ring_release(d->ring);
    }
}

static void play(desk *d, double from, double to)
{
    for (int64_t ms = (int64_t)(from * 1000); (double)ms < to * 1000; ms++) {
        vw_sim_poll(d->sim, start_ns + ms * VW_NS_PER_MS);
        drain(d);
    }
}

static void finish(desk *d)
{
    vw_sim_end(d->sim);
    drain(d);
}

static uint64_t accepted(const desk *d)
{
    return vw_counters_get(&d->counters, VW_COUNT_MESSAGES_ACCEPTED) -
           vw_counters_get(&d->counters, VW_COUNT_MESSAGES_UNSEQUENCED);
}

static uint64_t count(const desk *d, vw_counter counter)
{
    return vw_counters_get(&d->counters, counter);
}

static int by_name(const void *a, const void *b)
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

static void assert_same_end(desk *a, desk *b)
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

static desk *play_lossless(double to)
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

static void bad_lines_that_never_lose_the_same_message_end_as_good_ones(void **state)
{
    desk *good = play_lossless(6), *bad;
    vw_sim_config config = vw_sim_defaults();
    vw_sim_totals totals;

    (void)state;
    config.lines[0] = config.lines[1] = (vw_impairment){0.05, 0.05, 0.05};
    config.same_loss = true;
    bad = open_desk(config);
    play(bad, 0, 6);
    finish(bad);
    totals = vw_sim_totals_get(bad->sim);
    assert_true(totals.packets_lost > 1000 && totals.packets_reordered > 1000);
    assert_int_equal(count(bad, VW_COUNT_MESSAGES_MISSED), 0);
    assert_int_equal(accepted(bad), totals.sequenced);
    assert_same_end(good, bad);
    close_desk(good);
    close_desk(bad);
}

static void messages_lost_on_both_lines_are_missed_exactly_and_never_silently(void **state)
{
    vw_sim_config config = vw_sim_defaults();
    desk *d;
    vw_sim_totals totals;

    (void)state;
    config.lines[0] = config.lines[1] = (vw_impairment){0.05, 0.02, 0.02};
    d = open_desk(config);
    play(d, 0, 6);
    finish(d);
    vw_feed_poll(d->feed, start_ns + 7 * VW_NS_PER_SECOND); /* holes have waited long enough */
    drain(d);
    totals = vw_sim_totals_get(d->sim);
    assert_true(totals.lost_on_both > 20);
    assert_int_equal(count(d, VW_COUNT_MESSAGES_MISSED), totals.lost_on_both);
    assert_int_equal(accepted(d), totals.sequenced - totals.lost_on_both);
    assert_true(d->gaps > 10);
    close_desk(d);
}

static void after_a_gap_a_units_series_are_stale_and_whole_again_within_five_seconds(void **state)
{
    desk *good = play_lossless(12), *gapped = open_desk(vw_sim_defaults());
    size_t stale = 0, of_unit = 0;

    (void)state;
    gapped->deaf_from_ns = start_ns + 6000 * VW_NS_PER_MS;
    gapped->deaf_until_ns = start_ns + 6020 * VW_NS_PER_MS;
    play(gapped, 0, 6.06);
    for (size_t i = 0; i < SERIES_MAX; i++) {
        bool hit = gapped->series[i].feed == 0 && gapped->series[i].unit == 2;

        of_unit += hit;
        stale += hit && (gapped->series[i].quality & VW_QUOTE_STALE) != 0;
        assert_true(hit || (gapped->series[i].quality & VW_QUOTE_STALE) == 0);
    }
    assert_true(of_unit > 1000);
    assert_true(stale > of_unit * 9 / 10); /* some are announced again already */
    assert_int_equal(gapped->gaps, 1);
    play(gapped, 6.06, 11.06);
    for (size_t i = 0; i < SERIES_MAX; i++) {
        assert_int_equal(gapped->series[i].quality & VW_QUOTE_STALE, 0);
        assert_true(!gapped->series[i].ever_stale ||
                    (gapped->series[i].feed == 0 && gapped->series[i].unit == 2));
    }
    play(gapped, 11.06, 12);
    finish(gapped);
    assert_same_end(good, gapped);
    close_desk(good);
    close_desk(gapped);
}

static void a_feed_started_in_mid_session_has_the_whole_book_within_five_seconds(void **state)
{
    desk *good = play_lossless(12.1), *late = open_desk(vw_sim_defaults());

    (void)state;
    late->hears_from_ns = start_ns + 7 * VW_NS_PER_SECOND;
    play(late, 0, 12.1);
    finish(late);
    assert_int_equal(count(late, VW_COUNT_MESSAGES_MISSED), 0);
    assert_same_end(good, late);
    close_desk(good);
    close_desk(late);
}

static void a_sim_that_starts_anew_is_followed(void **state)
{
    vw_sim_config config = vw_sim_defaults();
    desk *d = open_desk(config), *good = play_lossless(6);
    vw_sim *second = NULL;

    (void)state;
    play(d, 0, 4);
    config.sink = hear;
    config.sink_self = d;
    assert_int_equal(vw_sim_open(&config, &second, NULL), VW_OK);
    vw_sim_close(d->sim); /* killed: no last word */
    d->sim = second;
    for (int64_t ms = 0; ms < 6000; ms++) {
        vw_sim_poll(d->sim, start_ns + (8000 + ms) * VW_NS_PER_MS);
        drain(d);
    }
    finish(d);
    assert_same_end(good, d);
    close_desk(d);
    close_desk(good);
}

static void catch_up(desk *d, int64_t now_ns)
{
    while (vw_feed_poll(d->feed, now_ns) > 0) {
        drain(d);
    }
}

/* In real time: one thread turns the exchange and the feed, as on a small machine. */
static void over_the_loopback_interface_a_still_chain_arrives_whole(void **state)
{
    vw_sim_config config = vw_sim_defaults();
    vw_chain chains[2];
    int64_t begun_ns = vw_clock_realtime_ns(), now_ns = begun_ns;
    size_t quoted = 0;
    desk *d;

    (void)state;
    assert_int_equal(vw_sim_synthetic(NULL, 1, chains, NULL), VW_OK);
    for (size_t i = 0; i < 4; i++) {
        vw_channel_config *channel = i < 2 ? &config.options : &config.futures;
        vw_line_config *line = &channel->lines[i % 2];

        snprintf(line->group, sizeof line->group, "239.204.%zu.%zu", 1 + i / 2, 1 + i % 2);
        line->port = (uint16_t)(34101 + i);
    }
    config.still = true;
    config.same_loss = true;
    config.lines[0] = config.lines[1] = (vw_impairment){0.05, 0.02, 0.02};
    d = open_desk_on(config, true);
    for (; now_ns < begun_ns + 2 * VW_NS_PER_SECOND; now_ns = vw_clock_realtime_ns()) {
        vw_sim_poll(d->sim, now_ns);
        catch_up(d, now_ns);
    }
    vw_sim_end(d->sim);
    catch_up(d, vw_clock_realtime_ns());
    assert_int_equal(count(d, VW_COUNT_SOCKET_DROPS), 0);
    assert_int_equal(count(d, VW_COUNT_MESSAGES_MISSED), 0);
    assert_int_equal(accepted(d), vw_sim_totals_get(d->sim).sequenced);
    assert_int_equal(d->series_count, chains[0].count + chains[1].count + VW_SIM_FUTURES);
    for (size_t i = 0; i < SERIES_MAX; i++) {
        quoted += d->series[i].ask > 0;
    }
    assert_int_equal(quoted, d->series_count);
    vw_feed_end(d->feed);
    close_desk(d);
    vw_chain_free(&chains[0]);
    vw_chain_free(&chains[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_lines_that_never_lose_the_same_message_end_as_good_ones),
        cmocka_unit_test(messages_lost_on_both_lines_are_missed_exactly_and_never_silently),
        cmocka_unit_test(after_a_gap_a_units_series_are_stale_and_whole_again_within_five_seconds),
        cmocka_unit_test(a_feed_started_in_mid_session_has_the_whole_book_within_five_seconds),
        cmocka_unit_test(a_sim_that_starts_anew_is_followed),
        cmocka_unit_test(over_the_loopback_interface_a_still_chain_arrives_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
