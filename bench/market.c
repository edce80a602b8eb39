#include "bench/market.h"

#include "bench/bench.h"
#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "core/pricing/black.h"

#include <math.h>
#include <string.h>

enum {
    EXPIRIES = 8,
    STRIKES = 128,
    SERIES = EXPIRIES * STRIKES * 2,
    EVENTS_DEPTH = 1 << 15,
    UPDATES_DEPTH = 1 << 13,
    TICK = 500, /* 0.05 in 1/10,000 */
    TURNS = 1000
};

static const char *const dates[EXPIRIES] = {"230915", "230922", "230929", "231006",
                                            "231013", "231020", "231117", "231215"};
static const double days[EXPIRIES] = {1.25, 8.25, 15.25, 22.25, 29.25, 36.25, 64.25, 92.25};
static const double forward = 4500;
static const int64_t start_ns = INT64_C(1694700000) * VW_NS_PER_SECOND; /* 10:00 New York */

/* Of series i: which expiry, strike and side; calls are even. */
static double strike_of(uint32_t i)
{
    return forward + 2.5 * ((double)(i / 2 % STRIKES) - STRIKES / 2.0);
}

/* The bid or offer that rests, in 1/10,000: Black's price on its tick, a few ticks off. */
static int64_t price_of(uint32_t i, uint32_t side_index)
{
    double strike = strike_of(i), years = days[i / 2 / STRIKES] / 365,
           discount = exp(-0.05 * years);
    double k = log(strike / forward), vol = 0.16 - 0.3 * k + k * k, side = i % 2 == 0 ? 1 : -1;
    double price;
    int64_t ticks;

    vw_black(&(vw_black_inputs){&forward, &strike, &years, &vol, &discount, &side, NULL},
             &(vw_black_outputs){.price = &price}, 1);
    ticks = llround(price * VW_PRICE_ONE / TICK);
    return TICK * (ticks + (side_index == 0 ? 2 : 6));
}

static size_t write_one(vw_market *market, const vw_pitch_message *message, bool sequenced,
                        unsigned char *to, size_t room)
{
    unsigned char bytes[VW_PITCH_MESSAGE_MAX];
    vw_pitch_writer writer;

    vw_pitch_begin(&writer, to, room, 1, sequenced ? market->next++ : 0);
    vw_check(vw_pitch_add(&writer, bytes, vw_pitch_encode(VW_DIALECT_OPTIONS, message, bytes)));
    return vw_pitch_end(&writer);
}

static void give(vw_market *market, const vw_pitch_message *message, bool sequenced)
{
    unsigned char payload[256];
    size_t size = write_one(market, message, sequenced, payload, sizeof payload);

    vw_feed_packet(market->feed, 0, 0, payload, size, market->now_ns);
}

/* Market time is the second of the last Time message and a message's offset in it. */
size_t vw_market_time(vw_market *market, unsigned char *to, size_t room)
{
    int64_t seconds = market->now_ns / VW_NS_PER_SECOND;
    vw_pitch_message time = {
        .type = VW_PITCH_TIME,
        .time = {.seconds = (uint32_t)(seconds % 86400), .epoch = (uint32_t)seconds}};

    if (seconds * VW_NS_PER_SECOND == market->second_ns) {
        return 0;
    }
    market->second_ns = seconds * VW_NS_PER_SECOND;
    return write_one(market, &time, true, to, room);
}

static void give_time(vw_market *market)
{
    unsigned char payload[256];
    size_t size = vw_market_time(market, payload, sizeof payload);

    if (size > 0) {
        vw_feed_packet(market->feed, 0, 0, payload, size, market->now_ns);
    }
}

static void give_series(vw_market *market, uint32_t i)
{
    vw_pitch_message mapping = {.type = VW_PITCH_MAPPING, .mapping = {.condition = 'N'}};
    char symbol[8], osi[32];

    snprintf(symbol, sizeof symbol, "00%04u", i);
    snprintf(osi, sizeof osi, "SPXW  %s%c%08.0f", dates[i / 2 / STRIKES], i % 2 == 0 ? 'C' : 'P',
             1000 * strike_of(i));
    memcpy(mapping.mapping.symbol, symbol, 6);
    memcpy(mapping.mapping.osi, osi, sizeof mapping.mapping.osi);
    give(market, &mapping, false);
    for (uint32_t side = 0; side < 2; side++) {
        vw_pitch_message add = {.type = VW_PITCH_ADD_SHORT,
                                .order = {.order_id = 2 * i + side,
                                          .price = price_of(i, side),
                                          .quantity = 5,
                                          .side = side == 0 ? 'B' : 'S'}};

        memcpy(add.order.symbol, symbol, 6);
        give(market, &add, true);
    }
}

static void make_engine(vw_market *market, const vw_kernels *kernels)
{
    vw_engine_config config = {.instruments_max = 2 * SERIES,
                               .expiries_max = 2 * EXPIRIES,
                               .strikes_max = 2 * STRIKES,
                               .events_per_poll = 1024,
                               .cut_interval_ns = VW_NS_PER_SECOND,
                               .refresh_ns = 5 * VW_NS_PER_SECOND,
                               .calendar = &market->calendar,
                               .kernels = kernels,
                               .in = {market->events},
                               .in_count = 1,
                               .out = market->updates,
                               .counters = &market->counters};

    market->engine = vw_engine_init(vw_bench_memory(vw_engine_size(&config)), &config);
}

