#include "core/hedge/strikes.h"

#include <limits.h>
#include <math.h>
#include <string.h>

enum { CHUNK = 64 };
static const double OPTION_MULTIPLIER = 100;
static const int WEEKS_AWAY = 7;

void vw_strikes_take(const double *strikes, size_t count, double forward, vw_entry_columns *to)
{
    size_t first = 0, last = count;

    while (first < last && strikes[first] < forward * (1 - VW_ENTRY_REACH)) {
        first++;
    }
    while (last > first && strikes[last - 1] > forward * (1 + VW_ENTRY_REACH)) {
        last--;
    }
    while (last - first > VW_ENTRY_STRIKES_MAX) {
        bool low = forward - strikes[first] > strikes[last - 1] - forward;

        first += low;
        last -= !low;
    }
    to->count = last - first;
    memcpy(to->strike, strikes + first, to->count * sizeof *strikes);
}

/* The options of one smile, lanes at a time. */
typedef struct priced {
    double vol[CHUNK], skew[CHUNK]; /* d vol / d log-moneyness */
    double price[CHUNK], delta[CHUNK], vega[CHUNK], dual_delta[CHUNK];
} priced;

static void find_vols(const vw_kernels *kernels, const vw_exposure_smile *smile,
                      const double *log_strike, size_t count, priced *to)
{
    const vw_fit_kernels *set = vw_fit_kernels_get(kernels->isa);
    double log_forward = log(smile->forward), k[CHUNK], w[CHUNK], slope[CHUNK];

    for (size_t i = 0; i < count; i++) {
        k[i] = log_strike[i] - log_forward;
    }
    vw_slice_curve(smile->slice, set, k, w, slope, count);
    for (size_t i = 0; i < count; i++) {
        to->vol[i] = sqrt(w[i] / smile->years);
        to->skew[i] = 0.5 * slope[i] / (to->vol[i] * smile->years);
    }
}

static void price(const vw_kernels *kernels, const vw_exposure_smile *smile, const double *strike,
                  const double *log_strike, const double *side, size_t count, priced *to)
{
    const vw_expiry_inputs in = {.forward = smile->forward,
                                 .years = smile->years,
                                 .discount = smile->discount,
                                 .strike = strike,
                                 .log_strike = log_strike,
                                 .vol = to->vol,
                                 .side = side};
    const vw_black_outputs out = {
        .price = to->price, .delta = to->delta, .vega = to->vega, .dual_delta = to->dual_delta};

    kernels->black_expiry(&in, &out, count);
}

/* Calls have delta and the probability: -dC/dK over the discount, the smile's slope included, is
 * that of ending above. */
static void price_chunk(const vw_kernels *kernels, const vw_exposure_smile *smile, size_t from,
                        size_t count, vw_entry_columns *to)
{
    double log_strike[CHUNK], call[CHUNK], put[CHUNK];
    const double *strike = to->strike + from;
    priced at;

    for (size_t i = 0; i < count; i++) {
        log_strike[i] = log(strike[i]);
        call[i] = 1;
        put[i] = -1;
    }
    find_vols(kernels, smile, log_strike, count, &at);
    price(kernels, smile, strike, log_strike, put, count, &at);
    memcpy(to->put + from, at.price, count * sizeof *at.price);
    price(kernels, smile, strike, log_strike, call, count, &at);
    memcpy(to->call + from, at.price, count * sizeof *at.price);
    for (size_t i = 0; i < count; i++) {
        double slope = at.dual_delta[i] + at.vega[i] * at.skew[i] / strike[i];

        to->call_delta[from + i] = at.delta[i] / smile->discount;
        to->below[from + i] = fmin(fmax(1 + slope / smile->discount, 0), 1);
    }
}

void vw_strikes_price(const vw_kernels *kernels, const vw_exposure_smile *smile,
                      vw_entry_columns *columns)
{
    for (size_t from = 0; from < columns->count; from += CHUNK) {
        size_t left = columns->count - from;

        price_chunk(kernels, smile, from, left < CHUNK ? left : CHUNK, columns);
    }
}

vw_entry_chain vw_strikes_chain(const vw_entry_columns *columns, const char *root, uint32_t expiry,
                                const vw_exposure_smile *smile)
{
    vw_entry_chain chain = {.expiry = expiry,
                            .days = smile->days,
                            .forward = smile->forward,
                            .strike = columns->strike,
                            .call = columns->call,
                            .put = columns->put,
                            .call_delta = columns->call_delta,
                            .below = columns->below,
                            .count = columns->count};

    memcpy(chain.root, root, strnlen(root, sizeof chain.root));
    return chain;
}

