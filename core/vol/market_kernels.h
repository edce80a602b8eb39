/* market_kernels.h: the loops between quotes and fits: put-call pairs and the line through them.
 *
 * Part of fit_kernels.h, under its rules: any width, the same bits.
 *
 * Threads  pure functions.
 * Shapes   columns of sides start and end anywhere; those of pairs have room for whole eights, and
 *          what lies there without a pair has per_half 0. */
#ifndef VW_CORE_VOL_MARKET_KERNELS_H
#define VW_CORE_VOL_MARKET_KERNELS_H

#include "core/base/base.h"

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

typedef struct vw_market_kernels {
    /* Pairs of two-sided quotes, with x the strike itself, no half-width below tick; returns the
     * strike where call and put cost the same, nearly, NaN without a pair. */
    double (*pairs)(const vw_fit_sides *in, double tick, size_t count, const vw_fit_pairs *out);
    /* Keeps those with x in (low, high), makes x the distance to centre, and returns how many. */
    size_t (*band)(vw_fit_pairs *pairs, double centre, double low, double high, size_t count);
    /* The line by iterated least squares with Huber's weights, until it moves by a thousandth of
     * its standard errors, at most 8 times; discount > 0 fixes the slope.  False when the slope
     * found is not positive. */
    bool (*line)(const vw_fit_pairs *pairs, double discount, vw_fit_line *line);
    /* Forwards between which no pair's conversion or reversal pays. */
    void (*bounds)(const vw_fit_sides *in, const vw_fit_pairs *pairs, double discount, size_t count,
                   double *low, double *high);
} vw_market_kernels;

#endif
