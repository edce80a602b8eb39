/* fit_quotes.h: every quote of a fitted expiry with its vols, the model's vol, and greeks.
 *
 * Vols of an in-the-money option are those of the other side of its strike (update.h does the
 * same): its own price says little of vol.  Greeks are at the mid's vol where that is ok, else at
 * the model's.
 *
 * Threads  one.
 * Units    desk units (hedge/portfolio.h); vols as fractions; NaN where there is none. */
#ifndef VW_TOOLS_FIT_QUOTES_H
#define VW_TOOLS_FIT_QUOTES_H

#include "tools/chain_fit.h"

typedef struct vw_fit_quote {
    double strike, bid, ask;
    double mid_iv, bid_iv, ask_iv, fit_iv;
    double delta, gamma, vega, theta;
    char type; /* 'C' or 'P' */
    vw_status status;
} vw_fit_quote;

/* vw_fit_quotes_count returns how many quotes the expiry lists. */
size_t vw_fit_quotes_count(const vw_expiry_fit *expiry);

/* vw_fit_quotes_get writes them by strike, calls before puts; VW_ERR_SYSTEM when memory is short.
 */
vw_err vw_fit_quotes_get(const vw_chain_fit *fit, const vw_expiry_fit *expiry,
                         const vw_kernels *kernels, vw_fit_quote *quotes, vw_error *error);

#endif
