/* What a tape has is what the engine took; where it cannot keep up it ends, and says so. */
#include "feeds/tape.h"

#include "tests/check.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PER_POLL = 64, DEPTH = 256 };
#define START_NS INT64_C(1694721600000000000)

typedef struct desk {
    char path[64];
    vw_tape *tape;
    vw_ring *sources[VW_TAPE_SOURCES], *out;
    vw_engine *engine;
    vw_calendar calendar;
    vw_counters counters;
} desk;

static void *memory(size_t size)
{
    void *mem = aligned_alloc(VW_LINE_PAIR, vw_round_up(size, VW_LINE_PAIR));

    assert_non_null(mem);
    return mem;
}

static vw_ring *make_ring(size_t slot)
{
    return vw_ring_init(memory(vw_ring_size(DEPTH, slot)), DEPTH, slot);
}

static desk *open_desk(const char *path)
{
    desk *d = calloc(1, sizeof *d);
    vw_error error;

    snprintf(d->path, sizeof d->path, "%s", path);
    assert_int_equal(vw_tape_create(path, PER_POLL, &d->tape, &error), VW_OK);
    for (size_t i = 0; i < VW_TAPE_SOURCES; i++) {
        d->sources[i] = make_ring(sizeof(vw_event));
    }
    d->out = make_ring(sizeof(vw_update));
    vw_engine_config config = {.instruments_max = 16,
                               .expiries_max = 2,
                               .strikes_max = 16,
                               .events_per_poll = PER_POLL,
                               .cut_interval_ns = 1000000000,
                               .refresh_ns = 5000000000,
                               .calendar = &d->calendar,
                               .kernels = vw_kernels_get(NULL),
                               .in = {vw_tape_ring(d->tape, 0), vw_tape_ring(d->tape, 1)},
                               .in_count = VW_TAPE_SOURCES,
                               .out = d->out,
                               .counters = &d->counters};

    d->engine = vw_engine_init(memory(vw_engine_size(&config)), &config);
    vw_tape_attach(d->tape, d->engine, true, d->sources, &d->counters);
    return d;
}

static void close_desk(desk *d)
{
    for (size_t i = 0; i < VW_TAPE_SOURCES; i++) {
        free(d->sources[i]);
    }
    free(d->out);
    free(d->engine);
    unlink(d->path);
    free(d);
}

static void send_time(desk *d, size_t source, uint32_t count, int64_t at_ns)
{
    for (uint32_t i = 0; i < count; i++) {
        *(vw_event *)vw_ring_reserve(d->sources[source]) = (vw_event){
            .kind = VW_EVENT_TIME, .sequence = i, .exchange_ns = at_ns, .receive_ns = at_ns};
        vw_ring_commit(d->sources[source]);
    }
}

static const char *name(const char *what)
{
    static char path[64];

    snprintf(path, sizeof path, "/tmp/vegawire-tape-%s-%d", what, (int)getpid());
    unlink(path);
    return path;
}

/* next expects a poll at START_NS + after_ns that took so many events of each source. */
static void next(vw_tape_reader *reader, int64_t after_ns, uint32_t first, uint32_t second)
{
    vw_tape_turn turn;

    assert_true(vw_tape_next(reader, &turn));
    assert_int_equal(turn.now_ns, START_NS + after_ns);
    assert_int_equal(turn.counts[0], first);
    assert_int_equal(turn.counts[1], second);
    for (uint32_t i = 0; i < first + second; i++) {
        assert_int_equal(turn.events[i].sequence, i < first ? i : i - first);
    }
}

