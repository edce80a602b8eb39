/* series.h: the feed's series: found by feed symbol, defined by contract; what was sent of each.
 *
 * A feed symbol belongs to a day and a channel, a contract to the world: when a symbol comes to
 * mean another contract, it is pointed to that contract's series.  Orders may come before the
 * definition: their symbol gets a series without a contract, which the definition fills in.
 *
 * Threads  one thread; the fields of vw_series are the feed's to write.
 * Memory   vw_series_size bytes from the caller.
 * Full     no more series: VW_SERIES_NONE.  Series without a contract take at most half of them. */
#ifndef VW_FEEDS_SERIES_H
#define VW_FEEDS_SERIES_H

#include "core/base/base.h"

#define VW_SERIES_NONE UINT32_MAX
#define VW_SERIES_SKIPPED (UINT32_MAX - 1) /* defined, but not one we keep: a spread, a test */

typedef struct vw_contract {
    char root[8]; /* NUL-padded */
    char type;    /* 'C', 'P', 'F' */
    bool weekly;
    char settlement;
    uint32_t expiry, multiplier;
    int64_t strike;
} vw_contract;

/* What still has to be sent of a series. */
enum {
    VW_PENDING_DEFINITION = 1,
    VW_PENDING_TRADING = 2,
    VW_PENDING_SETTLEMENT = 4,
    VW_PENDING_QUOTE = 8
};

typedef struct vw_series {
    alignas(VW_LINE_PAIR) int64_t sent_price[2]; /* bid, offer as last sent */
    uint32_t sent_size[2];
    uint32_t known[2];   /* the unit's known_epoch when the side was last announced */
    int64_t exchange_ns; /* of the last message that changed it */
    int64_t receive_ns;
    uint32_t sequence;
    uint8_t unit; /* index in the feed */
    uint8_t channel;
    uint8_t sent_quality;
    uint8_t pending;   /* VW_PENDING_ bits */
    bool topped;       /* its best comes without orders: TOP, OPRA, DBN */
    bool consolidated; /* DBN: the consolidated publisher has spoken of it */
    bool queued;       /* in the feed's list of changed series */
    bool defined;      /* contract is filled in */
    char status;       /* last heard; 0 none */
    char issue;        /* of the settlement */
    uint32_t settlement_date;
    int64_t settlement_price;
    vw_contract contract;
} vw_series;

typedef struct vw_series_table vw_series_table;

/* vw_series_size returns the bytes for so many series, or 0 unless series_max is in [1, 2^26]. */
size_t vw_series_size(uint32_t series_max);

/* vw_series_init lays it out in mem, VW_LINE_PAIR aligned. */
vw_series_table *vw_series_init(void *mem, uint32_t series_max);

/* vw_series_find returns the series of a feed symbol, VW_SERIES_SKIPPED or VW_SERIES_NONE. */
uint32_t vw_series_find(const vw_series_table *table, uint8_t channel, const char symbol[8]);

/* vw_series_await makes a series without a contract for a symbol that has none. */
uint32_t vw_series_await(vw_series_table *table, uint8_t channel, const char symbol[8]);

/* vw_series_define gives symbol its contract and returns the series; *fresh: it was not defined
 * before. */
uint32_t vw_series_define(vw_series_table *table, uint8_t channel, const char symbol[8],
                          const vw_contract *contract, bool *fresh);

/* vw_series_contract finds or makes the series of a contract that has no feed symbol. */
uint32_t vw_series_contract(vw_series_table *table, uint8_t channel, const vw_contract *contract,
                            bool *fresh);

/* vw_series_skip notes that a symbol is not of interest, as long as there is room to note it. */
void vw_series_skip(vw_series_table *table, uint8_t channel, const char symbol[8]);

/* vw_series_at returns series index in [0, vw_series_count). */
static inline vw_series *vw_series_at(vw_series_table *table, uint32_t index);
static inline uint32_t vw_series_count(const vw_series_table *table);

/* ---- inline definitions --------------------------------------------------------------------- */

struct vw_series_table {
    vw_series *series;
    struct vw_symbol_slot *symbols; /* 4 per series: symbols of some days */
    uint32_t *contracts;            /* index + 1 by contract; 0: free; 2 per series */
    uint64_t symbol_mask, contract_mask;
    uint64_t symbol_count;
    uint32_t series_max, count;
    uint32_t waiting; /* series without a contract */
};

static inline vw_series *vw_series_at(vw_series_table *table, uint32_t index)
{
    vw_check_hot(index < table->count);
    return &table->series[index];
}

static inline uint32_t vw_series_count(const vw_series_table *table)
{
    return table->count;
}

#endif
