/* publish: rows over ZeroMQ, tcp on loopback, to a subscriber that reads all of it.
 *
 * Each subject stands beside zmq_send of as many bytes.  `alone` is what a tick waits for: one
 * message to a peer that sleeps, until zmq_send returns.  The others send many, and the time is
 * until the subscriber has the last: what the sending thread takes of it depends on how soon
 * ZeroMQ's thread wakes up and is in its way, and says nothing.  Nothing is dropped and no subject
 * inherits another's queue.  ZeroMQ's threads and the subscribers have the other processors. */
#include "bench/subjects.h"
#include "core/base/clock.h"
#include "schemas/encode.h"
#include "schemas/publisher.h"
#include "schemas/topics.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zmq.h>

enum {
    ROWS_MAX = 256,
    TURN = 64,
    ALONE = 16,
    DEPTH = 4096,
    HIGH_WATER = 100000,
    PATIENCE_MS = 5000,
    OURS = 0,
    BARE = 1
};

/* A socket, who reads from it, and how many messages went each way. */
typedef struct line {
    char endpoint[64];
    pthread_t reader;
    uint64_t sent;
    alignas(VW_LINE_PAIR) _Atomic uint64_t received;
} line;

typedef struct job {
    size_t line, rows, messages;
    bool alone; /* each is awaited, and only its sending is timed */
} job;

static line lines[2];
static _Atomic bool closing;
static vw_publisher *publisher;
static vw_ring *updates;
static vw_counters counters;
static const vw_counters *all_counters = &counters;
static void *bare_context, *bare_socket;
static unsigned char bare_bytes[1 << 16];
static size_t bare_sizes[ROWS_MAX + 1]; /* of a frame of so many rows */
static const vw_group_row group = {.expiry = 20261218, .root = "SPXW", .settlement = 'P'};
static vw_greeks_row row;
static int64_t clock_ns = INT64_C(1694700000000000000);

static void *read_all(void *arg)
{
    line *of = arg;
    zmq_msg_t message;
    void *context = zmq_ctx_new(), *socket = zmq_socket(context, ZMQ_SUB);
    int patience_ms = 50, high = 0;

    zmq_setsockopt(socket, ZMQ_SUBSCRIBE, "greeks", 6); /* no heartbeats */
    zmq_setsockopt(socket, ZMQ_RCVHWM, &high, sizeof high);
    zmq_setsockopt(socket, ZMQ_RCVTIMEO, &patience_ms, sizeof patience_ms);
    vw_check(zmq_connect(socket, of->endpoint) == 0);
    zmq_msg_init(&message);
    while (!atomic_load(&closing)) {
        if (zmq_msg_recv(&message, socket, 0) > 0) {
            atomic_fetch_add_explicit(&of->received, 1, memory_order_release);
        }
    }
    zmq_msg_close(&message);
    zmq_close(socket);
    zmq_ctx_term(context);
    return NULL;
}

static void put(vw_update_kind kind, unsigned flags)
{
    vw_update *update = vw_ring_reserve(updates);

    vw_check(update != NULL);
    update->kind = (uint8_t)kind;
    update->flags = (uint8_t)flags;
    update->group = 0;
    update->exchange_ns = update->receive_ns = clock_ns;
    if (kind == VW_UPDATE_GROUP) {
        update->of_group = group;
    } else {
        update->greeks = row;
    }
    vw_ring_commit(updates);
}

static void poll(void)
{
    clock_ns += 100;
    vw_publisher_poll(publisher, clock_ns);
}

/* Ticks that wait for one turn share a message; a cut comes in runs, one a turn. */
static void publish_ticks(size_t rows)
{
    row.calc = VW_CALC_TICK;
    for (size_t i = 0; i < rows; i++) {
        put(VW_UPDATE_GREEKS, VW_UPDATE_FIRST | VW_UPDATE_LAST);
    }
    poll();
}

