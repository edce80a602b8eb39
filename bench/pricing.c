/* pricing: the kernels of core/pricing against the same formulas by glibc's vector libm, SLEEF,
 * QuantLib and libm.
 *
 * SPX-like options out of the money, from a day to two years: 64 expiries of 64 strikes, which fit
 * the second cache, and for the per-expiry form 4,096 strikes of one month.  Four implied vol
 * subjects stand beside the time it takes to price, for there is no vector rival in Debian. */
#include "bench/references.h"
#include "bench/rivals/rivals.h"
#include "bench/subjects.h"

#include <math.h>
#include <string.h>

/* ROOM keeps the arrays from starting in the same cache set. */
enum { COUNT = 4096, STRIKES = 64, ROOM = COUNT + 56 };

static double forward[ROOM], strike[ROOM], years[ROOM], vol[ROOM], discount[ROOM];
static double side[ROOM], rate[ROOM], guess[ROOM], recent[ROOM];
static double month_strike[ROOM], month_log_strike[ROOM], month_vol[ROOM], month_side[ROOM];
static double price[ROOM], results[10][ROOM];
static uint8_t status[ROOM];

static const vw_black_inputs options = {forward, strike, years, vol, discount, side, rate};
static const vw_expiry_inputs expiry = {
    4500, 0.0822, 0.9959, month_strike, month_log_strike, month_vol, month_side};
static const vw_iv_inputs cold = {forward, strike, years, price, discount, side, NULL};
static const vw_iv_inputs warm = {forward, strike, years, price, discount, side, guess};
static const vw_iv_inputs tick = {forward, strike, years, price, discount, side, recent};
static const vw_black_outputs six = {results[0], results[1], results[2],      results[3],
                                     results[4], results[5], .status = status};
static const vw_black_outputs nine = {results[0], results[1],      results[2], results[3],
                                      results[4], results[5],      results[6], results[7],
                                      results[8], .status = status};

static double smile(double z)
{
    return 0.18 - 0.03 * z + 0.01 * z * z;
}

static void make_grid(void)
{
    uint64_t state = 1;
    vw_black_outputs out = {.price = price};

    for (size_t i = 0; i < COUNT; i++) {
        double z = 6 * vw_bench_uniform(&state) - 3, at = (double)(i / STRIKES) / 63;

        forward[i] = 4500 + 10 * vw_bench_uniform(&state);
        years[i] = exp(log(1.0 / 365) + log(730) * at);
        vol[i] = smile(z);
        strike[i] = forward[i] * exp(z * vol[i] * sqrt(years[i]));
        rate[i] = 0.05;
        discount[i] = exp(-rate[i] * years[i]);
        side[i] = z > 0 ? 1 : -1;
        guess[i] = vol[i] * (0.97 + 0.06 * vw_bench_uniform(&state));
        recent[i] = vol[i] * (0.999 + 0.002 * vw_bench_uniform(&state));

        z = 6 * (double)i / COUNT - 3;
        month_vol[i] = smile(z);
        month_strike[i] = expiry.forward * exp(z * month_vol[i] * sqrt(expiry.years));
        month_log_strike[i] = log(month_strike[i]);
        month_side[i] = z > 0 ? 1 : -1;
    }
    vw_black(&options, &out, COUNT);
}

/* A rival stands behind a pointer, so that one function runs and one judges them all. */
typedef struct rival {
    vw_rival_black *black;
} rival;

static void run_rival(const void *context)
{
    ((const rival *)context)->black(&options, &six, COUNT);
}

static void compute_rival(const void *self, const vw_black_inputs *in, const vw_black_outputs *out,
                          size_t count)
{
    ((const rival *)self)->black(in, out, count);
}

static bool judge_rival(const void *context, vw_bench_error *error)
{
    return vw_references_of_black(compute_rival, context, VW_REFERENCES_FIVE, error);
}

static void run_six(const void *context)
{
    ((const vw_kernels *)context)->black(&options, &six, COUNT);
}

static void run_nine(const void *context)
{
    ((const vw_kernels *)context)->black(&options, &nine, COUNT);
}

