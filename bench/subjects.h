/* subjects.h: the groups of the suite; subjects.c has them in the order in which they run. */
#ifndef VW_BENCH_SUBJECTS_H
#define VW_BENCH_SUBJECTS_H

#include "bench/bench.h"

extern const vw_bench_group vw_bench_price;
extern const vw_bench_group vw_bench_sizes;
extern const vw_bench_group vw_bench_iv;
extern const vw_bench_group vw_bench_smile;
extern const vw_bench_group vw_bench_universe;
extern const vw_bench_group vw_bench_hedge;
extern const vw_bench_group vw_bench_decide;
extern const vw_bench_group vw_bench_decode;
extern const vw_bench_group vw_bench_feed;
extern const vw_bench_group vw_bench_ring;
extern const vw_bench_group vw_bench_encode;
extern const vw_bench_group vw_bench_publish;
extern const vw_bench_group vw_bench_tape;
extern const vw_bench_group vw_bench_receive;
extern const vw_bench_group vw_bench_ingest;
extern const vw_bench_group vw_bench_pipeline;

#endif
