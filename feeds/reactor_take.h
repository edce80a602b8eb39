/* reactor_take.h: taking packets out of a socket and handing them on, inlined into every poll.
 *
 * A system call leaves the processor without its memory of who returns to whom (the kernel empties
 * it, against Spectre), so each return behind one is mispredicted: 4 ns a level here, by a loop of
 * system calls at 0 to 12 levels.  Five levels were half of what one packet took beyond the bare
 * call (bench receive, 1 waiting). */
#ifndef VW_FEEDS_REACTOR_TAKE_H
#define VW_FEEDS_REACTOR_TAKE_H

#include "core/base/clock.h"
#include "feeds/reactor_state.h"

#include <string.h>

#define VW_TAKE static inline __attribute__((always_inline))

/* vw_reactor_hand gives a packet to the handler, with the kernel's stamp from its control data, and
 * counts what the socket dropped before it. */
VW_TAKE void vw_reactor_hand(vw_reactor *reactor, uint32_t socket, struct msghdr *message,
                             const unsigned char *payload, size_t size, bool cut, int64_t now_ns)
{
    int64_t receive_ns = now_ns;

    for (struct cmsghdr *control = CMSG_FIRSTHDR(message); control != NULL;
         control = CMSG_NXTHDR(message, control)) {
        if (control->cmsg_level != SOL_SOCKET) {
            continue;
        }
        if (control->cmsg_type == SCM_TIMESTAMPNS) {
            struct timespec stamp;

            memcpy(&stamp, CMSG_DATA(control), sizeof stamp);
            receive_ns = (int64_t)stamp.tv_sec * VW_NS_PER_SECOND + stamp.tv_nsec;
        } else if (control->cmsg_type == SO_RXQ_OVFL) {
            uint32_t dropped;

            memcpy(&dropped, CMSG_DATA(control), sizeof dropped);
            vw_counters_add(reactor->config.counters, VW_COUNT_SOCKET_DROPS,
                            dropped - reactor->dropped[socket]);
            reactor->dropped[socket] = dropped;
        }
    }
    if (cut) {
        vw_counters_add(reactor->config.counters, VW_COUNT_PACKETS_MALFORMED, 1);
        return;
    }
    bool news = reactor->config.handle(reactor->config.self, socket, payload, size, receive_ns);

    reactor->news[socket] += news;
    reactor->noted += news;
}

/* One packet takes the plainer call, 7 % less time than a batch of one, with its words on the
 * stack, where they are warm. */
VW_TAKE size_t vw_reactor_ask_one(vw_reactor *reactor, uint32_t socket, int64_t now_ns)
{
    _Alignas(struct cmsghdr) unsigned char control[VW_REACTOR_CONTROL];
    struct iovec place = reactor->places[0];
    struct msghdr message = {.msg_iov = &place,
                             .msg_iovlen = 1,
                             .msg_control = control,
                             .msg_controllen = sizeof control};
    ssize_t size = recvmsg(reactor->sockets[socket], &message, MSG_DONTWAIT);

    if (size < 0) {
        return 0;
    }
    vw_reactor_hand(reactor, socket, &message, place.iov_base, (size_t)size,
                    (message.msg_flags & MSG_TRUNC) != 0, now_ns);
    return 1;
}

/* vw_reactor_ask takes up to most packets [1, VW_REACTOR_BATCH] of a socket; returns how many. */
VW_TAKE size_t vw_reactor_ask(vw_reactor *reactor, uint32_t socket, size_t most, int64_t now_ns)
{
    if (most == 1) {
        return vw_reactor_ask_one(reactor, socket, now_ns);
    }
    int packets =
        recvmmsg(reactor->sockets[socket], reactor->messages, (unsigned)most, MSG_DONTWAIT, NULL);

    for (int i = 0; i < packets; i++) {
        struct msghdr *message = &reactor->messages[i].msg_hdr;

        vw_reactor_hand(reactor, socket, message, reactor->places[i].iov_base,
                        reactor->messages[i].msg_len, (message->msg_flags & MSG_TRUNC) != 0,
                        now_ns);
        message->msg_controllen = VW_REACTOR_CONTROL; /* was what the kernel made of it */
    }
    return packets > 0 ? (size_t)packets : 0;
}

/* A packet that comes alone is asked for alone, and once more alone, for asking for more looks for
 * a second one before it is handed on.  Where two were there may be some, and behind all of them a
 * backlog, in which no packet's turn matters any more. */
enum { VW_REACTOR_SOME = 8 };

/* vw_reactor_lead asks the leader, if there is one; returns how many packets it had. */
VW_TAKE size_t vw_reactor_lead(vw_reactor *reactor, int64_t now_ns)
{
    if (reactor->leader == VW_REACTOR_NOBODY) {
        return 0;
    }
    size_t asked = reactor->asking, took = vw_reactor_ask(reactor, reactor->leader, asked, now_ns);

    reactor->burst += (uint32_t)took;
    reactor->leader_empty = took < asked;
    if (!reactor->leader_empty) {
        reactor->asking = asked > 1 ? VW_REACTOR_BATCH : reactor->burst > 1 ? VW_REACTOR_SOME : 1;
    } else if (reactor->burst > 0) {
        reactor->asking = reactor->burst > VW_REACTOR_SOME / 2
                              ? VW_REACTOR_SOME
                              : 1; /* as it came, so it will come */
        reactor->burst = 0;
    }
    return took;
}

#endif
