#include "core/pricing/kernels.h"
#include "core/vol/forward.h"

#include "tests/check.h"
#include "tests/core/vol/synthetic.h"

enum { PAIRS_MAX = 1024 };

typedef struct columns {
    double strike[PAIRS_MAX], call_bid[PAIRS_MAX], call_ask[PAIRS_MAX], put_bid[PAIRS_MAX],
        put_ask[PAIRS_MAX];
    double scratch[VW_FORWARD_SCRATCH(PAIRS_MAX)];
    size_t count;
} columns;

static columns chain;
static const vw_fit_kernels *kernels;

static vw_parity parity(double years, double discount)
{
    return (vw_parity){chain.strike, chain.call_bid, chain.call_ask, chain.put_bid, chain.put_ask,
                       chain.count,  years,          0.05,           discount};
}

/* Calls and puts of one vol-free line: time value 5 on both sides, quoted +- half. */
static void make_line(double forward, double discount, double half)
{
    chain.count = 0;
    for (int i = -30; i <= 30; i++) {
        size_t at = chain.count++;
        double k = 5000 + 5 * i, y = discount * (forward - k);
        double call = 5 + fmax(y, 0), put = 5 + fmax(-y, 0);

        chain.strike[at] = k;
        chain.call_bid[at] = call - half;
        chain.call_ask[at] = call + half;
        chain.put_bid[at] = put - half;
        chain.put_ask[at] = put + half;
    }
}

static void an_exact_line_gives_its_forward_and_discount(void **state)
{
    vw_parity in;
    vw_forward out;

    (void)state;
    make_line(5012.34, 0.99, 0.1);
    in = parity(0.25, 0);
    assert_int_equal(vw_forward_fit(&in, kernels, chain.scratch, &out), VW_STATUS_OK);
    assert_near(out.forward, 5012.34, 1e-7);
    assert_near(out.discount, 0.99, 1e-10);
    assert_near(out.rate, -log(0.99) / 0.25, 1e-9);
    assert_int_equal(out.used, chain.count);
    assert_int_equal(out.source, VW_FORWARD_PARITY);
    in = parity(0.25, 0.99);
    assert_int_equal(vw_forward_fit(&in, kernels, chain.scratch, &out), VW_STATUS_OK);
    assert_near(out.forward, 5012.34, 1e-7);
    assert_near(out.rate_se, 0, 0);
}

static void a_few_wild_quotes_do_not_bend_the_line(void **state)
{
    vw_parity in;
    vw_forward out;

    (void)state;
    make_line(5012.34, 0.99, 0.1);
    for (size_t i = 0; i < chain.count; i++) { /* noise of a quarter half-width */
        double noise = i % 2 == 0 ? 0.025 : -0.025;
        chain.call_bid[i] += noise;
        chain.call_ask[i] += noise;
    }
    for (size_t i = 3; i < chain.count; i += 12) {
        chain.call_bid[i] += 40;
        chain.call_ask[i] += 40;
    }
    in = parity(0.25, 0);
    assert_int_equal(vw_forward_fit(&in, kernels, chain.scratch, &out), VW_STATUS_STALE);
    assert_near(out.forward, 5012.34, 0.02);
    assert_near(out.discount, 0.99, 2e-4);
}

/* Of a locked pair's price no less than a tick is unknown. */
static void a_locked_pair_does_not_decide_alone(void **state)
{
    vw_parity in;
    vw_forward out;

    (void)state;
    make_line(5012.34, 0.99, 0.1);
    for (size_t i = 0; i < chain.count; i++) {
        double noise = i % 2 == 0 ? 0.05 : -0.05;
        chain.call_bid[i] += noise;
        chain.call_ask[i] += noise;
    }
    chain.call_bid[20] = chain.call_ask[20] += 0.3;
    chain.put_bid[20] = chain.put_ask[20];
    in = parity(0.25, 0.99);
    vw_forward_fit(&in, kernels, chain.scratch, &out);
    assert_near(out.forward, 5012.34, 0.1);
    assert_int_equal(out.used, chain.count);
}

