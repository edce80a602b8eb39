#include "core/engine/legs.h"

#include "core/engine/decisions.h"
#include "core/engine/futures.h"

#include <math.h>
#include <string.h>

/* The index of the instrument of a leg, VW_INSTRUMENT_NONE while it is not defined. */
static uint32_t find_in_group(const vw_engine *engine, size_t index, const vw_leg *leg)
{
    const vw_group *group = &engine->table.groups[index];

    if (group->expiry != leg->expiry || group->futures != (leg->type == 'F') ||
        strncmp(leg->root, group->root, sizeof leg->root) != 0) {
        return VW_INSTRUMENT_NONE;
    }
    if (group->futures) {
        for (uint32_t i = 0; i < engine->future_count; i++) {
            if (engine->futures[i].group == index) {
                return engine->futures[i].instrument;
            }
        }
        return VW_INSTRUMENT_NONE;
    }
    const vw_quotes *quotes = &engine->strips[index].quotes;
    uint32_t row = vw_quotes_row(quotes, leg->strike);

    return row < quotes->count && quotes->strike[row] == leg->strike
               ? quotes->side[leg->type == 'C' ? VW_CALL : VW_PUT].info[row].instrument
               : VW_INSTRUMENT_NONE;
}

static uint32_t find_instrument(const vw_engine *engine, const vw_leg *leg)
{
    for (size_t i = 0; i < engine->table.group_count; i++) {
        uint32_t found = find_in_group(engine, i, leg);

        if (found != VW_INSTRUMENT_NONE) { /* SPX has two settlements of one day */
            return found;
        }
    }
    return VW_INSTRUMENT_NONE;
}

void vw_legs_set(vw_engine *engine, const vw_portfolio *book)
{
    vw_check(engine->out.depth >= 1 + VW_HEDGE_LAYERS + book->leg_count);
    for (size_t i = 0; i < engine->book.leg_count; i++) {
        if (engine->leg_instrument[i] != VW_INSTRUMENT_NONE) {
            engine->table.instruments[engine->leg_instrument[i]].in_book = false;
        }
    }
    engine->book = *book;
    vw_portfolio_pair(&engine->book);
    for (size_t i = 0; i < book->leg_count; i++) {
        engine->leg_instrument[i] = find_instrument(engine, &book->legs[i]);
        if (engine->leg_instrument[i] != VW_INSTRUMENT_NONE) {
            engine->table.instruments[engine->leg_instrument[i]].in_book = true;
        }
    }
    engine->hedge_changed = true;
}

void vw_legs_enter(vw_engine *engine, uint32_t instrument)
{
    const vw_portfolio *book = &engine->book;
    vw_instrument *series = &engine->table.instruments[instrument];
    const vw_group *group = &engine->table.groups[series->group];

    for (size_t i = 0; i < book->leg_count; i++) {
        const vw_leg *leg = &book->legs[i];

        if (leg->expiry == group->expiry && leg->type == (char)series->type &&
            leg->strike == series->strike &&
            strncmp(leg->root, group->root, sizeof leg->root) == 0) {
            engine->leg_instrument[i] = instrument;
            series->in_book = true;
        }
    }
}

static const vw_vx_point *find_point(const vw_engine *engine, uint32_t expiry)
{
    for (uint32_t i = 0; i < engine->curve.points; i++) {
        if (engine->points[i].expiry == expiry) {
            return &engine->points[i];
        }
    }
    return NULL;
}

/* An option leg: the greeks that its row in the stream has. */
static void mark_option(vw_engine *engine, const vw_instrument *series, vw_leg_mark *mark)
{
    vw_strip *strip = &engine->strips[series->group];
    unsigned side = series->type == 'C' ? VW_CALL : VW_PUT;
    vw_greeks_row row = {0};

    engine->marks->item[0] = (vw_mark){.quotes = &strip->quotes,
                                       .pricing = &strip->pricing,
                                       .slice = &strip->slice,
                                       .years = mark->days / 365,
                                       .row = series->row};
    engine->marks->count = 1;
    engine->marks->run = false;
    engine->marks->fresh_ns = vw_engine_fresh_ns(engine);
    vw_marks_evaluate(engine->marks, engine->config.kernels);
    vw_marks_row(engine->marks, 0, side, &row);
    mark->greeks = (vw_greeks){.price = row.price,
                               .delta = row.delta,
                               .gamma = row.gamma,
                               .vega = row.vega,
                               .theta = row.theta};
    mark->forward = strip->pricing.forward;
    mark->discount = strip->pricing.discount;
    mark->vol = row.vol;
    if (strip->slice.model != VW_MODEL_NONE && mark->forward > 0) {
        double k = log(series->strike / mark->forward);

        mark->skew = vw_slice_at(&strip->slice, k, mark->days / 365).skew;
    }
    mark->status = row.status;
    mark->quality = row.quality;
}

