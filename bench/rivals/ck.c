/* ck_ring has no batches: each message is an operation of its own. */
#include "bench/rivals/rivals.h"

#include <ck_ring.h>
#include <stdlib.h>

CK_RING_PROTOTYPE(message, vw_rival_message)

typedef struct queue {
    ck_ring_t ring;
    vw_rival_message *slots;
} queue;

static void *open_queue(size_t depth)
{
    queue *made = aligned_alloc(128, (sizeof *made + 127) / 128 * 128);

    made->slots = aligned_alloc(128, depth * sizeof *made->slots);
    ck_ring_init(&made->ring, (unsigned)depth);
    return made;
}

static void send(void *self, uint64_t count, size_t batch)
{
    queue *to = self;

    (void)batch;
    for (uint64_t n = 0; n < count; n++) {
        vw_rival_message message;

        vw_rival_fill(&message, n);
        while (!CK_RING_ENQUEUE_SPSC(message, &to->ring, to->slots, &message)) {
            __builtin_ia32_pause();
        }
    }
}

static uint64_t receive(void *self, uint64_t count, size_t batch)
{
    queue *from = self;
    uint64_t sum = 0;

    (void)batch;
    for (uint64_t n = 0; n < count; n++) {
        vw_rival_message message;

        while (!CK_RING_DEQUEUE_SPSC(message, &from->ring, from->slots, &message)) {
            __builtin_ia32_pause();
        }
        sum += vw_rival_sum(&message);
    }
    return sum;
}

const vw_rival_queue vw_rival_ck = {"ck_ring", open_queue, send, receive};
