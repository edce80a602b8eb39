#include "core/engine/engine.h"

#include "core/engine/control.h"
#include "core/engine/cut.h"
#include "core/engine/futures.h"
#include "core/engine/legs.h"
#include "core/engine/model.h"
#include "core/engine/tick.h"
#include "core/engine/unit.h"
#include "core/engine/variance.h"
#include "core/hedge/snapshot.h"

#include <string.h>

static const int64_t STEP_BACK_NS = 10 * INT64_C(1000000000);

/* A tick leaves before a step of a cut or a smile, the curve or the hedge is made; a stream of
 * ticks without a break lets them in every so many turns. */
enum { TURNS_BEFORE_STEP = 16 };

_Static_assert(VW_HEDGE_LAYERS == VW_LAYERS, "the hedge's layers are those of its rows");

static size_t lines(size_t size)
{
    return vw_round_up(size, VW_LINE_PAIR);
}

static size_t scratch_size(uint32_t strikes_max)
{
    return (VW_FORWARD_SCRATCH((size_t)strikes_max) + 2 * VW_SIDES * (size_t)strikes_max) *
           sizeof(double);
}

size_t vw_engine_size(const vw_engine_config *config)
{
    size_t table = vw_instruments_size(config->instruments_max, config->expiries_max);
    size_t quotes = vw_quotes_size(config->strikes_max);

    if (table == 0 || quotes == 0 || config->events_per_poll == 0 || config->refresh_ns <= 0 ||
        config->cut_interval_ns < 0 || config->quote_age_max_ns < 0 ||
        config->in_count > VW_ENGINE_FEEDS_MAX) {
        return 0;
    }
    return lines(sizeof(vw_engine)) + lines(sizeof(vw_marks)) + lines(table) +
           lines(config->expiries_max * sizeof(vw_strip)) + config->expiries_max * lines(quotes) +
           config->expiries_max * lines(vw_hks_tick_size(config->strikes_max)) +
           lines(config->instruments_max * sizeof(uint32_t)) +
           lines(scratch_size(config->strikes_max)) +
           lines(config->expiries_max * sizeof(vw_forward)) +
           lines(config->expiries_max * sizeof(double)) +
           lines(vw_smile_size(config->strikes_max)) +
           lines(vw_slice_work_size(config->strikes_max)) +
           (config->settings != NULL ? lines(vw_decide_size(config)) : 0);
}

static void *take(unsigned char **at, size_t size)
{
    void *piece = *at;

    *at += lines(size);
    return piece;
}

vw_engine *vw_engine_init(void *mem, const vw_engine_config *config)
{
    unsigned char *at = mem;
    size_t size = vw_engine_size(config);

    vw_check(size != 0 && (uintptr_t)mem % VW_LINE_PAIR == 0);
    memset(mem, 0, size);
    vw_engine *engine = take(&at, sizeof *engine);

    engine->config = *config;
    engine->marks = take(&at, sizeof *engine->marks);
    vw_instruments_init(
        &engine->table,
        take(&at, vw_instruments_size(config->instruments_max, config->expiries_max)),
        config->instruments_max, config->expiries_max);
    engine->strips = take(&at, config->expiries_max * sizeof(vw_strip));
    for (uint32_t i = 0; i < config->expiries_max; i++) {
        vw_quotes_init(&engine->strips[i].quotes, take(&at, vw_quotes_size(config->strikes_max)),
                       config->strikes_max);
        vw_hks_tick_init(&engine->strips[i].tick, take(&at, vw_hks_tick_size(config->strikes_max)),
                         config->strikes_max);
    }
    engine->dirty = take(&at, config->instruments_max * sizeof(uint32_t));
    engine->scratch = take(&at, scratch_size(config->strikes_max));
    engine->free = take(&at, config->expiries_max * sizeof(vw_forward));
    engine->free_years = take(&at, config->expiries_max * sizeof(double));
    vw_smile_init(&engine->smile, take(&at, vw_smile_size(config->strikes_max)),
                  config->strikes_max);
    engine->slice_work = vw_slice_work_init(take(&at, vw_slice_work_size(config->strikes_max)),
                                            config->strikes_max, config->kernels->isa);
    engine->fit_kernels = vw_fit_kernels_get(config->kernels->isa);
    void *decide = config->settings != NULL ? take(&at, vw_decide_size(config)) : NULL;

    vw_check(at == (unsigned char *)mem + size);
    vw_out_init(&engine->out, config->out);
    vw_check(engine->out.depth > VW_FUTURES_MAX);
    engine->due_market_ns = engine->due_now_ns = engine->model_due_ns = INT64_MAX;
    engine->spot_vix.price = engine->spot_spx.price = VW_PRICE_NONE;
    vw_regime_init(&engine->regime, &vw_regime_defaults);
    vw_variance_init(&engine->variance);
    for (size_t i = 0; i < VW_PORTFOLIO_LEGS_MAX; i++) {
        engine->leg_instrument[i] = VW_INSTRUMENT_NONE;
    }
    if (decide != NULL) {
        vw_decide_init(engine, decide);
    }
    if (config->portfolio != NULL) {
        vw_legs_set(engine, config->portfolio);
    }
    return engine;
}

