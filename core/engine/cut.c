#include "core/engine/cut.h"

#include "core/engine/model.h"
#include "core/engine/strip.h"
#include "core/engine/variance.h"

static const int64_t HURRY_NS = 250 * INT64_C(1000000);

static int64_t min_ns(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

void vw_cut_enter(vw_engine *engine, uint16_t group)
{
    vw_strip *strip = &engine->strips[group];

    strip->cut_market_ns = engine->market_ns;
    strip->cut_now_ns = engine->now_ns;
    engine->due_now_ns = min_ns(engine->due_now_ns, engine->now_ns + engine->config.refresh_ns);
    engine->due_market_ns =
        min_ns(engine->due_market_ns, engine->table.groups[group].settlement_ns);
}

void vw_cut_touch(vw_engine *engine, uint16_t group)
{
    vw_strip *strip = &engine->strips[group];

    if (!strip->changed) {
        strip->changed = true;
        engine->due_market_ns =
            min_ns(engine->due_market_ns, strip->cut_market_ns + engine->config.cut_interval_ns);
    }
}

void vw_cut_hurry(vw_engine *engine, uint16_t group)
{
    vw_strip *strip = &engine->strips[group];

    strip->urgent = true;
    engine->due_now_ns = min_ns(engine->due_now_ns, strip->cut_now_ns + HURRY_NS);
}

void vw_cut_restart(vw_engine *engine)
{
    for (uint32_t i = 0; i < engine->table.group_count; i++) {
        engine->strips[i].cut_market_ns = engine->market_ns;
        engine->strips[i].closed = false;
    }
    engine->due_market_ns = engine->market_ns;
}

/* When the strip wants its next cut: by market time, and by receive time. */
static int64_t due_market(const vw_engine *engine, uint32_t group)
{
    const vw_strip *strip = &engine->strips[group];
    int64_t settlement_ns = engine->table.groups[group].settlement_ns;

    if (strip->changed) {
        return min_ns(strip->cut_market_ns + engine->config.cut_interval_ns, settlement_ns);
    }
    return settlement_ns;
}

static int64_t due_now(const vw_engine *engine, uint32_t group)
{
    const vw_strip *strip = &engine->strips[group];

    return strip->cut_now_ns + (strip->urgent ? HURRY_NS : engine->config.refresh_ns);
}

/* The next group that is due, round robin, or VW_GROUP_NONE. */
static uint16_t pick(vw_engine *engine)
{
    uint32_t count = engine->table.group_count;
    int64_t market_ns = INT64_MAX, now_ns = INT64_MAX;

    if (engine->market_ns == 0 || /* no market time yet: nothing could be valued */
        (engine->market_ns < engine->due_market_ns && engine->now_ns < engine->due_now_ns)) {
        return VW_GROUP_NONE;
    }
    for (uint32_t i = 0, at = engine->cut_next; i < count; i++, at++) {
        at = at >= count ? 0 : at;
        if (engine->table.groups[at].futures || engine->strips[at].closed ||
            !engine->table.groups[at].announced) {
            continue;
        }
        int64_t by_market = due_market(engine, at), by_now = due_now(engine, at);

        if (engine->market_ns >= by_market || engine->now_ns >= by_now) {
            engine->cut_next = (uint16_t)(at + 1);
            return (uint16_t)at;
        }
        market_ns = min_ns(market_ns, by_market);
        now_ns = min_ns(now_ns, by_now);
    }
    engine->due_market_ns = market_ns;
    engine->due_now_ns = now_ns;
    return VW_GROUP_NONE;
}

static void begin(vw_engine *engine, uint16_t group)
{
    vw_strip *strip = &engine->strips[group];

    engine->cut = (vw_cut){.active = true,
                           .group = group,
                           .changed = strip->changed,
                           .exchange_ns = strip->exchange_ns,
                           .receive_ns = strip->receive_ns};
    strip->changed = strip->urgent = false;
    strip->cut_market_ns = engine->market_ns;
    strip->cut_now_ns = engine->now_ns;
    vw_strip_fit(engine, group);
    vw_variance_renew(engine, group);
}

static uint32_t rows_of(const vw_quotes *quotes, uint32_t from, uint32_t to)
{
    uint32_t rows = 0;

    for (uint32_t row = from; row < to; row++) {
        rows += quotes->side[VW_CALL].info[row].instrument != VW_INSTRUMENT_NONE;
        rows += quotes->side[VW_PUT].info[row].instrument != VW_INSTRUMENT_NONE;
    }
    return rows;
}

static bool has_room(vw_engine *engine, uint32_t rows)
{
    if (vw_out_room(&engine->out, rows)) {
        return true;
    }
    if (!engine->cut.deferred) {
        engine->cut.deferred = true;
        vw_counters_add(engine->config.counters, VW_COUNT_CUTS_DEFERRED, 1);
    }
    return false;
}

static void send_side(vw_engine *engine, vw_run *run, size_t i, unsigned side)
{
    const vw_mark *mark = &engine->marks->item[i];
    uint32_t instrument = mark->quotes->side[side].info[mark->row].instrument;

    if (instrument != VW_INSTRUMENT_NONE) {
        vw_update *update = vw_out_row(&engine->out, run, VW_UPDATE_GREEKS);

        vw_marks_row(engine->marks, i, side, &update->greeks);
        update->greeks.instrument = engine->table.instruments[instrument].number;
        update->greeks.calc = VW_CALC_CUT;
        vw_out_send(&engine->out, run);
    }
}

/* Sends the next strikes as one run; small rings get small runs. */
static bool send_chunk(vw_engine *engine)
{
    vw_cut *cut = &engine->cut;
    vw_strip *strip = &engine->strips[cut->group];
    uint32_t left = strip->quotes.count - cut->row;
    uint64_t most = engine->out.depth / (2 * VW_SIDES);
    uint32_t strikes = left < VW_MARKS_MAX ? left : VW_MARKS_MAX;
    vw_run run = {
        .exchange_ns = cut->exchange_ns, .receive_ns = cut->receive_ns, .group = cut->group};

    strikes = strikes > most && most > 0 ? (uint32_t)most : strikes;
    run.rows = rows_of(&strip->quotes, cut->row, cut->row + strikes);
    if (!has_room(engine, run.rows)) {
        return false;
    }
    for (uint32_t i = 0; i < strikes; i++) {
        engine->marks->item[i] = (vw_mark){.quotes = &strip->quotes,
                                           .pricing = &strip->pricing,
                                           .slice = &strip->slice,
                                           .years = strip->years,
                                           .row = cut->row + i,
                                           .invert = true};
    }
    engine->marks->count = strikes;
    engine->marks->run = true;
    engine->marks->fresh_ns = vw_engine_fresh_ns(engine);
    vw_marks_evaluate(engine->marks, engine->config.kernels);
    for (uint32_t i = 0; i < strikes; i++) {
        send_side(engine, &run, i, VW_CALL);
        send_side(engine, &run, i, VW_PUT);
    }
    cut->row += strikes;
    return true;
}

static bool finish(vw_engine *engine)
{
    vw_cut *cut = &engine->cut;
    vw_strip *strip = &engine->strips[cut->group];
    vw_run run = {.exchange_ns = cut->exchange_ns,
                  .receive_ns = cut->receive_ns,
                  .group = cut->group,
                  .rows = 1};

    if (!has_room(engine, 1)) {
        return false;
    }
    vw_update *update = vw_out_row(&engine->out, &run, VW_UPDATE_SURFACE);

    vw_strip_surface(strip, &update->surface);
    update->surface.exchange_ns = cut->exchange_ns;
    update->surface.receive_ns = cut->receive_ns;
    vw_out_send(&engine->out, &run);
    strip->closed = strip->years <= 0;
    cut->active = false;
    if (cut->changed) {
        vw_model_touch(engine, strip);
    }
    vw_counters_add(engine->config.counters, VW_COUNT_CUTS, 1);
    return true;
}

bool vw_cut_step(vw_engine *engine)
{
    if (engine->cut.active) {
        bool more = engine->cut.row < engine->strips[engine->cut.group].quotes.count;

        return more ? send_chunk(engine) : finish(engine);
    }
    uint16_t group = pick(engine);

    if (group == VW_GROUP_NONE) {
        return false;
    }
    begin(engine, group);
    return true;
}
