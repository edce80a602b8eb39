#include "feeds/sim.h"

#include "core/market/event.h"
#include "tests/feeds/sim_listener.h"

static vw_sim_config lively(void)
{
    vw_sim_config config = vw_sim_defaults();

    config.rate = 8000;
    return config;
}

/* The two lines of the made-up chain: one strike, a call without a bid, in one unit of four. */
static vw_chain small_chain(vw_chain_row rows[2])
{
    vw_chain chain = {.path = "small", .underlying = "SPX", .spot = 6450, .rows = rows, .count = 2};

    for (int i = 0; i < 2; i++) {
        rows[i] = (vw_chain_row){.symbol = {.root = "SPXW",
                                            .expiry = 20260710,
                                            .type = i == 0 ? 'C' : 'P',
                                            .strike = 7000 * VW_PRICE_ONE},
                                 .settlement = 'P',
                                 .bid = i == 0 ? 0 : 512.3,
                                 .ask = i == 0 ? 0.05 : 515.17,
                                 .bid_size = 70000,
                                 .ask_size = 11};
    }
    chain.quote_ns = vw_calendar_ns(20260610, 37800);
    return chain;
}

static void assert_whole(listener *l, const vw_chain *chains, size_t count)
{
    size_t options = 0;

    listener_settle(l);
    for (size_t c = 0; c < count; c++) {
        options += chains[c].count;
        for (size_t i = 0; i < chains[c].count; i++) {
            const vw_chain_row *row = &chains[c].rows[i];
            listened_series *series = NULL;
            char osi[22];

            vw_symbol_to_osi(&row->symbol, osi);
            series = listener_find(l, osi);
            assert_non_null(series);
            assert_int_equal(series->best[0], llround(row->bid * 10000));
            assert_int_equal(series->best[1], llround(row->ask * 10000));
            assert_int_equal(series->size[0], row->bid > 0 ? row->bid_size : 0);
            assert_int_equal(series->size[1], row->ask > 0 ? row->ask_size : 0);
            assert_int_equal(series->status, 'T');
        }
    }
    assert_int_equal(l->series_count, options + VW_SIM_FUTURES);
}

static void each_line_alone_rebuilds_a_still_chain_to_the_last_cent_and_contract(void **state)
{
    vw_chain chains[2];
    vw_sim_config config = vw_sim_defaults();

    (void)state;
    assert_int_equal(vw_sim_synthetic(NULL, 1, chains, NULL), VW_OK);
    config.chains = chains;
    config.chain_count = 2;
    config.still = true;
    for (int line = 0; line < 2; line++) {
        listener *l = listener_open(line == 0, line == 1, true);

        listener_play(l, config, 0, 6);
        assert_whole(l, chains, 2);
        assert_int_equal(listener_missing(l), 0);
        assert_int_equal(l->types[VW_PITCH_UNIT_CLEAR], 5);
        listener_close(l);
    }
    vw_chain_free(&chains[0]);
    vw_chain_free(&chains[1]);
}

static void a_file_with_odd_prices_and_great_sizes_comes_out_as_it_is(void **state)
{
    vw_chain_row rows[2];
    vw_chain chain = small_chain(rows);
    vw_sim_config config = vw_sim_defaults();
    listener *l = listener_open(true, false, true);

    (void)state;
    config.chains = &chain;
    config.chain_count = 1;
    config.still = true;
    listener_play(l, config, 0, 3);
    assert_whole(l, &chain, 1);
    assert_true(l->types[VW_PITCH_ADD_LONG] > 0);
    listener_close(l);
}

static void the_same_seed_writes_the_same_bytes_and_another_seed_others(void **state)
{
    uint64_t hashes[3];

    (void)state;
    for (int i = 0; i < 3; i++) {
        vw_sim_config config = lively();
        listener *l = listener_open(true, true, true);

        config.seed = i < 2 ? 7 : 8;
        config.lines[1] = (vw_impairment){0, 0.01, 0.01};
        listener_play(l, config, 0, 2);
        hashes[i] = l->hash;
        listener_close(l);
    }
    assert_true(hashes[0] == hashes[1]);
    assert_true(hashes[0] != hashes[2]);
}

static void assert_same_books(listener *a, listener *b)
{
    listener_settle(a);
    listener_settle(b);
    assert_int_equal(a->series_count, b->series_count);
    for (size_t i = 0; i < a->series_count; i++) {
        uint32_t slot = *listener_slot(b, a->series[i].channel, a->series[i].symbol);

        assert_true(slot != 0);
        assert_memory_equal(a->series[i].best, b->series[slot - 1].best, sizeof a->series[i].best);
        assert_memory_equal(a->series[i].size, b->series[slot - 1].size, sizeof a->series[i].size);
    }
}

