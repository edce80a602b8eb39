/* forward.h: one expiry's forward and discount from put-call parity, and the rate curve.
 *
 * Call - put = discount (forward - strike) at every strike: a straight line through the quoted
 * pairs, fitted so that a few bad quotes do not bend it (iterated least squares with Huber's
 * weights).  Beyond VW_RATE_YEARS_MIN the line's slope tells the discount too; below it the slope
 * is noise, so the discount comes from a rate curve through the longer expiries.  In order: fit
 * each expiry free, vw_rate_curve_fit, fit each again with the discount of vw_rate_curve_near;
 * afterwards fit an expiry whenever its quotes changed: from scratch, 1.2 us of 184 pairs (bench
 * universe).
 *
 * Threads  pure functions of their arguments.
 * Memory   the caller's scratch; nothing is allocated.
 * Units    index points, years, rates continuous per year.
 * Shapes   the five columns have `count` elements, strikes in any order; scratch has
 *          VW_FORWARD_SCRATCH(count) elements.
 * Passes   until one moves the line by no more than a thousandth of its standard errors, at most 8;
 *          the same bits from every set of kernels.
 * Domain   a side that is 0, negative or not finite is no quote; a pair counts when both bids are
 *          there and neither side is crossed.
 * Errors   status: ok; stale - no forward, or only one far from the line, satisfies every pair's
 *          executable bid and ask, the numbers are the line's; no_market - no pair; bad_input -
 *          years <= 0 or not finite, discount < 0.  With the last two every number is NaN and used
 *          is 0.
 * Source   mathematics.md section 5; P. Huber, "Robust estimation of a location parameter",
 *          Ann. Math. Statist. 35 (1964). */
#ifndef VW_CORE_VOL_FORWARD_H
#define VW_CORE_VOL_FORWARD_H

#include "core/base/status.h"
#include "core/vol/fit_kernels.h"

#define VW_FORWARD_SCRATCH(count) (4 * (((count) + 7) / 8 * 8))
#define VW_RATE_YEARS_MIN (18.0 / 365.0)

typedef enum vw_forward_source {
    VW_FORWARD_NONE,
    VW_FORWARD_PARITY,
    VW_FORWARD_FUTURE, /* the VX future of the same expiry */
    VW_FORWARD_CARRIED,
} vw_forward_source;

typedef struct vw_parity {
    const double *strike;
    const double *call_bid, *call_ask, *put_bid, *put_ask;
    size_t count;
    double years;
    double tick;     /* smallest price step: no pair counts as better known than this */
    double discount; /* > 0: given; 0: fitted */
} vw_parity;

typedef struct vw_forward {
    double forward;
    double discount;
    double rate;       /* -ln(discount) / years */
    double forward_se; /* standard error, points */
    double rate_se;    /* standard error; 0 when the discount was given */
    double low, high;  /* forwards that no conversion or reversal beats; low > high: stale quotes */
    uint32_t used;     /* pairs in the fit */
    uint8_t status;    /* vw_status */
    uint8_t source;    /* vw_forward_source: parity, or none */
} vw_forward;

/* vw_forward_fit fits one expiry and returns out->status. */
vw_status vw_forward_fit(const vw_parity *in, const vw_fit_kernels *kernels, double *scratch,
                         vw_forward *out);

/* A cubic in ln(years), flat outside the expiries it went through. */
typedef struct vw_rate_curve {
    double coefficient[4];
    double log_years_min, log_years_max;
    double scatter; /* of the expiries' own rates around it, by weight; 0 without any */
    uint32_t used;  /* expiries behind it */
} vw_rate_curve;

/* vw_rate_curve_fit goes through the fitted-free forwards of at least VW_RATE_YEARS_MIN, each
 * weighted by its rate_se (2 bp at least), leaving out what is 3 % off their median; the order
 * drops with fewer than 10.  False, and a curve of `fallback` everywhere, when there is none. */
bool vw_rate_curve_fit(vw_rate_curve *curve, const vw_forward *forwards, const double *years,
                       size_t count, double fallback);

/* vw_rate_curve_rate returns the rate at years > 0. */
double vw_rate_curve_rate(const vw_rate_curve *curve, double years);

/* vw_rate_curve_near returns the curve's rate, drawn towards the expiry's own (of its free fit) by
 * how surely that is known: expiries scatter around a smooth curve by 10 bp. */
double vw_rate_curve_near(const vw_rate_curve *curve, const vw_forward *own, double years);

#endif
