/* C++ first: after C's <stdatomic.h> clang cannot read it. */
#include <algorithm>
#include <boost/lockfree/spsc_queue.hpp>

#include "bench/rivals/rivals.h"

namespace
{

using queue_t = boost::lockfree::spsc_queue<vw_rival_message>;

void *open_queue(size_t depth)
{
    return new queue_t(depth);
}

void send(void *self, uint64_t count, size_t batch)
{
    queue_t &queue = *static_cast<queue_t *>(self);
    vw_rival_message messages[VW_RIVAL_BATCH];

    for (uint64_t n = 0; n < count;) {
        const size_t want = std::min<uint64_t>(batch, count - n);

        for (size_t i = 0; i < want; i++) {
            vw_rival_fill(&messages[i], n + i);
        }
        for (size_t done = 0; done < want;) {
            const size_t did =
                batch == 1 ? queue.push(messages[0]) : queue.push(messages + done, want - done);

            if (did == 0) {
                __builtin_ia32_pause();
            }
            done += did;
        }
        n += want;
    }
}

uint64_t receive(void *self, uint64_t count, size_t batch)
{
    queue_t &queue = *static_cast<queue_t *>(self);
    vw_rival_message messages[VW_RIVAL_BATCH];
    uint64_t sum = 0;

    for (uint64_t n = 0; n < count;) {
        const size_t did = batch == 1 ? queue.pop(messages[0]) : queue.pop(messages, batch);

        if (did == 0) {
            __builtin_ia32_pause();
        }
        for (size_t i = 0; i < did; i++) {
            sum += vw_rival_sum(&messages[i]);
        }
        n += did;
    }
    return sum;
}

} // namespace

const vw_rival_queue vw_rival_boost = {"Boost spsc_queue", open_queue, send, receive};