/* A future's own price, else (VXM) that of the VX future it follows. */
static void mark_future(const vw_engine *engine, const vw_instrument *series, vw_leg_mark *mark)
{
    const vw_vx_quote *quote = &engine->futures[series->row].quote;
    const vw_vx_point *point = find_point(engine, quote->expiry);
    uint8_t quality = quote->quality;
    int64_t price = vw_vx_curve_price(quote, &quality);

    if (price == VW_PRICE_NONE && point != NULL) {
        price = point->price;
        quality = point->quality | VW_QUOTE_INTERPOLATED;
    }
    mark->quality = quality;
    if (price == VW_PRICE_NONE) {
        mark->status = VW_STATUS_NO_MARKET;
        return;
    }
    mark->status = quality & (VW_QUOTE_STALE | VW_QUOTE_CARRIED) ? VW_STATUS_STALE : VW_STATUS_OK;
    mark->greeks.price = (double)price / (double)VW_PRICE_ONE;
    mark->roll_per_day = point != NULL ? point->roll_per_day : 0;
}

void vw_legs_mark(vw_engine *engine, uint32_t instrument, vw_leg_mark *mark)
{
    const vw_instrument *series = &engine->table.instruments[instrument];
    const vw_group *group = &engine->table.groups[series->group];
    const vw_vx_point *point = find_point(engine, group->expiry);
    uint32_t today = vw_calendar_date(engine->market_ns, NULL);

    *mark = (vw_leg_mark){.family = group->family,
                          .multiplier = series->multiplier,
                          .date_days = vw_calendar_days(today, group->expiry),
                          .days = 365 * vw_calendar_years(engine->market_ns, group->settlement_ns)};
    if (group->family != VW_FAMILY_SPX && point != NULL) {
        mark->beta = point->beta;
    }
    if (mark->days <= 0) {
        mark->status = VW_STATUS_EXPIRED;
    } else if (series->type == 'F') {
        mark_future(engine, series, mark);
    } else {
        mark_option(engine, series, mark);
    }
}

static void mark_leg(vw_engine *engine, size_t i, uint32_t today)
{
    vw_leg_mark *mark = &engine->leg_marks[i];

    if (engine->leg_instrument[i] != VW_INSTRUMENT_NONE) {
        vw_legs_mark(engine, engine->leg_instrument[i], mark);
        return;
    }
    if (engine->book.legs[i].type == 'E' && engine->desk != NULL &&
        vw_desk_mark_etp(engine, engine->book.legs[i].root, mark)) {
        return;
    }
    *mark = (vw_leg_mark){.date_days = vw_calendar_days(today, engine->book.legs[i].expiry),
                          .status = VW_STATUS_NO_MARKET,
                          .quality = VW_QUOTE_ABSENT};
}

/* 0 where it is not known. */
static double points_of(const vw_spot *spot)
{
    return spot->price != VW_PRICE_NONE ? (double)spot->price / (double)VW_PRICE_ONE : 0;
}

static void find_market(const vw_engine *engine, vw_hedge_market *market)
{
    size_t count = 0;

    *market = (vw_hedge_market){.index = points_of(&engine->spot_spx),
                                .spot_vix = points_of(&engine->spot_vix)};
    for (uint32_t i = 0; i < engine->curve.points && count < VW_HEDGE_MONTHS; i++) {
        const vw_vx_point *point = &engine->points[i];

        if (point->monthly) {
            market->months[count++] =
                (vw_hedge_month){.expiry = point->expiry,
                                 .beta = point->beta,
                                 .days = point->days,
                                 .price = (double)point->price / (double)VW_PRICE_ONE,
                                 .roll_per_day = point->roll_per_day};
        }
    }
}

static void fill_header(const vw_engine *engine, const vw_run *run, vw_hedge_row *row)
{
    const vw_hedge *hedge = &engine->hedge;
    unsigned absent = 0;

    absent |= engine->spot_vix.price == VW_PRICE_NONE ? VW_ABSENT_SPOT_VIX : 0;
    absent |= engine->spot_spx.price == VW_PRICE_NONE ? VW_ABSENT_SPX : 0;
    absent |= engine->future_count == 0 || engine->curve.absent & VW_VX_ABSENT_SECOND
                  ? VW_ABSENT_CONTANGO
                  : 0;
    absent |=
        engine->future_count == 0 || engine->curve.absent & VW_VX_ABSENT_CM30 ? VW_ABSENT_CM30 : 0;
    absent |= hedge->priced == 0 ? VW_ABSENT_BOOK : 0;
    *row = (vw_hedge_row){.exchange_ns = run->exchange_ns,
                          .receive_ns = run->receive_ns,
                          .delta_usd_per_point = hedge->delta_usd_per_point,
                          .gamma_usd_per_point2 = hedge->gamma_usd_per_point2,
                          .vega_usd_per_point = hedge->vega_usd_per_point,
                          .theta_usd_per_day = hedge->theta_usd_per_day,
                          .condor_v30_usd_per_point = hedge->condor_v30_usd_per_point,
                          .hedge_v30_usd_per_point = hedge->hedge_v30_usd_per_point,
                          .hedge_ratio = hedge->hedge_ratio,
                          .layers = VW_HEDGE_LAYERS,
                          .legs = (uint32_t)engine->book.leg_count,
                          .unpriced = hedge->unpriced,
                          .regime = (uint8_t)engine->regime.regime,
                          .absent = (uint8_t)absent,
                          .quality = hedge->quality};
}

