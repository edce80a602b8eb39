/* Connections of the reactor to a server on loopback, through io_uring and without. */
#include "feeds/reactor.h"

#include "core/base/clock.h"
#include "tests/check.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define GROUP "239.207.46.1"
#define HERE "127.0.0.1"

enum { GROUP_PORT = 34761, BIG = 200000 };

typedef struct client {
    vw_reactor *reactor;
    vw_counters counters;
    vw_streams streams;
    int opened[VW_STREAMS_MAX], ended[VW_STREAMS_MAX];
    size_t got[VW_STREAMS_MAX];
    unsigned char last; /* byte received */
    size_t keep;        /* so many bytes are never done with */
    bool closes;        /* at the first bytes */
} client;

static void opened(void *self, uint32_t stream)
{
    ((client *)self)->opened[stream]++;
}

static size_t received(void *self, uint32_t stream, const unsigned char *bytes, size_t size)
{
    client *to = self;
    size_t done = size > to->keep ? size - to->keep : 0;

    for (size_t i = 0; i < done; i++) {
        assert_int_equal(bytes[i], (unsigned char)(to->got[stream] + i));
    }
    to->got[stream] += done;
    if (to->closes) {
        to->streams.close(to->streams.self, stream);
    }
    return done;
}

static void ended(void *self, uint32_t stream)
{
    ((client *)self)->ended[stream]++;
}

static bool ignore(void *self, uint32_t socket, const unsigned char *payload, size_t size,
                   int64_t receive_ns)
{
    (void)self, (void)socket, (void)payload, (void)size, (void)receive_ns;
    return false;
}

static client *make(vw_io io)
{
    client *self = aligned_alloc(VW_LINE_PAIR, vw_round_up(sizeof *self, VW_LINE_PAIR));
    vw_reactor_socket line = {"a", GROUP, HERE, (uint16_t)(GROUP_PORT + io)};
    vw_error error = {""};

    memset(self, 0, sizeof *self);
    vw_reactor_config config = {.io = io,
                                .packets_per_poll = 64,
                                .receive_buffer = 1 << 16,
                                .counters = &self->counters,
                                .handle = ignore,
                                .self = self,
                                .streams = {self, opened, received, ended}};

    self->reactor = vw_reactor_init(
        aligned_alloc(VW_LINE_PAIR, vw_round_up(vw_reactor_size(), VW_LINE_PAIR)), &config);
    if (vw_reactor_begin(self->reactor, &line, 1, &error) != VW_OK) {
        printf("skipped: %s\n", error.text);
        exit(77);
    }
    self->streams = vw_reactor_streams(self->reactor);
    return self;
}

static void drop(client *self)
{
    vw_reactor_end(self->reactor);
    free(self->reactor);
    free(self);
}

/* A server on a port of its own. */
static int listening(uint16_t *port)
{
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {inet_addr(HERE)}};
    socklen_t size = sizeof address;

    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(fd, 64), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    *port = ntohs(address.sin_port);
    return fd;
}

static void turn(client *self)
{
    bool drained;

    vw_reactor_poll(self->reactor, vw_clock_realtime_ns(), &drained);
}

static void turn_until(client *self, const int *what)
{
    int64_t end_ns = vw_clock_monotonic_ns() + 5 * VW_NS_PER_SECOND;

    while (*what == 0 && vw_clock_monotonic_ns() < end_ns) {
        turn(self);
    }
    assert_true(*what > 0);
}

static void turn_until_got(client *self, uint32_t stream, size_t size)
{
    int64_t end_ns = vw_clock_monotonic_ns() + 5 * VW_NS_PER_SECOND;

    while (self->got[stream] < size && vw_clock_monotonic_ns() < end_ns) {
        turn(self);
    }
    assert_int_equal(self->got[stream], size);
}

static int connect_stream(client *self, uint32_t stream, int server, uint16_t port)
{
    self->opened[stream] = self->ended[stream] = 0;
    self->got[stream] = 0;
    assert_true(self->streams.connect(self->streams.self, stream, HERE, port));
    turn_until(self, &self->opened[stream]);
    return accept(server, NULL, NULL);
}

