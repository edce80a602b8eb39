/* targets.h: what the project set out to reach, beside what a run measured.
 *
 * Ratios in one run are what holds on every machine; times were set on 4 GHz Zen 5 processors with
 * a full 512-bit path and are said with that. */
#ifndef VW_BENCH_TARGETS_H
#define VW_BENCH_TARGETS_H

#include "bench/bench.h"

/* vw_targets_print writes a line a target: its bound, what was measured, met or missed, and why as
 * far as that was found; "-" where the subject was not measured.  Returns how many were missed. */
size_t vw_targets_print(FILE *to, const vw_bench_report *report);

#endif
