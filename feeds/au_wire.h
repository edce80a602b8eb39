/* au_wire.h: Cboe Australia PITCH as bytes: the order messages, for `decode`.
 *
 * The block header is that of pitch_wire.h; every message carries Unix time instead of an offset.
 *
 * Units    prices in 1/10,000,000; timestamps Unix nanoseconds.
 * Source   Cboe Australia PITCH 1.0.12, capture of 2025-05-27; section numbers are ours. */
#ifndef VW_FEEDS_AU_WIRE_H
#define VW_FEEDS_AU_WIRE_H

#include "feeds/pitch_wire.h"

typedef enum vw_au_type {
    VW_AU_ADD = 0x37,
    VW_AU_EXECUTED = 0x38,
    VW_AU_REDUCE = 0x39,
    VW_AU_MODIFY = 0x3A,
    VW_AU_DELETE = 0x3C,
    VW_AU_TRADE = 0x3D,
    VW_AU_CALCULATED = 0xE3,
} vw_au_type;

/* ---- 7. Cboe Australia ---------------------------------------------------------------------- */

typedef struct VW_PACKED vw_au_wire_stamp { /* also 0x3D trade, whose rest is not described */
    vw_wire_head head;
    uint64_t timestamp;
} vw_au_wire_stamp;
_Static_assert(sizeof(vw_au_wire_stamp) == 10, "7 message header");

typedef struct VW_PACKED vw_au_wire_add { /* 0x37 */
    vw_au_wire_stamp stamp;
    uint64_t order_id;
    char side;
    uint32_t quantity;
    char symbol[6];
    uint64_t price;
    char participant[4];
    uint8_t reserved;
} vw_au_wire_add;
_Static_assert(sizeof(vw_au_wire_add) == 42, "7 add order");

typedef struct VW_PACKED vw_au_wire_executed { /* 0x38 */
    vw_au_wire_stamp stamp;
    uint64_t order_id;
    uint32_t quantity;
    uint64_t execution_id;
    uint64_t contra_order_id;
    char contra_participant[4];
    uint8_t reserved;
} vw_au_wire_executed;
_Static_assert(sizeof(vw_au_wire_executed) == 43, "7 order executed");

typedef struct VW_PACKED vw_au_wire_reduce { /* 0x39 */
    vw_au_wire_stamp stamp;
    uint64_t order_id;
    uint32_t quantity;
} vw_au_wire_reduce;
_Static_assert(sizeof(vw_au_wire_reduce) == 22, "7 reduce size");

typedef struct VW_PACKED vw_au_wire_modify { /* 0x3A */
    vw_au_wire_stamp stamp;
    uint64_t order_id;
    uint32_t quantity;
    uint64_t price;
    uint8_t reserved;
} vw_au_wire_modify;
_Static_assert(sizeof(vw_au_wire_modify) == 31, "7 modify order");

typedef struct VW_PACKED vw_au_wire_delete { /* 0x3C */
    vw_au_wire_stamp stamp;
    uint64_t order_id;
} vw_au_wire_delete;
_Static_assert(sizeof(vw_au_wire_delete) == 18, "7 delete order");

typedef struct VW_PACKED vw_au_wire_calculated { /* 0xE3 */
    vw_au_wire_stamp stamp;
    char symbol[6];
    char category;
    int64_t value;
    uint64_t value_time;
} vw_au_wire_calculated;
_Static_assert(sizeof(vw_au_wire_calculated) == 33, "7 calculated value");

#endif
