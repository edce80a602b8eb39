/* market.h: a chain of SPXW options as PITCH datagrams in memory, for what is behind the sockets.
 *
 * Eight expiries of 128 strikes, calls and puts, an order on each side of every series at a price
 * near Black's; datagrams then modify orders at random by a tick.  Market time passes as at 50,000
 * datagrams a second.
 *
 * Threads  the main thread.
 * Memory   for good. */
#ifndef VW_BENCH_MARKET_H
#define VW_BENCH_MARKET_H

#include "core/base/ring.h"
#include "core/engine/engine.h"
#include "feeds/feed.h"
#include "feeds/pitch.h"

enum { VW_MARKET_PACKETS = 1024, VW_MARKET_STRIDE_MAX = 1024, VW_MARKET_GAP_NS = 20000 };

/* Datagrams of so many messages each, densely: 1 KiB apart they would share a few cache sets. */
typedef struct vw_market_stream {
    uint32_t messages;
    size_t sizes[VW_MARKET_PACKETS];
    bool up[VW_MARKET_PACKETS]; /* a tick above what it was made with */
    size_t stride;
    unsigned char bytes[VW_MARKET_PACKETS * VW_MARKET_STRIDE_MAX];
} vw_market_stream;

typedef struct vw_market {
    vw_feed *feed;
    vw_engine *engine; /* NULL: the events stay in their ring */
    vw_ring *events, *updates;
    vw_counters counters;
    vw_calendar calendar;
    uint32_t next;     /* sequence of the unit */
    int64_t now_ns;    /* of receiving, and of the market */
    int64_t second_ns; /* of the last Time message */
} vw_market;

/* vw_market_open makes a feed, an engine with these kernels if any, and the chain: announced and
 * quoted.  pump is called after each datagram and has to empty the rings. */
vw_market *vw_market_open(const vw_kernels *engine, void (*pump)(vw_market *market));

/* vw_market_open_lines makes the chain behind a feed that has these two lines and will receive
 * itself, once it has begun. */
vw_market *vw_market_open_lines(const vw_line_config lines[2], vw_io io,
                                void (*pump)(vw_market *market));

/* vw_market_stream_make fills stream with datagrams of so many messages, at most 48. */
vw_market_stream *vw_market_stream_make(uint32_t messages);

/* vw_market_time writes the Time message that the second of now_ns begins with, as a datagram of
 * its own, and returns its size; 0 when it has been written before. */
size_t vw_market_time(vw_market *market, unsigned char *to, size_t room);

/* vw_market_stamp makes datagram i the next one of the unit, sent at now_ns, its prices a tick
 * above those it last had, or back: prices that stay set nothing off. */
void vw_market_stamp(vw_market *market, vw_market_stream *stream, size_t i);

/* vw_market_next lets VW_MARKET_GAP_NS pass, gives the feed the Time message if one is due, and
 * stamps. */
void vw_market_next(vw_market *market, vw_market_stream *stream, size_t i);

/* vw_market_datagram returns datagram i. */
static inline unsigned char *vw_market_datagram(vw_market_stream *stream, size_t i)
{
    return stream->bytes + i * stream->stride;
}

/* vw_market_receive gives the feed datagram i. */
void vw_market_receive(vw_market *market, vw_market_stream *stream, size_t i);

#endif
