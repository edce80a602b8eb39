/* Any bytes as frames of any link type and as packets of every protocol, shown as JSON lines. */
#include "tests/fuzz/fuzz_packets.h"
#include "tools/decode_sniff.h"

#include <pcap/pcap.h>

static const int links[] = {DLT_EN10MB, DLT_LINUX_SLL, DLT_LINUX_SLL2, DLT_NULL, DLT_RAW};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static FILE *nowhere;
    vw_capture_counts counts = {.frames = 0};
    fuzz_packet packet = {.now_ns = 0};
    vw_decode decode;

    if (nowhere == NULL) {
        nowhere = fopen("/dev/null", "w");
    }
    vw_decode_begin(&decode, nowhere);
    while (fuzz_next(&data, &size, &packet)) {
        const uint8_t *head = packet.payload - FUZZ_HEAD;
        unsigned kind = head[0] >> 2;
        vw_datagram datagram = {.payload = packet.payload,
                                .size = (uint32_t)packet.size,
                                .capture_ns = packet.now_ns,
                                .to_port = (uint16_t)packet.line};

        vw_capture_unwrap(links[kind % VW_COUNT_OF(links)], packet.payload, packet.size, &datagram,
                          &counts);
        vw_decode_protocol protocol = (vw_decode_protocol)(kind % VW_DECODE_PROTOCOLS);

        if (protocol == VW_DECODE_AUTO || protocol == VW_DECODE_DBN) {
            protocol = vw_sniff_hint(&datagram);
        }
        if (protocol == VW_DECODE_AUTO) {
            protocol = VW_DECODE_PITCH;
        }
        decode.summary_only = packet.channel != 0;
        vw_decode_datagram(&decode, protocol, &datagram);
    }
    vw_check(counts.frames == counts.datagrams + counts.fragments + counts.cut + counts.other);
    vw_decode_end(&decode);
    return 0;
}
