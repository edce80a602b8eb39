#include "tools/fit_quotes.h"

#include <math.h>
#include <stdlib.h>

#include "core/hedge/portfolio.h"

/* One expiry's strikes as columns; what the kernels want, and what they give. */
typedef struct columns {
    double *forward, *years, *discount, *rate, *side; /* of the out-of-the-money option */
    double *price, *vol[3];                           /* vol of mid, bid, ask */
    double *k, *fit;
    uint8_t *status[3];
    void *memory;
} columns;

enum { MID, BID, ASK, DOUBLES = 11 };

size_t vw_fit_quotes_count(const vw_expiry_fit *expiry)
{
    size_t count = 0;

    for (size_t i = 0; i < expiry->slice->count; i++) {
        count += (size_t)(expiry->slice->call[i] != NULL) + (size_t)(expiry->slice->put[i] != NULL);
    }
    return count;
}

static bool open_columns(columns *c, size_t n)
{
    double *at = malloc(n * (DOUBLES * sizeof(double) + 3));
    double **each[] = {&c->forward, &c->years,  &c->discount, &c->rate, &c->side, &c->price,
                       &c->vol[0],  &c->vol[1], &c->vol[2],   &c->k,    &c->fit};

    _Static_assert(VW_COUNT_OF(each) == DOUBLES, "one column each");
    c->memory = at;
    if (at == NULL) {
        return false;
    }
    for (size_t i = 0; i < DOUBLES; i++, at += n) {
        *each[i] = at;
    }
    for (size_t i = 0; i < 3; i++) {
        c->status[i] = (uint8_t *)at + i * n;
    }
    return true;
}

static double price_of(const vw_parity *quotes, size_t i, bool call, int which)
{
    double bid = call ? quotes->call_bid[i] : quotes->put_bid[i];
    double ask = call ? quotes->call_ask[i] : quotes->put_ask[i];

    return which == BID ? bid : which == ASK ? ask : 0.5 * (bid + ask);
}

/* Vols of the side out of the money at every strike. */
static void invert(const vw_expiry_fit *expiry, const vw_kernels *kernels, columns *c)
{
    const vw_parity *quotes = &expiry->quotes;
    size_t n = quotes->count;
    vw_iv_inputs inputs = {.forward = c->forward,
                           .strike = quotes->strike,
                           .years = c->years,
                           .price = c->price,
                           .discount = c->discount,
                           .side = c->side};

    for (size_t i = 0; i < n; i++) {
        c->forward[i] = expiry->forward.forward;
        c->years[i] = expiry->years;
        c->discount[i] = expiry->forward.discount;
        c->rate[i] = expiry->forward.rate;
        c->side[i] = quotes->strike[i] >= expiry->forward.forward ? 1 : -1;
        c->k[i] = log(quotes->strike[i] / expiry->forward.forward);
    }
    for (int which = MID; which <= ASK; which++) {
        for (size_t i = 0; i < n; i++) {
            c->price[i] = price_of(quotes, i, c->side[i] > 0, which);
        }
        kernels->implied_vol(&inputs, c->vol[which], c->status[which], n);
        for (size_t i = 0; i < n; i++) {
            if (c->status[which][i] != VW_STATUS_OK) {
                c->vol[which][i] = NAN;
            }
        }
    }
}

static vw_status quote_status(double bid, double ask)
{
    if (!(ask > 0) || !isfinite(ask) || !isfinite(bid)) {
        return VW_STATUS_NO_MARKET;
    }
    return ask < bid ? VW_STATUS_BAD_INPUT : bid > 0 ? VW_STATUS_OK : VW_STATUS_ONE_SIDED;
}

static void set_greeks(const vw_expiry_fit *expiry, const vw_kernels *kernels, double vol,
                       vw_fit_quote *quote)
{
    const vw_forward *f = &expiry->forward;
    double side = quote->type == 'C' ? 1 : -1;
    vw_greeks plain = {0}, desk;
    uint8_t status;
    vw_black_inputs in = {.forward = &f->forward,
                          .strike = &quote->strike,
                          .years = &expiry->years,
                          .vol = &vol,
                          .discount = &f->discount,
                          .rate = &f->rate,
                          .side = &side};
    vw_black_outputs out = {.delta = &plain.delta,
                            .gamma = &plain.gamma,
                            .vega = &plain.vega,
                            .theta = &plain.theta,
                            .status = &status};

    kernels->black(&in, &out, 1);
    if (status == VW_STATUS_OK) {
        desk = vw_desk_units(&plain, f->discount, f->rate);
        quote->delta = desk.delta;
        quote->gamma = desk.gamma;
        quote->vega = desk.vega;
        quote->theta = desk.theta;
    }
}

