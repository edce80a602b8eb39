#include "tools/player_places.h"

#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "feeds/pitch.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Lines of a unit are not further apart than this, where they share no message to compare. */
enum { NEAR = 65536, BLOCKS_MAX = 128 };
#define NEVER_NS (10000 * 86400 * VW_NS_PER_SECOND)

/* A sequenced packet: its messages are those of unit from sequence on. */
typedef struct block {
    const unsigned char *from;
    size_t size;
    uint32_t sequence, count, unit;
    bool opra;
} block;

static bool read_block(const vw_packet *packet, block *to)
{
    vw_wire_block pitch;
    vw_opra_block opra;

    *to = (block){.opra = packet->protocol == VW_DECODE_OPRA};
    if (to->opra) {
        if (vw_opra_block_read(packet->payload, packet->size, &opra) != VW_OPRA_BLOCK_OK) {
            return false;
        }
        to->from = packet->payload + sizeof(vw_opra_wire_block);
        to->size = opra.size - sizeof(vw_opra_wire_block);
        to->sequence = opra.sequence;
        to->count = opra.count;
    } else {
        if (!vw_pitch_block(packet->payload, packet->size, &pitch)) {
            return false;
        }
        to->from = packet->payload + sizeof pitch;
        to->size = pitch.length - sizeof pitch;
        to->sequence = pitch.sequence;
        to->count = pitch.count;
        to->unit = pitch.unit;
    }
    return to->sequence != 0;
}

/* message_at returns the bytes of the message of a sequence, or NULL. */
static const unsigned char *message_at(const block *in, uint32_t sequence, size_t *size)
{
    static const vw_opra_form newest;
    vw_opra_measure_fn *measure = vw_opra_measure(&newest);
    size_t at = 0;

    for (uint32_t i = in->sequence; at < in->size; i++) {
        size_t left = in->size - at;
        size_t length = in->opra ? measure(in->from + at, left) : in->from[at];

        if (length < 2 || length > left) {
            return NULL;
        }
        if (i == sequence) {
            *size = length;
            return in->from + at;
        }
        at += length;
    }
    return NULL;
}

/* compare says of the messages two blocks share: 1 the same, -1 different, 0 there are none. */
static int compare(const block *a, const block *b)
{
    uint32_t first = a->sequence > b->sequence ? a->sequence : b->sequence;
    size_t a_size, b_size;
    const unsigned char *in_a, *in_b;

    if (a->unit != b->unit || a->sequence >= (uint64_t)b->sequence + b->count ||
        b->sequence >= (uint64_t)a->sequence + a->count) {
        return 0;
    }
    in_a = message_at(a, first, &a_size);
    in_b = message_at(b, first, &b_size);
    if (in_a == NULL || in_b == NULL) {
        return 0;
    }
    return a_size == b_size && memcmp(in_a, in_b, a_size) == 0 ? 1 : -1;
}

/* What is known of a destination: its first blocks. */
typedef struct evidence {
    vw_decode_protocol protocol;
    size_t count;
    block blocks[BLOCKS_MAX];
} evidence;

/* alike says whether two destinations carry the same messages. */
static bool alike(const evidence *a, const evidence *b)
{
    bool near = false;

    for (size_t i = 0; i < a->count; i++) {
        for (size_t j = 0; j < b->count; j++) {
            const block *one = &a->blocks[i], *other = &b->blocks[j];
            int64_t apart = (int64_t)one->sequence - other->sequence;
            int verdict = compare(one, other);

            if (verdict != 0) {
                return verdict > 0;
            }
            near |= one->unit == other->unit && apart < NEAR && apart > -NEAR;
        }
    }
    return near;
}

const vw_place *vw_places_of(const vw_places *places, uint32_t host, uint16_t port)
{
    for (size_t i = 0; i < places->count; i++) {
        if (places->list[i].host == host && places->list[i].port == port) {
            return &places->list[i];
        }
    }
    return NULL;
}

static void enter(vw_places *places, vw_place place)
{
    if (vw_places_of(places, place.host, place.port) == NULL &&
        places->count < VW_PLAYER_PLACES_MAX) {
        places->list[places->count++] = place;
    }
}

bool vw_places_configured(vw_places *places, const vw_recording *recording,
                          const vw_feed_config *feed)
{
    vw_packet packet;

    for (size_t i = 0; i < feed->channel_count; i++) {
        for (size_t j = 0; j < feed->channels[i].line_count; j++) {
            const vw_line_config *line = &feed->channels[i].lines[j];
            struct in_addr group;

            if (inet_pton(AF_INET, line->group, &group) == 1) {
                enter(places, (vw_place){ntohl(group.s_addr), line->port, (uint8_t)i, (uint8_t)j});
            }
        }
    }
    for (size_t i = 0; vw_recording_ahead(recording, i, &packet); i++) {
        if (vw_places_of(places, packet.host, packet.port) != NULL) {
            return true;
        }
    }
    return false;
}

