#define VW_LANES 8
#include "core/vol/simd/columns.h"
#include "core/vol/simd/solve.h"
#include "core/vol/simd/sums.h"
#include "core/vol/simd/svi.h"

extern const vw_fit_kernels vw_fit_kernels_avx512;
const vw_fit_kernels vw_fit_kernels_avx512 = {
    .isa = "avx512",
    .hyperbola = lanes_hyperbola,
    .bell = lanes_bell,
    .normal = lanes_normal,
    .project = lanes_project,
    .combine = lanes_combine,
    .smile = lanes_smile,
    .durrleman = lanes_durrleman,
    .clamp = lanes_clamp,
    .inside = lanes_inside,
    .factor = lanes_factor,
    .solve = lanes_solve,
    .svi_sums = lanes_svi_sums,
    .svi_needs = lanes_svi_needs,
};
