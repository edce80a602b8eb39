#define VW_LANES 4
#define VW_SET vw_fit_kernels_avx2
#define VW_SET_ISA "avx2"
#include "core/vol/simd/set.h"
