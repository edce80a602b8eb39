/* Any packets, and anything that recovery servers may say, into a whole feed. */
#include "feeds/feed.h"
#include "tests/fuzz/fuzz_packets.h"

#include <string.h>

enum { INSTRUMENTS = 16, DEPTH = 8, SAID_MAX = 4096 };

static alignas(VW_LINE_PAIR) unsigned char feed_memory[1 << 22], ring_memory[4096];

/* The streams: whether they are up, and what has been said on them and not been taken. */
typedef struct wire {
    bool up[VW_STREAMS_MAX];
    size_t size[VW_STREAMS_MAX];
    unsigned char said[VW_STREAMS_MAX][SAID_MAX];
} wire;

static bool connect_wire(void *self, uint32_t stream, const char *address, uint16_t port)
{
    wire *to = self;

    vw_check(stream < VW_STREAMS_MAX && !to->up[stream] && port != 0 && address[0] != '\0');
    to->up[stream] = true;
    to->size[stream] = 0;
    return true;
}

static bool send_wire(void *self, uint32_t stream, const void *bytes, size_t size)
{
    vw_check(((wire *)self)->up[stream] && bytes != NULL && size > 0);
    return true;
}

static void close_wire(void *self, uint32_t stream)
{
    vw_check(((wire *)self)->up[stream]);
    ((wire *)self)->up[stream] = false;
}

static vw_feed *make(vw_ring *ring, vw_counters *counters, const vw_streams *streams)
{
    vw_server_config server = {.address = "127.0.0.1", .port = 1};
    vw_channel_config channel = {.name = "a",
                                 .line_count = 2,
                                 .wait_ns = 20 * VW_NS_PER_MS,
                                 .silent_ns = 3 * VW_NS_PER_SECOND,
                                 .reannounce_ns = 5 * VW_NS_PER_SECOND,
                                 .recovery = {.gap = server,
                                              .gap_messages_max = 100,
                                              .gap_timeout_ns = 200 * VW_NS_PER_MS,
                                              .spins = {server},
                                              .spin_count = 1,
                                              .spin_timeout_ns = 5 * VW_NS_PER_SECOND}};
    vw_feed_config config = {.channels = {channel, channel},
                             .channel_count = 2,
                             .instruments_max = INSTRUMENTS,
                             .orders_max = 32,
                             .hold_packets = 4,
                             .packets_per_poll = 1,
                             .out = ring,
                             .counters = counters,
                             .streams = streams};

    config.channels[1].protocol = VW_PROTOCOL_CFE;
    vw_check(vw_feed_size(&config) <= sizeof feed_memory);
    return vw_feed_init(feed_memory, &config);
}

static void take_events(vw_ring *ring, size_t most)
{
    for (const vw_event *event; most-- > 0 && (event = vw_ring_peek(ring)) != NULL;) {
        if (event->kind == VW_EVENT_QUOTE) {
            vw_check(event->instrument < INSTRUMENTS);
            vw_check((event->quote.bid == VW_PRICE_NONE) == (event->quote.bid_size == 0));
            vw_check((event->quote.ask == VW_PRICE_NONE) == (event->quote.ask_size == 0));
        }
        vw_ring_release(ring);
    }
}

/* say brings bytes on a stream that is up. */
static void say(vw_feed *feed, wire *to, uint32_t stream, const uint8_t *bytes, size_t size)
{
    vw_stream_sink sink = vw_feed_stream_sink(feed);

    if (!to->up[stream] || size > SAID_MAX - to->size[stream]) {
        return;
    }
    memcpy(to->said[stream] + to->size[stream], bytes, size);
    to->size[stream] += size;
    size_t done = sink.received(sink.self, stream, to->said[stream], to->size[stream]);

    vw_check(done <= to->size[stream]);
    to->size[stream] -= done;
    memmove(to->said[stream], to->said[stream] + done, to->size[stream]);
}

/* happen does with a stream what the bits say that are left in a packet's head. */
static void happen(vw_feed *feed, wire *to, unsigned what, const fuzz_packet *packet)
{
    static const uint32_t streams[] = {0, 1, VW_FEED_CHANNELS_MAX, VW_FEED_CHANNELS_MAX + 1};
    uint32_t stream = streams[(packet->line | packet->channel << 1) % VW_COUNT_OF(streams)];
    vw_stream_sink sink = vw_feed_stream_sink(feed);

    if (what == 1) {
        say(feed, to, stream, packet->payload, packet->size);
    } else if (to->up[stream] && what == 2) {
        sink.opened(sink.self, stream);
    } else if (to->up[stream] && what == 3) {
        to->up[stream] = true;
        sink.ended(sink.self, stream);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static wire to;
    vw_streams streams = {&to, connect_wire, send_wire, close_wire};
    vw_counters counters = {0};
    vw_ring *ring = vw_ring_init(ring_memory, DEPTH, sizeof(vw_event));
    fuzz_packet packet = {.now_ns = INT64_C(1694721600000000000)};

    memset(to.up, 0, sizeof to.up);
    vw_feed *feed = make(ring, &counters, &streams);

    while (fuzz_next(&data, &size, &packet)) {
        unsigned what = (packet.payload - FUZZ_HEAD)[0] >> 2 & 7;

        vw_feed_turn(feed, packet.now_ns);
        if (what == 0 || what > 3) {
            vw_feed_packet(feed, packet.channel, what > 5 ? VW_FEED_LINE_REPLAY : packet.line,
                           packet.payload, packet.size, packet.now_ns);
        } else {
            happen(feed, &to, what, &packet);
        }
        take_events(ring, 3);
    }
    return 0;
}
