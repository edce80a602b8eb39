/* solve.h: the bodies of fit_kernels.h for the small linear system: L D L' by rows. */
#ifndef VW_CORE_VOL_SIMD_SOLVE_H
#define VW_CORE_VOL_SIMD_SOLVE_H

#include "core/vol/fit_kernels.h"
#include "core/vol/simd/eight.h"

enum { ROW_PARTS = VW_FIT_TERMS_LINE / VW_LANES };

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

/* Scales to a unit diagonal; where the diagonal is not positive, and beyond the terms, to 0. */
VW_LANE void scale_system(const vw_fit_row *system, size_t terms, double jitter, vw_fit_factors *f)
{
    vw_fit_row pivot = {0};

    for (size_t a = 0; a < terms; a++) {
        pivot[a] = system[a][a];
    }
    for (size_t at = 0; at < VW_FIT_TERMS_LINE; at += VW_LANES) {
        vd x = vd_load(pivot + at, VW_LANES);
        vm good = vd_less(vd_all(0), x);

        vd_store(f->scale + at, vd_pick(good, 1 / vd_sqrt(vd_pick(good, x, vd_all(1))), vd_all(0)),
                 VW_LANES);
    }
    for (size_t a = 0; a < terms; a++) {
        for (size_t at = a / VW_LANES * VW_LANES; at < VW_FIT_TERMS_LINE; at += VW_LANES) {
            vd x = vd_load(system[a] + at, VW_LANES) * vd_load(f->scale + at, VW_LANES);

            vd_store(f->upper[a] + at, x * f->scale[a], VW_LANES);
        }
        f->upper[a][a] += jitter;
    }
}

/* Row b of D L', from the rows above it, and its share of L in both directions. */
VW_LANE void reduce_row(vw_fit_factors *f, size_t b, size_t line)
{
    for (size_t at = b / VW_LANES * VW_LANES; at < line; at += VW_LANES) {
        vd sum = vd_load(f->upper[b] + at, VW_LANES);

        for (size_t a = 0; a < b; a++) {
            sum -= f->turned[b][a] * vd_load(f->upper[a] + at, VW_LANES);
        }
        vd_store(f->upper[b] + at, sum, VW_LANES);
    }
}

static bool lanes_factor(const vw_fit_row *system, size_t terms, double jitter, vw_fit_factors *f)
{
    static const vw_fit_row index = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10,
                                     11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
                                     22, 23, 24, 25, 26, 27, 28, 29, 30, 31};
    size_t line = vw_round_up(terms, EIGHT);

    f->terms = terms;
    scale_system(system, terms, jitter, f);
    for (size_t b = 0; b < terms; b++) {
        reduce_row(f, b, line);
        if (!(f->upper[b][b] > 0)) {
            return false;
        }
        f->inverse[b] = 1 / f->upper[b][b];
        for (size_t at = b / VW_LANES * VW_LANES; at < line; at += VW_LANES) {
            vd x = vd_load(f->upper[b] + at, VW_LANES) * f->inverse[b];
            vm right = vd_less(vd_all((double)b), vd_load(index + at, VW_LANES));

            vd_store(f->lower[b] + at, vd_pick(right, x, vd_all(0)), VW_LANES);
        }
        for (size_t c = b + 1; c < terms; c++) {
            f->turned[c][b] = f->lower[b][c];
        }
    }
    return true;
}

/* y[from ..to) -= by row[from .. to), in whole parts. */
VW_LANE void subtract_row(double *y, const double *row, double by, size_t from, size_t to)
{
    for (size_t at = from / VW_LANES * VW_LANES; at < to; at += VW_LANES) {
        vd x = vd_load(y + at, VW_LANES) - by * vd_load(row + at, VW_LANES);

        vd_store(y + at, x, VW_LANES);
    }
}

/* L y = right, then L' x = y / D. */
static void lanes_solve(const vw_fit_factors *f, const double *right, double *solution)
{
    size_t terms = f->terms, line = vw_round_up(terms, EIGHT);
    vw_fit_row y;

    for (size_t at = 0; at < line; at += VW_LANES) {
        vd_store(y + at, vd_load(right + at, VW_LANES) * vd_load(f->scale + at, VW_LANES),
                 VW_LANES);
    }
    for (size_t a = 0; a < terms; a++) {
        double by = y[a];

        subtract_row(y, f->lower[a], by, a, line);
        y[a] = by * f->inverse[a];
    }
    for (size_t b = terms; b-- > 1;) {
        subtract_row(y, f->turned[b], y[b], 0, b);
    }
    for (size_t at = 0; at < line; at += VW_LANES) {
        vd_store(solution + at, vd_load(y + at, VW_LANES) * vd_load(f->scale + at, VW_LANES),
                 VW_LANES);
    }
}

#endif
