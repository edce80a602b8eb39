/* bench.h: subjects timed in turns in one process, so that what disturbs one disturbs all.
 *
 * A round runs every subject once for about a fifth of a millisecond, through Google Benchmark
 * (harness.cc), again where another process had the processor meanwhile.  A subject's ratio to its
 * rival is taken within each round; the median and the quartiles of those are what is said, of the
 * rounds in which nobody else was on the core (rounds.h).  One subject is run twice a round,
 * against itself: how far that ratio is from 1 is what the machine does to all of them.
 *
 * A group is measured by five processes one after the other, this program again, as one; by up to
 * ten while somebody else is on the core in more than three quarters of the rounds.  The addresses
 * and physical pages that a process gets decide which of its lines meet in a set of a cache, and
 * one in fifteen finds a subject 15 to 20 % slower for good.
 *
 * Where subjects use two processors, a hypervisor that runs them elsewhere, for minutes at a time,
 * makes another machine of it: only processes count that found them as far apart as most.
 *
 * A group is a file of subjects that share data: bench/<name>.c.  Rivals that need packages are
 * declared weak and are NULL where they are not linked: such subjects are left out.
 *
 * Threads  the main thread, pinned to the processor it starts on; subjects may have their own.
 * Units    nanoseconds an item; errors relative. */
#ifndef VW_BENCH_BENCH_H
#define VW_BENCH_BENCH_H

#include "bench/machine.h"
#include "core/base/histogram.h"
#include "core/pricing/kernels.h"

#include <pthread.h>

#define VW_BENCH_SUBJECTS_MAX 32
#define VW_BENCH_RESULTS_MAX 256
#define VW_BENCH_NAME_SIZE 56

/* Against what is known better: references of 40 digits, or what the data were made from; the
 * group says what is taken relative to what.  greeks: of each option the one that is worst; NaN
 * where there are none. */
typedef struct vw_bench_error {
    double max, p99, greeks_max, greeks_p99;
} vw_bench_error;

typedef struct vw_bench_subject {
    const char *name;
    void (*run)(const void *context); /* one pass over all items; NULL: not in this build, or: */
    const void *context;
    size_t items;
    const char *rival; /* the subject it is compared with; NULL: the group's first */
    /* Fills in what there is (all is NaN before); NULL, or false: no references here. */
    bool (*accuracy)(const void *context, vw_bench_error *error);
    double vector_ops; /* least 512-bit floating-point instructions an item, of performance.md; 0 */
    double bytes;      /* that an item must move to and from memory; 0 */
    double (*run_ns)(const void *context); /* a pass that says itself how long its items took */
    vw_histogram *latency;                 /* filled by run, one value an item or so; NULL */
} vw_bench_subject;

typedef struct vw_bench_group {
    const char *name, *title;
    const char *item; /* "option" */
    const char *rate; /* what 1e9 / ns is: "contracts/s" */
    /* Fills subjects, at most VW_BENCH_SUBJECTS_MAX, and returns how many; isa NULL: all there are.
     * 0: cannot be had here, *why says so. */
    size_t (*open)(vw_bench_subject *subjects, const char *isa, const char **why);
    void (*close)(void); /* may be NULL */
    const char *errors;  /* what they are of; NULL: none is known */
    bool two;            /* its subjects use two processors */
    bool latencies;      /* some of them have */
} vw_bench_group;

typedef struct vw_bench_result {
    char group[16], name[VW_BENCH_NAME_SIZE], rival[VW_BENCH_NAME_SIZE]; /* rival "": none */
    char item[16], rate[16];
    double ns, ns_low, ns_high;          /* median and quartiles over the rounds */
    double ratio, ratio_low, ratio_high; /* the same of time / rival's time; NaN without */
    vw_bench_error error;                /* NaN without */
    const char *errors;                  /* the group's, NULL without */
    double apart_ns;  /* of the processors, when it was taken; NaN where it needs only one */
    unsigned counted; /* of the processes: in all of them the processors were as far apart */
    double share;     /* of what the machine could do at most; NaN without */
    double p50_ns, p99_ns, p999_ns, max_ns; /* NaN without */
    const vw_histogram *latency;            /* the subject's; for plots */
    bool control;                           /* the A/A row */
} vw_bench_result;

typedef struct vw_bench_report {
    vw_machine machine;
    double seconds; /* a group may take */
    size_t count;
    vw_bench_result results[VW_BENCH_RESULTS_MAX];
} vw_bench_report;

#define VW_BENCH_PROCESSES 5

/* All groups of this program. */
extern const vw_bench_group *const vw_bench_groups[];
size_t vw_bench_group_count(void);

/* vw_bench_measure runs a group for about `seconds` and appends its results; VW_ERR_DATA with the
 * reason where the group cannot be had here. */
vw_err vw_bench_measure(vw_bench_report *report, const vw_bench_group *group, const char *isa,
                        double seconds, vw_error *error);

/* vw_bench_serve does what a process is for that vw_bench_measure started, and ends it; returns in
 * every other.  First of all in a program that measures. */
void vw_bench_serve(void);

/* vw_bench_once runs every subject of a group once, unmeasured, for counters of instructions. */
vw_err vw_bench_once(const vw_bench_group *group, const char *isa, vw_error *error);

/* vw_bench_print writes results [first, count) as a table. */
void vw_bench_print(FILE *to, const vw_bench_report *report, size_t first);

/* vw_bench_trouble returns how far the worst A/A control is from 1: above VW_BENCH_TROUBLE the
 * figures are not to be believed. */
#define VW_BENCH_TROUBLE 0.10
double vw_bench_trouble(const vw_bench_report *report);

/* vw_bench_memory returns zeroed, line-aligned memory, for good. */
void *vw_bench_memory(size_t size);

/* vw_bench_name formats a subject's name, for good. */
const char *vw_bench_name(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* vw_bench_next_set returns the next set of kernels to time from *i on, which begins at 0: all that
 * run here but the reference, or isa alone; NULL after the last. */
const vw_kernels *vw_bench_next_set(const char *isa, size_t *i);

/* vw_bench_thread starts body(arg) on any processor but the caller's, where there is another. */
void vw_bench_thread(pthread_t *thread, void *(*body)(void *), void *arg);

/* vw_bench_uniform draws from [0, 1): the same numbers in every run. */
double vw_bench_uniform(uint64_t *state);

#endif
