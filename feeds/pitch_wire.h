/* pitch_wire.h: Cboe multicast PITCH as bytes: block header, shared messages, C1 options messages.
 *
 * Layouts shared by C1 options, its complex book and CFE futures come first; fields that only C1
 * has at the end of a shared message are the _c1 structs.  Messages grow at the end: a longer one
 * is read by its known part.
 *
 * Units    prices: i64 in 1/10,000, i16/u16 in 1/100; times: seconds or nanoseconds as named; dates
 *          decimal yyyymmdd; text left justified, space padded.
 * Source   Cboe CFE PITCH 1.2.8 (2024-08-09); C1 options 2.41.64; section numbers are ours. */
#ifndef VW_FEEDS_PITCH_WIRE_H
#define VW_FEEDS_PITCH_WIRE_H

#include "core/base/base.h"

#define VW_PACKED __attribute__((packed))

/* Type byte of every message, in order of the byte.  The CFE-only layouts are in cfe_wire.h. */
typedef enum vw_pitch_type {
    VW_PITCH_UNKNOWN = 0,
    VW_PITCH_TIME = 0x20,
    VW_PITCH_ADD_LONG = 0x21,
    VW_PITCH_ADD_SHORT = 0x22,
    VW_PITCH_EXECUTED = 0x23,
    VW_PITCH_EXECUTED_AT = 0x24,
    VW_PITCH_REDUCE_LONG = 0x25,
    VW_PITCH_REDUCE_SHORT = 0x26,
    VW_PITCH_MODIFY_LONG = 0x27,
    VW_PITCH_MODIFY_SHORT = 0x28,
    VW_PITCH_DELETE = 0x29,
    VW_PITCH_TRADE_LONG = 0x2A,
    VW_PITCH_TRADE_SHORT = 0x2B,
    VW_PITCH_TRADE_BREAK = 0x2C,
    VW_PITCH_SESSION_END = 0x2D,
    VW_PITCH_MAPPING = 0x2E,
    VW_PITCH_ADD_EXPANDED = 0x2F,
    VW_PITCH_TRADE_EXPANDED = 0x30,
    VW_PITCH_TRADING_STATUS = 0x31,
    VW_PITCH_AUCTION_SUMMARY = 0x96,
    VW_PITCH_UNIT_CLEAR = 0x97,
    VW_PITCH_COMPLEX_DEFINITION = 0x9A,
    VW_PITCH_STRIKE_RANGE = 0x9D,
    VW_PITCH_CONSTITUENT = 0x9E,
    VW_PITCH_AUCTION_NOTIFICATION = 0xAD,
    VW_PITCH_AUCTION_CANCEL = 0xAE,
    VW_PITCH_AUCTION_TRADE = 0xAF,
    VW_PITCH_TIME_REFERENCE = 0xB1,
    VW_PITCH_SETTLEMENT = 0xB9,
    VW_PITCH_DAY_SUMMARY = 0xBA,
    VW_PITCH_FUTURE = 0xBB,
    VW_PITCH_TRANSACTION_BEGIN = 0xBC,
    VW_PITCH_TRANSACTION_END = 0xBD,
    VW_PITCH_PRICE_LIMITS = 0xBE,
    VW_PITCH_AUCTION_UPDATE = 0xD1,
    VW_PITCH_WIDTH_UPDATE = 0xD2,
    VW_PITCH_OPEN_INTEREST = 0xD3,
    VW_PITCH_VARIANCE = 0xFA,
} vw_pitch_type;

/* ---- 1. rules common to all ----------------------------------------------------------------- */

/* Sequenced unit header: one per datagram; sequence 0 = unsequenced; count 0 = heartbeat. */
typedef struct VW_PACKED vw_wire_block {
    uint16_t length; /* whole block, this header included */
    uint8_t count;
    uint8_t unit;
    uint32_t sequence; /* of the first message; of the next one in a heartbeat */
} vw_wire_block;
_Static_assert(sizeof(vw_wire_block) == 8, "1 sequenced unit header");

