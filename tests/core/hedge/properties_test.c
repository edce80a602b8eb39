/* Section 6 of hedge-engine.md over random states: what must hold whatever comes in.
 *
 * VEGAWIRE_STATES sets how many (1,000,000; fewer under sanitizers), VEGAWIRE_SEED which. */
#include "core/hedge/policy.h"
#include "core/hedge/snapshot.h"
#include "core/hedge/solve.h"
#include "core/vol/vx_curve.h"

#include "tests/check.h"

#include <string.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define STATES 20000
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define STATES 20000
#endif
#endif
#ifndef STATES
#define STATES 1000000
#endif

static const int64_t SECOND = INT64_C(1000000000);
enum { STEPS = 50, CONDORS = 4 }; /* states in one life of an engine */

static uint64_t seed, random_state;
static vw_hedge_settings set;
static vw_hedge_state *state, *other;
static vw_hedge_inputs in, changed;
static vw_decision out, second;
static uint32_t session;
static vw_entry_chain chain;

/* ---- random worlds -------------------------------------------------------------------------- */

static uint64_t next_u64(void)
{
    uint64_t x = random_state += UINT64_C(0x9e3779b97f4a7c15);

    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

static double uniform(double lo, double hi)
{
    return lo + (hi - lo) * (double)(next_u64() >> 11) * 0x1p-53;
}

static bool chance(double p)
{
    return uniform(0, 1) < p;
}

static int whole(int lo, int hi)
{
    return lo + (int)(next_u64() % (uint64_t)(hi - lo + 1));
}

/* Now and then there is nothing, or nonsense. */
static double maybe(double value)
{
    return chance(0.9) ? value : chance(0.9) ? NAN : INFINITY;
}

static void random_settings(void)
{
    set = vw_hedge_defaults;
    set.posture = (uint8_t)whole(0, 1);
    set.cash_press = chance(0.3);
    set.put_spreads = chance(0.3);
    set.etp = chance(0.3);
    set.keep_old_wings = chance(0.5);
    if (chance(0.1)) {
        set.sizing = (uint8_t)whole(VW_SIZING_BUDGET, VW_SIZING_NONE);
        set.rung_count = 2;
        set.rungs[0] = (vw_rung){.days = 30, .delta = 0.3, .contracts = 4};
        set.rungs[1] = (vw_rung){.days = 110, .delta = 0.5, .contracts = 4};
        set.step_count = 2;
        set.steps[0] = (vw_budget_step){.vix_forward = 15, .fraction = 0.01};
        set.steps[1] = (vw_budget_step){.vix_forward = 50, .fraction = 0};
    }
}

static void random_curve(void)
{
    double level = uniform(10, 60), slope = uniform(-4, 3);

    in.future_count = (size_t)whole(4, 5);
    for (size_t i = 0; i < in.future_count; i++) {
        double days = 5 + uniform(0, 1) + 35 * (double)i;

        in.futures[i] =
            (vw_hedge_future){.price = llround(fmax(level + slope * sqrt((double)i), 5) * 20) * 500,
                              .expiry = 20260715 + (uint32_t)i,
                              .instrument = (uint32_t)i + 1,
                              .days = days,
                              .beta = vw_vx_curve_beta(days),
                              .roll_per_day = uniform(-0.1, 0.1),
                              .forward_vol = maybe(level + uniform(0, 2)),
                              .options_rms = maybe(level + uniform(0, 2))};
    }
    in.vix = (vw_reading){.value = fmax(level + uniform(-3, 3), 8)};
}

static void random_wing(vw_hedge_wing *wing, double strike_short, double strike)
{
    double step = strike_short > strike ? 25 : -25;

    *wing = (vw_hedge_wing){.strike_short = strike_short,
                            .strike = strike,
                            .strike_entry = chance(0.8) ? strike : strike - step,
                            .strike_nearer = strike + step,
                            .cost_nearer_usd = maybe(uniform(0, 3000)),
                            .strike_back = strike - step,
                            .cost_back_usd = maybe(uniform(-3000, 0))};
}

static void random_condor(vw_hedge_condor *condor, uint32_t id)
{
    double contracts = whole(1, 200), v30 = contracts * uniform(-300, 150);

    *condor = (vw_hedge_condor){.id = id,
                                .root = "SPXW",
                                .expiry = 20260701 + id,
                                .next_expiry = chance(0.8) ? 20260801 + id : 0,
                                .days = whole(0, 120),
                                .entry_days = whole(0, 90),
                                .contracts = contracts,
                                .debit = chance(0.1),
                                .credit = maybe(uniform(5, 30)),
                                .max_loss_usd = contracts * uniform(5000, 10000),
                                .notional_usd = contracts * 100 * 6450,
                                .v30 = {v30 * uniform(-1, 2), v30, v30 * uniform(-1, 2)},
                                .delta = contracts * uniform(-30, 30),
                                .gamma = uniform(-100, 0),
                                .vega = v30,
                                .vol_gain_usd = maybe(VW_HEDGE_VOL_MOVE * v30 * uniform(0.5, 1.5)),
                                .theta = contracts * uniform(-10, 80),
                                .break_even_lo = maybe(6080),
                                .break_even_hi = maybe(6820),
                                .z_lo = maybe(uniform(-0.5, 3)),
                                .z_hi = maybe(uniform(-0.5, 3)),
                                .z_lo_entry = NAN,
                                .z_hi_entry = NAN,
                                .atm_vol_entry = maybe(uniform(10, 30)),
                                .decay_short = maybe(uniform(0, 0.1)),
                                .decay_wing = maybe(uniform(0, 0.1)),
                                .decay_short_entry = maybe(uniform(0, 0.1)),
                                .decay_wing_entry = maybe(uniform(0, 0.1)),
                                .wing_residual_usd = NAN};
    random_wing(&condor->put, 6100, 6000);
    random_wing(&condor->call, 6800, 6900);
    for (size_t i = 0; i < VW_HEDGE_STRESSES; i++) {
        condor->stress_usd[i] = contracts * uniform(-2000, 9000);
    }
}

static void random_leg(vw_hedge_instrument *leg, uint32_t id, vw_hedge_kind kind)
{
    bool future = kind == VW_KIND_VX || kind == VW_KIND_VXM, sold = vw_kind_sold((uint8_t)kind);
    double v30 = kind == VW_KIND_VX ? uniform(200, 700) : uniform(5, 70), width = 10;

    *leg = (vw_hedge_instrument){.id = id,
                                 .kind = (uint8_t)kind,
                                 .month = (uint8_t)whole(1, 4),
                                 .days = whole(1, 150),
                                 .expiry = 20260715,
                                 .expiry_far = 20260819,
                                 .strike = sold && kind == VW_KIND_SPX_PUT_SPREAD ? 6000 : 20,
                                 .strike_far = kind == VW_KIND_SPX_PUT_SPREAD ? 5990 : 30,
                                 .width = width,
                                 .contracts = chance(0.5) ? 0 : whole(0, 80),
                                 .hi = chance(0.5) ? (double)INFINITY : whole(0, 100),
                                 .price = future ? uniform(10, 60) : uniform(0.1, 5),
                                 .entry_price = maybe(uniform(0.2, 3)),
                                 .spread = maybe(uniform(0, 0.2)),
                                 .displayed = maybe(uniform(0, 3000)),
                                 .multiplier = kind == VW_KIND_VX ? 1000 : 100,
                                 .delta = uniform(0, 100),
                                 .v30 = sold ? -v30 : v30,
                                 .theta = future ? 0 : uniform(-8, sold ? 8 : 0),
                                 .roll = future ? uniform(-60, 60) : 0,
                                 .notional_usd = uniform(500, 20000),
                                 .drift = {0, 0, maybe(uniform(-1, 1))},
                                 .irr = maybe(uniform(-0.5, 2)),
                                 .worst_loss_usd = maybe(uniform(0, 1000)),
                                 .beta = maybe(uniform(-5, 0))};
    snprintf(leg->root, sizeof leg->root, "%s",
             future                    ? "VX"
             : kind >= VW_KIND_SPX_PUT ? "SPXW"
                                       : "VIX");
    for (size_t i = 0; i < VW_HEDGE_STRESSES; i++) {
        leg->stress_usd[i] = leg->v30 * (i < 2 ? uniform(-12, -8) : uniform(2, 6));
    }
}

static void random_account(void)
{
    in.account = (vw_hedge_account){.equity_usd = maybe(uniform(1e5, 1e8)),
                                    .cash_usd = maybe(uniform(0, 5e6)),
                                    .near_cash_usd = maybe(uniform(0, 5e6)),
                                    .rate = maybe(uniform(0, 0.06)),
                                    .borrowing = maybe(uniform(0, 0.08)),
                                    .beta_book = maybe(uniform(-1, 2)),
                                    .beta_hedge = maybe(uniform(-6, 1)),
                                    .hedge_cost = maybe(uniform(-0.5, 1))};
    in.macro.reer_change.value = maybe(uniform(-3, 3));
    in.macro.price_earnings.value = maybe(uniform(-3, 3));
    in.macro.market_cap_change.value = maybe(uniform(-0.3, 0.3));
    in.breadth.value = maybe(uniform(-2000, 2000));
    in.atm_vol_30.value = maybe(uniform(10, 60));
    in.atm_vol_7.value = maybe(uniform(10, 80));
    in.vol_of_vol.value = maybe(uniform(70, 150));
    in.spot.value = maybe(6450);
    in.event_count = chance(0.2) ? 1 : 0;
    in.events[0] = (vw_announcement){.instant_ns = in.now_ns + whole(-3600, 3600) * SECOND,
                                     .kind = (uint8_t)whole(0, 3)};
}

static void random_deltas(void)
{
    in.delta_count = (size_t)whole(0, 3);
    for (size_t i = 0; i < in.delta_count; i++) {
        bool call = chance(0.5);

        in.deltas[i] = (vw_hedge_delta_candidate){.root = "SPXW",
                                                  .expiry = 20260820,
                                                  .settlement = 'P',
                                                  .long_type = call ? 'P' : 'C',
                                                  .short_type = call ? 'C' : 'P',
                                                  .long_strike = 6450,
                                                  .short_strike = 6450,
                                                  .wing_strike = chance(0.8) == call ? 7000 : 5000,
                                                  .delta = call ? -0.9 : 0.9,
                                                  .premium = uniform(-5, 20),
                                                  .residual_usd = maybe(uniform(-50, 50)),
                                                  .days = whole(0, 60)};
    }
}

static void random_world(void)
{
    vw_hedge_inputs_clear(&in);
    in.now_ns = INT64_C(1780322400) * SECOND; /* 2026-06-01 10:00 in New York */
    in.session = session;
    random_curve();
    in.condor_count = (size_t)whole(0, CONDORS);
    for (size_t i = 0; i < in.condor_count; i++) {
        random_condor(&in.condors[i], (uint32_t)i + 1);
    }
    in.instrument_count = (size_t)whole(0, 6);
    for (size_t i = 0; i < in.instrument_count; i++) {
        random_leg(&in.instruments[i], 100 + (uint32_t)i,
                   i < 2 ? VW_KIND_VX : (vw_hedge_kind)whole(0, VW_KIND_COUNT - 1));
    }
    in.entry = &chain;
    random_deltas();
    random_account();
}

/* Closes drift, so that indicators have something to say. */
static void random_close(double drift)
{
    static double spx = 6500, vix = 20, curve = 1;
    vw_hedge_close close = {
        .session = ++session,
        .spx = maybe(spx = fmin(fmax(spx * (1 - 0.01 * drift) * uniform(0.99, 1.01), 3000), 9000)),
        .vix = maybe(vix = fmin(fmax(vix * (1 + 0.05 * drift) * uniform(0.97, 1.03), 9), 80)),
        .advances_declines = maybe(uniform(-2000, 2000)),
        .vol_of_vol = maybe(uniform(70, 150)),
        .atm_vol_30 = maybe(uniform(10, 50)),
        .atm_vol_7 = maybe(uniform(10, 60)),
        .future_count = in.future_count};

    for (size_t i = 0; i < in.future_count; i++) {
        close.futures[i].expiry = in.futures[i].expiry;
        close.futures[i].days = in.futures[i].days;
        close.futures[i].price = maybe((curve = fmin(fmax(curve * (1 + 0.03 * drift), 0.5), 3)) *
                                       (double)in.futures[i].price * 1e-4 * uniform(0.99, 1.01));
    }
    vw_policy_close(&set, state, &close);
}

/* The next state of the same life: a moment later, something moved, something filled. */
static void step_world(void)
{
    in.now_ns += whole(0, 1200) * SECOND;
    in.session = session + 1;
    if (chance(0.5)) {
        random_curve();
    }
    if (chance(0.1)) {
        random_account();
    }
    if (chance(0.1) && in.condor_count > 0) {
        random_condor(&in.condors[0], chance(0.5) ? 1 : (uint32_t)whole(5, 9));
    }
    for (size_t i = 0; i < in.instrument_count; i++) {
        vw_hedge_instrument *leg = &in.instruments[i];

        if (chance(0.3)) {
            leg->contracts = out.legs[i].wanted;
        }
        if (chance(0.1)) {
            leg->price *= uniform(0.5, 3);
        }
    }
    if (chance(0.1)) {
        double drift = uniform(-1, 1);

        for (int closes = chance(0.3) ? whole(1, 12) : 1; closes > 0; closes--) {
            random_close(drift);
        }
    }
    if (chance(0.05)) { /* VX1 has expired */
        for (size_t i = 0; i < in.future_count; i++) {
            in.futures[i].expiry++;
        }
    }
    in.entry_asked = chance(0.02);
    in.legs_unpriced = in.now_ns / SECOND % 101 == 0;
    in.legs_apart = in.now_ns / SECOND % 103 == 0;
    in.naked = in.legs_apart > 0 && in.legs_unpriced == 0;
    in.futures[0].age_ns = chance(0.02) ? 6 * SECOND : 0;
    if (chance(0.01) && in.condor_count > 0) {
        in.condors[0].theta = NAN;
    }
    if (chance(0.01) && in.instrument_count > 0) {
        in.instruments[0].v30 = NAN;
    }
}

/* Fifty days of a flat 16 vol, as Bachelier would have it: enough for a search. */
static void make_chain(void)
{
    static double columns[5][60];
    static const double sd = 380;

    chain = (vw_entry_chain){.root = "SPXW",
                             .expiry = 20260730,
                             .days = 50,
                             .forward = 6450,
                             .strike = columns[0],
                             .call = columns[1],
                             .put = columns[2],
                             .call_delta = columns[3],
                             .below = columns[4],
                             .count = 60};
    for (size_t i = 0; i < chain.count; i++) {
        double strike = 5700 + 25 * (double)i, z = (6450 - strike) / sd;

        columns[0][i] = strike;
        columns[3][i] = 0.5 * erfc(-z / sqrt(2));
        columns[4][i] = 1 - columns[3][i];
        columns[1][i] = sd * (z * columns[3][i] + exp(-0.5 * z * z) * 0.3989422804014327);
        columns[2][i] = columns[1][i] - (6450 - strike);
    }
}

/* ---- what must hold ------------------------------------------------------------------------- */

static void fail_here(const char *what, const char *file, int line)
{
    fprintf(stderr, "%s:%d: %s (seed %llu)\n", file, line, what, (unsigned long long)seed);
    fprintf(stderr, "regime %u level %u held %d event %d sizing %u cap %g reasons:", out.regime,
            out.level, out.held, out.in_event, out.sizing, out.notional_cap_usd);
    for (int i = 0; i < VW_REASON_COUNT; i++) {
        if ((out.reasons >> i & 1) != 0) {
            fprintf(stderr, " %s", vw_reason_name((vw_reason)i));
        }
    }
    fprintf(stderr, "\n");
    for (size_t i = 0; i < out.leg_count; i++) {
        fprintf(stderr, "%s now %g wanted %g notional %g permitted %d\n",
                vw_kind_name((vw_hedge_kind)in.instruments[i].kind), out.legs[i].now,
                out.legs[i].wanted, in.instruments[i].notional_usd, out.legs[i].permitted);
    }
    _fail(file, line);
}

#define require(cond)                                                                              \
    do {                                                                                           \
        if (!(cond)) {                                                                             \
            fail_here(#cond, __FILE__, __LINE__);                                                  \
        }                                                                                          \
    } while (0)

static void weights_are_a_whole(void)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < VW_DECISION_LAYERS; i++) {
        sum += out.layers[i].weight_ppm;
    }
    require(sum == 1000000);
}

