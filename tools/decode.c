#include "tools/decode_parts.h"

#include <inttypes.h>
#include <string.h>

static const char *const protocol_names[VW_DECODE_PROTOCOLS] = {
    [VW_DECODE_AUTO] = "auto", [VW_DECODE_PITCH] = "pitch", [VW_DECODE_COMPLEX] = "complex",
    [VW_DECODE_CFE] = "cfe",   [VW_DECODE_AU] = "au",       [VW_DECODE_OPRA] = "opra",
    [VW_DECODE_DBN] = "dbn"};

const char *vw_decode_protocol_name(vw_decode_protocol protocol)
{
    return protocol_names[protocol];
}

vw_decode_protocol vw_decode_protocol_find(const char *name)
{
    unsigned i = 0;

    while (i < VW_DECODE_PROTOCOLS && strcmp(name, protocol_names[i]) != 0) {
        i++;
    }
    return (vw_decode_protocol)i;
}

void vw_decode_begin(vw_decode *decode, FILE *to)
{
    *decode = (vw_decode){.lines = vw_lines_open(to)};
}

static void add_text(vw_lines *lines, const char *name, const char *text)
{
    vw_lines_name(lines, name);
    vw_lines_string(lines, text);
}

static void add_whole(vw_lines *lines, const char *name, uint64_t value)
{
    vw_lines_name(lines, name);
    vw_lines_whole(lines, value);
}

static void add_address(vw_lines *lines, const char *name, uint32_t host, uint16_t port)
{
    char text[32];

    snprintf(text, sizeof text, "%u.%u.%u.%u:%u", host >> 24, host >> 16 & 255, host >> 8 & 255,
             host & 255, port);
    add_text(lines, name, text);
}

void vw_decode_packet_line(const vw_decode_packet *packet, const vw_layout *layout, bool big_endian,
                           const char *malformed)
{
    const vw_datagram *datagram = packet->datagram;
    vw_lines *lines = packet->decode->lines;
    vw_shown shown = {.layout = layout,
                      .from = datagram->payload,
                      .size = datagram->size,
                      .fields_end = layout->size < datagram->size ? layout->size : datagram->size,
                      .used = datagram->size,
                      .big_endian = big_endian};

    if (packet->decode->summary_only) {
        return;
    }
    vw_lines_begin(lines);
    add_text(lines, "kind", "packet");
    add_whole(lines, "packet", datagram->frame);
    add_whole(lines, "capture_ns", (uint64_t)datagram->capture_ns);
    vw_lines_name(lines, "time");
    vw_lines_instant(lines, (uint64_t)datagram->capture_ns);
    add_address(lines, "from", datagram->from_host, datagram->from_port);
    add_address(lines, "to", datagram->to_host, datagram->to_port);
    add_text(lines, "protocol", vw_decode_protocol_name(packet->protocol));
    add_whole(lines, "size", datagram->size);
    if (malformed != NULL) {
        add_text(lines, "malformed", malformed);
        vw_lines_name(lines, "bytes");
        vw_lines_hex(lines, datagram->payload, datagram->size);
    }
    vw_fields_show(lines, &shown);
    vw_lines_end(lines);
}

void vw_decode_message_begin(const vw_decode_packet *packet, const char *kind, uint32_t index,
                             uint64_t sequence, const char *type)
{
    vw_lines *lines = packet->decode->lines;

    vw_lines_begin(lines);
    add_text(lines, "kind", kind);
    add_whole(lines, "packet", packet->datagram->frame);
    add_whole(lines, "index", index);
    if (packet->protocol != VW_DECODE_OPRA) {
        add_whole(lines, "unit", packet->tally->unit);
    }
    vw_lines_name(lines, "sequence");
    if (sequence != 0) {
        vw_lines_whole(lines, sequence);
    } else {
        vw_lines_null(lines);
    }
    if (type != NULL) {
        add_text(lines, "type", type);
    }
}

void vw_decode_malformed(const vw_decode_packet *packet, uint32_t index, uint64_t sequence,
                         const char *why, const unsigned char *from, size_t size)
{
    vw_lines *lines = packet->decode->lines;

    packet->tally->malformed++;
    if (packet->decode->summary_only) {
        return;
    }
    vw_decode_message_begin(packet, "malformed", index, sequence, NULL);
    add_text(lines, "why", why);
    vw_lines_name(lines, "bytes");
    vw_lines_hex(lines, from, size);
    vw_lines_end(lines);
}

void vw_decode_datagram(vw_decode *decode, vw_decode_protocol protocol, const vw_datagram *datagram)
{
    vw_decode_packet packet = {.decode = decode, .protocol = protocol, .datagram = datagram};

    if (protocol == VW_DECODE_OPRA) {
        vw_decode_opra(&packet);
    } else {
        vw_decode_pitch(&packet);
    }
}

