/* Images that are not what they claim to be, and what becomes of the unit. */
#include "tests/feeds/play.h"

enum { SPIN = VW_FEED_CHANNELS_MAX };

static bool connect_it(void *self, uint32_t stream, const char *address, uint16_t port)
{
    (void)address;
    *(int *)self += stream == SPIN && port == 2;
    return true;
}

static bool send_it(void *self, uint32_t stream, const void *bytes, size_t size)
{
    (void)self, (void)stream, (void)bytes, (void)size;
    return true;
}

static void close_it(void *self, uint32_t stream)
{
    (void)self, (void)stream;
}

static void hear(play *self, const void *bytes, size_t size)
{
    vw_stream_sink sink = vw_feed_stream_sink(self->feed);

    assert_int_equal(sink.received(sink.self, SPIN, bytes, size), size);
}

static void hear_message(play *self, vw_recovery_type type, uint32_t sequence, uint32_t count,
                         char status)
{
    vw_recovery_message message = {
        .type = type, .sequence = sequence, .count = count, .status = status};
    unsigned char bytes[VW_RECOVERY_PACKED_MAX];

    hear(self, bytes, vw_recovery_pack(&message, 1, bytes));
}

static void hear_order(play *self, uint64_t id, char side, int64_t price)
{
    vw_pitch_message message = play_add(id, "0000Aa", side, price, 5);

    play_begin(self, VW_DIALECT_OPTIONS, 1, 0);
    play_message(self, &message);
    hear(self, self->payload, vw_pitch_end(&self->writer));
}

static int connects;

/* A listener that came at 10 and asks for an image; a quote of it is known from adds. */
static play *asking(uint32_t available)
{
    static vw_streams streams;
    vw_feed_config config = play_config();
    vw_recovery_config *recovery = &config.channels[0].recovery;
    vw_pitch_message live[] = {play_time(PLAY_START_NS), play_add(1, "0000Aa", 'B', 101000, 5),
                               play_add(2, "0000Aa", 'S', 103000, 7)};

    connects = 0;
    streams = (vw_streams){&connects, connect_it, send_it, close_it};
    recovery->spins[0] = (vw_server_config){.address = "127.0.0.1", .port = 2};
    recovery->spin_count = 1;
    recovery->spin_timeout_ns = 5 * VW_NS_PER_SECOND;
    config.streams = &streams;
    play *self = play_open(config, 4096);
    vw_stream_sink sink = vw_feed_stream_sink(self->feed);

    play_define(self, 1, "0000Aa", "SPXW  230915C04500000");
    self->sequence[1] = 10;
    play_send(self, 1, live, 3);
    play_drain(self);
    play_check_quote(self, 0, 101000, 5, 103000, 7, 0);
    self->now_ns += 2 * VW_NS_PER_MS;
    vw_feed_turn(self->feed, self->now_ns);
    assert_int_equal(connects, 1);
    sink.opened(sink.self, SPIN);
    hear_message(self, VW_RECOVERY_LOGIN_RESPONSE, 0, 0, 'A');
    hear_message(self, VW_RECOVERY_IMAGE_AVAILABLE, available, 0, 0);
    hear_message(self, VW_RECOVERY_DEFINITION_RESPONSE, available, 0, 'O');
    return self;
}

/* The image has failed: nothing of it is left, and the next message of the line goes through. */
static void expect_failed(play *self)
{
    vw_pitch_message bid = play_add(30, "0000Aa", 'B', 100000, 2);

    assert_int_equal(play_counted(self, VW_COUNT_SPINS_FAILED), 1);
    assert_int_equal(play_counted(self, VW_COUNT_SPINS_HEALED), 0);
    play_send(self, 1, &bid, 1);
    play_drain(self);
    play_check_quote(self, 0, 100000, 2, 103000, 7, VW_QUOTE_STALE);
    play_close(self);
}

