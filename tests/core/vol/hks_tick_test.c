#include "core/vol/hks_tick.h"

#include <string.h>

#include "tests/check.h"
#include "tests/core/vol/synthetic.h"

enum { ROOM = SYNTHETIC_STRIKES_MAX };
static synthetic_slice slices[SYNTHETIC_SLICES];
static vw_smile smile;

/* A smile of the chain, fitted by one set of kernels, and what follows it. */
typedef struct follower {
    const vw_fit_kernels *kernels;
    vw_slice_work *work;
    vw_slice slice;
    vw_hks_tick tick;
    void *memory[2];
} follower;

static void *lines(size_t size)
{
    void *mem = aligned_alloc(VW_LINE_PAIR, vw_round_up(size, VW_LINE_PAIR));

    assert_non_null(mem);
    memset(mem, 0xa5, size);
    return mem;
}

static int open_all(void **state)
{
    (void)state;
    vw_smile_init(&smile, lines(vw_smile_size(ROOM)), ROOM);
    return synthetic_load(slices) == SYNTHETIC_SLICES ? 0 : 1;
}

static int close_all(void **state)
{
    (void)state;
    free(smile.k);
    return 0;
}

static void gather(size_t which)
{
    const synthetic_slice *slice = &slices[which];
    vw_parity in = synthetic_parity(slice, slice->true_discount);

    assert_int_equal(vw_smile_gather(&smile, &in, slice->true_forward, slice->true_discount,
                                     vw_kernels_get(NULL)),
                     VW_STATUS_OK);
}

static follower *open_follower(const char *isa)
{
    follower *f = lines(sizeof *f);

    memset(f, 0, sizeof *f);
    f->kernels = vw_fit_kernels_get(isa);
    f->memory[0] = lines(vw_slice_work_size(ROOM));
    f->memory[1] = lines(vw_hks_tick_size(ROOM));
    f->work = vw_slice_work_init(f->memory[0], ROOM, isa);
    vw_hks_tick_init(&f->tick, f->memory[1], ROOM);
    assert_int_equal(vw_slice_fit(&f->slice, &smile, VW_SLICE_HKS_QUOTES, NULL, f->work),
                     VW_STATUS_OK);
    vw_hks_tick_take(&f->tick, &f->slice, &smile, f->work);
    assert_true(f->tick.ready);
    return f;
}

static void close_follower(follower *f)
{
    free(f->memory[0]);
    free(f->memory[1]);
    free(f);
}

static double vol_at(const follower *f, size_t i)
{
    return vw_slice_at(&f->slice, smile.k[i], smile.years).vol;
}

static bool set(follower *f, size_t i)
{
    return vw_hks_tick_set(&f->tick, f->kernels, smile.row[i], smile.k[i], smile.vol[i],
                           smile.half_vol[i]);
}

static void a_followed_smile_is_the_one_fitted_anew(void **state)
{
    (void)state;
    for (size_t n = 0; n < SYNTHETIC_SLICES; n++) {
        gather(n);
        follower *f = open_follower(NULL);

        for (size_t i = 3; i < smile.count; i += 7) {
            smile.vol[i] += 0.4 * smile.half_vol[i] * (i % 2 == 0 ? 1 : -1);
            assert_true(set(f, i));
        }
        assert_true(vw_hks_tick_solve(&f->tick, &f->slice, f->work));
        follower *anew = open_follower(NULL);

        for (size_t i = 0; i < smile.count; i++) { /* its smoothing weighs a little otherwise */
            assert_near(vol_at(f, i), vol_at(anew, i), 0.05 * smile.half_vol[i] + 1e-5);
        }
        close_follower(anew);
        close_follower(f);
    }
}

static void there_and_back_is_where_it_was(void **state)
{
    (void)state;
    gather(3);
    follower *f = open_follower(NULL);
    vw_slice first = f->slice;

    for (size_t turn = 0; turn < 2000; turn++) {
        size_t i = turn * 37 % smile.count;
        double vol = smile.vol[i];

        smile.vol[i] = vol + 0.3 * smile.half_vol[i];
        assert_true(set(f, i));
        assert_true(vw_hks_tick_solve(&f->tick, &f->slice, f->work));
        assert_true(vol_at(f, i) > vw_slice_at(&first, smile.k[i], smile.years).vol);
        smile.vol[i] = vol;
        assert_true(set(f, i));
    }
    assert_true(vw_hks_tick_solve(&f->tick, &f->slice, f->work));
    for (size_t i = 0; i < smile.count; i++) {
        assert_near(vol_at(f, i), vw_slice_at(&first, smile.k[i], smile.years).vol, 1e-9);
    }
    close_follower(f);
}

static void what_the_fit_left_out_or_lost_its_quote_has_no_part(void **state)
{
    (void)state;
    gather(3);
    follower *f = open_follower(NULL);
    vw_slice before = f->slice;
    size_t row = slices[3].count; /* beyond the chain */

    assert_false(vw_hks_tick_set(&f->tick, f->kernels, row, 0.1, 0.9, 0.001));
    assert_true(vw_hks_tick_solve(&f->tick, &f->slice, f->work));
    assert_near(vol_at(f, 10), vw_slice_at(&before, smile.k[10], smile.years).vol, 1e-12);
    assert_true(vw_hks_tick_set(&f->tick, f->kernels, smile.row[10], 0, 1, INFINITY));
    assert_false(set(f, 10)); /* out until the next fit */
    assert_true(vw_hks_tick_solve(&f->tick, &f->slice, f->work));
    assert_near(vol_at(f, 10), vw_slice_at(&before, smile.k[10], smile.years).vol, 1e-3);
    close_follower(f);
}

static void a_butterfly_leaves_the_smile_of_before(void **state)
{
    bool refused = false;

    (void)state;
    gather(3);
    follower *f = open_follower(NULL);

    for (size_t i = smile.count / 2; i < smile.count / 2 + 40 && !refused; i++) {
        vw_slice before = f->slice;

        smile.vol[i] *= i % 10 < 5 ? 1.5 : 0.7;
        set(f, i);
        refused = !vw_hks_tick_solve(&f->tick, &f->slice, f->work);
        if (refused) {
            assert_memory_equal(&f->slice.hks, &before.hks, sizeof before.hks);
        }
        assert_true(f->slice.least_g > 0);
    }
    assert_true(refused);
    close_follower(f);
}

static void every_machine_follows_alike(void **state)
{
    vw_hks first = {0};

    (void)state;
    for (size_t n = 0; vw_kernels_name(n) != NULL; n++) {
        if (vw_kernels_get(vw_kernels_name(n)) == NULL) {
            continue;
        }
        gather(4);
        follower *f = open_follower(vw_kernels_name(n));

        for (size_t i = 1; i < smile.count; i += 5) {
            smile.vol[i] += 0.2 * smile.half_vol[i];
            set(f, i);
        }
        assert_true(vw_hks_tick_solve(&f->tick, &f->slice, f->work));
        first = n == 0 ? f->slice.hks : first;
        assert_memory_equal(&f->slice.hks, &first, sizeof first);
        close_follower(f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_followed_smile_is_the_one_fitted_anew),
        cmocka_unit_test(there_and_back_is_where_it_was),
        cmocka_unit_test(what_the_fit_left_out_or_lost_its_quote_has_no_part),
        cmocka_unit_test(a_butterfly_leaves_the_smile_of_before),
        cmocka_unit_test(every_machine_follows_alike),
    };

    return cmocka_run_group_tests(tests, open_all, close_all);
}
