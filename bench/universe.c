/* universe: 22,080 series in 60 expiries marked anew, whole and part by part.
 *
 * 184 strikes an expiry, from a day to two years.  Forwards from parity; vols of the side out of
 * the money (in the money is its parity) with those of bid and ask for its weight; the production
 * smile; price and five greeks of every series.  (Raw SVI, the compact form that the engine
 * publishes beside the smile, is a subject of its own.)  Whole universes take turns between two
 * markets, half a point and every quote apart, so that none finds what it solved last.  Between
 * whole fits one quote an expiry changes, and with it the forward and all vols and greeks, while
 * the smile follows that quote, as in the engine (core/engine/model.h). */
#include "bench/chain.h"
#include "bench/references.h"
#include "bench/rivals/rivals.h"
#include "bench/subjects.h"
#include "core/vol/hks_tick.h"
#include "core/vol/vix_index.h"

#include <math.h>
#include <string.h>

enum { EXPIRIES = 60, STRIKES = 184, LINE = 192, OUTPUTS = 6, MARKETS = 2, REFERENCES_MAX = 2048 };

typedef double column[EXPIRIES][LINE] __attribute__((aligned(64)));

static vw_bench_chain chains[MARKETS][EXPIRIES];
static size_t market; /* which is marked */
static vw_forward forwards[EXPIRIES];
static vw_smile smiles[EXPIRIES];
static vw_slice slices[EXPIRIES];
static vw_slice_work *work;
static struct {
    vw_slice slice;
    vw_hks_tick tick;
    double moved; /* of the quote that changed last, to be put back */
    size_t next;
} following[EXPIRIES];
static double call[LINE], put[LINE];
static column log_strike, vol, mid, side, forward, years, discount, rate, guess, found;
static column results[2][OUTPUTS];
static uint8_t status[LINE];
static const vw_kernels *kernels;
static const vw_fit_kernels *fit_kernels;

static void make_universe(void)
{
    for (size_t e = 0; e < EXPIRIES; e++) {
        vw_bench_chain *chain = &chains[0][e];
        double t = exp(log(1.0 / 365) + log(730) * (double)e / (EXPIRIES - 1));

        vw_bench_chain_make(chain, t, STRIKES, e);
        chains[1][e] = *chain;
        vw_bench_chain_quote(&chains[1][e], chain->forward + 0.5, EXPIRIES + e);
        for (size_t i = 0; i < STRIKES; i++) {
            bool is_call = chain->strike[i] >= chain->forward;

            log_strike[e][i] = log(chain->strike[i]);
            call[i] = 1, put[i] = -1;
            side[e][i] = is_call ? 1 : -1;
            mid[e][i] = is_call ? 0.5 * (chain->call_bid[i] + chain->call_ask[i])
                                : 0.5 * (chain->put_bid[i] + chain->put_ask[i]);
            forward[e][i] = chain->forward, years[e][i] = t;
            discount[e][i] = chain->discount, rate[e][i] = 0.05;
        }
        kernels->implied_vol(&(vw_iv_inputs){forward[e], chain->strike, years[e], mid[e],
                                             discount[e], side[e], NULL},
                             vol[e], status, STRIKES);
        for (size_t i = 0; i < STRIKES; i++) {
            guess[e][i] = 1.001 * vol[e][i];
        }
    }
}

static void run_yardstick(const void *context)
{
    (void)context;
    for (size_t e = 0; e < EXPIRIES; e++) {
        const double *const sides[2] = {call, put};

        for (size_t s = 0; s < 2; s++) {
            vw_black_inputs in = {
                forward[e], chains[0][e].strike, years[e], vol[e], discount[e], sides[s], rate[e]};
            vw_black_outputs out = {results[s][0][e], results[s][1][e], results[s][2][e],
                                    results[s][3][e], results[s][4][e], results[s][5][e]};

            vw_rival_libmvec_avx512(&in, &out, STRIKES);
        }
    }
}

