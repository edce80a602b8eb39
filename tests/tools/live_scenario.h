/* live_scenario.h: one chain, twice: as the market of a scenario, and played into the engine as
 * quotes; what the policy is given must be the same. */
#ifndef VW_TESTS_TOOLS_LIVE_SCENARIO_H
#define VW_TESTS_TOOLS_LIVE_SCENARIO_H

#include "core/engine/state.h"
#include "feeds/chain.h"
#include "tools/scenario_inputs.h"
#include "tools/scenario_run.h"

#include "tests/core/engine/market.h"

enum { FUTURES = 60000 };

/* VX1 and VX2 of the scenario, quoted by the tick around their prices. */
static inline void quote_futures(market *m)
{
    market_quote(m, FUTURES, 1, 16.95, 17.05);
    market_quote(m, FUTURES + 1, 1, 17.25, 17.35);
}

static inline void quote_chain(market *m, const vw_chain *chain)
{
    for (uint32_t i = 0; i < chain->count; i++) {
        market_quote(m, i, 0, chain->rows[i].bid, chain->rows[i].ask);
        if (i % 4096 == 0) {
            market_run(m);
            market_forget(m);
        }
    }
}

/* No market time passes: the scenario's clock stands. */
static inline void wait(market *m, int seconds)
{
    for (int i = 0; i < seconds; i++) {
        m->now_ns += 1100000000;
        market_run(m);
        market_forget(m);
    }
}

/* Twice: the first time an expiry may be fitted before the one that its variance must not go below.
 * Then a round of S8 and of the indices. */
static inline void play(market *m, const vw_chain *chain)
{
    market_define(m, FUTURES, "VX", vw_desk_monthly(m->market_ns, 1), 'F', 0);
    market_define(m, FUTURES + 1, "VX", vw_desk_monthly(m->market_ns, 2), 'F', 0);
    for (uint32_t i = 0; i < chain->count; i++) {
        const vw_chain_row *row = &chain->rows[i];

        market_define(m, i, row->symbol.root, row->symbol.expiry, row->symbol.type,
                      (double)row->symbol.strike / 10000);
        if (i % 4096 == 0) {
            market_run(m);
        }
    }
    quote_chain(m, chain);
    wait(m, 16);
    quote_chain(m, chain);
    quote_futures(m);
    wait(m, 160);
}

/* The engine's, in the scenario's book and market. */
static inline void open_live(market *m, const vw_scenario *scenario, const vw_portfolio *book,
                             const vw_user_inputs *user)
{
    market_open(m, book, 65536);
    free(m->engine);
    m->market_ns = scenario->start_ns;
    m->now_ns = m->market_ns + 1000;
    m->config.instruments_max = FUTURES;
    m->config.expiries_max = 128;
    m->config.strikes_max = 1024;
    m->config.settings = &scenario->settings;
    m->config.user = user;
    m->engine = vw_engine_init(market_memory(vw_engine_size(&m->config)), &m->config);
}

static inline void compare_chains(const vw_entry_chain *live, const vw_entry_chain *said)
{
    assert_non_null(live);
    assert_non_null(said);
    assert_string_equal(live->root, said->root);
    assert_int_equal(live->expiry, said->expiry);
    assert_int_equal(live->days, said->days);
    assert_int_equal(live->count, said->count);
    assert_near(live->forward, said->forward, 1e-6);
    for (size_t i = 0; i < live->count; i++) {
        assert_near(live->strike[i], said->strike[i], 0);
        assert_near(live->call[i], said->call[i], 1e-6);
        assert_near(live->put[i], said->put[i], 1e-6);
        assert_near(live->call_delta[i], said->call_delta[i], 1e-9);
        assert_near(live->below[i], said->below[i], 1e-9);
    }
}

static inline void compare_wings(const vw_hedge_wing *live, const vw_hedge_wing *said)
{
    assert_near(live->strike_nearer, said->strike_nearer, 0);
    assert_near(live->strike_back, said->strike_back, 0);
    assert_true(live->strike_nearer > 0 && live->strike_back > 0);
    assert_near(live->cost_nearer_usd, said->cost_nearer_usd, 1e-2);
    assert_near(live->cost_back_usd, said->cost_back_usd, 1e-2);
}

static inline const vw_proposal *entry_of(const vw_decision *decision)
{
    for (size_t i = 0; i < decision->proposal_count; i++) {
        if (decision->proposals[i].reason == VW_REASON_ENTRY) {
            return &decision->proposals[i];
        }
    }
    return NULL;
}

static inline void compare(void *self, const vw_scenario_turn *turn)
{
    const vw_desk_state *desk = ((const market *)self)->engine->desk;
    const vw_hedge_inputs *live = &desk->inputs, *said = turn->inputs;
    const vw_proposal *asked = entry_of(&desk->decision), *same = entry_of(turn->decision);

    compare_chains(live->entry, said->entry);
    assert_int_equal(live->condor_count, said->condor_count);
    compare_wings(&live->condors[0].put, &said->condors[0].put);
    compare_wings(&live->condors[0].call, &said->condors[0].call);
    assert_near(live->condors[0].wing_residual_usd, said->condors[0].wing_residual_usd, 1e-3);
    assert_near(live->condors[0].z_lo, said->condors[0].z_lo, 1e-9);
    assert_near(live->condors[0].z_hi, said->condors[0].z_hi, 1e-9);
    assert_near(live->arbitrage_usd, said->arbitrage_usd, 1e-4);
    assert_near(live->vix.value, said->vix.value, 1e-6);
    assert_non_null(asked);
    assert_non_null(same);
    for (size_t i = 0; i < 4; i++) {
        assert_near(asked->steps[i].strike, same->steps[i].strike, 0);
    }
    assert_near(asked->cash_usd, same->cash_usd, 1e-3);
}

/* The scenario has a condor, and asks for a new one. */
static inline void live_scenario_compare(const char *file, const char *chain_file)
{
    vw_portfolio book = {.book = "test"};
    vw_scenario *scenario;
    vw_user_inputs user;
    vw_chain chain;
    vw_error error;
    market m;

    assert_int_equal(vw_scenario_read(file, NULL, &scenario, &error), VW_OK);
    assert_int_equal(vw_chain_read_at(chain_file, scenario->clock, NULL, &chain, &error), VW_OK);
    assert_true(chain.count < FUTURES);
    vw_condor condor = scenario->begin.moment.condors[0].position;

    condor.entry = (vw_condor_entry){.credit = condor.entry.credit};
    assert_int_equal(vw_portfolio_add_condor(&book, &condor, NULL), VW_OK);
    vw_user_inputs_clear(&user);
    user.entry_asked = 1;
    open_live(&m, scenario, &book, &user);
    play(&m, &chain);
    assert_int_equal(vw_scenario_run(scenario, compare, &m, &error), VW_OK);
    market_close(&m);
    vw_chain_free(&chain);
    vw_scenario_free(scenario);
}

#endif
