/* svi_fit.h: raw SVI through the quotes of one expiry.
 *
 * For given m and sigma raw SVI is linear in what is left; so least squares in two unknowns, by
 * Gauss and Newton over the linear solution, from three starts or the previous smile.  What has a
 * butterfly is repaired (svi.h), and then fits its level again.
 *
 * Threads  pure; the caller's scratch.
 * Shapes   scratch has VW_SVI_FIT_SCRATCH(smile->count) elements.
 * Work     bounded: VW_SVI_FIT_STEPS passes over the quotes a start.
 * Source   mathematics.md section 7.3; S. De Marco, C. Martini, "Quasi-explicit calibration of
 *          Gatheral's SVI model", Zeliade white paper (2009). */
#ifndef VW_CORE_VOL_SVI_FIT_H
#define VW_CORE_VOL_SVI_FIT_H

#include "core/pricing/svi.h"
#include "core/vol/smile.h"

#define VW_SVI_FIT_SCRATCH(count) (4 * (count))
#define VW_SVI_FIT_STEPS 24
#define VW_SVI_FIT_QUOTES_MIN 5

/* vw_svi_fit writes an arbitrage-free smile to *svi, which holds the previous one when warm; false,
 * and *svi untouched, with fewer than VW_SVI_FIT_QUOTES_MIN quotes or when none is found. */
bool vw_svi_fit(const vw_smile *smile, bool warm, double *scratch, vw_svi *svi);

#endif
