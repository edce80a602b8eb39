#include "feeds/sim_market.h"

#include "core/market/event.h"
#include "core/vol/forward.h"
#include "core/vol/vx_curve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double rate_fallback = 0.04;
static const double vol_fallback_index = 0.2, vol_fallback_vix = 0.9;
static const double curve_mean = 21.0; /* long-run mean of the VIX curve */
static const double future_tick = 0.05;

enum { COLUMNS = 9, FUTURE_SIZE = 40, FUTURE_SIZE_STEP = 30 };

/* The columns of one expiry's parity, and room for the fit; `room` pairs. */
typedef struct columns {
    double *call_bid, *call_ask, *put_bid, *put_ask;
    double *forward, *years, *discount, *side, *price;
    double *scratch; /* of vw_forward_fit */
    uint8_t *status;
    size_t *first_series; /* of each expiry */
} columns;

/* The option expiries' series follow each other: expiry e owns [first[e], first[e + 1]). */
static void find_series(const vw_sim_market *market, size_t *first)
{
    size_t e = 0;

    for (size_t i = 0; i < market->option_count; i++) {
        if (i == 0 || market->series[i].expiry != market->series[i - 1].expiry) {
            first[e++] = i;
        }
    }
    first[e] = market->option_count;
}

static double points(int64_t price)
{
    return (double)price / (double)VW_PRICE_ONE;
}

static void gather(const vw_sim_market *market, size_t e, const columns *c)
{
    const vw_sim_expiry *expiry = &market->expiries[e];
    size_t bytes = expiry->count * sizeof(double);

    memset(c->call_bid, 0, bytes);
    memset(c->call_ask, 0, bytes);
    memset(c->put_bid, 0, bytes);
    memset(c->put_ask, 0, bytes);
    for (size_t i = c->first_series[e]; i < c->first_series[e + 1]; i++) {
        const vw_sim_series *series = &market->series[i];
        size_t k = series->point - expiry->first;
        bool call = series->symbol.type == 'C';

        *(call ? &c->call_bid[k] : &c->put_bid[k]) = points(series->start.bid);
        *(call ? &c->call_ask[k] : &c->put_ask[k]) = points(series->start.ask);
    }
}

static vw_forward parity(const vw_sim_market *market, size_t e, double discount, const columns *c)
{
    const vw_sim_expiry *expiry = &market->expiries[e];
    vw_forward forward;
    vw_parity in = {.strike = market->strike + expiry->first,
                    .call_bid = c->call_bid,
                    .call_ask = c->call_ask,
                    .put_bid = c->put_bid,
                    .put_ask = c->put_ask,
                    .count = expiry->count,
                    .years = expiry->years,
                    .tick = expiry->family == VW_FAMILY_VIX ? 0.01 : 0.05,
                    .discount = discount};

    gather(market, e, c);
    vw_forward_fit(&in, vw_fit_kernels_get(market->kernels->isa), c->scratch, &forward);
    return forward;
}

static vw_err fit_forwards(vw_sim_market *market, const columns *c, vw_error *error)
{
    size_t count = market->option_expiry_count;
    vw_forward *free_fits = calloc(count, sizeof *free_fits);
    double *years = calloc(count, sizeof *years);
    vw_rate_curve curve;
    size_t used = 0;

    if (free_fits == NULL || years == NULL) {
        free(free_fits);
        free(years);
        return vw_fail(error, VW_ERR_SYSTEM, "out of memory for %zu expiries", count);
    }
    for (size_t e = 0; e < count; e++) {
        const vw_sim_expiry *expiry = &market->expiries[e];

        if (expiry->family != VW_FAMILY_VIX && expiry->years > 0) {
            free_fits[used] = parity(market, e, 0, c);
            years[used++] = expiry->years;
        }
    }
    vw_rate_curve_fit(&curve, free_fits, years, used, rate_fallback);
    for (size_t e = 0; e < count; e++) {
        vw_sim_expiry *expiry = &market->expiries[e];

        if (expiry->years > 0) {
            expiry->rate = vw_rate_curve_rate(&curve, expiry->years);
            expiry->forward = parity(market, e, exp(-expiry->rate * expiry->years), c).forward;
        }
    }
    free(free_fits);
    free(years);
    return VW_OK;
}

/* Points without a vol of their own take that of the nearest point towards the money. */
static void mend(vw_sim_market *market, const vw_sim_expiry *expiry)
{
    double *vol = market->vol + expiry->first;
    const double *k = market->log_moneyness + expiry->first;
    bool vix = expiry->family == VW_FAMILY_VIX;

    for (size_t i = expiry->count - 1; i-- > 0;) {
        vol[i] = isnan(vol[i]) && k[i] < 0 ? vol[i + 1] : vol[i];
    }
    for (size_t i = 1; i < expiry->count; i++) {
        vol[i] = isnan(vol[i]) ? vol[i - 1] : vol[i];
    }
    for (size_t i = expiry->count; i-- > 0;) {
        double next = i + 1 < expiry->count ? vol[i + 1]
                      : vix                 ? vol_fallback_vix
                                            : vol_fallback_index;

        vol[i] = isnan(vol[i]) ? next : vol[i];
    }
}

