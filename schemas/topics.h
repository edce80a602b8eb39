/* topics.h: the names under which messages are published.
 *
 * A subscriber asks for prefixes: "greeks.SPXW" is every expiry of SPXW, "" is everything.
 *
 *   def.<root>  greeks.<root>.<yymmdd><A|P>  surface.<root>.<yymmdd><A|P>  curve.VX  hedge.<book>
 *   status  heartbeat
 *
 * Shapes   a topic is VW_TOPIC_SIZE bytes, NUL-padded, with at least one NUL.
 * Threads  pure. */
#ifndef VW_SCHEMAS_TOPICS_H
#define VW_SCHEMAS_TOPICS_H

#include "schemas/message.h"

typedef struct vw_topic {
    char name[VW_TOPIC_SIZE];
} vw_topic;

/* vw_topic_of returns the topic of a kind: of greeks, surface and definitions for this group (of
 * definitions only the root counts), of hedge for this book (cut at 15 characters). */
vw_topic vw_topic_of(vw_message_kind kind, const vw_group_row *group, const char *book);

/* vw_topic_matches returns whether a subscription to prefix would get topic. */
bool vw_topic_matches(const vw_topic *topic, const void *prefix, size_t prefix_size);

#endif
