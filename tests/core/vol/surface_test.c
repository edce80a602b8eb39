#include "core/vol/surface.h"

#include "tests/check.h"

enum { ROOM = 4 };
static const int64_t DAY_NS = INT64_C(86400000000000);
static vw_surface_expiry memory[ROOM];
static vw_surface surface;
static vw_calendar calendar;
static int64_t now_ns;

/* A smile by hand: raw SVI, quoted on [k_min, k_max]. */
static vw_slice smile(double a, double b, double k_min, double k_max)
{
    return (vw_slice){
        .model = VW_MODEL_SVI, .svi = {a, b, -0.3, 0, 0.1}, .k_min = k_min, .k_max = k_max};
}

static int make_surface(void **state)
{
    (void)state;
    now_ns = vw_calendar_ns(20230914, 16 * 3600);
    vw_surface_init(&surface, memory, ROOM, true, vw_fit_kernels_get(NULL));
    assert_int_equal(vw_surface_add(&surface, now_ns + 60 * DAY_NS), 0);
    assert_int_equal(vw_surface_add(&surface, now_ns + 7 * DAY_NS), 0);
    assert_int_equal(vw_surface_add(&surface, now_ns + 28 * DAY_NS), 1);
    vw_surface_set_time(&surface, &calendar, now_ns);
    for (size_t i = 0; i < surface.count; i++) {
        surface.expiries[i].forward = 4500 + 10 * (double)i;
        surface.expiries[i].discount = exp(-0.05 * surface.expiries[i].years);
    }
    surface.expiries[0].slice = smile(0.0005, 0.02, -0.2, 0.1);
    surface.expiries[1].slice = smile(0.002, 0.03, -0.4, 0.2);
    surface.expiries[2].slice = smile(0.005, 0.04, -0.8, 0.3);
    return 0;
}

static double variance(size_t index, double k)
{
    double w;

    vw_surface_variance(&surface, index, &k, &w, 1);
    return w;
}

static void an_undisturbed_smile_is_what_was_fitted(void **state)
{
    (void)state;
    for (double k = -0.8; k <= 0.3; k += 0.01) {
        double w;
        vw_slice_variance(&surface.expiries[2].slice, &k, &w, 1);
        assert_near(variance(2, k), w, 1e-16);
    }
}

static void variance_never_falls_with_expiry(void **state)
{
    size_t lifted;
    double k = 0, w;

    (void)state;
    surface.expiries[1].slice.svi.a = -0.001; /* 28 days below 7 days near the money */
    lifted = vw_surface_variance(&surface, 1, &k, &w, 1);
    assert_int_equal(lifted, 1);
    for (k = -3; k <= 3; k += 0.01) {
        assert_true(variance(1, k) >= variance(0, k));
        assert_true(variance(2, k) >= variance(1, k));
    }
}

static void a_wing_beyond_the_quotes_does_not_lift_later_quotes(void **state)
{
    double k = -0.5, w;

    (void)state;
    surface.expiries[0].slice.svi.b = 0.5; /* quoted to -0.2 only */
    surface.expiries[0].slice.svi.a = -0.04;
    assert_int_equal(vw_surface_variance(&surface, 2, &k, &w, 1), 0);
    assert_true(variance(0, k) <= w);
    for (k = -3; k <= 3; k += 0.01) {
        assert_true(variance(1, k) >= variance(0, k));
        assert_true(variance(2, k) >= variance(1, k));
    }
}

/* Neither from below nor from above: where nobody is quoted nobody has a say, and an expiry is not
 * held to what comes after it. */
static void only_quotes_cap_what_comes_before_them(void **state)
{
    const vw_slice *slice = &surface.expiries[1].slice;
    double k = -0.5, own;

    (void)state;
    surface.expiries[2].slice.svi.a = -0.003;
    surface.expiries[2].slice.svi.b = 0.01;
    surface.expiries[2].slice.k_min = -0.3; /* not quoted there either */
    vw_slice_variance(slice, &k, &own, 1);
    assert_near(variance(1, k), own, 1e-15);
    surface.expiries[2].slice.k_min = -0.8;
    assert_true(variance(1, k) < own);
    k = -0.1; /* both quoted: the later is lifted to the earlier, which stays */
    vw_slice_variance(slice, &k, &own, 1);
    assert_near(variance(1, k), own, 1e-15);
    assert_near(variance(2, k), own, 1e-15);
}

