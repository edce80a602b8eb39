/* Values in print, to their printed digits: E. G. Haug, The Complete Guide to Option Pricing
 * Formulas, and the test table of vollib.  Both are read from where they are kept, not copied. */
#include "core/pricing/kernels.h"

#include "tests/check.h"
#include "tests/core/pricing/kernel_sets.h"
#include "tests/table.h"

#include <string.h>

/* One option on a spot with a dividend yield, and its plain derivatives to the forward. */
typedef struct priced {
    double spot, carry, years, forward, rate;
    double price, delta, gamma, vega, theta;
} priced;

static priced price_spot(const vw_kernels *set, double side, double spot, double strike,
                         double years, double vol, double rate, double yield)
{
    priced p = {.spot = spot, .carry = rate - yield, .years = years, .rate = rate};
    double discount = exp(-rate * years);
    vw_black_inputs in = {&p.forward, &strike, &years, &vol, &discount, &side, &rate};
    vw_black_outputs out = {.price = &p.price,
                            .delta = &p.delta,
                            .gamma = &p.gamma,
                            .vega = &p.vega,
                            .theta = &p.theta};

    p.forward = spot * exp(p.carry * years);
    assert_int_equal(set->black(&in, &out, 1), 0);
    return p;
}

/* Spot greeks from forward greeks; dividendRho is the derivative to the yield. */
static double spot_greek(const priced *p, const char *name)
{
    double grown = p->forward / p->spot;
    double theta = p->theta - p->carry * p->forward * p->delta;

    if (strcmp(name, "delta") == 0) {
        return p->delta * grown;
    }
    if (strcmp(name, "gamma") == 0) {
        return p->gamma * grown * grown;
    }
    if (strcmp(name, "elasticity") == 0) {
        return p->delta * p->forward / p->price;
    }
    if (strcmp(name, "vega") == 0) {
        return p->vega;
    }
    if (strcmp(name, "theta") == 0) {
        return theta;
    }
    if (strcmp(name, "thetaPerDay") == 0) {
        return theta / 365;
    }
    if (strcmp(name, "rho") == 0) {
        return p->years * (p->forward * p->delta - p->price);
    }
    assert_string_equal(name, "dividendRho");
    return -p->years * p->forward * p->delta;
}

static priced price_row(const vw_kernels *set, const vw_table *table, size_t i)
{
    return price_spot(set, vw_table_text(table, i, "type")[0] == 'C' ? 1 : -1,
                      vw_table_number(table, i, "spot"), vw_table_number(table, i, "strike"),
                      vw_table_number(table, i, "T"), vw_table_number(table, i, "vol"),
                      vw_table_number(table, i, "r"), vw_table_number(table, i, "q"));
}

static void haugs_values_and_greeks_to_a_unit_of_the_fourth_decimal(void **state)
{
    vw_table values =
        vw_table_read_path(vw_test_data("../reference/haug_european_black_scholes_values.csv"));
    vw_table greeks = vw_table_read_path(vw_test_data("../reference/haug_european_greeks.csv"));
    size_t next = 0;

    (void)state;
    assert_int_equal(values.rows, 43);
    assert_int_equal(greeks.rows, 11);
    for (const vw_kernels *set; (set = kernel_set_next(&next)) != NULL;) {
        for (size_t i = 0; i < values.rows; i++) {
            assert_near(price_row(set, &values, i).price, vw_table_number(&values, i, "value"),
                        1e-4);
        }
        for (size_t i = 0; i < greeks.rows; i++) {
            priced p = price_row(set, &greeks, i);

            assert_near(spot_greek(&p, vw_table_text(&greeks, i, "greek")),
                        vw_table_number(&greeks, i, "value"), 1e-4);
        }
    }
    vw_table_free(&values);
    vw_table_free(&greeks);
}

/* Nine decimals, or five digits where a number is smaller than that. */
static void check_vollib(double got, double want)
{
    bool tiny = want != 0 && fabs(want) < 1e-10;

    assert_near(got, want, tiny ? 5e-5 * fabs(want) : 6e-10 + 6e-9 * fabs(want));
}

static void vollibs_table_to_its_digits(void **state)
{
    static const char *const names[] = {"delta", "gamma", "theta", "vega", "rho"};
    static const char *const columns[2][5] = {{"CD", "CG", "CT", "CV", "CR"},
                                              {"PD", "PG", "PT", "PV", "PR"}};
    vw_table table =
        vw_table_read_path(vw_test_data("../reference/vollib_black_scholes_test_data.csv"));
    size_t next = 0;

    (void)state;
    assert_int_equal(table.rows, 101);
    for (const vw_kernels *set; (set = kernel_set_next(&next)) != NULL;) {
        for (size_t i = 0; i < 2 * table.rows; i++) {
            size_t row = i / 2, put = i % 2;
            priced p =
                price_spot(set, put ? -1 : 1, vw_table_number(&table, row, "S"),
                           vw_table_number(&table, row, "K"), vw_table_number(&table, row, "t"),
                           vw_table_number(&table, row, "v"), vw_table_number(&table, row, "R"), 0);

            check_vollib(p.price, vw_table_number(&table, row, put ? "bs_put" : "bs_call"));
            for (size_t g = 0; g < VW_COUNT_OF(names); g++) {
                check_vollib(spot_greek(&p, names[g]),
                             vw_table_number(&table, row, columns[put][g]));
            }
        }
    }
    vw_table_free(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(haugs_values_and_greeks_to_a_unit_of_the_fourth_decimal),
        cmocka_unit_test(vollibs_table_to_its_digits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
