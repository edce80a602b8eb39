#include "core/engine/futures.h"

#include "core/engine/cut.h"
#include "core/engine/variance.h"

#include <math.h>
#include <string.h>

static bool sorts_before(const vw_future *a, const vw_future *b)
{
    return a->quote.expiry != b->quote.expiry ? a->quote.expiry < b->quote.expiry
                                              : a->on_curve && !b->on_curve;
}

bool vw_futures_add(vw_engine *engine, uint32_t instrument)
{
    vw_instrument *series = &engine->table.instruments[instrument];
    const vw_group *group = &engine->table.groups[series->group];
    vw_future future = {.instrument = instrument,
                        .group = series->group,
                        .on_curve = strcmp(group->root, "VX") == 0,
                        .quote = {.bid = VW_PRICE_NONE,
                                  .ask = VW_PRICE_NONE,
                                  .last = VW_PRICE_NONE,
                                  .settlement = VW_PRICE_NONE,
                                  .instrument = series->number,
                                  .expiry = group->expiry,
                                  .monthly = !series->weekly}};
    uint32_t at = engine->future_count;

    if (at == VW_FUTURES_MAX) {
        return false;
    }
    for (; at > 0 && sorts_before(&future, &engine->futures[at - 1]); at--) {
        engine->futures[at] = engine->futures[at - 1];
        engine->table.instruments[engine->futures[at].instrument].row = at;
    }
    engine->futures[at] = future;
    series->row = at;
    engine->future_count++;
    return true;
}

void vw_futures_touch(vw_engine *engine, vw_future *future)
{
    engine->curve_changed = true;
    if (!future->on_curve) {
        return;
    }
    for (uint32_t i = 0; i < engine->table.group_count; i++) {
        if (engine->table.groups[i].family == VW_FAMILY_VIX &&
            engine->table.groups[i].expiry == future->quote.expiry) {
            vw_cut_touch(engine, (uint16_t)i);
        }
    }
}

static int64_t price_or_none(int64_t price)
{
    return price > 0 ? price : VW_PRICE_NONE;
}

void vw_futures_apply(vw_engine *engine, uint32_t instrument, const vw_event *event)
{
    vw_future *future = &engine->futures[engine->table.instruments[instrument].row];
    vw_vx_quote *quote = &future->quote;

    if (event->kind == VW_EVENT_QUOTE) {
        quote->bid = price_or_none(event->quote.bid);
        quote->ask = price_or_none(event->quote.ask);
        quote->quality =
            (uint8_t)((quote->quality & VW_QUOTE_HALTED) | (event->quality & VW_QUOTE_STALE));
        future->bid_size = event->quote.bid_size;
        future->ask_size = event->quote.ask_size;
        vw_drift_add(&future->drift, event->exchange_ns, event->quote.bid, event->quote.ask);
    } else if (event->kind == VW_EVENT_TRADE) {
        quote->last = price_or_none(event->trade.price);
    } else if (event->kind == VW_EVENT_SETTLEMENT) {
        quote->settlement = price_or_none(event->settlement.price);
    }
    engine->curve_exchange_ns = event->exchange_ns;
    engine->curve_receive_ns = event->receive_ns;
    vw_futures_touch(engine, future);
}

void vw_futures_spot(vw_engine *engine, const vw_event *event)
{
    bool vix = strncmp(event->index.name, "VIX", sizeof event->index.name) == 0;
    bool spx = strncmp(event->index.name, "SPX", sizeof event->index.name) == 0;
    vw_spot *spot = vix ? &engine->spot_vix : &engine->spot_spx;
    int64_t bid = event->index.bid, ask = event->index.ask;

    if (!vix && !spx) {
        return;
    }
    *spot = (vw_spot){.price = bid > 0 && ask >= bid ? bid + (ask - bid) / 2 : VW_PRICE_NONE,
                      .market_ns = engine->market_ns,
                      .feed = event->feed,
                      .unit = event->unit};
    engine->curve_changed |= vix;
}

void vw_futures_lose_spot(vw_engine *engine, uint8_t feed, uint8_t unit)
{
    vw_spot *spots[] = {&engine->spot_vix, &engine->spot_spx};

    for (size_t i = 0; i < VW_COUNT_OF(spots); i++) {
        if (spots[i]->price != VW_PRICE_NONE && spots[i]->feed == feed && spots[i]->unit == unit) {
            spots[i]->price = VW_PRICE_NONE;
            engine->curve_changed = true;
        }
    }
}

static void fit(vw_engine *engine)
{
    size_t count = 0;

    for (uint32_t i = 0; i < engine->future_count; i++) {
        const vw_future *future = &engine->futures[i];

        if (future->on_curve) {
            int64_t settlement_ns = engine->table.groups[future->group].settlement_ns;
            vw_vx_quote *quote = &engine->curve_quotes[count++];

            *quote = future->quote;
            quote->days = 365 * vw_calendar_years(engine->market_ns, settlement_ns);
        }
    }
    double spot = engine->spot_vix.price != VW_PRICE_NONE
                      ? (double)engine->spot_vix.price / (double)VW_PRICE_ONE
                      : NAN;

    vw_vx_curve_fit(engine->curve_quotes, count, spot, &engine->curve, engine->points);
}

static bool is_live(const vw_vx_point *point)
{
    return !(point->quality &
             (VW_QUOTE_STALE | VW_QUOTE_CARRIED | VW_QUOTE_HALTED | VW_QUOTE_ABSENT));
}

