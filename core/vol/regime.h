/* regime.h: the state of the VIX futures curve, S1 of hedge-engine.md section 3.
 *
 *   contango < flat < backwardation < inverted, each more protective than the one before
 *
 * To a more protective state at its threshold, at once; inverted at once beyond inverted_points,
 * or after dwell_ns beyond armed_points.  Back only beyond the return thresholds; states may be
 * skipped either way.  The first evaluation takes the raw thresholds.  A change that is due only to
 * a new VX1 waits for dwell_ns; if the market moves on to a more protective state meanwhile, that
 * is taken at once.
 *
 * Time     market time of the caller's.  Between two updates the market stood as the earlier one
 *          said, so a dwell ends at its exact instant however seldom update is called.  Dwells
 *          count only while both quotes are live, and pause otherwise; time that runs backwards
 *          counts nothing.
 * Units    prices in 1/10,000 point, compared as integers; contango thresholds in 1/1,000 (35 is
 *          3.5 %); instants and durations ns.
 * Threads  the owner of the machine.
 * Source   hedge-engine.md sections 3 (S1) and 9 (example 1). */
#ifndef VW_CORE_VOL_REGIME_H
#define VW_CORE_VOL_REGIME_H

#include "core/base/base.h"

typedef enum vw_regime {
    VW_REGIME_UNKNOWN, /* never evaluated */
    VW_REGIME_CONTANGO,
    VW_REGIME_FLAT,
    VW_REGIME_BACKWARDATION,
    VW_REGIME_INVERTED,
} vw_regime;

typedef enum vw_regime_reason {
    VW_REGIME_REASON_NONE,      /* never evaluated */
    VW_REGIME_REASON_FIRST,     /* the first evaluation */
    VW_REGIME_REASON_THRESHOLD, /* a threshold was crossed */
    VW_REGIME_REASON_DWELL,     /* beyond armed_points for dwell_ns */
    VW_REGIME_REASON_ROLL,      /* a new VX1, for dwell_ns */
} vw_regime_reason;

typedef struct vw_regime_limits {
    int64_t contango_permille;             /* 35: contango from here */
    int64_t contango_return_permille;      /* 40: back to contango */
    int64_t flat_return_permille;          /* 5: backwardation back to flat */
    int64_t inverted_points, armed_points; /* 30,000 and 20,000: VX1 - VX2 above these */
    int64_t inverted_leave_points;         /* 15,000: VX1 - VX2 below this leaves inverted */
    int64_t dwell_ns;                      /* 15 minutes */
} vw_regime_limits;

typedef struct vw_vx_pair {
    int64_t vx1, vx2;    /* prices; <= 0 counts as not live */
    uint32_t vx1_expiry; /* yyyymmdd: another one than before is a roll */
    bool live;           /* both quotes are there and not stale */
} vw_vx_pair;

typedef struct vw_regime_machine {
    vw_regime_limits limits;
    vw_regime regime;
    vw_regime_reason reason; /* of the last change */
    int64_t since_ns;        /* market time of the last change */
    int64_t armed_ns;        /* live time spent beyond armed_points */
    int64_t roll_ns;         /* live time since the roll */
    vw_regime roll_target;   /* where the roll alone leads; UNKNOWN when no roll is pending */
    vw_vx_pair last;         /* the last live pair */
    int64_t last_ns;         /* market time of the last update */
    bool live;               /* the last update was live */
} vw_regime_machine;

extern const vw_regime_limits vw_regime_defaults;

void vw_regime_init(vw_regime_machine *machine, const vw_regime_limits *limits);

/* vw_regime_update takes the pair as it stands at market_ns and returns the regime; call it on
 * every change of the pair and on every passing of market time. */
vw_regime vw_regime_update(vw_regime_machine *machine, const vw_vx_pair *pair, int64_t market_ns);

/* vw_regime_name returns "unknown", "contango", "flat", "backwardation", "inverted". */
const char *vw_regime_name(vw_regime regime);

#endif
