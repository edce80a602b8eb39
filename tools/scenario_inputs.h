/* scenario_inputs.h: a scenario's moment as the inputs of one decision.
 *
 * Memory   the desk is the caller's; inputs and all they point to live in it.
 * Threads  one. */
#ifndef VW_TOOLS_SCENARIO_INPUTS_H
#define VW_TOOLS_SCENARIO_INPUTS_H

#include "core/hedge/strikes.h"
#include "tools/scenario.h"

enum { VW_DESK_STRIKES = 1024, VW_DESK_SLICES = VW_SCENARIO_CONDORS + 4 * VW_SCENARIO_LEGS + 4 };

typedef struct vw_desk {
    vw_hedge_inputs inputs;
    vw_portfolio book; /* the condors */
    vw_leg_mark marks[VW_PORTFOLIO_LEGS_MAX];
    vw_hedge hedge;
    vw_hedge_market market;
    vw_slice slices[VW_DESK_SLICES];
    size_t slice_count;
    double strikes[VW_DESK_STRIKES];
    vw_entry_columns columns;
    vw_entry_chain entry;
    const vw_scenario_chain *chain; /* or NULL */
    int64_t start_ns, now_ns;
    uint32_t today;
    uint32_t source[VW_HEDGE_INSTRUMENTS_MAX]; /* of each instrument: its place in the moment's
                                                  legs, or beyond: a future listed by itself */
} vw_desk;

/* vw_desk_fill makes desk->inputs for market time now_ns. */
void vw_desk_fill(vw_desk *desk, const vw_scenario *scenario, const vw_scenario_moment *moment,
                  int64_t now_ns);

/* vw_desk_close makes a session's close of what the moment says. */
void vw_desk_close(const vw_desk *desk, const vw_scenario_moment *moment, vw_hedge_close *close);

/* Between the two sources of this module: the instruments; the smile of an SPX expiry (false: no
 * market for it); a flat smile for as long as the desk is filled. */
void vw_desk_fill_legs(vw_desk *desk, const vw_scenario_moment *moment);
bool vw_desk_smile(vw_desk *desk, const vw_scenario_moment *moment, const char *root,
                   uint32_t expiry, vw_exposure_smile *smile);
const vw_slice *vw_desk_flat(vw_desk *desk, double vol, double years);

/* vw_desk_future_leg returns a VX future of which nothing is held. */
vw_scenario_leg vw_desk_future_leg(uint32_t month);

/* vw_desk_monthly returns the expiry of the VX future of `month` (1 is VX1) as of an instant. */
uint32_t vw_desk_monthly(int64_t now_ns, uint32_t month);

#endif
