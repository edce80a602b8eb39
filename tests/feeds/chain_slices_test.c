#include "feeds/chain_slices.h"

#include "tests/check.h"

static void a_chain_falls_into_slices_by_root_and_expiry(void **state)
{
    vw_chain chain;
    vw_chain_slices slices;
    vw_error error;
    const vw_chain_slice *slice;

    (void)state;
    assert_int_equal(
        vw_chain_read(VW_SOURCE_DIR "/tests/data/chain_normalised.csv", NULL, &chain, &error),
        VW_OK);
    assert_int_equal(vw_chain_slices_make(&chain, &slices, &error), VW_OK);
    assert_int_equal(slices.count, 2);
    slice = &slices.list[0];
    assert_string_equal(slice->root, "SPX");
    assert_int_equal(slice->settlement, 'A');
    assert_int_equal(slice->count, 1);
    assert_near(slice->put_ask[0], 152, 0);
    slice = &slices.list[1];
    assert_string_equal(slice->root, "SPXW");
    assert_int_equal(slice->expiry, 20260731);
    assert_int_equal(slice->count, 2);
    assert_near(slice->strike[0], 7500, 0);
    assert_near(slice->strike[1], 7550, 0);
    assert_near(slice->call_bid[1], 67.4, 0);
    assert_near(slice->call_ask[1], 68.2, 0);
    assert_near(slice->put_bid[0], 80.2, 0);
    assert_near(slice->put_bid[1], 0, 0); /* not listed */
    assert_null(slice->put[1]);
    assert_int_equal(slice->call[1]->line, 4);
    assert_int_equal(slice->put[0]->symbol.type, 'P');
    vw_chain_slices_free(&slices);
    vw_chain_free(&chain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_chain_falls_into_slices_by_root_and_expiry),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
