#include "schemas/subscriber.h"

#include "core/base/clock.h"
#include "schemas/decode.h"
#include "schemas/topics.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

enum {
    TOPICS_MAX = 1 << 16, /* a power of two: beyond three quarters of it topics are not followed */
    HIGH_WATER_MARK = 100000,
    RECONNECT_MS = 100,
    RECONNECT_MAX_MS = 1000,
    HEARTBEAT_MS = 1000, /* of ZMTP: finds a dead connection that TCP still believes in */
    HEARTBEAT_TIMEOUT_MS = 3000,
};

typedef struct followed {
    vw_topic topic; /* name[0] == 0: free */
    uint64_t sequence;
} followed;

struct vw_subscriber {
    void *context, *socket;
    zmq_msg_t frame;
    vw_decoder *decoder;
    vw_message message;
    char topic[VW_TOPIC_SIZE + 1];
    bool holds;   /* message waits: its RESTARTED, BACK and GAP come first */
    bool unasked; /* heartbeats are ours alone */
    bool silent;
    uint64_t epoch;   /* of the publisher, 0 before the first message */
    int64_t heard_ns; /* monotonic time of the last message, or of open */
    followed *topics;
    size_t topic_count;
    vw_subscriber_stats stats;
};

static vw_err fail_connect(const char *endpoint, vw_error *error)
{
    return vw_fail(error, VW_ERR_SYSTEM,
                   "%s: cannot connect: %s; expected tcp://HOST:PORT or "
                   "ipc://PATH",
                   endpoint, zmq_strerror(zmq_errno()));
}

static void set(vw_subscriber *subscriber, int option, int value)
{
    zmq_setsockopt(subscriber->socket, option, &value, sizeof value);
}

static bool wants_heartbeats(const char *const *prefixes, size_t prefix_count)
{
    const vw_topic heartbeat = vw_topic_of(VW_MESSAGE_HEARTBEAT, NULL, NULL);

    for (size_t i = 0; i < prefix_count; i++) {
        if (vw_topic_matches(&heartbeat, prefixes[i], strlen(prefixes[i]))) {
            return true;
        }
    }
    return prefix_count == 0;
}

static vw_err connect_to(vw_subscriber *subscriber, const char *endpoint,
                         const char *const *prefixes, size_t prefix_count, vw_error *error)
{
    subscriber->context = zmq_ctx_new();
    subscriber->socket =
        subscriber->context != NULL ? zmq_socket(subscriber->context, ZMQ_SUB) : NULL;
    if (subscriber->socket == NULL) {
        return fail_connect(endpoint, error);
    }
    set(subscriber, ZMQ_LINGER, 0);
    set(subscriber, ZMQ_RCVHWM, HIGH_WATER_MARK);
    set(subscriber, ZMQ_RECONNECT_IVL, RECONNECT_MS);
    set(subscriber, ZMQ_RECONNECT_IVL_MAX, RECONNECT_MAX_MS);
    set(subscriber, ZMQ_HEARTBEAT_IVL, HEARTBEAT_MS);
    set(subscriber, ZMQ_HEARTBEAT_TIMEOUT, HEARTBEAT_TIMEOUT_MS);
    for (size_t i = 0; i < prefix_count; i++) {
        zmq_setsockopt(subscriber->socket, ZMQ_SUBSCRIBE, prefixes[i], strlen(prefixes[i]));
    }
    if (prefix_count == 0) {
        zmq_setsockopt(subscriber->socket, ZMQ_SUBSCRIBE, "", 0);
    }
    if (subscriber->unasked) {
        zmq_setsockopt(subscriber->socket, ZMQ_SUBSCRIBE, "heartbeat", strlen("heartbeat"));
    }
    return zmq_connect(subscriber->socket, endpoint) == 0 ? VW_OK : fail_connect(endpoint, error);
}

vw_err vw_subscriber_open(const char *endpoint, const char *const *prefixes, size_t prefix_count,
                          vw_subscriber **subscriber, vw_error *error)
{
    vw_subscriber *made = calloc(1, sizeof *made);
    vw_err err;

    vw_check(made != NULL);
    made->topics = calloc(TOPICS_MAX, sizeof *made->topics);
    vw_check(made->topics != NULL);
    made->decoder = vw_decoder_open();
    made->unasked = !wants_heartbeats(prefixes, prefix_count);
    made->heard_ns = vw_clock_monotonic_ns();
    zmq_msg_init(&made->frame);
    err = connect_to(made, endpoint, prefixes, prefix_count, error);
    if (err != VW_OK) {
        vw_subscriber_close(made);
        return err;
    }
    *subscriber = made;
    return VW_OK;
}

/* FNV-1a over the padded name. */
static size_t hash(const char *name)
{
    uint64_t sum = UINT64_C(14695981039346656037);

    for (size_t i = 0; i < VW_TOPIC_SIZE && name[i] != '\0'; i++) {
        sum = (sum ^ (unsigned char)name[i]) * UINT64_C(1099511628211);
    }
    return (size_t)(sum ^ (sum >> 32));
}

