/* hks_tick.h: an HKS smile that follows its quotes one at a time, between fits.
 *
 * The equations of the last fit are kept.  A quote that changed takes its old row out of them and
 * puts its new one in; then they are solved again.  The same nodes, the same smoothing and the same
 * floors; mids as targets.  A quote that was not in the fit waits for the next.
 *
 * Use      take after a fit, set for each quote that changed, solve once for all of them.
 * Threads  the engine's.
 * Memory   vw_hks_tick_size bytes of the caller's.
 * Work     set: two rows; solve: one system and one look at the grid.
 * Errors   solve: false where the smile found has a butterfly; the smile of before then stays, and
 *          the next fit repairs.
 * Source   mathematics.md section 7.4. */
#ifndef VW_CORE_VOL_HKS_TICK_H
#define VW_CORE_VOL_HKS_TICK_H

#include "core/vol/slice.h"

/* What a quote has in the sums; weight2 is 0 when it has nothing. */
typedef struct vw_hks_tick_quote {
    double z, weight2, target;
} vw_hks_tick_quote;

typedef struct vw_hks_tick {
    vw_hks_equations equations;
    vw_fit_basis basis;
    double unit;               /* years / sd^2 as at the fit: vols keep in time */
    vw_hks_tick_quote *quotes; /* by row of the parity columns */
    size_t room;
    bool ready; /* a fit was taken */
} vw_hks_tick;

/* vw_hks_tick_size returns the bytes that rows cost. */
size_t vw_hks_tick_size(size_t rows);
void vw_hks_tick_init(vw_hks_tick *tick, void *mem, size_t rows);

/* vw_hks_tick_take keeps the equations of the fit that vw_slice_fit last made of smile; not ready
 * where they are not those that the slice solves. */
void vw_hks_tick_take(vw_hks_tick *tick, const vw_slice *slice, const vw_smile *smile,
                      const vw_slice_work *work);

/* vw_hks_tick_set tells the vol of a row's quote and what half its spread is in vol, both > 0; with
 * an infinite one the quote has no part any more.  False when it had none. */
bool vw_hks_tick_set(vw_hks_tick *tick, const vw_fit_kernels *kernels, size_t row, double k,
                     double vol, double half_vol);

/* vw_hks_tick_solve writes the smile as it now is. */
bool vw_hks_tick_solve(vw_hks_tick *tick, vw_slice *slice, vw_slice_work *work);

#endif
