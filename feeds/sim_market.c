#include "feeds/sim_market.h"

#include "core/market/event.h"
#include "core/vol/vx_curve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The model of sim.h. */
static const double session_year_seconds = 252 * 6.5 * 3600;
static const double level_beta = -4.0;
static const double level_noise = 0.8;
static const double log_forward_max = 0.5, log_level_max = 1.2;
static const double vol_factor_min = 0.2;
static const double forward_min = 1.0;

static const int64_t apart_ns_max = INT64_C(900) * 1000000000;

enum { SMALL_SIZE = 5, SIZE_SPREAD = 60 };

static int64_t tick_of(vw_family family, double price)
{
    bool small = price < 3.0;

    switch (family) {
    case VW_FAMILY_VIX:
        return small ? 100 : 500;
    case VW_FAMILY_VX:
        return 500;
    default:
        return small ? 500 : 1000;
    }
}

static int64_t on_tick(vw_family family, double price)
{
    int64_t tick = tick_of(family, price);

    return llround(price * (double)VW_PRICE_ONE / (double)tick) * tick;
}

static double in_range(double x, double limit)
{
    return fmin(fmax(x, -limit), limit);
}

void vw_sim_market_step(vw_sim_market *market, double seconds)
{
    double sd = sqrt(fmax(seconds, 0) / session_year_seconds);
    double move = market->spot_vol * sd * vw_sim_random_normal(&market->random);
    double noise = level_noise * sd * vw_sim_random_normal(&market->random);

    market->log_forward = in_range(market->log_forward + move, log_forward_max);
    market->log_level = in_range(market->log_level + level_beta * move + noise, log_level_max);
}

/* Points of the vol level gained since the start. */
static double level_gain(const vw_sim_market *market)
{
    return market->level * expm1(market->log_level);
}

double vw_sim_market_forward(const vw_sim_market *market, size_t expiry)
{
    const vw_sim_expiry *e = &market->expiries[expiry];

    if (e->family == VW_FAMILY_VIX || e->family == VW_FAMILY_VX) {
        return fmax(e->forward + e->response * level_gain(market), forward_min);
    }
    return e->forward * exp(market->log_forward);
}

/* The smile at this log-moneyness, walking from the point where the strike was at the start. */
static double smile_vol(const vw_sim_market *market, const vw_sim_expiry *expiry, size_t point,
                        double log_moneyness)
{
    const double *k = market->log_moneyness;
    const double *vol = market->vol;
    size_t last = expiry->first + expiry->count - 1;
    double factor = 1.0;
    size_t i = point;

    while (i < last && k[i + 1] <= log_moneyness) {
        i++;
    }
    while (i > expiry->first && k[i] > log_moneyness) {
        i--;
    }
    if (expiry->family != VW_FAMILY_VIX) {
        factor = fmax(1.0 + expiry->response * expm1(market->log_level), vol_factor_min);
    }
    if (i == last || log_moneyness <= k[i]) {
        return factor * vol[i];
    }
    return factor * (vol[i] + (vol[i + 1] - vol[i]) * (log_moneyness - k[i]) / (k[i + 1] - k[i]));
}

static double option_value(const vw_sim_market *market, const vw_sim_series *series,
                           int64_t market_ns)
{
    const vw_sim_expiry *expiry = &market->expiries[series->expiry];
    double years = vw_calendar_years(market_ns, expiry->settlement_ns);
    double forward = vw_sim_market_forward(market, series->expiry);
    double strike = market->strike[series->point];
    double vol = smile_vol(market, expiry, series->point, log(strike / forward));
    double discount = exp(-expiry->rate * years);
    double side = series->symbol.type == 'C' ? 1.0 : -1.0;
    double price = NAN;
    vw_black_inputs in = {.forward = &forward,
                          .strike = &strike,
                          .years = &years,
                          .vol = &vol,
                          .discount = &discount,
                          .side = &side};
    vw_black_outputs out = {.price = &price};

    market->kernels->black(&in, &out, 1);
    return price;
}

static vw_sim_quote moved(const vw_sim_quote *start, vw_family family, double gain)
{
    vw_sim_quote quote = *start;
    double bid = (double)start->bid / (double)VW_PRICE_ONE + gain;
    double ask = (double)start->ask / (double)VW_PRICE_ONE + gain;

    quote.bid = bid > 0 ? on_tick(family, bid) : 0;
    if (start->ask > 0) {
        quote.ask = on_tick(family, fmax(ask, 0));
        if (quote.ask <= quote.bid) {
            quote.ask = quote.bid + tick_of(family, (double)quote.bid / (double)VW_PRICE_ONE);
        }
    }
    return quote;
}

