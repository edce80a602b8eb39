/* solve.h: the bodies of fit_kernels.h for the small linear system: Cholesky by rows. */
#ifndef VW_CORE_VOL_SIMD_SOLVE_H
#define VW_CORE_VOL_SIMD_SOLVE_H

#include "core/vol/fit_kernels.h"
#include "core/vol/simd/eight.h"

enum { ROW_PARTS = VW_FIT_TERMS_LINE / VW_LANES };

/* row[from ..) -= by other[from ..), in whole parts. */
VW_LANE void subtract_row(double *row, const double *other, double by, size_t from)
{
    for (size_t p = from / VW_LANES; p < ROW_PARTS; p++) {
        size_t at = p * VW_LANES;
        vd x = vd_load(row + at, VW_LANES) - by * vd_load(other + at, VW_LANES);

        vd_store(row + at, x, VW_LANES);
    }
}

VW_LANE void multiply_row(double *row, double by)
{
    for (size_t p = 0; p < ROW_PARTS; p++) {
        vd_store(row + p * VW_LANES, vd_load(row + p * VW_LANES, VW_LANES) * by, VW_LANES);
    }
}

static bool lanes_factor(vw_fit_row *system, size_t terms, double jitter, double *scale)
{
    for (size_t a = 0; a < VW_FIT_TERMS_LINE; a++) {
        double pivot = a < terms ? system[a][a] : 0;
        scale[a] = pivot > 0 ? 1 / sqrt(pivot) : 0; /* beyond the terms: zeroes */
    }
    for (size_t a = 0; a < terms; a++) {
        for (size_t p = 0; p < ROW_PARTS; p++) {
            size_t at = p * VW_LANES;
            vd x = vd_load(system[a] + at, VW_LANES) * vd_load(scale + at, VW_LANES) * scale[a];

            vd_store(system[a] + at, x, VW_LANES);
        }
        system[a][a] += jitter;
    }
    for (size_t a = 0; a < terms; a++) {
        if (!(system[a][a] > 0)) {
            return false;
        }
        multiply_row(system[a], 1 / sqrt(system[a][a]));
        for (size_t b = a + 1; b < terms; b++) {
            subtract_row(system[b], system[a], system[a][b], b);
        }
    }
    return true;
}

/* With the rows of U: U'y = right, then U x = y. */
static void lanes_solve(const vw_fit_row *system, size_t terms, const double *scale,
                        const double *right, double *solution)
{
    vw_fit_row left = {0}, y = {0}, x = {0};

    for (size_t a = 0; a < terms; a++) {
        left[a] = right[a] * scale[a];
    }
    for (size_t a = 0; a < terms; a++) {
        y[a] = left[a] / system[a][a];
        subtract_row(left, system[a], y[a], a);
    }
    for (size_t a = terms; a-- > 0;) {
        ve sum = ve_all(0);

        for (size_t i = a / EIGHT * EIGHT; i < VW_FIT_TERMS_LINE; i += EIGHT) {
            sum = ve_add_product(sum, ve_load(system[a] + i), ve_load(x + i)); /* x[a] is 0 yet */
        }
        x[a] = (y[a] - ve_sum(sum)) / system[a][a];
    }
    for (size_t a = 0; a < terms; a++) {
        solution[a] = x[a] * scale[a];
    }
}

#endif
