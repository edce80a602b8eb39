/* hedge.h: what a book is worth and risks, and what would offset it, layer by layer.
 *
 * The engine says what the market makes of each leg (vw_leg_mark); here legs become dollars, the
 * common unit V30 (dollars per point of 30-day VIX), and four layers by days to expiry.
 *
 * V30      SPX options: vega (30 / days)^0.40, the weight at most 2; VX futures: multiplier beta;
 *          VIX options: delta multiplier beta; beta by vw_vx_curve_beta of the leg's own days.
 * Layers   condor legs and SPX hedge legs by days to expiry.  VX and VIX legs by the VX month they
 *          belong to (month 1 to layer 1 or 2, whichever has more short vega; 2 to 3; 3 and later
 *          to 4); where that layer has no condors, to the nearest that has.
 * Book     delta, gamma and vega are the SPX legs' only: those of VIX legs are per point of another
 *          underlying.  Theta is of all legs, the carry of futures (-roll a day) with it.
 * Units    desk units times contracts times multiplier, dollars.
 * Errors   a leg whose status is neither ok nor stale is left out of every sum: counted in unpriced
 *          unless it has expired.
 * Threads  pure function of its arguments.
 * Source   hedge-engine.md sections 1 and 4, mathematics.md section 10. */
#ifndef VW_CORE_HEDGE_HEDGE_H
#define VW_CORE_HEDGE_HEDGE_H

#include "core/base/status.h"
#include "core/hedge/portfolio.h"
#include "core/market/symbol.h"

#define VW_HEDGE_LAYERS 4
#define VW_HEDGE_MONTHS 3

/* The market of one leg. */
typedef struct vw_leg_mark {
    vw_greeks greeks;    /* desk units, one contract of multiplier 1; futures: price only */
    double roll_per_day; /* futures: points a day the price loses at an unchanged curve */
    double multiplier;   /* USD per point */
    double days;         /* to settlement, with fractions */
    int date_days;       /* the same as a difference of New York dates */
    vw_family family;
    uint8_t status;  /* vw_status */
    uint8_t quality; /* VW_QUOTE_ bits */
} vw_leg_mark;

/* A monthly VX future; expiry 0 when it has no price. */
typedef struct vw_hedge_month {
    uint32_t expiry;
    double beta;
} vw_hedge_month;

typedef struct vw_leg_value {
    double delta_usd_per_point, gamma_usd_per_point2, vega_usd_per_point, theta_usd_per_day;
    double v30_usd_per_point;
    uint8_t layer; /* 1 to 4 */
    bool priced;
} vw_leg_value;

typedef struct vw_layer {
    double condor_v30_usd_per_point, hedge_v30_usd_per_point;
    double hedge_ratio;    /* -hedge / condor, 0 without condor V30 */
    double vx_full_offset; /* contracts of the month that offset the condors' V30 whole */
    double vx_beta;
    double residual_v30_usd_per_point; /* condor + hedge */
    uint32_t vx_expiry;                /* of the month, 0 if it has no price */
} vw_layer;

typedef struct vw_hedge {
    double delta_usd_per_point, gamma_usd_per_point2, vega_usd_per_point, theta_usd_per_day;
    double condor_v30_usd_per_point, hedge_v30_usd_per_point;
    double hedge_ratio;
    vw_layer layers[VW_HEDGE_LAYERS];
    vw_leg_value legs[VW_PORTFOLIO_LEGS_MAX]; /* as the portfolio's */
    uint32_t priced, unpriced;                /* legs */
    uint8_t quality;                          /* of all priced legs together */
} vw_hedge;

/* vw_hedge_evaluate fills hedge from marks[0, leg_count) and the first monthly futures. */
void vw_hedge_evaluate(const vw_portfolio *portfolio, const vw_leg_mark *marks,
                       const vw_hedge_month months[VW_HEDGE_MONTHS], vw_hedge *hedge);

#endif