static void an_image_that_is_whole_replaces_what_was_known(void **state)
{
    play *self = asking(20);
    vw_pitch_message live[] = {play_delete(8), play_add(9, "0000Aa", 'B', 98000, 1)};

    (void)state;
    hear_message(self, VW_RECOVERY_SPIN_RESPONSE, 20, 2, 'A');
    hear_order(self, 7, 'B', 99000);
    self->sequence[1] = 20; /* 20 is in the image, 21 is not */
    play_send(self, 1, live, 2);
    hear_order(self, 8, 'S', 105000);
    play_drain(self);
    play_check_quote(self, 0, 101000, 5, 103000, 7, 0); /* nothing of it before it is whole */
    hear_message(self, VW_RECOVERY_SPIN_FINISHED, 20, 0, 0);
    play_drain(self);
    assert_int_equal(play_counted(self, VW_COUNT_SPINS_HEALED), 1);
    play_check_quote(self, 0, 99000, 5, 105000, 5, 0);
    play_close(self);
}

static void an_image_with_too_few_orders_is_none(void **state)
{
    play *self = asking(20);

    (void)state;
    hear_message(self, VW_RECOVERY_SPIN_RESPONSE, 20, 2, 'A');
    hear_order(self, 7, 'B', 99000);
    hear_message(self, VW_RECOVERY_SPIN_FINISHED, 20, 0, 0);
    expect_failed(self);
}

static void an_image_with_too_many_orders_is_none(void **state)
{
    play *self = asking(20);

    (void)state;
    hear_message(self, VW_RECOVERY_SPIN_RESPONSE, 20, 1, 'A');
    hear_order(self, 7, 'B', 99000);
    hear_order(self, 8, 'S', 105000);
    expect_failed(self);
}

static void an_image_that_ends_as_another_is_none(void **state)
{
    play *self = asking(20);

    (void)state;
    hear_message(self, VW_RECOVERY_SPIN_RESPONSE, 20, 1, 'A');
    hear_order(self, 7, 'B', 99000);
    hear_message(self, VW_RECOVERY_SPIN_FINISHED, 21, 0, 0);
    expect_failed(self);
}

static void an_image_older_than_what_was_delivered_is_waited_past(void **state)
{
    play *self = asking(11); /* 12 was delivered: 11 would leave it out */

    (void)state;
    assert_int_equal(play_counted(self, VW_COUNT_SPINS), 0);
    play_close(self);
    self = asking(12);
    assert_int_equal(play_counted(self, VW_COUNT_SPINS), 1);
    hear_message(self, VW_RECOVERY_SPIN_RESPONSE, 11, 1, 'A');
    assert_int_equal(play_counted(self, VW_COUNT_SPINS_FAILED), 1);
    play_close(self);
}

static void a_reset_in_mid_image_forgets_it(void **state)
{
    play *self = asking(20);
    vw_pitch_message fresh[] = {play_time(PLAY_START_NS),
                                {.type = VW_PITCH_UNIT_CLEAR},
                                play_add(1, "0000Aa", 'B', 90000, 1),
                                play_add(2, "0000Aa", 'S', 91000, 1)};

    (void)state;
    hear_message(self, VW_RECOVERY_SPIN_RESPONSE, 20, 2, 'A');
    hear_order(self, 7, 'B', 99000);
    self->now_ns += 2 * VW_NS_PER_SECOND;
    self->sequence[1] = 1;
    play_send(self, 1, fresh, 4);
    play_drain(self);
    assert_int_equal(play_counted(self, VW_COUNT_SEQUENCE_RESETS), 1);
    play_check_quote(self, 0, 90000, 1, 91000, 1, 0);
    assert_int_equal(connects, 1); /* cleared, hence whole */
    play_close(self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_image_that_is_whole_replaces_what_was_known),
        cmocka_unit_test(an_image_with_too_few_orders_is_none),
        cmocka_unit_test(an_image_with_too_many_orders_is_none),
        cmocka_unit_test(an_image_that_ends_as_another_is_none),
        cmocka_unit_test(an_image_older_than_what_was_delivered_is_waited_past),
        cmocka_unit_test(a_reset_in_mid_image_forgets_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
