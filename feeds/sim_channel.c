#include "feeds/sim_channel.h"

#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "core/market/calendar.h"

#include <string.h>

enum { SECONDS_PER_DAY = 86400, CENTRAL_LAG_SECONDS = 3600 };

static const int64_t batch_max_ns = VW_NS_PER_MS;

static bool lost_elsewhere(const vw_sim_unit *unit, uint32_t first, size_t count, unsigned bit)
{
    for (uint32_t i = 0; i < count; i++) {
        if (unit->lost[(first + i) % VW_SIM_LOST_WINDOW] & ~bit) {
            return true;
        }
    }
    return false;
}

static void lose(vw_sim_channel *channel, vw_sim_unit *unit, uint32_t first, size_t count,
                 unsigned bit)
{
    unsigned all = (1U << channel->line_count) - 1;

    for (uint32_t i = 0; i < count; i++) {
        uint8_t *lost = &unit->lost[(first + i) % VW_SIM_LOST_WINDOW];

        *lost = (uint8_t)(*lost | bit);
        channel->lost_on_both += *lost == all;
    }
}

/* One block on one line, unless the line loses it. */
static void put(vw_sim_channel *channel, vw_sim_unit *unit, size_t number,
                const unsigned char *bytes, size_t size)
{
    vw_sim_line *line = &channel->lines[number];
    uint32_t first = vw_load_u32(bytes + offsetof(vw_wire_block, sequence));
    size_t count = bytes[offsetof(vw_wire_block, count)];
    unsigned bit = 1U << number;

    unit->sent_ns = channel->now_ns;
    if (!channel->sure && vw_sim_line_loses(line) &&
        !(channel->same_loss && lost_elsewhere(unit, first, count, bit))) {
        line->lost++;
        lose(channel, unit, first, count, bit);
        return;
    }
    channel->messages += count;
    vw_sim_line_put(line, bytes, size, channel->now_ns);
}

static void put_messages(vw_sim_channel *channel, size_t number, uint32_t first, size_t from,
                         size_t to)
{
    unsigned char bytes[VW_PITCH_BLOCK_MAX];
    vw_pitch_writer writer;

    vw_pitch_begin(&writer, bytes, sizeof bytes, channel->open->number, first + (uint32_t)from);
    for (size_t i = from; i < to; i++) {
        size_t start = i == 0 ? 0 : channel->ends[i - 1];
        bool fits =
            vw_pitch_add(&writer, channel->bytes + start, (size_t)(channel->ends[i] - start));

        vw_check_hot(fits);
    }
    put(channel, channel->open, number, bytes, vw_pitch_end(&writer));
}

static void put_cut(vw_sim_channel *channel, size_t number, uint32_t first)
{
    size_t count = channel->count;
    size_t cut = 0;

    if (count > 1 && channel->bytes[1] == VW_PITCH_TIME) {
        cut = 1;
    } else if (count > 1 && vw_sim_random_below(&channel->random, 4) == 0) {
        cut = 1 + vw_sim_random_below(&channel->random, (uint32_t)count - 1);
    }
    if (cut > 0) {
        put_messages(channel, number, first, 0, cut);
    }
    put_messages(channel, number, first, cut, count);
}

static void end_batch(vw_sim_channel *channel, vw_sim_unit *unit)
{
    if (unit->batch.head.count > 0) {
        put(channel, unit, 1, unit->batch_bytes, vw_pitch_end(&unit->batch));
        unit->batch.head.count = 0;
    }
}

static void put_batch(vw_sim_channel *channel, uint32_t first)
{
    vw_sim_unit *unit = channel->open;

    for (size_t i = 0; i < channel->count; i++) {
        size_t start = i == 0 ? 0 : channel->ends[i - 1];
        const unsigned char *message = channel->bytes + start;
        size_t size = (size_t)(channel->ends[i] - start);

        if (unit->batch.head.count == channel->batch ||
            (unit->batch.head.count > 0 && !vw_pitch_add(&unit->batch, message, size))) {
            end_batch(channel, unit);
        } else if (unit->batch.head.count > 0) {
            continue;
        }
        vw_pitch_begin(&unit->batch, unit->batch_bytes, sizeof unit->batch_bytes, unit->number,
                       first + (uint32_t)i);
        vw_pitch_add(&unit->batch, message, size);
        unit->batch_ns = channel->now_ns;
    }
}

vw_pitch_message vw_sim_channel_time(const vw_sim_channel *channel, int64_t second)
{
    int64_t second_of_day;

    vw_calendar_date(second * VW_NS_PER_SECOND, &second_of_day);
    if (channel->dialect == VW_DIALECT_CFE) { /* Chicago's wall clock */
        second_of_day = (second_of_day + SECONDS_PER_DAY - CENTRAL_LAG_SECONDS) % SECONDS_PER_DAY;
    }
    return (vw_pitch_message){
        .type = VW_PITCH_TIME,
        .time = {.seconds = (uint32_t)second_of_day, .epoch = (uint32_t)second}};
}

