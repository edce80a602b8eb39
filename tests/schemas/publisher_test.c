#include "schemas/publisher.h"

#include "core/base/clock.h"
#include "schemas/encode.h"
#include "schemas/subscriber.h"
#include "tests/check.h"
#include "tests/schemas/samples.h"

#include <stdlib.h>
#include <string.h>
#include <zmq.h>

enum { DEPTH = 8192, PATIENCE_MS = 10000 };

/* A publisher on a port of its own, and the ring that feeds it. */
typedef struct station {
    vw_ring *ring;
    vw_counters *counters;
    const vw_counters *blocks[1];
    vw_histogram *histogram;
    vw_publisher *publisher;
} station;

static void *aligned(size_t size)
{
    void *mem = aligned_alloc(VW_LINE_PAIR, vw_round_up(size, VW_LINE_PAIR));

    assert_non_null(mem);
    memset(mem, 0, size);
    return mem;
}

static vw_err open_at(station *s, const char *endpoint, vw_error *error)
{
    vw_publisher_config config = {
        .high_water_mark = 100000,
        .instruments_max = 4096,
        .groups_max = 16,
        .heartbeat_ns = VW_NS_PER_SECOND,
        .source = "synthetic",
        .book = "main",
    };
    vw_err err;

    s->ring =
        vw_ring_init(aligned(vw_ring_size(DEPTH, sizeof(vw_update))), DEPTH, sizeof(vw_update));
    s->counters = aligned(sizeof *s->counters);
    s->histogram = aligned(sizeof *s->histogram);
    s->blocks[0] = s->counters;
    snprintf(config.endpoint, sizeof config.endpoint, "%s", endpoint);
    config.in = s->ring;
    config.counters = s->counters;
    config.all_counters = s->blocks;
    config.all_counters_count = 1;
    config.wire_to_publish = s->histogram;
    err = vw_publisher_open(&config, &s->publisher, error);
    assert_int_equal(err, VW_OK);
    return vw_publisher_begin(s->publisher, error);
}

static void open_station(station *s, const char *endpoint)
{
    vw_error error = {""};

    if (open_at(s, endpoint, &error) != VW_OK) {
        fail_msg("%s", error.text);
    }
}

static void close_station(station *s)
{
    vw_publisher_close(s->publisher);
    free(s->ring);
    free(s->counters);
    free(s->histogram);
}

static void poll_publisher(station *s)
{
    vw_publisher_poll(s->publisher, vw_clock_realtime_ns());
}

static void put(station *s, const vw_update *update)
{
    vw_update *slot = vw_ring_reserve(s->ring);

    assert_non_null(slot);
    *slot = *update;
    vw_ring_commit(s->ring);
}

static vw_update make_update(vw_update_kind kind, unsigned flags, uint16_t group)
{
    return (vw_update){
        .exchange_ns = SAMPLE_NS,
        .receive_ns = vw_clock_realtime_ns(),
        .kind = (uint8_t)kind,
        .flags = (uint8_t)flags,
        .group = group,
    };
}

static const unsigned single = VW_UPDATE_FIRST | VW_UPDATE_LAST;

static void put_group(station *s, uint16_t group, const char *root, uint32_t expiry)
{
    vw_update update = make_update(VW_UPDATE_GROUP, single, group);

    update.of_group = (vw_group_row){
        .settlement_ns = sample_group.settlement_ns, .expiry = expiry, .settlement = 'P'};
    strncpy(update.of_group.root, root, sizeof update.of_group.root);
    put(s, &update);
}

static void put_greeks(station *s, uint16_t group, uint32_t instrument, vw_calc calc,
                       unsigned flags)
{
    vw_update update = make_update(VW_UPDATE_GREEKS, flags, group);

    update.greeks = sample_greeks(instrument, calc);
    put(s, &update);
}