vw_sim_quote vw_sim_market_quote(const vw_sim_market *market, size_t index, int64_t market_ns)
{
    const vw_sim_series *series = &market->series[index];
    const vw_sim_expiry *expiry = &market->expiries[series->expiry];
    double gain;

    if (market->still || isnan(series->start_value)) {
        return series->start;
    }
    if (market_ns >= expiry->settlement_ns) {
        return (vw_sim_quote){0};
    }
    if (expiry->family == VW_FAMILY_VX) {
        gain = vw_sim_market_forward(market, series->expiry) - series->start_value;
    } else {
        gain = option_value(market, series, market_ns) - series->start_value;
    }
    if (!(fabs(gain) > 1e-9)) {
        return series->start; /* as in the file, on its tick or not; or no value to be had */
    }
    return moved(&series->start, expiry->family, gain);
}

double vw_sim_market_weight(const vw_sim_market *market, size_t index)
{
    const vw_sim_series *series = &market->series[index];
    const vw_sim_expiry *expiry = &market->expiries[series->expiry];
    double sd, z;

    if (isnan(series->start_value) || (series->start.bid == 0 && series->start.ask == 0)) {
        return 0;
    }
    if (expiry->family == VW_FAMILY_VX) {
        return 1;
    }
    sd = market->vol[series->point] * sqrt(expiry->years);
    z = market->log_moneyness[series->point] / sd;
    return (exp(-z * z / 8) + 0.02) / (0.2 + sqrt(expiry->years));
}

/* ---- from the chains ------------------------------------------------------------------------ */

static bool same_expiry(const vw_chain_row *a, const vw_chain_row *b)
{
    return strcmp(a->symbol.root, b->symbol.root) == 0 && a->symbol.expiry == b->symbol.expiry;
}

static void count_rows(const vw_chain *chain, vw_sim_market *market)
{
    const vw_chain_row *rows = chain->rows;

    market->series_count += chain->count;
    for (size_t i = 0; i < chain->count; i++) {
        bool first = i == 0 || !same_expiry(&rows[i], &rows[i - 1]);

        market->expiry_count += first;
        market->point_count += first || rows[i].symbol.strike != rows[i - 1].symbol.strike;
    }
}

static double response(vw_family family, double years)
{
    double days = fmax(years * 365.0, 0.1);

    if (family == VW_FAMILY_VIX || family == VW_FAMILY_VX) {
        return vw_vx_curve_beta(days);
    }
    return fmin(pow(30.0 / days, 0.40), 2.0);
}

static void begin_expiry(vw_sim_market *market, const vw_calendar *calendar,
                         const vw_chain_row *row)
{
    const vw_root *root = vw_root_find(row->symbol.root, sizeof row->symbol.root - 2);
    vw_sim_expiry *expiry = &market->expiries[market->expiry_count++];

    *expiry = (vw_sim_expiry){.family = root != NULL ? root->family : VW_FAMILY_OTHER,
                              .date = row->symbol.expiry,
                              .first = market->point_count,
                              .forward = NAN};
    memcpy(expiry->root, row->symbol.root, sizeof expiry->root);
    expiry->settlement_ns =
        vw_calendar_settlement_ns(calendar, row->symbol.root, row->symbol.expiry, row->settlement);
    expiry->years = vw_calendar_years(market->start_ns, expiry->settlement_ns);
    expiry->response = response(expiry->family, expiry->years);
}

static int64_t to_price(double points)
{
    return points > 0 ? llround(points * (double)VW_PRICE_ONE) : 0;
}

static uint32_t size_or(uint32_t given, vw_sim_random *random)
{
    return given > 0 ? given : SMALL_SIZE + vw_sim_random_below(random, SIZE_SPREAD);
}

static void fill_rows(vw_sim_market *market, const vw_chain *chain, const vw_calendar *calendar)
{
    const vw_chain_row *rows = chain->rows;

    for (size_t i = 0; i < chain->count; i++) {
        vw_sim_series *series = &market->series[market->series_count++];
        bool first = i == 0 || !same_expiry(&rows[i], &rows[i - 1]);

        if (first) {
            begin_expiry(market, calendar, &rows[i]);
        }
        if (first || rows[i].symbol.strike != rows[i - 1].symbol.strike) {
            market->strike[market->point_count++] =
                (double)rows[i].symbol.strike / (double)VW_PRICE_ONE;
            market->expiries[market->expiry_count - 1].count++;
        }
        *series = (vw_sim_series){.symbol = rows[i].symbol,
                                  .expiry = (uint32_t)(market->expiry_count - 1),
                                  .point = (uint32_t)(market->point_count - 1),
                                  .start_value = NAN};
        series->start = (vw_sim_quote){to_price(rows[i].bid), to_price(rows[i].ask),
                                       size_or(rows[i].bid_size, &market->random),
                                       size_or(rows[i].ask_size, &market->random)};
    }
}

