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
 * its clock, and sets what its beginning does not state: spx, vix, atm_vol_30, atm_vol_7. */
vw_err vw_scenario_chain_open(vw_scenario *scenario, vw_error *error);

/* vw_scenario_chain_smile fills forward, discount and slice of an expiry; false: not in it. */
bool vw_scenario_chain_smile(const vw_scenario_chain *chain, const char *root, uint32_t expiry,
                             vw_exposure_smile *smile);

void vw_scenario_chain_close(vw_scenario_chain *chain);

#endif
