/* decide: one hedge decision, as the engine makes it at least once a second.
 *
 * Three condors in three layers, backwardation in E2, six instruments that may be bought (VX1 to
 * VX3, VXM, two calls of 60 to 120 days).  `quiet` changes nothing that asks for a solve; `solve`
 * moves the inversion to and fro by half a point, so that every evaluation solves.  `asked` is
 * quiet, with a new condor to be found among strikes 5 points apart; `chain` prices those strikes,
 * which the engine does once a second while it is asked.  The rival is the least an evaluation must
 * touch: inputs read once, a decision cleared. */
#include "bench/subjects.h"
#include "core/hedge/policy.h"
#include "core/hedge/strikes.h"
#include "core/vol/vx_curve.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DECISIONS = 16, INSTRUMENTS = 6 };

static const int64_t SECOND = INT64_C(1000000000);

static const vw_kernels *kernels;
static vw_hedge_settings settings;
static vw_hedge_state *state;
static vw_hedge_inputs inputs[2], copied;
static vw_decision decision;
static uint64_t solved, entries;
static vw_entry_columns columns;
static vw_entry_chain chain;
static vw_slice slice = {.model = VW_MODEL_HKS, .hks = {.sd = 0.06, .nodes = VW_HKS_NODES_MAX}};
static const vw_exposure_smile smile = {
    .forward = 6450, .discount = 0.994, .years = 50.0 / 365, .days = 50, .slice = &slice};

static void make_condors(vw_hedge_inputs *in)
{
    in->condor_count = 3;
    for (size_t i = 0; i < in->condor_count; i++) {
        double v30 = -9000 - 500 * (double)i;

        in->condors[i] = (vw_hedge_condor){.id = (uint32_t)i + 1,
                                           .days = 35 + 17 * (int)i,
                                           .contracts = 40,
                                           .put = {.strike = 6000, .strike_short = 6100},
                                           .call = {.strike = 6900, .strike_short = 6800},
                                           .credit = 17,
                                           .max_loss_usd = 330000,
                                           .notional_usd = 25800000,
                                           .v30 = {0.6 * v30, v30, 0.5 * v30},
                                           .theta = 2400,
                                           .vega = v30,
                                           .z_lo = 0.9 + 0.3 * (double)i,
                                           .z_hi = 1.1,
                                           .atm_vol_entry = 12,
                                           .decay_short = 0.03,
                                           .decay_wing = 0.05,
                                           .decay_short_entry = 0.03,
                                           .decay_wing_entry = 0.05,
                                           .stress_usd = {280000, 120000, -60000, 290000}};
    }
}

static void make_instruments(vw_hedge_inputs *in)
{
    static const vw_hedge_kind kinds[INSTRUMENTS] = {
        VW_KIND_VX, VW_KIND_VX, VW_KIND_VX, VW_KIND_VXM, VW_KIND_VIX_CALL, VW_KIND_VIX_CALL};

    in->instrument_count = INSTRUMENTS;
    for (size_t i = 0; i < INSTRUMENTS; i++) {
        bool call = kinds[i] == VW_KIND_VIX_CALL;
        size_t month = i < 3 ? i : 1;
        double v30 = call ? 16 + (double)i
                          : 1000 * in->futures[month].beta / (kinds[i] == VW_KIND_VXM ? 10 : 1);

        in->instruments[i] = (vw_hedge_instrument){.id = (uint32_t)i + 1,
                                                   .kind = (uint8_t)kinds[i],
                                                   .month = (uint8_t)(month + 1),
                                                   .days = call ? 70 + 10 * (int)i : 30,
                                                   .contracts = 3,
                                                   .hi = 1000,
                                                   .price = call ? 3 : 21,
                                                   .entry_price = 3,
                                                   .spread = 0.05,
                                                   .displayed = 60,
                                                   .multiplier = call ? 100 : 1000,
                                                   .v30 = v30,
                                                   .theta = call ? -2 : 0,
                                                   .roll = call ? 0 : -10,
                                                   .notional_usd = 40 * v30,
                                                   .irr = NAN};
        for (size_t s = 0; s < VW_HEDGE_STRESSES; s++) {
            in->instruments[i].stress_usd[s] = (s < 2 ? -10 : 5) * v30;
        }
    }
}

