/* rows_write.h: the output side of rows.h: rows with computed columns, as CSV or JSON lines. */
#ifndef VW_TOOLS_ROWS_WRITE_H
#define VW_TOOLS_ROWS_WRITE_H

#include "tools/rows.h"
#include "tools/rows_cut.h"

/* What the header says.  A computed column is known by its index in `outputs`, `status` by
 * output_count. */
typedef struct vw_rows_layout {
    const vw_cell *header;
    size_t columns;
    size_t input_count, output_count;
    const char *const *outputs;
    size_t input_column[VW_ROWS_INPUTS_MAX]; /* where each input stands */
    int column_output[VW_ROWS_COLUMNS_MAX];  /* the output computed into a column, or -1 */
    bool appended[VW_ROWS_OUTPUTS_MAX + 1];  /* outputs without a column of their own */
    bool replaces;                           /* any column_output */
} vw_rows_layout;

/* One row: its cells, as many as the header has, and the line they came from where it can be
 * copied as it stands (else NULL). */
typedef struct vw_rows_row {
    const vw_cell *cells;
    const char *line;
    size_t size;
} vw_rows_row;

/* A buffer before standard output. */
typedef struct vw_rows_sink {
    char *buffer;
    size_t used;
    int failed; /* errno of the first write that failed, or 0 */
} vw_rows_sink;

enum { VW_ROWS_SINK_SIZE = 1 << 20 };

void vw_rows_flush(vw_rows_sink *sink);
void vw_rows_write_header(vw_rows_sink *sink, const vw_rows_layout *layout);
void vw_rows_write_csv(vw_rows_sink *sink, const vw_rows_layout *layout, const vw_rows_row *row,
                       const vw_rows_batch *batch, size_t i);
void vw_rows_write_json(vw_rows_sink *sink, const vw_rows_layout *layout, const vw_rows_row *row,
                        const vw_rows_batch *batch, size_t i);

#endif
