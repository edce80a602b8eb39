/* chain_columns.h: which column of a chain file says what, by the names in its header.
 *
 * Two shapes: a call and a put of one strike in a row (the delayed-quotes page: columns repeated
 * after "Calls" and "Puts"; the normalised CSV: c_ and p_ before the name), or one option a row.
 * Where there are symbols they tell expiry and strike: OSI's, or those of the page until 2018,
 * "18 Dec 2750.00 (SPXW1821L2750-E)".
 * Case, blanks and underscores of names do not matter; unknown columns are passed over.
 *
 * Units    as chain.h.
 * Memory   plain values of the caller's.
 * Errors   of a row: `why` says the column, what it holds, and what was expected. */
#ifndef VW_FEEDS_CHAIN_COLUMNS_H
#define VW_FEEDS_CHAIN_COLUMNS_H

#include "feeds/chain.h"

#define VW_CHAIN_CELLS_MAX 64

/* The cells of one line, NUL-terminated, blanks around them cut; those beyond are not kept. */
typedef struct vw_chain_cells {
    const char *cell[VW_CHAIN_CELLS_MAX];
    size_t count;
} vw_chain_cells;

typedef enum vw_chain_field {
    /* of an option */
    VW_CHAIN_SYMBOL,
    VW_CHAIN_BID,
    VW_CHAIN_ASK,
    VW_CHAIN_BID_SIZE,
    VW_CHAIN_ASK_SIZE,
    VW_CHAIN_IV,
    VW_CHAIN_DELTA,
    VW_CHAIN_GAMMA,
    VW_CHAIN_THETA,
    VW_CHAIN_VEGA,
    /* of the line */
    VW_CHAIN_EXPIRY,
    VW_CHAIN_ROOT,
    VW_CHAIN_STRIKE,
    VW_CHAIN_TYPE,
    VW_CHAIN_TIME,
    VW_CHAIN_SPOT,
    VW_CHAIN_UNDERLYING,
    VW_CHAIN_FIELD_COUNT,
} vw_chain_field;

typedef struct vw_chain_columns {
    /* Column of each field, -1 if there is none; [0] of the line or its only option, [1] of its
     * call, [2] of its put. */
    int column[3][VW_CHAIN_FIELD_COUNT];
    bool pairs;    /* a call and a put a row */
    size_t needed; /* cells that a whole row has at least */
} vw_chain_columns;

/* vw_chain_columns_find says whether a line is the header of a chain: strike, expiry, bid and ask
 * (or symbols that say the first two) have columns.  If so *columns is filled. */
bool vw_chain_columns_find(const vw_chain_cells *cells, vw_chain_columns *columns);

/* vw_chain_number reads a number in decimal notation, with commas between its thousands or not, and
 * returns what follows it; NULL if text does not begin with one. */
const char *vw_chain_number(const char *text, double *value);

/* vw_chain_columns_cell returns the cell of a field of the line, "" if there is none. */
const char *vw_chain_columns_cell(const vw_chain_columns *columns, const vw_chain_cells *cells,
                                  vw_chain_field field);

/* vw_chain_columns_read reads the one or two options of a line into rows (line is left to the
 * caller) and returns how many; 0 with why "" when the line holds none, 0 with why filled when it
 * cannot be read. `root` is that of the file's own comment, "" if it has none. */
size_t vw_chain_columns_read(const vw_chain_columns *columns, const vw_chain_cells *cells,
                             const char *root, vw_chain_row rows[2], char why[128]);

#endif
