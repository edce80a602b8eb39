#define VW_LANES 8
#define VW_SET vw_fit_kernels_avx512
#define VW_SET_ISA "avx512"
#include "core/vol/simd/set.h"
