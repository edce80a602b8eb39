#include "tools/rows.h"

#include "core/base/clock.h"
#include "core/base/status.h"
#include "tools/command.h"
#include "tools/decimal.h"
#include "tools/rows_cut.h"
#include "tools/rows_write.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    READ_SIZE = 1 << 18,
    CELLS_MAX = 1 << 16, /* in a batch */
    ROWS_TOLD = 10,
    PROGRESS_NS = 250000000,
};

/* Why a row is bad, as far as reading tells. */
typedef struct fault {
    const char *reason; /* NULL: nothing seen */
    const char *column;
    vw_cell cell;
} fault;

typedef struct row {
    vw_rows_row as_read;
    size_t line;
    fault fault;
    bool absent; /* its quote is an empty cell */
} row;

typedef struct stream {
    const vw_rows_work *work;
    const char *name; /* of the input, in messages */
    bool json;
    int fd;
    char *buffer; /* [start, end) is read and not yet done */
    size_t room, start, end, line;
    char *header_line;
    vw_cell *header, *cells;
    vw_rows_layout layout;
    row *rows;
    vw_rows_batch batch;
    size_t batch_max, done, bad;
    vw_rows_sink sink;
    int64_t started_ns, told_ns;
    bool terminal;
} stream;

static void clear_progress(const stream *s)
{
    if (s->terminal && s->told_ns != 0) {
        fprintf(stderr, "\r\033[K");
    }
}

static void show_progress(stream *s)
{
    int64_t now = s->terminal ? vw_clock_monotonic_ns() : 0;

    if (s->terminal && now - s->told_ns > PROGRESS_NS && now - s->started_ns > PROGRESS_NS) {
        double seconds = (double)(now - s->started_ns) * 1e-9;

        fprintf(stderr, "\r\033[Kvegawire %s: %zu rows, %.2f million a second", s->work->command,
                s->done, (double)s->done / seconds * 1e-6);
        s->told_ns = now;
    }
}

/* ---- the header ---- */

/* "type, forward, ...", for messages. */
static const char *needed(const stream *s, char *list, size_t size)
{
    size_t used = 0;

    for (const vw_rows_input *input = s->work->inputs; input->name != NULL; input++) {
        used +=
            (size_t)snprintf(list + used, size - used, "%s%s", used > 0 ? ", " : "", input->name);
    }
    return list;
}

static vw_err find_inputs(stream *s, vw_error *error)
{
    vw_rows_layout *layout = &s->layout;
    char list[128];

    for (; s->work->inputs[layout->input_count].name != NULL; layout->input_count++) {
        const char *name = s->work->inputs[layout->input_count].name;
        size_t found = 0;

        for (size_t c = 0; c < layout->columns; c++) {
            if (vw_cell_is(s->header[c], name)) {
                layout->input_column[layout->input_count] = c;
                found++;
            }
        }
        if (found != 1) {
            return vw_fail(error, VW_ERR_DATA,
                           "%s:%zu: %s column '%s' in the header; each of %s must be there once",
                           s->name, s->line, found == 0 ? "no" : "more than one", name,
                           needed(s, list, sizeof list));
        }
    }
    return VW_OK;
}

static void find_outputs(stream *s)
{
    vw_rows_layout *layout = &s->layout;

    layout->outputs = s->work->outputs;
    while (layout->outputs[layout->output_count] != NULL) {
        layout->output_count++;
    }
    for (size_t c = 0; c < layout->columns; c++) {
        layout->column_output[c] = -1;
    }
    for (size_t o = 0; o <= layout->output_count; o++) {
        const char *name = o < layout->output_count ? layout->outputs[o] : "status";

        layout->appended[o] = true;
        for (size_t c = 0; c < layout->columns; c++) {
            if (vw_cell_is(s->header[c], name)) {
                layout->column_output[c] = (int)o;
                layout->appended[o] = false;
                layout->replaces = true;
            }
        }
    }
}

