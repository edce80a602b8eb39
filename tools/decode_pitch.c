#include "tools/decode_parts.h"

#include "core/base/bytes.h"
#include "feeds/au_wire.h"
#include "feeds/cfe_wire.h"
#include "feeds/top.h"

#define NS_PER_SECOND UINT64_C(1000000000)

enum { BLOCK_BYTES = sizeof(vw_wire_block) };

/* A message as far as showing it needs to know. */
typedef struct found {
    const vw_layout *layout; /* NULL: unknown */
    const unsigned char *from;
    size_t size;
    vw_pitch_message message; /* if is_pitch */
    bool is_pitch;
} found;

static vw_dialect dialect_of(vw_decode_protocol protocol)
{
    return protocol == VW_DECODE_CFE       ? VW_DIALECT_CFE
           : protocol == VW_DECODE_COMPLEX ? VW_DIALECT_COMPLEX
                                           : VW_DIALECT_OPTIONS;
}

/* find_au goes by the length alone: no decoder of the feeds reads this dialect. */
static int find_au(const unsigned char *from, size_t size, found *out)
{
    if (size < 2 || from[0] > size) {
        return VW_PITCH_MORE;
    }
    out->size = from[0];
    out->layout = vw_layout_au(from[1]);
    if (out->size < 2 || (out->layout != NULL && out->size < out->layout->size)) {
        return VW_PITCH_MALFORMED;
    }
    return (int)out->size;
}

static int find_message(vw_decode_protocol protocol, const unsigned char *from, size_t size,
                        found *out)
{
    vw_dialect dialect = dialect_of(protocol);
    vw_top_message top;

    *out = (found){.from = from};
    if (protocol == VW_DECODE_AU) {
        return find_au(from, size, out);
    }
    int result = vw_top_decode(from, size, &top);

    out->size = top.length;
    if (result <= 0 || top.type != VW_TOP_UNKNOWN) {
        out->layout = result > 0 ? vw_layout_top(top.wire_type) : NULL;
        return result;
    }
    result = vw_pitch_decode(dialect, from, size, &out->message);
    out->is_pitch = result > 0 && out->message.type != VW_PITCH_UNKNOWN;
    if (out->is_pitch) {
        out->layout = vw_layout_pitch(dialect, out->message.wire_type);
    }
    return result;
}

static void follow_clock(vw_tally *tally, const found *it)
{
    const vw_pitch_time *time = &it->message.time;

    if (!it->is_pitch) {
        return;
    }
    if (it->message.type == VW_PITCH_TIME) {
        tally->clock_known = true;
        tally->clock_seconds = time->seconds;
        tally->clock_epoch = time->epoch;
    } else if (it->message.type == VW_PITCH_TIME_REFERENCE) {
        tally->clock_known = true;
        tally->clock_seconds = time->seconds;
        tally->clock_epoch = time->midnight + time->seconds;
    }
}

/* add_time says when: the unit's clock and the message's offset. */
static void add_time(vw_lines *lines, const vw_tally *tally, const found *it)
{
    bool is_time = it->is_pitch && it->message.type == VW_PITCH_TIME;
    bool has_offset = it->size >= sizeof(vw_wire_stamp) && !is_time &&
                      (!it->is_pitch || (it->message.type != VW_PITCH_MAPPING &&
                                         it->message.type != VW_PITCH_CONSTITUENT));
    uint32_t offset = has_offset && it->layout != NULL
                          ? vw_load_u32(it->from + offsetof(vw_wire_stamp, time_offset_ns))
                          : 0;
    uint32_t epoch = tally->clock_epoch;
    bool own_base = it->is_pitch && it->message.type == VW_PITCH_FUTURE &&
                    it->message.future.unit_timestamp != 0;

    if (it->is_pitch && it->message.type == VW_PITCH_TIME_REFERENCE) {
        offset = it->message.time_offset_ns;
    }
    if (it->layout == NULL || (!has_offset && !is_time)) {
        return;
    }
    if (own_base) {
        epoch = it->message.future.unit_timestamp;
    }
    if (epoch != 0) {
        vw_lines_name(lines, "time");
        vw_lines_instant(lines, epoch * NS_PER_SECOND + offset);
    }
    if (tally->clock_known && !own_base) {
        vw_lines_name(lines, "clock");
        vw_lines_clock(lines, tally->clock_seconds * NS_PER_SECOND + offset);
    }
}

