/* sim_loop.h: the symbol mappings and definitions that the simulated exchange repeats.
 *
 * Unsequenced blocks, made once and sent round and round: what a late listener needs before it can
 * tell one order from another.
 *
 * Threads  one.
 * Memory   allocated at open, handed back at close. */
#ifndef VW_FEEDS_SIM_LOOP_H
#define VW_FEEDS_SIM_LOOP_H

#include "feeds/sim_flow.h"

typedef struct vw_sim_loop_packet {
    vw_sim_channel *channel;
    vw_sim_packet packet;
} vw_sim_loop_packet;

typedef struct vw_sim_loop {
    vw_sim_loop_packet *packets;
    size_t count;
    uint64_t sent; /* since the start; count is once round */
} vw_sim_loop;

/* vw_sim_loop_open writes the blocks for all series, whose books know channel, unit and symbol. */
vw_err vw_sim_loop_open(vw_sim_loop *loop, const vw_sim_market *market, const vw_sim_book *books,
                        vw_error *error);

/* vw_sim_loop_definition writes the mapping or definition of one series. */
void vw_sim_loop_definition(const vw_sim_market *market, const vw_sim_book *books, size_t series,
                            vw_pitch_message *message);

/* vw_sim_loop_send sends the next block. */
void vw_sim_loop_send(vw_sim_loop *loop, int64_t now_ns);

void vw_sim_loop_close(vw_sim_loop *loop);

#endif
