/* scene.h: a hedge engine, its book and its market in a few words, for the tests of the policy. */
#ifndef VW_TESTS_CORE_HEDGE_SCENE_H
#define VW_TESTS_CORE_HEDGE_SCENE_H

#include "core/hedge/exposure.h"
#include "core/hedge/policy.h"
#include "core/hedge/stress.h"
#include "core/vol/vx_curve.h"

#include "tests/check.h"

#include <string.h>

static const int64_t SCENE_SECOND = INT64_C(1000000000);
static const int64_t SCENE_MINUTE = INT64_C(60000000000);

typedef struct scene {
    vw_hedge_settings set;
    vw_hedge_state *state;
    vw_hedge_inputs in;
    vw_decision out;
    vw_slice slice;
    vw_exposure_smile smile;
    vw_portfolio portfolio;
    vw_leg_mark marks[4];
    vw_hedge_market market;
    vw_hedge hedge;
} scene;

/* Steward, first evaluation, an empty book, no history, 2026-06-10 in a calm market. */
static inline void scene_open(scene *s)
{
    memset(s, 0, sizeof *s);
    s->set = vw_hedge_defaults;
    s->set.cost_factor = 0;
    s->state = calloc(1, vw_policy_state_size());
    assert_non_null(s->state);
    vw_policy_init(s->state, &s->set);
    vw_hedge_inputs_clear(&s->in);
    s->in.now_ns = 1000 * SCENE_SECOND;
    s->in.session = 20260610;
}

static inline void scene_shut(scene *s)
{
    free(s->state);
}

static inline void scene_curve(scene *s, double vx1, double vx2)
{
    static const uint32_t expiries[] = {20260715, 20260819, 20260916, 20261021};
    const double prices[] = {vx1, vx2, vx2, vx2};

    s->in.future_count = VW_COUNT_OF(prices);
    for (size_t i = 0; i < VW_COUNT_OF(prices); i++) {
        double days = 30 + 35 * (double)i;

        s->in.futures[i] = (vw_hedge_future){.price = llround(prices[i] * 1e4),
                                             .expiry = expiries[i],
                                             .instrument = (uint32_t)i + 1,
                                             .days = days,
                                             .beta = vw_vx_curve_beta(days),
                                             .forward_vol = NAN,
                                             .options_rms = NAN};
    }
}

static inline void scene_vix(scene *s, double vix)
{
    s->in.vix = (vw_reading){.value = vix};
}

/* Book B of the specification's section 9, with the index and a flat vol of all strikes. */
static inline void scene_book_b(scene *s, double index, double vol, double vix)
{
    const vw_condor condor = {.root = "SPXW",
                              .expiry = 20260710,
                              .put_wing = 6000,
                              .put_short = 6100,
                              .call_short = 6800,
                              .call_wing = 6900,
                              .contracts = 100,
                              .entry = {.credit = 17.798}};
    double years = 30.0 / 365;

    memset(&s->portfolio, 0, sizeof s->portfolio);
    s->slice = (vw_slice){.model = VW_MODEL_SVI,
                          .svi = {.a = vol * vol * years, .sigma = 0.1},
                          .years = years,
                          .k_min = -1,
                          .k_max = 1};
    s->smile = (vw_exposure_smile){
        .forward = index, .discount = 1, .years = years, .days = 30, .slice = &s->slice};
    s->market = (vw_hedge_market){.index = index, .spot_vix = vix};
    assert_int_equal(vw_portfolio_add_condor(&s->portfolio, &condor, NULL), VW_OK);
    for (size_t i = 0; i < 4; i++) {
        const vw_leg *leg = &s->portfolio.legs[i];

        vw_exposure_mark(&s->smile, leg->type, leg->strike, &s->marks[i]);
    }
    vw_hedge_evaluate(&s->portfolio, s->marks, &s->market, &s->hedge);
    const vw_exposure_book book = {&s->portfolio,        s->marks, &s->hedge, &s->market,
                                   vw_kernels_get(NULL), 20260610};

    assert_true(vw_exposure_condor(&book, 1, &s->smile, &s->in.condors[0]));
    s->in.condors[0].id = 1;
    s->in.condor_count = 1;
    s->in.spot = (vw_reading){.value = index};
    scene_vix(s, vix);
}

