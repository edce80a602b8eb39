/* Against 40-digit vols: tests/data/iv_2000.csv and iv_edge.csv (mpmath), tolerance
 * 32 epsilons times (1 + cond) of mathematics.md section 13, and an extreme grid made here. */
#include "core/pricing/kernels.h"

#include "core/pricing/normal.h"
#include "tests/check.h"
#include "tests/core/pricing/kernel_sets.h"
#include "tests/table.h"

#include <float.h>

enum { ROWS_MAX = 1 << 16 };

typedef struct cases {
    size_t count;
    double forward[ROWS_MAX], strike[ROWS_MAX], years[ROWS_MAX], price[ROWS_MAX];
    double discount[ROWS_MAX], side[ROWS_MAX], guess[ROWS_MAX];
    double want[ROWS_MAX], cond[ROWS_MAX];
} cases;

static cases given;
static double vols[ROWS_MAX];
static uint8_t statuses[ROWS_MAX];

static size_t invert_all(const vw_kernels *set, bool warm)
{
    vw_iv_inputs in = {given.forward,
                       given.strike,
                       given.years,
                       given.price,
                       given.discount,
                       given.side,
                       warm ? given.guess : NULL};

    memset(vols, 0xff, sizeof vols);
    memset(statuses, 0xff, sizeof statuses);
    return set->implied_vol(&in, vols, statuses, given.count);
}

static void load(const vw_table *table, const char *cond)
{
    given.count = table->rows;
    for (size_t i = 0; i < given.count; i++) {
        given.side[i] = vw_table_number(table, i, "theta");
        given.forward[i] = vw_table_number(table, i, "F");
        given.strike[i] = vw_table_number(table, i, "K");
        given.years[i] = vw_table_number(table, i, "T");
        given.discount[i] = exp(-vw_table_number(table, i, "r") * given.years[i]);
        given.price[i] = vw_table_number(table, i, "price");
        given.want[i] = vw_table_number(table, i, "sigma");
        given.cond[i] = vw_table_number(table, i, cond);
    }
}

static double check_vol(const vw_kernels *set, size_t i)
{
    double tolerance = 32 * DBL_EPSILON * (1 + given.cond[i]);
    double error = fabs(vols[i] / given.want[i] - 1);

    if (statuses[i] != VW_STATUS_OK || !(error <= tolerance)) {
        fail_msg("%s: row %zu: F %.17g K %.17g s %.3g price %.17g: %s, vol %.17g, not %.17g, "
                 "error %.3g of the tolerance",
                 set->isa, i, given.forward[i], given.strike[i],
                 given.want[i] * sqrt(given.years[i]), given.price[i], vw_status_name(statuses[i]),
                 vols[i], given.want[i], error / tolerance);
    }
    return error / tolerance;
}

static void check_all(const vw_kernels *set, bool warm, const char *what)
{
    double worst = 0;

    assert_int_equal(invert_all(set, warm), given.count);
    for (size_t i = 0; i < given.count; i++) {
        worst = fmax(worst, check_vol(set, i));
    }
    print_message("%-9s %-22s worst %.2f of the tolerance\n", set->isa, what, worst);
}

static void cold_and_warm_vols_match_the_two_thousand(void **state)
{
    vw_table table = vw_table_read("iv_2000.csv");
    size_t next = 0;

    (void)state;
    load(&table, "cond_dlnsigma_dlnprice");
    assert_int_equal(given.count, 2000);
    for (const vw_kernels *set; (set = kernel_set_next(&next)) != NULL;) {
        check_all(set, false, "2000 cold");
        for (size_t i = 0; i < given.count; i++) {
            given.guess[i] = given.want[i] * (i % 2 == 0 ? 1.03 : 0.97);
        }
        check_all(set, true, "2000 warm, 3 % off");
        for (size_t i = 0; i < given.count; i++) {
            double off = pow(10, -6 + 6 * (double)(i % 97) / 96);

            given.guess[i] = given.want[i] * (1 + (i % 2 == 0 ? off : -0.9 * off));
        }
        check_all(set, true, "2000 warm, 1e-6 to 1");
        for (size_t i = 0; i < given.count; i++) { /* what one step just settles, or not */
            given.guess[i] =
                given.want[i] * (1 + (i % 2 == 0 ? 1 : -1) * (1.2e-3 + 1e-7 * (double)i));
        }
        check_all(set, true, "2000 warm, 0.13 % off");
        for (size_t i = 0; i < given.count; i++) {
            static const double odd[] = {NAN,  0,  -1,     INFINITY, 1e-300, 1e300,
                                         0.01, 40, -1e300, DBL_MIN,  5};

            given.guess[i] = odd[i % VW_COUNT_OF(odd)];
        }
        check_all(set, true, "2000 with bad guesses");
    }
    vw_table_free(&table);
}

