/* sim_server.h: the sockets of the simulated exchange's recovery servers.
 *
 * A listening socket for each server of each channel; clients come and go; nothing blocks.
 *
 * Threads  the sim's.
 * Full     a client beyond VW_SIM_SESSIONS is closed at once. */
#ifndef VW_FEEDS_SIM_SERVER_H
#define VW_FEEDS_SIM_SERVER_H

#include "feeds/sim_session.h"

enum { VW_SIM_SERVER_CHANNELS = 2 };

typedef struct vw_sim_sockets {
    int listening[VW_SIM_SERVER_CHANNELS][VW_SIM_SERVERS]; /* -1: none */
    int64_t polled_ns;
} vw_sim_sockets;

/* vw_sim_sockets_init: none is open. */
void vw_sim_sockets_init(vw_sim_sockets *sockets);

/* vw_sim_sockets_open listens where the channels' recovery says; VW_ERR_SYSTEM names the place that
 * cannot be had. */
vw_err vw_sim_sockets_open(vw_sim_sockets *sockets, const vw_sim_recovery *recovery,
                           vw_error *error);

/* vw_sim_sockets_poll takes what clients say and sends what there is to say; every 0.2 ms at most.
 */
void vw_sim_sockets_poll(vw_sim_sockets *sockets, vw_sim_recovery *recovery, int64_t now_ns);

void vw_sim_sockets_close(vw_sim_sockets *sockets, vw_sim_recovery *recovery);

#endif
