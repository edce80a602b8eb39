/* chain_fit.h: a whole chain fitted: forwards, rates, smiles, surface, and how good they are.
 *
 * What `vegawire fit` prints.  Expiries of one family (SPX with SPXW, VIX with VIXW) share a
 * surface; those of SPX are held free of calendar arbitrage, VIX options each have a future of
 * their own.
 *
 * Threads  one.
 * Memory   allocated by vw_chain_fit_make, handed back by vw_chain_fit_free; commands only.
 * Units    as the modules of core/vol; expiry yyyymmdd. */
#ifndef VW_TOOLS_CHAIN_FIT_H
#define VW_TOOLS_CHAIN_FIT_H

#include "core/vol/arbitrage.h"
#include "core/vol/surface.h"
#include "feeds/chain_slices.h"

#define VW_CHAIN_FIT_SURFACES 4 /* one a vw_family */

typedef struct vw_expiry_fit {
    const vw_chain_slice *slice;
    vw_family family;
    vw_parity quotes; /* its columns; the discount the forward was fitted with */
    double years;
    vw_forward forward;
    vw_smile smile;
    size_t at;                /* index in its surface; SIZE_MAX without a forward */
    double *variance;         /* of the surface at the smile's k, clamp included */
    vw_smile_quality quality; /* of that */
    size_t lifted;            /* smile points that an earlier expiry lifted */
    vw_arbitrage
        residual;   /* S8: the pair that earns most against the others' forward, edge 0: none */
    double rate_se; /* of the discount the arbitrages are measured with */
    double calendar_min; /* least of w / w of the expiry before - 1 where both are quoted, NaN */
    vw_status status;
} vw_expiry_fit;

/* An arbitrage and where it is; `far` is NULL but for calendars. */
typedef struct vw_found_arbitrage {
    vw_arbitrage row;
    const vw_expiry_fit *near, *far;
} vw_found_arbitrage;

typedef struct vw_chain_fit {
    int64_t at_ns;
    vw_chain_slices slices;
    vw_expiry_fit *expiries; /* by settlement, then root */
    size_t count;
    vw_surface surfaces[VW_CHAIN_FIT_SURFACES];
    vw_found_arbitrage *arbitrages;
    size_t arbitrage_count;
    void *memory[12];
    size_t memory_count;
} vw_chain_fit;

/* vw_chain_fit_make fits every expiry that is not settled at at_ns; rate is used where the chain
 * implies none.  VW_ERR_SYSTEM when memory is short. */
vw_err vw_chain_fit_make(const vw_chain *chain, int64_t at_ns, double rate,
                         const vw_kernels *kernels, vw_chain_fit *fit, vw_error *error);

/* vw_chain_fit_slice returns an expiry's smile, or NULL while it has none. */
const vw_slice *vw_chain_fit_slice(const vw_chain_fit *fit, const vw_expiry_fit *expiry);

/* vw_chain_fit_market returns an expiry with a forward as arbitrage.h takes it. */
vw_arbitrage_market vw_chain_fit_market(const vw_expiry_fit *expiry);

/* vw_chain_fit_variance writes the surface's total variance at k[i]; the expiry has a smile. */
void vw_chain_fit_variance(const vw_chain_fit *fit, const vw_expiry_fit *expiry, const double *k,
                           double *w, size_t count);

void vw_chain_fit_free(vw_chain_fit *fit);

#endif