static void numbers_are_finite(void)
{
    const double numbers[] = {out.offset_v30,
                              out.condor_v30,
                              out.hedge_v30,
                              out.r_asked,
                              out.r_released,
                              out.r_final,
                              out.r_attained,
                              out.capm_scale,
                              out.notional_cap_usd,
                              out.hedge_notional_usd,
                              out.drift,
                              out.delta_usd_per_point,
                              out.gamma_usd_per_point2,
                              out.vega_usd_per_point,
                              out.theta_usd_per_day,
                              out.theta_with_roll_usd_per_day,
                              out.quick_ratio,
                              out.quick_ratio_after,
                              out.margin_usd,
                              out.margin_after_usd,
                              out.wacc_before,
                              out.wacc_after,
                              out.hedge_cost_monthly};

    for (size_t i = 0; i < VW_COUNT_OF(numbers); i++) {
        require(isfinite(numbers[i]));
    }
    for (size_t i = 0; i < VW_SIGNAL_COUNT; i++) {
        require(isfinite(out.signals.of[i].value));
    }
    for (size_t i = 0; i < VW_DETAIL_COUNT; i++) {
        require(isfinite(out.signals.detail[i]));
    }
    for (size_t i = 0; i < VW_DECISION_LAYERS; i++) {
        const vw_decision_layer *layer = &out.layers[i];

        require(isfinite(layer->condor_v30 + layer->hedge_v30 + layer->target_v30 +
                         layer->hedge_ratio + layer->residual_v30));
    }
    for (size_t i = 0; i < out.leg_count; i++) {
        const vw_decision_leg *leg = &out.legs[i];

        require(isfinite(leg->now + leg->wanted + leg->wanted_unrounded + leg->v30 + leg->theta +
                         leg->theta_with_roll + leg->delta + leg->hint.slice +
                         leg->hint.adverse[0] + leg->hint.adverse[1] + leg->hint.adverse[2]));
    }
    for (size_t i = 0; i < out.condor_count; i++) {
        const vw_decision_condor *condor = &out.condors[i];

        require(isfinite(condor->z + condor->break_even_lo + condor->break_even_hi + condor->z_lo +
                         condor->z_hi + condor->z_lo_entry + condor->z_hi_entry));
    }
    for (size_t i = 0; i < out.given_up_count; i++) {
        require(isfinite(out.given_up[i].price));
    }
    for (size_t i = 0; i < out.proposal_count; i++) {
        const vw_proposal *proposal = &out.proposals[i];

        require(isfinite(proposal->cash_usd + proposal->margin_usd + proposal->worst_loss_usd));
    }
}

