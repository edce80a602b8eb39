/* market_kernels.h: the loops between quotes and fits: pairs, the line through them, vols' bands.
 *
 * Part of fit_kernels.h, under its rules: any width, the same bits.
 *
 * Threads  pure functions.
 * Shapes   columns of sides start and end anywhere; those of pairs have room for whole eights, and
 *          what lies there without a pair has per_half 0. */
#ifndef VW_CORE_VOL_MARKET_KERNELS_H
#define VW_CORE_VOL_MARKET_KERNELS_H

#include "core/base/base.h"

#define VW_BAND_STEP_MAX 0.05 /* of a vol, from mid to bid or ask; error 1e-6 of it there */
#define VW_HALF_VOL_MIN 5e-4  /* no quote is known better */

/* Quotes of calls and puts by strike. */
typedef struct vw_fit_sides {
    const double *strike, *call_bid, *call_ask, *put_bid, *put_ask;
} vw_fit_sides;

/* x is the distance to a strike in the middle, y call - put by mids. */
typedef struct vw_fit_pairs {
    double *x, *y, *per_half; /* 1 / half of both spreads */
    double *miss;             /* of a line, in half-widths */
    size_t first, last;       /* pairs lie within; multiples of 8 */
} vw_fit_pairs;

/* y = level - slope x, and the weights it was found with. */
typedef struct vw_fit_line {
    double level, slope;
    double scale; /* of the misses, in half-widths */
    double sw, swx, swxx;
} vw_fit_line;

/* Out-of-the-money quotes with the vols of their mids. */
typedef struct vw_fit_mids {
    const double *k, *vol, *bid, *ask;
} vw_fit_mids;

typedef struct vw_fit_bands {
    const double *k, *bid, *ask, *bid_vol, *ask_vol, *vega;
} vw_fit_bands;

typedef struct vw_fit_limits {
    double z;      /* deviations beyond which only a crash explains a quote */
    double per_sd; /* deviations a unit of k */
    double tick;   /* below 3.00; twice that above */
} vw_fit_limits;

typedef struct vw_market_kernels {
    /* Pairs of two-sided quotes, with x the strike itself, no half-width below tick; returns the
     * strike where call and put cost the same, nearly, NaN without a pair. */
    double (*pairs)(const vw_fit_sides *in, double tick, size_t count, const vw_fit_pairs *out);
    /* Keeps those with x in (low, high), makes x the distance to centre, and returns how many. */
    size_t (*band)(vw_fit_pairs *pairs, double centre, double low, double high, size_t count);
    /* The line by iterated least squares with Huber's weights, until it moves by a thousandth of
     * its standard errors, at most 8 times; discount > 0 fixes the slope.  False when the slope
     * found is not positive, or the level no number. */
    bool (*line)(const vw_fit_pairs *pairs, double discount, vw_fit_line *line);
    /* Forwards between which no pair's conversion or reversal pays. */
    void (*bounds)(const vw_fit_sides *in, const vw_fit_pairs *pairs, double discount, size_t count,
                   double *low, double *high);
    /* Vols of bid and ask by one step of fourth order from the mid's, within 1e-6 of themselves,
     * NaN where that is not near enough; and vega, as the kernel of that name.  Returns how many
     * lack one. */
    size_t (*bands)(const vw_fit_mids *in, double root_years, double scale, size_t count,
                    double *bid_vol, double *ask_vol, double *vega);
    /* Half the spread in vol, no less than half a tick is worth, 0 where there is no quote, or
     * a cabinet one, or it says nothing about vol, or lies beyond the limit; returns how many are
     * left. */
    size_t (*weigh)(const vw_fit_bands *in, const vw_fit_limits *limits, size_t count,
                    double *half_vol);
} vw_market_kernels;

#endif
