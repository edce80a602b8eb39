/* ring: messages of 64 bytes from one processor to another, and there and back.
 *
 * The producer makes every message, the consumer reads all of it: in the slot with our ring, which
 * is what it is for; into and out of a message of its own with those that copy.  A consumer thread
 * of the group waits, spinning, for each subject's turn. */
#include "core/base/ring.h"
#include "bench/rivals/rivals.h"
#include "bench/subjects.h"

#include <pthread.h>
#include <sched.h>
#include <unistd.h>

enum { MESSAGES = 1 << 15, TRIPS = 1 << 10, DEPTH = 4096, TRIP_DEPTH = 64, PLACES = 8 };

/* What the two threads do at the same time. */
typedef struct job {
    const vw_rival_queue *queue;
    void *there[PLACES], *back[PLACES]; /* back NULL: throughput */
    size_t batch;
    size_t passes, place; /* the producer's, written before it posts */
} job;

static _Atomic(const job *) posted;
static _Atomic uint64_t received;
static _Atomic bool closing;
static pthread_t consumer;

static void *open_ring(size_t depth)
{
    size_t size = vw_ring_size(depth, sizeof(vw_rival_message));

    return vw_ring_init(vw_bench_memory(size), depth, sizeof(vw_rival_message));
}

static void send_single(vw_ring *ring, uint64_t count)
{
    for (uint64_t n = 0; n < count; n++) {
        vw_rival_message *slot;

        while ((slot = vw_ring_reserve(ring)) == NULL) {
            __builtin_ia32_pause();
        }
        vw_rival_fill(slot, n);
        vw_ring_commit(ring);
    }
}

static void send_runs(vw_ring *ring, uint64_t count, uint64_t batch)
{
    for (uint64_t n = 0; n < count;) {
        uint64_t run = count - n < batch ? count - n : batch;
        vw_rival_message *slots = vw_ring_reserve_run(ring, &run);

        for (uint64_t i = 0; i < run; i++) {
            vw_rival_fill(&slots[i], n + i);
        }
        if (run > 0) {
            vw_ring_commit_run(ring, run);
        } else {
            __builtin_ia32_pause();
        }
        n += run;
    }
}

static void send(void *ring, uint64_t count, size_t batch)
{
    if (batch == 1) {
        send_single(ring, count);
    } else {
        send_runs(ring, count, batch);
    }
}

static uint64_t receive_single(vw_ring *ring, uint64_t count)
{
    uint64_t sum = 0;

    for (uint64_t n = 0; n < count; n++) {
        const vw_rival_message *slot;

        while ((slot = vw_ring_peek(ring)) == NULL) {
            __builtin_ia32_pause();
        }
        sum += vw_rival_sum(slot);
        vw_ring_release(ring);
    }
    return sum;
}

static uint64_t receive_runs(vw_ring *ring, uint64_t count, uint64_t batch)
{
    uint64_t sum = 0;

    for (uint64_t n = 0; n < count;) {
        uint64_t run = batch;
        const vw_rival_message *slots = vw_ring_peek_run(ring, &run);

        for (uint64_t i = 0; i < run; i++) {
            sum += vw_rival_sum(&slots[i]);
        }
        if (run > 0) {
            vw_ring_release_run(ring, run);
        } else {
            __builtin_ia32_pause();
        }
        n += run;
    }
    return sum;
}

static uint64_t receive(void *ring, uint64_t count, size_t batch)
{
    return batch == 1 ? receive_single(ring, count) : receive_runs(ring, count, batch);
}

static const vw_rival_queue ours = {"vegawire", open_ring, send, receive};

static uint64_t consume(const job *of)
{
    uint64_t sum = 0;

    if (of->back[0] == NULL) {
        return of->queue->receive(of->there[of->place], MESSAGES, of->batch);
    }
    for (int i = 0; i < TRIPS; i++) {
        sum += of->queue->receive(of->there[of->place], 1, 1);
        of->queue->send(of->back[of->place], 1, 1);
    }
    return sum;
}

static void *run_consumer(void *arg)
{
    (void)arg;
    while (!atomic_load_explicit(&closing, memory_order_acquire)) {
        const job *next = atomic_load_explicit(&posted, memory_order_acquire);

        if (next != NULL) {
            atomic_store_explicit(&received, consume(next), memory_order_relaxed);
            atomic_store_explicit(&posted, NULL, memory_order_release);
        } else {
            __builtin_ia32_pause();
        }
    }
    return NULL;
}

