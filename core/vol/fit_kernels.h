/* fit_kernels.h: the loops in which fits spend their time, as wide as the machine.
 *
 * One set a width, as kernels.h: chosen at start by the same names, the same bits from all of them
 * (sums run over eight lanes at every width).  "reference" stands for the baseline set here.
 *
 * Threads  a set is read-only; its functions are pure.
 * Shapes   as in fit_columns.h. */
#ifndef VW_CORE_VOL_FIT_KERNELS_H
#define VW_CORE_VOL_FIT_KERNELS_H

#include "core/vol/fit_columns.h"
#include "core/vol/market_kernels.h"

typedef struct vw_fit_kernels {
    const char *isa;
    vw_market_kernels market; /* of what comes before a fit */
    /* Targets of quotes: unit is years / sd^2, per_sd 1 / sd. */
    void (*quotes)(const vw_fit_quotes *in, double unit, double per_sd, size_t count,
                   const vw_fit_targets *out);
    /* Terms at the quotes, in blocks of eight quotes; system[a][b] = sum weight2 term_a term_b for
     * b >= a, and right[a] = sum weight2 target term_a. */
    void (*design)(const vw_fit_basis *basis, const double *z, const double *weight2,
                   const double *target, size_t count, double *blocks, vw_fit_row *system,
                   double *right);
    /* The terms at one z. */
    void (*row)(const vw_fit_basis *basis, double z, double *row);
    /* model = sum solution_a term_a. */
    void (*model)(const vw_fit_basis *basis, const double *blocks, const double *solution,
                  size_t count, double *model);
    /* The same, and right[a] = sum weight2 target term_a with model within [low, high] as target.
     */
    void (*follow)(const vw_fit_basis *basis, const double *blocks, const double *solution,
                   const vw_fit_targets *targets, size_t count, double *model, double *right);
    /* inverse = 1 / sqrt((z - m)^2 + s^2), and the bend of the root. */
    void (*hyperbola)(const double *z, double m, double s, size_t count, double *inverse,
                      double *bend);
    /* Sums under bells. */
    void (*bells)(const double *z, const double *weight2, vw_fit_bell *bells, size_t count);
    /* value = c0 + c1 z + sum c_j sqrt((z - m_j)^2 + s_j^2); with its slope and bend. */
    void (*smile)(const vw_fit_smile *smile, const double *z, size_t count, double *value,
                  double *slope, double *bend);
    void (*variance)(const vw_fit_smile *smile, const double *z, size_t count, double *value);
    /* Values on a grid, and g as durrleman's; returns the least. */
    double (*grid)(const vw_fit_grid *in, const double *solution, double quarter,
                   double least_value, double *value, double *g);
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
    /* Solves a factored system for `count` right sides; they and the solutions have whole lines. */
    void (*solve)(const vw_fit_factors *factors, size_t count, const double *const *right,
                  double *const *solution);
    void (*svi_sums)(const double *z, const double *target, const double *weight2, double m,
                     double sigma, size_t count, vw_svi_sums *sums);
    /* Largest sigma that a point of l[0 .. count) asks for; INFINITY when none will do.  root is
     * sqrt(l^2 + 1). */
    double (*svi_needs)(const vw_svi_shape *shape, const double *l, const double *root,
                        size_t count);
} vw_fit_kernels;

/* vw_fit_kernels_get returns the set that goes with vw_kernels_get(isa). */
const vw_fit_kernels *vw_fit_kernels_get(const char *isa);

#endif