static void quotes_without_a_bid_crossed_or_not_finite_are_no_pairs(void **state)
{
    vw_parity in;
    vw_forward out;
    uint32_t pairs;

    (void)state;
    make_line(5000.5, 1, 0.1);
    pairs = (uint32_t)chain.count;
    chain.call_bid[0] = 0;
    chain.put_bid[1] = -1;
    chain.put_ask[2] = chain.put_bid[2] - 1;
    chain.call_ask[3] = INFINITY;
    chain.put_bid[4] = NAN;
    chain.strike[5] = NAN;
    chain.call_bid[6] = chain.call_ask[6] = 1.7e308; /* their sum is infinite */
    in = parity(0.1, 1);
    assert_int_equal(vw_forward_fit(&in, kernels, chain.scratch, &out), VW_STATUS_OK);
    assert_int_equal(out.used, pairs - 7);
    assert_near(out.forward, 5000.5, 1e-9);
}

static void nothing_to_fit_says_so_and_gives_no_number(void **state)
{
    vw_parity in;
    vw_forward out;

    (void)state;
    make_line(5000, 1, 0.1);
    chain.count = 0;
    in = parity(0.1, 1);
    assert_int_equal(vw_forward_fit(&in, kernels, chain.scratch, &out), VW_STATUS_NO_MARKET);
    assert_true(isnan(out.forward) && isnan(out.discount));
    chain.count = 2; /* a discount cannot be had from two pairs */
    in = parity(0.1, 0);
    assert_int_equal(vw_forward_fit(&in, kernels, chain.scratch, &out), VW_STATUS_NO_MARKET);
    in = parity(0, 1);
    assert_int_equal(vw_forward_fit(&in, kernels, chain.scratch, &out), VW_STATUS_BAD_INPUT);
    in = parity(NAN, 1);
    assert_int_equal(vw_forward_fit(&in, kernels, chain.scratch, &out), VW_STATUS_BAD_INPUT);
}

static void pairs_too_wide_to_weigh_anything_are_no_market(void **state)
{
    vw_parity in;
    vw_forward out;

    (void)state;
    make_line(5000, 1, 0.1);
    for (size_t i = 0; i < chain.count; i++) {
        chain.call_ask[i] = chain.put_ask[i] = 1e200;
    }
    in = parity(0.1, 1);
    assert_int_equal(vw_forward_fit(&in, kernels, chain.scratch, &out), VW_STATUS_NO_MARKET);
    assert_true(isnan(out.forward) && out.used == 0);
}

static void the_synthetic_chain_gives_its_true_forwards_and_rates(void **state)
{
    static synthetic_slice slices[SYNTHETIC_SLICES];
    vw_forward forwards[SYNTHETIC_SLICES];
    double years[SYNTHETIC_SLICES];
    vw_rate_curve curve;

    (void)state;
    assert_int_equal(synthetic_load(slices), SYNTHETIC_SLICES);
    for (size_t i = 0; i < SYNTHETIC_SLICES; i++) {
        vw_parity in = synthetic_parity(&slices[i], 0);

        years[i] = slices[i].years;
        vw_forward_fit(&in, kernels, chain.scratch, &forwards[i]);
    }
    assert_true(vw_rate_curve_fit(&curve, forwards, years, SYNTHETIC_SLICES, 0));
    assert_int_equal(curve.used, 4);
    for (size_t i = 0; i < SYNTHETIC_SLICES; i++) {
        double true_rate = -log(slices[i].true_discount) / years[i];
        double rate = vw_rate_curve_near(&curve, &forwards[i], years[i]);
        vw_parity in = synthetic_parity(&slices[i], exp(-rate * years[i]));
        vw_forward out;

        assert_int_equal(vw_forward_fit(&in, kernels, chain.scratch, &out), VW_STATUS_OK);
        assert_near(out.forward, slices[i].true_forward, 0.01);
        assert_near(out.rate, true_rate, 0.0005);
        if (years[i] >= 14.0 / 365) {
            assert_near(forwards[i].rate, true_rate, 0.0005);
        }
    }
}

