/* hedge.h: what a book is worth and risks, and what would offset it, layer by layer.
 *
 * The engine says what the market makes of each leg (vw_leg_mark); here legs become dollars, the
 * common unit V30 (dollars per point of 30-day VIX), and four layers by days to expiry.
 *
 * V30      SPX options: vega (30 / days)^0.40, the weight at most 2; VX futures: multiplier beta;
 *          VIX options: delta multiplier beta; ETP shares: through the two VX they hold.  beta is
 *          the mark's, or the prior vw_vx_curve_beta of the leg's own days.
 * Skew     V30 is per point of VIX that does not come with a move of the index: what fixed-strike
 *          vols do when the index moves is delta's (stickiness R: delta + vega skew / F), and
 *          what VX does then (V30 vix_per_log / index) is too.  delta_skew is both; hedging V30
 *          with VX and delta_skew with the index counts nothing twice.
 * Layers   condor legs and SPX hedge legs by days to expiry.  VX and VIX legs by the VX month they
 *          belong to (month 1 and ETPs to layer 1 or 2, whichever has more short vega; 2 to 3; 3
 *          and later to 4); where that layer has no condors, to the nearest that has.
 * Book     delta, gamma and vega are the SPX legs' only: those of VIX legs are per point of another
 *          underlying.  Theta is of all legs, the carry of futures and ETPs (roll) with it.
 * Notional condors: index 100 contracts, once each.  Hedges: futures contracts multiplier price;
 *          VIX options |delta| VIX 100 (the future when VIX is unknown); SPX options |delta| index
 *          100; ETPs price leverage.  Never negative.
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
#define VW_HEDGE_REFERENCE_DAYS 30 /* of V30 and of root-time vega */

/* The market of one leg. */
typedef struct vw_leg_mark {
    vw_greeks greeks;    /* desk units, one contract of multiplier 1; futures, ETPs: price only */
    double forward;      /* of options: the VX future under a VIX option; 0 unknown */
    double vol;          /* of options, 0.16 */
    double skew;         /* of options: d vol / d log-moneyness */
    double discount;     /* of options */
    double beta;         /* of VX and VIX legs; 0: the prior */
    double roll_per_day; /* futures: points a day the price loses at an unchanged curve */
    double leverage;     /* ETPs */
    double front_weight; /* ETPs: of the first month in what they hold, [0, 1] */
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
    double days, price, roll_per_day;
} vw_hedge_month;

typedef struct vw_hedge_market {
    vw_hedge_month months[VW_HEDGE_MONTHS];
    double index;       /* SPX, or its forward; 0 unknown */
    double spot_vix;    /* 0 unknown */
    double stickiness;  /* R; 0 is taken as 1, sticky strike */
    double vix_per_log; /* points of VIX for a rise of log(index) by 1, negative; 0: unknown */
} vw_hedge_market;

typedef struct vw_leg_value {
    double delta_usd_per_point, gamma_usd_per_point2, vega_usd_per_point, theta_usd_per_day;
    double delta_skew_usd_per_point; /* per point of the index, VX and VIX legs' with it */
    double root_vega_usd_per_point;  /* vega sqrt(30 / days), SPX legs */
    double roll_usd_per_day;         /* part of theta: futures' carry, negative costs */
    double v30_usd_per_point;
    double value_usd; /* contracts multiplier price */
    double notional_usd;
    uint8_t layer; /* 1 to 4 */
    bool priced;
} vw_leg_value;

typedef struct vw_layer {
    double delta_usd_per_point, gamma_usd_per_point2, vega_usd_per_point, theta_usd_per_day;
    double roll_usd_per_day;
    double condor_v30_usd_per_point, hedge_v30_usd_per_point;
    double condor_notional_usd, hedge_notional_usd;
    double hedge_ratio;    /* -hedge / condor, 0 without condor V30 */
    double vx_full_offset; /* contracts of the month that offset the condors' V30 whole */
    double vx_beta;
    double residual_v30_usd_per_point; /* condor + hedge */
    uint32_t vx_expiry;                /* of the month, 0 if it has no price */
} vw_layer;

typedef struct vw_hedge {
    double delta_usd_per_point, gamma_usd_per_point2, vega_usd_per_point, theta_usd_per_day;
    double delta_skew_usd_per_point, root_vega_usd_per_point, roll_usd_per_day;
    double condor_v30_usd_per_point, hedge_v30_usd_per_point;
    double condor_notional_usd, hedge_notional_usd;
    double hedge_ratio;
    vw_layer layers[VW_HEDGE_LAYERS];
    vw_leg_value legs[VW_PORTFOLIO_LEGS_MAX]; /* as the portfolio's */
    uint32_t priced, unpriced;                /* legs */
    uint8_t quality;                          /* of all priced legs together */
} vw_hedge;

/* vw_hedge_evaluate fills hedge from marks[0, leg_count) and the market around them. */
void vw_hedge_evaluate(const vw_portfolio *portfolio, const vw_leg_mark *marks,
                       const vw_hedge_market *market, vw_hedge *hedge);

/* vw_hedge_value fills value for one leg by itself, its layer aside. */
void vw_hedge_value(const vw_leg *leg, const vw_leg_mark *mark, const vw_hedge_market *market,
                    vw_leg_value *value);

/* vw_hedge_v30 returns the V30 of one contract; vw_hedge_vega_weight the weight of an SPX option's
 * vega in it, 0 when days are not positive. */
double vw_hedge_v30(const vw_leg_mark *mark, const vw_hedge_market *market);
double vw_hedge_vega_weight(double days);

#endif
