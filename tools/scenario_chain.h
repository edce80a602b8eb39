/* scenario_chain.h: an option chain as the market of a scenario: smiles, SPX, VIX, 30-day vol.
 *
 * Memory   allocated by open, handed back by close.
 * Threads  one.
 * Errors   as chain.h and chain_fit.h; VW_ERR_DATA when the chain has no SPX smile at that instant.
 */
#ifndef VW_TOOLS_SCENARIO_CHAIN_H
#define VW_TOOLS_SCENARIO_CHAIN_H

#include "core/hedge/exposure.h"
#include "tools/scenario.h"

/* vw_scenario_chain_open reads and fits scenario->chain, found from the scenario's folder, as of
 * its clock, and sets what its beginning does not state: spx, vix, atm_vol_30, atm_vol_7,
 * arbitrage_usd. */
vw_err vw_scenario_chain_open(vw_scenario *scenario, vw_error *error);

/* vw_scenario_chain_smile fills forward, discount and slice of an expiry; false: not in it. */
bool vw_scenario_chain_smile(const vw_scenario_chain *chain, const char *root, uint32_t expiry,
                             vw_exposure_smile *smile);

/* vw_scenario_chain_strikes writes the strikes that an expiry lists as call and put, ascending, the
 * first `room`; returns how many. */
size_t vw_scenario_chain_strikes(const vw_scenario_chain *chain, const char *root, uint32_t expiry,
                                 double *strikes, size_t room);

/* vw_scenario_chain_entry chooses the expiry for a new condor; false: none has the days. */
bool vw_scenario_chain_entry(const vw_scenario_chain *chain, const vw_hedge_settings *settings,
                             uint32_t today, char root[8], uint32_t *expiry);

/* vw_scenario_chain_wings returns what a condor's wings are away from fair, NaN: not in it. */
double vw_scenario_chain_wings(const vw_scenario_chain *chain, const vw_hedge_condor *condor);

void vw_scenario_chain_close(vw_scenario_chain *chain);

#endif
