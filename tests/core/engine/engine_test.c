#include "tests/core/engine/market.h"

static market_chain spx_chain(const market *m)
{
    return (market_chain){.root = "SPXW",
                          .expiry = 20260821,
                          .settlement_ns =
                              vw_calendar_settlement_ns(&m->calendar, "SPXW", 20260821, 'P'),
                          .forward = 6450,
                          .discount = 1,
                          .vol = 0.16,
                          .low = 5800,
                          .step = 25,
                          .first = 100,
                          .strikes = 53};
}

/* A chain that is defined, quoted and cut. */
static market_chain open_spx(market *m)
{
    market_chain chain = spx_chain(m);

    market_define_chain(m, &chain);
    market_quote_chain(m, &chain);
    market_run(m);
    market_pass(m, 1000000000);
    return chain;
}

static uint32_t call_at(const market_chain *chain, double strike)
{
    return chain->first + (uint32_t)lround((strike - chain->low) / chain->step);
}

static uint32_t put_at(const market_chain *chain, double strike)
{
    return call_at(chain, strike) + chain->strikes;
}

static const vw_greeks_row *row_of(const market *m, uint32_t number)
{
    const vw_update *update = market_last(m, VW_UPDATE_GREEKS, number);

    assert_non_null(update);
    return &update->greeks;
}

/* Every run is whole: first, rows of its kind, last; groups and definitions come before rows. */
static void check_runs(const market *m)
{
    static bool defined[4096];
    bool groups[64] = {false}, inside = false;

    memset(defined, 0, sizeof defined);
    for (size_t i = 0; i < m->count; i++) {
        const vw_update *update = &m->updates[i];

        assert_int_equal(inside, !(update->flags & VW_UPDATE_FIRST));
        inside = !(update->flags & VW_UPDATE_LAST);
        if (update->kind == VW_UPDATE_GROUP) {
            groups[update->group] = true;
        } else if (update->kind == VW_UPDATE_DEFINITION) {
            assert_true(groups[update->group]);
            defined[update->definition.instrument] = true;
        } else if (update->kind == VW_UPDATE_GREEKS) {
            assert_true(defined[update->greeks.instrument]);
        }
    }
    assert_false(inside);
}

static void limits_that_make_no_engine_have_no_size(void **state)
{
    vw_engine_config good = {.instruments_max = 16,
                             .expiries_max = 4,
                             .strikes_max = 8,
                             .events_per_poll = 4,
                             .cut_interval_ns = 1,
                             .refresh_ns = 1};
    vw_engine_config bad = good;

    (void)state;
    assert_true(vw_engine_size(&good) > 0);
    bad.instruments_max = 0;
    assert_int_equal(vw_engine_size(&bad), 0);
    bad = good;
    bad.strikes_max = 65537;
    assert_int_equal(vw_engine_size(&bad), 0);
    bad = good;
    bad.refresh_ns = 0;
    assert_int_equal(vw_engine_size(&bad), 0);
    bad = good;
    bad.in_count = VW_ENGINE_FEEDS_MAX + 1;
    assert_int_equal(vw_engine_size(&bad), 0);
}

static void a_group_and_its_series_are_defined_once_and_first(void **state)
{
    market m;
    market_chain chain;

    (void)state;
    market_open(&m, NULL, 4096);
    chain = open_spx(&m);
    market_define_chain(&m, &chain); /* the definition loop again */
    market_run(&m);
    assert_int_equal(market_count(&m, VW_UPDATE_GROUP), 1);
    assert_int_equal(market_count(&m, VW_UPDATE_DEFINITION), 2 * chain.strikes);
    const vw_group_row *group = &market_last(&m, VW_UPDATE_GROUP, 0)->of_group;

    assert_string_equal(group->root, "SPXW");
    assert_int_equal(group->expiry, 20260821);
    assert_int_equal(group->settlement, 'P');
    assert_true(group->settlement_ns == chain.settlement_ns);
    check_runs(&m);
    market_close(&m);
}

