/* reactor.h: packets from several multicast groups on one thread, without a blocking call.
 *
 * io_uring with multishot receives into provided buffers, or recvmmsg; the kernel stamps each
 * packet and says what its socket had to drop.  A spinning thread asks the socket that brings the
 * most news itself.  Beside them TCP connections (stream.h), through the
 * same ring, or by calls that do not block.
 *
 * Threads  one thread calls begin and poll (the ring belongs to the thread that made it); end is
 *          for the main thread after that.
 * Memory   vw_reactor_size bytes from the caller; a payload is the reactor's and lasts for the
 *          call of the handler.
 * Full     socket buffer full: the kernel drops and counts (VW_COUNT_SOCKET_DROPS).  Out of
 *          provided buffers: packets wait in the socket, the receive is armed again
 *          (VW_COUNT_BUFFERS_OUT).  A packet longer than VW_REACTOR_PACKET_MAX is cut: counted as
 *          VW_COUNT_PACKETS_MALFORMED and not handed on.
 * Shared   sockets set SO_REUSEADDR and SO_REUSEPORT and bind to the group: several processes of
 *          one host each receive every packet, and nothing of other groups on that port.
 * Errors   VW_ERR_SYSTEM with group, port, reason and way out; nothing stays open then. */
#ifndef VW_FEEDS_REACTOR_H
#define VW_FEEDS_REACTOR_H

#include "core/base/counters.h"
#include "core/base/error.h"
#include "feeds/stream.h"

#define VW_REACTOR_SOCKETS_MAX 40
#define VW_REACTOR_PACKET_MAX 2048

typedef enum vw_io { VW_IO_AUTO, VW_IO_URING, VW_IO_RECVMMSG } vw_io;

typedef struct vw_reactor_socket {
    const char *name;      /* for error texts: the channel */
    const char *group;     /* multicast address */
    const char *interface; /* address of the card */
    uint16_t port;
} vw_reactor_socket;

typedef struct vw_reactor_config {
    vw_io io;  /* AUTO takes io_uring, or recvmmsg where it is refused (VW_COUNT_IO_FALLBACK) */
    bool spin; /* the thread never sleeps: the socket with the most news is asked directly */
    uint32_t packets_per_poll;
    uint32_t receive_buffer; /* SO_RCVBUF, bytes; the kernel may give less */
    vw_counters *counters;
    /* Takes a packet of socket `socket` (order of sockets in begin); returns whether it had news:
     * where lines carry the same, the first to bring it has. */
    bool (*handle)(void *self, uint32_t socket, const unsigned char *payload, size_t size,
                   int64_t receive_ns);
    void *self;
    vw_stream_sink streams; /* hears of the streams; nobody if there are none */
} vw_reactor_config;

typedef struct vw_reactor vw_reactor;

/* vw_reactor_size returns the bytes a reactor needs. */
size_t vw_reactor_size(void);

/* vw_reactor_init lays it out in mem, VW_LINE_PAIR aligned; config is copied.  No socket yet. */
vw_reactor *vw_reactor_init(void *mem, const vw_reactor_config *config);

/* vw_reactor_begin opens and joins count sockets. */
vw_err vw_reactor_begin(vw_reactor *reactor, const vw_reactor_socket *sockets, size_t count,
                        vw_error *error);

/* vw_reactor_streams returns the way to make connections, between begin and end. */
vw_streams vw_reactor_streams(vw_reactor *reactor);

/* vw_reactor_poll hands on up to packets_per_poll packets, and what came on streams, and returns
 * how many there were; *drained says that no packet was left waiting.  A packet without a kernel
 * stamp gets now_ns. */
size_t vw_reactor_poll(vw_reactor *reactor, int64_t now_ns, bool *drained);

/* vw_reactor_io returns what is in use: VW_IO_URING or VW_IO_RECVMMSG. */
vw_io vw_reactor_io(const vw_reactor *reactor);

/* vw_reactor_end closes everything; nothing happens if it never began. */
void vw_reactor_end(vw_reactor *reactor);

#endif
