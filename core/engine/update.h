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
    VW_UPDATE_UNIT, /* status: a feed's unit changed its state */
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
    double beta;         /* d VX / d VIX30, prior 0.79 (30 / (30 + days))^0.75 */
    double roll_per_day; /* (this - previous) / days between, points; 0 for the first */
    uint32_t instrument;
    uint32_t expiry;
    uint8_t monthly; /* 1: counts as VX1, VX2, ... */
    uint8_t quality;
    uint8_t unused[6];
} vw_curve_point;

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
        unsigned char bytes[232];
    };
} vw_update;

_Static_assert(sizeof(vw_update) == 256, "four cache lines");

#endif
