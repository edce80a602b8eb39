#include "tools/topology.h"

#include "core/base/arena.h"
#include "core/base/clock.h"
#include "core/base/worker.h"
#include "tools/hedge_inputs.h"
#include "tools/hedge_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A replay's turn ends when nobody has anything to do, or when something never has enough. */
enum { WORK_TURNS_MAX = 100000 };

/* ---- the two tables ------------------------------------------------------------------------- */

/* Along the way of the data: it is polled in this order, begun against it, stopped in it. */
enum {
    MAIN = -1,
    SIM,
    FEED,
    ENGINE,
    PUBLISHER,
    TAPE
}; /* MAIN: the main thread, between its naps */

static const struct {
    const char *name;
    const char *thread[2]; /* that runs it: with threads single, split */
    vw_poll_fn *poll;
    vw_err (*begin)(void *self, vw_error *error);
} parts[VW_TOPOLOGY_PARTS] = {
    [SIM] = {"sim", {"sim", "sim"}, vw_sim_poll, vw_sim_begin},
    [FEED] = {"feed", {"engine", "feed"}, vw_feed_poll, vw_feed_begin},
    [ENGINE] = {"engine", {"engine", "engine"}, vw_engine_poll, NULL},
    [PUBLISHER] = {"publisher", {"engine", "publisher"}, vw_publisher_poll, vw_publisher_begin},
    [TAPE] = {"tape", {"tape", "tape"}, vw_tape_write, NULL},
};

enum { EVENTS, UPDATES, CONTROLS, RINGS };

static const struct {
    const char *name;
    int from, to; /* parts */
    size_t slot_size, depth_offset;
    size_t depth; /* 0: as configured, at depth_offset */
} rings[RINGS] = {
    [EVENTS] = {"ring feed -> engine", FEED, ENGINE, sizeof(vw_event),
                offsetof(vw_topology_config, event_depth), 0},
    [UPDATES] = {"ring engine -> publisher", ENGINE, PUBLISHER, sizeof(vw_update),
                 offsetof(vw_topology_config, update_depth), 0},
    [CONTROLS] = {"ring control -> engine", MAIN, ENGINE, sizeof(vw_event), 0, 4096},
};

/* --------------------------------------------------------------------------------------------- */

struct vw_topology {
    vw_config config; /* with everything between its parts filled in */
    vw_arena arena;
    vw_ring *rings[RINGS];
    vw_counters *counters[VW_TOPOLOGY_PARTS];
    const vw_counters *read_counters[VW_TOPOLOGY_PARTS];
    vw_histogram *latency;
    void *selves[VW_TOPOLOGY_PARTS]; /* NULL: this part is not there */
    vw_worker workers[VW_TOPOLOGY_PARTS];
    size_t worker_count;
    size_t first_running; /* workers from here on run */
};

static int cpu_of(const vw_topology_config *topology, const char *thread)
{
    return strcmp(thread, "feed") == 0        ? topology->feed_cpu
           : strcmp(thread, "engine") == 0    ? topology->engine_cpu
           : strcmp(thread, "publisher") == 0 ? topology->publisher_cpu
                                              : -1;
}

/* The processors that threads of ours are pinned to, as bits. */
static uint64_t pinned(const vw_topology_config *topology)
{
    uint64_t cpus = 0;

    for (size_t i = 0; i < VW_TOPOLOGY_PARTS; i++) {
        int cpu = cpu_of(topology, parts[i].thread[topology->split]);

        cpus |= cpu >= 0 && cpu < 64 ? UINT64_C(1) << cpu : 0;
    }
    return cpus;
}

static size_t ring_depth(const vw_topology_config *topology, size_t ring)
{
    uint32_t depth;

    if (rings[ring].depth != 0) {
        return rings[ring].depth;
    }
    memcpy(&depth, (const unsigned char *)topology + rings[ring].depth_offset, sizeof depth);
    return depth;
}

static void plan_memory(vw_topology_plan *plan, const char *name, size_t size)
{
    vw_check(plan->memory_count < VW_COUNT_OF(plan->memory));
    plan->memory[plan->memory_count].name = name;
    plan->memory[plan->memory_count++].size = size;
    plan->memory_total += vw_round_up(size, VW_LINE_PAIR);
}

static void plan_thread(vw_topology_plan *plan, const vw_topology_config *topology, size_t part)
{
    const char *thread = parts[part].thread[topology->split];
    size_t i = 0;

    while (i < plan->thread_count && strcmp(plan->threads[i].name, thread) != 0) {
        i++;
    }
    if (i == plan->thread_count) {
        plan->threads[i].name = thread;
        plan->threads[i].cpu = cpu_of(topology, thread);
        plan->thread_count++;
    } else {
        strcat(plan->threads[i].parts, ", ");
    }
    strcat(plan->threads[i].parts, parts[part].name);
}

