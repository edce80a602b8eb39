/* fit_kernels.h: the loops in which fits spend their time, as wide as the machine.
 *
 * One set a width, as kernels.h: chosen at start by the same names, the same bits from all of them
 * (sums run over eight lanes at every width).  "reference" stands for the baseline set here.
 *
 * Threads  a set is read-only; its functions are pure.
 * Shapes   columns start anywhere (64-byte aligned is fastest) and are padded: functions read and
 * write up to the next multiple of 8, so that what lies there must be harmless (weights 0, any
 * finite z).  A table is `terms` columns, `line` apart.  Systems are symmetric, upper triangle by
 * rows of VW_FIT_TERMS_LINE. */
#ifndef VW_CORE_VOL_FIT_KERNELS_H
#define VW_CORE_VOL_FIT_KERNELS_H

#include "core/base/base.h"

#define VW_FIT_TERMS_LINE 32 /* room of a system's row, multiple of 8 */
#define VW_SVI_FUNCTIONS 5   /* 1, u, v, u / v, 1 / v with u = (z - m) / sigma, v = sqrt(u^2 + 1) */

typedef double vw_fit_row[VW_FIT_TERMS_LINE] __attribute__((aligned(64)));

typedef struct vw_fit_table {
    const double *columns;
    size_t line, terms;
    size_t count; /* of a column */
} vw_fit_table;

typedef struct vw_fit_smile {
    double c0, c1;
    const double *m, *s, *c;
    size_t nodes;
} vw_fit_smile;

/* Sums over quotes of weight2 f_i f_j, weight2 target f_i and weight2 target^2. */
typedef struct vw_svi_sums {
    double product[VW_SVI_FUNCTIONS][VW_SVI_FUNCTIONS], right[VW_SVI_FUNCTIONS], square;
} vw_svi_sums;

/* A raw SVI smile without its scale: b, rho, a / (b sigma), m / sigma (pricing/svi.c). */
typedef struct vw_svi_shape {
    double b, rho, alpha, mu;
} vw_svi_shape;

typedef struct vw_fit_kernels {
    const char *isa;
    /* value = sqrt((z - m)^2 + s^2), its slope and bend unless slope is NULL. */
    void (*hyperbola)(const double *z, double m, double s, size_t count, double *value,
                      double *slope, double *bend);
    /* Sums of exp(-((z - m) / s)^2 / 2), times weight2 in the second. */
    void (*bell)(const double *z, const double *weight2, double m, double s, size_t count,
                 double sums[2]);
    /* system[a][b] = sum weight2 column_a column_b for b >= a; scratch has a column. */
    void (*normal)(const vw_fit_table *table, const double *weight2, double *scratch,
                   vw_fit_row *system);
    /* right[a] = sum weight2 target column_a. */
    void (*project)(const vw_fit_table *table, const double *weight2, const double *target,
                    double *scratch, double *right);
    /* out = sum c[a] column_a. */
    void (*combine)(const vw_fit_table *table, const double *c, double *out);
    /* value = c0 + c1 z + sum c_j sqrt((z - m_j)^2 + s_j^2), its slope and bend. */
    void (*smile)(const vw_fit_smile *smile, const double *z, size_t count, double *value,
                  double *slope, double *bend);
    /* Durrleman's g in units of z = k / sd, -1 where value <= least_value: quarter is sd^2 / 4.
     * Returns the least. */
    double (*durrleman)(const double *z, const double *value, const double *slope,
                        const double *bend, double quarter, double least_value, size_t count,
                        double *g);
    /* out = x within [low, high]. */
    void (*clamp)(const double *x, const double *low, const double *high, size_t count,
                  double *out);
    /* How many of x lie within [low, high]. */
    size_t (*inside)(const double *x, const double *low, const double *high, size_t count);
    /* Scales to a unit diagonal, adds jitter to it, factors in place; scale gets the scaling.
     * False when the system is not positive definite. */
    bool (*factor)(vw_fit_row *system, size_t terms, double jitter, double *scale);
    /* Solves a factored system. */
    void (*solve)(const vw_fit_row *system, size_t terms, const double *scale, const double *right,
                  double *solution);
    void (*svi_sums)(const double *z, const double *target, const double *weight2, double m,
                     double sigma, size_t count, vw_svi_sums *sums);
    /* Largest sigma that a point of l[0 .. count) asks for; INFINITY when none will do. */
    double (*svi_needs)(const vw_svi_shape *shape, const double *l, size_t count);
} vw_fit_kernels;

/* vw_fit_kernels_get returns the set that goes with vw_kernels_get(isa). */
const vw_fit_kernels *vw_fit_kernels_get(const char *isa);

#endif
