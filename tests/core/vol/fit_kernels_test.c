#include "core/vol/fit_kernels.h"

#include <string.h>

#include "core/pricing/kernels.h"
#include "core/pricing/svi.h"
#include "tests/check.h"

enum { COUNT_MAX = 71, LINE = 80, TERMS = 19, SETS = 3 };
static const char *const names[SETS] = {"baseline", "avx2", "avx512"};
static const vw_fit_kernels *sets[SETS];
static size_t set_count;
static uint64_t seed = 20220610;
static double z[LINE], weight2[LINE], target[LINE];

static double draw(double low, double high)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return low + (high - low) * (double)(seed >> 11) / 9007199254740992.0;
}

static int open_sets(void **state)
{
    (void)state;
    print_message("seed %llu\n", (unsigned long long)seed);
    for (size_t i = 0; i < SETS; i++) {
        if (vw_kernels_get(names[i]) != NULL) {
            sets[set_count++] = vw_fit_kernels_get(names[i]);
        }
    }
    for (size_t i = 0; i < LINE; i++) {
        z[i] = -12 + 0.25 * (double)i + draw(0, 0.1);
        target[i] = draw(0.5, 3);
    }
    return set_count >= 1 ? 0 : 1;
}

/* Weights of the first `count` quotes, none beyond. */
static void make_weights(size_t count)
{
    for (size_t i = 0; i < LINE; i++) {
        weight2[i] = i < count ? 1 + (double)(i % 7) : 0;
    }
}

/* Hyperbolas at every few deviations. */
static vw_fit_basis make_basis(size_t terms)
{
    vw_fit_basis basis = {.terms = terms, .line = vw_round_up(terms, 8)};

    for (size_t a = 2; a < terms; a++) {
        basis.m[a] = (double)a - 14;
        basis.s2[a] = 0.3 + 0.1 * (double)a;
        basis.on[a] = 1;
    }
    return basis;
}

static double term_at(const vw_fit_basis *basis, size_t a, double at)
{
    double x = at - basis->m[a];

    return a == 0 ? 1 : a == 1 ? at : sqrt(x * x + basis->s2[a]);
}

static void each_set_has_its_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < set_count; i++) {
        assert_non_null(vw_kernels_get(sets[i]->isa));
    }
    assert_string_equal(vw_fit_kernels_get("reference")->isa, "baseline");
}

typedef struct design_results {
    double blocks[LINE * (VW_FIT_TERMS_LINE + 1)] __attribute__((aligned(64)));
    vw_fit_row system[VW_FIT_TERMS_LINE];
    vw_fit_row right, pulled;
    double model[LINE];
} design_results;

static void check_design(const vw_fit_basis *basis, const design_results *got, size_t count)
{
    for (size_t a = 0; a < basis->terms; a += 3) {
        size_t b = basis->terms - 1;
        double sum = 0, cross = 0;

        for (size_t i = 0; i < count; i++) {
            double x = term_at(basis, a, z[i]), y = term_at(basis, b, z[i]);

            assert_near(got->blocks[i / 8 * vw_fit_block(basis) + 8 * a + i % 8], x,
                        1e-15 * fabs(x));
            sum += weight2[i] * target[i] * x;
            cross += weight2[i] * x * y;
        }
        assert_near(got->right[a], sum, 1e-12 * fmax(fabs(sum), 1));
        assert_near(got->system[a][b], cross, 1e-12 * fmax(fabs(cross), 1));
    }
}

static void check_follow(const vw_fit_basis *basis, const design_results *got,
                         const double *solution, const vw_fit_targets *targets, size_t count)
{
    double right = 0;

    for (size_t i = 0; i < count; i++) {
        double model = 0, to;

        for (size_t a = 0; a < basis->terms; a++) {
            model += solution[a] * term_at(basis, a, z[i]);
        }
        assert_near(got->model[i], model, 1e-12 * fmax(fabs(model), 1));
        to = fmin(fmax(model, targets->low[i]), targets->high[i]);
        right += weight2[i] * to * term_at(basis, 1, z[i]);
    }
    assert_near(got->pulled[1], right, 1e-11 * fmax(fabs(right), 1));
}

