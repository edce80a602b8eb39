#include "core/engine/tick.h"

#include "core/engine/cut.h"
#include "core/engine/model.h"

void vw_tick_touch(vw_engine *engine, uint32_t instrument)
{
    vw_instrument *series = &engine->table.instruments[instrument];

    engine->hedge_changed |= series->in_book;
    if (!series->dirty) {
        series->dirty = true;
        engine->dirty[engine->dirty_count++] = instrument;
    } else {
        vw_counters_add(engine->config.counters, VW_COUNT_QUOTES_CONFLATED, 1);
    }
}

static unsigned side_of(const vw_instrument *series)
{
    return series->type == 'C' ? VW_CALL : VW_PUT;
}

/* The series that one touched quote re-prices, the touched one first. */
typedef struct tick {
    uint32_t first;  /* index of the instrument */
    uint32_t second; /* the other side of the strike, or VW_INSTRUMENT_NONE */
} tick;

static bool published(const vw_engine *engine, uint32_t instrument)
{
    return instrument != VW_INSTRUMENT_NONE && instrument < engine->announced;
}

/* Adds the strike of a touched series; false when there is nothing to price it with. */
static bool add(vw_engine *engine, uint32_t instrument, tick *ticks)
{
    vw_instrument *series = &engine->table.instruments[instrument];
    vw_strip *strip = &engine->strips[series->group];
    vw_marks *marks = engine->marks;
    const vw_group *group = &engine->table.groups[series->group];
    bool again = series->dirty;

    series->dirty = false;
    if (!again || !(strip->pricing.forward > 0) || strip->closed ||
        !published(engine, instrument)) {
        return false;
    }
    unsigned source = vw_marks_source(&strip->quotes, series->row, strip->pricing.forward);
    uint32_t pair = strip->quotes.side[1 - side_of(series)].info[series->row].instrument;
    bool pair_dirty = pair != VW_INSTRUMENT_NONE && engine->table.instruments[pair].dirty;
    bool invert = source == side_of(series) || pair_dirty;

    ticks[marks->count] = (tick){.first = instrument, .second = VW_INSTRUMENT_NONE};
    if (invert && published(engine, pair)) {
        ticks[marks->count].second = pair;
        engine->table.instruments[pair].dirty = false;
    }
    marks->item[marks->count++] =
        (vw_mark){.quotes = &strip->quotes,
                  .pricing = &strip->pricing,
                  .slice = &strip->slice,
                  .years = vw_calendar_years(engine->market_ns, group->settlement_ns),
                  .row = series->row,
                  .invert = invert};
    return true;
}

static void send_row(vw_engine *engine, vw_run *run, size_t i, uint32_t instrument)
{
    const vw_instrument *series = &engine->table.instruments[instrument];
    vw_update *update = vw_out_row(&engine->out, run, VW_UPDATE_GREEKS);

    vw_marks_row(engine->marks, i, side_of(series), &update->greeks);
    update->greeks.instrument = series->number;
    update->greeks.calc = VW_CALC_TICK;
    vw_out_send(&engine->out, run);
}

static void flush(vw_engine *engine, const tick *ticks)
{
    uint64_t lost = 0, sent = 0;

    engine->marks->run = false;
    engine->marks->fresh_ns = vw_engine_fresh_ns(engine);
    vw_marks_evaluate(engine->marks, engine->config.kernels);
    for (size_t i = 0; i < engine->marks->count; i++) {
        const vw_mark *mark = &engine->marks->item[i];
        const vw_instrument *series = &engine->table.instruments[ticks[i].first];
        const vw_quote_info *info = &mark->quotes->side[side_of(series)].info[mark->row];
        bool both = ticks[i].second != VW_INSTRUMENT_NONE;

        engine->tick_groups[i] = series->group;
        vw_run run = {.exchange_ns = info->exchange_ns,
                      .receive_ns = info->receive_ns,
                      .group = series->group,
                      .rows = both ? 2 : 1};

        if (!vw_out_room(&engine->out, run.rows)) {
            lost += run.rows;
            continue;
        }
        send_row(engine, &run, i, ticks[i].first);
        if (both) {
            send_row(engine, &run, i, ticks[i].second);
        }
        sent++;
    }
    engine->tick_count = (uint32_t)engine->marks->count;
    vw_counters_add(engine->config.counters, VW_COUNT_TICKS, sent);
    vw_counters_add(engine->config.counters, VW_COUNT_UPDATE_RING_FULL, lost);
}

void vw_tick_follow(vw_engine *engine)
{
    for (uint32_t i = 0; i < engine->tick_count; i++) {
        vw_model_quote(engine, &engine->strips[engine->tick_groups[i]], i);
    }
    engine->tick_count = 0;
    engine->marks->count = 0; /* not before: where a mark's results lie goes by it */
}

void vw_tick_send(vw_engine *engine)
{
    tick ticks[VW_MARKS_MAX];

    engine->marks->count = 0;
    for (uint32_t i = 0; i < engine->dirty_count; i++) {
        if (add(engine, engine->dirty[i], ticks) && engine->marks->count == VW_MARKS_MAX) {
            flush(engine, ticks);
            vw_tick_follow(engine);
        }
    }
    engine->dirty_count = 0;
    if (engine->marks->count > 0) {
        flush(engine, ticks);
    }
}
