#include "feeds/reactor_take.h"

void vw_reactor_mmsg_begin(vw_reactor *reactor)
{
    for (size_t i = 0; i < VW_REACTOR_BATCH; i++) {
        unsigned char *buffer = reactor->asked + i * VW_REACTOR_STRIDE;

        reactor->places[i] = (struct iovec){.iov_base = buffer + VW_REACTOR_CONTROL,
                                            .iov_len = VW_REACTOR_PACKET_MAX};
        reactor->messages[i].msg_hdr = (struct msghdr){.msg_iov = &reactor->places[i],
                                                       .msg_iovlen = 1,
                                                       .msg_control = buffer,
                                                       .msg_controllen = VW_REACTOR_CONTROL};
    }
}

/* A packet that comes alone is asked for alone: asking for 64 would look for a second one before it
 * is handed on, which costs a third of its time (bench receive, 1 waiting). */
static void note_busy(vw_reactor *reactor, size_t index, size_t taken)
{
    uint32_t bit = UINT32_C(1) << index;

    reactor->busy = taken > 0 ? reactor->busy | bit : reactor->busy & ~bit;
}

size_t vw_reactor_mmsg_poll(vw_reactor *reactor, int64_t now_ns, bool *drained)
{
    size_t left = reactor->config.packets_per_poll, packets = 0;
    size_t index = reactor->first;
    bool hasty = false;

    *drained = true;
    for (size_t i = 0; i < reactor->count && left > 0 && !hasty; i++) {
        size_t batch = reactor->busy >> index & 1 ? VW_REACTOR_BATCH : 1;
        size_t most = left < batch ? left : batch;
        size_t taken = vw_reactor_ask(reactor, (uint32_t)index, most, now_ns);

        *drained = *drained && taken < most;
        note_busy(reactor, index, taken);
        packets += taken;
        left -= taken;
        index = index + 1 == reactor->count ? 0 : index + 1;
        hasty = taken > 0 && reactor->hasty_turns < VW_REACTOR_HASTY_MAX;
    }
    *drained = *drained && left > 0 && !hasty;
    reactor->hasty_turns = hasty ? reactor->hasty_turns + 1 : 0;
    reactor->first = hasty ? index : reactor->first + 1 >= reactor->count ? 0 : reactor->first + 1;
    return packets;
}