static void fill_layer(const vw_engine *engine, size_t i, vw_layer_row *row)
{
    const vw_layer *layer = &engine->hedge.layers[i];

    *row = (vw_layer_row){.condor_v30_usd_per_point = layer->condor_v30_usd_per_point,
                          .hedge_v30_usd_per_point = layer->hedge_v30_usd_per_point,
                          .hedge_ratio = layer->hedge_ratio,
                          .vx_full_offset = layer->vx_full_offset,
                          .vx_beta = layer->vx_beta,
                          .residual_v30_usd_per_point = layer->residual_v30_usd_per_point,
                          .vx_expiry = layer->vx_expiry,
                          .layer = (uint8_t)(i + 1)};
}

static void fill_leg(const vw_engine *engine, size_t i, vw_leg_row *row)
{
    const vw_leg *leg = &engine->book.legs[i];
    const vw_leg_mark *mark = &engine->leg_marks[i];
    const vw_leg_value *value = &engine->hedge.legs[i];
    uint32_t instrument = engine->leg_instrument[i];

    *row = (vw_leg_row){.contracts = leg->contracts,
                        .price = value->priced ? mark->greeks.price : 0,
                        .delta_usd_per_point = value->delta_usd_per_point,
                        .gamma_usd_per_point2 = value->gamma_usd_per_point2,
                        .vega_usd_per_point = value->vega_usd_per_point,
                        .theta_usd_per_day = value->theta_usd_per_day,
                        .v30_usd_per_point = value->v30_usd_per_point,
                        .instrument = VW_INSTRUMENT_NONE,
                        .expiry = leg->expiry,
                        .strike = leg->strike,
                        .type = (uint8_t)leg->type,
                        .hedge = leg->hedge,
                        .layer = value->layer,
                        .status = mark->status,
                        .quality = mark->quality};
    if (instrument != VW_INSTRUMENT_NONE) {
        row->instrument = engine->table.instruments[instrument].number;
    }
    memcpy(row->root, leg->root, sizeof row->root);
}

static void send(vw_engine *engine, vw_run *run)
{
    vw_update *update = vw_out_row(&engine->out, run, VW_UPDATE_HEDGE);

    fill_header(engine, run, &update->hedge);
    vw_out_send(&engine->out, run);
    for (size_t i = 0; i < VW_HEDGE_LAYERS; i++) {
        update = vw_out_row(&engine->out, run, VW_UPDATE_HEDGE_LAYER);
        fill_layer(engine, i, &update->layer);
        vw_out_send(&engine->out, run);
    }
    for (size_t i = 0; i < engine->book.leg_count; i++) {
        update = vw_out_row(&engine->out, run, VW_UPDATE_HEDGE_LEG);
        fill_leg(engine, i, &update->leg);
        vw_out_send(&engine->out, run);
    }
}

typedef struct sender {
    vw_engine *engine;
    vw_run *run;
} sender;

static vw_update *next_row(void *self, vw_update_kind kind)
{
    const sender *to = self;

    return vw_out_row(&to->engine->out, to->run, kind);
}

static void row_done(void *self)
{
    const sender *to = self;

    vw_out_send(&to->engine->out, to->run);
}

static void send_decision(vw_engine *engine, vw_run *run)
{
    const vw_desk_state *desk = engine->desk;
    sender to = {engine, run};

    vw_decisions_write(&desk->decision, &desk->inputs, engine->config.settings->preset, next_row,
                       row_done, &to);
    vw_counters_add(engine->config.counters, VW_COUNT_DECISIONS, 1);
}

void vw_legs_send(vw_engine *engine)
{
    const vw_portfolio *book = &engine->book;
    int64_t since_ns = engine->now_ns - engine->hedge_now_ns;
    vw_run run = {.exchange_ns = engine->market_ns,
                  .receive_ns = engine->receive_ns,
                  .rows = (uint32_t)(1 + VW_HEDGE_LAYERS + book->leg_count)};

    if (engine->market_ns == 0 || since_ns < VW_CHANGE_NS ||
        (!engine->hedge_changed && since_ns < VW_SECOND_NS) ||
        !vw_out_room(&engine->out,
                     run.rows + (engine->desk != NULL ? vw_decisions_rows_max() : 0))) {
        return;
    }
    uint32_t today = vw_calendar_date(engine->market_ns, NULL);

    find_market(engine, &engine->hedge_market);
    for (size_t i = 0; i < book->leg_count; i++) {
        mark_leg(engine, i, today);
    }
    vw_hedge_evaluate(book, engine->leg_marks, &engine->hedge_market, &engine->hedge);
    if (vw_decide(engine)) {
        run.rows += (uint32_t)vw_decisions_rows(&engine->desk->decision);
        send(engine, &run);
        send_decision(engine, &run);
    } else {
        send(engine, &run);
    }
    engine->hedge_changed = false;
    engine->hedge_now_ns = engine->now_ns;
    vw_counters_add(engine->config.counters, VW_COUNT_HEDGES, 1);
}
