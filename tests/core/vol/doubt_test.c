#include "core/vol/doubt.h"
#include "core/vol/slice.h"

#include "tests/check.h"
#include "tests/core/vol/synthetic.h"

#include <stdlib.h>

static synthetic_slice slices[SYNTHETIC_SLICES];
static vw_smile smile;
static const vw_kernels *kernels;
static double half[SYNTHETIC_STRIKES_MAX];

static int open_all(void **state)
{
    size_t size = vw_round_up(vw_smile_size(SYNTHETIC_STRIKES_MAX), VW_LINE_PAIR);

    (void)state;
    synthetic_load(slices);
    kernels = vw_kernels_get("baseline");
    vw_smile_init(&smile, aligned_alloc(VW_LINE_PAIR, size), SYNTHETIC_STRIKES_MAX);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    free(smile.k);
    return 0;
}

static void gather(const synthetic_slice *slice)
{
    vw_parity in = synthetic_parity(slice, slice->true_discount);

    assert_int_equal(
        vw_smile_gather(&smile, &in, slice->true_forward, slice->true_discount, kernels),
        VW_STATUS_OK);
}

/* Moves a quote by so many half-widths. */
static void make_stale(size_t i, double halves)
{
    double by = halves * smile.half_vol[i];

    smile.vol[i] += by;
    smile.bid_vol[i] += by;
    smile.ask_vol[i] += by;
}

static void live_quotes_are_not_doubted(void **state)
{
    (void)state;
    for (size_t n = 0; n < SYNTHETIC_SLICES; n++) {
        gather(&slices[n]);
        assert_int_equal(vw_doubt_quotes(&smile, half), 0);
        assert_memory_equal(half, smile.half_vol, smile.count * sizeof *half);
    }
}

static void a_stale_quote_among_live_ones_is_doubted_and_alone(void **state)
{
    (void)state;
    for (int sign = -1; sign <= 1; sign += 2) {
        size_t at;

        gather(&slices[4]);
        at = smile.count / 2;
        make_stale(at, 40 * sign);
        assert_int_equal(vw_doubt_quotes(&smile, half), 1);
        assert_true(half[at] == INFINITY);
    }
}

static void stale_quotes_do_not_bend_the_smile(void **state)
{
    size_t size = vw_round_up(vw_slice_work_size(SYNTHETIC_STRIKES_MAX), VW_LINE_PAIR), money = 0;
    void *mem = aligned_alloc(VW_LINE_PAIR, size);
    vw_slice_work *work = vw_slice_work_init(mem, SYNTHETIC_STRIKES_MAX, "baseline");
    vw_slice clean = {.model = VW_MODEL_NONE}, stale = {.model = VW_MODEL_NONE};

    (void)state;
    gather(&slices[4]);
    assert_int_equal(vw_slice_fit(&clean, &smile, VW_SLICE_HKS_QUOTES, NULL, work), VW_STATUS_OK);
    while (smile.k[money] < 0) {
        money++;
    }
    make_stale(money - 12, 60);
    make_stale(money - 4, 80);
    make_stale(money + 7, -50);
    assert_int_equal(vw_slice_fit(&stale, &smile, VW_SLICE_HKS_QUOTES, NULL, work), VW_STATUS_OK);
    assert_int_equal(stale.fit.inside, clean.fit.inside - 3);
    for (size_t i = 0; i < smile.count; i++) {
        assert_near(vw_slice_at(&stale, smile.k[i], smile.years).vol,
                    vw_slice_at(&clean, smile.k[i], smile.years).vol, 1e-4);
    }
    free(mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(live_quotes_are_not_doubted),
        cmocka_unit_test(a_stale_quote_among_live_ones_is_doubted_and_alone),
        cmocka_unit_test(stale_quotes_do_not_bend_the_smile),
    };

    return cmocka_run_group_tests(tests, open_all, close_all);
}
