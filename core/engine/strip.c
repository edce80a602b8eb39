#include "core/engine/strip.h"

#include "core/engine/cut.h"
#include "core/engine/model.h"

#include <math.h>

static const uint32_t PAIRS_MIN = 6;    /* a rate from fewer is chance */
static const uint32_t PAIRS_ENOUGH = 3; /* fewer than before, as after a gap, beat no forward */
static const double SKEW_SD = 0.25; /* the skew is the slope between strikes so far either side */

/* Columns of the four prices with stale quotes left out, in the engine's scratch. */
vw_parity vw_strip_gather(vw_engine *engine, const vw_strip *strip, double discount)
{
    const vw_quotes *quotes = &strip->quotes;
    uint32_t count = quotes->count;
    int64_t fresh_ns = vw_engine_fresh_ns(engine);
    double *columns[2 * VW_SIDES];

    for (size_t i = 0; i < 2 * VW_SIDES; i++) {
        columns[i] = engine->scratch + VW_FORWARD_SCRATCH((size_t)count) + i * count;
    }
    for (size_t s = 0; s < VW_SIDES; s++) {
        const vw_quote_columns *side = &quotes->side[s];

        for (uint32_t row = 0; row < count; row++) {
            const vw_quote_info *info = &side->info[row];
            bool fresh = !(info->quality & VW_QUOTE_STALE) && info->receive_ns >= fresh_ns;

            columns[2 * s][row] = fresh ? side->bid[row] : 0;
            columns[2 * s + 1][row] = fresh ? side->ask[row] : 0;
        }
    }
    return (vw_parity){.strike = quotes->strike,
                       .call_bid = columns[0],
                       .call_ask = columns[1],
                       .put_bid = columns[2],
                       .put_ask = columns[3],
                       .count = count,
                       .years = strip->years,
                       .tick = VW_STRIP_TICK_POINTS,
                       .discount = discount};
}

/* Renews the rate curve from every group whose own fit tells a rate. */
static void fit_rates(vw_engine *engine)
{
    size_t count = 0;
    bool first = engine->rates.used == 0;
    double fallback = vw_rate_curve_rate(&engine->rates, 30.0 / 365);

    for (uint32_t i = 0; i < engine->table.group_count; i++) {
        const vw_strip *strip = &engine->strips[i];

        if (!engine->table.groups[i].futures && !strip->closed && strip->free.used >= PAIRS_MIN) {
            engine->free[count] = strip->free;
            engine->free_years[count++] =
                vw_calendar_years(engine->market_ns, engine->table.groups[i].settlement_ns);
        }
    }
    vw_rate_curve_fit(&engine->rates, engine->free, engine->free_years, count, fallback);
    for (uint32_t i = 0; first && engine->rates.used > 0 && i < engine->table.group_count; i++) {
        vw_cut_touch(engine, (uint16_t)i); /* cut before there was a rate */
    }
}

static void set_discount(const vw_engine *engine, vw_strip *strip)
{
    strip->pricing.rate = vw_rate_curve_near(&engine->rates, &strip->free, strip->years);
    strip->pricing.discount = exp(-strip->pricing.rate * strip->years);
}

/* A second's change of it is less than theta's last digit: once a cut will do. */
static void set_session(const vw_engine *engine, int64_t settlement_ns, vw_strip *strip)
{
    double clock =
        vw_calendar_variance_years(engine->config.calendar, engine->market_ns, settlement_ns);

    strip->pricing.session =
        clock > 0 ? 365 * strip->years / (VW_CALENDAR_TRADING_YEAR * clock) : 1;
}

static void carry(vw_engine *engine, vw_strip *strip)
{
    bool kept = strip->pricing.forward > 0;

    strip->forward_source = kept ? VW_FORWARD_CARRIED : VW_FORWARD_NONE;
    strip->status = kept ? VW_STATUS_STALE : VW_STATUS_NO_MARKET;
    strip->quality = kept ? VW_QUOTE_CARRIED : 0;
    strip->pricing.carried = kept;
    vw_counters_add(engine->config.counters, VW_COUNT_FITS_REFUSED, 1);
}

static void fit_parity(vw_engine *engine, vw_strip *strip)
{
    vw_forward fit;
    vw_parity pairs = vw_strip_gather(engine, strip, strip->pricing.discount);
    vw_status status = vw_forward_fit(&pairs, engine->fit_kernels, engine->scratch, &fit);

    bool fitted = (status == VW_STATUS_OK || status == VW_STATUS_STALE) && fit.forward > 0 &&
                  isfinite(fit.forward) && isfinite(fit.forward_se);

    if (!fitted || (fit.used < PAIRS_ENOUGH && fit.used < strip->pairs)) {
        strip->pairs /= 2; /* if it stays so few, they will have to do */
        carry(engine, strip);
        return;
    }
    strip->pairs = fit.used;
    strip->pricing.forward = fit.forward;
    strip->forward_se = fit.forward_se;
    strip->forward_source = VW_FORWARD_PARITY;
    strip->status = (uint8_t)status;
    strip->quality = 0;
    strip->pricing.carried = false;
}

