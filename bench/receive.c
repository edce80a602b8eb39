/* receive: datagrams from the kernel by the reactor and by the bare calls.
 *
 * So many datagrams wait in a socket on loopback; what is timed is taking them out, each with the
 * kernel's stamp, not sending them. */
#include "bench/subjects.h"
#include "core/base/clock.h"
#include "feeds/reactor.h"

#include <arpa/inet.h>
#include <liburing.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PAYLOAD = 64, BATCH = 64, DEPTH_MAX = 256, CONTROL = 64, WAYS = 6, DEPTHS = 4 };
enum { BUFFERS = 1024, ROOM = 2048, PAGE = 4096 };

typedef enum way { RECVMSG, RECVMMSG, REACTOR_MMSG, MULTISHOT, REACTOR_URING, REACTOR_SPIN } way;

typedef struct receiver {
    vw_reactor *reactor; /* NULL: fd */
    int fd;
    uint16_t port;
    uint64_t packets;
} receiver;

typedef struct job {
    receiver *from;
    way way;
    size_t depth;
} job;

static receiver receivers[WAYS];
static int sender;
static char group[32];
static vw_counters counters;
static unsigned char payloads[BATCH][ROOM], controls[BATCH][CONTROL];
static int64_t stamp_ns;

/* The bare multishot receive: a ring like the reactor's, one socket, nothing else. */
static struct {
    struct io_uring ring;
    struct io_uring_buf_ring *places;
    unsigned char *memory; /* BUFFERS of ROOM */
    struct msghdr shape;
} bare;

static bool handle(void *self, uint32_t socket, const unsigned char *payload, size_t size,
                   int64_t receive_ns)
{
    receiver *to = self;

    (void)socket, (void)payload, (void)size;
    to->packets++;
    stamp_ns = receive_ns;
    return true;
}

static void take_stamp(struct msghdr *message)
{
    struct cmsghdr *control = CMSG_FIRSTHDR(message);

    if (control != NULL && control->cmsg_type == SCM_TIMESTAMPNS) {
        struct timespec stamp;

        memcpy(&stamp, CMSG_DATA(control), sizeof stamp);
        stamp_ns = stamp.tv_sec * VW_NS_PER_SECOND + stamp.tv_nsec;
    }
}

static void take_one(receiver *from)
{
    struct iovec place = {payloads[0], sizeof payloads[0]};
    struct msghdr message = {
        .msg_iov = &place, .msg_iovlen = 1, .msg_control = controls[0], .msg_controllen = CONTROL};

    if (recvmsg(from->fd, &message, MSG_DONTWAIT) > 0) {
        take_stamp(&message);
        from->packets++;
    }
}

static void take_batch(receiver *from)
{
    static struct mmsghdr messages[BATCH];
    static struct iovec places[BATCH];
    int got;

    for (size_t i = 0; i < BATCH; i++) {
        places[i] = (struct iovec){payloads[i], sizeof payloads[i]};
        messages[i].msg_hdr = (struct msghdr){.msg_iov = &places[i],
                                              .msg_iovlen = 1,
                                              .msg_control = controls[i],
                                              .msg_controllen = CONTROL};
    }
    got = recvmmsg(from->fd, messages, BATCH, MSG_DONTWAIT, NULL);
    for (int i = 0; i < got; i++) {
        take_stamp(&messages[i].msg_hdr);
        from->packets++;
    }
}

static void give_back(unsigned index)
{
    io_uring_buf_ring_add(bare.places, bare.memory + (size_t)index * ROOM, ROOM,
                          (unsigned short)index, BUFFERS - 1, 0);
    io_uring_buf_ring_advance(bare.places, 1);
}

static void arm(int fd)
{
    struct io_uring_sqe *entry = io_uring_get_sqe(&bare.ring);

    vw_check(entry != NULL);
    io_uring_prep_recvmsg_multishot(entry, fd, &bare.shape, 0);
    entry->flags |= IOSQE_BUFFER_SELECT;
    io_uring_submit(&bare.ring);
}

