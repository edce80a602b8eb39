/* legs.h: the portfolio valued on the engine's vols, and its hedge sent.
 *
 * Time     sent when something in it changed, at most every 250 ms of receive time, and every
 *          second in any case.
 * Full     no room: it stays due. */
#ifndef VW_CORE_ENGINE_LEGS_H
#define VW_CORE_ENGINE_LEGS_H

#include "core/engine/state.h"

/* vw_legs_set takes another book and finds its legs' series; vw_legs_enter finds the legs that a
 * new instrument serves. */
void vw_legs_set(vw_engine *engine, const vw_portfolio *book);
void vw_legs_enter(vw_engine *engine, uint32_t instrument);

/* vw_legs_mark says what the market makes of one series now. */
void vw_legs_mark(vw_engine *engine, uint32_t instrument, vw_leg_mark *mark);

/* vw_legs_send evaluates and sends the hedge when it is due. */
void vw_legs_send(vw_engine *engine);

#endif
