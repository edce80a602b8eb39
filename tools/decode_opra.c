#include "tools/decode_parts.h"

enum { BLOCK_BYTES = sizeof(vw_opra_wire_block) };

static const char *bbo_word(vw_opra_bbo bbo)
{
    static const char *const words[] = {"same", "this", "appendage", "none"};

    return words[bbo];
}

static void add_best(vw_lines *lines, const vw_opra_quote *quote)
{
    vw_lines_name(lines, "best");
    vw_lines_object(lines, true);
    vw_lines_name(lines, "bid");
    vw_lines_string(lines, bbo_word(quote->bbo_bid));
    vw_lines_name(lines, "offer");
    vw_lines_string(lines, bbo_word(quote->bbo_offer));
    vw_lines_object(lines, false);
}

static void show_message(const vw_decode_packet *packet, const vw_opra_block *block, uint32_t index,
                         const unsigned char *from, const vw_opra_message *message)
{
    vw_lines *lines = packet->decode->lines;
    bool is_quote =
        message->category == VW_OPRA_LONG_QUOTE || message->category == VW_OPRA_SHORT_QUOTE;
    bool has_text =
        message->length > sizeof(vw_opra_wire_head) &&
        (message->category == VW_OPRA_ADMINISTRATIVE || message->category == VW_OPRA_CONTROL);
    vw_shown shown = {
        .layout = vw_layout_opra(message->wire_category, message->type, has_text),
        .from = from,
        .size = message->length,
        .used = message->length,
        .big_endian = true,
    };

    if (is_quote) {
        shown.fields_end = shown.layout->size;
        shown.group_from = from + shown.layout->size;
        shown.group_count = (message->length - shown.layout->size) / sizeof(vw_opra_wire_appendage);
    }
    vw_decode_message_begin(packet, "message", index, (uint64_t)block->sequence + index,
                            shown.layout->name);
    vw_lines_name(lines, "time");
    vw_lines_instant(lines, (uint64_t)block->time_ns);
    if (is_quote) {
        add_best(lines, &message->quote);
    }
    if (has_text) {
        vw_lines_name(lines, "text");
        vw_lines_text(lines, message->text.text, message->text.size, false);
    }
    vw_fields_show(lines, &shown);
    vw_lines_end(lines);
}

/* take_message decodes one message and returns its bytes, or 0 when there is no way on. */
static size_t take_message(const vw_decode_packet *packet, const vw_opra_block *block,
                           uint32_t index, const unsigned char *from, size_t size,
                           vw_opra_message *message)
{
    uint64_t sequence = (uint64_t)block->sequence + index;
    int result = vw_opra_decode(&packet->decode->opra, from, size, message);

    if (result == VW_OPRA_LOST || result == VW_OPRA_MORE) {
        const char *why = result == VW_OPRA_LOST
                              ? "category, type or BBO indicator not known: the block is lost here"
                              : "ends beyond the block";

        vw_decode_malformed(packet, index, sequence, why, from, size);
        return 0;
    }
    if (result == VW_OPRA_MALFORMED) {
        vw_decode_malformed(packet, index, sequence, "a denominator or date without meaning", from,
                            message->length);
        return message->length;
    }
    packet->tally->messages++;
    packet->tally->by_type[(unsigned char)message->wire_category]++;
    if (!packet->decode->summary_only) {
        show_message(packet, block, index, from, message);
    }
    return message->length;
}

static bool is_line_integrity(const vw_opra_message *message)
{
    return message->category == VW_OPRA_CONTROL && message->type == 'N';
}

static void take_messages(vw_decode_packet *packet, const vw_opra_block *block)
{
    const unsigned char *at = packet->datagram->payload + BLOCK_BYTES;
    size_t left = block->size - (size_t)BLOCK_BYTES;
    vw_tally *tally = packet->tally;
    bool only_integrity = block->count > 0, reset = false;
    uint32_t index = 0;

    for (; index < block->count; index++) {
        vw_opra_message message;
        size_t size = take_message(packet, block, index, at, left, &message);

        if (size == 0) {
            tally->malformed += block->count - index - 1U;
            only_integrity = false;
            break;
        }
        only_integrity = only_integrity && is_line_integrity(&message);
        reset = reset || (message.category == VW_OPRA_CONTROL && message.type == 'K');
        at += size;
        left -= size;
    }
    if (index == block->count && left > 1) {
        vw_decode_malformed(packet, index, 0, "bytes behind the last message", at, left);
    }
    if (only_integrity) {
        tally->heartbeats++;
        vw_tally_sequence(tally, block->sequence, 0, packet->datagram->capture_ns);
        tally->next_may_be_one_later = true; /* versions differ in whether it is counted */
    } else {
        vw_tally_sequence(tally, block->sequence, block->count, packet->datagram->capture_ns);
    }
    if (reset) {
        tally->next = 0;
    }
}

void vw_decode_opra(vw_decode_packet *packet)
{
    const vw_datagram *datagram = packet->datagram;
    vw_opra_block block;
    vw_opra_verdict verdict = vw_opra_block_read(datagram->payload, datagram->size, &block);
    const char *why = verdict == VW_OPRA_BLOCK_SHORT      ? "the block is longer than the packet"
                      : verdict == VW_OPRA_BLOCK_FOREIGN  ? "not OPRA"
                      : verdict == VW_OPRA_BLOCK_CHECKSUM ? "wrong checksum"
                                                          : NULL;

    packet->tally = vw_tally_get(&packet->decode->tallies, datagram->to_host, datagram->to_port, 0,
                                 VW_DECODE_OPRA);
    packet->tally->packets++;
    packet->tally->bytes += datagram->size;
    packet->tally->packets_malformed += why != NULL;
    vw_decode_packet_line(packet, &vw_layout_opra_block, true, why);
    if (verdict == VW_OPRA_BLOCK_OK) {
        packet->tally->retransmitted += block.retransmission == 'V';
        take_messages(packet, &block);
    }
}