static vw_market *open_market(const vw_kernels *engine, const vw_line_config *lines, vw_io io,
                              void (*pump)(vw_market *market))
{
    vw_market *market = vw_bench_memory(sizeof *market);
    vw_feed_config config = {.channels = {{.name = "options",
                                           .line_count = 2,
                                           .wait_ns = 20 * VW_NS_PER_MS,
                                           .silent_ns = 3600 * VW_NS_PER_SECOND}},
                             .channel_count = 1,
                             .instruments_max = 2 * SERIES,
                             .orders_max = 4 * SERIES,
                             .hold_packets = 1024,
                             .packets_per_poll = 64,
                             .receive_buffer = 8 << 20,
                             .io = io,
                             .counters = &market->counters};

    *market = (vw_market){.next = 1, .now_ns = start_ns};
    if (lines != NULL) {
        memcpy(config.channels[0].lines, lines, 2 * sizeof *lines);
    }
    market->events = vw_ring_init(vw_bench_memory(vw_ring_size(EVENTS_DEPTH, sizeof(vw_event))),
                                  EVENTS_DEPTH, sizeof(vw_event));
    market->updates = vw_ring_init(vw_bench_memory(vw_ring_size(UPDATES_DEPTH, sizeof(vw_update))),
                                   UPDATES_DEPTH, sizeof(vw_update));
    config.out = market->events;
    market->feed = vw_feed_init(vw_bench_memory(vw_feed_size(&config)), &config);
    if (engine != NULL) {
        make_engine(market, engine);
    }
    give_time(market);
    for (uint32_t i = 0; i < SERIES; i++) {
        give_series(market, i);
        market->now_ns += VW_MARKET_GAP_NS;
        pump(market);
    }
    for (int second = 0; second < 3; second++) { /* the first cuts and smiles: ticks need them */
        market->now_ns += VW_NS_PER_SECOND;
        give_time(market);
        for (int turn = 0; turn < TURNS; turn++) {
            pump(market);
        }
    }
    return market;
}

vw_market *vw_market_open(const vw_kernels *engine, void (*pump)(vw_market *market))
{
    return open_market(engine, NULL, VW_IO_AUTO, pump);
}

vw_market *vw_market_open_lines(const vw_line_config lines[2], vw_io io,
                                void (*pump)(vw_market *market))
{
    return open_market(NULL, lines, io, pump);
}

vw_market_stream *vw_market_stream_make(uint32_t messages)
{
    vw_market_stream *stream = vw_bench_memory(sizeof *stream);
    uint64_t state = 1;

    stream->messages = messages;
    stream->stride =
        vw_round_up(sizeof(vw_wire_block) + messages * sizeof(vw_wire_modify_short_c1), 64);
    vw_check(stream->stride <= VW_MARKET_STRIDE_MAX);
    for (size_t i = 0; i < VW_MARKET_PACKETS; i++) {
        vw_pitch_writer writer;

        vw_pitch_begin(&writer, vw_market_datagram(stream, i), stream->stride, 1, 1);
        for (uint32_t j = 0; j < messages; j++) {
            unsigned char bytes[VW_PITCH_MESSAGE_MAX];
            uint32_t id = (uint32_t)(2 * SERIES * vw_bench_uniform(&state));
            int64_t step = TICK * (int64_t)(3 * vw_bench_uniform(&state) - 1);
            vw_pitch_message message = {
                .type = VW_PITCH_MODIFY_SHORT,
                .change = {.order_id = id,
                           .price = price_of(id / 2, id % 2) + step,
                           .quantity = 1 + (uint32_t)(20 * vw_bench_uniform(&state))}};

            vw_check(
                vw_pitch_add(&writer, bytes, vw_pitch_encode(VW_DIALECT_OPTIONS, &message, bytes)));
        }
        stream->sizes[i] = vw_pitch_end(&writer);
    }
    return stream;
}

/* A short price counts hundredths. */
static void move_prices(unsigned char *payload, uint32_t messages, int16_t by)
{
    unsigned char *at = payload + sizeof(vw_wire_block) + offsetof(vw_wire_modify_short, price);

    for (uint32_t j = 0; j < messages; j++, at += sizeof(vw_wire_modify_short_c1)) {
        vw_store_u16(at, (uint16_t)(vw_load_u16(at) + by));
    }
}

void vw_market_stamp(vw_market *market, vw_market_stream *stream, size_t i)
{
    unsigned char *payload = vw_market_datagram(stream, i);
    size_t first = sizeof(vw_wire_block) + offsetof(vw_wire_modify_short, stamp.time_offset_ns);

    vw_store_u32(payload + offsetof(vw_wire_block, sequence), market->next);
    vw_store_u32(payload + first, (uint32_t)(market->now_ns - market->second_ns));
    market->next += stream->messages;
    move_prices(payload, stream->messages, stream->up[i] ? -TICK / 100 : TICK / 100);
    stream->up[i] = !stream->up[i];
}

void vw_market_next(vw_market *market, vw_market_stream *stream, size_t i)
{
    market->now_ns += VW_MARKET_GAP_NS;
    give_time(market);
    vw_market_stamp(market, stream, i);
}

void vw_market_receive(vw_market *market, vw_market_stream *stream, size_t i)
{
    vw_feed_packet(market->feed, 0, 0, vw_market_datagram(stream, i), stream->sizes[i],
                   market->now_ns);
}
