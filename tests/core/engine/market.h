/* market.h: a small exchange for the engine's tests: events in, updates collected.
 *
 * Prices come from the reference Black, so that what the engine should find is known. */
#ifndef VW_TESTS_ENGINE_MARKET_H
#define VW_TESTS_ENGINE_MARKET_H

#include "core/engine/engine.h"

#include "tests/check.h"

#include <stdlib.h>
#include <string.h>

enum { IN_DEPTH = 65536, UPDATES_MAX = 1 << 17 };

typedef struct market {
    vw_engine_config config;
    vw_engine *engine;
    vw_ring *in, *futures_in, *out;
    vw_calendar calendar;
    vw_counters counters;
    int64_t market_ns, now_ns;
    uint32_t sequence;
    vw_update *updates; /* all that came out since the last forget() */
    size_t count;
} market;

static inline void *market_memory(size_t size)
{
    void *mem = aligned_alloc(VW_LINE_PAIR, vw_round_up(size, VW_LINE_PAIR));

    assert_non_null(mem);
    return mem;
}

static inline vw_ring *market_ring(uint64_t depth, uint64_t slot)
{
    return vw_ring_init(market_memory(vw_ring_size(depth, slot)), depth, slot);
}

/* 2026-07-22 10:00 New York; monthlies: SPX 2026-08-21, VX 2026-08-19. */
static inline void market_open(market *m, const vw_portfolio *portfolio, uint64_t out_depth)
{
    memset(m, 0, sizeof *m);
    m->market_ns = vw_calendar_ns(20260722, 36000);
    m->now_ns = m->market_ns + 1000;
    m->in = market_ring(IN_DEPTH, sizeof(vw_event));
    m->futures_in = market_ring(IN_DEPTH, sizeof(vw_event));
    m->out = market_ring(out_depth, sizeof(vw_update));
    m->updates = malloc(UPDATES_MAX * sizeof *m->updates);
    m->config = (vw_engine_config){.instruments_max = 4096,
                                   .expiries_max = 16,
                                   .strikes_max = 512,
                                   .events_per_poll = 1024,
                                   .cut_interval_ns = 1000000000,
                                   .refresh_ns = 5000000000,
                                   .calendar = &m->calendar,
                                   .kernels = vw_kernels_get(NULL),
                                   .portfolio = portfolio,
                                   .in = {m->in, m->futures_in},
                                   .in_count = 2,
                                   .out = m->out,
                                   .counters = &m->counters};
    m->engine = vw_engine_init(market_memory(vw_engine_size(&m->config)), &m->config);
}

/* Begins anew with another set of kernels. */
static inline void market_use(market *m, const vw_kernels *kernels)
{
    m->config.kernels = kernels;
    vw_engine_init(m->engine, &m->config);
}

static inline void market_close(market *m)
{
    free(m->engine);
    free(m->in);
    free(m->futures_in);
    free(m->out);
    free(m->updates);
}

/* Puts one event in, stamped now; feed 1 goes by the futures' ring. */
static inline void market_send(market *m, vw_event event)
{
    vw_ring *ring = event.feed == 1 ? m->futures_in : m->in;
    vw_event *slot = vw_ring_reserve(ring);

    assert_non_null(slot);
    event.exchange_ns = m->market_ns;
    event.receive_ns = m->now_ns;
    event.sequence = ++m->sequence;
    *slot = event;
    vw_ring_commit(ring);
}

static inline void market_define(market *m, uint32_t number, const char *root, uint32_t expiry,
                                 char type, double strike)
{
    vw_event event = {.kind = VW_EVENT_DEFINITION, .instrument = number, .feed = type == 'F'};

    memcpy(event.definition.root, root, strlen(root));
    event.definition.expiry = expiry;
    event.definition.type = type;
    event.definition.strike = llround(strike * 10000);
    market_send(m, event);
}

