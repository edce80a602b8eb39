#include "bench/bench.h"

#include "core/base/clock.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROUNDS = 301, SUBJECTS_MAX = 16, ROUND_NS = 200000 };

static double samples[SUBJECTS_MAX][ROUNDS];

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static double time_once(const vw_bench_subject *subject, size_t passes)
{
    int64_t start = vw_clock_monotonic_ns();

    for (size_t i = 0; i < passes; i++) {
        subject->run(subject->context);
    }
    return (double)(vw_clock_monotonic_ns() - start);
}

static void pin(void)
{
    int core = sched_getcpu();
    cpu_set_t set;

    if (core >= 0) {
        CPU_ZERO(&set);
        CPU_SET((size_t)core, &set);
        sched_setaffinity(0, sizeof set, &set);
    }
}

void vw_bench_run(const char *title, const vw_bench_subject *subjects, size_t count)
{
    size_t passes[SUBJECTS_MAX];
    double first = 0;

    vw_check(count <= SUBJECTS_MAX);
    pin();
    for (size_t s = 0; s < count; s++) {
        double once;

        time_once(&subjects[s], 3);
        once = time_once(&subjects[s], 10) / 10;
        passes[s] = once < ROUND_NS ? (size_t)(ROUND_NS / once) : 1;
    }
    for (size_t r = 0; r < ROUNDS; r++) {
        for (size_t s = 0; s < count; s++) {
            samples[s][r] =
                time_once(&subjects[s], passes[s]) / (double)(passes[s] * subjects[s].items);
        }
    }
    printf("%s\n", title);
    for (size_t s = 0; s < count; s++) {
        double quiet, median;

        qsort(samples[s], ROUNDS, sizeof **samples, compare);
        quiet = samples[s][ROUNDS / 10];
        median = samples[s][ROUNDS / 2];
        first = s == 0 ? quiet : first;
        printf("  %-32s %8.2f ns  (median %8.2f)  %6.3f of the rival\n", subjects[s].name, quiet,
               median, quiet / first);
    }
}
