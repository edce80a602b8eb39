/* decode.h: one frame from ZeroMQ in, the message out, or nothing if it is not one.
 *
 * The frame may come from anyone: it is copied to aligned memory, verified, and its sense checked
 * (rows that kind promises are there, every enum has a word, every number is finite) before a
 * single row is handed out.
 *
 * Threads  a decoder belongs to one thread.
 * Memory   the decoder allocates, and keeps what it has: after the largest frame no more. */
#ifndef VW_SCHEMAS_DECODE_H
#define VW_SCHEMAS_DECODE_H

#include "schemas/message.h"

/* Larger frames are not messages. */
#define VW_FRAME_SIZE_MAX ((size_t)64 << 20)

typedef struct vw_decoder vw_decoder;

vw_decoder *vw_decoder_open(void);
void vw_decoder_close(vw_decoder *decoder);

/* vw_decode returns whether frame is a whole, well-formed message, and fills topic
 * (VW_TOPIC_SIZE + 1 bytes, NUL-terminated) and message; else it leaves both alone. */
bool vw_decode(vw_decoder *decoder, const void *frame, size_t size, char *topic,
               vw_message *message);

#endif