static void put_definition(station *s, uint16_t group, uint32_t instrument)
{
    vw_update update = make_update(VW_UPDATE_DEFINITION, single, group);

    update.definition = sample_definition(instrument);
    put(s, &update);
}

static void put_surface(station *s, uint16_t group)
{
    vw_update update = make_update(VW_UPDATE_SURFACE, single, group);

    update.surface = sample_surface();
    put(s, &update);
}

static void put_unit(station *s, uint8_t unit, vw_unit_state unit_state)
{
    vw_update update = make_update(VW_UPDATE_UNIT, single, 0);

    update.of_unit = sample_unit(unit, unit_state);
    put(s, &update);
}

static void put_curve(station *s, uint32_t points)
{
    vw_update update = make_update(VW_UPDATE_CURVE, VW_UPDATE_FIRST, 0);

    update.curve = sample_curve(points);
    put(s, &update);
    for (uint32_t i = 0; i < points; i++) {
        update = make_update(VW_UPDATE_CURVE_POINT, i + 1 == points ? VW_UPDATE_LAST : 0, 0);
        update.curve_point = sample_point(i);
        put(s, &update);
    }
}

static void put_hedge(station *s, uint32_t legs)
{
    vw_update update = make_update(VW_UPDATE_HEDGE, VW_UPDATE_FIRST, 0);

    update.hedge = sample_hedge(VW_LAYERS, legs);
    put(s, &update);
    for (uint8_t i = 1; i <= VW_LAYERS; i++) {
        update = make_update(VW_UPDATE_HEDGE_LAYER, 0, 0);
        update.layer = sample_layer(i);
        put(s, &update);
    }
    for (uint32_t i = 0; i < legs; i++) {
        update = make_update(VW_UPDATE_HEDGE_LEG, i + 1 == legs ? VW_UPDATE_LAST : 0, 0);
        update.leg = sample_leg(i);
        put(s, &update);
    }
}

static vw_subscriber *subscribe(const char *endpoint, const char *prefix)
{
    vw_subscriber *subscriber;
    vw_error error = {""};

    if (vw_subscriber_open(endpoint, &prefix, prefix != NULL, &subscriber, &error) != VW_OK) {
        fail_msg("%s", error.text);
    }
    return subscriber;
}

/* Waits for an event of that kind on a topic that begins with prefix, polling the publisher. */
static vw_received expect(station *s, vw_subscriber *subscriber, vw_subscriber_event event,
                          const char *prefix)
{
    vw_received received;
    int64_t until_ns = vw_clock_monotonic_ns() + PATIENCE_MS * VW_NS_PER_MS;

    while (vw_clock_monotonic_ns() < until_ns) {
        if (s != NULL) {
            poll_publisher(s);
        }
        if (vw_subscriber_poll(subscriber, 1, &received) == event &&
            strncmp(received.topic, prefix, strlen(prefix)) == 0) {
            return received;
        }
    }
    fail_msg("no event %d on %s", (int)event, prefix);
    return received;
}

static vw_received expect_message(station *s, vw_subscriber *subscriber, const char *prefix)
{
    return expect(s, subscriber, VW_SUBSCRIBER_MESSAGE, prefix);
}

/* A subscriber that is surely joined: its first heartbeat has come. */
static vw_subscriber *join(station *s)
{
    vw_subscriber *subscriber = subscribe(vw_publisher_endpoint(s->publisher), NULL);

    poll_publisher(s);
    expect_message(s, subscriber, "heartbeat");
    return subscriber;
}

