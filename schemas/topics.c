#include "schemas/topics.h"

#include <stdio.h>
#include <string.h>

static void name_group(vw_topic *topic, const char *kind, const vw_group_row *group)
{
    snprintf(topic->name, sizeof topic->name, "%s.%.8s.%06u%c", kind, group->root,
             group->expiry % 1000000, group->settlement == 'A' ? 'A' : 'P');
}

vw_topic vw_topic_of(vw_message_kind kind, const vw_group_row *group, const char *book)
{
    vw_topic topic = {""};

    switch (kind) {
    case VW_MESSAGE_DEFINITIONS:
        snprintf(topic.name, sizeof topic.name, "def.%.8s", group->root);
        break;
    case VW_MESSAGE_GREEKS:
        name_group(&topic, "greeks", group);
        break;
    case VW_MESSAGE_SURFACE:
        name_group(&topic, "surface", group);
        break;
    case VW_MESSAGE_CURVE:
        snprintf(topic.name, sizeof topic.name, "curve.VX");
        break;
    case VW_MESSAGE_HEDGE:
        snprintf(topic.name, sizeof topic.name, "hedge.%.15s", book);
        break;
    case VW_MESSAGE_STATUS:
        snprintf(topic.name, sizeof topic.name, "status");
        break;
    case VW_MESSAGE_HEARTBEAT:
        snprintf(topic.name, sizeof topic.name, "heartbeat");
        break;
    }
    return topic;
}

bool vw_topic_matches(const vw_topic *topic, const void *prefix, size_t prefix_size)
{
    return prefix_size <= sizeof topic->name && memcmp(topic->name, prefix, prefix_size) == 0;
}
