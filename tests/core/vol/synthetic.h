/* synthetic.h: the slices of tests/data/synthetic_chain.csv as parity columns, with their truth. */
#ifndef VW_TESTS_CORE_VOL_SYNTHETIC_H
#define VW_TESTS_CORE_VOL_SYNTHETIC_H

#include "core/vol/forward.h"

#include "tests/table.h"

enum { SYNTHETIC_SLICES = 7, SYNTHETIC_STRIKES_MAX = 1024 };

typedef struct synthetic_slice {
    char name[16];
    double strike[SYNTHETIC_STRIKES_MAX];
    double call_bid[SYNTHETIC_STRIKES_MAX], call_ask[SYNTHETIC_STRIKES_MAX];
    double put_bid[SYNTHETIC_STRIKES_MAX], put_ask[SYNTHETIC_STRIKES_MAX];
    double true_vol[SYNTHETIC_STRIKES_MAX]; /* NaN on W1D */
    size_t count;
    double years, true_forward, true_discount;
} synthetic_slice;

/* synthetic_load fills the slices in file order, which is by expiry, and returns their number. */
static inline size_t synthetic_load(synthetic_slice slices[SYNTHETIC_SLICES])
{
    vw_table table = vw_table_read("synthetic_chain.csv");
    size_t count = 0;

    for (size_t row = 0; row < table.rows; row++) {
        const char *name = vw_table_text(&table, row, "slice");
        synthetic_slice *slice = &slices[count > 0 ? count - 1 : 0];

        if (count == 0 || strcmp(slice->name, name) != 0) {
            slice = &slices[count++];
            memset(slice, 0, sizeof *slice);
            snprintf(slice->name, sizeof slice->name, "%s", name);
            slice->years = vw_table_number(&table, row, "minutes") / 525600;
            slice->true_forward = vw_table_number(&table, row, "true_F");
            slice->true_discount = vw_table_number(&table, row, "true_D");
        }
        slice->strike[slice->count] = vw_table_number(&table, row, "strike");
        slice->call_bid[slice->count] = vw_table_number(&table, row, "call_bid");
        slice->call_ask[slice->count] = vw_table_number(&table, row, "call_ask");
        slice->put_bid[slice->count] = vw_table_number(&table, row, "put_bid");
        slice->put_ask[slice->count] = vw_table_number(&table, row, "put_ask");
        slice->true_vol[slice->count] = vw_table_number(&table, row, "true_iv");
        slice->count++;
    }
    vw_table_free(&table);
    return count;
}

static inline vw_parity synthetic_parity(const synthetic_slice *slice, double discount)
{
    return (vw_parity){slice->strike,  slice->call_bid, slice->call_ask, slice->put_bid,
                       slice->put_ask, slice->count,    slice->years,    0.05,
                       discount};
}

#endif
