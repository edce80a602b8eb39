/* smile: smiles fitted, in units of pricing 1,000 options with libmvec.
 *
 * The quotes are a made smile of SPX's shape, two sides of a spread around it: 185 strikes a month
 * out, which make 18 nodes, and 92 of them for raw SVI. */
#include "bench/bench.h"
#include "bench/chain.h"
#include "bench/rivals/rivals.h"
#include "bench/subjects.h"
#include "core/vol/hks_tick.h"

#include <math.h>
#include <string.h>

enum { YARDSTICK = 1000, STRIKES_MAX = VW_CHAIN_STRIKES_MAX };

static double forward[YARDSTICK], strike[YARDSTICK], years[YARDSTICK], vol[YARDSTICK];
static double discount[YARDSTICK], side[YARDSTICK], rate[YARDSTICK], results[6][YARDSTICK];
static uint8_t status[YARDSTICK];
static const vw_black_inputs options = {forward, strike, years, vol, discount, side, rate};
static const vw_black_outputs six = {results[0], results[1], results[2],      results[3],
                                     results[4], results[5], .status = status};

/* What a kernel set works with. */
typedef struct set {
    vw_smile *smile;
    vw_slice_work *work;
    vw_hks_fit *hks;
    vw_svi_work *svi;
    vw_hks_tick tick;
    vw_slice slice; /* that the tick moves */
    const vw_fit_kernels *kernels;
} set;

static vw_smile wide, narrow;
static vw_svi earlier;
static double quantlib_rmse; /* of its last fit, in vol; negative where it threw */

static void make_yardstick(void)
{
    uint64_t state = 1;

    for (size_t i = 0; i < YARDSTICK; i++) {
        double z = 6 * vw_bench_uniform(&state) - 3;

        forward[i] = 4500;
        years[i] = 30.0 / 365;
        vol[i] = 0.18 - 0.03 * z + 0.01 * z * z;
        strike[i] = forward[i] * exp(z * vol[i] * sqrt(years[i]));
        discount[i] = 0.995;
        side[i] = z > 0 ? 1 : -1;
        rate[i] = 0.06;
    }
}

static void run_yardstick(const void *context)
{
    (void)context;
    vw_rival_libmvec_avx512(&options, &six, YARDSTICK);
}

static void run_slice(const void *context)
{
    static vw_slice slice;

    vw_slice_fit(&slice, &wide, VW_SLICE_HKS_QUOTES, NULL, ((const set *)context)->work);
}

static void run_hks(const void *context)
{
    vw_hks_fit *fit = ((const set *)context)->hks;

    vw_hks_fit_plan(fit, &wide, 0, wide.count);
    vw_hks_fit_solve(fit, 1e-3, false);
}

static void run_solve(const void *context)
{
    vw_hks_fit_solve(((const set *)context)->hks, 1e-3, false);
}

static void run_svi(const void *context)
{
    vw_svi svi;

    vw_svi_fit(((const set *)context)->svi, &narrow, NULL, &svi);
}

/* One quote and back, in turns over the smile. */
static void run_tick(const void *context)
{
    static size_t next;
    static double sign = 1;
    set *s = (set *)(uintptr_t)context;
    size_t i = next * 37 % wide.count;

    vw_hks_tick_set(&s->tick, s->kernels, wide.row[i], wide.k[i],
                    wide.vol[i] + sign * 0.3 * wide.half_vol[i], wide.half_vol[i]);
    vw_hks_tick_solve(&s->tick, &s->slice, s->work);
    next += sign < 0;
    sign = -sign;
}

/* From the smile of quotes that have moved a little. */
static void run_svi_warm(const void *context)
{
    vw_svi svi;

    vw_svi_fit(((const set *)context)->svi, &narrow, &earlier, &svi);
}

/* QuantLib's own guess throws below 0.22 years; this one is read off the quotes. */
static void run_quantlib(const void *context)
{
    static double strikes[STRIKES_MAX];
    double w_least = INFINITY, k_least = 0, left, right, start[5];
    size_t last = narrow.count - 1;

    (void)context;
    for (size_t i = 0; i <= last; i++) {
        double w = narrow.vol[i] * narrow.vol[i] * narrow.years;

        strikes[i] = narrow.forward * exp(narrow.k[i]);
        k_least = w < w_least ? narrow.k[i] : k_least;
        w_least = fmin(w, w_least);
    }
    left = (pow(narrow.vol[0], 2) * narrow.years - w_least) / (k_least - narrow.k[0]);
    right =
        (pow(narrow.vol[last], 2) * narrow.years - w_least) / fmax(narrow.k[last] - k_least, 1e-3);
    start[0] = 0.5 * w_least;
    start[1] = 0.5 * (left + right);
    start[2] = 0.05;
    start[3] = fmax(-0.9, fmin(0.9, (right - left) / (right + left)));
    start[4] = k_least;
    quantlib_rmse = vw_rival_quantlib_svi(strikes, narrow.vol, narrow.count, narrow.years,
                                          narrow.forward, start);
}