static void add_time(vw_sim_channel *channel)
{
    int64_t second = channel->market_ns / VW_NS_PER_SECOND;
    vw_pitch_message message = vw_sim_channel_time(channel, second);

    channel->open->second = second;
    vw_sim_channel_add(channel, &message);
}

/* remember keeps the messages of the block for those who ask for them later. */
static void remember(vw_sim_channel *channel)
{
    vw_sim_unit *unit = channel->open;

    for (uint32_t i = 0; unit->history != NULL && i < channel->count; i++) {
        size_t start = i == 0 ? 0 : channel->ends[i - 1];
        size_t size = (size_t)(channel->ends[i] - start);

        vw_check(size <= VW_SIM_HISTORY_MESSAGE);
        memcpy(unit->history[(unit->sequence + i) % VW_SIM_HISTORY], channel->bytes + start, size);
    }
}

void vw_sim_channel_begin(vw_sim_channel *channel, size_t unit, int64_t market_ns, int64_t now_ns)
{
    channel->open = &channel->units[unit];
    channel->open->market_ns = market_ns;
    channel->market_ns = market_ns;
    channel->now_ns = now_ns;
    channel->count = 0;
    if (channel->open->second != market_ns / VW_NS_PER_SECOND) {
        add_time(channel);
    }
}

void vw_sim_channel_add(vw_sim_channel *channel, vw_pitch_message *message)
{
    size_t start = channel->count == 0 ? 0 : channel->ends[channel->count - 1];
    size_t size;

    vw_check(channel->count < VW_SIM_BLOCK_MESSAGES &&
             start + VW_PITCH_MESSAGE_MAX + sizeof(vw_wire_block) <= sizeof channel->bytes);
    message->time_offset_ns = (uint32_t)(channel->market_ns % VW_NS_PER_SECOND);
    size = vw_pitch_encode(channel->dialect, message, channel->bytes + start);
    vw_check(size > 0);
    channel->ends[channel->count++] = (uint16_t)(start + size);
}

void vw_sim_channel_end(vw_sim_channel *channel)
{
    vw_sim_unit *unit = channel->open;
    uint32_t first = unit->sequence;

    for (uint32_t i = 0; i < channel->count; i++) {
        unit->lost[(first + i) % VW_SIM_LOST_WINDOW] = 0;
    }
    remember(channel);
    unit->sequence += (uint32_t)channel->count;
    channel->sequenced += channel->count;
    if (channel->count > 0) {
        put_messages(channel, 0, first, 0, channel->count);
    }
    if (channel->count > 0 && channel->line_count > 1) {
        if (channel->batch > 0) {
            put_batch(channel, first);
        } else {
            put_cut(channel, 1, first);
        }
    }
    channel->open = NULL;
}

void vw_sim_channel_loop(vw_sim_channel *channel, const vw_sim_packet *packet, int64_t now_ns)
{
    bool kept = false;

    for (size_t i = 0; i < channel->line_count; i++) {
        vw_sim_line *line = &channel->lines[i];
        bool last = i + 1 == channel->line_count;

        if (vw_sim_line_loses(line) && !(channel->same_loss && last && !kept)) {
            line->lost++;
            continue;
        }
        kept = true;
        channel->messages += packet->bytes[offsetof(vw_wire_block, count)];
        vw_sim_line_put(line, packet->bytes, packet->size, now_ns);
    }
}

static void heartbeat(vw_sim_channel *channel, vw_sim_unit *unit)
{
    unsigned char bytes[sizeof(vw_wire_block)];
    vw_pitch_writer writer;
    size_t size;

    vw_pitch_begin(&writer, bytes, sizeof bytes, unit->number, unit->sequence);
    size = vw_pitch_end(&writer);
    for (size_t i = 0; i < channel->line_count; i++) {
        put(channel, unit, i, bytes, size);
    }
    channel->heartbeats++;
}

void vw_sim_channel_last(vw_sim_channel *channel)
{
    for (size_t i = 0; i < channel->unit_count; i++) {
        end_batch(channel, &channel->units[i]);
    }
    for (size_t i = 0; i < channel->line_count; i++) {
        vw_sim_line_last(&channel->lines[i], channel->now_ns);
    }
    for (size_t i = 0; i < channel->unit_count; i++) {
        heartbeat(channel, &channel->units[i]);
    }
    for (size_t i = 0; i < channel->line_count; i++) {
        vw_sim_line_flush(&channel->lines[i], channel->now_ns);
    }
}

void vw_sim_channel_idle(vw_sim_channel *channel, int64_t now_ns)
{
    channel->now_ns = now_ns;
    for (size_t i = 0; i < channel->unit_count; i++) {
        vw_sim_unit *unit = &channel->units[i];

        if (unit->batch.head.count > 0 && now_ns - unit->batch_ns >= batch_max_ns) {
            end_batch(channel, unit);
        }
        if (now_ns - unit->sent_ns >= VW_NS_PER_SECOND) {
            heartbeat(channel, unit);
        }
    }
    for (size_t i = 0; i < channel->line_count; i++) {
        vw_sim_line_flush(&channel->lines[i], now_ns);
    }
}
