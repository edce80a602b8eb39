#include "core/engine/control.h"
#include "core/engine/state.h"
#include "core/hedge/decision.h"
#include "core/hedge/snapshot.h"
#include "core/hedge/state.h"

#include "tests/core/engine/market.h"

/* 2026-07-22 10:00; SPX options of 2026-08-21, 30 days on; VX of August and September. */
enum { VX1 = 1, VX2, CHAIN_FIRST = 1000 };

static const vw_condor CONDOR = {.root = "SPX",
                                 .expiry = 20260821,
                                 .put_wing = 6000,
                                 .put_short = 6100,
                                 .call_short = 6800,
                                 .call_wing = 6900,
                                 .contracts = 100};

static vw_portfolio one_condor(void)
{
    vw_portfolio book = {.book = "test"};

    assert_int_equal(vw_portfolio_add_condor(&book, &CONDOR, NULL), VW_OK);
    return book;
}

static market_chain chain_of(const market *m)
{
    return (market_chain){.root = "SPX",
                          .expiry = 20260821,
                          .settlement_ns =
                              vw_calendar_settlement_ns(&m->calendar, "SPX", 20260821, 'A'),
                          .forward = 6450,
                          .discount = 0.997,
                          .vol = 0.16,
                          .low = 5500,
                          .step = 50,
                          .first = CHAIN_FIRST,
                          .strikes = 38};
}

static void quote_futures(market *m, double one, double two)
{
    market_quote(m, VX1, 1, one - 0.025, one + 0.025);
    market_quote(m, VX2, 1, two - 0.025, two + 0.025);
}

/* An engine that decides; user may be NULL. */
static void open_deciding(market *m, const vw_portfolio *book, const vw_user_inputs *user)
{
    market_open(m, book, 8192);
    free(m->engine);
    m->config.settings = &vw_hedge_defaults;
    m->config.user = user;
    m->engine = vw_engine_init(market_memory(vw_engine_size(&m->config)), &m->config);
    market_chain chain = chain_of(m);

    market_define(m, VX1, "VX", 20260819, 'F', 0);
    market_define(m, VX2, "VX", 20260916, 'F', 0);
    market_define_chain(m, &chain);
    market_quote_chain(m, &chain);
    quote_futures(m, 20, 19.4);
    market_run(m);
    for (int i = 0; i < 8; i++) { /* forwards, cuts, smiles */
        market_pass(m, 500000000);
    }
    quote_futures(m, 20, 19.4);
    market_pass(m, 500000000);
}

static const vw_decision_row *last_decision(market *m)
{
    market_pass(m, 1100000000);
    const vw_update *update = market_last(m, VW_UPDATE_DECISION, 0);

    assert_non_null(update);
    return &update->decision;
}

static vw_user_inputs user_with_vix(double vix)
{
    vw_user_inputs user;

    vw_user_inputs_clear(&user);
    user.vix = vix;
    return user;
}

static void a_decision_comes_with_each_hedge_message(void **state)
{
    vw_user_inputs user = user_with_vix(20);
    vw_portfolio book = one_condor();
    market m;

    (void)state;
    open_deciding(&m, &book, &user);
    const vw_decision_row *decision = last_decision(&m);

    assert_int_equal(decision->regime, VW_REGIME_BACKWARDATION);
    assert_int_equal(decision->level, 2);
    assert_int_equal(decision->flags & VW_DECISION_HELD, 0);
    assert_near(decision->r_asked, 0.4 + 0.6 * 0.6 / 3, 1e-9);
    assert_near(decision->condor_v30, -26823, 400);
    assert_string_equal(decision->preset, "alvh");
    const vw_update *run = market_last(&m, VW_UPDATE_HEDGE, 0);

    assert_true(run->flags & VW_UPDATE_FIRST);
    assert_int_equal(m.updates[m.count - 1].flags & VW_UPDATE_LAST, VW_UPDATE_LAST);
    const vw_decision_condor_row *condor =
        &market_last(&m, VW_UPDATE_DECISION_CONDOR, 0)->decision_condor;

    assert_near(condor->z_lo, 1.22, 0.3);
    assert_int_equal(vw_counters_get(&m.counters, VW_COUNT_DECISIONS),
                     vw_counters_get(&m.counters, VW_COUNT_HEDGES));
    market_close(&m);
}

