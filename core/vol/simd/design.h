/* design.h: the bodies of fit_kernels.h that make a fit's equations: rows of quotes, their sums.
 *
 * Sums go quote by quote in each lane, so that every width has the same bits without a thought. */
#ifndef VW_CORE_VOL_SIMD_DESIGN_H
#define VW_CORE_VOL_SIMD_DESIGN_H

#include "core/vol/fit_kernels.h"
#include "core/vol/simd/rows.h"

/* A tile of the normal matrix fits the registers. */
enum { TILE_ROWS = 4, TILE_PARTS = VW_LANES == 8 ? 4 : 2 };

/* The tile at rows [row, row + TILE_ROWS) and `parts` parts from column `column` on. */
VW_LANE void add_tile(const design_chunk *chunk, const double *rows, size_t line, size_t row,
                      size_t column, int parts, vw_fit_row *system, design_ahead *ahead)
{
    vd sum[TILE_ROWS][TILE_PARTS];

#pragma GCC unroll 4
    for (int r = 0; r < TILE_ROWS; r++) {
#pragma GCC unroll 4
        for (int p = 0; p < parts; p++) {
            sum[r][p] = vd_load(&system[row + (size_t)r][column + (size_t)p * VW_LANES], VW_LANES);
        }
    }
    for (size_t q = 0; q < chunk->count; q++) {
        vd x[TILE_PARTS];

#pragma GCC unroll 4
        for (int p = 0; p < parts; p++) {
            x[p] = vd_load(rows + q * line + column + (size_t)p * VW_LANES, VW_LANES);
        }
#pragma GCC unroll 4
        for (int r = 0; r < TILE_ROWS; r++) {
            vd by = vd_all(chunk->weighted[q][row + (size_t)r]);

#pragma GCC unroll 4
            for (int p = 0; p < parts; p++) {
                sum[r][p] += by * x[p];
            }
        }
        step_ahead(ahead, line);
    }
#pragma GCC unroll 4
    for (int r = 0; r < TILE_ROWS; r++) {
#pragma GCC unroll 4
        for (int p = 0; p < parts; p++) {
            vd_store(&system[row + (size_t)r][column + (size_t)p * VW_LANES], sum[r][p], VW_LANES);
        }
    }
}

VW_LANE void add_tiles(const design_chunk *chunk, const double *rows, size_t line, size_t row,
                       vw_fit_row *system, design_ahead *ahead)
{
    size_t column = row / EIGHT * EIGHT;
#if VW_LANES == 8
    size_t parts = (line - column) / VW_LANES;

    if (line >= 4 * EIGHT && parts == 4) {
        add_tile(chunk, rows, line, row, column, 4, system, ahead);
    } else if (line >= 3 * EIGHT && parts == 3) {
        add_tile(chunk, rows, line, row, column, 3, system, ahead);
    } else if (line >= 2 * EIGHT && parts == 2) {
        add_tile(chunk, rows, line, row, column, 2, system, ahead);
    } else {
        add_tile(chunk, rows, line, row, column, 1, system, ahead);
    }
#else /* two parts are what the registers hold, and divide an eight */
    for (; column < line; column += TILE_PARTS * VW_LANES) {
        add_tile(chunk, rows, line, row, column, TILE_PARTS, system, ahead);
    }
#endif
}

/* Weighs the rows of a chunk; right += weight2 target row. */
VW_LANE void weigh_chunk(const double *rows, size_t line, const double *weight2,
                         const double *target, design_chunk *chunk, ve *right)
{
    for (size_t q = 0; q < chunk->count; q++) {
        ve by = ve_all(weight2[q]), to = ve_all(target[q]);

#pragma GCC unroll 4
        for (size_t p = 0; p < line / EIGHT; p++) {
            ve row = ve_multiply(by, ve_load(rows + q * line + p * EIGHT));

            ve_store(chunk->weighted[q] + p * EIGHT, row);
            right[p] = ve_add_product(right[p], to, row);
        }
    }
}

/* With a constant line, so that sums stay in registers. */
VW_LANE void design(const vw_fit_basis *basis, size_t line, const double *z, const double *weight2,
                    const double *target, size_t count, double *rows, vw_fit_row *system,
                    double *right)
{
    ve sums[VW_FIT_TERMS_LINE / EIGHT];
    design_chunk chunk;

    for (size_t p = 0; p < VW_FIT_TERMS_LINE / EIGHT; p++) {
        sums[p] = ve_all(0);
    }
    for (size_t q = 0; q < CHUNK && q < count; q++) {
        lanes_row(basis, z[q], rows + q * line);
    }
    for (size_t i = 0; i < count; i += CHUNK) {
        size_t next = i + CHUNK, left = next < count ? count - next : 0;
        design_ahead ahead = {
            basis, z + next, rows + next * line, left < CHUNK ? left : CHUNK, left > 0 ? 0 : line,
            0};

        chunk.count = count - i < CHUNK ? count - i : CHUNK;
        weigh_chunk(rows + i * line, line, weight2 + i, target + i, &chunk, sums);
        for (size_t row = 0; row < basis->terms; row += TILE_ROWS) {
            add_tiles(&chunk, rows + i * line, line, row, system, &ahead);
        }
        while (ahead.part < line) {
            step_ahead(&ahead, line);
        }
    }
    for (size_t p = 0; p < VW_FIT_TERMS_LINE / EIGHT; p++) {
        ve_store(right + p * EIGHT, sums[p]);
    }
}

static void lanes_design(const vw_fit_basis *basis, const double *z, const double *weight2,
                         const double *target, size_t count, double *rows, vw_fit_row *system,
                         double *right)
{
    memset(system, 0, VW_FIT_TERMS_LINE * sizeof *system);
    switch (basis->line / EIGHT) {
    case 1:
        design(basis, EIGHT, z, weight2, target, count, rows, system, right);
        break;
    case 2:
        design(basis, 2 * EIGHT, z, weight2, target, count, rows, system, right);
        break;
    case 3:
        design(basis, 3 * EIGHT, z, weight2, target, count, rows, system, right);
        break;
    default:
        design(basis, 4 * EIGHT, z, weight2, target, count, rows, system, right);
    }
}

#endif
