/* design.h: the bodies of fit_kernels.h that make a fit's equations. */
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

static void lanes_add(const double *row, double weight, double target, size_t line,
                      vw_fit_row *system, double *right)
{
    for (size_t at = 0; at < line; at += VW_LANES) {
        vd x = vd_load(row + at, VW_LANES);

        vd_store(right + at, vd_load(right + at, VW_LANES) + weight * target * x, VW_LANES);
        for (size_t a = 0; a < at + VW_LANES; a++) {
            double *to = system[a] + at;

            vd_store(to, vd_load(to, VW_LANES) + weight * row[a] * x, VW_LANES);
        }
    }
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

/* The rows of a pair: with constants, for registers. */
static void add_pair(const design_quotes *in, size_t term, vw_fit_row *system, design_sums by,
                     design_ahead *ahead)
{
    size_t left = (in->basis->terms - term - 1) / 2;
    size_t pairs = left < LEADS_MAX ? left : LEADS_MAX;

    switch (pairs) {
    case 0:
        lead_products(in, term, 0, system, by, ahead);
        break;
#if VW_LANES == 8
    case 1:
        lead_products(in, term, 1, system, by, ahead);
        break;
    case 2:
        lead_products(in, term, 2, system, by, ahead);
        break;
    case 3:
        lead_products(in, term, 3, system, by, ahead);
        break;
#endif
    default:
        lead_products(in, term, LEADS_MAX, system, by, ahead);
    }
    for (size_t at = term + 2; left > pairs;) {
        left -= pairs;
        at += 2 * pairs;
        pairs = left < PAIRS_MAX ? left : PAIRS_MAX;
        switch (pairs) {
#if VW_LANES == 8
        case 1:
            more_products(in, term, at, 1, system);
            break;
        case 2:
            more_products(in, term, at, 2, system);
            break;
        case 3:
            more_products(in, term, at, 3, system);
            break;
#endif
        default:
            more_products(in, term, at, PAIRS_MAX, system);
        }
    }
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

#endif
