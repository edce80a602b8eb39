/* The feed with recovery servers: bad lines end as the lossless one, or say what they do not know.
 *
 * The sim's sessions and the feed's streams are joined in memory, so that time is ours. */
#include "feeds/sim_session.h"
#include "tests/feeds/desk.h"

enum { PENDING = 4096 };

/* A connection: bytes to the server wait for the next turn; those to the client flow at a rate. */
typedef struct cable {
    bool up, told; /* connected; the client knows */
    vw_sim_session *session;
    unsigned char up_bytes[PENDING];
    size_t up_size;
    size_t delivered; /* of the session's out */
} cable;

typedef struct wire {
    desk *d;
    vw_streams streams;
    cable cables[VW_STREAMS_MAX];
    size_t bytes_per_ms;
    bool dead; /* the servers are gone */
    int64_t now_ns;
    uint64_t cut_at_images; /* the servers die in the middle of this image; 0: never */
    bool (*at_every_ms)(struct wire *self, int64_t ms);
} wire;

static bool connect_cable(void *self, uint32_t stream, const char *address, uint16_t port)
{
    wire *w = self;
    cable *to = &w->cables[stream];
    bool gap = port == 30301 || port == 30303;

    assert_string_equal(address, "127.0.0.1");
    assert_true(port >= 30301 && port <= 30304);
    assert_false(to->up);
    *to = (cable){.up = true};
    if (!w->dead) {
        to->session = vw_sim_session_begin(vw_sim_recovery_of(w->d->sim),
                                           gap ? VW_SIM_GAP_PROXY : VW_SIM_SPIN_SERVER,
                                           (size_t)(port - 30301) / 2, w->now_ns);
        assert_non_null(to->session);
    }
    return true;
}

static bool send_cable(void *self, uint32_t stream, const void *bytes, size_t size)
{
    cable *to = &((wire *)self)->cables[stream];

    assert_true(to->up && to->told && size <= PENDING - to->up_size);
    memcpy(to->up_bytes + to->up_size, bytes, size);
    to->up_size += size;
    return true;
}

static void unplug(cable *self)
{
    if (self->session != NULL) {
        vw_sim_session_end(self->session);
        self->session = NULL;
    }
    self->up = false;
}

static void close_cable(void *self, uint32_t stream)
{
    unplug(&((wire *)self)->cables[stream]);
}

/* deliver brings what the server says, at most so many bytes; false: the server hangs up. */
static bool deliver(wire *w, uint32_t stream)
{
    cable *to = &w->cables[stream];
    vw_sim_session *session = to->session;
    vw_stream_sink sink = vw_feed_stream_sink(w->d->feed);
    size_t most = w->bytes_per_ms;

    while (most > 0 && session->out_sent < session->out_size) {
        size_t more = session->out_size - session->out_sent;

        more = more < most ? more : most;
        more = more < VW_STREAM_BUFFER ? more : VW_STREAM_BUFFER;
        to->delivered = more; /* what is not done with is said again, with more behind it */
        size_t done =
            sink.received(sink.self, stream, session->out + session->out_sent, to->delivered);

        if (!to->up) {
            return true;
        }
        session->out_sent += done;
        most -= done < most ? done : most;
        if (done == 0) {
            break;
        }
    }
    if (session->out_sent == session->out_size) {
        session->out_sent = session->out_size = 0;
        return !session->cut;
    }
    return true;
}

static void turn_cable(wire *w, uint32_t stream)
{
    cable *to = &w->cables[stream];
    vw_stream_sink sink = vw_feed_stream_sink(w->d->feed);
    bool good = !w->dead && to->session != NULL;

    if (good && !to->told) {
        to->told = true;
        sink.opened(sink.self, stream);
    }
    if (good && to->up_size > 0) {
        size_t size = to->up_size;

        to->up_size = 0;
        good = vw_sim_session_take(vw_sim_recovery_of(w->d->sim), to->session, to->up_bytes, size,
                                   w->now_ns);
    }
    good = good && vw_sim_session_idle(vw_sim_recovery_of(w->d->sim), to->session, w->now_ns) &&
           deliver(w, stream);
    if (to->up && !good) {
        unplug(to);
        sink.ended(sink.self, stream);
    }
}

