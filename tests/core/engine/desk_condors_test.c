#include "core/engine/control.h"
#include "core/engine/state.h"

#include "tests/core/engine/market.h"

/* 2026-07-22 10:00; a condor of 2026-08-21, 30 days on; SPXW of 2026-09-11, 51 days on; all of a
 * flat 16 vol. */
enum { VX1 = 1, VX2, AUGUST = 1000, SEPTEMBER = 2000, ENTRY = 3000, STRIKES = 77 };
enum { ENTRY_DATE = 20260911 };

static const vw_condor CONDOR = {.root = "SPX",
                                 .expiry = 20260821,
                                 .put_wing = 6000,
                                 .put_short = 6100,
                                 .call_short = 6800,
                                 .call_wing = 6900,
                                 .contracts = 100,
                                 .entry = {.credit = 50}};

typedef struct desk {
    market m;
    vw_portfolio book;
    vw_user_inputs user;
    market_chain chains[3];
} desk;

static market_chain chain_of(const market *m, const char *root, uint32_t expiry, uint32_t first)
{
    int64_t settlement_ns = vw_calendar_settlement_ns(&m->calendar, root, expiry, 0);

    return (market_chain){.root = root,
                          .expiry = expiry,
                          .settlement_ns = settlement_ns,
                          .forward = 6450,
                          .discount = exp(-0.04 * vw_calendar_years(m->market_ns, settlement_ns)),
                          .vol = 0.16,
                          .low = 5500,
                          .step = 25,
                          .first = first,
                          .strikes = STRIKES};
}

/* A condor's book, VIX at 20, and nothing asked. */
static void stage(desk *d)
{
    memset(d, 0, sizeof *d);
    assert_int_equal(vw_portfolio_add_condor(&d->book, &CONDOR, NULL), VW_OK);
    vw_user_inputs_clear(&d->user);
    d->user.vix = 20;
}

/* History as a year's closes would leave it: VIX rising or falling at the end, breadth weak or not.
 */
static void add_history(vw_hedge_close *closes, double vix_step, double advances)
{
    for (uint32_t i = 0; i < 48; i++) {
        double along = i > 40 ? i - 40.0 : 0;

        closes[i] = (vw_hedge_close){.session = 20260501 + i,
                                     .spx = 6300 + 3 * i,
                                     .vix = 20 + vix_step * along,
                                     .advances_declines = advances,
                                     .vol_of_vol = NAN,
                                     .atm_vol_30 = NAN,
                                     .atm_vol_7 = NAN};
    }
}

static void quote_futures(market *m)
{
    market_quote(m, VX1, 1, 19.975, 20.025);
    market_quote(m, VX2, 1, 19.375, 19.425);
}

static void open_desk(desk *d, const vw_hedge_close *closes, size_t close_count)
{
    market *m = &d->m;

    market_open(m, NULL, 8192);
    free(m->engine);
    m->config.portfolio = &d->book;
    m->config.settings = &vw_hedge_defaults;
    m->config.user = &d->user;
    m->config.closes = closes;
    m->config.close_count = close_count;
    m->engine = vw_engine_init(market_memory(vw_engine_size(&m->config)), &m->config);
    d->chains[0] = chain_of(m, "SPX", 20260821, AUGUST);
    d->chains[1] = chain_of(m, "SPX", 20260918, SEPTEMBER);
    d->chains[2] = chain_of(m, "SPXW", ENTRY_DATE, ENTRY);
    market_define(m, VX1, "VX", 20260819, 'F', 0);
    market_define(m, VX2, "VX", 20260916, 'F', 0);
}

static void list_chain(desk *d, size_t i)
{
    market_define_chain(&d->m, &d->chains[i]);
    market_quote_chain(&d->m, &d->chains[i]);
    quote_futures(&d->m);
    market_run(&d->m);
}

/* Forwards, cuts, smiles, and a round of everything; then one decision more. */
static const vw_decision *decide(desk *d)
{
    for (int i = 0; i < 12; i++) {
        market_pass(&d->m, 500000000);
    }
    quote_futures(&d->m);
    market_pass(&d->m, 1100000000);
    return &d->m.engine->desk->decision;
}

static const vw_hedge_inputs *inputs_of(const desk *d)
{
    return &d->m.engine->desk->inputs;
}

static const vw_proposal *proposal_of(const vw_decision *decision, vw_reason reason)
{
    for (size_t i = 0; i < decision->proposal_count; i++) {
        if (decision->proposals[i].reason == reason) {
            return &decision->proposals[i];
        }
    }
    return NULL;
}