static vw_parity quotes_of(size_t e)
{
    const vw_bench_chain *chain = &chains[market][e];

    return vw_bench_chain_parity(chain, chain->discount);
}

static void run_forwards(const void *context)
{
    static double scratch[VW_FORWARD_SCRATCH(STRIKES)];

    (void)context;
    for (size_t e = 0; e < EXPIRIES; e++) {
        vw_parity in = quotes_of(e);

        vw_forward_fit(&in, fit_kernels, scratch, &forwards[e]);
    }
}

static void invert(column from)
{
    for (size_t e = 0; e < EXPIRIES; e++) {
        vw_iv_inputs in = {forward[e], chains[0][e].strike,          years[e], mid[e], discount[e],
                           side[e],    from != NULL ? from[e] : NULL};

        kernels->implied_vol(&in, found[e], status, STRIKES);
    }
}

static void run_cold(const void *context)
{
    (void)context;
    invert(NULL);
}

static void run_warm(const void *context)
{
    (void)context;
    invert(guess);
}

static void run_gather(const void *context)
{
    (void)context;
    for (size_t e = 0; e < EXPIRIES; e++) {
        vw_parity in = quotes_of(e);
        vw_smile *smile = &smiles[e];

        vw_smile_gather(smile, &in, forwards[e].forward, forwards[e].discount, kernels);
        memcpy(vol[e] + smile->found_first, smile->found, smile->found_count * sizeof vol[e][0]);
    }
}

static void run_smiles(const void *context)
{
    (void)context;
    for (size_t e = 0; e < EXPIRIES; e++) {
        vw_slice_fit_model(&slices[e], &smiles[e], VW_SLICE_HKS_QUOTES,
                           e > 0 ? &slices[e - 1] : NULL, work);
    }
}

static void run_svi(const void *context)
{
    (void)context;
    for (size_t e = 0; e < EXPIRIES; e++) {
        vw_slice_fit_svi(&slices[e], &smiles[e], e > 0 ? &slices[e - 1] : NULL, work);
    }
}

static void run_greeks(const void *context)
{
    (void)context;
    for (size_t e = 0; e < EXPIRIES; e++) {
        const vw_bench_chain *chain = &chains[market][e];
        vw_expiry_inputs in = {forwards[e].forward,
                               chain->years,
                               forwards[e].discount,
                               chain->strike,
                               log_strike[e],
                               vol[e],
                               NULL};
        vw_black_outputs out[2];

        for (size_t s = 0; s < 2; s++) {
            out[s] = (vw_black_outputs){results[s][0][e], results[s][1][e], results[s][2][e],
                                        results[s][3][e], results[s][4][e], results[s][5][e],
                                        .status = status};
        }
        kernels->black_strikes(&in, &out[0], &out[1], STRIKES);
    }
}

static void run_universe(const void *context)
{
    market = 1 - market;
    run_forwards(context);
    run_gather(context);
    run_smiles(context);
    run_greeks(context);
}

/* Vols of every strike's side out of the money. */
static void mark_vols(size_t e)
{
    const vw_bench_chain *chain = &chains[0][e];
    vw_iv_inputs in = {forward[e], chain->strike, years[e], mid[e], discount[e], side[e], NULL};

    for (size_t i = 0; i < STRIKES; i++) {
        bool is_call = chain->strike[i] >= forwards[e].forward;
        double bid = is_call ? chain->call_bid[i] : chain->put_bid[i];
        double ask = is_call ? chain->call_ask[i] : chain->put_ask[i];

        mid[e][i] = 0.5 * (bid + ask);
        side[e][i] = is_call ? 1 : -1;
        forward[e][i] = forwards[e].forward;
        discount[e][i] = forwards[e].discount;
    }
    kernels->implied_vol(&in, vol[e], status, STRIKES);
}

