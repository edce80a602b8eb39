/* products.h: terms of a fit's design at its quotes, and the sums of their products.
 *
 * Terms are made from the last to the first, each while its products with those after it are
 * summed: roots and products have units of their own.  Sums run over eight lanes at all widths. */
#ifndef VW_CORE_VOL_SIMD_PRODUCTS_H
#define VW_CORE_VOL_SIMD_PRODUCTS_H

#include "core/vol/fit_kernels.h"
#include "core/vol/simd/eight.h"

enum { FOUR = 4, FOURS_MAX = VW_LANES == 8 ? 3 : 1 }; /* a pair's sums fit the registers */

VW_LANE vd hyperbola(vd z, double m, double s2)
{
    vd x = z - m;

    return vd_sqrt(x * x + s2);
}

/* Adds the sums of two fours to two rows. */
VW_LANE void add_sums(const ve a[FOUR], const ve b[FOUR], double *row_a, double *row_b)
{
    const ve both[EIGHT] = {a[0], a[1], a[2], a[3], b[0], b[1], b[2], b[3]};
    size_t lanes = VW_LANES < FOUR ? VW_LANES : FOUR;
    double total[EIGHT];

    ve_store(total, ve_sums(both));
    for (size_t c = 0; c < FOUR; c += lanes) {
        vd_store(row_a + c, vd_load(row_a + c, lanes) + vd_load(total + c, lanes), lanes);
        vd_store(row_b + c, vd_load(row_b + c, lanes) + vd_load(total + FOUR + c, lanes), lanes);
    }
}

/* Some quotes and the terms there, by blocks. */
typedef struct design_chunk {
    const vw_fit_basis *basis;
    const double *z, *weight2, *target;
    double *blocks;
    size_t count;
} design_chunk;

/* Sums of a pair of weighted terms (or one), times the targets and times fours * 4 terms from
 * `first` on: added to right's eight lanes and to the terms' rows.  Makes the pair on the way. */
VW_LANE void add_products(const design_chunk *in, size_t term, int pair, bool makes, size_t first,
                          int fours, vw_fit_row *system, ve *right)
{
    size_t block = vw_fit_block(in->basis);
    const double *m = in->basis->m + term, *s2 = in->basis->s2 + term;
    ve sums[2][FOURS_MAX * FOUR];

#pragma GCC unroll 4
    for (size_t p = 0; p < PARTS; p++) {
        size_t from = p * VW_LANES;
        double *own = in->blocks + term * EIGHT + from;
        const double *others = in->blocks + first * EIGHT + from;
        vd sum[2][FOURS_MAX * FOUR], to[2], next[2];

#pragma GCC unroll 2
        for (int r = 0; r < pair; r++) {
            to[r] = right[r].part[p];
            if (makes) {
                next[r] = hyperbola(vd_load(in->z + from, VW_LANES), m[r], s2[r]);
            }
#pragma GCC unroll 12
            for (int c = 0; c < fours * FOUR; c++) {
                sum[r][c] = vd_all(0);
            }
        }
        for (size_t i = from; i < in->count; i += EIGHT, own += block, others += block) {
            size_t ahead = i + EIGHT < in->count ? i + EIGHT : i;
            vd now[2];

#pragma GCC unroll 2
            for (int r = 0; r < pair; r++) {
                if (makes) { /* one ahead: its root is not waited for */
                    now[r] = next[r];
                    next[r] = hyperbola(vd_load(in->z + ahead, VW_LANES), m[r], s2[r]);
                    vd_store(own + r * EIGHT, now[r], VW_LANES);
                } else {
                    now[r] = vd_load(own + r * EIGHT, VW_LANES);
                }
                now[r] *= vd_load(in->weight2 + i, VW_LANES);
                to[r] += now[r] * vd_load(in->target + i, VW_LANES);
            }
#pragma GCC unroll 12
            for (int c = 0; c < fours * FOUR; c++) {
                vd other = vd_kept(vd_load(others + c * EIGHT, VW_LANES));

#pragma GCC unroll 2
                for (int r = 0; r < pair; r++) {
                    sum[r][c] += now[r] * other;
                }
            }
        }
#pragma GCC unroll 2
        for (int r = 0; r < 2; r++) {
#pragma GCC unroll 12
            for (int c = 0; c < fours * FOUR; c++) {
                sums[r][c].part[p] = r < pair ? sum[r][c] : vd_all(0);
            }
        }
        right[0].part[p] = to[0];
        right[pair - 1].part[p] = to[pair - 1];
    }
#pragma GCC unroll 3
    for (int c = 0; c < fours * FOUR; c += FOUR) {
        add_sums(sums[0] + c, sums[1] + c, &system[term][first + (size_t)c],
                 &system[term + 1][first + (size_t)c]);
    }
}

/* With constants, for registers. */
VW_LANE void pick_products(const design_chunk *in, size_t term, bool makes, size_t first,
                           size_t fours, vw_fit_row *system, ve *right)
{
    switch (fours) {
    case 1:
        add_products(in, term, 2, makes, first, 1, system, right);
        break;
#if VW_LANES == 8
    case 2:
        add_products(in, term, 2, makes, first, 2, system, right);
        break;
#endif
    default:
        add_products(in, term, 2, makes, first, FOURS_MAX, system, right);
    }
}

/* The sums of a pair's products with itself and the terms after it. */
static void add_pair(const design_chunk *in, size_t term, vw_fit_row *system, ve *right)
{
    size_t at = term / FOUR * FOUR, left = vw_round_up(in->basis->terms, FOUR) / FOUR - at / FOUR;
    ve unused[2];

    for (bool leads = true; left > 0; leads = false) {
        size_t fours = left < FOURS_MAX ? left : FOURS_MAX;

        if (leads && in->basis->on[term] > 0) {
            pick_products(in, term, true, at, fours, system, right);
        } else {
            pick_products(in, term, false, at, fours, system, leads ? right : unused);
        }
        memset(unused, 0, sizeof unused);
        at += fours * FOUR;
        left -= fours;
    }
}

#endif
