/* state.h: what the hedge engine keeps between decisions; for its own sources only.
 *
 * Plain memory without pointers: its bytes are its snapshot, and any change of it is a new version
 * of snapshot.c. */
#ifndef VW_CORE_HEDGE_STATE_H
#define VW_CORE_HEDGE_STATE_H

#include "core/hedge/policy.h"
#include "core/hedge/solve.h"
#include "core/vol/indicators.h"
#include "core/vol/vx_beta.h"

/* S2.  A dwell above the threshold ends at its exact instant, as that of the regime. */
typedef struct vw_level_machine {
    uint8_t level;    /* 0: never evaluated */
    bool live;        /* the last update was */
    bool by_closes;   /* enough closes high enough since level 3 was left */
    uint32_t closes;  /* in a row */
    double vix;       /* the last live */
    int64_t above_ns; /* live time at or above e3_vix */
    int64_t since_ns, last_ns;
} vw_level_machine;

/* S3, S4, S7, S16: what closes have left behind.  Indices are roll-adjusted. */
typedef struct vw_close_history {
    uint32_t session, sessions;
    vw_hedge_close last;
    double spread_index, ratio_index, cm30_index;
    vw_macd spread, vix;
    vw_rsi ratio, vix_rsi, spx, cm30;
    vw_realised realised;
    vw_window price, breadth, vol_of_vol; /* price and breadth: of the same closes */
    double breadth_line;
    uint32_t breadth_missed, divergence_closes; /* closes since it last held; large: never */
} vw_close_history;

typedef struct vw_leg_memo {
    uint32_t id;
    double from, wanted, unrounded; /* at the last solve */
    uint32_t sale_session;          /* rule 7: of the last sale for the quick ratio */
    double sale_floor;              /* and down to where it went */
    double profit_floor;            /* after taking profit in this E3; 0: none taken */
    uint8_t reason;                 /* vw_reason of wanted */
} vw_leg_memo;

typedef struct vw_condor_memo {
    uint32_t id, expiry;
    double contracts;
    double decay_short, decay_wing; /* S6 baselines */
    uint32_t shift_session;         /* rule 6: when its shift was proposed */
    double put_wing, call_wing;     /* rule 13: at entry */
} vw_condor_memo;

struct vw_hedge_state {
    uint64_t settings_hash, sequence;
    vw_regime_machine regime;
    vw_level_machine level;
    vw_close_history closes;
    vw_vx_beta betas; /* the engine's, kept here */
    double vix;       /* the last known; NaN never */
    uint32_t backwardation_closes, contango_closes;
    bool decoupled, headline;
    /* Rules 1, 12. */
    uint8_t tranche, tranche_before; /* before: at the last evaluation */
    bool tranche_met;
    uint32_t tranche_closes;
    double r_asked, r_released, r_final, capm_scale;
    /* Rules 3, 6, 10: months. */
    bool shift_armed, shift_pending;
    uint8_t shift[VW_DECISION_LAYERS], rotation;
    uint8_t months[VW_DECISION_LAYERS]; /* at the last evaluation */
    uint32_t move_session, vx1_expiry;
    bool rolling; /* months have moved, and legs not yet */
    /* Rule 5. */
    bool solved, solve_due;
    uint8_t solved_regime, solved_level, solved_tranche;
    double solved_r, solved_v30, solved_contracts; /* of the condors */
    int64_t batch_ns;
    bool batched;
    /* Rules 9, 13. */
    uint32_t wing_closes, cycles, calm_closes;
    bool in_cycle;
    uint8_t close_level;
    vw_leg_memo legs[VW_HEDGE_INSTRUMENTS_MAX]; /* by the inputs' indices of the last turn */
    size_t leg_count;
    vw_condor_memo condors[VW_HEDGE_CONDORS_MAX];
    size_t condor_count;
    vw_constraint_given_up given_up[VW_DECISION_GIVEN_UP_MAX]; /* at the last solve */
    size_t given_up_count;
    bool infeasible;
    uint64_t evaluations;
};

#endif
