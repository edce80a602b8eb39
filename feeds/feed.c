#include "feeds/feed.h"

#include "feeds/feed_state.h"

#include <string.h>

typedef struct layout {
    size_t arbiter, book, series, reactor, tops, changed, parked_next, size;
} layout;

static bool is_sensible(const vw_feed_config *config)
{
    bool good = config->channel_count > 0 && config->channel_count <= VW_FEED_CHANNELS_MAX &&
                config->packets_per_poll > 0 && config->instruments_max > 0 &&
                config->instruments_max <= VW_INSTRUMENT_NONE - config->instrument_first;

    for (size_t i = 0; good && i < config->channel_count; i++) {
        good = config->channels[i].line_count > 0 &&
               config->channels[i].line_count <= VW_FEED_LINES_MAX;
    }
    return good;
}

static bool lay_out(const vw_feed_config *config, layout *to)
{
    size_t arbiter = vw_arbiter_size(VW_BOOK_UNITS_MAX, config->hold_packets);
    size_t book = vw_book_size(config->orders_max, config->instruments_max);
    size_t series = vw_series_size(config->instruments_max);

    if (!is_sensible(config) || arbiter == 0 || book == 0 || series == 0) {
        return false;
    }
    to->arbiter = vw_round_up(sizeof(vw_feed), VW_LINE_PAIR);
    to->book = to->arbiter + vw_round_up(arbiter, VW_LINE_PAIR);
    to->series = to->book + vw_round_up(book, VW_LINE_PAIR);
    to->reactor = to->series + vw_round_up(series, VW_LINE_PAIR);
    to->tops = to->reactor + vw_round_up(vw_reactor_size(), VW_LINE_PAIR);
    to->changed = to->tops + 2 * config->instruments_max * sizeof(vw_book_quote);
    to->parked_next = to->changed + config->instruments_max * sizeof(uint32_t);
    to->size =
        vw_round_up(to->parked_next + config->instruments_max * sizeof(uint32_t), VW_LINE_PAIR);
    return true;
}

size_t vw_feed_size(const vw_feed_config *config)
{
    layout to;

    return lay_out(config, &to) ? to.size : 0;
}

uint32_t vw_feed_unit_for(vw_feed *feed, size_t channel, uint8_t number)
{
    uint8_t *index = &feed->unit_of[channel][number];

    if (*index == VW_FEED_UNIT_NONE) {
        uint32_t made = vw_arbiter_unit(feed->arbiter, feed->config.channels[channel].wait_ns);

        if (made == UINT32_MAX) {
            return VW_FEED_UNIT_NONE;
        }
        *index = (uint8_t)made;
        if (feed->config.channels[channel].protocol == VW_PROTOCOL_OPRA) {
            vw_arbiter_measure(feed->arbiter, made,
                               vw_opra_measure(&feed->config.channels[channel].opra));
        }
        feed->units[made] =
            (vw_feed_unit){.parked = VW_FEED_PARKED_NONE,
                           .parked_last = VW_FEED_PARKED_NONE,
                           .channel = (uint8_t)channel,
                           .number = number,
                           .protocol = (uint8_t)feed->config.channels[channel].protocol,
                           .repeats = feed->config.channels[channel].reannounce_ns > 0,
                           .known_epoch = 1,
                           .heard_ns = feed->now_ns,
                           .whole_ns = INT64_MAX};
        feed->unit_count++;
    }
    return *index;
}

/* hear notes a packet of the unit on a line. */
static inline void hear(vw_feed *feed, uint32_t number, size_t channel, size_t line)
{
    vw_feed_unit *unit = &feed->units[number];

    if (unit->silent || atomic_load_explicit(&feed->silent_lines, memory_order_relaxed) != 0 ||
        line >= VW_FEED_LINES_MAX) {
        vw_feed_unit_heard(feed, number, channel, line);
    } else {
        unit->heard_ns = feed->heard_ns[channel][line] = feed->now_ns;
    }
}

static bool take_pitch(vw_feed *feed, size_t channel, size_t line, const unsigned char *payload,
                       size_t size, int64_t receive_ns)
{
    vw_wire_block block;

    if (!vw_pitch_block(payload, size, &block)) {
        return false;
    }
    uint32_t unit = feed->unit_of[channel][block.unit];

    if (unit == VW_FEED_UNIT_NONE) {
        unit = vw_feed_unit_for(feed, channel, block.unit);
        if (unit == VW_FEED_UNIT_NONE) {
            return false;
        }
    }
    hear(feed, unit, channel, line);
    vw_arbiter_packet(feed->arbiter, unit, (uint32_t)line, &block, payload, receive_ns,
                      feed->now_ns);
    return true;
}

