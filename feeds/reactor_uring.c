#include "feeds/reactor_take.h"

#include <errno.h>
#include <string.h>

enum { SUBMISSIONS = 64, GROUP = 0 };

/* What a completion is of: a socket's number, or from STREAM on stream and operation; at last the
 * ending of a socket's receive, whose own completion says it better. */
enum { STREAM = VW_REACTOR_SOCKETS_MAX };
typedef enum operation { CONNECT, RECEIVE, SEND, CANCEL, OPERATIONS } operation;
enum { DISARM = STREAM + VW_STREAMS_MAX * OPERATIONS };

static unsigned char *buffer_of(const vw_reactor *reactor, unsigned index)
{
    return reactor->memory + (size_t)index * VW_REACTOR_STRIDE;
}

static void give_back(vw_reactor *reactor, unsigned index)
{
    io_uring_buf_ring_add(reactor->buffers, buffer_of(reactor, index), VW_REACTOR_STRIDE,
                          (unsigned short)index, io_uring_buf_ring_mask(VW_REACTOR_BUFFERS), 0);
    io_uring_buf_ring_advance(reactor->buffers, 1);
}

/* arm starts the receive of every socket whose last one has ended. */
static int arm(vw_reactor *reactor)
{
    while (reactor->unarmed != 0) {
        unsigned index = (unsigned)__builtin_ctzll(reactor->unarmed);
        struct io_uring_sqe *entry = io_uring_get_sqe(&reactor->ring);

        if (entry == NULL) {
            break; /* more than SUBMISSIONS at once: the rest follows with the next turn */
        }
        io_uring_prep_recvmsg_multishot(entry, reactor->sockets[index], &reactor->shape, 0);
        entry->flags |= IOSQE_BUFFER_SELECT;
        entry->buf_group = GROUP;
        io_uring_sqe_set_data64(entry, index);
        reactor->unarmed &= reactor->unarmed - 1;
    }
    return io_uring_submit(&reactor->ring);
}

bool vw_reactor_uring_disarm(vw_reactor *reactor, uint32_t socket)
{
    struct io_uring_sqe *entry = io_uring_get_sqe(&reactor->ring);

    if (entry == NULL) {
        return false;
    }
    io_uring_prep_cancel64(entry, socket, 0);
    io_uring_sqe_set_data64(entry, DISARM);
    return io_uring_submit(&reactor->ring) >= 0;
}

static vw_err refuse(vw_reactor *reactor, int reason, const char *what, vw_error *error)
{
    vw_reactor_uring_end(reactor);
    return vw_fail(error, VW_ERR_SYSTEM,
                   "io_uring is refused here (%s: %s); allow it (kernel.io_uring_disabled, "
                   "container profile, Linux 6.1 or later) or configure io: recvmmsg",
                   what, strerror(-reason));
}

vw_err vw_reactor_uring_begin(vw_reactor *reactor, vw_error *error)
{
    /* Completions are made when we look, not by interrupting us, and a flag in shared memory says
     * when to look: an idle turn makes no system call. */
    struct io_uring_params params = {.flags = IORING_SETUP_SINGLE_ISSUER |
                                              IORING_SETUP_DEFER_TASKRUN |
                                              IORING_SETUP_TASKRUN_FLAG | IORING_SETUP_CQSIZE,
                                     .cq_entries = 2 * VW_REACTOR_BUFFERS};
    struct io_uring_buf_reg ring = {.ring_addr = (uintptr_t)reactor->buffers,
                                    .ring_entries = VW_REACTOR_BUFFERS,
                                    .bgid = GROUP};
    struct io_uring_cqe *completion;
    int result = io_uring_queue_init_params(SUBMISSIONS, &reactor->ring, &params);

    if (result < 0) {
        return refuse(reactor, result, "io_uring_setup", error);
    }
    reactor->ring_open = true;
    result = io_uring_register_buf_ring(&reactor->ring, &ring, 0);
    if (result < 0) {
        return refuse(reactor, result, "buffer ring", error);
    }
    io_uring_buf_ring_init(reactor->buffers);
    for (unsigned i = 0; i < VW_REACTOR_BUFFERS; i++) {
        give_back(reactor, i);
    }
    reactor->shape = (struct msghdr){.msg_controllen = VW_REACTOR_CONTROL};
    reactor->unarmed = (UINT64_C(1) << reactor->count) - 1;
    result = arm(reactor);
    if (result < 0) {
        return refuse(reactor, result, "io_uring_enter", error);
    }
    if (io_uring_peek_cqe(&reactor->ring, &completion) == 0 && completion->res < 0) {
        return refuse(reactor, completion->res, "multishot receive", error);
    }
    return VW_OK;
}

