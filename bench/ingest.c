/* ingest: lines A and B over loopback multicast into one feed thread, as fast as one thread sends.
 *
 * A thread sends every datagram, of one message, to both lines, with nothing between its calls but
 * the next sequence number and price.  The first subject is that alone: the datagrams wait in the
 * sockets and are taken out when the time has been taken.  In the others a feed polls
 * meanwhile: reactor, arbiter, book and events; the time ends with the last datagram.  Where it is
 * the first's, the feed takes all that can be sent.  Every message is counted for once; what was
 * lost is said at the end, and nothing where nothing was. */
#include "bench/market.h"
#include "bench/subjects.h"
#include "core/base/clock.h"
#include "core/base/log.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LINES = 2, WAYS = 2 };
#define PATIENCE_NS (500 * VW_NS_PER_MS) /* after which what has not come never will */

typedef struct place {
    vw_market *market;
    vw_line_config lines[LINES];
    struct sockaddr_in to[LINES];
    uint64_t sent, taken; /* datagrams, both lines */
} place;

/* What the sending thread is told, and says. */
typedef struct job {
    place *at;
    int64_t start_ns, end_ns;
    _Atomic bool done;
} job;

static const vw_io ways[WAYS] = {VW_IO_RECVMMSG, VW_IO_URING};
static place places[WAYS];
static vw_market_stream *stream;
static int sender;

static void *send_all(void *arg)
{
    job *self = arg;
    place *at = self->at;

    self->start_ns = vw_clock_monotonic_ns();
    for (size_t i = 0; i < VW_MARKET_PACKETS; i++) {
        vw_market_stamp(at->market, stream, i);
        for (size_t line = 0; line < LINES; line++) {
            ssize_t size = sendto(sender, vw_market_datagram(stream, i), stream->sizes[i], 0,
                                  (struct sockaddr *)&at->to[line], sizeof at->to[line]);

            at->sent += size == (ssize_t)stream->sizes[i];
        }
    }
    self->end_ns = vw_clock_monotonic_ns();
    atomic_store(&self->done, true);
    return NULL;
}

static void drop_events(vw_market *of)
{
    uint64_t run;

    while (run = 64, vw_ring_peek_run(of->events, &run) != NULL) {
        vw_ring_release_run(of->events, run);
    }
}

static void poll_once(place *at)
{
    at->taken += vw_feed_poll(at->market->feed, vw_clock_realtime_ns());
    drop_events(at->market);
}

/* take_all polls until all that the sender has sent, or will ever come, is here; returns when. */
static int64_t take_all(job *of)
{
    int64_t last_ns = vw_clock_monotonic_ns();

    for (;;) {
        uint64_t before = of->at->taken;
        bool done = atomic_load(&of->done);

        poll_once(of->at);
        if (of->at->taken > before) {
            last_ns = vw_clock_monotonic_ns();
        }
        if (done &&
            (of->at->taken >= of->at->sent || vw_clock_monotonic_ns() - last_ns > PATIENCE_NS)) {
            of->at->taken = of->at->sent; /* what was lost is not waited for again */
            return last_ns;
        }
    }
}

static double run_alone(const void *context)
{
    job work = {.at = (place *)(uintptr_t)context};
    pthread_t thread;

    vw_bench_thread(&thread, send_all, &work);
    pthread_join(thread, NULL);
    take_all(&work);
    return (double)(work.end_ns - work.start_ns);
}

static double run_feed(const void *context)
{
    job work = {.at = (place *)(uintptr_t)context};
    pthread_t thread;

    vw_bench_thread(&thread, send_all, &work);
    int64_t end_ns = take_all(&work);

    pthread_join(thread, NULL);
    return (double)(end_ns - work.start_ns);
}

/* False where the system refuses the way. */
static bool open_place(place *at, size_t way)
{
    for (size_t line = 0; line < LINES; line++) {
        vw_line_config *config = &at->lines[line];

        *config = (vw_line_config){.interface = "127.0.0.1"};
        config->port = (uint16_t)(31010 + 2 * way + line);
        snprintf(config->group, sizeof config->group, "239.208.%d.%d", getpid() >> 8 & 255,
                 getpid() & 255);
        at->to[line] = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(config->port)};
        inet_pton(AF_INET, config->group, &at->to[line].sin_addr);
    }
    at->market = vw_market_open_lines(at->lines, ways[way], drop_events);
    return vw_feed_begin(at->market->feed, NULL) == VW_OK;
}

static size_t open_group(vw_bench_subject *to, const char *isa, const char **why)
{
    static const size_t items = (size_t)LINES * VW_MARKET_PACKETS;
    struct in_addr card = {htonl(INADDR_LOOPBACK)};
    cpu_set_t others;
    bool here[WAYS];

    (void)isa;
    if (vw_machine_others(&others) == 0) { /* a real-time feed would never let its sender run */
        *why = "needs two processors";
        return 0;
    }
    sender = socket(AF_INET, SOCK_DGRAM, 0);
    if (setsockopt(sender, IPPROTO_IP, IP_MULTICAST_IF, &card, sizeof card) != 0) {
        *why = "no multicast over loopback";
        return 0;
    }
    stream = vw_market_stream_make(1);
    for (size_t way = 0; way < WAYS; way++) {
        here[way] = open_place(&places[way], way);
    }
    const vw_bench_subject subjects[] = {
        {"sender alone", .context = &places[0], .items = items, .run_ns = run_alone},
        {"sender and feed, recvmmsg", .context = &places[0], .items = items, .run_ns = run_feed},
        {"sender and feed, io_uring", .context = &places[1], .items = items,
         .run_ns = here[1] ? run_feed : NULL},
    };

    memcpy(to, subjects, sizeof subjects);
    return VW_COUNT_OF(subjects);
}

/* Says what was lost, if anything was. */
static void count(const place *at, const char *way)
{
    const vw_counters *counters = &at->market->counters;
    uint64_t in = vw_counters_get(counters, VW_COUNT_MESSAGES_IN);
    uint64_t counted = vw_counters_get(counters, VW_COUNT_MESSAGES_ACCEPTED) +
                       vw_counters_get(counters, VW_COUNT_MESSAGES_DUPLICATE) +
                       vw_counters_get(counters, VW_COUNT_MESSAGES_LATE) +
                       vw_counters_get(counters, VW_COUNT_MESSAGES_MALFORMED);
    uint64_t dropped = vw_counters_get(counters, VW_COUNT_SOCKET_DROPS);
    uint64_t missed = vw_counters_get(counters, VW_COUNT_MESSAGES_MISSED);

    vw_check(in == counted);
    if (dropped + missed > 0) {
        vw_log("ingest, %s: %" PRIu64 " datagrams sent, %" PRIu64 " dropped by the kernel, %" PRIu64
               " messages missed",
               way, at->sent, dropped, missed);
    }
}

static void close_group(void)
{
    for (size_t way = 0; way < WAYS; way++) {
        if (places[way].sent > 0) {
            count(&places[way], ways[way] == VW_IO_URING ? "io_uring" : "recvmmsg");
        }
        vw_feed_end(places[way].market->feed);
    }
    close(sender);
}

const vw_bench_group vw_bench_ingest = {
    "ingest",    "Lines A and B over loopback multicast into one feed thread",
    "datagram",  "datagrams/s",
    open_group,  close_group,
    .two = true,
};
