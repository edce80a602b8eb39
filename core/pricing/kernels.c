#include "core/pricing/kernels.h"

#include <string.h>

extern const vw_kernels vw_kernels_avx512, vw_kernels_avx2, vw_kernels_baseline;

static const vw_kernels reference = {
    .isa = "reference",
    .black = vw_black,
    .black_expiry = vw_black_expiry,
    .black_strikes = vw_black_strikes,
    .implied_vol = vw_implied_vol,
};

/* Widest first. */
static const vw_kernels *const sets[] = {
    &vw_kernels_avx512,
    &vw_kernels_avx2,
    &vw_kernels_baseline,
    &reference,
};

static bool runs_here(const vw_kernels *set)
{
    if (set == &vw_kernels_avx512) {
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
               __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw");
    }
    if (set == &vw_kernels_avx2) {
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    }
    return true;
}

const vw_kernels *vw_kernels_get(const char *isa)
{
    for (size_t i = 0; i < VW_COUNT_OF(sets); i++) {
        if (runs_here(sets[i]) && (isa == NULL || strcmp(isa, sets[i]->isa) == 0)) {
            return sets[i];
        }
    }
    return NULL;
}

const char *vw_kernels_name(size_t i)
{
    return i < VW_COUNT_OF(sets) ? sets[i]->isa : NULL;
}
