#include "core/engine/model.h"

#include "core/engine/strip.h"

#include <math.h>

static const int64_t TURN_NS = 250 * INT64_C(1000000); /* of one expiry */
static const int64_t NEXT_NS = 2 * INT64_C(1000000);   /* of all of them */
static const int64_t FOLLOW_NS = 200 * INT64_C(1000);  /* a hundredth of a processor at most */

/* When a strip may be fitted, as far as others leave room for it. */
static int64_t turn_ns(const vw_engine *engine, const vw_strip *strip)
{
    int64_t own_ns = strip->model_now_ns == 0 ? 0 : strip->model_now_ns + TURN_NS;
    int64_t next_ns = engine->model_now_ns + NEXT_NS;

    return own_ns > next_ns ? own_ns : next_ns;
}

static bool wants_fit(const vw_engine *engine, uint32_t group)
{
    const vw_strip *strip = &engine->strips[group];

    return strip->model_due && !strip->closed && strip->status == VW_STATUS_OK &&
           strip->years >= VW_MARK_YEARS_MIN;
}

void vw_model_touch(vw_engine *engine, vw_strip *strip)
{
    int64_t at_ns = turn_ns(engine, strip);

    strip->model_due = true;
    engine->model_due_ns = at_ns < engine->model_due_ns ? at_ns : engine->model_due_ns;
}

/* The group whose fit is the oldest, VW_GROUP_NONE when none wants one or it is no turn yet. */
static uint32_t pick(vw_engine *engine)
{
    uint32_t oldest = VW_GROUP_NONE;

    for (uint32_t i = 0; i < engine->table.group_count; i++) {
        if (wants_fit(engine, i) &&
            (oldest == VW_GROUP_NONE ||
             engine->strips[i].model_now_ns < engine->strips[oldest].model_now_ns)) {
            oldest = i;
        }
    }
    if (oldest == VW_GROUP_NONE) {
        engine->model_due_ns = INT64_MAX;
    } else if (engine->now_ns < turn_ns(engine, &engine->strips[oldest])) {
        engine->model_due_ns = turn_ns(engine, &engine->strips[oldest]);
        oldest = VW_GROUP_NONE;
    }
    return oldest;
}

/* The smile of the nearest earlier expiry of the same family: variance should not fall below it. */
static const vw_slice *find_before(const vw_engine *engine, uint32_t group)
{
    const vw_group *groups = engine->table.groups;
    const vw_slice *before = NULL;
    int64_t latest_ns = INT64_MIN;

    for (uint32_t i = 0; i < engine->table.group_count; i++) {
        if (groups[i].family == groups[group].family && !groups[i].futures &&
            groups[i].settlement_ns < groups[group].settlement_ns &&
            groups[i].settlement_ns > latest_ns && !engine->strips[i].closed &&
            engine->strips[i].slice.model != VW_MODEL_NONE) {
            latest_ns = groups[i].settlement_ns;
            before = &engine->strips[i].slice;
        }
    }
    return before;
}

static void settle(vw_engine *engine, vw_strip *strip)
{
    engine->model_moved -= strip->model_moved;
    strip->model_moved = false;
}

/* The quotes with the vols they were marked with; in the middle of its cut, some of a strip's are
 * of another forward. */
static vw_status gather(vw_engine *engine, uint32_t group)
{
    const vw_strip *strip = &engine->strips[group];
    const vw_pricing *pricing = &strip->pricing;
    const vw_smile_vols vols = {strip->quotes.vol, strip->quotes.bid_vol, strip->quotes.ask_vol};
    vw_parity quotes = vw_strip_gather(engine, strip, pricing->discount);

    if (engine->cut.active && engine->cut.group == group) {
        return vw_smile_gather(&engine->smile, &quotes, pricing->forward, pricing->discount,
                               engine->config.kernels);
    }
    return vw_smile_take(&engine->smile, &quotes, pricing->forward, pricing->discount, &vols,
                         engine->fit_kernels);
}

