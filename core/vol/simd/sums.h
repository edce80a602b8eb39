/* sums.h: the bodies of fit_kernels.h over whole tables: normal matrix, projection, combination. */
#ifndef VW_CORE_VOL_SIMD_SUMS_H
#define VW_CORE_VOL_SIMD_SUMS_H

#include "core/vol/fit_kernels.h"
#include "core/vol/simd/eight.h"

enum { ABREAST = 4 }; /* columns taken together: each weighted value is loaded once for them */

/* scratch = a b. */
VW_LANE void multiply(const double *a, const double *b, size_t count, double *scratch)
{
    for (size_t i = 0; i < whole(count); i += VW_LANES) {
        vd_store(scratch + i, vd_load(a + i, VW_LANES) * vd_load(b + i, VW_LANES), VW_LANES);
    }
}

/* Dot products of one column with ABREAST others. */
VW_LANE void dot_abreast(const double *one, const double *others, size_t line, size_t count,
                         double *out)
{
    ve sum[ABREAST];

#pragma GCC unroll 4
    for (int b = 0; b < ABREAST; b++) {
        sum[b] = ve_all(0);
    }
    for (size_t i = 0; i < count; i += EIGHT) {
        ve x = ve_load(one + i);

#pragma GCC unroll 4
        for (int b = 0; b < ABREAST; b++) {
            sum[b] = ve_add_product(sum[b], x, ve_load(others + (size_t)b * line + i));
        }
    }
#pragma GCC unroll 4
    for (int b = 0; b < ABREAST; b++) {
        out[b] = ve_sum(sum[b]);
    }
}

VW_LANE double dot(const double *a, const double *b, size_t count)
{
    ve sum = ve_all(0);

    for (size_t i = 0; i < count; i += EIGHT) {
        sum = ve_add_product(sum, ve_load(a + i), ve_load(b + i));
    }
    return ve_sum(sum);
}

/* Dot products of scratch with columns [from, terms). */
VW_LANE void dot_columns(const vw_fit_table *table, const double *scratch, size_t from, double *out)
{
    size_t b = from;

    for (; b + ABREAST <= table->terms; b += ABREAST) {
        dot_abreast(scratch, table->columns + b * table->line, table->line, table->count, out + b);
    }
    for (; b < table->terms; b++) {
        out[b] = dot(scratch, table->columns + b * table->line, table->count);
    }
}

static void lanes_normal(const vw_fit_table *table, const double *weight2, double *scratch,
                         vw_fit_row *system)
{
    for (size_t a = 0; a < table->terms; a++) {
        multiply(weight2, table->columns + a * table->line, table->count, scratch);
        dot_columns(table, scratch, a, system[a]);
    }
}

static void lanes_project(const vw_fit_table *table, const double *weight2, const double *target,
                          double *scratch, double *right)
{
    multiply(weight2, target, table->count, scratch);
    dot_columns(table, scratch, 0, right);
}

/* ABREAST blocks of eight from i on, so that no sum waits for itself. */
VW_LANE void combine_blocks(const vw_fit_table *table, const double *c, size_t i, int blocks,
                            double *out)
{
    ve sum[ABREAST];

#pragma GCC unroll 4
    for (int b = 0; b < ABREAST; b++) {
        sum[b] = ve_all(0);
    }
    for (size_t a = 0; a < table->terms; a++) {
        const double *column = table->columns + a * table->line + i;
        ve by = ve_all(c[a]);

#pragma GCC unroll 4
        for (int b = 0; b < blocks; b++) {
            sum[b] = ve_add_product(sum[b], by, ve_load(column + EIGHT * b));
        }
    }
#pragma GCC unroll 4
    for (int b = 0; b < blocks; b++) {
        ve_store(out + i + EIGHT * (size_t)b, sum[b]);
    }
}

static void lanes_combine(const vw_fit_table *table, const double *c, double *out)
{
    size_t i = 0;

    for (; i + ABREAST * EIGHT <= table->count; i += ABREAST * EIGHT) {
        combine_blocks(table, c, i, ABREAST, out);
    }
    for (; i < table->count; i += EIGHT) {
        combine_blocks(table, c, i, 1, out);
    }
}

#endif