static double greatest(double a, double b)
{
    return a > b ? a : b;
}

static void limits_hold(void)
{
    double notional_now = 0, notional = 0;

    require(out.r_final >= 0 && out.r_final <= 1);
    require(out.notional_cap_usd >= 0);
    require(out.r_released <= out.r_asked + 1e-12);
    require(out.regime == VW_REGIME_INVERTED || out.level != 1 || out.r_final <= 0.25 || out.held);
    for (size_t i = 0; i < out.leg_count; i++) {
        const vw_decision_leg *leg = &out.legs[i];
        const vw_hedge_instrument *of = &in.instruments[i];

        require(leg->wanted == floor(leg->wanted) && leg->wanted >= 0);
        require(leg->wanted <= greatest(of->hi, leg->now));
        require(leg->wanted <= leg->now || vw_kind_sold(of->kind) || leg->permitted ||
                of->kind == VW_KIND_VIX_CALENDAR || set.sizing != VW_SIZING_VEGA ||
                out.regime != VW_REGIME_UNKNOWN);
        notional += leg->wanted * of->notional_usd;
        notional_now += leg->now * of->notional_usd;
    }
    require(notional <= greatest(out.notional_cap_usd, notional_now) * (1 + 1e-9) + 1e-6);
}

/* USD a day that the hedges decay and roll, and the worst loss of the book, now or as wanted. */
static double cost_of(bool wanted)
{
    double sum = 0;

    for (size_t i = 0; i < out.leg_count; i++) {
        if (isfinite(in.instruments[i].v30)) { /* else refused, and everything held */
            sum -= (wanted ? out.legs[i].wanted : out.legs[i].now) *
                   (in.instruments[i].theta + in.instruments[i].roll);
        }
    }
    return sum;
}

