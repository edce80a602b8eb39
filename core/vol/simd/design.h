/* design.h: the bodies of fit_kernels.h that make a fit's equations, and look at its model. */
#ifndef VW_CORE_VOL_SIMD_DESIGN_H
#define VW_CORE_VOL_SIMD_DESIGN_H

#include "core/vol/simd/products.h"

static void lanes_row(const vw_fit_basis *basis, double z, double *row)
{
    for (size_t at = 0; at < basis->line; at += VW_LANES) {
        vd x = z - vd_load(basis->m + at, VW_LANES);
        vd v = vd_sqrt(x * x + vd_load(basis->s2 + at, VW_LANES));

        vd_store(row + at, v * vd_load(basis->on + at, VW_LANES), VW_LANES);
    }
    row[0] = 1;
    row[1] = z;
}

/* What needs no root. */
VW_LANE void start_block(const vw_fit_basis *basis, const double *z, double *block)
{
    ve_store(block, ve_all(1));
    ve_store(block + EIGHT, ve_load(z));
    for (size_t a = basis->terms; a % FOUR != 0; a++) {
        ve_store(block + a * EIGHT, ve_all(0));
    }
}

enum { CHUNK = 192 }; /* quotes: their terms about fill the first cache */

static void lanes_design(const vw_fit_basis *basis, const double *z, const double *weight2,
                         const double *target, size_t count, double *blocks, vw_fit_row *system,
                         double *right)
{
    size_t block = vw_fit_block(basis), padded = whole(count);
    ve rights[VW_FIT_TERMS_LINE];

    memset(system, 0, vw_round_up(basis->terms, 2) * sizeof *system);
    memset(rights, 0, sizeof rights);
    for (size_t i = 0; i < padded; i += EIGHT) {
        start_block(basis, z + i, blocks + i / EIGHT * block);
    }
    for (size_t i = 0; i < padded; i += CHUNK) {
        const design_chunk chunk = {basis,
                                    z + i,
                                    weight2 + i,
                                    target + i,
                                    blocks + i / EIGHT * block,
                                    padded - i < CHUNK ? padded - i : CHUNK};

        if (basis->terms % 2 == 1) {
            size_t last = basis->terms - 1;
            add_products(&chunk, last, 1, true, last / FOUR * FOUR, 1, system, &rights[last]);
        }
        for (size_t a = basis->terms / 2 * 2; a > 0; a -= 2) {
            add_pair(&chunk, a - 2, system, &rights[a - 2]);
        }
    }
    for (size_t a = 0; a < VW_FIT_TERMS_LINE; a += EIGHT) {
        ve_store(right + a, ve_sums(rights + a));
    }
}

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
