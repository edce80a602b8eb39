#include "tools/player.h"

#include "core/base/clock.h"
#include "core/market/calendar.h"
#include "feeds/pitch.h"
#include "tools/player_places.h"

#include <stdlib.h>
#include <string.h>

struct vw_player {
    vw_recording *recordings[VW_PLAYER_FILES_MAX];
    uint8_t channels[VW_PLAYER_FILES_MAX];    /* of DBN files */
    uint32_t named_date[VW_PLAYER_FILES_MAX]; /* of the names a DBN channel knows; 0: none */
    size_t count;
    vw_places places;
    vw_player_counts counts;
    int64_t newest_ns;
};

vw_err vw_player_open(char *const *files, int count, vw_decode_protocol protocol,
                      vw_player **opened, vw_error *error)
{
    vw_player *player = calloc(1, sizeof *player);

    vw_check(player != NULL && count <= VW_PLAYER_FILES_MAX);
    *opened = player;
    for (int i = 0; i < count; i++) {
        player->recordings[i] = vw_recording_open(files[i], protocol, error);
        if (player->recordings[i] == NULL) {
            return VW_ERR_DATA;
        }
        player->count++;
    }
    return VW_OK;
}

/* DBN files have no lines that a configuration could name: each is a channel behind the others. */
static void place_files(vw_player *player, vw_feed_config *feed)
{
    for (size_t i = 0; i < player->count; i++) {
        const vw_dbn_metadata *metadata = vw_recording_metadata(player->recordings[i]);

        if (vw_recording_is_dbn(player->recordings[i])) {
            player->channels[i] =
                vw_places_channel(feed, VW_PROTOCOL_DBN, metadata != NULL ? metadata->dataset : "");
        }
    }
}

bool vw_player_place(vw_player *player, vw_feed_config *feed)
{
    bool configured = false, captures = false;

    for (size_t i = 0; i < player->count; i++) {
        captures |= !vw_recording_is_dbn(player->recordings[i]);
        configured |= vw_places_configured(&player->places, player->recordings[i], feed);
    }
    if (!configured) {
        feed->channel_count = 0;
        memset(feed->channels, 0, sizeof feed->channels);
        vw_places_find(&player->places, player->recordings, player->count, feed);
    }
    place_files(player, feed);
    if (feed->channel_count == 0) { /* nothing to play: a feed has one channel at least */
        vw_places_channel(feed, VW_PROTOCOL_PITCH, "");
    }
    return configured || !captures;
}

/* earliest returns the recording whose packet comes next, or count. */
static size_t earliest(vw_player *player)
{
    size_t found = player->count;
    int64_t found_ns = INT64_MAX;

    for (size_t i = 0; i < player->count; i++) {
        const vw_packet *packet = vw_recording_peek(player->recordings[i]);

        if (packet != NULL && (found == player->count || packet->at_ns < found_ns)) {
            found = i;
            found_ns = packet->at_ns;
        }
    }
    return found;
}

bool vw_player_next_ns(vw_player *player, int64_t *at_ns)
{
    size_t i = earliest(player);

    if (i == player->count) {
        return false;
    }
    *at_ns = vw_recording_peek(player->recordings[i])->at_ns;
    *at_ns = *at_ns > player->newest_ns ? *at_ns : player->newest_ns;
    return true;
}

/* name_one names an instrument by a mapping; which of both symbols is the number is told by them.
 */
static void name_one(vw_feed *feed, size_t channel, const char *a, const char *b)
{
    char *end;
    unsigned long number = strtoul(b, &end, 10);

    if (*b != '\0' && *end == '\0' && number <= UINT32_MAX) {
        vw_feed_name(feed, channel, (uint32_t)number, a);
    }
}

