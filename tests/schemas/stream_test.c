#include "schemas/publisher.h"

#include "core/base/clock.h"
#include "core/base/worker.h"
#include "schemas/subscriber.h"
#include "tests/check.h"
#include "tests/schemas/samples.h"

#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { DEPTH = 256, RUNS = 20000, RUN_MAX = 100, GROUPS = 3 };

static uint64_t draw(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

static vw_update *reserve(vw_ring *ring)
{
    vw_update *slot;

    while ((slot = vw_ring_reserve(ring)) == NULL) {
        sched_yield();
    }
    memset(slot, 0, sizeof *slot);
    slot->exchange_ns = SAMPLE_NS;
    slot->receive_ns = vw_clock_realtime_ns();
    return slot;
}

static void put_group(vw_ring *ring, uint16_t group)
{
    vw_update *slot = reserve(ring);

    slot->kind = VW_UPDATE_GROUP;
    slot->flags = VW_UPDATE_FIRST | VW_UPDATE_LAST;
    slot->group = group;
    slot->of_group = sample_group;
    slot->of_group.expiry += group;
    vw_ring_commit(ring);
}

/* Each row says which run it is of (sequence), its place (instrument) and the length (bid_size). */
static void put_run(vw_ring *ring, uint32_t run, uint32_t length, uint16_t group)
{
    for (uint32_t i = 0; i < length; i++) {
        vw_update *slot = reserve(ring);

        slot->kind = VW_UPDATE_GREEKS;
        slot->group = group;
        slot->flags =
            (uint8_t)((i == 0 ? VW_UPDATE_FIRST : 0) | (i + 1 == length ? VW_UPDATE_LAST : 0));
        slot->greeks = sample_greeks(i, length == 1 ? VW_CALC_TICK : VW_CALC_CUT);
        slot->greeks.sequence = run;
        slot->greeks.bid_size = length;
        vw_ring_commit(ring);
    }
}

typedef struct producer {
    vw_ring *ring;
    uint64_t seed;
} producer;

static void *produce(void *arg)
{
    producer *p = arg;

    for (uint32_t run = 0; run < RUNS; run++) {
        uint64_t number = draw(&p->seed);
        uint32_t length = number % 4 > 0 ? 1 : 1 + (uint32_t)(number >> 8) % RUN_MAX;

        put_run(p->ring, run, length, (uint16_t)(number >> 40) % GROUPS);
    }
    return NULL;
}

/* Checks that a message is whole runs in their order, all ticks or all of a cut; returns the next
 * run. */
static uint32_t check_message(const vw_message *message, uint32_t run)
{
    uint32_t place = 0;

    for (uint32_t i = 0; i < message->greeks_count; i++) {
        const vw_greeks_row *row = &message->greeks[i];

        assert_int_equal(row->calc, message->greeks[0].calc);
        assert_int_equal(row->sequence, run);
        assert_int_equal(row->instrument, place);
        place++;
        if (place == row->bid_size) {
            run++;
            place = 0;
        }
    }
    assert_int_equal(place, 0);
    return run;
}

static void *aligned(size_t size)
{
    void *mem = aligned_alloc(VW_LINE_PAIR, vw_round_up(size, VW_LINE_PAIR));

    assert_non_null(mem);
    return memset(mem, 0, size);
}

static uint32_t follow(vw_subscriber *subscriber, producer *p, pthread_t *thread)
{
    uint32_t run = 0;
    bool started = false;
    int64_t until_ns = vw_clock_monotonic_ns() + 120 * VW_NS_PER_SECOND;

    while (run < RUNS && vw_clock_monotonic_ns() < until_ns) {
        vw_received received;

        if (vw_subscriber_poll(subscriber, 100, &received) != VW_SUBSCRIBER_MESSAGE) {
            assert_int_not_equal(received.event, VW_SUBSCRIBER_GAP);
            assert_int_not_equal(received.event, VW_SUBSCRIBER_MALFORMED);
        } else if (received.message->kind == VW_MESSAGE_GREEKS) {
            run = check_message(received.message, run);
        } else if (received.message->kind == VW_MESSAGE_HEARTBEAT && !started) {
            started = true; /* surely joined: nothing is lost from here on */
            assert_int_equal(pthread_create(thread, NULL, produce, p), 0);
        }
    }
    return run;
}

static void runs_arrive_whole_and_in_order_from_thread_to_thread(void **state)
{
    vw_ring *ring =
        vw_ring_init(aligned(vw_ring_size(DEPTH, sizeof(vw_update))), DEPTH, sizeof(vw_update));
    vw_counters *counters = aligned(sizeof *counters);
    const vw_counters *const blocks[] = {counters};
    vw_publisher_config config = {.endpoint = "tcp://127.0.0.1:*",
                                  .high_water_mark = 1000000,
                                  .instruments_max = 128,
                                  .groups_max = GROUPS,
                                  .heartbeat_ns = VW_NS_PER_SECOND / 10,
                                  .source = "synthetic",
                                  .book = "main",
                                  .in = ring,
                                  .counters = counters,
                                  .all_counters = blocks,
                                  .all_counters_count = 1};
    producer p = {.ring = ring, .seed = (uint64_t)time(NULL) * 2654435761u + 1};
    vw_worker worker = {.name = "publisher", .cpu = -1, .poll_count = 1};
    vw_publisher *publisher;
    vw_subscriber *subscriber;
    vw_error error;
    pthread_t thread;

    (void)state;
    print_message("seed %llu\n", (unsigned long long)p.seed);
    for (uint16_t group = 0; group < GROUPS; group++) {
        put_group(ring, group);
    }
    assert_int_equal(vw_publisher_open(&config, &publisher, &error), VW_OK);
    worker.polls[0] = (vw_poll){vw_publisher_poll, publisher, vw_publisher_begin};
    assert_int_equal(vw_worker_start(&worker, &error), VW_OK);
    assert_int_equal(
        vw_subscriber_open(vw_publisher_endpoint(publisher), NULL, 0, &subscriber, &error), VW_OK);
    assert_int_equal(follow(subscriber, &p, &thread), RUNS);
    pthread_join(thread, NULL);
    vw_worker_stop(&worker);
    vw_worker_join(&worker);
    assert_int_equal(vw_counters_get(counters, VW_COUNT_SENDS_FAILED), 0);
    vw_subscriber_close(subscriber);
    vw_publisher_close(publisher);
    free(counters);
    free(ring);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_arrive_whole_and_in_order_from_thread_to_thread),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
