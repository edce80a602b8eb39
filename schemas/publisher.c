#include "schemas/publisher.h"

#include "core/base/clock.h"
#include "schemas/encode.h"
#include "schemas/last_values.h"
#include "schemas/staging.h"

#include <ctype.h>
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

enum {
    UPDATES_PER_POLL = 1024,
    UPDATES_PER_RUN = 32,
    COUNTER_NAME_SIZE = 32,
    LINGER_MS = 200,
    PATIENT_LINGER_MS = 10000
};

struct vw_publisher {
    vw_publisher_config config;
    void *context, *socket;
    char endpoint[128];
    vw_encoder *encoder;
    vw_staging staging;
    vw_last_values values;
    uint32_t staged_topic;
    uint64_t epoch;
    int64_t exchange_ns, receive_ns; /* newest of the last updates: see note_times */
    bool heard;                      /* an update came since the last heartbeat */
    int64_t begun_ns, heartbeat_due_ns, listen_due_ns;
    char counter_names[VW_COUNT_COUNT][COUNTER_NAME_SIZE];
};

static void name_counters(vw_publisher *publisher)
{
    for (size_t i = 0; i < VW_COUNT_COUNT; i++) {
        const char *from = vw_counters_info((vw_counter)i)->name;
        char *to = publisher->counter_names[i];

        for (size_t j = 0; from[j] != '\0' && j + 1 < COUNTER_NAME_SIZE; j++) {
            to[j] = (char)tolower((unsigned char)from[j]);
        }
    }
}

vw_err vw_publisher_open(const vw_publisher_config *config, vw_publisher **publisher,
                         vw_error *error)
{
    vw_publisher *made = calloc(1, sizeof *made);

    vw_check(config->in != NULL && config->counters != NULL);
    vw_check(config->instruments_max > 0 && config->groups_max > 0);
    if (made == NULL) {
        return vw_fail(error, VW_ERR_SYSTEM, "publisher: out of memory");
    }
    made->config = *config;
    made->encoder = vw_encoder_open();
    vw_staging_init(&made->staging, config->counters);
    vw_last_values_init(&made->values, config->instruments_max, config->groups_max, config->book);
    name_counters(made);
    *publisher = made;
    return VW_OK;
}

/* keep_off confines ZeroMQ's threads to the other processors: they would inherit the one that the
 * polling thread is pinned to, and fight it for it. */
static void keep_off(void *context, uint64_t avoid_cpus)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);

    for (int cpu = 0; cpu < processors; cpu++) {
        if (cpu >= 64 || (avoid_cpus >> cpu & 1) == 0) {
            zmq_ctx_set(context, ZMQ_THREAD_AFFINITY_CPU_ADD, cpu);
        }
    }
}

/* ZeroMQ allocates each message on this thread and frees it on its own.  The pages are had now, by
 * taking as much as waits for a slow subscriber and giving it back, and glibc is told to keep them:
 * else every tenth send would fault a page in, by way of two system calls. */
static void keep_pages(void)
{
    enum { KEPT = 1 << 30, BLOCK = 512, BLOCKS = 1 << 16 };
    void **first = NULL;

    mallopt(M_TRIM_THRESHOLD, KEPT);
    for (size_t i = 0; i < BLOCKS; i++) {
        void **block = malloc(BLOCK);

        if (block != NULL) {
            *block = first;
            first = block;
        }
    }
    while (first != NULL) {
        void **next = *first;

        free(first);
        first = next;
    }
}

