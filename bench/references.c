#include "bench/references.h"

#include "tests/table.h"

#include <math.h>
#include <unistd.h>

enum { ROWS_MAX = 2048, COLUMNS = 8 };

typedef struct references {
    double in[COLUMNS][ROWS_MAX]; /* forward, strike, years, vol or price, discount, side, ... */
    double want[ROWS_MAX], condition[ROWS_MAX], guess[ROWS_MAX];
    size_t count;
    bool read;
} references;

static references black, iv;
static double values[6][ROWS_MAX], errors[ROWS_MAX];

/* Whole lanes: SLEEF's rival does no others. */
static bool read_table(references *to, const char *name, const char *want, const char *given)
{
    char path[512];
    vw_table table;

    snprintf(path, sizeof path, "%s/tests/data/%s", VW_SOURCE_DIR, name);
    if (to->read || access(path, R_OK) != 0) {
        return to->count > 0;
    }
    to->read = true;
    table = vw_table_read(name);
    for (size_t i = 0; i < table.rows && to->count < ROWS_MAX; i++) {
        size_t at = to->count;
        double rate = vw_table_number(&table, i, "r"), years = vw_table_number(&table, i, "T");

        to->in[0][at] = vw_table_number(&table, i, "F");
        to->in[1][at] = vw_table_number(&table, i, "K");
        to->in[2][at] = years;
        to->in[3][at] = vw_table_number(&table, i, given);
        to->in[4][at] = exp(-rate * years);
        to->in[5][at] = vw_table_number(&table, i, "theta");
        to->in[6][at] = rate;
        to->want[at] = vw_table_number(&table, i, want);
        to->guess[at] = to->want[at] * 1.03;
        if (to == &iv) {
            to->condition[at] = fabs(vw_table_number(&table, i, "cond_dlnsigma_dlnprice"));
        } else if (!(to->in[5][at] * (to->in[0][at] - to->in[1][at]) <= 0 &&
                     to->want[at] > 1e-290)) {
            continue; /* in the money, or beyond the doubles */
        }
        to->count++;
    }
    vw_table_free(&table);
    to->count &= ~(size_t)7;
    return to->count > 0;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static vw_bench_error summarise(size_t count)
{
    for (size_t i = 0; i < count; i++) {
        errors[i] = isfinite(errors[i]) ? errors[i] : INFINITY;
    }
    qsort(errors, count, sizeof *errors, compare);
    return (vw_bench_error){errors[count - 1], errors[count * 99 / 100]};
}

bool vw_references_of_black(vw_references_black *compute, const void *self, vw_bench_error *error)
{
    const vw_black_inputs in = {black.in[0], black.in[1], black.in[2], black.in[3],
                                black.in[4], black.in[5], black.in[6]};
    const vw_black_outputs out = {values[0], values[1], values[2], values[3], values[4], values[5]};

    if (!read_table(&black, "options_2000.csv", "price", "sigma")) {
        return false;
    }
    compute(self, &in, &out, black.count);
    for (size_t i = 0; i < black.count; i++) {
        errors[i] = fabs(values[0][i] / black.want[i] - 1);
    }
    *error = summarise(black.count);
    return true;
}

static void compute_all_inputs(const void *self, const vw_black_inputs *in,
                               const vw_black_outputs *out, size_t count)
{
    ((const vw_kernels *)self)->black(in, out, count);
}

static void compute_expiry(const void *self, const vw_black_inputs *in, const vw_black_outputs *out,
                           size_t count)
{
    for (size_t i = 0; i < count; i++) {
        double log_strike = log(in->strike[i]);
        vw_black_outputs to = vw_black_outputs_from(out, i);
        vw_expiry_inputs one = {in->forward[i], in->years[i], in->discount[i], in->strike + i,
                                &log_strike,    in->vol + i,  in->side + i};

        ((const vw_kernels *)self)->black_expiry(&one, &to, 1);
    }
}

bool vw_references_of_kernels(const vw_kernels *kernels, bool per_expiry, vw_bench_error *error)
{
    return vw_references_of_black(per_expiry ? compute_expiry : compute_all_inputs, kernels, error);
}

bool vw_references_of_iv(vw_references_iv *compute, const void *self, bool warm,
                         vw_bench_error *error)
{
    size_t count;
    vw_iv_inputs in = *vw_references_hostile(&count);

    in.guess = warm ? iv.guess : NULL;
    if (count == 0) {
        return false;
    }
    compute(self, &in, values[0], count);
    for (size_t i = 0; i < count; i++) {
        errors[i] = fabs(values[0][i] / iv.want[i] - 1) / (1 + iv.condition[i]);
    }
    *error = summarise(count);
    return true;
}

const vw_iv_inputs *vw_references_hostile(size_t *count)
{
    static const vw_iv_inputs in = {iv.in[0], iv.in[1], iv.in[2], iv.in[3],
                                    iv.in[4], iv.in[5], NULL};

    *count = read_table(&iv, "iv_2000.csv", "sigma", "price") ? iv.count : 0;
    return &in;
}
