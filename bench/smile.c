/* smile: smiles fitted and read, in units of pricing 1,000 options with libmvec.
 *
 * The quotes are a made smile of SPX's shape, two sides of a spread around it: 185 strikes a month
 * out, which make 18 nodes, and 92 of them for raw SVI. */
#include "bench/bench.h"
#include "bench/chain.h"
#include "bench/quantlib.h"
#include "bench/references.h"
#include "bench/subjects.h"
#include "core/vol/hks_tick.h"

#include <math.h>
#include <string.h>

enum { YARDSTICK = 1000, STRIKES_MAX = VW_CHAIN_STRIKES_MAX, REFERENCES_MAX = 1024 };

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
    struct set *judged; /* with room for the references */
} set;

static vw_smile wide, narrow;
static vw_svi earlier;

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
    vw_rival_libmvec()(&options, &six, YARDSTICK);
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

static void run_read(const void *context)
{
    static double w[STRIKES_MAX], slope[STRIKES_MAX];
    const set *s = context;

    vw_slice_curve(&s->slice, s->kernels, wide.k, w, slope, wide.count);
}

static void run_quantlib(const void *context)
{
    (void)context;
    vw_quantlib_fit(&narrow, narrow.vol);
}

static void compute_quantlib(const void *self, const vw_smile *smile, double *w)
{
    vw_svi svi = vw_quantlib_fit(smile, smile->vol);

    (void)self;
    vw_svi_variance(&svi, smile->k, w, smile->count);
}

static bool judge_quantlib(const void *context, vw_bench_error *error)
{
    return vw_references_of_smiles(compute_quantlib, context, error);
}

static void compute_hks(const void *self, const vw_smile *smile, double *w)
{
    vw_hks_fit *fit = ((const set *)self)->judged->hks;

    vw_hks_fit_plan(fit, smile, 0, smile->count);
    vw_hks_fit_solve(fit, 1e-3, false);
    vw_hks_variance(&fit->hks, smile->k, w, smile->count);
}

static bool judge_hks(const void *context, vw_bench_error *error)
{
    return vw_references_of_smiles(compute_hks, context, error);
}

static void compute_slice(const void *self, const vw_smile *smile, double *w)
{
    vw_slice slice = {.model = VW_MODEL_NONE};

    vw_slice_fit(&slice, smile, VW_SLICE_HKS_QUOTES, NULL, ((const set *)self)->judged->work);
    vw_slice_variance(&slice, smile->k, w, smile->count);
}

static bool judge_slice(const void *context, vw_bench_error *error)
{
    return vw_references_of_smiles(compute_slice, context, error);
}

/* A smile whose quotes have moved away and come back, one after the other. */
static void compute_tick(const void *self, const vw_smile *smile, double *w)
{
    set *s = ((const set *)self)->judged;

    s->slice.model = VW_MODEL_NONE;
    vw_slice_fit(&s->slice, smile, VW_SLICE_HKS_QUOTES, NULL, s->work);
    vw_hks_tick_take(&s->tick, &s->slice, smile, s->work);
    for (int turn = 0; turn < 2; turn++) {
        for (size_t i = 0; i < smile->count; i++) {
            double off = turn == 0 ? 0.3 * smile->half_vol[i] : 0;

            vw_hks_tick_set(&s->tick, s->kernels, smile->row[i], smile->k[i], smile->vol[i] + off,
                            smile->half_vol[i]);
        }
        vw_hks_tick_solve(&s->tick, &s->slice, s->work);
    }
    vw_slice_variance(&s->slice, smile->k, w, smile->count);
}

static bool judge_tick(const void *context, vw_bench_error *error)
{
    return vw_references_of_smiles(compute_tick, context, error);
}

static void compute_svi(const void *self, const vw_smile *smile, double *w)
{
    vw_svi svi = {.sigma = NAN};

    vw_svi_fit(((const set *)self)->judged->svi, smile, NULL, &svi);
    vw_svi_variance(&svi, smile->k, w, smile->count);
}

static bool judge_svi(const void *context, vw_bench_error *error)
{
    return vw_references_of_smiles(compute_svi, context, error);
}

static void compute_svi_warm(const void *self, const vw_smile *smile, double *w)
{
    vw_svi_work *work = ((const set *)self)->judged->svi;
    vw_svi guess = {.sigma = NAN}, svi = {.sigma = NAN};

    vw_svi_fit(work, smile, NULL, &guess);
    guess.m += 0.1 * guess.sigma;
    guess.sigma *= 1.1;
    vw_svi_fit(work, smile, &guess, &svi);
    vw_svi_variance(&svi, smile->k, w, smile->count);
}

static bool judge_svi_warm(const void *context, vw_bench_error *error)
{
    return vw_references_of_smiles(compute_svi_warm, context, error);
}

static bool judge_read(const void *context, vw_bench_error *error)
{
    return vw_references_of_curve(((const set *)context)->kernels, error);
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

static set *open_set(const char *isa, size_t room)
{
    set *s = vw_bench_memory(sizeof *s);

    s->kernels = vw_fit_kernels_get(isa);
    s->work = vw_slice_work_init(vw_bench_memory(vw_slice_work_size(room)), room, isa);
    s->hks = vw_hks_fit_init(vw_bench_memory(vw_hks_fit_size(room)), room, s->kernels);
    s->svi = vw_svi_work_init(vw_bench_memory(vw_svi_work_size(room)), room, s->kernels);
    vw_hks_tick_init(&s->tick, vw_bench_memory(vw_hks_tick_size(room)), room);
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
    static const vw_bench_subject ours[] = {
        {"HKS, 185 quotes", run_hks, .accuracy = judge_hks},
        {"its solve", run_solve},
        {"HKS after one tick", run_tick, .accuracy = judge_tick},
        {"slice, 185 quotes", run_slice, .accuracy = judge_slice},
        {"raw SVI, 92 quotes, cold", run_svi, .accuracy = judge_svi},
        {"raw SVI, 92 quotes, warm", run_svi_warm, .accuracy = judge_svi_warm},
        {"HKS and slope at 185 strikes", run_read, .accuracy = judge_read},
    };
    const char *libmvec = vw_bench_name("%s prices 1,000", vw_rival_libmvec_name());
    size_t count = 0;

    (void)why;
    make_yardstick();
    open_smile(&wide, 216);
    open_smile(&narrow, 108);
    to[count++] =
        (vw_bench_subject){libmvec, vw_rival_libmvec() != NULL ? run_yardstick : NULL, NULL, 1};
    to[count++] = (vw_bench_subject){"QuantLib raw SVI, 92 quotes",
                                     vw_rival_quantlib_svi != NULL ? run_quantlib : NULL,
                                     NULL,
                                     1,
                                     .rival = libmvec,
                                     .accuracy = judge_quantlib};
    for (size_t i = 0; vw_kernels_name(i) != NULL; i++) {
        const char *name = vw_kernels_name(i);

        if ((isa != NULL && strcmp(isa, name) != 0) || strcmp(name, "reference") == 0 ||
            vw_kernels_get(name) == NULL) {
            continue;
        }
        set *s = open_set(name, STRIKES_MAX);

        s->judged = open_set(name, REFERENCES_MAX);

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
    "smile",
    "Smiles fitted, and read",
    "smile",
    "smiles/s",
    open_smiles,
    .errors = "fits: vol less the true one, |delta| from 2 %; at strikes: w and slope, relative",
};