static void polls_come_back_with_their_events_and_their_times(void **state)
{
    desk *d = open_desk(name("whole"));
    vw_tape_reader *reader;
    vw_tape_turn turn;
    vw_error error;

    (void)state;
    vw_tape_poll(d->tape, START_NS); /* nothing yet, but a poll */
    vw_tape_poll(d->tape, START_NS); /* at the same instant: nothing new */
    send_time(d, 0, 3, START_NS);
    send_time(d, 1, 2, START_NS);
    vw_tape_poll(d->tape, START_NS + 1000);
    for (int64_t i = 1; i <= 20; i++) {
        vw_tape_poll(d->tape, START_NS + 1000 + 5 * i);
    }
    vw_tape_poll(d->tape, START_NS + INT64_C(10000000000)); /* too long after to be noted there */
    send_time(d, 0, 1, START_NS);
    vw_tape_poll(d->tape, START_NS + INT64_C(9000000000)); /* clocks may be set back */
    assert_int_equal(vw_counters_get(&d->counters, VW_COUNT_EVENTS_IN), 6);
    assert_int_equal(vw_tape_close(d->tape, &error), VW_OK);

    assert_true(vw_tape_is(d->path));
    assert_int_equal(vw_tape_open(d->path, &reader, &error), VW_OK);
    next(reader, 0, 0, 0);
    next(reader, 1000, 3, 2);
    for (int64_t i = 1; i <= 20; i++) {
        next(reader, 1000 + 5 * i, 0, 0);
    }
    next(reader, INT64_C(10000000000), 0, 0);
    next(reader, INT64_C(9000000000), 1, 0);
    assert_false(vw_tape_next(reader, &turn));
    assert_int_equal(vw_tape_end(reader, &error), VW_OK);
    close_desk(d);
}

static void a_poll_takes_no_more_than_the_engine_would(void **state)
{
    desk *d = open_desk(name("most"));
    vw_tape_reader *reader;
    vw_error error;

    (void)state;
    send_time(d, 0, 2 * PER_POLL + 1, START_NS);
    for (int64_t i = 0; i < 3; i++) {
        vw_tape_poll(d->tape, START_NS + i);
    }
    assert_int_equal(vw_tape_close(d->tape, &error), VW_OK);
    assert_int_equal(vw_tape_open(d->path, &reader, &error), VW_OK);
    static const uint32_t took[] = {PER_POLL, PER_POLL, 1};

    for (int64_t i = 0; i < 3; i++) {
        vw_tape_turn turn;

        assert_true(vw_tape_next(reader, &turn));
        assert_int_equal(turn.counts[0], took[i]);
    }
    assert_int_equal(vw_tape_end(reader, &error), VW_OK);
    close_desk(d);
}

static void a_tape_that_cannot_keep_up_ends_and_the_engine_goes_on(void **state)
{
    desk *d = open_desk(name("full"));
    vw_tape_reader *reader;
    vw_tape_turn turn;
    vw_error error;
    uint64_t polls = 4000, read = 0;

    (void)state;
    for (uint64_t i = 0; i < polls; i++) { /* and nobody writes */
        send_time(d, 0, PER_POLL, START_NS);
        vw_tape_poll(d->tape, START_NS + (int64_t)i);
    }
    assert_int_equal(vw_counters_get(&d->counters, VW_COUNT_EVENTS_IN), polls * PER_POLL);
    uint64_t lost = vw_counters_get(&d->counters, VW_COUNT_TAPE_POLLS_LOST);

    assert_true(lost > 0 && lost < polls);
    assert_int_equal(vw_tape_close(d->tape, &error), VW_OK);
    assert_int_equal(vw_tape_open(d->path, &reader, &error), VW_OK);
    while (vw_tape_next(reader, &turn)) {
        assert_int_equal(turn.now_ns, START_NS + (int64_t)read);
        assert_int_equal(turn.counts[0], PER_POLL);
        read++;
    }
    assert_int_equal(read + lost, polls);
    assert_int_equal(vw_tape_end(reader, &error), VW_OK);
    close_desk(d);
}

static void a_tape_of_nothing_leaves_no_file(void **state)
{
    desk *d = open_desk(name("none"));
    vw_tape_reader *reader;
    vw_error error;

    (void)state;
    assert_int_equal(vw_tape_close(d->tape, &error), VW_OK);
    assert_int_equal(vw_tape_open(d->path, &reader, &error), VW_ERR_DATA);
    assert_non_null(strstr(error.text, d->path));
    close_desk(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(polls_come_back_with_their_events_and_their_times),
        cmocka_unit_test(a_poll_takes_no_more_than_the_engine_would),
        cmocka_unit_test(a_tape_of_nothing_leaves_no_file),
        cmocka_unit_test(a_tape_that_cannot_keep_up_ends_and_the_engine_goes_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
