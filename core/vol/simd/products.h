/* products.h: sums of products of a fit's terms.
 *
 * Hyperbolas are made in pairs from the last to the first, each pair while its products with those
 * after it are summed: roots and products have units of their own, and most passes have about as
 * much of the one as of the other.  Sums run over eight lanes at all widths. */
#ifndef VW_CORE_VOL_SIMD_PRODUCTS_H
#define VW_CORE_VOL_SIMD_PRODUCTS_H

#include "core/vol/simd/roots.h"

/* Pairs of terms after a pair that one pass takes: as many sums as there are registers. */
enum { LEADS_MAX = VW_LANES == 8 ? 4 : 1, PAIRS_MAX = VW_LANES == 8 ? 4 : 1 };

/* What a term's row has besides products with hyperbolas. */
enum { BY_ONE, BY_Z, BY_TARGET, BY };
typedef ve design_sums[BY][VW_FIT_TERMS_LINE];

/* Writes n sums to each of two rows. */
VW_LANE void write_sums(const ve *a, const ve *b, size_t n, double *row_a, double *row_b)
{
#pragma GCC unroll 4
    for (size_t from = 0; from < 2 * n; from += EIGHT) {
        size_t of_a = n < from ? 0 : n - from < EIGHT ? n - from : EIGHT;
        size_t all = 2 * n - from < EIGHT ? 2 * n - from : EIGHT;
        double total[EIGHT];
        ve eight[EIGHT];

#pragma GCC unroll 8
        for (size_t c = 0; c < EIGHT; c++) {
            eight[c] = c < of_a ? a[from + c] : c < all ? b[from + c - n] : ve_all(0);
        }
        ve_store(total, ve_sums(eight));
        memcpy(row_a + from, total, of_a * sizeof *total);
        memcpy(row_b + from + of_a - n, total + of_a, (all - of_a) * sizeof *total);
    }
}

/* Sums of a weighted pair times itself, 1, z, the targets and `pairs` pairs of terms after it,
 * written to its rows.  Puts the pair into its blocks. */
VW_LANE void lead_products(const design_quotes *in, size_t term, int pairs, vw_fit_row *system,
                           design_sums by, design_ahead *ahead_of)
{
    size_t block = vw_fit_block(in->basis);
    design_ahead ahead = *ahead_of;
    ve sums[2][2 * LEADS_MAX + 2];

#pragma GCC unroll 4
    for (size_t p = 0; p < PARTS; p++) {
        double *own = in->blocks + term * EIGHT + p * VW_LANES;
        vd sum[2][2 * LEADS_MAX + 2], also[2][BY];

#pragma GCC unroll 2
        for (size_t r = 0; r < 2; r++) {
            also[r][BY_ONE] = also[r][BY_Z] = also[r][BY_TARGET] = vd_all(0);
#pragma GCC unroll 10
            for (int c = 0; c < 2 + 2 * pairs; c++) {
                sum[r][c] = vd_all(0);
            }
        }
        for (size_t i = p * VW_LANES; i < in->count; i += EIGHT, own += block) {
            vd now[2] = {ahead.root[0], ahead.root[1]}, weighted[2];

            go_ahead(in, &ahead);
#pragma GCC unroll 2
            for (size_t r = 0; r < 2; r++) {
                vd_store(own + r * EIGHT, now[r], VW_LANES);
                weighted[r] = now[r] * vd_load(in->weight2 + i, VW_LANES);
                also[r][BY_ONE] += weighted[r];
                also[r][BY_Z] += weighted[r] * vd_load(in->z + i, VW_LANES);
                also[r][BY_TARGET] += weighted[r] * vd_load(in->target + i, VW_LANES);
            }
            sum[0][0] += weighted[0] * now[0];
            sum[0][1] += weighted[0] * now[1];
            sum[1][1] += weighted[1] * now[1];
#pragma GCC unroll 10
            for (int c = 2; c < 2 + 2 * pairs; c++) {
                vd other = vd_kept(vd_load(own + c * EIGHT, VW_LANES));

                sum[0][c] += weighted[0] * other;
                sum[1][c] += weighted[1] * other;
            }
        }
        sum[1][0] = sum[0][1];
#pragma GCC unroll 2
        for (size_t r = 0; r < 2; r++) {
#pragma GCC unroll 10
            for (int c = 0; c < 2 + 2 * pairs; c++) {
                sums[r][c].part[p] = sum[r][c];
            }
#pragma GCC unroll 3
            for (int b = 0; b < BY; b++) {
                by[b][term + r].part[p] = also[r][b];
            }
        }
    }
    *ahead_of = ahead;
    write_sums(sums[0], sums[1], 2 + 2 * (size_t)pairs, &system[term][term],
               &system[term + 1][term]);
}

/* The same times `pairs` further pairs of terms alone. */
VW_LANE void more_products(const design_quotes *in, size_t term, size_t first, int pairs,
                           vw_fit_row *system)
{
    size_t block = vw_fit_block(in->basis);
    ve sums[2][2 * PAIRS_MAX];

#pragma GCC unroll 4
    for (size_t p = 0; p < PARTS; p++) {
        const double *own = in->blocks + term * EIGHT + p * VW_LANES;
        const double *others = in->blocks + first * EIGHT + p * VW_LANES;
        vd sum[2][2 * PAIRS_MAX];

#pragma GCC unroll 8
        for (int c = 0; c < 2 * pairs; c++) {
            sum[0][c] = sum[1][c] = vd_all(0);
        }
        for (size_t i = p * VW_LANES; i < in->count; i += EIGHT, own += block, others += block) {
            vd w = vd_load(in->weight2 + i, VW_LANES);
            vd weighted[2] = {vd_load(own, VW_LANES) * w, vd_load(own + EIGHT, VW_LANES) * w};

#pragma GCC unroll 8
            for (int c = 0; c < 2 * pairs; c++) {
                vd other = vd_kept(vd_load(others + c * EIGHT, VW_LANES));

                sum[0][c] += weighted[0] * other;
                sum[1][c] += weighted[1] * other;
            }
        }
#pragma GCC unroll 8
        for (int c = 0; c < 2 * pairs; c++) {
            sums[0][c].part[p] = sum[0][c];
            sums[1][c].part[p] = sum[1][c];
        }
    }
    write_sums(sums[0], sums[1], 2 * (size_t)pairs, &system[term][first], &system[term + 1][first]);
}

#endif
