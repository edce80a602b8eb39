#include "feeds/reactor_state.h"

#include "core/base/clock.h"
#include "core/base/log.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

enum { PAGE = 4096 };

static size_t buffers_at(void)
{
    return vw_round_up(sizeof(vw_reactor), PAGE) + PAGE; /* mem itself is on no page boundary */
}

static size_t memory_at(void)
{
    return buffers_at() + vw_round_up(VW_REACTOR_BUFFERS * sizeof(struct io_uring_buf), PAGE);
}

size_t vw_reactor_size(void)
{
    return memory_at() + (size_t)(VW_REACTOR_BUFFERS + VW_REACTOR_BATCH) * VW_REACTOR_STRIDE;
}

vw_reactor *vw_reactor_init(void *mem, const vw_reactor_config *config)
{
    vw_reactor *reactor = mem;
    size_t to_page = vw_round_up((uintptr_t)mem, PAGE) - (uintptr_t)mem;

    vw_check((uintptr_t)mem % VW_LINE_PAIR == 0);
    memset(mem, 0, vw_reactor_size());
    reactor->config = *config;
    reactor->buffers =
        (struct io_uring_buf_ring *)(void *)((unsigned char *)mem + to_page + buffers_at() - PAGE);
    reactor->memory = (unsigned char *)mem + memory_at();
    reactor->asked = reactor->memory + (size_t)VW_REACTOR_BUFFERS * VW_REACTOR_STRIDE;
    vw_reactor_lead_begin(reactor);
    return reactor;
}

vw_io vw_reactor_io(const vw_reactor *reactor)
{
    return reactor->io;
}

static void set(int fd, int level, int option, int value)
{
    /* What is refused here only means less comfort: a smaller buffer, no stamp. */
    (void)setsockopt(fd, level, option, &value, sizeof value);
}

static vw_err refuse(const vw_reactor_socket *line, vw_error *error, const char *what)
{
    return vw_fail(error, VW_ERR_SYSTEM, "%s %s:%u on %s: %s", line->name, line->group,
                   (unsigned)line->port, line->interface, what);
}

static vw_err bind_to(int fd, const vw_reactor_socket *line, struct in_addr group, vw_error *error)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(line->port), .sin_addr = group};

    if (bind(fd, (const struct sockaddr *)&address, sizeof address) == 0) {
        return VW_OK;
    }
    return refuse(line, error,
                  errno == EADDRINUSE ? "port in use by a program that does not share it; stop "
                                        "that program or configure another port"
                                      : strerror(errno));
}

static vw_err join(int fd, const vw_reactor_socket *line, struct in_addr group,
                   struct in_addr interface, vw_error *error)
{
    struct ip_mreq request = {.imr_multiaddr = group, .imr_interface = interface};

    if (setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &request, sizeof request) == 0) {
        return VW_OK;
    }
    if (errno == ENODEV && interface.s_addr == htonl(INADDR_ANY)) {
        return refuse(line, error,
                      "no multicast route; configure the address of a network card as interface, "
                      "or run: ip route add 224.0.0.0/4 dev CARD");
    }
    return refuse(line, error,
                  errno == ENODEV ? "no network card has this address; see: ip -brief address"
                                  : strerror(errno));
}

static vw_err open_socket(const vw_reactor *reactor, const vw_reactor_socket *line, int *opened,
                          vw_error *error)
{
    struct in_addr group, interface;
    int size = (int)reactor->config.receive_buffer;

    if (inet_pton(AF_INET, line->group, &group) != 1 || !IN_MULTICAST(ntohl(group.s_addr))) {
        return refuse(line, error, "group is no multicast address (224.0.0.0 to 239.255.255.255)");
    }
    if (inet_pton(AF_INET, line->interface, &interface) != 1) {
        return refuse(line, error, "interface is no address of a network card");
    }
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    if (fd < 0) {
        return refuse(line, error, strerror(errno));
    }
    set(fd, SOL_SOCKET, SO_REUSEADDR, 1);
    set(fd, SOL_SOCKET, SO_REUSEPORT, 1);
    set(fd, SOL_SOCKET, SO_TIMESTAMPNS, 1);
    set(fd, SOL_SOCKET, SO_RXQ_OVFL, 1);
    set(fd, SOL_SOCKET, SO_RCVBUF, size);
    set(fd, SOL_SOCKET, SO_RCVBUFFORCE, size); /* beyond net.core.rmem_max, if we may */
    set(fd, IPPROTO_IP, IP_MULTICAST_ALL, 0);
    vw_err err = bind_to(fd, line, group, error);

    if (err == VW_OK) {
        err = join(fd, line, group, interface, error);
    }
    if (err != VW_OK) {
        close(fd);
        return err;
    }
    *opened = fd;
    return VW_OK;
}

static vw_err begin_io(vw_reactor *reactor, vw_error *error)
{
    vw_error reason = {""};

    reactor->io = VW_IO_URING;
    if (reactor->config.io != VW_IO_RECVMMSG) {
        vw_err err = vw_reactor_uring_begin(reactor, &reason);

        if (err == VW_OK || reactor->config.io == VW_IO_URING) {
            return err == VW_OK ? err : vw_fail(error, err, "%s", reason.text);
        }
        vw_counters_add(reactor->config.counters, VW_COUNT_IO_FALLBACK, 1);
        vw_log("%s; receiving with recvmmsg", reason.text);
    }
    reactor->io = VW_IO_RECVMMSG;
    return VW_OK;
}

vw_err vw_reactor_begin(vw_reactor *reactor, const vw_reactor_socket *sockets, size_t count,
                        vw_error *error)
{
    vw_err err = VW_OK;

    vw_check(count > 0 && count <= VW_REACTOR_SOCKETS_MAX && reactor->count == 0);
    while (err == VW_OK && reactor->count < count) {
        err = open_socket(reactor, &sockets[reactor->count], &reactor->sockets[reactor->count],
                          error);
        reactor->count += err == VW_OK;
    }
    if (err == VW_OK) {
        err = begin_io(reactor, error);
    }
    if (err != VW_OK) {
        vw_reactor_end(reactor);
    }
    return err;
}

size_t vw_reactor_poll(vw_reactor *reactor, int64_t now_ns, bool *drained)
{
    *drained = true;
    if (reactor->count == 0) {
        return 0;
    }
    return reactor->io == VW_IO_URING ? vw_reactor_uring_poll(reactor, now_ns, drained)
                                      : vw_reactor_mmsg_poll(reactor, now_ns, drained) +
                                            vw_reactor_stream_look(reactor, now_ns);
}

void vw_reactor_end(vw_reactor *reactor)
{
    vw_reactor_uring_end(reactor);
    vw_reactor_stream_end(reactor);
    while (reactor->count > 0) {
        close(reactor->sockets[--reactor->count]);
    }
}
