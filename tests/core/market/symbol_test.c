#include "core/market/symbol.h"

#include "core/market/event.h"
#include "tests/check.h"

#include <string.h>

static bool read_osi(const char *text, vw_symbol *symbol)
{
    return vw_symbol_from_osi(text, strlen(text), symbol);
}

static void each_root_says_what_it_settles_to(void **state)
{
    static const struct {
        const char *name;
        vw_family family;
        char settlement;
        uint32_t multiplier;
    } want[] = {
        {"SPX", VW_FAMILY_SPX, 'A', 100},  {"SPXW", VW_FAMILY_SPX, 'P', 100},
        {"VIX", VW_FAMILY_VIX, 'A', 100},  {"VIXW", VW_FAMILY_VIX, 'A', 100},
        {"VX", VW_FAMILY_VX, 'A', 1000},   {"VXM", VW_FAMILY_VX, 'A', 100},
        {"VX01", VW_FAMILY_VX, 'A', 1000}, {"VX53", VW_FAMILY_VX, 'A', 1000},
    };

    (void)state;
    for (size_t i = 0; i < VW_COUNT_OF(want); i++) {
        const vw_root *root = vw_root_find(want[i].name, strlen(want[i].name));

        assert_non_null(root);
        assert_int_equal(root->family, want[i].family);
        assert_int_equal(root->settlement, want[i].settlement);
        assert_int_equal(root->multiplier, want[i].multiplier);
    }
    assert_string_equal(vw_root_find("VX17", 4)->name, "VX");
}

static void only_third_fridays_of_spx_settle_at_the_opening(void **state)
{
    static const struct {
        const char *root;
        uint32_t expiry;
        char settlement;
    } want[] = {
        {"SPX", 20230915, 'A'}, {"SPX", 20230908, 'P'},  {"SPX", 20230922, 'P'},
        {"SPX", 20230913, 'P'}, {"SPX", 20250417, 'A'}, /* the Friday is Good Friday */
        {"SPX", 20150117, 'A'},                         /* a Saturday of old */
        {"SPX", 20240119, 'A'}, {"SPX", 20240115, 'P'},  {"SPX", 20240621, 'A'},
        {"SPX", 20241122, 'P'}, {"SPXW", 20230915, 'P'}, {"VIX", 20230920, 'A'},
    };

    (void)state;
    for (size_t i = 0; i < VW_COUNT_OF(want); i++) {
        const vw_root *root = vw_root_find(want[i].root, strlen(want[i].root));

        assert_int_equal(vw_root_settlement(root, want[i].expiry), want[i].settlement);
    }
}

static void padding_of_a_root_is_ignored_and_the_rest_is_not(void **state)
{
    (void)state;
    assert_string_equal(vw_root_find("SPX   ", 6)->name, "SPX");
    assert_string_equal(vw_root_find("SPXW\0\0", 6)->name, "SPXW");
    assert_null(vw_root_find("SP X", 4));
    assert_null(vw_root_find("SPXX", 4));
    assert_null(vw_root_find("spx", 3));
    assert_null(vw_root_find("VX00", 4));
    assert_null(vw_root_find("VX54", 4));
    assert_null(vw_root_find("VX1", 3));
    assert_null(vw_root_find("", 0));
    assert_null(vw_root_find("      ", 6));
}

static void both_osi_forms_read_the_same(void **state)
{
    vw_symbol padded, compact;

    (void)state;
    assert_true(read_osi("SPX   200619P00500000", &padded));
    assert_string_equal(padded.root, "SPX");
    assert_int_equal(padded.expiry, 20200619);
    assert_int_equal(padded.type, 'P');
    assert_int_equal(padded.strike, 500 * VW_PRICE_ONE);
    assert_true(read_osi("SPX200619P00500000", &compact));
    assert_string_equal(compact.root, "SPX");
    assert_int_equal(compact.expiry, padded.expiry);
    assert_int_equal(compact.type, padded.type);
    assert_int_equal(compact.strike, padded.strike);
    assert_true(read_osi("SPXW230914C01200000", &compact));
    assert_string_equal(compact.root, "SPXW");
    assert_true(read_osi("VIX260722C00011500", &compact));
    assert_int_equal(compact.strike, 115000);
    assert_true(read_osi("ABCDEF260722C00011500", &compact));
    assert_string_equal(compact.root, "ABCDEF");
}

static void what_is_not_an_osi_symbol_is_refused(void **state)
{
    static const char *const bad[] = {
        "",
        "SPX",
        "200619P00500000",        /* no root */
        "SPX   200619P0050000",   /* one digit short, so padded at a compact size */
        "SPX   200619P005000000", /* one too many */
        "SPX  200619P00500000",   /* padding at a compact size */
        "SPX   200631P00500000",  /* June 31st */
        "SPX   201319P00500000",  /* month 13 */
        "SPX   200600P00500000",  /* day 0 */
        "SPX   200619X00500000",  /* neither call nor put */
        "SPX   200619p00500000",  /* lower case */
        "SPX   200619P0050000A",  /* letter in the strike */
        "SPX   20 619P00500000",  /* blank in the date */
        "SPX   200619P00000000",  /* strike 0 */
        "SP X  200619P00500000",  /* blank in the root */
        "spx   200619P00500000",  /* lower case root */
        "      200619P00500000",  /* empty root */
    };
    char with_nul[21] = "SPX   200619P00500000";
    vw_symbol symbol;

    (void)state;
    for (size_t i = 0; i < VW_COUNT_OF(bad); i++) {
        if (read_osi(bad[i], &symbol)) {
            fail_msg("'%s' was read", bad[i]);
        }
    }
    with_nul[4] = '\0';
    assert_false(vw_symbol_from_osi(with_nul, 21, &symbol));
}

static void osi_is_written_as_it_was_read(void **state)
{
    static const char *const symbols[] = {"SPX   200619P00500000", "SPXW  230914C01200000",
                                          "VIX   260722C00011500", "ABCDEF991231P99999999"};

    (void)state;
    for (size_t i = 0; i < VW_COUNT_OF(symbols); i++) {
        vw_symbol symbol;
        char osi[22];

        assert_true(read_osi(symbols[i], &symbol));
        vw_symbol_to_osi(&symbol, osi);
        assert_string_equal(osi, symbols[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_root_says_what_it_settles_to),
        cmocka_unit_test(only_third_fridays_of_spx_settle_at_the_opening),
        cmocka_unit_test(padding_of_a_root_is_ignored_and_the_rest_is_not),
        cmocka_unit_test(both_osi_forms_read_the_same),
        cmocka_unit_test(what_is_not_an_osi_symbol_is_refused),
        cmocka_unit_test(osi_is_written_as_it_was_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
