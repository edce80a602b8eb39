/* tape: what recording costs the engine's thread, and what its writer does.
 *
 * Polls of 32 events that tell the time and nothing else, so that the engine itself does as little
 * as it can: without a tape, and with one.  The third subject is the writer's work for the same:
 * sum and file, which lies where temporary files do and is emptied again each time. */
#include "feeds/tape.h"

#include "bench/subjects.h"
#include "core/base/clock.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EVENTS = 32, POLLS = 256, DEPTH = 4096 };

static vw_engine *bare;
static vw_ring *bare_in[VW_TAPE_SOURCES], *sources[VW_TAPE_SOURCES], *outs[2];
static vw_tape *tape;
static vw_calendar calendar;
static vw_counters counters;
static int64_t now_ns = INT64_C(1694721600000000000);
static int file;

static vw_ring *make_ring(size_t slot)
{
    return vw_ring_init(vw_bench_memory(vw_ring_size(DEPTH, slot)), DEPTH, slot);
}

static vw_engine *make_engine(vw_ring *first, vw_ring *second, vw_ring *out)
{
    vw_engine_config config = {.instruments_max = 16,
                               .expiries_max = 2,
                               .strikes_max = 16,
                               .events_per_poll = DEPTH,
                               .cut_interval_ns = VW_NS_PER_SECOND,
                               .refresh_ns = 5 * VW_NS_PER_SECOND,
                               .calendar = &calendar,
                               .kernels = vw_kernels_get(NULL),
                               .in = {first, second},
                               .in_count = VW_TAPE_SOURCES,
                               .out = out,
                               .counters = &counters};

    return vw_engine_init(vw_bench_memory(vw_engine_size(&config)), &config);
}

static void drop_updates(vw_ring *from)
{
    uint64_t run;

    while (run = DEPTH, vw_ring_peek_run(from, &run) != NULL) {
        vw_ring_release_run(from, run);
    }
}

static double poll_ns(vw_ring *in, size_t (*poll)(void *, int64_t), void *self)
{
    int64_t start_ns = vw_clock_monotonic_ns(), passed_ns;

    for (size_t i = 0; i < POLLS; i++) {
        now_ns += VW_NS_PER_US;
        for (size_t j = 0; j < EVENTS; j++) {
            *(vw_event *)vw_ring_reserve(in) =
                (vw_event){.kind = VW_EVENT_TIME, .exchange_ns = now_ns, .receive_ns = now_ns};
            vw_ring_commit(in);
        }
        poll(self, now_ns);
    }
    passed_ns = vw_clock_monotonic_ns() - start_ns;
    drop_updates(outs[0]);
    drop_updates(outs[1]);
    return (double)passed_ns;
}

static double write_ns(void)
{
    int64_t start_ns = vw_clock_monotonic_ns(), passed_ns;

    while (vw_tape_write(tape, INT64_MAX) > 0) { /* what there is, be it little */
    }
    passed_ns = vw_clock_monotonic_ns() - start_ns;
    vw_check(ftruncate(file, 0) == 0);
    return (double)passed_ns;
}

static double run_bare(const void *context)
{
    (void)context;
    return poll_ns(bare_in[0], vw_engine_poll, bare);
}

static double run_taped(const void *context)
{
    double took = poll_ns(sources[0], vw_tape_poll, tape);

    (void)context;
    write_ns();
    return took;
}

static double run_writer(const void *context)
{
    (void)context;
    poll_ns(sources[0], vw_tape_poll, tape);
    return write_ns();
}

static size_t open_group(vw_bench_subject *to, const char *isa, const char **why)
{
    static const size_t items = (size_t)EVENTS * POLLS;
    const vw_bench_subject subjects[] = {
        {"a poll of 32 events, an event", .items = items, .run_ns = run_bare},
        {"the same, on tape", .items = items, .run_ns = run_taped},
        {"the writer, an event", .items = items, .run_ns = run_writer},
    };
    const char *folder = getenv("TMPDIR");
    char path[256];

    (void)isa;
    snprintf(path, sizeof path, "%s/vegawire-bench-%d.tape", folder != NULL ? folder : "/tmp",
             (int)getpid());
    if (vw_tape_create(path, DEPTH, &tape, NULL) != VW_OK) {
        *why = "no file can be written where temporary files lie";
        return 0;
    }
    file = open(path, O_WRONLY);
    vw_check(file >= 0 && unlink(path) == 0);
    outs[0] = make_ring(sizeof(vw_update));
    outs[1] = make_ring(sizeof(vw_update));
    for (size_t i = 0; i < VW_TAPE_SOURCES; i++) {
        bare_in[i] = make_ring(sizeof(vw_event));
        sources[i] = make_ring(sizeof(vw_event));
    }
    bare = make_engine(bare_in[0], bare_in[1], outs[0]);
    vw_tape_attach(tape, make_engine(vw_tape_ring(tape, 0), vw_tape_ring(tape, 1), outs[1]), true,
                   sources, &counters);
    memcpy(to, subjects, sizeof subjects);
    return VW_COUNT_OF(subjects);
}

/* Everything was recorded, or the figures are of something else. */
static void close_group(void)
{
    vw_check(vw_counters_get(&counters, VW_COUNT_TAPE_POLLS_LOST) == 0);
    vw_check(vw_tape_close(tape, NULL) == VW_OK);
    close(file);
}

const vw_bench_group vw_bench_tape = {
    "tape",     "Events through the engine's poll, and onto a tape",
    "event",    "events/s",
    open_group, close_group,
};