/* Definitions. */

static void count(vw_engine *engine, vw_counter counter)
{
    vw_counters_add(engine->config.counters, counter, 1);
}

/* Gives an option its strike's row; series in rows above moved up by one. */
static bool enter_strike(vw_engine *engine, uint32_t instrument)
{
    vw_instrument *series = &engine->table.instruments[instrument];
    vw_quotes *quotes = &engine->strips[series->group].quotes;
    uint32_t before = quotes->count;
    uint32_t row = vw_quotes_insert(quotes, series->strike);
    unsigned side = series->type == 'C' ? VW_CALL : VW_PUT;

    series->row = row;
    if (row == VW_ROW_NONE || quotes->side[side].info[row].instrument != VW_INSTRUMENT_NONE) {
        series->row = VW_ROW_NONE;
        return false;
    }
    quotes->side[side].info[row].instrument = instrument;
    engine->strips[series->group].tick.ready &= quotes->count == before; /* rows moved */
    for (uint32_t at = row + 1; quotes->count > before && at < quotes->count; at++) {
        for (size_t s = 0; s < VW_SIDES; s++) {
            uint32_t moved = quotes->side[s].info[at].instrument;

            if (moved != VW_INSTRUMENT_NONE) {
                engine->table.instruments[moved].row = at;
            }
        }
    }
    return true;
}

static void define(vw_engine *engine, const vw_event *event)
{
    vw_counter full;

    if (vw_instruments_find(&engine->table, event->instrument) != VW_INSTRUMENT_NONE) {
        return; /* definition loops say it again and again */
    }
    uint32_t groups = engine->table.group_count;
    uint32_t instrument = vw_instruments_add(&engine->table, event, engine->config.calendar, &full);

    if (instrument == VW_INSTRUMENT_NONE) {
        count(engine, full);
        return;
    }
    vw_instrument *series = &engine->table.instruments[instrument];
    bool future = series->type == 'F';

    if (engine->table.group_count > groups && !future) {
        vw_cut_enter(engine, series->group);
    }
    if (!(future ? vw_futures_add(engine, instrument) : enter_strike(engine, instrument))) {
        series->row = VW_ROW_NONE;
        count(engine, VW_COUNT_EXPIRIES_FULL);
        return;
    }
    vw_legs_enter(engine, instrument);
    count(engine, VW_COUNT_DEFINITIONS);
}