static void designs_are_right_and_the_same_at_every_width(void **state)
{
    static design_results got[SETS];
    double low[LINE], high[LINE];
    vw_fit_row solution = {0};

    (void)state;
    for (size_t a = 0; a < VW_FIT_TERMS_LINE; a++) {
        solution[a] = draw(-0.1, 0.1);
    }
    for (size_t i = 0; i < LINE; i++) {
        low[i] = draw(-2, 0);
        high[i] = low[i] + 1;
    }
    for (size_t count = 1; count <= COUNT_MAX; count++) {
        vw_fit_basis basis = make_basis(3 + count % (VW_FIT_TERMS_LINE - 4));
        vw_fit_targets targets = {.z = z, .weight2 = weight2, .low = low, .high = high};
        vw_fit_row to = {0};

        memcpy(to, solution, basis.terms * sizeof *to);
        make_weights(count);
        memset(got, 0, sizeof got);
        for (size_t s = 0; s < set_count; s++) {
            design_results *r = &got[s];
            double again[LINE];

            sets[s]->design(&basis, z, weight2, target, count, r->blocks, r->system, r->right);
            sets[s]->model(&basis, r->blocks, to, count, again);
            sets[s]->follow(&basis, r->blocks, to, &targets, count, r->model, r->pulled);
            assert_memory_equal(again, r->model, count * sizeof *again);
            assert_memory_equal(r->blocks, got[0].blocks, sizeof r->blocks);
            assert_memory_equal(r->right, got[0].right, sizeof r->right);
            assert_memory_equal(r->pulled, got[0].pulled, sizeof r->pulled);
            assert_memory_equal(r->model, got[0].model, sizeof r->model);
            for (size_t a = 0; a < basis.terms; a++) {
                assert_memory_equal(&r->system[a][a], &got[0].system[a][a],
                                    (basis.terms - a) * sizeof(double));
            }
        }
        check_design(&basis, &got[0], count);
        check_follow(&basis, &got[0], to, &targets, count);
    }
}

static void bells_are_the_same_at_every_width(void **state)
{
    enum { BELLS = 5 };

    (void)state;
    for (size_t count = 1; count <= COUNT_MAX; count++) {
        vw_fit_bell bells[SETS][BELLS];

        make_weights(count);
        for (size_t s = 0; s < set_count; s++) {
            for (size_t j = 0; j < BELLS; j++) {
                bells[s][j] = (vw_fit_bell){-9 + (double)j, 1.3, 0, vw_round_up(count, 8), 0, 0};
            }
            sets[s]->bells(z, weight2, bells[s], 1 + count % BELLS);
            assert_memory_equal(bells[s], bells[0], sizeof bells[0]);
        }
        for (size_t j = 0; j < 1 + count % BELLS; j++) {
            const vw_fit_bell *bell = &bells[0][j];
            double want[2] = {0, 0};

            for (size_t i = 0; i < bell->last; i++) {
                double x = (z[i] - bell->m) / bell->s, at = pow(fmax(1 - x * x / 64, 0), 32);

                want[0] += at;
                want[1] += weight2[i] * at;
            }
            assert_near(bell->weighted, want[1], 1e-13 * want[1]);
            assert_near(bell->sum, want[0], 1e-13 * want[0]);
        }
        for (size_t j = 1 + count % BELLS; j < BELLS; j++) {
            assert_true(bells[0][j].sum == 0 && bells[0][j].weighted == 0);
        }
    }
}