static bool judge_six(const void *context, vw_bench_error *error)
{
    return vw_references_of_kernels(context, VW_REFERENCES_ALL_INPUTS, VW_REFERENCES_FIVE, error);
}

static bool judge_nine(const void *context, vw_bench_error *error)
{
    return vw_references_of_kernels(context, VW_REFERENCES_ALL_INPUTS, VW_REFERENCES_EIGHT, error);
}

static void run_expiry_six(const void *context)
{
    ((const vw_kernels *)context)->black_expiry(&expiry, &six, COUNT);
}

static void run_expiry_nine(const void *context)
{
    ((const vw_kernels *)context)->black_expiry(&expiry, &nine, COUNT);
}

static bool judge_expiry_six(const void *context, vw_bench_error *error)
{
    return vw_references_of_kernels(context, VW_REFERENCES_EXPIRY, VW_REFERENCES_FIVE, error);
}

static bool judge_expiry_nine(const void *context, vw_bench_error *error)
{
    return vw_references_of_kernels(context, VW_REFERENCES_EXPIRY, VW_REFERENCES_EIGHT, error);
}

/* What a set is compared with, the first of its rivals; those that are not linked are NULL. */
static const struct rivals {
    const char *isa, *name;
    rival rival;
} rivals[] = {
    {"avx512", "libmvec AVX-512", {vw_rival_libmvec_avx512}},
    {"avx512", "SLEEF AVX-512", {vw_rival_sleef_avx512}},
    {"avx2", "libmvec AVX2", {vw_rival_libmvec_avx2}},
    {"avx2", "SLEEF AVX2", {vw_rival_sleef_avx2}},
    {"baseline", "libm", {vw_rival_libm}},
    {"baseline", "QuantLib BlackCalculator", {vw_rival_quantlib}},
};

static size_t add_rivals(vw_bench_subject *to, const char *isa, const char **first)
{
    size_t count = 0;

    for (size_t i = 0; i < VW_COUNT_OF(rivals); i++) {
        if (strcmp(rivals[i].isa, isa) == 0 && rivals[i].rival.black != NULL) {
            *first = count == 0 ? rivals[i].name : *first;
            to[count++] = (vw_bench_subject){.name = rivals[i].name,
                                             .run = run_rival,
                                             .context = &rivals[i].rival,
                                             .items = COUNT,
                                             .rival = *first,
                                             .accuracy = judge_rival};
        }
    }
    return count;
}

/* The same subjects of a set, named after it. */
static size_t add_set(vw_bench_subject *to, const vw_kernels *set, const vw_bench_subject *ours,
                      size_t count, const char *rival_name)
{
    bool wide = strcmp(set->isa, "avx512") == 0;

    for (size_t i = 0; i < count; i++) {
        to[i] = ours[i];
        to[i].name = vw_bench_name("%s %s", set->isa, ours[i].name);
        to[i].context = set;
        to[i].items = COUNT;
        to[i].vector_ops = wide ? ours[i].vector_ops : 0;
        to[i].rival = rival_name;
    }
    return count;
}

static size_t open_price(vw_bench_subject *to, const char *isa, const char **why)
{
    /* vector_ops: performance.md's "limit here", 1.9 and 1.3 ns at 4 GHz and two a cycle. */
    static const vw_bench_subject ours[] = {
        {"price + 5 greeks", run_six, .accuracy = judge_six, .vector_ops = 15.2},
        {"price + 8 greeks", run_nine, .accuracy = judge_nine},
        {"price + 5, per expiry", run_expiry_six, .accuracy = judge_expiry_six, .vector_ops = 10.5},
        {"price + 8, per expiry", run_expiry_nine, .accuracy = judge_expiry_nine},
    };
    const vw_kernels *set;
    size_t count = 0;

    (void)why;
    make_grid();
    for (size_t i = 0; (set = vw_bench_next_set(isa, &i)) != NULL;) {
        const char *rival_name = "";

        count += add_rivals(to + count, set->isa, &rival_name);
        count += add_set(to + count, set, ours, VW_COUNT_OF(ours), rival_name);
    }
    return count;
}