/* The mid of the VX future that settles with these VIX options, if it is quoted. */
static bool fit_future(vw_engine *engine, const vw_group *group, vw_strip *strip)
{
    for (uint32_t i = 0; i < engine->future_count; i++) {
        const vw_future *future = &engine->futures[i];
        const vw_vx_quote *quote = &future->quote;

        if (future->on_curve && quote->expiry == group->expiry && quote->quality == 0 &&
            quote->bid > 0 && quote->ask >= quote->bid) {
            double bid = (double)quote->bid / (double)VW_PRICE_ONE;
            double ask = (double)quote->ask / (double)VW_PRICE_ONE;

            strip->pricing.forward = 0.5 * (bid + ask);
            strip->forward_se = 0.5 * (ask - bid);
            strip->forward_source = VW_FORWARD_FUTURE;
            strip->status = VW_STATUS_OK;
            strip->quality = 0;
            strip->pricing.carried = false;
            return true;
        }
    }
    return false;
}

void vw_strip_fit(vw_engine *engine, uint16_t index)
{
    const vw_group *group = &engine->table.groups[index];
    vw_strip *strip = &engine->strips[index];

    strip->years = vw_calendar_years(engine->market_ns, group->settlement_ns);
    if (strip->years <= 0) {
        strip->pricing.rate = 0;
        strip->pricing.discount = 1;
        strip->status = VW_STATUS_EXPIRED;
        strip->quality = 0;
        return;
    }
    bool rate_due =
        engine->rates.used == 0 || engine->now_ns - strip->free_now_ns >= engine->config.refresh_ns;

    if (group->family == VW_FAMILY_SPX && strip->years >= VW_RATE_YEARS_MIN && rate_due) {
        vw_parity pairs = vw_strip_gather(engine, strip, 0);

        vw_forward_fit(&pairs, engine->fit_kernels, engine->scratch, &strip->free);
        strip->free_now_ns = engine->now_ns;
        fit_rates(engine);
    }
    set_discount(engine, strip);
    set_session(engine, group->settlement_ns, strip);
    if (group->family != VW_FAMILY_VIX || !fit_future(engine, group, strip)) {
        fit_parity(engine, strip);
    }
}

/* The nearest row with a vol, from `row` down (step -1) or up (+1), or VW_ROW_NONE. */
static uint32_t nearest(const vw_quotes *quotes, uint32_t row, int step)
{
    for (; row < quotes->count; row += (uint32_t)step) { /* below 0 wraps beyond count */
        if (quotes->vol[row] > 0) {
            return row;
        }
    }
    return VW_ROW_NONE;
}

/* The vols on both sides of [low, high], as a straight line in ln(strike). */
typedef struct chord {
    double log_strike, vol; /* of its lower end */
    double slope;
    uint8_t quality;
    bool found;
} chord;

static chord find_chord(const vw_quotes *quotes, double low, double high)
{
    uint32_t below = nearest(quotes, vw_quotes_row(quotes, low) - 1, -1);
    uint32_t above = nearest(quotes, vw_quotes_row(quotes, high), +1);

    if (below == VW_ROW_NONE || above == VW_ROW_NONE) {
        return (chord){.found = false};
    }
    return (chord){.log_strike = quotes->log_strike[below],
                   .vol = quotes->vol[below],
                   .slope = (quotes->vol[above] - quotes->vol[below]) /
                            (quotes->log_strike[above] - quotes->log_strike[below]),
                   .quality = quotes->quality[below] | quotes->quality[above],
                   .found = true};
}

/* Without a fitted smile: the vol at the forward lies between the strikes around it, the skew is
 * the slope over half a standard deviation. */
static void summarise(const vw_quotes *quotes, double forward, double years, vw_surface_row *row)
{
    chord at = find_chord(quotes, forward, forward);

    if (!at.found) {
        return;
    }
    row->atm_vol = at.vol + at.slope * (log(forward) - at.log_strike);
    row->quality |= at.quality & (VW_QUOTE_CARRIED | VW_QUOTE_STALE);
    double away = exp(SKEW_SD * row->atm_vol * sqrt(years));
    chord across = find_chord(quotes, forward / away, forward * away);

    row->skew = across.found ? across.slope : at.slope;
}

void vw_strip_surface(const vw_strip *strip, vw_surface_row *row)
{
    const vw_quotes *quotes = &strip->quotes;

    row->forward = strip->pricing.forward;
    row->forward_se = strip->forward_se;
    row->discount = strip->pricing.discount;
    row->rate = strip->pricing.rate;
    row->years = strip->years;
    row->forward_source = strip->forward_source;
    row->model = VW_MODEL_NONE;
    row->status = strip->status;
    row->quality = strip->quality;
    if (strip->pricing.forward > 0 && strip->years > 0) {
        summarise(quotes, strip->pricing.forward, strip->years, row);
    }
    for (uint32_t i = 0; i < quotes->count; i++) {
        row->quotes += quotes->status[i] == VW_STATUS_OK && quotes->vol[i] > 0;
    }
    vw_model_surface(strip, row);
}