static void plan_warning(vw_topology_plan *plan, const vw_topology_config *topology)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);

    if (topology->spin && (long)plan->thread_count >= processors) {
        snprintf(plan->warning, sizeof plan->warning,
                 "topology.spin: %zu spinning threads on %ld processors leave none for ZeroMQ and "
                 "the system",
                 plan->thread_count, processors);
    }
}

static const vw_hedge_settings *settings_of(const vw_config *config)
{
    return strcmp(config->preset, "off") != 0 ? &config->settings : NULL;
}

vw_err vw_topology_plan_make(const vw_config *config, vw_topology_plan *plan, vw_error *error)
{
    vw_engine_config sized = config->engine;

    sized.settings = settings_of(config);
    size_t feed = vw_feed_size(&config->feed), engine = vw_engine_size(&sized);

    *plan = (vw_topology_plan){.thread_count = 0};
    if (feed == 0 || engine == 0) {
        return vw_fail(error, VW_ERR_CONFIG,
                       "%s: %s: its limits do not go together; see vegawire "
                       "check",
                       config->file[0] != '\0' ? config->file : "defaults",
                       feed == 0 ? "feed" : "engine");
    }
    for (size_t i = FEED; i < (config->topology.tape != NULL ? VW_TOPOLOGY_PARTS : TAPE); i++) {
        plan_thread(plan, &config->topology, i);
    }
    plan_memory(plan, "feed", feed);
    plan_memory(plan, "engine", engine);
    for (size_t i = 0; i < RINGS; i++) {
        plan_memory(plan, rings[i].name,
                    vw_ring_size(ring_depth(&config->topology, i), rings[i].slot_size));
    }
    plan_memory(plan, "counters", VW_TOPOLOGY_PARTS * sizeof(vw_counters));
    plan_memory(plan, "latency histogram", sizeof(vw_histogram));
    plan_warning(plan, &config->topology);
    return VW_OK;
}

static void lay_out(vw_topology *topology, const vw_kernels *kernels)
{
    vw_config *config = &topology->config;

    for (size_t i = 0; i < RINGS; i++) {
        size_t depth = ring_depth(&config->topology, i);
        size_t size = vw_ring_size(depth, rings[i].slot_size);

        topology->rings[i] =
            vw_ring_init(vw_arena_take(&topology->arena, size), depth, rings[i].slot_size);
    }
    vw_counters *counters =
        vw_arena_take(&topology->arena, VW_TOPOLOGY_PARTS * sizeof(vw_counters));

    for (size_t i = 0; i < VW_TOPOLOGY_PARTS; i++) {
        topology->counters[i] = &counters[i];
        topology->read_counters[i] = topology->counters[i];
    }
    topology->latency = vw_arena_take(&topology->arena, sizeof(vw_histogram));
    vw_ring *const sources[VW_TAPE_SOURCES] = {topology->rings[EVENTS], topology->rings[CONTROLS]};
    vw_tape *tape = topology->selves[TAPE];

    config->feed.out = topology->rings[EVENTS];
    config->feed.counters = topology->counters[FEED];
    config->feed.spin = config->topology.spin;
    config->engine.in[0] = tape != NULL ? vw_tape_ring(tape, 0) : sources[0];
    config->engine.in[1] = tape != NULL ? vw_tape_ring(tape, 1) : sources[1];
    config->engine.in_count = 2;
    config->engine.out = topology->rings[UPDATES];
    config->engine.counters = topology->counters[ENGINE];
    config->engine.calendar = &config->calendar;
    config->engine.kernels = kernels;
    config->engine.settings = settings_of(config);
    config->engine.user = &config->user;
    config->engine.portfolio = config->portfolio.leg_count > 0 ? &config->portfolio : NULL;
    config->publisher.in = topology->rings[UPDATES];
    config->publisher.counters = topology->counters[PUBLISHER];
    config->publisher.all_counters = topology->read_counters;
    config->publisher.all_counters_count = VW_TOPOLOGY_PARTS;
    /* A recording's stamps are of another day: there is no latency to measure. */
    config->publisher.wire_to_publish = config->topology.recorded ? NULL : topology->latency;
    config->publisher.patient = config->topology.recorded;
    config->publisher.avoid_cpus = pinned(&config->topology);
    memcpy(config->publisher.book, config->portfolio.book, sizeof config->publisher.book);
    topology->selves[FEED] =
        vw_feed_init(vw_arena_take(&topology->arena, vw_feed_size(&config->feed)), &config->feed);
    topology->selves[ENGINE] = vw_engine_init(
        vw_arena_take(&topology->arena, vw_engine_size(&config->engine)), &config->engine);
    if (tape != NULL) {
        vw_tape_attach(tape, topology->selves[ENGINE], config->topology.split, sources,
                       topology->counters[ENGINE]);
    }
    vw_arena_seal(&topology->arena);
}

