/* pricing: the kernels of core/pricing against the same formulas left to glibc's vector libm.
 *
 * usage: bench_pricing.  SPX-like options out of the money, from a day to two years, that fit the
 * second cache: 64 expiries of 64 strikes, and for the per-expiry form 4,096 strikes of one month.
 * Nanoseconds an option. */
#include "bench/bench.h"
#include "bench/rivals/libmvec.h"
#include "core/pricing/kernels.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ROOM keeps the arrays from starting in the same cache set. */
enum { COUNT = 4096, STRIKES = 64, ROOM = COUNT + 56 };

static double forward[ROOM], strike[ROOM], years[ROOM], vol[ROOM], discount[ROOM];
static double side[ROOM], rate[ROOM], guess[ROOM];
static double month_strike[ROOM], month_log_strike[ROOM], month_vol[ROOM], month_side[ROOM];
static double price[ROOM], results[10][ROOM];
static uint8_t status[ROOM];

static const vw_black_inputs options = {forward, strike, years, vol, discount, side, rate};
static const vw_expiry_inputs expiry = {
    4500, 0.0822, 0.9959, month_strike, month_log_strike, month_vol, month_side};
static const vw_iv_inputs cold = {forward, strike, years, price, discount, side, NULL};
static const vw_iv_inputs warm = {forward, strike, years, price, discount, side, guess};
static const vw_black_outputs six = {results[0], results[1], results[2],      results[3],
                                     results[4], results[5], .status = status};
static const vw_black_outputs nine = {results[0], results[1],      results[2], results[3],
                                      results[4], results[5],      results[6], results[7],
                                      results[8], .status = status};

static double uniform(uint64_t *state)
{
    *state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (double)(*state >> 11) * 0x1p-53;
}

static double smile(double z)
{
    return 0.18 - 0.03 * z + 0.01 * z * z;
}

static void make_grid(void)
{
    uint64_t state = 1;
    vw_black_outputs out = {.price = price};

    for (size_t i = 0; i < COUNT; i++) {
        double z = 6 * uniform(&state) - 3, expiry_years = (double)(i / STRIKES) / 63;

        forward[i] = 4500 + 10 * uniform(&state);
        years[i] = exp(log(1.0 / 365) + log(730) * expiry_years);
        vol[i] = smile(z);
        strike[i] = forward[i] * exp(z * vol[i] * sqrt(years[i]));
        rate[i] = 0.05;
        discount[i] = exp(-rate[i] * years[i]);
        side[i] = z > 0 ? 1 : -1;
        guess[i] = vol[i] * (0.97 + 0.06 * uniform(&state));

        z = 6 * (double)i / COUNT - 3;
        month_vol[i] = smile(z);
        month_strike[i] = expiry.forward * exp(z * month_vol[i] * sqrt(expiry.years));
        month_log_strike[i] = log(month_strike[i]);
        month_side[i] = z > 0 ? 1 : -1;
    }
    vw_black(&options, &out, COUNT);
}

static void run_rival_avx512(const void *context)
{
    (void)context;
    vw_rival_libmvec_avx512(&options, &six, COUNT);
}

static void run_rival_avx2(const void *context)
{
    (void)context;
    vw_rival_libmvec_avx2(&options, &six, COUNT);
}

static void run_rival_libm(const void *context)
{
    (void)context;
    vw_rival_libm(&options, &six, COUNT);
}

static void run_six(const void *context)
{
    ((const vw_kernels *)context)->black(&options, &six, COUNT);
}

static void run_nine(const void *context)
{
    ((const vw_kernels *)context)->black(&options, &nine, COUNT);
}

static void run_expiry_six(const void *context)
{
    ((const vw_kernels *)context)->black_expiry(&expiry, &six, COUNT);
}

static void run_expiry_nine(const void *context)
{
    ((const vw_kernels *)context)->black_expiry(&expiry, &nine, COUNT);
}

static void run_cold(const void *context)
{
    ((const vw_kernels *)context)->implied_vol(&cold, results[9], status, COUNT);
}

static void run_warm(const void *context)
{
    ((const vw_kernels *)context)->implied_vol(&warm, results[9], status, COUNT);
}

static void bench_set(const vw_kernels *set, void (*rival)(const void *), const char *rival_name)
{
    const vw_bench_subject subjects[] = {
        {rival_name, rival, NULL, COUNT},
        {"price + 5 greeks, all inputs", run_six, set, COUNT},
        {"price + 8 greeks, all inputs", run_nine, set, COUNT},
        {"price + 5 greeks, per expiry", run_expiry_six, set, COUNT},
        {"price + 8 greeks, per expiry", run_expiry_nine, set, COUNT},
        {"implied vol, cold", run_cold, set, COUNT},
        {"implied vol, guess 3 % off", run_warm, set, COUNT},
    };

    vw_bench_run(set->isa, subjects, sizeof subjects / sizeof *subjects);
}

int main(void)
{
    const vw_kernels *avx512 = vw_kernels_get("avx512"), *avx2 = vw_kernels_get("avx2");

    make_grid();
    if (avx512 != NULL) {
        bench_set(avx512, run_rival_avx512, "rival: libmvec, AVX-512");
    }
    if (avx2 != NULL) {
        bench_set(avx2, run_rival_avx2, "rival: libmvec, AVX2");
    }
    bench_set(vw_kernels_get("baseline"), run_rival_libm, "rival: libm");
    return 0;
}