static void a_cut_recovers_forward_and_vol_of_a_flat_chain(void **state)
{
    market m;
    market_chain chain;

    (void)state;
    market_open(&m, NULL, 4096);
    chain = open_spx(&m);
    const vw_surface_row *surface = &market_last(&m, VW_UPDATE_SURFACE, 0)->surface;
    double years = vw_calendar_years(m.market_ns, chain.settlement_ns);

    assert_int_equal(surface->status, VW_STATUS_OK);
    assert_int_equal(surface->forward_source, VW_FORWARD_PARITY);
    assert_near(surface->forward, 6450, 1e-3);
    assert_near(surface->discount, 1, 1e-4);
    assert_near(surface->years, years, 0);
    assert_near(surface->atm_vol, 0.16, 2e-5);
    assert_near(surface->skew, 0, 1e-3);
    for (double strike = 6000; strike <= 6900; strike += 100) {
        const vw_greeks_row *call = row_of(&m, call_at(&chain, strike));
        const vw_greeks_row *put = row_of(&m, put_at(&chain, strike));

        assert_int_equal(call->status, VW_STATUS_OK);
        assert_int_equal(put->status, VW_STATUS_OK);
        assert_near(call->vol, 0.16, 5e-5);
        assert_near(put->vol, call->vol, 0); /* one vol a strike */
        assert_near(call->delta - put->delta, 1, 1e-12);
        assert_near(call->vega, put->vega, 1e-12 * call->vega);
        assert_true(call->bid_vol <= call->vol && call->vol <= call->ask_vol);
    }
    check_runs(&m);
    market_close(&m);
}

static void theta_is_told_by_the_calendar_and_by_the_trading_day(void **state)
{
    market m;
    market_chain chain;

    (void)state;
    market_open(&m, NULL, 4096);
    chain = open_spx(&m);
    const vw_greeks_row *row = row_of(&m, call_at(&chain, 6450));
    double clock = vw_calendar_variance_years(&m.calendar, m.market_ns, chain.settlement_ns);
    double years = vw_calendar_years(m.market_ns, chain.settlement_ns);
    double decay = -row->vega * 100 * row->vol / 2; /* per share of the time left, no rate here */

    assert_near(row->theta, decay / (365 * years), 1e-6 * fabs(row->theta));
    assert_near(row->theta_session, decay / (VW_CALENDAR_TRADING_YEAR * clock),
                1e-6 * fabs(row->theta_session));
    assert_true(row->theta_session < 1.2 * row->theta); /* a month has some 22 trading days */
    market_close(&m);
}

static void a_quote_is_repriced_at_once_and_marks_both_sides_of_its_strike(void **state)
{
    market m;
    market_chain chain;

    (void)state;
    market_open(&m, NULL, 4096);
    chain = open_spx(&m);
    market_forget(&m);
    market_quote(&m, call_at(&chain, 6600), 0, 61, 61.5);
    assert_int_equal(vw_engine_poll(m.engine, m.now_ns) > 0, true);
    market_collect(&m);
    assert_int_equal(m.count, 2);
    assert_int_equal(m.updates[0].flags, VW_UPDATE_FIRST);
    assert_int_equal(m.updates[1].flags, VW_UPDATE_LAST);
    const vw_greeks_row *call = &m.updates[0].greeks, *put = &m.updates[1].greeks;

    assert_int_equal(call->instrument, call_at(&chain, 6600));
    assert_int_equal(put->instrument, put_at(&chain, 6600));
    assert_int_equal(call->calc, VW_CALC_TICK);
    assert_int_equal(put->calc, VW_CALC_TICK);
    assert_near(call->bid, 61, 0);
    assert_near(call->price, 61.25, 1e-9); /* the vol of the mid gives the mid back */
    assert_near(put->vol, call->vol, 0);
    assert_int_equal(call->bid_size, 10);
    assert_int_equal(call->sequence, m.sequence);
    assert_int_equal(m.updates[0].receive_ns == m.now_ns, true);
    market_forget(&m);
    market_quote(&m, put_at(&chain, 6600), 0, 210, 212); /* in the money: no new vol */
    market_run(&m);
    assert_int_equal(m.count, 1);
    assert_int_equal(m.updates[0].flags, VW_UPDATE_FIRST | VW_UPDATE_LAST);
    assert_near(m.updates[0].greeks.ask, 212, 0);
    assert_near(m.updates[0].greeks.vol, call->vol, 0);
    market_close(&m);
}

