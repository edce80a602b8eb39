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

/* What needs no root: 1 and z, and their sums. */
VW_LANE void add_line(const design_quotes *in, design_sums by)
{
    size_t block = vw_fit_block(in->basis);
    ve one = ve_all(0), z = ve_all(0), zz = ve_all(0), target = ve_all(0), z_target = ve_all(0);

    for (size_t i = 0; i < in->count; i += EIGHT) {
        ve w = ve_load(in->weight2 + i), at = ve_load(in->z + i), wz = ve_multiply(w, at);
        ve to = ve_load(in->target + i);

        ve_store(in->blocks + i / EIGHT * block, ve_all(1));
        ve_store(in->blocks + i / EIGHT * block + EIGHT, at);
        one = ve_add(one, w);
        z = ve_add(z, wz);
        zz = ve_add_product(zz, wz, at);
        target = ve_add_product(target, w, to);
        z_target = ve_add_product(z_target, wz, to);
    }
    by[BY_ONE][0] = one;
    by[BY_ONE][1] = by[BY_Z][0] = z;
    by[BY_Z][1] = zz;
    by[BY_TARGET][0] = target;
    by[BY_TARGET][1] = z_target;
}

static void lanes_design(const vw_fit_basis *basis, const double *z, const double *weight2,
                         const double *target, size_t count, double *blocks, vw_fit_row *system,
                         double *right)
{
    const design_quotes in = {basis, z, weight2, target, blocks, whole(count)};
    double *const rows[BY] = {system[0], system[1], right};
    size_t last = (basis->terms - 1) / 2 * 2; /* an odd one's pair is a column nobody reads */
    design_ahead ahead = {.square = {vd_all(1), vd_all(1)}, .term = last};
    design_sums by;

    add_line(&in, by);
    go_ahead(&in, &ahead);
    go_ahead(&in, &ahead);
    for (size_t a = last; a > 0; a -= 2) {
        add_pair(&in, a, system, by, &ahead);
    }
    for (int b = 0; b < BY; b++) {
        for (size_t a = basis->terms; a < basis->line; a++) {
            by[b][a] = ve_all(0);
        }
        for (size_t a = 0; a < basis->line; a += EIGHT) {
            ve_store(rows[b] + a, ve_sums(by[b] + a));
        }
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
