/* topology.h: which part runs on which thread, and which ring joins them: two tables, nowhere else.
 *
 *   sim (demo only) ~network~> feed --events--> engine --updates--> publisher
 *
 * `threads: single` polls feed, engine and publisher on one thread, in this order, so that an event
 * is published in the turn it came; `split` gives each a thread of its own.  Same modules, same
 * output.
 *
 * Order    start goes from the publisher up to the feed: who listens stands before who speaks; the
 *          first error stops and closes all that had begun.  stop goes down from the feed, and
 *          waits (1 s at most) until what is on the way has arrived.
 * Memory   one arena from the configuration's limits, sealed before the threads start; the
 *          publisher and ZeroMQ have the heap.
 * Threads  the main thread opens, starts, stops; anyone reads counters and latency. */
#ifndef VW_TOOLS_TOPOLOGY_H
#define VW_TOOLS_TOPOLOGY_H

#include "core/base/histogram.h"
#include "feeds/sim.h"
#include "feeds/tape.h"
#include "tools/config.h"

#define VW_TOPOLOGY_PARTS 5

/* What there will be, for `vegawire check`. */
typedef struct vw_topology_plan {
    struct {
        const char *name;
        int cpu; /* -1: any */
        char parts[64];
    } threads[VW_TOPOLOGY_PARTS];
    size_t thread_count;
    struct {
        const char *name;
        size_t size; /* bytes */
    } memory[16];
    size_t memory_count;
    size_t memory_total; /* bytes of the arena */
    char warning[160];   /* what will run, but badly; "" = nothing */
} vw_topology_plan;

typedef struct vw_topology vw_topology;

/* vw_topology_plan_make says what open will do; VW_ERR_CONFIG when limits make no sense. */
vw_err vw_topology_plan_make(const vw_config *config, vw_topology_plan *plan, vw_error *error);

/* vw_topology_open takes the memory and lays everything out; no socket yet.  config must stay; sim
 * is NULL, or an open one to be run on a thread of its own. */
vw_err vw_topology_open(const vw_config *config, const vw_kernels *kernels, vw_sim *sim,
                        vw_topology **topology, vw_error *error);

/* vw_topology_start opens the sockets and runs the threads: all of them, or none and an error. */
vw_err vw_topology_start(vw_topology *topology, vw_error *error);

/* A replay has neither sockets nor threads, and its own time: open with topology.recorded set, then
 * instead of start: vw_topology_begin binds the publisher on the calling thread, packets go into
 * vw_topology_feed's feed, and vw_topology_turn lets everything behind it work off what there is at
 * now_ns; vw_topology_work does the same without the feed, for which time stands still. */
vw_err vw_topology_begin(vw_topology *topology, vw_error *error);
vw_feed *vw_topology_feed(const vw_topology *topology);
void vw_topology_turn(vw_topology *topology, int64_t now_ns);
void vw_topology_work(vw_topology *topology, int64_t now_ns);

/* vw_topology_poll is one poll of the engine and of the publisher: of a tape, whose events were put
 * into vw_topology_events and vw_topology_controls. */
void vw_topology_poll(vw_topology *topology, int64_t now_ns);

/* vw_topology_stop ends the threads in order; nothing happens if they do not run. */
void vw_topology_stop(vw_topology *topology);

/* vw_topology_tape_end writes what is left of the tape, if there is one; after stop. */
vw_err vw_topology_tape_end(vw_topology *topology, vw_error *error);

/* vw_topology_close frees everything; after stop, or without start. */
void vw_topology_close(vw_topology *topology);

/* vw_topology_counters returns the block of every part, `count` of them; vw_topology_part the name
 * of the i-th. */
const vw_counters *const *vw_topology_counters(const vw_topology *topology, size_t *count);
const char *vw_topology_part(const vw_topology *topology, size_t i);

/* vw_topology_engine returns the engine, for its snapshots. */
vw_engine *vw_topology_engine(const vw_topology *topology);

/* vw_topology_events returns the ring from the feed to the engine. */
vw_ring *vw_topology_events(const vw_topology *topology);

/* vw_topology_controls returns the ring by which the main thread reaches the engine. */
vw_ring *vw_topology_controls(const vw_topology *topology);

/* vw_topology_locked says whether the arena is locked in memory. */
bool vw_topology_locked(const vw_topology *topology);

/* vw_topology_silent_lines is vw_feed_silent_lines of the feed; vw_topology_config_of returns the
 * configuration it runs by. */
uint32_t vw_topology_silent_lines(const vw_topology *topology);
const vw_config *vw_topology_config_of(const vw_topology *topology);

/* vw_topology_latency returns wire-to-publish: kernel receive stamp to zmq_send's return. */
const vw_histogram *vw_topology_latency(const vw_topology *topology);

#endif
