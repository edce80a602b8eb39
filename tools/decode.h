/* decode.h: packets and records as JSON lines, with counts; the inside of `vegawire decode`.
 *
 * Threads  one thread.
 * Memory   allocates for the lines and the counts of each unit; vw_decode_end gives it back.
 * Errors   none: what does not fit is a line of kind "malformed" and a count. */
#ifndef VW_TOOLS_DECODE_H
#define VW_TOOLS_DECODE_H

#include "feeds/capture.h"
#include "feeds/dbn_file.h"
#include "feeds/opra.h"
#include "tools/decode_tally.h"

typedef enum vw_decode_protocol {
    VW_DECODE_AUTO,
    VW_DECODE_PITCH,   /* C1 options and equities, PITCH and TOP */
    VW_DECODE_COMPLEX, /* C1 complex book */
    VW_DECODE_CFE,     /* PITCH and TOP */
    VW_DECODE_AU,      /* Cboe Australia */
    VW_DECODE_OPRA,
    VW_DECODE_DBN,
    VW_DECODE_PROTOCOLS,
} vw_decode_protocol;

/* vw_decode_protocol_name returns "auto", "pitch", "complex", "cfe", "au", "opra" or "dbn". */
const char *vw_decode_protocol_name(vw_decode_protocol protocol);

/* vw_decode_protocol_find returns VW_DECODE_PROTOCOLS for a name that is none. */
vw_decode_protocol vw_decode_protocol_find(const char *name);

typedef struct vw_decode {
    vw_lines *lines;
    bool summary_only;
    vw_opra_form opra;
    vw_tallies tallies;
    vw_capture_counts capture; /* sum over the files */
    uint64_t files;
} vw_decode;

void vw_decode_begin(vw_decode *decode, FILE *to);

/* vw_decode_datagram writes a packet and its messages; protocol is not AUTO or DBN. */
void vw_decode_datagram(vw_decode *decode, vw_decode_protocol protocol,
                        const vw_datagram *datagram);

/* vw_decode_metadata and _record write what a DBN file holds; index counts from 0. */
void vw_decode_metadata(vw_decode *decode, const vw_dbn_metadata *metadata);
void vw_decode_record(vw_decode *decode, const vw_dbn_metadata *metadata, uint64_t index,
                      const unsigned char *from, size_t size);

/* vw_decode_end writes the counts: a line for every unit, and one over all. */
void vw_decode_end(vw_decode *decode);

#endif
