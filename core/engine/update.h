/* update.h: the 256-byte record that crosses from the engine to the publisher.
 *
 * One update is one row.  A message on the wire is a run of rows of one kind and group: the engine
 * sets VW_UPDATE_FIRST on the first and VW_UPDATE_LAST on the last, and commits a run only when the
 * ring has room for the whole (no torn messages).  A tick is a run of one row, or of the two series
 * of a strike whose vol changed.  A cut is several runs, in order of strikes, with the same stamps,
 * and ends with the group's SURFACE.  Rows have the layout of the FlatBuffers structs of
 * vegawire.fbs, checked there by size, and are copied as they stand.
 *
 * Units    desk units, as on the wire: delta, gamma undiscounted; vega per vol point (0.01); theta
 *          and charm per calendar day; rho per 1 % (0.01); vanna = delta per vol point; volga =
 *          vega per vol point, per vol point; vols and rates as fractions; prices in index points;
 *          dollars where the name says usd; times ns since the epoch; dates yyyymmdd.
 * Absent   no NaN: a value that is not to be had is 0 and its status or flag says so.
 * Full     the engine keeps what it could not send (the series stays due for the next cut), and
 *          counts VW_COUNT_UPDATE_RING_FULL or VW_COUNT_CUTS_DEFERRED.
 * Threads  plain values; written in a ring slot by the engine, read there by the publisher. */
#ifndef VW_CORE_ENGINE_UPDATE_H
#define VW_CORE_ENGINE_UPDATE_H

#include "core/base/status.h"
#include "core/vol/forward.h"
#include "core/vol/regime.h"
#include "core/vol/slice.h"

typedef enum vw_update_kind {
    VW_UPDATE_GROUP = 1,  /* a new expiry group (root, expiry, settlement): names the topic */
    VW_UPDATE_DEFINITION, /* def.<root> */
    VW_UPDATE_GREEKS,     /* greeks.<root>.<yymmdd><A|P> */
    VW_UPDATE_SURFACE,    /* surface.<root>.<yymmdd><A|P> */
    VW_UPDATE_CURVE,      /* curve.VX: one header row, then the points */
    VW_UPDATE_CURVE_POINT,
    VW_UPDATE_HEDGE, /* hedge.<book>: one header row, then 4 layers, then the legs */
    VW_UPDATE_HEDGE_LAYER,
    VW_UPDATE_HEDGE_LEG,
    VW_UPDATE_UNIT,     /* status: a feed's unit changed its state */
    VW_UPDATE_DECISION, /* behind the legs of a hedge: one of DECISION, BOOK; then the others */
    VW_UPDATE_DECISION_BOOK,
    VW_UPDATE_SIGNAL,
    VW_UPDATE_DETAIL,
    VW_UPDATE_DECISION_LAYER,
    VW_UPDATE_DECISION_LEG,
    VW_UPDATE_DECISION_CONDOR,
    VW_UPDATE_PROPOSAL,
    VW_UPDATE_STEP, /* of the proposal before it */
    VW_UPDATE_GIVEN_UP,
} vw_update_kind;

enum { VW_UPDATE_FIRST = 1, VW_UPDATE_LAST = 2 };

typedef enum vw_calc { VW_CALC_NONE, VW_CALC_TICK, VW_CALC_CUT } vw_calc;

typedef struct vw_group_row {
    int64_t settlement_ns;
    uint32_t expiry;
    char root[8];
    char settlement; /* 'A' or 'P' */
    char unused[3];
} vw_group_row;

typedef struct vw_definition_row {
    double strike; /* 0 for futures */
    int64_t settlement_ns;
    uint32_t instrument;
    uint32_t expiry;
    uint32_t multiplier; /* USD per point */
    uint8_t type;        /* 'C', 'P', 'F' */
    uint8_t settlement;  /* 'A', 'P' */
    uint8_t weekly;      /* 1 for a weekly future */
    uint8_t unused;
} vw_definition_row;

