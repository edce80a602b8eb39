/* vix_forward.h: variance between expiries, and what it says of each VX future.
 *
 * A VX future settles on the vol of the 30 days after its expiry.  The variance-swap rate of that
 * window today, sqrt(forward variance), is an upper bound of the future; how far the future lies
 * below it is its convexity.  A negative forward variance is calendar arbitrage, a negative
 * convexity breaks the bound: both say that quotes are not of one moment, or wrong.
 *
 * Units    minutes to settlement; variance per year; vols and convexity in VIX points.
 * Shapes   terms: vix_index.h strips of any expiries, by minutes ascending; those whose status is
 *          not ok are passed over.
 * Errors   what is outside the terms is NaN and flagged absent; nothing is extrapolated.
 * Threads  pure functions of their arguments.
 * Source   mathematics.md sections 8 and 9. */
#ifndef VW_CORE_VOL_VIX_FORWARD_H
#define VW_CORE_VOL_VIX_FORWARD_H

#include "core/vol/vix_index.h"

#define VW_VIX_WINDOW_MINUTES 43200.0 /* 30 days */

enum {
    VW_VIX_FORWARD_ABSENT = 1 << 0,             /* the terms do not span the window */
    VW_VIX_FORWARD_NEGATIVE_VARIANCE = 1 << 1,  /* calendar arbitrage in the quotes */
    VW_VIX_FORWARD_NEGATIVE_CONVEXITY = 1 << 2, /* the future lies above its bound */
};

typedef struct vw_vix_forward {
    double variance;  /* of the window, per year */
    double bound;     /* 100 sqrt(variance) */
    double convexity; /* bound - future */
    uint8_t flags;    /* VW_VIX_FORWARD_ bits */
} vw_vix_forward;

/* vw_vix_total_variance returns variance times years to `minutes`, linear in minutes between terms;
 * NaN outside them. */
double vw_vix_total_variance(const vw_vix_strip *terms, size_t count, double minutes);

/* vw_vix_forward_variance returns the variance per year between two instants; negative as it is. */
double vw_vix_forward_variance(const vw_vix_strip *terms, size_t count, double from, double to);

/* vw_vix_forward_at fills forward for a future of `minutes` to settlement and a price in points,
 * NaN when it has none. */
void vw_vix_forward_at(const vw_vix_strip *terms, size_t count, double minutes, double future,
                       vw_vix_forward *forward);

/* vw_vix_second_moment returns E[VIX^2] at an expiry of VIX options from their strip (vix_index.h
 * on VIX options): its square root against `bound` is the basis of hedge-engine.md rule 3. */
double vw_vix_second_moment(const vw_vix_quotes *quotes, double forward, double discount);

#endif