static void fit(vw_engine *engine, uint32_t group)
{
    vw_strip *strip = &engine->strips[group];
    bool vix = engine->table.groups[group].family == VW_FAMILY_VIX;
    vw_status status = gather(engine, group);

    strip->tick.ready = false;
    if (status == VW_STATUS_OK) {
        status = vw_slice_fit(&strip->slice, &engine->smile,
                              vix ? VW_SLICE_HKS_QUOTES_VIX : VW_SLICE_HKS_QUOTES,
                              find_before(engine, group), engine->slice_work);
    }
    if (status == VW_STATUS_OK) {
        vw_hks_tick_take(&strip->tick, &strip->slice, &engine->smile, engine->slice_work);
    } else {
        strip->slice.quality |= VW_QUOTE_CARRIED;
        vw_counters_add(engine->config.counters, VW_COUNT_FITS_REFUSED, 1);
    }
    settle(engine, strip);
    strip->model_due = false;
    strip->model_now_ns = engine->model_now_ns = engine->now_ns;
}

void vw_model_quote(vw_engine *engine, vw_strip *strip, size_t i)
{
    const vw_marks *marks = engine->marks;
    const vw_mark *mark = &marks->item[i];
    const vw_quotes *quotes = mark->quotes;
    uint32_t row = mark->row;
    unsigned lacking = quotes->quality[row] & (VW_QUOTE_INTERPOLATED | VW_QUOTE_EXTRAPOLATED);
    double bid_vol = quotes->bid_vol[row], ask_vol = quotes->ask_vol[row];
    double half_vol = INFINITY; /* without a quote of its own: out */

    if (!strip->tick.ready || !mark->invert || (quotes->quality[row] & ~lacking) != 0) {
        return;
    }
    if (lacking == 0 && bid_vol > 0 && ask_vol > 0 && quotes->status[row] == VW_STATUS_OK) {
        half_vol =
            vw_smile_half_vol(bid_vol, ask_vol, quotes->side[mark->source].ask[row],
                              marks->vega[vw_marks_lane(marks, i, VW_CALL)], VW_STRIP_TICK_POINTS);
    }
    double k = quotes->log_strike[row] - log(mark->pricing->forward);

    if (quotes->vol[row] > 0 &&
        vw_hks_tick_set(&strip->tick, engine->fit_kernels, row, k, quotes->vol[row], half_vol)) {
        engine->model_moved += !strip->model_moved;
        strip->model_moved = true;
    }
}

/* Solves the next strip whose equations changed. */
static bool follow(vw_engine *engine)
{
    uint32_t count = engine->table.group_count, at = engine->model_next;

    if (engine->model_moved == 0 || engine->now_ns < engine->model_follow_ns + FOLLOW_NS) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        at = at + 1 < count ? at + 1 : 0;
        vw_strip *strip = &engine->strips[at];

        if (strip->model_moved) {
            engine->model_next = at;
            engine->model_follow_ns = engine->now_ns;
            settle(engine, strip);
            if (!vw_hks_tick_solve(&strip->tick, &strip->slice, engine->slice_work)) {
                vw_model_touch(engine, strip);
            }
            return true;
        }
    }
    return false;
}

bool vw_model_step(vw_engine *engine)
{
    uint32_t group = engine->now_ns < engine->model_due_ns ? VW_GROUP_NONE : pick(engine);

    if (group == VW_GROUP_NONE) {
        return follow(engine);
    }
    fit(engine, group);
    return true;
}

static double or_zero(double value)
{
    return isfinite(value) ? value : 0;
}

void vw_model_surface(const vw_strip *strip, vw_surface_row *row)
{
    const vw_slice *slice = &strip->slice;

    if (slice->model == VW_MODEL_NONE) {
        return;
    }
    row->model = (uint8_t)slice->model;
    row->quality |= slice->quality & VW_QUOTE_CARRIED;
    row->rmse_vol = or_zero(slice->fit.rmse_vol);
    row->butterfly_min_g = or_zero(slice->least_g);
    row->quotes = slice->fit.quotes;
    row->inside = slice->fit.inside;
    if (slice->svi.sigma > 0) {
        row->svi_a = or_zero(slice->svi.a);
        row->svi_b = or_zero(slice->svi.b);
        row->svi_rho = or_zero(slice->svi.rho);
        row->svi_m = or_zero(slice->svi.m);
        row->svi_sigma = or_zero(slice->svi.sigma);
    }
}
