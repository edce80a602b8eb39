/* subscriber.h: messages in from a publisher, and what went wrong on the way.
 *
 * Connects, subscribes to prefixes, decodes; reconnects by itself.  It tells loss (a hole in a
 * topic's sequence) from a restarted publisher (a new epoch), and says when the publisher falls
 * silent and when it is back.
 *
 * Threads  one thread; allocates.
 * Full     a subscriber that reads too slowly loses messages at ZeroMQ's high-water mark: GAP.
 * Order    per topic.  RESTARTED, BACK and GAP come before the message that showed them.
 * Repeats  a message that is not newer than the last of its topic was sent again for a newcomer
 *          (subscribers share what a publisher sends): it is passed on, marked. */
#ifndef VW_SCHEMAS_SUBSCRIBER_H
#define VW_SCHEMAS_SUBSCRIBER_H

#include "core/base/error.h"
#include "schemas/message.h"

#define VW_ENDPOINT_DEFAULT "tcp://127.0.0.1:5601"

/* Without a message for so long the publisher is silent: heartbeats come each second. */
#define VW_SUBSCRIBER_SILENT_NS INT64_C(3000000000)

typedef enum vw_subscriber_event {
    VW_SUBSCRIBER_NONE,      /* nothing within the timeout, or a signal */
    VW_SUBSCRIBER_MESSAGE,   /* topic, message, repeat */
    VW_SUBSCRIBER_GAP,       /* topic, missed, first; the message follows */
    VW_SUBSCRIBER_RESTARTED, /* another epoch: sequences begin anew; the message follows */
    VW_SUBSCRIBER_SILENT,    /* silent_ns since the last message (or since open) */
    VW_SUBSCRIBER_BACK,      /* the first message after SILENT follows */
    VW_SUBSCRIBER_MALFORMED, /* a frame that is no message was dropped */
} vw_subscriber_event;

typedef struct vw_received {
    vw_subscriber_event event;
    char topic[VW_TOPIC_SIZE + 1];
    const vw_message *message; /* good until the next poll */
    bool repeat;
    uint64_t first, missed; /* sequences [first, first + missed) of the topic were lost */
    int64_t silent_ns;      /* of SILENT: so far; of BACK: how long it was */
} vw_received;

/* What a subscriber saw since it was opened. */
typedef struct vw_subscriber_stats {
    uint64_t messages, bytes, repeats;
    uint64_t kinds[VW_MESSAGE_HEARTBEAT + 1]; /* messages by vw_message_kind */
    uint64_t gaps, missed;                    /* holes, and messages in them */
    uint64_t restarts, silences, malformed;
} vw_subscriber_stats;

typedef struct vw_subscriber vw_subscriber;

/* vw_subscriber_open connects to endpoint and subscribes to the prefixes; none: to everything.
 * There need be no publisher yet.  VW_ERR_SYSTEM says what is wrong with the endpoint. */
vw_err vw_subscriber_open(const char *endpoint, const char *const *prefixes, size_t prefix_count,
                          vw_subscriber **subscriber, vw_error *error);

/* vw_subscriber_poll waits at most timeout_ms for the next event, fills received and returns the
 * event.  Heartbeats that were not subscribed to are heard but not passed on. */
vw_subscriber_event vw_subscriber_poll(vw_subscriber *subscriber, int timeout_ms,
                                       vw_received *received);

const vw_subscriber_stats *vw_subscriber_stats_of(const vw_subscriber *subscriber);

void vw_subscriber_close(vw_subscriber *subscriber);

#endif