static void edge_statuses_are_exact(void **state)
{
    vw_table table = vw_table_read("iv_edge.csv");
    size_t next = 0;

    (void)state;
    load(&table, "cond");
    for (const vw_kernels *set; (set = kernel_set_next(&next)) != NULL;) {
        invert_all(set, false);
        for (size_t i = 0; i < given.count; i++) {
            const char *want = vw_table_text(&table, i, "status");

            assert_string_equal(vw_status_name(statuses[i]), want);
            if (statuses[i] == VW_STATUS_OK) {
                check_vol(set, i);
            } else if (statuses[i] == VW_STATUS_AT_INTRINSIC) {
                assert_true(vols[i] == 0);
            } else {
                assert_true(isnan(vols[i]));
            }
        }
    }
    vw_table_free(&table);
}

/* Out-of-the-money options by s = vol sqrt(years) and deviations z from the money, as long as the
 * premium is above 1e-290.  The vol is what the double price implies: cond times its rounding. */
static void make_extremes(void)
{
    size_t n = 0;

    for (double s = 1e-3; s <= 9.0; s *= 1.05) {
        for (double z = -36; z <= 36; z += 0.37) {
            double F = 5000, x = z * s, K = F * exp(-x), T = 0.25;
            double b, cond, vol = s / sqrt(T), u;
            vw_black_inputs in = {&F,  &K, &T, &vol, (double[]){1}, (double[]){x < 0 ? 1 : -1},
                                  NULL};
            vw_black_outputs out = {.price = &b, .vega = &u};

            vw_black(&in, &out, 1);
            if (b < 1e-290 || n == ROWS_MAX) {
                continue;
            }
            cond = b / (u * vol);
            given.forward[n] = F;
            given.strike[n] = K;
            given.years[n] = T;
            given.price[n] = b;
            given.discount[n] = 1;
            given.side[n] = x < 0 ? 1 : -1;
            given.want[n] = vol;
            given.guess[n] = vol * (n % 2 == 0 ? 1.0012 : 0.9988); /* what one step just settles */
            /* The reference price has its own error, up to 64 + 8 d^2 epsilons. */
            given.cond[n] = cond * (2 + (z * z + s * s) / 4);
            n++;
        }
    }
    given.count = n;
}

static void no_extreme_fails(void **state)
{
    size_t next = 0;

    (void)state;
    make_extremes();
    assert_true(given.count > 10000);
    for (const vw_kernels *set; (set = kernel_set_next(&next)) != NULL;) {
        check_all(set, false, "extremes");
        check_all(set, true, "extremes, guessed");
    }
}

/* A discounted price that is all intrinsic must not turn into noise or below_intrinsic. */
static void deep_in_the_money_prices_are_at_intrinsic(void **state)
{
    size_t next = 0, n = 0;

    (void)state;
    for (double K = 1000; K < 3000; K += 7.3) {
        given.forward[n] = 4512.37;
        given.strike[n] = K;
        given.years[n] = 0.01 * (double)(n + 1);
        given.discount[n] = exp((n % 2 == 0 ? -0.0513 : 0.0513) * given.years[n]);
        given.price[n] = given.discount[n] * (given.forward[n] - K);
        given.side[n++] = 1;
    }
    given.count = n;
    for (const vw_kernels *set; (set = kernel_set_next(&next)) != NULL;) {
        assert_int_equal(invert_all(set, false), 0);
        for (size_t i = 0; i < n; i++) {
            assert_int_equal(statuses[i], VW_STATUS_AT_INTRINSIC);
            assert_true(vols[i] == 0);
        }
    }
}

/* The vol does not see the unit of money: what is denormal in one is plain in another. */
static void denormal_prices_forwards_and_strikes_keep_the_digits_they_have(void **state)
{
    size_t next = 0, n = 0;

    (void)state;
    for (double price = 5e-324; price < 1e-290; price *= 3.1) {
        double F = n % 3 == 0 ? 5e-324 : 5000;

        for (int k = 0; k < 2; k++, n++) {
            double unit = k == 0 ? 1 : 0x1p120;

            given.forward[n] = F * unit;
            given.strike[n] = (n / 2 % 2 == 0 ? 5100 : F) * unit;
            given.price[n] = fmin(price, given.forward[n - (size_t)k] / 2) * unit;
            given.years[n] = 1e-3;
            given.discount[n] = 0.97;
            given.side[n] = 1;
        }
    }
    given.count = n;
    for (const vw_kernels *set; (set = kernel_set_next(&next)) != NULL;) {
        invert_all(set, false);
        for (size_t i = 0; i < n; i += 2) {
            assert_int_equal(statuses[i], statuses[i + 1]);
            assert_near(vols[i], vols[i + 1], 64 * DBL_EPSILON * vols[i + 1]);
        }
    }
}

