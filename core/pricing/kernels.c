#include "core/pricing/kernels.h"

#include <string.h>

static const vw_kernels reference = {
    .isa = "reference",
    .black = vw_black,
    .black_expiry = vw_black_expiry,
    .implied_vol = vw_implied_vol,
};
static const vw_kernels *const sets[] = {&reference};

const vw_kernels *vw_kernels_get(const char *isa)
{
    for (size_t i = 0; i < VW_COUNT_OF(sets); i++) {
        if (isa == NULL || strcmp(isa, sets[i]->isa) == 0) {
            return sets[i];
        }
    }
    return NULL;
}

const char *vw_kernels_name(size_t i)
{
    return i < VW_COUNT_OF(sets) ? sets[i]->isa : NULL;
}
