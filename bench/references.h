/* references.h: the errors of what is measured against tests/data, 40 digits.
 *
 * Pricing: of options out of the money, where nothing is hidden behind an intrinsic value.  Price,
 * delta, gamma and vega relative; theta, vanna, volga and charm, which have zeros, relative to the
 * sum of their terms (A of mathematics.md section 13, tests/core/pricing/greek_scale.h).  Rho is
 * the price times the years, and its error the price's: it would hide those of the other greeks.
 * Inverting: relative errors of the vol, over 1 + its condition number, which is what the price's
 * own rounding makes of it.  Fits: of the made chain synthetic_chain.csv, whose forwards and vols
 * are known: forwards relative; vols less the true ones where |delta| is 2 % or more.
 *
 * Threads  the main thread; the tables are read once and stay. */
#ifndef VW_BENCH_REFERENCES_H
#define VW_BENCH_REFERENCES_H

#include "bench/bench.h"
#include "core/vol/slice.h"

typedef void vw_references_black(const void *self, const vw_black_inputs *in,
                                 const vw_black_outputs *out, size_t count);
typedef void vw_references_iv(const void *self, const vw_iv_inputs *in, double *vol, size_t count);

typedef enum vw_references_form {
    VW_REFERENCES_ALL_INPUTS,
    VW_REFERENCES_EXPIRY, /* each reference is an expiry of its own */
    VW_REFERENCES_STRIKES /* the same, call and put together */
} vw_references_form;

enum { VW_REFERENCES_FIVE = 5, VW_REFERENCES_EIGHT = 8 }; /* greeks that are compared */

/* What the errors of vw_references_of_black and _of_kernels, and of _of_iv, are of. */
#define VW_REFERENCES_BLACK                                                                        \
    "relative; greeks: an option's worst; theta, vanna, volga, charm over their terms' sum"
#define VW_REFERENCES_IV                                                                           \
    "vols of iv_2000.csv, most of them extreme: relative, over 1 + their condition number"

/* Each calls compute on the references; false when they are not here (installed elsewhere). */
bool vw_references_of_black(vw_references_black *compute, const void *self, int greeks,
                            vw_bench_error *error);
bool vw_references_of_kernels(const vw_kernels *kernels, vw_references_form form, int greeks,
                              vw_bench_error *error);

/* guess: that so many times the vol is handed in; 0: none. */
bool vw_references_of_iv(vw_references_iv *compute, const void *self, double guess,
                         vw_bench_error *error);

/* compute fits and writes total variance at smile->k. */
typedef void vw_references_smile(const void *self, const vw_smile *smile, double *w);
bool vw_references_of_smiles(vw_references_smile *compute, const void *self, vw_bench_error *error);
bool vw_references_of_forward(const vw_fit_kernels *kernels, vw_bench_error *error);

/* vw_references_of_curve is relative, of an HKS smile's total variance and slope. */
bool vw_references_of_curve(const vw_fit_kernels *kernels, vw_bench_error *error);

/* vw_references_of_vix is relative, of the index and both variances of the worked example. */
bool vw_references_of_vix(vw_bench_error *error);

/* vw_references_hostile returns the inputs of iv_2000.csv, mostly extreme; *count 0: not here. */
const vw_iv_inputs *vw_references_hostile(size_t *count);

/* vw_references_summary is the largest of errors[count] and that which 99 % are not above, in *max
 * and *p99; sorts them, and takes what is not finite for infinite. */
void vw_references_summary(double *errors, size_t count, double *max, double *p99);

#endif
