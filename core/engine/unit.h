/* unit.h: what became of a matching unit marks its series: stale, whole again, or gone.
 *
 * Gap, reset and silence make every series of the unit stale until its next quote that is not, or
 * until the unit is whole; a clear empties every quote.  The change is told in a UNIT row and by an
 * early cut of the expiries.
 *
 * Full     UNIT rows that find no room wait, VW_UNITS_PENDING of them; more are counted. */
#ifndef VW_CORE_ENGINE_UNIT_H
#define VW_CORE_ENGINE_UNIT_H

#include "core/engine/state.h"

/* vw_unit_apply takes a UNIT event; vw_unit_send sends the rows that wait. */
void vw_unit_apply(vw_engine *engine, const vw_event *event);
void vw_unit_send(vw_engine *engine);

#endif
