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
 * row has the first one's subject: the control.  pace_ns[most]: vw_machine_pace about each round.
 */
size_t vw_rounds_run(vw_rounds_row *rows, size_t count, size_t least, size_t most, double seconds,
                     double *pace_ns);

/* vw_rounds_calm returns in how many of the rounds nobody else was on the core: pace_ns was calm_ns
 * at most; 0 where it is less than a quarter. */
size_t vw_rounds_calm(const double *pace_ns, size_t rounds, double calm_ns);

/* vw_rounds_quiet moves the calm rounds to the front of each ns[i][rounds], or, where they are less
 * than a quarter, the quietest quarter by what all subjects took; returns how many.  Who else uses
 * the core, another machine's processor often, slows what is bound by throughput and hardly what
 * waits: it moves ratios, and a subject against itself does not show it. */
size_t vw_rounds_quiet(double *const *ns, size_t count, size_t rounds, const double *pace_ns,
                       double calm_ns);

#endif
