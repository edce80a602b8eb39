#include "feeds/link.h"
#include "feeds/recovery.h"

#include "core/base/bytes.h"
#include "tests/check.h"

#include <string.h>

static const vw_recovery_message messages[] = {
    {.type = VW_RECOVERY_LOGIN, .login = {.session = "0001", .user = "VEGA", .password = "secret"}},
    {.type = VW_RECOVERY_LOGIN_RESPONSE, .status = 'N'},
    {.type = VW_RECOVERY_GAP_REQUEST, .unit = 7, .sequence = 4000000000U, .count = 65535},
    {.type = VW_RECOVERY_GAP_RESPONSE, .unit = 7, .sequence = 12, .count = 100, .status = 'O'},
    {.type = VW_RECOVERY_IMAGE_AVAILABLE, .sequence = 77},
    {.type = VW_RECOVERY_SPIN_REQUEST, .sequence = 78},
    {.type = VW_RECOVERY_SPIN_RESPONSE, .sequence = 79, .count = 1000000, .status = 'A'},
    {.type = VW_RECOVERY_SPIN_FINISHED, .sequence = 80},
    {.type = VW_RECOVERY_DEFINITION_REQUEST, .sequence = 81},
    {.type = VW_RECOVERY_DEFINITION_RESPONSE, .sequence = 82, .count = 5000, .status = 'S'},
};

static void every_message_comes_back_as_it_was_written(void **state)
{
    static const size_t sizes[] = {22, 3, 9, 10, 6, 6, 11, 6, 6, 11};

    (void)state;
    for (size_t i = 0; i < VW_COUNT_OF(messages); i++) {
        unsigned char bytes[VW_RECOVERY_MESSAGE_MAX + 3] = {0};
        size_t size = vw_recovery_encode(&messages[i], bytes);
        vw_recovery_message again;

        assert_int_equal(size, sizes[i]);
        assert_int_equal(vw_recovery_decode(bytes, size, &again), size);
        assert_memory_equal(&again, &messages[i], sizeof again);
        for (size_t part = 0; part < size; part++) {
            assert_int_equal(vw_recovery_decode(bytes, part, &again), VW_PITCH_MORE);
        }
        bytes[0] = (unsigned char)(size + 3); /* grown at the end */
        assert_int_equal(vw_recovery_decode(bytes, sizeof bytes, &again), size + 3);
        assert_memory_equal(&again, &messages[i], sizeof again);
        bytes[0] = (unsigned char)(size - 1);
        assert_int_equal(vw_recovery_decode(bytes, size, &again), VW_PITCH_MALFORMED);
    }
}

static void the_bytes_are_those_of_the_table(void **state)
{
    static const unsigned char login[] =
        "\x1e\0\1\3\0\0\0\0" /* header: 30 bytes, 1 message, unit 3 */
        "\x16\1"
        "0001VEGA  secret    ";
    unsigned char bytes[VW_RECOVERY_PACKED_MAX];

    (void)state;
    assert_int_equal(vw_recovery_pack(&messages[0], 3, bytes), sizeof login - 1);
    assert_memory_equal(bytes, login, sizeof login - 1);
    assert_int_equal(vw_recovery_pack(&messages[2], 1, bytes), 17);
    assert_memory_equal(bytes + 8, "\x09\3\7\x00\x28\x6b\xee\xff\xff", 9);
    assert_int_equal(vw_recovery_pack(NULL, 1, bytes), 8); /* heartbeat */
    assert_memory_equal(bytes, "\x08\0\0\1\0\0\0\0", 8);
}

static void a_message_of_pitch_is_passed_over_by_its_length(void **state)
{
    vw_recovery_message message;

    (void)state;
    assert_int_equal(vw_recovery_decode((const unsigned char *)"\x06\x97....", 6, &message), 6);
    assert_int_equal(message.type, VW_RECOVERY_OTHER);
    assert_int_equal(vw_recovery_decode((const unsigned char *)"\x01\x97", 2, &message),
                     VW_PITCH_MALFORMED);
}

/* ---- link ------------------------------------------------------------------------------------ */

/* The other end of a link. */
typedef struct server {
    bool refuses, full;
    int connects, closes;
    unsigned char got[4096];
    size_t size;
} server;

static bool connect_to(void *self, uint32_t stream, const char *address, uint16_t port)
{
    server *to = self;

    assert_int_equal(stream, 5);
    assert_string_equal(address, "10.0.0.1");
    assert_int_equal(port, 4711);
    to->connects++;
    return !to->refuses;
}

static bool send_to(void *self, uint32_t stream, const void *bytes, size_t size)
{
    server *to = self;

    assert_int_equal(stream, 5);
    memcpy(to->got + to->size, bytes, size);
    to->size += size;
    return !to->full;
}

static void close_to(void *self, uint32_t stream)
{
    (void)stream;
    ((server *)self)->closes++;
}

typedef struct fixture {
    server server;
    vw_streams streams;
    vw_recovery_login login;
    vw_counters counters;
    vw_link link;
    size_t taken;
    vw_recovery_message last;
} fixture;

static void take(void *self, const vw_recovery_message *message, const unsigned char *from)
{
    fixture *to = self;

    assert_non_null(from);
    to->taken++;
    to->last = *message;
}

