/* desk.h: a market with SPX and VIX options and three VX, for tests of what a live decision sees.
 */
#ifndef VW_TESTS_ENGINE_DESK_H
#define VW_TESTS_ENGINE_DESK_H

#include "core/engine/control.h"
#include "core/engine/state.h"
#include "core/hedge/decision.h"

#include "tests/core/engine/market.h"

/* 2026-07-22 10:00; SPX options of 2026-08-21 and 07-29; VX and VIX options of three months. */
enum { VX1 = 1, VX2, VX3, SPX_FIRST = 1000, WEEK_FIRST = 1200, VIX_FIRST = 2000, VIX_STEP = 200 };

static const int64_t MS = 1000000;
static const uint32_t MONTHS[] = {20260819, 20260916, 20261021};

typedef struct desk {
    market m;
    vw_hedge_settings settings;
    vw_user_inputs user;
    vw_portfolio book;
    vw_hedge_close closes[50];
    size_t close_count;
    double vx[3], vol, week_vol, vix_vol; /* of SPX, of its nearest expiry, of VIX */
} desk;

static inline void desk_clear(desk *d)
{
    const vw_condor condor = {.root = "SPX",
                              .expiry = 20260821,
                              .put_wing = 6000,
                              .put_short = 6100,
                              .call_short = 6800,
                              .call_wing = 6900,
                              .contracts = 100};

    memset(d, 0, sizeof *d);
    d->settings = vw_hedge_defaults;
    vw_user_inputs_clear(&d->user);
    d->user.vix = 20;
    memcpy(d->vx, (double[]){20, 19.4, 19.2}, sizeof d->vx);
    d->vol = d->week_vol = 0.16;
    d->vix_vol = 0.9;
    snprintf(d->book.book, sizeof d->book.book, "test");
    assert_int_equal(vw_portfolio_add_condor(&d->book, &condor, NULL), VW_OK);
}

static inline market_chain spx_chain(const desk *d, uint32_t expiry, double vol, uint32_t first)
{
    return (market_chain){.root = "SPX",
                          .expiry = expiry,
                          .settlement_ns =
                              vw_calendar_settlement_ns(&d->m.calendar, "SPX", expiry, 0),
                          .forward = 6450,
                          .discount = 1,
                          .vol = vol,
                          .low = 5500,
                          .step = 25,
                          .first = first,
                          .strikes = 76};
}

static inline market_chain vix_chain(const desk *d, size_t month)
{
    return (market_chain){.root = "VIX",
                          .expiry = MONTHS[month],
                          .settlement_ns =
                              vw_calendar_settlement_ns(&d->m.calendar, "VIX", MONTHS[month], 'A'),
                          .forward = d->vx[month],
                          .discount = 1,
                          .vol = d->vix_vol,
                          .low = 10,
                          .step = 1,
                          .first = VIX_FIRST + VIX_STEP * (uint32_t)month,
                          .strikes = 60};
}

static inline void quote_futures(desk *d)
{
    for (size_t i = 0; i < 3; i++) {
        market_quote(&d->m, VX1 + (uint32_t)i, 1, d->vx[i] - 0.025, d->vx[i] + 0.025);
    }
}

static inline void quote_all(desk *d)
{
    market_chain chain = spx_chain(d, 20260821, d->vol, SPX_FIRST);
    market_chain week = spx_chain(d, 20260729, d->week_vol, WEEK_FIRST);

    market_quote_chain(&d->m, &chain);
    market_quote_chain(&d->m, &week);
    for (size_t i = 0; i < 3; i++) {
        chain = vix_chain(d, i);
        market_quote_chain(&d->m, &chain);
    }
    quote_futures(d);
}

static inline void settle(desk *d)
{
    for (int i = 0; i < 10; i++) { /* forwards, cuts, smiles */
        market_pass(&d->m, 500 * MS);
    }
    quote_futures(d);
    market_pass(&d->m, 1100 * MS);
}

static inline void desk_open(desk *d)
{
    market_chain chain;

    market_open(&d->m, &d->book, 16384);
    free(d->m.engine);
    d->m.config.settings = &d->settings;
    d->m.config.user = &d->user;
    d->m.config.closes = d->closes;
    d->m.config.close_count = d->close_count;
    d->m.engine = vw_engine_init(market_memory(vw_engine_size(&d->m.config)), &d->m.config);
    for (size_t i = 0; i < 3; i++) {
        market_define(&d->m, VX1 + (uint32_t)i, "VX", MONTHS[i], 'F', 0);
        chain = vix_chain(d, i);
        market_define_chain(&d->m, &chain);
    }
    chain = spx_chain(d, 20260821, d->vol, SPX_FIRST);
    market_define_chain(&d->m, &chain);
    chain = spx_chain(d, 20260729, d->week_vol, WEEK_FIRST);
    market_define_chain(&d->m, &chain);
    quote_all(d);
    market_run(&d->m);
    settle(d);
}

static inline const vw_decision *decision_of(const desk *d)
{
    return &d->m.engine->desk->decision;
}

static inline const vw_hedge_instrument *find(const desk *d, vw_hedge_kind kind, uint32_t expiry,
                                              double strike, const vw_decision_leg **leg)
{
    const vw_hedge_inputs *inputs = &d->m.engine->desk->inputs;

    *leg = NULL;
    for (size_t i = 0; i < inputs->instrument_count; i++) {
        const vw_hedge_instrument *one = &inputs->instruments[i];

        if (one->kind == kind && one->expiry == expiry && one->strike == strike) {
            *leg = &decision_of(d)->legs[i];
            return one;
        }
    }
    fail_msg("no %s of %u at %g", vw_kind_name(kind), expiry, strike);
    return NULL;
}

static inline const vw_proposal *proposal_for(const desk *d, vw_reason reason)
{
    for (size_t i = 0; i < decision_of(d)->proposal_count; i++) {
        if (decision_of(d)->proposals[i].reason == reason) {
            return &decision_of(d)->proposals[i];
        }
    }
    return NULL;
}

static inline bool says(const desk *d, vw_reason reason)
{
    return (decision_of(d)->reasons >> reason & 1) != 0;
}

#endif
