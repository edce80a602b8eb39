#include "feeds/sim.h"

#include "feeds/sim_market.h"
#include "tests/feeds/sim_listener.h"

static vw_chain read_chain(const char *path)
{
    vw_chain chain;
    vw_error error = {""};

    if (vw_chain_read(vw_test_data(path), NULL, &chain, &error) != VW_OK) {
        fail_msg("%s", error.text);
    }
    return chain;
}

static void assert_rebuilt(const char *const *paths, size_t count)
{
    vw_chain chains[2];
    vw_sim_config config = vw_sim_defaults();
    listener *l = listener_open(true, false, true);

    for (size_t c = 0; c < count; c++) {
        chains[c] = read_chain(paths[c]);
    }
    config.chains = chains;
    config.chain_count = count;
    config.still = true;
    listener_play(l, config, 0, 3);
    listener_settle(l);
    for (size_t c = 0; c < count; c++) {
        for (size_t i = 0; i < chains[c].count; i++) {
            const vw_chain_row *row = &chains[c].rows[i];
            const listened_series *series;
            char osi[22];

            vw_symbol_to_osi(&row->symbol, osi);
            series = listener_find(l, osi);
            assert_non_null(series);
            assert_int_equal(series->best[0], llround(row->bid * 10000));
            assert_int_equal(series->best[1], llround(row->ask * 10000));
        }
        vw_chain_free(&chains[c]);
    }
    listener_close(l);
}

static void the_stressed_day_of_2022_comes_out_of_the_wire_as_it_is_in_the_file(void **state)
{
    const char *const paths[] = {"chains/cboe_quotedata/spx_20220610_1615.csv.gz"};

    (void)state;
    assert_rebuilt(paths, 1);
}

static void spx_and_vix_of_one_instant_come_out_together(void **state)
{
    const char *const paths[] = {"intraday/spx_20260721_103222.csv.gz",
                                 "intraday/vix_20260721_103216.csv.gz"};

    (void)state;
    assert_rebuilt(paths, 2);
}

static void futures_stand_on_the_forwards_of_the_vix_chain(void **state)
{
    vw_chain chains[2] = {read_chain("intraday/spx_20260721_103222.csv.gz"),
                          read_chain("intraday/vix_20260721_103216.csv.gz")};
    vw_sim_config config = vw_sim_defaults();
    vw_sim_market market;
    size_t same = 0;

    (void)state;
    config.chains = chains;
    config.chain_count = 2;
    assert_int_equal(vw_sim_market_open(&market, &config, NULL), VW_OK);
    assert_near(market.level, 17.33, 1e-12);
    for (size_t f = market.option_expiry_count; f < market.expiry_count; f++) {
        for (size_t e = 0; e < market.option_expiry_count; e++) {
            if (market.expiries[e].family == VW_FAMILY_VIX &&
                market.expiries[e].date == market.expiries[f].date) {
                assert_near(market.expiries[f].forward, market.expiries[e].forward, 0);
                same++;
            }
        }
        assert_true(market.expiries[f].forward > 15 && market.expiries[f].forward < 26);
    }
    assert_int_equal(same, 6); /* July to December */
    vw_sim_market_close(&market);
    vw_chain_free(&chains[0]);
    vw_chain_free(&chains[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_stressed_day_of_2022_comes_out_of_the_wire_as_it_is_in_the_file),
        cmocka_unit_test(spx_and_vix_of_one_instant_come_out_together),
        cmocka_unit_test(futures_stand_on_the_forwards_of_the_vix_chain),
    };

    vw_test_data("chains/cboe_quotedata/spx_20220610_1615.csv.gz");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