static bool take_replay(vw_feed *feed, size_t channel, const unsigned char *payload, size_t size,
                        int64_t receive_ns)
{
    vw_wire_block block;
    uint32_t unit = vw_pitch_block(payload, size, &block)
                        ? vw_feed_unit_for(feed, channel, block.unit)
                        : VW_FEED_UNIT_NONE;

    if (unit == VW_FEED_UNIT_NONE) {
        return false;
    }
    vw_run run = vw_arbiter_run_of(&block, payload, receive_ns);

    vw_arbiter_replay(feed->arbiter, unit, &run, feed->now_ns);
    return true;
}

static bool take_opra(vw_feed *feed, size_t channel, size_t line, const unsigned char *payload,
                      size_t size, int64_t receive_ns)
{
    vw_opra_block block;
    uint32_t unit =
        vw_opra_block_read(payload, size, &block) == VW_OPRA_BLOCK_OK && block.sequence != 0
            ? vw_feed_unit_for(feed, channel, 0)
            : VW_FEED_UNIT_NONE;

    if (unit == VW_FEED_UNIT_NONE) {
        return false;
    }
    hear(feed, unit, channel, line);
    vw_feed_take_opra(feed, unit, line, &block, payload, receive_ns);
    return true;
}

static bool take_record(vw_feed *feed, size_t channel, size_t line, const unsigned char *payload,
                        size_t size, int64_t receive_ns)
{
    uint32_t unit = vw_feed_unit_for(feed, channel, 0);

    if (unit == VW_FEED_UNIT_NONE) {
        return false;
    }
    hear(feed, unit, channel, line);
    bool good = vw_feed_apply_dbn(feed, unit, payload, size, receive_ns);

    vw_feed_count(feed, VW_COUNT_MESSAGES_IN);
    vw_feed_count(feed, good ? VW_COUNT_MESSAGES_ACCEPTED : VW_COUNT_MESSAGES_MALFORMED);
    return true;
}

/* take returns whether a quote changed. */
static bool take(vw_feed *feed, size_t channel, size_t line, const unsigned char *payload,
                 size_t size, int64_t receive_ns)
{
    bool taken;

    vw_feed_count(feed, VW_COUNT_PACKETS_IN);
    vw_counters_add(feed->config.counters, VW_COUNT_BYTES_IN, size);
    switch (feed->config.channels[channel].protocol) {
    case VW_PROTOCOL_OPRA:
        taken = take_opra(feed, channel, line, payload, size, receive_ns);
        break;
    case VW_PROTOCOL_DBN:
        taken = take_record(feed, channel, line, payload, size, receive_ns);
        break;
    default:
        taken = line == VW_FEED_LINE_REPLAY
                    ? take_replay(feed, channel, payload, size, receive_ns)
                    : take_pitch(feed, channel, line, payload, size, receive_ns);
    }
    if (!taken) {
        vw_feed_count(feed, VW_COUNT_PACKETS_MALFORMED);
        return false;
    }
    if (feed->changed_count == 0) {
        return false;
    }
    vw_feed_flush(feed);
    return true;
}

static size_t sockets_of(const vw_channel_config *channel)
{
    return channel->line_count + (channel->recovery.replay.port != 0);
}

/* handle takes a packet from the reactor; sockets stand in the order of channels and lines, a
 * channel's replay group last. */
static bool handle(void *self, uint32_t socket, const unsigned char *payload, size_t size,
                   int64_t receive_ns)
{
    vw_feed *feed = self;
    size_t channel = 0;

    while (socket >= sockets_of(&feed->config.channels[channel])) {
        socket -= (uint32_t)sockets_of(&feed->config.channels[channel]);
        channel++;
    }
    return take(feed, channel,
                socket < feed->config.channels[channel].line_count ? socket : VW_FEED_LINE_REPLAY,
                payload, size, receive_ns);
}