/* Where a wing is cut short at its last quote, an ulp of that quote's logarithm decided it. */
static void the_last_quote_is_quoted_by_any_formula_of_its_logarithm(void **state)
{
    double k = surface.expiries[1].slice.k_max, own;

    (void)state;
    surface.expiries[2].slice.svi.a = 0; /* below the 28 days: caps them beyond their quotes */
    surface.expiries[2].slice.svi.b = 0.02;
    vw_slice_variance(&surface.expiries[1].slice, &k, &own, 1);
    assert_near(variance(1, nextafter(k, 1)), own, 1e-15);
    assert_near(variance(2, nextafter(k, 1)), own, 1e-15);
    assert_true(variance(1, k + 1e-9) < own - 1e-3);
    k = -log(2);
    surface.expiries[1].slice.k_min = nextafter(k, 0);
    vw_slice_variance(&surface.expiries[1].slice, &k, &own, 1);
    assert_near(variance(1, k), own, 1e-15);
}

static void between_expiries_variance_runs_with_the_variance_clock(void **state)
{
    int64_t at_ns = now_ns + 40 * DAY_NS;
    vw_surface_point at = vw_surface_at(&surface, &calendar, now_ns, at_ns, 0.05);
    double tau = vw_calendar_variance_years(&calendar, now_ns, at_ns);
    double low = surface.expiries[1].variance_years, high = surface.expiries[2].variance_years;
    double share = (tau - low) / (high - low);

    (void)state;
    assert_near(at.variance, variance(1, 0.05) * (1 - share) + variance(2, 0.05) * share, 1e-15);
    assert_near(at.vol, sqrt(at.variance / (40.0 / 365)), 1e-15);
    assert_near(at.discount, exp(-0.05 * 40 / 365), 1e-12);
    assert_near(at.forward, 4510 * pow(4520.0 / 4510, (40.0 - 28) / (60 - 28)), 1e-9);
    assert_int_equal(at.quality, VW_QUOTE_INTERPOLATED);
    at = vw_surface_at(&surface, &calendar, now_ns, at_ns, 0.25);
    assert_int_equal(at.quality, VW_QUOTE_INTERPOLATED | VW_QUOTE_EXTRAPOLATED);
}

static void on_an_expiry_it_is_the_expiry_and_beyond_it_says_extrapolated(void **state)
{
    vw_surface_point at = vw_surface_at(&surface, &calendar, now_ns, now_ns + 28 * DAY_NS, 0.05);

    (void)state;
    assert_near(at.variance, variance(1, 0.05), 0);
    assert_int_equal(at.quality, 0);
    at = vw_surface_at(&surface, &calendar, now_ns, now_ns + 120 * DAY_NS, 0);
    assert_int_equal(at.quality, VW_QUOTE_EXTRAPOLATED);
    assert_true(at.variance > variance(2, 0));
    assert_near(at.discount, exp(-0.05 * 120 / 365), 1e-12);
    at = vw_surface_at(&surface, &calendar, now_ns, now_ns - 1, 0);
    assert_true(isnan(at.vol));
}

static void skew_and_density_are_those_of_the_smile_there(void **state)
{
    double mass = 0;

    (void)state;
    for (double k = -0.15; k <= 0.15; k += 0.01) {
        vw_surface_point at = vw_surface_at(&surface, &calendar, now_ns, now_ns + 28 * DAY_NS, k);
        vw_slice_point want = vw_slice_at(&surface.expiries[1].slice, k, at.years);

        if (variance(1, k) == want.variance) { /* not lifted */
            assert_near(at.skew, want.skew, 1e-4);
            assert_near(at.density, want.density, 1e-3 * want.density);
        }
    }
    for (double k = -2; k <= 2; k += 1e-3) { /* between expiries, and beyond all quotes */
        mass += 1e-3 * vw_surface_at(&surface, &calendar, now_ns, now_ns + 40 * DAY_NS, k).density;
    }
    assert_near(mass, 1, 1e-3);
}