static double ratio_of(bool wanted)
{
    double worst = 0;

    for (size_t move = 0; move < VW_HEDGE_STRESSES; move++) {
        double loss = 0;

        for (size_t i = 0; i < in.condor_count; i++) {
            loss += in.condors[i].stress_usd[move];
        }
        for (size_t i = 0; i < out.leg_count; i++) {
            loss += (wanted ? out.legs[i].wanted : out.legs[i].now) *
                    in.instruments[i].stress_usd[move];
        }
        worst = greatest(worst, loss);
    }
    return worst > 0 ? (in.account.cash_usd + in.account.near_cash_usd) / worst : INFINITY;
}

/* What is not met already is not made worse; what is, is kept.  Stops come before. */
static void account_limits_hold(void)
{
    double cost_max = set.monthly_cost_max * in.account.equity_usd / 30, now = cost_of(false);
    double ratio = ratio_of(false), after = ratio_of(true);
    bool stopped =
        (out.reasons & (UINT64_C(1) << VW_REASON_STOP | UINT64_C(1) << VW_REASON_EXIT_RSI)) != 0;

    if (stopped || out.held || set.sizing != VW_SIZING_VEGA) {
        return;
    }
    if (isfinite(cost_max)) {
        require(cost_of(true) <= greatest(cost_max, now) + 1e-6 * fabs(now) + 1e-6);
    }
    if (isfinite(in.account.cash_usd) && isfinite(in.account.near_cash_usd)) {
        require(after >= fmin(ratio, set.quick_ratio_min) * (1 - 1e-6) - 1e-9);
    }
}

