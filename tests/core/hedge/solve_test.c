/* Against tests/data/hedge_qp.csv and the worked examples of hedge-engine.md section 9. */
#include "core/hedge/solve.h"

#include "tests/check.h"
#include "tests/table.h"

static const double BETA = 0.469737, BOOK_B = -26823;

static vw_solve_problem unlimited(double condor_v30, double r)
{
    vw_solve_problem problem = {.condor_v30 = condor_v30,
                                .offset = {0, -condor_v30 * r, 0, 0},
                                .r = r,
                                .r_floor = 0.25,
                                .band = 0.15,
                                .theta_min = -INFINITY,
                                .notional_max = INFINITY,
                                .cost_per_day_max = INFINITY};

    return problem;
}

static vw_solve_instrument *add(vw_solve_problem *problem, double v30, double now)
{
    vw_solve_instrument *one = &problem->instruments[problem->count++];

    *one = (vw_solve_instrument){.v30 = v30, .lo = 0, .hi = INFINITY, .now = now, .layer = 1};
    return one;
}

static vw_solve_problem reference_problem(const vw_table *table, size_t row)
{
    vw_solve_problem problem = unlimited(vw_table_number(table, row, "V0"), 1);
    const char *id = vw_table_text(table, row, "id");

    problem.theta = vw_table_number(table, row, "theta0");
    problem.theta_min = 0;
    problem.band = INFINITY;
    for (; row < table->rows && strcmp(vw_table_text(table, row, "id"), id) == 0; row++) {
        bool future = strncmp(vw_table_text(table, row, "instr"), "VX", 2) == 0;
        vw_solve_instrument *one = add(&problem, vw_table_number(table, row, "vega"), 0);

        *(future ? &one->roll : &one->theta) = vw_table_number(table, row, "theta");
        one->cost = vw_table_number(table, row, "cost");
        one->lo = vw_table_number(table, row, "lo");
        one->hi = vw_table_number(table, row, "hi");
    }
    return problem;
}

static void the_reference_problems_come_out(void **state)
{
    vw_table table = vw_table_read("hedge_qp.csv");
    vw_solve_problem problem;
    vw_solve_result got;

    (void)state;
    assert_int_equal(table.rows, 100);
    for (size_t row = 0; row < table.rows; row += problem.count) {
        double mu = vw_table_number(&table, row, "mu_theta");
        double objective = vw_table_number(&table, row, "obj_int");

        problem = reference_problem(&table, row);
        assert_int_equal(vw_solve(&problem, &got), VW_STATUS_OK);
        for (size_t i = 0; i < problem.count; i++) {
            double want = vw_table_number(&table, row + i, "x_cont");

            assert_near(got.unrounded[i], want, 1e-6 * fmax(1, fabs(want)));
            assert_true(got.contracts[i] == vw_table_number(&table, row + i, "x_int"));
        }
        assert_near(got.price[VW_CONSTRAINT_THETA], mu, 1e-6 * (1 + mu));
        assert_near(got.objective_unrounded, vw_table_number(&table, row, "obj_cont"),
                    1e-9 * objective);
        assert_near(got.objective, objective, 1e-9 * objective);
        assert_near(got.net, vw_table_number(&table, row, "netvega_int"), 1e-6);
        assert_near(got.theta_with_roll, vw_table_number(&table, row, "theta_int"), 1e-6);
    }
    vw_table_free(&table);
}

static void the_nearest_whole_number_of_vx_meets_the_target(void **state)
{
    const struct {
        double r, unrounded, whole;
    } want[] = {{0.70, 39.97, 40}, {0.25, 14.28, 14}, {0.50, 28.55, 29}}; /* section 9, 2 */
    vw_solve_result got;

    (void)state;
    for (size_t i = 0; i < VW_COUNT_OF(want); i++) {
        vw_solve_problem problem = unlimited(BOOK_B, want[i].r);

        add(&problem, 1000 * BETA, 0);
        assert_int_equal(vw_solve(&problem, &got), VW_STATUS_OK);
        assert_near(got.unrounded[0], want[i].unrounded, 0.01);
        assert_near(got.contracts[0], want[i].whole, 0);
        assert_near(got.r_attained, want[i].whole * 1000 * BETA / -BOOK_B, 1e-12);
        assert_int_equal(got.given_up_count, 0);
    }
}

