/* play.h: a feed with its ring and counters, packets written by hand, events kept as they came. */
#ifndef VW_TESTS_FEEDS_PLAY_H
#define VW_TESTS_FEEDS_PLAY_H

#include "core/base/clock.h"
#include "core/base/status.h"
#include "feeds/feed.h"
#include "feeds/pitch.h"
#include "tests/check.h"

#include <stdio.h>
#include <string.h>

enum { PLAY_EVENTS = 1 << 16, PLAY_SERIES = 1024 };
#define PLAY_START_NS INT64_C(1694721600000000000) /* 2023-09-14 16:00 New York */
#define PLAY_WAIT_NS (20 * VW_NS_PER_MS)

typedef struct play {
    vw_feed *feed;
    vw_ring *ring;
    vw_counters *counters;
    vw_event *events; /* all so far */
    size_t count;
    vw_event last[PLAY_SERIES]; /* last quote per instrument; kind 0: none */
    int64_t now_ns;
    uint32_t sequence[8];   /* next, per unit */
    vw_pitch_writer writer; /* the packet being written */
    vw_dialect dialect;
    unsigned char payload[VW_PITCH_BLOCK_MAX];
} play;

static inline vw_feed_config play_config(void)
{
    vw_feed_config config = {.channels = {{.name = "c1-options",
                                           .protocol = VW_PROTOCOL_PITCH,
                                           .line_count = 2,
                                           .wait_ns = PLAY_WAIT_NS,
                                           .silent_ns = 3 * VW_NS_PER_SECOND,
                                           .reannounce_ns = 5 * VW_NS_PER_SECOND},
                                          {.name = "cfe",
                                           .protocol = VW_PROTOCOL_CFE,
                                           .line_count = 2,
                                           .wait_ns = PLAY_WAIT_NS,
                                           .silent_ns = 3 * VW_NS_PER_SECOND,
                                           .reannounce_ns = 5 * VW_NS_PER_SECOND}},
                             .channel_count = 2,
                             .instruments_max = PLAY_SERIES,
                             .orders_max = 4096,
                             .hold_packets = 1024,
                             .packets_per_poll = 64,
                             .receive_buffer = 1 << 20};

    return config;
}

static inline void *play_memory(size_t size)
{
    void *mem = aligned_alloc(VW_LINE_PAIR, vw_round_up(size, VW_LINE_PAIR));

    assert_non_null(mem);
    memset(mem, 0, size);
    return mem;
}

static inline play *play_open(vw_feed_config config, uint64_t ring_depth)
{
    play *self = calloc(1, sizeof *self);

    self->ring = vw_ring_init(play_memory(vw_ring_size(ring_depth, sizeof(vw_event))), ring_depth,
                              sizeof(vw_event));
    self->counters = play_memory(sizeof *self->counters);
    self->events = calloc(PLAY_EVENTS, sizeof *self->events);
    self->now_ns = PLAY_START_NS;
    config.out = self->ring;
    config.counters = self->counters;
    assert_true(vw_feed_size(&config) > 0);
    self->feed = vw_feed_init(play_memory(vw_feed_size(&config)), &config);
    for (size_t unit = 0; unit < VW_COUNT_OF(self->sequence); unit++) {
        self->sequence[unit] = 1;
    }
    return self;
}

static inline void play_close(play *self)
{
    free(self->feed);
    free(self->ring);
    free(self->counters);
    free(self->events);
    free(self);
}

/* play_drain takes the events out of the ring; returns how many. */
static inline size_t play_drain(play *self)
{
    size_t taken = 0;

    for (const vw_event *event; (event = vw_ring_peek(self->ring)) != NULL; taken++) {
        assert_true(self->count < PLAY_EVENTS);
        self->events[self->count++] = *event;
        if (event->kind == VW_EVENT_QUOTE) {
            self->last[event->instrument] = *event;
        }
        vw_ring_release(self->ring);
    }
    return taken;
}

static inline void play_begin(play *self, vw_dialect dialect, uint8_t unit, uint32_t sequence)
{
    self->dialect = dialect;
    vw_pitch_begin(&self->writer, self->payload, sizeof self->payload, unit, sequence);
}