static vw_err take_memory(vw_sim_market *market, vw_error *error)
{
    market->series = calloc(market->series_count + VW_SIM_FUTURES, sizeof *market->series);
    market->expiries = calloc(market->expiry_count + VW_SIM_FUTURES, sizeof *market->expiries);
    market->strike = calloc(3 * market->point_count, sizeof *market->strike);
    if (market->series == NULL || market->expiries == NULL || market->strike == NULL) {
        return vw_fail(error, VW_ERR_SYSTEM, "out of memory for %zu series", market->series_count);
    }
    market->log_moneyness = market->strike + market->point_count;
    market->vol = market->log_moneyness + market->point_count;
    return VW_OK;
}

/* Vol of the index 30 days out, from the expiry nearest to that. */
static double index_vol(const vw_sim_market *market)
{
    double best = INFINITY;
    double vol = 0.2;

    for (size_t i = 0; i < market->option_expiry_count; i++) {
        const vw_sim_expiry *expiry = &market->expiries[i];
        double far = fabs(log(fmax(expiry->years, 1e-6) * 365.0 / 30.0));

        if (expiry->family != VW_FAMILY_VIX && !isnan(expiry->forward) && far < best) {
            best = far;
            vol = smile_vol(market, expiry, expiry->first + expiry->count / 2, 0.0);
        }
    }
    return vol;
}

static double vol_level(const vw_sim_market *market, const vw_sim_config *config)
{
    const double at_the_money_share = 0.866; /* of a 30-day variance swap's vol */

    for (size_t i = 0; i < config->chain_count; i++) {
        if (strcmp(config->chains[i].underlying, "VIX") == 0 && config->chains[i].spot > 0) {
            return config->chains[i].spot;
        }
    }
    return 100.0 * market->spot_vol / at_the_money_share;
}

static void fill_values(vw_sim_market *market)
{
    for (size_t i = 0; i < market->option_count; i++) {
        vw_sim_series *series = &market->series[i];
        const vw_sim_expiry *expiry = &market->expiries[series->expiry];

        if (expiry->years > 0 && !isnan(expiry->forward)) {
            series->start_value = option_value(market, series, market->start_ns);
        }
    }
}

/* All chains start the day together: those of another moment would quote against it. */
static vw_err check_instants(const vw_sim_config *config, int64_t start_ns, vw_error *error)
{
    for (size_t i = 1; i < config->chain_count; i++) {
        int64_t instant_ns;
        vw_err err = vw_chain_instant(&config->chains[i], config->at, &instant_ns, error);

        if (err != VW_OK) {
            return err;
        }
        if (llabs(instant_ns - start_ns) > apart_ns_max) {
            return vw_fail(error, VW_ERR_DATA,
                           "%s: its quotes are %.1f hours apart from those of %s; chains must be "
                           "of one instant (or give --at)",
                           config->chains[i].path, (double)llabs(instant_ns - start_ns) / 3.6e12,
                           config->chains[0].path);
        }
    }
    return VW_OK;
}

vw_err vw_sim_market_open(vw_sim_market *market, const vw_sim_config *config, vw_error *error)
{
    vw_err err;

    *market = (vw_sim_market){.kernels = vw_kernels_get(NULL),
                              .random = vw_sim_random_seed(config->seed, 1),
                              .still = config->still};
    err = vw_chain_instant(&config->chains[0], config->at, &market->start_ns, error);
    if (err == VW_OK) {
        err = check_instants(config, market->start_ns, error);
    }
    for (size_t i = 0; i < config->chain_count; i++) {
        count_rows(&config->chains[i], market);
    }
    if (err == VW_OK && market->series_count == 0) {
        err = vw_fail(error, VW_ERR_DATA, "%s: no option in it", config->chains[0].path);
    }
    if (err == VW_OK) {
        err = take_memory(market, error);
    }
    if (err != VW_OK) {
        return err;
    }
    market->series_count = market->expiry_count = market->point_count = 0;
    for (size_t i = 0; i < config->chain_count; i++) {
        fill_rows(market, &config->chains[i], config->calendar);
    }
    market->option_count = market->series_count;
    market->option_expiry_count = market->expiry_count;
    err = vw_sim_smile_fit(market, error);
    market->spot_vol = index_vol(market);
    market->level = vol_level(market, config);
    fill_values(market);
    vw_sim_curve_fit(market, config);
    return err;
}

void vw_sim_market_close(vw_sim_market *market)
{
    free(market->series);
    free(market->expiries);
    free(market->strike);
    *market = (vw_sim_market){0};
}
