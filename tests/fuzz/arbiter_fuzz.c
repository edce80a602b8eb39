/* Any packets at any time on two lines: order kept, every message accounted for, none twice. */
#include "feeds/arbiter.h"
#include "feeds/pitch.h"
#include "tests/fuzz/fuzz_packets.h"

enum { UNITS = 2, HOLD = 4 };

typedef struct sight {
    uint64_t next[UNITS]; /* sequence that may come next at the earliest */
    uint64_t missed;
} sight;

static uint32_t deliver(void *self, uint32_t unit, const vw_run *run)
{
    sight *seen = self;
    size_t size = 0;

    for (uint32_t i = 0; i < run->count; i++) {
        size += run->from[size];
    }
    vw_check(size == run->size);
    if (run->sequence != 0) {
        vw_check(run->sequence == (uint32_t)seen->next[unit]);
        seen->next[unit] += run->count;
    }
    return run->count;
}

static void missed(void *self, uint32_t unit, uint32_t first, uint64_t count, int64_t now_ns)
{
    sight *seen = self;

    (void)now_ns;
    vw_check(first == (uint32_t)seen->next[unit] && count > 0);
    seen->next[unit] += count;
    seen->missed += count;
}

static void begin(void *self, uint32_t unit, uint32_t sequence, bool reset, int64_t now_ns)
{
    (void)reset, (void)now_ns;
    ((sight *)self)->next[unit] = sequence;
}

static uint64_t get(const vw_counters *counters, vw_counter counter)
{
    return vw_counters_get(counters, counter);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static alignas(VW_LINE_PAIR) unsigned char memory[1 << 16];
    vw_counters counters = {0};
    sight seen = {0};
    vw_arbiter_sink sink = {&seen, deliver, missed, begin};
    fuzz_packet packet = {.now_ns = 1};

    vw_check(vw_arbiter_size(UNITS, HOLD) <= sizeof memory);
    vw_arbiter *arbiter = vw_arbiter_init(memory, UNITS, HOLD, &sink, &counters);

    vw_arbiter_unit(arbiter, 20 * VW_NS_PER_MS);
    vw_arbiter_unit(arbiter, 0);
    while (fuzz_next(&data, &size, &packet)) {
        vw_wire_block block;

        if (vw_pitch_block(packet.payload, packet.size, &block)) {
            vw_arbiter_packet(arbiter, block.unit % UNITS, packet.line, &block, packet.payload,
                              packet.now_ns, packet.now_ns);
        }
        vw_arbiter_expire(arbiter, packet.now_ns);
    }
    vw_arbiter_expire(arbiter, packet.now_ns + VW_NS_PER_SECOND);
    vw_check(vw_arbiter_held(arbiter) == 0);
    vw_check(get(&counters, VW_COUNT_MESSAGES_MISSED) == seen.missed);
    vw_check(
        get(&counters, VW_COUNT_MESSAGES_IN) ==
        get(&counters, VW_COUNT_MESSAGES_ACCEPTED) + get(&counters, VW_COUNT_MESSAGES_DUPLICATE) +
            get(&counters, VW_COUNT_MESSAGES_LATE) + get(&counters, VW_COUNT_MESSAGES_MALFORMED));
    return 0;
}
