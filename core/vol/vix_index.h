/* vix_index.h: the VIX method: variance of a strip of out-of-the-money options, and the index.
 *
 * vw_vix_term takes one expiry's quotes to its variance; vw_vix_value interpolates two of them to
 * a fixed horizon (VIX 30 days, VIX9D 9, VIX3M 93); vw_vix_choose says which two.  The same on VIX
 * options gives the vol of vol.
 *
 * Units    index points; minutes of time to settlement, fractions kept (a year has 525,600); rates
 *          continuous per year; variance per year; the index in vol points (12.82).
 * Shapes   quotes: arrays of `count` elements, one per strike, strikes ascending; 0 = no such side.
 * Domain   prices finite and >= 0; a strike whose bid or ask is 0 is left out, and after two such
 *          in a row so is all beyond them.
 * Errors   status: ok; expired - minutes <= 0; no_market - no strike with both bids, or fewer than
 *          two strikes left; bad_input - strikes not ascending, rate or minutes not finite.  With
 *          all but ok forward, k0, sum and variance are NaN, and so is the index from it.
 * Threads  pure functions of their arguments.
 * Source   Cboe, "Volatility Index Methodology"; mathematics.md section 8. */
#ifndef VW_CORE_VOL_VIX_INDEX_H
#define VW_CORE_VOL_VIX_INDEX_H

#include "core/base/status.h"
#include "core/market/calendar.h"
#include "core/market/symbol.h"

#define VW_VIX_MINUTES_PER_DAY 1440.0
#define VW_VIX_MINUTES_PER_YEAR 525600.0

typedef struct vw_vix_quotes {
    const double *strike;
    const double *call_bid, *call_ask, *put_bid, *put_ask;
    size_t count;
} vw_vix_quotes;

typedef struct vw_vix_strip {
    double minutes, rate; /* as given */
    double forward;       /* from parity at the strike where call and put are closest */
    double k0;            /* the last strike not above the forward */
    double sum;           /* of price * spacing / strike^2, undiscounted: the strip's integral */
    double variance;      /* sigma^2 */
    double low, high;     /* first and last strike in the sum */
    size_t strikes;       /* in the sum */
    vw_status status;
} vw_vix_strip;

/* vw_vix_term fills strip for one expiry and returns its status. */
vw_status vw_vix_term(const vw_vix_quotes *quotes, double minutes, double rate,
                      vw_vix_strip *strip);

/* vw_vix_value returns the index of `days` from two terms, near->minutes < next->minutes; NaN when
 * either has no variance or the interpolated variance is negative. */
double vw_vix_value(const vw_vix_strip *near, const vw_vix_strip *next, double days);

typedef struct vw_vix_expiry {
    uint32_t date;
    char settlement; /* 'A' or 'P' */
    double minutes;
} vw_vix_expiry;

/* vw_vix_choose finds the two expiries, near before next, that the index of `days` is made of on
 * `today` (yyyymmdd); false when there are none such.
 *
 * SPX      near <= days < next.  Up to 60 days the Friday of each week (AM on the third of the
 *          month, PM on others), beyond only the third Fridays' AM.  Before 2014-10-06, from 10
 *          to 60 days: the first two third Fridays, the first at least a week away, wherever 30
 * days lie. A Friday without session stands for the session before it, and so does a Saturday. VIX
 * near <= days < next, of the expiries of monthly VX futures: the vol of vol. */
bool vw_vix_choose(const vw_calendar *calendar, vw_family family, uint32_t today,
                   const vw_vix_expiry *expiries, size_t count, double days, size_t *near,
                   size_t *next);

#endif
