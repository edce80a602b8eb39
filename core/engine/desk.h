/* desk.h: the inputs of a hedge decision from the engine's market; for decide.c.
 *
 * Threads  the engine's. */
#ifndef VW_CORE_ENGINE_DESK_H
#define VW_CORE_ENGINE_DESK_H

#include "core/engine/decide.h"
#include "core/hedge/decision.h"
#include "core/hedge/policy.h"
#include "core/hedge/strikes.h"

#define VW_DESK_MONTHS 4

/* The strikes of a month that may be bought, as long as its future stays near. */
typedef struct vw_desk_strikes {
    uint32_t expiry;
    double forward;                /* when they were chosen */
    double call, call_out, spread; /* spread: what is sold against call */
} vw_desk_strikes;

/* The SPX put spread that may be sold, as long as its forward stays near. */
typedef struct vw_desk_puts {
    uint32_t expiry;
    double forward; /* when it was chosen */
    double sold, bought;
} vw_desk_puts;

/* S8 of an expiry, when it was last looked at. */
typedef struct vw_desk_residual {
    double usd; /* NaN: no forward */
    int64_t market_ns;
} vw_desk_residual;

/* What a condor's wings were away from fair then. */
typedef struct vw_desk_fairness {
    uint32_t id;
    double put, call; /* the wings */
    double usd;
} vw_desk_fairness;

/* desk_condors.c's own. */
typedef struct vw_desk_condors {
    vw_entry_columns columns;
    vw_entry_chain entry;        /* made of them; count 0: no expiry for it */
    int64_t entry_now_ns;        /* receive time; 0: not asked */
    double *scratch;             /* strikes of an expiry, or of the residual */
    vw_desk_residual *residuals; /* by group index */
    uint32_t residual_next;      /* group to look at next */
    vw_desk_fairness fair[VW_HEDGE_CONDORS_MAX];
} vw_desk_condors;

typedef struct vw_desk_state {
    vw_hedge_state *policy;
    vw_snapshot_box *box;
    int64_t snapshot_ns; /* receive time of the last */
    vw_user_inputs user;
    vw_hedge_inputs inputs;
    vw_decision decision;
    vw_hedge_market market;
    vw_desk_strikes strikes[VW_DESK_MONTHS];
    vw_desk_puts puts;
    vw_desk_condors condors;
    uint32_t closed;   /* the last session closed */
    int64_t basket_ns; /* when ETP prices were given that belong to this basket, points of VX */
    double basket;
} vw_desk_state;

/* vw_desk_gather makes inputs of the book as it was last marked, and of the curve. */
void vw_desk_gather(struct vw_engine *engine);

/* In desk_condors.c, of each decision: a condor's next cycle and wings (smile NULL: it has
 * none, nor a group); the chain for a new condor while one is asked for, made anew each second; S8
 * of one expiry more, the best that is not too old; the book's legs without a price. */
void vw_desk_condor(struct vw_engine *engine, size_t i, const vw_exposure_smile *smile,
                    uint32_t group, vw_hedge_condor *to);
void vw_desk_entry(struct vw_engine *engine);
void vw_desk_arbitrage(struct vw_engine *engine);
void vw_desk_legs(struct vw_engine *engine);

/* vw_desk_quotes fills a group's quotes with a forward of this moment (that of the last cut may be
 * a second old) for S8; false where there are too few.  They lie in the engine's scratch. */
bool vw_desk_quotes(struct vw_engine *engine, uint32_t group, vw_arbitrage_market *market);

/* vw_desk_apart notes that a hedge leg, or the package it is the first of, is no instrument;
 * vw_desk_expired says whether a leg of the book has expired. */
void vw_desk_apart(struct vw_engine *engine, size_t first);
bool vw_desk_expired(const struct vw_engine *engine, size_t leg);

/* Between the sources of this module.  vw_desk_offer adds what may be bought (desk_offers.c).
 * vw_desk_mark_etp marks a share of an ETP; false where it has no price.  vw_desk_add adds one
 * instrument of legs as exposure.h has them, contracts held; false where they are none.
 * vw_desk_quote fills how a series trades, from its quote while that is live. vw_desk_strip returns
 * the options of a root and expiry with their group's index, or NULL; vw_desk_smile_of their smile,
 * false where there is none; vw_desk_points a price in points, NaN for none; vw_desk_age the age
 * that quality bits give a quote: 0 or beyond any limit. */
void vw_desk_offer(struct vw_engine *engine);
bool vw_desk_mark_etp(struct vw_engine *engine, const char *root, vw_leg_mark *mark);
bool vw_desk_add(struct vw_engine *engine, vw_package_leg *legs, const uint32_t *expiries,
                 size_t count, const char *root, double contracts, double entry_price);
void vw_desk_quote(struct vw_engine *engine, uint32_t instrument, vw_leg_quote *quote);
struct vw_strip *vw_desk_strip(struct vw_engine *engine, const char *root, uint32_t expiry,
                               uint32_t *found);
bool vw_desk_smile_of(struct vw_engine *engine, const char *root, uint32_t expiry, uint32_t today,
                      vw_exposure_smile *smile, uint32_t *group);
double vw_desk_points(int64_t price);
int64_t vw_desk_age(unsigned quality);

#endif