static void of_waiting_quotes_only_the_newest_is_priced(void **state)
{
    market m;
    market_chain chain;

    (void)state;
    market_open(&m, NULL, 4096);
    chain = open_spx(&m);
    market_forget(&m);
    assert_int_equal(vw_counters_get(&m.counters, VW_COUNT_QUOTES_CONFLATED), 0);
    for (int i = 0; i < 10; i++) {
        market_quote(&m, put_at(&chain, 6300), 0, 40 + i, 41 + i);
    }
    market_run(&m);
    assert_int_equal(m.count, 2); /* put, and the call of the strike */
    assert_int_equal(vw_counters_get(&m.counters, VW_COUNT_QUOTES_CONFLATED), 9);
    assert_near(m.updates[0].greeks.bid, 49, 0);
    market_close(&m);
}

static void two_strikes_are_enough_to_follow_a_forward(void **state)
{
    market m;
    market_chain chain;

    (void)state;
    market_open(&m, NULL, 4096);
    chain = spx_chain(&m);
    chain.low = 6400;
    chain.step = 100;
    chain.strikes = 2;
    market_define_chain(&m, &chain);
    for (chain.forward = 6450; chain.forward < 6500; chain.forward += 10) {
        market_quote_chain(&m, &chain);
        market_run(&m);
        market_pass(&m, 1000000000);
        const vw_surface_row *surface = &market_last(&m, VW_UPDATE_SURFACE, 0)->surface;

        assert_near(surface->forward, chain.forward, 1e-3);
        assert_int_equal(surface->forward_source, VW_FORWARD_PARITY);
    }
    market_close(&m);
}

static void a_tick_and_a_cut_of_the_same_market_are_the_same_bits(void **state)
{
    market m;
    market_chain chain;

    (void)state;
    market_open(&m, NULL, 4096);
    chain = open_spx(&m);
    market_quote(&m, call_at(&chain, 6600), 0, 61, 61.5);
    market_run(&m);
    vw_greeks_row tick = *row_of(&m, call_at(&chain, 6600));

    market_forget(&m);
    m.now_ns += 6000000000; /* a refresh, at the same market time */
    market_run(&m);
    vw_greeks_row cut = *row_of(&m, call_at(&chain, 6600));
    const vw_surface_row *surface = &market_last(&m, VW_UPDATE_SURFACE, 0)->surface;

    assert_int_equal(cut.calc, VW_CALC_CUT);
    cut.calc = VW_CALC_TICK;
    if (surface->forward == 6450) {
        assert_memory_equal(&tick, &cut, sizeof tick);
    }
    assert_near(cut.delta, tick.delta, 1e-6);
    market_close(&m);
}

static void what_a_quote_lacks_comes_from_the_smile_and_is_marked(void **state)
{
    market m;
    market_chain chain;
    uint32_t call;

    (void)state;
    market_open(&m, NULL, 4096);
    chain = open_spx(&m);
    call = call_at(&chain, 6700);
    const vw_surface_row *surface = &market_last(&m, VW_UPDATE_SURFACE, 0)->surface;

    assert_int_equal(surface->model, VW_MODEL_NONE); /* fitted after the first cut */
    market_quote(&m, call, 0, 0, 30);
    market_run(&m);
    assert_int_equal(row_of(&m, call)->status, VW_STATUS_OK);
    assert_int_equal(row_of(&m, call)->quality, VW_QUOTE_ONE_SIDED | VW_QUOTE_INTERPOLATED);
    assert_near(row_of(&m, call)->vol, 0.16, 1e-3);
    assert_near(row_of(&m, call)->bid_vol, 0, 0);
    assert_true(row_of(&m, call)->ask_vol > 0);
    market_quote(&m, call, 0, 31, 30);
    market_run(&m);
    assert_int_equal(row_of(&m, call)->quality, VW_QUOTE_CROSSED | VW_QUOTE_INTERPOLATED);
    assert_near(row_of(&m, call)->ask_vol, 0, 0);
    market_quote(&m, call, 0, 0, 0);
    market_run(&m);
    assert_int_equal(row_of(&m, call)->quality, VW_QUOTE_ABSENT | VW_QUOTE_INTERPOLATED);
    market_quote(&m, call, 0, 29, 30);
    market_run(&m);
    assert_int_equal(row_of(&m, call)->status, VW_STATUS_OK);
    assert_int_equal(row_of(&m, call)->quality, 0);

    market_define(&m, 900, "SPXW", 20260821, 'C', 9000); /* beyond the last quote */
    market_quote(&m, 900, 0, 0, 0.05);
    market_run(&m);
    assert_int_equal(row_of(&m, 900)->status, VW_STATUS_OK);
    assert_int_equal(row_of(&m, 900)->quality, VW_QUOTE_ONE_SIDED | VW_QUOTE_EXTRAPOLATED);
    assert_true(row_of(&m, 900)->vol > 0);
    market_pass(&m, 1000000000);
    surface = &market_last(&m, VW_UPDATE_SURFACE, 0)->surface;
    assert_int_equal(surface->model, VW_MODEL_HKS);
    assert_true(surface->svi_sigma > 0);
    assert_true(surface->quotes > 20 && surface->inside == surface->quotes);
    assert_true(surface->butterfly_min_g > 0);
    market_close(&m);
}