/* Every message starts with these two, nearly all with the time offset behind them. */
typedef struct VW_PACKED vw_wire_head {
    uint8_t length; /* whole message, itself included */
    uint8_t type;
} vw_wire_head;
_Static_assert(sizeof(vw_wire_head) == 2, "1 message header");

typedef struct VW_PACKED vw_wire_stamp {
    vw_wire_head head;
    uint32_t time_offset_ns; /* since the unit's last Time */
} vw_wire_stamp;
_Static_assert(sizeof(vw_wire_stamp) == 6,
               "2 0x97 unit clear, 0x2D end of session, 0xBC, 0xBD transaction begin, end");

/* ---- 2. shared ------------------------------------------------------------------------------ */

typedef struct VW_PACKED vw_wire_time { /* 0x20; 6 bytes, without epoch, in 2020 and before */
    vw_wire_head head;
    uint32_t seconds; /* since midnight, exchange's own time zone */
    uint32_t epoch;   /* Unix seconds */
} vw_wire_time;
_Static_assert(sizeof(vw_wire_time) == 10, "2 time");

typedef struct VW_PACKED vw_wire_time_reference { /* 0xB1 */
    vw_wire_head head;
    uint32_t midnight; /* Unix seconds */
    uint32_t seconds;
    uint32_t time_offset_ns;
    uint32_t trade_date;
} vw_wire_time_reference;
_Static_assert(sizeof(vw_wire_time_reference) == 18, "2 time reference");

typedef struct VW_PACKED vw_wire_add_long { /* 0x21 */
    vw_wire_stamp stamp;
    uint64_t order_id;
    char side; /* B, S */
    uint32_t quantity;
    char symbol[6];
    int64_t price;
} vw_wire_add_long;
_Static_assert(sizeof(vw_wire_add_long) == 33, "2 add order long");

typedef struct VW_PACKED vw_wire_add_long_c1 {
    vw_wire_add_long add;
    uint8_t flags; /* 0x08 all or none */
} vw_wire_add_long_c1;
_Static_assert(sizeof(vw_wire_add_long_c1) == 34, "2 add order long, C1");

typedef struct VW_PACKED vw_wire_add_short { /* 0x22 */
    vw_wire_stamp stamp;
    uint64_t order_id;
    char side;
    uint16_t quantity;
    char symbol[6];
    uint16_t price; /* two's complement in CFE and the complex book */
} vw_wire_add_short;
_Static_assert(sizeof(vw_wire_add_short) == 25, "2 add order short");

typedef struct VW_PACKED vw_wire_add_short_c1 {
    vw_wire_add_short add;
    uint8_t flags;
} vw_wire_add_short_c1;
_Static_assert(sizeof(vw_wire_add_short_c1) == 26, "2 add order short, C1");

typedef struct VW_PACKED vw_wire_add_expanded { /* 0x2F, C1 */
    vw_wire_stamp stamp;
    uint64_t order_id;
    char side;
    uint32_t quantity;
    char symbol[8];
    int64_t price;
    uint8_t flags;
    char participant[4];
    char customer; /* N, C */
} vw_wire_add_expanded;
_Static_assert(sizeof(vw_wire_add_expanded) == 41, "2 add order expanded, oldest form");

typedef struct VW_PACKED vw_wire_add_expanded_c1 {
    vw_wire_add_expanded add;
    char client[4];
    uint8_t reserved[5];
} vw_wire_add_expanded_c1;
_Static_assert(sizeof(vw_wire_add_expanded_c1) == 50, "2 add order expanded");

typedef struct VW_PACKED vw_wire_executed { /* 0x23; 26 bytes, without condition, in equities */
    vw_wire_stamp stamp;
    uint64_t order_id;
    uint32_t quantity;
    uint64_t execution_id;
    char condition;
} vw_wire_executed;
_Static_assert(sizeof(vw_wire_executed) == 27, "2 order executed");

typedef struct VW_PACKED vw_wire_executed_at { /* 0x24, C1 */
    vw_wire_stamp stamp;
    uint64_t order_id;
    uint32_t quantity;
    uint32_t remaining;
    uint64_t execution_id;
    int64_t price;
    char condition;
} vw_wire_executed_at;
_Static_assert(sizeof(vw_wire_executed_at) == 39, "2 order executed at price/size");

