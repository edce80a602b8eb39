#include "feeds/reactor_state.h"

#include "core/base/clock.h"
#include "tests/check.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define GROUP "239.207.44.1"
#define OTHER_GROUP "239.207.44.2"
#define CARD "127.0.0.1"

enum { PORT = 34711, PACKETS_MAX = 20000 };

/* A reactor and what it handed on. */
typedef struct listener {
    vw_reactor *reactor;
    vw_counters *counters;
    size_t packets;
    uint32_t socket[PACKETS_MAX];
    uint32_t number[PACKETS_MAX]; /* the first bytes of the payload */
    int64_t receive_ns[PACKETS_MAX];
} listener;

static bool handle(void *self, uint32_t socket, const unsigned char *payload, size_t size,
                   int64_t receive_ns)
{
    listener *to = self;

    assert_true(size >= 4 && to->packets < PACKETS_MAX);
    memcpy(&to->number[to->packets], payload, 4);
    to->socket[to->packets] = socket;
    to->receive_ns[to->packets++] = receive_ns;
    return true;
}

static bool spinning; /* what make asks for */

static void *zeroed(size_t size)
{
    void *mem = aligned_alloc(VW_LINE_PAIR, vw_round_up(size, VW_LINE_PAIR));

    memset(mem, 0, size);
    return mem;
}

static listener *make(vw_io io, uint32_t receive_buffer)
{
    listener *self = zeroed(sizeof *self);
    vw_reactor_config config = {.io = io,
                                .spin = spinning,
                                .packets_per_poll = 64,
                                .receive_buffer = receive_buffer,
                                .handle = handle,
                                .self = self};

    self->counters = zeroed(sizeof *self->counters);
    config.counters = self->counters;
    self->reactor = vw_reactor_init(zeroed(vw_reactor_size()), &config);
    return self;
}

static void drop(listener *self)
{
    vw_reactor_end(self->reactor);
    free(self->reactor);
    free(self->counters);
    free(self);
}

/* The lines of a test: every test and back-end has ports of its own. */
static vw_err begin(listener *self, uint16_t port, vw_error *error)
{
    vw_reactor_socket lines[] = {{"a", GROUP, CARD, port},
                                 {"b", OTHER_GROUP, CARD, (uint16_t)(port + 1)}};

    return vw_reactor_begin(self->reactor, lines, 2, error);
}

static listener *listen_on(vw_io io, uint16_t port, uint32_t receive_buffer)
{
    listener *self = make(io, receive_buffer);
    vw_error error = {""};

    if (begin(self, port, &error) != VW_OK) {
        printf("skipped: %s\n", error.text);
        exit(77);
    }
    assert_int_equal(vw_reactor_io(self->reactor), io);
    return self;
}

static int sender(void)
{
    struct in_addr card = {.s_addr = inet_addr(CARD)};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);

    assert_int_equal(setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &card, sizeof card), 0);
    return fd;
}

static void say(int fd, const char *group, uint16_t port, uint32_t number, size_t size)
{
    static unsigned char payload[4096];
    struct sockaddr_in to = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr = {inet_addr(group)}};

    memcpy(payload, &number, sizeof number);
    assert_int_equal(sendto(fd, payload, size, 0, (struct sockaddr *)&to, sizeof to), size);
}

static void poll_until(listener *self, size_t packets)
{
    int64_t end_ns = vw_clock_monotonic_ns() + 5 * VW_NS_PER_SECOND;
    bool drained = false;

    while ((self->packets < packets || !drained) && vw_clock_monotonic_ns() < end_ns) {
        vw_reactor_poll(self->reactor, vw_clock_realtime_ns(), &drained);
    }
}