/* An exchange that repeats its orders, as the sim does, or (reannounce_ns 0) is not trusted to. */
static wire *open_wire_to(vw_sim_config config, int64_t reannounce_ns)
{
    wire *w = calloc(1, sizeof *w);

    w->streams = (vw_streams){w, connect_cable, send_cable, close_cable};
    w->bytes_per_ms = 1 << 20;
    w->d = open_desk_on(config, false, &w->streams, reannounce_ns);
    return w;
}

static wire *open_wire(vw_sim_config config)
{
    return open_wire_to(config, 0);
}

static void close_wire(wire *w)
{
    close_desk(w->d);
    free(w);
}

static void turn(wire *w, int64_t now_ns)
{
    w->now_ns = now_ns;
    if (w->cut_at_images > 0 && vw_sim_totals_get(w->d->sim).images >= w->cut_at_images) {
        w->dead = true;
    }
    for (uint32_t i = 0; i < VW_STREAMS_MAX; i++) {
        if (w->cables[i].up) {
            turn_cable(w, i);
        }
    }
    vw_feed_turn(w->d->feed, now_ns);
    drain(w->d);
}

static void run_wire(wire *w, double from, double to)
{
    for (int64_t ms = (int64_t)(from * 1000); (double)ms < to * 1000; ms++) {
        vw_sim_poll(w->d->sim, start_ns + ms * VW_NS_PER_MS);
        turn(w, start_ns + ms * VW_NS_PER_MS);
    }
}

/* The exchange says its last word at `to`; its servers answer for a while. */
static void finish_wire(wire *w, double to)
{
    vw_sim_end(w->d->sim);
    for (int64_t ms = 0; ms < 400; ms++) {
        turn(w, start_ns + (int64_t)(to * 1000) * VW_NS_PER_MS + ms * VW_NS_PER_MS);
    }
}

static void check_sum(const desk *d)
{
    assert_int_equal(count(d, VW_COUNT_MESSAGES_IN),
                     count(d, VW_COUNT_MESSAGES_ACCEPTED) + count(d, VW_COUNT_MESSAGES_DUPLICATE) +
                         count(d, VW_COUNT_MESSAGES_LATE) + count(d, VW_COUNT_MESSAGES_MALFORMED));
}

/* What is not as in the lossless run says so; returns how many series say so. */
static size_t assert_right_or_stale(desk *good, desk *bad)
{
    size_t stale = 0;

    qsort(good->series, SERIES_MAX, sizeof *good->series, by_name);
    qsort(bad->series, SERIES_MAX, sizeof *bad->series, by_name);
    for (size_t i = 0; i < good->series_count; i++) {
        const seen *is = &bad->series[i], *should = &good->series[i];

        assert_int_equal(by_name(should, is), 0);
        if ((is->quality & VW_QUOTE_STALE) != 0 || !is->quoted) {
            stale++;
            continue;
        }
        assert_int_equal(is->bid, should->bid);
        assert_int_equal(is->ask, should->ask);
        assert_int_equal(is->bid_size, should->bid_size);
        assert_int_equal(is->ask_size, should->ask_size);
    }
    return stale;
}

static vw_sim_config losing(double share)
{
    vw_sim_config config = vw_sim_defaults();

    config.lines[0] = config.lines[1] = (vw_impairment){share, 0.02, 0.02};
    return config;
}

static void two_lines_that_lose_5_percent_each_end_as_the_lossless_one(void **state)
{
    desk *good = play_lossless(6);
    wire *bad = open_wire(losing(0.05));

    (void)state;
    run_wire(bad, 0, 6);
    finish_wire(bad, 6);
    assert_true(vw_sim_totals_get(bad->d->sim).lost_on_both > 50);
    assert_true(count(bad->d, VW_COUNT_GAPS_HEALED) > 20);
    assert_int_equal(count(bad->d, VW_COUNT_MESSAGES_MISSED), 0);
    assert_int_equal(count(bad->d, VW_COUNT_ORDERS_UNKNOWN), 0);
    check_sum(bad->d);
    assert_same_end(good, bad->d);
    close_desk(good);
    close_wire(bad);
}