static inline void play_message(play *self, const vw_pitch_message *message)
{
    unsigned char bytes[VW_PITCH_MESSAGE_MAX];
    size_t size = vw_pitch_encode(self->dialect, message, bytes);

    assert_true(size > 0);
    assert_true(vw_pitch_add(&self->writer, bytes, size));
}

static inline void play_end(play *self, size_t line)
{
    size_t size = vw_pitch_end(&self->writer);
    size_t channel = self->dialect == VW_DIALECT_CFE;

    vw_feed_packet(self->feed, channel, line, self->payload, size, self->now_ns);
}

/* play_send sends messages of the options in one packet on line A, in the unit's sequence. */
static inline void play_send(play *self, uint8_t unit, const vw_pitch_message *messages,
                             size_t count)
{
    play_begin(self, VW_DIALECT_OPTIONS, unit, self->sequence[unit]);
    for (size_t i = 0; i < count; i++) {
        play_message(self, &messages[i]);
    }
    self->sequence[unit] += (uint32_t)count;
    play_end(self, 0);
}

static inline vw_pitch_message play_time(int64_t market_ns)
{
    return (vw_pitch_message){
        .type = VW_PITCH_TIME,
        .time = {.seconds = 34200, .epoch = (uint32_t)(market_ns / VW_NS_PER_SECOND)}};
}

static inline vw_pitch_message play_add(uint64_t id, const char *symbol, char side, int64_t price,
                                        uint32_t quantity)
{
    vw_pitch_message message = {
        .type = vw_pitch_fits_short(price, quantity) ? VW_PITCH_ADD_SHORT : VW_PITCH_ADD_LONG,
        .time_offset_ns = 1000,
        .order = {.order_id = id, .price = price, .quantity = quantity, .side = side}};

    memcpy(message.order.symbol, symbol, strlen(symbol));
    return message;
}

static inline vw_pitch_message play_delete(uint64_t id)
{
    return (vw_pitch_message){
        .type = VW_PITCH_DELETE, .time_offset_ns = 2000, .change = {.order_id = id}};
}

static inline vw_pitch_message play_modify(uint64_t id, int64_t price, uint32_t quantity)
{
    return (vw_pitch_message){.type = VW_PITCH_MODIFY_LONG,
                              .time_offset_ns = 3000,
                              .change = {.order_id = id, .price = price, .quantity = quantity}};
}

static inline vw_pitch_message play_mapping(const char *symbol, const char *osi)
{
    vw_pitch_message message = {.type = VW_PITCH_MAPPING, .mapping = {.condition = 'N'}};

    memcpy(message.mapping.symbol, symbol, strlen(symbol));
    memcpy(message.mapping.osi, osi, sizeof message.mapping.osi);
    memcpy(message.mapping.underlying, "SPX", 3);
    return message;
}

/* play_define sends a mapping in an unsequenced block. */
static inline void play_define(play *self, uint8_t unit, const char *symbol, const char *osi)
{
    vw_pitch_message message = play_mapping(symbol, osi);

    play_begin(self, VW_DIALECT_OPTIONS, unit, 0);
    play_message(self, &message);
    play_end(self, 0);
}

static inline uint64_t play_counted(const play *self, vw_counter counter)
{
    return vw_counters_get(self->counters, counter);
}

/* play_find returns the index-th event of a kind, or NULL. */
static inline const vw_event *play_find(const play *self, vw_event_kind kind, size_t index)
{
    for (size_t i = 0; i < self->count; i++) {
        if (self->events[i].kind == kind && index-- == 0) {
            return &self->events[i];
        }
    }
    return NULL;
}

static inline size_t play_count(const play *self, vw_event_kind kind)
{
    size_t count = 0;

    while (play_find(self, kind, count) != NULL) {
        count++;
    }
    return count;
}

static inline void play_check_quote(const play *self, uint32_t instrument, int64_t bid,
                                    uint32_t bid_size, int64_t ask, uint32_t ask_size,
                                    uint8_t quality)
{
    const vw_event *quote = &self->last[instrument];

    assert_int_equal(quote->kind, VW_EVENT_QUOTE);
    assert_int_equal(quote->quote.bid, bid);
    assert_int_equal(quote->quote.bid_size, bid_size);
    assert_int_equal(quote->quote.ask, ask);
    assert_int_equal(quote->quote.ask_size, ask_size);
    assert_int_equal(quote->quality, quality);
}

#endif