static void a_smile_follows_its_quotes_between_cuts(void **state)
{
    market m;
    market_chain chain;
    uint32_t call;
    double before;

    (void)state;
    market_open(&m, NULL, 4096);
    chain = open_spx(&m);
    call = call_at(&chain, 6700);
    market_quote(&m, call, 0, 0, 30);
    market_run(&m);
    before = row_of(&m, call)->vol;
    market_pass(&m, 1000000);
    chain.vol = 0.17;
    market_quote_chain(&m, &chain);
    market_quote(&m, call, 0, 0, 30);
    market_run(&m);
    market_pass(&m, 1000000);
    market_forget(&m);
    market_quote(&m, call, 0, 0, 31);
    market_run(&m);
    assert_int_equal(market_count(&m, VW_UPDATE_SURFACE), 0);
    assert_near(before, 0.16, 1e-3);
    assert_near(row_of(&m, call)->vol, 0.17, 1e-3);
    assert_int_equal(row_of(&m, call)->quality, VW_QUOTE_ONE_SIDED | VW_QUOTE_INTERPOLATED);
    market_close(&m);
}

/* Too few strikes for a smile: the last vol is carried, or there is none. */
static void without_a_smile_the_last_vol_is_carried_and_marked(void **state)
{
    market m;
    market_chain chain;
    uint32_t call;

    (void)state;
    market_open(&m, NULL, 4096);
    chain = spx_chain(&m);
    chain.low = 6350;
    chain.step = 100;
    chain.strikes = 3;
    market_define_chain(&m, &chain);
    market_quote_chain(&m, &chain);
    market_run(&m);
    market_pass(&m, 1000000000);
    call = call_at(&chain, 6550);
    double vol = row_of(&m, call)->vol;

    assert_near(vol, 0.16, 1e-3);
    market_quote(&m, call, 0, 0, 30);
    market_run(&m);
    assert_int_equal(row_of(&m, call)->status, VW_STATUS_STALE);
    assert_int_equal(row_of(&m, call)->quality, VW_QUOTE_ONE_SIDED | VW_QUOTE_CARRIED);
    assert_near(row_of(&m, call)->vol, vol, 0);
    assert_true(row_of(&m, call)->delta > 0);

    market_define(&m, 900, "SPXW", 20260821, 'C', 7500); /* never had a vol */
    market_quote(&m, 900, 0, 0, 0.05);
    market_run(&m);
    assert_int_equal(row_of(&m, 900)->status, VW_STATUS_ONE_SIDED);
    assert_int_equal(row_of(&m, 900)->quality, VW_QUOTE_ONE_SIDED);
    assert_near(row_of(&m, 900)->vol, 0, 0);
    assert_near(row_of(&m, 900)->delta, 0, 0);
    assert_true(row_of(&m, 900)->ask_vol > 0);
    market_quote(&m, 900, 0, 0.1, 0.05);
    market_run(&m);
    assert_int_equal(row_of(&m, 900)->status, VW_STATUS_BAD_INPUT);
    market_quote(&m, 900, 0, 0, 0);
    market_run(&m);
    assert_int_equal(row_of(&m, 900)->status, VW_STATUS_NO_MARKET);
    assert_int_equal(row_of(&m, 900)->quality, VW_QUOTE_ABSENT);
    market_close(&m);
}

