/* kernels.h: the one place where the machine's instruction set matters.
 *
 * A kernel set is a table of functions that compute the same thing at different widths.  It is
 * chosen once, at start; tests walk all of them, and `--isa` forces one.  "avx512", "avx2" and
 * "baseline" are the same lane body and give the same bits; "reference" is the libm text of
 * black.c and implied_vol.c, for tests.  It never publishes as a set: the others only hand it the
 * lanes that need a status (expired, bad input, no time value) or lie outside [2^-128, 2^128).
 *
 * Threads  a set is read-only; its functions are pure.
 * Shapes   as black.h and implied_vol.h; any count, no alignment needed. */
#ifndef VW_CORE_PRICING_KERNELS_H
#define VW_CORE_PRICING_KERNELS_H

#include "core/pricing/black.h"
#include "core/pricing/implied_vol.h"

typedef struct vw_kernels {
    const char *isa;
    size_t (*black)(const vw_black_inputs *in, const vw_black_outputs *out, size_t count);
    size_t (*black_expiry)(const vw_expiry_inputs *in, const vw_black_outputs *out, size_t count);
    size_t (*black_strikes)(const vw_expiry_inputs *in, const vw_black_outputs *call,
                            const vw_black_outputs *put, size_t count);
    size_t (*implied_vol)(const vw_iv_inputs *in, double *vol, uint8_t *status, size_t count);
} vw_kernels;

/* vw_kernels_get returns the set called isa, or the widest this machine runs when isa is NULL;
 * NULL when there is no such set or the machine cannot run it. */
const vw_kernels *vw_kernels_get(const char *isa);

/* vw_kernels_name returns the i-th name ("avx512", "avx2", "baseline", "reference"), or NULL. */
const char *vw_kernels_name(size_t i);

#endif