vw_feed *vw_feed_init(void *mem, const vw_feed_config *config)
{
    layout to;
    unsigned char *base = mem;
    vw_feed *feed = mem;

    vw_check(lay_out(config, &to) && config->out != NULL && config->counters != NULL);
    vw_check((uintptr_t)mem % VW_LINE_PAIR == 0);
    memset(mem, 0, to.size);
    feed->config = *config;
    memset(feed->unit_of, VW_FEED_UNIT_NONE, sizeof feed->unit_of);
    vw_arbiter_sink sink = {.self = feed,
                            .deliver = vw_feed_apply,
                            .missed = vw_feed_unit_missed,
                            .begin = vw_feed_unit_begin,
                            .ask = vw_feed_ask,
                            .filled = vw_feed_filled};

    feed->arbiter = vw_arbiter_init(base + to.arbiter, VW_BOOK_UNITS_MAX, config->hold_packets,
                                    &sink, config->counters);
    feed->book = vw_book_init(base + to.book, config->orders_max, config->instruments_max);
    feed->series = vw_series_init(base + to.series, config->instruments_max);
    feed->tops = (vw_book_quote *)(void *)(base + to.tops);
    feed->changed = (uint32_t *)(void *)(base + to.changed);
    feed->parked_next = (uint32_t *)(void *)(base + to.parked_next);
    vw_reactor_config io = {.io = config->io,
                            .spin = config->spin,
                            .packets_per_poll = config->packets_per_poll,
                            .receive_buffer = config->receive_buffer,
                            .counters = config->counters,
                            .handle = handle,
                            .self = feed,
                            .streams = vw_feed_stream_sink(feed)};

    feed->reactor = vw_reactor_init(base + to.reactor, &io);
    if (config->streams != NULL) {
        vw_feed_recovery_init(feed, config->streams);
    }
    return feed;
}

/* list_sockets fills in a channel's sockets, in their order; returns how many there are. */
static size_t list_sockets(const vw_channel_config *channel, vw_reactor_socket *sockets)
{
    for (size_t i = 0; i < sockets_of(channel); i++) {
        const vw_line_config *line =
            i < channel->line_count ? &channel->lines[i] : &channel->recovery.replay;

        sockets[i] = (vw_reactor_socket){.name = channel->name,
                                         .group = line->group,
                                         .interface = line->interface,
                                         .port = line->port};
    }
    return sockets_of(channel);
}

vw_err vw_feed_begin(void *self, vw_error *error)
{
    vw_feed *feed = self;
    vw_reactor_socket sockets[VW_FEED_CHANNELS_MAX * (VW_FEED_LINES_MAX + 1)] = {0};
    size_t count = 0;
    bool recovers = false;

    for (size_t i = 0; i < feed->config.channel_count; i++) {
        const vw_channel_config *channel = &feed->config.channels[i];

        count += list_sockets(channel, sockets + count);
        recovers |= channel->recovery.gap.port != 0 || channel->recovery.spin_count > 0;
    }
    vw_err err = vw_reactor_begin(feed->reactor, sockets, count, error);

    if (err == VW_OK && recovers && feed->config.streams == NULL) {
        vw_streams streams = vw_reactor_streams(feed->reactor);

        vw_feed_recovery_init(feed, &streams);
    }
    return err;
}

/* end_turn does what time brings about, each millisecond, and sends what found no room before. */
static void end_turn(vw_feed *feed)
{
    if (feed->now_ns - feed->timers_ns >= VW_NS_PER_MS || feed->timers_ns == 0) {
        vw_feed_unit_timers(feed);
        vw_feed_recover(feed);
    }
    if (feed->changed_count > 0 || feed->untold) {
        vw_feed_flush(feed);
    }
}

size_t vw_feed_poll(void *self, int64_t now_ns)
{
    vw_feed *feed = self;
    bool drained;

    feed->now_ns = now_ns;
    size_t packets = vw_reactor_poll(feed->reactor, now_ns, &drained);

    if (drained) { /* else the copy that fills a hole may still be in a socket */
        vw_arbiter_expire(feed->arbiter, now_ns);
    }
    end_turn(feed);
    return packets;
}

void vw_feed_turn(vw_feed *feed, int64_t now_ns)
{
    feed->now_ns = now_ns;
    vw_arbiter_expire(feed->arbiter, now_ns);
    end_turn(feed);
}

void vw_feed_packet(vw_feed *feed, size_t channel, size_t line, const void *payload, size_t size,
                    int64_t receive_ns)
{
    vw_check_hot(channel < feed->config.channel_count);
    vw_check_hot(line < feed->config.channels[channel].line_count || line == VW_FEED_LINE_REPLAY);
    feed->now_ns = receive_ns;
    vw_arbiter_expire(feed->arbiter, receive_ns);
    take(feed, channel, line, payload, size, receive_ns);
    end_turn(feed);
}

uint32_t vw_feed_silent_lines(const vw_feed *feed)
{
    return atomic_load_explicit(&feed->silent_lines, memory_order_relaxed);
}

void vw_feed_end(vw_feed *feed)
{
    vw_reactor_end(feed->reactor);
}