typedef struct VW_PACKED vw_wire_reduce_long { /* 0x25 */
    vw_wire_stamp stamp;
    uint64_t order_id;
    uint32_t quantity; /* taken away */
} vw_wire_reduce_long;
_Static_assert(sizeof(vw_wire_reduce_long) == 18, "2 reduce size long");

typedef struct VW_PACKED vw_wire_reduce_short { /* 0x26 */
    vw_wire_stamp stamp;
    uint64_t order_id;
    uint16_t quantity;
} vw_wire_reduce_short;
_Static_assert(sizeof(vw_wire_reduce_short) == 16, "2 reduce size short");

typedef struct VW_PACKED vw_wire_modify_long { /* 0x27 */
    vw_wire_stamp stamp;
    uint64_t order_id;
    uint32_t quantity;
    int64_t price;
} vw_wire_modify_long;
_Static_assert(sizeof(vw_wire_modify_long) == 26, "2 modify order long");

typedef struct VW_PACKED vw_wire_modify_long_c1 {
    vw_wire_modify_long modify;
    uint8_t flags; /* 0x01 display, 0x02 priority kept */
} vw_wire_modify_long_c1;
_Static_assert(sizeof(vw_wire_modify_long_c1) == 27, "2 modify order long, C1");

typedef struct VW_PACKED vw_wire_modify_short { /* 0x28 */
    vw_wire_stamp stamp;
    uint64_t order_id;
    uint16_t quantity;
    uint16_t price;
} vw_wire_modify_short;
_Static_assert(sizeof(vw_wire_modify_short) == 18, "2 modify order short");

typedef struct VW_PACKED vw_wire_modify_short_c1 {
    vw_wire_modify_short modify;
    uint8_t flags;
} vw_wire_modify_short_c1;
_Static_assert(sizeof(vw_wire_modify_short_c1) == 19, "2 modify order short, C1");

typedef struct VW_PACKED vw_wire_delete { /* 0x29 */
    vw_wire_stamp stamp;
    uint64_t order_id;
} vw_wire_delete;
_Static_assert(sizeof(vw_wire_delete) == 14, "2 delete order, 0x2C trade break (execution id)");

typedef struct VW_PACKED vw_wire_trade_long { /* 0x2A; 41 bytes, without condition, in equities */
    vw_wire_stamp stamp;
    uint64_t order_id;
    char side;
    uint32_t quantity;
    char symbol[6];
    int64_t price;
    uint64_t execution_id;
    char condition;
} vw_wire_trade_long;
_Static_assert(sizeof(vw_wire_trade_long) == 42, "2 trade long");

typedef struct VW_PACKED vw_wire_trade_short { /* 0x2B; 33 bytes in equities */
    vw_wire_stamp stamp;
    uint64_t order_id;
    char side;
    uint16_t quantity;
    char symbol[6];
    uint16_t price;
    uint64_t execution_id;
    char condition;
} vw_wire_trade_short;
_Static_assert(sizeof(vw_wire_trade_short) == 34, "2 trade short");

typedef struct VW_PACKED vw_wire_trade_expanded { /* 0x30, C1; 43 bytes in equities */
    vw_wire_stamp stamp;
    uint64_t order_id;
    char side;
    uint32_t quantity;
    char symbol[8];
    int64_t price;
    uint64_t execution_id;
    char condition;
} vw_wire_trade_expanded;
_Static_assert(sizeof(vw_wire_trade_expanded) == 44, "2 trade expanded");

typedef struct VW_PACKED vw_wire_trading_status { /* 0x31 */
    vw_wire_stamp stamp;
    char symbol[6];
    uint8_t reserved[2];
    char status; /* C1: H Q R T L; CFE: S Q T H */
    uint8_t reserved2;
    char global_status; /* C1: of the overnight session */
    uint8_t reserved3;
} vw_wire_trading_status;
_Static_assert(sizeof(vw_wire_trading_status) == 18, "2 trading status");

