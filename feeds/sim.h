/* sim.h: the simulated exchange: real protocol bytes on multicast, from a chain or from a model.
 *
 * Plays C1 options PITCH (SPX, SPXW, VIX) and CFE PITCH (VX futures) on A and B lines: symbol
 * mapping and definition loops, time, adds, modifies, executions, reductions, deletes, trading
 * status, heartbeats; A and B are framed differently.  Each resting quote is announced again
 * (delete + add) within reannounce_ns, so that a late listener becomes whole.
 *
 * Model    a quote's mid moves with its underlying: ln(forward) follows a driftless random walk of
 *          the chain's own at-the-money vol, vol level moves against it (beta -4 [vol % per %]),
 *          each quote keeps its own spread and stays on its tick; all from one seed.
 * Time     market time starts at the chain's instant and runs at `speed`; stamps are market time.
 * Threads  one thread calls begin and poll.
 * Memory   allocated at open; nothing afterwards. */
#ifndef VW_FEEDS_SIM_H
#define VW_FEEDS_SIM_H

#include "core/base/counters.h"
#include "feeds/chain.h"
#include "feeds/feed.h"

/* What a line does to its packets; shares in [0, 1). */
typedef struct vw_impairment {
    double loss, reorder, duplicate;
} vw_impairment;

typedef struct vw_sim_config {
    const vw_chain *chains; /* SPX and, if given, VIX of the same instant; none: synthetic day */
    size_t chain_count;
    const char *at;                     /* vw_chain_instant; NULL = quote */
    vw_channel_config options, futures; /* where to send: groups, ports, interface */
    vw_impairment lines[2];             /* A, B */
    bool same_loss; /* test: both lines lose independently (false) or never the same message (true)
                     */
    double rate;    /* quotes per second of real time, all series; 5,000 */
    double speed;   /* market seconds per second; 1 */
    bool still;     /* quotes do not move; only announced again */
    uint64_t seed;
    uint8_t option_units;  /* matching units the options are spread over; 4 */
    int64_t reannounce_ns; /* 5 s */
    const vw_calendar *calendar;
} vw_sim_config;

typedef struct vw_sim vw_sim;

typedef struct vw_sim_totals {
    uint64_t quotes, messages, packets, packets_lost, bytes;
    uint64_t sequenced; /* messages with a sequence, once per message, not per line */
    uint64_t send_failures;
} vw_sim_totals;

vw_err vw_sim_open(const vw_sim_config *config, vw_sim **sim, vw_error *error);
vw_err vw_sim_begin(void *sim, vw_error *error);
size_t vw_sim_poll(void *sim, int64_t now_ns);
vw_sim_totals vw_sim_totals_get(const vw_sim *sim);
void vw_sim_close(vw_sim *sim);

#endif
