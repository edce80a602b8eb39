/* table.h: reference CSV of tests/data: cells by row and column name.
 *
 * Plain commas, no quoted cells; lines that begin with # are skipped.  A missing file or column, or
 * a row of another length, ends the test program: a wrong name must not pass as an empty table. */
#ifndef VW_TESTS_TABLE_H
#define VW_TESTS_TABLE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct vw_table {
    char *text;
    char **cells; /* the header's, then `columns` a row */
    size_t columns, rows;
} vw_table;

static inline void vw_table_stop(const char *why, const char *what)
{
    fprintf(stderr, "table: %s: %s\n", why, what);
    exit(1);
}

static inline char *vw_table_load(const char *path)
{
    FILE *file = fopen(path, "rb");
    size_t size = 0, room = 1 << 16;
    char *text = malloc(room + 1);

    if (file == NULL) {
        vw_table_stop("cannot open", path);
    }
    for (size_t got; (got = fread(text + size, 1, room - size, file)) > 0;) {
        size += got;
        if (size == room) {
            room *= 2;
            text = realloc(text, room + 1);
        }
    }
    fclose(file);
    text[size] = '\0';
    return text;
}

/* vw_table_read_path reads any such file. */
static inline vw_table vw_table_read_path(const char *path)
{
    vw_table table = {0};
    size_t used = 0, room = 0;

    table.text = vw_table_load(path);
    for (char *rest = table.text, *line; (line = strsep(&rest, "\n")) != NULL;) {
        size_t before = used;

        line[strcspn(line, "\r")] = '\0';
        if (line[0] == '#' || line[0] == '\0' || strncmp(line, "\"#", 2) == 0) {
            continue;
        }
        for (char *cell; (cell = strsep(&line, ",")) != NULL; used++) {
            if (used == room) {
                room = room == 0 ? 1024 : 2 * room;
                table.cells = realloc(table.cells, room * sizeof *table.cells);
            }
            table.cells[used] = cell;
        }
        if (table.columns == 0) {
            table.columns = used;
        } else if (used - before != table.columns) {
            vw_table_stop("a row is not as long as the header", path);
        }
    }
    table.rows = table.columns > 0 ? used / table.columns - 1 : 0;
    return table;
}

/* vw_table_read reads tests/data/<name>. */
static inline vw_table vw_table_read(const char *name)
{
    char path[512];

    snprintf(path, sizeof path, "%s/tests/data/%s", VW_SOURCE_DIR, name);
    return vw_table_read_path(path);
}

/* vw_table_text returns a cell; row counts from 0 below the header. */
static inline const char *vw_table_text(const vw_table *table, size_t row, const char *column)
{
    for (size_t i = 0; i < table->columns; i++) {
        if (strcmp(table->cells[i], column) == 0) {
            return table->cells[(row + 1) * table->columns + i];
        }
    }
    vw_table_stop("no such column", column);
    return NULL;
}

/* vw_table_number returns a cell as a double; NaN when it is empty. */
static inline double vw_table_number(const vw_table *table, size_t row, const char *column)
{
    const char *text = vw_table_text(table, row, column);

    return *text != '\0' ? strtod(text, NULL) : strtod("nan", NULL);
}

static inline void vw_table_free(vw_table *table)
{
    free(table->cells);
    free(table->text);
}

#endif
