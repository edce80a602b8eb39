/* Any packets into a whole feed with small tables and a ring that is often full. */
#include "feeds/feed.h"
#include "tests/fuzz/fuzz_packets.h"

enum { INSTRUMENTS = 16, DEPTH = 8 };

static alignas(VW_LINE_PAIR) unsigned char feed_memory[1 << 22], ring_memory[4096];

static vw_feed *make(vw_ring *ring, vw_counters *counters)
{
    vw_channel_config channel = {.name = "a",
                                 .line_count = 2,
                                 .wait_ns = 20 * VW_NS_PER_MS,
                                 .silent_ns = 3 * VW_NS_PER_SECOND,
                                 .reannounce_ns = 5 * VW_NS_PER_SECOND};
    vw_feed_config config = {.channels = {channel, channel},
                             .channel_count = 2,
                             .instruments_max = INSTRUMENTS,
                             .orders_max = 32,
                             .hold_packets = 4,
                             .packets_per_poll = 1,
                             .out = ring,
                             .counters = counters};

    config.channels[1].protocol = VW_PROTOCOL_CFE;
    vw_check(vw_feed_size(&config) <= sizeof feed_memory);
    return vw_feed_init(feed_memory, &config);
}

/* Events are of series that were defined before, and quotes have a size where they have a price. */
static void check_events(vw_ring *ring, bool defined[INSTRUMENTS], size_t most)
{
    for (const vw_event *event; most-- > 0 && (event = vw_ring_peek(ring)) != NULL;) {
        if (event->kind == VW_EVENT_DEFINITION) {
            vw_check(event->instrument < INSTRUMENTS && !defined[event->instrument]);
            defined[event->instrument] = true;
        } else if (event->kind == VW_EVENT_QUOTE) {
            vw_check(event->instrument < INSTRUMENTS && defined[event->instrument]);
            vw_check((event->quote.bid == VW_PRICE_NONE) == (event->quote.bid_size == 0));
            vw_check((event->quote.ask == VW_PRICE_NONE) == (event->quote.ask_size == 0));
        } else if (event->kind != VW_EVENT_UNIT && event->kind != VW_EVENT_TIME &&
                   event->kind != VW_EVENT_TRADE) {
            vw_check(event->instrument < INSTRUMENTS && defined[event->instrument]);
        }
        vw_ring_release(ring);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    bool defined[INSTRUMENTS] = {false};
    vw_counters counters = {0};
    vw_ring *ring = vw_ring_init(ring_memory, DEPTH, sizeof(vw_event));
    vw_feed *feed = make(ring, &counters);
    fuzz_packet packet = {.now_ns = INT64_C(1694721600000000000)};

    while (fuzz_next(&data, &size, &packet)) {
        vw_feed_packet(feed, packet.channel, packet.line, packet.payload, packet.size,
                       packet.now_ns);
        check_events(ring, defined, 3);
        vw_feed_poll(feed, packet.now_ns);
    }
    return 0;
}
