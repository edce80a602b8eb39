/* decide.h: the hedge decision in the engine: inputs from its market, then the policy.
 *
 * Called with each hedge message, so on every change of regime, position, surface or curve, at most
 * every 250 ms and at least each second.  At the close of each session (15 minutes after the cash
 * close, by market time) the values of the moment go into the policy's history.
 *
 * Inputs   VX and VIX options of the curve's first months; condors and hedges of the book; VIX from
 *          the feed, else computed from the SPX chain, else the user's, else as last known.  What
 *          the user gives (vw_user_inputs) has the age it had, and grows older with market time.
 * ETPs     VXX and UVXY at the price the user gave for the day, carried on by the two VX they hold
 *          (leverage times their change); on the next day held legs are stale.
 * Condors  strikes next to each wing, as listed, and what a move there costs; the next monthly
 *          cycle if it lists the same four strikes; what the wings are away from fair.
 * Entry    while the user asks or after FOMC, the strikes of the expiry nearest to seven weeks and
 *          the Friday after, on a smile that is neither stale nor carried; made anew each second.
 * S8       the quotes of one SPX expiry a decision, on a forward of their own; the best of all
 *          expiries looked at within options_stale_ns.
 * Legs     of the book without a series or a price: counted, and the policy holds.
 * To buy   the first four VX; of each month's VIX options a call at the money, one a quarter above
 *          and the spread to one and a half times: chosen anew only when the future has moved by a
 *          tenth, so that what is wanted stays listed.  Of the first two months the calendar with
 *          the next; of what expires within credit_days_max the spread that is sold from a quarter
 *          above to one and a half times; where the settings have etp, ETPs with a price.  Of SPX,
 *          where the settings have them: the first condors' own puts; of the last expiry within
 *          credit_days_max the put spread that is sold a standard deviation below the forward.
 *          Rule 8's packages of each condor's expiry, of strikes with two sides.
 * Hints    spread and size shown from live quotes, of the thinner side; drift of VX (drift.h).
 * Snapshot each minute, when the mailbox is empty, the policy's state goes into it, for a thread
 *          that may write files.
 * Threads  the engine's, but for vw_snapshot_take.
 * Source   hedge-engine.md sections 2 and 4. */
#ifndef VW_CORE_ENGINE_DECIDE_H
#define VW_CORE_ENGINE_DECIDE_H

#include "core/hedge/inputs.h"

#include <stdatomic.h>

struct vw_engine;
struct vw_engine_config;

/* ETPs have no feed. */
typedef enum vw_etp { VW_ETP_VXX, VW_ETP_UVXY, VW_ETP_COUNT } vw_etp;

/* What only the user knows; NaN absent. */
typedef struct vw_user_inputs {
    vw_hedge_account account;
    vw_hedge_macro macro;
    vw_announcement events[VW_HEDGE_EVENTS_MAX];
    size_t event_count;
    double vix;      /* where no feed has it and no chain gives it */
    double advances; /* advances - declines of the session */
    double vol_of_vol;
    double etp[VW_ETP_COUNT]; /* USD a share, good for the day it is given on */
    uint8_t entry_asked;      /* not 0: a new condor is to be proposed, rule 14 */
    int64_t given_ns; /* ages above are as of this market time; 0: as of the engine's first */
} vw_user_inputs;

/* A mailbox for one snapshot: the engine fills it when empty, another thread empties it. */
typedef struct vw_snapshot_box {
    alignas(VW_LINE_PAIR) _Atomic bool full; /* engine sets, reader clears */
    unsigned char *bytes;                    /* vw_snapshot_size(); of who sees full == his turn */
} vw_snapshot_box;

/* vw_user_inputs_clear makes all absent. */
void vw_user_inputs_clear(vw_user_inputs *user);

/* vw_decide_init lays out the policy in mem, of vw_decide_size() bytes for the engine's limits. */
size_t vw_decide_size(const struct vw_engine_config *config);
void vw_decide_init(struct vw_engine *engine, void *mem);

/* vw_decide_set_user takes what the user gives anew. */
void vw_decide_set_user(struct vw_engine *engine, const vw_user_inputs *user);

/* vw_decide evaluates the policy on the engine's marks; false where the engine does not decide. */
bool vw_decide(struct vw_engine *engine);

/* vw_snapshot_take copies a snapshot out of the box (vw_snapshot_size() bytes) if there is one. */
bool vw_snapshot_take(vw_snapshot_box *box, void *bytes);

#endif
