#include "tools/rows_write.h"

#include "core/base/status.h"
#include "tools/decimal.h"

#include <errno.h>
#include <jansson.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

static void write_all(vw_rows_sink *sink, const char *text, size_t size)
{
    while (size > 0 && sink->failed == 0) {
        ssize_t wrote = write(STDOUT_FILENO, text, size);

        if (wrote > 0) {
            text += wrote;
            size -= (size_t)wrote;
        } else if (wrote < 0 && errno != EINTR) {
            sink->failed = errno;
        }
    }
}

void vw_rows_flush(vw_rows_sink *sink)
{
    write_all(sink, sink->buffer, sink->used);
    sink->used = 0;
}

static void put(vw_rows_sink *sink, const char *text, size_t size)
{
    if (size > VW_ROWS_SINK_SIZE - sink->used) {
        vw_rows_flush(sink);
        if (size > VW_ROWS_SINK_SIZE) {
            write_all(sink, text, size);
            return;
        }
    }
    memcpy(sink->buffer + sink->used, text, size);
    sink->used += size;
}

static void put_text(vw_rows_sink *sink, const char *text)
{
    put(sink, text, strlen(text));
}

static void put_number(vw_rows_sink *sink, double value)
{
    if (isnan(value)) {
        return;
    }
    if (VW_ROWS_SINK_SIZE - sink->used < VW_DECIMAL_SIZE_MAX) {
        vw_rows_flush(sink);
    }
    sink->used += vw_decimal_print(sink->buffer + sink->used, value);
}

static void put_output(vw_rows_sink *sink, const vw_rows_layout *layout, const vw_rows_batch *batch,
                       size_t i, size_t output)
{
    if (output == layout->output_count) {
        put_text(sink, vw_status_name(batch->status[i]));
    } else {
        put_number(sink, batch->out[output][i]);
    }
}

static void put_cell(vw_rows_sink *sink, vw_cell cell)
{
    put(sink, cell.text, cell.size);
}

void vw_rows_write_header(vw_rows_sink *sink, const vw_rows_layout *layout)
{
    for (size_t c = 0; c < layout->columns; c++) {
        put(sink, ",", c > 0);
        put_cell(sink, layout->header[c]);
    }
    for (size_t o = 0; o <= layout->output_count; o++) {
        if (layout->appended[o]) {
            put(sink, ",", 1);
            put_text(sink, o < layout->output_count ? layout->outputs[o] : "status");
        }
    }
    put(sink, "\n", 1);
}

void vw_rows_write_csv(vw_rows_sink *sink, const vw_rows_layout *layout, const vw_rows_row *row,
                       const vw_rows_batch *batch, size_t i)
{
    if (row->line != NULL && !layout->replaces) {
        put(sink, row->line, row->size);
    } else {
        for (size_t c = 0; c < layout->columns; c++) {
            put(sink, ",", c > 0);
            if (layout->column_output[c] >= 0) {
                put_output(sink, layout, batch, i, (size_t)layout->column_output[c]);
            } else {
                put_cell(sink, row->cells[c]);
            }
        }
    }
    for (size_t o = 0; o <= layout->output_count; o++) {
        if (layout->appended[o]) {
            put(sink, ",", 1);
            put_output(sink, layout, batch, i, o);
        }
    }
    put(sink, "\n", 1);
}

static json_t *json_number(double value)
{
    return isfinite(value) ? json_real(value + 0) : json_null();
}

static json_t *json_text(vw_cell cell)
{
    json_t *text;

    cell = vw_cell_content(cell);
    text = json_stringn(cell.text, cell.size);
    return text != NULL ? text : json_null(); /* not UTF-8 */
}

static void set_output(json_t *object, const char *name, const vw_rows_layout *layout,
                       const vw_rows_batch *batch, size_t i, size_t output)
{
    json_object_set_new(object, name,
                        output == layout->output_count
                            ? json_string(vw_status_name(batch->status[i]))
                            : json_number(batch->out[output][i]));
}

static int put_json(const char *text, size_t size, void *sink)
{
    put(sink, text, size);
    return 0;
}

static json_t *json_input(const vw_rows_layout *layout, const vw_rows_row *row,
                          const vw_rows_batch *batch, size_t i, size_t column)
{
    for (size_t k = 1; k < layout->input_count; k++) {
        if (layout->input_column[k] == column) {
            return json_number(batch->in[k][i]);
        }
    }
    return json_text(row->cells[column]);
}

enum { KEY_SIZE = 256 };

/* The name of a column; where it is not UTF-8, or was cut within a character, JSON would drop it:
 * then with ? for what is not ASCII. */
static void make_key(vw_cell header, char key[KEY_SIZE])
{
    vw_cell name = vw_cell_content(header);
    size_t size = name.size < KEY_SIZE ? name.size : KEY_SIZE - 1;
    bool plain = true;
    json_t *text;

    memcpy(key, name.text, size);
    key[size] = '\0';
    for (size_t i = 0; i < size; i++) {
        plain = plain && (key[i] & 0x80) == 0;
    }
    text = plain ? NULL : json_string(key);
    for (size_t i = 0; i < size && !plain && text == NULL; i++) {
        key[i] = (key[i] & 0x80) == 0 ? key[i] : '?';
    }
    json_decref(text);
}

void vw_rows_write_json(vw_rows_sink *sink, const vw_rows_layout *layout, const vw_rows_row *row,
                        const vw_rows_batch *batch, size_t i)
{
    json_t *object = json_object();

    for (size_t c = 0; c < layout->columns; c++) {
        char key[KEY_SIZE];

        make_key(layout->header[c], key);
        if (layout->column_output[c] >= 0) {
            set_output(object, key, layout, batch, i, (size_t)layout->column_output[c]);
        } else {
            json_object_set_new(object, key, json_input(layout, row, batch, i, c));
        }
    }
    for (size_t o = 0; o <= layout->output_count; o++) {
        if (layout->appended[o]) {
            set_output(object, o < layout->output_count ? layout->outputs[o] : "status", layout,
                       batch, i, o);
        }
    }
    json_dump_callback(object, put_json, sink, JSON_COMPACT | JSON_REAL_PRECISION(17));
    put(sink, "\n", 1);
    json_decref(object);
}