/* Moves one quote by 0.3 of its half-spread, every second time back; returns its row. */
static size_t move_quote(size_t e)
{
    vw_bench_chain *chain = &chains[0][e];
    size_t row = smiles[e].row[following[e].next * 37 % smiles[e].count];
    bool is_call = chain->strike[row] >= chain->forward;
    double *bid = is_call ? &chain->call_bid[row] : &chain->put_bid[row];
    double *ask = is_call ? &chain->call_ask[row] : &chain->put_ask[row];
    double by = following[e].moved != 0 ? -following[e].moved : 0.15 * (*ask - *bid);

    following[e].next += following[e].moved != 0;
    following[e].moved = following[e].moved != 0 ? 0 : by;
    *bid += by;
    *ask += by;
    return row;
}

static void follow_quote(size_t e, size_t row)
{
    const vw_bench_chain *chain = &chains[0][e];
    bool is_call = side[e][row] > 0;
    double band[2] = {is_call ? chain->call_bid[row] : chain->put_bid[row],
                      is_call ? chain->call_ask[row] : chain->put_ask[row]};
    double strike[2] = {chain->strike[row], chain->strike[row]}, band_vol[2];
    double sides[2] = {side[e][row], side[e][row]}, half;

    kernels->implied_vol(
        &(vw_iv_inputs){forward[e], strike, years[e], band, discount[e], sides, NULL}, band_vol,
        status, 2);
    half = vw_smile_half_vol(band_vol[0], band_vol[1], band[1], results[0][3][e][row], 0.05);
    vw_hks_tick_set(&following[e].tick, fit_kernels, row,
                    log_strike[e][row] - log(forwards[e].forward), vol[e][row], half);
    vw_hks_tick_solve(&following[e].tick, &following[e].slice, work);
}

/* With the smiles of before: one quote an expiry changed since. */
static void run_following(const void *context)
{
    size_t rows[EXPIRIES];

    market = 0;
    for (size_t e = 0; e < EXPIRIES; e++) {
        rows[e] = move_quote(e);
    }
    run_forwards(context);
    for (size_t e = 0; e < EXPIRIES; e++) {
        mark_vols(e);
    }
    run_greeks(context);
    for (size_t e = 0; e < EXPIRIES; e++) {
        follow_quote(e, rows[e]);
    }
}

static void run_vix(const void *context)
{
    vw_vix_strip strips[2];

    (void)context;
    for (size_t i = 0; i < 2; i++) {
        const vw_bench_chain *chain = &chains[0][28 + 3 * i]; /* on either side of 30 days */
        vw_vix_quotes quotes = {chain->strike,  chain->call_bid, chain->call_ask,
                                chain->put_bid, chain->put_ask,  chain->count};

        vw_vix_term(&quotes, chain->years * VW_VIX_MINUTES_PER_YEAR, 0.05, &strips[i]);
    }
    found[0][0] = vw_vix_value(&strips[0], &strips[1], 30);
}

static void compute_libmvec(const void *self, const vw_black_inputs *in,
                            const vw_black_outputs *out, size_t count)
{
    (void)self;
    vw_rival_libmvec_avx512(in, out, count);
}

static bool judge_yardstick(const void *context, vw_bench_error *error)
{
    return vw_references_of_black(compute_libmvec, context, VW_REFERENCES_FIVE, error);
}

static bool judge_forwards(const void *context, vw_bench_error *error)
{
    (void)context;
    return vw_references_of_forward(fit_kernels, error);
}

static void compute_iv(const void *self, const vw_iv_inputs *in, double *to, size_t count)
{
    static uint8_t unread[REFERENCES_MAX];

    (void)self;
    vw_check(count <= REFERENCES_MAX);
    kernels->implied_vol(in, to, unread, count);
}

static bool judge_cold(const void *context, vw_bench_error *error)
{
    return vw_references_of_iv(compute_iv, context, 0, error);
}

static bool judge_warm(const void *context, vw_bench_error *error)
{
    return vw_references_of_iv(compute_iv, context, 1.001, error);
}

/* With room for the references. */
static vw_slice_work *judging_work(void)
{
    static vw_slice_work *made;

    if (made == NULL) {
        made = vw_slice_work_init(vw_bench_memory(vw_slice_work_size(REFERENCES_MAX)),
                                  REFERENCES_MAX, kernels->isa);
    }
    return made;
}

