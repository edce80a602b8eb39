/* opra_wire.h: OPRA binary output as bytes: block header, message header, every category.
 *
 * No message carries its length: it follows from category, type and BBO indicator.
 *
 * Units    all integers big-endian; prices by the denominator code before them, or with the
 * decimals named here; text left justified, space padded. Source   OPRA Pillar output 6.2
 * and 6.3.a, captures of 2023-11-29; section numbers are ours. */
#ifndef VW_FEEDS_OPRA_WIRE_H
#define VW_FEEDS_OPRA_WIRE_H

#include "core/base/base.h"

#define VW_OPRA_PACKED __attribute__((packed))

/* Message category. */
typedef enum vw_opra_category {
    VW_OPRA_UNKNOWN = 0,
    VW_OPRA_ADMINISTRATIVE = 'C',
    VW_OPRA_CONTROL = 'H',
    VW_OPRA_SERIES_MAPPING = 'R',
    VW_OPRA_INDEX = 'Y',
    VW_OPRA_LAST_SALE = 'a',
    VW_OPRA_OPEN_INTEREST = 'd',
    VW_OPRA_DAY_SUMMARY = 'f',
    VW_OPRA_LONG_QUOTE = 'k',
    VW_OPRA_SHORT_QUOTE = 'q',
} vw_opra_category;

/* ---- 1. block header, one per datagram ------------------------------------------------------ */

typedef struct VW_OPRA_PACKED vw_opra_wire_block {
    uint8_t version;     /* 6 */
    uint16_t size;       /* whole block: header, messages and pad */
    char feed;           /* O */
    char retransmission; /* ' ' original, V retransmitted */
    uint8_t session;     /* 0 regular, X pre-market, 1..5 overnight */
    uint32_t sequence;   /* of the first message */
    uint8_t count;       /* messages */
    uint32_t seconds;    /* Unix */
    uint32_t nanoseconds;
    uint16_t checksum; /* sum of all bytes of the block, these two taken as 0 */
} vw_opra_wire_block;
_Static_assert(sizeof(vw_opra_wire_block) == 21, "1 block header");

/* ---- 2. message header ---------------------------------------------------------------------- */

typedef struct VW_OPRA_PACKED vw_opra_wire_head {
    char participant;
    char category;
    char type;      /* meaning depends on the category */
    char indicator; /* quotes: the BBO indicator */
    uint32_t transaction_id;
    uint32_t reference; /* of the participant */
} vw_opra_wire_head;
_Static_assert(sizeof(vw_opra_wire_head) == 12, "2 message header");

/* ---- 3. common blocks ----------------------------------------------------------------------- */

typedef struct VW_OPRA_PACKED vw_opra_wire_expiration {
    char month; /* A..L call January..December, M..X put */
    uint8_t day;
    uint8_t year; /* - 2000 */
} vw_opra_wire_expiration;
_Static_assert(sizeof(vw_opra_wire_expiration) == 3, "3 expiration block");

typedef struct VW_OPRA_PACKED vw_opra_wire_series {
    char symbol[5];
    uint8_t reserved;
    vw_opra_wire_expiration expiration;
    char strike_denominator; /* decimals: A 1 .. H 8, I 0 */
    uint32_t strike;
} vw_opra_wire_series;
_Static_assert(sizeof(vw_opra_wire_series) == 14, "3 series of all but the short quote");

typedef struct VW_OPRA_PACKED vw_opra_wire_appendage {
    char participant;
    char denominator;
    int32_t price;
    uint32_t size;
} vw_opra_wire_appendage;
_Static_assert(sizeof(vw_opra_wire_appendage) == 10, "3 best bid or best offer appendage");

/* ---- 4. messages ---------------------------------------------------------------------------- */

typedef struct VW_OPRA_PACKED vw_opra_wire_long_quote { /* k */
    vw_opra_wire_head head;
    vw_opra_wire_series series;
    char denominator; /* of bid and offer */
    int32_t bid;
    uint32_t bid_size;
    int32_t offer;
    uint32_t offer_size;
} vw_opra_wire_long_quote;
_Static_assert(sizeof(vw_opra_wire_long_quote) == 43, "4 k long quote, before appendages");

typedef struct VW_OPRA_PACKED vw_opra_wire_short_quote { /* q */
    vw_opra_wire_head head;
    char symbol[4];
    vw_opra_wire_expiration expiration;
    uint16_t strike; /* 1 decimal */
    uint16_t bid;    /* 2 decimals */
    uint16_t bid_size;
    uint16_t offer; /* 2 decimals */
    uint16_t offer_size;
} vw_opra_wire_short_quote;
_Static_assert(sizeof(vw_opra_wire_short_quote) == 29, "4 q short quote, before appendages");

typedef struct VW_OPRA_PACKED vw_opra_wire_last_sale { /* a; type = sale condition */
    vw_opra_wire_head head;
    vw_opra_wire_series series;
    uint32_t volume;
    char denominator;
    int32_t premium;
    uint32_t trade_id;
    uint32_t reserved;
} vw_opra_wire_last_sale;
_Static_assert(sizeof(vw_opra_wire_last_sale) == 43, "4 a last sale");

typedef struct VW_OPRA_PACKED vw_opra_wire_open_interest { /* d */
    vw_opra_wire_head head;
    vw_opra_wire_series series;
    uint32_t open_interest;
} vw_opra_wire_open_interest;
_Static_assert(sizeof(vw_opra_wire_open_interest) == 30, "4 d open interest");

typedef struct VW_OPRA_PACKED vw_opra_wire_day_summary { /* f */
    vw_opra_wire_head head;
    vw_opra_wire_series series;
    uint32_t volume;
    uint32_t open_interest;
    char denominator; /* of all prices but the underlying's */
    int32_t open, high, low, last, net_change;
    char underlying_denominator;
    int64_t underlying;
    int32_t bid, offer;
} vw_opra_wire_day_summary;
_Static_assert(sizeof(vw_opra_wire_day_summary) == 72, "4 f end of day summary");

typedef struct VW_OPRA_PACKED vw_opra_wire_index { /* Y; type ' ' = by last sale */
    vw_opra_wire_head head;
    char symbol[5];
    uint8_t reserved;
    char denominator;
    int32_t value; /* type I: the bid */
    uint32_t reserved_value;
} vw_opra_wire_index;
_Static_assert(sizeof(vw_opra_wire_index) == 27, "4 Y index value by last sale");

typedef struct VW_OPRA_PACKED
    vw_opra_wire_index_quote { /* Y I; offer of 4 bytes: see vw_opra_form */
    vw_opra_wire_head head;
    char symbol[5];
    uint8_t reserved;
    char denominator;
    int32_t bid;
    int64_t offer;
} vw_opra_wire_index_quote;
_Static_assert(sizeof(vw_opra_wire_index_quote) == 31, "4 Y I index value by bid and offer");

typedef struct VW_OPRA_PACKED vw_opra_wire_mapping { /* R */
    vw_opra_wire_head head;
    char symbol[5];
    vw_opra_wire_expiration expiration;
    char strike_denominator;
    uint32_t strike;
    uint16_t line; /* multicast line that carries the series */
    uint8_t reserved[128];
} vw_opra_wire_mapping;
_Static_assert(sizeof(vw_opra_wire_mapping) == 155, "4 R series mapping");

typedef struct VW_OPRA_PACKED vw_opra_wire_text { /* C, H before 6.2; then the text */
    vw_opra_wire_head head;
    uint16_t size;
} vw_opra_wire_text;
_Static_assert(sizeof(vw_opra_wire_text) == 14, "4 C administrative");

#endif
