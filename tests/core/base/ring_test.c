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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_that_make_no_ring_are_refused),
        cmocka_unit_test(a_full_ring_refuses_and_an_empty_one_has_nothing),
        cmocka_unit_test(two_threads_see_every_slot_whole_and_in_order),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
