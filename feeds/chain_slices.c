#include "feeds/chain_slices.h"

#include "core/market/event.h"

#include <stdlib.h>
#include <string.h>

enum { QUOTE_COLUMNS = 5, ROW_COLUMNS = 2 };

static bool same_slice(const vw_symbol *a, const vw_symbol *b)
{
    return a->expiry == b->expiry && strcmp(a->root, b->root) == 0;
}

static bool same_strike(const vw_symbol *a, const vw_symbol *b)
{
    return same_slice(a, b) && a->strike == b->strike;
}

/* Rows are sorted: a new slice or strike starts where a row differs from the one before. */
static void count_parts(const vw_chain *chain, size_t *slices, size_t *strikes)
{
    *slices = *strikes = 0;
    for (size_t i = 0; i < chain->count; i++) {
        const vw_symbol *now = &chain->rows[i].symbol;
        const vw_symbol *before = i > 0 ? &chain->rows[i - 1].symbol : NULL;

        *slices += before == NULL || !same_slice(before, now);
        *strikes += before == NULL || !same_strike(before, now);
    }
}

/* The columns of all slices, one after the other. */
typedef struct columns {
    double *quote[QUOTE_COLUMNS]; /* strike, call bid and ask, put bid and ask */
    const vw_chain_row **row[ROW_COLUMNS];
} columns;

static void set_row(columns *to, size_t at, const vw_chain_row *row)
{
    int put = row->symbol.type == 'P';

    to->quote[0][at] = (double)row->symbol.strike / (double)VW_PRICE_ONE;
    to->quote[1 + 2 * put][at] = row->bid;
    to->quote[2 + 2 * put][at] = row->ask;
    to->row[put][at] = row;
}

static void open_slice(vw_chain_slice *slice, const vw_chain_row *row, const columns *from,
                       size_t at)
{
    *slice = (vw_chain_slice){.expiry = row->symbol.expiry,
                              .settlement = row->settlement,
                              .strike = from->quote[0] + at,
                              .call_bid = from->quote[1] + at,
                              .call_ask = from->quote[2] + at,
                              .put_bid = from->quote[3] + at,
                              .put_ask = from->quote[4] + at,
                              .call = from->row[0] + at,
                              .put = from->row[1] + at};
    memcpy(slice->root, row->symbol.root, sizeof slice->root);
}

vw_err vw_chain_slices_make(const vw_chain *chain, vw_chain_slices *slices, vw_error *error)
{
    size_t slice_count, strikes, at = 0;
    vw_chain_slice *slice = NULL;
    columns to;
    char *memory;

    count_parts(chain, &slice_count, &strikes);
    memory = calloc(1, slice_count * sizeof *slice + strikes * (QUOTE_COLUMNS * sizeof(double) +
                                                                ROW_COLUMNS * sizeof(void *)));
    *slices = (vw_chain_slices){0};
    if (memory == NULL) {
        return vw_fail(error, VW_ERR_SYSTEM, "%s: out of memory", chain->path);
    }
    *slices = (vw_chain_slices){(vw_chain_slice *)(void *)memory, 0, memory};
    memory += slice_count * sizeof *slice;
    for (size_t i = 0; i < QUOTE_COLUMNS; i++, memory += strikes * sizeof(double)) {
        to.quote[i] = (double *)(void *)memory;
    }
    for (size_t i = 0; i < ROW_COLUMNS; i++, memory += strikes * sizeof(void *)) {
        to.row[i] = (const vw_chain_row **)(void *)memory;
    }
    for (size_t i = 0; i < chain->count; i++) {
        const vw_symbol *now = &chain->rows[i].symbol;
        const vw_symbol *before = i > 0 ? &chain->rows[i - 1].symbol : now;

        at += !same_strike(before, now);
        if (slice == NULL || !same_slice(before, now)) {
            slice = &slices->list[slices->count++];
            open_slice(slice, &chain->rows[i], &to, at);
        }
        set_row(&to, at, &chain->rows[i]);
        slice->count = (size_t)(&to.quote[0][at] - slice->strike) + 1;
    }
    return VW_OK;
}

void vw_chain_slices_free(vw_chain_slices *slices)
{
    free(slices->memory);
    *slices = (vw_chain_slices){0};
}