/* Returns where the topic is followed, or NULL if that is one too many. */
static followed *find_topic(vw_subscriber *subscriber, const char *name)
{
    for (size_t i = hash(name);; i++) {
        followed *place = &subscriber->topics[i & (TOPICS_MAX - 1)];

        if (place->topic.name[0] == '\0') {
            if (subscriber->topic_count >= TOPICS_MAX / 4 * 3) {
                return NULL;
            }
            subscriber->topic_count++;
            memcpy(place->topic.name, name, VW_TOPIC_SIZE);
            return place;
        }
        if (memcmp(place->topic.name, name, VW_TOPIC_SIZE) == 0) {
            return place;
        }
    }
}

static void forget_topics(vw_subscriber *subscriber)
{
    memset(subscriber->topics, 0, TOPICS_MAX * sizeof *subscriber->topics);
    subscriber->topic_count = 0;
}

/* What the message that is held shows first, one event a call; MESSAGE when nothing is left. */
static vw_subscriber_event examine(vw_subscriber *subscriber, vw_received *received)
{
    const vw_message *message = &subscriber->message;
    followed *topic;

    if (subscriber->silent) {
        subscriber->silent = false;
        return VW_SUBSCRIBER_BACK;
    }
    if (message->epoch != subscriber->epoch) {
        bool first = subscriber->epoch == 0;

        subscriber->epoch = message->epoch;
        forget_topics(subscriber);
        if (!first) {
            subscriber->stats.restarts++;
            return VW_SUBSCRIBER_RESTARTED;
        }
    }
    topic = find_topic(subscriber, subscriber->topic);
    if (topic != NULL) {
        uint64_t last = topic->sequence;

        if (last > 0 && message->sequence > last + 1) {
            received->first = last + 1;
            received->missed = message->sequence - last - 1;
            topic->sequence = message->sequence - 1;
            subscriber->stats.gaps++;
            subscriber->stats.missed += received->missed;
            return VW_SUBSCRIBER_GAP;
        }
        received->repeat = last > 0 && message->sequence <= last;
        topic->sequence = received->repeat ? last : message->sequence;
    }
    subscriber->holds = false;
    subscriber->stats.repeats += received->repeat;
    received->message = message;
    return VW_SUBSCRIBER_MESSAGE;
}

static vw_subscriber_event check_silence(vw_subscriber *subscriber, int64_t now_ns,
                                         vw_received *received)
{
    received->silent_ns = now_ns - subscriber->heard_ns;
    if (subscriber->silent || received->silent_ns < VW_SUBSCRIBER_SILENT_NS) {
        return VW_SUBSCRIBER_NONE;
    }
    subscriber->silent = true;
    subscriber->stats.silences++;
    return VW_SUBSCRIBER_SILENT;
}

/* Takes one frame if there is one; returns whether a message is held now. */
static vw_subscriber_event receive(vw_subscriber *subscriber, vw_received *received)
{
    int64_t now_ns = vw_clock_monotonic_ns();

    if (zmq_msg_recv(&subscriber->frame, subscriber->socket, ZMQ_DONTWAIT) < 0) {
        return check_silence(subscriber, now_ns, received);
    }
    if (!vw_decode(subscriber->decoder, zmq_msg_data(&subscriber->frame),
                   zmq_msg_size(&subscriber->frame), subscriber->topic, &subscriber->message)) {
        subscriber->stats.malformed++;
        return VW_SUBSCRIBER_MALFORMED;
    }
    subscriber->stats.messages++;
    subscriber->stats.kinds[subscriber->message.kind]++;
    subscriber->stats.bytes += zmq_msg_size(&subscriber->frame);
    received->silent_ns = now_ns - subscriber->heard_ns;
    subscriber->heard_ns = now_ns;
    subscriber->holds = true;
    return VW_SUBSCRIBER_MESSAGE;
}

static void wait_for_frame(vw_subscriber *subscriber, int timeout_ms)
{
    zmq_pollitem_t item = {.socket = subscriber->socket, .events = ZMQ_POLLIN};

    zmq_poll(&item, 1, timeout_ms);
}

vw_subscriber_event vw_subscriber_poll(vw_subscriber *subscriber, int timeout_ms,
                                       vw_received *received)
{
    bool waited = timeout_ms == 0;

    *received = (vw_received){.event = VW_SUBSCRIBER_NONE};
    while (received->event == VW_SUBSCRIBER_NONE) {
        if (!subscriber->holds) {
            received->event = receive(subscriber, received);
        }
        if (subscriber->holds) {
            received->event = examine(subscriber, received);
        }
        if (received->event == VW_SUBSCRIBER_MESSAGE && subscriber->unasked &&
            received->message->kind == VW_MESSAGE_HEARTBEAT) {
            received->event = VW_SUBSCRIBER_NONE;
        } else if (received->event == VW_SUBSCRIBER_NONE) {
            if (waited) {
                break;
            }
            wait_for_frame(subscriber, timeout_ms);
            waited = true;
        }
    }
    memcpy(received->topic, subscriber->topic, sizeof received->topic);
    return received->event;
}

const vw_subscriber_stats *vw_subscriber_stats_of(const vw_subscriber *subscriber)
{
    return &subscriber->stats;
}

void vw_subscriber_close(vw_subscriber *subscriber)
{
    if (subscriber == NULL) {
        return;
    }
    zmq_msg_close(&subscriber->frame);
    if (subscriber->socket != NULL) {
        zmq_close(subscriber->socket);
    }
    if (subscriber->context != NULL) {
        zmq_ctx_term(subscriber->context);
    }
    vw_decoder_close(subscriber->decoder);
    free(subscriber->topics);
    free(subscriber);
}