static void every_run_becomes_one_message(void **state)
{
    station s;
    vw_subscriber *subscriber;
    const vw_message *m;
    vw_greeks_row greeks = sample_greeks(11, VW_CALC_CUT);
    vw_leg_row leg = sample_leg(4);
    vw_curve_point point = sample_point(6);

    (void)state;
    open_station(&s, "tcp://127.0.0.1:*");
    subscriber = join(&s);
    put_group(&s, 3, "SPXW", 20220610);
    put_greeks(&s, 3, 10, VW_CALC_CUT, VW_UPDATE_FIRST);
    put_greeks(&s, 3, 11, VW_CALC_CUT, 0);
    put_greeks(&s, 3, 12, VW_CALC_CUT, VW_UPDATE_LAST);
    put_surface(&s, 3);
    put_curve(&s, 7);
    put_hedge(&s, 5);

    m = expect_message(&s, subscriber, "greeks.SPXW.220610P").message;
    assert_int_equal(m->greeks_count, 3);
    assert_memory_equal(&m->greeks[1], &greeks, sizeof greeks);
    assert_int_equal(m->sequence, 1);
    assert_string_equal(m->source, "synthetic");
    assert_int_equal(m->group.expiry, 20220610);
    assert_true(m->publish_ns >= m->receive_ns);
    m = expect_message(&s, subscriber, "surface.SPXW.220610P").message;
    assert_non_null(m->surface);
    m = expect_message(&s, subscriber, "curve.VX").message;
    assert_int_equal(m->curve_point_count, 7);
    assert_memory_equal(&m->curve_points[6], &point, sizeof point);
    m = expect_message(&s, subscriber, "hedge.main").message;
    assert_int_equal(m->layer_count, VW_LAYERS);
    assert_int_equal(m->leg_count, 5);
    assert_memory_equal(&m->legs[4], &leg, sizeof leg);
    vw_subscriber_close(subscriber);
    close_station(&s);
}

static void ticks_that_wait_for_one_topic_share_a_message(void **state)
{
    station s;
    vw_subscriber *subscriber;
    const vw_message *m;

    (void)state;
    open_station(&s, "tcp://127.0.0.1:*");
    subscriber = join(&s);
    put_group(&s, 0, "SPXW", 20220610);
    put_group(&s, 1, "SPXW", 20220613);
    for (uint32_t i = 0; i < 70; i++) {
        put_greeks(&s, 0, i, VW_CALC_TICK, single);
    }
    put_greeks(&s, 1, 100, VW_CALC_TICK, single);
    put_greeks(&s, 0, 71, VW_CALC_TICK, single);
    m = expect_message(&s, subscriber, "greeks").message;
    assert_int_equal(m->greeks_count, 64);
    assert_int_equal(m->greeks[63].instrument, 63);
    m = expect_message(&s, subscriber, "greeks").message;
    assert_int_equal(m->greeks_count, 6);
    assert_int_equal(m->sequence, 2);
    m = expect_message(&s, subscriber, "greeks").message;
    assert_int_equal(m->group.expiry, 20220613);
    m = expect_message(&s, subscriber, "greeks").message;
    assert_int_equal(m->greeks[0].instrument, 71);
    assert_int_equal(m->sequence, 3);
    assert_int_equal(atomic_load(&s.histogram->count), 72);
    vw_subscriber_close(subscriber);
    close_station(&s);
}

static void put_cut(station *s, uint16_t group, uint32_t first, uint32_t rows)
{
    for (uint32_t i = 0; i < rows; i++) {
        put_greeks(s, group, first + i, VW_CALC_CUT,
                   (i == 0 ? VW_UPDATE_FIRST : 0u) | (i + 1 == rows ? VW_UPDATE_LAST : 0u));
    }
}

