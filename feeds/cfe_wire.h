/* cfe_wire.h: CFE multicast PITCH as bytes: what CFE has beside the shared messages.
 *
 * Units    as pitch_wire.h; prices are signed (spreads).
 * Source   CFE PITCH 1.2.8 (2024-08-09). */
#ifndef VW_FEEDS_CFE_WIRE_H
#define VW_FEEDS_CFE_WIRE_H

#include "feeds/pitch_wire.h"

/* ---- 4. CFE only ---------------------------------------------------------------------------- */

typedef struct VW_PACKED vw_wire_future { /* 0xBB futures instrument definition, then the legs */
    vw_wire_stamp stamp;
    char symbol[6];
    uint32_t unit_timestamp; /* Unix seconds; if not 0 it replaces the Time base here */
    char report_symbol[6];   /* VX monthly, VX01.. weekly */
    uint8_t flags;
    uint32_t expiration_date;
    uint16_t contract_size;
    char listing_state; /* A, I, T */
    int64_t price_increment;
    uint8_t leg_count;
    uint8_t leg_offset; /* of the first leg from the start of the message */
    uint8_t reserved;
} vw_wire_future;
_Static_assert(sizeof(vw_wire_future) == 41, "4 futures instrument definition before 2020-04-27");

typedef struct VW_PACKED vw_wire_future_dated {
    vw_wire_future future;
    uint32_t contract_date;
} vw_wire_future_dated;
_Static_assert(sizeof(vw_wire_future_dated) == 45, "4 futures instrument definition");

typedef struct VW_PACKED vw_wire_future_leg {
    int32_t ratio;
    char symbol[6];
} vw_wire_future_leg;
_Static_assert(sizeof(vw_wire_future_leg) == 10, "4 leg of a futures spread");

typedef struct VW_PACKED vw_wire_variance { /* 0xFA futures variance symbol mapping */
    vw_wire_stamp stamp;
    uint32_t unit_timestamp;
    char symbol[6];
    char futures_symbol[12];
    int64_t accrued; /* 1e-12 */
    uint16_t final_returns, elapsed_returns;
} vw_wire_variance;
_Static_assert(sizeof(vw_wire_variance) == 40, "4 futures variance symbol mapping");

typedef struct VW_PACKED vw_wire_price_limits { /* 0xBE */
    vw_wire_stamp stamp;
    char symbol[6];
    int64_t upper, lower;
} vw_wire_price_limits;
_Static_assert(sizeof(vw_wire_price_limits) == 28, "4 price limits");

typedef struct VW_PACKED vw_wire_settlement { /* 0xB9 */
    vw_wire_stamp stamp;
    char symbol[6];
    uint32_t trade_date;
    int64_t price;
    char issue; /* i, I, S, R */
} vw_wire_settlement;
_Static_assert(sizeof(vw_wire_settlement) == 25, "4 settlement");

typedef struct VW_PACKED vw_wire_open_interest { /* 0xD3 */
    vw_wire_stamp stamp;
    char symbol[6];
    uint32_t trade_date;
    uint32_t contracts;
} vw_wire_open_interest;
_Static_assert(sizeof(vw_wire_open_interest) == 20, "4 open interest");

typedef struct VW_PACKED vw_wire_day_summary { /* 0xBA */
    vw_wire_stamp stamp;
    char symbol[6];
    uint32_t trade_date;
    uint32_t open_interest;
    int64_t high, low, open, close;
    uint32_t volume, block_volume, ecrp_volume;
    uint8_t flags; /* 1 high valid, 2 high is bid, 4 low valid, 8 low is offer, 0x10 open, close */
} vw_wire_day_summary;
_Static_assert(sizeof(vw_wire_day_summary) == 65, "4 end of day summary");

#endif
