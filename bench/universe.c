/* universe: 22,080 series in 60 expiries marked anew, whole and part by part.
 *
 * 184 strikes an expiry, from a day to two years.  Forwards from parity; vols of the side out of
 * the money (in the money is its parity) with those of bid and ask for its weight; the production
 * smile; price and five greeks of every series.  (Raw SVI, the compact form that the engine
 * publishes beside the smile, is a subject of its own.)  Whole universes take turns between two
 * markets, half a point and every quote apart, so that none finds what it solved last.  Between
 * whole fits one quote an expiry changes, and with it the forward and all vols and greeks, while
 * the smile follows that quote, as in the engine (core/engine/model.h).  The parts, the whole and
 * the following have what they mark each to itself: none finds what another left.
 *
 * QuantLib marks 4 of the 60 expiries and its time is taken 15 times: a vol of every strike, an
 * SVI fit, price and five greeks of both sides; forwards are given to it. */
#include "bench/chain.h"
#include "bench/quantlib.h"
#include "bench/references.h"
#include "bench/subjects.h"
#include "core/base/clock.h"
#include "core/vol/hks_tick.h"
#include "core/vol/vix_index.h"

#include <math.h>
#include <string.h>

enum { EXPIRIES = 60, STRIKES = 184, LINE = 192, OUTPUTS = 6, MARKETS = 3, REFERENCES_MAX = 2048 };
enum { FIRST, SECOND, FOLLOWED }; /* markets */
enum { SAMPLE_FIRST = 7, SAMPLE_STEP = 15 };

typedef double column[EXPIRIES][LINE] __attribute__((aligned(64)));

/* What is marked: quotes, and what was made of them. */
typedef struct marking {
    const vw_bench_chain *chains;
    vw_forward forwards[EXPIRIES];
    column vol, mid, side, forward, discount;
    vw_smile smiles[EXPIRIES];
    vw_slice slices[EXPIRIES];
    uint8_t status[LINE];
} marking;

/* In huge pages, as the engine's tables: where 4 KiB pages lie in the second cache is luck, and
 * another in every process. */
static struct universe {
    vw_bench_chain chains[MARKETS][EXPIRIES];
    column log_strike, years, rate, guess, found;
    column results[2][OUTPUTS];
    double call[LINE], put[LINE], forward_scratch[VW_FORWARD_SCRATCH(LINE)];
    marking parts, whole, following;
    vw_hks_tick ticks[EXPIRIES];
    double moved[EXPIRIES]; /* by how much the quote that changed last, to be put back */
    size_t next[EXPIRIES];
} * u;

static vw_slice_work *work;
static const vw_kernels *kernels;
static const vw_fit_kernels *fit_kernels;

static vw_black_outputs outputs(size_t s, size_t e)
{
    return (vw_black_outputs){u->results[s][0][e], u->results[s][1][e], u->results[s][2][e],
                              u->results[s][3][e], u->results[s][4][e], u->results[s][5][e]};
}

static vw_black_inputs inputs(const marking *of, size_t s, size_t e)
{
    return (vw_black_inputs){of->forward[e],  of->chains[e].strike,      u->years[e], of->vol[e],
                             of->discount[e], s == 0 ? u->call : u->put, u->rate[e]};
}

static vw_iv_inputs iv_inputs(const marking *of, size_t e)
{
    return (vw_iv_inputs){of->forward[e],  of->chains[e].strike, u->years[e], of->mid[e],
                          of->discount[e], of->side[e],          NULL};
}

static void run_yardstick(const void *context)
{
    (void)context;
    for (size_t e = 0; e < EXPIRIES; e++) {
        for (size_t s = 0; s < 2; s++) {
            vw_black_inputs in = inputs(&u->parts, s, e);
            vw_black_outputs out = outputs(s, e);

            vw_rival_libmvec()(&in, &out, STRIKES);
        }
    }
}

static void fit_forwards(marking *of)
{
    for (size_t e = 0; e < EXPIRIES; e++) {
        vw_parity in = vw_bench_chain_parity(&of->chains[e], of->chains[e].discount);

        vw_forward_fit(&in, fit_kernels, u->forward_scratch, &of->forwards[e]);
    }
}