static void update_regime(vw_engine *engine)
{
    const vw_vx_curve *curve = &engine->curve;
    vw_vx_pair pair = {0};

    if (!(curve->absent & VW_VX_ABSENT_SECOND)) {
        const vw_vx_point *one = &engine->points[curve->vx1], *two = &engine->points[curve->vx2];

        pair = (vw_vx_pair){.vx1 = one->price,
                            .vx2 = two->price,
                            .vx1_expiry = one->expiry,
                            .live = is_live(one) && is_live(two)};
    }
    vw_regime before = engine->regime.regime;

    engine->curve_changed |= vw_regime_update(&engine->regime, &pair, engine->market_ns) != before;
}

static void fill_header(const vw_engine *engine, vw_curve_row *row)
{
    const vw_vx_curve *curve = &engine->curve;
    unsigned absent = 0;

    absent |= curve->absent & VW_VX_ABSENT_SPOT ? VW_ABSENT_SPOT_VIX : 0;
    absent |= curve->absent & VW_VX_ABSENT_SECOND ? VW_ABSENT_CONTANGO : 0;
    absent |= curve->absent & VW_VX_ABSENT_CM30 ? VW_ABSENT_CM30 : 0;
    *row = (vw_curve_row){.exchange_ns = engine->curve_exchange_ns,
                          .receive_ns = engine->curve_receive_ns,
                          .contango = curve->contango,
                          .inversion = curve->inversion,
                          .basis = curve->basis,
                          .cm30 = curve->cm30,
                          .regime_since_ns = engine->regime.since_ns,
                          .points = curve->points,
                          .regime = (uint8_t)engine->regime.regime,
                          .absent = (uint8_t)absent,
                          .quality = curve->quality};
}

static unsigned point_flags(const vw_variance *variance, uint32_t at)
{
    uint8_t of = variance->forwards[at].flags;
    unsigned flags = variance->betas[at].prior ? VW_POINT_PRIOR : 0;

    flags |= of & VW_VIX_FORWARD_ABSENT ? VW_POINT_NO_BOUND : 0;
    flags |= of & VW_VIX_FORWARD_NEGATIVE_VARIANCE ? VW_POINT_NEGATIVE_VARIANCE : 0;
    flags |= of & VW_VIX_FORWARD_NEGATIVE_CONVEXITY ? VW_POINT_NEGATIVE_CONVEXITY : 0;
    return flags;
}

static double or_zero(double value)
{
    return isfinite(value) ? value : 0;
}

static void fill_point(const vw_engine *engine, uint32_t at, vw_curve_point *row)
{
    const vw_vx_point *point = &engine->points[at];
    const vw_variance *variance = &engine->variance;
    const vw_instrument *series =
        &engine->table.instruments[vw_instruments_find(&engine->table, point->instrument)];
    const vw_vx_quote *quote = &engine->futures[series->row].quote;
    double one = (double)VW_PRICE_ONE;

    *row = (vw_curve_point){.price = (double)point->price / one,
                            .bid = quote->bid > 0 ? (double)quote->bid / one : 0,
                            .ask = quote->ask > 0 ? (double)quote->ask / one : 0,
                            .days = point->days,
                            .beta = point->beta,
                            .roll_per_day = point->roll_per_day,
                            .beta_r2 = variance->betas[at].r2,
                            .forward_beta = or_zero(variance->forward_betas[at].beta),
                            .bound = or_zero(variance->forwards[at].bound),
                            .convexity = or_zero(variance->forwards[at].convexity),
                            .beta_observations = variance->betas[at].count,
                            .flags = (uint8_t)point_flags(variance, at),
                            .instrument = point->instrument,
                            .expiry = point->expiry,
                            .monthly = point->monthly,
                            .quality = point->quality};
}

static bool send(vw_engine *engine)
{
    vw_run run = {.exchange_ns = engine->curve_exchange_ns,
                  .receive_ns = engine->curve_receive_ns,
                  .rows = 1 + engine->curve.points};

    if (!vw_out_room(&engine->out, run.rows)) {
        return false;
    }
    vw_update *update = vw_out_row(&engine->out, &run, VW_UPDATE_CURVE);

    fill_header(engine, &update->curve);
    vw_out_send(&engine->out, &run);
    for (uint32_t i = 0; i < engine->curve.points; i++) {
        update = vw_out_row(&engine->out, &run, VW_UPDATE_CURVE_POINT);
        fill_point(engine, i, &update->curve_point);
        vw_out_send(&engine->out, &run);
    }
    return true;
}

void vw_futures_send(vw_engine *engine)
{
    int64_t since_ns = engine->now_ns - engine->curve_now_ns;

    if (engine->future_count == 0 || since_ns < VW_CHANGE_NS ||
        (!engine->curve_changed && since_ns < VW_SECOND_NS)) {
        return;
    }
    fit(engine);
    vw_variance_apply(engine);
    update_regime(engine);
    engine->curve_now_ns = engine->now_ns;
    if (!engine->curve_changed &&
        engine->now_ns - engine->curve_sent_ns < engine->config.refresh_ns) {
        return;
    }
    if (send(engine)) {
        engine->curve_changed = false;
        engine->hedge_changed = true;
        engine->curve_sent_ns = engine->now_ns;
    }
}
