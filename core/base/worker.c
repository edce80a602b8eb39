#include "core/base/worker.h"

#include "core/base/clock.h"

#include <errno.h>
#include <sched.h>
#include <string.h>

enum { STARTING, RUNNING, FAILED };
enum { SPIN_TURNS = 2000, IDLE_NS_DEFAULT = 50000, QUICK_TURNS = 16 };

/* polls from the given one on */
static size_t turn(vw_worker *worker, size_t from, int64_t now_ns)
{
    size_t did = 0;

    for (size_t i = from; i < worker->poll_count; i++) {
        did += worker->polls[i].poll(worker->polls[i].self, now_ns);
    }
    return did;
}

static void loop(vw_worker *worker)
{
    struct timespec idle = {0, worker->idle_ns > 0 ? (long)worker->idle_ns : IDLE_NS_DEFAULT};
    unsigned quiet = 0;
    int64_t now_ns = 0;

    while (!atomic_load_explicit(&worker->stop, memory_order_acquire)) {
        size_t did = 0;

        if (quiet % QUICK_TURNS == 0) {
            now_ns = vw_clock_realtime_ns();
            did = turn(worker, 0, now_ns);
        } else if (worker->polls[0].poll(worker->polls[0].self, now_ns) > 0) {
            did = 1 + turn(worker, 1, now_ns);
        }
        quiet = did > 0 ? 0 : quiet + 1;
        if (quiet > SPIN_TURNS && !worker->spin) {
            nanosleep(&idle, NULL);
            quiet -= quiet % QUICK_TURNS; /* time has passed: a whole turn next */
        }
    }
    turn(worker, 0, vw_clock_realtime_ns());
}

static vw_err begin(vw_worker *worker)
{
    if (worker->cpu >= 0) {
        cpu_set_t set;

        CPU_ZERO(&set);
        CPU_SET((size_t)worker->cpu, &set);
        if (pthread_setaffinity_np(pthread_self(), sizeof set, &set) != 0) {
            return vw_fail(&worker->error, VW_ERR_SYSTEM, "thread %s: no processor %d here",
                           worker->name, worker->cpu);
        }
    }
    for (size_t i = worker->poll_count; i-- > 0;) {
        vw_poll *poll = &worker->polls[i];
        vw_err err = poll->begin != NULL ? poll->begin(poll->self, &worker->error) : VW_OK;

        if (err != VW_OK) {
            return err;
        }
    }
    return VW_OK;
}

static void *run(void *self)
{
    vw_worker *worker = self;

    pthread_setname_np(pthread_self(), worker->name);
    worker->err = begin(worker);
    atomic_store_explicit(&worker->state, worker->err == VW_OK ? RUNNING : FAILED,
                          memory_order_release);
    if (worker->err == VW_OK) {
        loop(worker);
    }
    return NULL;
}

vw_err vw_worker_start(vw_worker *worker, vw_error *error)
{
    struct timespec wait = {0, 100000};
    int failed;

    vw_check(worker->poll_count <= VW_WORKER_POLLS_MAX);
    atomic_store_explicit(&worker->state, STARTING, memory_order_relaxed);
    atomic_store_explicit(&worker->stop, false, memory_order_relaxed);
    failed = pthread_create(&worker->thread, NULL, run, worker);
    if (failed != 0) {
        return vw_fail(error, VW_ERR_SYSTEM, "thread %s: %s", worker->name, strerror(failed));
    }
    while (atomic_load_explicit(&worker->state, memory_order_acquire) == STARTING) {
        nanosleep(&wait, NULL);
    }
    if (atomic_load_explicit(&worker->state, memory_order_acquire) == FAILED) {
        pthread_join(worker->thread, NULL);
        return vw_fail(error, worker->err, "%s", worker->error.text);
    }
    return VW_OK;
}

void vw_worker_stop(vw_worker *worker)
{
    atomic_store_explicit(&worker->stop, true, memory_order_release);
}

void vw_worker_join(vw_worker *worker)
{
    vw_check(pthread_join(worker->thread, NULL) == 0);
}
