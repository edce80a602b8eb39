/* reactor_state.h: what the reactor and its ways of receiving share; its test includes it, too.
 */
#ifndef VW_FEEDS_REACTOR_STATE_H
#define VW_FEEDS_REACTOR_STATE_H

#include "feeds/reactor.h"

#include <liburing.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/uio.h>

enum { VW_REACTOR_BUFFERS = 1024, VW_REACTOR_BATCH = 64, VW_REACTOR_CONTROL = 64 };

#define VW_REACTOR_NOBODY UINT32_MAX

/* One receive: io_uring writes its 16 bytes, control and payload here; recvmmsg the last two. */
enum {
    VW_REACTOR_STRIDE =
        sizeof(struct io_uring_recvmsg_out) + VW_REACTOR_CONTROL + VW_REACTOR_PACKET_MAX
};

typedef enum vw_stream_state {
    VW_STREAM_FREE,
    VW_STREAM_CONNECTING,
    VW_STREAM_OPEN,
    VW_STREAM_CLOSING, /* operations of io_uring still have the socket */
} vw_stream_state;

typedef struct vw_reactor_stream {
    vw_stream_state state;
    int fd;
    uint32_t flying; /* operations of io_uring that have not ended */
    bool sending;    /* one of them is a send */
    struct sockaddr_in address;
    size_t filled;             /* of in */
    size_t out_size, out_sent; /* of out */
    unsigned char in[VW_STREAM_BUFFER];
    unsigned char out[VW_STREAM_SEND_MAX];
} vw_reactor_stream;

/* What has been received is handed on before the kernel is asked for more: what follows from one
 * packet does not wait for the receiving of the next.  After so many such turns all sockets are
 * asked all the same, for only then it is known that nothing waits. */
enum { VW_REACTOR_HASTY_MAX = 16 };

/* What every turn looks at comes first, side by side: a packet finds it cold. */
struct vw_reactor {
    uint32_t leader;      /* the socket that is asked directly, or VW_REACTOR_NOBODY */
    uint32_t asking;      /* packets to ask the leader for */
    uint32_t burst;       /* packets it had without being found empty */
    bool leader_empty;    /* it was, when last asked; true without a leader */
    uint32_t noted;       /* packets with news since a leader was chosen; see news */
    uint32_t hasty_turns; /* in a row; see VW_REACTOR_HASTY_MAX */
    uint64_t unarmed;     /* bit per socket whose receive has ended */
    vw_io io;
    size_t count;
    vw_reactor_config config;
    struct io_uring ring;
    int sockets[VW_REACTOR_SOCKETS_MAX];
    uint32_t news[VW_REACTOR_SOCKETS_MAX]; /* packets with news, by socket, since then */
    struct iovec places[VW_REACTOR_BATCH];
    struct mmsghdr messages[VW_REACTOR_BATCH];
    uint32_t dropped[VW_REACTOR_SOCKETS_MAX]; /* by the kernel, as last told */
    unsigned char *memory;                    /* VW_REACTOR_BUFFERS of VW_REACTOR_STRIDE */
    unsigned char *asked;                     /* VW_REACTOR_BATCH more, for what is asked for */
    struct io_uring_buf_ring *buffers;        /* a page boundary */
    bool ring_open;
    struct msghdr shape; /* of every multishot receive; outlives them */
    uint32_t rising;     /* who leads as soon as its receive has ended */
    size_t first;        /* socket that recvmmsg begins with, in turn */
    uint32_t busy; /* bit per socket that had a packet at the last look: more may be waiting */
    vw_reactor_stream streams[VW_STREAMS_MAX];
    int64_t looked_ns; /* after them, without io_uring */
};

/* vw_reactor_uring_begin arms the sockets; VW_ERR_SYSTEM, with nothing left behind, where this
 * system does not let us. */
vw_err vw_reactor_uring_begin(vw_reactor *reactor, vw_error *error);
size_t vw_reactor_uring_poll(vw_reactor *reactor, int64_t now_ns, bool *drained);
void vw_reactor_uring_end(vw_reactor *reactor);

void vw_reactor_mmsg_begin(vw_reactor *reactor);

size_t vw_reactor_mmsg_poll(vw_reactor *reactor, int64_t now_ns, bool *drained);

/* ---- the leading socket: reactor_lead.c ---------------------------------------------------- */

void vw_reactor_lead_begin(vw_reactor *reactor);

/* vw_reactor_lead_choose looks whether another socket should lead; to be called after so many
 * packets with news. */
enum { VW_REACTOR_LEAD_WINDOW = 1024 };
void vw_reactor_lead_choose(vw_reactor *reactor);

/* vw_reactor_lead_ended hears that a socket's receive has ended; true if it is to stay so, for that
 * socket leads now. */
bool vw_reactor_lead_ended(vw_reactor *reactor, uint32_t socket);

/* vw_reactor_uring_disarm ends the receive of a socket: its completion says when; false if that
 * cannot be asked for now. */
bool vw_reactor_uring_disarm(vw_reactor *reactor, uint32_t socket);

/* ---- streams: reactor_stream.c, and what it needs of io_uring ---------------------------------
 */

void vw_reactor_stream_opened(vw_reactor *reactor, uint32_t stream);
void vw_reactor_stream_received(vw_reactor *reactor, uint32_t stream, size_t size);
void vw_reactor_stream_ended(vw_reactor *reactor, uint32_t stream);

/* vw_reactor_stream_close closes, once nothing is flying any more; vw_reactor_stream_landed says
 * that something has ended. */
void vw_reactor_stream_close(vw_reactor *reactor, uint32_t stream);
void vw_reactor_stream_landed(vw_reactor *reactor, uint32_t stream);
void vw_reactor_stream_end(vw_reactor *reactor);

/* vw_reactor_stream_look looks after them where there is no io_uring; returns how many had news. */
size_t vw_reactor_stream_look(vw_reactor *reactor, int64_t now_ns);

bool vw_reactor_uring_connect(vw_reactor *reactor, uint32_t stream);
bool vw_reactor_uring_send(vw_reactor *reactor, uint32_t stream);
void vw_reactor_uring_cancel(vw_reactor *reactor, uint32_t stream);

#endif
