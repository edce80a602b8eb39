#include "core/vol/hks_grid.h"

#include <math.h>
#include <string.h>

static const double K_MAX = 3;
static const double Z_MAX = 6000; /* |k| = 3 a quarter of an hour before the end */
static const double BEYOND = 1.5; /* of the quotes */

void vw_hks_grid_init(vw_hks_grid *grid, const vw_fit_kernels *kernels)
{
    const double *places = vw_hks_places;
    const size_t last = VW_HKS_NODES_MAX - 1;
    double down = pow(Z_MAX / -places[0], 1.0 / VW_HKS_GRID_TAIL);
    double up = pow(Z_MAX / places[last], 1.0 / (VW_HKS_GRID_TAIL - 1));
    double *z = grid->z;

    _Static_assert(VW_HKS_GRID % 8 == 0, "whole eights");
    memset(grid, 0, sizeof *grid);
    grid->kernels = kernels;
    for (size_t i = 0; i < VW_HKS_GRID_TAIL; i++) {
        z[i] = places[0] * pow(down, (double)(VW_HKS_GRID_TAIL - i));
        z[VW_HKS_GRID - VW_HKS_GRID_TAIL + i] = places[last] * pow(up, (double)i);
    }
    for (size_t i = 0; i < last * VW_HKS_GRID_STEPS; i++) {
        size_t j = i / VW_HKS_GRID_STEPS, step = i % VW_HKS_GRID_STEPS;

        z[VW_HKS_GRID_TAIL + i] =
            places[j] + (places[j + 1] - places[j]) * (double)step / VW_HKS_GRID_STEPS;
    }
}

static const double *find_column(vw_hks_grid *grid, size_t place, double s)
{
    double *widths = grid->s[place];
    size_t way = 0;

    while (way < VW_HKS_GRID_WIDTHS && widths[way] != s) {
        way++;
    }
    if (way == VW_HKS_GRID_WIDTHS) {
        way = grid->next[place];
        grid->next[place] = (uint8_t)(way + 1 < VW_HKS_GRID_WIDTHS ? way + 1 : 0);
        widths[way] = s;
        vw_hks_points *to = grid->column[place][way];
        grid->kernels->hyperbola(grid->z, vw_hks_places[place], s, VW_HKS_GRID, to[0], to[1]);
    }
    return grid->column[place][way][0];
}

vw_fit_grid vw_hks_grid_select(vw_hks_grid *grid, const vw_hks *hks, double z_min, double z_max)
{
    double end = K_MAX / hks->sd;
    double low = fmin(z_min - BEYOND, -end), high = fmax(z_max + BEYOND, end);
    size_t first = 0, last = VW_HKS_GRID, place = 0;
    vw_fit_grid out = {
        .z = grid->z, .m = hks->m, .s = hks->s, .nodes = hks->nodes, .line = VW_HKS_GRID_LINE};

    while (first + 1 < VW_HKS_GRID && grid->z[first + 1] <= low) {
        first++;
    }
    while (last > first + 1 && grid->z[last - 2] >= high) {
        last--;
    }
    out.first = first / 8 * 8;
    out.last = vw_round_up(last, 8);
    for (uint32_t j = 0; j < hks->nodes; j++, place++) {
        while (vw_hks_places[place] != hks->m[j]) {
            place++;
        }
        out.column[j] = find_column(grid, place, hks->s[j]);
    }
    return out;
}
