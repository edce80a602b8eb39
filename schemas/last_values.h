/* last_values.h: every topic of a publisher: its sequence, and what a newcomer is owed.
 *
 * ZeroMQ's PUB forgets what it sent.  Here the last frame of each topic is kept (but of greeks,
 * which come again with the next cut), of def.<root> every definition, of status the last word on
 * each unit; a subscription makes the matching topics due, and the publisher sends them again,
 * one each turn, with the newest sequence of the topic.
 *
 * Threads  the publisher's.
 * Memory   allocates: each topic keeps a buffer of its largest frame. */
#ifndef VW_SCHEMAS_LAST_VALUES_H
#define VW_SCHEMAS_LAST_VALUES_H

#include "schemas/encode.h"
#include "schemas/topics.h"

#define VW_LAST_VALUES_ROOTS_MAX 64

/* Numbers of the topics that are always there; the others follow. */
enum { VW_TOPIC_STATUS, VW_TOPIC_HEARTBEAT, VW_TOPIC_CURVE, VW_TOPIC_HEDGE, VW_TOPIC_FIRST_ROOT };

typedef struct vw_topic_state {
    vw_topic topic;
    vw_message_kind kind;
    vw_group_row group; /* of greeks, surface; of definitions the root alone */
    uint64_t sequence;  /* of the last message, 0 before the first */
    bool due;           /* to be sent again */
    unsigned char *last;
    size_t last_size, last_capacity;
    void *rows;                               /* definitions, units: all that a newcomer needs */
    size_t row_count, row_capacity, row_next; /* rows before row_next have been sent again */
} vw_topic_state;

typedef struct vw_last_values {
    vw_topic_state *topics;
    size_t topic_count, topic_capacity;
    size_t due_count, due_next;         /* topics that are due, and where to look on for them */
    uint32_t *greeks, *surface, *roots; /* topic by group; 0 = group not known */
    uint32_t groups_max;
    uint32_t *definition; /* by instrument: 1 + its row, 0 = none yet */
    uint32_t instruments_max;
} vw_last_values;

void vw_last_values_init(vw_last_values *values, uint32_t instruments_max, uint32_t groups_max,
                         const char *book);
void vw_last_values_free(vw_last_values *values);

/* vw_last_values_group makes the topics of a group known; false if there is no room for it. */
bool vw_last_values_group(vw_last_values *values, uint32_t group, const vw_group_row *row);

/* vw_last_values_topic returns the number of the topic of update, or UINT32_MAX if its group is
 * not known. */
uint32_t vw_last_values_topic(const vw_last_values *values, const vw_update *update);

/* vw_last_values_keep remembers what message, just encoded as frame, said on topic. */
void vw_last_values_keep(vw_last_values *values, uint32_t topic, const vw_message *message,
                         vw_frame frame);

/* vw_last_values_subscribe makes every topic that begins with prefix due, the oldest topics first:
 * status, heartbeat, curve, hedge, then definitions before what refers to them. */
void vw_last_values_subscribe(vw_last_values *values, const void *prefix, size_t prefix_size);

/* vw_last_values_next returns the next topic that is due, or NULL.  With *rows_count > 0 a message
 * of *rows is to be made (definitions, units); else the topic's last frame is to be sent. */
vw_topic_state *vw_last_values_next(vw_last_values *values, const void **rows, size_t *rows_count);

#endif
