/* sim_line.h: one line of the simulated exchange: its socket, and what the network does to it.
 *
 * Packets leave in the order they were put, apart from those the impairment holds back, in bursts
 * of at most VW_SIM_BURST.  Whether a packet is lost is asked of the line first (the channel may
 * overrule it), so a lost packet is never put.
 *
 * Threads  one.
 * Memory   plain struct of the caller's, some 100 KB.
 * Full     a send that the system refuses is counted and the packet is gone. */
#ifndef VW_FEEDS_SIM_LINE_H
#define VW_FEEDS_SIM_LINE_H

#include "feeds/pitch.h"
#include "feeds/sim.h"
#include "feeds/sim_random.h"

#include <sys/socket.h>

enum { VW_SIM_BURST = 64, VW_SIM_HELD_MAX = 8 };

typedef struct vw_sim_packet {
    size_t size;
    unsigned char bytes[VW_PITCH_BLOCK_MAX];
} vw_sim_packet;

/* Held back: leaves after `behind` more packets of the line, or at until_ns. */
typedef struct vw_sim_held {
    vw_sim_packet packet;
    int64_t until_ns;
    uint32_t behind;
} vw_sim_held;

typedef struct vw_sim_line {
    vw_impairment impairment;
    vw_sim_random random;
    vw_sim_sink *sink; /* instead of the socket, if not NULL */
    void *sink_self;
    size_t channel, number; /* for the sink */
    int socket;             /* -1 when closed */
    size_t queued, held_count;
    vw_sim_packet queue[VW_SIM_BURST];
    vw_sim_held held[VW_SIM_HELD_MAX];
    struct mmsghdr headers[VW_SIM_BURST];
    struct iovec parts[VW_SIM_BURST];
    uint64_t packets, bytes, lost, duplicated, reordered, failures;
} vw_sim_line;

/* vw_sim_line_open makes the socket that sends to config's group from its interface; not needed
 * with a sink.  VW_ERR_SYSTEM names both and the way out. */
vw_err vw_sim_line_open(vw_sim_line *line, const vw_line_config *config, vw_error *error);

/* vw_sim_line_loses draws whether the next packet is to be lost. */
bool vw_sim_line_loses(vw_sim_line *line);

/* vw_sim_line_put takes one packet, perhaps twice, perhaps to send it later. */
void vw_sim_line_put(vw_sim_line *line, const unsigned char *bytes, size_t size, int64_t now_ns);

/* vw_sim_line_flush sends what is queued, and what was held back until now. */
void vw_sim_line_flush(vw_sim_line *line, int64_t now_ns);

/* vw_sim_line_last sends all that is queued or held back; from now on the line does no harm. */
void vw_sim_line_last(vw_sim_line *line, int64_t now_ns);

void vw_sim_line_close(vw_sim_line *line);

#endif