static void quotes_become_targets_the_same_at_every_width(void **state)
{
    double vol[LINE], half[LINE], bid[LINE], ask[LINE], out[SETS][7][LINE];
    const double unit = 30, per_sd = 20;

    (void)state;
    for (size_t i = 0; i < LINE; i++) {
        vol[i] = draw(0.05, 0.5);
        half[i] = draw(0.001, 0.1);
        bid[i] = vol[i] - half[i];
        ask[i] = vol[i] + half[i];
    }
    memset(out, 0, sizeof out);
    for (size_t s = 0; s < set_count; s++) {
        double(*o)[LINE] = out[s];
        const vw_fit_quotes in = {z, vol, half, bid, ask};
        const vw_fit_targets to = {o[0], o[1], o[2], o[3], o[4], o[5], o[6]};

        sets[s]->quotes(&in, unit, per_sd, COUNT_MAX, &to);
        assert_memory_equal(out[s], out[0], sizeof out[0]);
    }
    for (size_t i = 0; i < COUNT_MAX; i++) {
        double low = fmax(vol[i] - 0.7 * half[i], 0);

        assert_near(out[0][0][i], z[i] * per_sd, 1e-13);
        assert_near(out[0][1][i], pow(2 * half[i] * vol[i] * unit, -2), 1e-9);
        assert_near(out[0][2][i], low * low * unit, 1e-13);
        assert_near(out[0][4][i], vol[i] * vol[i] * unit, 1e-13);
        assert_near(out[0][6][i], ask[i] * ask[i] * unit, 1e-13);
    }
}

static void smiles_and_their_g_are_right_and_the_same_at_every_width(void **state)
{
    const double m[] = {-4, -1.5, 0.2, 1.4}, s[] = {1.9, 1.1, 0.7, 0.9};
    const double c[] = {0.05, 0.1, 0.2, 0.1};
    const vw_fit_smile smile = {0.4, -0.2, m, s, c, 4};

    (void)state;
    for (size_t count = 1; count <= COUNT_MAX; count++) {
        double out[SETS][4][LINE], least[SETS];

        memset(out, 0, sizeof out);
        for (size_t k = 0; k < set_count; k++) {
            sets[k]->smile(&smile, z, count, out[k][0], out[k][1], out[k][2]);
            least[k] =
                sets[k]->durrleman(z, out[k][0], out[k][1], out[k][2], 1e-3, 0, count, out[k][3]);
        }
        for (size_t k = 1; k < set_count; k++) {
            for (size_t o = 0; o < 4; o++) {
                assert_memory_equal(out[k][o], out[0][o], count * sizeof(double));
            }
        }
        for (size_t i = 0; i < count; i++) {
            double v = smile.c0 + smile.c1 * z[i], v1 = smile.c1, v2 = 0, g;

            for (size_t j = 0; j < 4; j++) {
                double r = sqrt(pow(z[i] - m[j], 2) + s[j] * s[j]);
                v += c[j] * r;
                v1 += c[j] * (z[i] - m[j]) / r;
                v2 += c[j] * s[j] * s[j] / (r * r * r);
            }
            g = pow(1 - z[i] * v1 / (2 * v), 2) - v1 * v1 / 4 * (1 / v + 1e-3) + v2 / 2;
            assert_near(out[0][0][i], v, 1e-14 * v);
            assert_near(out[0][1][i], v1, 1e-14);
            assert_near(out[0][2][i], v2, 1e-14);
            assert_near(out[0][3][i], g, 1e-13 * fmax(1, fabs(g)));
            assert_true(least[0] <= out[0][3][i]);
        }
    }
}

static void a_value_below_the_least_has_no_g(void **state)
{
    double value[8] = {1, 1, -1, 1, 1e-4, 1, 1, 1}, slope[8] = {0}, bend[8] = {0}, g[8];

    (void)state;
    for (size_t k = 0; k < set_count; k++) {
        assert_near(sets[k]->durrleman(z, value, slope, bend, 0, 1e-3, 8, g), -1, 0);
        assert_near(g[0], 1, 0);
        assert_near(g[2], -1, 0);
        assert_near(g[4], -1, 0);
    }
}

