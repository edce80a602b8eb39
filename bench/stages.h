/* stages.h: where the time between an intended send and a subscriber goes.
 *
 * A sender keeps a fixed schedule, late or not, and puts the time it meant to send at into each
 * datagram as its exchange time: what waits for a slow stage is counted from when it should have
 * gone, not from when it did.  Datagrams go over multicast on loopback to one polling loop of
 * reactor, feed, engine, staging, encoder and zmq_send; a subscriber reads and decodes.
 *
 * Threads  the caller's polls, pinned; sender, subscriber and ZeroMQ have the other processors. */
#ifndef VW_BENCH_STAGES_H
#define VW_BENCH_STAGES_H

#include "core/base/histogram.h"

typedef enum vw_stage {
    VW_STAGE_SENDER,     /* intended send to the kernel's receive stamp */
    VW_STAGE_RECEIVE,    /* to the reactor's handler */
    VW_STAGE_DECODE,     /* to the event in its ring: decoder, arbiter, book */
    VW_STAGE_RING,       /* to the engine's turn */
    VW_STAGE_COMPUTE,    /* to the update in its ring */
    VW_STAGE_ENCODE,     /* to the frame */
    VW_STAGE_SEND,       /* to zmq_send's return */
    VW_STAGE_SUBSCRIBER, /* frame stamped to message decoded by the subscriber */
    VW_STAGE_PUBLISHED,  /* all from the kernel's stamp to zmq_send's return */
    VW_STAGE_ALL,        /* from the intended send to the subscriber */
    VW_STAGE_COUNT,
} vw_stage;

extern const char *const vw_stage_names[VW_STAGE_COUNT];

/* vw_stages_run measures for so long and fills a histogram a stage; returns datagrams sent. */
uint64_t vw_stages_run(double seconds, double datagrams_per_second,
                       vw_histogram histograms[VW_STAGE_COUNT]);

#endif
