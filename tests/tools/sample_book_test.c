#include "tools/sample_book.h"

#include "tests/check.h"

#include <string.h>

enum { STRIKES = 81 };

static vw_chain_row rows[3 * 2 * STRIKES];

/* Straddles of 40 points around the forward, falling off on both sides: enough to find parity. */
static size_t add_expiry(size_t at, const char *root, uint32_t expiry, double forward, double low,
                         double step)
{
    for (size_t i = 0; i < STRIKES; i++) {
        double strike = low + step * (double)i;

        for (size_t put = 0; put < 2; put++) {
            double intrinsic = fmax(put ? strike - forward : forward - strike, 0);
            vw_chain_row *row = &rows[at++];

            *row = (vw_chain_row){.bid = intrinsic + 1, .ask = intrinsic + 1.2};
            snprintf(row->symbol.root, sizeof row->symbol.root, "%s", root);
            row->symbol.expiry = expiry;
            row->symbol.type = put ? 'P' : 'C';
            row->symbol.strike = (int64_t)(strike * 10000);
        }
    }
    return at;
}

static const vw_leg *find_leg(const vw_portfolio *book, const char *root, double contracts)
{
    for (size_t i = 0; i < book->leg_count; i++) {
        if (strcmp(book->legs[i].root, root) == 0 && book->legs[i].contracts == contracts) {
            return &book->legs[i];
        }
    }
    return NULL;
}

static void the_condor_stands_around_the_forward_at_listed_strikes(void **state)
{
    int64_t now_ns = vw_calendar_ns(20260609, 10 * 3600);
    vw_chain chains[2] = {{.rows = rows}, {.count = 0}};
    static vw_portfolio book;

    (void)state;
    chains[0].count = add_expiry(0, "SPXW", 20260620, 5000, 4000, 25);
    chains[0].count = add_expiry(chains[0].count, "SPXW", 20260724, 5010, 4000, 25);
    chains[1].rows = rows + chains[0].count;
    chains[1].count = add_expiry(chains[0].count, "VIX", 20260722, 20, 8, 0.5) - chains[0].count;
    vw_sample_book_make(chains, 2, now_ns, NULL, &book);
    assert_string_equal(book.book, "demo");
    assert_int_equal(book.condor_count, 1);
    assert_int_equal(book.legs[0].expiry, 20260724);
    assert_near(book.legs[0].strike, 4600, 0); /* 5010 * 0.92 = 4609.2 */
    assert_near(book.legs[1].strike, 4700, 0); /* 4709.4 */
    assert_near(book.legs[2].strike, 5200, 0); /* 5210.4 */
    assert_near(book.legs[3].strike, 5300, 0); /* 5310.6 */
    assert_near(book.legs[1].contracts, -100, 0);
    assert_int_equal(book.leg_count, 8);
    assert_int_equal(find_leg(&book, "VX", 20)->expiry, 20260617);
    assert_int_equal(book.legs[5].expiry, 20260722);
    assert_near(find_leg(&book, "VIX", 200)->strike, 25, 0);
    assert_near(find_leg(&book, "VIX", -200)->strike, 35, 0);
}

static void a_chain_of_a_few_days_gets_a_narrower_condor(void **state)
{
    vw_chain chain = {.rows = rows};
    static vw_portfolio book;

    (void)state;
    chain.count = add_expiry(0, "SPX", 20260615, 5000, 4800, 5); /* 5 days: a third of the width */
    vw_sample_book_make(&chain, 1, vw_calendar_ns(20260610, 36000), NULL, &book);
    assert_int_equal(book.condor_count, 1);
    assert_near(book.legs[0].strike, 4865, 0); /* 5000 * (1 - 0.08 / 3) = 4866.7 */
    assert_near(book.legs[1].strike, 4900, 0);
    assert_near(book.legs[2].strike, 5065, 0);
    assert_near(book.legs[3].strike, 5100, 0);
}

static void a_chain_without_options_of_spx_gets_the_futures_alone(void **state)
{
    vw_chain chain = {.rows = rows};
    static vw_portfolio book;

    (void)state;
    chain.count = add_expiry(0, "SPXW", 20260610, 5000, 4000, 25); /* expires today */
    vw_sample_book_make(&chain, 1, vw_calendar_ns(20260610, 36000), NULL, &book);
    assert_int_equal(book.condor_count, 0);
    assert_int_equal(book.leg_count, 2);
    assert_string_equal(book.legs[0].root, "VX");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_condor_stands_around_the_forward_at_listed_strikes),
        cmocka_unit_test(a_chain_of_a_few_days_gets_a_narrower_condor),
        cmocka_unit_test(a_chain_without_options_of_spx_gets_the_futures_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