/* ---- no naked short ------------------------------------------------------------------------- */

typedef struct holding {
    char root[8];
    char type;
    uint32_t expiry;
    double strike, contracts;
} holding;

static holding holdings[512];
static size_t holding_count;

static void hold(const char *root, char type, uint32_t expiry, double strike, double contracts)
{
    for (size_t i = 0; i < holding_count; i++) {
        if (holdings[i].type == type && holdings[i].expiry == expiry &&
            holdings[i].strike == strike && strcmp(holdings[i].root, root) == 0) {
            holdings[i].contracts += contracts;
            return;
        }
    }
    holding *one = &holdings[holding_count++];

    *one = (holding){.type = type, .expiry = expiry, .strike = strike, .contracts = contracts};
    memcpy(one->root, root, sizeof one->root);
}

/* Shorts of an expiry or later never outnumber longs of that expiry or later. */
static bool covered(void)
{
    for (size_t i = 0; i < holding_count; i++) {
        double sum = 0;

        if (holdings[i].contracts >= 0 || holdings[i].type == 'F') {
            continue;
        }
        for (size_t j = 0; j < holding_count; j++) {
            if (holdings[j].type == holdings[i].type && holdings[j].expiry >= holdings[i].expiry &&
                strcmp(holdings[j].root, holdings[i].root) == 0) {
                sum += holdings[j].contracts;
            }
        }
        if (sum < 0) {
            return false;
        }
    }
    for (size_t i = 0; i < holding_count; i++) {
        if (holdings[i].type == 'F' && holdings[i].contracts < 0) {
            return false;
        }
    }
    return true;
}