static void a_change_of_regime_is_decided_on_at_once(void **state)
{
    vw_user_inputs user = user_with_vix(20);
    vw_portfolio book = one_condor();
    market m;

    (void)state;
    open_deciding(&m, &book, &user);
    market_pass(&m, 1000000000);
    quote_futures(&m, 23.5, 20);
    market_pass(&m, 260000000);
    market_pass(&m, 260000000);
    const vw_decision_row *decision = &market_last(&m, VW_UPDATE_DECISION, 0)->decision;

    assert_int_equal(decision->regime, VW_REGIME_INVERTED);
    assert_near(decision->r_final, 1, 0);
    market_close(&m);
}

static void vix_is_computed_where_no_feed_has_it_or_is_absent(void **state)
{
    vw_portfolio book = one_condor();
    market m;

    (void)state;
    open_deciding(&m, &book, NULL); /* one expiry: the method needs two */
    const vw_decision_row *decision = last_decision(&m);

    assert_int_equal(decision->level, 2);
    assert_true((decision->reasons >> VW_REASON_HELD_ABSENT & 1) != 0);
    market_close(&m);
}

static bool is_held(market *m)
{
    return (last_decision(m)->flags & VW_DECISION_HELD) != 0;
}

static void vix_of_a_feed_or_of_the_user_is_stale_after_a_minute(void **state)
{
    vw_event index = {.kind = VW_EVENT_INDEX,
                      .instrument = VW_INSTRUMENT_NONE,
                      .index = {.name = "VIX", .bid = 180000, .ask = 180000}};
    vw_user_inputs user = user_with_vix(19);
    vw_portfolio book = one_condor();
    market m;

    (void)state;
    open_deciding(&m, &book, NULL);
    market_send(&m, index);
    assert_false(is_held(&m));
    assert_near(m.engine->desk->inputs.vix.value, 18, 1e-12);
    market_pass(&m, INT64_C(57) * 1000000000);
    assert_false(is_held(&m));
    assert_true(is_held(&m));
    assert_true(vw_control_send(m.in, VW_CONTROL_INPUTS, &user, sizeof user, m.now_ns));
    assert_false(is_held(&m));
    assert_near(m.engine->desk->inputs.vix.value, 19, 0);
    market_pass(&m, INT64_C(60) * 1000000000);
    assert_true(is_held(&m));
    market_send(&m, index); /* the feed comes first */
    assert_false(is_held(&m));
    assert_near(m.engine->desk->inputs.vix.value, 18, 1e-12);
    market_close(&m);
}

static void inputs_sent_while_running_count_from_then_on(void **state)
{
    vw_user_inputs user = user_with_vix(20), later = user_with_vix(20);
    vw_portfolio book = one_condor();
    market m;

    (void)state;
    open_deciding(&m, &book, &user);
    assert_int_equal(last_decision(&m)->flags & VW_DECISION_IN_EVENT, 0);
    later.events[0] = (vw_announcement){m.market_ns + 600000000000, VW_ANNOUNCEMENT_CPI};
    later.event_count = 1;
    assert_true(vw_control_send(m.in, VW_CONTROL_INPUTS, &later, sizeof later, m.now_ns));
    assert_int_equal(last_decision(&m)->flags & VW_DECISION_IN_EVENT, VW_DECISION_IN_EVENT);
    later.event_count = SIZE_MAX;
    assert_true(vw_control_send(m.in, VW_CONTROL_INPUTS, &later, sizeof later, m.now_ns));
    last_decision(&m);
    assert_int_equal(vw_counters_get(&m.counters, VW_COUNT_CONTROLS_REFUSED), 1);
    market_close(&m);
}