int vw_strikes_entry_distance(const vw_calendar *calendar, const vw_hedge_settings *settings,
                              uint32_t today, uint32_t expiry)
{
    uint32_t best = vw_calendar_add_days(today, 7 * WEEKS_AWAY);
    int days = vw_calendar_days(today, expiry);

    if (days < settings->entry_days_lo || days > settings->entry_days_hi) {
        return INT_MAX;
    }
    best = vw_calendar_add_days(best, (5 - vw_calendar_weekday(best) + 7) % 7);
    days = vw_calendar_days(vw_calendar_session(calendar, best), expiry);
    return days < 0 ? -days : days;
}

uint32_t vw_strikes_next_cycle(const vw_calendar *calendar, uint32_t expiry)
{
    uint32_t year = expiry / 10000, month = expiry / 100 % 100;
    uint32_t first = (year + (month == 12)) * 10000 + (month % 12 + 1) * 100 + 1;
    int to_friday = (5 - vw_calendar_weekday(first) + 7) % 7;

    return vw_calendar_session(calendar, vw_calendar_add_days(first, to_friday + 14));
}

void vw_strikes_wings(const vw_kernels *kernels, const vw_exposure_smile *smile,
                      vw_hedge_condor *condor)
{
    enum { NOW, NEARER, BACK, EACH };
    vw_hedge_wing *wings[] = {&condor->put, &condor->call};
    double strike[2 * EACH], log_strike[2 * EACH], side[2 * EACH];
    double usd = OPTION_MULTIPLIER * condor->contracts;
    priced at;

    for (size_t i = 0; i < 2 * EACH; i++) {
        vw_hedge_wing *wing = wings[i / EACH];

        wing->strike_nearer = wing->strike_nearer == wing->strike_short ? 0 : wing->strike_nearer;
        strike[i] = i % EACH == NEARER ? wing->strike_nearer
                    : i % EACH == BACK ? wing->strike_back
                                       : wing->strike;
        strike[i] = strike[i] > 0 ? strike[i] : wing->strike;
        log_strike[i] = log(strike[i]);
        side[i] = i < EACH ? -1 : 1;
    }
    find_vols(kernels, smile, log_strike, 2 * EACH, &at);
    price(kernels, smile, strike, log_strike, side, 2 * EACH, &at);
    for (size_t i = 0; i < 2; i++) {
        const double *of = &at.price[i * EACH];

        wings[i]->cost_nearer_usd =
            wings[i]->strike_nearer > 0 ? usd * (of[NEARER] - of[NOW]) : NAN;
        wings[i]->cost_back_usd = wings[i]->strike_back > 0 ? usd * (of[BACK] - of[NOW]) : NAN;
    }
}

static size_t row_of(const vw_parity *quotes, double strike)
{
    size_t lo = 0, hi = quotes->count;

    while (lo < hi) {
        size_t middle = (lo + hi) / 2;

        if (quotes->strike[middle] < strike) {
            lo = middle + 1;
        } else {
            hi = middle;
        }
    }
    return lo < quotes->count && quotes->strike[lo] == strike ? lo : quotes->count;
}

double vw_strikes_residual(const vw_arbitrage_market *market, const vw_hedge_condor *condor)
{
    size_t put = row_of(&market->quotes, condor->put.strike);
    size_t call = row_of(&market->quotes, condor->call.strike);

    if (put == market->quotes.count || call == market->quotes.count) {
        return NAN;
    }
    return condor->contracts * fmax(vw_arbitrage_parity(market, put).edge_usd,
                                    vw_arbitrage_parity(market, call).edge_usd);
}

double vw_strikes_edge(const vw_arbitrage_market *market, const vw_hedge_delta_candidate *package)
{
    const double strikes[] = {package->long_strike, package->short_strike};
    vw_arbitrage_kind ours =
        package->long_type == 'P' ? VW_ARBITRAGE_CONVERSION : VW_ARBITRAGE_REVERSAL;
    size_t count = strikes[0] != strikes[1] ? 2 : 1;
    double usd = 0;

    for (size_t i = 0; i < count; i++) {
        size_t row = row_of(&market->quotes, strikes[i]);

        if (row < market->quotes.count) {
            vw_arbitrage found = vw_arbitrage_parity(market, row);

            usd += found.edge > 0 ? (found.kind == ours ? 1 : -1) * found.edge_usd : 0;
        }
    }
    return usd;
}