static void publish_cut(size_t rows)
{
    row.calc = VW_CALC_CUT;
    for (size_t i = 0; i < rows; i += TURN) {
        for (size_t j = 0; j < TURN; j++) {
            put(VW_UPDATE_GREEKS,
                (j == 0 ? VW_UPDATE_FIRST : 0u) | (j == TURN - 1 ? VW_UPDATE_LAST : 0u));
        }
        poll();
    }
}

static void await(line *of)
{
    int64_t start = vw_clock_monotonic_ns();

    while (atomic_load_explicit(&of->received, memory_order_acquire) < of->sent) {
        vw_check(vw_clock_monotonic_ns() - start < 60 * VW_NS_PER_SECOND); /* one was dropped */
        sched_yield();
    }
}

static void send(const job *of)
{
    lines[of->line].sent++;
    if (of->line == BARE) {
        zmq_send(bare_socket, bare_bytes, bare_sizes[of->rows], ZMQ_DONTWAIT);
    } else if (of->rows <= TURN) {
        publish_ticks(of->rows);
    } else {
        publish_cut(of->rows);
    }
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* The middle of them, so many times: a few wait for the kernel longer than all others together. */
static double run_alone(const void *context)
{
    const job *of = context;
    int64_t spent[ALONE];

    vw_check(of->messages == ALONE);
    for (size_t i = 0; i < ALONE; i++) {
        int64_t start = vw_clock_monotonic_ns();

        send(of);
        spent[i] = vw_clock_monotonic_ns() - start;
        await(&lines[of->line]);
    }
    qsort(spent, ALONE, sizeof spent[0], compare);
    return (double)(ALONE * (spent[ALONE / 2 - 1] + spent[ALONE / 2]) / 2);
}

static void run_all(const void *context)
{
    const job *of = context;

    for (size_t i = 0; i < of->messages; i++) {
        send(of);
    }
    await(&lines[of->line]);
}

static void open_publisher(void)
{
    int cpu = sched_getcpu();
    vw_publisher_config config = {.endpoint = "tcp://127.0.0.1:*",
                                  .high_water_mark = HIGH_WATER,
                                  .instruments_max = 64,
                                  .groups_max = 4,
                                  .avoid_cpus = cpu < 64 ? UINT64_C(1) << cpu : 0,
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
    snprintf(lines[OURS].endpoint, sizeof lines[OURS].endpoint, "%s",
             vw_publisher_endpoint(publisher));
    put(VW_UPDATE_GROUP, VW_UPDATE_FIRST | VW_UPDATE_LAST);
    poll();
}

static void open_bare(void)
{
    size_t size = sizeof lines[BARE].endpoint;
    int high = HIGH_WATER, verbose = 1, patience_ms = PATIENCE_MS;
    cpu_set_t others;

    bare_context = zmq_ctx_new();
    vw_machine_others(&others);
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (CPU_ISSET((size_t)cpu, &others)) {
            zmq_ctx_set(bare_context, ZMQ_THREAD_AFFINITY_CPU_ADD, cpu);
        }
    }
    bare_socket = zmq_socket(bare_context, ZMQ_XPUB);
    zmq_setsockopt(bare_socket, ZMQ_SNDHWM, &high, sizeof high);
    zmq_setsockopt(bare_socket, ZMQ_XPUB_VERBOSER, &verbose, sizeof verbose);
    zmq_setsockopt(bare_socket, ZMQ_RCVTIMEO, &patience_ms, sizeof patience_ms);
    vw_check(zmq_bind(bare_socket, "tcp://127.0.0.1:*") == 0);
    zmq_getsockopt(bare_socket, ZMQ_LAST_ENDPOINT, lines[BARE].endpoint, &size);
}

/* Both wait until their subscriber is there; what it was sent before does not count.  False where
 * there is no network to itself. */
static bool await_readers(void)
{
    int64_t end_ns = vw_clock_monotonic_ns() + PATIENCE_MS * VW_NS_PER_MS;
    char word[64];
    bool came;

    for (size_t i = 0; i < VW_COUNT_OF(lines); i++) {
        vw_bench_thread(&lines[i].reader, read_all, &lines[i]);
    }
    came = zmq_recv(bare_socket, word, sizeof word, 0) > 0;
    while (came && counters.value[VW_COUNT_SUBSCRIPTIONS] == 0) {
        clock_ns += VW_NS_PER_MS;
        poll();
        came = vw_clock_monotonic_ns() < end_ns;
    }
    return came;
}

/* What the bare line sends: our frames. */
static void make_bare_bytes(void)
{
    static const size_t counts[] = {1, TURN, ROWS_MAX};
    static vw_greeks_row rows[ROWS_MAX];
    vw_topic topic = vw_topic_of(VW_MESSAGE_GREEKS, &group, "");
    vw_encoder *encoder = vw_encoder_open();

    for (size_t i = 0; i < VW_COUNT_OF(counts); i++) {
        vw_message message = {.kind = VW_MESSAGE_GREEKS,
                              .epoch = 1,
                              .sequence = 2,
                              .exchange_ns = 3,
                              .receive_ns = 4,
                              .publish_ns = 5,
                              .source = "bench",
                              .group = group,
                              .greeks = rows,
                              .greeks_count = counts[i]};
        vw_frame frame = vw_encode(encoder, topic.name, &message);

        vw_check(frame.size <= sizeof bare_bytes);
        memcpy(bare_bytes, frame.bytes, frame.size);
        bare_sizes[counts[i]] = frame.size;
    }
    vw_encoder_close(encoder);
}

static vw_bench_subject subject_of(const char *name, const char *rival, const job *of)
{
    vw_bench_subject subject = {
        .name = name, .rival = rival, .context = of, .items = of->rows * of->messages};

    if (of->alone) {
        subject.run_ns = run_alone;
    } else {
        subject.run = run_all;
    }
    return subject;
}

static void close_group(void)
{
    atomic_store(&closing, true);
    for (size_t i = 0; i < VW_COUNT_OF(lines); i++) {
        pthread_join(lines[i].reader, NULL);
    }
    vw_publisher_close(publisher);
    zmq_close(bare_socket);
    zmq_ctx_term(bare_context);
}

static size_t open_group(vw_bench_subject *to, const char *isa, const char **why)
{
    static const struct {
        const char *bare, *ours;
        job jobs[2];
    } pairs[] = {
        {"zmq_send of 1 row, alone",
         "publish, 1 row, alone",
         {{BARE, 1, ALONE, true}, {OURS, 1, ALONE, true}}},
        {"zmq_send of 1 row",
         "publish, 1 row a message",
         {{BARE, 1, 2048, false}, {OURS, 1, 2048, false}}},
        {"zmq_send of 64 rows",
         "publish, 64 rows a message",
         {{BARE, TURN, 128, false}, {OURS, TURN, 128, false}}},
        {"zmq_send of 256 rows",
         "publish, 256 rows a message",
         {{BARE, ROWS_MAX, 64, false}, {OURS, ROWS_MAX, 64, false}}},
    };
    size_t count = 0;
    cpu_set_t others;

    (void)isa;
    if (vw_machine_others(&others) == 0) {
        *why = "needs two processors";
        return 0;
    }
    atomic_store(&closing, false);
    memset(lines, 0, sizeof lines);
    make_bare_bytes();
    open_publisher();
    open_bare();
    if (!await_readers()) {
        close_group();
        *why = "nothing is heard over tcp on loopback";
        return 0;
    }
    for (size_t i = 0; i < VW_COUNT_OF(pairs); i++) {
        to[count++] = subject_of(pairs[i].bare, "", &pairs[i].jobs[0]);
        to[count++] = subject_of(pairs[i].ours, pairs[i].bare, &pairs[i].jobs[1]);
    }
    return count;
}

const vw_bench_group vw_bench_publish = {
    "publish",   "Messages over ZeroMQ, tcp on loopback, one subscriber that reads",
    "row",       "rows/s",
    open_group,  close_group,
    .two = true,
};
