/* recovery.h: messages of the gap request proxy and the spin server between bytes and C.
 *
 * For the feed, which asks, and the simulated exchange, which answers.
 *
 * Threads  pure functions.
 * Memory   nothing is kept.
 * Errors   decode and block return the bytes consumed (> 0), VW_PITCH_MORE when `size` bytes are
 *          not the whole, VW_PITCH_MALFORMED when a length cannot be right: a stream of bytes has
 *          no way on from there. */
#ifndef VW_FEEDS_RECOVERY_H
#define VW_FEEDS_RECOVERY_H

#include "feeds/pitch.h"
#include "feeds/recovery_wire.h"

enum { VW_RECOVERY_MESSAGE_MAX = sizeof(vw_wire_login) };

/* What a session is known by; each is text with a NUL. */
typedef struct vw_recovery_login {
    char session[5], user[5], password[11];
} vw_recovery_login;

typedef struct vw_recovery_message {
    vw_recovery_type type;
    uint8_t unit;            /* gap */
    char status;             /* responses; 'A' = accepted */
    uint32_t sequence;       /* gap: the first missed; spin: the last in the image */
    uint32_t count;          /* gap: messages; spin response: orders, or definitions */
    vw_recovery_login login; /* login */
} vw_recovery_message;

/* vw_recovery_decode reads one message; one of PITCH is consumed as VW_RECOVERY_OTHER. */
int vw_recovery_decode(const unsigned char *from, size_t size, vw_recovery_message *message);

/* vw_recovery_encode writes message at `to`, which has VW_RECOVERY_MESSAGE_MAX bytes, and returns
 * its size; 0 for VW_RECOVERY_OTHER and a gap of more than 65,535. */
size_t vw_recovery_encode(const vw_recovery_message *message, unsigned char *to);

/* vw_recovery_block reads the header of the next block of a stream. */
int vw_recovery_block(const unsigned char *from, size_t size, vw_wire_block *block);

/* vw_recovery_pack writes a block of that one message (NULL: a heartbeat) and returns its size, at
 * most VW_RECOVERY_PACKED_MAX. */
enum { VW_RECOVERY_PACKED_MAX = sizeof(vw_wire_block) + VW_RECOVERY_MESSAGE_MAX };
size_t vw_recovery_pack(const vw_recovery_message *message, uint8_t unit, unsigned char *to);

#endif
