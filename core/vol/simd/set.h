/* set.h: the kernels of fits as one set.  A file that includes this defines VW_LANES, the set's
 * symbol VW_SET and its name VW_SET_ISA first, and is compiled with that instruction set. */
#ifndef VW_CORE_VOL_SIMD_SET_H
#define VW_CORE_VOL_SIMD_SET_H

#include "core/vol/simd/bands.h"
#include "core/vol/simd/columns.h"
#include "core/vol/simd/design.h"
#include "core/vol/simd/factor.h"
#include "core/vol/simd/grid.h"
#include "core/vol/simd/line.h"
#include "core/vol/simd/misses.h"
#include "core/vol/simd/model.h"
#include "core/vol/simd/pairs.h"
#include "core/vol/simd/quotes.h"
#include "core/vol/simd/solve.h"
#include "core/vol/simd/svi.h"

extern const vw_fit_kernels VW_SET;
const vw_fit_kernels VW_SET = {
    .isa = VW_SET_ISA,
    .market = {.pairs = lanes_pairs,
               .band = lanes_band,
               .line = lanes_line,
               .bounds = lanes_bounds,
               .bands = lanes_bands,
               .weigh = lanes_weigh},
    .quotes = lanes_quotes,
    .design = lanes_design,
    .row = lanes_row,
    .model = lanes_model,
    .follow = lanes_follow,
    .hyperbola = lanes_hyperbola,
    .bells = lanes_bells,
    .smile = lanes_smile,
    .variance = lanes_variance,
    .grid = lanes_grid,
    .durrleman = lanes_durrleman,
    .moneyness = lanes_moneyness,
    .vega = lanes_vega,
    .misses = lanes_misses,
    .inside = lanes_inside,
    .add = lanes_add,
    .factor = lanes_factor,
    .solve = lanes_solve,
    .svi_sums = lanes_svi_sums,
    .svi_needs = lanes_svi_needs,
};

#endif