static double guarded(double offset, double now)
{
    vw_solve_problem problem = unlimited(BOOK_B, 1);
    vw_solve_result got;

    problem.offset[1] = offset;
    problem.to_edge = true;
    add(&problem, 1000 * BETA, now)->cost = 27;
    assert_int_equal(vw_solve(&problem, &got), VW_STATUS_OK);
    return got.contracts[0];
}

static void the_guardrail_trades_to_the_edge_and_rounds_inside_it(void **state)
{
    (void)state;
    assert_near(guarded(32500, 57), 61, 0); /* section 9, 4: buy 4, not 12 */
    assert_near(guarded(6884, 57), 23, 0);  /* section 9, 3: the edge from above */
    assert_near(guarded(26823, 57), 57, 0); /* inside the band: no trade */
}

static void no_hedge_goes_short_to_follow_positive_vega(void **state)
{
    vw_solve_problem problem = unlimited(13986, 1);
    vw_solve_result got;

    (void)state;
    problem.offset[1] = 6884; /* section 9, 3: of spot +5 % */
    add(&problem, 1000 * BETA, 0);
    assert_int_equal(vw_solve(&problem, &got), VW_STATUS_OK);
    assert_near(got.contracts[0], 15, 0);
    problem.offset[1] = 0;
    assert_int_equal(vw_solve(&problem, &got), VW_STATUS_OK);
    assert_near(got.contracts[0], 0, 0);
}

/* Theta pays for 10 of the 57 contracts only. */
static vw_solve_problem short_of_theta(vw_posture posture)
{
    vw_solve_problem problem = unlimited(BOOK_B, 1);

    problem.posture = posture;
    problem.theta = 1000;
    problem.theta_min = 0;
    add(&problem, 1000 * BETA, 0)->roll = -100;
    return problem;
}

static void a_steward_gives_up_theta_before_protection(void **state)
{
    vw_solve_problem problem = short_of_theta(VW_POSTURE_STEWARD);
    vw_solve_result got;

    (void)state;
    assert_int_equal(vw_solve(&problem, &got), VW_STATUS_OK);
    assert_near(got.contracts[0], 57, 0);
    assert_int_equal(got.given_up_count, 1);
    assert_int_equal(got.given_up[0], VW_CONSTRAINT_THETA);
    assert_true(got.price[VW_CONSTRAINT_THETA] > 0);
    assert_false(got.infeasible);
}

static void a_promoter_gives_up_protection_down_to_a_quarter_before_theta(void **state)
{
    vw_solve_problem problem = short_of_theta(VW_POSTURE_PROMOTER);
    vw_solve_result got;

    (void)state;
    problem.theta = 2000; /* 20 contracts: 35 %, and 50 % with the band */
    assert_int_equal(vw_solve(&problem, &got), VW_STATUS_OK);
    assert_near(got.contracts[0], 20, 0);
    assert_int_equal(got.given_up_count, 1);
    assert_int_equal(got.given_up[0], VW_CONSTRAINT_R_FLOOR);
    assert_near(got.vega_per_theta, 4.69737, 1e-2); /* a dollar of theta carries a hundredth VX */
    problem.theta = 100;                            /* one contract: 2 %, not 25 % less the band */
    assert_int_equal(vw_solve(&problem, &got), VW_STATUS_OK);
    assert_near(got.contracts[0], 14, 0);
    assert_int_equal(got.given_up_count, 2);
    assert_int_equal(got.given_up[1], VW_CONSTRAINT_THETA);
    assert_false(got.infeasible);
}

static void what_limits_make_unreachable_is_infeasible_and_cuts_condors(void **state)
{
    vw_solve_problem problem = unlimited(BOOK_B, 1);
    vw_solve_result got;

    (void)state;
    add(&problem, 1000 * BETA, 0)->hi = 30;
    assert_int_equal(vw_solve(&problem, &got), VW_STATUS_OK);
    assert_near(got.contracts[0], 30, 0);
    assert_true(got.infeasible);
    assert_int_equal(got.given_up[got.given_up_count - 1], VW_CONSTRAINT_R);
    assert_near(got.r_attained, 30 * 1000 * BETA / 26823, 1e-12);
}

