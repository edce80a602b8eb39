/* scenario_run.h: the decisions of a scenario, one a step, and whether they are what it expects.
 *
 * Memory   one run at a time; allocates.
 * Threads  one. */
#ifndef VW_TOOLS_SCENARIO_RUN_H
#define VW_TOOLS_SCENARIO_RUN_H

#include "core/hedge/decision.h"
#include "tools/scenario.h"

#include <jansson.h>

/* One decision; all of it is gone when the visit returns. */
typedef struct vw_scenario_turn {
    const vw_scenario *scenario;
    size_t number;                /* 0: at the clock, then the steps from 1 */
    const vw_scenario_step *step; /* its expectations */
    const vw_decision *decision;
    const vw_hedge_inputs *inputs;
    json_t *json; /* vw_decision_json's */
} vw_scenario_turn;

typedef void vw_scenario_visit(void *self, const vw_scenario_turn *turn);

/* vw_scenario_run decides at the clock and after each step. */
vw_err vw_scenario_run(const vw_scenario *scenario, vw_scenario_visit *visit, void *self,
                       vw_error *error);

/* Called for an expectation that does not hold: what it says of which field, and what came. */
typedef void vw_scenario_differs(void *self, const vw_scenario_turn *turn, size_t expect,
                                 const char *text);

/* vw_scenario_check compares a turn's decision with what its step expects; returns how many
 * expectations there were. */
size_t vw_scenario_check(const vw_scenario_turn *turn, vw_scenario_differs *differs, void *self);

#endif
