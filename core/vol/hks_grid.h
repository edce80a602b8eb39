/* hks_grid.h: the points at which HKS smiles are looked at, and every node's hyperbola there.
 *
 * Points are the same for all smiles, in deviations: VW_HKS_GRID_STEPS between one place of a node
 * and the next, so that no bend is narrower than a few of them, and a tail on either side.  So what
 * a node adds there depends on its width alone and is computed once for many fits.
 *
 * Used by: hks_fit.h, which hands kernels a vw_fit_grid of it.
 * Threads  one at a time.
 * Memory   plain struct of the caller's, about 170 KiB. */
#ifndef VW_CORE_VOL_HKS_GRID_H
#define VW_CORE_VOL_HKS_GRID_H

#include "core/vol/fit_kernels.h"
#include "core/vol/hks.h"

#define VW_HKS_GRID_STEPS 6
#define VW_HKS_GRID_TAIL 16
#define VW_HKS_GRID ((VW_HKS_NODES_MAX - 1) * VW_HKS_GRID_STEPS + 2 * VW_HKS_GRID_TAIL)
#define VW_HKS_GRID_LINE (VW_HKS_GRID + 8) /* apart: columns fall into different cache sets */
#define VW_HKS_GRID_WIDTHS 3               /* remembered for each place */

typedef double vw_hks_points[VW_HKS_GRID_LINE] __attribute__((aligned(64)));

typedef struct vw_hks_grid {
    const vw_fit_kernels *kernels;
    vw_hks_points z;
    vw_hks_points column[VW_HKS_NODES_MAX][VW_HKS_GRID_WIDTHS][2]; /* 1 / value, bend */
    double s[VW_HKS_NODES_MAX][VW_HKS_GRID_WIDTHS];                /* 0: none yet */
    uint8_t next[VW_HKS_NODES_MAX];                                /* to be overwritten */
} vw_hks_grid;

void vw_hks_grid_init(vw_hks_grid *grid, const vw_fit_kernels *kernels);

/* vw_hks_grid_select returns the points of a smile with quotes in [z_min, z_max]: from beyond them
 * and beyond |k| = 3 on either side.  They go with hks's own nodes. */
vw_fit_grid vw_hks_grid_select(vw_hks_grid *grid, const vw_hks *hks, double z_min, double z_max);

#endif