static vw_err take_header(stream *s, const char *text, size_t size, vw_error *error)
{
    vw_err err;

    if (memchr(text, '\0', size) != NULL) {
        return vw_fail(error, VW_ERR_DATA, "%s:%zu: binary data, not a CSV header", s->name,
                       s->line);
    }
    s->header_line = malloc(size + 1);
    s->header = malloc(VW_ROWS_COLUMNS_MAX * sizeof *s->header);
    if (s->header_line == NULL || s->header == NULL) {
        return vw_fail(error, VW_ERR_SYSTEM, "out of memory");
    }
    memcpy(s->header_line, text, size);
    s->layout.header = s->header;
    s->layout.columns = vw_cells_cut(s->header_line, size, s->header, VW_ROWS_COLUMNS_MAX);
    if (s->layout.columns == SIZE_MAX) {
        return vw_fail(error, VW_ERR_DATA, "%s:%zu: a quote in the header is not closed", s->name,
                       s->line);
    }
    if (s->layout.columns > VW_ROWS_COLUMNS_MAX) {
        return vw_fail(error, VW_ERR_DATA, "%s:%zu: %zu columns, at most %d", s->name, s->line,
                       s->layout.columns, VW_ROWS_COLUMNS_MAX);
    }
    err = find_inputs(s, error);
    if (err != VW_OK) {
        return err;
    }
    find_outputs(s);
    s->batch_max = CELLS_MAX / s->layout.columns;
    s->batch_max = s->batch_max < VW_ROWS_BATCH_MAX ? s->batch_max : VW_ROWS_BATCH_MAX;
    if (!s->json) {
        vw_rows_write_header(&s->sink, &s->layout);
    }
    return VW_OK;
}

/* ---- rows ---- */

static void blame(row *r, const char *reason, const char *column, vw_cell cell)
{
    if (r->fault.reason == NULL) {
        r->fault = (fault){reason, column, cell};
    }
}

/* What a value that could be read does outside the domain of its column. */
static void blame_domain(const stream *s, row *r, size_t i)
{
    for (size_t k = 0; k < s->layout.input_count; k++) {
        const vw_rows_input *input = &s->work->inputs[k];
        double value = s->batch.in[k][i];

        if ((input->kind == VW_ROWS_POSITIVE && !(value > 0)) ||
            (input->kind == VW_ROWS_NOT_NEGATIVE && !(value >= 0))) {
            blame(r, input->kind == VW_ROWS_POSITIVE ? "not above 0" : "below 0", input->name,
                  r->as_read.cells[s->layout.input_column[k]]);
        }
    }
}

static void tell_bad(const stream *s, const row *r)
{
    vw_cell cell = vw_cell_content(r->fault.cell);

    if (s->bad > ROWS_TOLD) {
        return;
    }
    clear_progress(s);
    if (r->fault.column == NULL) {
        fprintf(stderr, "vegawire %s: %s:%zu: %s\n", s->work->command, s->name, r->line,
                r->fault.reason);
    } else {
        fprintf(stderr, "vegawire %s: %s:%zu: %s: %s: '", s->work->command, s->name, r->line,
                r->fault.column, r->fault.reason);
        for (size_t i = 0; i < cell.size && i < 40; i++) {
            char c = cell.text[i];

            fputc(c >= ' ' && c <= '~' ? c : '?', stderr);
        }
        fprintf(stderr, "'\n");
    }
}

static void judge_bad(stream *s, size_t i)
{
    row *r = &s->rows[i];

    blame_domain(s, r, i);
    if (r->absent && r->fault.reason == NULL) {
        s->batch.status[i] = VW_STATUS_NO_MARKET;
        return;
    }
    blame(r, "rate and years give a discount of 0 or infinity", NULL, (vw_cell){"", 0});
    s->bad++;
    tell_bad(s, r);
}

static void finish_batch(stream *s)
{
    if (s->batch.count == 0) {
        return;
    }
    s->work->compute(s->work->context, &s->batch);
    for (size_t i = 0; i < s->batch.count; i++) {
        if (s->batch.status[i] == VW_STATUS_BAD_INPUT) {
            judge_bad(s, i);
        }
        (s->json ? vw_rows_write_json : vw_rows_write_csv)(&s->sink, &s->layout,
                                                           &s->rows[i].as_read, &s->batch, i);
    }
    s->done += s->batch.count;
    s->batch.count = 0;
    show_progress(s);
}

static double read_side(row *r, const char *name, vw_cell cell)
{
    if (vw_cell_is(cell, "C")) {
        return 1;
    }
    if (vw_cell_is(cell, "P")) {
        return -1;
    }
    blame(r, "neither C nor P", name, cell);
    return NAN;
}