static void send_group(vw_engine *engine, uint32_t index)
{
    vw_group *group = &engine->table.groups[index];
    vw_run run = {.exchange_ns = engine->market_ns,
                  .receive_ns = engine->receive_ns,
                  .group = (uint16_t)index,
                  .rows = 1};
    vw_update *update = vw_out_row(&engine->out, &run, VW_UPDATE_GROUP);

    update->of_group.settlement_ns = group->settlement_ns;
    update->of_group.expiry = group->expiry;
    memcpy(update->of_group.root, group->root, sizeof group->root);
    update->of_group.settlement = group->settlement;
    vw_out_send(&engine->out, &run);
    group->announced = true;
}

static void send_definition(vw_engine *engine, const vw_instrument *series)
{
    const vw_group *group = &engine->table.groups[series->group];
    vw_run run = {.exchange_ns = engine->market_ns,
                  .receive_ns = engine->receive_ns,
                  .group = series->group,
                  .rows = 1};
    vw_update *update = vw_out_row(&engine->out, &run, VW_UPDATE_DEFINITION);

    update->definition = (vw_definition_row){.strike = series->strike,
                                             .settlement_ns = group->settlement_ns,
                                             .instrument = series->number,
                                             .expiry = group->expiry,
                                             .multiplier = series->multiplier,
                                             .type = series->type,
                                             .settlement = (uint8_t)group->settlement,
                                             .weekly = series->weekly};
    vw_out_send(&engine->out, &run);
}

/* Definitions are never dropped: what found no room is announced later, in order, and until then
 * nothing else of it is sent. */
static void announce(vw_engine *engine)
{
    while (engine->announced < engine->table.count && vw_out_room(&engine->out, 2)) {
        const vw_instrument *series = &engine->table.instruments[engine->announced];

        if (!engine->table.groups[series->group].announced) {
            send_group(engine, series->group);
        }
        send_definition(engine, series);
        engine->announced++;
    }
}

/* Events. */

static void quote_option(vw_engine *engine, uint32_t instrument, const vw_event *event)
{
    const vw_instrument *series = &engine->table.instruments[instrument];
    vw_strip *strip = &engine->strips[series->group];

    vw_quotes_set(&strip->quotes.side[series->type == 'C' ? VW_CALL : VW_PUT], series->row, event);
    strip->exchange_ns = event->exchange_ns;
    strip->receive_ns = event->receive_ns;
    vw_tick_touch(engine, instrument);
    vw_cut_touch(engine, series->group);
}

static void halt_option(vw_engine *engine, uint32_t instrument, char status)
{
    const vw_instrument *series = &engine->table.instruments[instrument];
    vw_quotes *quotes = &engine->strips[series->group].quotes;
    vw_quote_info *info = &quotes->side[series->type == 'C' ? VW_CALL : VW_PUT].info[series->row];
    unsigned halted = status == 'H' || status == 'S' ? VW_QUOTE_HALTED : 0;
    unsigned quality = (info->quality & ~(unsigned)VW_QUOTE_HALTED) | halted;

    if (quality != info->quality) {
        info->quality = (uint8_t)quality;
        vw_cut_hurry(engine, series->group);
    }
}

static void apply_to_series(vw_engine *engine, const vw_event *event)
{
    uint32_t instrument = vw_instruments_find(&engine->table, event->instrument);

    if (instrument == VW_INSTRUMENT_NONE) {
        count(engine, VW_COUNT_SYMBOLS_UNKNOWN);
        return;
    }
    vw_instrument *series = &engine->table.instruments[instrument];

    if (series->row == VW_ROW_NONE) {
        return; /* counted when it was defined */
    }
    series->unit = event->unit;
    if (series->type == 'F') {
        vw_futures_apply(engine, instrument, event);
    } else if (event->kind == VW_EVENT_QUOTE) {
        quote_option(engine, instrument, event);
    } else if (event->kind == VW_EVENT_TRADING) {
        halt_option(engine, instrument, event->trading.status);
    }
}

/* Market time is the newest of any feed.  Units of a feed are a little apart, so a step back counts
 * only when it is large: an exchange that began its day anew. */
