/* Against 40-digit values: tests/data/options_2000.csv and black76_40digits.csv, computed with
 * mpmath; tolerances of mathematics.md section 13. */
#include "core/pricing/kernels.h"

#include "tests/check.h"
#include "tests/core/pricing/greek_scale.h"
#include "tests/core/pricing/kernel_sets.h"
#include "tests/table.h"

#include <float.h>
#include <math.h>

enum { ROWS_MAX = 2048, GREEKS = 16 };

#define EPS DBL_EPSILON

typedef struct cases {
    size_t count;
    double forward[ROWS_MAX], strike[ROWS_MAX], years[ROWS_MAX], vol[ROWS_MAX];
    double discount[ROWS_MAX], side[ROWS_MAX], rate[ROWS_MAX], log_strike[ROWS_MAX];
    double slack[ROWS_MAX]; /* relative error that the inputs' own rounding makes in d1 */
} cases;

static cases given;
static double values[GREEKS][ROWS_MAX];
static uint8_t statuses[ROWS_MAX];

static const char *const columns[GREEKS] = {
    "price", "delta", "gamma", "vega",  "theta_fwd", "rho_fwd", "vanna",      "volga",
    "charm", "veta",  "speed", "color", "zomma",     "ultima",  "dual_delta", "dual_gamma"};

static vw_black_outputs outputs(void)
{
    return (vw_black_outputs){
        .price = values[0],
        .delta = values[1],
        .gamma = values[2],
        .vega = values[3],
        .theta = values[4],
        .rho = values[5],
        .vanna = values[6],
        .volga = values[7],
        .charm = values[8],
        .veta = values[9],
        .speed = values[10],
        .color = values[11],
        .zomma = values[12],
        .ultima = values[13],
        .dual_delta = values[14],
        .dual_gamma = values[15],
        .status = statuses,
    };
}

static size_t price_all(const vw_kernels *set)
{
    vw_black_inputs in = {given.forward,  given.strike, given.years, given.vol,
                          given.discount, given.side,   given.rate};
    vw_black_outputs out = outputs();

    memset(values, 0xff, sizeof values);
    return set->black(&in, &out, given.count);
}

static double tolerance_of(int greek, size_t i, const double *want, double d1, double d2)
{
    double d2max = fmax(d1 * d1, d2 * d2);
    const vw_greek_case of = {given.forward[i], given.strike[i],   given.years[i],
                              given.vol[i],     given.discount[i], given.rate[i]};
    double scale = vw_greek_scale(greek, &of, want);
    double slack = given.slack[i] * (1 + fabs(d1)) * (1 + sqrt(d2max));

    if (greek == 0) {
        double intrinsic = fmax(given.side[i] * (given.forward[i] - given.strike[i]), 0);
        double inputs = given.slack[i] > 0 ? given.forward[i] + given.strike[i] : 0;
        double otm = fmax(want[0] - given.discount[i] * intrinsic, 0);

        return otm * (EPS * (64 + 8 * d2max) + slack) + EPS * (4 * intrinsic + inputs);
    }
    if (greek <= 3 || greek >= 14) {
        return scale * (EPS * 8 * (1 + d2max) + slack);
    }
    if (greek == 5) {
        return scale * (EPS * (64 + 8 * d2max) + slack);
    }
    return scale * (EPS * 16 * (1 + d2max) + slack);
}

typedef struct worst {
    double share; /* of the tolerance */
    size_t row, failures;
} worst;