static void runs_of_a_cut_share_a_message_while_they_come(void **state)
{
    station s;
    vw_subscriber *subscriber;
    uint64_t before;
    const vw_message *m;

    (void)state;
    open_station(&s, "tcp://127.0.0.1:*");
    subscriber = join(&s);
    put_group(&s, 0, "SPXW", 20220610);
    before = vw_counters_get(s.counters, VW_COUNT_MESSAGES_OUT);
    for (uint32_t chunk = 0; chunk < 5; chunk++) { /* one a turn, as the engine makes them */
        put_cut(&s, 0, 64 * chunk, 64);
        poll_publisher(&s);
    }
    assert_int_equal(vw_counters_get(s.counters, VW_COUNT_MESSAGES_OUT), before + 1);
    put_surface(&s, 0);
    poll_publisher(&s);
    assert_int_equal(vw_counters_get(s.counters, VW_COUNT_MESSAGES_OUT), before + 3);
    m = expect_message(&s, subscriber, "greeks").message;
    assert_int_equal(m->greeks_count, 256);
    assert_int_equal(m->greeks[255].instrument, 255);
    m = expect_message(&s, subscriber, "greeks").message;
    assert_int_equal(m->greeks_count, 64);
    assert_int_equal(m->greeks[0].instrument, 256);
    expect_message(&s, subscriber, "surface");

    put_cut(&s, 0, 0, 10);
    poll_publisher(&s);
    put_greeks(&s, 0, 400, VW_CALC_TICK, VW_UPDATE_FIRST); /* both series of a strike */
    put_greeks(&s, 0, 401, VW_CALC_TICK, VW_UPDATE_LAST);
    put_greeks(&s, 0, 402, VW_CALC_TICK, single);
    poll_publisher(&s);
    m = expect_message(NULL, subscriber, "greeks").message;
    assert_int_equal(m->greeks_count, 10);
    m = expect_message(NULL, subscriber, "greeks").message;
    assert_int_equal(m->greeks_count, 3);
    assert_int_equal(m->greeks[2].calc, VW_CALC_TICK);
    assert_int_equal(atomic_load(&s.histogram->count), 2);

    put_cut(&s, 0, 0, 7); /* nothing follows: it goes with the next turn */
    poll_publisher(&s);
    poll_publisher(&s);
    m = expect_message(NULL, subscriber, "greeks").message;
    assert_int_equal(m->greeks_count, 7);
    vw_subscriber_close(subscriber);
    close_station(&s);
}

static void a_run_that_is_still_coming_waits_until_it_is_whole(void **state)
{
    station s;
    vw_subscriber *subscriber;
    uint64_t before;
    const vw_message *m;

    (void)state;
    open_station(&s, "tcp://127.0.0.1:*");
    subscriber = join(&s);
    put_group(&s, 0, "SPXW", 20220610);
    put_greeks(&s, 0, 1, VW_CALC_CUT, VW_UPDATE_FIRST);
    put_greeks(&s, 0, 2, VW_CALC_CUT, 0);
    poll_publisher(&s);
    poll_publisher(&s);
    before = vw_counters_get(s.counters, VW_COUNT_MESSAGES_OUT);
    put_greeks(&s, 0, 3, VW_CALC_CUT, 0);
    poll_publisher(&s);
    assert_int_equal(vw_counters_get(s.counters, VW_COUNT_MESSAGES_OUT), before);
    put_greeks(&s, 0, 4, VW_CALC_CUT, VW_UPDATE_LAST);
    m = expect_message(&s, subscriber, "greeks").message;
    assert_int_equal(m->greeks_count, 4);
    vw_subscriber_close(subscriber);
    close_station(&s);
}

