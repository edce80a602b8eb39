/* The reader on real files, none of which may be copied here. */
#include "feeds/chain.h"

#include "tests/check.h"

#include <string.h>

static void read_data(const char *path, const char *at, vw_chain *chain)
{
    vw_error error = {""};

    if (vw_chain_read_at(vw_test_data(path), at, NULL, chain, &error) != VW_OK) {
        fail_msg("%s", error.text);
    }
}

static bool same_symbol(const vw_symbol *a, const vw_symbol *b)
{
    return strcmp(a->root, b->root) == 0 && a->expiry == b->expiry && a->type == b->type &&
           a->strike == b->strike;
}

static const vw_chain_row *find(const vw_chain *chain, const char *osi)
{
    vw_symbol symbol;

    assert_true(vw_symbol_from_osi(osi, strlen(osi), &symbol));
    for (size_t i = 0; i < chain->count; i++) {
        if (same_symbol(&chain->rows[i].symbol, &symbol)) {
            return &chain->rows[i];
        }
    }
    fail_msg("no %s", osi);
    return NULL;
}

static int64_t new_york_ns(uint32_t date, int hour, int minute)
{
    return vw_calendar_ns(date, 3600 * hour + 60 * minute);
}

static void delayed_quotes_files_have_their_rows_and_instants(void **state)
{
    static const struct {
        const char *day;
        size_t count;
        double spot;
        uint32_t date;
        int hour, minute, vendor_hour, vendor_minute;
    } want[] = {
        {"20220610_1615", 19670, 3900.8601, 20220610, 16, 15, 16, 30},
        {"20220712_1140", 19378, 3856.28, 20220712, 11, 40, 11, 55},
        {"20230207_1615", 18962, 4164, 20230207, 16, 15, 16, 30},
        {"20230914_1615", 19920, 4505.1001, 20230914, 16, 15, 16, 30},
    };

    (void)state;
    for (size_t i = 0; i < VW_COUNT_OF(want); i++) {
        char path[128];
        vw_chain page, plain;
        vw_error error;
        int64_t vendor_ns;

        snprintf(path, sizeof path, "chains/cboe_quotedata/spx_%s.csv.gz", want[i].day);
        read_data(path, NULL, &page);
        assert_int_equal(page.count, want[i].count);
        assert_int_equal(page.bad_rows, 0);
        assert_near(page.spot, want[i].spot, 0);
        assert_int_equal(page.quote_ns, new_york_ns(want[i].date, want[i].hour, want[i].minute));
        assert_int_equal(vw_chain_instant(&page, "vendor", &vendor_ns, &error), VW_OK);
        assert_int_equal(vendor_ns,
                         new_york_ns(want[i].date, want[i].vendor_hour, want[i].vendor_minute));
        /* the normalised copy says the same */
        snprintf(path, sizeof path, "chains/normalised/spx_%s.csv.gz", want[i].day);
        read_data(path, NULL, &plain);
        assert_int_equal(plain.count, page.count);
        assert_int_equal(plain.quote_ns, page.quote_ns);
        assert_int_equal(plain.download_ns, page.download_ns);
        for (size_t k = 0; k < page.count; k++) {
            const vw_chain_row *a = &page.rows[k], *b = &plain.rows[k];

            assert_true(same_symbol(&a->symbol, &b->symbol));
            assert_true(a->bid == b->bid && a->ask == b->ask && a->vendor_iv == b->vendor_iv &&
                        a->vendor_delta == b->vendor_delta);
        }
        vw_chain_free(&page);
        vw_chain_free(&plain);
    }
}

static void known_quotes_are_read(void **state)
{
    vw_chain chain;
    const vw_chain_row *row;

    (void)state;
    read_data("chains/cboe_quotedata/spx_20220610_1615.csv.gz", NULL, &chain);
    row = find(&chain, "SPXW220610C00800000");
    assert_near(row->bid, 3090.2, 0);
    assert_near(row->ask, 3107.3, 0);
    assert_int_equal(row->line, 5);
    row = find(&chain, "SPX220617P00200000");
    assert_int_equal(row->settlement, 'A');
    assert_near(row->bid, 0, 0);
    assert_near(row->ask, 0.05, 0);
    assert_near(row->vendor_iv, 6.1256, 0);
    vw_chain_free(&chain);
    read_data("intraday/vix_vixw_20210426_1000_1200.csv.gz", "2021-04-26T10:00:00", &chain);
    assert_int_equal(chain.count, 988);
    assert_int_equal(chain.quote_ns, new_york_ns(20210426, 10, 0));
    row = find(&chain, "VIXW210428C00010000");
    assert_near(row->bid, 8.19, 0);
    assert_int_equal(row->bid_size, 16);
    assert_near(row->vendor_delta, 0.9916, 0);
    vw_chain_free(&chain);
    read_data("intraday/vix_vixw_20210426_1000_1200.csv.gz", NULL, &chain);
    assert_near(find(&chain, "VIXW210428C00010000")->bid, 8.07, 0);
    vw_chain_free(&chain);
}

static void other_layouts_are_read_whole(void **state)
{
    vw_chain chain;

    (void)state;
    read_data("chains/normalised/spx_20260710_1615_fullgreeks.csv.gz", NULL, &chain);
    assert_int_equal(chain.count, 4160);
    assert_int_equal(chain.bad_rows, 0);
    assert_int_equal(chain.quote_ns, new_york_ns(20260710, 16, 15));
    assert_near(find(&chain, "SPXW260713C04800000")->vendor_vega, 0.0003, 0);
    vw_chain_free(&chain);
    read_data("chains/normalised/spxw_201801_exp20180131_daily.csv.gz", "2018-01-10", &chain);
    assert_int_equal(chain.count, 354);
    assert_int_equal(chain.quote_ns, new_york_ns(20180110, 16, 15));
    assert_near(chain.spot, 2748.22, 0);
    vw_chain_free(&chain);
    read_data("intraday/vix_20260721_161501.csv.gz", NULL, &chain);
    assert_string_equal(chain.underlying, "VIX");
    assert_int_equal(chain.count, 352);
    assert_int_equal(chain.rows[0].settlement, 'A');
    vw_chain_free(&chain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(delayed_quotes_files_have_their_rows_and_instants),
        cmocka_unit_test(known_quotes_are_read),
        cmocka_unit_test(other_layouts_are_read_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
