#include "bench/stages.h"

#include "bench/bench.h"
#include "bench/market.h"
#include "core/base/clock.h"
#include "schemas/decode.h"
#include "schemas/encode.h"
#include "schemas/staging.h"
#include "schemas/topics.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <zmq.h>

enum { GROUPS_MAX = 64, PENDING_MAX = 256, PORT = 31090, FRAME_MAX = 1 << 16 };

const char *const vw_stage_names[VW_STAGE_COUNT] = {"sender",
                                                    "receive",
                                                    "decode",
                                                    "ring",
                                                    "compute",
                                                    "encode",
                                                    "send",
                                                    "subscriber",
                                                    "kernel stamp to sent",
                                                    "intended to subscriber"};

static vw_histogram *stages;
static vw_market *market;
static vw_market_stream *stream;
static vw_reactor *reactor;
static vw_counters counters;
static vw_encoder *encoder;
static vw_staging staging;
static vw_group_row groups[GROUPS_MAX];
static vw_topic topics[GROUPS_MAX];
static uint16_t staged_group;
static void *socket_out;
static char endpoint[64], group_address[32];
static int64_t shift_ns;       /* the machine's clock minus the market's */
static int64_t second_ns;      /* of the market, as the datagrams have it */
static int64_t engine_done_ns; /* when the updates being sent were made */
static int64_t decoded_ns[PENDING_MAX];
static size_t pending; /* datagrams decoded, not yet computed */
static _Atomic bool sending, reading;
static double gap_ns;
static uint64_t sent;

static int64_t now(void)
{
    return vw_clock_realtime_ns() - shift_ns;
}

static void note(vw_stage stage, int64_t ns)
{
    vw_histogram_add(&stages[stage], ns);
}

/* ---- sender --------------------------------------------------------------------------------- */

static int open_sender(struct sockaddr_in *to)
{
    struct in_addr card = {htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);

    vw_check(setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &card, sizeof card) == 0);
    *to = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(PORT)};
    inet_pton(AF_INET, group_address, &to->sin_addr);
    return fd;
}

/* Market time is the intended time of sending; the Time message of a second goes with its first
 * datagram, through the same socket, because the feed is another thread's. */
static void *send_all(void *arg)
{
    struct sockaddr_in to;
    int fd = open_sender(&to);
    int64_t start = now();

    (void)arg;
    for (uint64_t n = 0; atomic_load_explicit(&sending, memory_order_relaxed); n++) {
        int64_t intended = start + (int64_t)((double)n * gap_ns);
        size_t i = n % VW_MARKET_PACKETS, size;
        unsigned char time[64];

        market->now_ns = intended;
        size = vw_market_time(market, time, sizeof time);
        if (size > 0) {
            sendto(fd, time, size, 0, (struct sockaddr *)&to, sizeof to);
        }
        vw_market_stamp(market, stream, i);
        while (now() < intended) {
            __builtin_ia32_pause();
        }
        sendto(fd, vw_market_datagram(stream, i), stream->sizes[i], 0, (struct sockaddr *)&to,
               sizeof to);
        sent = n + 1;
    }
    close(fd);
    return NULL;
}

/* ---- the polling loop ----------------------------------------------------------------------- */

static void send_staged(void)
{
    vw_message *message = vw_staging_take(&staging);
    int64_t made, done;
    vw_frame frame;

    message->epoch = 1; /* as a publisher: a field at its default takes the slow way */
    message->group = groups[staged_group];
    message->publish_ns = now();
    frame = vw_encode(encoder, topics[staged_group].name, message);
    made = now();
    zmq_send(socket_out, frame.bytes, frame.size, ZMQ_DONTWAIT);
    done = now();
    for (size_t i = 0; stages != NULL && i < staging.tick_count; i++) {
        note(VW_STAGE_ENCODE, made - engine_done_ns);
        note(VW_STAGE_SEND, done - made);
        note(VW_STAGE_PUBLISHED, done - staging.tick_receive_ns[i]);
    }
}

static void take(const vw_update *update)
{
    if (update->kind == VW_UPDATE_GROUP) {
        vw_check(update->group < GROUPS_MAX);
        groups[update->group] = update->of_group;
        topics[update->group] = vw_topic_of(VW_MESSAGE_GREEKS, &update->of_group, "");
        return;
    }
    if (staging.open && staging.whole &&
        (staged_group != update->group || !vw_staging_joins(&staging, update))) {
        send_staged();
    }
    staged_group = update->group;
    vw_staging_add(&staging, update);
}

static void send_updates(void)
{
    const vw_update *update;

    while ((update = vw_ring_peek(market->updates)) != NULL) {
        take(update);
        vw_ring_release(market->updates);
    }
    if (staging.open && staging.whole) {
        send_staged();
    }
}

static void compute(void)
{
    int64_t start = now();

    vw_engine_poll(market->engine, start);
    engine_done_ns = now();
    for (size_t i = 0; i < pending && stages != NULL; i++) {
        note(VW_STAGE_RING, start - decoded_ns[i]);
        note(VW_STAGE_COMPUTE, engine_done_ns - start);
    }
    pending = 0;
    send_updates();
}

static void pump(vw_market *of)
{
    market = of;
    compute();
}

/* The time that a datagram was meant to go at is in it: an offset in the second of the last Time.
 */
