#include "feeds/chain_file.h"

#include "feeds/chain_columns.h"
#include "feeds/chain_time.h"

#include <csv.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

enum {
    LINE_MAX_BYTES = 64 * 1024,
    PREAMBLE_MAX = 20, /* lines before the header */
};

typedef struct reader {
    vw_chain_file *out;
    gzFile file;
    struct csv_parser parser;
    char line[LINE_MAX_BYTES];
    char text[LINE_MAX_BYTES + 2 * VW_CHAIN_CELLS_MAX]; /* the cells, each with its NUL */
    size_t text_used;
    vw_chain_cells cells;
    bool line_done; /* libcsv has seen the end of the line */
    size_t preamble_lines, cells_before;
    bool has_header, has_final_newline;
    vw_chain_columns columns;
    char root[8];        /* of the file, from a comment */
    char last_stamp[40]; /* most lines repeat the one before */
    int64_t last_stamp_ns;
    bool last_stamp_has_time;
} reader;

static void on_cell(void *text, size_t size, void *context)
{
    reader *r = context;
    vw_chain_cells *cells = &r->cells;

    if (cells->count == VW_CHAIN_CELLS_MAX || size + 1 > sizeof r->text - r->text_used) {
        return;
    }
    memcpy(r->text + r->text_used, text, size);
    r->text[r->text_used + size] = '\0';
    cells->cell[cells->count++] = r->text + r->text_used;
    r->text_used += size + 1;
}

static void on_line(int end, void *context)
{
    reader *r = context;

    (void)end;
    r->line_done = true;
}

static vw_err fail_here(const reader *r, const char *what, vw_error *error)
{
    return vw_fail(error, VW_ERR_DATA, "%s:%zu: %s", r->out->name, r->out->line_count, what);
}

void vw_chain_file_bad(vw_chain_file *file, size_t line, const char *why)
{
    if (file->bad_rows++ == 0) {
        snprintf(file->first_bad, sizeof file->first_bad, "%.80s:%zu: %.128s", file->name, line,
                 why);
    }
}

static void read_key_time(const char *comment, const char *key, int64_t *instant_ns)
{
    const char *found = strstr(comment, key);
    bool has_time;

    if (found != NULL) {
        vw_chain_time_stamp(found + strlen(key), instant_ns, &has_time);
    }
}

/* Any date with a time in a comment: the last resort. */
static void read_loose_time(const char *comment, int64_t *instant_ns)
{
    for (const char *at = comment; *at != '\0'; at++) {
        bool starts = at == comment || strchr(" ~", at[-1]) != NULL;
        bool has_time = false;
        int64_t found;

        if (starts && vw_chain_time_stamp(at, &found, &has_time) && has_time) {
            *instant_ns = found;
            return;
        }
    }
}

static void read_comment(reader *r, const char *comment)
{
    const char *word = comment + strspn(comment, "# ");
    size_t size = strcspn(word, " ,");
    const vw_root *root = vw_root_find(word, size);
    const char *spot = strstr(comment, "spot=");

    if (root != NULL && r->root[0] == '\0') {
        memcpy(r->root, root->name, sizeof r->root);
    }
    if (strcasestr(comment, "synthetic") != NULL) {
        r->out->synthetic = true;
    }
    if (spot != NULL && strtod(spot + 5, NULL) > 0) {
        r->out->spot = strtod(spot + 5, NULL);
    }
    read_key_time(comment, "quote_time_ET=", &r->out->stated_ns);
    read_key_time(comment, "asof_ET=", &r->out->stated_ns);
    read_key_time(comment, "vendor_download_ET=", &r->out->download_ns);
    read_key_time(comment, "fetched_UTC=", &r->out->download_ns);
    if (r->out->dated_ns == 0) {
        read_loose_time(comment, &r->out->dated_ns);
    }
}

static void read_time(reader *r, const char *text)
{
    size_t size;

    if (vw_chain_time_words(text, &r->out->download_ns)) {
        return;
    }
    text += strspn(text, " ");
    for (size = strnlen(text, 64); size > 0 && ((unsigned char)text[size] & 0xc0) == 0x80; size--) {
    } /* no half letter */
    snprintf(r->out->unread_time, sizeof r->out->unread_time, "%zu: '%.*s'", r->out->line_count,
             (int)size, text);
}

