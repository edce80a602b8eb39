/* condor.h: an iron condor as one thing: credit, break-evens, and how far away they are.
 *
 * Break-evens: put short - credit and call short + credit; a credit as wide as a side leaves that
 * side without one.  The distance of a break-even is in standard deviations that the smile implies,
 * skew included: z with Phi(z) the smile's probability of ending beyond it on the safe side, so it
 * is positive while the index is inside and falls through 0 as it leaves.
 *
 *   Q(S < K) = Phi(-d2) + phi(d2) sqrt(years) dvol/dk,   k = log(K / forward)
 *
 * A debit condor has credit < 0 and earns outside: its distances are those of the same strikes.
 *
 * Units    points of one condor; USD of all its contracts where the name says so.
 * Errors   what cannot be had is NaN.
 * Threads  pure functions of their arguments.
 * Source   mathematics.md sections 3 and 12.2; hedge-engine.md section 3 (S6, S9). */
#ifndef VW_CORE_HEDGE_CONDOR_H
#define VW_CORE_HEDGE_CONDOR_H

#include "core/hedge/hedge.h"

enum { VW_CONDOR_PUT_WING, VW_CONDOR_PUT_SHORT, VW_CONDOR_CALL_SHORT, VW_CONDOR_CALL_WING };

typedef struct vw_break_even {
    double strike;   /* NaN: this side has none */
    double distance; /* standard deviations; NaN until vw_break_even_distance */
} vw_break_even;

typedef struct vw_condor_value {
    double price;        /* to close now: what the shorts cost beyond the wings */
    double credit;       /* at entry, or price when the entry is not known */
    double max_loss_usd; /* widest side less credit */
    double max_gain_usd;
    double theta_usd_per_day;
    double short_decay, wing_decay; /* |theta| / extrinsic a day; NaN without extrinsic */
    double v30_usd_per_point;
    double vol;              /* of the shorts, vega-weighted */
    vw_break_even low, high; /* from credit */
    double span;             /* (call short - put short) / index */
    bool priced;             /* all four legs are */
} vw_condor_value;

/* vw_condor_evaluate fills value for condor `number` (1-based, as in vw_leg) of an evaluated book.
 */
void vw_condor_evaluate(const vw_portfolio *portfolio, const vw_leg_mark *marks,
                        const vw_hedge *hedge, uint16_t number, vw_condor_value *value);

/* vw_break_even_distance returns z of a break-even; vol and skew (d vol / d k) are the smile's at
 * its strike. above: it is the high one.  Never positive once the forward is beyond the strike. */
double vw_break_even_distance(double forward, double strike, double years, double vol, double skew,
                              bool above);

#endif