static bool warns(const vw_decision *decision, vw_warning warning)
{
    return (decision->warnings >> warning & 1) != 0;
}

static double years_left(const desk *d, size_t chain)
{
    return vw_calendar_years(d->m.market_ns, d->chains[chain].settlement_ns);
}

static double price_now(const desk *d, size_t chain, char type, double strike)
{
    const market_chain *of = &d->chains[chain];

    return market_black(6450, strike, years_left(d, chain), 0.16, of->discount, type);
}

static void send_user(desk *d)
{
    assert_true(vw_control_send(d->m.in, VW_CONTROL_INPUTS, &d->user, sizeof d->user, d->m.now_ns));
}

/* ---- rule 14 -------------------------------------------------------------------------------- */

static void a_new_condor_is_proposed_from_the_live_chain_while_asked(void **state)
{
    desk d;

    (void)state;
    stage(&d);
    open_desk(&d, NULL, 0);
    for (size_t i = 0; i < 3; i++) {
        list_chain(&d, i);
    }
    const vw_decision *decision = decide(&d);

    assert_null(inputs_of(&d)->entry); /* not even priced */
    assert_null(proposal_of(decision, VW_REASON_ENTRY));
    d.user.entry_asked = 1;
    send_user(&d);
    decision = decide(&d);
    const vw_entry_chain *chain = inputs_of(&d)->entry;

    assert_non_null(chain);
    assert_string_equal(chain->root, "SPXW");
    assert_int_equal(chain->expiry, ENTRY_DATE);
    assert_int_equal(chain->days, 51);
    assert_int_equal(chain->count, STRIKES);
    for (size_t i = 12; i < 65; i++) { /* 5800 to 7100 */
        assert_near(chain->call[i], price_now(&d, 2, 'C', chain->strike[i]), 0.05);
        assert_near(chain->put[i], price_now(&d, 2, 'P', chain->strike[i]), 0.05);
    }
    const vw_proposal *entry = proposal_of(decision, VW_REASON_ENTRY);

    assert_non_null(entry);
    assert_int_equal(entry->step_count, 4);
    double credit = 0, delta = 0, years = years_left(&d, 2);

    for (size_t i = 0; i < 4; i++) {
        const vw_proposal_step *step = &entry->steps[i];
        double d1 = log(6450 / step->strike) / (0.16 * sqrt(years)) + 0.08 * sqrt(years);

        assert_int_equal(step->expiry, ENTRY_DATE);
        credit -= step->contracts * price_now(&d, 2, step->type, step->strike);
        delta += step->contracts * (0.5 * erfc(-d1 / sqrt(2)) - (step->type == 'P'));
    }
    assert_near(entry->cash_usd, 100 * credit, 5);
    assert_near(delta, 0, vw_hedge_defaults.entry_delta);
    double lower = log(6450 / (entry->steps[2].strike - credit)) / (0.16 * sqrt(years));
    double upper = log((entry->steps[3].strike + credit) / 6450) / (0.16 * sqrt(years));

    assert_true(lower > 0.95 && lower < 1.5 && upper > 1 && upper < 1.55);
    d.user.entry_asked = 0;
    send_user(&d);
    assert_null(proposal_of(decide(&d), VW_REASON_ENTRY));
    market_close(&d.m);
}

static void after_an_fomc_decision_nobody_needs_to_ask(void **state)
{
    desk d;

    (void)state;
    stage(&d);
    d.user.events[0] = (vw_announcement){vw_calendar_ns(20260722, 36000) - INT64_C(1200000000000),
                                         VW_ANNOUNCEMENT_FOMC}; /* 20 minutes ago */
    d.user.event_count = 1;
    open_desk(&d, NULL, 0);
    list_chain(&d, 0);
    list_chain(&d, 2);
    assert_non_null(proposal_of(decide(&d), VW_REASON_ENTRY));
    market_unit(&d.m, 0, 0, VW_UNIT_GAP); /* every quote stale: no new risk on an old forward */
    for (int i = 0; i < 3; i++) {
        market_pass(&d.m, 6000000000);
    }
    const vw_decision *decision = decide(&d);

    assert_null(inputs_of(&d)->entry);
    assert_null(proposal_of(decision, VW_REASON_ENTRY));
    market_close(&d.m);
}

