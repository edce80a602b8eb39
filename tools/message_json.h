/* message_json.h: a decoded message as one JSON object, for `sub` and whoever prints messages.
 *
 * Enums are words, bit sets lists of words, numbers keep full precision, 64-bit values beyond
 * int64 are strings.  What is not to be had is null: computed numbers of a greeks, surface or leg
 * row whose status is none of ok, stale, one_sided; empty sides; what an absent bit names.
 *
 * Threads  pure; allocates (jansson). */
#ifndef VW_TOOLS_MESSAGE_JSON_H
#define VW_TOOLS_MESSAGE_JSON_H

#include "schemas/message.h"

#include <jansson.h>

/* vw_message_json returns the object; json_decref it. */
json_t *vw_message_json(const char *topic, const vw_message *message, bool repeat);

/* vw_json_whole returns value as an integer, or as a string beyond int64. */
json_t *vw_json_whole(uint64_t value);

#endif
