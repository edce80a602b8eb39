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

    memcpy(&e, from, sizeof e);
    return e;
}

VW_LANE void ve_store(double *to, ve e)
{
    memcpy(to, &e, sizeof e);
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

#endif
