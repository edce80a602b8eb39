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
        assert_int_equal(fit.rung, 0); /* all quotes, lightly smoothed */
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

static double uniform(uint64_t *seed, double low, double high)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return low + (high - low) * (double)(*seed >> 11) * 0x1p-53;
}

/* Smiles as no market makes them: bumps, frowns, kinks and noise beyond the spread. */
static void make_wild_smile(uint64_t *seed)
{
    double years = exp(uniform(seed, -7, 1)), atm = uniform(seed, 0.08, 1), sd = atm * sqrt(years);
    double left = uniform(seed, -15, -1.5), right = uniform(seed, 1, 7);
    double skew = uniform(seed, -0.15, 0.05), bend = uniform(seed, -0.005, 0.03);
    double at = uniform(seed, left, right), wide = uniform(seed, 0.1, 2);
    double bump = uniform(seed, -0.5, 0.5), kink = uniform(seed, 0, 1) < 0.2 ? bump / 2 : 0;
    double half = exp(uniform(seed, -7.6, -3.5)), noise = 2 * uniform(seed, 0, 1);
    size_t count = (size_t)uniform(seed, 6, 200), money = 0;

    bump = bump > -0.3 ? bump : 0;
    for (size_t i = 0; i < count; i++) {
        double z = left + (right - left) * (double)i / (double)(count - 1);
        double x = (z - at) / wide, own = half * (1 + 0.1 * z * z) * uniform(seed, 0.7, 1.4);
        double shape = 1 + skew * z / sqrt(1 + 0.05 * z * z) + bend * z * z / (1 + 0.1 * z * z) +
                       bump * exp(-x * x / 2) + (z > at ? kink : 0);
        double vol = fmax(atm * fmax(shape, 0.15) + noise * own * uniform(seed, -1, 1), 0.02);

        smile.k[i] = z * sd;
        smile.vol[i] = vol;
        smile.half_vol[i] = fmax(own, VW_HALF_VOL_MIN);
        smile.bid_vol[i] = fmax(vol - own, 1e-3);
        smile.ask_vol[i] = vol + own;
        money = z < 0 ? i : money;
    }
    smile.count = smile.firm_count = count;
    smile.firm_first = 0;
    smile.years = years;
    smile.atm_vol = smile.vol[money];
}

static double least_slope_outwards(const vw_hks *hks)
{
    double sum = 0;

    for (uint32_t j = 0; j < hks->nodes; j++) {
        sum += hks->c[j];
    }
    return sum - fabs(hks->c1);
}

static void smiles_that_ask_for_butterflies_get_none(void **state)
{
    enum { SMILES = 600, POINTS = 3000 };
    uint64_t seed = 21;
    int models[3] = {0}, pressed = 0;

    (void)state;
    print_message("seed %llu\n", (unsigned long long)seed);
    for (int n = 0; n < SMILES; n++) {
        vw_slice slice = {.model = VW_MODEL_NONE};

        make_wild_smile(&seed);
        assert_int_equal(vw_slice_fit(&slice, &smile,
                                      n % 4 == 0 ? SYNTHETIC_STRIKES_MAX : VW_SLICE_HKS_QUOTES,
                                      NULL, work),
                         VW_STATUS_OK);
        double sd = smile.atm_vol * sqrt(smile.years);
        double from = fmin(slice.k_min - 1.5 * sd, -3), to = fmax(slice.k_max + 1.5 * sd, 3);

        for (int i = 0; i <= 3 * POINTS; i++) { /* in the quotes; around, where points of the fit's
                                                 * grid lie far apart, nearly */
            double k = i <= POINTS ? slice.k_min + (slice.k_max - slice.k_min) * i / POINTS
                                   : from + (to - from) * (i - POINTS) / (2 * POINTS);
            vw_slice_point at = vw_slice_at(&slice, k, smile.years);

            if (!(at.variance > 0 && at.g >= (at.extrapolated ? -1e-3 : 0))) {
                fail_msg("smile %d, model %d, rung %d: g %g at %g deviations", n, slice.model,
                         slice.rung, at.g, k / sd);
            }
        }
        if (slice.model == VW_MODEL_HKS) { /* nor do the wings fall beyond the quotes */
            assert_true(least_slope_outwards(&slice.hks) >= 0.02 * (1 - 1e-9));
        }
        models[slice.model]++;
        pressed += slice.model == VW_MODEL_HKS && slice.rung == 1;
    }
    print_message("%d HKS, %d of them pressed\n", models[VW_MODEL_HKS], pressed);
    assert_true(models[VW_MODEL_HKS] > 0.7 * SMILES);
    assert_true(pressed > 45); /* half of that where presses press the wrong way */
}