/* A leg of the instruments, filled but for what is given; returns it for more. */
static inline vw_hedge_instrument *scene_leg(scene *s, vw_hedge_kind kind, uint32_t id)
{
    vw_hedge_instrument *leg = &s->in.instruments[s->in.instrument_count++];

    *leg = (vw_hedge_instrument){.id = id,
                                 .kind = (uint8_t)kind,
                                 .month = 1,
                                 .days = 30,
                                 .root = "VIX",
                                 .expiry = 20260715,
                                 .hi = INFINITY,
                                 .price = 1,
                                 .entry_price = NAN,
                                 .displayed = NAN,
                                 .multiplier = 100,
                                 .irr = NAN,
                                 .beta = NAN};
    return leg;
}

/* The future of a month, as many as held; its index among the instruments. */
static inline size_t scene_vx(scene *s, uint8_t month, double contracts)
{
    vw_hedge_instrument *leg = scene_leg(s, VW_KIND_VX, month);
    const vw_hedge_future *future = &s->in.futures[month - 1];
    const vw_package_leg one = {.mark = {.family = VW_FAMILY_VX,
                                         .multiplier = 1000,
                                         .beta = future->beta,
                                         .days = future->days,
                                         .greeks = {.price = (double)future->price * 1e-4},
                                         .status = VW_STATUS_OK},
                                .type = 'F',
                                .contracts = 1};

    leg->month = month;
    leg->price = NAN;
    leg->contracts = contracts;
    memcpy(leg->root, "VX", 3);
    vw_exposure_package(vw_kernels_get(NULL), &s->market, &one, 1, leg);
    leg->expiry = future->expiry;
    leg->days = (int)future->days;
    return s->in.instrument_count - 1;
}

/* The 30-day at-the-money vol has risen by this since the condors' entry: 0.4 releases all. */
static inline void scene_vol_rise(scene *s, double rise)
{
    for (size_t i = 0; i < s->in.condor_count; i++) {
        s->in.condors[i].atm_vol_entry = 16;
    }
    s->in.atm_vol_30 = (vw_reading){.value = 16 * (1 + rise) + 1e-9};
}

static inline const vw_decision *scene_decide(scene *s)
{
    vw_policy_evaluate(&s->set, s->state, &s->in, &s->out);
    return &s->out;
}

static inline bool scene_says(const scene *s, vw_reason reason)
{
    return (s->out.reasons >> reason & 1) != 0;
}

static inline bool scene_warns(const scene *s, vw_warning warning)
{
    return (s->out.warnings >> warning & 1) != 0;
}

/* One contract's worth of an option structure on VIX: legs bought first, a flat vol. */
static inline void scene_price(scene *s, vw_hedge_instrument *leg, double future, double vol,
                               const double *strikes, const double *contracts, size_t count)
{
    double years = leg->days / 365.0;
    vw_slice slice = {.model = VW_MODEL_SVI,
                      .svi = {.a = vol * vol * years, .sigma = 0.1},
                      .years = years,
                      .k_min = -3,
                      .k_max = 3};
    const vw_exposure_smile smile = {.forward = future,
                                     .discount = 1,
                                     .years = years,
                                     .days = leg->days,
                                     .beta = vw_vx_curve_beta(leg->days),
                                     .slice = &slice};
    vw_package_leg legs[VW_PACKAGE_LEGS_MAX];

    for (size_t i = 0; i < count; i++) {
        legs[i] = (vw_package_leg){.type = 'C', .strike = strikes[i], .contracts = contracts[i]};
        vw_exposure_mark(&smile, 'C', strikes[i], &legs[i].mark);
    }
    leg->price = NAN;
    vw_exposure_package(vw_kernels_get(NULL), &s->market, legs, count, leg);
}

/* A session's close with the scene's own expiries. */
static inline void scene_close(scene *s, uint32_t session, double vix, double vx1, double vx2,
                               double spx, double advances_declines)
{
    vw_hedge_close close = {.session = session,
                            .spx = spx,
                            .vix = vix,
                            .advances_declines = advances_declines,
                            .vol_of_vol = NAN,
                            .atm_vol_30 = NAN,
                            .atm_vol_7 = NAN,
                            .futures = {{20260715, 30, vx1}, {20260819, 65, vx2}},
                            .future_count = 2};

    vw_policy_close(&s->set, s->state, &close);
}

#endif