/* It begins on its processor: on ours, a real-time producer would never let it run. */
static void start_consumer(int cpu)
{
    pthread_attr_t attributes;
    cpu_set_t set;

    CPU_ZERO(&set);
    CPU_SET((size_t)cpu, &set);
    pthread_attr_init(&attributes);
    pthread_attr_setaffinity_np(&attributes, sizeof set, &set);
    atomic_store(&closing, false);
    vw_check(pthread_create(&consumer, &attributes, run_consumer, NULL) == 0);
    pthread_attr_destroy(&attributes);
}

static void post(job *next)
{
    next->place = next->passes++ / 2 % PLACES;
    atomic_store_explicit(&posted, next, memory_order_release);
}

static void await(void)
{
    while (atomic_load_explicit(&posted, memory_order_acquire) != NULL) {
        __builtin_ia32_pause();
    }
}

static void run_throughput(const void *context)
{
    job *of = (job *)(uintptr_t)context;

    post(of);
    of->queue->send(of->there[of->place], MESSAGES, of->batch);
    await();
    /* The sum of n + i over all messages n and words i. */
    vw_check(atomic_load(&received) == UINT64_C(8) * MESSAGES * (MESSAGES - 1) / 2 + 28 * MESSAGES);
}

static void run_round_trip(const void *context)
{
    job *of = (job *)(uintptr_t)context;

    post(of);
    for (int i = 0; i < TRIPS; i++) {
        of->queue->send(of->there[of->place], 1, 1);
        of->queue->receive(of->back[of->place], 1, 1);
    }
    await();
}

static vw_bench_subject subject_of(const vw_rival_queue *queue, const char *what, size_t batch,
                                   bool trip)
{
    job *of;

    if (queue == NULL || (queue == &vw_rival_ck && batch > 1)) {
        return (vw_bench_subject){.name = what};
    }
    of = vw_bench_memory(sizeof *of);
    *of = (job){.queue = queue, .batch = batch};
    for (size_t i = 0; i < PLACES; i++) {
        of->there[i] = queue->open(trip ? TRIP_DEPTH : DEPTH);
        of->back[i] = trip ? queue->open(TRIP_DEPTH) : NULL;
    }
    return (vw_bench_subject){.name = vw_bench_name("%s, %s", queue->name, what),
                              .run = trip ? run_round_trip : run_throughput,
                              .context = of,
                              .items = trip ? TRIPS : MESSAGES};
}

static size_t open_group(vw_bench_subject *to, const char *isa, const char **why)
{
    static const struct {
        const char *what;
        size_t batch;
        bool trip;
    } kinds[] = {{"one at a time", 1, false},
                 {"32 at a time", VW_RIVAL_BATCH, false},
                 {"there and back", 1, true}};
    const vw_rival_queue *const queues[] = {&vw_rival_boost, &vw_rival_ck, &ours};
    cpu_set_t others;
    int cpu = sched_getcpu();
    size_t count = 0;

    (void)isa;
    if (vw_machine_others(&others) == 0) {
        *why = "needs two processors";
        return 0;
    }
    do { /* the next one */
        cpu = (cpu + 1) % CPU_SETSIZE;
    } while (!CPU_ISSET((size_t)cpu, &others));
    start_consumer(cpu);
    for (size_t k = 0; k < VW_COUNT_OF(kinds); k++) {
        const char *rival = vw_bench_name("Boost spsc_queue, %s", kinds[k].what);

        for (size_t q = 0; q < VW_COUNT_OF(queues); q++) {
            to[count] = subject_of(queues[q], kinds[k].what, kinds[k].batch, kinds[k].trip);
            to[count++].rival = rival;
        }
    }
    return count;
}

static void close_group(void)
{
    atomic_store_explicit(&closing, true, memory_order_release);
    pthread_join(consumer, NULL);
}

const vw_bench_group vw_bench_ring = {
    "ring",      "Ring, 64-byte messages between two processors",
    "message",   "messages/s",
    open_group,  close_group,
    .two = true,
};