static void from_eight_quotes_on_it_is_hks(void **state)
{
    (void)state;
    for (size_t count = 5; count < 12; count++) {
        vw_slice slice = {.model = VW_MODEL_NONE};

        for (size_t i = 0; i < count; i++) {
            double z = -2.5 + 5 * (double)i / (double)(count - 1);

            smile.k[i] = 0.05 * z;
            smile.vol[i] = 0.2 - 0.01 * z + 0.005 * z * z;
            smile.half_vol[i] = 0.01;
            smile.bid_vol[i] = smile.vol[i] - 0.01;
            smile.ask_vol[i] = smile.vol[i] + 0.01;
        }
        smile.count = smile.firm_count = count;
        smile.firm_first = 0;
        smile.years = 0.0625;
        smile.atm_vol = 0.2;
        assert_int_equal(vw_slice_fit(&slice, &smile, 0, NULL, work), VW_STATUS_OK);
        assert_int_equal(slice.model, count < 8 ? VW_MODEL_SVI : VW_MODEL_HKS);
    }
}

static void quotes_of_a_raw_svi_smile_give_it_back(void **state)
{
    static const vw_svi smiles[] = {
        {0.0004, 0.035, -0.65, 0.01, 0.05},
        {0.005, 0.11, -0.72, 0.08, 0.16},
        {0.02, 0.12, 0.55, -0.1, 0.25},
        {-0.008, 0.1, -0.4, 0.03, 0.15}, /* a below 0 */
    };

    (void)state;
    for (size_t n = 0; n < VW_COUNT_OF(smiles); n++) {
        vw_slice slice = {.model = VW_MODEL_NONE};
        double zero = 0, w;

        smile.years = 0.25;
        vw_svi_variance(&smiles[n], &zero, &w, 1);
        smile.atm_vol = sqrt(w / smile.years);
        smile.count = smile.firm_count = 41;
        smile.firm_first = 0;
        for (size_t i = 0; i < smile.count; i++) {
            smile.k[i] = (-5 + 0.2 * (double)i) * sqrt(w);
        }
        vw_svi_variance(&smiles[n], smile.k, smile.vol, smile.count);
        for (size_t i = 0; i < smile.count; i++) {
            smile.vol[i] = sqrt(smile.vol[i] / smile.years);
            smile.half_vol[i] = 0.005;
            smile.bid_vol[i] = smile.vol[i] - 0.005;
            smile.ask_vol[i] = smile.vol[i] + 0.005;
        }
        assert_int_equal(vw_slice_fit(&slice, &smile, 1000, NULL, work), VW_STATUS_OK);
        assert_near(slice.svi.a, smiles[n].a, 1e-5 * smiles[n].b);
        assert_near(slice.svi.b, smiles[n].b, 1e-5 * smiles[n].b);
        assert_near(slice.svi.rho, smiles[n].rho, 1e-5);
        assert_near(slice.svi.m, smiles[n].m, 1e-5);
        assert_near(slice.svi.sigma, smiles[n].sigma, 1e-5);
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
        cmocka_unit_test(smiles_that_ask_for_butterflies_get_none),
        cmocka_unit_test(from_eight_quotes_on_it_is_hks),
        cmocka_unit_test(quotes_of_a_raw_svi_smile_give_it_back),
        cmocka_unit_test(every_machine_fits_the_same_smile),
        cmocka_unit_test(a_point_has_its_slope_and_its_density_is_one_in_all),
        cmocka_unit_test(a_curve_is_its_points_on_every_machine),
    };

    return cmocka_run_group_tests(tests, open_all, close_all);
}
