#include "bench/references.h"

#include "core/vol/vix_index.h"
#include "tests/core/vol/hks_points.h"
#include "tests/core/vol/synthetic.h"

#include <math.h>
#include <unistd.h>

enum { POINTS_MAX = 1024, SMILES_MAX = SYNTHETIC_SLICES * SYNTHETIC_STRIKES_MAX };

static synthetic_slice slices[SYNTHETIC_SLICES];
static vw_smile smile;
static double errors[SMILES_MAX], w[SYNTHETIC_STRIKES_MAX];

static bool is_here(const char *name)
{
    char path[512];

    snprintf(path, sizeof path, "%s/tests/data/%s", VW_SOURCE_DIR, name);
    return access(path, R_OK) == 0;
}

static bool have_chain(void)
{
    if (slices[0].count == 0 && is_here("synthetic_chain.csv")) {
        vw_check(synthetic_load(slices) == SYNTHETIC_SLICES);
        vw_smile_init(&smile, vw_bench_memory(vw_smile_size(SYNTHETIC_STRIKES_MAX)),
                      SYNTHETIC_STRIKES_MAX);
    }
    return slices[0].count > 0;
}

bool vw_references_of_forward(const vw_fit_kernels *kernels, vw_bench_error *error)
{
    static double scratch[VW_FORWARD_SCRATCH(SYNTHETIC_STRIKES_MAX)];

    if (!have_chain()) {
        return false;
    }
    for (size_t i = 0; i < SYNTHETIC_SLICES; i++) {
        vw_parity in = synthetic_parity(&slices[i], slices[i].true_discount);
        vw_forward out;

        vw_forward_fit(&in, kernels, scratch, &out);
        errors[i] = fabs(out.forward / slices[i].true_forward - 1);
    }
    vw_references_summary(errors, SYNTHETIC_SLICES, &error->max, &error->p99);
    return true;
}

/* Errors of the fitted vols of one slice where the delta is 2 % or more; returns how many. */
static size_t compare_slice(const synthetic_slice *slice, double *to)
{
    size_t count = 0;

    for (size_t i = 0; i < smile.count; i++) {
        double vol = slice->true_vol[smile.row[i]], s = vol * sqrt(slice->years);
        double d1 = 0.5 * s - smile.k[i] / s;

        if (fabs(d1) <= 2.0537489) { /* false for NaN: a slice without true vols */
            to[count++] = fabs(sqrt(w[i] / slice->years) - vol);
        }
    }
    return count;
}

bool vw_references_of_smiles(vw_references_smile *compute, const void *self, vw_bench_error *error)
{
    size_t count = 0;

    if (!have_chain()) {
        return false;
    }
    for (size_t i = 0; i < SYNTHETIC_SLICES; i++) {
        vw_parity in = synthetic_parity(&slices[i], slices[i].true_discount);

        vw_smile_gather(&smile, &in, slices[i].true_forward, slices[i].true_discount,
                        vw_kernels_get(NULL));
        compute(self, &smile, w);
        count += compare_slice(&slices[i], errors + count);
    }
    vw_references_summary(errors, count, &error->max, &error->p99);
    return true;
}

bool vw_references_of_curve(const vw_fit_kernels *kernels, vw_bench_error *error)
{
    const vw_slice slice = {.model = VW_MODEL_HKS, .hks = hks_points_smile()};
    double k[POINTS_MAX], slope[POINTS_MAX];
    vw_table table;

    if (!is_here("hks_points.csv")) {
        return false;
    }
    table = vw_table_read("hks_points.csv");
    vw_check(table.rows <= POINTS_MAX);
    for (size_t i = 0; i < table.rows; i++) {
        k[i] = vw_table_number(&table, i, "k");
    }
    vw_slice_curve(&slice, kernels, k, w, slope, table.rows);
    for (size_t i = 0; i < table.rows; i++) {
        errors[i] = fmax(fabs(w[i] / vw_table_number(&table, i, "w") - 1),
                         fabs(slope[i] / vw_table_number(&table, i, "w1") - 1));
    }
    vw_references_summary(errors, table.rows, &error->max, &error->p99);
    vw_table_free(&table);
    return true;
}

/* A term of the worked example; its errors beside mathematics.md section 8. */
static vw_vix_strip read_term(const vw_table *table, const char *term, double minutes, double rate)
{
    static const char *const names[] = {"strike", "call_bid", "call_ask", "put_bid", "put_ask"};
    static double columns[VW_COUNT_OF(names)][POINTS_MAX];
    vw_vix_quotes quotes = {columns[0], columns[1], columns[2], columns[3], columns[4], 0};
    vw_vix_strip strip;

    for (size_t i = 0; i < table->rows; i++) {
        if (strcmp(vw_table_text(table, i, "term"), term) == 0) {
            vw_check(quotes.count < POINTS_MAX);
            for (size_t j = 0; j < VW_COUNT_OF(names); j++) {
                columns[j][quotes.count] = vw_table_number(table, i, names[j]);
            }
            quotes.count++;
        }
    }
    vw_vix_term(&quotes, minutes, rate, &strip);
    return strip;
}

bool vw_references_of_vix(vw_bench_error *error)
{
    vw_table table;

    if (!is_here("vix_example_quotes.csv")) {
        return false;
    }
    table = vw_table_read("vix_example_quotes.csv");
    vw_vix_strip near = read_term(&table, "near", 34484, 0.00031664);
    vw_vix_strip next = read_term(&table, "next", 44954, 0.00028797);
    const double pairs[][2] = {{near.variance, 0.019233906480510570785},
                               {next.variance, 0.019423884279296462101},
                               {vw_vix_value(&near, &next, 30), 13.927842350137641722}};

    vw_table_free(&table);
    for (size_t i = 0; i < VW_COUNT_OF(pairs); i++) {
        errors[i] = fabs(pairs[i][0] / pairs[i][1] - 1);
    }
    vw_references_summary(errors, VW_COUNT_OF(pairs), &error->max, &error->p99);
    return true;
}
