/* sim_market.h: what the simulated exchange's quotes are at any moment of market time.
 *
 * Reads the chains once: forward, discount and smile of each expiry, the Black value of each
 * series.  Afterwards a quote is its start plus what its Black value has moved, so that at the
 * start every quote is the file's, and calls and puts of one strike keep parity.  The model stands
 * in sim.h.
 *
 * Units    prices of quotes in 1/10,000 point, 0 = no such side; model in points, years, fractions.
 * Threads  one.
 * Memory   allocated at open, handed back at close. */
#ifndef VW_FEEDS_SIM_MARKET_H
#define VW_FEEDS_SIM_MARKET_H

#include "core/pricing/kernels.h"
#include "feeds/sim.h"
#include "feeds/sim_random.h"

typedef struct vw_sim_quote {
    int64_t bid, ask;
    uint32_t bid_size, ask_size; /* contracts */
} vw_sim_quote;

typedef struct vw_sim_series {
    vw_symbol symbol;   /* a future: root "VX", type 'F', strike 0 */
    uint32_t expiry;    /* index of its vw_sim_expiry */
    uint32_t point;     /* options: its strike among all smile points */
    double start_value; /* Black value, or price of the future, at the start; NaN: never moves */
    vw_sim_quote start;
} vw_sim_series;

/* The series of one root and expiry; of one future. */
typedef struct vw_sim_expiry {
    vw_family family;
    char root[8];
    uint32_t date;
    int64_t settlement_ns;
    double years;         /* at the start */
    double forward, rate; /* at the start; forward NaN: nothing to learn it from */
    double response;      /* to the vol level: (30 / days)^0.40 at most 2, or the VX beta */
    size_t first, count;  /* its smile points */
} vw_sim_expiry;

typedef struct vw_sim_market {
    const vw_kernels *kernels;
    vw_sim_random random;
    int64_t start_ns;
    bool still;
    double spot_vol;     /* 30-day at-the-money vol of the index */
    double level;        /* vol level at the start, points */
    double log_forward;  /* ln(forward / start) of the index, now */
    double log_level;    /* ln(level / start), now */
    size_t series_count; /* options, then futures */
    size_t option_count;
    size_t expiry_count; /* of options, then of futures */
    size_t option_expiry_count;
    size_t point_count;
    vw_sim_series *series;
    vw_sim_expiry *expiries;
    double *strike, *log_moneyness, *vol; /* of the points, by expiry and strike */
} vw_sim_market;

vw_err vw_sim_market_open(vw_sim_market *market, const vw_sim_config *config, vw_error *error);

/* vw_sim_market_step lets market time go on by so many seconds of a session. */
void vw_sim_market_step(vw_sim_market *market, double seconds);

/* vw_sim_market_quote returns the quote of a series now; without sides once it has settled. */
vw_sim_quote vw_sim_market_quote(const vw_sim_market *market, size_t series, int64_t market_ns);

/* vw_sim_market_weight returns how often the series is quoted against others: most near the money
 * and near expiry, 0 if it never moves. */
double vw_sim_market_weight(const vw_sim_market *market, size_t series);

/* vw_sim_market_forward returns the forward of an expiry now. */
double vw_sim_market_forward(const vw_sim_market *market, size_t expiry);

void vw_sim_market_close(vw_sim_market *market);

/* For vw_sim_market_open: vw_sim_smile_fit fills forwards, rates and smiles from the start quotes;
 * VW_ERR_SYSTEM without memory.  vw_sim_curve_fit fills the futures' expiries and start quotes. */
vw_err vw_sim_smile_fit(vw_sim_market *market, vw_error *error);
void vw_sim_curve_fit(vw_sim_market *market, const vw_sim_config *config);

#endif
