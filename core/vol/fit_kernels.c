#include "core/vol/fit_kernels.h"

#include <string.h>

#include "core/pricing/kernels.h"

extern const vw_fit_kernels vw_fit_kernels_avx512, vw_fit_kernels_avx2, vw_fit_kernels_baseline;

const vw_fit_kernels *vw_fit_kernels_get(const char *isa)
{
    static const vw_fit_kernels *const sets[] = {&vw_fit_kernels_avx512, &vw_fit_kernels_avx2};
    const vw_kernels *pricing = vw_kernels_get(isa);

    for (size_t i = 0; i < VW_COUNT_OF(sets) && pricing != NULL; i++) {
        if (strcmp(pricing->isa, sets[i]->isa) == 0) {
            return sets[i];
        }
    }
    return &vw_fit_kernels_baseline;
}
