#include "tests/feeds/desk.h"

static void bad_lines_that_never_lose_the_same_message_end_as_good_ones(void **state)
{
    desk *good = play_lossless(6), *bad;
    vw_sim_config config = vw_sim_defaults();
    vw_sim_totals totals;

    (void)state;
    config.lines[0] = config.lines[1] = (vw_impairment){0.05, 0.05, 0.05};
    config.same_loss = true;
    bad = open_desk(config);
    play(bad, 0, 6);
    finish(bad);
    totals = vw_sim_totals_get(bad->sim);
    assert_true(totals.packets_lost > 1000 && totals.packets_reordered > 1000);
    assert_int_equal(count(bad, VW_COUNT_MESSAGES_MISSED), 0);
    assert_int_equal(accepted(bad), totals.sequenced);
    assert_same_end(good, bad);
    close_desk(good);
    close_desk(bad);
}

static void messages_lost_on_both_lines_are_missed_exactly_and_never_silently(void **state)
{
    vw_sim_config config = vw_sim_defaults();
    desk *d;
    vw_sim_totals totals;

    (void)state;
    config.lines[0] = config.lines[1] = (vw_impairment){0.05, 0.02, 0.02};
    d = open_desk(config);
    play(d, 0, 6);
    finish(d);
    vw_feed_poll(d->feed, start_ns + 7 * VW_NS_PER_SECOND); /* holes have waited long enough */
    drain(d);
    totals = vw_sim_totals_get(d->sim);
    assert_true(totals.lost_on_both > 20);
    assert_int_equal(count(d, VW_COUNT_MESSAGES_MISSED), totals.lost_on_both);
    assert_int_equal(accepted(d), totals.sequenced - totals.lost_on_both);
    assert_true(d->gaps > 10);
    close_desk(d);
}

static void after_a_gap_a_units_series_are_stale_and_whole_again_within_five_seconds(void **state)
{
    desk *good = play_lossless(12), *gapped = open_desk(vw_sim_defaults());
    size_t stale = 0, of_unit = 0;

    (void)state;
    gapped->deaf_from_ns = start_ns + 6000 * VW_NS_PER_MS;
    gapped->deaf_until_ns = start_ns + 6020 * VW_NS_PER_MS;
    play(gapped, 0, 6.06);
    for (size_t i = 0; i < SERIES_MAX; i++) {
        bool hit = gapped->series[i].feed == 0 && gapped->series[i].unit == 2;

        of_unit += hit;
        stale += hit && (gapped->series[i].quality & VW_QUOTE_STALE) != 0;
        assert_true(hit || (gapped->series[i].quality & VW_QUOTE_STALE) == 0);
    }
    assert_true(of_unit > 1000);
    assert_true(stale > of_unit * 9 / 10); /* some are announced again already */
    assert_int_equal(gapped->gaps, 1);
    play(gapped, 6.06, 11.06);
    for (size_t i = 0; i < SERIES_MAX; i++) {
        assert_int_equal(gapped->series[i].quality & VW_QUOTE_STALE, 0);
        assert_true(!gapped->series[i].ever_stale ||
                    (gapped->series[i].feed == 0 && gapped->series[i].unit == 2));
    }
    play(gapped, 11.06, 12);
    finish(gapped);
    assert_same_end(good, gapped);
    close_desk(good);
    close_desk(gapped);
}

static void a_feed_started_in_mid_session_has_the_whole_book_within_five_seconds(void **state)
{
    desk *good = play_lossless(12.1), *late = open_desk(vw_sim_defaults());

    (void)state;
    late->hears_from_ns = start_ns + 7 * VW_NS_PER_SECOND;
    play(late, 0, 12.1);
    finish(late);
    assert_int_equal(count(late, VW_COUNT_MESSAGES_MISSED), 0);
    assert_same_end(good, late);
    close_desk(good);
    close_desk(late);
}

static void a_sim_that_starts_anew_is_followed(void **state)
{
    vw_sim_config config = vw_sim_defaults();
    desk *d = open_desk(config), *good = play_lossless(6);
    vw_sim *second = NULL;

    (void)state;
    play(d, 0, 4);
    config.sink = hear;
    config.sink_self = d;
    assert_int_equal(vw_sim_open(&config, &second, NULL), VW_OK);
    vw_sim_close(d->sim); /* killed: no last word */
    d->sim = second;
    for (int64_t ms = 0; ms < 6000; ms++) {
        vw_sim_poll(d->sim, start_ns + (8000 + ms) * VW_NS_PER_MS);
        drain(d);
    }
    finish(d);
    assert_same_end(good, d);
    close_desk(d);
    close_desk(good);
}

static void catch_up(desk *d, int64_t now_ns)
{
    while (vw_feed_poll(d->feed, now_ns) > 0) {
        drain(d);
    }
}

/* In real time: one thread turns the exchange and the feed, as on a small machine. */
static void over_the_loopback_interface_a_still_chain_arrives_whole(void **state)
{
    vw_sim_config config = vw_sim_defaults();
    vw_chain chains[2];
    int64_t begun_ns = vw_clock_realtime_ns(), now_ns = begun_ns;
    size_t quoted = 0;
    desk *d;

    (void)state;
    assert_int_equal(vw_sim_synthetic(NULL, 1, chains, NULL), VW_OK);
    for (size_t i = 0; i < 4; i++) {
        vw_channel_config *channel = i < 2 ? &config.options : &config.futures;
        vw_line_config *line = &channel->lines[i % 2];

        snprintf(line->group, sizeof line->group, "239.204.%zu.%zu", 1 + i / 2, 1 + i % 2);
        line->port = (uint16_t)(34101 + i);
    }
    config.options.recovery.gap.port = config.futures.recovery.gap.port = 0;
    config.options.recovery.spins[0].port = config.futures.recovery.spins[0].port = 0;
    config.still = true;
    config.same_loss = true;
    config.lines[0] = config.lines[1] = (vw_impairment){0.05, 0.02, 0.02};
    d = open_desk_on(config, true, NULL, 5 * VW_NS_PER_SECOND);
    for (; now_ns < begun_ns + 2 * VW_NS_PER_SECOND; now_ns = vw_clock_realtime_ns()) {
        vw_sim_poll(d->sim, now_ns);
        catch_up(d, now_ns);
    }
    vw_sim_end(d->sim);
    catch_up(d, vw_clock_realtime_ns());
    assert_int_equal(count(d, VW_COUNT_SOCKET_DROPS), 0);
    assert_int_equal(count(d, VW_COUNT_MESSAGES_MISSED), 0);
    assert_int_equal(accepted(d), vw_sim_totals_get(d->sim).sequenced);
    assert_int_equal(d->series_count, chains[0].count + chains[1].count + VW_SIM_FUTURES);
    for (size_t i = 0; i < SERIES_MAX; i++) {
        quoted += d->series[i].ask > 0;
    }
    assert_int_equal(quoted, d->series_count);
    vw_feed_end(d->feed);
    close_desk(d);
    vw_chain_free(&chains[0]);
    vw_chain_free(&chains[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_lines_that_never_lose_the_same_message_end_as_good_ones),
        cmocka_unit_test(messages_lost_on_both_lines_are_missed_exactly_and_never_silently),
        cmocka_unit_test(after_a_gap_a_units_series_are_stale_and_whole_again_within_five_seconds),
        cmocka_unit_test(a_feed_started_in_mid_session_has_the_whole_book_within_five_seconds),
        cmocka_unit_test(a_sim_that_starts_anew_is_followed),
        cmocka_unit_test(over_the_loopback_interface_a_still_chain_arrives_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
