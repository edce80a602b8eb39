/* pipeline: from the bytes of a datagram to the bytes of a message, all in memory.
 *
 * Feed, engine, staging and encoder in one loop, as the single polling thread runs them.  Between
 * datagrams the loop has idle turns, in which the engine makes its cuts and smiles; the stamps are
 * around what a datagram sets off itself.  Bursts come without idle turns in datagrams of 40
 * messages, 64 of them before the engine gets a turn; the time from the first of them to the last
 * update is the age of the newest quote when it has been re-marked.  Each has a market of its own:
 * the smiles that a burst leaves to be fitted are not made in the other's idle turns. */
#include "bench/market.h"
#include "bench/rivals/rivals.h"
#include "bench/subjects.h"
#include "core/base/clock.h"
#include "schemas/encode.h"
#include "schemas/staging.h"
#include "schemas/topics.h"

#include <string.h>

enum { BURST_MESSAGES = 40, BURST = 64, GROUPS_MAX = 64, IDLE_TURNS = 4 };

/* What the publisher does, up to zmq_send. */
typedef struct sender {
    vw_encoder *encoder;
    vw_staging staging;
    vw_group_row groups[GROUPS_MAX];
    vw_topic topics[GROUPS_MAX];
    uint16_t group;
    uint64_t messages, bytes, ticks;
} sender;

static sender out;
static vw_market *market, *idle_market, *burst_market, *feed_alone; /* market: being pumped */
static vw_market_stream *ones, *many;
static vw_histogram latency, burst_latency;

static void send_staged(void)
{
    vw_message *message = vw_staging_take(&out.staging);
    const char *topic = out.topics[out.group].name;
    vw_frame frame;

    message->epoch = 1; /* as a publisher: a field at its default takes the slow way */
    message->sequence = ++out.messages;
    message->group = out.groups[out.group];
    message->publish_ns = market->now_ns;
    memcpy(message->source, "bench", 6);
    frame = vw_encode(out.encoder, topic, message);
    out.bytes += frame.size;
}

static void take(const vw_update *update)
{
    if (update->kind == VW_UPDATE_GROUP) {
        vw_check(update->group < GROUPS_MAX);
        out.groups[update->group] = update->of_group;
        out.topics[update->group] = vw_topic_of(VW_MESSAGE_GREEKS, &update->of_group, "");
        return;
    }
    if (out.staging.open && out.staging.whole &&
        (out.group != update->group || !vw_staging_joins(&out.staging, update))) {
        send_staged();
    }
    out.group = update->group;
    out.ticks += update->kind == VW_UPDATE_GREEKS && update->greeks.calc == VW_CALC_TICK;
    vw_staging_add(&out.staging, update);
}

static void take_updates(const vw_market *from)
{
    const vw_update *updates;
    uint64_t run;

    while (run = 32, (updates = vw_ring_peek_run(from->updates, &run)) != NULL) {
        for (uint64_t i = 0; i < run; i++) {
            take(&updates[i]);
        }
        vw_ring_release_run(from->updates, run);
    }
    if (out.staging.open && out.staging.whole) {
        send_staged();
    }
}

static void pump(vw_market *of)
{
    market = of;
    vw_engine_poll(of->engine, of->now_ns);
    take_updates(of);
}

static void drop_events(vw_market *of)
{
    uint64_t run;

    while (run = 64, vw_ring_peek_run(of->events, &run) != NULL) {
        vw_ring_release_run(of->events, run);
    }
}

static void run_feed(const void *context)
{
    (void)context;
    for (size_t i = 0; i < VW_MARKET_PACKETS; i++) {
        vw_market_next(feed_alone, ones, i);
        vw_market_receive(feed_alone, ones, i);
        drop_events(feed_alone);
    }
}

static void run_packets(const void *context)
{
    (void)context;
    for (size_t i = 0; i < VW_MARKET_PACKETS; i++) {
        int64_t start;

        vw_market_next(idle_market, ones, i);
        start = vw_clock_monotonic_ns();
        vw_market_receive(idle_market, ones, i);
        pump(idle_market);
        vw_histogram_add(&latency, vw_clock_monotonic_ns() - start);
        for (int turn = 0; turn < IDLE_TURNS; turn++) {
            pump(idle_market);
        }
    }
}

static void run_burst(const void *context)
{
    (void)context;
    for (size_t i = 0; i < VW_MARKET_PACKETS; i += BURST) {
        int64_t start = vw_clock_monotonic_ns();

        for (size_t j = i; j < i + BURST; j++) {
            vw_market_next(burst_market, many, j);
            vw_market_receive(burst_market, many, j);
        }
        while (vw_ring_free(burst_market->events) <= burst_market->events->mask) {
            pump(burst_market);
        }
        vw_histogram_add(&burst_latency, vw_clock_monotonic_ns() - start);
    }
}

static void run_absorb(const void *context)
{
    (void)context;
    for (size_t i = 0; i < VW_MARKET_PACKETS; i++) {
        vw_market_next(feed_alone, many, i);
        vw_market_receive(feed_alone, many, i);
        drop_events(feed_alone);
    }
}

static size_t open_group(vw_bench_subject *to, const char *isa, const char **why)
{
    static const size_t burst_items = (size_t)VW_MARKET_PACKETS * BURST_MESSAGES;
    const vw_bench_subject subjects[] = {
        {"feed alone: 1 message", run_feed, NULL, VW_MARKET_PACKETS, .rival = ""},
        {"datagram to message, with idle turns", run_packets, NULL, VW_MARKET_PACKETS, .rival = "",
         .latency = &latency},
        {"feed alone: datagrams of 40", run_absorb, NULL, burst_items, .rival = ""},
        {"burst: datagrams of 40, engine too", run_burst, NULL, burst_items,
         .rival = "feed alone: datagrams of 40", .latency = &burst_latency},
    };

    (void)why;
    if (out.encoder == NULL) {
        static vw_counters counters;

        out.encoder = vw_encoder_open();
        vw_staging_init(&out.staging, &counters);
        ones = vw_market_stream_make(1);
        many = vw_market_stream_make(BURST_MESSAGES);
        feed_alone = vw_market_open(NULL, drop_events);
        idle_market = vw_market_open(vw_kernels_get(isa), pump);
        burst_market = vw_market_open(vw_kernels_get(isa), pump);
    }
    memcpy(to, subjects, sizeof subjects);
    return VW_COUNT_OF(subjects);
}

/* Nothing was lost on the way and quotes were priced, or the figures are of something else. */
static void close_group(void)
{
    const vw_counters *counters[] = {&idle_market->counters, &burst_market->counters};

    vw_check(vw_counters_losses(counters, VW_COUNT_OF(counters)) == 0);
    vw_check(out.ticks > VW_MARKET_PACKETS);
}

const vw_bench_group vw_bench_pipeline = {
    "pipeline",        "Datagrams to messages, in memory",
    "quote",           "quotes/s",
    open_group,        close_group,
    .latencies = true,
};