static void a_listener_from_mid_session_is_whole_within_five_seconds(void **state)
{
    listener *first = listener_open(true, false, true);

    (void)state;
    listener_play(first, lively(), 0, 12.3);
    for (int line = 0; line < 2; line++) {
        listener *late = listener_open(line == 0, line == 1, false);

        listener_play(late, lively(), 7.3, 12.3);
        assert_same_books(first, late);
        listener_close(late);
    }
    listener_close(first);
}

static void every_resting_side_is_announced_again_within_five_seconds(void **state)
{
    listener *l = listener_open(true, false, true);
    int64_t oldest = INT64_MAX, market_ns;

    (void)state;
    market_ns = listener_play(l, lively(), 0, 14).market_ns;
    listener_settle(l);
    for (size_t i = 0; i < l->series_count; i++) {
        for (int side = 0; side < 2; side++) {
            if (l->series[i].best[side] != 0 && l->series[i].announced_ns[side] < oldest) {
                oldest = l->series[i].announced_ns[side];
            }
        }
    }
    assert_true(market_ns - oldest < INT64_C(5000000000));
    assert_true(market_ns - oldest > INT64_C(2000000000)); /* spread, not all at once */
    listener_close(l);
}

static void lossy_lines_that_never_lose_the_same_message_leave_the_same_books(void **state)
{
    listener *whole = listener_open(true, false, true);
    listener *lossy = listener_open(true, true, true);
    vw_sim_config config = lively();
    vw_sim_totals totals;

    (void)state;
    listener_play(whole, config, 0, 5);
    config.lines[0] = (vw_impairment){0.3, 0.05, 0.05};
    config.lines[1] = (vw_impairment){0.3, 0.05, 0.05};
    config.same_loss = true;
    totals = listener_play(lossy, config, 0, 5);
    assert_int_equal(listener_missing(lossy), 0);
    assert_int_equal(totals.lost_on_both, 0);
    assert_true(totals.packets_lost > 10000);
    assert_int_equal(whole->applied, lossy->applied);
    assert_same_books(whole, lossy);
    listener_close(whole);
    listener_close(lossy);
}

static void messages_lost_on_both_lines_are_counted_exactly(void **state)
{
    listener *l = listener_open(true, true, false);
    vw_sim_config config = lively();
    vw_sim_totals totals;

    (void)state;
    config.lines[0].loss = config.lines[1].loss = 0.05;
    totals = listener_play(l, config, 0, 5);
    assert_true(totals.lost_on_both > 50);
    assert_int_equal(listener_missing(l), totals.lost_on_both);
    listener_close(l);
}

static void lines_lose_reorder_and_repeat_as_asked(void **state)
{
    listener *l = listener_open(true, true, false);
    vw_sim_config config = lively();
    vw_sim_totals totals;
    double sent;

    (void)state;
    config.lines[0] = (vw_impairment){0.05, 0, 0.03};
    config.lines[1] = (vw_impairment){0, 0.02, 0};
    totals = listener_play(l, config, 0, 6);
    sent = (double)(l->packets[0][0] + l->packets[1][0]) / (0.95 * 1.03);
    assert_near((double)totals.packets_lost / sent, 0.05, 0.004);
    assert_near((double)totals.packets_duplicated / (0.95 * sent), 0.03, 0.003);
    sent = (double)(l->packets[0][1] + l->packets[1][1]);
    assert_near((double)totals.packets_reordered / sent, 0.02, 0.002);
    assert_int_equal(totals.packets,
                     l->packets[0][0] + l->packets[0][1] + l->packets[1][0] + l->packets[1][1]);
    listener_close(l);
}

static void a_silent_unit_says_each_second_what_comes_next(void **state)
{
    vw_chain_row rows[2];
    vw_chain chain = small_chain(rows);
    vw_sim_config config = vw_sim_defaults();
    listener *l = listener_open(true, false, true);

    (void)state;
    config.chains = &chain;
    config.chain_count = 1;
    config.still = true;
    config.option_units = 3;
    config.reannounce_ns = INT64_C(600) * 1000000000;
    listener_play(l, config, 0, 10);
    assert_in_range(l->heartbeats[0][2], 10, 11); /* the last one at the end */
    assert_in_range(l->heartbeats[0][3], 10, 11);
    assert_true(l->units[0][2].highest == 3); /* Time and unit clear were all it had to say */
    listener_close(l);
}

static void a_packet_carries_one_quote_unless_line_b_gathers(void **state)
{
    vw_sim_config config = lively();
    listener *both = listener_open(true, true, true);
    listener *gathered = listener_open(false, true, true);
    uint64_t packets;

    (void)state;
    listener_play(both, config, 0, 4);
    packets = both->packets[0][1];
    assert_int_equal(both->quotes_in_packet_max, 1);
    assert_true(both->packets[0][1] > both->packets[0][0]);
    config.batch = 40;
    listener_play(gathered, config, 0, 4);
    assert_true(gathered->quotes_in_packet_max > 5);
    assert_true(gathered->packets[0][1] < packets / 2);
    assert_int_equal(listener_missing(gathered), 0);
    listener_close(both);
    listener_close(gathered);
}

