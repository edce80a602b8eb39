/* top.h: the messages only TOP (top of book) has, of C1 options and CFE, between bytes and C.
 *
 * A TOP feed also has messages of PITCH: ask vw_top_decode first, and vw_pitch_decode for what it
 * does not know.  No type byte means one thing here and another there.
 *
 * Threads  pure functions.
 * Units    prices in 1/10,000 whatever the form; quantities in contracts.
 * Text     without trailing blanks, NUL-padded.
 * Errors   as vw_pitch_decode: bytes consumed, VW_TOP_MORE or VW_TOP_MALFORMED; what is not of TOP
 *          is consumed by its length, with type VW_TOP_UNKNOWN. */
#ifndef VW_FEEDS_TOP_H
#define VW_FEEDS_TOP_H

#include "feeds/top_wire.h"

enum { VW_TOP_MORE = 0, VW_TOP_MALFORMED = -1 };

typedef struct vw_top_side {
    int64_t price;
    uint32_t quantity;
    uint32_t customer_quantity; /* of it; C1 */
    bool given;                 /* the message speaks of this side */
} vw_top_side;

typedef struct vw_top_message {
    vw_top_type type;
    uint8_t wire_type, length;
    uint32_t time_offset_ns;
    char symbol[8];
    vw_top_side bid, ask;
    vw_top_side last;        /* trade; snapshot: last trade */
    uint64_t execution_id;   /* trade */
    uint32_t volume;         /* trade, snapshot: of the day */
    uint32_t unit_timestamp; /* snapshot: Unix seconds */
    char condition;          /* of the last trade; 'X': broken */
    char status;             /* snapshot */
    uint8_t flags;           /* C1: 0x08 all or none, 0x10 customer */
} vw_top_message;

int vw_top_decode(const unsigned char *from, size_t size, vw_top_message *message);

#endif
