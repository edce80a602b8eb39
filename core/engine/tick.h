/* tick.h: a quote that changed is re-priced at once, on the forward of its last cut.
 *
 * Used by: engine.c, once a poll after the events have been taken in.
 * Full     no room towards the publisher: counted, the expiry's next cut covers the series. */
#ifndef VW_CORE_ENGINE_TICK_H
#define VW_CORE_ENGINE_TICK_H

#include "core/engine/state.h"

/* vw_tick_touch notes that the quote of an option changed; one that was noted and not
 * yet priced is conflated: counted, the newer one stands. */
void vw_tick_touch(vw_engine *engine, uint32_t instrument);

/* vw_tick_send re-prices and sends what was touched; a run of one row each, or of both series of
 * the strike where its vol changed. */
void vw_tick_send(vw_engine *engine);

/* vw_tick_follow lets the smiles hear of the vols last sent: once they are on their way, and before
 * anything else is priced. */
void vw_tick_follow(vw_engine *engine);

#endif
