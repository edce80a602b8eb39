/* memory.h: lanes from memory, to memory, and out of small tables. */
#ifndef VW_CORE_PRICING_SIMD_MEMORY_H
#define VW_CORE_PRICING_SIMD_MEMORY_H

#include "core/pricing/simd/lanes.h"

/* vd_load and vd_store need no alignment and move the first `lanes` lanes; a load fills the rest
 * with 1. */
VW_LANE vd vd_load(const double *from, size_t lanes)
{
    vd v = 1 - (vd){0};

#if VW_LANES == 8
    if (lanes < VW_LANES) { /* a copy of unknown length would go through memory twice */
        return (vd)_mm512_mask_loadu_pd((__m512d)v, (__mmask8)((1U << lanes) - 1), from);
    }
#elif VW_LANES == 4
    if (lanes < VW_LANES) {
        __m256i wanted = (__m256i)((vi){0, 1, 2, 3} < (int64_t)lanes);

        return (vd)_mm256_blendv_pd((__m256d)v, _mm256_maskload_pd(from, wanted), (__m256d)wanted);
    }
#endif
    memcpy(&v, from, lanes * sizeof *from);
    return v;
}

VW_LANE void vd_store(double *to, vd v, size_t lanes)
{
#if VW_LANES == 8
    if (lanes < VW_LANES) {
        _mm512_mask_storeu_pd(to, (__mmask8)((1U << lanes) - 1), (__m512d)v);
        return;
    }
#elif VW_LANES == 4
    if (lanes < VW_LANES) {
        _mm256_maskstore_pd(to, (__m256i)((vi){0, 1, 2, 3} < (int64_t)lanes), (__m256d)v);
        return;
    }
#endif
    memcpy(to, &v, lanes * sizeof *to);
}

/* vd_entry returns of each lane the entry its low three bits say. */
VW_LANE vd vd_entry(const double table[8], vi at)
{
#if VW_LANES == 8
    return (vd)_mm512_permutexvar_pd((__m512i)at, _mm512_load_pd(table));
#elif VW_LANES == 4 /* by halves; entries from 4 on where bit 2 is set */
    __m256i halves = (__m256i)(((at << 1) & 0xffffffff) | (at << 33) | ((int64_t)1 << 32));
    __m256 low = _mm256_permutevar8x32_ps(_mm256_load_ps((const float *)table), halves);
    __m256 high = _mm256_permutevar8x32_ps(_mm256_load_ps((const float *)(table + 4)), halves);

    return (vd)_mm256_blendv_pd((__m256d)low, (__m256d)high, (__m256d)(at << 61));
#else
    return (vd){table[at[0] & 7], table[at[1] & 7]};
#endif
}

#endif
