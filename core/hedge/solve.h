/* solve.h: how many contracts: the integer hedge that misses its target least, within all limits.
 *
 *   minimise  sum over layers 1/2 a R^2  +  sum over instruments (k |x - now| + 1/2 e (x - now)^2)
 *   R = v30' x - offset of the layer,  a = 1 / |condor V30|,  k = 0.02 cost,  e = 1e-4 a v30^2
 *
 * First in fractions, exactly, by the prices of the constraints; then in whole contracts: the best
 * among the whole numbers floor - 1 to floor + 2 of the VW_SOLVE_SEARCHED instruments that matter
 * most to the objective, each other instrument rounded so that every constraint still holds.
 *
 * Hard     lo <= x <= hi, whole contracts; notional; monthly cost; quick ratio.
 * Soft     carry (instruments that fail the carry test are not bought), theta (of options alone,
 *          and with the futures' roll), r.  They are given up, one after the other, while the
 *          hedge cannot reach the band around its target: steward carry, theta, r; promoter carry,
 *          r down to r_floor, theta, r to 0.  When r had to go below what was left for it to keep,
 *          `infeasible` says so: the condors are too many for their hedges.
 * Units    V30 in USD per point of 30-day VIX; theta and roll USD per calendar day, earned is
 *          positive; contracts of production are >= 0, lo = 0, and an instrument that sells is a
 *          package whose shorts are covered inside it.
 * Domain   every number finite except limits, which may be INFINITY; lo <= hi; v30 != 0 or the
 *          instrument stays where it is; else status bad_input and no trade.
 * Threads  pure function; no allocation; the result is of the caller's.
 * Source   mathematics.md section 11, hedge-engine.md rules 4 and 5. */
#ifndef VW_CORE_HEDGE_SOLVE_H
#define VW_CORE_HEDGE_SOLVE_H

#include "core/base/status.h"

#define VW_SOLVE_INSTRUMENTS 64
#define VW_SOLVE_SEARCHED 6
#define VW_SOLVE_LAYERS 4
#define VW_SOLVE_STRESSES 4 /* (spot, vol) moves of the margin estimate */

typedef enum vw_posture { VW_POSTURE_STEWARD, VW_POSTURE_PROMOTER } vw_posture;

/* Of one contract or package. */
typedef struct vw_solve_instrument {
    double v30;
    double theta; /* options' decay; 0 of futures */
    double roll;  /* futures' carry; 0 of options */
    double cost;  /* USD to trade one: half the spread and fees */
    double notional;
    double cash;                      /* USD paid for one */
    double stress[VW_SOLVE_STRESSES]; /* USD lost in each move, negative gained */
    double lo, hi, now;               /* contracts held */
    uint8_t layer;                    /* index, 0 is L1 */
    bool fails_carry;                 /* of S11 */
} vw_solve_instrument;

typedef struct vw_solve_problem {
    vw_solve_instrument instruments[VW_SOLVE_INSTRUMENTS];
    size_t count;
    double condor_v30; /* of the book, or of the last calibration; sets a and the band */
    double offset[VW_SOLVE_LAYERS]; /* V30 each layer's hedges shall have at r */
    double r;                       /* (0, 1]: the fraction of the short vega that `offset` is */
    double r_floor;                 /* 0.25: as far as a promoter lets r go before theta */
    double band;                    /* 0.15, of |condor_v30| */
    bool to_edge; /* guardrail: trade to the edge of the band, not to the target */
    vw_posture posture;
    double theta, theta_min;          /* of the book without the instruments; least, usually 0 */
    double notional_max;              /* USD, of all instruments together */
    double cost_per_day_max;          /* USD the instruments may decay and roll a day */
    double quick_ratio_min;           /* 0: not asked */
    double cash;                      /* cash and near-cash, if all instruments were sold */
    double stress[VW_SOLVE_STRESSES]; /* USD the book loses without the instruments */
} vw_solve_problem;

typedef enum vw_constraint {
    VW_CONSTRAINT_CARRY,
    VW_CONSTRAINT_R_FLOOR, /* r lowered, not below r_floor */
    VW_CONSTRAINT_THETA,
    VW_CONSTRAINT_R,
    VW_CONSTRAINT_NOTIONAL,
    VW_CONSTRAINT_COST,
    VW_CONSTRAINT_QUICK,
    VW_CONSTRAINT_COUNT,
} vw_constraint;

typedef struct vw_solve_result {
    double unrounded[VW_SOLVE_INSTRUMENTS];
    double contracts[VW_SOLVE_INSTRUMENTS];
    double residual[VW_SOLVE_LAYERS]; /* R with whole contracts, against the r that was asked */
    double net;                       /* their sum */
    double r_attained;                /* V30 of the hedges over offset, times r */
    double theta, theta_with_roll;    /* of the book with the hedge */
    double objective;                 /* of the whole contracts */
    double objective_unrounded;
    double price[VW_CONSTRAINT_COUNT]; /* shadow price where it was last imposed: the fall of the
                                          objective for one USD (day's USD of theta) more room */
    double vega_per_theta;             /* USD of V30 given up per USD of theta a day */
    uint8_t given_up[VW_CONSTRAINT_COUNT], given_up_count; /* vw_constraint, in order */
    bool infeasible;
    vw_status status;
} vw_solve_result;

/* vw_solve fills result and returns its status: ok, or bad_input. */
vw_status vw_solve(const vw_solve_problem *problem, vw_solve_result *result);

/* vw_constraint_name returns "carry", "r_floor", "theta", "r", "notional", "cost", "quick_ratio".
 */
const char *vw_constraint_name(vw_constraint constraint);

#endif
