#include "core/base/ring.h"

#include "tests/check.h"

#include <pthread.h>
#include <stdlib.h>

enum { DEPTH = 1024, EVENTS = 2000000 };

static vw_ring *make_ring(void)
{
    size_t size = vw_ring_size(DEPTH, 16);

    return vw_ring_init(aligned_alloc(VW_LINE_PAIR, vw_round_up(size, VW_LINE_PAIR)), DEPTH, 16);
}

static void sizes_that_make_no_ring_are_refused(void **state)
{
    (void)state;
    assert_int_equal(vw_ring_size(1000, 16), 0);
    assert_int_equal(vw_ring_size(1024, 12), 0);
    assert_int_equal(vw_ring_size(1, 16), 0);
    assert_int_equal(vw_ring_size(1024, 8192), 0);
}

static void a_full_ring_refuses_and_an_empty_one_has_nothing(void **state)
{
    vw_ring *ring = make_ring();

    (void)state;
    for (int i = 0; i < DEPTH; i++) {
        assert_int_equal(vw_ring_free(ring), DEPTH - i);
        assert_non_null(vw_ring_reserve(ring));
        vw_ring_commit(ring);
    }
    assert_null(vw_ring_reserve(ring));
    assert_int_equal(vw_ring_free(ring), 0);
    for (int i = 0; i < DEPTH; i++) {
        assert_non_null(vw_ring_peek(ring));
        vw_ring_release(ring);
    }
    assert_null(vw_ring_peek(ring));
    free(ring);
}

static void *produce(void *arg)
{
    vw_ring *ring = arg;

    for (uint64_t i = 0; i < EVENTS;) {
        uint64_t *slot = vw_ring_reserve(ring);

        if (slot != NULL) {
            slot[0] = i;
            slot[1] = ~i;
            vw_ring_commit(ring);
            i++;
        }
    }
    return NULL;
}

static void two_threads_see_every_slot_whole_and_in_order(void **state)
{
    vw_ring *ring = make_ring();
    pthread_t thread;

    (void)state;
    assert_int_equal(pthread_create(&thread, NULL, produce, ring), 0);
    for (uint64_t i = 0; i < EVENTS;) {
        const uint64_t *slot = vw_ring_peek(ring);

        if (slot != NULL) {
            vw_check(slot[0] == i && slot[1] == ~i);
            vw_ring_release(ring);
            i++;
        }
    }
    pthread_join(thread, NULL);
    free(ring);
}

static void a_run_ends_where_the_ring_does_and_where_it_is_full(void **state)
{
    vw_ring *ring = make_ring();
    uint64_t run = 1000;

    (void)state;
    assert_non_null(vw_ring_reserve_run(ring, &run));
    assert_int_equal(run, 1000);
    vw_ring_commit_run(ring, run);
    assert_non_null(vw_ring_reserve_run(ring, &run));
    assert_int_equal(run, DEPTH - 1000);
    vw_ring_commit_run(ring, 4); /* fewer than asked for */
    run = 5;
    assert_non_null(vw_ring_peek_run(ring, &run));
    assert_int_equal(run, 5);
    vw_ring_release_run(ring, run);
    run = DEPTH;
    assert_non_null(vw_ring_peek_run(ring, &run));
    assert_int_equal(run, 999);
    vw_ring_release_run(ring, run);
    assert_int_equal(vw_ring_free(ring), DEPTH);
    run = DEPTH;
    assert_null(vw_ring_peek_run(ring, &run));
    assert_int_equal(run, 0);
    for (int i = 0; i < 2; i++) { /* up to the end of the memory, then from its begin */
        run = DEPTH;
        assert_non_null(vw_ring_reserve_run(ring, &run));
        assert_int_equal(run, i == 0 ? DEPTH - 1004 : 1004);
        vw_ring_commit_run(ring, run);
    }
    run = 1;
    assert_null(vw_ring_reserve_run(ring, &run));
    assert_int_equal(run, 0);
    free(ring);
}

/* Runs of lengths that share no factor, against single slots on the other side and with it. */
static void *produce_runs(void *arg)
{
    vw_ring *ring = arg;

    for (uint64_t i = 0; i < EVENTS;) {
        uint64_t run = 1 + i % 37 < EVENTS - i ? 1 + i % 37 : EVENTS - i;
        uint64_t *slots = vw_ring_reserve_run(ring, &run);

        for (uint64_t j = 0; j < run; j++, i++) {
            slots[2 * j] = i;
            slots[2 * j + 1] = ~i;
        }
        if (run > 0) {
            vw_ring_commit_run(ring, run);
        }
    }
    return NULL;
}

static void two_threads_see_runs_whole_and_in_order(void **state)
{
    vw_ring *ring = make_ring();
    pthread_t thread;

    (void)state;
    assert_int_equal(pthread_create(&thread, NULL, produce_runs, ring), 0);
    for (uint64_t i = 0; i < EVENTS;) {
        uint64_t run = 1 + i % 41;
        const uint64_t *slots = vw_ring_peek_run(ring, &run);

        for (uint64_t j = 0; j < run; j++, i++) {
            vw_check(slots[2 * j] == i && slots[2 * j + 1] == ~i);
        }
        if (run > 0) {
            vw_ring_release_run(ring, run);
        }
    }
    pthread_join(thread, NULL);
    free(ring);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_that_make_no_ring_are_refused),
        cmocka_unit_test(a_full_ring_refuses_and_an_empty_one_has_nothing),
        cmocka_unit_test(two_threads_see_every_slot_whole_and_in_order),
        cmocka_unit_test(a_run_ends_where_the_ring_does_and_where_it_is_full),
        cmocka_unit_test(two_threads_see_runs_whole_and_in_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