static void a_rate_curve_is_a_cubic_inside_and_flat_outside(void **state)
{
    vw_forward forwards[12];
    double years[12];
    vw_rate_curve curve;

    (void)state;
    for (size_t i = 0; i < 12; i++) {
        double x = -3 + 0.3 * (double)i;

        years[i] = exp(x);
        forwards[i] = (vw_forward){
            .rate = 0.05 - 0.003 * x + 0.001 * x * x * x, .rate_se = 1e-5, .used = 100};
    }
    assert_true(vw_rate_curve_fit(&curve, forwards, years, 12, 0));
    for (size_t i = 0; i < 12; i++) {
        bool counts = years[i] >= VW_RATE_YEARS_MIN;
        assert_near(vw_rate_curve_rate(&curve, years[i]), forwards[counts ? i : 1].rate, 1e-12);
    }
    assert_near(vw_rate_curve_rate(&curve, 1e-4), forwards[0].rate, 1e-12);
    assert_near(vw_rate_curve_rate(&curve, 50), forwards[11].rate, 1e-12);
}

static void an_expiry_that_knows_its_rate_departs_from_the_curve(void **state)
{
    vw_rate_curve curve = {.coefficient = {0.05}};
    vw_forward sure = {.rate = 0.052, .rate_se = 1e-5, .used = 100};
    vw_forward unsure = {.rate = 0.052, .rate_se = 0.05, .used = 100};

    (void)state;
    assert_near(vw_rate_curve_near(&curve, &sure, 1), 0.052, 1e-4);
    assert_near(vw_rate_curve_near(&curve, &unsure, 1), 0.05, 1e-5);
    assert_near(vw_rate_curve_near(&curve, &sure, 10.0 / 365), 0.05, 0); /* too short to know */
}

static void one_wild_expiry_does_not_bend_the_rate_curve(void **state)
{
    vw_forward forwards[12];
    double years[12];
    vw_rate_curve curve;

    (void)state;
    for (size_t i = 0; i < 12; i++) {
        years[i] = 0.1 * (double)(i + 1);
        forwards[i] = (vw_forward){.rate = 0.05, .rate_se = 1e-3, .used = 100};
    }
    forwards[0].rate = -0.2;
    assert_true(vw_rate_curve_fit(&curve, forwards, years, 12, 0));
    assert_near(vw_rate_curve_rate(&curve, 0.2), 0.05, 2e-3);
    assert_near(vw_rate_curve_rate(&curve, 1), 0.05, 1e-3);
    assert_near(vw_rate_curve_rate(&curve, 0.01), 0.05, 5e-3);
}

static void a_crowd_of_wide_stale_quotes_does_not_outvote_a_few_tight_ones(void **state)
{
    vw_parity in;
    vw_forward out;

    (void)state;
    make_line(5012.34, 0.99, 0.5);
    for (size_t i = 0; i < 40; i++) { /* two thirds of the pairs, 30 points off, 60 wide */
        chain.call_bid[i] += 30 - 60;
        chain.call_ask[i] += 30 + 60;
        chain.put_bid[i] = 0.05;
        chain.put_ask[i] += 60;
    }
    in = parity(0.25, 0.99);
    vw_forward_fit(&in, kernels, chain.scratch, &out);
    assert_near(out.forward, 5012.34, 0.1);
}

static void the_forward_is_never_one_that_a_conversion_beats(void **state)
{
    vw_parity in;
    vw_forward out;

    (void)state;
    make_line(5000.4, 1, 0.5);
    chain.call_bid[30] += 0.9; /* buy 5000, deliver by the call: 5000.3 at least */
    chain.call_ask[30] += 0.9;
    in = parity(0.1, 1);
    assert_int_equal(vw_forward_fit(&in, kernels, chain.scratch, &out), VW_STATUS_OK);
    assert_true(out.forward >= out.low && out.forward <= out.high);
}

static void one_stale_pair_that_a_conversion_beats_does_not_move_the_forward(void **state)
{
    (void)state;
    for (int side = -1; side <= 1; side += 2) {
        vw_parity in;
        vw_forward out;

        make_line(5012.34, 0.99, 0.5);
        chain.call_bid[40] += 2 * side;
        chain.call_ask[40] += 2 * side;
        in = parity(0.25, 0.99);
        assert_int_equal(vw_forward_fit(&in, kernels, chain.scratch, &out), VW_STATUS_STALE);
        assert_true(out.low <= out.high);
        assert_near(out.forward, 5012.34, 0.05);
    }
}

