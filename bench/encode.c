/* messages: rows into FlatBuffers, and FlatBuffers into ZeroMQ.
 *
 * Encoding stands beside the copy of the same rows, which is the least there can be.  Publishing
 * goes over tcp on loopback to a subscriber that reads all of it, and stands beside zmq_send of
 * the same number of bytes; both leave ZeroMQ's threads the other processors. */
#include "bench/subjects.h"
#include "core/base/clock.h"
#include "schemas/encode.h"
#include "schemas/publisher.h"
#include "schemas/topics.h"

#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

enum { ROWS = 64, MESSAGES = 256, SENDS = 64, DEPTH = 8192 };

static vw_greeks_row rows[ROWS], copied[ROWS];
static vw_encoder *encoder;
static vw_topic topic;
static vw_group_row group = {.expiry = 20261218, .root = "SPXW", .settlement = 'P'};
static uint64_t bytes;

static vw_message message_of(size_t count)
{
    vw_message message = {.kind = VW_MESSAGE_GREEKS,
                          .exchange_ns = 1,
                          .receive_ns = 2,
                          .publish_ns = 3,
                          .epoch = 4,
                          .sequence = 5,
                          .group = group,
                          .source = "bench",
                          .greeks = rows,
                          .greeks_count = count};

    return message;
}

static void run_copy(const void *context)
{
    size_t count = *(const size_t *)context;

    for (size_t i = 0; i < MESSAGES; i++) {
        memcpy(copied, rows, count * sizeof *rows);
        __asm__ volatile("" : : "r"(copied) : "memory");
    }
}

static void run_encode(const void *context)
{
    vw_message message = message_of(*(const size_t *)context);

    for (size_t i = 0; i < MESSAGES; i++) {
        message.sequence = i + 1;
        bytes += vw_encode(encoder, topic.name, &message).size;
    }
}

static size_t open_encode(vw_bench_subject *to, const char *isa, const char **why)
{
    static const size_t one = 1, all = ROWS;
    const vw_bench_subject subjects[] = {
        {"memcpy, 1 row a message", run_copy, &one, MESSAGES, .rival = ""},
        {"FlatBuffer, 1 row a message", run_encode, &one, MESSAGES,
         .rival = "memcpy, 1 row a message"},
        {"memcpy, 64 rows a message", run_copy, &all, MESSAGES * ROWS, .rival = ""},
        {"FlatBuffer, 64 rows a message", run_encode, &all, MESSAGES * ROWS,
         .rival = "memcpy, 64 rows a message"},
    };

    (void)isa, (void)why;
    encoder = encoder != NULL ? encoder : vw_encoder_open();
    topic = vw_topic_of(VW_MESSAGE_GREEKS, &group, "");
    memcpy(to, subjects, sizeof subjects);
    return VW_COUNT_OF(subjects);
}

const vw_bench_group vw_bench_encode = {
    "encode", "Messages: rows of greeks into FlatBuffers", "row", "rows/s", open_encode, NULL,
};

/* ---- publishing ----------------------------------------------------------------------------- */

static vw_publisher *publisher;
static vw_ring *updates;
static vw_counters counters;
static const vw_counters *all_counters = &counters;
static void *bare_context, *bare_socket;
static pthread_t readers[2];
static _Atomic bool closing;
static char endpoints[2][64];
static unsigned char bare_bytes[1 << 15];
static size_t size_of_one, size_of_all;
static int64_t clock_ns = INT64_C(1694700000000000000);

static void *read_all(void *endpoint)
{
    static _Thread_local char message[1 << 16];
    void *context = zmq_ctx_new(), *socket = zmq_socket(context, ZMQ_SUB);
    int patience_ms = 50, high = 1000000;

    zmq_setsockopt(socket, ZMQ_SUBSCRIBE, "", 0);
    zmq_setsockopt(socket, ZMQ_RCVHWM, &high, sizeof high);
    zmq_setsockopt(socket, ZMQ_RCVTIMEO, &patience_ms, sizeof patience_ms);
    vw_check(zmq_connect(socket, endpoint) == 0);
    while (!atomic_load(&closing)) {
        zmq_recv(socket, message, sizeof message, 0);
    }
    zmq_close(socket);
    zmq_ctx_term(context);
    return NULL;
}

static void put(vw_update_kind kind, unsigned flags)
{
    vw_update *update = vw_ring_reserve(updates);

    vw_check(update != NULL);
    memset(update, 0, sizeof *update);
    update->kind = (uint8_t)kind;
    update->flags = (uint8_t)flags;
    update->exchange_ns = update->receive_ns = clock_ns;
    if (kind == VW_UPDATE_GROUP) {
        update->of_group = group;
    } else {
        update->greeks = rows[0];
    }
    vw_ring_commit(updates);
}

static void poll(void)
{
    clock_ns += 100;
    vw_publisher_poll(publisher, clock_ns);
}

/* One row a message: a turn for each update. */
static void run_publish_ones(const void *context)
{
    (void)context;
    for (size_t i = 0; i < SENDS; i++) {
        put(VW_UPDATE_GREEKS, VW_UPDATE_FIRST | VW_UPDATE_LAST);
        poll();
    }
}

