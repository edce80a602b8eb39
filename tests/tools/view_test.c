#include "tools/view.h"

#include "schemas/encode.h"
#include "tests/check.h"
#include "tests/schemas/samples.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zmq.h>

/* A publisher by hand, and a view of it. */
typedef struct scene {
    void *context, *socket;
    vw_encoder *encoder;
    vw_view *view;
    uint64_t sequence;
    char *text;
} scene;

static void open_scene(scene *s)
{
    char endpoint[128], word[64];
    size_t size = sizeof endpoint;
    vw_error error;

    *s = (scene){.context = zmq_ctx_new(), .encoder = vw_encoder_open()};
    s->socket = zmq_socket(s->context, ZMQ_XPUB);
    assert_int_equal(zmq_bind(s->socket, "tcp://127.0.0.1:*"), 0);
    zmq_getsockopt(s->socket, ZMQ_LAST_ENDPOINT, endpoint, &size);
    assert_int_equal(vw_view_open(endpoint, &s->view, &error), VW_OK);
    assert_true(zmq_recv(s->socket, word, sizeof word, 0) > 0);
}

static void close_scene(scene *s)
{
    int linger_ms = 0;

    vw_view_close(s->view);
    vw_encoder_close(s->encoder);
    zmq_setsockopt(s->socket, ZMQ_LINGER, &linger_ms, sizeof linger_ms);
    zmq_close(s->socket);
    zmq_ctx_term(s->context);
    free(s->text);
}

static void send_on(scene *s, const vw_topic *topic, vw_message *message)
{
    uint64_t before = vw_view_stats(s->view)->messages;
    vw_frame frame;

    message->sequence = ++s->sequence;
    frame = vw_encode(s->encoder, topic->name, message);
    assert_true(zmq_send(s->socket, frame.bytes, frame.size, 0) > 0);
    for (int i = 0; i < 100 && vw_view_stats(s->view)->messages == before; i++) {
        vw_view_poll(s->view, 100);
    }
    assert_true(vw_view_stats(s->view)->messages > before);
}

static void send_sample(scene *s, vw_message_kind kind)
{
    vw_message message = sample_message(kind);
    vw_topic topic = sample_topic(kind);

    s->sequence = 0; /* one message per topic here */
    send_on(s, &topic, &message);
}

static void send_group(scene *s, const char *root, uint32_t expiry, const vw_surface_row *surface)
{
    vw_message message = sample_message(VW_MESSAGE_SURFACE);
    vw_topic topic;

    memset(message.group.root, 0, sizeof message.group.root);
    memcpy(message.group.root, root, strlen(root));
    message.group.expiry = expiry;
    message.surface = surface;
    topic = vw_topic_of(VW_MESSAGE_SURFACE, &message.group, NULL);
    send_on(s, &topic, &message);
}

static const char *print(scene *s)
{
    size_t size;
    FILE *to;

    free(s->text);
    to = open_memstream(&s->text, &size);
    vw_view_print(s->view, to);
    fclose(to);
    return s->text;
}

static void assert_says(scene *s, const char *words)
{
    if (strstr(print(s), words) == NULL) {
        fail_msg("\"%s\" is not in:\n%s", words, s->text);
    }
}

static void before_the_first_message_it_waits(void **state)
{
    scene s;

    (void)state;
    open_scene(&s);
    assert_says(&s, "waiting for the publisher");
    assert_says(&s, "VX curve  none yet");
    close_scene(&s);
}

static void the_page_has_every_part_of_the_stream(void **state)
{
    scene s;

    (void)state;
    open_scene(&s);
    for (int kind = VW_MESSAGE_DEFINITIONS; kind <= VW_MESSAGE_HEARTBEAT; kind++) {
        send_sample(&s, (vw_message_kind)kind);
    }
    assert_says(&s, "SYNTHETIC MARKET");
    assert_says(&s, "market 2022-06-10 09:45:00.000 ET");
    assert_says(&s, "regime contango");
    assert_says(&s, "contango 2.10 %");
    assert_says(&s, "basis to spot VIX -");
    assert_says(&s, "VX1   20220615    27.250");
    assert_says(&s, "> SPXW   20220610P");
    assert_says(&s, "3905.250");
    assert_says(&s, "28.76");
    assert_says(&s, "book main  delta 1250 $/pt");
    assert_says(&s, "hedge ratio 0.750");
    assert_says(&s, "layer 4");
    assert_says(&s, "1 of 2 legs have no price");
    assert_says(&s, "1 of 2 units stale");
    assert_says(&s, "3 messages missed from 4711");
    assert_says(&s, "p50 17.0 us  p99 81.0 us  p99.9 950.0 us");
    assert_says(&s, "losses 9 upstream, 0 here");
    close_scene(&s);
}

