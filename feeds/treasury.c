#include "feeds/treasury.h"

#include "feeds/chain_time.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { COLUMNS_MAX = 32, OLDEST_DAYS = 7 };

/* Splits a line in place at its commas; the quotation marks around cells are dropped. */
static size_t split(char *line, char *cells[COLUMNS_MAX])
{
    size_t count = 0;
    char *cell;

    line[strcspn(line, "\r\n")] = '\0';
    while ((cell = strsep(&line, ",")) != NULL && count < COLUMNS_MAX) {
        size_t size;

        cell += strspn(cell, " \"");
        size = strlen(cell);
        while (size > 0 && strchr(" \"", cell[size - 1]) != NULL) {
            cell[--size] = '\0';
        }
        cells[count++] = cell;
    }
    return count;
}

/* "DGS3MO", "DGS1", "3 Mo", "1.5 Month", "2 Yr" in years; 0 if the column is no maturity. */
static double maturity(const char *name)
{
    char *end;
    double number;

    if (strncasecmp(name, "DGS", 3) == 0) {
        name += 3;
    }
    if (!isdigit((unsigned char)name[0])) {
        return 0;
    }
    number = strtod(name, &end);
    end += strspn(end, " ");
    if (!(number > 0 && number <= 100)) {
        return 0;
    }
    return toupper((unsigned char)end[0]) == 'M' ? number / 12 : number;
}

/* Puts the yields of a row behind their maturities, in ascending order. */
static void take_row(const double *columns, char *const *cells, size_t count, uint32_t date,
                     vw_treasury *out)
{
    out->date = date;
    out->count = 0;
    for (size_t i = 1; i < count; i++) {
        char *end;
        double yield = strtod(cells[i], &end);
        size_t at = out->count;

        if (columns[i] == 0 || end == cells[i] || *end != '\0' || !isfinite(yield) ||
            out->count == VW_TREASURY_MATURITIES_MAX) {
            continue;
        }
        for (; at > 0 && out->years[at - 1] > columns[i]; at--) {
            out->years[at] = out->years[at - 1];
            out->yield[at] = out->yield[at - 1];
        }
        out->years[at] = columns[i];
        out->yield[at] = yield;
        out->count++;
    }
    for (size_t i = 1; i < out->count; i++) { /* a maturity given twice: no row */
        out->count = out->years[i] > out->years[i - 1] ? out->count : 0;
    }
}

/* Second derivatives of the natural spline: its tridiagonal equations, solved downwards and up. */
static void bend(vw_treasury *curve)
{
    double upper[VW_TREASURY_MATURITIES_MAX] = {0};
    size_t last = curve->count - 1;

    memset(curve->bend, 0, sizeof curve->bend);
    for (size_t i = 1; i < last; i++) {
        double left = curve->years[i] - curve->years[i - 1];
        double right = curve->years[i + 1] - curve->years[i];
        double slope = (curve->yield[i + 1] - curve->yield[i]) / right -
                       (curve->yield[i] - curve->yield[i - 1]) / left;
        double pivot = 2 * (left + right) - left * upper[i - 1];

        upper[i] = right / pivot;
        curve->bend[i] = (6 * slope - left * curve->bend[i - 1]) / pivot;
    }
    for (size_t i = last; i-- > 1;) {
        curve->bend[i] -= upper[i] * curve->bend[i + 1];
    }
}

static vw_err read_rows(gzFile file, const char *path, uint32_t date, vw_treasury *out,
                        vw_error *error)
{
    double columns[COLUMNS_MAX] = {0};
    char line[4096], *cells[COLUMNS_MAX];
    size_t number = 0, maturities = 0;

    while (gzgets(file, line, sizeof line) != NULL) {
        size_t count = split(line, cells);
        uint32_t of = 0;

        number++;
        if (maturities == 0) {
            for (size_t i = 1; i < count; i++) {
                columns[i] = maturity(cells[i]);
                maturities += columns[i] > 0;
            }
            if (maturities < 2) {
                return vw_fail(error, VW_ERR_DATA,
                               "%s:%zu: expected a header with maturities such as DGS1MO or 1 Mo",
                               path, number);
            }
        } else if (count > 1 && vw_chain_time_date(cells[0], &of) && of <= date && of > out->date) {
            vw_treasury row;

            take_row(columns, cells, count, of, &row);
            if (row.count >= 2) {
                *out = row;
            }
        }
    }
    return VW_OK;
}

vw_err vw_treasury_read(const char *path, uint32_t date, vw_treasury *treasury, vw_error *error)
{
    gzFile file = gzopen(path, "rb");
    vw_err err;

    *treasury = (vw_treasury){0};
    if (file == NULL) {
        return vw_fail(error, VW_ERR_DATA, "%s: %s", path, strerror(errno));
    }
    err = read_rows(file, path, date, treasury, error);
    gzclose(file);
    if (err != VW_OK) {
        return err;
    }
    if (treasury->count == 0 || vw_calendar_days(treasury->date, date) > OLDEST_DAYS) {
        return vw_fail(error, VW_ERR_DATA, "%s: no yields in the %d days up to %u", path,
                       OLDEST_DAYS, date);
    }
    bend(treasury);
    return VW_OK;
}

static double yield_at(const vw_treasury *curve, double years)
{
    size_t i = 0, last = curve->count - 1;
    double width, left, right, value, low, high;

    if (years <= curve->years[0]) {
        return curve->yield[0];
    }
    if (years >= curve->years[last]) {
        return curve->yield[last];
    }
    while (years > curve->years[i + 1]) {
        i++;
    }
    width = curve->years[i + 1] - curve->years[i];
    right = (years - curve->years[i]) / width;
    left = 1 - right;
    value = left * curve->yield[i] + right * curve->yield[i + 1] +
            width * width / 6 *
                ((left * left * left - left) * curve->bend[i] +
                 (right * right * right - right) * curve->bend[i + 1]);
    low = fmin(curve->yield[i], curve->yield[i + 1]);
    high = fmax(curve->yield[i], curve->yield[i + 1]);
    return fmin(fmax(value, low), high);
}

double vw_treasury_rate(const vw_treasury *treasury, double years)
{
    return 2 * log1p(yield_at(treasury, years) / 200);
}
