/* drift.h: how far a mid goes on after a change of its quote, for hints (rule 15).
 *
 * A tick stores its quote and nothing more; what became of the changes is read when a decision is
 * made.  At a change that moves the mid, the drift after 1, 10 and 100 ms is how far the mid went
 * on the same way (back is negative), in spreads of the changed quote; of many a mean, in which the
 * newest weighs 1/64.
 *
 * Time     the exchange's.
 * Full     of VW_DRIFT_DEPTH quotes between two readings the oldest are left out.
 * Threads  the engine's.
 * Source   hedge-engine.md section 4, rule 15. */
#ifndef VW_CORE_ENGINE_DRIFT_H
#define VW_CORE_ENGINE_DRIFT_H

#include "core/market/event.h"

#define VW_DRIFT_DEPTH 128 /* a power of two */
#define VW_DRIFT_HORIZONS 3

/* Prices as in event.h; 0: that side is empty. */
typedef struct vw_drift_quote {
    int64_t exchange_ns;
    int32_t bid, ask;
} vw_drift_quote;

typedef struct vw_drift {
    vw_drift_quote quotes[VW_DRIFT_DEPTH];
    uint32_t count;                   /* stored ever */
    uint32_t read[VW_DRIFT_HORIZONS]; /* quotes before this have been read at the horizon */
    uint32_t changes[VW_DRIFT_HORIZONS];
    double mean[VW_DRIFT_HORIZONS]; /* in spreads; 0 before the first change */
} vw_drift;

/* vw_drift_add stores a quote whose prices differ from those of the one before. */
static inline void vw_drift_add(vw_drift *drift, int64_t exchange_ns, int64_t bid, int64_t ask);

/* vw_drift_read brings mean up to what is known at an instant. */
void vw_drift_read(vw_drift *drift, int64_t exchange_ns);

/* ---- inline definitions --------------------------------------------------------------------- */

static inline void vw_drift_add(vw_drift *drift, int64_t exchange_ns, int64_t bid, int64_t ask)
{
    const vw_drift_quote *last = &drift->quotes[(drift->count - 1) & (VW_DRIFT_DEPTH - 1)];
    vw_drift_quote quote = {.exchange_ns = exchange_ns,
                            .bid = bid > 0 && bid <= INT32_MAX ? (int32_t)bid : 0,
                            .ask = ask > 0 && ask <= INT32_MAX ? (int32_t)ask : 0};

    if (quote.bid != last->bid || quote.ask != last->ask) {
        drift->quotes[drift->count++ & (VW_DRIFT_DEPTH - 1)] = quote;
    }
}

#endif
