#include "core/hedge/portfolio.h"

#include "tests/check.h"

#include <string.h>

static vw_condor condor(void)
{
    return (vw_condor){.root = "SPXW",
                       .expiry = 20260821,
                       .put_wing = 6000,
                       .put_short = 6100,
                       .call_short = 6800,
                       .call_wing = 6900,
                       .contracts = 100};
}

static void a_credit_condor_sells_its_inner_strikes(void **state)
{
    vw_portfolio portfolio = {.book = "main"};
    vw_condor credit = condor(), debit = condor();
    const double strikes[] = {6000, 6100, 6800, 6900};
    const double signs[] = {1, -1, -1, 1};

    (void)state;
    debit.debit = true;
    assert_int_equal(vw_portfolio_add_condor(&portfolio, &credit, NULL), VW_OK);
    assert_int_equal(vw_portfolio_add_condor(&portfolio, &debit, NULL), VW_OK);
    assert_int_equal(portfolio.condor_count, 2);
    assert_int_equal(portfolio.leg_count, 8);
    for (size_t i = 0; i < 4; i++) {
        const vw_leg *sold = &portfolio.legs[i], *bought = &portfolio.legs[i + 4];

        assert_string_equal(sold->root, "SPXW");
        assert_int_equal(sold->type, i < 2 ? 'P' : 'C');
        assert_int_equal(sold->condor, 1);
        assert_int_equal(bought->condor, 2);
        assert_false(sold->hedge);
        assert_near(sold->strike, strikes[i], 0);
        assert_near(sold->contracts, 100 * signs[i], 0);
        assert_near(bought->contracts, -100 * signs[i], 0);
    }
}

static void a_condor_that_makes_no_sense_is_refused_by_its_value(void **state)
{
    vw_portfolio portfolio = {0};
    vw_error error;
    vw_condor bad = condor();

    (void)state;
    bad.call_short = 6100;
    assert_int_equal(vw_portfolio_add_condor(&portfolio, &bad, &error), VW_ERR_CONFIG);
    assert_non_null(strstr(error.text, "6000, 6100, 6100, 6900"));
    bad = condor();
    bad.put_wing = NAN;
    assert_int_equal(vw_portfolio_add_condor(&portfolio, &bad, NULL), VW_ERR_CONFIG);
    bad = condor();
    bad.contracts = 2.5;
    assert_int_equal(vw_portfolio_add_condor(&portfolio, &bad, &error), VW_ERR_CONFIG);
    assert_non_null(strstr(error.text, "2.5"));
    bad.contracts = -3;
    assert_int_equal(vw_portfolio_add_condor(&portfolio, &bad, NULL), VW_ERR_CONFIG);
    bad.contracts = NAN;
    assert_int_equal(vw_portfolio_add_condor(&portfolio, &bad, NULL), VW_ERR_CONFIG);
    assert_int_equal(portfolio.leg_count, 0);
    assert_int_equal(portfolio.condor_count, 0);
}

static void a_full_portfolio_refuses_more(void **state)
{
    vw_portfolio portfolio = {0};
    vw_condor one = condor();
    vw_leg future = {.root = "VX", .type = 'F', .expiry = 20260819, .contracts = 20};

    (void)state;
    for (size_t i = 0; i < VW_PORTFOLIO_LEGS_MAX / 4; i++) {
        assert_int_equal(vw_portfolio_add_condor(&portfolio, &one, NULL), VW_OK);
    }
    assert_int_equal(vw_portfolio_add_condor(&portfolio, &one, NULL), VW_ERR_CONFIG);
    assert_int_equal(vw_portfolio_add_hedge(&portfolio, &future, NULL), VW_ERR_CONFIG);
    assert_int_equal(portfolio.leg_count, VW_PORTFOLIO_LEGS_MAX);
}

static void a_hedge_leg_is_marked_as_one_or_refused(void **state)
{
    vw_portfolio portfolio = {0};
    vw_error error;
    vw_leg leg = {.root = "VX", .type = 'F', .condor = 7, .expiry = 20260819, .contracts = -20};

    (void)state;
    assert_int_equal(vw_portfolio_add_hedge(&portfolio, &leg, NULL), VW_OK);
    assert_true(portfolio.legs[0].hedge);
    assert_int_equal(portfolio.legs[0].condor, 0);
    leg.contracts = 0;
    assert_int_equal(vw_portfolio_add_hedge(&portfolio, &leg, NULL), VW_ERR_CONFIG);
    leg.contracts = 1;
    leg.strike = 20;
    assert_int_equal(vw_portfolio_add_hedge(&portfolio, &leg, &error), VW_ERR_CONFIG);
    assert_non_null(strstr(error.text, "strike 20"));
    leg.type = 'X';
    assert_int_equal(vw_portfolio_add_hedge(&portfolio, &leg, &error), VW_ERR_CONFIG);
    assert_non_null(strstr(error.text, "'X'"));
    leg.type = 'C';
    leg.strike = 0;
    assert_int_equal(vw_portfolio_add_hedge(&portfolio, &leg, NULL), VW_ERR_CONFIG);
    assert_int_equal(portfolio.leg_count, 1);
}