static void make_workers(vw_topology *topology)
{
    const vw_topology_config *config = &topology->config.topology;

    for (size_t i = 0; i < VW_TOPOLOGY_PARTS; i++) {
        const char *thread = parts[i].thread[config->split];
        vw_worker *worker = topology->workers;

        if (topology->selves[i] == NULL) {
            continue;
        }
        while (worker < topology->workers + topology->worker_count &&
               strcmp(worker->name, thread) != 0) {
            worker++;
        }
        if (worker == topology->workers + topology->worker_count) {
            snprintf(worker->name, sizeof worker->name, "%s", thread);
            worker->cpu = cpu_of(config, thread);
            worker->spin = config->spin && i != SIM && i != TAPE;
            topology->worker_count++;
        }
        worker->polls[worker->poll_count++] =
            i == ENGINE && topology->selves[TAPE] != NULL
                ? (vw_poll){vw_tape_poll, topology->selves[TAPE], NULL}
                : (vw_poll){parts[i].poll, topology->selves[i], parts[i].begin};
    }
    topology->first_running = topology->worker_count;
}

/* What the hedge decision remembers; the engine takes it in as it is laid out. */
static vw_err read_memory(vw_config *config, vw_error *error)
{
    vw_hedge_close *closes = NULL;
    void *bytes = NULL;
    vw_err err = VW_OK;

    if (strcmp(config->closes_file, "none") != 0) {
        err =
            vw_hedge_closes_read(config->closes_file, &closes, &config->engine.close_count, error);
        config->engine.closes = closes;
    }
    if (err == VW_OK && strcmp(config->state_file, "none") != 0) {
        err = vw_hedge_state_load(config->state_file, &bytes, &config->engine.snapshot_size, error);
        config->engine.snapshot = bytes;
    }
    return err;
}

static void forget_memory(vw_config *config)
{
    free((void *)config->engine.closes);
    free((void *)config->engine.snapshot);
    config->engine.closes = NULL;
    config->engine.snapshot = NULL;
    config->engine.close_count = config->engine.snapshot_size = 0;
}

vw_err vw_topology_open(const vw_config *config, const vw_kernels *kernels, vw_sim *sim,
                        vw_topology **opened, vw_error *error)
{
    vw_topology *topology =
        aligned_alloc(alignof(vw_topology), vw_round_up(sizeof *topology, alignof(vw_topology)));
    vw_topology_plan plan;
    vw_err err = vw_topology_plan_make(config, &plan, error);

    vw_check(topology != NULL);
    *opened = NULL;
    memset(topology, 0, sizeof *topology);
    topology->config = *config;
    if (err == VW_OK) {
        err = vw_arena_open(&topology->arena, plan.memory_total, error);
    }
    if (err != VW_OK) {
        free(topology);
        return err;
    }
    err = read_memory(&topology->config, error);
    if (err == VW_OK && config->topology.tape != NULL) {
        err = vw_tape_create(config->topology.tape, config->engine.events_per_poll,
                             (vw_tape **)&topology->selves[TAPE], error);
    }
    if (err == VW_OK) {
        lay_out(topology, kernels);
    }
    forget_memory(&topology->config);
    if (err != VW_OK) {
        vw_arena_close(&topology->arena);
        free(topology);
        return err;
    }
    err = vw_publisher_open(&topology->config.publisher,
                            (vw_publisher **)&topology->selves[PUBLISHER], error);
    if (err != VW_OK) {
        topology->selves[PUBLISHER] = NULL;
        vw_topology_close(topology);
        return err;
    }
    topology->selves[SIM] = sim;
    make_workers(topology);
    *opened = topology;
    return VW_OK;
}

vw_err vw_topology_start(vw_topology *topology, vw_error *error)
{
    while (topology->first_running > 0) {
        vw_err err = vw_worker_start(&topology->workers[topology->first_running - 1], error);

        if (err != VW_OK) {
            vw_topology_stop(topology);
            return err;
        }
        topology->first_running--;
    }
    return VW_OK;
}

vw_err vw_topology_begin(vw_topology *topology, vw_error *error)
{
    return vw_publisher_begin(topology->selves[PUBLISHER], error);
}

