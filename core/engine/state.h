/* state.h: the engine's own state, shared by the sources of core/engine and by nobody else.
 *
 * One struct and who works on it: engine.c (events in), tick.c (a quote re-priced), cut.c (an
 * expiry re-priced), futures.c (the VX curve), variance.c (VIX, bounds, betas), legs.c (the hedge),
 * control.c (what the user changes), all through mark.c (vols and greeks), strip.c (forwards),
 * model.c (smiles) and out.h (rows out). */
#ifndef VW_CORE_ENGINE_STATE_H
#define VW_CORE_ENGINE_STATE_H

#include "core/engine/desk.h"
#include "core/engine/drift.h"
#include "core/engine/engine.h"
#include "core/engine/instruments.h"
#include "core/engine/mark.h"
#include "core/engine/out.h"
#include "core/engine/quotes.h"
#include "core/engine/variance.h"
#include "core/hedge/hedge.h"
#include "core/vol/hks_tick.h"
#include "core/vol/vx_curve.h"

#define VW_UNITS_PENDING 64

/* What an expiry group of options is priced with, and when it is to be cut.  market is market
 * time, now is receive time. */
typedef struct vw_strip {
    vw_quotes quotes;
    vw_pricing pricing; /* of the last cut; ticks use it too */
    vw_forward free;    /* parity with the discount fitted, for the rate curve: rates move slowly,
                           every refresh_ns will do */
    int64_t free_now_ns;
    double years; /* of the last cut */
    double forward_se;
    uint32_t pairs;         /* of calls and puts behind the forward */
    uint8_t forward_source; /* vw_forward_source */
    uint8_t status;         /* of the forward */
    uint8_t quality;        /* VW_QUOTE_CARRIED, VW_QUOTE_STALE: of the forward */
    vw_slice slice;         /* the smile; model NONE before the first fit */
    vw_hks_tick tick;       /* the smile's equations, which ticks change */
    bool model_moved;       /* they did since they were solved */
    bool model_due;         /* quotes changed since the smile was fitted */
    int64_t model_now_ns;   /* of the last attempt at it, 0: none yet */
    bool changed;           /* since the last cut */
    bool urgent;            /* flags changed: the next cut does not wait for its interval */
    bool closed;            /* settled, and published as expired */
    int64_t cut_market_ns, cut_now_ns;
    int64_t exchange_ns, receive_ns; /* of the newest quote */
} vw_strip;

typedef struct vw_future {
    vw_vx_quote quote; /* days and instrument are filled when the curve is fitted */
    uint32_t bid_size, ask_size;
    vw_drift drift;
    uint32_t instrument;
    uint32_t group;
    bool on_curve; /* root VX: VXM follows it and has no points of its own */
} vw_future;

/* Where an index stands, by whoever told it last. */
typedef struct vw_spot {
    int64_t price; /* VW_PRICE_NONE: not known, or no longer */
    int64_t market_ns;
    uint8_t feed, unit;
} vw_spot;

/* The cut under way: one step a poll. */
typedef struct vw_cut {
    bool active;
    bool deferred; /* counted once */
    uint16_t group;
    bool changed; /* quotes changed since the cut before */
    uint32_t row; /* next strike */
    int64_t exchange_ns, receive_ns;
} vw_cut;

struct vw_engine {
    vw_engine_config config;
    vw_instruments table;
    vw_strip *strips; /* by group index; of futures groups without use */
    vw_out out;
    int64_t market_ns, now_ns;
    int64_t feed_ns[VW_ENGINE_FEEDS_MAX]; /* market time of each feed; market_ns is the newest */
    int64_t receive_ns;                   /* newest */
    uint32_t announced;                   /* instruments whose DEFINITION is out */
    uint32_t *dirty; /* indices of instruments to re-price, in order of cause */
    uint32_t dirty_count;
    uint16_t tick_groups[VW_MARKS_MAX]; /* of the marks that no smile has heard of yet */
    uint32_t tick_count;
    uint32_t turns_with_events; /* since a turn had time for a step of a cut or a smile */
    vw_marks *marks;
    double *scratch; /* of the forward fit: VW_FORWARD_SCRATCH, then four columns */

    vw_cut cut;
    uint16_t cut_next;     /* group to look at first */
    int64_t due_market_ns; /* no changed group is due before this */
    int64_t due_now_ns;    /* no other is due before this */
    vw_rate_curve rates;
    vw_forward *free; /* gathered for the rate curve, with their years */
    double *free_years;

    vw_smile smile; /* of the fit under way */
    vw_slice_work *slice_work;
    const vw_fit_kernels *fit_kernels;
    int64_t model_now_ns;    /* of the last fit of any expiry */
    int64_t model_due_ns;    /* no fit is due before this */
    int64_t model_follow_ns; /* when equations were last solved between fits */
    uint32_t model_moved;    /* strips whose equations changed */
    uint32_t model_next;     /* strip to look at first for them */

    vw_future futures[VW_FUTURES_MAX]; /* by expiry; of one day the curve's first */
    uint32_t future_count;
    bool curve_changed;
    int64_t curve_now_ns;                        /* last fitted */
    int64_t curve_sent_ns;                       /* last sent */
    int64_t curve_exchange_ns, curve_receive_ns; /* newest input */
    vw_vx_curve curve;
    vw_vx_quote curve_quotes[VW_FUTURES_MAX];
    vw_vx_point points[VW_FUTURES_MAX];
    vw_regime_machine regime;
    vw_spot spot_vix, spot_spx;
    vw_variance variance;

    vw_portfolio book, pending; /* as it stands; as its pieces arrive */
    vw_user_inputs pending_user;
    uint32_t leg_instrument[VW_PORTFOLIO_LEGS_MAX]; /* index, or VW_INSTRUMENT_NONE */
    vw_leg_mark leg_marks[VW_PORTFOLIO_LEGS_MAX];
    vw_hedge hedge;
    vw_hedge_market hedge_market;
    bool hedge_changed;
    int64_t hedge_now_ns;
    vw_desk_state *desk; /* of the decision; NULL: the engine does not decide */

    vw_unit_row units[VW_UNITS_PENDING]; /* rows to send */
    uint32_t unit_count;
};

/* vw_engine_fresh_ns returns the receive time before which quotes are too old. */
static inline int64_t vw_engine_fresh_ns(const vw_engine *engine)
{
    int64_t age_ns = engine->config.quote_age_max_ns;

    return age_ns > 0 ? engine->now_ns - age_ns : INT64_MIN;
}

#endif