static void a_late_subscriber_gets_the_last_values(void **state)
{
    station s;
    vw_subscriber *early, *late;
    size_t definitions = 0;
    vw_received received;

    (void)state;
    open_station(&s, "tcp://127.0.0.1:*");
    early = join(&s);
    put_group(&s, 0, "SPXW", 20220610);
    for (uint32_t i = 0; i < 3000; i++) {
        put_definition(&s, 0, i);
    }
    put_definition(&s, 0, 17); /* again: kept once */
    put_surface(&s, 0);
    put_surface(&s, 0);
    put_curve(&s, 2);
    put_unit(&s, 1, VW_UNIT_GAP);
    put_unit(&s, 2, VW_UNIT_SILENT);
    put_unit(&s, 1, VW_UNIT_WHOLE);
    expect_message(&s, early, "status");

    late = subscribe(vw_publisher_endpoint(s.publisher), "");
    received = expect_message(&s, late, "status");
    assert_int_equal(received.message->unit_count, 2);
    assert_int_equal(received.message->units[0].state, VW_UNIT_WHOLE);
    assert_int_equal(received.message->units[1].state, VW_UNIT_SILENT);
    received = expect_message(&s, late, "curve.VX");
    assert_int_equal(received.message->curve_point_count, 2);
    while (definitions < 3000) {
        received = expect_message(&s, late, "def.SPXW");
        assert_string_equal(received.message->group.root, "SPXW");
        assert_int_equal(received.message->definitions[0].instrument, definitions);
        definitions += received.message->definition_count;
    }
    assert_int_equal(definitions, 3000);
    received = expect_message(&s, late, "surface.SPXW");
    assert_int_equal(received.message->sequence, 2);
    put_surface(&s, 0);
    received = expect_message(&s, late, "surface.SPXW");
    assert_int_equal(received.message->sequence, 3);
    assert_int_equal(vw_subscriber_stats_of(late)->gaps, 0);
    vw_subscriber_close(late);
    vw_subscriber_close(early);
    close_station(&s);
}

static void what_is_sent_again_is_marked_for_those_who_have_it(void **state)
{
    station s;
    vw_subscriber *early, *late;
    vw_received received;

    (void)state;
    open_station(&s, "tcp://127.0.0.1:*");
    early = join(&s);
    put_curve(&s, 2);
    received = expect_message(&s, early, "curve.VX");
    assert_false(received.repeat);
    late = subscribe(vw_publisher_endpoint(s.publisher), "curve");
    received = expect_message(&s, late, "curve.VX");
    assert_false(received.repeat);
    received = expect_message(&s, early, "curve.VX");
    assert_true(received.repeat);
    assert_int_equal(vw_subscriber_stats_of(early)->gaps, 0);
    vw_subscriber_close(late);
    vw_subscriber_close(early);
    close_station(&s);
}

static void heartbeats_carry_counters_and_latency(void **state)
{
    station s;
    vw_subscriber *subscriber;
    const vw_message *m;
    bool seen = false;

    (void)state;
    open_station(&s, "tcp://127.0.0.1:*");
    subscriber = join(&s);
    vw_counters_add(s.counters, VW_COUNT_GAPS, 3);
    put_group(&s, 0, "SPXW", 20220610);
    put_greeks(&s, 0, 1, VW_CALC_TICK, single);
    expect_message(&s, subscriber, "greeks");
    m = expect_message(&s, subscriber, "heartbeat").message;
    assert_int_equal(m->heartbeat->losses, 3);
    assert_int_equal(m->heartbeat->latency.count, 1);
    assert_true(m->heartbeat->latency.p50_ns > 0);
    assert_true(m->heartbeat->uptime_ns > 0);
    for (size_t i = 0; i < m->counter_count; i++) {
        if (strcmp(m->counters[i].name, "gaps") == 0) {
            assert_int_equal(m->counters[i].value, 3);
            assert_true(m->counters[i].loss);
            seen = true;
        }
    }
    assert_true(seen);
    vw_subscriber_close(subscriber);
    close_station(&s);
}

static void market_time_that_goes_back_is_believed(void **state)
{
    station s;
    vw_subscriber *subscriber;
    vw_update update = make_update(VW_UPDATE_SURFACE, single, 0);
    const vw_message *m;

    (void)state;
    open_station(&s, "tcp://127.0.0.1:*");
    subscriber = join(&s);
    put_group(&s, 0, "SPXW", 20220610);
    update.exchange_ns = SAMPLE_NS + 1000 * VW_NS_PER_SECOND;
    put(&s, &update);
    m = expect_message(&s, subscriber, "heartbeat").message;
    assert_int_equal(m->exchange_ns, SAMPLE_NS + 1000 * VW_NS_PER_SECOND);
    put_surface(&s, 0);
    m = expect_message(&s, subscriber, "heartbeat").message;
    assert_int_equal(m->exchange_ns, SAMPLE_NS);
    m = expect_message(&s, subscriber, "heartbeat").message;
    assert_int_equal(m->exchange_ns, SAMPLE_NS);
    vw_subscriber_close(subscriber);
    close_station(&s);
}

