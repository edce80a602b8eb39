/* After begin, taking packets and polling allocates nothing: the allocator is counted. */
#include "tests/feeds/play.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define OWN_ALLOCATOR 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define OWN_ALLOCATOR 0
#endif
#endif
#ifndef OWN_ALLOCATOR
#define OWN_ALLOCATOR 1
#endif

#define GROUP "239.207.45.1"
enum { PORT = 34751 };

static size_t allocations;

#if OWN_ALLOCATOR
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t align, size_t size);

void *malloc(size_t size)
{
    allocations++;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    allocations++;
    return __libc_calloc(count, size);
}

void *realloc(void *old, size_t size)
{
    allocations++;
    return __libc_realloc(old, size);
}

void *aligned_alloc(size_t align, size_t size)
{
    allocations++;
    return __libc_memalign(align, size);
}
#endif

/* Everything that takes another way: holes, gaps, resets, strange bytes, definitions, a full ring.
 */
static void send_everything(play *self)
{
    vw_pitch_message quote[] = {
        play_time(self->now_ns),
        play_add(1, "0000Aa", 'B', 101000, 5),
        play_add(2, "0000Aa", 'S', 103000, 7),
        {.type = VW_PITCH_EXECUTED, .change = {.order_id = 1, .quantity = 1}},
        play_modify(2, 104000, 1),
        play_delete(1)};

    for (int round = 0; round < 50; round++) {
        self->now_ns += 50 * VW_NS_PER_MS;
        play_define(self, 1, "0000Aa", "SPXW  230915C04500000");
        play_send(self, 1, quote, VW_COUNT_OF(quote));
        self->sequence[1] += 1 + (uint32_t)round % 3;
        play_send(self, 1, quote, VW_COUNT_OF(quote));
        play_send(self, 1, NULL, 0);
        vw_feed_packet(self->feed, 0, 1, "\x20\0\2\1\1\0\0\0\1\xff", 10, self->now_ns);
        if (round % 20 == 19) {
            self->now_ns += 4 * VW_NS_PER_SECOND;
            self->sequence[1] = 1;
        }
        vw_feed_poll(self->feed, self->now_ns);
        if (round % 7 == 0) {
            play_drain(self);
        }
    }
}

static void packets_allocate_nothing(void **state)
{
    play *self = play_open(play_config(), 16);

    (void)state;
    allocations = 0;
    send_everything(self);
    assert_int_equal(allocations, 0);
    assert_true(play_counted(self, VW_COUNT_GAPS) > 0);
    assert_true(play_counted(self, VW_COUNT_SEQUENCE_RESETS) > 0);
    assert_true(play_counted(self, VW_COUNT_EVENT_RING_FULL) > 0);
    play_close(self);
}

static void say(int fd, const play *self, uint16_t port, size_t size)
{
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {inet_addr(GROUP)}};

    assert_int_equal(sendto(fd, self->payload, size, 0, (struct sockaddr *)&to, sizeof to), size);
}

static void check_polls(vw_io io, uint16_t port)
{
    vw_feed_config config = play_config();
    struct in_addr card = {.s_addr = inet_addr("127.0.0.1")};
    vw_error error = {""};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);

    config.channel_count = 1;
    config.channels[0].line_count = 1;
    config.channels[0].lines[0] =
        (vw_line_config){.group = GROUP, .port = port, .interface = "127.0.0.1"};
    config.io = io;
    play *self = play_open(config, 1024);

    if (vw_feed_begin(self->feed, &error) != VW_OK) {
        printf("skipped: %s\n", error.text);
        exit(77);
    }
    assert_int_equal(setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &card, sizeof card), 0);
    vw_pitch_message time = play_time(self->now_ns);

    allocations = 0;
    for (uint32_t i = 1; i <= 200; i++) {
        play_begin(self, VW_DIALECT_OPTIONS, 1, i);
        play_message(self, &time);
        say(fd, self, port, vw_pitch_end(&self->writer));
        vw_feed_poll(self->feed, vw_clock_realtime_ns());
    }
    int64_t end_ns = vw_clock_monotonic_ns() + 5 * VW_NS_PER_SECOND;

    while (play_counted(self, VW_COUNT_PACKETS_IN) < 200 && vw_clock_monotonic_ns() < end_ns) {
        vw_feed_poll(self->feed, vw_clock_realtime_ns());
    }
    assert_int_equal(allocations, 0);
    assert_int_equal(play_counted(self, VW_COUNT_MESSAGES_ACCEPTED), 200);
    close(fd);
    vw_feed_end(self->feed);
    play_close(self);
}