static void hold_package(const vw_hedge_instrument *leg)
{
    double n = leg->contracts;

    switch (leg->kind) {
    case VW_KIND_VIX_CALL:
        hold(leg->root, 'C', leg->expiry, leg->strike, n);
        break;
    case VW_KIND_SPX_PUT:
        hold(leg->root, 'P', leg->expiry, leg->strike, n);
        break;
    case VW_KIND_VIX_CALL_SPREAD:
        hold(leg->root, 'C', leg->expiry, leg->strike, n);
        hold(leg->root, 'C', leg->expiry, leg->strike_far, -n);
        break;
    case VW_KIND_VIX_CREDIT_SPREAD:
    case VW_KIND_SPX_PUT_SPREAD:
        hold(leg->root, leg->kind == VW_KIND_SPX_PUT_SPREAD ? 'P' : 'C', leg->expiry,
             leg->strike_far, n);
        hold(leg->root, leg->kind == VW_KIND_SPX_PUT_SPREAD ? 'P' : 'C', leg->expiry, leg->strike,
             -n);
        break;
    case VW_KIND_VIX_CALENDAR:
        hold(leg->root, 'C', leg->expiry_far, leg->strike, n);
        hold(leg->root, 'C', leg->expiry, leg->strike_far, n);
        hold(leg->root, 'C', leg->expiry, leg->strike, -n);
        break;
    default:
        /* Futures of one kind and month may stand in several rows here; each by its own. */
        hold(leg->root, 'F', leg->expiry, leg->id, n);
    }
}

