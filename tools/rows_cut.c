#include "tools/rows_cut.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

/* The end of a quoted cell that starts at `at`; NULL when it is not closed.  A doubled quote is a
 * quote within. */
static const char *quoted_end(const char *at, const char *end)
{
    const char *close = at + 1;

    while ((close = memchr(close, '"', (size_t)(end - close))) != NULL) {
        if (close + 1 == end || close[1] != '"') {
            return close + 1;
        }
        close += 2;
    }
    return NULL;
}

size_t vw_cells_cut(const char *line, size_t size, vw_cell *cells, size_t max)
{
    const char *end = line + size, *at = line;
    size_t count = 0;

    for (;;) {
        const char *from = at, *comma;

        while (at < end && (*at == ' ' || *at == '\t')) {
            at++;
        }
        if (at < end && *at == '"') {
            at = quoted_end(at, end);
            if (at == NULL) {
                return SIZE_MAX;
            }
        }
        comma = memchr(at, ',', (size_t)(end - at));
        if (count < max) {
            cells[count] = (vw_cell){from, (size_t)((comma != NULL ? comma : end) - from)};
        }
        count++;
        if (comma == NULL) {
            return count;
        }
        at = comma + 1;
    }
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

vw_cell vw_cell_content(vw_cell cell)
{
    while (cell.size > 0 && is_blank(cell.text[0])) {
        cell.text++;
        cell.size--;
    }
    while (cell.size > 0 && is_blank(cell.text[cell.size - 1])) {
        cell.size--;
    }
    if (cell.size >= 2 && cell.text[0] == '"' && cell.text[cell.size - 1] == '"') {
        cell.text++;
        cell.size -= 2;
    }
    return cell;
}

bool vw_cell_is(vw_cell cell, const char *word)
{
    cell = vw_cell_content(cell);
    return cell.size == strlen(word) && strncasecmp(cell.text, word, cell.size) == 0;
}