/* Plays a bad exchange to `to`, lets what is left be healed, and compares. */
static void assert_heals(desk *good, wire *bad, double to)
{
    run_wire(bad, 0, to);
    finish_wire(bad, to);
    for (int64_t ms = 400; ms < 2400; ms++) { /* the servers go on; images need a rest */
        turn(bad, start_ns + (int64_t)(to * 1000) * VW_NS_PER_MS + ms * VW_NS_PER_MS);
    }
    check_sum(bad->d);
    assert_same_end(good, bad->d);
}

static void whatever_happens_on_both_lines_the_end_is_the_lossless_one(void **state)
{
    static const double shares[] = {0.001, 0.005, 0.02, 0.05, 0.1, 0.2};
    desk *good = play_lossless(4);

    (void)state;
    for (size_t i = 0; i < VW_COUNT_OF(shares); i++) {
        vw_sim_config config = vw_sim_defaults();
        double share = shares[i];
        wire *bad;

        config.lines[0] = config.lines[1] = (vw_impairment){share, share, share};
        bad = open_wire(config);
        bad->d->garbled = share;
        assert_heals(good, bad, 4);
        assert_true(count(bad->d, VW_COUNT_MESSAGES_MALFORMED) > 0);
        assert_true(count(bad->d, VW_COUNT_PACKETS_MALFORMED) > 0);
        assert_true(count(bad->d, VW_COUNT_GAPS_HEALED) > 0 || share < 0.02);
        close_wire(bad);
    }
    close_desk(good);
}

static void a_line_that_dies_and_returns_while_the_other_loses_changes_nothing(void **state)
{
    desk *good = play_lossless(7);
    wire *bad = open_wire(losing(0.05));

    (void)state;
    bad->d->dead_from_ns = start_ns + 1500 * VW_NS_PER_MS;
    bad->d->dead_until_ns = start_ns + 6000 * VW_NS_PER_MS;
    assert_heals(good, bad, 7);
    assert_int_equal(count(bad->d, VW_COUNT_LINES_SILENT), 2);
    assert_true(count(bad->d, VW_COUNT_GAPS_HEALED) > 100);
    close_desk(good);
    close_wire(bad);
}

static void lines_so_bad_that_gaps_are_refused_are_healed_by_images(void **state)
{
    desk *good = play_lossless(6);
    vw_sim_config config = losing(0.2);
    wire *bad;

    (void)state;
    config.refuse = VW_SIM_REFUSE_GAP;
    bad = open_wire(config);
    run_wire(bad, 0, 6);
    finish_wire(bad, 6);
    for (int64_t ms = 6400; ms < 8400; ms++) { /* the servers go on; images need a rest */
        turn(bad, start_ns + ms * VW_NS_PER_MS);
    }
    assert_true(count(bad->d, VW_COUNT_GAPS_REFUSED) > 2);
    assert_true(count(bad->d, VW_COUNT_GAPS_REFUSED) < 100); /* it is asked less and less */
    assert_true(count(bad->d, VW_COUNT_SPINS_HEALED) > 20);
    assert_true(count(bad->d, VW_COUNT_SPINS_HEALED) < 60); /* a unit takes one a second */
    assert_true(count(bad->d, VW_COUNT_MESSAGES_COVERED) > 0);
    check_sum(bad->d);
    assert_same_end(good, bad->d);
    close_desk(good);
    close_wire(bad);
}