static double read_number(row *r, const vw_rows_input *input, vw_cell cell)
{
    vw_cell content = vw_cell_content(cell);
    double value = NAN;

    if (content.size == 0 && input->kind == VW_ROWS_QUOTE) {
        r->absent = true;
    } else if (!vw_decimal_parse(content.text, content.size, &value)) {
        blame(r, content.size == 0 ? "empty" : "not a number", input->name, cell);
    } else if (!isfinite(value)) {
        blame(r, "too large", input->name, cell);
    }
    return value;
}

static void take_row(stream *s, const char *text, size_t size)
{
    size_t i = s->batch.count++, columns = s->layout.columns;
    vw_cell *cells = s->cells + i * columns;
    size_t count = vw_cells_cut(text, size, cells, columns);
    row *r = &s->rows[i];

    *r = (row){.as_read = {cells, text, size}, .line = s->line};
    if (count != columns) {
        for (size_t c = count == SIZE_MAX ? 0 : count; c < columns; c++) {
            cells[c] = (vw_cell){"", 0};
        }
        r->as_read.line = NULL;
        r->fault.reason = count == SIZE_MAX ? "a quote is not closed"
                          : count < columns ? "fewer cells than the header"
                                            : "more cells than the header";
    }
    for (size_t k = 0; k < s->layout.input_count; k++) {
        const vw_rows_input *input = &s->work->inputs[k];
        vw_cell cell = cells[s->layout.input_column[k]];

        s->batch.in[k][i] = count != columns              ? NAN
                            : input->kind == VW_ROWS_SIDE ? read_side(r, input->name, cell)
                                                          : read_number(r, input, cell);
    }
    if (s->batch.count == s->batch_max) {
        finish_batch(s);
    }
}

static vw_err take_line(stream *s, const char *text, size_t size, vw_error *error)
{
    s->line++;
    if (s->line == 1 && size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
        text += 3;
        size -= 3;
    }
    if (size > 0 && text[size - 1] == '\r') {
        size--;
    }
    if (vw_cell_content((vw_cell){text, size}).size == 0 || text[0] == '#') {
        return VW_OK;
    }
    if (s->layout.columns == 0) {
        return take_header(s, text, size, error);
    }
    take_row(s, text, size);
    return VW_OK;
}

/* ---- the stream ---- */

/* Makes room behind `end` and reads once.  Rows of the batch point into the buffer, so it must be
 * empty.  *ended is set at the end of the input. */
static vw_err read_more(stream *s, bool *ended, vw_error *error)
{
    ssize_t got;

    memmove(s->buffer, s->buffer + s->start, s->end - s->start);
    s->end -= s->start;
    s->start = 0;
    if (s->end > VW_ROWS_LINE_MAX) {
        return vw_fail(error, VW_ERR_DATA, "%s:%zu: a line of more than %d bytes", s->name,
                       s->line + 1, VW_ROWS_LINE_MAX);
    }
    if (s->room - s->end < READ_SIZE) {
        char *larger = realloc(s->buffer, 2 * s->room);

        if (larger == NULL) {
            return vw_fail(error, VW_ERR_SYSTEM, "out of memory");
        }
        s->buffer = larger;
        s->room *= 2;
    }
    got = read(s->fd, s->buffer + s->end, READ_SIZE);
    if (got < 0 && errno != EINTR) {
        return vw_fail(error, VW_ERR_DATA, "%s: %s", s->name, strerror(errno));
    }
    *ended = got == 0;
    s->end += got > 0 ? (size_t)got : 0;
    return VW_OK;
}

static vw_err take_lines(stream *s, bool ended, vw_error *error)
{
    size_t searched = s->start;
    vw_err err = VW_OK;

    while (err == VW_OK && s->start < s->end) {
        char *line = s->buffer + s->start;
        char *stop = memchr(s->buffer + searched, '\n', s->end - searched);

        if (stop == NULL && !ended) {
            break;
        }
        stop = stop != NULL ? stop : s->buffer + s->end;
        err = take_line(s, line, (size_t)(stop - line), error);
        s->start = (size_t)(stop - s->buffer) + 1;
        searched = s->start;
    }
    if (s->start > s->end) {
        s->start = s->end;
    }
    finish_batch(s);
    vw_rows_flush(&s->sink);
    return err;
}