static void misses_count_and_sum_the_same_at_every_width(void **state)
{
    double vol[LINE], bid[LINE], ask[LINE], w[LINE];
    const double years = 0.09, core_d1 = 1.2;

    (void)state;
    for (size_t i = 0; i < LINE; i++) {
        vol[i] = draw(0.1, 0.3);
        bid[i] = vol[i] - 0.01;
        ask[i] = vol[i] + 0.01;
        w[i] = pow(vol[i] + draw(-0.02, 0.02), 2) * years;
    }
    for (size_t count = 1; count <= COUNT_MAX; count++) {
        vw_fit_misses got[SETS], want = {0};
        double k[LINE], vega[SETS][LINE], again[SETS][LINE];

        for (size_t i = 0; i < LINE; i++) {
            k[i] = i < count ? 0.02 * z[i] : NAN; /* nothing beyond is looked at */
        }
        const vw_fit_quotes quotes = {k, vol, NULL, bid, ask};

        memset(vega, 0, sizeof vega);
        memset(again, 0, sizeof again);
        memset(got, 0, sizeof got);
        for (size_t s = 0; s < set_count; s++) {
            sets[s]->misses(&quotes, w, -0.2, 0.1, sqrt(years), core_d1, count, &got[s]);
            sets[s]->vega(k, vol, sqrt(years), 3, count, vega[s]);
            sets[s]->moneyness(target, 1.7, count, again[s]);
            assert_memory_equal(&got[s], &got[0], sizeof got[0]);
            assert_memory_equal(vega[s], vega[0], sizeof vega[0]);
            assert_memory_equal(again[s], again[0], sizeof again[0]);
        }
        for (size_t i = 0; i < count; i++) {
            double s = sqrt(w[i]), error = s / sqrt(years) - vol[i];
            double v = vol[i] * sqrt(years), d1 = 0.5 * v - k[i] / v;
            bool in = k[i] >= -0.2 && k[i] <= 0.1, core = fabs(0.5 * s - k[i] / s) <= core_d1;

            want.quotes += in;
            want.inside += in && fabs(error) <= 0.01;
            want.core += in && core;
            want.square += in ? error * error : 0;
            want.core_square += in && core ? error * error : 0;
            want.max = in ? fmax(want.max, fabs(error)) : want.max;
            assert_near(vega[0][i], 3 * exp(-0.5 * d1 * d1), 1e-13);
            assert_near(again[0][i], log(target[i] / 1.7), 1e-15);
        }
        assert_int_equal(got[0].quotes, want.quotes);
        assert_int_equal(got[0].inside, want.inside);
        assert_int_equal(got[0].core, want.core);
        assert_near(got[0].square, want.square, 1e-15);
        assert_near(got[0].core_square, want.core_square, 1e-15);
        assert_near(got[0].max, want.max, 1e-15);
        assert_near(again[0][count], 0, 0);
    }
}

static void a_system_is_solved_at_any_size(void **state)
{
    enum { SOLVED = 3 };
    static vw_fit_factors factors[SETS];

    (void)state;
    for (size_t terms = 1; terms <= VW_FIT_TERMS_LINE - 4; terms++) {
        static vw_fit_row plain[VW_FIT_TERMS_LINE], system[VW_FIT_TERMS_LINE];
        vw_fit_row want = {0}, right[SOLVED] = {{0}}, first = {0};

        memset(plain, 0, sizeof plain);
        for (size_t a = 0; a < terms; a++) {
            want[a] = draw(-2, 2);
            for (size_t b = a; b < terms; b++) {
                plain[a][b] = 1e6 * (draw(-0.03, 0.03) + (a == b ? 1 + (double)a : 0));
            }
        }
        for (size_t a = 0; a < terms; a++) {
            for (size_t b = 0; b < terms; b++) {
                right[0][a] += (a < b ? plain[a][b] : plain[b][a]) * want[b];
            }
            right[1][a] = 2 * right[0][a];
            right[2][a] = 4 * right[0][a];
        }
        for (size_t k = 0; k < set_count; k++) {
            vw_fit_row solution[SOLVED] = {{0}};
            const double *const rights[SOLVED] = {right[0], right[1], right[2]};
            double *const solutions[SOLVED] = {solution[0], solution[1], solution[2]};

            memcpy(system, plain, sizeof system);
            for (size_t a = 0; a < VW_FIT_TERMS_LINE; a++) {
                for (size_t b = 0; b < a; b++) {
                    system[a][b] = 1e300; /* below the diagonal nothing counts */
                }
            }
            assert_true(sets[k]->factor(system, terms, 0, &factors[k]));
            sets[k]->solve(&factors[k], SOLVED, rights, solutions);
            for (size_t a = 0; a < terms; a++) {
                assert_near(solution[0][a], want[a], 1e-12);
                assert_near(solution[1][a], 2 * solution[0][a], 0);
                assert_near(solution[2][a], 4 * solution[0][a], 0);
            }
            if (k == 0) {
                memcpy(first, solution[0], sizeof first);
            }
            assert_memory_equal(solution[0], first, terms * sizeof *first);
        }
    }
}

