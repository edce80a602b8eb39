/* feeds: from the bytes of a datagram to an event, in memory: decode, arbiter, whole feed.
 *
 * 4,096 series with an order on each side, modified at random, one or four
 * messages to a datagram.  The first subject copies each datagram into a ring and takes it out
 * again: less cannot be done with it.  Decode counts messages, the others datagrams. */
#include "bench/subjects.h"
#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "feeds/arbiter.h"
#include "feeds/feed.h"
#include "feeds/pitch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SERIES = 4096, PACKETS = 1024, STRIDE = 128, DEPTH = 4096, BURST = 32 };

/* Datagrams of the same number of messages; `next` is the sequence of the first. */
typedef struct stream {
    unsigned char bytes[PACKETS * STRIDE];
    size_t sizes[PACKETS];
    uint32_t messages;
} stream;

static stream ones = {.messages = 1}, fours = {.messages = 4};
static uint32_t next = 1;
static int64_t now_ns = INT64_C(1694721600000000000);
static vw_counters counters;
static vw_ring *ring;
static vw_feed *feed;
static vw_arbiter *arbiter;
static uint32_t arbiter_next = 1;
static uint64_t sum;

static void take_events(void)
{
    for (const vw_event *event; (event = vw_ring_peek(ring)) != NULL;) {
        sum += event->sequence;
        vw_ring_release(ring);
    }
}

/* send gives the feed one message in a datagram of its own. */
static void send(const vw_pitch_message *message, bool sequenced)
{
    unsigned char payload[STRIDE], bytes[VW_PITCH_MESSAGE_MAX];
    vw_pitch_writer writer;

    vw_pitch_begin(&writer, payload, sizeof payload, 1, sequenced ? next++ : 0);
    vw_check(vw_pitch_add(&writer, bytes, vw_pitch_encode(VW_DIALECT_OPTIONS, message, bytes)));
    vw_feed_packet(feed, 0, 0, payload, vw_pitch_end(&writer), now_ns);
    take_events();
}

static void make_feed(void)
{
    vw_feed_config config = {.channels = {{.name = "options",
                                           .line_count = 2,
                                           .wait_ns = 20 * VW_NS_PER_MS,
                                           .silent_ns = 3600 * VW_NS_PER_SECOND}},
                             .channel_count = 1,
                             .instruments_max = 32768,
                             .orders_max = 262144,
                             .hold_packets = 1024,
                             .packets_per_poll = 64,
                             .counters = &counters};
    vw_pitch_message time = {.type = VW_PITCH_TIME, .time = {.seconds = 1, .epoch = 1694721600}};

    ring = vw_ring_init(vw_bench_memory(vw_ring_size(DEPTH, sizeof(vw_event))), DEPTH,
                        sizeof(vw_event));
    config.out = ring;
    feed = vw_feed_init(vw_bench_memory(vw_feed_size(&config)), &config);
    send(&time, true);
    for (uint32_t i = 0; i < SERIES; i++) {
        vw_pitch_message mapping = {.type = VW_PITCH_MAPPING, .mapping = {.condition = 'N'}};
        char symbol[8], osi[32];

        snprintf(symbol, sizeof symbol, "00%04u", i);
        snprintf(osi, sizeof osi, "SPXW  230915%c%08u", i % 2 == 0 ? 'C' : 'P', 1000000 + 5000 * i);
        memcpy(mapping.mapping.symbol, symbol, 6);
        memcpy(mapping.mapping.osi, osi, sizeof mapping.mapping.osi);
        send(&mapping, false);
        for (uint32_t side = 0; side < 2; side++) {
            vw_pitch_message add = {.type = VW_PITCH_ADD_SHORT,
                                    .order = {.order_id = 2 * i + side,
                                              .price = side == 0 ? 100000 : 110000,
                                              .quantity = 5,
                                              .side = side == 0 ? 'B' : 'S'}};

            memcpy(add.order.symbol, symbol, 6);
            send(&add, true);
        }
    }
}

static void make_stream(stream *to)
{
    for (size_t i = 0; i < PACKETS; i++) {
        vw_pitch_writer writer;

        vw_pitch_begin(&writer, to->bytes + i * STRIDE, STRIDE, 1, 1);
        for (uint32_t j = 0; j < to->messages; j++) {
            unsigned char bytes[VW_PITCH_MESSAGE_MAX];
            uint64_t id = (uint64_t)rand() % (2 * SERIES);
            vw_pitch_message message = {
                .type = VW_PITCH_MODIFY_SHORT,
                .time_offset_ns = 1000,
                .change = {.order_id = id,
                           .price = (id % 2 == 0 ? 100000 : 110000) + 100 * (rand() % 50),
                           .quantity = 1 + (uint32_t)rand() % 20}};

            vw_pitch_add(&writer, bytes, vw_pitch_encode(VW_DIALECT_OPTIONS, &message, bytes));
        }
        to->sizes[i] = vw_pitch_end(&writer);
    }
}