static void a_strike_that_comes_in_between_moves_its_neighbours(void **state)
{
    market m;
    market_chain chain;

    (void)state;
    market_open(&m, NULL, 4096);
    chain = open_spx(&m);
    double above = row_of(&m, call_at(&chain, 6625))->price;

    market_define(&m, 900, "SPXW", 20260821, 'C', 6610);
    market_quote(&m, 900, 0, 50, 51);
    market_quote(&m, call_at(&chain, 6625), 0, 40, 41);
    market_run(&m);
    assert_near(row_of(&m, 900)->price, 50.5, 1e-9);
    assert_near(row_of(&m, 900)->strike, 6610, 0);
    assert_near(row_of(&m, call_at(&chain, 6625))->price, 40.5, 1e-9);
    assert_true(above != 40.5);
    market_pass(&m, 1000000000);
    assert_near(row_of(&m, 900)->strike, 6610, 0);
    assert_near(row_of(&m, call_at(&chain, 6625))->strike, 6625, 0);
    check_runs(&m);
    market_close(&m);
}

static void a_gap_marks_every_series_of_its_unit_until_it_is_quoted_or_whole(void **state)
{
    market m;
    market_chain chain;

    (void)state;
    market_open(&m, NULL, 4096);
    chain = open_spx(&m);
    market_forget(&m);
    market_unit(&m, 0, 0, VW_UNIT_GAP);
    market_run(&m);
    const vw_unit_row *unit = &market_last(&m, VW_UPDATE_UNIT, 0)->of_unit;

    assert_int_equal(unit->series, 2 * chain.strikes);
    assert_int_equal(unit->state, VW_UNIT_GAP);
    assert_int_equal(unit->missed, 3);
    assert_int_equal(unit->first, 17);
    m.now_ns += 250000000; /* flags do not wait for the cut's interval */
    market_run(&m);
    assert_int_equal(market_count(&m, VW_UPDATE_GREEKS), 2 * chain.strikes);
    for (size_t i = 0; i < m.count; i++) {
        if (m.updates[i].kind == VW_UPDATE_GREEKS) {
            assert_true(m.updates[i].greeks.quality & VW_QUOTE_STALE);
            assert_int_equal(m.updates[i].greeks.status, VW_STATUS_STALE);
        }
    }
    const vw_surface_row *surface = &market_last(&m, VW_UPDATE_SURFACE, 0)->surface;

    assert_int_equal(surface->forward_source, VW_FORWARD_CARRIED);
    assert_int_equal(surface->status, VW_STATUS_STALE);
    market_quote(&m, call_at(&chain, 6600), 0, 61, 61.5);
    market_run(&m);
    assert_int_equal(row_of(&m, call_at(&chain, 6600))->quality, VW_QUOTE_CARRIED);
    assert_int_equal(row_of(&m, call_at(&chain, 6700))->quality, VW_QUOTE_STALE | VW_QUOTE_CARRIED);
    market_forget(&m);
    market_unit(&m, 0, 0, VW_UNIT_WHOLE);
    m.now_ns += 250000000;
    market_run(&m);
    assert_int_equal(market_last(&m, VW_UPDATE_UNIT, 0)->of_unit.series, 2 * chain.strikes - 1);
    assert_int_equal(row_of(&m, call_at(&chain, 6700))->quality, 0);
    market_close(&m);
}

static void a_gap_of_another_unit_marks_nothing_here(void **state)
{
    market m;

    (void)state;
    market_open(&m, NULL, 4096);
    open_spx(&m);
    market_forget(&m);
    market_unit(&m, 0, 1, VW_UNIT_GAP);
    market_unit(&m, 1, 0, VW_UNIT_SILENT);
    market_run(&m);
    assert_int_equal(market_count(&m, VW_UPDATE_UNIT), 2);
    assert_int_equal(market_last(&m, VW_UPDATE_UNIT, 0)->of_unit.series, 0);
    assert_int_equal(market_count(&m, VW_UPDATE_GREEKS), 0);
    market_close(&m);
}

