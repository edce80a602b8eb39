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
        result = fmin(result, lane[p]);
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

static double lanes_grid(const vw_fit_grid *in, const double *solution, double quarter,
                         double least_value, const vw_fit_curves *out)
{
    vd least = vd_all(INFINITY);

    for (size_t i = in->first; i < in->last; i += VW_LANES) {
        vd z = vd_load(in->z + i, VW_LANES), value = solution[0] + solution[1] * z;
        vd slope = vd_all(solution[1]), bend = vd_all(0), g;

        for (size_t j = 0; j < in->nodes; j++) {
            const double *column = in->column[j] + i;
            vd c = vd_all(solution[2 + j]);

            value += c * vd_load(column, VW_LANES);
            slope += c * vd_load(column + in->line, VW_LANES);
            bend += c * vd_load(column + 2 * in->line, VW_LANES);
        }
        g = durrleman(z, value, slope, bend, quarter, least_value);
        least = vd_min(least, g);
        vd_store(out->value + i, value, VW_LANES);
        vd_store(out->slope + i, slope, VW_LANES);
        vd_store(out->bend + i, bend, VW_LANES);
        vd_store(out->g + i, g, VW_LANES);
    }
    return least_lane(least);
}

#endif
