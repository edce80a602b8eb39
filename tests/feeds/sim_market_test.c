#include "feeds/sim_market.h"

#include "core/base/clock.h"
#include "core/market/event.h"
#include "core/vol/forward.h"
#include "core/vol/vx_curve.h"
#include "tests/check.h"

#include <string.h>

static vw_chain chains[2]; /* the synthetic day, SPX and VIX */

static vw_sim_market open_market(size_t chain_count, const double *curve, size_t curve_count)
{
    vw_sim_config config = vw_sim_defaults();
    vw_sim_market market;
    vw_error error = {""};

    config.chains = chains;
    config.chain_count = chain_count;
    config.curve = curve;
    config.curve_count = curve_count;
    config.seed = 3;
    if (vw_sim_market_open(&market, &config, &error) != VW_OK) {
        fail_msg("%s", error.text);
    }
    return market;
}

static double mid(vw_sim_quote quote)
{
    return 0.5 * (double)(quote.bid + quote.ask) / (double)VW_PRICE_ONE;
}

/* The parity forward that a listener would see now. */
static vw_forward seen_forward(const vw_sim_market *market, size_t e, int64_t now_ns)
{
    const vw_sim_expiry *expiry = &market->expiries[e];
    double *side = calloc(4 * expiry->count, sizeof *side);
    double *scratch = calloc(VW_FORWARD_SCRATCH(expiry->count), sizeof *scratch);
    double years = vw_calendar_years(now_ns, expiry->settlement_ns);
    vw_parity in = {.strike = market->strike + expiry->first,
                    .call_bid = side,
                    .call_ask = side + expiry->count,
                    .put_bid = side + 2 * expiry->count,
                    .put_ask = side + 3 * expiry->count,
                    .count = expiry->count,
                    .years = years,
                    .tick = expiry->family == VW_FAMILY_VIX ? 0.01 : 0.05,
                    .discount = exp(-expiry->rate * years)};
    vw_forward forward;

    for (size_t i = 0; i < market->option_count; i++) {
        const vw_sim_series *series = &market->series[i];
        vw_sim_quote quote = vw_sim_market_quote(market, i, now_ns);
        size_t k =
            series->point - expiry->first + (series->symbol.type == 'P' ? 2 : 0) * expiry->count;

        if (series->expiry == e) {
            side[k] = (double)quote.bid / (double)VW_PRICE_ONE;
            side[k + expiry->count] = (double)quote.ask / (double)VW_PRICE_ONE;
        }
    }
    vw_forward_fit(&in, vw_fit_kernels_get(NULL), scratch, &forward);
    free(side);
    free(scratch);
    return forward;
}

static void at_the_start_every_quote_is_the_files(void **state)
{
    vw_sim_market market = open_market(2, NULL, 0);
    size_t i = 0;

    (void)state;
    for (size_t c = 0; c < 2; c++) {
        for (size_t r = 0; r < chains[c].count; r++, i++) {
            vw_sim_quote quote = vw_sim_market_quote(&market, i, market.start_ns);

            assert_int_equal(quote.bid, llround(chains[c].rows[r].bid * 10000));
            assert_int_equal(quote.ask, llround(chains[c].rows[r].ask * 10000));
            assert_int_equal(quote.bid_size, chains[c].rows[r].bid_size);
        }
    }
    assert_int_equal(i, market.option_count);
    vw_sim_market_close(&market);
}

static void calls_and_puts_keep_parity_with_the_moved_forward(void **state)
{
    vw_sim_market market = open_market(2, NULL, 0);
    int64_t now_ns = market.start_ns + 3600 * VW_NS_PER_SECOND;

    (void)state;
    for (int i = 0; i < 3600; i++) {
        vw_sim_market_step(&market, 1.0);
    }
    assert_true(fabs(market.log_forward) > 0.0005);
    for (size_t e = 0; e < market.option_expiry_count; e++) {
        vw_forward forward = seen_forward(&market, e, now_ns);
        bool vix = market.expiries[e].family == VW_FAMILY_VIX;

        assert_int_equal(forward.status, VW_STATUS_OK);
        assert_near(forward.forward, vw_sim_market_forward(&market, e), vix ? 0.03 : 0.10);
    }
    vw_sim_market_close(&market);
}

