/* fit_columns.h: what the kernels of fits (fit_kernels.h) read and write.
 *
 * Shapes   columns start anywhere (64-byte aligned is fastest) and are padded: functions read and
 *          write up to the next multiple of 8, so that what lies there must be harmless
 *          (weights 0, any finite z).  Systems are symmetric, upper triangle by rows of
 *          VW_FIT_TERMS_LINE. */
#ifndef VW_CORE_VOL_FIT_COLUMNS_H
#define VW_CORE_VOL_FIT_COLUMNS_H

#include "core/base/base.h"

#define VW_FIT_TERMS_LINE 32 /* room of a system's row, multiple of 8 */
#define VW_FIT_DEAD_ZONE 0.7 /* of the half-spread: no pull inside */
#define VW_SVI_FUNCTIONS 5   /* 1, u, v, u / v, 1 / v with u = (z - m) / sigma, v = sqrt(u^2 + 1) */

typedef double vw_fit_row[VW_FIT_TERMS_LINE] __attribute__((aligned(64)));

/* Quotes as vols, and as the fit takes them: total variance over sd^2. */
typedef struct vw_fit_quotes {
    const double *k, *vol, *half_vol, *bid_vol, *ask_vol;
} vw_fit_quotes;

typedef struct vw_fit_targets {
    double *z, *weight2;
    double *low, *high; /* of the dead zone */
    double *mid, *bid, *ask;
} vw_fit_targets;

/* A row of the design, the terms at one quote: 1, z, and a hyperbola a node; `line` doubles with
 * zeroes at the end. */
typedef struct vw_fit_basis {
    vw_fit_row m, s2, on; /* by term; on is 1 for hyperbolas, else 0 */
    size_t terms, line;   /* line: terms, rounded up to 8 */
} vw_fit_basis;

/* vw_fit_block returns the doubles of a block, the terms at eight quotes: term a at quote q is
 * block[8 a + q].  An odd number of cache lines, so that blocks fall into different sets. */
static inline size_t vw_fit_block(const vw_fit_basis *basis)
{
    return (vw_round_up(basis->terms, 4) + 1) * 8;
}

/* L D L' of a system scaled to a unit diagonal; all zero before its first use. */
typedef struct vw_fit_factors {
    vw_fit_row upper[VW_FIT_TERMS_LINE];  /* D L' */
    vw_fit_row lower[VW_FIT_TERMS_LINE];  /* columns of L */
    vw_fit_row turned[VW_FIT_TERMS_LINE]; /* its rows */
    vw_fit_row inverse, scale;            /* of D; of the system */
    size_t terms;
} vw_fit_factors;

/* A bell s wide around m over the points [first, last), multiples of 8; and times weight2. */
typedef struct vw_fit_bell {
    double m, s;
    size_t first, last;
    double sum, weighted;
} vw_fit_bell;

/* Points, and of every node's hyperbola 1 / value and bend there: two columns, `line` apart.  Value
 * and slope are the first times (z - m)^2 + s^2 and z - m: linear in it once the smile's sums with
 * c, c m and c (m^2 + s^2) are known, and a third less memory to go through. */
typedef struct vw_fit_grid {
    const double *z, *m, *s;
    const double *column[VW_FIT_TERMS_LINE];
    size_t nodes, line;
    size_t first, last; /* points in use, multiples of 8 */
} vw_fit_grid;

typedef struct vw_fit_smile {
    double c0, c1;
    const double *m, *s, *c;
    size_t nodes;
} vw_fit_smile;

/* How a model's total variance lies to quotes. */
typedef struct vw_fit_misses {
    size_t quotes, inside, core; /* inside: within bid and ask; core: |d1| small enough */
    double square, core_square;  /* sums of squared errors in vol */
    double max;
} vw_fit_misses;

/* Sums over quotes of weight2 f_i f_j, weight2 target f_i and weight2 target^2. */
typedef struct vw_svi_sums {
    double product[VW_SVI_FUNCTIONS][VW_SVI_FUNCTIONS], right[VW_SVI_FUNCTIONS], square;
} vw_svi_sums;

/* A raw SVI smile without its scale: b, rho, a / (b sigma), m / sigma (pricing/svi.c). */
typedef struct vw_svi_shape {
    double b, rho, alpha, mu;
} vw_svi_shape;

#endif
