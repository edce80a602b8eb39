/* stream.h: TCP connections of a feed thread by number: the reactor's, or a test's own.
 *
 * Who makes connections fills in vw_streams and calls a vw_stream_sink with what happens on them;
 * nothing blocks.
 *
 * Threads  the feed's, inside the reactor's poll.
 * Full     what cannot be sent at once is refused: the user of the stream closes it then. */
#ifndef VW_FEEDS_STREAM_H
#define VW_FEEDS_STREAM_H

#include "core/base/base.h"

#define VW_STREAMS_MAX 12
#define VW_STREAM_BUFFER 16384  /* bytes taken in before they are handed on */
#define VW_STREAM_SEND_MAX 1024 /* bytes on their way out */

/* What is done with streams; each in [0, VW_STREAMS_MAX). */
typedef struct vw_streams {
    void *self;
    /* Begins to connect; false when the last connection is still being closed, or at once refused.
     */
    bool (*connect)(void *self, uint32_t stream, const char *address, uint16_t port);
    /* Takes a copy of the bytes and sends them; false when there is no room. */
    bool (*send)(void *self, uint32_t stream, const void *bytes, size_t size);
    /* Closes; the sink hears no more of this connection. */
    void (*close)(void *self, uint32_t stream);
} vw_streams;

/* What happens on them. */
typedef struct vw_stream_sink {
    void *self;
    void (*opened)(void *self, uint32_t stream);
    /* Takes what has come so far; returns how many bytes are done with: the rest comes again with
     * more behind it.  A stream whose buffer is full and of which nothing is done with ends. */
    size_t (*received)(void *self, uint32_t stream, const unsigned char *bytes, size_t size);
    /* Refused, or closed by the other end; it is closed here, too. */
    void (*ended)(void *self, uint32_t stream);
} vw_stream_sink;

#endif
