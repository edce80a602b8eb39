/* rows.h: the rows of a fit's design, one quote each, whole or a part at a time. */
#ifndef VW_CORE_VOL_SIMD_ROWS_H
#define VW_CORE_VOL_SIMD_ROWS_H

#include "core/vol/fit_kernels.h"
#include "core/vol/simd/eight.h"

enum { CHUNK = VW_FIT_CHUNK }; /* quotes: their rows fit the first cache */

VW_LANE void row_part(const vw_fit_basis *basis, size_t at, double z, double *row)
{
    vd x = z - vd_load(basis->m + at, VW_LANES);
    vd v = vd_sqrt(x * x + vd_load(basis->s2 + at, VW_LANES));

    vd_store(row + at, v * vd_load(basis->on + at, VW_LANES), VW_LANES);
    if (at == 0) {
        row[0] = 1;
        row[1] = z;
    }
}

static void lanes_row(const vw_fit_basis *basis, double z, double *row)
{
    for (size_t at = 0; at < basis->line; at += VW_LANES) {
        row_part(basis, at, z, row);
    }
}

/* Rows of the next chunk, made a part at a time between the products of this one: roots and
 * products have units of their own. */
typedef struct design_ahead {
    const vw_fit_basis *basis;
    const double *z;
    double *rows;
    size_t count, part, q; /* part by part, each of all rows */
} design_ahead;

VW_LANE void step_ahead(design_ahead *ahead, size_t line)
{
    if (ahead->part < line) {
        row_part(ahead->basis, ahead->part, ahead->z[ahead->q], ahead->rows + ahead->q * line);
        if (++ahead->q == ahead->count) {
            ahead->q = 0;
            ahead->part += VW_LANES;
        }
    }
}

/* A chunk of rows, times their weights. */
typedef struct design_chunk {
    size_t count;
    double weighted[CHUNK][VW_FIT_TERMS_LINE] __attribute__((aligned(64)));
} design_chunk;

#endif