static void check_both_ways(vw_io io)
{
    client *self = make(io);
    uint16_t port;
    int server = listening(&port), there = connect_stream(self, 3, server, port);
    static unsigned char big[BIG], back[300];

    for (size_t i = 0; i < sizeof big; i++) {
        big[i] = (unsigned char)i;
    }
    self->keep = 5; /* the end of a block that is not whole yet comes again */
    for (size_t sent = 0; sent < sizeof big;) {
        ssize_t some = send(there, big + sent, sizeof big - sent, MSG_DONTWAIT);

        sent += some > 0 ? (size_t)some : 0;
        turn(self);
    }
    turn_until_got(self, 3, BIG - 5);
    for (int i = 0; i < 3; i++) { /* one send is on its way, the others follow */
        assert_true(self->streams.send(self->streams.self, 3, big + 100 * i, 100));
    }
    size_t got = 0;

    fcntl(there, F_SETFL, O_NONBLOCK);
    while (got < sizeof back) {
        ssize_t some = recv(there, back + got, sizeof back - got, 0);

        got += some > 0 ? (size_t)some : 0;
        turn(self);
    }
    assert_memory_equal(back, big, sizeof back);
    close(there);
    turn_until(self, &self->ended[3]);
    assert_false(self->streams.send(self->streams.self, 3, big, 1));
    close(server);
    drop(self);
}

static void check_ends(vw_io io)
{
    client *self = make(io);
    uint16_t port;
    int server = listening(&port);

    for (int round = 0; round < 20; round++) { /* closed here, again and again, on one number */
        int there = connect_stream(self, 1, server, port);

        self->streams.close(self->streams.self, 1);
        while (!self->streams.connect(self->streams.self, 1, HERE, port)) {
            turn(self);
        }
        self->streams.close(self->streams.self, 1); /* while connecting */
        assert_int_equal(self->ended[1], 0);
        close(there);
        for (int i = 0; i < 3; i++) {
            turn(self);
        }
    }
    self->closes = true; /* by the one who takes the bytes */
    close(server);
    server = listening(&port);
    int there = connect_stream(self, 2, server, port);

    assert_int_equal(send(there, "\0\1\2", 3, 0), 3);
    turn_until_got(self, 2, 3);
    for (int i = 0; i < 10; i++) {
        turn(self);
    }
    assert_int_equal(self->ended[2], 0);
    close(there);
    close(server); /* nobody listens there now */
    while (!self->streams.connect(self->streams.self, 4, HERE, port)) {
        turn(self);
    }
    turn_until(self, &self->ended[4]);
    assert_int_equal(self->opened[4], 0);
    assert_false(self->streams.connect(self->streams.self, 5, "nowhere", port));
    drop(self);
}

static void check_overlong(vw_io io)
{
    client *self = make(io);
    uint16_t port;
    int server = listening(&port), there = connect_stream(self, 0, server, port);
    static unsigned char bytes[2 * VW_STREAM_BUFFER];

    self->keep = SIZE_MAX; /* nothing is ever whole */
    assert_int_equal(send(there, bytes, sizeof bytes, 0), sizeof bytes);
    turn_until(self, &self->ended[0]);
    assert_false(self->streams.send(self->streams.self, 0, bytes, VW_STREAM_SEND_MAX + 1));
    close(there);
    close(server);
    drop(self);
}

#define BOTH(name, check)                                                                          \
    static void name##_with_io_uring(void **state)                                                 \
    {                                                                                              \
        (void)state;                                                                               \
        check(VW_IO_URING);                                                                        \
    }                                                                                              \
    static void name##_without(void **state)                                                       \
    {                                                                                              \
        (void)state;                                                                               \
        check(VW_IO_RECVMMSG);                                                                     \
    }

BOTH(bytes_go_both_ways_and_what_is_not_done_with_comes_again, check_both_ways)
BOTH(closing_refusal_and_reuse_leave_nothing_behind, check_ends)
BOTH(a_stream_that_never_makes_a_block_ends, check_overlong)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_go_both_ways_and_what_is_not_done_with_comes_again_with_io_uring),
        cmocka_unit_test(bytes_go_both_ways_and_what_is_not_done_with_comes_again_without),
        cmocka_unit_test(closing_refusal_and_reuse_leave_nothing_behind_with_io_uring),
        cmocka_unit_test(closing_refusal_and_reuse_leave_nothing_behind_without),
        cmocka_unit_test(a_stream_that_never_makes_a_block_ends_with_io_uring),
        cmocka_unit_test(a_stream_that_never_makes_a_block_ends_without),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
