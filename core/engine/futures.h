/* futures.h: VIX futures in, the term structure and its regime out.
 *
 * Time     the curve is sent when it changed, at most every 250 ms of receive time, and after
 *          refresh_ns in any case; the regime is looked at every second, for its dwells end by
 *          themselves.
 * Full     no room: it stays due. */
#ifndef VW_CORE_ENGINE_FUTURES_H
#define VW_CORE_ENGINE_FUTURES_H

#include "core/engine/state.h"

#define VW_CHANGE_NS (250 * INT64_C(1000000))
#define VW_SECOND_NS INT64_C(1000000000)

/* vw_futures_add takes a newly defined future in; false when there is no room for it. */
bool vw_futures_add(vw_engine *engine, uint32_t instrument);

/* vw_futures_apply takes a QUOTE, TRADE, SETTLEMENT or TRADING event of a future. */
void vw_futures_apply(vw_engine *engine, uint32_t instrument, const vw_event *event);

/* vw_futures_touch notes that a future changed: its curve, and the options priced on it. */
void vw_futures_touch(vw_engine *engine, vw_future *future);

/* vw_futures_spot takes an INDEX event: VIX, for the basis, and SPX.  vw_futures_lose_spot forgets
 * those whose unit is no longer to be believed. */
void vw_futures_spot(vw_engine *engine, const vw_event *event);
void vw_futures_lose_spot(vw_engine *engine, uint8_t feed, uint8_t unit);

/* vw_futures_send fits and sends the curve when it is due. */
void vw_futures_send(vw_engine *engine);

#endif
