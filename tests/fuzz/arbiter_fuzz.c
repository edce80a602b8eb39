/* Any packets at any time on two lines, replays, frost and thaw: order kept, every message
 * accounted for, none twice. */
#include "feeds/arbiter.h"
#include "feeds/pitch.h"
#include "tests/fuzz/fuzz_packets.h"

enum { UNITS = 2, HOLD = 4 };

typedef struct sight {
    uint64_t next[UNITS]; /* sequence that may come next at the earliest */
    uint64_t missed;
    uint64_t asked_end[UNITS]; /* 0: nothing is waited for */
    int64_t patience_ns;
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
    sight *seen = self;

    (void)reset, (void)now_ns;
    seen->next[unit] = sequence;
    seen->asked_end[unit] = 0;
}

static int64_t ask(void *self, uint32_t unit, uint32_t first, uint64_t count, int64_t now_ns)
{
    sight *seen = self;

    (void)now_ns;
    vw_check(first == (uint32_t)seen->next[unit] && count > 0);
    vw_check(seen->asked_end[unit] <= seen->next[unit]); /* nothing is asked for twice */
    seen->asked_end[unit] = seen->patience_ns > 0 ? seen->next[unit] + count : 0;
    return seen->patience_ns;
}

static void filled(void *self, uint32_t unit)
{
    ((sight *)self)->asked_end[unit] = 0;
}

/* What happens beside the packets, by the bits of an input's packet head that are left. */
static void meddle(vw_arbiter *arbiter, sight *seen, const fuzz_packet *packet, uint32_t unit)
{
    unsigned kind = (packet->payload - FUZZ_HEAD)[0] >> 2;
    uint32_t jump = (packet->payload - FUZZ_HEAD)[1];

    seen->patience_ns = kind & 8 ? 200 * VW_NS_PER_MS : 0;
    if ((kind & 6) == 2) {
        vw_check(vw_arbiter_freeze(arbiter, unit) == (uint32_t)seen->next[unit]);
    } else if ((kind & 6) == 4) {
        uint64_t to = seen->next[unit] + jump;

        if (vw_arbiter_is_frozen(arbiter, unit) && jump > 0 && to <= UINT32_MAX) {
            seen->next[unit] = to;
            vw_arbiter_thaw(arbiter, unit, (uint32_t)to);
        } else {
            vw_arbiter_thaw(arbiter, unit, 0);
        }
    } else if ((kind & 6) == 6) {
        seen->asked_end[unit] = 0;
        vw_arbiter_refused(arbiter, unit, packet->now_ns);
    }
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
    vw_arbiter_sink sink = {.self = &seen,
                            .deliver = deliver,
                            .missed = missed,
                            .begin = begin,
                            .ask = ask,
                            .filled = filled};
    fuzz_packet packet = {.now_ns = 1};

    vw_check(vw_arbiter_size(UNITS, HOLD) <= sizeof memory);
    vw_arbiter *arbiter = vw_arbiter_init(memory, UNITS, HOLD, &sink, &counters);

    vw_arbiter_unit(arbiter, 20 * VW_NS_PER_MS);
    vw_arbiter_unit(arbiter, 0);
    while (fuzz_next(&data, &size, &packet)) {
        vw_wire_block block;

        bool block_is_whole = vw_pitch_block(packet.payload, packet.size, &block);

        meddle(arbiter, &seen, &packet, block_is_whole ? block.unit % UNITS : 0);
        if (block_is_whole && ((packet.payload - FUZZ_HEAD)[0] >> 2 & 1)) {
            vw_run run = vw_arbiter_run_of(&block, packet.payload, packet.now_ns);

            vw_arbiter_replay(arbiter, block.unit % UNITS, &run, packet.now_ns);
        } else if (block_is_whole) {
            vw_arbiter_packet(arbiter, block.unit % UNITS, packet.line, &block, packet.payload,
                              packet.now_ns, packet.now_ns);
        }
        vw_arbiter_expire(arbiter, packet.now_ns);
    }
    vw_arbiter_thaw(arbiter, 0, 0);
    vw_arbiter_thaw(arbiter, 1, 0);
    seen.patience_ns = 0;
    vw_arbiter_expire(arbiter, packet.now_ns + VW_NS_PER_SECOND);
    vw_check(vw_arbiter_held(arbiter) == 0);
    vw_check(get(&counters, VW_COUNT_MESSAGES_MISSED) == seen.missed);
    vw_check(
        get(&counters, VW_COUNT_MESSAGES_IN) ==
        get(&counters, VW_COUNT_MESSAGES_ACCEPTED) + get(&counters, VW_COUNT_MESSAGES_DUPLICATE) +
            get(&counters, VW_COUNT_MESSAGES_LATE) + get(&counters, VW_COUNT_MESSAGES_MALFORMED));
    return 0;
}