typedef struct vw_greeks_row {
    int64_t exchange_ns; /* of the quote behind this row */
    int64_t receive_ns;
    double strike;
    double bid, ask; /* 0 when the side is empty: see quality */
    double vol, bid_vol,
        ask_vol;  /* implied by mid, bid, ask; in the money: by the other side of the strike */
    double price; /* Black-76 at vol, discounted */
    double delta, gamma, vega, theta, rho, vanna, volga, charm;
    double theta_session; /* what a trading day takes, on the session-weighted variance clock */
    uint32_t instrument;
    uint32_t sequence; /* of the input message, in its unit */
    uint32_t bid_size, ask_size;
    uint8_t type;    /* 'C' or 'P' */
    uint8_t status;  /* vw_status of vol and all that follows from it */
    uint8_t quality; /* VW_QUOTE_ bits */
    uint8_t calc;    /* vw_calc */
    uint8_t unused[4];
} vw_greeks_row;

typedef struct vw_surface_row {
    int64_t exchange_ns, receive_ns; /* of the newest input */
    double forward, forward_se, discount, rate, years;
    double atm_vol;                                 /* at strike = forward */
    double skew;                                    /* d vol / d ln(strike) at the forward */
    double svi_a, svi_b, svi_rho, svi_m, svi_sigma; /* raw SVI in total variance; all 0 if absent */
    double rmse_vol;
    double butterfly_min_g;
    uint32_t quotes, inside; /* fitted quotes, and those whose model vol lies in the bid/ask */
    uint8_t forward_source;  /* vw_forward_source */
    uint8_t model;           /* vw_model */
    uint8_t status;          /* vw_status of the forward and the fit */
    uint8_t quality;         /* VW_QUOTE_CARRIED, VW_QUOTE_STALE */
    uint8_t unused[4];
} vw_surface_row;

/* What of a curve or hedge row is absent; absent fields are 0. */
enum {
    VW_ABSENT_SPOT_VIX = 1 << 0, /* basis */
    VW_ABSENT_CONTANGO = 1 << 1, /* contango, inversion, regime: fewer than two monthlies quoted */
    VW_ABSENT_CM30 = 1 << 2,     /* no expiries around 30 days (VX1 stands in if beyond) */
    VW_ABSENT_SPX = 1 << 3,
    VW_ABSENT_BOOK = 1 << 4, /* no portfolio, or no priced leg */
};

typedef struct vw_curve_row {
    int64_t exchange_ns, receive_ns;
    double contango;  /* VX2 / VX1 - 1 */
    double inversion; /* VX1 - VX2, points */
    double basis;     /* VX1 - spot VIX, points */
    double cm30;      /* 30-day constant maturity */
    int64_t regime_since_ns;
    uint32_t points; /* rows that follow */
    uint8_t regime;  /* vw_regime */
    uint8_t absent;  /* VW_ABSENT_ bits */
    uint8_t quality; /* worst of VX1 and VX2 */
    uint8_t unused;
} vw_curve_row;

typedef struct vw_curve_point {
    double price; /* mid if two-sided, else last, else settlement */
    double bid, ask;
    double days;         /* to settlement, calendar */
    double beta;         /* d VX / d VIX30, live or the prior 0.79 (30 / (30 + days))^0.75 */
    double roll_per_day; /* (this - previous) / days between, points; 0 for the first */
    double beta_r2;      /* of the live estimate */
    double forward_beta; /* d VX / d vol of the 30 days after its expiry; 0: not known */
    double bound;        /* sqrt of that window's variance, VIX points; 0: none */
    double convexity;    /* bound - price; 0 without */
    uint32_t instrument;
    uint32_t expiry;
    uint32_t beta_observations; /* 15 minutes apart, half their weight lost every 30 */
    uint8_t monthly;            /* 1: counts as VX1, VX2, ... */
    uint8_t quality;
    uint8_t flags; /* VW_POINT_ bits */
    uint8_t unused;
} vw_curve_point;