static void take_multishot(receiver *from)
{
    struct io_uring_cqe *completion;

    for (size_t i = 0; i < BATCH && io_uring_peek_cqe(&bare.ring, &completion) == 0; i++) {
        unsigned index = completion->flags >> IORING_CQE_BUFFER_SHIFT;
        bool more = completion->flags & IORING_CQE_F_MORE;

        if ((completion->flags & IORING_CQE_F_BUFFER) != 0) {
            struct io_uring_recvmsg_out *out = io_uring_recvmsg_validate(
                bare.memory + (size_t)index * ROOM, completion->res, &bare.shape);
            struct msghdr message = {.msg_control = out + 1, .msg_controllen = out->controllen};

            take_stamp(&message);
            from->packets++;
            give_back(index);
        }
        io_uring_cqe_seen(&bare.ring, completion);
        if (!more) {
            arm(from->fd);
        }
    }
}

static void take(const job *of)
{
    bool drained;

    switch (of->way) {
    case RECVMSG:
        take_one(of->from);
        break;
    case RECVMMSG:
        take_batch(of->from);
        break;
    case MULTISHOT:
        take_multishot(of->from);
        break;
    default:
        vw_reactor_poll(of->from->reactor, stamp_ns, &drained);
    }
}

static double run_ns(const void *context)
{
    const job *of = context;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(of->from->port)};
    unsigned char payload[PAYLOAD] = {0};
    uint64_t want = of->from->packets + of->depth;
    int64_t start, end;

    inet_pton(AF_INET, group, &to.sin_addr);
    for (size_t i = 0; i < of->depth; i++) {
        sendto(sender, payload, sizeof payload, 0, (struct sockaddr *)&to, sizeof to);
    }
    start = vw_clock_monotonic_ns();
    for (uint64_t turns = 0; of->from->packets < want && turns < 1000000; turns++) {
        take(of);
    }
    end = vw_clock_monotonic_ns();
    take(of); /* a polling loop's next turn, which finds nothing */
    return (double)(end - start);
}

