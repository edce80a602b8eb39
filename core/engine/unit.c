#include "core/engine/unit.h"

#include "core/engine/cut.h"
#include "core/engine/futures.h"

/* The quality byte of a series' quote. */
static uint8_t *quality_of(vw_engine *engine, const vw_instrument *series)
{
    if (series->type == 'F') {
        return &engine->futures[series->row].quote.quality;
    }
    vw_quotes *quotes = &engine->strips[series->group].quotes;

    return &quotes->side[series->type == 'C' ? VW_CALL : VW_PUT].info[series->row].quality;
}

static void clear(vw_engine *engine, const vw_instrument *series)
{
    if (series->type == 'F') {
        vw_vx_quote *quote = &engine->futures[series->row].quote;

        quote->bid = quote->ask = VW_PRICE_NONE;
    } else {
        vw_quotes *quotes = &engine->strips[series->group].quotes;

        vw_quotes_clear(&quotes->side[series->type == 'C' ? VW_CALL : VW_PUT], series->row);
    }
}

/* Marks one series; says whether that concerned it, and whether it changed anything. */
static bool mark(vw_engine *engine, const vw_instrument *series, vw_unit_state state, bool *changed)
{
    uint8_t *quality = quality_of(engine, series);
    bool stale = *quality & VW_QUOTE_STALE;

    *changed = true;

    switch (state) {
    case VW_UNIT_GAP:
    case VW_UNIT_RESET:
    case VW_UNIT_SILENT:
        *quality |= VW_QUOTE_STALE;
        *changed = !stale;
        return true;
    case VW_UNIT_WHOLE:
        *quality &= (uint8_t)~VW_QUOTE_STALE;
        return stale;
    case VW_UNIT_CLEAR:
        clear(engine, series);
        return true;
    default: /* live again, but the books may have holes: nothing heals yet */
        return false;
    }
}

void vw_unit_apply(vw_engine *engine, const vw_event *event)
{
    uint32_t marked = 0;

    if (event->unit_change.state != VW_UNIT_WHOLE && event->unit_change.state != VW_UNIT_LIVE) {
        vw_futures_lose_spot(engine, event->feed, event->unit);
    }
    for (uint32_t i = 0; i < engine->table.count; i++) {
        const vw_instrument *series = &engine->table.instruments[i];
        bool changed;

        if (series->feed != event->feed || series->unit != event->unit ||
            series->row == VW_ROW_NONE ||
            !mark(engine, series, (vw_unit_state)event->unit_change.state, &changed)) {
            continue;
        }
        marked++;
        if (!changed) {
            continue;
        }
        if (series->type == 'F') {
            vw_futures_touch(engine, &engine->futures[series->row]);
        } else {
            vw_cut_hurry(engine, series->group);
        }
    }
    if (engine->unit_count == VW_UNITS_PENDING) {
        vw_counters_add(engine->config.counters, VW_COUNT_UPDATE_RING_FULL, 1);
        return;
    }
    engine->units[engine->unit_count++] = (vw_unit_row){.exchange_ns = event->exchange_ns,
                                                        .receive_ns = event->receive_ns,
                                                        .missed = event->unit_change.missed,
                                                        .first = event->unit_change.first,
                                                        .series = marked,
                                                        .feed = event->feed,
                                                        .unit = event->unit,
                                                        .state = event->unit_change.state};
}

void vw_unit_send(vw_engine *engine)
{
    uint32_t sent = 0;

    while (sent < engine->unit_count && vw_out_room(&engine->out, 1)) {
        const vw_unit_row *row = &engine->units[sent++];
        vw_run run = {.exchange_ns = row->exchange_ns, .receive_ns = row->receive_ns, .rows = 1};
        vw_update *update = vw_out_row(&engine->out, &run, VW_UPDATE_UNIT);

        update->of_unit = *row;
        vw_out_send(&engine->out, &run);
    }
    for (uint32_t i = sent; sent > 0 && i < engine->unit_count; i++) {
        engine->units[i - sent] = engine->units[i];
    }
    engine->unit_count -= sent;
}
