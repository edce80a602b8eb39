/* eight.h: eight doubles at any width, so that sums have one order on every machine. */
#ifndef VW_CORE_VOL_SIMD_EIGHT_H
#define VW_CORE_VOL_SIMD_EIGHT_H

#include "core/pricing/simd/elementary.h"

enum { EIGHT = 8, PARTS = 8 / VW_LANES };

/* whole returns count rounded up to whole eights: what functions that write for others to sum must
 * fill, whatever their width. */
VW_LANE size_t whole(size_t count)
{
    return (count + EIGHT - 1) & ~(size_t)(EIGHT - 1);
}

typedef struct ve {
    vd part[PARTS];
} ve;

VW_LANE ve ve_all(double value)
{
    ve e;

#pragma GCC unroll 4
    for (int p = 0; p < PARTS; p++) {
        e.part[p] = vd_all(value);
    }
    return e;
}

VW_LANE ve ve_load(const double *from)
{
    ve e;

#pragma GCC unroll 4
    for (int p = 0; p < PARTS; p++) { /* a copy of the whole would go through memory */
        e.part[p] = vd_load(from + p * VW_LANES, VW_LANES);
    }
    return e;
}

VW_LANE void ve_store(double *to, ve e)
{
#pragma GCC unroll 4
    for (int p = 0; p < PARTS; p++) {
        vd_store(to + p * VW_LANES, e.part[p], VW_LANES);
    }
}

VW_LANE ve ve_add(ve a, ve b)
{
#pragma GCC unroll 4
    for (int p = 0; p < PARTS; p++) {
        a.part[p] += b.part[p];
    }
    return a;
}

VW_LANE ve ve_multiply(ve a, ve b)
{
#pragma GCC unroll 4
    for (int p = 0; p < PARTS; p++) {
        a.part[p] *= b.part[p];
    }
    return a;
}

/* ve_add_product returns sum + a b, rounded twice: the same with and without fused hardware, and
 * no slower where multiplications and additions have pipes of their own. */
VW_LANE ve ve_add_product(ve sum, ve a, ve b)
{
#pragma GCC unroll 4
    for (int p = 0; p < PARTS; p++) {
        sum.part[p] += a.part[p] * b.part[p];
    }
    return sum;
}

VW_LANE double ve_sum(ve e)
{
    double s[EIGHT];

    memcpy(s, &e, sizeof s);
    return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
}

VW_LANE ve ve_clamp(ve x, ve low, ve high)
{
#pragma GCC unroll 4
    for (int p = 0; p < PARTS; p++) {
        x.part[p] = vd_min(vd_max(x.part[p], low.part[p]), high.part[p]);
    }
    return x;
}

/* ve_sums returns the eight sums of eight, each in the order of ve_sum. */
VW_LANE ve ve_sums(const ve e[EIGHT])
{
    ve out;

#if VW_LANES == 8
    vd half[4], quarter[2];

#pragma GCC unroll 4
    for (int i = 0; i < 4; i++) { /* quotes 2i and 2i + 1: lanes 0-3 + 4-7 */
        vd a = e[2 * i].part[0], b = e[2 * i + 1].part[0];

        half[i] = __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11) +
                  __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15);
    }
#pragma GCC unroll 2
    for (int i = 0; i < 2; i++) { /* four quotes: lanes 0-1 + 2-3 */
        vd a = half[2 * i], b = half[2 * i + 1];

        quarter[i] = __builtin_shufflevector(a, b, 0, 1, 4, 5, 8, 9, 12, 13) +
                     __builtin_shufflevector(a, b, 2, 3, 6, 7, 10, 11, 14, 15);
    }
    out.part[0] = __builtin_shufflevector(quarter[0], quarter[1], 0, 2, 4, 6, 8, 10, 12, 14) +
                  __builtin_shufflevector(quarter[0], quarter[1], 1, 3, 5, 7, 9, 11, 13, 15);
#else
    double sums[EIGHT];

    for (int i = 0; i < EIGHT; i++) {
        sums[i] = ve_sum(e[i]);
    }
    out = ve_load(sums);
#endif
    return out;
}

#endif
