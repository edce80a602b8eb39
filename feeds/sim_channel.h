/* sim_channel.h: one exchange feed of the sim: messages into sequenced blocks on its lines.
 *
 * A block is begun for a unit, messages are added, and at its end it gets its sequence numbers and
 * goes to every line: to A as it is; to B cut elsewhere (a Time alone, every fourth block in two),
 * or gathered with its neighbours when batch asks for it.  A Time message goes before the first
 * message of each market second of a unit; a unit that was silent for a second sends a heartbeat.
 *
 * Threads  one.
 * Memory   units, their history and lines are the caller's.
 * Full     a block that cannot hold a message is a failed check: one block carries one quote. */
#ifndef VW_FEEDS_SIM_CHANNEL_H
#define VW_FEEDS_SIM_CHANNEL_H

#include "feeds/sim_line.h"

/* Sequences remembered as lost; far more than can be on their way at once. */
enum { VW_SIM_LOST_WINDOW = 4096, VW_SIM_BLOCK_MESSAGES = 64 };

/* Sequenced messages that can be replayed, and the most bytes one of them has. */
enum { VW_SIM_HISTORY = 16384, VW_SIM_HISTORY_MESSAGE = 64 };

typedef struct vw_sim_unit {
    uint8_t number;
    uint32_t sequence; /* of the next message */
    int64_t second;    /* market second of the last Time, INT64_MIN before the first */
    int64_t market_ns; /* of the last block */
    int64_t sent_ns;   /* when the last block or heartbeat left */
    int64_t batch_ns;  /* when the batch of line B was begun */
    vw_pitch_writer batch;
    unsigned char batch_bytes[VW_PITCH_BLOCK_MAX];
    uint8_t lost[VW_SIM_LOST_WINDOW]; /* a bit per line, by sequence */
    unsigned char (
        *history)[VW_SIM_HISTORY_MESSAGE]; /* VW_SIM_HISTORY, by sequence; NULL: none is kept */
} vw_sim_unit;

typedef struct vw_sim_channel {
    vw_dialect dialect;
    vw_sim_line *lines; /* line_count */
    size_t line_count;
    vw_sim_unit *units;
    size_t unit_count;
    bool same_loss;
    bool sure;            /* no line loses anything just now */
    uint8_t batch;        /* as in vw_sim_config */
    vw_sim_random random; /* where B cuts */
    uint64_t sequenced, lost_on_both, messages, heartbeats;

    vw_sim_unit *open; /* the block being written; NULL between blocks */
    int64_t market_ns, now_ns;
    size_t count; /* messages in it; they end at ends[i] */
    uint16_t ends[VW_SIM_BLOCK_MESSAGES];
    unsigned char bytes[VW_PITCH_BLOCK_MAX];
} vw_sim_channel;

/* vw_sim_channel_time returns the Time message of a market second. */
vw_pitch_message vw_sim_channel_time(const vw_sim_channel *channel, int64_t second);

/* vw_sim_channel_begin begins a block of the unit at this market time and real time. */
void vw_sim_channel_begin(vw_sim_channel *channel, size_t unit, int64_t market_ns, int64_t now_ns);

/* vw_sim_channel_add encodes message, stamped with the block's market time. */
void vw_sim_channel_add(vw_sim_channel *channel, vw_pitch_message *message);

/* vw_sim_channel_end sends the block; one without messages is not sent. */
void vw_sim_channel_end(vw_sim_channel *channel);

/* vw_sim_channel_loop sends an unsequenced block, ready as it is, to every line. */
void vw_sim_channel_loop(vw_sim_channel *channel, const vw_sim_packet *packet, int64_t now_ns);

/* vw_sim_channel_last sends what is gathered or held back, and a heartbeat of each unit that no
 * line loses. */
void vw_sim_channel_last(vw_sim_channel *channel);

/* vw_sim_channel_idle sends heartbeats and batches that are due, and flushes the lines. */
void vw_sim_channel_idle(vw_sim_channel *channel, int64_t now_ns);

#endif