static void a_cleared_unit_has_no_quotes_left(void **state)
{
    market m;
    market_chain chain;

    (void)state;
    market_open(&m, NULL, 4096);
    chain = open_spx(&m);
    market_unit(&m, 0, 0, VW_UNIT_CLEAR);
    m.now_ns += 250000000;
    market_run(&m);
    assert_near(row_of(&m, call_at(&chain, 6600))->bid, 0, 0);
    assert_int_equal(row_of(&m, call_at(&chain, 6600))->quality,
                     VW_QUOTE_ABSENT | VW_QUOTE_INTERPOLATED | VW_QUOTE_CARRIED);
    assert_int_equal(row_of(&m, call_at(&chain, 6600))->status, VW_STATUS_STALE);
    market_close(&m);
}

static void a_halt_is_told_and_ends(void **state)
{
    market m;
    market_chain chain;
    vw_event event = {.kind = VW_EVENT_TRADING};

    (void)state;
    market_open(&m, NULL, 4096);
    chain = open_spx(&m);
    event.instrument = call_at(&chain, 6600);
    event.trading.status = 'H';
    market_send(&m, event);
    m.now_ns += 250000000;
    market_run(&m);
    assert_int_equal(row_of(&m, event.instrument)->quality, VW_QUOTE_HALTED);
    event.trading.status = 'T';
    market_send(&m, event);
    m.now_ns += 250000000;
    market_run(&m);
    assert_int_equal(row_of(&m, event.instrument)->quality, 0);
    market_close(&m);
}

static void a_settled_expiry_is_cut_once_more_and_closed(void **state)
{
    market m;
    market_chain chain;

    (void)state;
    market_open(&m, NULL, 4096);
    chain = open_spx(&m);
    market_pass(&m, chain.settlement_ns - m.market_ns - 10000000000); /* 10 s left */
    assert_int_equal(row_of(&m, call_at(&chain, 6600))->status, VW_STATUS_STALE);
    assert_int_equal(row_of(&m, call_at(&chain, 6600))->quality, VW_QUOTE_CARRIED);
    market_forget(&m);
    market_pass(&m, 10000000000);
    assert_int_equal(market_count(&m, VW_UPDATE_GREEKS), 2 * chain.strikes);
    assert_int_equal(row_of(&m, call_at(&chain, 6600))->status, VW_STATUS_EXPIRED);
    assert_near(row_of(&m, call_at(&chain, 6600))->price, 0, 0);
    assert_near(row_of(&m, call_at(&chain, 6400))->price, 50, 1e-3);
    assert_near(row_of(&m, call_at(&chain, 6400))->delta, 1, 1e-12);
    assert_near(row_of(&m, call_at(&chain, 6400))->vega, 0, 0);
    market_forget(&m);
    market_quote(&m, call_at(&chain, 6600), 0, 1, 2);
    market_pass(&m, 60000000000);
    assert_int_equal(market_count(&m, VW_UPDATE_GREEKS), 0);
    market_close(&m);
}

static void an_exchange_that_begins_its_day_anew_takes_market_time_along(void **state)
{
    market m;
    market_chain chain;

    (void)state;
    market_open(&m, NULL, 4096);
    chain = open_spx(&m);
    int64_t begun_ns = m.market_ns;

    market_pass(&m, chain.settlement_ns - m.market_ns);
    assert_int_equal(row_of(&m, call_at(&chain, 6600))->status, VW_STATUS_EXPIRED);
    m.market_ns = begun_ns; /* the day again */
    market_quote_chain(&m, &chain);
    market_pass(&m, 1000000000);
    const vw_surface_row *surface = &market_last(&m, VW_UPDATE_SURFACE, 0)->surface;

    assert_near(surface->years, vw_calendar_years(m.market_ns, chain.settlement_ns), 0);
    assert_int_equal(row_of(&m, call_at(&chain, 6600))->status, VW_STATUS_OK);
    m.market_ns -= 1000000000; /* units of a feed may be a little apart */
    market_forget(&m);
    market_quote(&m, call_at(&chain, 6600), 0, 60, 61);
    m.now_ns += 6000000000;
    market_run(&m);
    assert_near(market_last(&m, VW_UPDATE_SURFACE, 0)->surface.years,
                vw_calendar_years(m.market_ns + 1000000000, chain.settlement_ns), 0);
    market_close(&m);
}

