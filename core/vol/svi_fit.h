/* svi_fit.h: raw SVI through the quotes of one expiry.
 *
 * For given m and sigma raw SVI is linear in what is left; so least squares in two unknowns, by
 * Levenberg and Marquardt over the linear solution.  It starts from a smile of before, or from the
 * best of a few places by every few quotes.  Where that ends at a smile with arbitrage, it goes
 * again from the start, and only through smiles without.
 *
 * The steps end where the next would move m and sigma by less than VW_SVI_FIT_STILL deviations: the
 * same quotes give the same smile to that precision, whatever it started from, and the same bits
 * from one start.
 *
 * Threads  one at a time: a workspace per thread.
 * Memory   vw_svi_work_size bytes of the caller's.
 * Work     bounded: at most VW_SVI_FIT_STEPS passes over the quotes, three times that where there
 *          is arbitrage; a few with a guess.
 * Source   mathematics.md section 7.3; S. De Marco, C. Martini, "Quasi-explicit calibration of
 *          Gatheral's SVI model", Zeliade white paper (2009). */
#ifndef VW_CORE_VOL_SVI_FIT_H
#define VW_CORE_VOL_SVI_FIT_H

#include "core/pricing/svi.h"
#include "core/vol/fit_kernels.h"
#include "core/vol/smile.h"

#define VW_SVI_FIT_STEPS 24
#define VW_SVI_FIT_STILL 3e-5
#define VW_SVI_FIT_QUOTES_MIN 5

typedef struct vw_svi_work vw_svi_work;

/* vw_svi_work_size returns the bytes for smiles of up to `room` quotes. */
size_t vw_svi_work_size(size_t room);
vw_svi_work *vw_svi_work_init(void *mem, size_t room, const vw_fit_kernels *kernels);

/* vw_svi_fit writes an arbitrage-free smile to *svi; false, and *svi untouched, with fewer than
 * VW_SVI_FIT_QUOTES_MIN quotes or when none is found.  guess is where to start, a smile of about
 * these quotes, or NULL. */
bool vw_svi_fit(vw_svi_work *work, const vw_smile *smile, const vw_svi *guess, vw_svi *svi);

#endif