uint8_t vw_places_channel(vw_feed_config *feed, vw_protocol protocol, const char *name)
{
    static const char *const names[] = {[VW_PROTOCOL_PITCH] = "c1-options",
                                        [VW_PROTOCOL_CFE] = "cfe",
                                        [VW_PROTOCOL_OPRA] = "opra",
                                        [VW_PROTOCOL_DBN] = "dbn"};
    vw_channel_config *channel = &feed->channels[feed->channel_count];

    if (feed->channel_count == VW_FEED_CHANNELS_MAX) {
        return VW_PLACE_FOREIGN;
    }
    *channel = (vw_channel_config){.protocol = protocol,
                                   .line_count = 1,
                                   .wait_ns = 20 * VW_NS_PER_MS,
                                   .silent_ns = protocol == VW_PROTOCOL_DBN ? NEVER_NS
                                                                            : 3 * VW_NS_PER_SECOND};
    snprintf(channel->name, sizeof channel->name, "%s", name[0] != '\0' ? name : names[protocol]);
    return (uint8_t)feed->channel_count++;
}

static bool protocol_of(vw_decode_protocol found, vw_protocol *protocol)
{
    *protocol = found == VW_DECODE_CFE    ? VW_PROTOCOL_CFE
                : found == VW_DECODE_OPRA ? VW_PROTOCOL_OPRA
                                          : VW_PROTOCOL_PITCH;
    return found == VW_DECODE_CFE || found == VW_DECODE_OPRA || found == VW_DECODE_PITCH;
}

/* find_line looks for a channel of which place index is another line; false: for none. */
static bool find_line(vw_places *places, const evidence *all, size_t index,
                      const vw_feed_config *feed)
{
    for (size_t i = 0; i < index; i++) {
        const vw_place *known = &places->list[i];

        if (known->channel != VW_PLACE_FOREIGN && all[i].protocol == all[index].protocol &&
            feed->channels[known->channel].line_count < VW_FEED_LINES_MAX &&
            alike(&all[index], &all[i])) {
            places->list[index].channel = known->channel;
            places->list[index].line = (uint8_t)feed->channels[known->channel].line_count;
            return true;
        }
    }
    return false;
}

static void say_where(vw_feed_config *feed, const vw_place *place)
{
    vw_channel_config *channel = &feed->channels[place->channel];
    struct in_addr group = {htonl(place->host)};
    vw_line_config *line = &channel->lines[place->line];

    inet_ntop(AF_INET, &group, line->group, sizeof line->group);
    line->port = place->port;
    snprintf(line->interface, sizeof line->interface, "recorded");
    if (channel->line_count <= place->line) {
        channel->line_count = place->line + 1U;
    }
}

/* gather enters the destinations of a recording with their first blocks. */
static void gather(vw_places *places, evidence *all, const vw_recording *recording)
{
    vw_packet packet;

    for (size_t i = 0; vw_recording_ahead(recording, i, &packet); i++) {
        enter(places, (vw_place){packet.host, packet.port, VW_PLACE_FOREIGN, 0});
        const vw_place *place = vw_places_of(places, packet.host, packet.port);

        if (place == NULL) {
            continue;
        }
        evidence *of = &all[place - places->list];

        of->protocol = packet.protocol;
        if (of->count < BLOCKS_MAX && read_block(&packet, &of->blocks[of->count])) {
            of->count++;
        }
    }
}

void vw_places_find(vw_places *places, vw_recording *const *recordings, size_t count,
                    vw_feed_config *feed)
{
    evidence *all = calloc(VW_PLAYER_PLACES_MAX, sizeof *all);

    vw_check(all != NULL);
    places->count = 0;
    for (size_t i = 0; i < count; i++) {
        gather(places, all, recordings[i]);
    }
    for (size_t i = 0; i < places->count; i++) {
        vw_protocol protocol;

        if (!protocol_of(all[i].protocol, &protocol)) {
            continue;
        }
        if (!find_line(places, all, i, feed)) {
            places->list[i].channel = vw_places_channel(feed, protocol, "");
        }
        if (places->list[i].channel != VW_PLACE_FOREIGN) {
            say_where(feed, &places->list[i]);
        }
    }
    free(all);
}