static void quotes_older_than_the_limit_are_stale(void **state)
{
    market m;
    market_chain chain;

    (void)state;
    market_open(&m, NULL, 4096);
    m.config.quote_age_max_ns = 10000000000;
    market_use(&m, m.config.kernels);
    chain = open_spx(&m);
    market_pass(&m, 8000000000);
    assert_int_equal(row_of(&m, call_at(&chain, 6600))->quality, 0);
    market_quote(&m, call_at(&chain, 6600), 0, 60, 61);
    market_run(&m);
    market_pass(&m, 5000000000);
    assert_int_equal(row_of(&m, call_at(&chain, 6700))->status, VW_STATUS_STALE);
    assert_true(row_of(&m, call_at(&chain, 6700))->quality & VW_QUOTE_STALE);
    assert_false(row_of(&m, call_at(&chain, 6600))->quality & VW_QUOTE_STALE);
    market_close(&m);
}

static void vix_options_take_the_future_of_their_expiry(void **state)
{
    market m;
    market_chain vix;

    (void)state;
    market_open(&m, NULL, 4096);
    vix = (market_chain){.root = "VIX",
                         .expiry = 20260819,
                         .forward = 19,
                         .discount = 1,
                         .vol = 0.9,
                         .low = 12,
                         .step = 1,
                         .first = 100,
                         .strikes = 20};
    vix.settlement_ns = vw_calendar_settlement_ns(&m.calendar, "VIX", 20260819, 'A');
    market_define_chain(&m, &vix);
    market_quote_chain(&m, &vix);
    market_run(&m);
    market_pass(&m, 1000000000);
    const vw_surface_row *surface = &market_last(&m, VW_UPDATE_SURFACE, 0)->surface;

    assert_int_equal(surface->forward_source, VW_FORWARD_PARITY); /* no future yet: marked */
    assert_near(surface->forward, 19, 1e-3);
    market_define(&m, 1, "VX", 20260819, 'F', 0);
    market_quote(&m, 1, 1, 19.10, 19.15);
    market_run(&m);
    market_pass(&m, 1000000000);
    surface = &market_last(&m, VW_UPDATE_SURFACE, 0)->surface;
    assert_int_equal(surface->forward_source, VW_FORWARD_FUTURE);
    assert_near(surface->forward, 19.125, 1e-12);
    market_close(&m);
}

/* Spot 16 is nowhere: the call is priced on the future at 19. */
static void a_vix_call_has_the_delta_of_its_future(void **state)
{
    market m;
    market_chain vix;
    int64_t month_ns = INT64_C(30) * 86400 * 1000000000;

    (void)state;
    market_open(&m, NULL, 4096);
    vix = (market_chain){.root = "VIX",
                         .expiry = 20260819,
                         .forward = 19,
                         .discount = 1,
                         .vol = 0.9,
                         .low = 20,
                         .step = 1,
                         .first = 100,
                         .strikes = 1};
    vix.settlement_ns = vw_calendar_settlement_ns(&m.calendar, "VIX", 20260819, 'A');
    m.market_ns = vix.settlement_ns - month_ns;
    market_define(&m, 1, "VX", 20260819, 'F', 0);
    market_quote(&m, 1, 1, 18.95, 19.05);
    market_define_chain(&m, &vix);
    market_quote_chain(&m, &vix);
    market_run(&m);
    m.now_ns += 6000000000;
    market_run(&m);
    market_forget(&m);
    market_quote_chain(&m, &vix);
    market_run(&m);
    assert_near(row_of(&m, 100)->vol, 0.90, 1e-4);
    assert_near(row_of(&m, 100)->delta, 0.4722, 1e-4); /* N(d1), d1 = -0.0698 */
    market_close(&m);
}

