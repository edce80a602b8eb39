/* control.h: what the user changes while the engine runs: the book.
 *
 * A record comes in pieces, as events (so that a tape has it, in order), and counts as a whole once
 * its last piece is in: never half a condor.  A book must make sense by itself, or it is left.
 *
 * Threads  the engine's; vw_control_send is for who fills the ring of control events.
 * Full     send says no and writes nothing unless all pieces fit. */
#ifndef VW_CORE_ENGINE_CONTROL_H
#define VW_CORE_ENGINE_CONTROL_H

#include "core/base/ring.h"
#include "core/hedge/portfolio.h"
#include "core/market/event.h"

struct vw_engine;

/* vw_control_slots returns the slots that a record of so many bytes takes. */
size_t vw_control_slots(size_t size);

/* vw_control_send puts a record into the ring, stamped with the receive time. */
bool vw_control_send(vw_ring *ring, vw_control_kind kind, const void *record, size_t size,
                     int64_t receive_ns);

/* vw_control_apply takes one CONTROL event. */
void vw_control_apply(struct vw_engine *engine, const vw_event *event);

#endif