static void compare(const vw_table *table, int greek, const char *column, worst *worst_out)
{
    for (size_t i = 0; i < given.count; i++) {
        double want[GREEKS] = {0}, s = given.vol[i] * sqrt(given.years[i]);
        double x = log(given.forward[i] / given.strike[i]), tolerance, share;
        double d1 = x / s + s / 2, d2 = x / s - s / 2;

        want[0] = vw_table_number(table, i, "price");
        want[1] = vw_table_number(table, i, "delta");
        want[2] = vw_table_number(table, i, "gamma");
        want[3] = vw_table_number(table, i, "vega");
        want[greek] = vw_table_number(table, i, column);
        tolerance = fmax(tolerance_of(greek, i, want, d1, d2), 1e-300);
        share = fabs(values[greek][i] - want[greek]) / tolerance;
        worst_out->failures += share <= 1 ? 0 : 1;
        if (!(share <= worst_out->share)) {
            worst_out->share = share;
            worst_out->row = i;
        }
    }
}

static void check_column(const vw_table *table, const vw_kernels *set, int greek,
                         const char *column)
{
    worst found = {0};

    compare(table, greek, column, &found);
    print_message("%-9s %-10s worst %.2f of the tolerance, row %zu\n", set->isa, column,
                  found.share, found.row);
    assert_int_equal(found.failures, 0);
}

static void load(const vw_table *table, const char *side, const char *const names[5], double slack)
{
    given.count = table->rows;
    assert_in_range(given.count, 1000, ROWS_MAX);
    for (size_t i = 0; i < given.count; i++) {
        const char *text = vw_table_text(table, i, side);

        given.side[i] = *text == 'P' || *text == '-' ? -1 : 1;
        given.forward[i] = vw_table_number(table, i, names[0]);
        given.strike[i] = vw_table_number(table, i, names[1]);
        given.years[i] = vw_table_number(table, i, names[2]);
        given.vol[i] = vw_table_number(table, i, names[3]);
        given.rate[i] = vw_table_number(table, i, names[4]);
        given.discount[i] = exp(-given.rate[i] * given.years[i]);
        given.log_strike[i] = log(given.strike[i]);
        given.slack[i] = slack / (given.vol[i] * sqrt(given.years[i]));
    }
}

static void all_outputs_match_the_two_thousand_options(void **state)
{
    static const char *const names[5] = {"F", "K", "T", "sigma", "r"};
    vw_table table = vw_table_read("options_2000.csv");
    size_t next = 0;

    (void)state;
    load(&table, "theta", names, 0);
    for (const vw_kernels *set; (set = kernel_set_next(&next)) != NULL;) {
        assert_int_equal(price_all(set), 0);
        for (int greek = 0; greek < GREEKS; greek++) {
            check_column(&table, set, greek, columns[greek]);
        }
    }
    vw_table_free(&table);
}

static void prices_match_the_forty_digit_table(void **state)
{
    static const char *const names[5] = {"F", "K", "T", "sigma", "r"};
    static const char *const table_names[8] = {"price", "delta", "gamma", "vega",
                                               "theta", "rho",   "vanna", "volga"};
    vw_table table = vw_table_read("black76_40digits.csv");
    size_t next = 0;

    (void)state;
    load(&table, "cp", names, EPS); /* its inputs are decimals, not doubles */
    for (const vw_kernels *set; (set = kernel_set_next(&next)) != NULL;) {
        assert_int_equal(price_all(set), 0);
        for (int greek = 0; greek < 8; greek++) {
            check_column(&table, set, greek, table_names[greek]);
        }
    }
    vw_table_free(&table);
}

