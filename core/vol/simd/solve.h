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

enum { SOLVED = VW_LANES == 8 ? 2 : 1 }; /* at a time: as many as stay in registers */

/* L y = right, then L' x = y / D, for `count` right sides side by side: each waits for itself. */
VW_LANE void solve_some(const vw_fit_factors *f, int count, const double *const *right,
                        double *const *solution)
{
    size_t terms = f->terms;
    int parts = (int)(vw_round_up(terms, EIGHT) / VW_LANES);
    vd y[SOLVED][ROW_PARTS];

#pragma GCC unroll 16
    for (int p = 0; p < ROW_PARTS; p++) {
#pragma GCC unroll 2
        for (int i = 0; i < count; i++) {
            y[i][p] = vd_all(0);
            if (p < parts) {
                y[i][p] = vd_load(right[i] + p * VW_LANES, VW_LANES) *
                          vd_load(f->scale + p * VW_LANES, VW_LANES);
            }
        }
    }
#pragma GCC unroll 16
    for (int p = 0; p < ROW_PARTS; p++) {
        for (size_t a = (size_t)p * VW_LANES; a < terms && a < ((size_t)p + 1) * VW_LANES; a++) {
#pragma GCC unroll 2
            for (int i = 0; i < count; i++) {
                subtract_row(y[i], vd_lane(y[i][p], a % VW_LANES), f->lower[a], p, parts);
            }
        }
    }
#pragma GCC unroll 16
    for (int p = 0; p < ROW_PARTS; p++) {
#pragma GCC unroll 2
        for (int i = 0; i < count; i++) {
            y[i][p] *= vd_load(f->inverse + p * VW_LANES, VW_LANES);
        }
    }
#pragma GCC unroll 16
    for (int p = ROW_PARTS - 1; p >= 0; p--) {
        for (size_t b = ((size_t)p + 1) * VW_LANES; b-- > (size_t)p * VW_LANES;) {
#pragma GCC unroll 2
            for (int i = 0; i < count && b < terms; i++) {
                subtract_row(y[i], vd_lane(y[i][p], b % VW_LANES), f->turned[b], 0, p + 1);
            }
        }
    }
#pragma GCC unroll 16
    for (int p = 0; p < ROW_PARTS; p++) {
#pragma GCC unroll 2
        for (int i = 0; i < count && p < parts; i++) {
            vd_store(solution[i] + p * VW_LANES,
                     y[i][p] * vd_load(f->scale + p * VW_LANES, VW_LANES), VW_LANES);
        }
    }
}

static void lanes_solve(const vw_fit_factors *f, size_t count, const double *const *right,
                        double *const *solution)
{
    for (; SOLVED > 1 && count >= SOLVED; count -= SOLVED, right += SOLVED, solution += SOLVED) {
        solve_some(f, SOLVED, right, solution);
    }
    for (; count > 0; count--, right++, solution++) {
        solve_some(f, 1, right, solution);
    }
}

#endif
