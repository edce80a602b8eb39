/* decode_sniff.h: which protocol the datagrams of a capture are, by what is in them.
 *
 * Looks at the first datagrams of a capture and keeps them, so that standard input can be told as
 * well; each destination is judged on its own.  What gives no hint (heartbeats) is taken for what
 * most of the capture is.
 *
 * Threads  one thread.
 * Memory   allocates what is kept, at most VW_SNIFF_BYTES and a little. */
#ifndef VW_TOOLS_DECODE_SNIFF_H
#define VW_TOOLS_DECODE_SNIFF_H

#include "tools/decode.h"

enum { VW_SNIFF_DATAGRAMS = 4096, VW_SNIFF_BYTES = 8 * 1024 * 1024, VW_SNIFF_FLOWS = 256 };

typedef struct vw_sniff vw_sniff;

/* vw_sniff_open reads ahead in capture. */
vw_sniff *vw_sniff_open(vw_capture *capture);

/* vw_sniff_next gives the datagrams of the capture, those read ahead first, with their protocol. */
bool vw_sniff_next(vw_sniff *sniff, vw_datagram *datagram, vw_decode_protocol *protocol);

/* vw_sniff_ahead gives the index-th of the datagrams that were read ahead; false: no more. */
bool vw_sniff_ahead(const vw_sniff *sniff, size_t index, vw_datagram *datagram,
                    vw_decode_protocol *protocol);

void vw_sniff_close(vw_sniff *sniff);

/* vw_sniff_hint returns what one datagram looks like; AUTO: nothing to go by. */
vw_decode_protocol vw_sniff_hint(const vw_datagram *datagram);

#endif