static void moved_quotes_stay_on_their_tick_uncrossed_and_near_their_spread(void **state)
{
    vw_sim_market market = open_market(2, NULL, 0);
    int64_t now_ns = market.start_ns + 600 * VW_NS_PER_SECOND;
    size_t moved = 0;

    (void)state;
    market.log_forward = -0.01;
    market.log_level = 0.05;
    for (size_t i = 0; i < market.option_count; i++) {
        vw_sim_quote quote = vw_sim_market_quote(&market, i, now_ns);
        const vw_sim_quote *start = &market.series[i].start;
        bool vix = market.expiries[market.series[i].expiry].family == VW_FAMILY_VIX;
        int64_t small = vix ? 100 : 500, large = vix ? 500 : 1000;

        assert_int_equal(quote.bid % (quote.bid < 30000 ? small : large), 0);
        assert_int_equal(quote.ask % (quote.ask < 30000 ? small : large), 0);
        assert_true(quote.ask > quote.bid);
        if (start->bid > 0 && quote.bid > 0) {
            assert_near((double)(quote.ask - quote.bid), (double)(start->ask - start->bid),
                        2.0 * (double)large);
        }
        moved += quote.bid != start->bid || quote.ask != start->ask;
    }
    assert_true(moved > market.option_count * 8 / 10);
    vw_sim_market_close(&market);
}

static void the_vol_level_moves_against_the_index(void **state)
{
    vw_sim_market market = open_market(1, NULL, 0);
    double xx = 0, xy = 0, forward = 0, level = 0;

    (void)state;
    for (int i = 0; i < 20000; i++) {
        vw_sim_market_step(&market, 0.1);
        xx += (market.log_forward - forward) * (market.log_forward - forward);
        xy += (market.log_forward - forward) * (market.log_level - level);
        forward = market.log_forward;
        level = market.log_level;
    }
    assert_near(xy / xx, -4.0, 0.25);
    /* A session of 23,400 s at the 30-day vol, over 2,000 s of it. */
    assert_near(sqrt(xx), market.spot_vol * sqrt(2000.0 / (252 * 23400)), 0.0001);
    assert_near(market.spot_vol, 0.131, 0.003);
    vw_sim_market_close(&market);
}

static size_t future_of(const vw_sim_market *market, uint32_t date)
{
    for (size_t i = market->option_count; i < market->series_count; i++) {
        if (market->series[i].symbol.expiry == date) {
            return i;
        }
    }
    fail_msg("no VX future of %u", date);
    return 0;
}

static void futures_quote_around_the_vix_options_of_their_date_and_follow_them(void **state)
{
    vw_sim_market market = open_market(2, NULL, 0);
    size_t found = 0;

    (void)state;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t e = 0; e < market.option_expiry_count; e++) {
            if (market.expiries[e].family == VW_FAMILY_VIX) {
                size_t future = future_of(&market, market.expiries[e].date);
                vw_sim_quote quote = vw_sim_market_quote(&market, future, market.start_ns);

                assert_near(mid(quote), seen_forward(&market, e, market.start_ns).forward, 0.055);
                assert_int_equal(quote.bid % 500, 0);
                found++;
            }
        }
        market.log_level = 0.2;
    }
    assert_int_equal(found, 12);
    vw_sim_market_close(&market);
}

static void nine_monthlies_stand_on_the_stated_curve_or_on_the_given_one(void **state)
{
    const double given[] = {15.5, 16.25, 17.0};
    vw_sim_market market = open_market(1, NULL, 0);
    double distance;

    (void)state;
    assert_int_equal(market.series_count - market.option_count, VW_SIM_FUTURES);
    for (size_t e = market.option_expiry_count; e < market.expiry_count; e++) {
        double beta = vw_vx_curve_beta(market.expiries[e].years * 365.0);

        assert_near(market.expiries[e].forward, 21.0 + (market.level - 21.0) * beta, 1e-12);
    }
    assert_int_equal(market.expiries[market.option_expiry_count].date, 20260617);
    vw_sim_market_close(&market);

    market = open_market(1, given, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_near(market.expiries[market.option_expiry_count + i].forward, given[i], 0);
    }
    distance = 17.0 - 21.0 -
               (market.level - 21.0) * market.expiries[market.option_expiry_count + 2].response;
    assert_near(market.expiries[market.expiry_count - 1].forward,
                21.0 + (market.level - 21.0) * market.expiries[market.expiry_count - 1].response +
                    distance,
                1e-12);
    vw_sim_market_close(&market);
}