/* type_name returns the name of what by_type[type] counted, or NULL. */
static const char *type_name(const vw_tally *tally, unsigned type)
{
    const vw_layout *layout = NULL;

    switch ((vw_decode_protocol)tally->protocol) {
    case VW_DECODE_OPRA:
        layout = type == VW_OPRA_INDEX ? NULL : vw_layout_opra((char)type, ' ', false);
        return type == VW_OPRA_INDEX ? "index" : layout != NULL ? layout->name : NULL;
    case VW_DECODE_DBN:
        return vw_decode_dbn_name((uint8_t)type);
    case VW_DECODE_AU:
        layout = vw_layout_au((uint8_t)type);
        break;
    default:
        layout = vw_layout_pitch(
            tally->protocol == VW_DECODE_CFE ? VW_DIALECT_CFE : VW_DIALECT_OPTIONS, (uint8_t)type);
        layout = layout != NULL ? layout : vw_layout_top((uint8_t)type);
    }
    return layout != NULL ? layout->name : NULL;
}

static void add_types(vw_lines *lines, const vw_tally *tally)
{
    vw_lines_name(lines, "types");
    vw_lines_object(lines, true);
    for (unsigned type = 0; type < 256; type++) {
        const char *name = type_name(tally, type);
        char code[8];

        if (tally->by_type[type] > 0) {
            snprintf(code, sizeof code, "0x%02x", type);
            add_whole(lines, name != NULL ? name : code, tally->by_type[type]);
        }
    }
    vw_lines_object(lines, false);
}

static void add_counts(vw_lines *lines, const vw_tally *tally)
{
    add_whole(lines, "packets", tally->packets);
    add_whole(lines, "packets_malformed", tally->packets_malformed);
    add_whole(lines, "heartbeats", tally->heartbeats);
    add_whole(lines, "bytes", tally->bytes);
    add_whole(lines, "messages", tally->messages);
    add_whole(lines, "unsequenced", tally->unsequenced);
    add_whole(lines, "unknown", tally->unknown);
    add_whole(lines, "malformed", tally->malformed);
    add_whole(lines, "gaps", tally->gaps);
    add_whole(lines, "missed", tally->missed);
    add_whole(lines, "late", tally->late);
    add_whole(lines, "duplicates", tally->duplicates);
    add_whole(lines, "breaks", tally->breaks);
    add_whole(lines, "resets", tally->resets);
    add_whole(lines, "retransmitted", tally->retransmitted);
}

static void write_unit(vw_lines *lines, const vw_tally *tally)
{
    vw_lines_begin(lines);
    add_text(lines, "kind", "unit");
    add_text(lines, "protocol", vw_decode_protocol_name((vw_decode_protocol)tally->protocol));
    if (tally->protocol != VW_DECODE_DBN) {
        add_address(lines, "to", tally->host, tally->port);
        add_whole(lines, "unit", tally->unit);
    }
    add_counts(lines, tally);
    add_types(lines, tally);
    vw_lines_end(lines);
}

static void add_up(vw_tally *sum, const vw_tally *tally)
{
    sum->packets += tally->packets;
    sum->packets_malformed += tally->packets_malformed;
    sum->heartbeats += tally->heartbeats;
    sum->bytes += tally->bytes;
    sum->messages += tally->messages;
    sum->unsequenced += tally->unsequenced;
    sum->unknown += tally->unknown;
    sum->malformed += tally->malformed;
    sum->gaps += tally->gaps;
    sum->missed += tally->missed;
    sum->late += tally->late;
    sum->duplicates += tally->duplicates;
    sum->breaks += tally->breaks;
    sum->resets += tally->resets;
    sum->retransmitted += tally->retransmitted;
}

void vw_decode_end(vw_decode *decode)
{
    static const vw_tally none;
    vw_lines *lines = decode->lines;
    vw_tally sum = none;

    for (size_t i = 0; i < decode->tallies.count; i++) {
        write_unit(lines, decode->tallies.list[i]);
        add_up(&sum, decode->tallies.list[i]);
    }
    vw_lines_begin(lines);
    add_text(lines, "kind", "summary");
    add_whole(lines, "files", decode->files);
    add_counts(lines, &sum);
    add_whole(lines, "frames", decode->capture.frames);
    add_whole(lines, "fragments", decode->capture.fragments);
    add_whole(lines, "cut", decode->capture.cut);
    add_whole(lines, "other", decode->capture.other);
    vw_lines_end(lines);
    vw_tallies_free(&decode->tallies);
    vw_lines_close(lines);
}
