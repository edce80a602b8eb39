/* signals.h: the seventeen signals of the hedge engine, each with its value and what it is worth.
 *
 *   absent   never given, or too little history: its value is 0 and rules take their neutral value
 *   stale    older than its limit: it counts as absent, and what it decided before is held
 *   flagged  computed, but in a way that a reader must know of (the signal's own note below)
 *
 * Threads  pure values.
 * Source   hedge-engine.md section 3. */
#ifndef VW_CORE_HEDGE_SIGNALS_H
#define VW_CORE_HEDGE_SIGNALS_H

#include "core/vol/regime.h"

/* clang-format off */
/*    name              number  value */
#define VW_SIGNALS(X) \
    X(REGIME,           1,  "regime",            "vw_regime") \
    X(LEVEL,            2,  "level",             "1 to 3; flagged: VIX was never known, level 2 taken") \
    X(MOMENTUM,         3,  "momentum",          "histogram of VIX, last close") \
    X(BREADTH,          4,  "breadth",           "0, 0.5 or 1") \
    X(DECOUPLING,       5,  "decoupling",        "z of the residual; flagged: VX1 is beyond 30 days") \
    X(THETA_INVERSION,  6,  "theta_inversion",   "condors inverted") \
    X(VOL_PRICE_RATIO,  7,  "vol_price_ratio",   "VX1 over realised vol") \
    X(ARBITRAGE,        8,  "arbitrage",         "best residual, USD; flagged: a condor's wings are not fair") \
    X(BREAK_EVEN,       9,  "break_even",        "least distance of any condor, sd") \
    X(LIQUIDITY,        10, "liquidity",         "quick ratio; flagged: no margin call, 99") \
    X(CARRY,            11, "carry",             "cost of capital after") \
    X(EVENT,            12, "event",             "1 inside a window") \
    X(MACRO,            13, "macro",             "-1 to 1") \
    X(ROLL,             14, "roll",              "VX2 over VX1, points per 30 days") \
    X(CASH_PRESS,       15, "cash_press",        "1 when on") \
    X(VOL_OF_VOL,       16, "vol_of_vol",        "points") \
    X(CAUSE,            17, "cause",             "vw_cause")
/* clang-format on */

typedef enum vw_signal_id {
#define X(name, number, text, value) VW_SIGNAL_##name,
    VW_SIGNALS(X)
#undef X
        VW_SIGNAL_COUNT,
} vw_signal_id;

enum { VW_SIGNAL_ABSENT = 1 << 0, VW_SIGNAL_STALE = 1 << 1, VW_SIGNAL_FLAGGED = 1 << 2 };

typedef enum vw_cause { VW_CAUSE_NONE, VW_CAUSE_STRESS, VW_CAUSE_HEADLINE } vw_cause;

typedef struct vw_signal {
    double value;
    uint8_t flags; /* VW_SIGNAL_ABSENT, STALE, FLAGGED */
} vw_signal;

/* The parts behind S3, and other numbers worth publishing; 0 when their bit in absent is set. */
typedef enum vw_detail {
    VW_DETAIL_SPREAD_HISTOGRAM,         /* MACD of VX2 - VX1, last close */
    VW_DETAIL_SPREAD_HISTOGRAM_RUNNING, /* with the running bar: published, never decided on */
    VW_DETAIL_VIX_HISTOGRAM,
    VW_DETAIL_VIX_HISTOGRAM_RUNNING,
    VW_DETAIL_RATIO_RSI, /* of VX1 / VX2 */
    VW_DETAIL_VIX_RSI,
    VW_DETAIL_SPX_RSI,
    VW_DETAIL_CM30_RSI,
    VW_DETAIL_REALISED, /* 10 sessions, points */
    VW_DETAIL_CONTANGO,
    VW_DETAIL_INVERSION, /* points */
    VW_DETAIL_CM30,
    VW_DETAIL_BASIS,
    VW_DETAIL_COUNT,
} vw_detail;

typedef struct vw_signals {
    vw_signal of[VW_SIGNAL_COUNT];
    double detail[VW_DETAIL_COUNT];
    uint32_t detail_absent; /* bit per vw_detail */
    bool decoupled;
    uint8_t keys_to_sell; /* of S3, S4, S5, S15: how many speak for a sale */
} vw_signals;

/* vw_signal_name returns "regime" for VW_SIGNAL_REGIME, and so on; vw_detail_name likewise. */
const char *vw_signal_name(vw_signal_id signal);
const char *vw_detail_name(vw_detail detail);

#endif