const vw_bench_group vw_bench_price = {
    "price",    "Black-76 price and greeks, 4,096 options",
    "option",   "contracts/s",
    open_price, .errors = VW_REFERENCES_BLACK,
};

/* ---- implied vol ---------------------------------------------------------------------------- */

static void invert(const void *set, const vw_iv_inputs *in, size_t count)
{
    ((const vw_kernels *)set)->implied_vol(in, results[9], status, count);
}

static void run_cold(const void *context)
{
    invert(context, &cold, COUNT);
}

static void run_warm(const void *context)
{
    invert(context, &warm, COUNT);
}

static void run_tick(const void *context)
{
    invert(context, &tick, COUNT);
}

static void run_hostile(const void *context)
{
    size_t count;
    const vw_iv_inputs *in = vw_references_hostile(&count);

    invert(context, in, count);
}

static void compute_iv(const void *self, const vw_iv_inputs *in, double *to, size_t count)
{
    uint8_t unread[COUNT];

    ((const vw_kernels *)self)->implied_vol(in, to, unread, count);
}

static bool judge_cold(const void *context, vw_bench_error *error)
{
    return vw_references_of_iv(compute_iv, context, 0, error);
}

static bool judge_warm(const void *context, vw_bench_error *error)
{
    return vw_references_of_iv(compute_iv, context, 1.03, error);
}

static bool judge_tick(const void *context, vw_bench_error *error)
{
    return vw_references_of_iv(compute_iv, context, 1.001, error);
}

static void compute_quantlib(const void *self, const vw_iv_inputs *in, double *to, size_t count)
{
    const vw_rival_iv from = {in->forward,  in->strike, in->years, in->price,
                              in->discount, in->side,   in->guess};

    (void)self;
    vw_rival_quantlib_iv(&from, to, count);
}

static void run_quantlib(const void *context)
{
    compute_quantlib(NULL, context, results[9], COUNT);
}

static bool judge_quantlib_cold(const void *context, vw_bench_error *error)
{
    return vw_references_of_iv(compute_quantlib, context, 0, error);
}

static bool judge_quantlib_warm(const void *context, vw_bench_error *error)
{
    return vw_references_of_iv(compute_quantlib, context, 1.03, error);
}

static size_t open_iv(vw_bench_subject *to, const char *isa, const char **why)
{
    static rival yardstick;
    static const vw_bench_subject ours[] = {
        {"implied vol, cold", run_cold, .accuracy = judge_cold},
        {"implied vol, guess 3 % off", run_warm, .accuracy = judge_warm},
        {"implied vol, guess 0.1 % off", run_tick, .accuracy = judge_tick},
    };
    const char *libmvec = vw_bench_name("%s, to price", vw_rival_libmvec_name());
    bool has = vw_rival_quantlib_iv != NULL;
    const vw_kernels *set;
    size_t count = 0;

    (void)why;
    yardstick.black = vw_rival_libmvec();
    make_grid();
    to[count++] =
        (vw_bench_subject){libmvec, yardstick.black != NULL ? run_rival : NULL, &yardstick, COUNT};
    to[count++] = (vw_bench_subject){"QuantLib, cold", has ? run_quantlib : NULL,      &cold, COUNT,
                                     .rival = libmvec, .accuracy = judge_quantlib_cold};
    to[count++] =
        (vw_bench_subject){"QuantLib, guess 3 % off", has ? run_quantlib : NULL,      &warm, COUNT,
                           .rival = libmvec,          .accuracy = judge_quantlib_warm};
    for (size_t i = 0; (set = vw_bench_next_set(isa, &i)) != NULL;) {
        count += add_set(to + count, set, ours, VW_COUNT_OF(ours), libmvec);
        vw_references_hostile(&to[count].items);
        to[count] = (vw_bench_subject){vw_bench_name("%s implied vol, hostile mix", set->isa),
                                       to[count].items > 0 ? run_hostile : NULL,
                                       set,
                                       to[count].items,
                                       .rival = libmvec,
                                       .accuracy = judge_cold};
        count++;
    }
    return count;
}

const vw_bench_group vw_bench_iv = {
    "iv", "Implied vol, 4,096 options", "option", "IVs/s", open_iv, .errors = VW_REFERENCES_IV,
};