static void an_expiry_without_a_smile_is_passed_over(void **state)
{
    vw_surface_point at;

    (void)state;
    surface.expiries[1].slice.model = VW_MODEL_NONE;
    assert_ptr_equal(vw_surface_before(&surface, 2), &surface.expiries[0].slice);
    assert_null(vw_surface_before(&surface, 0));
    at = vw_surface_at(&surface, &calendar, now_ns, now_ns + 28 * DAY_NS, 0);
    assert_int_equal(at.quality, VW_QUOTE_INTERPOLATED);
    surface.count = 0;
    at = vw_surface_at(&surface, &calendar, now_ns, now_ns + 28 * DAY_NS, 0);
    assert_true(isnan(at.vol));
}

static void unrelated_expiries_are_not_clamped(void **state)
{
    double w, k = 0;

    (void)state;
    surface.related = false;
    surface.expiries[1].slice.svi.a = -0.001;
    vw_slice_variance(&surface.expiries[1].slice, &k, &w, 1);
    assert_near(variance(1, 0), w, 0);
    assert_null(vw_surface_before(&surface, 2));
}

static void many_points_at_once_are_what_each_is_alone(void **state)
{
    enum { POINTS = 150 };
    double k[POINTS], w[POINTS];
    size_t lifted = 0;

    (void)state;
    surface.expiries[0].slice.svi.a *= 8; /* lifts later expiries near the money */
    for (size_t i = 0; i < POINTS; i++) {
        k[i] = -0.6 + 0.008 * (double)i;
    }
    for (size_t i = 0; i < POINTS; i++) {
        double one;

        lifted += vw_surface_variance(&surface, 1, &k[i], &one, 1);
        w[i] = one;
    }
    assert_true(lifted > 0 && lifted < POINTS);
    for (size_t count = 1; count <= POINTS; count += 7) {
        double together[POINTS];

        vw_surface_variance(&surface, 1, k, together, count);
        assert_memory_equal(together, w, count * sizeof *w);
    }
    assert_int_equal(vw_surface_variance(&surface, 1, k, w, POINTS), lifted);
}

static void a_full_surface_refuses(void **state)
{
    (void)state;
    assert_int_equal(vw_surface_add(&surface, now_ns), 0);
    assert_int_equal(vw_surface_add(&surface, now_ns), SIZE_MAX);
    assert_int_equal(vw_surface_size(0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(an_undisturbed_smile_is_what_was_fitted, make_surface),
        cmocka_unit_test_setup(variance_never_falls_with_expiry, make_surface),
        cmocka_unit_test_setup(a_wing_beyond_the_quotes_does_not_lift_later_quotes, make_surface),
        cmocka_unit_test_setup(only_quotes_cap_what_comes_before_them, make_surface),
        cmocka_unit_test_setup(the_last_quote_is_quoted_by_any_formula_of_its_logarithm,
                               make_surface),
        cmocka_unit_test_setup(between_expiries_variance_runs_with_the_variance_clock,
                               make_surface),
        cmocka_unit_test_setup(on_an_expiry_it_is_the_expiry_and_beyond_it_says_extrapolated,
                               make_surface),
        cmocka_unit_test_setup(skew_and_density_are_those_of_the_smile_there, make_surface),
        cmocka_unit_test_setup(an_expiry_without_a_smile_is_passed_over, make_surface),
        cmocka_unit_test_setup(many_points_at_once_are_what_each_is_alone, make_surface),
        cmocka_unit_test_setup(unrelated_expiries_are_not_clamped, make_surface),
        cmocka_unit_test_setup(a_full_surface_refuses, make_surface),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
