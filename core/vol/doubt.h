/* doubt.h: quotes of a smile that their neighbours contradict: stale ones among live ones.
 *
 * A quote left standing when the market moved on is as tight as the others, so least squares would
 * bend the whole smile towards it.  It is told by two signs together: its vol lies several times
 * the width of the bands around it off the neighbours' vols, and against the neighbours' bids and
 * asks it offers a butterfly, or is one's body, at a sure profit.  A sharp bend of the smile shows
 * the first sign, not the second.
 *
 * Threads  pure functions of their arguments.
 * Shapes   columns of smile->count, k ascending. */
#ifndef VW_CORE_VOL_DOUBT_H
#define VW_CORE_VOL_DOUBT_H

#include "core/vol/smile.h"

/* vw_doubt_quotes copies smile->half_vol to half_vol, INFINITY for quotes in doubt, and returns how
 * many these are. */
size_t vw_doubt_quotes(const vw_smile *smile, double *half_vol);

#endif