/* One expiry per row: the form with a stored log-strike against the full form. */
static void the_expiry_form_gives_the_full_form_to_the_rounding_of_the_log_strike(void **state)
{
    static const char *const names[5] = {"F", "K", "T", "sigma", "r"};
    static double full[GREEKS][ROWS_MAX];
    vw_table table = vw_table_read("options_2000.csv");
    size_t next = 0;

    (void)state;
    load(&table, "theta", names, 0);
    for (const vw_kernels *set; (set = kernel_set_next(&next)) != NULL;) {
        price_all(set);
        memcpy(full, values, sizeof full);
        for (size_t i = 0; i < given.count; i++) {
            vw_expiry_inputs in = {given.forward[i], given.years[i],       given.discount[i],
                                   &given.strike[i], &given.log_strike[i], &given.vol[i],
                                   &given.side[i]};
            vw_black_outputs out = {.price = &values[0][i],
                                    .delta = &values[1][i],
                                    .gamma = &values[2][i],
                                    .vega = &values[3][i]};
            double s = given.vol[i] * sqrt(given.years[i]);
            double d = fabs(log(given.forward[i] / given.strike[i])) / s + s / 2;
            double loss = EPS * (64 + 16 * d * d + 16 * (1 + d) * (1 + d) / s);

            assert_int_equal(set->black_expiry(&in, &out, 1), 0);
            for (int greek = 0; greek < 4; greek++) {
                assert_near(values[greek][i], full[greek][i], fabs(full[greek][i]) * loss + 1e-300);
            }
        }
    }
    vw_table_free(&table);
}

typedef struct edge {
    const char *name;
    double forward, strike, years, vol, discount, side;
    vw_status status;
    double price, delta;
} edge;

static void a_discount_far_from_1_is_right_to_its_last_digits(void **state)
{
    (void)state;
    for (int i = -5000; i <= 5000; i++) {
        double rate = 0.017 * i, years = 1.03 * (1 + (i + 5000) % 7);
        long double want = expl(-(long double)rate * years);

        if (want > 1e-300L && want < 1e300L) {
            assert_near((double)(vw_black_discount(rate, years) / want), 1, 2 * EPS);
        }
    }
    assert_true(vw_black_discount(0.05, 0) == 1 && vw_black_discount(0.05, -3) == 1);
    assert_true(vw_black_discount(1e300, 1e300) == 0);
    assert_true(vw_black_discount(-1e300, 1e300) == INFINITY);
    assert_true(isnan(vw_black_discount(NAN, 1)));
}

#define HUGE_FORWARD 1e308

static const edge edges[] = {
    {"expired call in the money", 110, 100, 0, 0.2, 1, 1, VW_STATUS_EXPIRED, 10, 1},
    {"expired put in the money", 90, 100, -1, 0.2, 0.5, -1, VW_STATUS_EXPIRED, 5, -0.5},
    {"expired at the strike", 100, 100, 0, 0.2, 1, 1, VW_STATUS_EXPIRED, 0, 0},
    {"expired and without vol", 110, 100, 0, 0, 1, 1, VW_STATUS_EXPIRED, 10, 1},
    {"zero vol in the money", 110, 100, 1, 0, 0.9, 1, VW_STATUS_AT_INTRINSIC, 9, 0.9},
    {"zero vol out of the money", 110, 100, 1, 0, 1, -1, VW_STATUS_AT_INTRINSIC, 0, 0},
    {"vol that vanishes in s", 110, 100, 1e-300, 1e-300, 1, 1, VW_STATUS_AT_INTRINSIC, 10, 1},
    {"deep wing beyond doubles", 5000, 9000, 0.001, 0.1, 1, 1, VW_STATUS_OK, 0, 0},
    {"denormal strike", 5000, 5e-324, 1, 0.2, 1, 1, VW_STATUS_OK, 5000, 1},
    {"denormal forward", 5e-324, 100, 1, 0.2, 1, -1, VW_STATUS_OK, 100, -1},
    {"huge forward", HUGE_FORWARD, 100, 1, 0.2, 1, 1, VW_STATUS_OK, HUGE_FORWARD, 1},
    {"huge vol", 100, 100, 1, 1e308, 1, 1, VW_STATUS_OK, 100, 1},
    {"huge years", 100, 100, 1e308, 1, 1, -1, VW_STATUS_OK, 100, 0},
    {"tiny vol at the strike", 100, 100, 1, 1e-305, 1, 1, VW_STATUS_OK, 4e-304, 0.5},
    {"no forward", NAN, 100, 1, 0.2, 1, 1, VW_STATUS_BAD_INPUT, NAN, NAN},
    {"negative forward", -100, 100, 1, 0.2, 1, 1, VW_STATUS_BAD_INPUT, NAN, NAN},
    {"zero strike", 100, 0, 1, 0.2, 1, 1, VW_STATUS_BAD_INPUT, NAN, NAN},
    {"infinite strike", 100, INFINITY, 1, 0.2, 1, 1, VW_STATUS_BAD_INPUT, NAN, NAN},
    {"infinite years", 100, 100, INFINITY, 0.2, 1, 1, VW_STATUS_BAD_INPUT, NAN, NAN},
    {"no years", 100, 100, NAN, 0.2, 1, 1, VW_STATUS_BAD_INPUT, NAN, NAN},
    {"negative vol", 100, 100, 1, -0.2, 1, 1, VW_STATUS_BAD_INPUT, NAN, NAN},
    {"no vol", 100, 100, 1, NAN, 1, 1, VW_STATUS_BAD_INPUT, NAN, NAN},
    {"zero discount", 100, 100, 1, 0.2, 0, 1, VW_STATUS_BAD_INPUT, NAN, NAN},
    {"no side", 100, 100, 1, 0.2, 1, 0, VW_STATUS_BAD_INPUT, NAN, NAN},
    {"bad and expired is bad", NAN, 100, -1, 0.2, 1, 1, VW_STATUS_BAD_INPUT, NAN, NAN},
};