static void at_the_money_vols_go_down_to_the_last_normal_double(void **state)
{
    (void)state;
    for (double price = 1e-304; price < 1; price *= 1e4) {
        double F = 2243.76, years = 7.4e-6, discount = 0.97, side = -1, vol;
        double want = price / discount / F * VW_SQRT_2PI / sqrt(years);
        uint8_t status;

        vw_implied_vol(&(vw_iv_inputs){&F, &F, &years, &price, &discount, &side, NULL}, &vol,
                       &status, 1);
        assert_int_equal(status, VW_STATUS_OK);
        assert_near(vol, want, want * (price < 1e-7 ? 1e-14 : 1e-6));
    }
}

typedef struct edge {
    double forward, strike, years, price, discount, side;
    vw_status status;
} edge;

static const edge edges[] = {
    {NAN, 100, 1, 5, 1, 1, VW_STATUS_BAD_INPUT},
    {100, INFINITY, 1, 5, 1, 1, VW_STATUS_BAD_INPUT},
    {100, 100, NAN, 5, 1, 1, VW_STATUS_BAD_INPUT},
    {100, 100, 1, NAN, 1, 1, VW_STATUS_BAD_INPUT},
    {100, 100, 1, INFINITY, 1, 1, VW_STATUS_BAD_INPUT},
    {100, 100, 1, 5, 0, 1, VW_STATUS_BAD_INPUT},
    {100, 100, 1, 5, 1, 0.5, VW_STATUS_BAD_INPUT},
    {0, 100, 1, 5, 1, 1, VW_STATUS_BAD_INPUT},
    {100, -5, 1, 5, 1, 1, VW_STATUS_BAD_INPUT},
    {100, 100, 0, 5, 1, 1, VW_STATUS_EXPIRED},
    {100, 100, -1, 5, 1, 1, VW_STATUS_EXPIRED},
    {100, 100, 1, -5, 1, 1, VW_STATUS_BELOW_INTRINSIC},
    {100, 100, 1, 0, 1, 1, VW_STATUS_AT_INTRINSIC},
    {120, 100, 1, 0, 1, 1, VW_STATUS_BELOW_INTRINSIC},
    {100, 100, 1, 1e308, 1, 1, VW_STATUS_ABOVE_MAX},
    {100, 100, 1, 1e308, 1e-300, 1, VW_STATUS_ABOVE_MAX},
    {100, 100, 1, 5, 1e308, 1, VW_STATUS_OK},
    {1e308, 1e308, 1, 1e307, 1, 1, VW_STATUS_OK},
    {1e308, 5e-324, 1, 5e-324, 1, -1, VW_STATUS_ABOVE_MAX},
    {5e-324, 5e-324, 1, 5e-324, 1, -1, VW_STATUS_ABOVE_MAX},
    {100, 100, 5e-324, 5, 1, 1, VW_STATUS_OK},
    {100, 100, 1e308, 5, 1, 1, VW_STATUS_OK},
    {100, 100, 1, 5e-324, 1, 1, VW_STATUS_AT_INTRINSIC},
    {100, 120, 1, 5e-324, 1, 1, VW_STATUS_OK},
};

static void hostile_inputs_get_a_status_and_no_vol(void **state)
{
    size_t next = 0, good = 0;

    (void)state;
    given.count = VW_COUNT_OF(edges);
    for (size_t i = 0; i < given.count; i++) {
        given.forward[i] = edges[i].forward;
        given.strike[i] = edges[i].strike;
        given.years[i] = edges[i].years;
        given.price[i] = edges[i].price;
        given.discount[i] = edges[i].discount;
        given.side[i] = edges[i].side;
        good += edges[i].status == VW_STATUS_OK;
    }
    for (const vw_kernels *set; (set = kernel_set_next(&next)) != NULL;) {
        assert_int_equal(invert_all(set, false), good);
        for (size_t i = 0; i < given.count; i++) {
            bool zero = edges[i].status == VW_STATUS_AT_INTRINSIC;

            if (statuses[i] != edges[i].status) {
                fail_msg("%s: edge %zu: %s", set->isa, i, vw_status_name(statuses[i]));
            }
            if (statuses[i] == VW_STATUS_OK) {
                assert_true(vols[i] > 0 && isfinite(vols[i]));
            } else {
                assert_true(zero ? vols[i] == 0 : isnan(vols[i]));
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cold_and_warm_vols_match_the_two_thousand),
        cmocka_unit_test(edge_statuses_are_exact),
        cmocka_unit_test(no_extreme_fails),
        cmocka_unit_test(deep_in_the_money_prices_are_at_intrinsic),
        cmocka_unit_test(denormal_prices_forwards_and_strikes_keep_the_digits_they_have),
        cmocka_unit_test(at_the_money_vols_go_down_to_the_last_normal_double),
        cmocka_unit_test(hostile_inputs_get_a_status_and_no_vol),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