static void carry_is_the_first_to_go_and_only_when_it_helps(void **state)
{
    vw_solve_problem problem = unlimited(BOOK_B, 1);
    vw_solve_result got;

    (void)state;
    add(&problem, 1000 * BETA, 0);
    add(&problem, 20, 0)->fails_carry = true;
    assert_int_equal(vw_solve(&problem, &got), VW_STATUS_OK);
    assert_near(got.contracts[1], 0, 0);
    assert_int_equal(got.given_up_count, 0);
    problem.instruments[0].hi = 40;
    assert_int_equal(vw_solve(&problem, &got), VW_STATUS_OK);
    assert_true(got.contracts[1] > 0);
    assert_int_equal(got.given_up_count, 1);
    assert_int_equal(got.given_up[0], VW_CONSTRAINT_CARRY);
}

static void hard_limits_hold_and_have_a_price(void **state)
{
    vw_solve_problem problem = unlimited(BOOK_B, 1);
    vw_solve_instrument *vx = add(&problem, 1000 * BETA, 0);
    vw_solve_result got;

    (void)state;
    vx->notional = 20000;
    vx->roll = -70;
    vx->stress[0] = 2000;
    problem.notional_max = 410000;
    assert_int_equal(vw_solve(&problem, &got), VW_STATUS_OK);
    assert_near(got.contracts[0], 20, 0);
    assert_true(got.infeasible && got.price[VW_CONSTRAINT_NOTIONAL] > 0);
    problem.cost_per_day_max = 700;
    assert_int_equal(vw_solve(&problem, &got), VW_STATUS_OK);
    assert_near(got.contracts[0], 10, 0);
    assert_true(got.price[VW_CONSTRAINT_COST] > 0 && got.price[VW_CONSTRAINT_NOTIONAL] == 0);
    problem.quick_ratio_min = 1.5;
    problem.cash = 100000;
    problem.stress[0] = 50000; /* 100,000 >= 1.5 (50,000 + 2,000 x): x <= 8.3 */
    assert_int_equal(vw_solve(&problem, &got), VW_STATUS_OK);
    assert_near(got.contracts[0], 8, 0);
    assert_true(got.price[VW_CONSTRAINT_QUICK] > 0);
}

static void a_limit_broken_already_is_not_broken_further(void **state)
{
    vw_solve_problem problem = unlimited(BOOK_B, 1);
    vw_solve_result got;

    (void)state;
    add(&problem, 1000 * BETA, 25)->notional = 20000;
    problem.notional_max = 400000;
    assert_int_equal(vw_solve(&problem, &got), VW_STATUS_OK);
    assert_near(got.contracts[0], 25, 0);
}

static void layers_have_targets_of_their_own(void **state)
{
    vw_solve_problem problem = unlimited(-40000, 1);
    vw_solve_result got;

    (void)state;
    problem.offset[1] = 10000;
    problem.offset[2] = 30000;
    add(&problem, 500, 0);
    add(&problem, 400, 0)->layer = 2;
    assert_int_equal(vw_solve(&problem, &got), VW_STATUS_OK);
    assert_near(got.contracts[0], 20, 0);
    assert_near(got.contracts[1], 75, 0);
    assert_near(got.residual[1], 0, 1e-9);
}

static void nonsense_is_refused_and_trades_nothing(void **state)
{
    vw_solve_problem problem = unlimited(BOOK_B, 1);
    vw_solve_result got;

    (void)state;
    add(&problem, NAN, 7);
    assert_int_equal(vw_solve(&problem, &got), VW_STATUS_BAD_INPUT);
    problem.instruments[0].v30 = 0; /* stays where it is */
    assert_int_equal(vw_solve(&problem, &got), VW_STATUS_OK);
    assert_near(got.contracts[0], 7, 0);
}

static double uniform(double low, double high)
{
    return low + (high - low) * (double)random() / (double)RAND_MAX;
}

