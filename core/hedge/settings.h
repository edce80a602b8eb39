/* settings.h: every number the hedge engine decides by, with the defaults of its specification.
 *
 * A preset is a value of this struct, filled from YAML over the defaults; the presets of the
 * specification (alvh, vxth, alvh-ladder, none) differ in data only.  `sizing` says what the number
 * of contracts follows: the short vega (alvh), a budget by the level of VX1 (vxth), a ladder of
 * calls per unit of book (alvh-ladder), or nothing: then only delta is looked after.
 *
 * Units    fractions (0.035 is 3.5 %), VIX points, calendar days, standard deviations; ns.
 * Threads  read-only after start.
 * Source   hedge-engine.md sections 2-4, where every number is explained. */
#ifndef VW_CORE_HEDGE_SETTINGS_H
#define VW_CORE_HEDGE_SETTINGS_H

#include "core/vol/regime.h"

#define VW_RUNGS_MAX 8

/* What kinds of legs there are. */
typedef enum vw_hedge_kind {
    VW_KIND_VX,                /* future, 1,000 USD per point */
    VW_KIND_VXM,               /* future, 100 USD per point */
    VW_KIND_VIX_CALL,          /* long */
    VW_KIND_VIX_CALL_SPREAD,   /* long */
    VW_KIND_VIX_CALENDAR,      /* long a far call, short a near call spread of its own */
    VW_KIND_VIX_CREDIT_SPREAD, /* sold: a package of the short call and its own long call */
    VW_KIND_ETP,               /* VXX, UVXY */
    VW_KIND_SPX_PUT,           /* long */
    VW_KIND_SPX_PUT_SPREAD,    /* sold: a package of the short put and its own long put */
    VW_KIND_COUNT,
} vw_hedge_kind;
#define VW_KIND_BIT(kind) (1U << (kind))

typedef enum vw_sizing {
    VW_SIZING_VEGA,
    VW_SIZING_BUDGET,
    VW_SIZING_LADDER,
    VW_SIZING_NONE
} vw_sizing;

/* One tenor of a ladder or of a budget: the listed VIX call nearest to it. */
typedef struct vw_rung {
    double days, delta;
    double contracts; /* LADDER: per unit of book */
} vw_rung;

/* BUDGET: from this VX1 on, spend this fraction of the condors' notional. */
typedef struct vw_budget_step {
    double vix_forward, fraction;
} vw_budget_step;

typedef struct vw_hedge_settings {
    char preset[16];
    uint8_t posture; /* vw_posture */
    uint8_t sizing;  /* vw_sizing */
    vw_rung rungs[VW_RUNGS_MAX];
    size_t rung_count;
    vw_budget_step steps[VW_RUNGS_MAX]; /* ascending */
    size_t step_count;
    double unit_notional_usd; /* LADDER: condor notional of one unit of book */
    /* Validity of inputs, section 2. */
    int64_t vx_stale_ns, options_stale_ns, vix_stale_ns, macro_stale_ns;
    uint32_t margin_stale_sessions, breadth_stale_sessions;
    /* S1, S2. */
    vw_regime_limits regime;
    double e2_vix, e2_leave_vix, e3_vix, e3_close_vix, e3_leave_vix;
    uint32_t e3_closes;
    int64_t e3_dwell_ns;
    /* S3-S7, S12, S13, S17. */
    uint32_t rsi_short, rsi_long, breadth_sessions, realised_sessions, vol_of_vol_sessions;
    double decoupling_a, decoupling_b, decoupling_sd, decoupled_z, recoupled_z;
    double theta_slowed, theta_quickened;
    double spreads_above, futures_below, unpreferred_cost; /* S7; cost factor of the other kind */
    int64_t event_before_ns, event_after_ns;
    double macro_sd, macro_cap_fall, cause_vix_points;
    /* Rules 1, 12: offset and tranches. */
    double contango_e2_r, flat_far_r, flat_near_r, flat_rsi_lo, flat_rsi_hi;
    double backwardation_near_r, backwardation_far_r, inverted_r, near_break_even_r;
    double macro_weight, e1_cap, headline_r;
    double notional_lo, notional_hi, notional_lo_vix, notional_hi_vix;
    double near_break_even_z, tranche2_rise, tranche3_rise;
    uint32_t tranche_closes;
    double erp, vol_premium, capm_cheap, capm_lo, capm_hi;
    /* Rule 2: layers. */
    double heavy_weight, heavy_breadth_weight, heavy_z_lo, heavy_z_hi, heavy_z_tie;
    uint32_t posture_closes;
    /* Rule 3: what with; sets of VW_KIND_BIT. */
    uint32_t contango_kinds, flat_kinds, backwardation_e1_kinds, second_engine_kinds;
    bool etp, put_spreads, cash_press; /* optional; cash_press: also for stewards */
    int call_days_min, call_days_max, credit_days_max;
    double credit_loss_budget, credit_of_width, displayed_share;
    /* Rules 4, 5: how many, guardrail. */
    double theta_min, cost_factor, monthly_cost_max, quick_ratio_min, r_floor;
    double band, drift_trade, drift_urgent, r_step;
    int64_t batch_ns;
    /* Rules 6, 7: shift and exits. */
    double shift_rsi, shift_rearm, stop_multiple, exit_rsi, profit_multiple, profit_share;
    uint32_t exit_closes;
    double quick_sale_share, quick_sale_r;
    bool keep_old_wings;
    /* Rules 8, 13, 14, 15. */
    double delta_max, delta_inside;
    double wing_breadth, wing_cost;
    uint32_t wing_closes;
    double entry_z_lo, entry_z_hi, entry_macro_z, entry_delta, entry_wing;
    double hint_share, adverse_max;
    /* Rule 9: warnings. */
    double condor_share_max, span_lo, span_hi, monthly_cost_warn;
    double weekly_credit_lo, weekly_credit_hi, erosion_max, volga_max;
    int entry_days_lo, entry_days_hi;
    uint32_t cycles_wanted, cycle_closes;
} vw_hedge_settings;

/* The preset alvh: the specification as it stands, steward. */
extern const vw_hedge_settings vw_hedge_defaults;

/* vw_kind_name returns "vx", "vxm", "vix_call", "vix_call_spread", "vix_calendar",
 * "vix_credit_spread", "etp", "spx_put", "spx_put_spread". */
const char *vw_kind_name(vw_hedge_kind kind);

/* vw_kind_sold says whether a kind is sold premium: its contracts count packages sold. */
bool vw_kind_sold(uint8_t kind);

#endif