static void compute_smile(const void *self, const vw_smile *smile, double *w)
{
    vw_slice slice = {.model = VW_MODEL_NONE};

    (void)self;
    vw_slice_fit_model(&slice, smile, VW_SLICE_HKS_QUOTES, NULL, judging_work());
    vw_slice_variance(&slice, smile->k, w, smile->count);
}

static bool judge_smiles(const void *context, vw_bench_error *error)
{
    return vw_references_of_smiles(compute_smile, context, error);
}

static void compute_svi(const void *self, const vw_smile *smile, double *w)
{
    vw_slice slice = {.model = VW_MODEL_NONE};

    (void)self;
    vw_slice_fit(&slice, smile, VW_SLICE_HKS_QUOTES, NULL, judging_work());
    vw_svi_variance(&slice.svi, smile->k, w, smile->count);
}

static bool judge_svi(const void *context, vw_bench_error *error)
{
    return vw_references_of_smiles(compute_svi, context, error);
}

static bool judge_greeks(const void *context, vw_bench_error *error)
{
    (void)context;
    return vw_references_of_kernels(kernels, VW_REFERENCES_STRIKES, VW_REFERENCES_FIVE, error);
}

static bool judge_vix(const void *context, vw_bench_error *error)
{
    (void)context;
    return vw_references_of_vix(error);
}

static size_t open_universe(vw_bench_subject *to, const char *isa, const char **why)
{
    static const char libmvec[] = "libmvec AVX-512 prices 22,080";
    const vw_bench_subject subjects[] = {
        {libmvec, vw_rival_libmvec_avx512 != NULL ? run_yardstick : NULL, .rival = "",
         .accuracy = judge_yardstick},
        {"forwards of 60 expiries", run_forwards, .accuracy = judge_forwards},
        {"vols out of the money, cold", run_cold, .accuracy = judge_cold},
        {"vols out of the money, 0.1 % off", run_warm, .accuracy = judge_warm},
        {"quotes chosen; vols of mid, bid, ask", run_gather},
        {"smiles of 60 expiries", run_smiles, .accuracy = judge_smiles},
        {"raw SVI beside them", run_svi, .accuracy = judge_svi},
        {"price and 5 greeks of 22,080 series", run_greeks, .accuracy = judge_greeks},
        {"universe marked anew", run_universe},
        {"universe marked anew, smiles following", run_following},
        {"VIX of two terms", run_vix, .accuracy = judge_vix},
    };

    kernels = vw_kernels_get(isa);
    fit_kernels = vw_fit_kernels_get(isa);
    (void)why;
    make_universe();
    work = vw_slice_work_init(vw_bench_memory(vw_slice_work_size(LINE)), LINE, kernels->isa);
    for (size_t e = 0; e < EXPIRIES; e++) {
        vw_smile_init(&smiles[e], vw_bench_memory(vw_smile_size(LINE)), LINE);
    }
    run_forwards(NULL);
    run_gather(NULL);
    for (size_t e = 0; e < EXPIRIES; e++) {
        vw_slice *slice = &following[e].slice;

        vw_slice_fit(slice, &smiles[e], VW_SLICE_HKS_QUOTES, e > 0 ? &following[e - 1].slice : NULL,
                     work);
        vw_hks_tick_init(&following[e].tick, vw_bench_memory(vw_hks_tick_size(LINE)), LINE);
        vw_hks_tick_take(&following[e].tick, slice, &smiles[e], work);
    }
    for (size_t i = 0; i < VW_COUNT_OF(subjects); i++) {
        to[i] = subjects[i];
        to[i].items = 1;
        to[i].rival = libmvec;
    }
    return VW_COUNT_OF(subjects);
}

const vw_bench_group vw_bench_universe = {
    "universe",
    "22,080 series in 60 expiries",
    "universe",
    "universes/s",
    open_universe,
    .errors = "relative, as in price and iv; smiles: vol less the true one, |delta| from 2 %",
};
