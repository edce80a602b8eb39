#include "core/vol/arbitrage.h"

#include <math.h>
#include <string.h>

/* Rows found so far, written while there is room. */
typedef struct report {
    vw_arbitrage *rows;
    size_t room, count;
} report;

/* The cheapest combinations of two asks: the lower hull of (strike, ask). */
typedef struct hull {
    double *strike, *ask;
    size_t count;
} hull;

static bool is_price(double x)
{
    return x > 0 && isfinite(x);
}

static void add(report *to, vw_arbitrage row, double multiplier)
{
    row.edge_usd = row.edge * multiplier;
    if (to->count < to->room) {
        to->rows[to->count] = row;
    }
    to->count++;
}

vw_arbitrage vw_arbitrage_parity(const vw_arbitrage_market *m, size_t i)
{
    const vw_parity *q = &m->quotes;
    double distance = m->forward - q->strike[i], fair = m->discount * distance;
    double doubt = 2 * m->discount * (m->forward_se + m->rate_se * q->years * fabs(distance));
    double sold = q->call_bid[i] - q->put_ask[i] - fair - doubt;
    double bought = fair - doubt - (q->call_ask[i] - q->put_bid[i]);
    vw_arbitrage row = {.kind = VW_ARBITRAGE_CONVERSION, .strike = q->strike[i]};

    if (is_price(q->call_bid[i]) && is_price(q->put_ask[i]) && sold > 0) {
        row.edge = sold;
    } else if (is_price(q->put_bid[i]) && is_price(q->call_ask[i]) && bought > 0) {
        row.kind = VW_ARBITRAGE_REVERSAL;
        row.edge = bought;
    }
    row.edge_usd = row.edge * m->multiplier;
    return row;
}

static void find_parity(const vw_arbitrage_market *m, report *to)
{
    for (size_t i = 0; i < m->quotes.count; i++) {
        vw_arbitrage row = vw_arbitrage_parity(m, i);

        if (row.edge > 0) {
            add(to, row, m->multiplier);
        }
    }
}

vw_arbitrage vw_arbitrage_residual(const vw_arbitrage_market *market, const vw_fit_kernels *kernels,
                                   double *scratch)
{
    vw_arbitrage best = {.edge = 0};
    vw_arbitrage_market others = *market;
    double *call_bid = scratch + VW_FORWARD_SCRATCH(market->quotes.count);
    size_t at = 0;
    vw_forward fit;

    for (size_t i = 0; i < market->quotes.count; i++) {
        vw_arbitrage row = vw_arbitrage_parity(market, i);

        at = row.edge > best.edge ? i : at;
        best = row.edge > best.edge ? row : best;
    }
    if (!(best.edge > 0)) {
        return best;
    }
    memcpy(call_bid, market->quotes.call_bid, market->quotes.count * sizeof *call_bid);
    call_bid[at] = 0; /* no pair any more */
    others.quotes.call_bid = call_bid;
    vw_forward_fit(&others.quotes, kernels, scratch, &fit);
    others.quotes.call_bid = market->quotes.call_bid;
    others.forward = fit.forward;
    others.forward_se = fit.forward_se;
    return vw_arbitrage_parity(&others, at); /* of NaN, when no pair is left: none */
}

/* Andrew's monotone chain; the strikes ascend. */
static hull build_hull(const double *strike, const double *ask, size_t count, double *scratch,
                       size_t line)
{
    hull h = {scratch, scratch + line, 0};

    for (size_t i = 0; i < count; i++) {
        if (!is_price(ask[i]) || !is_price(strike[i])) {
            continue;
        }
        while (h.count >= 2) {
            double x0 = h.strike[h.count - 2], y0 = h.ask[h.count - 2];
            double x1 = h.strike[h.count - 1], y1 = h.ask[h.count - 1];

            if ((y1 - y0) * (strike[i] - x0) < (ask[i] - y0) * (x1 - x0)) {
                break; /* the last corner lies below the chord: it stays */
            }
            h.count--;
        }
        h.strike[h.count] = strike[i];
        h.ask[h.count] = ask[i];
        h.count++;
    }
    return h;
}

/* The hull at k and the strikes it hangs between; false outside the strikes. */
static bool hang(const hull *h, size_t *at, double k, double *cost, double *low, double *high)
{
    while (*at + 1 < h->count && h->strike[*at + 1] < k) {
        (*at)++;
    }
    if (*at + 1 >= h->count || h->strike[*at] > k) {
        return false;
    }
    *low = h->strike[*at];
    *high = h->strike[*at + 1];
    *cost = h->ask[*at] + (h->ask[*at + 1] - h->ask[*at]) * (k - *low) / (*high - *low);
    return true;
}

static void find_butterflies(const vw_arbitrage_market *m, char type, double *scratch, report *to)
{
    const vw_parity *q = &m->quotes;
    const double *bid = type == 'C' ? q->call_bid : q->put_bid;
    hull h =
        build_hull(q->strike, type == 'C' ? q->call_ask : q->put_ask, q->count, scratch, q->count);
    size_t at = 0;

    for (size_t i = 0; i < q->count; i++) {
        double cost, low, high;

        if (is_price(bid[i]) && hang(&h, &at, q->strike[i], &cost, &low, &high) && bid[i] > cost) {
            vw_arbitrage row = {.kind = VW_ARBITRAGE_BUTTERFLY,
                                .type = type,
                                .strike = q->strike[i],
                                .low = low,
                                .high = high,
                                .edge = bid[i] - cost};
            add(to, row, m->multiplier);
        }
    }
}

size_t vw_arbitrage_find(const vw_arbitrage_market *market, double *scratch, vw_arbitrage *rows,
                         size_t room)
{
    report to = {rows, room, 0};

    find_parity(market, &to);
    find_butterflies(market, 'C', scratch, &to);
    find_butterflies(market, 'P', scratch, &to);
    return to.count;
}

size_t vw_arbitrage_find_calendars(const vw_arbitrage_market *near, const vw_arbitrage_market *far,
                                   double *scratch, vw_arbitrage *rows, size_t room)
{
    const vw_parity *q = &near->quotes, *f = &far->quotes;
    double growth = far->forward / near->forward;
    double units = near->discount * near->forward / (far->discount * far->forward);
    hull h = build_hull(f->strike, f->call_ask, f->count, scratch, f->count);
    report to = {rows, room, 0};
    size_t at = 0;

    for (size_t i = 0; i < q->count; i++) {
        double cost, low, high;

        if (is_price(q->call_bid[i]) && hang(&h, &at, q->strike[i] * growth, &cost, &low, &high) &&
            q->call_bid[i] > units * cost) {
            vw_arbitrage row = {.kind = VW_ARBITRAGE_CALENDAR,
                                .type = 'C',
                                .strike = q->strike[i],
                                .low = low,
                                .high = high,
                                .edge = q->call_bid[i] - units * cost};
            add(&to, row, near->multiplier);
        }
    }
    return to.count;
}

const char *vw_arbitrage_name(vw_arbitrage_kind kind)
{
    static const char *const names[] = {"conversion", "reversal", "butterfly", "calendar"};

    return (size_t)kind < VW_COUNT_OF(names) ? names[kind] : "unknown";
}
