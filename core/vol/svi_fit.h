/* svi_fit.h: raw SVI through the quotes of one expiry.
 *
 * For given m and sigma raw SVI is linear in what is left; so least squares in two unknowns, by
 * Levenberg and Marquardt over the linear solution, from the best of a few places, and only through
 * smiles without arbitrage.  The same quotes give the same smile, whatever was fitted before.
 *
 * Threads  pure; the caller's scratch.
 * Shapes   scratch has VW_SVI_FIT_SCRATCH(smile->count) elements.
 * Work     bounded: some 20 + 3 (VW_SVI_FIT_STEPS + VW_SVI_FIT_SETTLE) passes over the quotes.
 * Source   mathematics.md section 7.3; S. De Marco, C. Martini, "Quasi-explicit calibration of
 *          Gatheral's SVI model", Zeliade white paper (2009). */
#ifndef VW_CORE_VOL_SVI_FIT_H
#define VW_CORE_VOL_SVI_FIT_H

#include "core/pricing/svi.h"
#include "core/vol/fit_kernels.h"
#include "core/vol/smile.h"

#define VW_SVI_FIT_SCRATCH(count) (3 * ((count) + 8) + VW_SVI_FIT_SCAN)
#define VW_SVI_FIT_SCAN 256
#define VW_SVI_FIT_STEPS 24
#define VW_SVI_FIT_SETTLE 12
#define VW_SVI_FIT_QUOTES_MIN 5

/* vw_svi_fit writes an arbitrage-free smile to *svi; false, and *svi untouched, with fewer than
 * VW_SVI_FIT_QUOTES_MIN quotes or when none is found. */
bool vw_svi_fit(const vw_smile *smile, const vw_fit_kernels *kernels, double *scratch, vw_svi *svi);

#endif