static void open_smile(vw_smile *smile, size_t count)
{
    static vw_bench_chain chain;
    vw_parity in;

    vw_smile_init(smile, vw_bench_memory(vw_smile_size(STRIKES_MAX)), STRIKES_MAX);
    vw_bench_chain_make(&chain, 30.0 / 365, count, 7);
    in = vw_bench_chain_parity(&chain, chain.discount);
    vw_smile_gather(smile, &in, chain.forward, chain.discount, vw_kernels_get(NULL));
}

static set *open_set(const char *isa)
{
    set *s = vw_bench_memory(sizeof *s);

    s->kernels = vw_fit_kernels_get(isa);
    s->work =
        vw_slice_work_init(vw_bench_memory(vw_slice_work_size(STRIKES_MAX)), STRIKES_MAX, isa);
    s->hks =
        vw_hks_fit_init(vw_bench_memory(vw_hks_fit_size(STRIKES_MAX)), STRIKES_MAX, s->kernels);
    s->svi =
        vw_svi_work_init(vw_bench_memory(vw_svi_work_size(STRIKES_MAX)), STRIKES_MAX, s->kernels);
    vw_hks_tick_init(&s->tick, vw_bench_memory(vw_hks_tick_size(STRIKES_MAX)), STRIKES_MAX);
    vw_slice_fit(&s->slice, &wide, VW_SLICE_HKS_QUOTES, NULL, s->work);
    vw_hks_tick_take(&s->tick, &s->slice, &wide, s->work);
    return s;
}

/* Fits quotes that lie up to a quarter of their spread elsewhere. */
static void fit_earlier(const set *s)
{
    uint64_t state = 3;
    double was[STRIKES_MAX];

    memcpy(was, narrow.vol, narrow.count * sizeof *was);
    for (size_t i = 0; i < narrow.count; i++) {
        narrow.vol[i] += narrow.half_vol[i] * (vw_bench_uniform(&state) - 0.5);
    }
    vw_svi_fit(s->svi, &narrow, NULL, &earlier);
    memcpy(narrow.vol, was, narrow.count * sizeof *was);
}

static size_t open_smiles(vw_bench_subject *to, const char *isa, const char **why)
{
    static const char libmvec[] = "libmvec AVX-512 prices 1,000";
    static const vw_bench_subject ours[] = {
        {"HKS, 185 quotes", run_hks},          {"its solve", run_solve},
        {"HKS after one tick", run_tick},      {"slice, 185 quotes", run_slice},
        {"raw SVI, 92 quotes, cold", run_svi}, {"raw SVI, 92 quotes, warm", run_svi_warm},
    };
    size_t count = 0;

    (void)why;
    make_yardstick();
    open_smile(&wide, 216);
    open_smile(&narrow, 108);
    to[count++] = (vw_bench_subject){
        libmvec, vw_rival_libmvec_avx512 != NULL ? run_yardstick : NULL, NULL, 1};
    to[count++] = (vw_bench_subject){"QuantLib raw SVI, 92 quotes",
                                     vw_rival_quantlib_svi != NULL ? run_quantlib : NULL, NULL, 1,
                                     .rival = libmvec};
    for (size_t i = 0; vw_kernels_name(i) != NULL; i++) {
        const char *name = vw_kernels_name(i);

        if ((isa != NULL && strcmp(isa, name) != 0) || strcmp(name, "reference") == 0 ||
            vw_kernels_get(name) == NULL) {
            continue;
        }
        const set *s = open_set(name);

        fit_earlier(s);
        for (size_t j = 0; j < VW_COUNT_OF(ours); j++) {
            to[count] = ours[j];
            to[count].name = vw_bench_name("%s %s", name, ours[j].name);
            to[count].context = s;
            to[count].items = 1;
            to[count++].rival = libmvec;
        }
    }
    return count;
}

const vw_bench_group vw_bench_smile = {
    "smile",     "Smiles (ratios to what libmvec takes to price 1,000 options)",
    "smile",     "smiles/s",
    open_smiles, NULL,
};