/* Vols of every strike's side out of the money. */
static void mark_vols(marking *of, size_t e)
{
    const vw_bench_chain *chain = &of->chains[e];
    vw_iv_inputs in = iv_inputs(of, e);

    for (size_t i = 0; i < STRIKES; i++) {
        bool is_call = chain->strike[i] >= of->forwards[e].forward;
        double bid = is_call ? chain->call_bid[i] : chain->put_bid[i];
        double ask = is_call ? chain->call_ask[i] : chain->put_ask[i];

        of->mid[e][i] = 0.5 * (bid + ask);
        of->side[e][i] = is_call ? 1 : -1;
        of->forward[e][i] = of->forwards[e].forward;
        of->discount[e][i] = of->forwards[e].discount;
    }
    kernels->implied_vol(&in, of->vol[e], of->status, STRIKES);
}

static void gather(marking *of)
{
    for (size_t e = 0; e < EXPIRIES; e++) {
        vw_parity in = vw_bench_chain_parity(&of->chains[e], of->chains[e].discount);
        vw_smile *smile = &of->smiles[e];

        vw_smile_gather(smile, &in, of->forwards[e].forward, of->forwards[e].discount, kernels);
        memcpy(of->vol[e] + smile->found_first, smile->found,
               smile->found_count * sizeof of->vol[e][0]);
    }
}

static void fit_smiles(marking *of)
{
    for (size_t e = 0; e < EXPIRIES; e++) {
        vw_slice_fit_model(&of->slices[e], &of->smiles[e], VW_SLICE_HKS_QUOTES,
                           e > 0 ? &of->slices[e - 1] : NULL, work);
    }
}

static void compute_greeks(marking *of)
{
    for (size_t e = 0; e < EXPIRIES; e++) {
        const vw_bench_chain *chain = &of->chains[e];
        vw_expiry_inputs in = {of->forwards[e].forward,
                               chain->years,
                               of->forwards[e].discount,
                               chain->strike,
                               u->log_strike[e],
                               of->vol[e],
                               NULL};
        vw_black_outputs call = outputs(0, e), put = outputs(1, e);

        call.status = put.status = of->status;
        kernels->black_strikes(&in, &call, &put, STRIKES);
    }
}

static void run_forwards(const void *context)
{
    (void)context;
    fit_forwards(&u->parts);
}

