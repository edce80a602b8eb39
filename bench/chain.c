#include "bench/chain.h"

#include "bench/bench.h"

#include <math.h>

/* In deviations: steep puts, a bend at the money, calls that turn up. */
static double vol_at(double z, double atm)
{
    return atm * sqrt(0.62 - 0.4 * z + 0.35 * sqrt((z - 0.6) * (z - 0.6) + 0.8) +
                      0.05 * sqrt((z + 4) * (z + 4) + 4));
}

void vw_bench_chain_quote(vw_bench_chain *chain, double forward, uint64_t seed)
{
    double sd = 0.16 * sqrt(chain->years);

    chain->forward = forward;
    for (size_t i = 0; i < chain->count; i++) {
        double strike = chain->strike[i], vol = vol_at(log(strike / forward) / sd, 0.16);
        double price[2], vega[2];

        for (int s = 0; s < 2; s++) {
            double side = s == 0 ? 1 : -1;
            vw_black_inputs in = {&chain->forward,  &strike, &chain->years, &vol,
                                  &chain->discount, &side,   NULL};
            vw_black_outputs out = {.price = &price[s], .vega = &vega[s]};
            vw_black(&in, &out, 1);
        }
        double half = fmin(0.05 + 0.0005 * vega[0], 0.3 * fmin(price[0], price[1]));
        double call_off = 0.6 * half * (2 * vw_bench_uniform(&seed) - 1);
        double put_off = 0.6 * half * (2 * vw_bench_uniform(&seed) - 1);

        chain->call_bid[i] = price[0] - half + call_off;
        chain->call_ask[i] = price[0] + half + call_off;
        chain->put_bid[i] = price[1] - half + put_off;
        chain->put_ask[i] = price[1] + half + put_off;
    }
}

void vw_bench_chain_make(vw_bench_chain *chain, double years, size_t count, uint64_t seed)
{
    double sd = 0.16 * sqrt(years);

    vw_check(count <= VW_CHAIN_STRIKES_MAX);
    *chain = (vw_bench_chain){
        .forward = 4500, .years = years, .discount = exp(-0.05 * years), .count = count};
    for (size_t i = 0; i < count; i++) {
        chain->strike[i] =
            chain->forward * exp((-14.5 + 20 * (double)i / (double)(count - 1)) * sd);
    }
    vw_bench_chain_quote(chain, chain->forward, seed);
}

vw_parity vw_bench_chain_parity(const vw_bench_chain *chain, double discount)
{
    return (vw_parity){chain->strike,  chain->call_bid, chain->call_ask, chain->put_bid,
                       chain->put_ask, chain->count,    chain->years,    0.05,
                       discount};
}