static vw_err fail_bind(const vw_publisher *publisher, vw_error *error)
{
    const char *endpoint = publisher->config.endpoint;

    switch (zmq_errno()) {
    case EADDRINUSE:
        return vw_fail(error, VW_ERR_SYSTEM,
                       "%s: address in use; stop the process that publishes there, or choose "
                       "another port",
                       endpoint);
    case EINVAL:
    case EPROTONOSUPPORT:
    case ENOCOMPATPROTO:
        return vw_fail(error, VW_ERR_SYSTEM,
                       "%s: no endpoint to publish on; expected tcp://ADDRESS:PORT or ipc://PATH",
                       endpoint);
    case ENODEV:
    case EADDRNOTAVAIL:
        return vw_fail(error, VW_ERR_SYSTEM,
                       "%s: no such address on this machine; tcp://0.0.0.0:PORT publishes on all",
                       endpoint);
    default:
        return vw_fail(error, VW_ERR_SYSTEM, "%s: cannot publish here: %s", endpoint,
                       zmq_strerror(zmq_errno()));
    }
}

vw_err vw_publisher_begin(void *self, vw_error *error)
{
    vw_publisher *publisher = self;
    size_t size = sizeof publisher->endpoint;
    int verbose = 1, linger_ms = LINGER_MS;

    keep_pages();
    publisher->context = zmq_ctx_new();
    if (publisher->context != NULL && publisher->config.avoid_cpus != 0) {
        keep_off(publisher->context, publisher->config.avoid_cpus);
    }
    publisher->socket =
        publisher->context != NULL ? zmq_socket(publisher->context, ZMQ_XPUB) : NULL;
    if (publisher->socket == NULL) {
        return vw_fail(error, VW_ERR_SYSTEM, "%s: no ZeroMQ socket: %s", publisher->config.endpoint,
                       zmq_strerror(zmq_errno()));
    }
    /* Verbose: the second subscriber to a prefix is owed the last values as well, and each that
     * goes is counted. */
    zmq_setsockopt(publisher->socket, ZMQ_XPUB_VERBOSER, &verbose, sizeof verbose);
    if (publisher->config.patient) {
        linger_ms = PATIENT_LINGER_MS;
        zmq_setsockopt(publisher->socket, ZMQ_XPUB_NODROP, &verbose, sizeof verbose);
    }
    zmq_setsockopt(publisher->socket, ZMQ_LINGER, &linger_ms, sizeof linger_ms);
    zmq_setsockopt(publisher->socket, ZMQ_SNDHWM, &publisher->config.high_water_mark, sizeof(int));
    if (zmq_bind(publisher->socket, publisher->config.endpoint) != 0) {
        return fail_bind(publisher, error);
    }
    zmq_getsockopt(publisher->socket, ZMQ_LAST_ENDPOINT, publisher->endpoint, &size);
    publisher->epoch = (uint64_t)vw_clock_realtime_ns();
    return VW_OK;
}

const char *vw_publisher_endpoint(const vw_publisher *publisher)
{
    return publisher->endpoint;
}

static bool send_bytes(vw_publisher *publisher, const void *bytes, size_t size)
{
    vw_counters *counters = publisher->config.counters;

    if (zmq_send(publisher->socket, bytes, size, publisher->config.patient ? 0 : ZMQ_DONTWAIT) <
        0) {
        vw_counters_add(counters, VW_COUNT_SENDS_FAILED, 1);
        return false;
    }
    vw_counters_add(counters, VW_COUNT_MESSAGES_OUT, 1);
    vw_counters_add(counters, VW_COUNT_BYTES_OUT, size);
    return true;
}

/* Stamps, encodes and sends message as the given sequence of its topic. */
static vw_frame send_message(vw_publisher *publisher, const vw_topic_state *topic,
                             vw_message *message)
{
    vw_frame frame;

    message->epoch = publisher->epoch;
    message->sequence = topic->sequence;
    message->group = topic->group;
    memcpy(message->source, publisher->config.source, sizeof message->source);
    message->publish_ns = vw_clock_realtime_ns();
    frame = vw_encode(publisher->encoder, topic->topic.name, message);
    send_bytes(publisher, frame.bytes, frame.size);
    return frame;
}

static void publish(vw_publisher *publisher, uint32_t topic, vw_message *message)
{
    vw_topic_state *state = &publisher->values.topics[topic];
    vw_frame frame;

    state->sequence++;
    frame = send_message(publisher, state, message);
    vw_last_values_keep(&publisher->values, topic, message, frame);
}

