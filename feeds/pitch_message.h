/* pitch_message.h: one PITCH message as a C value, of C1 options, its complex book or CFE futures.
 *
 * Short, long and expanded forms of a message fill the same member; `type` says which it was.  What
 * a message lacks in its dialect or length is 0, or ' ' for a condition.
 *
 * Units    prices in 1/10,000 whatever the form; quantities in contracts; dates yyyymmdd.
 * Text     without trailing blanks, NUL-padded.
 * Memory   `legs` points into the bytes that were decoded; all else is copied. */
#ifndef VW_FEEDS_PITCH_MESSAGE_H
#define VW_FEEDS_PITCH_MESSAGE_H

#include "feeds/pitch_wire.h"

typedef struct vw_pitch_order { /* adds */
    uint64_t order_id;
    int64_t price;
    uint32_t quantity;
    char side; /* 'B' or 'S' */
    uint8_t flags;
    char customer;
    char symbol[8];
    char participant[4], client[4];
} vw_pitch_order;

typedef struct vw_pitch_change { /* executed, executed at, reduce, modify, delete */
    uint64_t order_id;
    uint64_t execution_id;
    int64_t price;      /* modify: new; executed at: of the execution */
    uint32_t quantity;  /* executed or taken away; modify: new */
    uint32_t remaining; /* executed at */
    char condition;
    uint8_t flags; /* modify */
} vw_pitch_change;

typedef struct vw_pitch_trade { /* trades; trade break has execution_id only */
    uint64_t order_id;
    uint64_t execution_id;
    int64_t price;
    uint32_t quantity;
    char side;
    char condition;
    char symbol[8];
} vw_pitch_trade;

typedef struct vw_pitch_time { /* time and time reference */
    uint32_t seconds;          /* since midnight of the exchange */
    uint32_t epoch;            /* time: Unix seconds, or 0 in the old form */
    uint32_t midnight;         /* time reference: Unix seconds */
    uint32_t trade_date;       /* time reference */
} vw_pitch_time;

typedef struct vw_pitch_status {
    char symbol[8];
    char status;
    char global_status;
} vw_pitch_status;

typedef struct vw_pitch_mapping { /* symbol mapping; constituent has soq too */
    char symbol[8];
    char osi[21];
    char condition;
    char underlying[9];
    char soq[21];
} vw_pitch_mapping;

typedef struct vw_pitch_auction { /* update, summary, notification, cancel, trade */
    uint64_t auction_id, execution_id;
    int64_t price; /* update: reference */
    int64_t indicative, auction_only, composite_bid, composite_offer;
    uint32_t quantity; /* update: to buy */
    uint32_t quantity_sell;
    uint32_t end_offset_ns;
    char auction, opening, side, customer;
    char symbol[9];
    char participant[4], client[4];
} vw_pitch_auction;

typedef struct vw_pitch_range { /* strike range; price limits; width update: multiplier */
    int64_t lower, upper;
    uint32_t multiplier; /* 1 decimal */
    char width;
    char name[21]; /* SOQ id, feed symbol, underlying */
} vw_pitch_range;

typedef struct vw_pitch_future { /* futures instrument definition, complex definition */
    const unsigned char *legs;   /* leg_count wire legs, or NULL */
    int64_t price_increment;
    uint32_t unit_timestamp, expiration_date, contract_date;
    uint16_t contract_size;
    uint8_t flags, leg_count;
    char listing_state; /* 'A', 'I', 'T' */
    char auction;       /* complex */
    char symbol[8];
    char report_symbol[9]; /* complex: underlying */
} vw_pitch_future;

typedef struct vw_pitch_day { /* settlement, open interest, end of day summary */
    int64_t price;            /* settlement */
    int64_t high, low, open, close;
    uint32_t trade_date, open_interest, volume, block_volume, ecrp_volume;
    char issue;    /* settlement */
    uint8_t flags; /* summary */
    char symbol[8];
} vw_pitch_day;

typedef struct vw_pitch_variance {
    int64_t accrued; /* 1e-12 */
    uint32_t unit_timestamp;
    uint16_t final_returns, elapsed_returns;
    char symbol[8];
    char futures_symbol[13];
} vw_pitch_variance;

typedef struct vw_pitch_message {
    vw_pitch_type type;
    uint8_t wire_type;       /* as on the wire, also of an unknown message; decode writes */
    uint8_t length;          /* bytes on the wire; decode writes, encode does not read */
    uint32_t time_offset_ns; /* since the unit's last Time; 0 where the message has none */
    union {
        vw_pitch_order order;
        vw_pitch_change change;
        vw_pitch_trade trade;
        vw_pitch_time time;
        vw_pitch_status status;
        vw_pitch_mapping mapping;
        vw_pitch_auction auction;
        vw_pitch_range range;
        vw_pitch_future future;
        vw_pitch_day day;
        vw_pitch_variance variance;
    };
} vw_pitch_message;

#endif