static void invert(column guess)
{
    for (size_t e = 0; e < EXPIRIES; e++) {
        vw_iv_inputs in = iv_inputs(&u->parts, e);

        in.guess = guess != NULL ? guess[e] : NULL;
        kernels->implied_vol(&in, u->found[e], u->parts.status, STRIKES);
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
    invert(u->guess);
}

static void run_gather(const void *context)
{
    (void)context;
    gather(&u->parts);
}

static void run_smiles(const void *context)
{
    (void)context;
    fit_smiles(&u->parts);
}

static void run_svi(const void *context)
{
    (void)context;
    for (size_t e = 0; e < EXPIRIES; e++) {
        vw_slice_fit_svi(&u->parts.slices[e], &u->parts.smiles[e],
                         e > 0 ? &u->parts.slices[e - 1] : NULL, work);
    }
}

static void run_greeks(const void *context)
{
    (void)context;
    compute_greeks(&u->parts);
}

static void run_universe(const void *context)
{
    (void)context;
    u->whole.chains = u->chains[u->whole.chains == u->chains[FIRST] ? SECOND : FIRST];
    fit_forwards(&u->whole);
    gather(&u->whole);
    fit_smiles(&u->whole);
    compute_greeks(&u->whole);
}

/* Moves one quote by 0.3 of its half-spread, every second time back; returns its row. */
static size_t move_quote(size_t e)
{
    vw_bench_chain *chain = &u->chains[FOLLOWED][e];
    size_t row = u->following.smiles[e].row[u->next[e] * 37 % u->following.smiles[e].count];
    bool is_call = chain->strike[row] >= chain->forward;
    double *bid = is_call ? &chain->call_bid[row] : &chain->put_bid[row];
    double *ask = is_call ? &chain->call_ask[row] : &chain->put_ask[row];
    double by = u->moved[e] != 0 ? -u->moved[e] : 0.15 * (*ask - *bid);

    u->next[e] += u->moved[e] != 0;
    u->moved[e] = u->moved[e] != 0 ? 0 : by;
    *bid += by;
    *ask += by;
    return row;
}

/* A quote that changed: its side's bid and ask, and their vols. */
typedef struct change {
    size_t row;
    double band[2], vol[2];
} change;

/* Vols of all bids and asks that changed in one call, as the engine's marks (core/engine/mark.h).
 */
static void invert_changes(const marking *of, change *changes)
{
    enum { LANES = 2 * EXPIRIES };
    double forward[LANES], strike[LANES], years[LANES], price[LANES], discount[LANES], side[LANES];
    const vw_iv_inputs in = {forward, strike, years, price, discount, side, NULL};
    double found[LANES];
    uint8_t status[LANES];

    for (size_t i = 0; i < LANES; i++) {
        size_t e = i / 2, row = changes[e].row;
        const vw_bench_chain *chain = &of->chains[e];
        bool is_call = of->side[e][row] > 0;

        if (i % 2 == 0) {
            changes[e].band[0] = is_call ? chain->call_bid[row] : chain->put_bid[row];
            changes[e].band[1] = is_call ? chain->call_ask[row] : chain->put_ask[row];
        }
        forward[i] = of->forward[e][row];
        strike[i] = chain->strike[row];
        years[i] = u->years[e][row];
        price[i] = changes[e].band[i % 2];
        discount[i] = of->discount[e][row];
        side[i] = of->side[e][row];
    }
    kernels->implied_vol(&in, found, status, LANES);
    for (size_t i = 0; i < LANES; i++) {
        changes[i / 2].vol[i % 2] = found[i];
    }
}

static void follow_quote(marking *of, size_t e, const change *now)
{
    size_t row = now->row;
    double half =
        vw_smile_half_vol(now->vol[0], now->vol[1], now->band[1], u->results[0][3][e][row], 0.05);

    vw_hks_tick_set(&u->ticks[e], fit_kernels, row,
                    u->log_strike[e][row] - log(of->forwards[e].forward), of->vol[e][row], half);
    vw_hks_tick_solve(&u->ticks[e], &of->slices[e], work);
}

/* With the smiles of before: one quote an expiry changed since.  Two universes: a quote goes and
 * comes back, and every pass is like the other. */
static void run_following(const void *context)
{
    marking *of = &u->following;

    (void)context;
    for (int turn = 0; turn < 2; turn++) {
        change changes[EXPIRIES];

        for (size_t e = 0; e < EXPIRIES; e++) {
            changes[e].row = move_quote(e);
        }
        fit_forwards(of);
        for (size_t e = 0; e < EXPIRIES; e++) {
            mark_vols(of, e);
        }
        compute_greeks(of);
        invert_changes(of, changes);
        for (size_t e = 0; e < EXPIRIES; e++) {
            follow_quote(of, e, &changes[e]);
        }
    }
}

static void run_vix(const void *context)
{
    vw_vix_strip strips[2];

    (void)context;
    for (size_t i = 0; i < 2; i++) {
        const vw_bench_chain *chain = &u->chains[FIRST][28 + 3 * i]; /* either side of 30 days */
        vw_vix_quotes quotes = {chain->strike,  chain->call_bid, chain->call_ask,
                                chain->put_bid, chain->put_ask,  chain->count};

        vw_vix_term(&quotes, chain->years * VW_VIX_MINUTES_PER_YEAR, 0.05, &strips[i]);
    }
    u->found[0][0] = vw_vix_value(&strips[0], &strips[1], 30);
}

/* Vols go to `found`, whose rows the smile's quotes are. */
static void mark_quantlib(size_t e)
{
    const vw_smile *smile = &u->parts.smiles[e];
    vw_iv_inputs in = iv_inputs(&u->parts, e);
    vw_rival_iv from = {in.forward, in.strike, in.years, in.price, in.discount, in.side, NULL};
    double vol[LINE];

    vw_rival_quantlib_iv(&from, u->found[e], STRIKES);
    for (size_t i = 0; i < smile->count; i++) {
        vol[i] = u->found[e][smile->row[i]];
    }
    vw_quantlib_fit(smile, vol);
    for (size_t s = 0; s < 2; s++) {
        vw_black_inputs options = inputs(&u->parts, s, e);
        vw_black_outputs out = outputs(s, e);

        options.vol = u->found[e];
        vw_rival_quantlib(&options, &out, STRIKES);
    }
}

static double run_quantlib(const void *context)
{
    int64_t start_ns = vw_clock_monotonic_ns();

    (void)context;
    for (size_t e = SAMPLE_FIRST; e < EXPIRIES; e += SAMPLE_STEP) {
        mark_quantlib(e);
    }
    return (double)(SAMPLE_STEP * (vw_clock_monotonic_ns() - start_ns));
}

static void compute_libmvec(const void *self, const vw_black_inputs *in,
                            const vw_black_outputs *out, size_t count)
{
    (void)self;
    vw_rival_libmvec()(in, out, count);
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

static void open_marking(marking *of, size_t market, unsigned char *memory)
{
    size_t size = vw_round_up(vw_smile_size(LINE), VW_LINE_PAIR);

    of->chains = u->chains[market];
    for (size_t e = 0; e < EXPIRIES; e++) {
        vw_smile_init(&of->smiles[e], memory + e * size, LINE);
    }
    fit_forwards(of);
    for (size_t e = 0; e < EXPIRIES; e++) {
        mark_vols(of, e);
    }
    gather(of);
    fit_smiles(of);
}

static void make_chains(void)
{
    for (size_t e = 0; e < EXPIRIES; e++) {
        vw_bench_chain *chain = &u->chains[FIRST][e];
        double t = exp(log(1.0 / 365) + log(730) * (double)e / (EXPIRIES - 1));

        vw_bench_chain_make(chain, t, STRIKES, e);
        u->chains[SECOND][e] = u->chains[FOLLOWED][e] = *chain;
        vw_bench_chain_quote(&u->chains[SECOND][e], chain->forward + 0.5, EXPIRIES + e);
        for (size_t i = 0; i < STRIKES; i++) {
            u->log_strike[e][i] = log(chain->strike[i]);
            u->call[i] = 1, u->put[i] = -1;
            u->years[e][i] = t, u->rate[e][i] = 0.05;
        }
    }
}

static void make_universe(void)
{
    size_t smiles = EXPIRIES * vw_round_up(vw_smile_size(LINE), VW_LINE_PAIR);
    size_t tick = vw_round_up(vw_hks_tick_size(LINE), VW_LINE_PAIR);
    unsigned char *memory = vw_bench_memory(3 * smiles + EXPIRIES * tick);

    u = vw_bench_memory(sizeof *u);
    work = vw_slice_work_init(vw_bench_memory(vw_slice_work_size(LINE)), LINE, kernels->isa);
    make_chains();
    open_marking(&u->parts, FIRST, memory);
    open_marking(&u->whole, FIRST, memory + smiles);
    open_marking(&u->following, FOLLOWED, memory + 2 * smiles);
    for (size_t e = 0; e < EXPIRIES; e++) {
        marking *of = &u->following;

        vw_slice_fit(&of->slices[e], &of->smiles[e], VW_SLICE_HKS_QUOTES,
                     e > 0 ? &of->slices[e - 1] : NULL, work);
        vw_hks_tick_init(&u->ticks[e], memory + 3 * smiles + e * tick, LINE);
        vw_hks_tick_take(&u->ticks[e], &of->slices[e], &of->smiles[e], work);
        for (size_t i = 0; i < STRIKES; i++) {
            u->guess[e][i] = 1.001 * u->parts.vol[e][i];
        }
    }
}

static size_t open_universe(vw_bench_subject *to, const char *isa, const char **why)
{
    const char *libmvec = vw_bench_name("%s prices 22,080", vw_rival_libmvec_name());
    const bool quantlib = vw_rival_quantlib_svi != NULL;
    const vw_bench_subject subjects[] = {
        {libmvec, vw_rival_libmvec() != NULL ? run_yardstick : NULL, .rival = "",
         .accuracy = judge_yardstick},
        {"forwards of 60 expiries", run_forwards, .accuracy = judge_forwards},
        {"vols out of the money, cold", run_cold, .accuracy = judge_cold},
        {"vols out of the money, 0.1 % off", run_warm, .accuracy = judge_warm},
        {"quotes chosen; vols of mid, bid, ask", run_gather},
        {"smiles of 60 expiries", run_smiles, .accuracy = judge_smiles},
        {"raw SVI beside them", run_svi, .accuracy = judge_svi},
        {"price and 5 greeks of 22,080 series", run_greeks, .accuracy = judge_greeks},
        {"universe marked anew", run_universe},
        {"universe marked anew, smiles following", run_following, .items = 2},
        {"VIX of two terms", run_vix, .accuracy = judge_vix},
        {"QuantLib, 4 of 60 expiries, times 15", .run_ns = quantlib ? run_quantlib : NULL},
    };

    kernels = vw_kernels_get(isa);
    fit_kernels = vw_fit_kernels_get(isa);
    (void)why;
    if (u == NULL) {
        make_universe();
    }
    for (size_t i = 0; i < VW_COUNT_OF(subjects); i++) {
        to[i] = subjects[i];
        to[i].items = subjects[i].items > 0 ? subjects[i].items : 1;
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
