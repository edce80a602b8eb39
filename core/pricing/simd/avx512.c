#define VW_LANES 8
#include "core/pricing/kernels.h"
#include "core/pricing/simd/quotes.h"
#include "core/pricing/simd/strikes.h"

extern const vw_kernels vw_kernels_avx512;
const vw_kernels vw_kernels_avx512 = {
    .isa = "avx512",
    .black = lanes_black,
    .black_expiry = lanes_black_expiry,
    .black_strikes = lanes_black_strikes,
    .implied_vol = lanes_implied_vol,
};