static void a_line_above_what_can_be_bought_is_brought_down(void **state)
{
    vw_parity in;
    vw_forward out;

    (void)state;
    make_line(5000.4, 1, 0.5);
    chain.call_bid[30] -= 1.07; /* sell 5000 by the put, buy the call: 5000.33 at most */
    chain.call_ask[30] -= 1.07;
    in = parity(0.1, 1);
    assert_int_equal(vw_forward_fit(&in, kernels, chain.scratch, &out), VW_STATUS_OK);
    assert_near(out.high, 5000.33, 1e-9);
    assert_near(out.forward, 5000.33, 1e-9);
}

static void pairs_that_no_one_forward_fits_are_marked(void **state)
{
    vw_parity in;
    vw_forward out;

    (void)state;
    make_line(5000, 1, 0.1);
    in = parity(0.1, 1);
    for (double off = 0.41; off < 0.5; off += 0.08) { /* bounds crossed by less than a tick, more */
        chain.call_bid[30] = 5 - 0.1 + off;
        chain.call_ask[30] = 5 + 0.1 + off;
        assert_int_equal(vw_forward_fit(&in, kernels, chain.scratch, &out),
                         off < 0.45 ? VW_STATUS_OK : VW_STATUS_STALE);
    }
}

/* 2 % in the last hour: what lies farther off tells more of the discount than of the forward. */
static void pairs_far_from_the_money_have_no_say(void **state)
{
    vw_parity in;
    vw_forward near, all;

    (void)state;
    make_line(5012.34, 1, 0.1);
    in = parity(1e-4, 1);
    for (size_t i = 0; i < chain.count; i++) { /* from 4910 to 5115 stays */
        if (chain.strike[i] < 4910 || chain.strike[i] > 5115) {
            chain.call_bid[i] += 0.5;
            chain.call_ask[i] += 0.5;
        }
    }
    vw_forward_fit(&in, kernels, chain.scratch, &near);
    assert_near(near.forward, 5012.34, 1e-9);
    assert_true(near.used < chain.count);
    in = parity(0.5, 1);
    vw_forward_fit(&in, kernels, chain.scratch, &all);
    assert_int_equal(all.used, chain.count);
}

static void without_long_expiries_the_rate_is_the_fallback(void **state)
{
    vw_forward forward = {.rate = 0.2, .rate_se = 0.01, .used = 100};
    double years = 5.0 / 365;
    vw_rate_curve curve;

    (void)state;
    assert_false(vw_rate_curve_fit(&curve, &forward, &years, 1, 0.03));
    assert_near(vw_rate_curve_rate(&curve, 0.01), 0.03, 0);
    assert_near(vw_rate_curve_rate(&curve, 2), 0.03, 0);
}

static double uniform(uint64_t *state)
{
    *state = *state * 6364136223846793005U + 1442695040888963407U;
    return (double)(*state >> 11) * 0x1p-53;
}

typedef struct weighted {
    double miss, weight;
} weighted;

static int by_miss(const void *a, const void *b)
{
    double x = ((const weighted *)a)->miss, y = ((const weighted *)b)->miss;

    return (x > y) - (x < y);
}

static double median(weighted *of, size_t count)
{
    double half = 0, below = 0;

    qsort(of, count, sizeof *of, by_miss);
    for (size_t i = 0; i < count; i++) {
        half += 0.5 * of[i].weight;
    }
    for (size_t i = 0; i < count; i++) {
        below += of[i].weight;
        if (below >= half) {
            return of[i].miss;
        }
    }
    return of[count - 1].miss;
}

/* Eight passes of what forward.h says, one pair at a time; all pairs of the chain are in its band.
 */
