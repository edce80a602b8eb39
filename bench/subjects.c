#include "bench/subjects.h"

/* clang-format off */
const vw_bench_group *const vw_bench_groups[] = {
    &vw_bench_price,
    &vw_bench_sizes,
    &vw_bench_iv,
    &vw_bench_smile,
    &vw_bench_universe,
    &vw_bench_hedge,
    &vw_bench_decide,
    &vw_bench_decode,
    &vw_bench_feed,
    &vw_bench_ring,
    &vw_bench_encode,
    &vw_bench_publish,
    &vw_bench_tape,
    &vw_bench_receive,
    &vw_bench_ingest,
    &vw_bench_pipeline,
};
/* clang-format on */

size_t vw_bench_group_count(void)
{
    return VW_COUNT_OF(vw_bench_groups);
}
