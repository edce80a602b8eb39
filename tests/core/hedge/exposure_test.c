#include "core/hedge/exposure.h"

#include "core/vol/vx_curve.h"

#include "tests/check.h"

#include <string.h>

/* Book B of hedge-engine.md section 9: flat 16 vol, 30 days, no discounting. */
static const vw_condor BOOK_B = {.root = "SPXW",
                                 .expiry = 20260710,
                                 .put_wing = 6000,
                                 .put_short = 6100,
                                 .call_short = 6800,
                                 .call_wing = 6900,
                                 .contracts = 100};

typedef struct scene {
    vw_slice slice;
    vw_exposure_smile smile;
    vw_portfolio portfolio;
    vw_leg_mark marks[4];
    vw_hedge_market market;
    vw_hedge hedge;
    vw_exposure_book book;
} scene;

static vw_slice flat(double vol, double years)
{
    return (vw_slice){.model = VW_MODEL_SVI,
                      .svi = {.a = vol * vol * years, .b = 0, .rho = 0, .m = 0, .sigma = 0.1},
                      .years = years,
                      .k_min = -1,
                      .k_max = 1};
}

static void set_scene(scene *s, double forward, double vol, double vix)
{
    double years = 30.0 / 365;

    memset(s, 0, sizeof *s);
    s->slice = flat(vol, years);
    s->smile = (vw_exposure_smile){
        .forward = forward, .discount = 1, .years = years, .days = 30, .slice = &s->slice};
    s->market = (vw_hedge_market){
        .months = {{.expiry = 20260722, .beta = vw_vx_curve_beta(30), .days = 30, .price = 19}},
        .index = forward,
        .spot_vix = vix};
    s->book = (vw_exposure_book){&s->portfolio,        s->marks, &s->hedge, &s->market,
                                 vw_kernels_get(NULL), 20260610};
}

static void value_book_b(scene *s, vw_hedge_condor *condor)
{
    assert_int_equal(vw_portfolio_add_condor(&s->portfolio, &BOOK_B, NULL), VW_OK);
    for (size_t i = 0; i < 4; i++) {
        const vw_leg *leg = &s->portfolio.legs[i];

        vw_exposure_mark(&s->smile, leg->type, leg->strike, &s->marks[i]);
    }
    vw_hedge_evaluate(&s->portfolio, s->marks, &s->market, &s->hedge);
    assert_true(vw_exposure_condor(&s->book, 1, &s->smile, condor));
}

/* An option of the scene's smile as a leg of a package. */
static vw_package_leg option(const vw_exposure_smile *smile, char type, double strike,
                             double contracts)
{
    vw_package_leg leg = {.type = type, .strike = strike, .contracts = contracts};

    vw_exposure_mark(smile, type, strike, &leg.mark);
    return leg;
}

static const uint32_t ONE_EXPIRY[] = {20260722, 20260722, 20260722};

static void book_b_is_worth_and_risks_what_the_specification_says(void **state)
{
    vw_hedge_condor condor;
    scene s;

    (void)state;
    set_scene(&s, 6450, 0.16, 16);
    value_book_b(&s, &condor);
    assert_near(condor.v30[1], -26823, 0.5);
    assert_near(condor.theta, 7153, 0.5);
    assert_near(condor.max_loss_usd, 822024, 0.5);
    assert_near(condor.break_even_lo, 6100 - 17.798, 0.0005);
    assert_near(condor.break_even_hi, 6800 + 17.798, 0.0005);
    assert_int_equal(condor.days, 30);
    assert_near(condor.notional_usd, 64500000, 1e-6);
    double before = -s.hedge.legs[0].value_usd - s.hedge.legs[1].value_usd -
                    s.hedge.legs[2].value_usd - s.hedge.legs[3].value_usd;
    double gain = condor.vol_gain_usd;

    set_scene(&s, 6450, 0.21, 16); /* 5 points of VIX are 5 of a 30-day vol */
    value_book_b(&s, &condor);
    for (size_t i = 0; i < 4; i++) {
        before += s.hedge.legs[i].value_usd;
    }
    assert_near(gain, before, 1e-6);
    assert_true(gain < 0 && gain > 1.2 * -5 * 26823);
    set_scene(&s, 5805, 0.16, 30);
    value_book_b(&s, &condor);
    assert_near(condor.v30[1], 13986, 0.5);
    assert_near(condor.v30[0], 6222, 0.5);
    assert_near(condor.v30[2], -6884, 0.5);
    assert_true(condor.z_lo <= 0); /* breached */
    assert_true(condor.z_hi > 2);
}

