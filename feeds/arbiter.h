/* arbiter.h: of the lines that carry the same messages, each message once and in order, per unit.
 *
 * Lines are framed differently, so it goes by message sequence: the first line wins.  What comes
 * behind a hole is held until another line fills the hole or it has waited wait_ns; then the sink
 * may ask for what is missing and have the hole wait for the replay; else it is given up, and
 * missed, exactly, is what was in it.  While an image of the unit is fetched, it is frozen: all
 * that comes is held, as behind a hole.  Knows of a message only its length: the first byte, or
 * what the unit's measure makes of it.
 *
 * Threads  one thread; the sink is called inside vw_arbiter_packet and vw_arbiter_expire.
 * Memory   vw_arbiter_size bytes from the caller; held packets are copied, the sink's are not.
 * Full     hold-back store full, or a packet larger than its slots: the unit thaws, or its oldest
 *          hole is given up, at once (VW_COUNT_HOLD_OVERFLOW); no message that came is ever thrown
 * away. More given-up ranges than are remembered: the oldest are forgotten, and what comes of them
 * counts as duplicate instead of late. Order    (A1) messages of a unit are delivered with rising
 * sequence, none twice. (A2) MESSAGES_IN = ACCEPTED + DUPLICATE + LATE + MALFORMED + those held
 * now. (A3) from start or reset on, sequences passed = accepted + MESSAGES_MISSED +
 *               MESSAGES_COVERED + malformed that were delivered.
 * Replay   what was not asked for is duplicate, or late when it lies ahead or had been given up.
 * Start    at the first packet heard, whatever its sequence; what lies before it counts as late.
 * Reset    sequence 1 again, 1 s or more after the count began: at once.  Otherwise when only old
 *          sequences have come for 100 ms from a line that went backwards (1 s from one that did
 *          not: it may be slow), there.  Holes of the old count are given up first.
 * Time     receive_ns stamps what is delivered; now_ns, the clock of the caller, measures waiting.
 */
#ifndef VW_FEEDS_ARBITER_H
#define VW_FEEDS_ARBITER_H

#include "core/base/counters.h"
#include "feeds/pitch_wire.h"

#define VW_ARBITER_LINES_MAX 4
#define VW_ARBITER_HOLD_BYTES 2048 /* of messages in a held packet */

/* A run of whole messages as they lie in one packet. */
typedef struct vw_run {
    const unsigned char *from;
    size_t size;
    uint32_t count;
    uint32_t sequence; /* of the first; 0: unsequenced */
    int64_t receive_ns;
    int64_t block_ns; /* market time of its packet, where the protocol says one there; else 0 */
} vw_run;

/* Returns the bytes of the message at from, of which size are there; 0: not to be known.  The rest
 * of such a packet is delivered as it is, with the count it claims: what it lost is malformed. */
typedef size_t vw_measure(const unsigned char *from, size_t size);

typedef struct vw_arbiter_sink {
    void *self;
    /* Takes a run; returns how many of its messages were well-formed. */
    uint32_t (*deliver)(void *self, uint32_t unit, const vw_run *run);
    /* Messages first .. first + count - 1 were given up. */
    void (*missed)(void *self, uint32_t unit, uint32_t first, uint64_t count, int64_t now_ns);
    /* The unit begins at sequence: heard for the first time, or (reset) counting anew. */
    void (*begin)(void *self, uint32_t unit, uint32_t sequence, bool reset, int64_t now_ns);
    /* Messages first .. first + count - 1 are on no line: asks for them, and returns how many ns
     * the hole shall wait for them, 0 = not at all.  NULL: never. */
    int64_t (*ask)(void *self, uint32_t unit, uint32_t first, uint64_t count, int64_t now_ns);
    /* Nothing that was asked for is waited for any more: it came, or an image stands for it. */
    void (*filled)(void *self, uint32_t unit);
} vw_arbiter_sink;

typedef struct vw_arbiter vw_arbiter;

/* vw_arbiter_size returns the bytes for so many units and held packets, or 0 if either is 0 or
 * above 2^20. */
size_t vw_arbiter_size(uint32_t units_max, uint32_t hold_packets);

/* vw_arbiter_init lays it out in mem, VW_LINE_PAIR aligned; sink is copied. */
vw_arbiter *vw_arbiter_init(void *mem, uint32_t units_max, uint32_t hold_packets,
                            const vw_arbiter_sink *sink, vw_counters *counters);

/* vw_arbiter_unit makes a unit, whose holes wait wait_ns, and returns its number, 0 for the first;
 * UINT32_MAX when there are units_max already. */
uint32_t vw_arbiter_unit(vw_arbiter *arbiter, int64_t wait_ns);

/* vw_arbiter_measure sets how long the unit's messages are: for protocols without a length byte. */
void vw_arbiter_measure(vw_arbiter *arbiter, uint32_t unit, vw_measure *measure);

/* vw_arbiter_run takes the messages of one packet of a line in [0, VW_ARBITER_LINES_MAX), as the
 * packet claims them; count 0 is a heartbeat that says what comes next.  What stands behind the
 * messages is cut off of *packet. */
void vw_arbiter_run(vw_arbiter *arbiter, uint32_t unit, uint32_t line, vw_run *packet,
                    int64_t now_ns);

/* vw_arbiter_run_of makes a run of a block read by vw_pitch_block. */
static inline vw_run vw_arbiter_run_of(const vw_wire_block *block, const unsigned char *payload,
                                       int64_t receive_ns)
{
    return (vw_run){.from = payload + sizeof *block,
                    .size = block->length - sizeof *block,
                    .count = block->count,
                    .sequence = block->sequence,
                    .receive_ns = receive_ns};
}

/* vw_arbiter_packet is vw_arbiter_run for a block read by vw_pitch_block.  payload starts at the
 * block header and has block->length bytes. */
void vw_arbiter_packet(vw_arbiter *arbiter, uint32_t unit, uint32_t line,
                       const vw_wire_block *block, const unsigned char *payload, int64_t receive_ns,
                       int64_t now_ns);

/* vw_arbiter_expire gives up the holes that have waited long enough.  Call it when all lines have
 * been read as far as they go, or a copy still in a socket would come too late. */
void vw_arbiter_expire(vw_arbiter *arbiter, int64_t now_ns);

/* vw_arbiter_replay takes a packet of what the exchange repeats because somebody asked for it. */
void vw_arbiter_replay(vw_arbiter *arbiter, uint32_t unit, const vw_run *packet, int64_t now_ns);

/* vw_arbiter_refused gives up what was asked for: it will not come. */
void vw_arbiter_refused(vw_arbiter *arbiter, uint32_t unit, int64_t now_ns);

/* vw_arbiter_freeze holds all that comes from now on; returns the next sequence to deliver.
 * vw_arbiter_thaw goes on, at `sequence` if that is further: an image stands for what lies between
 * (VW_COUNT_MESSAGES_COVERED).  A unit that is not frozen any more was reset, or the store was
 * full. */
uint32_t vw_arbiter_freeze(vw_arbiter *arbiter, uint32_t unit);
void vw_arbiter_thaw(vw_arbiter *arbiter, uint32_t unit, uint32_t sequence);
bool vw_arbiter_is_frozen(const vw_arbiter *arbiter, uint32_t unit);

/* vw_arbiter_expected returns the next sequence to deliver. */
uint64_t vw_arbiter_expected(const vw_arbiter *arbiter, uint32_t unit);

/* vw_arbiter_held returns how many packets are held. */
uint32_t vw_arbiter_held(const vw_arbiter *arbiter);

#endif