static void an_expiry_of_other_days_is_no_chain_for_a_new_condor(void **state)
{
    desk d;

    (void)state;
    stage(&d);
    d.user.entry_asked = 1;
    open_desk(&d, NULL, 0);
    list_chain(&d, 0); /* 30 days */
    assert_null(proposal_of(decide(&d), VW_REASON_ENTRY));
    assert_null(inputs_of(&d)->entry);
    list_chain(&d, 1); /* 58 days */
    decide(&d);
    assert_int_equal(inputs_of(&d)->entry->expiry, 20260918);
    list_chain(&d, 2); /* 51: nearer to seven weeks and the Friday after */
    decide(&d);
    assert_int_equal(inputs_of(&d)->entry->expiry, ENTRY_DATE);
    market_close(&d.m);
}

/* ---- rule 13 -------------------------------------------------------------------------------- */

static void a_wing_comes_nearer_at_what_the_live_chain_asks(void **state)
{
    vw_hedge_close closes[48];
    desk d;

    (void)state;
    stage(&d);
    add_history(closes, 0.8, -100);
    open_desk(&d, closes, 48);
    list_chain(&d, 0);
    const vw_decision *decision = decide(&d);
    const vw_hedge_condor *condor = &inputs_of(&d)->condors[0];
    const vw_proposal *wing = proposal_of(decision, VW_REASON_WING_NEARER);

    assert_near(condor->put.strike_nearer, 6025, 0);
    assert_near(condor->put.strike_back, 5975, 0);
    assert_near(condor->call.strike_nearer, 6875, 0);
    assert_near(condor->call.strike_back, 6925, 0);
    assert_non_null(wing);
    double cost = 1e4 * (price_now(&d, 0, 'P', 6025) - price_now(&d, 0, 'P', 6000));

    assert_near(condor->put.cost_nearer_usd, cost, 100);
    assert_near(wing->cash_usd, -cost, 100);
    assert_near(wing->steps[0].strike, 6025, 0);
    assert_near(wing->steps[0].contracts, 100, 0);
    assert_near(wing->steps[1].strike, 6000, 0);
    market_close(&d.m);
}

static void a_wing_that_was_moved_goes_back_one_strike(void **state)
{
    vw_hedge_close closes[48];
    vw_condor moved = CONDOR;
    desk d;

    (void)state;
    stage(&d);
    add_history(closes, -0.8, 100);
    open_desk(&d, closes, 48);
    list_chain(&d, 0);
    assert_null(proposal_of(decide(&d), VW_REASON_WING_BACK));
    moved.put_wing = 6050;
    memset(&d.book, 0, sizeof d.book);
    assert_int_equal(vw_portfolio_add_condor(&d.book, &moved, NULL), VW_OK);
    assert_true(vw_control_send(d.m.in, VW_CONTROL_BOOK, &d.book, sizeof d.book, d.m.now_ns));
    const vw_proposal *wing = proposal_of(decide(&d), VW_REASON_WING_BACK);

    assert_non_null(wing);
    assert_near(wing->steps[0].strike, 6025, 0);
    double cost = 1e4 * (price_now(&d, 0, 'P', 6025) - price_now(&d, 0, 'P', 6050));

    assert_near(wing->cash_usd, -cost, 100);
    assert_true(cost < 0);
    market_close(&d.m);
}

/* ---- rule 6 --------------------------------------------------------------------------------- */

static void inverted_theta_rolls_into_the_next_listed_cycle(void **state)
{
    desk d;

    (void)state;
    stage(&d);
    d.book.condors[0].entry.short_decay = 10; /* so that now it has slowed, and the wings' not */
    d.book.condors[0].entry.wing_decay = 1e-9;
    open_desk(&d, NULL, 0);
    list_chain(&d, 0);
    const vw_decision *decision = decide(&d);

    assert_true(decision->condors[0].theta_inverted);
    assert_int_equal(inputs_of(&d)->condors[0].next_expiry, 0); /* not listed */
    assert_null(proposal_of(decision, VW_REASON_THETA_INVERTED));
    market_define(&d.m, 4001, "SPX", 20260918, 'C', 6000); /* one strike, half of it */
    decide(&d);
    assert_int_equal(inputs_of(&d)->condors[0].next_expiry, 0);
    list_chain(&d, 1);
    const vw_proposal *roll = proposal_of(decide(&d), VW_REASON_THETA_INVERTED);

    assert_int_equal(inputs_of(&d)->condors[0].next_expiry, 20260918);
    assert_non_null(roll);
    assert_int_equal(roll->steps[0].expiry, 20260918);
    assert_near(roll->steps[0].strike, 6000, 0);
    assert_near(roll->steps[0].contracts, 100, 0);
    assert_int_equal(roll->steps[2].expiry, 20260821);
    market_close(&d.m);
}

