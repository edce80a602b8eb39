#include "feeds/reactor_state.h"

#include "core/base/clock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <unistd.h>

/* How often the connections are looked at where the kernel does not tell. */
#define LOOK_NS (100 * VW_NS_PER_US)

void vw_reactor_stream_opened(vw_reactor *reactor, uint32_t number)
{
    reactor->streams[number].state = VW_STREAM_OPEN;
    reactor->config.streams.opened(reactor->config.streams.self, number);
}

void vw_reactor_stream_close(vw_reactor *reactor, uint32_t number)
{
    vw_reactor_stream *stream = &reactor->streams[number];

    if (stream->state != VW_STREAM_CONNECTING && stream->state != VW_STREAM_OPEN) {
        return;
    }
    (void)shutdown(stream->fd, SHUT_RDWR); /* one that never connected has nothing to shut down */
    stream->state = VW_STREAM_CLOSING;
    if (reactor->io == VW_IO_URING && stream->flying > 0) {
        vw_reactor_uring_cancel(reactor, number);
    }
    vw_reactor_stream_landed(reactor, number);
}

void vw_reactor_stream_landed(vw_reactor *reactor, uint32_t number)
{
    vw_reactor_stream *stream = &reactor->streams[number];

    if (stream->state == VW_STREAM_CLOSING && stream->flying == 0) {
        close(stream->fd);
        stream->state = VW_STREAM_FREE;
    }
}

void vw_reactor_stream_ended(vw_reactor *reactor, uint32_t number)
{
    vw_reactor_stream_close(reactor, number);
    reactor->config.streams.ended(reactor->config.streams.self, number);
}

void vw_reactor_stream_received(vw_reactor *reactor, uint32_t number, size_t size)
{
    vw_reactor_stream *stream = &reactor->streams[number];
    const vw_stream_sink *sink = &reactor->config.streams;

    stream->filled += size;
    size_t done = sink->received(sink->self, number, stream->in, stream->filled);

    if (stream->state != VW_STREAM_OPEN) {
        return;
    }
    vw_check_hot(done <= stream->filled);
    stream->filled -= done;
    memmove(stream->in, stream->in + done, stream->filled);
    if (stream->filled == sizeof stream->in) { /* no block is that long */
        vw_reactor_stream_ended(reactor, number);
    }
}

/* ---- what the user of the streams calls ------------------------------------------------------ */

static bool connect_stream(void *self, uint32_t number, const char *address, uint16_t port)
{
    vw_reactor *reactor = self;
    vw_reactor_stream *stream = &reactor->streams[number];
    bool uring = reactor->io == VW_IO_URING;
    int one = 1;

    vw_check(number < VW_STREAMS_MAX);
    if (stream->state != VW_STREAM_FREE) {
        return false;
    }
    stream->address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(port)};
    if (inet_pton(AF_INET, address, &stream->address.sin_addr) != 1) {
        return false;
    }
    stream->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | (uring ? 0 : SOCK_NONBLOCK), 0);
    if (stream->fd < 0) {
        return false;
    }
    (void)setsockopt(stream->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    stream->state = VW_STREAM_CONNECTING;
    stream->filled = stream->out_size = stream->out_sent = 0;
    stream->sending = false;
    if (uring && !vw_reactor_uring_connect(reactor, number)) {
        vw_reactor_stream_close(reactor, number);
        return false;
    }
    return true; /* without io_uring the next turn connects */
}

/* push sends what waits; false when the other end is gone. */
static bool push(vw_reactor_stream *stream)
{
    while (stream->out_sent < stream->out_size) {
        ssize_t sent = send(stream->fd, stream->out + stream->out_sent,
                            stream->out_size - stream->out_sent, MSG_DONTWAIT | MSG_NOSIGNAL);

        if (sent < 0) {
            return errno == EAGAIN || errno == EINTR;
        }
        stream->out_sent += (size_t)sent;
    }
    stream->out_size = stream->out_sent = 0;
    return true;
}

static bool send_stream(void *self, uint32_t number, const void *bytes, size_t size)
{
    vw_reactor *reactor = self;
    vw_reactor_stream *stream = &reactor->streams[number];

    if (stream->state != VW_STREAM_OPEN || size > sizeof stream->out - stream->out_size) {
        return false;
    }
    memcpy(stream->out + stream->out_size, bytes, size);
    stream->out_size += size;
    return reactor->io == VW_IO_URING ? vw_reactor_uring_send(reactor, number) : push(stream);
}

static void close_stream(void *self, uint32_t number)
{
    vw_reactor_stream_close(self, number);
}

vw_streams vw_reactor_streams(vw_reactor *reactor)
{
    return (vw_streams){reactor, connect_stream, send_stream, close_stream};
}

/* ---- without io_uring ------------------------------------------------------------------------ */

static void look_for_connection(vw_reactor *reactor, uint32_t number)
{
    vw_reactor_stream *stream = &reactor->streams[number];
    int result =
        connect(stream->fd, (const struct sockaddr *)&stream->address, sizeof stream->address);

    if (result == 0 || errno == EISCONN) {
        vw_reactor_stream_opened(reactor, number);
    } else if (errno != EINPROGRESS && errno != EALREADY && errno != EINTR) {
        vw_reactor_stream_ended(reactor, number);
    }
}

/* look_for_bytes takes one buffer full; returns whether there was anything. */
static size_t look_for_bytes(vw_reactor *reactor, uint32_t number)
{
    vw_reactor_stream *stream = &reactor->streams[number];
    ssize_t got = recv(stream->fd, stream->in + stream->filled, sizeof stream->in - stream->filled,
                       MSG_DONTWAIT);

    if (got > 0) {
        vw_reactor_stream_received(reactor, number, (size_t)got);
        return 1;
    }
    if (got == 0 || (errno != EAGAIN && errno != EINTR) || !push(stream)) {
        vw_reactor_stream_ended(reactor, number);
    }
    return 0;
}

size_t vw_reactor_stream_look(vw_reactor *reactor, int64_t now_ns)
{
    size_t work = 0;

    if (now_ns - reactor->looked_ns < LOOK_NS && now_ns >= reactor->looked_ns) {
        return 0;
    }
    for (uint32_t i = 0; i < VW_STREAMS_MAX; i++) {
        if (reactor->streams[i].state == VW_STREAM_CONNECTING) {
            look_for_connection(reactor, i);
        } else if (reactor->streams[i].state == VW_STREAM_OPEN) {
            work += look_for_bytes(reactor, i);
        }
    }
    reactor->looked_ns = work > 0 ? 0 : now_ns; /* more may be there already */
    return work;
}

void vw_reactor_stream_end(vw_reactor *reactor)
{
    for (uint32_t i = 0; i < VW_STREAMS_MAX; i++) {
        if (reactor->streams[i].state != VW_STREAM_FREE) {
            close(reactor->streams[i].fd);
            reactor->streams[i].state = VW_STREAM_FREE;
        }
    }
}
