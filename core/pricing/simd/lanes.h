/* lanes.h: the vector words that kernels are written in, VW_LANES doubles at a time.
 *
 * A file that includes this defines VW_LANES first (2 baseline, 4 AVX2, 8 AVX-512) and is compiled
 * with that instruction set, so one kernel text becomes one function per machine.  Plain + - * /
 * are the compiler's own (GNU vector extension); only what C cannot say is named here, small words
 * made of these are in words.h.  Every word
 * is exact or correctly rounded, so all widths give the same bits. */
#ifndef VW_CORE_PRICING_SIMD_LANES_H
#define VW_CORE_PRICING_SIMD_LANES_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#if VW_LANES > 2
#include <immintrin.h>
#endif

#define VW_LANE static inline __attribute__((always_inline))

typedef double vd __attribute__((vector_size(8 * VW_LANES)));
typedef int64_t vi __attribute__((vector_size(8 * VW_LANES)));
typedef uint64_t vu __attribute__((vector_size(8 * VW_LANES)));
#if VW_LANES == 8
typedef __mmask8 vm; /* a truth value per lane; opaque */
#else
typedef vi vm;
#endif

/* vd_lane returns one lane of v in all. */
VW_LANE vd vd_lane(vd v, size_t lane)
{
#if VW_LANES == 8
    return (vd)_mm512_permutexvar_pd(_mm512_set1_epi64((int64_t)lane), (__m512d)v);
#elif VW_LANES == 4 /* by halves: 2 lane, 2 lane + 1 */
    __m256i halves = _mm256_set1_epi64x((int64_t)lane * 0x200000002 + 0x100000000);

    return (vd)_mm256_permutevar8x32_epi32((__m256i)v, halves);
#else
    return v[lane] - (vd){0};
#endif
}

/* vd_fma returns a b + c, rounded once. */
VW_LANE vd vd_fma(vd a, vd b, vd c)
{
#if VW_LANES == 8
    return (vd)_mm512_fmadd_pd((__m512d)a, (__m512d)b, (__m512d)c);
#elif VW_LANES == 4
    return (vd)_mm256_fmadd_pd((__m256d)a, (__m256d)b, (__m256d)c);
#else
    return (vd){fma(a[0], b[0], c[0]), fma(a[1], b[1], c[1])};
#endif
}

VW_LANE vd vd_sqrt(vd v)
{
#if VW_LANES == 8
    return (vd)_mm512_sqrt_pd((__m512d)v);
#elif VW_LANES == 4
    return (vd)_mm256_sqrt_pd((__m256d)v);
#else
    return (vd){sqrt(v[0]), sqrt(v[1])};
#endif
}

/* vd_less is false where either is NaN. */
VW_LANE vm vd_less(vd a, vd b)
{
#if VW_LANES == 8
    return _mm512_cmp_pd_mask((__m512d)a, (__m512d)b, _CMP_LT_OQ);
#else
    return a < b;
#endif
}

/* vd_min and vd_max return b where either is NaN, or both are zero. */
VW_LANE vd vd_min(vd a, vd b)
{
#if VW_LANES == 8
    return (vd)_mm512_min_pd((__m512d)a, (__m512d)b);
#elif VW_LANES == 4
    return (vd)_mm256_min_pd((__m256d)a, (__m256d)b);
#else
    return (vd){a[0] < b[0] ? a[0] : b[0], a[1] < b[1] ? a[1] : b[1]};
#endif
}

VW_LANE vd vd_max(vd a, vd b)
{
#if VW_LANES == 8
    return (vd)_mm512_max_pd((__m512d)a, (__m512d)b);
#elif VW_LANES == 4
    return (vd)_mm256_max_pd((__m256d)a, (__m256d)b);
#else
    return (vd){a[0] > b[0] ? a[0] : b[0], a[1] > b[1] ? a[1] : b[1]};
#endif
}

/* vd_at_least is false where either is NaN. */
VW_LANE vm vd_at_least(vd a, vd b)
{
#if VW_LANES == 8
    return _mm512_cmp_pd_mask((__m512d)a, (__m512d)b, _CMP_GE_OQ);
#else
    return a >= b;
#endif
}

/* vi_clear says where v and bits have no bit in common. */
VW_LANE vm vi_clear(vi v, int64_t bits)
{
#if VW_LANES == 8
    return _mm512_testn_epi64_mask((__m512i)v, _mm512_set1_epi64(bits));
#else
    return (v & bits) == 0;
#endif
}

/* vm_bits returns the mask as an integer, lane 0 in bit 0. */
VW_LANE unsigned vm_bits(vm m)
{
#if VW_LANES == 8
    return m;
#elif VW_LANES == 4
    return (unsigned)_mm256_movemask_pd((__m256d)m);
#else
    return (unsigned)(m[0] & 1) | (unsigned)(m[1] & 2);
#endif
}

/* vd_pick returns yes where m is set, no elsewhere; both sides are always computed. */
VW_LANE vd vd_pick(vm m, vd yes, vd no)
{
#if VW_LANES == 8
    return (vd)_mm512_mask_blend_pd(m, (__m512d)no, (__m512d)yes);
#elif VW_LANES == 4
    return (vd)_mm256_blendv_pd((__m256d)no, (__m256d)yes, (__m256d)m);
#else
    return (vd)((m & (vi)yes) | (~m & (vi)no));
#endif
}

#endif