static vw_solve_problem random_problem(void)
{
    vw_solve_problem problem = unlimited(-uniform(0, 50000), uniform(0, 1));
    size_t count = (size_t)uniform(1, 9);

    problem.posture = random() % 2 ? VW_POSTURE_PROMOTER : VW_POSTURE_STEWARD;
    problem.to_edge = random() % 4 == 0;
    problem.theta = uniform(-500, 4000);
    problem.theta_min = random() % 2 ? 0 : -INFINITY;
    problem.notional_max = random() % 2 ? uniform(0, 2e6) : INFINITY;
    problem.cost_per_day_max = random() % 2 ? uniform(0, 5000) : INFINITY;
    problem.quick_ratio_min = random() % 2 ? 1.5 : 0;
    problem.cash = uniform(0, 2e6);
    for (size_t i = 0; i < VW_SOLVE_STRESSES; i++) {
        problem.stress[i] = uniform(-1e5, 8e5);
        problem.offset[i] = uniform(0, 20000);
    }
    for (size_t i = 0; i < count; i++) {
        vw_solve_instrument *one = add(&problem, uniform(-30, 700), floor(uniform(0, 20)));

        one->layer = (uint8_t)(random() % VW_SOLVE_LAYERS);
        one->hi = random() % 2 ? floor(uniform(20, 400)) : INFINITY;
        one->theta = random() % 2 ? uniform(-3, 0) : 0;
        one->roll = random() % 2 ? uniform(-100, 100) : 0;
        one->cost = uniform(0, 30);
        one->notional = uniform(0, 20000);
        one->cash = uniform(-100, 300);
        one->fails_carry = random() % 4 == 0;
        for (size_t s = 0; s < VW_SOLVE_STRESSES; s++) {
            one->stress[s] = uniform(-5000, 5000);
        }
    }
    return problem;
}

static double used(const vw_solve_problem *problem, const double *contracts, int limit)
{
    double sum = 0;

    for (size_t i = 0; i < problem->count; i++) {
        const vw_solve_instrument *one = &problem->instruments[i];
        double of = limit == 0   ? one->notional
                    : limit == 1 ? -(one->theta + one->roll)
                                 : one->cash + problem->quick_ratio_min * one->stress[limit - 2];

        sum += of * contracts[i];
    }
    return sum;
}

static double limit_of(const vw_solve_problem *problem, int limit)
{
    if (limit < 2) {
        return limit == 0 ? problem->notional_max : problem->cost_per_day_max;
    }
    return problem->quick_ratio_min > 0
               ? problem->cash - problem->quick_ratio_min * problem->stress[limit - 2]
               : INFINITY;
}

static void no_random_book_breaks_a_limit_or_leaves_the_numbers(void **state)
{
    vw_solve_result got;

    (void)state;
    printf("seed 5\n");
    srandom(5);
    for (int round = 0; round < 20000; round++) {
        vw_solve_problem problem = random_problem();
        double now[VW_SOLVE_INSTRUMENTS];

        assert_int_equal(vw_solve(&problem, &got), VW_STATUS_OK);
        for (size_t i = 0; i < problem.count; i++) {
            const vw_solve_instrument *one = &problem.instruments[i];

            now[i] = one->now;
            assert_true(got.contracts[i] == floor(got.contracts[i]));
            assert_true(got.contracts[i] >= one->lo && got.contracts[i] <= one->hi);
            assert_true(isfinite(got.unrounded[i]));
        }
        for (int limit = 0; limit < 2 + VW_SOLVE_STRESSES; limit++) {
            double most = fmax(limit_of(&problem, limit), used(&problem, now, limit));

            assert_true(used(&problem, got.contracts, limit) <= most + 1e-6);
        }
        assert_true(isfinite(got.objective) && isfinite(got.r_attained) && isfinite(got.net));
        for (size_t i = 0; i < VW_CONSTRAINT_COUNT; i++) {
            assert_true(got.price[i] >= 0 && isfinite(got.price[i]));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_reference_problems_come_out),
        cmocka_unit_test(the_nearest_whole_number_of_vx_meets_the_target),
        cmocka_unit_test(the_guardrail_trades_to_the_edge_and_rounds_inside_it),
        cmocka_unit_test(no_hedge_goes_short_to_follow_positive_vega),
        cmocka_unit_test(a_steward_gives_up_theta_before_protection),
        cmocka_unit_test(a_promoter_gives_up_protection_down_to_a_quarter_before_theta),
        cmocka_unit_test(what_limits_make_unreachable_is_infeasible_and_cuts_condors),
        cmocka_unit_test(carry_is_the_first_to_go_and_only_when_it_helps),
        cmocka_unit_test(hard_limits_hold_and_have_a_price),
        cmocka_unit_test(a_limit_broken_already_is_not_broken_further),
        cmocka_unit_test(layers_have_targets_of_their_own),
        cmocka_unit_test(nonsense_is_refused_and_trades_nothing),
        cmocka_unit_test(no_random_book_breaks_a_limit_or_leaves_the_numbers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
