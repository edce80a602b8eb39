#include "bench/rivals/rivals.h"

#include <boost/lockfree/spsc_queue.hpp>

namespace
{

struct message {
    uint64_t words[8];
};

using queue_t = boost::lockfree::spsc_queue<message>;

void *open(size_t depth)
{
    return new queue_t(depth);
}

size_t push(void *queue, const void *messages, size_t count)
{
    return static_cast<queue_t *>(queue)->push(static_cast<const message *>(messages), count);
}

size_t pop(void *queue, void *messages, size_t count)
{
    return static_cast<queue_t *>(queue)->pop(static_cast<message *>(messages), count);
}

} // namespace

const vw_rival_queue vw_rival_boost = {"Boost spsc_queue", open, push, pop};
