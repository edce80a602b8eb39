/* decision.h: what the hedge engine decided, complete in itself.
 *
 * Section 5 of hedge-engine.md as one struct: a reader needs nothing that came before.  Every
 * number is finite; what could not be computed is 0 and its flag says so.  Nothing here is an
 * order.
 *
 * Units    V30 in USD per point of 30-day VIX; theta USD per calendar day, earned is positive;
 *          fractions of 1; weights in ppm; contracts signed where they are trades.
 * Shapes   legs are as the inputs' instruments, condors as the inputs' condors, same indices.
 * Memory   plain struct of the caller's; vw_policy_evaluate writes all of it, padding as zeros:
 *          equal decisions are equal bytes. */
#ifndef VW_CORE_HEDGE_DECISION_H
#define VW_CORE_HEDGE_DECISION_H

#include "core/hedge/inputs.h"
#include "core/hedge/reasons.h"
#include "core/hedge/signals.h"

#define VW_DECISION_LAYERS 4
#define VW_DECISION_GIVEN_UP_MAX 8
#define VW_PROPOSALS_MAX 48
#define VW_PROPOSAL_STEPS_MAX 8

/* How a leg is best traded, rule 15. */
typedef struct vw_hint {
    double slice;      /* contracts at a time */
    double adverse[3]; /* mid drift 1, 10, 100 ms after quote changes, in spreads; 0 unknown */
    uint8_t urgency;   /* vw_urgency */
    bool passive;
} vw_hint;

typedef enum vw_urgency {
    VW_URGENCY_NONE,
    VW_URGENCY_PATIENT,
    VW_URGENCY_NORMAL,
    VW_URGENCY_NOW
} vw_urgency;

typedef struct vw_decision_leg {
    uint32_t id;
    double now, wanted_unrounded, wanted;      /* contracts */
    double v30, theta, theta_with_roll, delta; /* of what is held, USD */
    uint8_t layer;                             /* 1 to 4 */
    bool permitted;                            /* this regime may buy it */
    vw_hint hint;
} vw_decision_leg;

typedef struct vw_decision_layer {
    uint32_t weight_ppm; /* the four sum to 1,000,000 */
    double condor_v30, hedge_v30;
    double target_v30;   /* weight r offset */
    double hedge_ratio;  /* -hedge / condor; 0 without condor vega */
    double residual_v30; /* hedge at wanted contracts less target */
    uint8_t month;       /* of VX its target is met with */
} vw_decision_layer;

typedef enum vw_proposal_kind {
    VW_PROPOSAL_HEDGE, /* contracts to their wanted number */
    VW_PROPOSAL_ROLL,  /* hedge one month out, or a condor's shorts to the next cycle */
    VW_PROPOSAL_WING,
    VW_PROPOSAL_DELTA,
    VW_PROPOSAL_EXIT,
    VW_PROPOSAL_ENTRY, /* new condor, sold premium, calendar */
    VW_PROPOSAL_COUNT,
} vw_proposal_kind;

/* One trade of a package, in the order in which they are safe. */
typedef struct vw_proposal_step {
    uint32_t instrument; /* id of a leg, or 0: the series that follows */
    char root[8];
    uint32_t expiry;
    char type; /* 'C', 'P', 'F' */
    double strike;
    double contracts; /* signed: bought is positive */
} vw_proposal_step;

typedef struct vw_proposal {
    uint8_t kind;    /* vw_proposal_kind */
    uint8_t reason;  /* vw_reason */
    uint8_t urgency; /* vw_urgency */
    uint8_t step_count;
    uint32_t condor; /* its id, or 0 */
    vw_proposal_step steps[VW_PROPOSAL_STEPS_MAX];
    double cash_usd;       /* received, negative paid; 0 when not known */
    double margin_usd;     /* entry: its greatest loss */
    double worst_loss_usd; /* calendars and sold premium */
} vw_proposal;

typedef struct vw_decision_condor {
    uint32_t id;
    uint8_t layer; /* 1 to 4 */
    double z;      /* nearer break-even, sd */
    double break_even_lo, break_even_hi, z_lo, z_hi, z_lo_entry, z_hi_entry;
    bool theta_inverted;
    vw_reason_set warnings;
} vw_decision_condor;

typedef struct vw_constraint_given_up {
    uint8_t constraint; /* vw_constraint of solve.h */
    double price;       /* shadow price */
} vw_constraint_given_up;

typedef struct vw_decision {
    uint64_t sequence;
    int64_t now_ns, exchange_ns, receive_ns;
    uint64_t settings_hash;
    uint8_t posture, sizing, regime, regime_reason, level;
    int64_t regime_since_ns, level_since_ns;
    int64_t dwell_left_ns, roll_dwell_left_ns, level_dwell_left_ns; /* 0: not running */
    int64_t event_left_ns, batch_left_ns;                           /* holds; 0: none */
    uint32_t backwardation_closes, contango_closes, tranche_closes;
    vw_signals signals;
    double offset_v30, condor_v30, hedge_v30; /* net is the sum of the last two */
    double r_asked, r_released, r_final, r_attained;
    double capm_scale, notional_cap_usd, hedge_notional_usd;
    double drift;    /* of the held, of V30 at the last solve */
    uint8_t tranche; /* phi is a third of it; 0: nothing asked yet */
    uint8_t heavy;   /* layer 1 to 4; 0: by share */
    bool held, in_event, solved, infeasible, paper;
    vw_decision_layer layers[VW_DECISION_LAYERS];
    vw_decision_leg legs[VW_HEDGE_INSTRUMENTS_MAX];
    size_t leg_count;
    vw_decision_condor condors[VW_HEDGE_CONDORS_MAX];
    size_t condor_count;
    vw_proposal proposals[VW_PROPOSALS_MAX];
    size_t proposal_count;
    double delta_usd_per_point, gamma_usd_per_point2, vega_usd_per_point;
    double theta_usd_per_day, theta_with_roll_usd_per_day;
    double quick_ratio, quick_ratio_after, margin_usd, margin_after_usd;
    double wacc_before, wacc_after, hedge_cost_monthly; /* fraction of equity */
    vw_reason_set reasons, warnings;
    vw_constraint_given_up given_up[VW_DECISION_GIVEN_UP_MAX];
    size_t given_up_count;
} vw_decision;

const char *vw_proposal_kind_name(vw_proposal_kind kind); /* "hedge", "roll", "wing", ... */
const char *vw_urgency_name(vw_urgency urgency);          /* "none", "patient", "normal", "now" */

#endif
