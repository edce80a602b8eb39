/* vx_curve.h: the term structure of VIX futures.
 *
 * Contango, inversion, slope, roll, basis and the 30-day constant maturity from the futures'
 * quotes, as hedge-engine.md section 1 names them: VX1, VX2, ... are the unexpired monthlies by
 * expiry; weeklies are kept and priced, not counted.  A future's price is the mid of a two-sided
 * quote, else its last trade, else its settlement.
 *
 * Units    prices of futures in 1/10,000 point (event.h), VW_PRICE_NONE where there is none, so
 *          that what is decided by comparing them is decided exactly; results in points; days are
 *          calendar days to settlement, with fractions.
 * Shapes   quotes by expiry ascending; points in the same order, without those that have expired
 *          or have no price: room for `count`.
 * Errors   absent has VW_VX_ABSENT_ bits; what is absent is 0.
 * Threads  pure functions of their arguments.
 * Source   mathematics.md sections 10.1 and 10.2. */
#ifndef VW_CORE_VOL_VX_CURVE_H
#define VW_CORE_VOL_VX_CURVE_H

#include "core/base/status.h"
#include "core/market/event.h"

typedef struct vw_vx_quote {
    int64_t bid, ask, last, settlement;
    double days;
    uint32_t instrument;
    uint32_t expiry; /* yyyymmdd */
    bool monthly;
    uint8_t quality; /* VW_QUOTE_ bits of the quote */
} vw_vx_quote;

typedef struct vw_vx_point {
    int64_t price;       /* 1/10,000 point */
    double days;         /* > 0 */
    double beta;         /* d VX / d VIX30, the prior vw_vx_curve_beta */
    double roll_per_day; /* (this - previous) / days between; of a monthly to the monthly before
                            it, of a weekly to the point before it; of VX1 to spot VIX, 0 without */
    uint32_t instrument;
    uint32_t expiry;
    bool monthly;
    uint8_t quality; /* the quote's, and one_sided or carried when the price is not its mid */
} vw_vx_point;

enum {
    VW_VX_ABSENT_SPOT = 1 << 0,    /* basis, roll of VX1 */
    VW_VX_ABSENT_SECOND = 1 << 1,  /* contango, inversion, slope: fewer than two monthlies */
    VW_VX_ABSENT_CM30 = 1 << 2,    /* no monthlies around 30 days; cm30 is VX1 if that is beyond */
    VW_VX_ABSENT_MONTHLY = 1 << 3, /* no monthly at all: vx1 too */
};

typedef struct vw_vx_curve {
    double contango;     /* VX2 / VX1 - 1 */
    double inversion;    /* VX1 - VX2 */
    double slope_per_30; /* (VX2 - VX1) per 30 days */
    double curvature;    /* the same from VX2 to VX3 less that; 0 without VX3 */
    double cm30;         /* constant maturity of 30 days */
    double cm30_front;   /* weight of the nearer of its two futures, [0, 1] */
    double roll_yield;   /* what a long holder of it earns a year at an unchanged curve, as a
                            fraction: positive when inverted */
    double basis;        /* VX1 - spot VIX */
    double basis_share;  /* of spot VIX */
    uint32_t points;     /* written */
    uint32_t vx1, vx2;   /* indices among the points */
    uint8_t absent;      /* VW_VX_ABSENT_ bits */
    uint8_t quality;     /* of VX1 and VX2 together */
} vw_vx_curve;

/* vw_vx_curve_price returns the price of one future, VW_PRICE_NONE when it has none, and adds to
 * *quality where the price is from. */
int64_t vw_vx_curve_price(const vw_vx_quote *quote, uint8_t *quality);

/* vw_vx_curve_beta returns 0.79 (30 / (30 + days))^0.75. */
double vw_vx_curve_beta(double days);

/* vw_vx_curve_fit fills curve and points; spot_vix is NaN when it is not known. */
void vw_vx_curve_fit(const vw_vx_quote *quotes, size_t count, double spot_vix, vw_vx_curve *curve,
                     vw_vx_point *points);

#endif
