/* player_places.h: the channel and line of each destination in a recording.
 *
 * Threads  one thread.
 * Memory   plain struct of the caller's.
 * Full     destinations beyond the table, and channels beyond the feed's: not played, counted. */
#ifndef VW_TOOLS_PLAYER_PLACES_H
#define VW_TOOLS_PLAYER_PLACES_H

#include "tools/player.h"

#define VW_PLACE_FOREIGN UINT8_MAX /* of a protocol the engine does not take, or no room */

typedef struct vw_place {
    uint32_t host;
    uint16_t port;
    uint8_t channel, line;
} vw_place;

typedef struct vw_places {
    vw_place list[VW_PLAYER_PLACES_MAX];
    size_t count;
} vw_places;

const vw_place *vw_places_of(const vw_places *places, uint32_t host, uint16_t port);

/* vw_places_configured enters every line of feed; true if one is a destination of the recording. */
bool vw_places_configured(vw_places *places, const vw_recording *recording,
                          const vw_feed_config *feed);

/* vw_places_find enters the destinations of what was read ahead, and their channels into feed. */
void vw_places_find(vw_places *places, vw_recording *const *recordings, size_t count,
                    vw_feed_config *feed);

/* vw_places_channel makes a channel; VW_PLACE_FOREIGN when there is no room. */
uint8_t vw_places_channel(vw_feed_config *feed, vw_protocol protocol, const char *name);

#endif