enum {
    VW_POINT_PRIOR = 1 << 0,              /* beta is the prior */
    VW_POINT_NO_BOUND = 1 << 1,           /* SPX expiries do not span the window */
    VW_POINT_NEGATIVE_VARIANCE = 1 << 2,  /* of the window: quotes not of one moment */
    VW_POINT_NEGATIVE_CONVEXITY = 1 << 3, /* the future is above its bound */
};

#define VW_LAYERS 4

typedef struct vw_hedge_row {
    int64_t exchange_ns, receive_ns;
    double delta_usd_per_point, gamma_usd_per_point2, vega_usd_per_point; /* of the SPX legs */
    double theta_usd_per_day;                                 /* of all legs, futures' carry too */
    double condor_v30_usd_per_point, hedge_v30_usd_per_point; /* per 30-day VIX point */
    double hedge_ratio;    /* -hedge / condor V30; 0 if the book has no condor vega */
    uint32_t layers, legs; /* rows that follow */
    uint32_t unpriced;     /* legs without a price or vol: left out of every sum */
    uint8_t regime;
    uint8_t absent;  /* VW_ABSENT_ bits */
    uint8_t quality; /* worst of the legs */
    uint8_t unused;
} vw_hedge_row;

typedef struct vw_layer_row {
    double condor_v30_usd_per_point, hedge_v30_usd_per_point;
    double hedge_ratio;
    double vx_full_offset; /* contracts of the layer's VX that offset its condors' V30 whole,
                              those already held not counted off; unrounded */
    double vx_beta;
    double residual_v30_usd_per_point;
    uint32_t vx_expiry; /* of the layer's VX month, 0 if none */
    uint8_t layer;      /* 1 to 4 */
    uint8_t unused[3];
} vw_layer_row;

typedef struct vw_leg_row {
    double contracts; /* signed */
    double price, delta_usd_per_point, gamma_usd_per_point2, vega_usd_per_point, theta_usd_per_day;
    double v30_usd_per_point;
    uint32_t instrument; /* VW_INSTRUMENT_NONE while the series is not defined */
    uint32_t expiry;
    double strike;
    char root[8];
    uint8_t type;
    uint8_t hedge; /* 1 hedge leg, 0 condor leg */
    uint8_t layer; /* 1 to 4 */
    uint8_t status;
    uint8_t quality;
    uint8_t unused[3];
} vw_leg_row;

typedef struct vw_unit_row {
    int64_t exchange_ns, receive_ns;
    uint64_t missed; /* messages given up in this gap */
    uint32_t first;  /* sequence of the first of them */
    uint32_t series; /* series marked stale, or healed */
    uint8_t feed, unit;
    uint8_t state; /* vw_unit_state */
    uint8_t unused[5];
} vw_unit_row;

/* The rows of a hedge decision (core/hedge/decision.h, where each number is explained). */
enum {
    VW_DECISION_HELD = 1 << 0,
    VW_DECISION_IN_EVENT = 1 << 1,
    VW_DECISION_SOLVED = 1 << 2,
    VW_DECISION_INFEASIBLE = 1 << 3,
    VW_DECISION_PAPER = 1 << 4,
};

typedef struct vw_decision_row {
    uint64_t decision;      /* its own sequence, which a restart goes on with */
    uint64_t settings_hash; /* of the configuration behind it */
    int64_t market_ns, regime_since_ns, level_since_ns;
    int64_t dwell_left_ns, roll_dwell_left_ns, level_dwell_left_ns;
    int64_t event_left_ns, batch_left_ns; /* holds */
    double offset_v30, condor_v30, hedge_v30;
    double r_asked, r_released, r_final, r_attained;
    double capm_scale, drift, notional_cap_usd, hedge_notional_usd;
    uint64_t reasons, warnings; /* bit per vw_reason, vw_warning */
    uint32_t backwardation_closes, contango_closes, tranche_closes;
    uint8_t posture, sizing, regime, regime_reason;
    uint8_t level, tranche, heavy; /* heavy: 0 by share */
    uint8_t flags;                 /* VW_DECISION_ bits */
    char preset[16];
    uint8_t unused[4];
} vw_decision_row;

