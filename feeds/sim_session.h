/* sim_session.h: what the simulated exchange's recovery servers say, without their sockets.
 *
 * The gap request proxy replays messages of the history on the channel's replay line; the spin
 * server sends a unit's definitions, and the image of its orders, on the connection.  A session
 * speaks for the unit in the header of each of its blocks.
 *
 * Quotas   of the proxy: 100 messages a request (C), 320 requests a second (S), 1,500 a minute (M),
 *          100,000 a day (D); messages older than the history are out of range (O).
 * Threads  the sim's.
 * Memory   sessions and their out buffers are made at open; nothing afterwards.
 * Full     no session free, or a client that does not read what it asked for: closed. */
#ifndef VW_FEEDS_SIM_SESSION_H
#define VW_FEEDS_SIM_SESSION_H

#include "feeds/recovery.h"
#include "feeds/sim_loop.h"

enum { VW_SIM_SESSIONS = 16, VW_SIM_GAP_MESSAGES = 100 };

typedef enum vw_sim_server { VW_SIM_GAP_PROXY, VW_SIM_SPIN_SERVER, VW_SIM_SERVERS } vw_sim_server;

typedef struct vw_sim_session {
    bool open, logged_in;
    bool cut; /* close when what is in out has been sent */
    vw_sim_server server;
    size_t channel;
    uint8_t unit; /* on the wire, of the last block that came */
    int socket;   /* of sim_server.c */
    int64_t heard_ns, sent_ns, available_ns;
    int64_t second_ns, minute_ns; /* when the quotas' counts began */
    uint32_t in_second, in_minute, in_day;
    size_t in_size, out_size, out_sent;
    unsigned char in[512];
    unsigned char *out;
} vw_sim_session;

/* What the sessions serve; the sim's own. */
typedef struct vw_sim_recovery vw_sim_recovery;
struct vw_sim_recovery {
    vw_sim_channel *channels;
    vw_sim_line *replays; /* by channel */
    const vw_channel_config *addresses;
    const vw_sim_market *market;
    const vw_sim_flow *flow;
    uint32_t refuse; /* VW_SIM_REFUSE_ */
    size_t out_capacity;
    unsigned char *out; /* of all sessions */
    vw_sim_session sessions[VW_SIM_SESSIONS];
    uint64_t logins, gap_requests, gap_refusals, replayed, images, image_refusals;
};

/* vw_sim_recovery_open takes memory for images of the largest unit; the fields above are set. */
vw_err vw_sim_recovery_open(vw_sim_recovery *recovery, vw_error *error);
void vw_sim_recovery_close(vw_sim_recovery *recovery);

/* vw_sim_session_begin returns a session for a new client, NULL when there is none left. */
vw_sim_session *vw_sim_session_begin(vw_sim_recovery *recovery, vw_sim_server server,
                                     size_t channel, int64_t now_ns);

/* vw_sim_session_take takes bytes from the client; false: close it. */
bool vw_sim_session_take(vw_sim_recovery *recovery, vw_sim_session *session,
                         const unsigned char *bytes, size_t size, int64_t now_ns);

/* vw_sim_session_idle sends heartbeats and what images there are; false: the client is silent. */
bool vw_sim_session_idle(vw_sim_recovery *recovery, vw_sim_session *session, int64_t now_ns);

/* vw_sim_session_end frees the session. */
void vw_sim_session_end(vw_sim_session *session);

#endif