static void add_legs(vw_shown *shown, const found *it)
{
    const vw_pitch_future *future = &it->message.future;

    if (!it->is_pitch || shown->layout->group == NULL) {
        return;
    }
    shown->group_from = future->legs;
    shown->group_count = future->leg_count;
    if (future->legs != NULL) {
        size_t at = (size_t)(future->legs - it->from);
        size_t end = at + future->leg_count * shown->layout->group->size;

        shown->fields_end = at; /* older definitions have legs where the contract date is now */
        shown->used = end > shown->layout->size ? end : shown->layout->size;
    }
}

static void show_message(const vw_decode_packet *packet, uint32_t index, uint64_t sequence,
                         const found *it)
{
    static const vw_layout unknown = {.name = "unknown"};
    vw_lines *lines = packet->decode->lines;
    vw_shown shown = {.layout = it->layout != NULL ? it->layout : &unknown,
                      .from = it->from,
                      .size = it->size,
                      .short_signed = dialect_of(packet->protocol) != VW_DIALECT_OPTIONS};

    vw_decode_message_begin(packet, "message", index, sequence, shown.layout->name);
    if (packet->protocol != VW_DECODE_AU) {
        add_time(lines, packet->tally, it);
    }
    add_legs(&shown, it);
    vw_fields_show(lines, &shown);
    vw_lines_end(lines);
}

static void take_messages(vw_decode_packet *packet, const vw_wire_block *block)
{
    const unsigned char *at = packet->datagram->payload + BLOCK_BYTES;
    size_t left = block->length - (size_t)BLOCK_BYTES;
    vw_tally *tally = packet->tally;
    uint32_t index = 0;

    for (; index < block->count; index++) {
        uint64_t sequence = block->sequence != 0 ? (uint64_t)block->sequence + index : 0;
        found it;
        int result = find_message(packet->protocol, at, left, &it);

        if (result == VW_PITCH_MORE || it.size == 0) {
            vw_decode_malformed(packet, index, sequence, "ends beyond the block", at, left);
            tally->malformed += block->count - index - 1U;
            return;
        }
        if (result == VW_PITCH_MALFORMED) {
            vw_decode_malformed(packet, index, sequence, "too short for its type", at, it.size);
        } else {
            tally->messages++;
            tally->unsequenced += block->sequence == 0;
            tally->unknown += it.layout == NULL;
            tally->by_type[at[1]]++;
            follow_clock(tally, &it);
            if (!packet->decode->summary_only) {
                show_message(packet, index, sequence, &it);
            }
        }
        at += it.size;
        left -= it.size;
    }
    if (left > 0) {
        vw_decode_malformed(packet, index, 0, "bytes behind the last message", at, left);
    }
}

void vw_decode_pitch(vw_decode_packet *packet)
{
    const vw_datagram *datagram = packet->datagram;
    vw_wire_block block = {.length = 0};
    bool fits = vw_pitch_block(datagram->payload, datagram->size, &block);

    packet->tally = vw_tally_get(&packet->decode->tallies, datagram->to_host, datagram->to_port,
                                 block.unit, (uint8_t)packet->protocol);
    packet->tally->packets++;
    packet->tally->bytes += datagram->size;
    packet->tally->packets_malformed += !fits;
    vw_decode_packet_line(packet, &vw_layout_pitch_block, false,
                          fits ? NULL : "the block does not fit the packet");
    if (!fits) {
        return;
    }
    packet->tally->heartbeats += block.count == 0;
    if (block.sequence != 0) {
        vw_tally_sequence(packet->tally, block.sequence, block.count, datagram->capture_ns);
    }
    take_messages(packet, &block);
}
