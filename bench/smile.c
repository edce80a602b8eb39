/* smile: smiles fitted, in units of pricing 1,000 options with libmvec.
 *
 * The quotes are a made smile of SPX's shape, two sides of a spread around it: 185 strikes a month
 * out, which make 18 nodes, and 92 of them for raw SVI. */
#include "bench/bench.h"
#include "bench/rivals/rivals.h"
#include "bench/subjects.h"
#include "core/vol/slice.h"

#include <math.h>
#include <string.h>

enum { YARDSTICK = 1000, STRIKES_MAX = 256 };

/* A chain of one expiry in columns. */
typedef struct chain {
    double strike[STRIKES_MAX], call_bid[STRIKES_MAX], call_ask[STRIKES_MAX];
    double put_bid[STRIKES_MAX], put_ask[STRIKES_MAX];
    double forward, years, discount;
    size_t count;
} chain;

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
    const vw_fit_kernels *kernels;
} set;

static vw_smile wide, narrow;

/* In deviations: steep puts, a bend at the money, calls that turn up. */
static double vol_at(double z, double atm)
{
    return atm * sqrt(0.62 - 0.4 * z + 0.35 * sqrt((z - 0.6) * (z - 0.6) + 0.8) +
                      0.05 * sqrt((z + 4) * (z + 4) + 4));
}

static void make_chain(chain *c, double t, size_t count, uint64_t seed)
{
    double sd = 0.16 * sqrt(t);

    *c = (chain){.forward = 4500, .years = t, .discount = exp(-0.05 * t), .count = count};
    for (size_t i = 0; i < count; i++) {
        double z = -14.5 + 20 * (double)i / (double)(count - 1);
        double k = c->forward * exp(z * sd), v = vol_at(z, 0.16), price[2], vega[2];

        for (int s = 0; s < 2; s++) {
            double way = s == 0 ? 1 : -1;
            vw_black_inputs in = {&c->forward, &k, &t, &v, &c->discount, &way, NULL};
            vw_black_outputs out = {.price = &price[s], .vega = &vega[s]};
            vw_black(&in, &out, 1);
        }
        double half = fmin(0.05 + 0.0005 * vega[0], 0.3 * fmin(price[0], price[1]));
        double off = 0.6 * half * (2 * vw_bench_uniform(&seed) - 1);

        c->strike[i] = k;
        c->call_bid[i] = price[0] - half + off;
        c->call_ask[i] = price[0] + half + off;
        c->put_bid[i] = price[1] - half + off;
        c->put_ask[i] = price[1] + half + off;
    }
}

static void gather(const chain *c, vw_smile *smile)
{
    vw_parity in = {c->strike, c->call_bid, c->call_ask, c->put_bid, c->put_ask,
                    c->count,  c->years,    0.05,        c->discount};

    vw_smile_gather(smile, &in, c->forward, c->discount, vw_kernels_get(NULL));
}

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
    static double scratch[VW_SVI_FIT_SCRATCH(STRIKES_MAX)];
    vw_svi svi;

    vw_svi_fit(&narrow, ((const set *)context)->kernels, scratch, &svi);
}

static void open_smile(vw_smile *smile, size_t count)
{
    static chain c;

    vw_smile_init(smile, vw_bench_memory(vw_smile_size(STRIKES_MAX)), STRIKES_MAX);
    make_chain(&c, 30.0 / 365, count, 7);
    gather(&c, smile);
}

static set *open_set(const char *isa)
{
    set *s = vw_bench_memory(sizeof *s);

    s->kernels = vw_fit_kernels_get(isa);
    s->work =
        vw_slice_work_init(vw_bench_memory(vw_slice_work_size(STRIKES_MAX)), STRIKES_MAX, isa);
    s->hks =
        vw_hks_fit_init(vw_bench_memory(vw_hks_fit_size(STRIKES_MAX)), STRIKES_MAX, s->kernels);
    return s;
}

static size_t open_smiles(vw_bench_subject *to, const char *isa, const char **why)
{
    static const char libmvec[] = "libmvec AVX-512 prices 1,000";
    static const vw_bench_subject ours[] = {
        {"HKS, 185 quotes", run_hks},
        {"its solve", run_solve},
        {"slice, 185 quotes", run_slice},
        {"raw SVI, 92 quotes, cold", run_svi},
    };
    size_t count = 0;

    (void)why;
    make_yardstick();
    open_smile(&wide, 216);
    open_smile(&narrow, 108);
    to[count++] = (vw_bench_subject){
        libmvec, vw_rival_libmvec_avx512 != NULL ? run_yardstick : NULL, NULL, 1};
    for (size_t i = 0; vw_kernels_name(i) != NULL; i++) {
        const char *name = vw_kernels_name(i);

        if ((isa != NULL && strcmp(isa, name) != 0) || strcmp(name, "reference") == 0 ||
            vw_kernels_get(name) == NULL) {
            continue;
        }
        const set *s = open_set(name);

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
