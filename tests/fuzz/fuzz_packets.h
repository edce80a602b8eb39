/* fuzz_packets.h: one input as a list of packets: flags, delay, size, payload. */
#ifndef VW_TESTS_FUZZ_PACKETS_H
#define VW_TESTS_FUZZ_PACKETS_H

#include "core/base/bytes.h"
#include "core/base/clock.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FUZZ_HEAD = 4 };

typedef struct fuzz_packet {
    uint32_t line;    /* 0, 1 */
    uint32_t channel; /* 0, 1 */
    int64_t now_ns;   /* grows from packet to packet, by 0 to 2.5 s */
    const uint8_t *payload;
    size_t size;
} fuzz_packet;

/* fuzz_next takes the next packet off data; false at the end. */
static inline bool fuzz_next(const uint8_t **data, size_t *size, fuzz_packet *packet)
{
    if (*size < FUZZ_HEAD) {
        return false;
    }
    size_t length = vw_load_u16(*data + 2), left = *size - FUZZ_HEAD;

    packet->line = (*data)[0] & 1;
    packet->channel = (*data)[0] >> 1 & 1;
    packet->now_ns += (*data)[1] * 10 * VW_NS_PER_MS;
    packet->payload = *data + FUZZ_HEAD;
    packet->size = length < left ? length : left;
    *data += FUZZ_HEAD + packet->size;
    *size = left - packet->size;
    return true;
}

#endif