static void add_option(vw_portfolio *to, const char *root, char type, double strike,
                       double contracts, uint16_t package)
{
    vw_leg leg = {.type = type,
                  .package = package,
                  .expiry = 20260722,
                  .strike = strike,
                  .contracts = contracts};

    memcpy(leg.root, root, strlen(root));
    assert_int_equal(vw_portfolio_add_hedge(to, &leg, NULL), VW_OK);
}

static void a_sold_option_and_its_bought_one_are_a_package(void **state)
{
    vw_portfolio p = {0};

    (void)state;
    add_option(&p, "VIX", 'C', 25, 200, 0);
    add_option(&p, "VIX", 'C', 22, 200, 0);
    add_option(&p, "VIX", 'C', 35, -200, 0);
    add_option(&p, "VIX", 'P', 30, 200, 0);  /* another type */
    add_option(&p, "VIX", 'C', 33, 200, 7);  /* of a package already */
    add_option(&p, "VIX", 'C', 40, -100, 0); /* no bought one of its number */
    vw_portfolio_pair(&p);
    assert_int_equal(p.legs[0].package, 8); /* 25 is nearer to 35 than 22 */
    assert_int_equal(p.legs[2].package, 8);
    assert_int_equal(p.legs[1].package, 0);
    assert_int_equal(p.legs[3].package, 0);
    assert_int_equal(p.legs[4].package, 7);
    assert_int_equal(p.legs[5].package, 0);
}

static void layers_begin_on_their_first_day(void **state)
{
    const int days[] = {-1, 0, 29, 30, 44, 45, 59, 60, 400};
    const uint8_t layers[] = {1, 1, 1, 2, 2, 3, 3, 4, 4};

    (void)state;
    for (size_t i = 0; i < VW_COUNT_OF(days); i++) {
        assert_int_equal(vw_portfolio_layer(days[i]), layers[i]);
    }
}

/* Case 1 of mathematics.md 14.1, discounted at 5 %; undiscounted values recomputed by hand. */
static void desk_units_are_per_point_and_per_day(void **state)
{
    const vw_greeks plain = {.price = 61.505199580107761,
                             .delta = 0.5047833329465586,
                             .gamma = 0.0025659789376894667,
                             .vega = 512.4927796097592,
                             .theta = -371.04446913611883,
                             .rho = -5.055221883296528,
                             .vanna = 0.056943642178862133,
                             .volga = -1.2636808264350226,
                             .charm = -0.016329692143241427};
    const double years = 0.082191780821917804, vol = 0.12;
    double d1 = vol * sqrt(years) / 2, n1 = exp(-d1 * d1 / 2) / sqrt(2 * acos(-1));
    vw_greeks desk = vw_desk_units(&plain, exp(-0.05 * years), 0.05);

    (void)state;
    assert_near(desk.price, plain.price, 0);
    assert_near(desk.delta, 0.5 * erfc(-d1 / sqrt(2)), 1e-15);
    assert_near(desk.gamma, n1 / (4500 * vol * sqrt(years)), 1e-17);
    assert_near(desk.vega, 5.124927796097592, 1e-14);
    assert_near(desk.theta, -1.0165601894140242, 1e-14);
    assert_near(desk.rho, -0.05055221883296528, 1e-16);
    assert_near(desk.vanna, 0.01 * n1 * d1 / vol, 1e-17);
    assert_near(desk.volga, -1.2636808264350226e-4, 1e-18);
    assert_near(desk.charm, n1 * -d1 / (2 * years) / 365, 1e-17);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_credit_condor_sells_its_inner_strikes),
        cmocka_unit_test(a_condor_that_makes_no_sense_is_refused_by_its_value),
        cmocka_unit_test(a_full_portfolio_refuses_more),
        cmocka_unit_test(a_hedge_leg_is_marked_as_one_or_refused),
        cmocka_unit_test(a_sold_option_and_its_bought_one_are_a_package),
        cmocka_unit_test(layers_begin_on_their_first_day),
        cmocka_unit_test(desk_units_are_per_point_and_per_day),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
