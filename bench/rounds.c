#include "bench/rounds.h"

#include "bench/harness.h"
#include "bench/machine.h"
#include "core/base/clock.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { SLICE_NS = 200000, LONG_NS = 5000000, TRIES = 3, ROUNDS_MAX = 1024 };

static double time_passes(const vw_bench_subject *subject, size_t passes)
{
    return vw_harness_time(subject->name, subject->run, subject->run_ns, subject->context, passes);
}

/* The least of some: one that lost the processor would make all rounds of the subject too short. */
static double time_least(const vw_bench_subject *subject, size_t passes)
{
    double least = INFINITY;

    for (int i = 0; i < TRIES; i++) {
        least = fmin(least, time_passes(subject, passes));
    }
    return least;
}

/* As many passes as a slice of a round holds. */
static void calibrate(vw_rounds_row *of)
{
    double once;

    time_passes(of->subject, 1);
    once = time_least(of->subject, 1);
    of->passes = 1;
    if (once < SLICE_NS / 4.0) {
        once = time_least(of->subject, 4);
    }
    if (once < SLICE_NS) {
        of->passes = (size_t)(SLICE_NS / fmax(once, 1));
    }
    of->pass_ns = once;
}

static void clear_latency(const vw_bench_subject *subject)
{
    if (subject->latency != NULL) {
        memset(subject->latency, 0, sizeof *subject->latency);
    }
}

/* How often a thread of ours was made to leave its processor. */
static long count_displaced(void)
{
    struct rusage usage;

    vw_check(getrusage(RUSAGE_SELF, &usage) == 0);
    return usage.ru_nivcsw;
}

/* The same beforehand, so that no subject pays for what the one before it left in the caches; what
 * takes much longer than to fill them goes without.  One in which another process had our processor
 * is taken again. */
static double time_warm(const vw_rounds_row *of)
{
    double least = INFINITY;
    bool displaced = true;

    for (int i = 0; i < TRIES && displaced; i++) {
        if (of->pass_ns < LONG_NS) {
            time_passes(of->subject, of->passes);
        }
        long before = count_displaced();

        least = fmin(least, time_passes(of->subject, of->passes));
        displaced = count_displaced() != before;
    }
    return least / (double)of->subject->items;
}

/* The control takes its turn half-way, so that neither it nor the first comes after itself. */
static size_t row_of(size_t turn, size_t count)
{
    size_t middle = count / 2;

    if (turn == middle) {
        return count - 1;
    }
    return turn < middle ? turn : turn - 1;
}

/* A round begins with another subject each time: none is always the one after the slowest. */
size_t vw_rounds_run(vw_rounds_row *rows, size_t count, size_t least, size_t most, double seconds,
                     double *pace_ns)
{
    size_t rounds;
    int64_t end_ns;

    for (size_t i = 0; i < count - 1; i++) {
        calibrate(&rows[i]);
    }
    rows[count - 1].passes = rows[0].passes;
    rows[count - 1].pass_ns = rows[0].pass_ns;
    for (size_t i = 0; i < count; i++) {
        clear_latency(rows[i].subject);
    }
    end_ns = vw_clock_monotonic_ns() + (int64_t)(seconds * 1e9);
    for (rounds = 0; rounds < most; rounds++) {
        if (rounds >= least && vw_clock_monotonic_ns() >= end_ns) {
            break;
        }
        double before_ns = vw_machine_pace();

        for (size_t i = 0; i < count; i++) {
            vw_rounds_row *row = &rows[row_of((i + rounds) % count, count)];

            row->ns[rounds] = time_warm(row);
        }
        pace_ns[rounds] = fmax(before_ns, vw_machine_pace());
    }
    return rounds;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* One subject's mishap is not the round's: it counts for twice what the subject takes at most. */
static void add_pace(double *pace, const double *ns, size_t rounds)
{
    double sorted[ROUNDS_MAX], usual;

    memcpy(sorted, ns, rounds * sizeof *ns);
    qsort(sorted, rounds, sizeof *sorted, compare);
    usual = sorted[(rounds - 1) / 4];
    for (size_t r = 0; r < rounds; r++) {
        pace[r] += fmin(ns[r] / usual, 2);
    }
}

/* Moves the rounds of which most[r] is at most limit to the front, up to want of them. */
static size_t keep(double *const *ns, size_t count, size_t rounds, const double *most, double limit,
                   size_t want)
{
    size_t kept = 0;

    for (size_t r = 0; r < rounds && kept < want; r++) {
        for (size_t i = 0; i < count && most[r] <= limit; i++) {
            ns[i][kept] = ns[i][r];
        }
        kept += most[r] <= limit;
    }
    return kept;
}

size_t vw_rounds_calm(const double *pace_ns, size_t rounds, double calm_ns)
{
    size_t calm = 0;

    for (size_t r = 0; r < rounds; r++) {
        calm += pace_ns[r] <= calm_ns;
    }
    return 4 * calm >= rounds ? calm : 0;
}

size_t vw_rounds_quiet(double *const *ns, size_t count, size_t rounds, const double *pace_ns,
                       double calm_ns)
{
    double pace[ROUNDS_MAX] = {0}, sorted[ROUNDS_MAX];
    size_t want = (rounds + 3) / 4;

    vw_check(rounds <= ROUNDS_MAX);
    if (vw_rounds_calm(pace_ns, rounds, calm_ns) > 0) {
        return keep(ns, count, rounds, pace_ns, calm_ns, rounds);
    }
    if (rounds == 0) {
        return 0;
    }
    for (size_t i = 0; i < count; i++) {
        add_pace(pace, ns[i], rounds);
    }
    memcpy(sorted, pace, rounds * sizeof *pace);
    qsort(sorted, rounds, sizeof *sorted, compare);
    return keep(ns, count, rounds, pace, sorted[want - 1], want);
}
