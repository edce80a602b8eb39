/* factor.h: the body of fit_kernels.h that factors the small linear system: L D L' by rows. */
#ifndef VW_CORE_VOL_SIMD_FACTOR_H
#define VW_CORE_VOL_SIMD_FACTOR_H

#include "core/vol/fit_kernels.h"
#include "core/vol/simd/eight.h"

static const vw_fit_row column_index = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10,
                                        11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
                                        22, 23, 24, 25, 26, 27, 28, 29, 30, 31};

/* What scales to a unit diagonal; where the diagonal is not positive, and beyond the terms, 0. */
VW_LANE void find_scale(const vw_fit_row *system, size_t terms, vw_fit_factors *f)
{
    vw_fit_row pivot = {0};

    for (size_t a = 0; a < terms; a++) {
        pivot[a] = system[a][a];
    }
    for (size_t at = 0; at < vw_round_up(terms, EIGHT); at += VW_LANES) {
        vd x = vd_load(pivot + at, VW_LANES);
        vm good = vd_less(vd_all(0), x);

        vd_store(f->scale + at, vd_pick(good, 1 / vd_sqrt(vd_pick(good, x, vd_all(1))), vd_all(0)),
                 VW_LANES);
    }
}

/* A system on its way to its factors. */
typedef struct factor_work {
    const vw_fit_row *system;
    double jitter;
    vw_fit_factors *to;
} factor_work;

enum { REDUCED = 4 }; /* vectors of a row at a time */

/* Row b of D L' from `at` on, from the scaled system and the rows above; returns the first of its
 * vectors.  Sums of every other row apart, which halves the chain; the row just above comes last,
 * and what it needs of its pivot, whose inverse is `before`, last of all. */
VW_LANE vd reduce_row(const factor_work *work, size_t b, size_t at, int vectors, vd before)
{
    vw_fit_factors *f = work->to;
    vd even[REDUCED], odd[REDUCED];
    size_t a = 0;

#pragma GCC unroll 4
    for (int v = 0; v < vectors; v++) {
        size_t here = at + (size_t)v * VW_LANES;
        vd x = vd_load(work->system[b] + here, VW_LANES) * vd_load(f->scale + here, VW_LANES);

        even[v] = x * f->scale[b];
        odd[v] = vd_all(0);
    }
    if (at == b / VW_LANES * VW_LANES) {
        vd column = vd_load(column_index + at, VW_LANES), own = vd_all((double)b);
        vm other = vm_or(vd_less(column, own), vd_less(own, column));

        even[0] += vd_pick(other, vd_all(0), vd_all(work->jitter));
    }
    for (; a + 2 < b; a += 2) {
        vd first = vd_all(f->lower[a][b]), second = vd_all(f->lower[a + 1][b]);

#pragma GCC unroll 4
        for (int v = 0; v < vectors; v++) {
            even[v] -= first * vd_load(f->upper[a] + at + v * VW_LANES, VW_LANES);
            odd[v] += second * vd_load(f->upper[a + 1] + at + v * VW_LANES, VW_LANES);
        }
    }
#pragma GCC unroll 4
    for (int v = 0; v < vectors; v++) {
        even[v] -= odd[v];
        if (a + 1 < b) {
            even[v] -= f->lower[a][b] * vd_load(f->upper[a] + at + v * VW_LANES, VW_LANES);
        }
        if (b > 0) {
            const double *above = f->upper[b - 1];

            even[v] -= above[b] * vd_load(above + at + v * VW_LANES, VW_LANES) * before;
        }
        vd_store(f->upper[b] + at + v * VW_LANES, even[v], VW_LANES);
    }
    return even[0];
}

/* The whole row; returns the inverse of what it has on the diagonal, in all lanes. */
VW_LANE vd reduce_to_pivot(const factor_work *work, size_t b, size_t line, vd before)
{
    size_t at = b / VW_LANES * VW_LANES, own = at;
    vd first = vd_all(0);

    for (; at < line; at += REDUCED * VW_LANES) {
        size_t left = (line - at) / VW_LANES;
        vd x;

        switch (left) {
        case 1:
            x = reduce_row(work, b, at, 1, before);
            break;
        case 2:
            x = reduce_row(work, b, at, 2, before);
            break;
        case 3:
            x = reduce_row(work, b, at, 3, before);
            break;
        default:
            x = reduce_row(work, b, at, REDUCED, before);
        }
        first = at == own ? x : first;
    }
    return 1 / vd_lane(first, b % VW_LANES);
}

static bool lanes_factor(const vw_fit_row *system, size_t terms, double jitter, vw_fit_factors *f)
{
    size_t line = vw_round_up(terms, EIGHT);
    const factor_work work = {system, jitter, f};
    vd inverse = vd_all(0);

    f->terms = terms;
    find_scale(system, terms, f);
    for (size_t b = 0; b < terms; b++) {
        inverse = reduce_to_pivot(&work, b, line, inverse);
        if (!(f->upper[b][b] > 0)) {
            return false;
        }
        f->inverse[b] = inverse[0];
        for (size_t at = b / VW_LANES * VW_LANES; at < line; at += VW_LANES) {
            vd x = vd_load(f->upper[b] + at, VW_LANES) * inverse;
            vm right = vd_less(vd_all((double)b), vd_load(column_index + at, VW_LANES));

            vd_store(f->lower[b] + at, vd_pick(right, x, vd_all(0)), VW_LANES);
        }
        for (size_t c = b + 1; c < terms; c++) {
            f->turned[c][b] = f->lower[b][c];
        }
    }
    return true;
}

#endif
