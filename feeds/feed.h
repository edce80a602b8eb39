/* feed.h: one feed thread: sockets in, events out.
 *
 * reactor (packets) -> arbiter (each message once, in order) -> decoder -> book -> event.  A feed
 * has channels; a channel is one exchange feed (protocol, its units, its A and B lines).
 *
 * Threads  one thread calls begin, then poll; vw_feed_packet only when there is no reactor (tests,
 *          replay).  The counters block is written by that thread.
 * Memory   vw_feed_size bytes from the caller; no allocation after begin.
 * Full     out ring full: the quote stays marked changed and is sent on a later poll, so the newest
 *          follows (VW_COUNT_EVENT_RING_FULL); order and instrument tables: counted, refused;
 *          units after the 64th: their packets count as malformed.
 * Order    events of a unit keep the unit's order, but for quotes, which follow when their packet
 *          or transaction has ended; DEFINITION comes first.
 * Time     quotes wait for the unit's first Time message (2 s at most, then for none).
 * Stale    after a gap the unit's books are cleared, its series stale: those of orders until
 *          reannounce_ns have passed without another gap (then VW_UNIT_WHOLE is sent) or, where the
 *          exchange does repeat them (reannounce_ns > 0), both sides were announced again; of TOP
 *          and OPRA until both sides were said again.  The same after a start in mid-session.
 *          Silence makes stale, too; if no message was missed, it ends with the next packet.
 *          Where there are recovery servers, gaps are asked for first, and an image makes a unit
 *          whole at once (feed_recovery.h); it is stale as long as that takes.
 */
#ifndef VW_FEEDS_FEED_H
#define VW_FEEDS_FEED_H

#include "core/base/counters.h"
#include "core/base/error.h"
#include "core/base/ring.h"
#include "core/market/event.h"
#include "feeds/opra.h"
#include "feeds/reactor.h"
#include "feeds/recovery.h"

#define VW_FEED_CHANNELS_MAX 8
#define VW_FEED_LINES_MAX 4
#define VW_FEED_LINE_REPLAY VW_FEED_LINES_MAX /* in place of a line: the replay group */
#define VW_FEED_SPIN_SERVERS_MAX 32

typedef enum vw_protocol {
    VW_PROTOCOL_PITCH, /* C1 options, PITCH or TOP */
    VW_PROTOCOL_CFE,   /* PITCH or TOP */
    VW_PROTOCOL_OPRA,  /* one multicast line of it and its copies: a unit of number 0 */
    VW_PROTOCOL_DBN,   /* of files: a packet is a record */
} vw_protocol;

typedef struct vw_line_config {
    char group[16]; /* multicast address, "239.1.1.1" */
    uint16_t port;
    char interface[16]; /* address of the card to join on, "127.0.0.1" */
} vw_line_config;

typedef struct vw_server_config {
    uint16_t unit; /* that it serves; 0: every one */
    char address[16];
    uint16_t port; /* TCP; 0: there is none */
} vw_server_config;

/* The exchange's recovery servers; see feed_recovery.h. */
typedef struct vw_recovery_config {
    vw_recovery_login login;
    vw_server_config gap;      /* gap request proxy */
    vw_line_config replay;     /* the group it replays on; port 0: none */
    uint32_t gap_messages_max; /* larger gaps are not asked for; 100 */
    int64_t gap_timeout_ns;    /* how long a hole waits for the replay; 200 ms */
    vw_server_config spins[VW_FEED_SPIN_SERVERS_MAX];
    size_t spin_count;
    int64_t spin_timeout_ns; /* for login and image; 5 s */
} vw_recovery_config;

typedef struct vw_channel_config {
    char name[16]; /* "c1-options", "cfe" */
    vw_protocol protocol;
    vw_opra_form opra;                       /* of OPRA: what its version cannot be told by */
    vw_line_config lines[VW_FEED_LINES_MAX]; /* A, B, ... carry the same messages */
    size_t line_count;
    int64_t wait_ns;   /* how long a hole waits for the other line; 20 ms */
    int64_t silent_ns; /* a line without a packet for so long is silent; 3 s (heartbeats come each
                          second) */
    int64_t reannounce_ns; /* the exchange repeats every resting order within this; 0 = never, as
                              always for OPRA */
    vw_recovery_config recovery;
} vw_channel_config;

typedef struct vw_feed_config {
    vw_channel_config channels[VW_FEED_CHANNELS_MAX];
    size_t channel_count;
    vw_io io;
    bool spin;                 /* the thread that polls it never sleeps */
    uint32_t instruments_max;  /* 32,768 */
    uint32_t instrument_first; /* number of this feed's first series: feeds do not overlap */
    uint32_t orders_max;       /* 262,144 resting orders, all units */
    uint32_t hold_packets;     /* 8,192 kept behind holes, all units of the feed */
    uint32_t packets_per_poll; /* 64 */
    uint32_t receive_buffer;   /* SO_RCVBUF bytes per socket; 8 MiB */
    vw_ring *out;              /* of vw_event */
    vw_counters *counters;
    const vw_streams *streams; /* to recovery servers; NULL: the reactor's */
} vw_feed_config;

typedef struct vw_feed vw_feed;

/* vw_feed_size returns the bytes a feed of these limits needs, or 0 for limits that make no sense.
 */
size_t vw_feed_size(const vw_feed_config *config);

/* vw_feed_init lays the feed out in mem (VW_LINE_PAIR aligned).  No socket yet; config is copied.
 */
vw_feed *vw_feed_init(void *mem, const vw_feed_config *config);

/* vw_feed_begin opens and joins the sockets on the thread that will poll: VW_ERR_SYSTEM names the
 * channel, group, port and what to do (port in use, no multicast route, io_uring refused). */
vw_err vw_feed_begin(void *feed, vw_error *error);

/* vw_feed_poll is the worker's poll function: receives, decodes, sends; returns packets handled. */
size_t vw_feed_poll(void *feed, int64_t now_ns);

/* vw_feed_packet hands one datagram in as if it had come on that line. */
void vw_feed_packet(vw_feed *feed, size_t channel, size_t line, const void *payload, size_t size,
                    int64_t receive_ns);

/* vw_feed_turn is vw_feed_poll where there is no reactor: what time alone brings about. */
void vw_feed_turn(vw_feed *feed, int64_t now_ns);

/* vw_feed_name says what a DBN channel's instrument number stands for; a symbol that is not of an
 * option we price is passed over. */
void vw_feed_name(vw_feed *feed, size_t channel, uint32_t instrument_id, const char *symbol);

/* vw_feed_stream_sink returns who hears what happens on config's streams. */
vw_stream_sink vw_feed_stream_sink(vw_feed *feed);

/* vw_feed_silent_lines returns the lines without a packet for silent_ns, a bit each: for any
 * thread, which may see a line's change a moment late. */
#define VW_FEED_LINE_BIT(channel, line) (UINT32_C(1) << ((channel)*VW_FEED_LINES_MAX + (line)))
uint32_t vw_feed_silent_lines(const vw_feed *feed);

/* vw_feed_end closes the sockets; for the main thread after the worker has joined. */
void vw_feed_end(vw_feed *feed);

#endif
