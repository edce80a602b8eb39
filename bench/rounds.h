/* rounds.h: subjects timed in turns, all of them once a round.
 *
 * Threads  the main thread. */
#ifndef VW_BENCH_ROUNDS_H
#define VW_BENCH_ROUNDS_H

#include "bench/bench.h"

typedef struct vw_rounds_row {
    const vw_bench_subject *subject;
    double *ns; /* an item, of each round; the caller's, room for `most` */
    size_t passes;
    double pass_ns; /* about */
} vw_rounds_row;

/* vw_rounds_run times for about `seconds`, at least `least` rounds, and returns how many.  The last
 * row has the first one's subject: the control. */
size_t vw_rounds_run(vw_rounds_row *rows, size_t count, size_t least, size_t most, double seconds);

/* vw_rounds_quiet moves the quietest quarter of the rounds, by what all subjects took in them, to
 * the front of each ns[i][rounds], and returns how many they are: at least 9 of as many.  Who else
 * uses the core, another machine's processor often, slows what is bound by throughput and hardly
 * what waits: it moves ratios, and a subject against itself does not show it. */
size_t vw_rounds_quiet(double *const *ns, size_t count, size_t rounds);

#endif