static void a_number_that_is_not_finite_is_published_as_absent(void **state)
{
    station s;
    vw_subscriber *subscriber;
    vw_update update = make_update(VW_UPDATE_GREEKS, single, 0);
    const vw_message *m;

    (void)state;
    open_station(&s, "tcp://127.0.0.1:*");
    subscriber = join(&s);
    put_group(&s, 0, "SPXW", 20220610);
    update.greeks = sample_greeks(1, VW_CALC_TICK);
    update.greeks.vega = NAN;
    update.greeks.volga = -INFINITY;
    put(&s, &update);
    m = expect_message(&s, subscriber, "greeks").message;
    assert_near(m->greeks[0].vega, 0, 0);
    assert_near(m->greeks[0].volga, 0, 0);
    assert_int_equal(m->greeks[0].status, VW_STATUS_BAD_INPUT);
    assert_int_equal(vw_counters_get(s.counters, VW_COUNT_NUMBERS_REFUSED), 2);
    vw_subscriber_close(subscriber);
    close_station(&s);
}

static void a_restarted_publisher_is_not_taken_for_a_loss(void **state)
{
    station s;
    vw_subscriber *subscriber;
    char endpoint[128];

    (void)state;
    open_station(&s, "tcp://127.0.0.1:*");
    subscriber = join(&s);
    for (int i = 0; i < 5; i++) {
        put_curve(&s, 2);
    }
    expect_message(&s, subscriber, "curve");
    snprintf(endpoint, sizeof endpoint, "%s", vw_publisher_endpoint(s.publisher));
    close_station(&s);
    open_station(&s, endpoint);
    put_curve(&s, 2);
    expect(&s, subscriber, VW_SUBSCRIBER_RESTARTED, "");
    put_curve(&s, 2);
    expect_message(&s, subscriber, "curve");
    assert_int_equal(vw_subscriber_stats_of(subscriber)->gaps, 0);
    assert_int_equal(vw_subscriber_stats_of(subscriber)->restarts, 1);
    vw_subscriber_close(subscriber);
    close_station(&s);
}

/* Sends a curve message with that sequence by hand. */
static void send_sequence(void *socket, vw_encoder *encoder, uint64_t sequence)
{
    vw_message message = sample_message(VW_MESSAGE_CURVE);
    vw_topic topic = sample_topic(VW_MESSAGE_CURVE);
    vw_frame frame;

    message.sequence = sequence;
    frame = vw_encode(encoder, topic.name, &message);
    assert_true(zmq_send(socket, frame.bytes, frame.size, 0) > 0);
}

static void a_hole_in_the_sequence_is_a_gap_of_its_size(void **state)
{
    void *context = zmq_ctx_new(), *socket = zmq_socket(context, ZMQ_XPUB);
    vw_encoder *encoder = vw_encoder_open();
    vw_subscriber *subscriber;
    char endpoint[128], word[64];
    size_t size = sizeof endpoint;
    vw_received received;

    (void)state;
    assert_int_equal(zmq_bind(socket, "tcp://127.0.0.1:*"), 0);
    zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, endpoint, &size);
    subscriber = subscribe(endpoint, "curve");
    /* Two subscriptions: ours and the heartbeats'. */
    assert_true(zmq_recv(socket, word, sizeof word, 0) > 0);
    assert_true(zmq_recv(socket, word, sizeof word, 0) > 0);
    send_sequence(socket, encoder, 7);
    send_sequence(socket, encoder, 8);
    send_sequence(socket, encoder, 12);
    assert_true(zmq_send(socket, "curve rubbish", 13, 0) > 0);
    send_sequence(socket, encoder, 13);
    assert_int_equal(expect_message(NULL, subscriber, "curve").message->sequence, 7);
    assert_int_equal(expect_message(NULL, subscriber, "curve").message->sequence, 8);
    received = expect(NULL, subscriber, VW_SUBSCRIBER_GAP, "curve.VX");
    assert_int_equal(received.first, 9);
    assert_int_equal(received.missed, 3);
    assert_int_equal(vw_subscriber_poll(subscriber, 100, &received), VW_SUBSCRIBER_MESSAGE);
    assert_int_equal(received.message->sequence, 12);
    expect(NULL, subscriber, VW_SUBSCRIBER_MALFORMED, "");
    received = expect_message(NULL, subscriber, "curve");
    assert_false(received.repeat);
    assert_int_equal(vw_subscriber_stats_of(subscriber)->missed, 3);
    vw_subscriber_close(subscriber);
    vw_encoder_close(encoder);
    zmq_close(socket);
    zmq_ctx_term(context);
}