/* "Date: ...": to the quote that ends the cell, or, unquoted, to the next field. */
static void read_download_time(reader *r, const char *date)
{
    char text[128];
    const char *end = strpbrk(date, "\"");
    const char *next = strstr(date, ",Bid");
    size_t size = strlen(date);

    if (next != NULL && (end == NULL || next < end)) {
        end = next;
    }
    size = end != NULL ? (size_t)(end - date) : size;
    snprintf(text, sizeof text, "%.*s", (int)(size < sizeof text ? size : sizeof text - 1), date);
    read_time(r, text);
}

static void read_preamble(reader *r)
{
    const char *date = strstr(r->line, "Date:");
    const char *last = strstr(r->line, "Last:");
    const char *first = r->cells.cell[0];
    double spot = NAN;

    if (date != NULL) {
        read_download_time(r, date + 5);
    } else if (strchr(first, '@') != NULL) { /* quotedata.dat: "Mar 22 2020 @ 18:24 ET" */
        read_time(r, first);
    }
    if (last != NULL) {
        vw_chain_number(last + 5 + strspn(last + 5, " "), &spot);
    } else if (strchr(first, '(') != NULL && r->cells.count > 1) { /* its "^SPX (...),2304.92" */
        vw_chain_number(r->cells.cell[1], &spot);
    }
    if (isfinite(spot) && spot > 0) {
        r->out->spot = spot;
    }
}

static vw_err keep(reader *r, const vw_chain_quoted *option, vw_error *error)
{
    vw_chain_file *out = r->out;

    if (out->count == out->capacity) {
        size_t capacity = out->capacity != 0 ? 2 * out->capacity : 1024;
        vw_chain_quoted *options = realloc(out->options, capacity * sizeof *options);

        if (options == NULL) {
            return fail_here(r, "out of memory", error);
        }
        out->options = options;
        out->capacity = capacity;
    }
    out->options[out->count++] = *option;
    return VW_OK;
}

/* Puts what the line says of its instant into option. */
static void stamp(reader *r, vw_chain_quoted *option)
{
    const char *text = vw_chain_columns_cell(&r->columns, &r->cells, VW_CHAIN_TIME);

    if (strcmp(text, r->last_stamp) != 0) {
        snprintf(r->last_stamp, sizeof r->last_stamp, "%s", text);
        r->last_stamp_ns = 0;
        vw_chain_time_stamp(text, &r->last_stamp_ns, &r->last_stamp_has_time);
    }
    option->stamp_ns = r->last_stamp_ns;
    option->stamp_has_time = r->last_stamp_has_time;
}

static vw_err read_row(reader *r, vw_error *error)
{
    vw_chain_row rows[2];
    char why[128];
    size_t count = vw_chain_columns_read(&r->columns, &r->cells, r->root, rows, why);
    double spot = strtod(vw_chain_columns_cell(&r->columns, &r->cells, VW_CHAIN_SPOT), NULL);

    r->cells_before = r->cells.count;
    if (why[0] != '\0') {
        vw_chain_file_bad(r->out, r->out->line_count, why);
    }
    for (size_t i = 0; i < count; i++) {
        vw_chain_quoted option = {.row = rows[i], .spot = spot > 0 && isfinite(spot) ? spot : NAN};
        vw_err err;

        option.row.line = r->out->line_count;
        stamp(r, &option);
        err = keep(r, &option, error);
        if (err != VW_OK) {
            return err;
        }
    }
    return VW_OK;
}

static bool all_empty(const vw_chain_cells *cells)
{
    for (size_t i = 0; i < cells->count; i++) {
        if (cells->cell[i][0] != '\0') {
            return false;
        }
    }
    return true;
}

/* A line that is no comment, as cells. */
static vw_err read_cells(reader *r, vw_error *error)
{
    if (!r->has_header) {
        r->has_header = vw_chain_columns_find(&r->cells, &r->columns);
        if (r->has_header) {
            r->cells_before = r->cells.count;
            return VW_OK;
        }
        read_preamble(r);
        if (++r->preamble_lines > PREAMBLE_MAX) {
            return fail_here(r, "expected a header with expiry, strike, bid and ask by now", error);
        }
        return VW_OK;
    }
    if (!r->has_final_newline && r->cells.count < r->cells_before) {
        return fail_here(r, "the file ends in the middle of a row: cut short?", error);
    }
    return read_row(r, error);
}

/* Puts the next line into r->line without its end and returns VW_OK with *more, or what is wrong
 * with the file. */