/* ---- S8 ------------------------------------------------------------------------------------- */

/* Quotes a put higher, so that it can be sold for more than the others' forward says. */
static void lift_put(desk *d, size_t chain, uint32_t at, double points)
{
    const market_chain *of = &d->chains[chain];
    double strike = of->low + at * of->step, mid = price_now(d, chain, 'P', strike);

    market_quote(&d->m, of->first + of->strikes + at, 0, mid + points - 0.05, mid + points + 0.05);
    market_run(&d->m);
}

static void the_best_residual_of_the_live_chain_is_found_and_passes(void **state)
{
    const vw_signal *signal;
    desk d;

    (void)state;
    stage(&d);
    open_desk(&d, NULL, 0);
    for (size_t i = 0; i < 3; i++) {
        list_chain(&d, i);
    }
    signal = &decide(&d)->signals.of[VW_SIGNAL_ARBITRAGE];
    assert_int_equal(signal->flags & VW_SIGNAL_ABSENT, 0);
    assert_near(signal->value, 0, 0);
    lift_put(&d, 2, 36, 1); /* 6400 of ENTRY: reversal, 1 - 0.1 of bids and asks */
    lift_put(&d, 1, 40, 0.5);
    decide(&d);
    assert_near(signal->value, 90, 2);
    assert_int_equal(signal->flags & VW_SIGNAL_FLAGGED, 0);
    lift_put(&d, 2, 36, 0);
    decide(&d);
    assert_near(signal->value, 40, 2);
    lift_put(&d, 1, 40, 0);
    lift_put(&d, 0, 20, 0.6); /* 6000: the condor's put wing */
    decide(&d);
    double doubt = 2e-3 * years_left(&d, 0) * 450; /* what a rate 10 bp off may explain, twice */

    assert_near(signal->value, 50 - 100 * doubt, 1);
    assert_int_equal(signal->flags & VW_SIGNAL_FLAGGED, VW_SIGNAL_FLAGGED);
    assert_near(inputs_of(&d)->condors[0].wing_residual_usd, 1e4 * (0.5 - doubt), 100);
    lift_put(&d, 0, 20, 0);
    decide(&d);
    assert_near(signal->value, 0, 0);
    assert_int_equal(signal->flags & VW_SIGNAL_FLAGGED, 0);
    market_close(&d.m);
}

static void without_a_chain_the_residual_is_absent(void **state)
{
    desk d;

    (void)state;
    stage(&d);
    open_desk(&d, NULL, 0);
    quote_futures(&d.m);
    market_run(&d.m);
    assert_int_equal(decide(&d)->signals.of[VW_SIGNAL_ARBITRAGE].flags & VW_SIGNAL_ABSENT,
                     VW_SIGNAL_ABSENT);
    market_close(&d.m);
}

/* ---- legs ----------------------------------------------------------------------------------- */

static void add_leg(desk *d, const char *root, char type, uint32_t expiry, double strike,
                    double contracts)
{
    vw_leg leg = {.type = type, .expiry = expiry, .strike = strike, .contracts = contracts};

    memcpy(leg.root, root, strlen(root));
    assert_int_equal(vw_portfolio_add_hedge(&d->book, &leg, NULL), VW_OK);
}

static void a_leg_that_no_feed_has_is_said_and_holds(void **state)
{
    const vw_decision *decision;
    desk d;

    (void)state;
    stage(&d);
    add_leg(&d, "VX", 'F', 20261021, 0, 10);
    open_desk(&d, NULL, 0);
    list_chain(&d, 0);
    decision = decide(&d);
    assert_true(warns(decision, VW_WARNING_LEG_UNPRICED));
    assert_true(decision->held);
    assert_int_equal(inputs_of(&d)->legs_unpriced, 1);
    const vw_update *row = market_last(&d.m, VW_UPDATE_DECISION, 0); /* as `watch` gets it */

    assert_true((row->decision.warnings >> VW_WARNING_LEG_UNPRICED & 1) != 0);
    market_define(&d.m, 3, "VX", 20261021, 'F', 0);
    decide(&d);
    assert_true(decision->held); /* defined, and still no price */
    market_quote(&d.m, 3, 1, 19.2, 19.3);
    decide(&d);
    assert_false(warns(decision, VW_WARNING_LEG_UNPRICED));
    assert_false(decision->held);
    market_close(&d.m);
}