static void tell_time(vw_engine *engine, const vw_event *event)
{
    int64_t *feed_ns = &engine->feed_ns[event->feed & (VW_ENGINE_FEEDS_MAX - 1)];
    bool may_step_back = event->kind == VW_EVENT_QUOTE || event->kind == VW_EVENT_TIME;
    int64_t newest_ns = 0;

    if (event->exchange_ns > *feed_ns) {
        *feed_ns = event->exchange_ns;
        engine->market_ns = *feed_ns > engine->market_ns ? *feed_ns : engine->market_ns;
        return;
    }
    if (!may_step_back || event->exchange_ns <= 0 || event->exchange_ns > *feed_ns - STEP_BACK_NS) {
        return;
    }
    *feed_ns = event->exchange_ns;
    for (size_t i = 0; i < VW_ENGINE_FEEDS_MAX; i++) {
        newest_ns = engine->feed_ns[i] > newest_ns ? engine->feed_ns[i] : newest_ns;
    }
    if (newest_ns < engine->market_ns) {
        engine->market_ns = newest_ns;
        vw_cut_restart(engine);
    }
}

static void apply(vw_engine *engine, const vw_event *event)
{
    if (event->kind == VW_EVENT_CONTROL) {
        vw_control_apply(engine, event);
        return;
    }
    tell_time(engine, event);
    engine->receive_ns = event->receive_ns;
    switch (event->kind) {
    case VW_EVENT_DEFINITION:
        define(engine, event);
        break;
    case VW_EVENT_UNIT:
        vw_unit_apply(engine, event);
        break;
    case VW_EVENT_QUOTE:
    case VW_EVENT_TRADE:
    case VW_EVENT_TRADING:
    case VW_EVENT_SETTLEMENT:
        apply_to_series(engine, event);
        break;
    case VW_EVENT_INDEX:
        vw_futures_spot(engine, event);
        break;
    default: /* VW_EVENT_TIME moved market time above */
        break;
    }
}

/* Slots go back a run at a time: the feed's thread looks at the tail less often (bench ring). */
static size_t drain(vw_engine *engine)
{
    enum { RUN = 32 };
    size_t events = 0, quotes = 0;

    for (size_t i = 0; i < engine->config.in_count; i++) {
        vw_ring *in = engine->config.in[i];
        uint64_t left = engine->config.events_per_poll, run;
        const vw_event *event;

        while (run = left < RUN ? left : RUN, (event = vw_ring_peek_run(in, &run)) != NULL) {
            for (const vw_event *end = event + run; event < end; event++) {
                quotes += event->kind == VW_EVENT_QUOTE;
                apply(engine, event);
            }
            vw_ring_release_run(in, run);
            events += run;
            left -= run;
        }
    }
    if (events > 0) {
        vw_counters_add(engine->config.counters, VW_COUNT_EVENTS_IN, events);
        vw_counters_add(engine->config.counters, VW_COUNT_QUOTES_IN, quotes);
    }
    return events;
}

vw_snapshot_box *vw_engine_snapshot(vw_engine *engine)
{
    return engine->desk != NULL ? engine->desk->box : NULL;
}

void vw_engine_snapshot_now(const vw_engine *engine, void *bytes)
{
    vw_check(engine->desk != NULL);
    vw_snapshot_write(engine->config.settings, engine->desk->policy, bytes);
}

size_t vw_engine_poll(void *self, int64_t now_ns)
{
    vw_engine *engine = self;

    engine->now_ns = now_ns;
    engine->out.runs = 0;
    vw_tick_follow(engine);
    size_t events = drain(engine);

    announce(engine);
    vw_unit_send(engine);
    vw_tick_send(engine);
    bool stepped = false;

    if (events == 0 || ++engine->turns_with_events >= TURNS_BEFORE_STEP) {
        engine->turns_with_events = 0;
        vw_tick_follow(engine);
        stepped = (engine->announced == engine->table.count && vw_cut_step(engine)) ||
                  vw_model_step(engine);
        vw_futures_send(engine);
        vw_legs_send(engine);
    }
    return events + engine->out.runs + stepped;
}