static int64_t intended_of(const unsigned char *payload, size_t size)
{
    vw_pitch_message message;
    size_t head = sizeof(vw_wire_block);

    if (size <= head ||
        vw_pitch_decode(VW_DIALECT_OPTIONS, payload + head, size - head, &message) <= 0) {
        return 0;
    }
    if (message.type == VW_PITCH_TIME) {
        second_ns = message.time.epoch * VW_NS_PER_SECOND;
        return 0;
    }
    return second_ns + message.time_offset_ns;
}

static bool handle(void *self, uint32_t socket, const unsigned char *payload, size_t size,
                   int64_t receive_ns)
{
    int64_t entered = now(), intended = intended_of(payload, size);

    (void)self, (void)socket;
    vw_feed_packet(market->feed, 0, 0, payload, size, receive_ns - shift_ns);
    if (intended > 0 && pending < PENDING_MAX) {
        decoded_ns[pending++] = now();
        note(VW_STAGE_SENDER, receive_ns - shift_ns - intended);
        note(VW_STAGE_RECEIVE, entered - (receive_ns - shift_ns));
        note(VW_STAGE_DECODE, decoded_ns[pending - 1] - entered);
    }
    return true;
}

static void poll_until(int64_t end_ns)
{
    bool drained;

    while (now() < end_ns) {
        vw_reactor_poll(reactor, vw_clock_realtime_ns(), &drained);
        compute();
    }
}

/* ---- subscriber ----------------------------------------------------------------------------- */

static void *subscribe(void *arg)
{
    static _Alignas(16) char frame[FRAME_MAX];
    void *context = zmq_ctx_new(), *socket = zmq_socket(context, ZMQ_SUB);
    vw_decoder *decoder = vw_decoder_open();
    int patience_ms = 50;
    char topic[VW_TOPIC_SIZE + 1];
    vw_message message;

    (void)arg;
    zmq_setsockopt(socket, ZMQ_SUBSCRIBE, "greeks.", 7);
    zmq_setsockopt(socket, ZMQ_RCVTIMEO, &patience_ms, sizeof patience_ms);
    vw_check(zmq_connect(socket, endpoint) == 0);
    while (atomic_load_explicit(&reading, memory_order_relaxed)) {
        int size = zmq_recv(socket, frame, sizeof frame, 0);

        if (size <= 0 || (size_t)size > sizeof frame ||
            !vw_decode(decoder, frame, (size_t)size, topic, &message)) {
            continue;
        }
        for (size_t i = 0; i < message.greeks_count; i++) {
            if (message.greeks[i].calc == VW_CALC_TICK &&
                message.greeks[i].receive_ns == message.receive_ns) {
                note(VW_STAGE_SUBSCRIBER, now() - message.publish_ns);
                note(VW_STAGE_ALL, now() - message.greeks[i].exchange_ns);
                break;
            }
        }
    }
    vw_decoder_close(decoder);
    zmq_close(socket);
    zmq_ctx_term(context);
    return NULL;
}

/* ---- */

static void open_out(void *context)
{
    size_t size = sizeof endpoint;
    cpu_set_t others;

    vw_machine_others(&others);
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (CPU_ISSET((size_t)cpu, &others)) {
            zmq_ctx_set(context, ZMQ_THREAD_AFFINITY_CPU_ADD, cpu);
        }
    }
    socket_out = zmq_socket(context, ZMQ_XPUB);
    vw_check(zmq_bind(socket_out, "tcp://127.0.0.1:*") == 0);
    zmq_getsockopt(socket_out, ZMQ_LAST_ENDPOINT, endpoint, &size);
}

static void open_reactor(void)
{
    vw_reactor_config config = {.spin = true,
                                .packets_per_poll = 64,
                                .receive_buffer = 8 << 20,
                                .counters = &counters,
                                .handle = handle};
    vw_reactor_socket at = {"bench", group_address, "127.0.0.1", PORT};
    vw_error error = {""};

    snprintf(group_address, sizeof group_address, "239.210.%d.%d", getpid() >> 8 & 255,
             getpid() & 255);
    reactor = vw_reactor_init(vw_bench_memory(vw_reactor_size()), &config);
    vw_check(vw_reactor_begin(reactor, &at, 1, &error) == VW_OK);
}

uint64_t vw_stages_run(double seconds, double datagrams_per_second,
                       vw_histogram histograms[VW_STAGE_COUNT])
{
    void *context = zmq_ctx_new();
    pthread_t sender, subscriber;
    char word[64];

    gap_ns = 1e9 / datagrams_per_second;
    encoder = vw_encoder_open();
    vw_staging_init(&staging, &counters);
    open_out(context);
    open_reactor();
    stream = vw_market_stream_make(1);
    market = vw_market_open(vw_kernels_get(NULL), pump);
    shift_ns = (vw_clock_realtime_ns() - market->now_ns) / VW_NS_PER_SECOND * VW_NS_PER_SECOND;
    atomic_store(&reading, true);
    atomic_store(&sending, true);
    second_ns = market->second_ns;
    stages = histograms;
    vw_bench_thread(&subscriber, subscribe, NULL);
    zmq_recv(socket_out, word, sizeof word, 0);
    vw_bench_thread(&sender, send_all, NULL);
    poll_until(now() + (int64_t)(seconds * 1e9));
    atomic_store(&sending, false);
    pthread_join(sender, NULL);
    poll_until(now() + 100 * VW_NS_PER_MS);
    atomic_store(&reading, false);
    pthread_join(subscriber, NULL);
    vw_reactor_end(reactor);
    zmq_close(socket_out);
    zmq_ctx_term(context);
    vw_encoder_close(encoder);
    return sent;
}
