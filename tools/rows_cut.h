/* rows_cut.h: one line of CSV cut into cells, in place, for rows.c. */
#ifndef VW_TOOLS_ROWS_CUT_H
#define VW_TOOLS_ROWS_CUT_H

#include <stdbool.h>
#include <stddef.h>

/* A cell as it stands in the line, quotes and blanks included. */
typedef struct vw_cell {
    const char *text;
    size_t size;
} vw_cell;

/* vw_cells_cut writes at most max cells of a line and returns how many the line has; SIZE_MAX when
 * a quote is not closed. */
size_t vw_cells_cut(const char *line, size_t size, vw_cell *cells, size_t max);

/* vw_cell_content returns a cell without blanks and quotes around it. */
vw_cell vw_cell_content(vw_cell cell);

/* vw_cell_is compares the content, in any case. */
bool vw_cell_is(vw_cell cell, const char *word);

#endif
