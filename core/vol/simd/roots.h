/* roots.h: hyperbolas of a fit's design on their way, lest anyone waits for their roots. */
#ifndef VW_CORE_VOL_SIMD_ROOTS_H
#define VW_CORE_VOL_SIMD_ROOTS_H

#include "core/vol/fit_kernels.h"
#include "core/vol/simd/eight.h"

/* Quotes and the terms there, by blocks. */
typedef struct design_quotes {
    const vw_fit_basis *basis;
    const double *z, *weight2, *target;
    double *blocks;
    size_t count;
} design_quotes;

/* A pair at the next quotes, and the squares of what follows; the squares after those are of `term`
 * at quotes `at`. */
typedef struct design_ahead {
    vd root[2], square[2];
    size_t term, at;
} design_ahead;

VW_LANE void go_ahead(const design_quotes *in, design_ahead *ahead)
{
    const double *m = in->basis->m + ahead->term, *s2 = in->basis->s2 + ahead->term;
    vd z = vd_load(in->z + ahead->at, VW_LANES);

#pragma GCC unroll 2
    for (size_t r = 0; r < 2; r++) {
        vd x = z - m[r];

        ahead->root[r] = vd_sqrt(ahead->square[r]);
        ahead->square[r] = x * x + s2[r];
    }
    ahead->at += EIGHT;
    if (ahead->at >= in->count) { /* the next part of the quotes, or the pair before at the first */
        ahead->at = (ahead->at + VW_LANES) % EIGHT;
        ahead->term -= ahead->at == 0 && ahead->term > 0 ? 2 : 0;
    }
}

#endif
