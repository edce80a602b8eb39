/* vx_beta.h: d VX / d VIX30 of each monthly future, estimated as the session goes.
 *
 * A future's beta rises as its days run out, so what is estimated is its ratio to the prior
 * vw_vx_curve_beta at the days of each observation: least squares through the origin of changes of
 * the future on prior times changes of the index, older ones losing half their weight every
 * half_life.  Changes are of one contract each; the caller decides how far apart they are taken
 * (a close, a minute), and gives none across a roll, a gap or a stale quote.
 *
 * The same against the forward vol of the future's own window (vix_forward.h) is a diagnostic.
 *
 * Memory   a plain struct: copying it is a snapshot.
 * Errors   too few observations, or an index that has not moved: the prior, `prior` says so.
 * Threads  the owner's.
 * Source   mathematics.md section 10.2; hedge-engine.md section 1. */
#ifndef VW_CORE_VOL_VX_BETA_H
#define VW_CORE_VOL_VX_BETA_H

#include "core/base/base.h"

#define VW_VX_BETA_MONTHS 9

typedef struct vw_vx_beta_limits {
    double half_life;          /* observations: 30 */
    uint32_t window;           /* observations that count at most: 252 */
    uint32_t least;            /* fewer give the prior: 20 */
    double ratio_lo, ratio_hi; /* the estimate over the prior is kept within: 0.5 to 2 */
} vw_vx_beta_limits;

/* Decayed sums of one month's changes. */
typedef struct vw_vx_beta_sums {
    double xx, xy, yy;
    uint32_t count; /* observations, at most window */
} vw_vx_beta_sums;

typedef struct vw_vx_beta {
    vw_vx_beta_limits limits;
    vw_vx_beta_sums index[VW_VX_BETA_MONTHS];   /* against VIX30; [0] is VX1 */
    vw_vx_beta_sums forward[VW_VX_BETA_MONTHS]; /* against the forward vol of its own window */
} vw_vx_beta;

typedef struct vw_vx_beta_estimate {
    double beta;
    double r2;
    double half_life;
    uint32_t count; /* observations behind it */
    bool prior;
} vw_vx_beta_estimate;

extern const vw_vx_beta_limits vw_vx_beta_defaults;

void vw_vx_beta_init(vw_vx_beta *beta, const vw_vx_beta_limits *limits);

/* vw_vx_beta_add takes the changes, in points, of the future of `month` (0 is VX1) with `days` left
 * and of VIX30 over the same time. */
void vw_vx_beta_add(vw_vx_beta *beta, uint32_t month, double days, double future, double index);

/* vw_vx_beta_add_forward takes the change of the forward vol instead of the index's. */
void vw_vx_beta_add_forward(vw_vx_beta *beta, uint32_t month, double future, double forward);

/* vw_vx_beta_at returns the beta of the future of `month` with `days` left; months beyond the
 * table have the prior. */
vw_vx_beta_estimate vw_vx_beta_at(const vw_vx_beta *beta, uint32_t month, double days);

/* vw_vx_beta_forward_at returns the diagnostic; `prior` then means there is none, beta NaN. */
vw_vx_beta_estimate vw_vx_beta_forward_at(const vw_vx_beta *beta, uint32_t month);

#endif