static void open_socket(receiver *to)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(to->port)};
    struct ip_mreq join = {.imr_interface.s_addr = htonl(INADDR_LOOPBACK)};
    int one = 1, room = 1 << 20;

    inet_pton(AF_INET, group, &at.sin_addr);
    join.imr_multiaddr = at.sin_addr;
    to->fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    setsockopt(to->fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    setsockopt(to->fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    setsockopt(to->fd, SOL_SOCKET, SO_TIMESTAMPNS, &one, sizeof one);
    vw_check(bind(to->fd, (struct sockaddr *)&at, sizeof at) == 0);
    vw_check(setsockopt(to->fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &join, sizeof join) == 0);
}

/* False where the system refuses io_uring. */
static bool open_multishot(receiver *to)
{
    struct io_uring_params params = {.flags = IORING_SETUP_SINGLE_ISSUER |
                                              IORING_SETUP_DEFER_TASKRUN |
                                              IORING_SETUP_TASKRUN_FLAG | IORING_SETUP_CQSIZE,
                                     .cq_entries = 2 * BUFFERS};

    if (io_uring_queue_init_params(BATCH, &bare.ring, &params) < 0) {
        return false;
    }
    bare.places = aligned_alloc(PAGE, BUFFERS * sizeof(struct io_uring_buf));
    vw_check(bare.places != NULL);
    memset(bare.places, 0, BUFFERS * sizeof(struct io_uring_buf));
    bare.memory = vw_bench_memory((size_t)BUFFERS * ROOM);
    bare.shape = (struct msghdr){.msg_controllen = CONTROL};
    struct io_uring_buf_reg places = {.ring_addr = (uintptr_t)bare.places, .ring_entries = BUFFERS};

    vw_check(io_uring_register_buf_ring(&bare.ring, &places, 0) == 0);
    io_uring_buf_ring_init(bare.places);
    for (unsigned i = 0; i < BUFFERS; i++) {
        give_back(i);
    }
    open_socket(to);
    arm(to->fd);
    return true;
}

static bool open_reactor(receiver *to, vw_io io, bool spin)
{
    vw_reactor_config config = {.io = io,
                                .spin = spin,
                                .packets_per_poll = BATCH,
                                .receive_buffer = 1 << 20,
                                .counters = &counters,
                                .handle = handle,
                                .self = to};
    vw_reactor_socket at = {"bench", group, "127.0.0.1", to->port};

    to->reactor = vw_reactor_init(vw_bench_memory(vw_reactor_size()), &config);
    if (vw_reactor_begin(to->reactor, &at, 1, NULL) != VW_OK) {
        to->reactor = NULL;
        return false;
    }
    return true;
}

/* False where there is no network, not even to itself. */
static bool open_sender(void)
{
    struct in_addr card = {htonl(INADDR_LOOPBACK)};

    sender = socket(AF_INET, SOCK_DGRAM, 0);
    return setsockopt(sender, IPPROTO_IP, IP_MULTICAST_IF, &card, sizeof card) == 0;
}

static size_t open_group(vw_bench_subject *to, const char *isa, const char **why)
{
    static const char *const names[WAYS] = {"recvmsg",           "recvmmsg(64)",
                                            "reactor, recvmmsg", "multishot receive",
                                            "reactor, io_uring", "reactor, spinning"};
    static const size_t depths[DEPTHS] = {1, 8, 64, DEPTH_MAX};
    static job jobs[DEPTHS][WAYS];
    bool uring;
    size_t count = 0;

    (void)isa;
    snprintf(group, sizeof group, "239.209.%d.%d", getpid() >> 8 & 255, getpid() & 255);
    for (size_t w = 0; w < WAYS; w++) {
        receivers[w] = (receiver){.fd = -1, .port = (uint16_t)(31000 + w)};
    }
    if (!open_sender()) {
        *why = "no multicast over loopback";
        return 0;
    }
    open_socket(&receivers[RECVMSG]);
    open_socket(&receivers[RECVMMSG]);
    vw_check(open_reactor(&receivers[REACTOR_MMSG], VW_IO_RECVMMSG, false));
    uring = open_multishot(&receivers[MULTISHOT]) &&
            open_reactor(&receivers[REACTOR_URING], VW_IO_URING, false) &&
            open_reactor(&receivers[REACTOR_SPIN], VW_IO_URING, true);
    for (size_t d = 0; d < DEPTHS; d++) {
        const char *rival = vw_bench_name("recvmmsg(64), %zu waiting", depths[d]);

        for (size_t w = 0; w < WAYS; w++, count++) {
            jobs[d][w] = (job){&receivers[w], (way)w, depths[d]};
            to[count] = (vw_bench_subject){vw_bench_name("%s, %zu waiting", names[w], depths[d]),
                                           .context = &jobs[d][w],
                                           .run_ns = w < MULTISHOT || uring ? run_ns : NULL,
                                           .items = depths[d], .rival = rival};
        }
    }
    return count;
}

static void close_group(void)
{
    close(sender);
    close(receivers[RECVMSG].fd);
    close(receivers[RECVMMSG].fd);
    vw_reactor_end(receivers[REACTOR_MMSG].reactor);
    if (receivers[MULTISHOT].fd >= 0) {
        io_uring_queue_exit(&bare.ring);
        close(receivers[MULTISHOT].fd);
        free(bare.places);
    }
    for (size_t w = REACTOR_URING; w < WAYS; w++) {
        if (receivers[w].reactor != NULL) {
            vw_reactor_end(receivers[w].reactor);
        }
    }
}

const vw_bench_group vw_bench_receive = {
    "receive",  "Datagrams out of a socket, with the kernel's stamp",
    "datagram", "datagrams/s",
    open_group, close_group,
};