static void fit_smile(vw_sim_market *market, size_t e, const columns *c)
{
    const vw_sim_expiry *expiry = &market->expiries[e];
    const double *strike = market->strike + expiry->first;
    double *vol = market->vol + expiry->first;
    vw_iv_inputs in = {c->forward, strike, c->years, c->price, c->discount, c->side, NULL};

    gather(market, e, c);
    for (size_t i = 0; i < expiry->count; i++) {
        bool call = strike[i] >= expiry->forward;
        double bid = call ? c->call_bid[i] : c->put_bid[i];
        double ask = call ? c->call_ask[i] : c->put_ask[i];

        c->forward[i] = expiry->forward;
        c->years[i] = expiry->years;
        c->discount[i] = exp(-expiry->rate * expiry->years);
        c->side[i] = call ? 1.0 : -1.0;
        c->price[i] = 0.5 * (bid + ask);
        market->log_moneyness[expiry->first + i] = log(strike[i] / expiry->forward);
    }
    market->kernels->implied_vol(&in, vol, c->status, expiry->count);
    for (size_t i = 0; i < expiry->count; i++) {
        if (c->status[i] != VW_STATUS_OK || !(vol[i] > 0)) {
            vol[i] = NAN;
        }
    }
    mend(market, expiry);
}

static size_t most_points(const vw_sim_market *market)
{
    size_t most = 1;

    for (size_t e = 0; e < market->option_expiry_count; e++) {
        if (market->expiries[e].count > most) {
            most = market->expiries[e].count;
        }
    }
    return most;
}

vw_err vw_sim_smile_fit(vw_sim_market *market, vw_error *error)
{
    size_t room = most_points(market);
    double *memory = calloc(COLUMNS * room + VW_FORWARD_SCRATCH(room), sizeof *memory);
    uint8_t *status = calloc(room, sizeof *status);
    size_t *first = calloc(market->option_expiry_count + 1, sizeof *first);
    vw_err err = VW_OK;
    columns c = {.status = status, .first_series = first};
    double **column[COLUMNS] = {&c.call_bid, &c.call_ask, &c.put_bid, &c.put_ask, &c.forward,
                                &c.years,    &c.discount, &c.side,    &c.price};

    if (memory == NULL || status == NULL || first == NULL) {
        err = vw_fail(error, VW_ERR_SYSTEM, "out of memory for a smile of %zu strikes", room);
        goto out;
    }
    for (size_t i = 0; i < COLUMNS; i++) {
        *column[i] = memory + i * room;
    }
    c.scratch = memory + COLUMNS * room;
    find_series(market, first);
    err = fit_forwards(market, &c, error);
    for (size_t e = 0; err == VW_OK && e < market->option_expiry_count; e++) {
        if (!isnan(market->expiries[e].forward)) {
            fit_smile(market, e, &c);
        }
    }
out:
    free(memory);
    free(status);
    free(first);
    return err;
}

/* ---- futures -------------------------------------------------------------------------------- */

static double vix_forward(const vw_sim_market *market, uint32_t date)
{
    for (size_t e = 0; e < market->option_expiry_count; e++) {
        const vw_sim_expiry *expiry = &market->expiries[e];

        if (expiry->family == VW_FAMILY_VIX && expiry->date == date && expiry->years > 0) {
            return expiry->forward;
        }
    }
    return NAN;
}

static double future_price(const vw_sim_market *market, const vw_sim_config *config, size_t i,
                           const vw_sim_expiry *expiry, double *distance)
{
    double stated = curve_mean + (market->level - curve_mean) * expiry->response;
    double known = vix_forward(market, expiry->date);

    if (i < config->curve_count) {
        known = config->curve[i];
    }
    if (!isnan(known)) {
        *distance = known - stated;
    }
    return isnan(known) ? stated + *distance : known;
}

static void add_future(vw_sim_market *market, const vw_sim_config *config, uint32_t date,
                       double *distance)
{
    size_t i = market->expiry_count - market->option_expiry_count;
    vw_sim_expiry *expiry = &market->expiries[market->expiry_count];
    vw_sim_series *series = &market->series[market->series_count++];
    uint32_t size = (uint32_t)(FUTURE_SIZE + FUTURE_SIZE_STEP * (VW_SIM_FUTURES - i));
    double spread = i < 4 ? future_tick : 2 * future_tick;
    int64_t settlement_ns = vw_calendar_settlement_ns(config->calendar, "VX", date, 'A');
    double years = vw_calendar_years(market->start_ns, settlement_ns);

    *expiry = (vw_sim_expiry){.family = VW_FAMILY_VX,
                              .root = "VX",
                              .date = date,
                              .settlement_ns = settlement_ns,
                              .years = years,
                              .response = vw_vx_curve_beta(years * 365.0)};
    expiry->forward = future_price(market, config, i, expiry, distance);
    *series = (vw_sim_series){.symbol = {.root = "VX", .expiry = date, .type = 'F'},
                              .expiry = (uint32_t)market->expiry_count++,
                              .start_value = expiry->forward};
    series->start.bid = llround((expiry->forward - spread / 2) / future_tick) * 500;
    series->start.ask = series->start.bid + llround(spread * (double)VW_PRICE_ONE);
    series->start.bid_size = series->start.ask_size = size;
}

void vw_sim_curve_fit(vw_sim_market *market, const vw_sim_config *config)
{
    uint32_t today = vw_calendar_date(market->start_ns, NULL);
    int year = (int)(today / 10000), month = (int)(today / 100 % 100);
    double distance = 0;
    size_t made = 0;

    while (made < VW_SIM_FUTURES) {
        uint32_t date = vw_calendar_vx_expiry(config->calendar, year, month);

        if (vw_calendar_settlement_ns(config->calendar, "VX", date, 'A') > market->start_ns) {
            add_future(market, config, date, &distance);
            made++;
        }
        year += month == 12;
        month = month % 12 + 1;
    }
}