static void set_quote(const vw_expiry_fit *expiry, const vw_kernels *kernels, const columns *c,
                      size_t i, char type, vw_fit_quote *quote)
{
    const vw_parity *quotes = &expiry->quotes;
    bool out_call = c->side[i] > 0;
    vw_status market =
        quote_status(price_of(quotes, i, out_call, BID), price_of(quotes, i, out_call, ASK));

    *quote = (vw_fit_quote){.strike = quotes->strike[i],
                            .bid = price_of(quotes, i, type == 'C', BID),
                            .ask = price_of(quotes, i, type == 'C', ASK),
                            .mid_iv = NAN,
                            .bid_iv = NAN,
                            .ask_iv = NAN,
                            .fit_iv = c->fit[i],
                            .delta = NAN,
                            .gamma = NAN,
                            .vega = NAN,
                            .theta = NAN,
                            .type = type};
    quote->status = quote_status(quote->bid, quote->ask);
    if (market == VW_STATUS_OK || market == VW_STATUS_ONE_SIDED) {
        quote->mid_iv = c->vol[MID][i];
        quote->bid_iv = c->vol[BID][i];
        quote->ask_iv = c->vol[ASK][i];
        market = market == VW_STATUS_OK ? (vw_status)c->status[MID][i] : market;
    }
    quote->status = quote->status == VW_STATUS_OK ? market : quote->status;
    set_greeks(expiry, kernels, market == VW_STATUS_OK ? quote->mid_iv : quote->fit_iv, quote);
}

static void list_quotes(const vw_expiry_fit *expiry, const vw_kernels *kernels, const columns *c,
                        vw_fit_quote *quotes)
{
    for (size_t i = 0; i < expiry->slice->count; i++) {
        if (expiry->slice->call[i] != NULL) {
            set_quote(expiry, kernels, c, i, 'C', quotes++);
        }
        if (expiry->slice->put[i] != NULL) {
            set_quote(expiry, kernels, c, i, 'P', quotes++);
        }
    }
}

/* Without a forward there is nothing to compute. */
static void list_bare(const vw_expiry_fit *expiry, vw_fit_quote *quotes)
{
    for (size_t i = 0; i < expiry->slice->count; i++) {
        for (int side = 0; side < 2; side++) {
            const vw_chain_row *row = side == 0 ? expiry->slice->call[i] : expiry->slice->put[i];

            if (row != NULL) {
                *quotes++ = (vw_fit_quote){expiry->slice->strike[i],
                                           row->bid,
                                           row->ask,
                                           NAN,
                                           NAN,
                                           NAN,
                                           NAN,
                                           NAN,
                                           NAN,
                                           NAN,
                                           NAN,
                                           side == 0 ? 'C' : 'P',
                                           expiry->status};
            }
        }
    }
}

vw_err vw_fit_quotes_get(const vw_chain_fit *fit, const vw_expiry_fit *expiry,
                         const vw_kernels *kernels, vw_fit_quote *quotes, vw_error *error)
{
    size_t n = expiry->slice->count;
    columns c;

    if (expiry->forward.used == 0) {
        list_bare(expiry, quotes);
        return VW_OK;
    }
    if (!open_columns(&c, n)) {
        return vw_fail(error, VW_ERR_SYSTEM, "out of memory");
    }
    invert(expiry, kernels, &c);
    if (vw_chain_fit_slice(fit, expiry) != NULL) {
        vw_chain_fit_variance(fit, expiry, c.k, c.fit, n);
    }
    for (size_t i = 0; i < n; i++) {
        bool fitted = vw_chain_fit_slice(fit, expiry) != NULL && c.fit[i] > 0;
        c.fit[i] = fitted ? sqrt(c.fit[i] / expiry->years) : NAN;
    }
    list_quotes(expiry, kernels, &c, quotes);
    free(c.memory);
    return VW_OK;
}