static void a_system_that_is_not_definite_is_refused(void **state)
{
    static vw_fit_row system[VW_FIT_TERMS_LINE];
    static vw_fit_factors factors;

    (void)state;
    for (size_t k = 0; k < set_count; k++) {
        memset(system, 0, sizeof system);
        system[0][0] = system[1][1] = 1;
        system[0][1] = 2;
        assert_false(sets[k]->factor(system, 2, 1e-13, &factors));
        memset(system, 0, sizeof system);
        assert_false(sets[k]->factor(system, 2, 0, &factors));
        system[0][0] = NAN;
        assert_false(sets[k]->factor(system, 1, 1e-13, &factors));
    }
}

static void a_grid_has_the_smile_of_its_columns(void **state)
{
    enum { NODES = 3 };
    static double column[NODES][2][LINE], want[4][LINE], got[SETS][2][LINE];
    const double m[NODES] = {-3, 0.1, 2}, s[NODES] = {1, 0.6, 0.8}, c[NODES] = {0.1, 0.2, 0.1};
    const vw_fit_row solution = {0.5, -0.1, 0.1, 0.2, 0.1};
    const vw_fit_smile smile = {0.5, -0.1, m, s, c, NODES};
    vw_fit_grid grid = {
        .z = z, .m = m, .s = s, .nodes = NODES, .line = LINE, .first = 8, .last = 64};

    (void)state;
    memset(got, 0, sizeof got);
    for (size_t k = 0; k < set_count; k++) {
        double least, *value = got[k][0], *g = got[k][1];

        for (size_t j = 0; j < NODES; j++) {
            sets[k]->hyperbola(z, m[j], s[j], LINE, column[j][0], column[j][1]);
            grid.column[j] = column[j][0];
        }
        least = sets[k]->grid(&grid, solution, 1e-3, 0, value, g);
        sets[k]->smile(&smile, z, LINE, want[0], want[1], want[2]);
        sets[k]->durrleman(z, want[0], want[1], want[2], 1e-3, 0, LINE, want[3]);
        for (size_t i = grid.first; i < grid.last; i++) {
            assert_near(value[i], want[0][i], 1e-13 * fmax(1, fabs(want[0][i])));
            assert_near(g[i], want[3][i], 1e-13 * fmax(1, fabs(want[3][i])));
            assert_true(least <= g[i]);
        }
        sets[k]->variance(&smile, z, LINE, want[3]);
        assert_memory_equal(want[3], want[0], LINE * sizeof(double));
        assert_memory_equal(got[k], got[0], sizeof got[0]);
    }
}

static void columns_are_filled_to_whole_eights(void **state)
{
    (void)state;
    for (size_t count = 1; count <= COUNT_MAX; count++) {
        double out[2][LINE];

        for (size_t k = 0; k < set_count; k++) {
            for (size_t i = 0; i < LINE; i++) {
                out[0][i] = out[1][i] = NAN;
            }
            sets[k]->hyperbola(z, 0.7, 1.3, count, out[0], out[1]);
            for (size_t i = 0; i < vw_round_up(count, 8); i++) {
                double x = z[i] - 0.7, r = sqrt(x * x + 1.3 * 1.3);

                assert_near(out[0][i], 1 / r, 1e-15);
                assert_near(out[1][i], 1.3 * 1.3 / (r * r * r), 1e-15);
            }
        }
    }
}

static void check_svi_sums(const vw_svi_sums *sums, size_t count)
{
    double right[VW_SVI_FUNCTIONS] = {0}, product[VW_SVI_FUNCTIONS][VW_SVI_FUNCTIONS] = {{0}};

    for (size_t i = 0; i < count; i++) {
        double u = (z[i] - 0.3) / 1.7, v = sqrt(u * u + 1);
        const double f[VW_SVI_FUNCTIONS] = {1, u, v, u / v, 1 / v};

        for (size_t a = 0; a < VW_SVI_FUNCTIONS; a++) {
            right[a] += weight2[i] * target[i] * f[a];
            for (size_t b = 0; b < VW_SVI_FUNCTIONS; b++) {
                product[a][b] += weight2[i] * f[a] * f[b];
            }
        }
    }
    for (size_t a = 0; a < VW_SVI_FUNCTIONS; a++) {
        assert_near(sums->right[a], right[a], 1e-12 * (1 + fabs(right[a])));
        for (size_t b = 0; b < VW_SVI_FUNCTIONS; b++) {
            assert_near(sums->product[a][b], product[a][b], 1e-12 * (1 + fabs(product[a][b])));
        }
    }
}