static fixture *connected(void)
{
    fixture *self = aligned_alloc(VW_LINE_PAIR, vw_round_up(sizeof *self, VW_LINE_PAIR));

    memset(self, 0, sizeof *self);
    self->streams = (vw_streams){&self->server, connect_to, send_to, close_to};
    self->login = messages[0].login;
    self->link = (vw_link){.streams = &self->streams,
                           .login = &self->login,
                           .counters = &self->counters,
                           .stream = 5,
                           .unit = 3};
    assert_true(vw_link_open(&self->link, "10.0.0.1", 4711, 1000));
    assert_int_equal(self->link.state, VW_LINK_CONNECTING);
    vw_link_opened(&self->link, 2000);
    assert_int_equal(self->link.state, VW_LINK_LOGIN);
    assert_int_equal(self->server.size, 30);
    return self;
}

static bool hear(fixture *self, const vw_recovery_message *message, int64_t now_ns)
{
    unsigned char bytes[VW_RECOVERY_PACKED_MAX];
    size_t size = vw_recovery_pack(message, 3, bytes);
    bool good;

    for (size_t part = 0; part < size; part++) { /* half a block is nothing yet */
        assert_int_equal(vw_link_received(&self->link, bytes, part, now_ns, take, self, &good), 0);
        assert_true(good);
    }
    vw_link_received(&self->link, bytes, size, now_ns, take, self, &good);
    return good;
}

static fixture *ready(void)
{
    fixture *self = connected();

    assert_true(hear(
        self, &(vw_recovery_message){.type = VW_RECOVERY_LOGIN_RESPONSE, .status = 'A'}, 3000));
    assert_int_equal(self->link.state, VW_LINK_READY);
    assert_int_equal(vw_counters_get(&self->counters, VW_COUNT_RECOVERY_LOGINS), 1);
    return self;
}

static void a_link_logs_in_and_hands_on_what_comes(void **state)
{
    fixture *self = ready();

    (void)state;
    assert_true(hear(self, &messages[3], 4000));
    assert_int_equal(self->taken, 2);
    assert_int_equal(self->last.sequence, 12);
    free(self);
}

static void a_login_that_is_refused_or_answered_twice_is_not_good(void **state)
{
    fixture *self = connected();

    (void)state;
    assert_false(hear(self, &messages[1], 3000));
    assert_int_equal(self->taken, 0);
    free(self);
    self = ready();
    assert_false(hear(self, &messages[1], 3000));
    free(self);
}

static void a_block_that_cannot_be_is_not_good(void **state)
{
    fixture *self = ready();
    bool good;

    (void)state;
    vw_link_received(&self->link, (const unsigned char *)"\x07\0\0\0\0\0\0\0", 8, 5000, take, self,
                     &good);
    assert_false(good);
    vw_link_received(&self->link, (const unsigned char *)"\x0b\0\1\0\0\0\0\0\x09\x04\0", 11, 5000,
                     take, self, &good);
    assert_false(good);
    free(self);
}

static void a_silent_server_is_lost_and_we_are_never_silent(void **state)
{
    fixture *self = ready();
    int64_t now_ns = 3000;

    (void)state;
    for (int second = 0; second < 4; second++) {
        now_ns += VW_NS_PER_SECOND;
        assert_true(vw_link_alive(&self->link, now_ns));
    }
    assert_int_equal(self->server.size, 30 + 4 * 8);
    assert_true(hear(self, NULL, now_ns));
    assert_true(vw_link_alive(&self->link, now_ns + VW_LINK_SILENT_NS - 1));
    assert_false(vw_link_alive(&self->link, now_ns + VW_LINK_SILENT_NS));
    vw_link_close(&self->link, true);
    vw_link_close(&self->link, true);
    assert_int_equal(self->server.closes, 1);
    assert_int_equal(vw_counters_get(&self->counters, VW_COUNT_RECOVERY_LINKS_LOST), 1);
    free(self);
}

static void a_server_that_does_not_answer_the_login_is_lost(void **state)
{
    fixture *self = connected();

    (void)state;
    assert_true(vw_link_alive(&self->link, 1000 + VW_LINK_LOGIN_NS - 1));
    assert_false(vw_link_alive(&self->link, 1000 + VW_LINK_LOGIN_NS));
    free(self);
}

static void the_wait_doubles_from_a_tenth_of_a_second_to_ten(void **state)
{
    vw_backoff backoff = {0};
    int64_t now_ns = 0, longest_ns = 0;

    (void)state;
    for (int i = 0; i < 20; i++) {
        vw_backoff_fail(&backoff, now_ns);
        assert_true(backoff.until_ns - now_ns >= longest_ns);
        assert_true(i > 0 || backoff.until_ns == 100 * VW_NS_PER_MS);
        longest_ns = backoff.until_ns - now_ns;
        now_ns = backoff.until_ns;
    }
    assert_int_equal(longest_ns, 10 * VW_NS_PER_SECOND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_message_comes_back_as_it_was_written),
        cmocka_unit_test(the_bytes_are_those_of_the_table),
        cmocka_unit_test(a_message_of_pitch_is_passed_over_by_its_length),
        cmocka_unit_test(a_link_logs_in_and_hands_on_what_comes),
        cmocka_unit_test(a_login_that_is_refused_or_answered_twice_is_not_good),
        cmocka_unit_test(a_block_that_cannot_be_is_not_good),
        cmocka_unit_test(a_silent_server_is_lost_and_we_are_never_silent),
        cmocka_unit_test(a_server_that_does_not_answer_the_login_is_lost),
        cmocka_unit_test(the_wait_doubles_from_a_tenth_of_a_second_to_ten),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
