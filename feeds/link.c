#include "feeds/link.h"

#define FIRST_WAIT_NS (100 * VW_NS_PER_MS)
#define LAST_WAIT_NS (10 * VW_NS_PER_SECOND)

bool vw_link_open(vw_link *link, const char *address, uint16_t port, int64_t now_ns)
{
    if (!link->streams->connect(link->streams->self, link->stream, address, port)) {
        return false;
    }
    link->state = VW_LINK_CONNECTING;
    link->begun_ns = link->heard_ns = link->sent_ns = now_ns;
    return true;
}

bool vw_link_send(vw_link *link, const vw_recovery_message *message, int64_t now_ns)
{
    unsigned char bytes[VW_RECOVERY_PACKED_MAX];
    size_t size = vw_recovery_pack(message, link->unit, bytes);

    link->sent_ns = now_ns;
    return link->streams->send(link->streams->self, link->stream, bytes, size);
}

void vw_link_opened(vw_link *link, int64_t now_ns)
{
    if (link->state == VW_LINK_CONNECTING) {
        vw_recovery_message message = {.type = VW_RECOVERY_LOGIN, .login = *link->login};

        link->state = VW_LINK_LOGIN;
        (void)vw_link_send(link, &message, now_ns); /* if not, its time runs out */
    }
}

/* answered takes the response to our login; false if it was no. */
static bool answered(vw_link *link, const vw_recovery_message *message)
{
    if (link->state != VW_LINK_LOGIN || message->status != 'A') {
        return false;
    }
    link->state = VW_LINK_READY;
    vw_counters_add(link->counters, VW_COUNT_RECOVERY_LOGINS, 1);
    return true;
}

static bool take_block(vw_link *link, const vw_wire_block *block, const unsigned char *from,
                       vw_link_take *take, void *self)
{
    size_t left = block->length - sizeof *block;

    for (uint32_t i = 0; i < block->count && link->state != VW_LINK_CLOSED; i++) {
        vw_recovery_message message;
        int used = vw_recovery_decode(from, left, &message);

        if (used <= 0) {
            return false;
        }
        if (message.type == VW_RECOVERY_LOGIN_RESPONSE && !answered(link, &message)) {
            return false;
        }
        take(self, &message, from);
        from += used;
        left -= (size_t)used;
    }
    return true;
}

size_t vw_link_received(vw_link *link, const unsigned char *bytes, size_t size, int64_t now_ns,
                        vw_link_take *take, void *self, bool *good)
{
    size_t done = 0;

    *good = true;
    link->heard_ns = now_ns;
    while (*good && link->state != VW_LINK_CLOSED) {
        vw_wire_block block;
        int used = vw_recovery_block(bytes + done, size - done, &block);

        if (used == VW_PITCH_MORE) {
            break;
        }
        *good = used > 0 && take_block(link, &block, bytes + done + sizeof block, take, self);
        done += used > 0 ? (size_t)used : 0;
    }
    return done;
}

bool vw_link_alive(vw_link *link, int64_t now_ns)
{
    switch (link->state) {
    case VW_LINK_CLOSED:
        return true;
    case VW_LINK_READY:
        if (now_ns - link->sent_ns >= VW_NS_PER_SECOND && !vw_link_send(link, NULL, now_ns)) {
            return false;
        }
        return now_ns - link->heard_ns < VW_LINK_SILENT_NS;
    default:
        return now_ns - link->begun_ns < VW_LINK_LOGIN_NS;
    }
}

void vw_link_close(vw_link *link, bool lost)
{
    if (link->state != VW_LINK_CLOSED) {
        link->state = VW_LINK_CLOSED;
        link->streams->close(link->streams->self, link->stream);
        if (lost) {
            vw_counters_add(link->counters, VW_COUNT_RECOVERY_LINKS_LOST, 1);
        }
    }
}

void vw_backoff_fail(vw_backoff *backoff, int64_t now_ns)
{
    backoff->wait_ns = backoff->wait_ns == 0 ? FIRST_WAIT_NS : 2 * backoff->wait_ns;
    backoff->wait_ns = backoff->wait_ns < LAST_WAIT_NS ? backoff->wait_ns : LAST_WAIT_NS;
    backoff->until_ns = now_ns + backoff->wait_ns;
}