static void polls_of_io_uring_allocate_nothing(void **state)
{
    (void)state;
    check_polls(VW_IO_URING, PORT);
}

static void polls_of_recvmmsg_allocate_nothing(void **state)
{
    (void)state;
    check_polls(VW_IO_RECVMMSG, PORT + 1);
}

/* ---- recovery -------------------------------------------------------------------------------- */

static bool connect_it(void *self, uint32_t stream, const char *address, uint16_t port)
{
    (void)self, (void)stream, (void)address, (void)port;
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

static void hear(play *self, uint32_t stream, vw_recovery_message message)
{
    unsigned char bytes[VW_RECOVERY_PACKED_MAX];
    vw_stream_sink sink = vw_feed_stream_sink(self->feed);

    sink.received(sink.self, stream, bytes, vw_recovery_pack(&message, 1, bytes));
}

static void recovery_allocates_nothing(void **state)
{
    vw_feed_config config = play_config();
    vw_streams streams = {NULL, connect_it, send_it, close_it};
    vw_recovery_config *recovery = &config.channels[0].recovery;
    uint32_t spin = VW_FEED_CHANNELS_MAX;

    (void)state;
    *recovery = (vw_recovery_config){.gap = {.address = "127.0.0.1", .port = 1},
                                     .gap_messages_max = 100,
                                     .gap_timeout_ns = 200 * VW_NS_PER_MS,
                                     .spins = {{.address = "127.0.0.1", .port = 2}},
                                     .spin_count = 1,
                                     .spin_timeout_ns = 5 * VW_NS_PER_SECOND};
    config.streams = &streams;
    play *self = play_open(config, 1024);
    vw_pitch_message time = play_time(self->now_ns);

    allocations = 0;
    self->sequence[1] = 10; /* a late listener: wants an image */
    play_send(self, 1, &time, 1);
    vw_stream_sink sink = vw_feed_stream_sink(self->feed);

    for (uint32_t stream = 0; stream <= spin; stream += spin) {
        sink.opened(sink.self, stream);
        hear(self, stream,
             (vw_recovery_message){.type = VW_RECOVERY_LOGIN_RESPONSE, .status = 'A'});
    }
    hear(self, spin, (vw_recovery_message){.type = VW_RECOVERY_IMAGE_AVAILABLE, .sequence = 20});
    hear(self, spin, (vw_recovery_message){.type = VW_RECOVERY_DEFINITION_RESPONSE, .status = 'O'});
    hear(self, spin,
         (vw_recovery_message){.type = VW_RECOVERY_SPIN_RESPONSE, .sequence = 20, .status = 'A'});
    play_send(self, 1, &time, 1); /* held */
    hear(self, spin, (vw_recovery_message){.type = VW_RECOVERY_SPIN_FINISHED, .sequence = 20});
    self->sequence[1] = 25; /* a gap: asked for, and not replayed */
    play_send(self, 1, &time, 1);
    for (int i = 0; i < 10; i++) {
        self->now_ns += 30 * VW_NS_PER_MS;
        vw_feed_turn(self->feed, self->now_ns);
    }
    assert_int_equal(allocations, 0);
    assert_int_equal(play_counted(self, VW_COUNT_SPINS_HEALED), 1);
    assert_int_equal(play_counted(self, VW_COUNT_GAP_TIMEOUTS), 1);
    assert_int_equal(play_counted(self, VW_COUNT_MESSAGES_COVERED), 10);
    play_close(self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packets_allocate_nothing),
        cmocka_unit_test(recovery_allocates_nothing),
        cmocka_unit_test(polls_of_io_uring_allocate_nothing),
        cmocka_unit_test(polls_of_recvmmsg_allocate_nothing),
    };

    if (!OWN_ALLOCATOR) {
        printf("skipped: a sanitizer owns the allocator\n");
        return 77;
    }
    void *probe = malloc(1); /* is it really our malloc that programs call? */

    vw_check(probe != NULL && allocations > 0);
    free(probe);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
