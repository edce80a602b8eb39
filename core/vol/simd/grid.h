/* grid.h: the bodies of fit_kernels.h that look for butterflies: Durrleman's g at many points. */
#ifndef VW_CORE_VOL_SIMD_GRID_H
#define VW_CORE_VOL_SIMD_GRID_H

#include "core/vol/fit_kernels.h"
#include "core/vol/simd/eight.h"

/* g in units of z = k / sd, -1 where value is not above least_value. */
VW_LANE vd durrleman(vd z, vd value, vd slope, vd bend, double quarter, double least_value)
{
    vd v = 1 / value, moment = 1 - 0.5 * z * slope * v;
    vd g = moment * moment - 0.25 * slope * slope * (v + quarter) + 0.5 * bend;

    return vd_pick(vd_less(vd_all(least_value), value), g, vd_all(-1));
}

VW_LANE double least_lane(vd least)
{
    double lane[VW_LANES], result = INFINITY;

    vd_store(lane, least, VW_LANES);
    for (int p = 0; p < VW_LANES; p++) {
        result = lane[p] < result ? lane[p] : result;
    }
    return result;
}

static double lanes_durrleman(const double *z, const double *value, const double *slope,
                              const double *bend, double quarter, double least_value, size_t count,
                              double *g)
{
    vd least = vd_all(INFINITY);

    for (size_t i = 0; i < count; i += VW_LANES) {
        vd at = durrleman(vd_load(z + i, VW_LANES), vd_load(value + i, VW_LANES),
                          vd_load(slope + i, VW_LANES), vd_load(bend + i, VW_LANES), quarter,
                          least_value);

        least = vd_min(least, at);
        vd_store(g + i, at, VW_LANES);
    }
    return least_lane(least);
}

enum { GRID_VECTORS = VW_LANES == 8 ? 4 : 2 }; /* whose sums fit the registers */

/* Factors of 1 / value and of the bend: for sums of c, c m and c (m^2 + s^2). */
typedef struct grid_factors {
    double c[VW_FIT_TERMS_LINE], cm[VW_FIT_TERMS_LINE], cq[VW_FIT_TERMS_LINE];
} grid_factors;

/* At `vectors` vectors of points from `at` on; returns the least g. */
VW_LANE vd grid_at(const vw_fit_grid *in, const grid_factors *by, const double *line, size_t at,
                   int vectors, double quarter, double least_value, double *value, double *g)
{
    vd sum[GRID_VECTORS], sum_m[GRID_VECTORS], sum_q[GRID_VECTORS], bend[GRID_VECTORS];
    vd least = vd_all(INFINITY);

#pragma GCC unroll 4
    for (int v = 0; v < vectors; v++) {
        sum[v] = sum_m[v] = sum_q[v] = bend[v] = vd_all(0);
    }
    for (size_t j = 0; j < in->nodes; j++) {
        const double *column = in->column[j] + at;
        vd c = vd_kept(vd_all(by->c[j])), cm = vd_kept(vd_all(by->cm[j]));
        vd cq = vd_kept(vd_all(by->cq[j]));

#pragma GCC unroll 4
        for (int v = 0; v < vectors; v++) {
            vd inverse = vd_kept(vd_load(column + v * VW_LANES, VW_LANES));

            sum[v] += c * inverse;
            sum_m[v] += cm * inverse;
            sum_q[v] += cq * inverse;
            bend[v] += c * vd_load(column + in->line + v * VW_LANES, VW_LANES);
        }
    }
#pragma GCC unroll 4
    for (int v = 0; v < vectors; v++) {
        size_t i = at + (size_t)v * VW_LANES;
        vd z = vd_load(in->z + i, VW_LANES), slope = z * sum[v] - sum_m[v];
        vd here = z * (slope - sum_m[v]) + sum_q[v] + (line[0] + line[1] * z);
        vd g_here = durrleman(z, here, slope + line[1], bend[v], quarter, least_value);

        least = vd_min(least, g_here);
        vd_store(value + i, here, VW_LANES);
        vd_store(g + i, g_here, VW_LANES);
    }
    return least;
}

static double lanes_grid(const vw_fit_grid *in, const double *solution, double quarter,
                         double least_value, double *value, double *g)
{
    enum { STEP = GRID_VECTORS * VW_LANES };
    vd least = vd_all(INFINITY);
    grid_factors by;
    size_t i = in->first;

    for (size_t j = 0; j < in->nodes; j++) {
        double c = solution[2 + j], m = in->m[j], s = in->s[j];

        by.c[j] = c;
        by.cm[j] = c * m;
        by.cq[j] = c * (m * m + s * s);
    }
    for (; i + STEP <= in->last; i += STEP) {
        least = vd_min(least,
                       grid_at(in, &by, solution, i, GRID_VECTORS, quarter, least_value, value, g));
    }
    for (; i < in->last; i += VW_LANES) {
        least = vd_min(least, grid_at(in, &by, solution, i, 1, quarter, least_value, value, g));
    }
    return least_lane(least);
}

#endif
