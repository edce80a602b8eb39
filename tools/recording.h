/* recording.h: one capture or DBN file as packets in the order of the file, each with its time.
 *
 * Threads  one thread.
 * Memory   open allocates (libpcap, zstd, what is read ahead to tell the protocols); a packet stays
 *          until the next call.
 * Errors   VW_ERR_DATA naming the file. */
#ifndef VW_TOOLS_RECORDING_H
#define VW_TOOLS_RECORDING_H

#include "tools/decode_sniff.h"

typedef struct vw_packet {
    const unsigned char *payload;
    size_t size;
    int64_t at_ns; /* of capture; of a record ts_recv; never before the packet before it */
    uint32_t host; /* destination; 0 of a record */
    uint16_t port;
    vw_decode_protocol protocol; /* VW_DECODE_DBN: payload is a record */
} vw_packet;

typedef struct vw_recording vw_recording;

/* vw_recording_open opens path ("-": standard input); protocol AUTO looks at what is in it. */
vw_recording *vw_recording_open(const char *path, vw_decode_protocol protocol, vw_error *error);

/* vw_recording_peek returns the next packet, or NULL at the end; vw_recording_next takes it. */
const vw_packet *vw_recording_peek(vw_recording *recording);
void vw_recording_next(vw_recording *recording);

/* vw_recording_ahead returns the index-th of the packets that were read ahead, or NULL. */
bool vw_recording_ahead(const vw_recording *recording, size_t index, vw_packet *packet);

/* vw_recording_metadata returns those of a DBN file, or NULL. */
const vw_dbn_metadata *vw_recording_metadata(const vw_recording *recording);

/* vw_recording_share returns how much of the file has been read, 0 to 1, or -1: no file. */
double vw_recording_share(const vw_recording *recording);

/* vw_recording_error: VW_OK, or why the file ended before its end. */
vw_err vw_recording_error(const vw_recording *recording, vw_error *error);

const vw_capture_counts *vw_recording_counts(const vw_recording *recording); /* NULL: DBN */
bool vw_recording_is_dbn(const vw_recording *recording);
void vw_recording_close(vw_recording *recording);

#endif
