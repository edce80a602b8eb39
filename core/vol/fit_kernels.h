/* fit_kernels.h: the loops in which fits spend their time, as wide as the machine.
 *
 * One set a width, as kernels.h: chosen at start by the same names, the same bits from all of them
 * (sums run over eight lanes at every width).  "reference" stands for the baseline set here.
 *
 * Threads  a set is read-only; its functions are pure.
 * Shapes   columns start anywhere (64-byte aligned is fastest) and are padded: functions read and
 *          write up to the next multiple of 8, so that what lies there must be harmless
 *          (weights 0, any finite z, rows all zero).  Systems are symmetric, upper triangle by
 *          rows of VW_FIT_TERMS_LINE. */
#ifndef VW_CORE_VOL_FIT_KERNELS_H
#define VW_CORE_VOL_FIT_KERNELS_H

#include "core/vol/market_kernels.h"

#define VW_FIT_TERMS_LINE 32 /* room of a system's row, multiple of 8 */
#define VW_FIT_CHUNK 32
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

/* A row of the design: 1, z, and a hyperbola a node; `line` doubles with zeroes at the end. */
typedef struct vw_fit_basis {
    vw_fit_row m, s2, on; /* by term; on is 1 for hyperbolas, else 0 */
    size_t terms, line;   /* line: terms, rounded up to 8 */
} vw_fit_basis;

/* L D L' of a system scaled to a unit diagonal; all zero before its first use. */
typedef struct vw_fit_factors {
    vw_fit_row upper[VW_FIT_TERMS_LINE];  /* D L' */
    vw_fit_row lower[VW_FIT_TERMS_LINE];  /* columns of L */
    vw_fit_row turned[VW_FIT_TERMS_LINE]; /* its rows */
    vw_fit_row inverse, scale;            /* of D; of the system */
    size_t terms;
} vw_fit_factors;

/* Points with every node's value, slope and bend there: three columns, `line` apart. */
typedef struct vw_fit_grid {
    const double *z;
    const double *column[VW_FIT_TERMS_LINE];
    size_t nodes, line;
    size_t first, last; /* points in use, multiples of 8 */
} vw_fit_grid;

typedef struct vw_fit_curves {
    double *value, *slope, *bend, *g;
} vw_fit_curves;

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

typedef struct vw_fit_kernels {
    const char *isa;
    vw_market_kernels market; /* of what comes before a fit */
    /* Targets of quotes: unit is years / sd^2, per_sd 1 / sd. */
    void (*quotes)(const vw_fit_quotes *in, double unit, double per_sd, size_t count,
                   const vw_fit_targets *out);
    /* rows of the quotes, system[a][b] = sum weight2 row_a row_b for b >= a, and right[a] = sum
     * weight2 target row_a. */
    void (*design)(const vw_fit_basis *basis, const double *z, const double *weight2,
                   const double *target, size_t count, double *rows, vw_fit_row *system,
                   double *right);
    /* One such row. */
    void (*row)(const vw_fit_basis *basis, double z, double *row);
    /* model = rows solution. */
    void (*model)(const double *rows, size_t line, const double *solution, size_t count,
                  double *model);
    /* The same, and right[a] = sum weight2 target row_a with model within [low, high]
     * as target. */
    void (*follow)(const double *rows, size_t line, const double *solution,
                   const vw_fit_targets *targets, size_t count, double *model, double *right);
    /* value = sqrt((z - m)^2 + s^2), its slope and bend unless slope is NULL. */
    void (*hyperbola)(const double *z, double m, double s, size_t count, double *value,
                      double *slope, double *bend);
    /* Sums of a bell s wide around m, times weight2 in the second. */
    void (*bell)(const double *z, const double *weight2, double m, double s, size_t count,
                 double sums[2]);
    /* value = c0 + c1 z + sum c_j sqrt((z - m_j)^2 + s_j^2); with its slope and bend. */
    void (*smile)(const vw_fit_smile *smile, const double *z, size_t count, double *value,
                  double *slope, double *bend);
    void (*variance)(const vw_fit_smile *smile, const double *z, size_t count, double *value);
    /* The same on a grid, with g as durrleman's; returns the least. */
    double (*grid)(const vw_fit_grid *in, const double *solution, double quarter,
                   double least_value, const vw_fit_curves *out);
    /* Durrleman's g by z = k / sd, -1 where value <= least_value; quarter: sd^2 / 4. The least. */
    double (*durrleman)(const double *z, const double *value, const double *slope,
                        const double *bend, double quarter, double least_value, size_t count,
                        double *g);
    /* k = ln(strike / forward). */
    void (*moneyness)(const double *strike, double forward, size_t count, double *k);
    /* vega = scale exp(-d1^2 / 2) at vols and root_years = sqrt(years). */
    void (*vega)(const double *k, const double *vol, double root_years, double scale, size_t count,
                 double *vega);
    /* Model's total variance w against the quotes with k in [k_min, k_max]; core where |d1| <=
     * core_d1. */
    void (*misses)(const vw_fit_quotes *quotes, const double *w, double k_min, double k_max,
                   double root_years, double core_d1, size_t count, vw_fit_misses *out);
    /* How many of x lie within [low, high]. */
    size_t (*inside)(const double *x, const double *low, const double *high, size_t count);
    /* system[a][b] += weight row_a row_b for b >= a, right[a] += weight target row_a; line as a
     * basis has it. */
    void (*add)(const double *row, double weight, double target, size_t line, vw_fit_row *system,
                double *right);
    /* Scales a system to a unit diagonal, adds jitter to it, and factors that.  False when it is
     * not positive definite. */
    bool (*factor)(const vw_fit_row *system, size_t terms, double jitter, vw_fit_factors *factors);
    /* Solves a factored system; right and solution have whole lines. */
    void (*solve)(const vw_fit_factors *factors, const double *right, double *solution);
    void (*svi_sums)(const double *z, const double *target, const double *weight2, double m,
                     double sigma, size_t count, vw_svi_sums *sums);
    /* Largest sigma that a point of l[0 .. count) asks for; INFINITY when none will do. */
    double (*svi_needs)(const vw_svi_shape *shape, const double *l, size_t count);
} vw_fit_kernels;

/* vw_fit_kernels_get returns the set that goes with vw_kernels_get(isa). */
const vw_fit_kernels *vw_fit_kernels_get(const char *isa);

#endif
