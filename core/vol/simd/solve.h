/* solve.h: the body of fit_kernels.h that solves a factored system. */
#ifndef VW_CORE_VOL_SIMD_SOLVE_H
#define VW_CORE_VOL_SIMD_SOLVE_H

#include "core/vol/fit_kernels.h"
#include "core/vol/simd/eight.h"

enum { ROW_PARTS = VW_FIT_TERMS_LINE / VW_LANES };

/* y -= by row, in parts [from, to). */
VW_LANE void subtract_row(vd y[ROW_PARTS], vd by, const double *row, int from, int to)
{
#pragma GCC unroll 16
    for (int p = 0; p < ROW_PARTS; p++) {
        if (p >= from && p < to) {
            y[p] -= by * vd_load(row + p * VW_LANES, VW_LANES);
        }
    }
}

/* L y = right, then L' x = y / D: y stays in registers. */
static void lanes_solve(const vw_fit_factors *f, const double *right, double *solution)
{
    size_t terms = f->terms;
    int parts = (int)(vw_round_up(terms, EIGHT) / VW_LANES);
    vd y[ROW_PARTS];

#pragma GCC unroll 16
    for (int p = 0; p < ROW_PARTS; p++) {
        y[p] = vd_all(0);
        if (p < parts) {
            y[p] = vd_load(right + p * VW_LANES, VW_LANES) *
                   vd_load(f->scale + p * VW_LANES, VW_LANES);
        }
    }
#pragma GCC unroll 16
    for (int p = 0; p < ROW_PARTS; p++) {
        for (size_t a = (size_t)p * VW_LANES; a < terms && a < ((size_t)p + 1) * VW_LANES; a++) {
            subtract_row(y, vd_lane(y[p], a % VW_LANES), f->lower[a], p, parts);
        }
    }
#pragma GCC unroll 16
    for (int p = 0; p < ROW_PARTS; p++) {
        y[p] *= vd_load(f->inverse + p * VW_LANES, VW_LANES);
    }
#pragma GCC unroll 16
    for (int p = ROW_PARTS - 1; p >= 0; p--) {
        for (size_t b = ((size_t)p + 1) * VW_LANES; b-- > (size_t)p * VW_LANES;) {
            if (b < terms) {
                subtract_row(y, vd_lane(y[p], b % VW_LANES), f->turned[b], 0, p + 1);
            }
        }
    }
#pragma GCC unroll 16
    for (int p = 0; p < ROW_PARTS; p++) {
        if (p < parts) {
            vd_store(solution + p * VW_LANES, y[p] * vd_load(f->scale + p * VW_LANES, VW_LANES),
                     VW_LANES);
        }
    }
}

#endif
