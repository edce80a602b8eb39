#include "core/base/arena.h"
#include "core/base/clock.h"
#include "core/base/counters.h"
#include "core/base/histogram.h"
#include "core/base/status.h"
#include "core/base/worker.h"

#include "tests/check.h"

#include <string.h>

static void the_arena_gives_aligned_zeroed_memory_until_it_is_sealed(void **state)
{
    vw_arena arena;
    vw_error error = {""};
    unsigned char *first, *second;

    (void)state;
    assert_int_equal(vw_arena_open(&arena, 10000, &error), VW_OK);
    first = vw_arena_take(&arena, 100);
    second = vw_arena_take(&arena, 100);
    assert_int_equal((uintptr_t)second % VW_LINE_PAIR, 0);
    assert_true(second >= first + 100);
    for (int i = 0; i < 100; i++) {
        assert_int_equal(second[i], 0);
    }
    vw_arena_seal(&arena);
    assert_true(arena.sealed);
    vw_arena_close(&arena);
}

static void an_impossible_arena_is_an_error_with_its_size(void **state)
{
    vw_arena arena;
    vw_error error = {""};

    (void)state;
    assert_int_equal(vw_arena_open(&arena, (size_t)1 << 60, &error), VW_ERR_SYSTEM);
    assert_non_null(strstr(error.text, "1152921504606846976"));
}

static void percentiles_are_right_to_three_percent(void **state)
{
    static vw_histogram histogram;

    (void)state;
    assert_int_equal(vw_histogram_percentile(&histogram, 0.5), 0);
    for (int64_t i = 1; i <= 1000000; i++) {
        vw_histogram_add(&histogram, i);
    }
    for (double share = 0.001; share < 1; share += 0.017) {
        double got = (double)vw_histogram_percentile(&histogram, share);

        assert_near(got / (share * 1e6), 1.0, 0.033);
    }
    assert_int_equal(vw_histogram_percentile(&histogram, 1.0), 1000000);
    vw_histogram_add(&histogram, INT64_MAX);
    vw_histogram_add(&histogram, -5);
    assert_int_equal(vw_histogram_percentile(&histogram, 1.0), INT64_MAX);
}

static void counters_sum_over_workers_and_know_what_a_loss_is(void **state)
{
    static vw_counters a, b;
    const vw_counters *blocks[] = {&a, &b};

    (void)state;
    vw_counters_add(&a, VW_COUNT_PACKETS_IN, 5);
    vw_counters_add(&b, VW_COUNT_PACKETS_IN, 7);
    assert_int_equal(vw_counters_sum(blocks, 2, VW_COUNT_PACKETS_IN), 12);
    assert_int_equal(vw_counters_losses(blocks, 2), 0);
    vw_counters_add(&b, VW_COUNT_MESSAGES_MISSED, 3);
    assert_int_equal(vw_counters_losses(blocks, 2), 3);
    assert_string_equal(vw_counters_info(VW_COUNT_MESSAGES_MISSED)->name, "MESSAGES_MISSED");
}

static void every_status_and_quote_bit_has_a_name(void **state)
{
    (void)state;
    assert_string_equal(vw_status_name(VW_STATUS_OK), "ok");
    assert_string_equal(vw_status_name(VW_STATUS_STALE), "stale");
    assert_string_equal(vw_quote_name(0), "carried");
    assert_string_equal(vw_quote_name(7), "absent");
}

static size_t count_turn(void *self, int64_t now_ns)
{
    (void)now_ns;
    (*(uint64_t *)self)++;
    return 1;
}

static vw_err refuse(void *self, vw_error *error)
{
    (void)self;
    return vw_fail(error, VW_ERR_SYSTEM, "no such card");
}

static void a_worker_polls_until_it_is_stopped(void **state)
{
    uint64_t turns = 0;
    vw_worker worker = {
        .name = "test", .cpu = -1, .poll_count = 1, .polls = {{count_turn, &turns, NULL}}};
    vw_error error = {""};

    (void)state;
    assert_int_equal(vw_worker_start(&worker, &error), VW_OK);
    vw_worker_stop(&worker);
    vw_worker_join(&worker);
    assert_true(turns >= 1);
}

static void a_poll_that_cannot_begin_fails_the_start_with_its_reason(void **state)
{
    vw_worker worker = {
        .name = "test", .cpu = -1, .poll_count = 1, .polls = {{count_turn, NULL, refuse}}};
    vw_error error = {""};

    (void)state;
    assert_int_equal(vw_worker_start(&worker, &error), VW_ERR_SYSTEM);
    assert_string_equal(error.text, "no such card");
}

typedef struct begun {
    const char *name;
    char *order;
} begun;

static size_t do_nothing(void *self, int64_t now_ns)
{
    (void)self;
    (void)now_ns;
    return 0;
}

static vw_err note(void *self, vw_error *error)
{
    begun *poll = self;

    (void)error;
    strcat(poll->order, poll->name);
    return VW_OK;
}

static void who_takes_begins_before_who_gives(void **state)
{
    char order[16] = "";
    begun feed = {"feed ", order}, engine = {"engine ", order};
    vw_worker worker = {
        .name = "test",
        .cpu = -1,
        .poll_count = 2,
        .polls = {{do_nothing, &feed, note}, {do_nothing, &engine, note}},
    };
    vw_error error = {""};

    (void)state;
    assert_int_equal(vw_worker_start(&worker, &error), VW_OK);
    vw_worker_stop(&worker);
    vw_worker_join(&worker);
    assert_string_equal(order, "engine feed ");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_arena_gives_aligned_zeroed_memory_until_it_is_sealed),
        cmocka_unit_test(an_impossible_arena_is_an_error_with_its_size),
        cmocka_unit_test(percentiles_are_right_to_three_percent),
        cmocka_unit_test(counters_sum_over_workers_and_know_what_a_loss_is),
        cmocka_unit_test(every_status_and_quote_bit_has_a_name),
        cmocka_unit_test(a_worker_polls_until_it_is_stopped),
        cmocka_unit_test(who_takes_begins_before_who_gives),
        cmocka_unit_test(a_poll_that_cannot_begin_fails_the_start_with_its_reason),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