/* As in a cut: a run of 64 rows is one message. */
static void run_publish_runs(const void *context)
{
    (void)context;
    for (size_t i = 0; i < SENDS; i++) {
        for (size_t row = 0; row < ROWS; row++) {
            put(VW_UPDATE_GREEKS,
                (row == 0 ? VW_UPDATE_FIRST : 0u) | (row == ROWS - 1 ? VW_UPDATE_LAST : 0u));
        }
        poll();
    }
}

static void run_bare(const void *context)
{
    for (size_t i = 0; i < SENDS; i++) {
        zmq_send(bare_socket, bare_bytes, *(const size_t *)context, ZMQ_DONTWAIT);
    }
}

static void open_publisher(void)
{
    vw_publisher_config config = {.endpoint = "tcp://127.0.0.1:*",
                                  .high_water_mark = 100000,
                                  .instruments_max = 64,
                                  .groups_max = 4,
                                  .avoid_cpus = UINT64_C(1) << sched_getcpu(),
                                  .heartbeat_ns = 3600 * VW_NS_PER_SECOND,
                                  .source = "bench",
                                  .book = "book",
                                  .counters = &counters,
                                  .all_counters = &all_counters,
                                  .all_counters_count = 1};
    vw_error error;

    updates = vw_ring_init(vw_bench_memory(vw_ring_size(DEPTH, sizeof(vw_update))), DEPTH,
                           sizeof(vw_update));
    config.in = updates;
    vw_check(vw_publisher_open(&config, &publisher, &error) == VW_OK);
    vw_check(vw_publisher_begin(publisher, &error) == VW_OK);
    snprintf(endpoints[0], sizeof endpoints[0], "%s", vw_publisher_endpoint(publisher));
    put(VW_UPDATE_GROUP, VW_UPDATE_FIRST | VW_UPDATE_LAST);
    poll();
}

static void open_bare(void)
{
    size_t size = sizeof endpoints[1];
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    int high = 100000, verbose = 1;

    bare_context = zmq_ctx_new();
    for (int cpu = 0; cpu < processors && processors > 1; cpu++) {
        if (cpu != sched_getcpu()) {
            zmq_ctx_set(bare_context, ZMQ_THREAD_AFFINITY_CPU_ADD, cpu);
        }
    }
    bare_socket = zmq_socket(bare_context, ZMQ_XPUB);
    zmq_setsockopt(bare_socket, ZMQ_SNDHWM, &high, sizeof high);
    zmq_setsockopt(bare_socket, ZMQ_XPUB_VERBOSER, &verbose, sizeof verbose);
    vw_check(zmq_bind(bare_socket, "tcp://127.0.0.1:*") == 0);
    zmq_getsockopt(bare_socket, ZMQ_LAST_ENDPOINT, endpoints[1], &size);
}

/* Sends nothing to nobody: both wait until their subscriber is there. */
static void await_readers(void)
{
    char word[64];

    vw_bench_thread(&readers[0], read_all, endpoints[0]);
    vw_bench_thread(&readers[1], read_all, endpoints[1]);
    zmq_recv(bare_socket, word, sizeof word, 0);
    while (counters.value[VW_COUNT_SUBSCRIPTIONS] == 0) {
        clock_ns += VW_NS_PER_MS;
        poll();
    }
}

static size_t open_publish(vw_bench_subject *to, const char *isa, const char **why)
{
    const vw_bench_subject subjects[] = {
        {"zmq_send of 1 row's bytes", run_bare, &size_of_one, SENDS, .rival = ""},
        {"publish, 1 row a message", run_publish_ones, NULL, SENDS,
         .rival = "zmq_send of 1 row's bytes"},
        {"zmq_send of 64 rows' bytes", run_bare, &size_of_all, SENDS * ROWS, .rival = ""},
        {"publish, 64 rows a message", run_publish_runs, NULL, SENDS * ROWS,
         .rival = "zmq_send of 64 rows' bytes"},
    };
    vw_message one = message_of(1), all = message_of(ROWS);

    (void)isa, (void)why;
    encoder = encoder != NULL ? encoder : vw_encoder_open();
    topic = vw_topic_of(VW_MESSAGE_GREEKS, &group, "");
    size_of_one = vw_encode(encoder, topic.name, &one).size;
    size_of_all = vw_encode(encoder, topic.name, &all).size;
    atomic_store(&closing, false);
    memcpy(bare_bytes, topic.name, sizeof topic.name);
    open_publisher();
    open_bare();
    await_readers();
    memcpy(to, subjects, sizeof subjects);
    return VW_COUNT_OF(subjects);
}

static void close_publish(void)
{
    atomic_store(&closing, true);
    pthread_join(readers[0], NULL);
    pthread_join(readers[1], NULL);
    vw_publisher_close(publisher);
    zmq_close(bare_socket);
    zmq_ctx_term(bare_context);
}

const vw_bench_group vw_bench_publish = {
    "publish",    "Messages over ZeroMQ, tcp on loopback, one subscriber that reads",
    "row",        "rows/s",
    open_publish, close_publish,
};