/* A quote in points; 0 is an empty side. */
static inline void market_quote(market *m, uint32_t number, uint8_t feed, double bid, double ask)
{
    vw_event event = {.kind = VW_EVENT_QUOTE, .instrument = number, .feed = feed};

    event.quote.bid = bid > 0 ? llround(bid * 10000) : VW_PRICE_NONE;
    event.quote.ask = ask > 0 ? llround(ask * 10000) : VW_PRICE_NONE;
    event.quote.bid_size = bid > 0 ? 10 : 0;
    event.quote.ask_size = ask > 0 ? 20 : 0;
    market_send(m, event);
}

static inline void market_unit(market *m, uint8_t feed, uint8_t unit, vw_unit_state state)
{
    vw_event event = {
        .kind = VW_EVENT_UNIT, .instrument = VW_INSTRUMENT_NONE, .feed = feed, .unit = unit};

    event.unit_change.state = (uint8_t)state;
    event.unit_change.missed = 3;
    event.unit_change.first = 17;
    market_send(m, event);
}

static inline void market_collect(market *m)
{
    const vw_update *update;

    while ((update = vw_ring_peek(m->out)) != NULL) {
        assert_true(m->count < UPDATES_MAX);
        m->updates[m->count++] = *update;
        vw_ring_release(m->out);
    }
}

/* Polls and collects until nothing happens any more. */
static inline void market_run(market *m)
{
    while (vw_engine_poll(m->engine, m->now_ns) > 0) {
        market_collect(m);
    }
}

/* Lets both clocks go on, and says so to the engine. */
static inline void market_pass(market *m, int64_t ns)
{
    m->market_ns += ns;
    m->now_ns += ns;
    market_send(m, (vw_event){.kind = VW_EVENT_TIME, .instrument = VW_INSTRUMENT_NONE});
    market_run(m);
}

static inline void market_forget(market *m)
{
    m->count = 0;
}

/* The newest row of a kind; number picks the series of GREEKS rows. */
static inline const vw_update *market_last(const market *m, vw_update_kind kind, uint32_t number)
{
    for (size_t i = m->count; i-- > 0;) {
        const vw_update *update = &m->updates[i];

        if (update->kind == kind &&
            (kind != VW_UPDATE_GREEKS || update->greeks.instrument == number)) {
            return update;
        }
    }
    return NULL;
}

static inline size_t market_count(const market *m, vw_update_kind kind)
{
    size_t count = 0;

    for (size_t i = 0; i < m->count; i++) {
        count += m->updates[i].kind == kind;
    }
    return count;
}

static inline double market_black(double forward, double strike, double years, double vol,
                                  double discount, char type)
{
    double price, side = type == 'C' ? 1 : -1;
    const vw_black_inputs in = {.forward = &forward,
                                .strike = &strike,
                                .years = &years,
                                .vol = &vol,
                                .discount = &discount,
                                .side = &side};

    vw_black(&in, &(vw_black_outputs){.price = &price}, 1);
    return price;
}

/* A chain of one vol: calls are numbered from first, puts from first + strikes. */
typedef struct market_chain {
    const char *root;
    uint32_t expiry;
    int64_t settlement_ns;
    double forward, discount, vol;
    double low, step;
    uint32_t first, strikes;
} market_chain;

static inline void market_define_chain(market *m, const market_chain *chain)
{
    for (uint32_t i = 0; i < chain->strikes; i++) {
        double strike = chain->low + i * chain->step;

        market_define(m, chain->first + i, chain->root, chain->expiry, 'C', strike);
        market_define(m, chain->first + chain->strikes + i, chain->root, chain->expiry, 'P',
                      strike);
    }
}

/* Quotes each series around its model price, at least 0.05 either side of it where there is room.
 * The quotes are as fine as the wire allows. */
static inline void market_quote_chain(market *m, const market_chain *chain)
{
    double years = vw_calendar_years(m->market_ns, chain->settlement_ns);

    for (uint32_t i = 0; i < 2 * chain->strikes; i++) {
        double strike = chain->low + (i % chain->strikes) * chain->step;
        double mid = market_black(chain->forward, strike, years, chain->vol, chain->discount,
                                  i < chain->strikes ? 'C' : 'P');
        double half = mid > 0.5 ? 0.05 : mid / 8;

        market_quote(m, chain->first + i, 0, mid - half, mid + half);
    }
}

#endif