static void take(vw_reactor *reactor, const struct io_uring_cqe *completion, int64_t now_ns)
{
    unsigned index = completion->flags >> IORING_CQE_BUFFER_SHIFT;
    unsigned char *buffer = buffer_of(reactor, index);
    struct io_uring_recvmsg_out *out =
        io_uring_recvmsg_validate(buffer, completion->res, &reactor->shape);

    if (out != NULL) {
        struct msghdr message = {.msg_control = buffer + sizeof *out,
                                 .msg_controllen = out->controllen};

        vw_reactor_hand(reactor, (uint32_t)completion->user_data, &message,
                        io_uring_recvmsg_payload(out, &reactor->shape),
                        io_uring_recvmsg_payload_length(out, completion->res, &reactor->shape),
                        (out->flags & MSG_TRUNC) != 0, now_ns);
    }
    give_back(reactor, index);
}

/* ---- streams ----------------------------------------------------------------------------------
 */

/* submission gets an entry whose completion says stream and operation; NULL: none is free. */
static struct io_uring_sqe *submission(vw_reactor *reactor, uint32_t number)
{
    struct io_uring_sqe *entry = io_uring_get_sqe(&reactor->ring);

    if (entry == NULL) {
        (void)io_uring_submit(&reactor->ring);
        entry = io_uring_get_sqe(&reactor->ring);
    }
    reactor->streams[number].flying += entry != NULL;
    return entry;
}

static bool launch(vw_reactor *reactor, struct io_uring_sqe *entry, uint32_t number, operation what)
{
    io_uring_sqe_set_data64(entry, STREAM + number * OPERATIONS + what);
    return io_uring_submit(&reactor->ring) >= 0;
}

bool vw_reactor_uring_connect(vw_reactor *reactor, uint32_t number)
{
    vw_reactor_stream *stream = &reactor->streams[number];
    struct io_uring_sqe *entry = submission(reactor, number);

    if (entry == NULL) {
        return false;
    }
    io_uring_prep_connect(entry, stream->fd, (const struct sockaddr *)&stream->address,
                          sizeof stream->address);
    return launch(reactor, entry, number, CONNECT);
}

bool vw_reactor_uring_send(vw_reactor *reactor, uint32_t number)
{
    vw_reactor_stream *stream = &reactor->streams[number];

    if (stream->sending || stream->out_sent == stream->out_size) {
        return true;
    }
    struct io_uring_sqe *entry = submission(reactor, number);

    if (entry == NULL) {
        return false;
    }
    stream->sending = true;
    io_uring_prep_send(entry, stream->fd, stream->out + stream->out_sent,
                       stream->out_size - stream->out_sent, MSG_NOSIGNAL);
    return launch(reactor, entry, number, SEND);
}

void vw_reactor_uring_cancel(vw_reactor *reactor, uint32_t number)
{
    struct io_uring_sqe *entry = submission(reactor, number);

    if (entry != NULL) { /* else the shutdown has to do */
        io_uring_prep_cancel_fd(entry, reactor->streams[number].fd, IORING_ASYNC_CANCEL_ALL);
        (void)launch(reactor, entry, number, CANCEL);
    }
}

static bool receive_more(vw_reactor *reactor, uint32_t number)
{
    vw_reactor_stream *stream = &reactor->streams[number];
    struct io_uring_sqe *entry = submission(reactor, number);

    if (entry == NULL) {
        return false;
    }
    io_uring_prep_recv(entry, stream->fd, stream->in + stream->filled,
                       sizeof stream->in - stream->filled, 0);
    return launch(reactor, entry, number, RECEIVE);
}

