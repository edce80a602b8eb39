/* sizes: the all-inputs kernel where its 105 bytes an option come from each cache and from memory.
 *
 * 256 options lie in the first cache, 4,096 in the second, 65,536 in the third, 1,048,576 in none
 * of most machines. */
#include "bench/rivals/rivals.h"
#include "bench/subjects.h"

#include <math.h>

enum {
    SIZES = 4,
    COUNT_MAX = 1 << 20,
    INPUTS = 7,
    OUTPUTS = 6,
    BYTES = 8 * (INPUTS + OUTPUTS) + 1
};

typedef struct job {
    const vw_kernels *kernels; /* NULL: libmvec */
    size_t count;
} job;

static double *in[INPUTS], *out[OUTPUTS];
static uint8_t *status;

static void make_options(void)
{
    uint64_t state = 1;

    for (size_t i = 0; i < COUNT_MAX; i++) {
        double z = 6 * vw_bench_uniform(&state) - 3, years = 1.0 / 365 + vw_bench_uniform(&state);
        double vol = 0.18 - 0.03 * z + 0.01 * z * z;

        in[0][i] = 4500;
        in[1][i] = 4500 * exp(z * vol * sqrt(years));
        in[2][i] = years;
        in[3][i] = vol;
        in[4][i] = exp(-0.05 * years);
        in[5][i] = z > 0 ? 1 : -1;
        in[6][i] = 0.05;
    }
}

static void run_black(const void *context)
{
    const job *of = context;
    const vw_black_inputs from = {in[0], in[1], in[2], in[3], in[4], in[5], in[6]};
    const vw_black_outputs to = {out[0], out[1], out[2], out[3], out[4], out[5], .status = status};

    if (of->kernels != NULL) {
        of->kernels->black(&from, &to, of->count);
    } else {
        vw_rival_libmvec_avx512(&from, &to, of->count);
    }
}

static size_t open_sizes(vw_bench_subject *to, const char *isa, const char **why)
{
    static const struct {
        size_t count;
        const char *text;
    } sizes[SIZES] = {{256, "256"}, {4096, "4,096"}, {65536, "65,536"}, {COUNT_MAX, "1,048,576"}};
    static job jobs[SIZES][2];
    const vw_kernels *kernels = vw_kernels_get(isa);

    (void)why;
    for (size_t i = 0; i < INPUTS && in[INPUTS - 1] == NULL; i++) { /* 448: other cache sets */
        in[i] = vw_bench_memory((COUNT_MAX + 448) * sizeof *in[i]);
    }
    for (size_t i = 0; i < OUTPUTS && out[OUTPUTS - 1] == NULL; i++) {
        out[i] = vw_bench_memory((COUNT_MAX + 448) * sizeof *out[i]);
    }
    status = status != NULL ? status : vw_bench_memory(COUNT_MAX);
    make_options();
    for (size_t s = 0; s < SIZES; s++) {
        const char *rival = vw_bench_name("libmvec AVX-512, %s options", sizes[s].text);

        jobs[s][0] = (job){NULL, sizes[s].count};
        jobs[s][1] = (job){kernels, sizes[s].count};
        to[2 * s] = (vw_bench_subject){.name = rival,
                                       .run = vw_rival_libmvec_avx512 != NULL ? run_black : NULL,
                                       .context = &jobs[s][0],
                                       .items = sizes[s].count,
                                       .rival = ""};
        to[2 * s + 1] =
            (vw_bench_subject){.name = vw_bench_name("%s, %s options", kernels->isa, sizes[s].text),
                               .run = run_black,
                               .context = &jobs[s][1],
                               .items = sizes[s].count,
                               .rival = rival,
                               .bytes = sizes[s].count == COUNT_MAX ? BYTES : 0};
    }
    return 2 * SIZES;
}

const vw_bench_group vw_bench_sizes = {
    "sizes", "Price and 5 greeks, by where the options lie", "option", "contracts/s", open_sizes,
    NULL,
};