/* name_day tells the feed what a DBN file's instrument numbers stand for on a date. */
static void name_day(const vw_dbn_metadata *metadata, uint32_t date, vw_feed *feed, size_t channel)
{
    const unsigned char *at = metadata->mappings;

    for (uint32_t i = 0; i < metadata->mapping_count; i++) {
        vw_dbn_mapping mapping;

        vw_dbn_mapping_at(metadata, at, &mapping);
        for (uint32_t j = 0; j < mapping.interval_count; j++) {
            vw_dbn_interval interval;

            vw_dbn_interval_at(metadata, &mapping, j, &interval);
            if (date >= interval.start && date < interval.end) {
                name_one(feed, channel, mapping.raw, interval.symbol);
                name_one(feed, channel, interval.symbol, mapping.raw);
            }
        }
        at = mapping.next;
    }
}

/* Dates of the metadata are UTC. */
static uint32_t utc_date(int64_t at_ns)
{
    enum { DAY_SECONDS = 86400 };

    return vw_calendar_add_days(19700101, (int)(at_ns / VW_NS_PER_SECOND / DAY_SECONDS));
}

static void hand_record(vw_player *player, size_t i, vw_feed *feed, const vw_packet *packet,
                        int64_t now_ns)
{
    const vw_dbn_metadata *metadata = vw_recording_metadata(player->recordings[i]);
    uint32_t date = metadata != NULL ? utc_date(packet->at_ns) : 0;

    if (metadata != NULL && date != player->named_date[i]) {
        player->named_date[i] = date;
        name_day(metadata, date, feed, player->channels[i]);
    }
    vw_feed_packet(feed, player->channels[i], 0, packet->payload, packet->size, now_ns);
    player->counts.packets++;
}

static void hand(vw_player *player, size_t i, vw_feed *feed, int64_t now_ns)
{
    const vw_packet *packet = vw_recording_peek(player->recordings[i]);
    const vw_place *place;

    if (packet->protocol == VW_DECODE_DBN) {
        hand_record(player, i, feed, packet, now_ns);
        return;
    }
    place = vw_places_of(&player->places, packet->host, packet->port);
    if (place != NULL && place->channel != VW_PLACE_FOREIGN) {
        vw_feed_packet(feed, place->channel, place->line, packet->payload, packet->size, now_ns);
        player->counts.packets++;
    } else if (place != NULL) {
        player->counts.foreign++;
    } else {
        player->counts.homeless++;
    }
}

size_t vw_player_hand(vw_player *player, vw_feed *feed, int64_t until_ns, size_t most)
{
    int64_t now_ns;
    size_t handed = 0;

    while (handed < most && vw_player_next_ns(player, &now_ns) && now_ns <= until_ns) {
        size_t i = earliest(player);

        player->newest_ns = now_ns;
        hand(player, i, feed, now_ns);
        vw_recording_next(player->recordings[i]);
        handed++;
    }
    return handed;
}

int64_t vw_player_newest_ns(const vw_player *player)
{
    return player->newest_ns;
}

double vw_player_share(const vw_player *player)
{
    double sum = 0;

    for (size_t i = 0; i < player->count; i++) {
        double share = vw_recording_share(player->recordings[i]);

        if (share < 0) {
            return -1;
        }
        sum += share;
    }
    return player->count > 0 ? sum / (double)player->count : -1;
}

const vw_player_counts *vw_player_counted(const vw_player *player)
{
    return &player->counts;
}

vw_capture_counts vw_player_captured(const vw_player *player)
{
    vw_capture_counts sum = {0};

    for (size_t i = 0; i < player->count; i++) {
        const vw_capture_counts *counts = vw_recording_counts(player->recordings[i]);

        if (counts != NULL) {
            sum.frames += counts->frames;
            sum.datagrams += counts->datagrams;
            sum.fragments += counts->fragments;
            sum.cut += counts->cut;
            sum.other += counts->other;
        }
    }
    return sum;
}

vw_err vw_player_error(const vw_player *player, vw_error *error)
{
    for (size_t i = 0; i < player->count; i++) {
        vw_err err = vw_recording_error(player->recordings[i], error);

        if (err != VW_OK) {
            return err;
        }
    }
    return VW_OK;
}

void vw_player_close(vw_player *player)
{
    if (player != NULL) {
        for (size_t i = 0; i < player->count; i++) {
            vw_recording_close(player->recordings[i]);
        }
        free(player);
    }
}
