/* capture.h: the UDP datagrams of a pcap or pcapng file, one after the other.
 *
 * Microsecond and nanosecond files of either byte order; Ethernet with any VLAN tags, Linux cooked,
 * BSD loopback, raw IP; plain, gzip or zstd, or "-".  The size of a datagram is what UDP says, not
 * what padding makes of the frame.
 *
 * Threads  one thread; not for a live feed thread.
 * Memory   open allocates (libpcap), close gives it back; a datagram stays until the next call.
 * Errors   VW_ERR_DATA naming the file: neither pcap nor pcapng, a link type not listed here, or
 *          garbled or cut.  What is no whole UDP datagram over IPv4 is counted and left out. */
#ifndef VW_FEEDS_CAPTURE_H
#define VW_FEEDS_CAPTURE_H

#include "feeds/input.h"

typedef struct vw_datagram {
    const unsigned char *payload;
    uint64_t frame;              /* number in the file, from 1 */
    int64_t capture_ns;          /* Unix; 0 if beyond what fits */
    uint32_t size;               /* of the payload */
    uint32_t from_host, to_host; /* 10.0.0.1 = 0x0A000001 */
    uint16_t from_port, to_port;
} vw_datagram;

typedef struct vw_capture_counts {
    uint64_t frames;    /* = datagrams + the rest */
    uint64_t datagrams; /* given out */
    uint64_t fragments; /* IPv4 fragments: not put together */
    uint64_t cut;       /* UDP captured shorter than it was, or lengths that do not fit */
    uint64_t other;     /* not UDP over IPv4 */
} vw_capture_counts;

typedef struct vw_capture vw_capture;

/* vw_capture_is says whether a stream begins like pcap or pcapng. */
bool vw_capture_is(const unsigned char *at, size_t size);

/* vw_capture_open takes over input, also when it fails. */
vw_capture *vw_capture_open(vw_input *input, vw_error *error);

/* vw_capture_next returns false at the end, or when the rest cannot be read: vw_capture_error
 * tells.
 */
bool vw_capture_next(vw_capture *capture, vw_datagram *datagram);

const vw_capture_counts *vw_capture_counted(const vw_capture *capture);

/* vw_capture_error: VW_OK, or why the file ended before its end. */
vw_err vw_capture_error(const vw_capture *capture, vw_error *error);

void vw_capture_close(vw_capture *capture);

/* vw_capture_unwrap finds the datagram in one frame of a link type (DLT_*): the part of next that
 * can be fed with bytes.  Counts it in counts; false when there is none. */
bool vw_capture_unwrap(int link, const unsigned char *frame, size_t size, vw_datagram *datagram,
                       vw_capture_counts *counts);

#endif