static void a_snapshot_waits_in_its_box_and_a_restart_goes_on_from_it(void **state)
{
    vw_user_inputs user = user_with_vix(20);
    vw_portfolio book = one_condor();
    unsigned char *bytes = malloc(vw_snapshot_size());
    market m;

    (void)state;
    assert_non_null(bytes);
    open_deciding(&m, &book, &user);
    assert_true(vw_snapshot_take(vw_engine_snapshot(m.engine), bytes));
    assert_false(vw_snapshot_take(vw_engine_snapshot(m.engine), bytes)); /* one a minute */
    for (int i = 0; i < 30; i++) {
        vw_vx_beta_add(&m.engine->variance.beta, 0, 28, i % 2 ? 0.6 : -0.6, i % 2 ? 1 : -1);
    }
    uint64_t before = last_decision(&m)->decision;

    vw_engine_snapshot_now(m.engine, bytes);
    market_close(&m);
    market_open(&m, &book, 8192);
    free(m.engine);
    m.config.settings = &vw_hedge_defaults;
    m.config.snapshot = bytes;
    m.config.snapshot_size = vw_snapshot_size();
    m.engine = vw_engine_init(market_memory(vw_engine_size(&m.config)), &m.config);
    market_define(&m, VX1, "VX", 20260819, 'F', 0);
    market_define(&m, VX2, "VX", 20260916, 'F', 0);
    quote_futures(&m, 20, 19.4);
    market_run(&m);
    assert_true(last_decision(&m)->decision > before);
    assert_near(vw_vx_beta_at(&m.engine->variance.beta, 0, 28).beta, 0.6, 1e-12);
    bytes[vw_snapshot_size() - 1] ^= 1; /* damaged: begun without, and said */
    vw_engine_init(m.engine, &m.config);
    assert_int_equal(vw_counters_get(&m.counters, VW_COUNT_SNAPSHOTS_REFUSED), 1);
    free(bytes);
    market_close(&m);
}

static void the_session_closes_once_fifteen_minutes_after_the_bell(void **state)
{
    vw_user_inputs user = user_with_vix(20);
    vw_portfolio book = one_condor();
    market m;

    (void)state;
    open_deciding(&m, &book, &user);
    assert_int_equal(last_decision(&m)->backwardation_closes, 0);
    market_pass(&m, INT64_C(22200) * 1000000000); /* 16:10 */
    assert_int_equal(last_decision(&m)->backwardation_closes, 0);
    market_pass(&m, INT64_C(600) * 1000000000);
    last_decision(&m);
    assert_int_equal(last_decision(&m)->backwardation_closes, 1);
    market_pass(&m, INT64_C(3600) * 1000000000);
    assert_int_equal(last_decision(&m)->backwardation_closes, 1);
    market_close(&m);
}

static void a_close_has_what_was_said_of_its_own_session(void **state)
{
    vw_user_inputs user = user_with_vix(20);
    vw_portfolio book = one_condor();
    market m;

    (void)state;
    user.advances = 350;
    open_deciding(&m, &book, &user);
    const vw_hedge_close *last = &m.engine->desk->policy->closes.last;

    market_pass(&m, INT64_C(23400) * 1000000000); /* 16:30 */
    last_decision(&m);
    assert_int_equal(last->session, 20260722);
    assert_near(last->advances_declines, 350, 0);
    assert_near(last->vix, 20, 0);
    market_pass(&m, INT64_C(86400) * 1000000000);
    last_decision(&m);
    assert_int_equal(last->session, 20260723);
    assert_true(isnan(last->advances_declines)); /* yesterday's */
    assert_true(isnan(last->vix));
    market_close(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_decision_comes_with_each_hedge_message),
        cmocka_unit_test(a_change_of_regime_is_decided_on_at_once),
        cmocka_unit_test(vix_is_computed_where_no_feed_has_it_or_is_absent),
        cmocka_unit_test(vix_of_a_feed_or_of_the_user_is_stale_after_a_minute),
        cmocka_unit_test(inputs_sent_while_running_count_from_then_on),
        cmocka_unit_test(a_snapshot_waits_in_its_box_and_a_restart_goes_on_from_it),
        cmocka_unit_test(the_session_closes_once_fifteen_minutes_after_the_bell),
        cmocka_unit_test(a_close_has_what_was_said_of_its_own_session),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
