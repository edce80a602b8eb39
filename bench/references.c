#include "bench/references.h"

#include "tests/core/pricing/greek_scale.h"
#include "tests/table.h"

#include <math.h>
#include <unistd.h>

enum { ROWS_MAX = 2048, COLUMNS = 7, VALUES = 9, RHO = 5 };

typedef struct references {
    double in[COLUMNS][ROWS_MAX];   /* forward, strike, years, vol or price, discount, side, rate */
    double want[VALUES][ROWS_MAX];  /* price and greeks, or the vol */
    double scale[VALUES][ROWS_MAX]; /* what their errors are relative to */
    size_t count;
    bool read;
} references;

static references black, iv;
static double values[VALUES][ROWS_MAX], errors[ROWS_MAX], guesses[ROWS_MAX];

static const char *const greek_names[VALUES] = {"price",   "delta", "gamma", "vega", "theta_fwd",
                                                "rho_fwd", "vanna", "volga", "charm"};

/* False where the option is in the money or its price beyond the doubles. */
static bool take_black(references *to, const vw_table *table, size_t row, size_t at)
{
    const vw_greek_case of = {to->in[0][at], to->in[1][at], to->in[2][at],
                              to->in[3][at], to->in[4][at], to->in[6][at]};
    double want[VALUES];

    for (int i = 0; i < VALUES; i++) {
        want[i] = to->want[i][at] = vw_table_number(table, row, greek_names[i]);
    }
    for (int i = 0; i < VALUES; i++) {
        to->scale[i][at] = vw_greek_scale(i, &of, want);
    }
    return to->in[5][at] * (of.forward - of.strike) <= 0 && want[0] > 1e-290;
}

static bool take_iv(references *to, const vw_table *table, size_t row, size_t at)
{
    double vol = vw_table_number(table, row, "sigma");

    to->want[0][at] = vol;
    to->scale[0][at] = vol * (1 + fabs(vw_table_number(table, row, "cond_dlnsigma_dlnprice")));
    return true;
}

/* Whole lanes: SLEEF's rival does no others. */
static bool read_table(references *to, const char *name, const char *given,
                       bool (*take)(references *, const vw_table *, size_t, size_t))
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
        to->count += take(to, &table, i, at);
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

void vw_references_summary(double *of, size_t count, double *max, double *p99)
{
    for (size_t i = 0; i < count; i++) {
        of[i] = isfinite(of[i]) ? of[i] : INFINITY;
    }
    qsort(of, count, sizeof *of, compare);
    *max = of[count - 1];
    *p99 = of[count * 99 / 100];
}

static double error_of(const references *in, int value, size_t i)
{
    double error = fabs(values[value][i] - in->want[value][i]) / in->scale[value][i];

    return isfinite(error) ? error : INFINITY;
}

bool vw_references_of_black(vw_references_black *compute, const void *self, int greeks,
                            vw_bench_error *error)
{
    const vw_black_inputs in = {black.in[0], black.in[1], black.in[2], black.in[3],
                                black.in[4], black.in[5], black.in[6]};
    bool eight = greeks == VW_REFERENCES_EIGHT;
    const vw_black_outputs out = {values[0],
                                  values[1],
                                  values[2],
                                  values[3],
                                  values[4],
                                  values[5],
                                  eight ? values[6] : NULL,
                                  eight ? values[7] : NULL,
                                  eight ? values[8] : NULL};

    if (!read_table(&black, "options_2000.csv", "sigma", take_black)) {
        return false;
    }
    compute(self, &in, &out, black.count);
    for (size_t i = 0; i < black.count; i++) {
        errors[i] = fmax(error_of(&black, 0, i), error_of(&black, RHO, i));
    }
    vw_references_summary(errors, black.count, &error->max, &error->p99);
    for (size_t i = 0; i < black.count; i++) {
        errors[i] = 0;
        for (int greek = 1; greek <= greeks; greek++) {
            errors[i] = greek == RHO ? errors[i] : fmax(errors[i], error_of(&black, greek, i));
        }
    }
    vw_references_summary(errors, black.count, &error->greeks_max, &error->greeks_p99);
    return true;
}

static void compute_all_inputs(const void *self, const vw_black_inputs *in,
                               const vw_black_outputs *out, size_t count)
{
    ((const vw_kernels *)self)->black(in, out, count);
}

static vw_expiry_inputs one_of(const vw_black_inputs *in, size_t i, const double *log_strike)
{
    return (vw_expiry_inputs){in->forward[i], in->years[i], in->discount[i], in->strike + i,
                              log_strike,     in->vol + i,  in->side + i};
}

static void compute_expiry(const void *self, const vw_black_inputs *in, const vw_black_outputs *out,
                           size_t count)
{
    for (size_t i = 0; i < count; i++) {
        double log_strike = log(in->strike[i]);
        vw_black_outputs to = vw_black_outputs_from(out, i);
        vw_expiry_inputs one = one_of(in, i, &log_strike);

        ((const vw_kernels *)self)->black_expiry(&one, &to, 1);
    }
}

static void compute_strikes(const void *self, const vw_black_inputs *in,
                            const vw_black_outputs *out, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        double log_strike = log(in->strike[i]), unread[VALUES];
        vw_black_outputs to = vw_black_outputs_from(out, i);
        vw_black_outputs other = {&unread[0], &unread[1], &unread[2],
                                  &unread[3], &unread[4], &unread[5]};
        vw_expiry_inputs one = one_of(in, i, &log_strike);
        bool is_call = in->side[i] > 0;

        ((const vw_kernels *)self)
            ->black_strikes(&one, is_call ? &to : &other, is_call ? &other : &to, 1);
    }
}

bool vw_references_of_kernels(const vw_kernels *kernels, vw_references_form form, int greeks,
                              vw_bench_error *error)
{
    vw_references_black *const computes[] = {[VW_REFERENCES_ALL_INPUTS] = compute_all_inputs,
                                             [VW_REFERENCES_EXPIRY] = compute_expiry,
                                             [VW_REFERENCES_STRIKES] = compute_strikes};

    return vw_references_of_black(computes[form], kernels, greeks, error);
}

bool vw_references_of_iv(vw_references_iv *compute, const void *self, double guess,
                         vw_bench_error *error)
{
    size_t count;
    vw_iv_inputs in = *vw_references_hostile(&count);

    in.guess = guess > 0 ? guesses : NULL;
    if (count == 0) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        guesses[i] = guess * iv.want[0][i];
    }
    compute(self, &in, values[0], count);
    for (size_t i = 0; i < count; i++) {
        errors[i] = error_of(&iv, 0, i);
    }
    vw_references_summary(errors, count, &error->max, &error->p99);
    return true;
}

const vw_iv_inputs *vw_references_hostile(size_t *count)
{
    static const vw_iv_inputs in = {iv.in[0], iv.in[1], iv.in[2], iv.in[3],
                                    iv.in[4], iv.in[5], NULL};

    *count = read_table(&iv, "iv_2000.csv", "price", take_iv) ? iv.count : 0;
    return &in;
}