static void check_packets(vw_io io, uint16_t port)
{
    listener *first = listen_on(io, port, 1 << 20), *second = listen_on(io, port, 1 << 20);
    int64_t before_ns = vw_clock_realtime_ns();
    int fd = sender();

    for (uint32_t i = 0; i < 100; i++) {
        bool on_b = i % 3 == 0;

        say(fd, on_b ? OTHER_GROUP : GROUP, (uint16_t)(port + on_b), i, 8 + i);
        say(fd, on_b ? GROUP : OTHER_GROUP, (uint16_t)(port + on_b), i, 8); /* not our line */
    }
    poll_until(first, 100);
    poll_until(second, 100);
    assert_int_equal(first->packets, 100);
    assert_int_equal(second->packets, 100); /* two engines on one host hear the same */
    for (uint32_t i = 0; i < 100; i++) {
        assert_int_equal(first->socket[i], first->number[i] % 3 == 0);
        assert_true(first->receive_ns[i] >= before_ns);
        assert_true(first->receive_ns[i] <= vw_clock_realtime_ns());
    }
    close(fd);
    drop(first);
    drop(second);
}

static void io_uring_hears_every_packet_of_its_groups_and_no_other(void **state)
{
    (void)state;
    check_packets(VW_IO_URING, PORT);
}

static void recvmmsg_hears_every_packet_of_its_groups_and_no_other(void **state)
{
    (void)state;
    check_packets(VW_IO_RECVMMSG, PORT + 2);
}

/* More packets than provided buffers wait in the socket; those that did not fit are counted. */
static void check_backlog(vw_io io, uint16_t port, uint32_t sent, uint32_t receive_buffer)
{
    listener *self = listen_on(io, port, receive_buffer);
    int fd = sender();

    for (uint32_t i = 0; i < sent; i++) {
        say(fd, GROUP, port, i, 64);
    }
    poll_until(self, 1);
    say(fd, GROUP, port, sent, 64); /* brings the count of what was dropped before it */
    poll_until(self, self->packets + 1);
    assert_int_equal(self->packets + vw_counters_get(self->counters, VW_COUNT_SOCKET_DROPS),
                     sent + 1);
    for (size_t i = 1; i < self->packets; i++) {
        assert_true(self->number[i] > self->number[i - 1]);
    }
    close(fd);
    drop(self);
}

static void what_the_kernel_drops_is_counted_exactly(void **state)
{
    (void)state;
    check_backlog(VW_IO_URING, PORT + 4, 15000, 65536);
    check_backlog(VW_IO_RECVMMSG, PORT + 6, 15000, 65536);
}

static void more_packets_than_buffers_arm_the_receive_again(void **state)
{
    listener *self = listen_on(VW_IO_URING, PORT + 8, 8 << 20);
    int fd = sender();

    (void)state;
    for (uint32_t i = 0; i < 3000; i++) {
        say(fd, GROUP, PORT + 8, i, 64);
    }
    poll_until(self, 3000);
    assert_int_equal(self->packets, 3000);
    assert_int_equal(vw_counters_get(self->counters, VW_COUNT_SOCKET_DROPS), 0);
    close(fd);
    drop(self);
}

/* A spinning thread asks the busiest socket itself; which one that is changes with each wave. */
static void a_spinning_reactor_hears_all_in_order_whoever_is_busiest(void **state)
{
    spinning = true;
    listener *self = listen_on(VW_IO_URING, PORT + 14, 8 << 20);
    uint32_t sent[2] = {0}, heard[2] = {0};
    int fd = sender();

    (void)state;
    spinning = false;
    for (uint32_t wave = 0; wave < 6; wave++) {
        for (uint32_t i = 0; i < 3000; i++) {
            bool on_b = (i % 8 == 0) != (wave % 2 == 1);

            say(fd, on_b ? OTHER_GROUP : GROUP, (uint16_t)(PORT + 14 + on_b), sent[on_b]++, 64);
            if (i % 5 == wave % 5) {
                poll_until(self, sent[0] + sent[1] - i % 3);
            }
        }
        poll_until(self, sent[0] + sent[1]);
        assert_int_equal(self->reactor->leader, wave % 2);
    }
    assert_int_equal(self->packets, sent[0] + sent[1]);
    for (size_t i = 0; i < self->packets; i++) {
        assert_int_equal(self->number[i], heard[self->socket[i]]++);
    }
    close(fd);
    drop(self);
}