static void a_settled_series_has_no_side_left(void **state)
{
    vw_sim_market market = open_market(1, NULL, 0);
    int64_t close_ns = vw_calendar_ns(20260610, 16 * 3600);

    (void)state;
    for (size_t i = 0; i < market.option_count; i++) {
        vw_sim_quote quote = vw_sim_market_quote(&market, i, close_ns);

        if (market.series[i].symbol.expiry == 20260610) {
            assert_true(quote.bid == 0 && quote.ask == 0);
        } else {
            assert_true(quote.ask > 0);
        }
    }
    vw_sim_market_close(&market);
}

static void the_synthetic_day_is_marked_and_of_real_size(void **state)
{
    (void)state;
    assert_true(chains[0].synthetic && chains[1].synthetic);
    assert_in_range(chains[0].count + chains[1].count, 5000, 8500);
    assert_int_equal(chains[0].quote_ns, vw_calendar_ns(20260610, 37800));
    assert_string_equal(chains[1].underlying, "VIX");
    assert_near(chains[1].spot, 15.1, 0.1);
    for (size_t i = 0; i < chains[0].count; i++) {
        assert_true(chains[0].rows[i].bid < chains[0].rows[i].ask);
    }
}

static void nobody_can_take_money_from_the_synthetic_day(void **state)
{
    size_t butterflies = 0;

    (void)state;
    for (size_t c = 0; c < 2; c++) {
        for (size_t i = 4; i < chains[c].count; i++) {
            const vw_chain_row *high = &chains[c].rows[i], *body = high - 2, *low = high - 4;

            if (strcmp(low->symbol.root, high->symbol.root) != 0 ||
                low->symbol.expiry != high->symbol.expiry) {
                continue;
            }
            if (high->symbol.strike - body->symbol.strike ==
                body->symbol.strike - low->symbol.strike) {
                assert_true(low->ask + high->ask - 2 * body->bid > -1e-9);
                butterflies++;
            }
            if (high->symbol.type == 'C') {
                assert_true(low->ask >= high->bid);
            } else {
                assert_true(high->ask >= low->bid);
            }
        }
    }
    assert_true(butterflies > 5000);
}

static void chains_of_different_moments_do_not_go_together(void **state)
{
    vw_sim_config config = vw_sim_defaults();
    vw_chain apart[2] = {chains[0], chains[1]};
    vw_error error = {""};
    vw_sim *sim = NULL;

    (void)state;
    config.chains = apart;
    config.chain_count = 2;
    apart[1].quote_ns += INT64_C(8) * 86400 * 1000000000;
    assert_int_equal(vw_sim_open(&config, &sim, &error), VW_ERR_DATA);
    assert_non_null(strstr(error.text, "192.0 hours apart"));
    config.at = "2026-06-10T11:00:00";
    assert_int_equal(vw_sim_open(&config, &sim, &error), VW_OK);
    vw_sim_close(sim);
}

static void the_synthetic_curve_is_in_contango(void **state)
{
    vw_sim_market market = open_market(2, NULL, 0);
    const vw_sim_expiry *futures = &market.expiries[market.option_expiry_count];

    (void)state;
    for (size_t i = 1; i < VW_SIM_FUTURES; i++) {
        assert_true(futures[i].forward > futures[i - 1].forward);
    }
    assert_true(futures[1].forward / futures[0].forward > 1.04);
    vw_sim_market_close(&market);
}

static int make_day(void **state)
{
    (void)state;
    return vw_sim_synthetic(NULL, 5, chains, NULL) == VW_OK ? 0 : -1;
}

static int free_day(void **state)
{
    (void)state;
    vw_chain_free(&chains[0]);
    vw_chain_free(&chains[1]);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(at_the_start_every_quote_is_the_files),
        cmocka_unit_test(calls_and_puts_keep_parity_with_the_moved_forward),
        cmocka_unit_test(moved_quotes_stay_on_their_tick_uncrossed_and_near_their_spread),
        cmocka_unit_test(the_vol_level_moves_against_the_index),
        cmocka_unit_test(futures_quote_around_the_vix_options_of_their_date_and_follow_them),
        cmocka_unit_test(nine_monthlies_stand_on_the_stated_curve_or_on_the_given_one),
        cmocka_unit_test(a_settled_series_has_no_side_left),
        cmocka_unit_test(the_synthetic_day_is_marked_and_of_real_size),
        cmocka_unit_test(nobody_can_take_money_from_the_synthetic_day),
        cmocka_unit_test(chains_of_different_moments_do_not_go_together),
        cmocka_unit_test(the_synthetic_curve_is_in_contango),
    };

    return cmocka_run_group_tests(tests, make_day, free_day);
}