static void make_inputs(vw_hedge_inputs *in, double vx2)
{
    vw_hedge_inputs_clear(in);
    in->now_ns = SECOND;
    in->session = 20260610;
    in->vix.value = 20;
    in->spot.value = 6450;
    in->atm_vol_30.value = 18; /* half above entry: everything is released */
    in->future_count = 4;
    for (size_t i = 0; i < in->future_count; i++) {
        double days = 25 + 35 * (double)i;

        in->futures[i] = (vw_hedge_future){.price = i == 0 ? 212500 : llround(vx2 * 1e4),
                                           .expiry = 20260715 + (uint32_t)i,
                                           .days = days,
                                           .beta = vw_vx_curve_beta(days),
                                           .forward_vol = NAN,
                                           .options_rms = NAN};
    }
    in->account.equity_usd = 5e6;
    in->account.cash_usd = 3e6;
    in->account.near_cash_usd = 0;
    make_condors(in);
    make_instruments(in);
}

static void decide(size_t which, int64_t passed_ns)
{
    static int64_t now_ns = 1;

    now_ns += passed_ns;
    inputs[which].now_ns = now_ns;
    vw_policy_evaluate(&settings, state, &inputs[which], &decision);
    solved += decision.solved;
}

static void run_quiet(const void *context)
{
    (void)context;
    for (size_t i = 0; i < DECISIONS; i++) {
        decide(0, SECOND);
    }
}

static void run_solve(const void *context)
{
    (void)context;
    for (size_t i = 0; i < DECISIONS; i++) {
        decide(i & 1, 61 * SECOND);
    }
}

static void run_asked(const void *context)
{
    (void)context;
    inputs[0].entry = &chain;
    inputs[0].entry_asked = true;
    for (size_t i = 0; i < DECISIONS; i++) {
        decide(0, SECOND);
        for (size_t j = 0; j < decision.proposal_count; j++) {
            entries += decision.proposals[j].reason == VW_REASON_ENTRY;
        }
    }
    inputs[0].entry_asked = false;
}

static void run_chain(const void *context)
{
    (void)context;
    vw_strikes_price(kernels, &smile, &columns);
}

/* A smile of all nodes, about 16 vol, and the strikes around it. */
static void make_chain(void)
{
    for (size_t i = 0; i < VW_HKS_NODES_MAX; i++) {
        slice.hks.m[i] = vw_hks_places[i];
        slice.hks.s[i] = 1;
        slice.hks.c[i] = 0.002;
    }
    slice.hks.c0 = 0.6;
    columns.count = VW_ENTRY_STRIKES_MAX;
    for (size_t i = 0; i < columns.count; i++) {
        columns.strike[i] = 5170 + 5 * (double)i;
    }
    run_chain(NULL);
    chain = vw_strikes_chain(&columns, "SPXW", 20260730, &smile);
}

static void run_floor(const void *context)
{
    (void)context;
    for (size_t i = 0; i < DECISIONS; i++) {
        memcpy(&copied, &inputs[i & 1], sizeof copied);
        memset(&decision, 0, sizeof decision);
        __asm__ volatile("" : : "r"(&copied), "r"(&decision) : "memory");
    }
}

static size_t open_decide(vw_bench_subject *to, const char *isa, const char **why)
{
    const vw_bench_subject subjects[] = {
        {"inputs read, decision cleared", run_floor, NULL, DECISIONS, .rival = ""},
        {"decision, no new solve", run_quiet, NULL, DECISIONS},
        {"decision with the solve", run_solve, NULL, DECISIONS},
        {"decision, new condor asked", run_asked, NULL, DECISIONS},
        {"chain of 512 strikes for it", run_chain, NULL, 1},
    };

    kernels = vw_kernels_get(isa);
    state = malloc(vw_policy_state_size());
    if (state == NULL) {
        *why = "no memory";
        return 0;
    }
    settings = vw_hedge_defaults;
    vw_policy_init(state, &settings);
    make_inputs(&inputs[0], 20.25); /* r 60 % */
    make_inputs(&inputs[1], 19.75); /* r 70 % */
    make_chain();
    run_solve(NULL);
    solved = 0;
    run_solve(NULL);
    vw_check(solved == DECISIONS);
    decide(0, 61 * SECOND);
    solved = 0;
    run_quiet(NULL);
    vw_check(solved == 0);
    run_asked(NULL);
    vw_check(solved == 0 && entries == DECISIONS);
    memcpy(to, subjects, sizeof subjects);
    return VW_COUNT_OF(subjects);
}

static void close_decide(void)
{
    free(state);
}

const vw_bench_group vw_bench_decide = {
    "decide",    "Decide: one hedge decision of three condors and six instruments",
    "decision",  "decisions/s",
    open_decide, close_decide,
};
