/* ring.h: bounded queue between exactly two threads.
 *
 * Carries market events from a feed thread to the engine, and updates from the engine to the
 * publisher.  Slots are filled and read in place, so an event is written once.
 *
 * Threads  one producer (reserve, commit) and one consumer (peek, release), for life.
 * Memory   the caller owns `mem` and outlives the ring; nothing is allocated here.
 * Full     reserve returns NULL.  The ring never blocks, grows or overwrites: the producer
 *          counts the loss (VW_COUNT_RING_FULL) and marks the gap.
 * Order    (R1) head and tail only grow, and 0 <= head - tail <= depth.
 *          (R2) commit's release store of head pairs with peek's acquire load: a visible slot
 *               is a finished slot.
 *          (R3) release's release store of tail pairs with reserve's acquire load: a reused
 *               slot is a slot the consumer has left. */
#ifndef VW_CORE_BASE_RING_H
#define VW_CORE_BASE_RING_H

#include "core/base/base.h"

typedef struct vw_ring {
    alignas(VW_LINE_PAIR) _Atomic uint64_t head; /* slots ever committed; producer writes */
    uint64_t tail_seen;                          /* producer's last look at tail */
    alignas(VW_LINE_PAIR) _Atomic uint64_t tail; /* slots ever released; consumer writes */
    uint64_t head_seen;                          /* consumer's last look at head */
    alignas(VW_LINE_PAIR) uint64_t mask;         /* depth - 1; read-only after init, as below */
    uint64_t slot_size;                          /* bytes */
    unsigned char *slots;
} vw_ring;

/* vw_ring_size returns the bytes a ring needs, or 0 unless depth is a power of two in [2, 2^32]
 * and slot_size a multiple of 8 in [8, 4096]. */
size_t vw_ring_size(uint64_t depth, uint64_t slot_size);

/* vw_ring_init lays a ring out in mem, which is VW_LINE_PAIR aligned and vw_ring_size() bytes
 * long.  Call it before either thread starts. */
vw_ring *vw_ring_init(void *mem, uint64_t depth, uint64_t slot_size);

/* vw_ring_reserve returns the next free slot, or NULL when full; the slot stays private until
 * vw_ring_commit publishes it.  One slot may be open at a time. */
static inline void *vw_ring_reserve(vw_ring *ring);
static inline void vw_ring_commit(vw_ring *ring);

/* vw_ring_peek returns the oldest committed slot, or NULL when empty; the slot may be read until
 * vw_ring_release hands it back. */
static inline const void *vw_ring_peek(vw_ring *ring);
static inline void vw_ring_release(vw_ring *ring);

/* The same for several at once, side by side: *count is how many are wanted, then how many there
 * are, fewer near the end of the memory, 0 with NULL.  Commit or release any of the first. */
static inline void *vw_ring_reserve_run(vw_ring *ring, uint64_t *count);
static inline void vw_ring_commit_run(vw_ring *ring, uint64_t count);
static inline const void *vw_ring_peek_run(vw_ring *ring, uint64_t *count);
static inline void vw_ring_release_run(vw_ring *ring, uint64_t count);

/* vw_ring_free returns how many slots the producer can surely reserve now, [0, depth]. */
static inline uint64_t vw_ring_free(vw_ring *ring);

/* ---- inline definitions --------------------------------------------------------------------- */

static inline void *vw_ring_reserve(vw_ring *ring)
{
    uint64_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);

    if (head - ring->tail_seen > ring->mask) {
        ring->tail_seen = atomic_load_explicit(&ring->tail, memory_order_acquire); /* R3 */
        if (head - ring->tail_seen > ring->mask) {
            return NULL;
        }
    }
    return ring->slots + (head & ring->mask) * ring->slot_size;
}

static inline void vw_ring_commit(vw_ring *ring)
{
    vw_ring_commit_run(ring, 1);
}

static inline const void *vw_ring_peek(vw_ring *ring)
{
    uint64_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);

    if (tail == ring->head_seen) {
        ring->head_seen = atomic_load_explicit(&ring->head, memory_order_acquire); /* R2 */
        if (tail == ring->head_seen) {
            return NULL;
        }
    }
    return ring->slots + (tail & ring->mask) * ring->slot_size;
}

static inline void vw_ring_release(vw_ring *ring)
{
    vw_ring_release_run(ring, 1);
}

static inline uint64_t vw_ring_run(const vw_ring *ring, uint64_t index, uint64_t there,
                                   uint64_t count)
{
    uint64_t side_by_side = ring->mask + 1 - (index & ring->mask);
    count = count < there ? count : there;
    return count < side_by_side ? count : side_by_side;
}

static inline void *vw_ring_reserve_run(vw_ring *ring, uint64_t *count)
{
    uint64_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);

    if (head - ring->tail_seen + *count > ring->mask + 1) {
        ring->tail_seen = atomic_load_explicit(&ring->tail, memory_order_acquire); /* R3 */
    }
    *count = vw_ring_run(ring, head, ring->mask + 1 - (head - ring->tail_seen), *count);
    return *count > 0 ? ring->slots + (head & ring->mask) * ring->slot_size : NULL;
}

static inline void vw_ring_commit_run(vw_ring *ring, uint64_t count)
{
    uint64_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);

    vw_check_hot(head + count - ring->tail_seen <= ring->mask + 1);         /* reserved first */
    atomic_store_explicit(&ring->head, head + count, memory_order_release); /* R2 */
}

static inline const void *vw_ring_peek_run(vw_ring *ring, uint64_t *count)
{
    uint64_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);

    if (ring->head_seen - tail < *count) {
        ring->head_seen = atomic_load_explicit(&ring->head, memory_order_acquire); /* R2 */
    }
    *count = vw_ring_run(ring, tail, ring->head_seen - tail, *count);
    return *count > 0 ? ring->slots + (tail & ring->mask) * ring->slot_size : NULL;
}

static inline void vw_ring_release_run(vw_ring *ring, uint64_t count)
{
    uint64_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);

    vw_check_hot(count <= ring->head_seen - tail);                          /* peeked first */
    atomic_store_explicit(&ring->tail, tail + count, memory_order_release); /* R3 */
}

static inline uint64_t vw_ring_free(vw_ring *ring)
{
    uint64_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);

    ring->tail_seen = atomic_load_explicit(&ring->tail, memory_order_acquire); /* R3 */
    return ring->mask + 1 - (head - ring->tail_seen);
}

#endif