typedef struct vw_decision_book_row {
    double delta_usd_per_point, gamma_usd_per_point2, vega_usd_per_point;
    double theta_usd_per_day, theta_with_roll_usd_per_day;
    double quick_ratio, quick_ratio_after, margin_usd, margin_after_usd;
    double wacc_before, wacc_after, hedge_cost_monthly;
} vw_decision_book_row;

typedef struct vw_signal_row {
    double value;
    uint8_t signal; /* vw_signal_id; of details vw_detail */
    uint8_t flags;  /* VW_SIGNAL_ bits */
    uint8_t unused[6];
} vw_signal_row;

typedef struct vw_decision_layer_row {
    double condor_v30, hedge_v30, target_v30, hedge_ratio, residual_v30;
    uint32_t weight_ppm;
    uint8_t layer, month;
    uint8_t unused[2];
} vw_decision_layer_row;

typedef struct vw_decision_leg_row {
    double strike, strike_far, price;
    double now, wanted_unrounded, wanted; /* contracts, or packages */
    double v30, theta, theta_with_roll, delta;
    double slice, adverse_1ms, adverse_10ms, adverse; /* how to trade it */
    uint32_t id, expiry, expiry_far;
    int32_t days;
    char root[8];
    uint8_t kind, month, layer, urgency;
    uint8_t permitted, passive;
    uint8_t unused[2];
} vw_decision_leg_row;

typedef struct vw_decision_condor_row {
    double contracts, v30, z;
    double break_even_lo, break_even_hi, z_lo, z_hi, z_lo_entry, z_hi_entry;
    uint64_t warnings;
    uint32_t id, expiry;
    char root[8];
    uint8_t layer, theta_inverted;
    uint8_t unused[6];
} vw_decision_condor_row;

typedef struct vw_proposal_row {
    double cash_usd, margin_usd, worst_loss_usd;
    uint32_t condor; /* its id, or 0 */
    uint8_t proposal, reason, urgency;
    uint8_t steps; /* rows that follow */
} vw_proposal_row;

typedef struct vw_step_row {
    double strike, contracts; /* signed: bought is positive */
    uint32_t instrument;      /* id of a decision's leg, or 0 */
    uint32_t expiry;
    char root[8];
    uint8_t type; /* 'C', 'P', 'F', or 0 */
    uint8_t unused[7];
} vw_step_row;

typedef struct vw_given_up_row {
    double price;       /* its shadow price */
    uint8_t constraint; /* vw_constraint */
    uint8_t unused[7];
} vw_given_up_row;

typedef struct vw_update {
    int64_t exchange_ns; /* of the newest input behind the run */
    int64_t receive_ns;  /* kernel stamp of that packet; latency is measured from here */
    uint8_t kind;        /* vw_update_kind */
    uint8_t flags;       /* VW_UPDATE_FIRST, VW_UPDATE_LAST */
    uint16_t group;      /* index of the expiry group; for DEFINITION that of the series */
    uint32_t market;     /* index of the shard: 0 */
    union {
        vw_group_row of_group;
        vw_definition_row definition;
        vw_greeks_row greeks;
        vw_surface_row surface;
        vw_curve_row curve;
        vw_curve_point curve_point;
        vw_hedge_row hedge;
        vw_layer_row layer;
        vw_leg_row leg;
        vw_unit_row of_unit;
        vw_decision_row decision;
        vw_decision_book_row decision_book;
        vw_signal_row signal;
        vw_decision_layer_row decision_layer;
        vw_decision_leg_row decision_leg;
        vw_decision_condor_row decision_condor;
        vw_proposal_row proposal;
        vw_step_row step;
        vw_given_up_row given_up;
        unsigned char bytes[232];
    };
} vw_update;

_Static_assert(sizeof(vw_update) == 256, "four cache lines");

#endif
