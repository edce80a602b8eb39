/* sim_flow.h: the orders that make the simulated exchange's quotes, and what happens to them.
 *
 * Each side of a series rests as one order at the best price and, now and then, one behind it.  A
 * quote that moves does so by modify, or delete and add; one that does not, by size: modify,
 * reduction, execution with a refill.  Trades off the book are printed in between.  Where one
 * quote takes more than one change of the book, they stand between transaction begin and end.  An
 * add on a side always comes with the add of its best order, so that a listener who heard an add
 * knows the best price.
 *
 * Threads  one.
 * Memory   the caller's; books has a vw_sim_book per series of the market. */
#ifndef VW_FEEDS_SIM_FLOW_H
#define VW_FEEDS_SIM_FLOW_H

#include "feeds/sim_channel.h"
#include "feeds/sim_market.h"

typedef struct vw_sim_order {
    uint64_t id; /* 0 = none */
    int64_t price;
    uint32_t size; /* left */
} vw_sim_order;

typedef struct vw_sim_book {
    vw_sim_channel *channel;
    uint32_t unit;                   /* index in the channel */
    char symbol[8];                  /* of the feed: 6 characters */
    bool known;                      /* announced before */
    int64_t settlement;              /* futures: of the session before; 0 = none to tell */
    vw_sim_order best[2], behind[2]; /* bid, ask */
} vw_sim_book;

typedef struct vw_sim_flow {
    vw_sim_random random;
    vw_sim_book *books;
    uint64_t orders, executions; /* numbers given out */
    int64_t market_ns, now_ns;   /* of what is being sent */
    uint32_t settlement_date;    /* yyyymmdd */
} vw_sim_flow;

/* vw_sim_flow_announce takes the series' orders away and adds them anew at quote, with its trading
 * status and, of a future, its settlement. */
void vw_sim_flow_announce(vw_sim_flow *flow, size_t series, const vw_sim_quote *quote);

/* vw_sim_flow_change brings the series to quote, or, if it stands there already, changes a size;
 * false, and nothing is sent, if it has no side at all. */
bool vw_sim_flow_change(vw_sim_flow *flow, size_t series, const vw_sim_quote *quote);

#endif
