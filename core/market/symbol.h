/* symbol.h: names of series, and what their root says of the contract.
 *
 * Units    strike in 1/10,000 point (event.h); expiry yyyymmdd; multiplier USD per point.
 * Threads  pure functions of their arguments. */
#ifndef VW_CORE_MARKET_SYMBOL_H
#define VW_CORE_MARKET_SYMBOL_H

#include "core/base/base.h"

/* The family decides the pricing forward: SPX options take parity, VIX options the VX future. */
typedef enum vw_family {
    VW_FAMILY_SPX,
    VW_FAMILY_VIX,
    VW_FAMILY_VX,
    VW_FAMILY_OTHER,
    VW_FAMILY_ETP, /* shares that hold the first two VX; no root of the table */
} vw_family;

typedef struct vw_root {
    char name[8];        /* "SPX", "SPXW", "VIX", "VIXW", "VX", "VXM" */
    vw_family family;    /* VX and VXM are VW_FAMILY_VX */
    char settlement;     /* 'A' at the opening, 'P' at the close of expiry day; of its standard
                            expiries: see vw_root_settlement */
    uint32_t multiplier; /* 100, 1000 (VX), 100 (VXM) */
} vw_root;

/* vw_root_find returns the table row of a NUL- or space-padded root of at most 6 characters, or
 * NULL.  CFE's report symbols of weeklies (VX01..VX53) are of root VX. */
const vw_root *vw_root_find(const char *root, size_t size);

/* vw_root_settlement returns how a series of a root settles: SPX at the opening on the third Friday
 * of a month (or the Thursday before, or the Saturday after it, where that is the expiry), at the
 * close on any other day; the others as their root says. */
char vw_root_settlement(const vw_root *root, uint32_t expiry);

typedef struct vw_symbol {
    char root[8]; /* NUL-padded */
    uint32_t expiry;
    char type; /* 'C' or 'P' */
    int64_t strike;
} vw_symbol;

/* vw_symbol_from_osi reads the 21 characters of an OSI symbol ("SPX   200619P00500000"), or, with
 * size < 21, the compact form without padding ("SPXW230914C01200000").  False: not a symbol. */
bool vw_symbol_from_osi(const char *osi, size_t size, vw_symbol *symbol);

/* vw_symbol_to_osi writes the 21 characters and a NUL; strike in [0, 99,999.999] points, cut to the
 * 1/1,000 that OSI has. */
void vw_symbol_to_osi(const vw_symbol *symbol, char osi[22]);

#endif