/* Least g of raw SVI of this shape and sigma at the points looked at. */
static double least_svi_g(const vw_svi_shape *shape, double sigma, size_t count)
{
    vw_svi svi = {shape->alpha * shape->b * sigma, shape->b, shape->rho, shape->mu * sigma, sigma};
    double least = INFINITY;

    for (size_t i = 0; i < count; i++) {
        double k = svi.m + svi.sigma * z[i], w, w1, w2;

        vw_svi_variance(&svi, &k, &w, 1);
        vw_svi_slopes(&svi, &k, &w1, &w2, 1);
        least = fmin(least, vw_durrleman_g(k, w, w1, w2));
    }
    return least;
}

static void svi_sums_and_needs_are_the_same_at_every_width(void **state)
{
    const vw_svi_shape bent = {0.2, -0.6, 1.0, 0.4}, broken = {0.3, 0.8, -0.3, 8};
    double root[LINE];

    (void)state;
    for (size_t i = 0; i < LINE; i++) {
        root[i] = sqrt(z[i] * z[i] + 1);
    }
    for (size_t count = 1; count <= COUNT_MAX; count++) {
        vw_svi_sums sums[SETS];
        double needs[SETS];

        make_weights(count);
        for (size_t k = 0; k < set_count; k++) {
            sets[k]->svi_sums(z, target, weight2, 0.3, 1.7, count, &sums[k]);
            needs[k] = sets[k]->svi_needs(&bent, z, root, 64);
            assert_true(sets[k]->svi_needs(&broken, z, root, 64) == INFINITY);
        }
        check_svi_sums(&sums[0], count);
        assert_true(needs[0] > 0 && needs[0] < INFINITY);
        assert_near(least_svi_g(&bent, needs[0], 64), 0, 1e-12);
        for (size_t k = 1; k < set_count; k++) {
            assert_memory_equal(&sums[k], &sums[0], sizeof sums[0]);
            assert_memory_equal(&needs[k], &needs[0], sizeof needs[0]);
        }
    }
}

static void counting_stops_at_the_last_quote(void **state)
{
    (void)state;
    for (size_t count = 1; count <= COUNT_MAX; count++) {
        double low[LINE], high[LINE];
        size_t want = 0;

        for (size_t i = 0; i < LINE; i++) {
            low[i] = draw(-12, 3);
            high[i] = low[i] + 4;
        }
        for (size_t i = 0; i < count; i++) {
            want += z[i] >= low[i] && z[i] <= high[i];
        }
        for (size_t k = 0; k < set_count; k++) {
            assert_int_equal(sets[k]->inside(z, low, high, count), want);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_set_has_its_name),
        cmocka_unit_test(designs_are_right_and_the_same_at_every_width),
        cmocka_unit_test(bells_are_the_same_at_every_width),
        cmocka_unit_test(quotes_become_targets_the_same_at_every_width),
        cmocka_unit_test(smiles_and_their_g_are_right_and_the_same_at_every_width),
        cmocka_unit_test(a_value_below_the_least_has_no_g),
        cmocka_unit_test(misses_count_and_sum_the_same_at_every_width),
        cmocka_unit_test(a_system_is_solved_at_any_size),
        cmocka_unit_test(a_system_that_is_not_definite_is_refused),
        cmocka_unit_test(a_grid_has_the_smile_of_its_columns),
        cmocka_unit_test(columns_are_filled_to_whole_eights),
        cmocka_unit_test(svi_sums_and_needs_are_the_same_at_every_width),
        cmocka_unit_test(counting_stops_at_the_last_quote),
    };

    return cmocka_run_group_tests(tests, open_sets, NULL);
}