static void every_kind_of_message_is_on_the_wire(void **state)
{
    static const vw_pitch_type types[] = {
        VW_PITCH_TIME,
        VW_PITCH_ADD_LONG,
        VW_PITCH_ADD_SHORT,
        VW_PITCH_ADD_EXPANDED,
        VW_PITCH_EXECUTED,
        VW_PITCH_EXECUTED_AT,
        VW_PITCH_REDUCE_SHORT,
        VW_PITCH_MODIFY_LONG,
        VW_PITCH_MODIFY_SHORT,
        VW_PITCH_DELETE,
        VW_PITCH_TRADE_LONG,
        VW_PITCH_TRADE_SHORT,
        VW_PITCH_TRADE_BREAK,
        VW_PITCH_TRADE_EXPANDED,
        VW_PITCH_MAPPING,
        VW_PITCH_FUTURE,
        VW_PITCH_TRADING_STATUS,
        VW_PITCH_TRANSACTION_BEGIN,
        VW_PITCH_TRANSACTION_END,
        VW_PITCH_UNIT_CLEAR,
        VW_PITCH_SETTLEMENT,
    };
    vw_sim_config config = lively();
    listener *l = listener_open(true, false, true);

    (void)state;
    config.rate = 20000;
    listener_play(l, config, 0, 8);
    for (size_t i = 0; i < VW_COUNT_OF(types); i++) {
        if (l->types[types[i]] == 0) {
            fail_msg("no message of type 0x%02X", (unsigned)types[i]);
        }
    }
    assert_int_equal(l->types[VW_PITCH_SESSION_END], 0);
    listener_close(l);
}

static void quotes_come_at_the_rate_and_move(void **state)
{
    vw_sim_config config = vw_sim_defaults();
    listener *l = listener_open(true, false, true);
    vw_sim_totals early, late;

    (void)state;
    config.rate = 15000;
    early = listener_play(l, config, 0, 3);
    listener_close(l);
    l = listener_open(true, false, true);
    late = listener_play(l, config, 0, 5);
    assert_near((double)(late.quotes - early.quotes), 30000, 100);
    assert_int_equal(late.skipped, 0);
    assert_int_equal(late.send_failures, 0);
    assert_true(l->types[VW_PITCH_MODIFY_SHORT] > 10000);
    listener_close(l);
}

static void a_sim_that_is_called_too_late_skips_and_says_so(void **state)
{
    vw_sim_config config = lively();
    vw_sim *sim = NULL;
    listener *l = listener_open(true, false, true);
    int64_t now_ns = 1;
    uint64_t before;

    (void)state;
    config.sink = listener_sink;
    config.sink_self = l;
    assert_int_equal(vw_sim_open(&config, &sim, NULL), VW_OK);
    for (int i = 0; i < 3000; i++) {
        vw_sim_poll(sim, now_ns += 1000000);
    }
    assert_int_equal(vw_sim_totals_get(sim).skipped, 0);
    before = l->packets[0][0];
    vw_sim_poll(sim, now_ns += INT64_C(1000000000));
    assert_true(l->packets[0][0] - before <= 32);
    /* 8,000 a second, less what is announced, less what may be caught up. */
    assert_in_range(vw_sim_totals_get(sim).skipped, 4000, 7000);
    vw_sim_close(sim);
    listener_close(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_line_alone_rebuilds_a_still_chain_to_the_last_cent_and_contract),
        cmocka_unit_test(a_file_with_odd_prices_and_great_sizes_comes_out_as_it_is),
        cmocka_unit_test(the_same_seed_writes_the_same_bytes_and_another_seed_others),
        cmocka_unit_test(a_listener_from_mid_session_is_whole_within_five_seconds),
        cmocka_unit_test(every_resting_side_is_announced_again_within_five_seconds),
        cmocka_unit_test(lossy_lines_that_never_lose_the_same_message_leave_the_same_books),
        cmocka_unit_test(messages_lost_on_both_lines_are_counted_exactly),
        cmocka_unit_test(lines_lose_reorder_and_repeat_as_asked),
        cmocka_unit_test(a_silent_unit_says_each_second_what_comes_next),
        cmocka_unit_test(a_packet_carries_one_quote_unless_line_b_gathers),
        cmocka_unit_test(every_kind_of_message_is_on_the_wire),
        cmocka_unit_test(quotes_come_at_the_rate_and_move),
        cmocka_unit_test(a_sim_that_is_called_too_late_skips_and_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
