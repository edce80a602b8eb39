/* top_wire.h: Cboe TOP (top of book) as bytes: what TOP has beside the messages of PITCH.
 *
 * Block header, Time, definitions, status and so on are those of pitch_wire.h and cfe_wire.h.
 *
 * Units    as pitch_wire.h; prices of CFE are signed (spreads).
 * Source   C1 TOP 1.2.54, CFE TOP 1.2.20; section numbers are ours. */
#ifndef VW_FEEDS_TOP_WIRE_H
#define VW_FEEDS_TOP_WIRE_H

#include "feeds/pitch_wire.h"

typedef enum vw_top_type {
    VW_TOP_UNKNOWN = 0,
    VW_TOP_SNAPSHOT_SHORT = 0xB2, /* CFE */
    VW_TOP_SNAPSHOT_LONG = 0xB3,
    VW_TOP_ONE_SIDE_SHORT = 0xB4,
    VW_TOP_ONE_SIDE_LONG = 0xB5,
    VW_TOP_TWO_SIDES_SHORT = 0xB6,
    VW_TOP_TWO_SIDES_LONG = 0xB7,
    VW_TOP_TRADE = 0xB8,             /* both */
    VW_TOP_ONE_SIDE_C1_SHORT = 0xD4, /* C1, expanded forms */
    VW_TOP_ONE_SIDE_C1_LONG = 0xD5,
    VW_TOP_TWO_SIDES_C1_SHORT = 0xD6,
    VW_TOP_TWO_SIDES_C1_LONG = 0xD7,
} vw_top_type;

/* ---- 5. both -------------------------------------------------------------------------------- */

typedef struct VW_PACKED vw_top_wire_trade { /* 0xB8 */
    vw_wire_stamp stamp;
    char symbol[6];
    uint32_t quantity;
    int64_t price;
    uint64_t execution_id;
    uint32_t volume; /* of the day so far */
    char condition;  /* X trade break */
} vw_top_wire_trade;
_Static_assert(sizeof(vw_top_wire_trade) == 37, "5 TOP trade");

/* ---- 5. C1 options -------------------------------------------------------------------------- */

typedef struct VW_PACKED vw_top_wire_one_side_c1_short { /* 0xD4 */
    vw_wire_stamp stamp;
    char symbol[6];
    char side;
    uint8_t flags; /* 0x08 all or none, 0x10 customer */
    uint16_t price;
    uint16_t quantity, customer_quantity;
} vw_top_wire_one_side_c1_short;
_Static_assert(sizeof(vw_top_wire_one_side_c1_short) == 20, "5 single side update, short");

typedef struct VW_PACKED vw_top_wire_one_side_c1_long { /* 0xD5 */
    vw_wire_stamp stamp;
    char symbol[6];
    char side;
    uint8_t flags;
    int64_t price;
    uint32_t quantity, customer_quantity;
} vw_top_wire_one_side_c1_long;
_Static_assert(sizeof(vw_top_wire_one_side_c1_long) == 30, "5 single side update, long");

typedef struct VW_PACKED vw_top_wire_two_sides_c1_short { /* 0xD6 */
    vw_wire_stamp stamp;
    char symbol[6];
    uint8_t flags;
    uint16_t bid, bid_quantity, bid_customer_quantity;
    uint16_t ask, ask_quantity, ask_customer_quantity;
} vw_top_wire_two_sides_c1_short;
_Static_assert(sizeof(vw_top_wire_two_sides_c1_short) == 25, "5 two side update, short");

typedef struct VW_PACKED vw_top_wire_two_sides_c1_long { /* 0xD7 */
    vw_wire_stamp stamp;
    char symbol[6];
    uint8_t flags;
    int64_t bid;
    uint32_t bid_quantity, bid_customer_quantity;
    int64_t ask;
    uint32_t ask_quantity, ask_customer_quantity;
} vw_top_wire_two_sides_c1_long;
_Static_assert(sizeof(vw_top_wire_two_sides_c1_long) == 45, "5 two side update, long");

/* ---- 5. CFE --------------------------------------------------------------------------------- */

typedef struct VW_PACKED vw_top_wire_snapshot_short { /* 0xB2 */
    vw_wire_stamp stamp;
    char symbol[6];
    uint32_t unit_timestamp; /* Unix seconds */
    int16_t bid;
    uint16_t bid_quantity;
    int16_t ask;
    uint16_t ask_quantity;
    int16_t last;
    uint16_t last_quantity;
    char condition;
    uint32_t volume;
    char status;
    uint8_t reserved[3];
} vw_top_wire_snapshot_short;
_Static_assert(sizeof(vw_top_wire_snapshot_short) == 37, "5 market snapshot, short");

typedef struct VW_PACKED vw_top_wire_snapshot_long { /* 0xB3 */
    vw_wire_stamp stamp;
    char symbol[6];
    uint32_t unit_timestamp;
    int64_t bid;
    uint32_t bid_quantity;
    int64_t ask;
    uint32_t ask_quantity;
    int64_t last;
    uint32_t last_quantity;
    char condition;
    uint32_t volume;
    char status;
    uint8_t reserved[3];
} vw_top_wire_snapshot_long;
_Static_assert(sizeof(vw_top_wire_snapshot_long) == 61, "5 market snapshot, long");

typedef struct VW_PACKED vw_top_wire_one_side_short { /* 0xB4 */
    vw_wire_stamp stamp;
    char symbol[6];
    char side;
    int16_t price;
    uint16_t quantity;
} vw_top_wire_one_side_short;
_Static_assert(sizeof(vw_top_wire_one_side_short) == 17, "5 single side update, short");

typedef struct VW_PACKED vw_top_wire_one_side_long { /* 0xB5 */
    vw_wire_stamp stamp;
    char symbol[6];
    char side;
    int64_t price;
    uint32_t quantity;
} vw_top_wire_one_side_long;
_Static_assert(sizeof(vw_top_wire_one_side_long) == 25, "5 single side update, long");

typedef struct VW_PACKED vw_top_wire_two_sides_short { /* 0xB6 */
    vw_wire_stamp stamp;
    char symbol[6];
    int16_t bid;
    uint16_t bid_quantity;
    int16_t ask;
    uint16_t ask_quantity;
} vw_top_wire_two_sides_short;
_Static_assert(sizeof(vw_top_wire_two_sides_short) == 20, "5 two side update, short");

typedef struct VW_PACKED vw_top_wire_two_sides_long { /* 0xB7 */
    vw_wire_stamp stamp;
    char symbol[6];
    int64_t bid;
    uint32_t bid_quantity;
    int64_t ask;
    uint32_t ask_quantity;
} vw_top_wire_two_sides_long;
_Static_assert(sizeof(vw_top_wire_two_sides_long) == 36, "5 two side update, long");

#endif