static void hold_book(void)
{
    holding_count = 0;
    for (size_t i = 0; i < in.condor_count; i++) {
        const vw_hedge_condor *condor = &in.condors[i];
        double n = condor->debit ? -condor->contracts : condor->contracts;

        if (condor->debit) {
            continue; /* never traded by a proposal */
        }
        hold(condor->root, 'P', condor->expiry, condor->put.strike, n);
        hold(condor->root, 'P', condor->expiry, condor->put.strike_short, -n);
        hold(condor->root, 'C', condor->expiry, condor->call.strike_short, -n);
        hold(condor->root, 'C', condor->expiry, condor->call.strike, n);
    }
    for (size_t i = 0; i < in.instrument_count; i++) {
        hold_package(&in.instruments[i]);
    }
}

static void no_step_is_naked(void)
{
    for (size_t i = 0; i < out.proposal_count; i++) {
        const vw_proposal *proposal = &out.proposals[i];

        hold_book();
        for (size_t j = 0; j < proposal->step_count; j++) {
            const vw_proposal_step *step = &proposal->steps[j];

            require(isfinite(step->contracts) && step->contracts != 0);
            hold(step->root, step->type, step->expiry,
                 step->type == 'F' ? step->instrument : step->strike, step->contracts);
            require(covered());
        }
    }
}

/* ---- comparisons ---------------------------------------------------------------------------- */

static void evaluate_copy(void)
{
    memcpy(other, state, vw_policy_state_size());
    vw_policy_evaluate(&set, other, &changed, &second);
}

/* VX2 and beyond lower, nothing else. */
static void more_inversion_asks_no_less(void)
{
    changed = in;
    for (size_t i = 1; i < changed.future_count; i++) {
        changed.futures[i].price -= 500 * (1 + (int64_t)(next_u64() % 60));
    }
    if (changed.futures[1].price <= 0) {
        return;
    }
    evaluate_copy();
    double more = second.r_final;

    changed = in;
    evaluate_copy();
    require(more >= second.r_final - 1e-12 || second.held);
}

static void a_higher_vix_caps_no_lower(void)
{
    changed = in;
    evaluate_copy();
    double cap = second.notional_cap_usd;

    changed.vix.value += uniform(0, 20);
    evaluate_copy();
    require(second.notional_cap_usd >= cap);
}

static void stale_input_adds_no_risk(void)
{
    changed = in;
    switch (whole(0, 3)) {
    case 0:
        changed.futures[whole(0, 1)].age_ns = 6 * SECOND;
        break;
    case 1:
        changed.futures[whole(0, 1)].price = 0;
        break;
    case 2:
        changed.vix.age_ns = 61 * SECOND;
        break;
    default:
        changed.vix.value = NAN;
    }
    bool known = out.regime != VW_REGIME_UNKNOWN;

    evaluate_copy();
    if (set.sizing == VW_SIZING_NONE) {
        return;
    }
    require(second.held);
    require(!known || (second.regime == out.regime && second.r_final == out.r_final));
    for (size_t i = 0; i < second.leg_count; i++) {
        require(second.legs[i].wanted <= second.legs[i].now);
        require(second.legs[i].wanted == second.legs[i].now ||
                in.instruments[i].kind == VW_KIND_VIX_CREDIT_SPREAD);
    }
    for (size_t i = 0; i < second.proposal_count; i++) {
        require(second.proposals[i].kind == VW_PROPOSAL_EXIT);
    }
}

static void replay_and_restart_decide_the_same(void)
{
    static unsigned char *bytes;
    vw_error error;

    if (bytes == NULL) {
        bytes = malloc(vw_snapshot_size());
        assert_non_null(bytes);
    }
    vw_snapshot_write(&set, state, bytes);
    memset(other, 0xa5, vw_policy_state_size());
    require(vw_snapshot_read(&set, other, bytes, vw_snapshot_size(), &error) == VW_OK);
    vw_policy_evaluate(&set, other, &in, &second);
    vw_policy_evaluate(&set, state, &in, &out);
    require(memcmp(&out, &second, sizeof out) == 0);
}

/* What never happened was not tested: all of this must occur in a million states. */
static uint64_t reasons_seen, warnings_seen, kinds_seen;

static void count_what_happened(void)
{
    reasons_seen |= out.reasons;
    warnings_seen |= out.warnings;
    for (size_t i = 0; i < out.proposal_count; i++) {
        kinds_seen |= UINT64_C(1) << out.proposals[i].kind;
        reasons_seen |= UINT64_C(1) << out.proposals[i].reason;
    }
}

