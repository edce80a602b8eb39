#include "core/base/counters.h"

#define VW_COUNTER_INFO(counter, what, lost, says)                                                 \
    {.name = #counter, .unit = what, .meaning = says, .loss = lost},
static const vw_counter_info infos[VW_COUNT_COUNT] = {VW_COUNTERS(VW_COUNTER_INFO)};

const vw_counter_info *vw_counters_info(vw_counter counter)
{
    vw_check((unsigned)counter < VW_COUNT_COUNT);
    return &infos[counter];
}

uint64_t vw_counters_sum(const vw_counters *const *blocks, size_t count, vw_counter counter)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < count; i++) {
        sum += vw_counters_get(blocks[i], counter);
    }
    return sum;
}

uint64_t vw_counters_losses(const vw_counters *const *blocks, size_t count)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < VW_COUNT_COUNT; i++) {
        sum += infos[i].loss ? vw_counters_sum(blocks, count, (vw_counter)i) : 0;
    }
    return sum;
}
