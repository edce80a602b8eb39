/* input.h: the bytes of a file or of standard input, plain, gzip or zstd: whatever it turns out to
 * be.
 *
 * For captures and DBN files.  Several gzip members or zstd frames in a row are one stream.
 *
 * Threads  one thread; not for a live feed thread.
 * Memory   open allocates (zlib, zstd and their windows), close gives it back.
 * Errors   VW_ERR_DATA naming the file: not to be opened or read, garbled, or cut in the middle of
 *          a compressed stream. */
#ifndef VW_FEEDS_INPUT_H
#define VW_FEEDS_INPUT_H

#include "core/base/error.h"

enum { VW_INPUT_PEEK_MAX = 64 * 1024 };

typedef struct vw_input vw_input;

/* vw_input_open opens path ("-": standard input); NULL, with error filled, when it cannot. */
vw_input *vw_input_open(const char *path, vw_error *error);

/* vw_input_name returns the path, or "standard input", for messages. */
const char *vw_input_name(const vw_input *input);

/* vw_input_peek points at the next bytes without taking them and returns how many there are: at
 * least `want`, up to VW_INPUT_PEEK_MAX, unless the stream ends before. */
size_t vw_input_peek(vw_input *input, size_t want, const unsigned char **at);

/* vw_input_read takes up to size bytes; fewer only at the end of the stream or of what could be
 * read: vw_input_error tells. */
size_t vw_input_read(vw_input *input, void *to, size_t size);

/* vw_input_share returns how much of a file has been read, 0 to 1, or -1 where that is not to be
 * known, as of a pipe. */
double vw_input_share(const vw_input *input);

/* vw_input_error returns VW_OK while all went well, else what stopped the stream. */
vw_err vw_input_error(const vw_input *input, vw_error *error);

void vw_input_close(vw_input *input);

#endif
