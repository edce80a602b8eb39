#include "core/hedge/strikes.h"

#include "tests/check.h"

#include <limits.h>

/* 50 days of raw SVI with a skew, around 6450. */
static const double YEARS = 50.0 / 365;

static vw_slice skewed(void)
{
    return (vw_slice){.model = VW_MODEL_SVI,
                      .svi = {.a = 0.0010, .b = 0.03, .rho = -0.6, .m = 0.01, .sigma = 0.08},
                      .years = 50.0 / 365,
                      .k_min = -1,
                      .k_max = 1};
}

static vw_exposure_smile smile_of(const vw_slice *slice)
{
    return (vw_exposure_smile){
        .forward = 6450, .discount = 0.994, .years = YEARS, .days = 50, .slice = slice};
}

static void fill(vw_entry_columns *columns, double first, double step, size_t count)
{
    columns->count = count;
    for (size_t i = 0; i < count; i++) {
        columns->strike[i] = first + step * (double)i;
    }
}

static void an_entry_chain_s_prices_are_those_of_single_marks(void **state)
{
    static vw_entry_columns columns;
    vw_slice slice = skewed();
    vw_exposure_smile smile = smile_of(&slice);

    (void)state;
    fill(&columns, 5400, 10, 201); /* three chunks and a tail */
    for (size_t isa = 0; vw_kernels_name(isa) != NULL; isa++) {
        const vw_kernels *kernels = vw_kernels_get(vw_kernels_name(isa));

        if (kernels == NULL) {
            continue;
        }
        vw_strikes_price(kernels, &smile, &columns);
        for (size_t i = 0; i < columns.count; i++) {
            double strike = columns.strike[i];
            vw_slice_point at = vw_slice_at(&slice, log(strike / 6450), YEARS);
            double z = vw_break_even_distance(6450, strike, YEARS, at.vol, at.skew, strike > 6450);
            vw_leg_mark call, put;

            vw_exposure_mark(&smile, 'C', strike, &call);
            vw_exposure_mark(&smile, 'P', strike, &put);
            assert_near(columns.call[i], call.greeks.price, 1e-7);
            assert_near(columns.put[i], put.greeks.price, 1e-7);
            assert_near(columns.call_delta[i], call.greeks.delta, 1e-9);
            if (z > 0) { /* within a break-even the distance is cut off at 0 */
                double beyond = 0.5 * erfc(z / sqrt(2));

                assert_near(columns.below[i], strike > 6450 ? 1 - beyond : beyond, 1e-8);
            }
            assert_true(i == 0 || columns.below[i] > columns.below[i - 1]);
        }
    }
    vw_entry_chain chain = vw_strikes_chain(&columns, "SPXW", 20260730, &smile);

    assert_string_equal(chain.root, "SPXW");
    assert_int_equal(chain.count, 201);
    assert_int_equal(chain.days, 50);
    assert_ptr_equal(chain.below, columns.below);
}

static void strikes_within_reach_are_taken_and_of_too_many_the_nearest(void **state)
{
    static vw_entry_columns columns;
    static double strikes[2000];

    (void)state;
    for (size_t i = 0; i < 2000; i++) {
        strikes[i] = 5 * (double)(i + 1);
    }
    vw_strikes_take(strikes, 2000, 6450, &columns); /* 4840 to 8060 would be 645 */
    assert_int_equal(columns.count, VW_ENTRY_STRIKES_MAX);
    assert_near(columns.strike[0] + columns.strike[VW_ENTRY_STRIKES_MAX - 1], 2 * 6450, 5);
    vw_strikes_take(strikes, 2000, 400, &columns);
    assert_near(columns.strike[0], 300, 0);
    assert_near(columns.strike[columns.count - 1], 500, 0);
    assert_int_equal(columns.count, 41);
    vw_strikes_take(strikes, 0, 400, &columns);
    assert_int_equal(columns.count, 0);
}

static void a_wing_s_move_costs_the_difference_of_two_marks(void **state)
{
    vw_slice slice = skewed();
    vw_exposure_smile smile = smile_of(&slice);
    vw_hedge_condor condor = {
        .contracts = 100,
        .put = {.strike_short = 6100, .strike = 6000, .strike_nearer = 6025, .strike_back = 5975},
        .call = {.strike_short = 6800, .strike = 6825, .strike_nearer = 6800, .strike_back = 0}};
    vw_leg_mark now, other;

    (void)state;
    vw_strikes_wings(vw_kernels_get(NULL), &smile, &condor);
    vw_exposure_mark(&smile, 'P', 6000, &now);
    vw_exposure_mark(&smile, 'P', 6025, &other);
    assert_near(condor.put.cost_nearer_usd, 1e4 * (other.greeks.price - now.greeks.price), 1e-3);
    assert_true(condor.put.cost_nearer_usd > 0);
    vw_exposure_mark(&smile, 'P', 5975, &other);
    assert_near(condor.put.cost_back_usd, 1e4 * (other.greeks.price - now.greeks.price), 1e-3);
    assert_near(condor.call.strike_nearer, 0, 0); /* the short strike: a wing of no width */
    assert_true(isnan(condor.call.cost_nearer_usd));
    assert_true(isnan(condor.call.cost_back_usd));
}

static void the_next_cycle_is_the_third_friday_of_the_following_month(void **state)
{
    (void)state;
    assert_int_equal(vw_strikes_next_cycle(NULL, 20260717), 20260821);
    assert_int_equal(vw_strikes_next_cycle(NULL, 20260708), 20260821); /* a weekly too */
    assert_int_equal(vw_strikes_next_cycle(NULL, 20261218), 20270115);
    assert_int_equal(vw_strikes_next_cycle(NULL, 20260515), 20260618); /* the 19th is a holiday */
}

static void a_new_condor_has_best_the_first_friday_from_seven_weeks_on(void **state)
{
    const vw_hedge_settings *set = &vw_hedge_defaults;

    (void)state; /* 2026-06-10 is a Wednesday */
    assert_int_equal(vw_strikes_entry_distance(NULL, set, 20260610, 20260731), 0);
    assert_int_equal(vw_strikes_entry_distance(NULL, set, 20260610, 20260730), 1);
    assert_int_equal(vw_strikes_entry_distance(NULL, set, 20260610, 20260807), 7);
    assert_int_equal(vw_strikes_entry_distance(NULL, set, 20260610, 20260725), 6);       /* 45 */
    assert_int_equal(vw_strikes_entry_distance(NULL, set, 20260610, 20260724), INT_MAX); /* 44 */
    assert_int_equal(vw_strikes_entry_distance(NULL, set, 20260610, 20260809), 9);       /* 60 */
    assert_int_equal(vw_strikes_entry_distance(NULL, set, 20260610, 20260810), INT_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_entry_chain_s_prices_are_those_of_single_marks),
        cmocka_unit_test(strikes_within_reach_are_taken_and_of_too_many_the_nearest),
        cmocka_unit_test(a_wing_s_move_costs_the_difference_of_two_marks),
        cmocka_unit_test(the_next_cycle_is_the_third_friday_of_the_following_month),
        cmocka_unit_test(a_new_condor_has_best_the_first_friday_from_seven_weeks_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
