/* smile.h: the quotes of one expiry that a smile is fitted to, as vols.
 *
 * Out-of-the-money sides only: calls from the forward up, puts below.  From the money outwards
 * until two bids in a row are missing; cabinet quotes, quotes that say nothing about vol, and
 * strikes so many deviations away that only a crash explains them are left out quietly.
 *
 * Threads  one at a time.
 * Memory   vw_smile_size bytes of the caller's; gather overwrites what gather wrote before.
 * Units    k is log(strike / forward); vols as fractions.
 * Shapes   columns of `count`, k ascending; the parity columns' strikes must ascend.
 * Errors   gather's status: ok; no_market - no quote left (count is 0); bad_input - forward,
 *          discount or years not positive and finite, or more strikes than room.
 * Source   mathematics.md sections 4 (bands) and 6. */
#ifndef VW_CORE_VOL_SMILE_H
#define VW_CORE_VOL_SMILE_H

#include "core/pricing/kernels.h"
#include "core/vol/fit_kernels.h"
#include "core/vol/forward.h"

typedef struct vw_smile {
    double *k;
    double *vol, *bid_vol, *ask_vol; /* of mid, bid and ask */
    double *half_vol;                /* half the spread in vol, no less than the tick is worth */
    uint32_t *row;                   /* in the parity columns */
    size_t count, room;
    double *found; /* by gather: vols of mids, NaN where there is none, of the rows */
    size_t found_first, found_count; /* from found_first on that the walk came by */
    size_t puts;                     /* of these */
    size_t firm_first, firm_count;   /* the quotes around the money with bids above 3 ticks: beyond,
                                        prices lie flat on the tick and vols climb a cliff */
    double forward, discount, years;
    double atm_vol; /* of the mids, interpolated to k = 0 */
    double *scratch;
    uint8_t *status;
} vw_smile;

/* Vols of a strike's side out of the money, by row of the parity columns; 0: none. */
typedef struct vw_smile_vols {
    const double *vol, *bid_vol, *ask_vol;
} vw_smile_vols;

/* How near a model comes to the quotes with k in a range. */
typedef struct vw_smile_quality {
    uint32_t quotes, inside; /* and those whose model vol lies in [bid, ask] */
    double rmse_vol;         /* to the mids */
    double core_rmse_vol;    /* the same where |delta| >= 2 % by the model */
    double max_error_vol;
    double core_square_sum; /* behind core_rmse_vol, for pooling */
    uint32_t core_quotes;
} vw_smile_quality;

/* vw_smile_size returns the bytes for `room` strikes, 0 when room is 0 or above 65,536. */
size_t vw_smile_size(size_t room);

/* vw_smile_init lays the columns out in mem (VW_LINE_PAIR aligned). */
void vw_smile_init(vw_smile *smile, void *mem, size_t room);

/* vw_smile_gather selects and inverts; in->tick is the tick below 3.00, twice that is the tick
 * above.  Vols of bid and ask are within 1e-6 of themselves. */
vw_status vw_smile_gather(vw_smile *smile, const vw_parity *in, double forward, double discount,
                          const vw_kernels *kernels);

/* vw_smile_take selects quotes that were inverted already, with the same forward and discount. */
vw_status vw_smile_take(vw_smile *smile, const vw_parity *in, double forward, double discount,
                        const vw_smile_vols *vols, const vw_fit_kernels *kernels);

/* vw_smile_half_vol returns half the spread in vol, no less than the tick is worth; vega per 1.00
 * of vol, tick that below 3.00. */
double vw_smile_half_vol(double bid_vol, double ask_vol, double ask, double vega, double tick);

/* vw_smile_measure compares total variance w[i] at k[i] with the quotes in [k_min, k_max]. */
vw_smile_quality vw_smile_measure(const vw_smile *smile, const vw_fit_kernels *kernels,
                                  const double *w, double k_min, double k_max);

#endif
