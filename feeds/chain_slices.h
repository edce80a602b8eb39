/* chain_slices.h: a chain as slices: one per root and expiry, in columns by strike.
 *
 * What fits and indices want of a chain.  A side that is not listed counts as not quoted.
 *
 * Units    as chain.h; strikes in points.
 * Shapes   the columns of a slice have `count` elements, strikes ascending.
 * Memory   one allocation, handed back by free; the chain must live as long. */
#ifndef VW_FEEDS_CHAIN_SLICES_H
#define VW_FEEDS_CHAIN_SLICES_H

#include "feeds/chain.h"

typedef struct vw_chain_slice {
    char root[8];
    uint32_t expiry;
    char settlement;
    size_t count;                                                   /* strikes */
    const double *strike, *call_bid, *call_ask, *put_bid, *put_ask; /* 0 = no such side */
    const vw_chain_row *const *call, *const *put;                   /* NULL: not listed */
} vw_chain_slice;

typedef struct vw_chain_slices {
    vw_chain_slice *list; /* by root and expiry, like the rows */
    size_t count;
    void *memory;
} vw_chain_slices;

/* vw_chain_slices_make sorts a chain's rows into slices; VW_ERR_SYSTEM when memory is short. */
vw_err vw_chain_slices_make(const vw_chain *chain, vw_chain_slices *slices, vw_error *error);

void vw_chain_slices_free(vw_chain_slices *slices);

#endif
