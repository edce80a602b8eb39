/* cfe.h: the messages only CFE has; vw_pitch_decode and vw_pitch_encode call these.
 *
 * Threads  pure functions.
 * Errors   decode: false when the message is too short for the legs it says it has. */
#ifndef VW_FEEDS_CFE_H
#define VW_FEEDS_CFE_H

#include "feeds/pitch_message.h"

/* vw_cfe_decode fills message from `length` bytes that are all there, at least the shortest form of
 * its type; message->type and time_offset_ns are set. */
bool vw_cfe_decode(const unsigned char *from, size_t length, vw_pitch_message *message);

/* vw_cfe_encode returns the size written at `to`, or 0 for a type or size that is not written. */
size_t vw_cfe_encode(const vw_pitch_message *message, unsigned char *to);

#endif