static void calls_and_puts_of_a_strike_share_a_line(void **state)
{
    vw_message message = sample_message(VW_MESSAGE_GREEKS);
    vw_topic topic = sample_topic(VW_MESSAGE_GREEKS);
    vw_greeks_row rows[2] = {message.greeks[0], message.greeks[0]};
    scene s;

    (void)state;
    open_scene(&s);
    rows[1].type = 'P';
    rows[1].delta = -0.5125;
    rows[1].status = VW_STATUS_STALE;
    rows[1].quality = VW_QUOTE_STALE;
    message.greeks = rows;
    message.greeks_count = 2;
    send_on(&s, &topic, &message);
    assert_says(&s, "0.4875c |  3900.00");
    assert_says(&s, "-0.5125s");
    close_scene(&s);
}

static void a_failed_number_is_a_dash(void **state)
{
    vw_message message = sample_message(VW_MESSAGE_GREEKS);
    vw_topic topic = sample_topic(VW_MESSAGE_GREEKS);
    vw_greeks_row row = message.greeks[0];
    scene s;

    (void)state;
    open_scene(&s);
    row.status = VW_STATUS_NO_MARKET;
    row.delta = 0.77;
    message.greeks = &row;
    message.greeks_count = 1;
    send_on(&s, &topic, &message);
    assert_says(&s, "   24.50    25.10       -        -c");
    assert_null(strstr(s.text, "0.77"));
    close_scene(&s);
}

static void the_first_spx_expiry_some_days_off_is_chosen(void **state)
{
    vw_surface_row near = sample_surface(), far = sample_surface(), none = sample_surface();
    scene s;

    (void)state;
    open_scene(&s);
    near.years = 0.001;
    far.years = 0.05;
    none.forward = 0;
    none.forward_source = VW_FORWARD_NONE;
    none.status = VW_STATUS_NO_MARKET;
    send_group(&s, "VIX", 20220622, &far);
    send_group(&s, "SPXW", 20220708, &far);
    send_group(&s, "SPXW", 20220613, &near);
    send_group(&s, "SPXW", 20220701, &far);
    send_group(&s, "SPX", 20220617, &none);
    assert_says(&s, "> SPXW   20220701P");
    assert_says(&s, "no_market");
    close_scene(&s);
}

static void nothing_of_a_restarted_publisher_stays(void **state)
{
    vw_message message = sample_message(VW_MESSAGE_CURVE);
    vw_topic topic = sample_topic(VW_MESSAGE_CURVE);
    scene s;

    (void)state;
    open_scene(&s);
    send_sample(&s, VW_MESSAGE_SURFACE);
    send_sample(&s, VW_MESSAGE_HEDGE);
    assert_says(&s, "SPXW   20220610P");
    message.epoch++;
    send_on(&s, &topic, &message);
    assert_says(&s, "the publisher has restarted");
    assert_null(strstr(s.text, "20220610P"));
    assert_says(&s, "book  none yet");
    close_scene(&s);
}

static void many_expiries_and_strikes_fit_the_page(void **state)
{
    vw_message message = sample_message(VW_MESSAGE_GREEKS);
    vw_topic topic = sample_topic(VW_MESSAGE_GREEKS);
    static vw_greeks_row rows[2000];
    vw_surface_row surface = sample_surface();
    size_t lines = 0;
    scene s;

    (void)state;
    open_scene(&s);
    for (uint32_t i = 0; i < 60; i++) {
        send_group(&s, "SPXW", 20220701 + i, &surface);
    }
    for (uint32_t i = 0; i < 2000; i++) {
        rows[i] = sample_greeks(i * 7919 % 2000, VW_CALC_CUT);
    }
    message.greeks = rows;
    message.greeks_count = 2000;
    send_on(&s, &topic, &message);
    for (const char *c = print(&s); *c != '\0'; c++) {
        lines += *c == '\n';
    }
    assert_in_range(lines, 20, 41);
    close_scene(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(before_the_first_message_it_waits),
        cmocka_unit_test(the_page_has_every_part_of_the_stream),
        cmocka_unit_test(calls_and_puts_of_a_strike_share_a_line),
        cmocka_unit_test(a_failed_number_is_a_dash),
        cmocka_unit_test(the_first_spx_expiry_some_days_off_is_chosen),
        cmocka_unit_test(nothing_of_a_restarted_publisher_stays),
        cmocka_unit_test(many_expiries_and_strikes_fit_the_page),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
