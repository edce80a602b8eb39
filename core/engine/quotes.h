/* quotes.h: the quotes and vols of one expiry group, in columns by ascending strike.
 *
 * What parity, implied vol and Black take is contiguous: prices are doubles, an empty side is 0.
 * Calls and puts have columns of their own; the vol belongs to the strike (that of its out-of-the-
 * money side; see mark.h).
 *
 * Threads  the engine's.
 * Memory   vw_quotes_size bytes from the caller.
 * Full     insert returns VW_ROW_NONE.
 * Order    strikes ascend strictly; insert moves the rows above it up by one. */
#ifndef VW_CORE_ENGINE_QUOTES_H
#define VW_CORE_ENGINE_QUOTES_H

#include "core/base/status.h"
#include "core/market/event.h"

#define VW_ROW_NONE UINT32_MAX

enum { VW_CALL, VW_PUT, VW_SIDES };

/* What no kernel takes of a quote, together: one cache line a tick instead of seven. */
typedef struct vw_quote_info {
    int64_t exchange_ns, receive_ns;
    uint32_t bid_size, ask_size;
    uint32_t sequence;
    uint32_t instrument; /* index, VW_INSTRUMENT_NONE while the series is not defined */
    uint8_t quality;     /* VW_QUOTE_ bits of the quote itself */
} vw_quote_info;

/* One side, calls or puts; of the newest quote of each series. */
typedef struct vw_quote_columns {
    double *bid, *ask; /* 0 when empty */
    vw_quote_info *info;
} vw_quote_columns;

typedef struct vw_quotes {
    uint32_t count, count_max; /* strikes */
    double *strike, *log_strike;
    double *vol;               /* 0: none, and none to carry */
    double *bid_vol, *ask_vol; /* 0: none */
    uint8_t *status;           /* vw_status of vol */
    uint8_t *quality;          /* VW_QUOTE_CARRIED, VW_QUOTE_STALE: of vol */
    vw_quote_columns side[VW_SIDES];
} vw_quotes;

/* vw_quotes_size returns the bytes for strikes_max, or 0 unless it is in [1, 65,536]. */
size_t vw_quotes_size(uint32_t strikes_max);

/* vw_quotes_init lays the columns out in mem, 64-byte aligned. */
void vw_quotes_init(vw_quotes *quotes, void *mem, uint32_t strikes_max);

/* vw_quotes_row returns the first row whose strike is not below strike, [0, count]. */
uint32_t vw_quotes_row(const vw_quotes *quotes, double strike);

/* vw_quotes_insert returns the row of strike, made if it was not there: empty, absent, without
 * vol. */
uint32_t vw_quotes_insert(vw_quotes *quotes, double strike);

/* vw_quotes_set takes a quote into a row; quality gains what prices and sizes show. */
void vw_quotes_set(vw_quote_columns *side, uint32_t row, const vw_event *event);

/* vw_quotes_clear empties both sides of a quote and keeps its stamps. */
void vw_quotes_clear(vw_quote_columns *side, uint32_t row);

#endif
