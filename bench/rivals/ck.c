#include "bench/rivals/rivals.h"

#include <ck_ring.h>
#include <stdlib.h>

typedef struct message {
    uint64_t words[8];
} message;

CK_RING_PROTOTYPE(message, message)

typedef struct queue {
    ck_ring_t ring;
    message *slots;
} queue;

/* ck has no batches: each message is an operation of its own. */
static void *open_queue(size_t depth)
{
    queue *made = aligned_alloc(128, (sizeof *made + 127) / 128 * 128);

    made->slots = aligned_alloc(128, depth * sizeof *made->slots);
    ck_ring_init(&made->ring, (unsigned)depth);
    return made;
}

static size_t push(void *self, const void *messages, size_t count)
{
    queue *to = self;
    size_t done = 0;

    while (done < count && CK_RING_ENQUEUE_SPSC(message, &to->ring, to->slots,
                                                (message *)(uintptr_t)messages + done)) {
        done++;
    }
    return done;
}

static size_t pop(void *self, void *messages, size_t count)
{
    queue *from = self;
    size_t done = 0;

    while (done < count &&
           CK_RING_DEQUEUE_SPSC(message, &from->ring, from->slots, (message *)messages + done)) {
        done++;
    }
    return done;
}

const vw_rival_queue vw_rival_ck = {"ck_ring", open_queue, push, pop};
