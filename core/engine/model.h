/* model.h: the smile through an expiry's quotes: its parameters, and vols where quotes fail.
 *
 * A fit takes a millisecond or two, so expiries take turns, the oldest fit first: one fit every
 * 250 ms of receive time, every 20 ms while an expiry never had one.  In log-moneyness a smile
 * moves with the forward by itself, and its vols keep while time passes.
 *
 * Used by: engine.c (turns), mark.c (vols), strip.c (the SURFACE row).
 * Units    k is log(strike / forward). */
#ifndef VW_CORE_ENGINE_MODEL_H
#define VW_CORE_ENGINE_MODEL_H

#include "core/engine/state.h"

/* vw_model_touch notes that quotes of an expiry changed. */
void vw_model_touch(vw_engine *engine, vw_strip *strip);

/* vw_model_step fits one expiry if it is time; false when there was none to fit. */
bool vw_model_step(vw_engine *engine);

/* vw_model_surface fills what the SURFACE row says of the smile; nothing without one. */
void vw_model_surface(const vw_strip *strip, vw_surface_row *row);

#endif
