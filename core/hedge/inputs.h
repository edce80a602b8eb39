/* inputs.h: all that one hedge decision is made from, as plain values.
 *
 * The engine and `vegawire hedge` fill it; the policy reads nothing else, so that the same inputs
 * and state give the same decision.  An input never given is absent: NaN, or 0 where it counts or
 * names something.  Every reading has its age; what is too old by the settings counts as absent.
 *
 * Units    USD per contract or for the whole condor position, as said; V30 in USD per point of
 *          30-day VIX; vols in points (16.0); theta USD per calendar day, earned is positive.
 * Memory   plain struct of the caller's, zeroed by vw_hedge_inputs_clear.
 * Source   hedge-engine.md section 2. */
#ifndef VW_CORE_HEDGE_INPUTS_H
#define VW_CORE_HEDGE_INPUTS_H

#include "core/hedge/book.h"

#define VW_HEDGE_FUTURES_MAX 9
#define VW_HEDGE_EVENTS_MAX 32

typedef struct vw_reading {
    double value;   /* NaN: absent */
    int64_t age_ns; /* since it was received */
} vw_reading;

/* A monthly VX future; [0] is VX1. */
typedef struct vw_hedge_future {
    int64_t price; /* 1/10,000 point; <= 0 absent */
    uint32_t expiry, instrument;
    double days, beta;   /* to settlement; d VX / d VIX30, live or prior */
    double roll_per_day; /* points it loses a day at an unchanged curve */
    double forward_vol;  /* sqrt of the forward variance of its window, or NaN */
    double options_rms;  /* sqrt(E[VIX^2]) from its VIX options, or NaN */
    int64_t age_ns;
} vw_hedge_future;

typedef enum vw_announcement_kind {
    VW_ANNOUNCEMENT_FOMC,
    VW_ANNOUNCEMENT_CPI,
    VW_ANNOUNCEMENT_PPI,
    VW_ANNOUNCEMENT_REBALANCE, /* of an index or a fund */
} vw_announcement_kind;

typedef struct vw_announcement {
    int64_t instant_ns;
    uint8_t kind; /* vw_announcement_kind */
} vw_announcement;

/* S13: each in standard deviations of its own history where it says so. */
typedef struct vw_hedge_macro {
    vw_reading reer_change;       /* 3-month change of the real effective USD, sd */
    vw_reading price_earnings;    /* sd above its mean */
    vw_reading dividend_model;    /* price above the discounted dividends, sd */
    vw_reading rate_differential; /* change since the last FOMC, positive widens */
    vw_reading market_cap_change; /* of 20 sessions, fraction */
} vw_hedge_macro;

/* What the account is; NaN where unknown. */
typedef struct vw_hedge_account {
    double equity_usd, cash_usd, near_cash_usd;
    int64_t age_ns;         /* of these */
    double rate, borrowing; /* per year */
    double beta_book;       /* of the condors to the market */
    double beta_hedge;      /* rule 4's; negative */
    double hedge_cost;      /* carry paid per year over notional; NaN: from the legs */
} vw_hedge_account;

typedef struct vw_hedge_inputs {
    int64_t now_ns;                   /* market time; only grows */
    int64_t exchange_ns, receive_ns;  /* stamps of what caused the decision */
    uint32_t session;                 /* yyyymmdd in New York */
    vw_reading vix, vol_of_vol;       /* points */
    vw_reading spot;                  /* SPX, or its forward */
    vw_reading atm_vol_30, atm_vol_7; /* points, of the surface */
    vw_reading breadth;               /* advances - declines of the running session */
    vw_hedge_future futures[VW_HEDGE_FUTURES_MAX];
    size_t future_count;
    vw_hedge_condor condors[VW_HEDGE_CONDORS_MAX];
    size_t condor_count;
    vw_hedge_instrument instruments[VW_HEDGE_INSTRUMENTS_MAX];
    size_t instrument_count;
    vw_hedge_delta_candidate deltas[VW_HEDGE_DELTAS_MAX];
    size_t delta_count;
    vw_announcement events[VW_HEDGE_EVENTS_MAX];
    size_t event_count;
    vw_hedge_macro macro;
    vw_hedge_account account;
    uint32_t legs_unpriced;      /* of the book: no series, or no price: in no sum */
    uint32_t legs_apart;         /* hedge legs that are no instrument of the rules' */
    bool naked;                  /* among those a sold option */
    double delta_usd_per_point;  /* of the SPX legs that are neither condors nor instruments */
    double arbitrage_usd;        /* S8: the best residual beyond bid and ask in the chain, or NaN */
    const vw_entry_chain *entry; /* for new condors; NULL: none listed */
    bool entry_asked;            /* the user asks for new condors */
} vw_hedge_inputs;

/* One session's close, for what is decided on closes. */
typedef struct vw_hedge_close {
    uint32_t session;         /* yyyymmdd; later than the one before */
    double spx, vix;          /* NaN absent, as all below */
    double advances_declines; /* net of the day */
    double vol_of_vol, atm_vol_30, atm_vol_7;
    struct {
        uint32_t expiry;
        double days, price;          /* points */
    } futures[VW_HEDGE_FUTURES_MAX]; /* monthlies by expiry */
    size_t future_count;
} vw_hedge_close;

/* vw_hedge_inputs_clear makes every input absent. */
void vw_hedge_inputs_clear(vw_hedge_inputs *inputs);

/* vw_hedge_inputs_delta returns the delta of everything on SPX in index points, and the condors it
 * belongs to. */
double vw_hedge_inputs_delta(const vw_hedge_inputs *inputs, double *condors);

/* vw_hedge_user_clear does so for what only the user can say. */
void vw_hedge_user_clear(vw_hedge_macro *macro, vw_hedge_account *account);

#endif