static void a_packet_too_long_is_counted_and_not_handed_on(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        vw_io io = i == 0 ? VW_IO_URING : VW_IO_RECVMMSG;
        listener *self = listen_on(io, PORT + 10, 1 << 20);
        int fd = sender();

        say(fd, GROUP, PORT + 10, 1, VW_REACTOR_PACKET_MAX + 1);
        say(fd, GROUP, PORT + 10, 2, VW_REACTOR_PACKET_MAX);
        poll_until(self, 1);
        assert_int_equal(self->packets, 1);
        assert_int_equal(self->number[0], 2);
        assert_int_equal(vw_counters_get(self->counters, VW_COUNT_PACKETS_MALFORMED), 1);
        close(fd);
        drop(self);
    }
}

static void expect_refusal(const vw_reactor_socket *line, const char *phrase)
{
    listener *self = make(VW_IO_RECVMMSG, 1 << 16);
    vw_error error = {""};

    assert_int_equal(vw_reactor_begin(self->reactor, line, 1, &error), VW_ERR_SYSTEM);
    print_message("%s\n", error.text);
    assert_non_null(strstr(error.text, phrase));
    assert_non_null(strstr(error.text, line->name));
    drop(self);
}

static void what_the_system_refuses_is_said_with_the_way_out(void **state)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(PORT + 12), .sin_addr = {inet_addr(GROUP)}};
    int fd = socket(AF_INET, SOCK_DGRAM, 0); /* does not share its port */

    (void)state;
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    expect_refusal(&(vw_reactor_socket){"taken", GROUP, CARD, PORT + 12}, "port in use");
    close(fd);
    expect_refusal(&(vw_reactor_socket){"card", GROUP, "203.0.113.77", PORT}, "no network card");
    expect_refusal(&(vw_reactor_socket){"group", "10.1.2.3", CARD, PORT}, "no multicast address");
    expect_refusal(&(vw_reactor_socket){"name", GROUP, "lo", PORT}, "no address");
}

static void forbid_io_uring(void)
{
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_io_uring_setup, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {VW_COUNT_OF(filter), filter};

    vw_check(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
    vw_check(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0);
}

static int without_io_uring(void)
{
    listener *insist = make(VW_IO_URING, 1 << 16), *content = make(VW_IO_AUTO, 1 << 16);
    vw_error error = {""};

    forbid_io_uring();
    if (begin(insist, PORT + 14, &error) != VW_ERR_SYSTEM ||
        strstr(error.text, "io_uring is refused") == NULL) {
        return 1;
    }
    if (begin(content, PORT + 14, &error) != VW_OK ||
        vw_reactor_io(content->reactor) != VW_IO_RECVMMSG ||
        vw_counters_get(content->counters, VW_COUNT_IO_FALLBACK) != 1) {
        return 2;
    }
    return 0;
}

static void where_io_uring_is_refused_auto_goes_on_and_insisting_fails(void **state)
{
    pid_t child = fork();
    int status;

    (void)state;
    if (child == 0) {
        _exit(without_io_uring());
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(io_uring_hears_every_packet_of_its_groups_and_no_other),
        cmocka_unit_test(recvmmsg_hears_every_packet_of_its_groups_and_no_other),
        cmocka_unit_test(what_the_kernel_drops_is_counted_exactly),
        cmocka_unit_test(more_packets_than_buffers_arm_the_receive_again),
        cmocka_unit_test(a_spinning_reactor_hears_all_in_order_whoever_is_busiest),
        cmocka_unit_test(a_packet_too_long_is_counted_and_not_handed_on),
        cmocka_unit_test(what_the_system_refuses_is_said_with_the_way_out),
        cmocka_unit_test(where_io_uring_is_refused_auto_goes_on_and_insisting_fails),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