static void its_margin_with_57_futures_is_that_of_example_10(void **state)
{
    vw_package_leg leg = {.mark = {.family = VW_FAMILY_VX,
                                   .multiplier = 1000,
                                   .days = 30,
                                   .greeks = {.price = 19},
                                   .roll_per_day = 0.02,
                                   .status = VW_STATUS_OK},
                          .type = 'F',
                          .contracts = 1};
    vw_hedge_instrument future = {.kind = VW_KIND_VX, .month = 1, .price = NAN};
    vw_hedge_condor condor;
    double worst = 0;
    scene s;

    (void)state;
    set_scene(&s, 6450, 0.16, 16);
    value_book_b(&s, &condor);
    assert_int_equal(vw_exposure_kind(&leg, ONE_EXPIRY, 1), VW_KIND_VX);
    vw_exposure_package(vw_kernels_get(NULL), &s.market, &leg, 1, &future);
    assert_near(future.roll, -20, 1e-9);
    assert_near(future.theta, 0, 1e-9);
    assert_near(future.notional_usd, 19000, 1e-9);
    assert_near(future.v30, 469.737, 0.001);
    for (size_t i = 0; i < VW_HEDGE_STRESSES; i++) {
        worst = fmax(worst, condor.stress_usd[i] + 57 * future.stress_usd[i]);
    }
    assert_near(worst, 769758, 0.5);
}

static void a_call_spread_is_valued_on_its_future(void **state)
{
    vw_hedge_instrument spread = {.price = NAN};
    scene s;

    (void)state;
    set_scene(&s, 19, 0.90, 18);
    s.smile.beta = vw_vx_curve_beta(30);
    vw_package_leg legs[] = {option(&s.smile, 'C', 30, -1), option(&s.smile, 'C', 20, 1)};

    spread.kind = (uint8_t)vw_exposure_kind(legs, ONE_EXPIRY, 2);
    assert_int_equal(spread.kind, VW_KIND_VIX_CALL_SPREAD);
    vw_exposure_package(vw_kernels_get(NULL), &s.market, legs, 2, &spread);
    assert_near(spread.strike, 20, 0);
    assert_near(spread.strike_far, 30, 0);
    assert_near(spread.width, 10, 0);
    assert_near(spread.delta / 100, 0.4218, 0.00005); /* example 7 */
    assert_near(spread.v30, 19.81, 0.005);
    assert_near(353 * spread.price * 100, 51100, 50);
    assert_near(spread.theta, -2.40, 0.005); /* which times 353 is the -847 there */
    assert_near(spread.notional_usd, 0.4218 * 18 * 100, 0.1);
    assert_true(isnan(spread.irr));
}

static void a_sold_spread_is_a_package_whose_loss_is_known(void **state)
{
    vw_hedge_instrument sold = {.price = 1}; /* as quoted */
    scene s;

    (void)state;
    set_scene(&s, 27, 1.10, 30);
    s.smile.beta = vw_vx_curve_beta(30);
    vw_package_leg legs[] = {option(&s.smile, 'C', 35, 1), option(&s.smile, 'C', 30, -1)};

    sold.kind = (uint8_t)vw_exposure_kind(legs, ONE_EXPIRY, 2);
    assert_int_equal(sold.kind, VW_KIND_VIX_CREDIT_SPREAD);
    vw_exposure_package(vw_kernels_get(NULL), &s.market, legs, 2, &sold);
    assert_near(sold.price, 1, 0);
    assert_near(sold.worst_loss_usd, 400, 1e-9);
    assert_true(sold.v30 < 0 && sold.theta > 0);
    assert_near(sold.irr, pow(5.0 / 4, 365.0 / 30) - 1, 1e-6);
}