static void publish_staged(vw_publisher *publisher)
{
    vw_staging *staging = &publisher->staging;
    vw_histogram *histogram = publisher->config.wire_to_publish;
    int64_t sent_ns;

    publish(publisher, publisher->staged_topic, vw_staging_take(staging));
    if (staging->tick_count == 0 || histogram == NULL) {
        return;
    }
    sent_ns = vw_clock_realtime_ns();
    for (size_t i = 0; i < staging->tick_count; i++) {
        if (staging->tick_receive_ns[i] > 0) {
            vw_histogram_add(histogram, sent_ns - staging->tick_receive_ns[i]);
        }
    }
}

/* Market time goes back when the exchange begins anew: newest is of the last second only. */
static void note_times(vw_publisher *publisher, const vw_update *update)
{
    if (!publisher->heard || update->exchange_ns > publisher->exchange_ns) {
        publisher->exchange_ns = update->exchange_ns;
    }
    if (!publisher->heard || update->receive_ns > publisher->receive_ns) {
        publisher->receive_ns = update->receive_ns;
    }
    publisher->heard = true;
}

static size_t take_update(vw_publisher *publisher, const vw_update *update)
{
    vw_staging *staging = &publisher->staging;
    uint32_t topic;
    size_t sent = 0;

    if (update->kind == VW_UPDATE_GROUP) {
        vw_check(vw_last_values_group(&publisher->values, update->group, &update->of_group));
        return 0;
    }
    topic = vw_last_values_topic(&publisher->values, update);
    vw_check(topic != UINT32_MAX);
    if (staging->open && staging->whole &&
        (topic != publisher->staged_topic || !vw_staging_joins(staging, update))) {
        publish_staged(publisher);
        sent = 1;
    }
    if (!staging->open) {
        publisher->staged_topic = topic;
    }
    vw_staging_add(staging, update);
    note_times(publisher, update);
    return sent;
}

static size_t drain(vw_publisher *publisher)
{
    size_t taken = 0, sent = 0;

    while (taken < UPDATES_PER_POLL) {
        uint64_t run = UPDATES_PER_RUN;
        const vw_update *updates = vw_ring_peek_run(publisher->config.in, &run);

        if (updates == NULL) {
            break;
        }
        for (uint64_t i = 0; i < run; i++) {
            sent += take_update(publisher, &updates[i]);
        }
        vw_ring_release_run(publisher->config.in, run);
        taken += run;
    }
    /* A cut leaves with its surface, or once nothing more comes: a turn later at most. */
    if (publisher->staging.open && publisher->staging.whole &&
        (taken == 0 || !vw_staging_waits(&publisher->staging))) {
        publish_staged(publisher);
        sent++;
    }
    vw_counters_add(publisher->config.counters, VW_COUNT_UPDATES_IN, taken);
    return taken + sent;
}

/* A subscription arrives as one byte 1 and the prefix; 0 takes it back. */
static void listen(vw_publisher *publisher)
{
    unsigned char word[1 + VW_TOPIC_SIZE];
    int size;

    while ((size = zmq_recv(publisher->socket, word, sizeof word, ZMQ_DONTWAIT)) >= 0) {
        if (size >= 1 && (size_t)size <= sizeof word && word[0] == 1) {
            vw_counters_add(publisher->config.counters, VW_COUNT_SUBSCRIPTIONS, 1);
            vw_last_values_subscribe(&publisher->values, word + 1, (size_t)size - 1);
        } else if (size >= 1 && word[0] == 0) {
            vw_counters_add(publisher->config.counters, VW_COUNT_SUBSCRIPTIONS_ENDED, 1);
        }
    }
}

