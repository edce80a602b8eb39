/* arbitrage.h: what can be earned without risk from the quotes of a chain, in dollars.
 *
 * Executable prices only: what is bought pays the ask, what is sold gets the bid.  A conversion
 * sells the call, buys the put and the forward (a reversal is its opposite).  A butterfly sells one
 * option for more than the cheapest two around it that are worth more in every event.  A calendar
 * sells a call for more than the later calls that are worth more when it expires, the carry between
 * the two being what the forwards and discounts say.
 *
 * Threads  pure functions of their arguments.
 * Memory   the caller's scratch and rows.
 * Full     what does not fit in the rows is counted in the result, not written.
 * Units    index points and USD for one option sold; forwards and discounts as forward.h.
 * Shapes   strikes ascend; scratch has VW_ARBITRAGE_SCRATCH(count) elements, count of the larger
 *          chain.
 * Source   mathematics.md section 7.3; P. Carr, D. Madan, "A note on sufficient conditions for no
 *          arbitrage", Finance Research Letters 2 (2005). */
#ifndef VW_CORE_VOL_ARBITRAGE_H
#define VW_CORE_VOL_ARBITRAGE_H

#include "core/vol/forward.h"

#define VW_ARBITRAGE_SCRATCH(count) (2 * (count))
#define VW_ARBITRAGE_RATE_SE                                                                       \
    1e-3 /* expiries' rates scatter so far around a smooth curve, at least */
#define VW_ARBITRAGE_RESIDUAL_SCRATCH(count) (VW_FORWARD_SCRATCH(count) + (count))

typedef enum vw_arbitrage_kind {
    VW_ARBITRAGE_CONVERSION,
    VW_ARBITRAGE_REVERSAL,
    VW_ARBITRAGE_BUTTERFLY,
    VW_ARBITRAGE_CALENDAR,
} vw_arbitrage_kind;

typedef struct vw_arbitrage {
    vw_arbitrage_kind kind;
    char type;        /* 'C' or 'P' of butterflies and calendars, else 0 */
    double strike;    /* sold (conversion, reversal: of the pair) */
    double low, high; /* strikes bought around it, at most two; 0 for conversions, reversals */
    double edge;      /* points earned, > 0 */
    double edge_usd;
} vw_arbitrage;

/* One expiry's quotes and what its forward is.  Of a conversion what the standard errors may
 * explain, two of each, is not called earned. */
typedef struct vw_arbitrage_market {
    vw_parity quotes;
    double forward, discount;
    double forward_se, rate_se;
    double multiplier; /* USD per point */
} vw_arbitrage_market;

/* vw_arbitrage_find looks within one expiry; returns how many it found, of which the first `room`
 * are written. */
size_t vw_arbitrage_find(const vw_arbitrage_market *market, double *scratch, vw_arbitrage *rows,
                         size_t room);

/* vw_arbitrage_parity returns the conversion or reversal of the pair at row i; edge 0: neither. */
vw_arbitrage vw_arbitrage_parity(const vw_arbitrage_market *market, size_t i);

/* vw_arbitrage_residual returns the one of all pairs that earns most, edge 0 when none does.  The
 * forward it is measured with is fitted to all other pairs, their discount being quotes.discount >
 * 0; the market's own says which pair to look at.  scratch has VW_ARBITRAGE_RESIDUAL_SCRATCH. */
vw_arbitrage vw_arbitrage_residual(const vw_arbitrage_market *market, const vw_fit_kernels *kernels,
                                   double *scratch);

/* vw_arbitrage_find_calendars looks between an expiry and a later one. */
size_t vw_arbitrage_find_calendars(const vw_arbitrage_market *near, const vw_arbitrage_market *far,
                                   double *scratch, vw_arbitrage *rows, size_t room);

/* vw_arbitrage_name returns "conversion", "reversal", "butterfly", "calendar". */
const char *vw_arbitrage_name(vw_arbitrage_kind kind);

#endif
