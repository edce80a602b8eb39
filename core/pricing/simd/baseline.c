#define VW_LANES 2
#include "core/pricing/kernels.h"
#include "core/pricing/simd/quotes.h"
#include "core/pricing/simd/strikes.h"

extern const vw_kernels vw_kernels_baseline;
const vw_kernels vw_kernels_baseline = {
    .isa = "baseline",
    .black = lanes_black,
    .black_expiry = lanes_black_expiry,
    .black_strikes = lanes_black_strikes,
    .implied_vol = lanes_implied_vol,
};
