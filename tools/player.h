/* player.h: recordings merged by time, and handed to the feed as what its lines bring.
 *
 * Which channel and line a packet is of: by the configuration, if its lines name the destinations
 * of the recordings; else by what the recordings hold.  Then destinations that carry the same
 * messages are lines of one channel, and every DBN file is a channel.
 *
 * Time     packets have the time of their capture, never before the packet before them.
 * Threads  one thread.
 * Memory   allocates.
 * Errors   VW_ERR_DATA names the file. */
#ifndef VW_TOOLS_PLAYER_H
#define VW_TOOLS_PLAYER_H

#include "feeds/feed.h"
#include "tools/recording.h"

enum { VW_PLAYER_FILES_MAX = 256, VW_PLAYER_PLACES_MAX = VW_SNIFF_FLOWS };

typedef struct vw_player_counts {
    uint64_t packets;  /* handed over */
    uint64_t homeless; /* of destinations that are no line of any channel */
    uint64_t foreign;  /* of a protocol the engine does not take */
} vw_player_counts;

typedef struct vw_player vw_player;

vw_err vw_player_open(char *const *files, int count, vw_decode_protocol protocol,
                      vw_player **player, vw_error *error);

/* vw_player_place finds each destination's channel and line; true: by feed's own lines, false: feed
 * has the channels of the recordings now. */
bool vw_player_place(vw_player *player, vw_feed_config *feed);

/* vw_player_next_ns says when the next packet is due; false: there is none. */
bool vw_player_next_ns(vw_player *player, int64_t *at_ns);

/* vw_player_hand gives the feed up to `most` packets of no later than until_ns; returns how many.
 */
size_t vw_player_hand(vw_player *player, vw_feed *feed, int64_t until_ns, size_t most);

/* vw_player_newest_ns returns the time of the last packet handed over. */
int64_t vw_player_newest_ns(const vw_player *player);

/* vw_player_share returns how much of the files has been read, 0 to 1, or -1. */
double vw_player_share(const vw_player *player);

const vw_player_counts *vw_player_counted(const vw_player *player);
vw_capture_counts vw_player_captured(const vw_player *player);

/* vw_player_error: VW_OK, or why a file ended before its end. */
vw_err vw_player_error(const vw_player *player, vw_error *error);
void vw_player_close(vw_player *player);

#endif
