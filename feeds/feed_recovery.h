/* feed_recovery.h: how a feed gets back what no line brought; for the files of the feed only.
 *
 * A hole that no line fills is asked for at the channel's gap request proxy, which replays it on a
 * multicast group of its own.  What cannot be had so, and all of a unit that is joined late, comes
 * as an image from a spin server: the unit is frozen when the login is accepted, and thaws behind
 * the image.  A server that refuses, dies or is slow changes nothing for anybody else: the unit
 * goes on as without recovery, and the server is tried again later and later (link.h).
 *
 * Stale    while a hole is asked for, and while a unit is frozen, all its series are stale.
 * Full     VW_FEED_SPINS_MAX images at a time, and one a second for a unit; others wait. */
#ifndef VW_FEEDS_FEED_RECOVERY_H
#define VW_FEEDS_FEED_RECOVERY_H

#include "feeds/feed.h"
#include "feeds/link.h"

#define VW_FEED_SPINS_MAX 4
_Static_assert(VW_FEED_CHANNELS_MAX + VW_FEED_SPINS_MAX <= VW_STREAMS_MAX, "a stream for each");

/* A channel's proxy; its stream has the channel's number. */
typedef struct vw_feed_gap {
    vw_link link;
    vw_backoff backoff; /* from connecting */
    vw_backoff asking;  /* from asking: it refused, or nothing came */
} vw_feed_gap;

typedef enum vw_spin_state {
    VW_SPIN_FREE,
    VW_SPIN_LOGIN,       /* connecting, logging in */
    VW_SPIN_WAIT,        /* unit frozen: for an image that is new enough */
    VW_SPIN_DEFINITIONS, /* asked for; then so many to come */
    VW_SPIN_ASKED,       /* for the image */
    VW_SPIN_IMAGE,       /* orders come */
} vw_spin_state;

typedef struct vw_feed_spin {
    vw_link link;
    vw_spin_state state;
    uint32_t unit;
    uint32_t sequence; /* of the newest image there is; of the one that is taken */
    uint32_t left;     /* definitions, orders announced and not come */
    int64_t deadline_ns;
} vw_feed_spin;

/* vw_feed_recovery_init is called once the streams are known. */
void vw_feed_recovery_init(vw_feed *feed, const vw_streams *streams);

/* vw_feed_recover does what time brings: logins, heartbeats, images begun and given up. */
void vw_feed_recover(vw_feed *feed);

/* vw_feed_ask, vw_feed_filled: what the arbiter asks, and says of it. */
int64_t vw_feed_ask(void *feed, uint32_t unit, uint32_t first, uint64_t count, int64_t now_ns);
void vw_feed_filled(void *feed, uint32_t unit);

/* vw_feed_unanswered: what was asked for, if anything was, has been given up. */
void vw_feed_unanswered(vw_feed *feed, uint32_t unit);

/* vw_feed_want_image: all that is known of a unit is doubtful.  vw_feed_forget_image: its count
 * begins anew, so that an image on its way is of no use. */
void vw_feed_want_image(vw_feed *feed, uint32_t unit);
void vw_feed_forget_image(vw_feed *feed, uint32_t unit);

/* ---- between feed_gap.c and feed_spin.c ------------------------------------------------------ */

void vw_feed_gap_init(vw_feed *feed, size_t channel);
void vw_feed_gap_recover(vw_feed *feed, size_t channel);
size_t vw_feed_gap_received(vw_feed *feed, size_t channel, const unsigned char *bytes, size_t size);
void vw_feed_gap_lost(vw_feed *feed, size_t channel);

void vw_feed_spin_init(vw_feed *feed, size_t index);
void vw_feed_spin_recover(vw_feed *feed);
size_t vw_feed_spin_received(vw_feed *feed, size_t index, const unsigned char *bytes, size_t size);
void vw_feed_spin_failed(vw_feed *feed, size_t index, bool lost);

#endif