static vw_err run_stream(stream *s, vw_error *error)
{
    bool ended = false;
    vw_err err = VW_OK;

    while (err == VW_OK && !ended && !vw_stop_requested() && s->sink.failed == 0) {
        err = read_more(s, &ended, error);
        if (err == VW_OK) {
            err = take_lines(s, ended, error);
        }
    }
    clear_progress(s);
    if (s->bad > 0) {
        fprintf(stderr, "vegawire %s: %zu of %zu rows are bad_input\n", s->work->command, s->bad,
                s->done);
    }
    if (err != VW_OK) {
        return err;
    }
    if (s->sink.failed != 0 && s->sink.failed != EPIPE) {
        return vw_fail(error, VW_ERR_DATA, "standard output: %s", strerror(s->sink.failed));
    }
    if (ended && s->layout.columns == 0) {
        char list[128];

        return vw_fail(error, VW_ERR_DATA, "%s:%zu: empty, there is no header; it must have %s",
                       s->name, s->line, needed(s, list, sizeof list));
    }
    return VW_OK;
}

static bool take_memory(stream *s)
{
    double *values =
        malloc((VW_ROWS_INPUTS_MAX + VW_ROWS_OUTPUTS_MAX) * VW_ROWS_BATCH_MAX * sizeof *values);

    s->room = 2 * READ_SIZE;
    s->buffer = malloc(s->room);
    s->cells = malloc(CELLS_MAX * sizeof *s->cells);
    s->rows = malloc(VW_ROWS_BATCH_MAX * sizeof *s->rows);
    s->sink.buffer = malloc(VW_ROWS_SINK_SIZE);
    s->batch.status = malloc(VW_ROWS_BATCH_MAX);
    s->batch.in[0] = values;
    if (values == NULL || s->buffer == NULL || s->cells == NULL || s->rows == NULL ||
        s->sink.buffer == NULL || s->batch.status == NULL) {
        return false;
    }
    for (size_t i = 0; i < VW_ROWS_INPUTS_MAX; i++) {
        s->batch.in[i] = values + i * VW_ROWS_BATCH_MAX;
    }
    for (size_t i = 0; i < VW_ROWS_OUTPUTS_MAX; i++) {
        s->batch.out[i] = values + (VW_ROWS_INPUTS_MAX + i) * VW_ROWS_BATCH_MAX;
    }
    return true;
}

static void give_memory(stream *s)
{
    free(s->batch.in[0]);
    free(s->buffer);
    free(s->cells);
    free(s->rows);
    free(s->sink.buffer);
    free(s->batch.status);
    free(s->header_line);
    free(s->header);
}

vw_err vw_rows_run(const vw_rows_work *work, const char *path, bool json, vw_error *error)
{
    bool standard = strcmp(path, "-") == 0;
    stream *s = calloc(1, sizeof *s);
    vw_err err = VW_OK;

    if (s == NULL) {
        return vw_fail(error, VW_ERR_SYSTEM, "out of memory");
    }
    s->work = work;
    s->name = standard ? "standard input" : path;
    s->json = json;
    s->terminal = isatty(STDERR_FILENO) != 0;
    s->started_ns = vw_clock_monotonic_ns();
    s->fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    vw_decimal_start();
    if (s->fd < 0) {
        err = vw_fail(error, VW_ERR_DATA, "%s: %s", path, strerror(errno));
    } else if (!take_memory(s)) {
        err = vw_fail(error, VW_ERR_SYSTEM, "out of memory");
    } else {
        err = run_stream(s, error);
    }
    if (s->fd >= 0 && !standard) {
        close(s->fd);
    }
    give_memory(s);
    free(s);
    return err;
}

vw_err vw_rows_command(const vw_rows_work *work, const vw_arguments *arguments, const char *format,
                       vw_error *error)
{
    bool json = strcmp(format, "json") == 0;

    if (!json && strcmp(format, "csv") != 0) {
        return vw_fail(error, VW_ERR_USAGE, "--format %s: one of csv, json", format);
    }
    return vw_rows_run(work, arguments->count > 0 ? arguments->list[0] : "-", json, error);
}