static void run_copy(const void *context)
{
    const stream *from = context;

    for (size_t i = 0; i < PACKETS; i++) {
        memcpy(vw_ring_reserve(ring), from->bytes + i * STRIDE, sizeof(vw_event));
        vw_ring_commit(ring);
        take_events();
    }
}

static void run_decode(const void *context)
{
    const stream *from = context;
    vw_pitch_message message;

    for (size_t i = 0; i < PACKETS; i++) {
        for (size_t at = sizeof(vw_wire_block); at < from->sizes[i];) {
            at += (size_t)vw_pitch_decode(VW_DIALECT_OPTIONS, from->bytes + i * STRIDE + at,
                                          from->sizes[i] - at, &message);
            sum += (uint64_t)message.change.price;
        }
    }
}

static uint32_t deliver(void *self, uint32_t unit, const vw_run *run)
{
    (void)self, (void)unit;
    sum += run->count;
    return run->count;
}

static void missed(void *self, uint32_t unit, uint32_t first, uint64_t count, int64_t at_ns)
{
    (void)self, (void)unit, (void)first, (void)count, (void)at_ns;
}

static void begin(void *self, uint32_t unit, uint32_t sequence, bool reset, int64_t at_ns)
{
    (void)self, (void)unit, (void)sequence, (void)reset, (void)at_ns;
}

/* Both lines bring every datagram; the second is a duplicate. */
static void run_arbiter(const void *context)
{
    stream *from = (stream *)(uintptr_t)context;

    for (size_t i = 0; i < PACKETS; i++) {
        unsigned char *payload = from->bytes + i * STRIDE;
        vw_wire_block block;

        vw_store_u32(payload + offsetof(vw_wire_block, sequence), arbiter_next);
        arbiter_next += from->messages;
        vw_pitch_block(payload, from->sizes[i], &block);
        for (uint32_t line = 0; line < 2; line++) {
            vw_arbiter_packet(arbiter, 0, line, &block, payload, now_ns, now_ns);
        }
    }
}

/* renew gives a datagram the next sequence, and each of its messages another price than it had. */
static void renew(stream *from, size_t i)
{
    unsigned char *payload = from->bytes + i * STRIDE;

    vw_store_u32(payload + offsetof(vw_wire_block, sequence), next);
    next += from->messages;
    for (uint32_t j = 0; j < from->messages; j++) {
        payload[sizeof(vw_wire_block) + j * sizeof(vw_wire_modify_short_c1) +
                offsetof(vw_wire_modify_short, price)] ^= 1;
    }
}

static void run_feed(const void *context)
{
    stream *from = (stream *)(uintptr_t)context;

    for (size_t i = 0; i < PACKETS; i++) {
        renew(from, i);
        now_ns += VW_NS_PER_US;
        vw_feed_packet(feed, 0, 0, from->bytes + i * STRIDE, from->sizes[i], now_ns);
        take_events();
    }
}

/* As a thread has it from its sockets: what was waiting on A, then the same from B. */
static void run_lines(const void *context)
{
    stream *from = (stream *)(uintptr_t)context;

    for (size_t i = 0; i < PACKETS; i += BURST) {
        for (size_t j = i; j < i + BURST; j++) {
            renew(from, j);
        }
        now_ns += BURST * VW_NS_PER_US;
        for (size_t line = 0; line < 2; line++) {
            for (size_t j = i; j < i + BURST; j++) {
                vw_feed_packet(feed, 0, line, from->bytes + j * STRIDE, from->sizes[j], now_ns);
            }
            take_events();
        }
    }
}

static size_t open_feed(vw_bench_subject *to, const char *isa, const char **why)
{
    static const vw_bench_subject subjects[] = {
        {"a datagram copied through a ring", run_copy, &ones, PACKETS},
        {"decode, a message", run_decode, &fours, 4 * PACKETS},
        {"arbiter, one of two lines", run_arbiter, &ones, 2 * PACKETS},
        {"feed, datagram of 1 message", run_feed, &ones, PACKETS},
        {"feed, datagram of 4 messages", run_feed, &fours, PACKETS},
        {"feed, 1 message, lines A and B", run_lines, &ones, 2 * PACKETS},
    };
    vw_arbiter_sink sink = {.deliver = deliver, .missed = missed, .begin = begin};

    (void)isa, (void)why;
    if (feed == NULL) {
        srand(1);
        make_feed();
        make_stream(&ones);
        make_stream(&fours);
        arbiter = vw_arbiter_init(vw_bench_memory(vw_arbiter_size(1, 64)), 1, 64, &sink, &counters);
        vw_arbiter_unit(arbiter, 20 * VW_NS_PER_MS);
    }
    memcpy(to, subjects, sizeof subjects);
    return VW_COUNT_OF(subjects);
}

const vw_bench_group vw_bench_feed = {
    "feed",     "PITCH datagrams in memory: arbiter, decode, book, event",
    "datagram", "datagrams/s",
    open_feed,  NULL,
};