static vw_err next_line(reader *r, bool *more, vw_error *error)
{
    size_t size = 0;
    int c, code = Z_OK;

    r->out->line_count++;
    while ((c = gzgetc(r->file)) != -1 && c != '\n') {
        if (c == '\0') {
            return fail_here(r, "a zero byte: binary data, expected a CSV (plain or gz)", error);
        }
        if (size + 2 > sizeof r->line) {
            return fail_here(r, "a line of more than 64 KiB: not a chain", error);
        }
        r->line[size++] = (char)c;
    }
    gzerror(r->file, &code);
    if (c == -1 && code == Z_ERRNO) {
        return vw_fail(error, VW_ERR_DATA, "%s: %s", r->out->name, strerror(errno));
    }
    if (c == -1 && code != Z_OK && code != Z_STREAM_END) {
        return fail_here(r, "the compressed data are damaged or cut short", error);
    }
    r->has_final_newline = c == '\n';
    while (size > 0 && r->line[size - 1] == '\r') {
        size--;
    }
    r->line[size] = '\0';
    *more = c == '\n' || size > 0;
    return VW_OK;
}

static vw_err read_line(reader *r, vw_error *error)
{
    const char *line = r->line;
    size_t size;

    if (r->out->line_count == 1 && strncmp(line, "\xef\xbb\xbf", 3) == 0) {
        line += 3;
    }
    if (line[strspn(line, " \t")] == '#') {
        read_comment(r, line);
        return VW_OK;
    }
    r->cells.count = 0;
    r->text_used = 0;
    r->line_done = false;
    size = strlen(line);
    if (csv_parse(&r->parser, line, size, on_cell, on_line, r) != size ||
        csv_parse(&r->parser, "\n", 1, on_cell, on_line, r) != 1) {
        return fail_here(r, csv_strerror(csv_error(&r->parser)), error);
    }
    if (!r->line_done && line[strspn(line, " \t")] != '\0') { /* still inside quotes */
        csv_fini(&r->parser, on_cell, on_line, r);
        if (r->has_header) {
            vw_chain_file_bad(r->out, r->out->line_count, "a quotation mark that is never closed");
            return VW_OK;
        }
    }
    return r->cells.count == 0 || all_empty(&r->cells) ? VW_OK : read_cells(r, error);
}

static vw_err read_lines(reader *r, vw_error *error)
{
    for (;;) {
        bool more = false;
        vw_err err = next_line(r, &more, error);

        if (err != VW_OK || !more) {
            return err;
        }
        err = read_line(r, error);
        if (err != VW_OK) {
            return err;
        }
    }
}

static gzFile open_file(const char *path)
{
    int copy;
    gzFile file;

    if (strcmp(path, "-") != 0) {
        return gzopen(path, "rb");
    }
    copy = dup(STDIN_FILENO);
    file = copy >= 0 ? gzdopen(copy, "rb") : NULL;
    if (file == NULL && copy >= 0) {
        close(copy);
    }
    return file;
}

static vw_err check(const reader *r, vw_error *error)
{
    const vw_chain_file *out = r->out;

    if (!r->has_header) {
        return fail_here(r, "expected a header with expiry, strike, bid and ask; found none",
                         error);
    }
    if (out->bad_rows > out->count) {
        return vw_fail(error, VW_ERR_DATA, "%s (and %zu more bad rows)", out->first_bad,
                       out->bad_rows - 1);
    }
    if (out->count == 0) {
        return fail_here(r, "expected options below the header, found none", error);
    }
    return VW_OK;
}

vw_err vw_chain_file_read(const char *path, vw_chain_file *file, vw_error *error)
{
    reader *r = calloc(1, sizeof *r);
    vw_err err;

    *file = (vw_chain_file){.name = strcmp(path, "-") == 0 ? "standard input" : path, .spot = NAN};
    if (r == NULL || csv_init(&r->parser, 0) != 0) {
        free(r);
        return vw_fail(error, VW_ERR_SYSTEM, "%s: out of memory", file->name);
    }
    r->out = file;
    r->file = open_file(path);
    if (r->file == NULL) {
        err = vw_fail(error, VW_ERR_DATA, "%s: %s", file->name, strerror(errno));
    } else {
        err = read_lines(r, error);
        gzclose(r->file);
    }
    if (err == VW_OK) {
        err = check(r, error);
    }
    csv_free(&r->parser);
    free(r);
    if (err != VW_OK) {
        vw_chain_file_free(file);
    }
    return err;
}

void vw_chain_file_free(vw_chain_file *file)
{
    free(file->options);
    file->options = NULL;
    file->count = 0;
}
