#include "core/engine/control.h"

#include "core/engine/legs.h"

#include <math.h>
#include <string.h>

size_t vw_control_slots(size_t size)
{
    return (size + VW_CONTROL_PIECE - 1) / VW_CONTROL_PIECE;
}

bool vw_control_send(vw_ring *ring, vw_control_kind kind, const void *record, size_t size,
                     int64_t receive_ns)
{
    if (vw_ring_free(ring) < vw_control_slots(size)) {
        return false;
    }
    for (size_t at = 0; at < size; at += VW_CONTROL_PIECE) {
        size_t left = size - at;
        vw_event *event = vw_ring_reserve(ring);

        vw_check(event != NULL); /* there was room */
        memset(event, 0, sizeof *event);
        event->receive_ns = receive_ns;
        event->instrument = VW_INSTRUMENT_NONE;
        event->kind = VW_EVENT_CONTROL;
        event->control.offset = (uint32_t)at;
        event->control.kind = (uint8_t)kind;
        event->control.size = (uint8_t)(left < VW_CONTROL_PIECE ? left : VW_CONTROL_PIECE);
        event->control.last = left <= VW_CONTROL_PIECE;
        memcpy(event->control.bytes, (const unsigned char *)record + at, event->control.size);
        vw_ring_commit(ring);
    }
    return true;
}

/* Pieces may come from a file: nothing in them is trusted. */
static bool is_book(const vw_portfolio *book)
{
    if (book->leg_count > VW_PORTFOLIO_LEGS_MAX || book->condor_count > VW_PORTFOLIO_CONDORS_MAX) {
        return false;
    }
    for (size_t i = 0; i < book->leg_count; i++) {
        const vw_leg *leg = &book->legs[i];

        if (!isfinite(leg->strike) || !isfinite(leg->contracts) || !isfinite(leg->entry_price) ||
            leg->type == '\0' || strchr("CPFE", leg->type) == NULL ||
            leg->root[sizeof leg->root - 1] != '\0' || leg->condor > book->condor_count) {
            return false;
        }
    }
    for (size_t i = 0; i < book->condor_count; i++) {
        const vw_condor_entry *entry = &book->condors[i].entry;

        if (!isfinite(book->condors[i].contracts) || !isfinite(entry->credit) ||
            !isfinite(entry->index) || !isfinite(entry->vol) || !isfinite(entry->short_decay) ||
            !isfinite(entry->wing_decay)) {
            return false;
        }
    }
    return true;
}

static void take_book(vw_engine *engine)
{
    vw_portfolio *book = &engine->pending;

    book->book[sizeof book->book - 1] = '\0';
    if (!is_book(book)) {
        vw_counters_add(engine->config.counters, VW_COUNT_CONTROLS_REFUSED, 1);
        return;
    }
    vw_legs_set(engine, book);
    vw_counters_add(engine->config.counters, VW_COUNT_CONTROLS, 1);
}

static void take_inputs(vw_engine *engine)
{
    if (engine->pending_user.event_count > VW_HEDGE_EVENTS_MAX) {
        vw_counters_add(engine->config.counters, VW_COUNT_CONTROLS_REFUSED, 1);
        return;
    }
    vw_decide_set_user(engine, &engine->pending_user); /* what is not finite there is absent */
    vw_counters_add(engine->config.counters, VW_COUNT_CONTROLS, 1);
}

void vw_control_apply(vw_engine *engine, const vw_event *event)
{
    bool book = event->control.kind == VW_CONTROL_BOOK;
    void *record = book ? (void *)&engine->pending : (void *)&engine->pending_user;
    size_t room = book ? sizeof engine->pending : sizeof engine->pending_user;
    size_t offset = event->control.offset, size = event->control.size;

    if ((!book && event->control.kind != VW_CONTROL_INPUTS) || size > VW_CONTROL_PIECE ||
        offset > room || size > room - offset) {
        vw_counters_add(engine->config.counters, VW_COUNT_CONTROLS_REFUSED, 1);
        return;
    }
    memcpy((unsigned char *)record + offset, event->control.bytes, size);
    if (event->control.last && book) {
        take_book(engine);
    } else if (event->control.last) {
        take_inputs(engine);
    }
}