/* ---- 3. C1 options -------------------------------------------------------------------------- */

typedef struct VW_PACKED vw_wire_mapping { /* 0x2E: no time offset */
    vw_wire_head head;
    char symbol[6];
    char osi[21];   /* root 6, yymmdd, C or P, strike x 1000 in 8 digits */
    char condition; /* N normal, C closing only */
    char underlying[8];
} vw_wire_mapping;
_Static_assert(sizeof(vw_wire_mapping) == 38, "3 symbol mapping; 30 without underlying in 2.39.4");

typedef struct VW_PACKED vw_wire_auction_update { /* 0xD1 */
    vw_wire_stamp stamp;
    char symbol[8];
    char auction; /* G, O, H, V */
    int64_t reference;
    uint32_t buy, sell;
    int64_t indicative;
    int64_t auction_only;
    char opening; /* O, Q, B, S, C */
    int64_t composite_bid, composite_offer;
} vw_wire_auction_update;
_Static_assert(sizeof(vw_wire_auction_update) == 64, "3 options auction update");

typedef struct VW_PACKED vw_wire_auction_summary { /* 0x96 */
    vw_wire_stamp stamp;
    char symbol[8];
    char auction;
    int64_t price;
    uint32_t quantity;
} vw_wire_auction_summary;
_Static_assert(sizeof(vw_wire_auction_summary) == 27, "3 auction summary");

typedef struct VW_PACKED vw_wire_width_update { /* 0xD2 */
    vw_wire_stamp stamp;
    char underlying[8];
    char width;          /* R, V */
    uint32_t multiplier; /* 1 decimal */
} vw_wire_width_update;
_Static_assert(sizeof(vw_wire_width_update) == 19, "3 width update");

typedef struct VW_PACKED vw_wire_auction_notification { /* 0xAD */
    vw_wire_stamp stamp;
    char symbol[6];
    uint64_t auction_id;
    char auction;
    char side;
    int64_t price;
    uint32_t quantity;
    char customer;
    char participant[4];
    uint32_t end_offset_ns;
    char client[4];
} vw_wire_auction_notification;
_Static_assert(sizeof(vw_wire_auction_notification) == 47, "3 auction notification");

typedef struct VW_PACKED vw_wire_auction_cancel { /* 0xAE */
    vw_wire_stamp stamp;
    uint64_t auction_id;
} vw_wire_auction_cancel;
_Static_assert(sizeof(vw_wire_auction_cancel) == 14, "3 auction cancel");

typedef struct VW_PACKED vw_wire_auction_trade { /* 0xAF */
    vw_wire_stamp stamp;
    uint64_t auction_id;
    uint64_t execution_id;
    int64_t price;
    uint32_t quantity;
} vw_wire_auction_trade;
_Static_assert(sizeof(vw_wire_auction_trade) == 34, "3 auction trade");

typedef struct VW_PACKED vw_wire_strike_range { /* 0x9D */
    vw_wire_stamp stamp;
    char soq[20];
    int64_t lower, upper;
} vw_wire_strike_range;
_Static_assert(sizeof(vw_wire_strike_range) == 42, "3 SOQ strike range");

typedef struct VW_PACKED vw_wire_constituent { /* 0x9E: no time offset */
    vw_wire_mapping mapping;
    char soq[20];
} vw_wire_constituent;
_Static_assert(sizeof(vw_wire_constituent) == 58, "3 constituent symbol mapping");

typedef struct VW_PACKED vw_wire_complex_definition { /* 0x9A, then the legs */
    vw_wire_stamp stamp;
    char symbol[6];
    char underlying[8];
    char auction;
    uint8_t reserved[3];
    uint8_t leg_count;
} vw_wire_complex_definition;
_Static_assert(sizeof(vw_wire_complex_definition) == 25, "3 complex instrument definition");

typedef struct VW_PACKED vw_wire_complex_leg {
    char symbol[8];
    int32_t ratio;
    char security; /* O option */
} vw_wire_complex_leg;
_Static_assert(sizeof(vw_wire_complex_leg) == 13, "3 leg of a complex instrument");

#endif
