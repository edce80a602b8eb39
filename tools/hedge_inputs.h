/* hedge_inputs.h: what only the user knows of the hedge: events, account, macro, and daily closes.
 *
 * Inputs are YAML with the keys of a scenario (events, account, macro, vix, advances, vol_of_vol,
 * entry_asked);
 * tools/examples/hedge_inputs.yaml shows all of them.  Closes are CSV, a session a row, oldest
 * first: date,spx,vix,advances,vol_of_vol,atm_vol_30,atm_vol_7,vx1,vx2,... in any order; an empty
 * cell is absent; VX columns are the monthlies of that day.
 *
 * Memory   closes are allocated by read and freed by the caller.
 * Threads  the main thread.
 * Errors   VW_ERR_DATA: unreadable; VW_ERR_CONFIG: file, line, value, and what would be right. */
#ifndef VW_TOOLS_HEDGE_INPUTS_H
#define VW_TOOLS_HEDGE_INPUTS_H

#include "core/base/error.h"
#include "core/engine/decide.h"

vw_err vw_hedge_inputs_read(const char *file, vw_user_inputs *user, vw_error *error);
vw_err vw_hedge_inputs_parse(const char *name, const char *text, vw_user_inputs *user,
                             vw_error *error);

vw_err vw_hedge_closes_read(const char *file, vw_hedge_close **closes, size_t *count,
                            vw_error *error);

#endif
