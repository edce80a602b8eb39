/* implied_vol.h: the vol at which Black (1976) gives a price.
 *
 * vw_implied_vol is the reference, one option at a time with libm; the engine uses vw_kernels.
 *
 * Units    as black.h; price is discounted.
 * Shapes   arrays of `count`; guess may be NULL (cold start), else the previous vol per option, NaN
 *          or <= 0 where there is none.  A guess never changes more than the last digits.  Within
 *          1.2e-3 of the vol, and with vol sqrt(years) < 2.5, it spares kernels the seed; farther
 *          off none at all is faster, for their seed, too, is mostly one step away.
 * Domain   status and vol: ok - the vol; below_intrinsic, above_max, bad_input, expired - NaN;
 *          at_intrinsic (time value 0, or with discount != 1 below 2^-52 of the intrinsic, where
 *          a rounded discount hides it) - 0.  A price too small to carry a vol is still inverted
 *          as far as doubles go (premium to 1e-300).
 * Errors   relative 2^-52 32 (1 + cond), cond = d ln vol / d ln price.
 * Threads  pure functions of their arguments.
 * Source   mathematics.md section 4: Bachelier seed, Householder steps on ln(price). */
#ifndef VW_CORE_PRICING_IMPLIED_VOL_H
#define VW_CORE_PRICING_IMPLIED_VOL_H

#include "core/base/status.h"

typedef struct vw_iv_inputs {
    const double *forward, *strike, *years, *price, *discount;
    const double *side;  /* +1 call, -1 put */
    const double *guess; /* previous vol, or NULL */
} vw_iv_inputs;

/* vw_implied_vol writes vol[i] and status[i] (vw_status) and returns how many were ok. */
size_t vw_implied_vol(const vw_iv_inputs *in, double *vol, uint8_t *status, size_t count);

#endif
