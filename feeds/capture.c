#include "feeds/capture.h"

#include "core/base/bytes.h"

#include <pcap/pcap.h>
#include <stdlib.h>
#include <string.h>

enum {
    ETHERNET_BYTES = 14,
    COOKED_BYTES = 16,
    COOKED2_BYTES = 20,
    LOOPBACK_BYTES = 4,
    VLAN_BYTES = 4,
    IPV4_BYTES = 20,
    UDP_BYTES = 8,
    TYPE_IPV4 = 0x0800,
    PROTOCOL_UDP = 17,
    FRAGMENT_BITS = 0x3FFF, /* more fragments, and the offset */
};

struct vw_capture {
    vw_input *input;
    pcap_t *pcap;
    int link;
    vw_capture_counts counts;
    vw_err err;
    vw_error error;
};

bool vw_capture_is(const unsigned char *at, size_t size)
{
    static const uint32_t magics[] = {0xA1B2C3D4, 0xD4C3B2A1, 0xA1B23C4D,
                                      0x4D3CB2A1, 0xA1B2CD34, 0x0A0D0D0A};

    for (size_t i = 0; size >= 4 && i < VW_COUNT_OF(magics); i++) {
        if (vw_load_u32(at) == magics[i]) {
            return true;
        }
    }
    return false;
}

static ssize_t read_cookie(void *cookie, char *to, size_t size)
{
    return (ssize_t)vw_input_read(cookie, to, size);
}

static vw_err fail_with(vw_capture *capture, const char *why)
{
    capture->err = VW_ERR_DATA;
    return vw_fail(&capture->error, VW_ERR_DATA, "%s: %s", vw_input_name(capture->input), why);
}

static bool known_link(int link)
{
    static const int links[] = {DLT_EN10MB, DLT_LINUX_SLL, DLT_LINUX_SLL2, DLT_NULL,
                                DLT_LOOP,   DLT_RAW,       DLT_IPV4};

    for (size_t i = 0; i < VW_COUNT_OF(links); i++) {
        if (links[i] == link) {
            return true;
        }
    }
    return false;
}

static vw_err begin(vw_capture *capture)
{
    cookie_io_functions_t io = {.read = read_cookie};
    char why[PCAP_ERRBUF_SIZE] = "";
    const unsigned char *at;
    size_t size = vw_input_peek(capture->input, 4, &at);

    if (!vw_capture_is(at, size)) {
        return fail_with(capture, "neither pcap nor pcapng");
    }
    FILE *stream = fopencookie(capture->input, "rb", io);

    vw_check(stream != NULL);
    capture->pcap =
        pcap_fopen_offline_with_tstamp_precision(stream, PCAP_TSTAMP_PRECISION_NANO, why);
    if (capture->pcap == NULL) {
        fclose(stream);
        return fail_with(capture, why);
    }
    capture->link = pcap_datalink(capture->pcap);
    if (!known_link(capture->link)) {
        snprintf(why, sizeof why, "link type %d; expected Ethernet, Linux cooked, loopback or IP",
                 capture->link);
        return fail_with(capture, why);
    }
    return VW_OK;
}

vw_capture *vw_capture_open(vw_input *input, vw_error *error)
{
    vw_capture *capture = calloc(1, sizeof *capture);

    vw_check(capture != NULL);
    capture->input = input;
    if (begin(capture) != VW_OK) {
        vw_capture_error(capture, error);
        vw_capture_close(capture);
        return NULL;
    }
    return capture;
}

/* step_link returns where IPv4 begins, or 0 if this is not IPv4. */
static size_t step_link(int link, const unsigned char *frame, size_t size)
{
    size_t at, type_at;

    switch (link) {
    case DLT_EN10MB:
        at = ETHERNET_BYTES;
        type_at = at - 2;
        break;
    case DLT_LINUX_SLL:
        at = COOKED_BYTES;
        type_at = at - 2;
        break;
    case DLT_LINUX_SLL2:
        at = COOKED2_BYTES;
        type_at = 0;
        break;
    case DLT_NULL:
    case DLT_LOOP:
        return LOOPBACK_BYTES;
    default:
        return SIZE_MAX; /* at once */
    }
    if (size < at) {
        return 0;
    }
    uint16_t type = vw_load_u16_be(frame + type_at);

    while ((type == 0x8100 || type == 0x88A8 || type == 0x9100) && size - at >= VLAN_BYTES) {
        type = vw_load_u16_be(frame + at + 2);
        at += VLAN_BYTES;
    }
    return type == TYPE_IPV4 ? at : 0;
}

