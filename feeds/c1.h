/* c1.h: the messages only C1 options and its complex book have; called by vw_pitch_decode.
 *
 * Threads  pure functions.
 * Errors   false when `length` is too small for what the message says it holds. */
#ifndef VW_FEEDS_C1_H
#define VW_FEEDS_C1_H

#include "feeds/pitch_message.h"

/* vw_c1_decode fills message from `length` bytes that are all there, at least the shortest form of
 * its type; message->type and time_offset_ns are set. */
bool vw_c1_decode(const unsigned char *from, size_t length, vw_pitch_message *message);

#endif
