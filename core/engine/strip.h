/* strip.h: forward, discount and summary of one expiry group of options.
 *
 * SPX options take the forward of put-call parity, with the discount of the rate curve through the
 * longer expiries; VIX options the VX future of the same settlement date, else parity, marked by
 * its source.  What can't be fitted now keeps its last forward, marked carried.
 *
 * Units    as update.h, surface row.
 * Source   mathematics.md section 5. */
#ifndef VW_CORE_ENGINE_STRIP_H
#define VW_CORE_ENGINE_STRIP_H

#include "core/engine/state.h"

#define VW_STRIP_TICK_POINTS 0.05 /* smallest step of a price below 3.00 */

/* vw_strip_fit renews years, forward and discount of a group at the engine's market time. */
void vw_strip_fit(vw_engine *engine, uint16_t group);

/* vw_strip_gather returns the group's quotes without the stale ones; good until its next call. */
vw_parity vw_strip_gather(vw_engine *engine, const vw_strip *strip, double discount);

/* vw_strip_surface fills the summary of the last cut, but for its stamps. */
void vw_strip_surface(const vw_strip *strip, vw_surface_row *row);

#endif