static void check_edge(const vw_kernels *set, const edge *e, size_t i)
{
    bool bad = e->status == VW_STATUS_BAD_INPUT;

    if (statuses[i] != e->status) {
        fail_msg("%s: %s: status %s", set->isa, e->name, vw_status_name(statuses[i]));
    }
    for (int greek = 0; greek < GREEKS; greek++) {
        if (bad ? !isnan(values[greek][i]) : !isfinite(values[greek][i])) {
            fail_msg("%s: %s: %s is %g", set->isa, e->name, columns[greek], values[greek][i]);
        }
        if (greek > 1 && greek != 14 &&
            (e->status == VW_STATUS_EXPIRED || e->status == VW_STATUS_AT_INTRINSIC)) {
            assert_true(values[greek][i] == 0);
        }
    }
    if (e->status == VW_STATUS_EXPIRED || e->status == VW_STATUS_AT_INTRINSIC) {
        assert_true(values[14][i] == -values[1][i]); /* dual delta */
    }
    if (!bad) {
        assert_near(values[0][i], e->price, fabs(e->price) * 3e-3);
        assert_near(values[1][i], e->delta, 1e-15);
    }
}

static void edges_have_a_value_and_a_status(void **state)
{
    size_t next = 0, bad = 0;

    (void)state;
    given.count = VW_COUNT_OF(edges);
    for (size_t i = 0; i < given.count; i++) {
        given.forward[i] = edges[i].forward;
        given.strike[i] = edges[i].strike;
        given.years[i] = edges[i].years;
        given.vol[i] = edges[i].vol;
        given.discount[i] = edges[i].discount;
        given.side[i] = edges[i].side;
        given.rate[i] = 0.01;
        bad += edges[i].status == VW_STATUS_BAD_INPUT;
    }
    for (const vw_kernels *set; (set = kernel_set_next(&next)) != NULL;) {
        assert_int_equal(price_all(set), bad);
        for (size_t i = 0; i < given.count; i++) {
            check_edge(set, &edges[i], i);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_outputs_match_the_two_thousand_options),
        cmocka_unit_test(prices_match_the_forty_digit_table),
        cmocka_unit_test(the_expiry_form_gives_the_full_form_to_the_rounding_of_the_log_strike),
        cmocka_unit_test(a_discount_far_from_1_is_right_to_its_last_digits),
        cmocka_unit_test(edges_have_a_value_and_a_status),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