static void a_calendar_has_its_worst_loss_and_its_rate(void **state)
{
    const uint32_t expiries[] = {20260722, 20260819, 20260722};
    vw_hedge_instrument calendar = {.price = NAN};
    vw_exposure_smile far;
    vw_slice later;
    scene s;

    (void)state;
    set_scene(&s, 21, 0.90, 20);
    s.smile.beta = vw_vx_curve_beta(30);
    far = s.smile;
    far.years = 60.0 / 365;
    later = flat(0.80, far.years);
    far.slice = &later;
    far.beta = vw_vx_curve_beta(60);
    vw_package_leg legs[] = {option(&s.smile, 'C', 27, 1), option(&far, 'C', 22, 1),
                             option(&s.smile, 'C', 22, -1)};

    calendar.kind = (uint8_t)vw_exposure_kind(legs, expiries, 3);
    assert_int_equal(calendar.kind, VW_KIND_VIX_CALENDAR);
    vw_exposure_package(vw_kernels_get(NULL), &s.market, legs, 3, &calendar);
    assert_true(calendar.price > 0);
    assert_near(calendar.strike, 22, 0);
    assert_near(calendar.strike_far, 27, 0);
    assert_near(calendar.worst_loss_usd, 100 * (calendar.price + 5), 1e-9);
    assert_true(isfinite(calendar.irr));
}

static void a_short_that_nothing_covers_is_no_instrument(void **state)
{
    scene s;

    (void)state;
    set_scene(&s, 21, 0.90, 20);
    s.smile.beta = vw_vx_curve_beta(30);
    vw_package_leg naked[] = {option(&s.smile, 'C', 22, -1)};
    vw_package_leg ratio[] = {option(&s.smile, 'C', 22, 1), option(&s.smile, 'C', 30, -2)};
    vw_package_leg apart[] = {option(&s.smile, 'C', 22, -1), option(&s.smile, 'C', 30, 1)};
    const uint32_t expiries[] = {20260819, 20260722}; /* the wing expires first */

    assert_int_equal(vw_exposure_kind(naked, ONE_EXPIRY, 1), VW_KIND_COUNT);
    assert_int_equal(vw_exposure_kind(ratio, ONE_EXPIRY, 2), VW_KIND_COUNT);
    assert_int_equal(vw_exposure_kind(apart, expiries, 2), VW_KIND_COUNT);
}

static void a_strike_has_its_listed_neighbours(void **state)
{
    const double strikes[] = {5900, 5950, 6000, 6025};

    (void)state;
    assert_near(vw_exposure_neighbour(strikes, 4, 6000, true), 6025, 0);
    assert_near(vw_exposure_neighbour(strikes, 4, 6000, false), 5950, 0);
    assert_near(vw_exposure_neighbour(strikes, 4, 6025, true), 0, 0);
    assert_near(vw_exposure_neighbour(strikes, 4, 5900, false), 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(book_b_is_worth_and_risks_what_the_specification_says),
        cmocka_unit_test(its_margin_with_57_futures_is_that_of_example_10),
        cmocka_unit_test(a_call_spread_is_valued_on_its_future),
        cmocka_unit_test(a_sold_spread_is_a_package_whose_loss_is_known),
        cmocka_unit_test(a_calendar_has_its_worst_loss_and_its_rate),
        cmocka_unit_test(a_short_that_nothing_covers_is_no_instrument),
        cmocka_unit_test(a_strike_has_its_listed_neighbours),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
