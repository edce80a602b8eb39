/* book.h: the condors, the hedge legs and what may be traded, as one decision sees them.
 *
 * Filled per decision from the portfolio and its marks (portfolio.h, hedge.h); part of inputs.h.
 *
 * Units    as inputs.h says; what is absent is NaN, or 0 where it counts or names something.
 * Memory   plain structs of the caller's; the entry chain's arrays too. */
#ifndef VW_CORE_HEDGE_BOOK_H
#define VW_CORE_HEDGE_BOOK_H

#include "core/hedge/settings.h"

#define VW_HEDGE_INSTRUMENTS_MAX 64
#define VW_HEDGE_CONDORS_MAX 128 /* VW_PORTFOLIO_LEGS_MAX / 4 */
#define VW_HEDGE_DELTAS_MAX 16
#define VW_ENTRY_STRIKES_MAX 512
#define VW_HEDGE_SPOTS 3      /* condors' V30 at spot -5 %, 0, +5 % */
#define VW_HEDGE_VOL_MOVE 5.0 /* points of VIX: what a full offset is tried with */
#define VW_HEDGE_STRESSES                                                                          \
    4 /* (spot, vol): (-10 %, +10), (0, +10), (0, -VIX/4), (+10 %, -VIX/4)                         \
       */

/* A leg held, or one that may be bought.  Kinds that sell are packages: their contracts count
 * packages, price is what closing costs and v30 is negative. */
typedef struct vw_hedge_instrument {
    uint32_t id;   /* unique, not 0, the same as long as it is listed */
    uint8_t kind;  /* vw_hedge_kind */
    uint8_t month; /* of VX it belongs to, 1 is VX1; of a calendar the far one's; SPX kinds: 0 */
    int days;      /* to expiry, New York dates; of a calendar the near one's */
    char root[8];
    uint32_t expiry, expiry_far;          /* yyyymmdd; far: calendars */
    double strike, strike_far, width;     /* far: the other strike of a spread; width in points */
    double contracts;                     /* held, whole, >= 0 */
    double lo, hi;                        /* limits of the user; hi INFINITY: none */
    double price, entry_price;            /* points; entry: paid, or credit received; NaN unknown */
    double spread, displayed;             /* points between bid and ask; contracts shown, of the
                                             thinner side */
    double multiplier;                    /* USD per point */
    double delta, v30, theta, roll;       /* of one; roll: futures' carry a day */
    double notional_usd;                  /* of one, as section 1 of the specification has it */
    double stress_usd[VW_HEDGE_STRESSES]; /* lost by one in each move */
    double drift[3];                      /* mid after quote changes at 1, 10, 100 ms, in spreads */
    double irr;                           /* of sold premium and calendars, or NaN */
    double worst_loss_usd;                /* of one */
    double beta;                          /* to the market, for the cost of capital; NaN unknown */
    int64_t age_ns;
} vw_hedge_instrument;

/* One side of a condor, for moves of its wing; 0 or NaN: not there. */
typedef struct vw_hedge_wing {
    double strike_short, strike, strike_entry;
    double strike_nearer, cost_nearer_usd; /* the next listed one, and what the move costs */
    double strike_back, cost_back_usd;
} vw_hedge_wing;

/* One condor position; values for all its contracts. */
typedef struct vw_hedge_condor {
    uint32_t id; /* unique, not 0, as long as the position lives */
    char root[8];
    uint32_t expiry, next_expiry; /* next: of the following monthly cycle, 0 if not listed */
    int days, entry_days;         /* New York dates; entry 0: unknown */
    double contracts;             /* > 0 */
    bool debit;
    vw_hedge_wing put, call;
    double credit; /* points, at entry; NaN unknown */
    double max_loss_usd, notional_usd;
    double v30[VW_HEDGE_SPOTS];
    double delta, gamma, vega, theta;    /* USD: per index point, point^2, vol point, day */
    double break_even_lo, break_even_hi; /* index */
    double z_lo, z_hi;                   /* S9: in standard deviations, <= 0 once breached */
    double z_lo_entry, z_hi_entry;
    double atm_vol_entry;                       /* 30-day, points */
    double decay_short, decay_wing;             /* S6: abs(theta) / extrinsic, a day */
    double decay_short_entry, decay_wing_entry; /* NaN: taken when first seen */
    double stress_usd[VW_HEDGE_STRESSES];       /* lost in each move */
    double vol_gain_usd;      /* of VW_HEDGE_VOL_MOVE points more of VIX, in full; NaN unknown */
    double wing_residual_usd; /* S8: what its wings are away from fair, or NaN */
    int64_t age_ns;           /* of its marks */
} vw_hedge_condor;

/* A package of rule 8: one bought option, one sold, and a bought wing that covers the sold one. */
typedef struct vw_hedge_delta_candidate {
    char root[8];
    uint32_t expiry;
    char settlement; /* 'A' or 'P' */
    char long_type, short_type;
    double long_strike, short_strike, wing_strike;
    double delta, premium, residual_usd; /* index points' delta and points paid for one; S8 */
    int days;
} vw_hedge_delta_candidate;

/* The listed strikes of one expiry, for a new condor, ascending: prices in points, undiscounted
 * deltas; at most VW_ENTRY_STRIKES_MAX. */
typedef struct vw_entry_chain {
    char root[8];
    uint32_t expiry;
    int days;
    double forward;
    const double *strike, *call, *put, *call_delta, *below; /* below: Q(S_T < strike), ascending */
    size_t count;
} vw_entry_chain;

#endif
