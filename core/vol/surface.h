/* surface.h: the smiles of one underlying, expiry by expiry and between them.
 *
 * What is asked of a surface has no calendar arbitrage: at one log-moneyness total variance does
 * not fall from an expiry to the next.  The fits lean that way (slice.h); here the rest is clamped:
 * an expiry's variance is no less than that of any before it.  Beyond its own quotes a smile may
 * not lift a later expiry where that one is quoted; there the quotes have the say.
 *
 * Between expiries total variance is linear in the variance clock at fixed log-moneyness; before
 * the first and after the last it is proportional to that clock.
 *
 * Threads  one at a time.
 * Memory   vw_surface_size bytes of the caller's.
 * Order    expiries by settlement, ascending; vw_surface_add keeps them so.
 * Units    k is log(strike / forward); instants ns; clocks in years.
 * Source   mathematics.md sections 1.3 and 7.3. */
#ifndef VW_CORE_VOL_SURFACE_H
#define VW_CORE_VOL_SURFACE_H

#include "core/market/calendar.h"
#include "core/vol/slice.h"

typedef struct vw_surface_expiry {
    int64_t settlement_ns;
    double forward, discount;
    double years;          /* to settlement, ACT/365 */
    double variance_years; /* the same on the variance clock */
    vw_slice slice;
} vw_surface_expiry;

typedef struct vw_surface {
    vw_surface_expiry *expiries;
    size_t count, room;
    bool related; /* all expiries are on one underlying; false for VIX options, each of which is on
                     a future of its own: nothing holds between them, nothing is clamped */
    const vw_fit_kernels *kernels;
} vw_surface;

/* A point of the surface; numbers are NaN when no expiry has a smile. */
typedef struct vw_surface_point {
    double variance; /* total */
    double vol;
    double skew;    /* d vol / d k */
    double density; /* of log(price at settlement / forward); from the smile there, so that between
                       expiries and where it is clamped it may fall below 0 */
    double forward, discount; /* linear in years, of their logarithms */
    double years;
    uint8_t quality; /* VW_QUOTE_INTERPOLATED between expiries, VW_QUOTE_EXTRAPOLATED beyond them
                        or beyond the quotes on either side */
} vw_surface_point;

size_t vw_surface_size(size_t room);
void vw_surface_init(vw_surface *surface, void *mem, size_t room, bool related,
                     const vw_fit_kernels *kernels);

/* vw_surface_add puts an expiry in its place, without a smile yet, and returns its index; SIZE_MAX
 * when there is no room.  Indices of later expiries move up by one. */
size_t vw_surface_add(vw_surface *surface, int64_t settlement_ns);

/* vw_surface_set_time sets every expiry's two clocks for the market time now_ns. */
void vw_surface_set_time(vw_surface *surface, const vw_calendar *calendar, int64_t now_ns);

/* vw_surface_before returns the nearest earlier expiry with a smile, for vw_slice_fit; NULL if
 * there is none or the expiries are not related. */
const vw_slice *vw_surface_before(const vw_surface *surface, size_t index);

/* vw_surface_variance writes the total variance of one expiry at k[i], clamped; the expiry has a
 * smile.  Returns at how many points an earlier expiry had to lift it. */
size_t vw_surface_variance(const vw_surface *surface, size_t index, const double *k, double *w,
                           size_t count);

/* vw_surface_at returns the point at k for any settlement instant. */
vw_surface_point vw_surface_at(const vw_surface *surface, const vw_calendar *calendar,
                               int64_t now_ns, int64_t settlement_ns, double k);

#endif
