/* strikes.h: what rules 6, 13 and 14 want of listed strikes: next cycle, wings' moves, a new chain.
 *
 * Shared by the engine and `vegawire hedge`: the same smile and strikes give the same figures.
 * Prices are the smile's, which is where the mids are without each one's noise.
 *
 * Units    as inputs.h; prices in points, discounted.
 * Domain   a smile's slice has a model; forward, discount, years > 0.
 * Memory   the caller's.
 * Threads  pure functions of their arguments.
 * Source   hedge-engine.md section 4, rules 6, 13, 14; mathematics.md section 3. */
#ifndef VW_CORE_HEDGE_STRIKES_H
#define VW_CORE_HEDGE_STRIKES_H

#include "core/hedge/exposure.h"
#include "core/market/calendar.h"
#include "core/vol/arbitrage.h"

#define VW_ENTRY_REACH 0.25 /* strikes further from the forward are no part of a new condor */

/* An entry chain's columns; strike and count are given, ascending. */
typedef struct vw_entry_columns {
    double strike[VW_ENTRY_STRIKES_MAX];
    double call[VW_ENTRY_STRIKES_MAX], put[VW_ENTRY_STRIKES_MAX];
    double call_delta[VW_ENTRY_STRIKES_MAX], below[VW_ENTRY_STRIKES_MAX];
    size_t count;
} vw_entry_columns;

/* vw_strikes_take puts in the strikes within reach of the forward, of more than there is room for
 * the nearest; strikes ascend. */
void vw_strikes_take(const double *strikes, size_t count, double forward, vw_entry_columns *to);

/* vw_strikes_price fills the other columns. */
void vw_strikes_price(const vw_kernels *kernels, const vw_exposure_smile *smile,
                      vw_entry_columns *columns);

/* vw_strikes_chain returns the columns as the policy takes them. */
vw_entry_chain vw_strikes_chain(const vw_entry_columns *columns, const char *root, uint32_t expiry,
                                const vw_exposure_smile *smile);

/* vw_strikes_entry_distance says how many days an expiry is from the one a new condor would have
 * best, the first Friday from seven weeks on, or the session before it; INT_MAX outside the
 * settings' days to expiry. */
int vw_strikes_entry_distance(const vw_calendar *calendar, const vw_hedge_settings *settings,
                              uint32_t today, uint32_t expiry);

/* vw_strikes_next_cycle returns the third Friday of the month after an expiry, or the session
 * before it. */
uint32_t vw_strikes_next_cycle(const vw_calendar *calendar, uint32_t expiry);

/* vw_strikes_wings sets what moving each wing to its strike_nearer and strike_back (set, or 0)
 * costs; a nearer one that is the short strike itself goes. */
void vw_strikes_wings(const vw_kernels *kernels, const vw_exposure_smile *smile,
                      vw_hedge_condor *condor);

/* vw_strikes_residual returns what the condor's wings are away from fair, S8: the better conversion
 * or reversal at either wing's strike, for all contracts; 0: fair, NaN: not listed. */
double vw_strikes_residual(const vw_arbitrage_market *market, const vw_hedge_condor *condor);

/* vw_strikes_edge returns what S8 says for a package of rule 8, in dollars for one: the conversion
 * (reversal, where it buys a call) at its two main strikes, less the opposite one. */
double vw_strikes_edge(const vw_arbitrage_market *market, const vw_hedge_delta_candidate *package);

#endif
