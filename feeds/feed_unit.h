/* feed_unit.h: what a feed knows of a matching unit; for the files of the feed only. */
#ifndef VW_FEEDS_FEED_UNIT_H
#define VW_FEEDS_FEED_UNIT_H

#include "feeds/feed.h"
#include "feeds/link.h"

#define VW_FEED_UNIT_NONE UINT8_MAX
#define VW_FEED_PARKED_NONE UINT32_MAX

typedef struct vw_feed_unit {
    uint8_t channel;
    uint8_t number;   /* on the wire */
    uint8_t protocol; /* of the channel */
    bool repeats;     /* the exchange repeats its orders: reannounce_ns > 0 */
    bool begun;       /* a sequenced packet came */
    bool silent;
    bool whole;            /* every side is known, announced or empty */
    bool in_transaction;   /* between Transaction Begin and End: quotes wait */
    bool timed;            /* base_ns is known */
    bool lagging;          /* held back, so that all its series are stale */
    bool asking;           /* the proxy was asked for what follows asked_first */
    bool wants_image;      /* from a spin server */
    bool definitions_spun; /* from there, too */
    bool imaging;          /* the book is an image in the making: quotes wait */
    uint8_t spin;          /* 1 + index of the one that serves it, or 0 */
    uint32_t asked_first;
    vw_backoff image_backoff;
    bool unsent;          /* state below found no room in the ring */
    uint8_t state;        /* vw_unit_state last told, or to be told */
    uint32_t known_epoch; /* grows whenever all that is known becomes doubtful */
    uint32_t first;       /* with missed: of the gap that is to be told */
    uint64_t missed;
    uint32_t sequence;   /* of the last message */
    int64_t base_ns;     /* market time of the last Time message */
    int64_t midnight_ns; /* of the exchange, or 0 */
    int64_t exchange_ns; /* market time of the last message */
    int64_t begun_ns, heard_ns;
    uint32_t integrity;       /* OPRA: sequence of the last line integrity message, 0 none */
    bool integrity_uncounted; /* OPRA: such messages have no sequence of their own */
    int64_t whole_ns;     /* when every resting order will have been repeated; INT64_MAX: never */
    uint32_t parked;      /* first series that waits for the time or the end of a transaction */
    uint32_t parked_last; /* both VW_FEED_PARKED_NONE when there is none */
} vw_feed_unit;

/* vw_feed_unit_begin, vw_feed_unit_missed: the arbiter's news of a unit. */
void vw_feed_unit_begin(void *feed, uint32_t unit, uint32_t sequence, bool reset, int64_t now_ns);
void vw_feed_unit_missed(void *feed, uint32_t unit, uint32_t first, uint64_t count, int64_t now_ns);

/* vw_feed_unit_lag: from first on a unit is held back, until vw_feed_unit_catch_up; its series are
 * stale meanwhile. */
void vw_feed_unit_lag(vw_feed *feed, uint32_t unit, uint32_t first);
void vw_feed_unit_catch_up(vw_feed *feed, uint32_t unit);

/* vw_feed_unit_image: from now on the book is filled by an image, until it is there (imaged) or
 * will never be (image_broken). */
void vw_feed_unit_image(vw_feed *feed, uint32_t unit);
void vw_feed_unit_imaged(vw_feed *feed, uint32_t unit);
void vw_feed_unit_image_broken(vw_feed *feed, uint32_t unit);

/* vw_feed_unit_clear: the exchange cleared its books; nothing rests, and that is known. */
void vw_feed_unit_clear(vw_feed *feed, uint32_t unit);

/* vw_feed_unit_for returns the unit of a channel and wire number, made when first heard of, or
 * VW_FEED_UNIT_NONE. */
uint32_t vw_feed_unit_for(vw_feed *feed, size_t channel, uint8_t number);

/* vw_feed_unit_heard notes a packet of the unit on a line; vw_feed_unit_timers looks for silence
 * and for units that have become whole, at most once a millisecond. */
void vw_feed_unit_heard(vw_feed *feed, uint32_t unit, size_t channel, size_t line);
void vw_feed_unit_timers(vw_feed *feed);

#endif