static void what_has_expired_is_not_waited_for(void **state)
{
    vw_condor july = CONDOR;
    desk d;

    (void)state;
    stage(&d);
    july.expiry = 20260717;
    assert_int_equal(vw_portfolio_add_condor(&d.book, &july, NULL), VW_OK);
    add_leg(&d, "VX", 'F', 20260617, 0, 10);
    open_desk(&d, NULL, 0);
    list_chain(&d, 0);
    const vw_decision *decision = decide(&d);

    assert_false(warns(decision, VW_WARNING_LEG_UNPRICED));
    assert_false(warns(decision, VW_WARNING_INPUT_REFUSED));
    assert_false(decision->held);
    assert_int_equal(decision->condor_count, 1);
    market_close(&d.m);
}

static void a_condor_in_no_chain_is_said(void **state)
{
    desk d;

    (void)state;
    stage(&d);
    open_desk(&d, NULL, 0);
    list_chain(&d, 1);
    const vw_decision *decision = decide(&d);

    assert_true(warns(decision, VW_WARNING_LEG_UNPRICED));
    assert_int_equal(inputs_of(&d)->legs_unpriced, 4);
    market_close(&d.m);
}

static void a_hedge_that_no_rule_trades_is_said_and_a_sold_option_called_naked(void **state)
{
    const vw_decision *decision;
    desk d;

    (void)state;
    stage(&d);
    add_leg(&d, "SPX", 'C', 20260821, 6500, 5);
    open_desk(&d, NULL, 0);
    list_chain(&d, 0);
    decision = decide(&d);
    assert_true(warns(decision, VW_WARNING_LEG_APART));
    assert_false(warns(decision, VW_WARNING_LEG_UNPRICED));
    assert_false(warns(decision, VW_WARNING_NAKED));
    assert_false(decision->held);
    add_leg(&d, "SPX", 'P', 20260821, 6000, -5);
    assert_true(vw_control_send(d.m.in, VW_CONTROL_BOOK, &d.book, sizeof d.book, d.m.now_ns));
    decide(&d);
    assert_true(warns(decision, VW_WARNING_NAKED));
    add_leg(&d, "SPX", 'P', 20260821, 5900, 6); /* more of them: no spread of equal number */
    assert_true(vw_control_send(d.m.in, VW_CONTROL_BOOK, &d.book, sizeof d.book, d.m.now_ns));
    decide(&d);
    assert_false(warns(decision, VW_WARNING_NAKED));
    assert_true(warns(decision, VW_WARNING_LEG_APART));
    market_close(&d.m);
}

static void legs_of_a_spread_find_each_other(void **state)
{
    desk d;

    (void)state;
    stage(&d);
    add_leg(&d, "SPX", 'P', 20260821, 6000, -20);
    add_leg(&d, "SPX", 'P', 20260821, 5900, 20);
    open_desk(&d, NULL, 0);
    list_chain(&d, 0);
    const vw_decision *decision = decide(&d);
    const vw_hedge_instrument *spread = &inputs_of(&d)->instruments[0];

    assert_int_equal(spread->kind, VW_KIND_SPX_PUT_SPREAD);
    assert_near(spread->contracts, 20, 0);
    assert_near(spread->strike, 6000, 0);
    assert_near(spread->strike_far, 5900, 0);
    assert_near(spread->price, price_now(&d, 0, 'P', 6000) - price_now(&d, 0, 'P', 5900), 0.05);
    assert_false(warns(decision, VW_WARNING_LEG_APART));
    market_close(&d.m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_condor_is_proposed_from_the_live_chain_while_asked),
        cmocka_unit_test(after_an_fomc_decision_nobody_needs_to_ask),
        cmocka_unit_test(an_expiry_of_other_days_is_no_chain_for_a_new_condor),
        cmocka_unit_test(a_wing_comes_nearer_at_what_the_live_chain_asks),
        cmocka_unit_test(a_wing_that_was_moved_goes_back_one_strike),
        cmocka_unit_test(inverted_theta_rolls_into_the_next_listed_cycle),
        cmocka_unit_test(the_best_residual_of_the_live_chain_is_found_and_passes),
        cmocka_unit_test(without_a_chain_the_residual_is_absent),
        cmocka_unit_test(a_leg_that_no_feed_has_is_said_and_holds),
        cmocka_unit_test(what_has_expired_is_not_waited_for),
        cmocka_unit_test(a_condor_in_no_chain_is_said),
        cmocka_unit_test(legs_of_a_spread_find_each_other),
        cmocka_unit_test(a_hedge_that_no_rule_trades_is_said_and_a_sold_option_called_naked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
