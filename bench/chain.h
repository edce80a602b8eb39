/* chain.h: the quotes of one expiry, made from a smile of SPX's shape with a spread around it. */
#ifndef VW_BENCH_CHAIN_H
#define VW_BENCH_CHAIN_H

#include "core/vol/smile.h"

enum { VW_CHAIN_STRIKES_MAX = 256 };

typedef struct vw_bench_chain {
    double strike[VW_CHAIN_STRIKES_MAX];
    double call_bid[VW_CHAIN_STRIKES_MAX], call_ask[VW_CHAIN_STRIKES_MAX];
    double put_bid[VW_CHAIN_STRIKES_MAX], put_ask[VW_CHAIN_STRIKES_MAX];
    double forward, years, discount;
    size_t count;
} vw_bench_chain;

/* vw_bench_chain_make puts count strikes evenly on [-14.5, 5.5] deviations of 16 % vol around a
 * forward of 4,500; calls and puts are off their middle as seed has it, each for itself: parity
 * holds within the spread, not to the last digit. */
void vw_bench_chain_make(vw_bench_chain *chain, double years, size_t count, uint64_t seed);

/* vw_bench_chain_quote quotes the same strikes around another forward, their smile moving with it.
 */
void vw_bench_chain_quote(vw_bench_chain *chain, double forward, uint64_t seed);

/* vw_bench_chain_parity is the chain as parity columns; discount 0 has it fitted. */
vw_parity vw_bench_chain_parity(const vw_bench_chain *chain, double discount);

#endif
