/* worker.h: a thread is a list of poll functions; one loop runs them all.
 *
 * tools/topology.c decides which polls share a thread.  Tests call the polls themselves.
 *
 * Threads  start and join from the main thread.  A poll runs on its worker's thread only.
 * Order    polls in their order, a turn after the other; begins from the last to the first, so that
 *          in a chain of polls who takes stands before who gives.
 * Idle     after a turn without work only the first poll, which is where work comes from, is called
 *          for up to 15 turns, with the time of the last whole turn; what it finds goes through the
 *          other polls at once.
 *          spin: never gives the processor up.  Otherwise, after 2,000 turns without work, the
 *          worker sleeps idle_ns at a time until there is work again.
 * Stop     vw_worker_stop asks; each poll is called once more, then join returns. */
#ifndef VW_CORE_BASE_WORKER_H
#define VW_CORE_BASE_WORKER_H

#include "core/base/error.h"

#include <pthread.h>

#define VW_WORKER_POLLS_MAX 8

/* A poll does a bounded piece of work and returns how much it did, 0 when idle.  now_ns is
 * realtime, read once a whole turn. */
typedef size_t vw_poll_fn(void *self, int64_t now_ns);

typedef struct vw_poll {
    vw_poll_fn *poll;
    void *self;
    /* begin, if set, runs first on the worker's own thread (io_uring rings must be made there). */
    vw_err (*begin)(void *self, vw_error *error);
} vw_poll;

typedef struct vw_worker {
    char name[16];
    vw_poll polls[VW_WORKER_POLLS_MAX];
    size_t poll_count;
    int cpu;          /* pinned to it, or -1 */
    bool spin;        /* see Idle */
    uint32_t idle_ns; /* 0 = 50,000 */
    pthread_t thread;
    _Atomic int state; /* 0 starting, 1 running, 2 failed to begin; the worker writes */
    _Atomic bool stop; /* main writes */
    vw_error error;    /* of begin; read it when state is 2 */
    vw_err err;
} vw_worker;

/* vw_worker_start runs the worker and returns when every begin has: VW_OK, or the first error, with
 * the thread already joined. */
vw_err vw_worker_start(vw_worker *worker, vw_error *error);

/* vw_worker_stop asks the worker to end; vw_worker_join waits for it. */
void vw_worker_stop(vw_worker *worker);
void vw_worker_join(vw_worker *worker);

#endif