static double plain_forward(double discount)
{
    static weighted sorted[PAIRS_MAX];
    static double x[PAIRS_MAX], y[PAIRS_MAX], half[PAIRS_MAX], miss[PAIRS_MAX];
    double scale = INFINITY, level = 0, slope = discount;

    for (size_t i = 0; i < chain.count; i++) {
        x[i] = chain.strike[i] - 5000;
        y[i] = 0.5 * (chain.call_bid[i] + chain.call_ask[i] - chain.put_bid[i] - chain.put_ask[i]);
        half[i] = fmax(0.05, 0.5 * (chain.call_ask[i] - chain.call_bid[i] + chain.put_ask[i] -
                                    chain.put_bid[i]));
        miss[i] = 0;
    }
    for (int pass = 0; pass < 8; pass++) {
        double sw = 0, swx = 0, swxx = 0, swy = 0, swxy = 0;

        for (size_t i = 0; i < chain.count; i++) {
            double w = 1 / (half[i] * half[i]) / fmax(1, miss[i] / (1.345 * scale));

            sw += w;
            swx += w * x[i];
            swxx += w * x[i] * x[i];
            swy += w * y[i];
            swxy += w * x[i] * y[i];
        }
        slope = discount > 0 ? discount : (swx * swy - sw * swxy) / (sw * swxx - swx * swx);
        level = (swy + slope * swx) / sw;
        for (size_t i = 0; i < chain.count; i++) {
            miss[i] = fabs(y[i] - level + slope * x[i]) / half[i];
            sorted[i] = (weighted){miss[i], 1 / (half[i] * half[i])};
        }
        scale = 1.4826 * median(sorted, chain.count);
    }
    return 5000 + level / slope;
}

/* Noise of a spread, spreads of all widths, some pairs far off. */
static void make_noisy_line(uint64_t *state)
{
    make_line(5012.34, 0.99, 0.1);
    for (size_t i = 0; i < chain.count; i++) {
        double half = 0.05 + 2 * uniform(state) * uniform(state);
        double off = half * (2 * uniform(state) - 1) + (uniform(state) < 0.1 ? 9 : 0);

        chain.call_ask[i] = chain.call_bid[i] + 2 * half + off;
        chain.call_bid[i] += off;
        chain.put_ask[i] = chain.put_bid[i] + 0.2 + half;
    }
}

static void every_set_of_kernels_finds_the_line_of_plain_least_squares(void **state)
{
    uint64_t seed = 7; /* of all rounds */

    (void)state;
    for (int round = 0; round < 200; round++) {
        vw_parity in;
        vw_forward out, other;

        make_noisy_line(&seed);
        chain.count = 8 + (size_t)(uniform(&seed) * 53);
        in = parity(0.25, round % 2 == 0 ? 0.99 : 0);
        vw_forward_fit(&in, kernels, chain.scratch, &out);
        assert_int_equal(out.used, chain.count);
        if (out.low > out.high || (out.forward > out.low && out.forward < out.high)) {
            assert_near(out.forward, plain_forward(in.discount), 0.01 * out.forward_se);
        }
        for (size_t i = 0; vw_kernels_name(i) != NULL; i++) {
            if (vw_kernels_get(vw_kernels_name(i)) != NULL) {
                vw_forward_fit(&in, vw_fit_kernels_get(vw_kernels_name(i)), chain.scratch, &other);
                assert_memory_equal(&other, &out, sizeof out);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_exact_line_gives_its_forward_and_discount),
        cmocka_unit_test(a_few_wild_quotes_do_not_bend_the_line),
        cmocka_unit_test(a_locked_pair_does_not_decide_alone),
        cmocka_unit_test(quotes_without_a_bid_crossed_or_not_finite_are_no_pairs),
        cmocka_unit_test(nothing_to_fit_says_so_and_gives_no_number),
        cmocka_unit_test(pairs_too_wide_to_weigh_anything_are_no_market),
        cmocka_unit_test(the_synthetic_chain_gives_its_true_forwards_and_rates),
        cmocka_unit_test(a_rate_curve_is_a_cubic_inside_and_flat_outside),
        cmocka_unit_test(an_expiry_that_knows_its_rate_departs_from_the_curve),
        cmocka_unit_test(one_wild_expiry_does_not_bend_the_rate_curve),
        cmocka_unit_test(a_crowd_of_wide_stale_quotes_does_not_outvote_a_few_tight_ones),
        cmocka_unit_test(the_forward_is_never_one_that_a_conversion_beats),
        cmocka_unit_test(one_stale_pair_that_a_conversion_beats_does_not_move_the_forward),
        cmocka_unit_test(a_line_above_what_can_be_bought_is_brought_down),
        cmocka_unit_test(pairs_that_no_one_forward_fits_are_marked),
        cmocka_unit_test(pairs_far_from_the_money_have_no_say),
        cmocka_unit_test(without_long_expiries_the_rate_is_the_fallback),
        cmocka_unit_test(every_set_of_kernels_finds_the_line_of_plain_least_squares),
    };

    kernels = vw_fit_kernels_get(NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
