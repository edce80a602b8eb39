/* The leading socket of a spinning thread.
 *
 * The ring's news of a packet come through its sender's wake-up and a system call of ours that
 * finds its code cold: 1.6 us for a packet that waits, where asking the socket takes 1.0 (bench
 * receive); live, 3.5 and 2.5 us from the kernel's stamp to the handler (stamps put in for once).
 * Asking all sockets would take 0.4 us each, so only the one that brings the most news is asked,
 * once a turn: of lines that carry the same, the first.  All others stay with the ring.  The
 * leader's receive is ended before it leads, or two ways of receiving would hand on its packets out
 * of order. */
#include "feeds/reactor_state.h"

#include <string.h>

void vw_reactor_lead_begin(vw_reactor *reactor)
{
    reactor->leader = reactor->rising = VW_REACTOR_NOBODY;
    reactor->asking = 1;
    reactor->leader_empty = true;
    vw_reactor_mmsg_begin(reactor);
}

static void lead(vw_reactor *reactor, uint32_t socket)
{
    reactor->leader = socket;
    reactor->rising = VW_REACTOR_NOBODY;
}

/* Another leads when it had half as much news again. */
void vw_reactor_lead_choose(vw_reactor *reactor)
{
    if (!reactor->config.spin) {
        return;
    }
    uint32_t best = reactor->leader == VW_REACTOR_NOBODY ? 0 : reactor->leader;

    for (uint32_t i = 0; i < reactor->count; i++) {
        if (2 * reactor->news[i] > 3 * reactor->news[best]) {
            best = i;
        }
    }
    memset(reactor->news, 0, sizeof reactor->news);
    reactor->noted = 0;
    if (best == reactor->leader || reactor->rising != VW_REACTOR_NOBODY) {
        return;
    }
    if (reactor->leader != VW_REACTOR_NOBODY) {
        reactor->unarmed |= UINT64_C(1) << reactor->leader;
        reactor->leader = VW_REACTOR_NOBODY;
        reactor->leader_empty = true;
    }
    if ((reactor->unarmed >> best & 1) != 0) {
        reactor->unarmed &= ~(UINT64_C(1) << best);
        lead(reactor, best);
    } else if (vw_reactor_uring_disarm(reactor, best)) {
        reactor->rising = best;
    }
}

bool vw_reactor_lead_ended(vw_reactor *reactor, uint32_t socket)
{
    if (socket != reactor->rising) {
        return false;
    }
    lead(reactor, socket);
    return true;
}
