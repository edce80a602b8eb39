/* opra.h: OPRA binary output between bytes and C: blocks and messages; for the feed and decode.
 *
 * Threads  pure functions.
 * Memory   nothing is kept; the text of a message points into the bytes that were decoded.
 * Units    a price is an integer and its decimals, as on the wire; vw_opra_price_scaled makes the
 *          1/10,000 of market events.
 * Text     without trailing blanks, NUL-terminated.
 * Errors   decode returns the bytes consumed (> 0), VW_OPRA_MORE when `size` bytes are not the
 *          whole message, VW_OPRA_LOST when category, type or BBO indicator is unknown and with it
 * the length: the rest of the block (of block.count) is lost; or VW_OPRA_MALFORMED when a
 *          denominator or an expiration has no meaning: step over message->length. */
#ifndef VW_FEEDS_OPRA_H
#define VW_FEEDS_OPRA_H

#include "feeds/opra_wire.h"

enum { VW_OPRA_MORE = 0, VW_OPRA_MALFORMED = -1, VW_OPRA_LOST = -2 };

/* What differs between versions and cannot be told from the bytes; all zero is 6.3.a. */
typedef struct vw_opra_form {
    bool control_has_text;   /* before 6.2: H has length and text as C has */
    bool index_offer_narrow; /* Y I: an offer of 4 bytes where the models say 8 */
} vw_opra_form;

typedef enum vw_opra_verdict {
    VW_OPRA_BLOCK_OK,
    VW_OPRA_BLOCK_SHORT,    /* no header, or it says another size than the datagram has */
    VW_OPRA_BLOCK_FOREIGN,  /* not OPRA */
    VW_OPRA_BLOCK_CHECKSUM, /* the sum is wrong */
} vw_opra_verdict;

typedef struct vw_opra_block {
    int64_t time_ns; /* Unix */
    uint32_t sequence;
    uint32_t seconds, nanoseconds;
    uint16_t size, checksum;
    uint8_t version, session, count;
    char feed, retransmission;
} vw_opra_block;

typedef struct vw_opra_price {
    int64_t value;
    uint32_t decimals; /* [0, 8] */
} vw_opra_price;

typedef struct vw_opra_series {
    char symbol[6];
    char option;     /* 'C' or 'P' */
    uint32_t expiry; /* yyyymmdd */
    vw_opra_price strike;
} vw_opra_series;

/* What a quote says of one side of the national best. */
typedef enum vw_opra_bbo {
    VW_OPRA_BBO_SAME,  /* no change, or the quote is not eligible */
    VW_OPRA_BBO_THIS,  /* this quote */
    VW_OPRA_BBO_OTHER, /* the appendage */
    VW_OPRA_BBO_NONE,  /* there is none any more */
} vw_opra_bbo;

typedef struct vw_opra_side {
    vw_opra_price price;
    uint32_t size;
    char participant; /* 0: none */
} vw_opra_side;

typedef struct vw_opra_quote { /* k, q */
    vw_opra_series series;
    vw_opra_side bid, offer;           /* of the participant that quotes */
    vw_opra_side best_bid, best_offer; /* appendages; where the side says OTHER */
    vw_opra_bbo bbo_bid, bbo_offer;
} vw_opra_quote;

typedef struct vw_opra_sale { /* a */
    vw_opra_series series;
    vw_opra_price price;
    uint32_t volume, trade_id;
    bool cancel; /* takes a trade back: not to be counted as one */
} vw_opra_sale;

typedef struct vw_opra_day { /* d has open_interest only; f */
    vw_opra_series series;
    vw_opra_price open, high, low, last, net_change, underlying, bid, offer;
    uint32_t volume, open_interest;
} vw_opra_day;

typedef struct vw_opra_index { /* Y */
    char symbol[6];
    bool quoted; /* bid and offer, else value */
    vw_opra_price value, bid, offer;
} vw_opra_index;

typedef struct vw_opra_mapping { /* R */
    vw_opra_series series;
    uint16_t line;
} vw_opra_mapping;

typedef struct vw_opra_text { /* C; H where the form has text */
    const char *text;
    size_t size;
} vw_opra_text;

typedef struct vw_opra_message {
    vw_opra_category category;
    uint32_t length; /* bytes on the wire */
    char wire_category, participant, type, indicator;
    uint32_t transaction_id, reference;
    union {
        vw_opra_quote quote;
        vw_opra_sale sale;
        vw_opra_day day;
        vw_opra_index index;
        vw_opra_mapping mapping;
        vw_opra_text text;
    };
} vw_opra_message;

/* vw_opra_block_read fills block from a datagram as far as it goes and judges it.  The messages
 * begin behind the header and end, but for a pad byte, at block->size. */
vw_opra_verdict vw_opra_block_read(const unsigned char *payload, size_t size, vw_opra_block *block);

int vw_opra_decode(const vw_opra_form *form, const unsigned char *from, size_t size,
                   vw_opra_message *message);

/* vw_opra_measure returns the function that returns the bytes of the whole message at from, or 0:
 * one for each form. */
typedef size_t vw_opra_measure_fn(const unsigned char *from, size_t size);
vw_opra_measure_fn *vw_opra_measure(const vw_opra_form *form);

/* vw_opra_price_scaled returns the price in 1/10,000, halves away from zero; the value times 10,000
 * must fit, as every 32-bit price does. */
int64_t vw_opra_price_scaled(vw_opra_price price);

/* The national best of one series; all zero: neither side known. */
typedef struct vw_opra_best {
    vw_opra_side bid, offer;
} vw_opra_best;

/* vw_opra_best_apply moves best by what a quote says; true if either side was touched. */
bool vw_opra_best_apply(vw_opra_best *best, const vw_opra_quote *quote);

#endif
