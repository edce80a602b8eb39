/* decode_parts.h: what the protocols' halves of decode share. */
#ifndef VW_TOOLS_DECODE_PARTS_H
#define VW_TOOLS_DECODE_PARTS_H

#include "tools/decode.h"
#include "tools/decode_layouts.h"

/* One packet on its way through. */
typedef struct vw_decode_packet {
    vw_decode *decode;
    vw_decode_protocol protocol;
    const vw_datagram *datagram;
    vw_tally *tally;
} vw_decode_packet;

void vw_decode_pitch(vw_decode_packet *packet);
void vw_decode_opra(vw_decode_packet *packet);

/* vw_decode_packet_line writes the line of the packet, with its block header if layout is given.
 */
void vw_decode_packet_line(const vw_decode_packet *packet, const vw_layout *layout, bool big_endian,
                           const char *malformed);

/* vw_decode_message_begin begins the line of a message; the caller goes on and ends it. */
void vw_decode_message_begin(const vw_decode_packet *packet, const char *kind, uint32_t index,
                             uint64_t sequence, const char *type);

/* vw_decode_malformed counts and writes `size` bytes that are no message. */
void vw_decode_malformed(const vw_decode_packet *packet, uint32_t index, uint64_t sequence,
                         const char *why, const unsigned char *from, size_t size);

/* vw_decode_dbn_name returns the name of a kind of record, or NULL. */
const char *vw_decode_dbn_name(uint8_t rtype);

#endif