static void a_full_ring_loses_ticks_but_no_definition_and_heals_by_the_next_cut(void **state)
{
    market m;
    market_chain chain;

    (void)state;
    market_open(&m, NULL, 256);
    chain = spx_chain(&m);
    chain.strikes = 140;
    chain.step = 10;
    market_define_chain(&m, &chain);
    market_quote_chain(&m, &chain);
    for (int i = 0; i < 100; i++) { /* nobody reads */
        vw_engine_poll(m.engine, m.now_ns);
    }
    assert_int_equal(vw_ring_free(m.out), 1); /* a definition may need its group too */
    market_collect(&m);
    market_run(&m);
    market_pass(&m, 1000000000);
    assert_int_equal(market_count(&m, VW_UPDATE_DEFINITION), 280);
    assert_int_equal(market_count(&m, VW_UPDATE_GREEKS), 280);
    check_runs(&m);

    for (uint32_t i = 0; i < 280; i++) { /* again nobody reads: ticks are lost and counted */
        market_quote(&m, chain.first + i, 0, 5, 6);
    }
    vw_engine_poll(m.engine, m.now_ns);
    assert_int_equal(vw_counters_get(&m.counters, VW_COUNT_UPDATE_RING_FULL), 280 - 256);
    m.market_ns += 2000000000;
    market_send(&m, (vw_event){.kind = VW_EVENT_TIME});
    for (int i = 0; i < 10; i++) {
        vw_engine_poll(m.engine, m.now_ns);
    }
    assert_int_equal(vw_counters_get(&m.counters, VW_COUNT_CUTS_DEFERRED), 1);
    market_collect(&m);
    market_run(&m);
    for (uint32_t i = 0; i < 280; i++) {
        assert_near(row_of(&m, chain.first + i)->bid, 5, 0);
    }
    check_runs(&m);
    market_close(&m);
}

static void series_nobody_defined_are_counted_and_ignored(void **state)
{
    market m;

    (void)state;
    market_open(&m, NULL, 4096);
    market_quote(&m, 77, 0, 1, 2);
    market_define(&m, 78, "SPXW", 20261399, 'C', 6000); /* no such day */
    market_define(&m, 79, "SPXW", 20260821, 'C', 0);
    market_run(&m);
    assert_int_equal(vw_counters_get(&m.counters, VW_COUNT_SYMBOLS_UNKNOWN), 1);
    assert_int_equal(vw_counters_get(&m.counters, VW_COUNT_MESSAGES_MALFORMED), 2);
    assert_int_equal(market_count(&m, VW_UPDATE_DEFINITION), 0);
    market_close(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits_that_make_no_engine_have_no_size),
        cmocka_unit_test(a_group_and_its_series_are_defined_once_and_first),
        cmocka_unit_test(a_cut_recovers_forward_and_vol_of_a_flat_chain),
        cmocka_unit_test(theta_is_told_by_the_calendar_and_by_the_trading_day),
        cmocka_unit_test(a_quote_is_repriced_at_once_and_marks_both_sides_of_its_strike),
        cmocka_unit_test(of_waiting_quotes_only_the_newest_is_priced),
        cmocka_unit_test(two_strikes_are_enough_to_follow_a_forward),
        cmocka_unit_test(a_tick_and_a_cut_of_the_same_market_are_the_same_bits),
        cmocka_unit_test(what_a_quote_lacks_comes_from_the_smile_and_is_marked),
        cmocka_unit_test(a_smile_follows_its_quotes_between_cuts),
        cmocka_unit_test(without_a_smile_the_last_vol_is_carried_and_marked),
        cmocka_unit_test(a_strike_that_comes_in_between_moves_its_neighbours),
        cmocka_unit_test(a_gap_marks_every_series_of_its_unit_until_it_is_quoted_or_whole),
        cmocka_unit_test(a_gap_of_another_unit_marks_nothing_here),
        cmocka_unit_test(a_cleared_unit_has_no_quotes_left),
        cmocka_unit_test(a_halt_is_told_and_ends),
        cmocka_unit_test(a_settled_expiry_is_cut_once_more_and_closed),
        cmocka_unit_test(an_exchange_that_begins_its_day_anew_takes_market_time_along),
        cmocka_unit_test(quotes_older_than_the_limit_are_stale),
        cmocka_unit_test(vix_options_take_the_future_of_their_expiry),
        cmocka_unit_test(a_vix_call_has_the_delta_of_its_future),
        cmocka_unit_test(a_full_ring_loses_ticks_but_no_definition_and_heals_by_the_next_cut),
        cmocka_unit_test(series_nobody_defined_are_counted_and_ignored),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
