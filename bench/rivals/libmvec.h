/* libmvec.h: the rival: Black-76 written plainly, left to the compiler and glibc's vector libm. */
#ifndef VW_BENCH_RIVALS_LIBMVEC_H
#define VW_BENCH_RIVALS_LIBMVEC_H

#include "core/pricing/black.h"

/* Each gives price, delta, gamma, vega, theta and rho. */
void vw_rival_libmvec_avx512(const vw_black_inputs *in, const vw_black_outputs *out, size_t count);
void vw_rival_libmvec_avx2(const vw_black_inputs *in, const vw_black_outputs *out, size_t count);
void vw_rival_libm(const vw_black_inputs *in, const vw_black_outputs *out, size_t count);

#endif
