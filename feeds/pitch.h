/* pitch.h: Cboe PITCH between bytes and C: blocks and messages; for the feed, sim and decode.
 *
 * Threads  pure functions; a vw_pitch_writer belongs to its caller.
 * Memory   nothing is kept.
 * Errors   decode returns the bytes consumed (> 0), VW_PITCH_MORE when `size` bytes are not the
 *          whole message, or VW_PITCH_MALFORMED when its length does not fit its type (the caller
 *          may still skip it: message->length is set, 0 when there is no way on).  An unknown type
 *          is consumed by its length, with type VW_PITCH_UNKNOWN. */
#ifndef VW_FEEDS_PITCH_H
#define VW_FEEDS_PITCH_H

#include "feeds/pitch_message.h"

#include <string.h>

enum { VW_PITCH_MORE = 0, VW_PITCH_MALFORMED = -1 };
enum { VW_PITCH_MESSAGE_MAX = 255, VW_PITCH_BLOCK_MAX = 1472 };
enum { VW_PITCH_FLAG_AON = 0x08 };

/* Dialects differ in trailing flags, in the sign of short prices and in their own messages. */
typedef enum vw_dialect { VW_DIALECT_OPTIONS, VW_DIALECT_COMPLEX, VW_DIALECT_CFE } vw_dialect;

int vw_pitch_decode(vw_dialect dialect, const unsigned char *from, size_t size,
                    vw_pitch_message *message);

/* vw_pitch_encode writes message at `to`, which has VW_PITCH_MESSAGE_MAX bytes, and returns its
 * size; 0 if the dialect has no such message or the short form cannot hold price or quantity.
 * Every type is written but constituent, complex definition, auctions, ranges and variance, which
 * are only ever read. */
size_t vw_pitch_encode(vw_dialect dialect, const vw_pitch_message *message, unsigned char *to);

/* vw_pitch_fits_short says whether price and quantity fit the short form in every dialect. */
static inline bool vw_pitch_fits_short(int64_t price, uint32_t quantity);

/* vw_pitch_block reads the header of a datagram; false unless it has one whose length fits. */
static inline bool vw_pitch_block(const unsigned char *payload, size_t size, vw_wire_block *block);

/* A block being written: begin, add encoded messages until it is full, end. */
typedef struct vw_pitch_writer {
    unsigned char *to; /* the caller's; capacity bytes */
    size_t capacity, size;
    vw_wire_block head;
} vw_pitch_writer;

void vw_pitch_begin(vw_pitch_writer *writer, unsigned char *to, size_t capacity, uint8_t unit,
                    uint32_t sequence);

/* vw_pitch_add returns false, and adds nothing, when the message does not fit the block any more.
 */
bool vw_pitch_add(vw_pitch_writer *writer, const unsigned char *message, size_t size);

/* vw_pitch_end writes the header and returns the size of the block; without a message it is a
 * heartbeat. */
size_t vw_pitch_end(vw_pitch_writer *writer);

/* ---- inline definitions --------------------------------------------------------------------- */

static inline bool vw_pitch_block(const unsigned char *payload, size_t size, vw_wire_block *block)
{
    if (size < sizeof *block) {
        return false;
    }
    memcpy(block, payload, sizeof *block);
    return block->length >= sizeof *block && block->length <= size;
}

static inline bool vw_pitch_fits_short(int64_t price, uint32_t quantity)
{
    return quantity <= UINT16_MAX && price >= 0 && price <= INT64_C(100) * INT16_MAX &&
           price % 100 == 0;
}

#endif
