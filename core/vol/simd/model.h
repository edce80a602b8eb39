/* model.h: the bodies of fit_kernels.h that look at a fit's model. */
#ifndef VW_CORE_VOL_SIMD_MODEL_H
#define VW_CORE_VOL_SIMD_MODEL_H

#include "core/vol/fit_kernels.h"
#include "core/vol/simd/eight.h"

/* The model at eight quotes, and at as many in each of the next blocks. */
VW_LANE void model_at(const double *at, size_t block, size_t blocks, const double *solution,
                      size_t terms, ve *model)
{
#pragma GCC unroll 4
    for (size_t b = 0; b < blocks; b++) {
        model[b] = ve_all(0);
    }
    for (size_t a = 0; a < terms; a++) {
        ve by = ve_all(solution[a]);

#pragma GCC unroll 4
        for (size_t b = 0; b < blocks; b++) {
            model[b] = ve_add_product(model[b], by, ve_load(at + b * block + a * EIGHT));
        }
    }
}

static void lanes_model(const vw_fit_basis *basis, const double *blocks, const double *solution,
                        size_t count, double *model)
{
    size_t block = vw_fit_block(basis), i = 0;
    ve at[4];

    for (; i + 4 * EIGHT <= count; i += 4 * EIGHT, blocks += 4 * block) {
        model_at(blocks, block, 4, solution, basis->terms, at);
#pragma GCC unroll 4
        for (size_t b = 0; b < 4; b++) {
            ve_store(model + i + b * EIGHT, at[b]);
        }
    }
    for (; i < count; i += EIGHT, blocks += block) {
        model_at(blocks, block, 1, solution, basis->terms, at);
        ve_store(model + i, at[0]);
    }
}

static void lanes_follow(const vw_fit_basis *basis, const double *blocks, const double *solution,
                         const vw_fit_targets *targets, size_t count, double *model, double *right)
{
    ve sums[VW_FIT_TERMS_LINE];

    memset(sums, 0, sizeof sums);
    for (size_t i = 0; i < count; i += EIGHT, blocks += vw_fit_block(basis)) {
        ve at;

        model_at(blocks, 0, 1, solution, basis->terms, &at);
        ve_store(model + i, at);
        at = ve_clamp(at, ve_load(targets->low + i), ve_load(targets->high + i));
        at = ve_multiply(at, ve_load(targets->weight2 + i));
        for (size_t a = 0; a < basis->terms; a++) {
            sums[a] = ve_add_product(sums[a], at, ve_load(blocks + a * EIGHT));
        }
    }
    for (size_t a = 0; a < VW_FIT_TERMS_LINE; a += EIGHT) {
        ve_store(right + a, ve_sums(sums + a));
    }
}

#endif
