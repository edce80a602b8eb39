/* model.h: the smile through an expiry's quotes: its parameters, and vols where quotes fail.
 *
 * Between fits a smile follows its quotes (core/vol/hks_tick.h): each quote that is re-priced at
 * once changes its equations, and in turns they are solved, one strip in 200 us, some 2 us.  A
 * whole fit, some 15 us, comes after each cut that saw quotes change: expiries take turns, the
 * oldest fit first, at most one every 2 ms of receive time.  In log-moneyness a smile moves with
 * the forward by itself, and its vols keep while time passes.
 *
 * Used by: engine.c (turns), mark.c (vols), strip.c (the SURFACE row).
 * Units    k is log(strike / forward). */
#ifndef VW_CORE_ENGINE_MODEL_H
#define VW_CORE_ENGINE_MODEL_H

#include "core/engine/state.h"

/* vw_model_touch notes that quotes of an expiry changed. */
void vw_model_touch(vw_engine *engine, vw_strip *strip);

/* vw_model_quote tells of mark i, just evaluated, of the strip. */
void vw_model_quote(vw_engine *engine, vw_strip *strip, size_t i);

/* vw_model_step fits or follows one expiry if it is time; false when there was none. */
bool vw_model_step(vw_engine *engine);

/* vw_model_surface fills what the SURFACE row says of the smile; nothing without one. */
void vw_model_surface(const vw_strip *strip, vw_surface_row *row);

#endif
