/* publisher.h: updates in, FlatBuffers over ZeroMQ out.
 *
 * One single-frame message = topic, NUL-padded to 32 bytes, then the FlatBuffer.  XPUB with our own
 * last-value cache: a new subscription gets the last message of each matching topic at once, of
 * def.<root> every definition, of status the last word on each unit (greeks come again with the
 * next cut).  Repeats carry the newest sequence of their topic, so nobody sees a gap by them.  A
 * heartbeat each second carries the counters and the latency so far.
 *
 * Threads  one thread calls begin and poll.  Allocates (zmq_send does): never on a feed or engine
 *          thread of its own, but it may share one polling thread with them (small machines).
 * Full     ZeroMQ drops for a subscriber that is behind its high-water mark; it sees the gap in the
 *          topic's sequence.  A send refused here is counted (VW_COUNT_SENDS_FAILED) and leaves a
 *          gap as well.
 * Order    runs leave in the order of the ring, whole.  Ticks of one topic that wait one behind the
 *          other share a message, as do runs of a cut that come in turns without a pause.
 * Latency  for each tick, zmq_send's return minus the kernel receive stamp goes to the histogram.
 */
#ifndef VW_SCHEMAS_PUBLISHER_H
#define VW_SCHEMAS_PUBLISHER_H

#include "core/base/counters.h"
#include "core/base/error.h"
#include "core/base/histogram.h"
#include "core/base/ring.h"
#include "schemas/message.h"

typedef struct vw_publisher_config {
    char endpoint[128];                   /* "tcp://127.0.0.1:5601"; port in use is VW_ERR_SYSTEM */
    int high_water_mark;                  /* messages per subscriber; 100,000 */
    uint32_t instruments_max, groups_max; /* as the engine's */
    uint64_t avoid_cpus;  /* bit n: ZeroMQ's own threads stay off processor n, a poller has it */
    int64_t heartbeat_ns; /* 1 s */
    bool patient; /* a replay: a subscriber that is behind is waited for, at the end for 10 s */
    char source[VW_SOURCE_SIZE];            /* "live", "sim", "synthetic": said in every message */
    char book[16];                          /* names hedge.<book> */
    vw_ring *in;                            /* of vw_update */
    vw_counters *counters;                  /* its own block */
    const vw_counters *const *all_counters; /* every block, for heartbeats */
    size_t all_counters_count;
    vw_histogram *wire_to_publish;
} vw_publisher_config;

typedef struct vw_publisher vw_publisher;

/* vw_publisher_open allocates (it is no hot-path object) and copies config; the socket comes with
 * begin. */
vw_err vw_publisher_open(const vw_publisher_config *config, vw_publisher **publisher,
                         vw_error *error);
/* vw_publisher_begin binds: VW_ERR_SYSTEM names the endpoint and the way out.  The epoch of all
 * messages is the time of this call. */
vw_err vw_publisher_begin(void *publisher, vw_error *error);

/* vw_publisher_poll is the worker's poll function; returns updates taken + messages sent. */
size_t vw_publisher_poll(void *publisher, int64_t now_ns);

/* vw_publisher_endpoint returns where it is bound ("tcp://127.0.0.1:*" has a port by then). */
const char *vw_publisher_endpoint(const vw_publisher *publisher);

/* vw_publisher_close sends what ZeroMQ still has, for at most 0.2 s; after the worker has joined.
 */
void vw_publisher_close(vw_publisher *publisher);

#endif
