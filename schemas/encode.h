/* encode.h: a message in, one frame for ZeroMQ out.
 *
 * Frame = topic, NUL-padded to VW_TOPIC_SIZE bytes, then the FlatBuffer (vegawire.fbs).  The only
 * C++ of the product is behind this header and decode.h.
 *
 * Threads  an encoder belongs to one thread.
 * Memory   the encoder allocates, and keeps what it has: after the largest message no more.
 * Order    the same message gives the same bytes, always. */
#ifndef VW_SCHEMAS_ENCODE_H
#define VW_SCHEMAS_ENCODE_H

#include "schemas/message.h"

typedef struct vw_encoder vw_encoder;

typedef struct vw_frame {
    const void *bytes; /* 8-byte aligned; the encoder's, until it encodes the next */
    size_t size;
} vw_frame;

vw_encoder *vw_encoder_open(void);
void vw_encoder_close(vw_encoder *encoder);

/* vw_encode writes message for topic (VW_TOPIC_SIZE bytes, NUL-padded). */
vw_frame vw_encode(vw_encoder *encoder, const char *topic, const vw_message *message);

#endif