/* step_udp fills datagram from an IPv4 packet and counts why not. */
static bool step_udp(const unsigned char *ip, size_t size, vw_datagram *datagram,
                     vw_capture_counts *counts)
{
    size_t head = size >= IPV4_BYTES ? 4 * (size_t)(ip[0] & 15) : 0;

    if (size < IPV4_BYTES || ip[0] >> 4 != 4 || ip[9] != PROTOCOL_UDP) {
        counts->other++;
        return false;
    }
    if ((vw_load_u16_be(ip + 6) & FRAGMENT_BITS) != 0) {
        counts->fragments++;
        return false;
    }
    const unsigned char *udp = ip + head;
    size_t total = vw_load_u16_be(ip + 2);

    if (head < IPV4_BYTES || size < head + UDP_BYTES || vw_load_u16_be(udp + 4) < UDP_BYTES ||
        vw_load_u16_be(udp + 4) > size - head ||
        (total != 0 && vw_load_u16_be(udp + 4) + head > total)) {
        counts->cut++;
        return false;
    }
    datagram->payload = udp + UDP_BYTES;
    datagram->size = (uint32_t)(vw_load_u16_be(udp + 4) - UDP_BYTES);
    datagram->from_host = vw_load_u32_be(ip + 12);
    datagram->to_host = vw_load_u32_be(ip + 16);
    datagram->from_port = vw_load_u16_be(udp);
    datagram->to_port = vw_load_u16_be(udp + 2);
    counts->datagrams++;
    return true;
}

bool vw_capture_unwrap(int link, const unsigned char *frame, size_t size, vw_datagram *datagram,
                       vw_capture_counts *counts)
{
    size_t at = step_link(link, frame, size);

    counts->frames++;
    datagram->frame = counts->frames;
    if (at == SIZE_MAX) {
        at = 0;
    } else if (at == 0 || at > size) {
        counts->other++;
        return false;
    }
    return step_udp(frame + at, size - at, datagram, counts);
}

/* stamp_ns returns 0 for an instant that 64 bits of nanoseconds cannot hold: pcapng may say any. */
static int64_t stamp_ns(const struct timeval *stamp)
{
    int64_t whole_ns;

    if (__builtin_mul_overflow(stamp->tv_sec, INT64_C(1000000000), &whole_ns) ||
        __builtin_add_overflow(whole_ns, stamp->tv_usec, &whole_ns) || whole_ns < 0) {
        return 0;
    }
    return whole_ns;
}

bool vw_capture_next(vw_capture *capture, vw_datagram *datagram)
{
    struct pcap_pkthdr *head;
    const unsigned char *frame;
    int result;

    if (capture->err != VW_OK) {
        return false;
    }
    while ((result = pcap_next_ex(capture->pcap, &head, &frame)) == 1) {
        datagram->capture_ns = stamp_ns(&head->ts);
        if (vw_capture_unwrap(capture->link, frame, head->caplen, datagram, &capture->counts)) {
            return true;
        }
    }
    if (result == PCAP_ERROR) {
        fail_with(capture, pcap_geterr(capture->pcap));
    }
    return false;
}

const vw_capture_counts *vw_capture_counted(const vw_capture *capture)
{
    return &capture->counts;
}

vw_err vw_capture_error(const vw_capture *capture, vw_error *error)
{
    if (vw_input_error(capture->input, error) != VW_OK) {
        return VW_ERR_DATA; /* the cause of whatever libpcap says */
    }
    if (capture->err != VW_OK && error != NULL) {
        *error = capture->error;
    }
    return capture->err;
}

void vw_capture_close(vw_capture *capture)
{
    if (capture == NULL) {
        return;
    }
    if (capture->pcap != NULL) {
        pcap_close(capture->pcap);
    }
    vw_input_close(capture->input);
    free(capture);
}