static void servers_that_refuse_stop_nothing_and_what_is_unknown_is_flagged(void **state)
{
    static const struct {
        uint32_t refuse;
        vw_counter counter; /* that says so */
    } kinds[] = {
        {VW_SIM_REFUSE_LOGIN, VW_COUNT_RECOVERY_LINKS_LOST},
        {VW_SIM_REFUSE_SILENTLY, VW_COUNT_RECOVERY_LINKS_LOST},
        {VW_SIM_REFUSE_GAP | VW_SIM_REFUSE_SPIN, VW_COUNT_GAPS_REFUSED},
        {VW_SIM_REFUSE_REPLAY | VW_SIM_REFUSE_SPIN, VW_COUNT_GAP_TIMEOUTS},
        {VW_SIM_REFUSE_GAP | VW_SIM_REFUSE_SPIN, VW_COUNT_SPINS_FAILED},
        {VW_SIM_REFUSE_GAP | VW_SIM_REFUSE_CUT, VW_COUNT_SPINS_FAILED},
    };
    desk *good = play_lossless(4);

    (void)state;
    for (size_t i = 0; i < VW_COUNT_OF(kinds); i++) {
        vw_sim_config config = losing(0.05);
        wire *bad;

        config.refuse = kinds[i].refuse;
        bad = open_wire_to(config, 5 * VW_NS_PER_SECOND * (i % 2));
        run_wire(bad, 0, 4);
        finish_wire(bad, 4);
        assert_true(count(bad->d, kinds[i].counter) > 0);
        assert_true(count(bad->d, VW_COUNT_MESSAGES_MISSED) > 0);
        assert_int_equal(count(bad->d, VW_COUNT_SPINS_HEALED), 0);
        assert_int_equal(accepted(bad->d) + count(bad->d, VW_COUNT_MESSAGES_MISSED),
                         vw_sim_totals_get(bad->d->sim).sequenced);
        check_sum(bad->d);
        assert_true(assert_right_or_stale(good, bad->d) > 100);
        close_wire(bad);
    }
    close_desk(good);
}

static void a_server_that_dies_in_the_middle_of_an_image_is_found_again(void **state)
{
    desk *good = play_lossless(9);
    vw_sim_config config = losing(0.05);
    wire *bad;

    (void)state;
    config.refuse = VW_SIM_REFUSE_GAP;
    bad = open_wire(config);
    bad->bytes_per_ms = 2000; /* an image takes its time */
    bad->cut_at_images = 2;
    run_wire(bad, 0, 2);
    assert_true(bad->dead);
    assert_true(count(bad->d, VW_COUNT_SPINS_FAILED) > 0);
    run_wire(bad, 2, 4);
    assert_true(count(bad->d, VW_COUNT_RECOVERY_LINKS_LOST) > 4);
    assert_true(count(bad->d, VW_COUNT_RECOVERY_LINKS_LOST) < 100); /* not in a frenzy */
    bad->dead = false;
    bad->cut_at_images = 0;
    bad->bytes_per_ms = 1 << 20;
    run_wire(bad, 4, 9);
    finish_wire(bad, 9);
    for (int64_t ms = 9400; ms < 11400; ms++) {
        turn(bad, start_ns + ms * VW_NS_PER_MS);
    }
    assert_true(count(bad->d, VW_COUNT_SPINS_HEALED) > 4);
    check_sum(bad->d);
    assert_same_end(good, bad->d);
    close_desk(good);
    close_wire(bad);
}

static void who_joins_late_is_whole_at_once(void **state)
{
    desk *good = play_lossless(7.5);
    vw_sim_config config = vw_sim_defaults();
    wire *late = open_wire(config);
    size_t stale = 0;

    (void)state;
    late->d->hears_from_ns = start_ns + 7 * VW_NS_PER_SECOND;
    run_wire(late, 0, 7.1);
    assert_int_equal(count(late->d, VW_COUNT_SPINS_HEALED), 5); /* units */
    assert_true(count(late->d, VW_COUNT_IMAGE_MESSAGES) > 3 * late->d->series_count);
    for (size_t i = 0; i < SERIES_MAX; i++) {
        stale += late->d->series[i].quality & VW_QUOTE_STALE;
    }
    assert_int_equal(stale, 0);
    assert_int_equal(late->d->series_count, good->series_count); /* by the definition spin */
    run_wire(late, 7.1, 7.5);
    finish_wire(late, 7.5);
    assert_int_equal(count(late->d, VW_COUNT_MESSAGES_MISSED), 0);
    check_sum(late->d);
    assert_same_end(good, late->d);
    close_desk(good);
    close_wire(late);
}

