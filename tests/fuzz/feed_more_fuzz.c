/* OPRA blocks, whose header and sum are made to fit, and DBN records into a whole feed. */
#include "feeds/feed.h"
#include "feeds/opra_wire.h"
#include "tests/fuzz/fuzz_packets.h"

enum { INSTRUMENTS = 16, DEPTH = 8, OPRA = 0, DBN = 1 };

static alignas(VW_LINE_PAIR) unsigned char feed_memory[1 << 22], ring_memory[4096];

static vw_feed *make(vw_ring *ring, vw_counters *counters)
{
    vw_channel_config channel = {.name = "a",
                                 .protocol = VW_PROTOCOL_OPRA,
                                 .line_count = 2,
                                 .wait_ns = 20 * VW_NS_PER_MS,
                                 .silent_ns = 3 * VW_NS_PER_SECOND};
    vw_feed_config config = {.channels = {channel, channel},
                             .channel_count = 2,
                             .instruments_max = INSTRUMENTS,
                             .orders_max = 32,
                             .hold_packets = 4,
                             .packets_per_poll = 1,
                             .out = ring,
                             .counters = counters};

    config.channels[DBN].protocol = VW_PROTOCOL_DBN;
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
        } else if (event->instrument != VW_INSTRUMENT_NONE && event->kind != VW_EVENT_TRADE) {
            vw_check(event->instrument < INSTRUMENTS && defined[event->instrument]);
        }
        if (event->kind == VW_EVENT_QUOTE) {
            vw_check((event->quote.bid == VW_PRICE_NONE) == (event->quote.bid_size == 0));
            vw_check((event->quote.ask == VW_PRICE_NONE) == (event->quote.ask_size == 0));
        }
        vw_ring_release(ring);
    }
}

/* seal copies a block and makes its size, feed and sum right; returns its size. */
static size_t seal(const fuzz_packet *packet, unsigned char block[UINT16_MAX])
{
    size_t size = packet->size, sum_at = offsetof(vw_opra_wire_block, checksum);
    unsigned sum = 0;

    memcpy(block, packet->payload, size);
    if (size < sizeof(vw_opra_wire_block)) {
        return size;
    }
    block[1] = (unsigned char)(size >> 8);
    block[2] = (unsigned char)size;
    block[3] = 'O';
    block[sum_at] = block[sum_at + 1] = 0;
    for (size_t i = 0; i < size; i++) {
        sum += block[i];
    }
    block[sum_at] = (unsigned char)(sum >> 8);
    block[sum_at + 1] = (unsigned char)sum;
    return size;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static unsigned char block[UINT16_MAX];
    bool defined[INSTRUMENTS] = {false};
    vw_counters counters = {0};
    vw_ring *ring = vw_ring_init(ring_memory, DEPTH, sizeof(vw_event));
    vw_feed *feed = make(ring, &counters);
    fuzz_packet packet = {.now_ns = INT64_C(1694721600000000000)};

    while (fuzz_next(&data, &size, &packet)) {
        if (packet.channel == OPRA) {
            vw_feed_packet(feed, OPRA, packet.line, block, seal(&packet, block), packet.now_ns);
        } else {
            vw_feed_packet(feed, DBN, packet.line, packet.payload, packet.size, packet.now_ns);
        }
        check_events(ring, defined, 3);
        vw_feed_turn(feed, packet.now_ns);
    }
    vw_check(vw_counters_get(&counters, VW_COUNT_MESSAGES_IN) >=
             vw_counters_get(&counters, VW_COUNT_MESSAGES_ACCEPTED));
    return 0;
}
