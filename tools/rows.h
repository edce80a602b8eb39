/* rows.h: CSV rows streamed through a computation: the same rows out, with computed columns.
 *
 * The commands price and iv are this with a kernel in the middle.  A reader of its own because
 * millions of rows must fly: libcsv hands over every cell by a callback and a copy, several times
 * the cost of pricing the row; here a row is cut once, in place, and passes through untouched.
 *
 * Input    a header, then rows, by any order of columns; headers and C/P in any case; a byte order
 *          mark, CRLF, spaces around cells, quoted cells, blank lines and lines that begin with #
 *          are accepted.  A quote closes on its own line.
 * Output   CSV: every input column in its place, those computed replaced where they exist, else
 *          appended; numbers with 17 digits, a number that failed as an empty cell.  JSON: an
 *          object a line, null for it.  Blank and # lines are left out.
 * Errors   VW_ERR_DATA: unreadable, no header, a column missing or twice, too many columns, a line
 *          too long, a failed write.  A row that cannot be computed keeps its place with status
 *          bad_input, and is named by its line, column and value on stderr (the first ten, then
 *          how many).
 * Memory   bounded by the limits below, whatever the input.
 * Threads  the main thread. */
#ifndef VW_TOOLS_ROWS_H
#define VW_TOOLS_ROWS_H

#include "tools/command.h"

enum {
    VW_ROWS_INPUTS_MAX = 8,
    VW_ROWS_OUTPUTS_MAX = 16,
    VW_ROWS_BATCH_MAX = 2048,
    VW_ROWS_COLUMNS_MAX = 4096,
    VW_ROWS_LINE_MAX = 1 << 24, /* bytes */
};

/* A batch on its way through the computation. */
typedef struct vw_rows_batch {
    size_t count;
    double *in[VW_ROWS_INPUTS_MAX];   /* as `inputs`; NaN where the cell is no number */
    double *out[VW_ROWS_OUTPUTS_MAX]; /* as `outputs`; NaN becomes an empty cell */
    uint8_t *status;                  /* vw_status; the last column, `status` */
} vw_rows_batch;

/* What an input column holds. */
typedef enum vw_rows_kind {
    VW_ROWS_NUMBER,
    VW_ROWS_POSITIVE,
    VW_ROWS_NOT_NEGATIVE,
    VW_ROWS_QUOTE, /* a number; an empty cell is no fault but no_market */
    VW_ROWS_SIDE,  /* C or P, given as +1 or -1 */
} vw_rows_kind;

typedef struct vw_rows_input {
    const char *name; /* NULL ends a list */
    vw_rows_kind kind;
} vw_rows_input;

typedef struct vw_rows_work {
    const char *command;         /* for what is said on stderr */
    const vw_rows_input *inputs; /* computing must answer bad_input outside their kinds */
    const char *const *outputs;  /* NULL-ended */
    void (*compute)(const void *context, const vw_rows_batch *batch);
    const void *context;
} vw_rows_work;

/* What every command of this kind does after parsing its options: runs `work` on its one argument,
 * standard input without it, in the format "csv" or "json". */
vw_err vw_rows_command(const vw_rows_work *work, const vw_arguments *arguments, const char *format,
                       vw_error *error);

/* vw_rows_run streams path ("-": standard input) to standard output.  It ends early, without an
 * error, when a stop is requested or the reader of the output has gone. */
vw_err vw_rows_run(const vw_rows_work *work, const char *path, bool json, vw_error *error);

#endif
