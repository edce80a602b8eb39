/* cut.h: one expiry re-priced as a whole, from one forward.
 *
 * A cut fits the forward and the discount, then re-marks and sends the group's strikes in chunks,
 * each chunk a run, and closes with the SURFACE row: one step a poll, so that a tick never waits
 * for more than one chunk.
 *
 * Time     due when something changed and cut_interval_ns of market time have passed since the last
 *          one, or flags changed (0.25 s of receive time), or refresh_ns of receive time have
 *          passed, or the group settled.  A settled group is cut once more, as expired, and closed.
 * Full     a chunk waits until the ring has room for it; counted once per cut. */
#ifndef VW_CORE_ENGINE_CUT_H
#define VW_CORE_ENGINE_CUT_H

#include "core/engine/state.h"

/* vw_cut_enter makes a new group of options known to the schedule. */
void vw_cut_enter(vw_engine *engine, uint16_t group);

/* vw_cut_touch notes that a quote of a group changed; vw_cut_hurry that flags did. */
void vw_cut_touch(vw_engine *engine, uint16_t group);
void vw_cut_hurry(vw_engine *engine, uint16_t group);

/* vw_cut_restart begins the schedule anew when market time has stepped back. */
void vw_cut_restart(vw_engine *engine);

/* vw_cut_step does one step of the cut under way, or begins one that is due; false when there was
 * nothing to do or no room to do it. */
bool vw_cut_step(vw_engine *engine);

#endif
