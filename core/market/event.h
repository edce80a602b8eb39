/* event.h: the 64-byte record that crosses from the feeds to the engine.
 *
 * A feed decodes packets, keeps the order books, and says here what changed: at most one quote per
 * series and packet.  Everything the engine knows of the market came through this record.
 *
 * Units    prices are int64 in 1/10,000 of an index point (VW_PRICE_ONE), as on the wire; times are
 *          nanoseconds since the Unix epoch; expiry is the decimal date yyyymmdd (New York).
 * Threads  plain values; filled in a ring slot by a feed thread, read there by the engine.
 * Order    of one feed: a DEFINITION comes before any other event of its instrument. */
#ifndef VW_CORE_MARKET_EVENT_H
#define VW_CORE_MARKET_EVENT_H

#include "core/base/base.h"

#define VW_PRICE_ONE INT64_C(10000)
#define VW_PRICE_NONE INT64_MIN       /* no such price: side empty, never traded */
#define VW_INSTRUMENT_NONE UINT32_MAX /* event of a unit or feed, not of a series */

typedef enum vw_event_kind {
    VW_EVENT_DEFINITION = 1, /* a series (or future) and its number */
    VW_EVENT_QUOTE,          /* best bid and offer after a packet */
    VW_EVENT_TRADE,          /* an execution */
    VW_EVENT_TRADING,        /* trading status of a series */
    VW_EVENT_SETTLEMENT,     /* daily settlement price of a future */
    VW_EVENT_UNIT,           /* a matching unit of a feed: gap, whole again, reset, silent */
    VW_EVENT_TIME,           /* market time went on; nothing else changed */
    VW_EVENT_CONTROL,        /* a piece of what the user sends while the engine runs */
    VW_EVENT_INDEX,          /* the value of an index */
} vw_event_kind;

/* What is known of a unit (VW_EVENT_UNIT). */
typedef enum vw_unit_state {
    VW_UNIT_WHOLE,  /* every series announced since the last gap; stale marks are gone */
    VW_UNIT_GAP,    /* messages were missed on every line: each series is stale until announced */
    VW_UNIT_RESET,  /* sequence began anew: books cleared, stale until announced */
    VW_UNIT_SILENT, /* nothing on any line, not even heartbeats: all of it is stale */
    VW_UNIT_LIVE,   /* heard again after silence (books may still be incomplete) */
    VW_UNIT_CLEAR,  /* the exchange cleared every book of the unit: all quotes are gone */
} vw_unit_state;

/* What the pieces of a control record make up. */
typedef enum vw_control_kind {
    VW_CONTROL_BOOK = 1, /* vw_portfolio: the whole book, anew */
    VW_CONTROL_INPUTS,   /* vw_user_inputs: what only the user knows, anew */
} vw_control_kind;

#define VW_CONTROL_PIECE 24

typedef struct vw_event {
    int64_t exchange_ns; /* market time of the message; 0 in a definition: not known yet */
    int64_t receive_ns;  /* kernel receive stamp of the packet */
    uint32_t instrument; /* the feed's number of the series, or VW_INSTRUMENT_NONE */
    uint32_t sequence;   /* of the (last) message behind this event, in its unit */
    uint8_t kind;        /* vw_event_kind */
    uint8_t quality;     /* VW_QUOTE_STALE while either side may be out of date; else 0 */
    uint8_t feed;        /* exchange feed: index of the channel in the configuration */
    uint8_t unit;        /* matching unit within it, as on the wire */
    uint8_t unused[4];
    union {
        struct {
            int64_t bid, ask;            /* VW_PRICE_NONE when the side is empty */
            uint32_t bid_size, ask_size; /* contracts at the best price */
        } quote;
        struct {
            char root[6];        /* "SPXW\0\0", "VIX", "VX": NUL-padded */
            char type;           /* 'C', 'P' or 'F' (future) */
            char settlement;     /* 'A' or 'P' if the feed knows, else 0: by the root */
            uint32_t expiry;     /* yyyymmdd */
            uint32_t multiplier; /* USD per point; 0 if the feed does not know: by the root */
            int64_t strike;      /* 0 for futures */
            bool weekly;         /* a weekly future: kept, but no monthly */
        } definition;
        struct {
            int64_t price;
            uint64_t execution_id;
            uint32_t size; /* contracts */
            char side;     /* 'B' or 'S' of the resting order, 0 unknown */
            char condition;
        } trade;
        struct {
            char status; /* 'T' trading, 'H' halted, 'Q' quote only, 'R' rotation, 'S' suspended */
        } trading;
        struct {
            int64_t price;
            uint32_t trade_date; /* yyyymmdd */
            char issue; /* as on the wire: 'S' initial, 'R' re-issued, 'i'/'I' indicative */
        } settlement;
        struct {
            char name[8];     /* "SPX", "VIX": NUL-padded */
            int64_t bid, ask; /* the same where one value is all that is said */
        } index;
        struct {
            uint64_t missed; /* messages given up in this gap */
            uint32_t first;  /* first of them */
            uint8_t state;   /* vw_unit_state */
        } unit_change;
        struct {
            uint32_t offset; /* in the record */
            uint8_t kind;    /* vw_control_kind */
            uint8_t size;    /* of this piece, [1, VW_CONTROL_PIECE] */
            bool last;       /* the record is whole: it counts from now on */
            unsigned char bytes[VW_CONTROL_PIECE];
        } control;
    };
} vw_event;

_Static_assert(sizeof(vw_event) == 64, "one cache line");

#endif