vw_feed *vw_topology_feed(const vw_topology *topology)
{
    return topology->selves[FEED];
}

/* work lets the parts from `first` on do what there is to do. */
static void work(vw_topology *topology, int first, int64_t now_ns)
{
    size_t did = 1;

    for (unsigned turns = 0; did > 0 && turns < WORK_TURNS_MAX; turns++) {
        if (first == FEED) {
            vw_feed_turn(topology->selves[FEED], now_ns); /* what found no room before */
        }
        did = vw_engine_poll(topology->selves[ENGINE], now_ns);
        did += vw_publisher_poll(topology->selves[PUBLISHER], now_ns);
    }
}

void vw_topology_turn(vw_topology *topology, int64_t now_ns)
{
    work(topology, FEED, now_ns);
}

void vw_topology_work(vw_topology *topology, int64_t now_ns)
{
    work(topology, ENGINE, now_ns);
}

void vw_topology_poll(vw_topology *topology, int64_t now_ns)
{
    vw_engine_poll(topology->selves[ENGINE], now_ns);
    do {
        vw_publisher_poll(topology->selves[PUBLISHER], now_ns);
    } while (vw_ring_free(topology->rings[UPDATES]) < topology->config.topology.update_depth / 2);
}

/* What tells that something is still on its way: everything ever taken by anyone. */
static uint64_t work_done(const vw_topology *topology)
{
    static const vw_counter work[] = {VW_COUNT_PACKETS_IN, VW_COUNT_EVENTS_IN, VW_COUNT_UPDATES_IN};
    uint64_t done = 0;

    for (size_t i = 0; i < VW_COUNT_OF(work); i++) {
        done += vw_counters_sum(topology->read_counters, VW_TOPOLOGY_PARTS, work[i]);
    }
    return done;
}

/* Waits until nothing more arrives further down, for a second at most. */
static void settle(const vw_topology *topology)
{
    enum { TURN_NS = 5000000, QUIET_TURNS = 4, TURNS_MAX = 200 };
    const struct timespec turn = {0, TURN_NS};
    uint64_t before = work_done(topology);

    for (int turns = 0, quiet = 0; turns < TURNS_MAX && quiet < QUIET_TURNS; turns++) {
        uint64_t now;

        nanosleep(&turn, NULL);
        now = work_done(topology);
        quiet = now == before ? quiet + 1 : 0;
        before = now;
    }
}

void vw_topology_stop(vw_topology *topology)
{
    for (size_t i = topology->first_running; i < topology->worker_count; i++) {
        vw_worker_stop(&topology->workers[i]);
        vw_worker_join(&topology->workers[i]);
        if (i + 1 < topology->worker_count) {
            settle(topology);
        }
    }
    topology->first_running = topology->worker_count;
}

vw_err vw_topology_tape_end(vw_topology *topology, vw_error *error)
{
    vw_tape *tape = topology->selves[TAPE];

    topology->selves[TAPE] = NULL;
    return vw_tape_close(tape, error);
}

void vw_topology_close(vw_topology *topology)
{
    if (topology == NULL) {
        return;
    }
    vw_topology_tape_end(topology, NULL);
    vw_check(topology->first_running == topology->worker_count);
    vw_feed_end(topology->selves[FEED]);
    if (topology->selves[PUBLISHER] != NULL) {
        vw_publisher_close(topology->selves[PUBLISHER]);
    }
    vw_arena_close(&topology->arena);
    free(topology);
}

const vw_counters *const *vw_topology_counters(const vw_topology *topology, size_t *count)
{
    *count = VW_TOPOLOGY_PARTS;
    return topology->read_counters;
}

const char *vw_topology_part(const vw_topology *topology, size_t i)
{
    (void)topology;
    return parts[i].name;
}

const vw_histogram *vw_topology_latency(const vw_topology *topology)
{
    return topology->latency;
}

uint32_t vw_topology_silent_lines(const vw_topology *topology)
{
    return vw_feed_silent_lines(topology->selves[FEED]);
}

const vw_config *vw_topology_config_of(const vw_topology *topology)
{
    return &topology->config;
}

vw_engine *vw_topology_engine(const vw_topology *topology)
{
    return topology->selves[ENGINE];
}

vw_ring *vw_topology_events(const vw_topology *topology)
{
    return topology->rings[EVENTS];
}

vw_ring *vw_topology_controls(const vw_topology *topology)
{
    return topology->rings[CONTROLS];
}

bool vw_topology_locked(const vw_topology *topology)
{
    return topology->arena.locked;
}
