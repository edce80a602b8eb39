/* scenario.h: a market, a book, inputs and a clock, written as YAML, and the decisions they lead
 * to.
 *
 * A scenario begins at its clock and may go on in steps: time passes, sessions close, quotes
 * change, the engine restarts.  A step says what changes; all else stays.  It may say what must
 * come out (`expect`), which makes the file its own test.  `vegawire hedge --help` is the manual.
 *
 * Memory   allocated by read, handed back by free; one thread; commands and tests only.
 * Units    as the keys say: vols in fractions, VIX and VX in points, USD, minutes, seconds.
 * Errors   VW_ERR_DATA: a file cannot be read; VW_ERR_CONFIG: file, line, column, key, value, and
 *          what would be right. */
#ifndef VW_TOOLS_SCENARIO_H
#define VW_TOOLS_SCENARIO_H

#include "core/hedge/inputs.h"
#include "core/hedge/portfolio.h"
#include "tools/config_map.h"

enum {
    VW_SCENARIO_FUTURES = 9,
    VW_SCENARIO_SMILES = 16,
    VW_SCENARIO_CONDORS = 24,
    VW_SCENARIO_LEGS = 32,
    VW_SCENARIO_EVENTS = 16,
    VW_SCENARIO_STEPS = 48,
    VW_SCENARIO_EXPECTS = 24,
    VW_SCENARIO_RAMPS = 32,
};

/* A VX future; expiry 0: the monthlies in order. */
typedef struct vw_scenario_future {
    uint32_t expiry;
    double price, bid, ask; /* price, or both sides */
    double days, beta;      /* NaN: by the clock; the prior */
    double age_s;
    double forward_vol, options_rms;
} vw_scenario_future;

/* The smile of one SPX expiry: flat, or raw SVI in total variance. */
typedef struct vw_scenario_smile {
    char root[8];
    uint32_t expiry;
    double forward; /* NaN: spx */
    double vol;
    double svi_a, svi_b, svi_rho, svi_m, svi_sigma;
    double days; /* NaN: by the clock */
    double strike_step;
} vw_scenario_smile;

/* A condor, and what of it is stated rather than computed (NaN: computed). */
typedef struct vw_scenario_condor {
    vw_condor position;
    double v30, theta, delta, z_lo, z_hi, max_loss_usd;
    double decay_short, decay_wing, wing_residual_usd;
    bool next_cycle;
} vw_scenario_condor;

/* A hedge instrument, held or to be had. */
typedef struct vw_scenario_leg {
    char root[8];
    uint8_t kind; /* vw_hedge_kind */
    uint32_t month;
    uint32_t expiry;
    double strike, strike_far;
    double vol, vol_far; /* far: of the second strike; of a calendar, of the far expiry */
    double days;         /* of an option, NaN: of its month */
    double contracts, lo, hi;
    double price, entry_price, spread, displayed;
    double leverage, front_weight;
    double drift_1ms, drift_10ms, drift_100ms;
    double irr, beta, v30, theta, age_s;
} vw_scenario_leg;

typedef struct vw_scenario_event {
    char at[32];
    uint8_t kind; /* vw_announcement_kind */
} vw_scenario_event;

/* All that can change from step to step. */
typedef struct vw_scenario_moment {
    double vix, vix_age_s, spx, spx_age_s, flat_vol, rate;
    double vol_of_vol, atm_vol_30, atm_vol_7, advances;
    double arbitrage_usd, delta_usd_per_point;
    bool list_futures, entry_asked;
    vw_scenario_future futures[VW_SCENARIO_FUTURES];
    size_t future_count;
    vw_scenario_smile smiles[VW_SCENARIO_SMILES];
    size_t smile_count;
    vw_scenario_condor condors[VW_SCENARIO_CONDORS];
    size_t condor_count;
    vw_scenario_leg legs[VW_SCENARIO_LEGS];
    size_t leg_count;
    vw_scenario_event events[VW_SCENARIO_EVENTS];
    size_t event_count;
    double reer_change, price_earnings, dividend_model, rate_differential, market_cap_change;
    double macro_age_days;
    double equity_usd, cash_usd, near_cash_usd, account_age_hours, borrowing;
    double beta_book, beta_hedge, hedge_cost;
} vw_scenario_moment;

typedef struct vw_scenario_expect {
    char field[96];
    char value[64], has[48], lacks[48]; /* "" = not asked */
    double within, least, most;         /* NaN = not asked */
} vw_scenario_expect;

typedef struct vw_scenario_step {
    char about[128];
    double after_s, after_minutes;
    uint32_t closes; /* sessions closed one after the other; the clock goes to the next each time */
    bool restart, take;
    vw_scenario_moment moment; /* what is given counts */
    vw_scenario_expect expects[VW_SCENARIO_EXPECTS];
    size_t expect_count;
} vw_scenario_step;

/* Sessions before the clock, in a line from a value to its _to. */
typedef struct vw_scenario_ramp {
    uint32_t sessions;
    double spx, spx_to, vix, vix_to, vx1, vx1_to, vx2, vx2_to, vx3, vx3_to;
    double advances, advances_to, vol_of_vol, vol_of_vol_to, atm_vol_30, atm_vol_30_to;
    double atm_vol_7, atm_vol_7_to;
} vw_scenario_ramp;

typedef struct vw_scenario_chain vw_scenario_chain;
typedef struct vw_scenario {
    char file[256], about[256], rule[64];
    char preset[128], clock[32], chain[128];
    int64_t start_ns;
    vw_hedge_settings settings; /* of the preset, with the scenario's own on top */
    vw_scenario_ramp ramps[VW_SCENARIO_RAMPS];
    size_t ramp_count;
    vw_scenario_step begin; /* closes, restart, take unused */
    vw_scenario_step steps[VW_SCENARIO_STEPS];
    size_t step_count;
    vw_scenario_chain *market; /* of the chain; NULL without */
    vw_config_map *map;        /* for errors that come later; closed by free */
} vw_scenario;

/* vw_scenario_read reads file ("-": standard input); preset NULL: the file's, else alvh. */
vw_err vw_scenario_read(const char *file, const char *preset, vw_scenario **scenario,
                        vw_error *error);

/* vw_scenario_change lays what step i gives over the moment before it. */
void vw_scenario_change(const vw_scenario *scenario, size_t i, vw_scenario_moment *moment);

void vw_scenario_free(vw_scenario *scenario);

#endif
