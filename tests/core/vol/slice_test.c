#include "core/vol/slice.h"

#include <string.h>

#include "tests/check.h"
#include "tests/core/vol/synthetic.h"

static synthetic_slice slices[SYNTHETIC_SLICES];
static vw_smile smile;
static vw_slice_work *work;
static const vw_kernels *kernels;

static void *lines(size_t size)
{
    void *mem = aligned_alloc(VW_LINE_PAIR, vw_round_up(size, VW_LINE_PAIR));

    assert_non_null(mem);
    memset(mem, 0xa5, size); /* nothing may count on zeroes */
    return mem;
}

static int open_all(void **state)
{
    (void)state;
    vw_smile_init(&smile, lines(vw_smile_size(SYNTHETIC_STRIKES_MAX)), SYNTHETIC_STRIKES_MAX);
    work = vw_slice_work_init(lines(vw_slice_work_size(SYNTHETIC_STRIKES_MAX)),
                              SYNTHETIC_STRIKES_MAX, NULL);
    kernels = vw_kernels_get(NULL);
    return synthetic_load(slices) == SYNTHETIC_SLICES ? 0 : 1;
}

static int close_all(void **state)
{
    (void)state;
    free(work);
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

static double true_vol(const synthetic_slice *slice, size_t i)
{
    return slice->true_vol[smile.row[i]];
}

static void smiles_of_the_synthetic_chain_lie_inside_and_near_the_truth(void **state)
{
    (void)state;
    for (size_t n = 0; n < SYNTHETIC_SLICES; n++) {
        const synthetic_slice *slice = &slices[n];
        bool two_modes = strcmp(slice->name, "W1D") == 0;
        double sum = 0, worst = 0;
        size_t core = 0;
        vw_slice fit = {.model = VW_MODEL_NONE};

        gather(slice);
        assert_int_equal(vw_slice_fit(&fit, &smile, VW_SLICE_HKS_QUOTES, NULL, work), VW_STATUS_OK);
        assert_int_equal(fit.model, VW_MODEL_HKS);
        assert_int_equal(fit.rung, 0); /* lambda 1e-3, all quotes */
        assert_true(fit.fit.inside >= (two_modes ? 0.95 : 0.99) * fit.fit.quotes);
        assert_true(fit.least_g > (two_modes ? 0 : 0.1));
        for (size_t i = 0; i < smile.count && !two_modes; i++) {
            double vol = vw_slice_at(&fit, smile.k[i], slice->years).vol;
            double s = vol * sqrt(slice->years), d1 = 0.5 * s - smile.k[i] / s;

            if (fabs(d1) <= 2.0537489) {
                double error = vol - true_vol(slice, i);
                sum += error * error;
                worst = fmax(worst, fabs(error));
                core++;
            }
        }
        assert_true(two_modes || core > 20);
        print_message("%s: %u of %u inside, core rms %.2f bp, worst %.2f bp, least g %.4f\n",
                      slice->name, fit.fit.inside, fit.fit.quotes,
                      core > 0 ? 1e4 * sqrt(sum / (double)core) : 0, 1e4 * worst, fit.least_g);
        if (core > 0) {
            assert_near(sqrt(sum / (double)core), 0, 1e-4);
            assert_near(worst, 0, 2.5e-4);
        }
    }
}

static void a_longer_expiry_does_not_go_below_the_one_before(void **state)
{
    vw_slice before = {.model = VW_MODEL_NONE}, after = {.model = VW_MODEL_NONE};

    (void)state;
    gather(&slices[3]);
    assert_int_equal(vw_slice_fit(&before, &smile, VW_SLICE_HKS_QUOTES, NULL, work), VW_STATUS_OK);
    /* The same quotes called 2 % shorter: their variance is 2 % less everywhere. */
    for (size_t i = 0; i < smile.count; i++) {
        smile.vol[i] *= 0.99;
        smile.bid_vol[i] = smile.vol[i] - 0.02;
        smile.ask_vol[i] = smile.vol[i] + 0.02;
        smile.half_vol[i] = 0.02;
    }
    assert_int_equal(vw_slice_fit(&after, &smile, VW_SLICE_HKS_QUOTES, NULL, work), VW_STATUS_OK);
    assert_true(after.least_floor == INFINITY);
    assert_int_equal(vw_slice_fit(&after, &smile, VW_SLICE_HKS_QUOTES, &before, work),
                     VW_STATUS_OK);
    assert_true(after.least_floor > -1e-4);
    assert_true(after.least_g > 0);
}

static void few_quotes_take_svi_and_too_few_keep_the_last_smile(void **state)
{
    vw_slice slice = {.model = VW_MODEL_NONE}, kept;
    vw_slice_point at;

    (void)state;
    gather(&slices[2]);
    at = vw_slice_at(&slice, 0, 1);
    assert_true(isnan(at.vol));
    assert_int_equal(vw_slice_fit(&slice, &smile, smile.count + 1, NULL, work), VW_STATUS_OK);
    assert_int_equal(slice.model, VW_MODEL_SVI);
    assert_true(slice.least_g >= 0);
    assert_near(vw_slice_at(&slice, 0, smile.years).vol, smile.atm_vol, 2e-4);
    kept = slice;
    smile.count = VW_SVI_FIT_QUOTES_MIN - 1;
    assert_int_equal(vw_slice_fit(&slice, &smile, VW_SLICE_HKS_QUOTES, NULL, work),
                     VW_STATUS_NO_MARKET);
    assert_int_equal(slice.quality, VW_QUOTE_CARRIED);
    assert_memory_equal(&slice.svi, &kept.svi, sizeof kept.svi);
    gather(&slices[2]);
    assert_int_equal(vw_slice_fit(&slice, &smile, VW_SLICE_HKS_QUOTES, NULL, work), VW_STATUS_OK);
    assert_int_equal(slice.quality, 0);
}

static void the_same_quotes_give_the_same_smile_whatever_came_before(void **state)
{
    vw_slice fresh = {.model = VW_MODEL_NONE}, used = {.model = VW_MODEL_NONE};

    (void)state;
    gather(&slices[5]);
    assert_int_equal(vw_slice_fit(&used, &smile, VW_SLICE_HKS_QUOTES, NULL, work), VW_STATUS_OK);
    gather(&slices[1]);
    assert_int_equal(vw_slice_fit(&used, &smile, VW_SLICE_HKS_QUOTES, NULL, work), VW_STATUS_OK);
    assert_int_equal(vw_slice_fit(&fresh, &smile, VW_SLICE_HKS_QUOTES, NULL, work), VW_STATUS_OK);
    assert_memory_equal(&fresh.hks, &used.hks, sizeof fresh.hks);
    for (size_t i = 0; i < smile.count; i++) { /* raw SVI starts from what came before */
        double w[2];

        vw_svi_variance(&fresh.svi, &smile.k[i], &w[0], 1);
        vw_svi_variance(&used.svi, &smile.k[i], &w[1], 1);
        assert_near(sqrt(w[0] / smile.years), sqrt(w[1] / smile.years), 1e-7);
    }
}

static void every_machine_fits_the_same_smile(void **state)
{
    (void)state;
    for (size_t n = 0; n < SYNTHETIC_SLICES; n++) {
        vw_slice first = {.model = VW_MODEL_NONE};

        gather(&slices[n]);
        assert_int_equal(vw_slice_fit(&first, &smile, VW_SLICE_HKS_QUOTES, NULL, work),
                         VW_STATUS_OK);
        for (size_t i = 0; vw_kernels_name(i) != NULL; i++) {
            vw_slice slice = {.model = VW_MODEL_NONE};
            void *memory = lines(vw_slice_work_size(SYNTHETIC_STRIKES_MAX));

            vw_slice_fit(&slice, &smile, VW_SLICE_HKS_QUOTES, NULL,
                         vw_slice_work_init(memory, SYNTHETIC_STRIKES_MAX, vw_kernels_name(i)));
            assert_memory_equal(&slice.hks, &first.hks, sizeof first.hks);
            assert_memory_equal(&slice.svi, &first.svi, sizeof first.svi);
            free(memory);
        }
    }
}

static void a_point_has_its_slope_and_its_density_is_one_in_all(void **state)
{
    const double step = 1e-3;
    vw_slice slice = {.model = VW_MODEL_NONE};
    double years = slices[3].years, mass = 0, mean = 0;

    (void)state;
    gather(&slices[3]);
    assert_int_equal(vw_slice_fit(&slice, &smile, VW_SLICE_HKS_QUOTES, NULL, work), VW_STATUS_OK);
    for (double k = -3; k <= 3; k += step) {
        vw_slice_point at = vw_slice_at(&slice, k, years);
        double up = vw_slice_at(&slice, k + 1e-5, years).vol;
        double down = vw_slice_at(&slice, k - 1e-5, years).vol;

        assert_near(at.skew, (up - down) / 2e-5, 1e-6);
        assert_true(at.g > 0 && at.density >= 0);
        assert_int_equal(at.extrapolated, k < slice.k_min || k > slice.k_max);
        mass += at.density * step;
        mean += exp(k) * at.density * step;
    }
    assert_near(mass, 1, 1e-6);
    assert_near(mean, 1, 1e-6); /* the forward is the mean */
}

static void a_curve_is_its_points_on_every_machine(void **state)
{
    static const size_t COUNT = 131; /* two chunks and a tail */
    double k[131], w[131], slope[131];

    (void)state;
    for (size_t n = 0; n < 2; n++) {
        vw_slice slice = {.model = VW_MODEL_NONE};

        gather(&slices[n + 2]);
        assert_int_equal(vw_slice_fit(&slice, &smile, VW_SLICE_HKS_QUOTES, NULL, work),
                         VW_STATUS_OK);
        assert_int_equal(slice.model, VW_MODEL_HKS);
        slice.model = n == 0 ? VW_MODEL_HKS : VW_MODEL_SVI;
        for (size_t i = 0; i < COUNT; i++) {
            k[i] = -0.4 + 0.005 * (double)i;
        }
        for (size_t isa = 0; vw_kernels_name(isa) != NULL; isa++) {
            const vw_fit_kernels *set = vw_fit_kernels_get(vw_kernels_name(isa));

            if (set == NULL) {
                continue;
            }
            vw_slice_curve(&slice, set, k, w, slope, COUNT);
            for (size_t i = 0; i < COUNT; i++) {
                vw_slice_point at = vw_slice_at(&slice, k[i], slice.years);

                assert_near(w[i], at.variance, 1e-13);
                assert_near(slope[i], 2 * at.skew * at.vol * slice.years, 1e-12);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(smiles_of_the_synthetic_chain_lie_inside_and_near_the_truth),
        cmocka_unit_test(a_longer_expiry_does_not_go_below_the_one_before),
        cmocka_unit_test(few_quotes_take_svi_and_too_few_keep_the_last_smile),
        cmocka_unit_test(the_same_quotes_give_the_same_smile_whatever_came_before),
        cmocka_unit_test(every_machine_fits_the_same_smile),
        cmocka_unit_test(a_point_has_its_slope_and_its_density_is_one_in_all),
        cmocka_unit_test(a_curve_is_its_points_on_every_machine),
    };

    return cmocka_run_group_tests(tests, open_all, close_all);
}