static void silence_is_said_once_and_so_is_the_return(void **state)
{
    station s;
    vw_subscriber *subscriber;
    vw_received received;

    (void)state;
    open_station(&s, "tcp://127.0.0.1:*");
    subscriber = join(&s);
    received = expect(NULL, subscriber, VW_SUBSCRIBER_SILENT, "");
    assert_true(received.silent_ns >= VW_SUBSCRIBER_SILENT_NS);
    assert_int_equal(vw_subscriber_poll(subscriber, 10, &received), VW_SUBSCRIBER_NONE);
    received = expect(&s, subscriber, VW_SUBSCRIBER_BACK, "");
    assert_true(received.silent_ns >= VW_SUBSCRIBER_SILENT_NS);
    assert_int_equal(vw_subscriber_poll(subscriber, 100, &received), VW_SUBSCRIBER_MESSAGE);
    vw_subscriber_close(subscriber);
    close_station(&s);
}

static void a_port_in_use_and_a_bad_endpoint_name_the_way_out(void **state)
{
    station s, t;
    vw_error error = {""};

    (void)state;
    open_station(&s, "tcp://127.0.0.1:*");
    assert_int_equal(open_at(&t, vw_publisher_endpoint(s.publisher), &error), VW_ERR_SYSTEM);
    assert_non_null(strstr(error.text, vw_publisher_endpoint(s.publisher)));
    assert_non_null(strstr(error.text, "another port"));
    close_station(&t);
    assert_int_equal(open_at(&t, "5601", &error), VW_ERR_SYSTEM);
    assert_non_null(strstr(error.text, "tcp://"));
    close_station(&t);
    assert_int_equal(open_at(&t, "tcp://192.0.2.1:5601", &error), VW_ERR_SYSTEM);
    assert_non_null(strstr(error.text, "192.0.2.1"));
    close_station(&t);
    close_station(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_run_becomes_one_message),
        cmocka_unit_test(ticks_that_wait_for_one_topic_share_a_message),
        cmocka_unit_test(runs_of_a_cut_share_a_message_while_they_come),
        cmocka_unit_test(a_run_that_is_still_coming_waits_until_it_is_whole),
        cmocka_unit_test(a_late_subscriber_gets_the_last_values),
        cmocka_unit_test(what_is_sent_again_is_marked_for_those_who_have_it),
        cmocka_unit_test(heartbeats_carry_counters_and_latency),
        cmocka_unit_test(market_time_that_goes_back_is_believed),
        cmocka_unit_test(a_number_that_is_not_finite_is_published_as_absent),
        cmocka_unit_test(a_restarted_publisher_is_not_taken_for_a_loss),
        cmocka_unit_test(a_hole_in_the_sequence_is_a_gap_of_its_size),
        cmocka_unit_test(silence_is_said_once_and_so_is_the_return),
        cmocka_unit_test(a_port_in_use_and_a_bad_endpoint_name_the_way_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
