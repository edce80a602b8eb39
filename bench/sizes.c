/* sizes: both forms of the kernel, of every instruction set, where the options come from each cache
 * and from memory.
 *
 * 256 options lie in the first cache, 4,096 in the second, 65,536 in the third, 1,048,576 in none
 * of most machines: 105 bytes an option, 81 of the form per expiry. */
#include "bench/references.h"
#include "bench/rivals/rivals.h"
#include "bench/subjects.h"

#include <math.h>

/* GAP lets the arrays begin half a page and two lines apart: from one set of cache lines on, more
 * of them would meet there than it has ways. */
enum { COUNT_MAX = 1 << 20, GAP = 272, INPUTS = 8, OUTPUTS = 6 };

typedef struct job {
    const vw_kernels *kernels; /* NULL: libmvec */
    size_t count;
} job;

static double *in[INPUTS], *out[OUTPUTS];
static uint8_t *status;
static const double month_years = 0.0822, month_discount = 0.9959, month_forward = 4500;

static void make_options(void)
{
    size_t stride = COUNT_MAX + GAP;
    double *memory = vw_bench_memory((INPUTS + OUTPUTS) * stride * sizeof *memory);
    uint64_t state = 1;

    for (size_t i = 0; i < INPUTS + OUTPUTS; i++) {
        *(i < INPUTS ? &in[i] : &out[i - INPUTS]) = memory + i * stride;
    }
    status = vw_bench_memory(COUNT_MAX);
    for (size_t i = 0; i < COUNT_MAX; i++) {
        double z = 6 * vw_bench_uniform(&state) - 3, vol = 0.18 - 0.03 * z + 0.01 * z * z;

        in[0][i] = month_forward;
        in[1][i] = month_forward * exp(z * vol * sqrt(month_years));
        in[2][i] = month_years;
        in[3][i] = vol;
        in[4][i] = month_discount;
        in[5][i] = z > 0 ? 1 : -1;
        in[6][i] = 0.05;
        in[7][i] = log(in[1][i]);
    }
}

static vw_black_outputs outputs(void)
{
    return (vw_black_outputs){out[0], out[1], out[2], out[3], out[4], out[5], .status = status};
}

static void run_all_inputs(const void *context)
{
    const job *of = context;
    const vw_black_inputs from = {in[0], in[1], in[2], in[3], in[4], in[5], in[6]};
    const vw_black_outputs to = outputs();

    if (of->kernels != NULL) {
        of->kernels->black(&from, &to, of->count);
    } else {
        vw_rival_libmvec()(&from, &to, of->count);
    }
}

static void run_expiry(const void *context)
{
    const job *of = context;
    const vw_expiry_inputs from = {month_forward, month_years, month_discount, in[1],
                                   in[7],         in[3],       in[5]};
    const vw_black_outputs to = outputs();

    of->kernels->black_expiry(&from, &to, of->count);
}

static bool judge(const void *context, vw_bench_error *error)
{
    return vw_references_of_kernels(((const job *)context)->kernels, VW_REFERENCES_ALL_INPUTS,
                                    VW_REFERENCES_FIVE, error);
}

static bool judge_expiry(const void *context, vw_bench_error *error)
{
    return vw_references_of_kernels(((const job *)context)->kernels, VW_REFERENCES_EXPIRY,
                                    VW_REFERENCES_FIVE, error);
}

static void compute_libmvec(const void *self, const vw_black_inputs *from,
                            const vw_black_outputs *to, size_t count)
{
    (void)self;
    vw_rival_libmvec()(from, to, count);
}

static bool judge_libmvec(const void *context, vw_bench_error *error)
{
    return vw_references_of_black(compute_libmvec, context, VW_REFERENCES_FIVE, error);
}

static void add(vw_bench_subject *to, const vw_kernels *kernels, bool per_expiry, size_t count,
                const char *options, const char *rival)
{
    job *of = vw_bench_memory(sizeof *of);

    *of = (job){kernels, count};
    *to = (vw_bench_subject){
        .name = vw_bench_name("%s%s, %s options",
                              kernels != NULL ? kernels->isa : vw_rival_libmvec_name(),
                              per_expiry ? ", per expiry" : "", options),
        .run = per_expiry ? run_expiry : run_all_inputs,
        .context = of,
        .items = count,
        .rival = rival,
        .bytes = count < COUNT_MAX ? 0
                 : per_expiry      ? 81
                                   : 105,
        .accuracy = kernels == NULL ? judge_libmvec
                    : per_expiry    ? judge_expiry
                                    : judge};
}

static size_t open_sizes(vw_bench_subject *to, const char *isa, const char **why)
{
    static const struct {
        size_t count;
        const char *text;
    } sizes[] = {{256, "256"}, {4096, "4,096"}, {65536, "65,536"}, {COUNT_MAX, "1,048,576"}};
    size_t count = 0;

    (void)why;
    if (in[0] == NULL) {
        make_options();
    }
    for (size_t s = 0; s < VW_COUNT_OF(sizes); s++) {
        const char *rival = "";
        const vw_kernels *set;

        if (vw_rival_libmvec() != NULL) {
            add(&to[count], NULL, false, sizes[s].count, sizes[s].text, "");
            rival = to[count++].name;
        }
        for (size_t i = 0; (set = vw_bench_next_set(isa, &i)) != NULL;) {
            add(&to[count++], set, false, sizes[s].count, sizes[s].text, rival);
            add(&to[count++], set, true, sizes[s].count, sizes[s].text, rival);
        }
    }
    return count;
}

const vw_bench_group vw_bench_sizes = {
    "sizes",    "Price and 5 greeks, by where the options lie",
    "option",   "contracts/s",
    open_sizes, .errors = VW_REFERENCES_BLACK,
};