static bool sent_some(vw_reactor *reactor, uint32_t number, int result)
{
    vw_reactor_stream *stream = &reactor->streams[number];

    stream->sending = false;
    stream->out_sent += result > 0 ? (size_t)result : 0;
    if (stream->out_sent == stream->out_size) {
        stream->out_sent = stream->out_size = 0;
    }
    return result > 0 && vw_reactor_uring_send(reactor, number);
}

/* complete goes on with a stream where an operation of it has ended. */
static void complete(vw_reactor *reactor, uint64_t what, int result)
{
    if (what == DISARM) {
        return;
    }
    uint32_t number = (uint32_t)(what - STREAM) / OPERATIONS;
    vw_reactor_stream *stream = &reactor->streams[number];
    bool good = true;

    stream->flying--;
    if (stream->state == VW_STREAM_CLOSING) {
        vw_reactor_stream_landed(reactor, number);
        return;
    }
    switch ((operation)(what % OPERATIONS)) {
    case CONNECT:
        good = result == 0;
        if (good) {
            vw_reactor_stream_opened(reactor, number);
            good = stream->state != VW_STREAM_OPEN || receive_more(reactor, number);
        }
        break;
    case RECEIVE:
        good = result > 0;
        if (good) {
            vw_reactor_stream_received(reactor, number, (size_t)result);
            good = stream->state != VW_STREAM_OPEN || receive_more(reactor, number);
        }
        break;
    case SEND:
        good = sent_some(reactor, number, result);
        break;
    default:
        break;
    }
    if (!good && (stream->state == VW_STREAM_OPEN || stream->state == VW_STREAM_CONNECTING)) {
        vw_reactor_stream_ended(reactor, number);
    }
}

/* ---- turning --------------------------------------------------------------------------------- */

size_t vw_reactor_uring_poll(vw_reactor *reactor, int64_t now_ns, bool *drained)
{
    struct io_uring_cqe *completion;
    size_t packets = vw_reactor_lead(reactor, now_ns);

    *drained = false;
    while (packets < reactor->config.packets_per_poll) {
        if (packets > 0 && io_uring_cq_ready(&reactor->ring) == 0 &&
            reactor->hasty_turns < VW_REACTOR_HASTY_MAX) {
            reactor->hasty_turns++;
            break;
        }
        if (io_uring_peek_cqe(&reactor->ring, &completion) != 0) {
            reactor->hasty_turns = 0;
            *drained = reactor->leader_empty;
            break;
        }
        if (completion->user_data >= STREAM) {
            uint64_t what = completion->user_data;
            int result = completion->res;

            io_uring_cqe_seen(&reactor->ring, completion);
            complete(reactor, what, result);
            packets++;
            continue;
        }
        if ((completion->flags & IORING_CQE_F_BUFFER) != 0) {
            take(reactor, completion, now_ns);
            packets++;
        }
        if ((completion->flags & IORING_CQE_F_MORE) == 0 &&
            !vw_reactor_lead_ended(reactor, (uint32_t)completion->user_data)) {
            reactor->unarmed |= UINT64_C(1) << completion->user_data;
            if (completion->res == -ENOBUFS) {
                vw_counters_add(reactor->config.counters, VW_COUNT_BUFFERS_OUT, 1);
            }
        }
        io_uring_cqe_seen(&reactor->ring, completion);
    }
    if (reactor->noted >= VW_REACTOR_LEAD_WINDOW) {
        vw_reactor_lead_choose(reactor);
    }
    if (reactor->unarmed != 0) {
        (void)arm(reactor); /* what fails now is tried again with the next turn's completion */
        *drained = false;
    }
    return packets;
}

void vw_reactor_uring_end(vw_reactor *reactor)
{
    if (reactor->ring_open) {
        io_uring_queue_exit(&reactor->ring);
        reactor->ring_open = false;
    }
}
