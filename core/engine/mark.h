/* mark.h: vols and greeks of a list of strikes, all lanes in one kernel call each.
 *
 * Ticks and cuts both come here, so the same quote on the same forward gives the same bits.  The
 * vol of a strike is that of its out-of-the-money side (call at strike >= forward); the other side
 * takes it by parity, and is inverted itself only where the out-of-the-money series is not defined.
 * What cannot be inverted now takes the vol of the smile, marked interpolated or extrapolated;
 * without a smile it keeps its last vol, marked carried, or is 0 with its status.
 *
 * Threads  the engine's.
 * Memory   plain struct of the caller's.
 * Units    pricing: points, fractions; rows: desk units (update.h).
 * Domain   under VW_MARK_YEARS_MIN left the vol is kept, not inverted; settled series (years <= 0)
 *          are worth their intrinsic value.
 * Errors   no NaN or infinity comes out: a row that would hold one is 0 with bad_input. */
#ifndef VW_CORE_ENGINE_MARK_H
#define VW_CORE_ENGINE_MARK_H

#include "core/engine/quotes.h"
#include "core/engine/update.h"
#include "core/pricing/kernels.h"
#include "core/vol/slice.h"

#define VW_MARKS_MAX 32
#define VW_MARK_YEARS_MIN (30.0 / (365.0 * 86400.0))

typedef struct vw_pricing {
    double forward; /* 0: not known yet */
    double discount, rate;
    double session; /* days of decay that a trading day takes: calendar days left over trading days
                       left on the variance clock */
    bool carried;   /* the forward is the last good one: vols on it are stale */
} vw_pricing;

/* One strike to re-price. */
typedef struct vw_mark {
    vw_quotes *quotes;
    const vw_pricing *pricing;
    const vw_slice *slice; /* the smile, for what quotes do not say */
    double years;
    uint32_t row;
    bool invert;    /* the vol too, not only the greeks */
    uint8_t source; /* VW_CALL or VW_PUT: whose quote gives the vol; evaluate writes */
    uint32_t lane;  /* of its mid among the inverted; evaluate writes */
} vw_mark;

typedef struct vw_marks {
    vw_mark item[VW_MARKS_MAX];
    size_t count;
    bool run;         /* items are rows of one strip, one after the other: as a cut makes them */
    int64_t fresh_ns; /* quotes received before this are stale; INT64_MIN: quotes do not age */
    /* Lanes of implied vol: mid, bid, ask of each inverted strike. */
    double forward[3 * VW_MARKS_MAX], strike[3 * VW_MARKS_MAX], years[3 * VW_MARKS_MAX];
    double price[3 * VW_MARKS_MAX], discount[3 * VW_MARKS_MAX], side[3 * VW_MARKS_MAX];
    double vol[3 * VW_MARKS_MAX]; /* results; then the vols that Black takes */
    uint8_t status[3 * VW_MARKS_MAX];
    /* Lanes of Black's results: calls of all strikes, then puts; plain derivatives. */
    double value[2 * VW_MARKS_MAX], delta[2 * VW_MARKS_MAX], gamma[2 * VW_MARKS_MAX];
    double vega[2 * VW_MARKS_MAX], theta[2 * VW_MARKS_MAX], rho[2 * VW_MARKS_MAX];
    double vanna[2 * VW_MARKS_MAX], volga[2 * VW_MARKS_MAX], charm[2 * VW_MARKS_MAX];
} vw_marks;

/* vw_marks_source returns the side whose quote gives the vol of a row. */
static inline uint8_t vw_marks_source(const vw_quotes *quotes, uint32_t row, double forward);

/* vw_marks_evaluate re-prices items [0, count) and writes the vols into their quotes. */
void vw_marks_evaluate(vw_marks *marks, const vw_kernels *kernels);

/* vw_marks_row fills the row of one side of item i, but for instrument and calc. */
void vw_marks_row(const vw_marks *marks, size_t i, unsigned side, vw_greeks_row *row);

/* vw_marks_lane returns where Black's results of one side of item i are. */
static inline size_t vw_marks_lane(const vw_marks *marks, size_t i, unsigned side);

/* ---- inline definitions --------------------------------------------------------------------- */

static inline uint8_t vw_marks_source(const vw_quotes *quotes, uint32_t row, double forward)
{
    bool call = quotes->strike[row] >= forward;

    call ^= quotes->side[call ? VW_CALL : VW_PUT].info[row].instrument == VW_INSTRUMENT_NONE;
    return call ? VW_CALL : VW_PUT;
}

static inline size_t vw_marks_lane(const vw_marks *marks, size_t i, unsigned side)
{
    return side * marks->count + i;
}

#endif
