/* Compiled twice, for AVX-512 and AVX2: the formulas of libm.c through SLEEF's functions. */
#include "bench/rivals/rivals.h"

#include <immintrin.h>
#include <sleef.h>

#ifdef __AVX512F__
typedef __m512d lanes;
enum { LANES = 8 };
#define LOG Sleef_logd8_u10avx512f
#define EXP Sleef_expd8_u10avx512f
#define ERFC Sleef_erfcd8_u15avx512f
#define SQRT _mm512_sqrt_pd
#define LOAD _mm512_loadu_pd
#define STORE _mm512_storeu_pd
#else
typedef __m256d lanes;
enum { LANES = 4 };
#define LOG Sleef_logd4_u10avx2
#define EXP Sleef_expd4_u10avx2
#define ERFC Sleef_erfcd4_u15avx2
#define SQRT _mm256_sqrt_pd
#define LOAD _mm256_loadu_pd
#define STORE _mm256_storeu_pd
#endif

void VW_RIVAL(const vw_black_inputs *in, const vw_black_outputs *out, size_t count)
{
    for (size_t i = 0; i + LANES <= count; i += LANES) {
        lanes F = LOAD(in->forward + i), K = LOAD(in->strike + i), T = LOAD(in->years + i);
        lanes vol = LOAD(in->vol + i), D = LOAD(in->discount + i), side = LOAD(in->side + i);
        lanes root = SQRT(T), s = vol * root;
        lanes d1 = LOG(F / K) / s + 0.5 * s, d2 = d1 - s;
        lanes n1 = 0.398942280401432678 * EXP(-0.5 * d1 * d1);
        lanes cdf1 = 0.5 * ERFC(-side * d1 * 0.707106781186547524);
        lanes cdf2 = 0.5 * ERFC(-side * d2 * 0.707106781186547524);
        lanes value = D * side * (F * cdf1 - K * cdf2);

        STORE(out->price + i, value);
        STORE(out->delta + i, D * side * cdf1);
        STORE(out->gamma + i, D * n1 / (F * s));
        STORE(out->vega + i, D * F * n1 * root);
        STORE(out->theta + i, LOAD(in->rate + i) * value - 0.5 * D * F * n1 * vol / root);
        STORE(out->rho + i, -T * value);
    }
}