/* One message a turn: ticks do not wait for the thousands of rows that a newcomer is owed. */
static size_t repeat(vw_publisher *publisher)
{
    const void *rows = NULL;
    size_t count = 0;
    const vw_topic_state *topic = vw_last_values_next(&publisher->values, &rows, &count);

    if (topic == NULL) {
        return 0;
    }
    if (count == 0) {
        send_bytes(publisher, topic->last, topic->last_size);
        return 1;
    }
    vw_message message = {.kind = topic->kind,
                          .exchange_ns = publisher->exchange_ns,
                          .receive_ns = publisher->receive_ns};

    if (topic->kind == VW_MESSAGE_DEFINITIONS) {
        message.definitions = rows;
        message.definition_count = count;
    } else {
        message.units = rows;
        message.unit_count = count;
    }
    send_message(publisher, topic, &message);
    return 1;
}

static vw_heartbeat make_heartbeat(const vw_publisher *publisher, int64_t now_ns)
{
    const vw_publisher_config *config = &publisher->config;
    const vw_histogram *histogram = config->wire_to_publish;
    vw_heartbeat heartbeat = {
        .uptime_ns = now_ns - publisher->begun_ns,
        .losses = vw_counters_losses(config->all_counters, config->all_counters_count),
    };

    if (histogram != NULL) {
        heartbeat.latency.count = atomic_load_explicit(&histogram->count, memory_order_relaxed);
        heartbeat.latency.max_ns = atomic_load_explicit(&histogram->max, memory_order_relaxed);
        heartbeat.latency.p50_ns = vw_histogram_percentile(histogram, 0.5);
        heartbeat.latency.p99_ns = vw_histogram_percentile(histogram, 0.99);
        heartbeat.latency.p999_ns = vw_histogram_percentile(histogram, 0.999);
    }
    return heartbeat;
}

static void publish_heartbeat(vw_publisher *publisher, int64_t now_ns)
{
    const vw_publisher_config *config = &publisher->config;
    vw_counter_value counters[VW_COUNT_COUNT];
    vw_heartbeat heartbeat = make_heartbeat(publisher, now_ns);
    vw_message message = {
        .kind = VW_MESSAGE_HEARTBEAT,
        .exchange_ns = publisher->exchange_ns,
        .receive_ns = publisher->receive_ns,
        .heartbeat = &heartbeat,
        .counters = counters,
        .counter_count = VW_COUNT_COUNT,
    };

    for (size_t i = 0; i < VW_COUNT_COUNT; i++) {
        counters[i] = (vw_counter_value){
            .name = publisher->counter_names[i],
            .value =
                vw_counters_sum(config->all_counters, config->all_counters_count, (vw_counter)i),
            .loss = vw_counters_info((vw_counter)i)->loss,
        };
    }
    publish(publisher, VW_TOPIC_HEARTBEAT, &message);
    publisher->heard = false;
}

size_t vw_publisher_poll(void *self, int64_t now_ns)
{
    vw_publisher *publisher = self;
    size_t did = drain(publisher);

    if (publisher->begun_ns == 0) {
        int64_t epoch_ns = (int64_t)publisher->epoch;

        publisher->begun_ns = now_ns < epoch_ns ? now_ns : epoch_ns; /* a replay has its own time */
    }
    /* Looking for subscriptions costs a poll of ZeroMQ's mailbox: not every turn. */
    if (now_ns >= publisher->listen_due_ns) {
        listen(publisher);
        publisher->listen_due_ns = now_ns + VW_NS_PER_MS;
    }
    did += repeat(publisher);
    if (now_ns >= publisher->heartbeat_due_ns) {
        publish_heartbeat(publisher, now_ns);
        publisher->heartbeat_due_ns = now_ns + publisher->config.heartbeat_ns;
        did++;
    }
    return did;
}

void vw_publisher_close(vw_publisher *publisher)
{
    if (publisher == NULL) {
        return;
    }
    if (publisher->socket != NULL) {
        zmq_close(publisher->socket);
    }
    if (publisher->context != NULL) {
        zmq_ctx_term(publisher->context);
    }
    vw_encoder_close(publisher->encoder);
    vw_staging_free(&publisher->staging);
    vw_last_values_free(&publisher->values);
    free(publisher);
}
