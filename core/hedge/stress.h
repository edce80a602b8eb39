/* stress.h: the book revalued under moves of the index and of vol: margin, quick ratio, V30 there.
 *
 * A move is a fraction of the index and points of 30-day VIX.  SPX options: forward by the
 * fraction, vol of each strike by the points (30 / days)^0.40, weight at most 2, never below 1 %.
 * VX: by beta points.  VIX options: their future by beta points, their own vol as it is.  ETPs:
 * with the futures they hold, times leverage.  Full revaluation, no greeks.
 *
 *   margin call = the worst loss of the whole book over
 *                 (-10 %, +10), (0, +10), (0, -VIX / 4), (+10 %, -VIX / 4)
 *   quick ratio = (cash + near-cash) / margin call, 99 when the margin call is not positive
 *
 * Units    USD; losses positive; spot moves as fractions, vol moves in VIX points.
 * Errors   legs that have no price are left out, as in hedge.h.
 * Threads  pure functions of their arguments.
 * Source   hedge-engine.md section 3 (S10). */
#ifndef VW_CORE_HEDGE_STRESS_H
#define VW_CORE_HEDGE_STRESS_H

#include "core/hedge/hedge.h"
#include "core/pricing/kernels.h"

#define VW_STRESS_MOVES 4
#define VW_QUICK_RATIO_MAX 99.0

typedef struct vw_stress_move {
    double spot; /* -0.10: the index falls by 10 % */
    double vol;  /* points of VIX */
} vw_stress_move;

typedef struct vw_quick_ratio {
    double margin_call; /* USD */
    double ratio;
    bool no_call; /* the margin call is not positive; ratio 99 */
} vw_quick_ratio;

/* vw_stress_moves writes the four moves of the margin estimate. */
void vw_stress_moves(double spot_vix, vw_stress_move moves[VW_STRESS_MOVES]);

/* vw_stress_gain returns what one contract held long gains in a move; 0 without a price. */
double vw_stress_gain(const vw_leg_mark *mark, char type, double strike,
                      const vw_hedge_market *market, const vw_stress_move *move);

/* vw_stress_vega returns an option's vega a point with the index moved by a fraction, its vol as it
 * is. */
double vw_stress_vega(const vw_leg_mark *mark, char type, double strike, double spot);

/* vw_stress_option writes what one option gains in each of `count` moves and, unless vegas is NULL,
 * its vega a point at each of `count` spots, all in one call of the kernels; count in [1, 5]. */
void vw_stress_option(const vw_kernels *kernels, const vw_leg_mark *mark, char type, double strike,
                      const vw_stress_move *moves, const double *spots, size_t count, double *gains,
                      double *vegas);

/* vw_stress_losses writes what the book loses in each move; hedges_too false: condors alone. */
void vw_stress_losses(const vw_portfolio *portfolio, const vw_leg_mark *marks,
                      const vw_hedge_market *market, const vw_stress_move *moves, size_t count,
                      bool hedges_too, double *losses);

/* vw_stress_condor_v30 returns the condors' V30 with the index moved by a fraction, vols as they
 * are strike by strike. */
double vw_stress_condor_v30(const vw_portfolio *portfolio, const vw_leg_mark *marks, double spot);

/* vw_stress_offset returns the short vega to offset: the largest of max(0, -V30) at spot -5, 0 and
 * +5 %. */
double vw_stress_offset(const vw_portfolio *portfolio, const vw_leg_mark *marks);

vw_quick_ratio vw_stress_quick_ratio(double cash, const double losses[VW_STRESS_MOVES]);

#endif
