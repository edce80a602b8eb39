/* references.h: the errors of a pricing or inverting function against tests/data, 40 digits.
 *
 * Pricing: relative errors of the price of options out of the money, where nothing is hidden behind
 * an intrinsic value.  Inverting: relative errors of the vol, over 1 + its condition number, which
 * is what the price's own rounding makes of it.
 *
 * Threads  the main thread; the tables are read once and stay. */
#ifndef VW_BENCH_REFERENCES_H
#define VW_BENCH_REFERENCES_H

#include "bench/bench.h"

typedef void vw_references_black(const void *self, const vw_black_inputs *in,
                                 const vw_black_outputs *out, size_t count);
typedef void vw_references_iv(const void *self, const vw_iv_inputs *in, double *vol, size_t count);

/* Each calls compute on the references; false when they are not here (installed elsewhere). */
bool vw_references_of_black(vw_references_black *compute, const void *self, vw_bench_error *error);
bool vw_references_of_iv(vw_references_iv *compute, const void *self, bool warm,
                         vw_bench_error *error);

/* vw_references_of_kernels judges the prices of a set: all inputs, or the form per expiry, where
 * each reference is an expiry of its own. */
bool vw_references_of_kernels(const vw_kernels *kernels, bool per_expiry, vw_bench_error *error);

/* vw_references_hostile returns the inputs of iv_2000.csv, mostly extreme; *count 0: not here. */
const vw_iv_inputs *vw_references_hostile(size_t *count);

#endif
