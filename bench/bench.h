/* bench.h: subjects timed in turns in one process, so that what disturbs one disturbs all.
 *
 * A round runs every subject once for about a fifth of a millisecond.  The table gives the time an
 * item takes in the quiet tenth of the rounds, for machines that others use too, the median beside
 * it, and the ratio of the quiet times to the first subject's, the rival to beat.
 *
 * Threads  the main thread, pinned to the core it starts on. */
#ifndef VW_BENCH_BENCH_H
#define VW_BENCH_BENCH_H

#include <stddef.h>

typedef struct vw_bench_subject {
    const char *name;
    void (*run)(const void *context); /* one pass over all items */
    const void *context;
    size_t items;
} vw_bench_subject;

/* vw_bench_run times the subjects and prints the table under its title. */
void vw_bench_run(const char *title, const vw_bench_subject *subjects, size_t count);

#endif
