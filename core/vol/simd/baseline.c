#define VW_LANES 2
#define VW_SET vw_fit_kernels_baseline
#define VW_SET_ISA "baseline"
#include "core/vol/simd/set.h"
