/* sim.h: the simulated exchange: real protocol bytes on multicast, from a chain or from a model.
 *
 * Plays C1 options PITCH (SPX, SPXW, VIX) and CFE PITCH (VX futures) on A and B lines: symbol
 * mapping and definition loops, time, adds, modifies, executions, reductions, deletes, trades,
 * trading status, heartbeats; A and B are framed differently.  Each resting order is announced
 * again (delete + add) within reannounce_ns, and the loops run so often that a listener who starts
 * at any moment is whole within reannounce_ns.
 *
 * Model    ln(forward) follows a driftless random walk of the chain's own 30-day at-the-money vol
 *          (a year of 252 sessions); the vol level moves against it (beta -4, vol % per %) with
 *          noise of its own (0.8 a year); the smile stays where it is in log-moneyness and moves
 *          with the level by (30 / days)^0.40; VIX forwards and VX futures by vw_vx_curve_beta.
 *          Each quote keeps its distance from the Black value, its spread and its tick.  One seed.
 * Futures  the next VW_SIM_FUTURES monthlies: on the VIX chain's parity forward of the same expiry;
 *          else at `curve`; else at 21 + (level - 21) vw_vx_curve_beta(days), level = the 30-day
 *          at-the-money vol / 0.866.
 * Time     market time starts at the first chain's instant and runs at `speed`; stamps are it.
 * Rate     announcements come first and are part of `rate`; what it leaves are quotes that move.
 *          At least count / (0.78 reannounce_ns) quotes are sent whatever the rate.
 * Recovery gap request proxy and spin server over TCP (sim_session.h), as far back as the last
 *          16,384 messages of a unit.
 * Loss     the first block of a unit, which begins its count, is never lost.
 * Full     what could not be sent within 100 ms of its time is skipped and counted, never sent in
 *          a burst: a poll sends at most some 64 packets, all lines together, which is what a feed
 *          takes in one turn.
 * Threads  one thread calls begin and poll.
 * Memory   allocated at open; nothing afterwards. */
#ifndef VW_FEEDS_SIM_H
#define VW_FEEDS_SIM_H

#include "core/base/counters.h"
#include "feeds/chain.h"
#include "feeds/feed.h"

#define VW_SIM_FUTURES 9

/* What a line does to its packets; shares in [0, 1). */
typedef struct vw_impairment {
    double loss, reorder, duplicate;
} vw_impairment;

/* What the recovery servers shall not do; bits. */
enum {
    VW_SIM_REFUSE_LOGIN = 1,
    VW_SIM_REFUSE_GAP = 2,
    VW_SIM_REFUSE_REPLAY = 4, /* accepted, but nothing comes */
    VW_SIM_REFUSE_SPIN = 8,
    VW_SIM_REFUSE_CUT = 16,      /* the connection ends in the middle of the image */
    VW_SIM_REFUSE_SILENTLY = 32, /* connections are taken, and that is all */
};

/* A sink takes packets in place of the network: channel 0 options, 1 futures; line 0 A, 1 B,
 * VW_FEED_LINE_REPLAY what was asked for. */
typedef void vw_sim_sink(void *self, size_t channel, size_t line, const void *packet, size_t size,
                         int64_t now_ns);

typedef struct vw_sim_config {
    const vw_chain *chains; /* SPX and, if given, VIX of the same instant */
    size_t chain_count;
    const char *at;                     /* vw_chain_instant; NULL = quote */
    vw_channel_config options, futures; /* where to send: groups, ports, interface; 1 or 2 lines;
                                           recovery: where to serve, one spin server each */
    bool servers_needed;    /* ports of theirs in use are an error; else it goes without */
    uint32_t refuse;        /* VW_SIM_REFUSE_ */
    vw_impairment lines[2]; /* A, B */
    bool same_loss;        /* a message is never lost on both lines; else they lose independently */
    double rate;           /* quotes per second of real time, all series; 5,000 */
    double speed;          /* market seconds per second; 1 */
    bool still;            /* quotes do not move; only announced again */
    uint64_t seed;         /* 1 */
    uint8_t option_units;  /* matching units the options are spread over by expiry; 4 */
    uint8_t batch;         /* line B gathers up to so many messages a packet, for 1 ms at most; 0 =
                              one quote a packet, as on A, but cut at other places */
    int64_t reannounce_ns; /* 5 s */
    const double *curve;   /* VX prices by expiry; NULL = see Futures */
    size_t curve_count;    /* the rest of the curve keeps its distance from the last */
    const vw_calendar *calendar; /* NULL = the rules alone */
    vw_sim_sink *sink;           /* instead of sockets, for tests; NULL = sockets */
    void *sink_self;
} vw_sim_config;

typedef struct vw_sim vw_sim;

typedef struct vw_sim_totals {
    uint64_t quotes;         /* sides of a series announced or changed together */
    uint64_t skipped;        /* quotes not made: the machine was too slow for the rate */
    uint64_t sequenced;      /* messages with a sequence, once per message, not per line */
    uint64_t lost_on_both;   /* of those, lost on every line */
    uint64_t messages;       /* in packets that were sent, all lines, repeats and loops included */
    uint64_t packets, bytes; /* sent, all lines */
    uint64_t packets_lost, packets_duplicated, packets_reordered; /* by the impairments */
    uint64_t heartbeats;
    uint64_t send_failures; /* packets the system refused */
    uint64_t logins, gap_requests, gap_refusals, replayed, images, image_refusals;
    uint32_t series, futures, expiries, units;
    int64_t market_ns; /* market time now */
} vw_sim_totals;

/* vw_sim_defaults returns the values named above, the default groups on 127.0.0.1, no chain. */
vw_sim_config vw_sim_defaults(void);

/* vw_sim_open reads the chains, which need not stay; VW_ERR_DATA for a chain without a series, an
 * instant that cannot be had, chains more than 15 minutes apart. */
vw_err vw_sim_open(const vw_sim_config *config, vw_sim **sim, vw_error *error);

/* vw_sim_begin opens the sockets; VW_ERR_SYSTEM without a multicast route. */
vw_err vw_sim_begin(void *sim, vw_error *error);

/* vw_sim_poll sends what is due at now_ns and returns how many packets; the first call starts. */
size_t vw_sim_poll(void *sim, int64_t now_ns);

/* vw_sim_serve does only what recovery servers do; false when no client is connected. */
bool vw_sim_serve(vw_sim *sim, int64_t now_ns);

/* vw_sim_end sends what is still held back, and of each unit a last heartbeat that no line loses,
 * so that a listener knows of every message there was.  Nothing follows but totals and close. */
void vw_sim_end(vw_sim *sim);

/* vw_sim_recovery_of returns the servers' sessions: for tests without sockets. */
struct vw_sim_recovery *vw_sim_recovery_of(vw_sim *sim);

vw_sim_totals vw_sim_totals_get(const vw_sim *sim);
void vw_sim_close(vw_sim *sim);

/* vw_sim_synthetic makes the built-in day, Wednesday 2026-06-10 10:30 New York: chains[0] SPX and
 * SPXW, chains[1] VIX, both marked synthetic and to be handed to vw_chain_free.  Smiles by the
 * table of mathematics.md section 12.4, free of arbitrage before spreads; VIX forwards follow from
 * the SPX smiles' forward variance.  No market data. */
vw_err vw_sim_synthetic(const vw_calendar *calendar, uint64_t seed, vw_chain chains[2],
                        vw_error *error);

#endif
