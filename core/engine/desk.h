/* desk.h: the inputs of a hedge decision from the engine's market; for decide.c.
 *
 * Threads  the engine's. */
#ifndef VW_CORE_ENGINE_DESK_H
#define VW_CORE_ENGINE_DESK_H

#include "core/engine/decide.h"
#include "core/hedge/decision.h"
#include "core/hedge/exposure.h"
#include "core/hedge/policy.h"

#define VW_DESK_MONTHS 4

/* The strikes of a month that may be bought, as long as its future stays near. */
typedef struct vw_desk_strikes {
    uint32_t expiry;
    double forward;                /* when they were chosen */
    double call, call_out, spread; /* spread: what is sold against call */
} vw_desk_strikes;

typedef struct vw_desk_state {
    vw_hedge_state *policy;
    vw_snapshot_box *box;
    int64_t snapshot_ns; /* receive time of the last */
    vw_user_inputs user;
    vw_hedge_inputs inputs;
    vw_decision decision;
    vw_hedge_market market;
    vw_desk_strikes strikes[VW_DESK_MONTHS];
    uint32_t closed; /* the last session closed */
} vw_desk_state;

/* vw_desk_gather makes inputs of the book as it was last marked, and of the curve. */
void vw_desk_gather(struct vw_engine *engine);

#endif
