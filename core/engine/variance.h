/* variance.h: the VIX of the live quotes, the bound it sets each VX future, and the futures' betas.
 *
 * An expiry's variance is renewed with each of its cuts (cut.h), so that it is as old as its
 * forward is.  On each fit of the curve the two indices are taken of them, the points get their
 * bound and convexity, and the monthlies a live beta once there are enough changes of future and
 * index, 15 minutes of market time apart; none across a gap, a roll, a stale quote or a change of
 * where the index is from.
 *
 * Time     market time.
 * Source   mathematics.md sections 8-10. */
#ifndef VW_CORE_ENGINE_VARIANCE_H
#define VW_CORE_ENGINE_VARIANCE_H

#include "core/engine/engine.h"
#include "core/vol/vix_forward.h"
#include "core/vol/vx_beta.h"

#define VW_FUTURES_MAX 128
#define VW_VARIANCE_TERMS 128 /* expiry groups beyond have no part in the live VIX */
#define VW_BETA_SAMPLE_NS (900 * INT64_C(1000000000))

/* A monthly future when betas were sampled last; expiry 0: it was not live. */
typedef struct vw_beta_month {
    uint32_t expiry;
    double price, bound;
} vw_beta_month;

typedef struct vw_beta_sample {
    int64_t slot; /* of VW_BETA_SAMPLE_NS of market time */
    double index;
    bool computed; /* the index is our own, not a feed's */
    vw_beta_month months[VW_VX_BETA_MONTHS];
} vw_beta_sample;

/* What SPX options say of VIX and its futures. */
typedef struct vw_variance {
    vw_vix_strip terms[VW_VARIANCE_TERMS]; /* by group index */
    double vix, vol_of_vol;                /* computed; NaN: cannot be */
    vw_vx_beta beta;
    vw_beta_sample sample;
    vw_vix_forward forwards[VW_FUTURES_MAX]; /* by curve point, as the rest */
    vw_vx_beta_estimate betas[VW_FUTURES_MAX], forward_betas[VW_FUTURES_MAX];
} vw_variance;

void vw_variance_init(vw_variance *variance);

/* vw_variance_renew computes the variance of the expiry of a group of options from its quotes;
 * none while its forward is carried: its quotes are old. */
void vw_variance_renew(vw_engine *engine, uint32_t group);

/* vw_variance_apply fills what the engine's curve points are told with, and sets their betas. */
void vw_variance_apply(vw_engine *engine);

#endif