static bool seen(uint64_t set_of, int member, const char *name)
{
    if ((set_of >> member & 1) == 0) {
        printf("never: %s\n", name);
        return false;
    }
    return true;
}

static void every_rule_has_spoken(void)
{
    bool all = true;

    /* A book of this size cannot fill a decision with proposals. */
    warnings_seen |= UINT64_C(1) << VW_WARNING_PROPOSALS_FULL;
    for (int i = 0; i < VW_REASON_COUNT; i++) {
        all &= seen(reasons_seen, i, vw_reason_name((vw_reason)i));
    }
    for (int i = 0; i < VW_WARNING_COUNT; i++) {
        all &= seen(warnings_seen, i, vw_warning_name((vw_warning)i));
    }
    for (int i = 0; i < VW_PROPOSAL_COUNT; i++) {
        all &= seen(kinds_seen, i, vw_proposal_kind_name((vw_proposal_kind)i));
    }
    require(all);
}

static void everything_holds_over_random_states(void **unused)
{
    const char *asked = getenv("VEGAWIRE_STATES"), *seeded = getenv("VEGAWIRE_SEED");
    long states = asked != NULL ? atol(asked) : STATES;

    (void)unused;
    seed = seeded != NULL ? strtoull(seeded, NULL, 10) : 20260721;
    random_state = seed;
    make_chain();
    printf("seed %llu, %ld states\n", (unsigned long long)seed, states);
    for (long i = 0; i < states; i++) {
        if (i % STEPS == 0) {
            session = 20260601;
            random_settings();
            vw_policy_init(state, &set);
            random_world();
            for (int closes = whole(0, 1) * whole(0, 60); closes > 0; closes--) {
                random_close(0);
            }
        } else {
            step_world();
        }
        switch (i % 8) {
        case 1:
            more_inversion_asks_no_less();
            break;
        case 3:
            a_higher_vix_caps_no_lower();
            break;
        case 5:
            if (i % 40 == 5) {
                replay_and_restart_decide_the_same();
            }
            break;
        default:
            break;
        }
        vw_policy_evaluate(&set, state, &in, &out);
        weights_are_a_whole();
        numbers_are_finite();
        limits_hold();
        account_limits_hold();
        no_step_is_naked();
        count_what_happened();
        if (i % 8 == 7) {
            stale_input_adds_no_risk();
        }
    }
    if (states >= 1000000) {
        every_rule_has_spoken();
    }
}

/* Prices that tremble by 0.1 % around a threshold change the regime once a dwell at most. */
static void noise_around_a_threshold_changes_the_regime_once_a_dwell(void **unused)
{
    static const double thresholds[][2] = {{20, 20.7}, {20, 20}, {33, 31}, {33, 30}};

    (void)unused;
    random_state = 7;
    for (size_t i = 0; i < VW_COUNT_OF(thresholds); i++) {
        int64_t changed_ns = INT64_MIN;
        uint8_t regime = VW_REGIME_UNKNOWN;

        set = vw_hedge_defaults;
        vw_policy_init(state, &set);
        vw_hedge_inputs_clear(&in);
        in.future_count = 2;
        in.vix.value = 20;
        for (int tick = 0; tick < 20000; tick++) {
            in.now_ns += SECOND;
            for (size_t f = 0; f < 2; f++) {
                double price = thresholds[i][f] * uniform(0.999, 1.001);

                in.futures[f] = (vw_hedge_future){.price = llround(price * 1e4),
                                                  .expiry = 20260715 + (uint32_t)f,
                                                  .days = 20 + 35 * (double)f};
            }
            vw_policy_evaluate(&set, state, &in, &out);
            if (out.regime != regime && regime != VW_REGIME_UNKNOWN) {
                require(changed_ns == INT64_MIN || in.now_ns - changed_ns >= set.regime.dwell_ns);
                changed_ns = in.now_ns;
            }
            regime = out.regime;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_holds_over_random_states),
        cmocka_unit_test(noise_around_a_threshold_changes_the_regime_once_a_dwell),
    };

    state = calloc(1, vw_policy_state_size());
    other = calloc(1, vw_policy_state_size());
    assert_non_null(state);
    assert_non_null(other);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