static void what_waits_for_a_replay_is_stale_and_right_after_it_is_not(void **state)
{
    wire *w = open_wire(vw_sim_defaults());
    uint64_t wholes;

    (void)state;
    run_wire(w, 0, 6);
    w->d->deaf_from_ns = start_ns + 6000 * VW_NS_PER_MS;
    w->d->deaf_until_ns = start_ns + 6003 * VW_NS_PER_MS;
    w->bytes_per_ms = 1;
    assert_int_equal(w->d->gaps, 0);
    run_wire(w, 6, 6.015);
    assert_int_equal(w->d->gaps, 0); /* the other line has its time */
    wholes = w->d->wholes;
    for (int64_t ms = 6015; w->d->gaps == 0 && ms < 6100; ms++) {
        vw_sim_poll(w->d->sim, start_ns + ms * VW_NS_PER_MS);
        turn(w, start_ns + ms * VW_NS_PER_MS);
    }
    assert_int_equal(w->d->gaps, 1);
    assert_int_equal(count(w->d, VW_COUNT_GAP_REQUESTS), 1);
    run_wire(w, 6.1, 6.2);
    assert_true(w->d->wholes > wholes);
    assert_int_equal(count(w->d, VW_COUNT_GAPS_HEALED), 1);
    assert_int_equal(count(w->d, VW_COUNT_GAPS), 0);
    close_wire(w);
}

static void a_gap_too_large_to_ask_for_is_healed_by_an_image(void **state)
{
    desk *good = play_lossless(8);
    wire *w = open_wire(vw_sim_defaults());

    (void)state;
    w->d->deaf_from_ns = start_ns + 6000 * VW_NS_PER_MS;
    w->d->deaf_until_ns = start_ns + 6500 * VW_NS_PER_MS;
    run_wire(w, 0, 6.6);
    assert_int_equal(count(w->d, VW_COUNT_GAP_REQUESTS), 0);
    assert_int_equal(w->d->gaps, 2); /* the gap, and that the unit is held back for the image */
    assert_int_equal(count(w->d, VW_COUNT_SPINS_HEALED), 1);
    run_wire(w, 6.6, 8);
    finish_wire(w, 8);
    check_sum(w->d);
    assert_same_end(good, w->d);
    close_desk(good);
    close_wire(w);
}

/* The exchange starts anew while a replay is waited for and an image is on its way. */
static void a_reset_in_the_middle_of_recovery_begins_anew(void **state)
{
    desk *good = play_lossless(6);
    vw_sim_config config = losing(0.05);
    wire *w;
    vw_sim *second = NULL;

    (void)state;
    config.refuse = VW_SIM_REFUSE_REPLAY;
    w = open_wire(config);
    w->bytes_per_ms = 500;
    run_wire(w, 0, 4);
    assert_true(count(w->d, VW_COUNT_GAP_REQUESTS) > 0 && count(w->d, VW_COUNT_SPINS) > 0);
    for (uint32_t i = 0; i < VW_STREAMS_MAX; i++) { /* the old exchange's servers go with it */
        unplug(&w->cables[i]);
        w->cables[i].up = w->cables[i].told;
    }
    config = vw_sim_defaults();
    config.sink = hear;
    config.sink_self = w->d;
    assert_int_equal(vw_sim_open(&config, &second, NULL), VW_OK);
    vw_sim_close(w->d->sim);
    w->d->sim = second;
    w->bytes_per_ms = 1 << 20;
    for (int64_t ms = 0; ms < 6000; ms++) {
        vw_sim_poll(w->d->sim, start_ns + (8000 + ms) * VW_NS_PER_MS);
        turn(w, start_ns + (8000 + ms) * VW_NS_PER_MS);
    }
    finish_wire(w, 14);
    assert_int_equal(count(w->d, VW_COUNT_SEQUENCE_RESETS), 5);
    check_sum(w->d);
    assert_same_end(good, w->d);
    close_desk(good);
    close_wire(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_lines_that_lose_5_percent_each_end_as_the_lossless_one),
        cmocka_unit_test(whatever_happens_on_both_lines_the_end_is_the_lossless_one),
        cmocka_unit_test(a_line_that_dies_and_returns_while_the_other_loses_changes_nothing),
        cmocka_unit_test(lines_so_bad_that_gaps_are_refused_are_healed_by_images),
        cmocka_unit_test(servers_that_refuse_stop_nothing_and_what_is_unknown_is_flagged),
        cmocka_unit_test(a_server_that_dies_in_the_middle_of_an_image_is_found_again),
        cmocka_unit_test(who_joins_late_is_whole_at_once),
        cmocka_unit_test(what_waits_for_a_replay_is_stale_and_right_after_it_is_not),
        cmocka_unit_test(a_gap_too_large_to_ask_for_is_healed_by_an_image),
        cmocka_unit_test(a_reset_in_the_middle_of_recovery_begins_anew),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
