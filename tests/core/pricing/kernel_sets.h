/* kernel_sets.h: walks the kernel sets that this machine can run, for tests. */
#ifndef VW_TESTS_CORE_PRICING_KERNEL_SETS_H
#define VW_TESTS_CORE_PRICING_KERNEL_SETS_H

#include "core/pricing/kernels.h"

/* kernel_set_next returns the next set this machine runs from index *i on, or NULL at the end. */
static inline const vw_kernels *kernel_set_next(size_t *i)
{
    while (vw_kernels_name(*i) != NULL) {
        const vw_kernels *set = vw_kernels_get(vw_kernels_name((*i)++));

        if (set != NULL) {
            return set;
        }
    }
    return NULL;
}

#endif
