/* harness.h: Google Benchmark, as far as the suite needs it, for C. */
#ifndef VW_BENCH_HARNESS_H
#define VW_BENCH_HARNESS_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* vw_harness_time runs a benchmark of so many iterations, of run or else of run_ns, which says
 * itself how long it took, and returns nanoseconds an iteration. */
double vw_harness_time(const char *name, void (*run)(const void *context),
                       double (*run_ns)(const void *context), const void *context,
                       size_t iterations);

#ifdef __cplusplus
}
#endif
#endif
