/* link.h: a session with a recovery server: connect, log in, exchange heartbeats, say what is lost.
 *
 * Threads  the feed's.
 * Memory   plain struct of the caller's.
 * Time     connecting and logging in may take VW_LINK_LOGIN_NS together; a heartbeat goes out after
 *          1 s of silence, and a server that says nothing for VW_LINK_SILENT_NS is lost. */
#ifndef VW_FEEDS_LINK_H
#define VW_FEEDS_LINK_H

#include "core/base/clock.h"
#include "core/base/counters.h"
#include "feeds/recovery.h"
#include "feeds/stream.h"

#define VW_LINK_LOGIN_NS (2 * VW_NS_PER_SECOND)
#define VW_LINK_SILENT_NS (5 * VW_NS_PER_SECOND)

typedef enum vw_link_state {
    VW_LINK_CLOSED,
    VW_LINK_CONNECTING,
    VW_LINK_LOGIN, /* sent, not answered */
    VW_LINK_READY,
} vw_link_state;

typedef struct vw_link {
    const vw_streams *streams;
    const vw_recovery_login *login;
    vw_counters *counters;
    uint32_t stream;
    uint8_t unit; /* of the headers of what we send */
    vw_link_state state;
    int64_t begun_ns, heard_ns, sent_ns;
} vw_link;

/* How long not to try again: from 0.1 s, doubled up to 10 s. */
typedef struct vw_backoff {
    int64_t wait_ns, until_ns;
} vw_backoff;

/* Takes a message of a block; `from` is the message itself. */
typedef void vw_link_take(void *self, const vw_recovery_message *message,
                          const unsigned char *from);

/* vw_link_open begins to connect; false if that cannot be. */
bool vw_link_open(vw_link *link, const char *address, uint16_t port, int64_t now_ns);

/* vw_link_opened logs in. */
void vw_link_opened(vw_link *link, int64_t now_ns);

/* vw_link_send sends one message; false if it cannot be. */
bool vw_link_send(vw_link *link, const vw_recovery_message *message, int64_t now_ns);

/* vw_link_received hands on the messages of whole blocks while the link stays open, and returns the
 * bytes they took; the login's response stays here.  False in *good: not what a server says. */
size_t vw_link_received(vw_link *link, const unsigned char *bytes, size_t size, int64_t now_ns,
                        vw_link_take *take, void *self, bool *good);

/* vw_link_alive sends a heartbeat when it is time; false when the server has been silent too long.
 */
bool vw_link_alive(vw_link *link, int64_t now_ns);

/* vw_link_close ends the session; lost says that it was not our wish. */
void vw_link_close(vw_link *link, bool lost);

void vw_backoff_fail(vw_backoff *backoff, int64_t now_ns);

#endif
