/* solve_core.h: the sizing problem in plain numbers, shared by the solver's files and by no other.
 *
 * Variables are trades y = x - now of the instruments that can move.  A row says
 * coefficient' y <= room.
 *
 * Threads  one at a time; on the caller's stack. */
#ifndef VW_CORE_HEDGE_SOLVE_CORE_H
#define VW_CORE_HEDGE_SOLVE_CORE_H

#include "core/hedge/solve.h"

typedef enum vw_solve_row_id {
    VW_ROW_THETA,      /* of options alone */
    VW_ROW_THETA_ROLL, /* with the roll of futures */
    VW_ROW_NOTIONAL,
    VW_ROW_COST,
    VW_ROW_QUICK, /* one for each stress */
    VW_ROW_COUNT = VW_ROW_QUICK + VW_SOLVE_STRESSES,
} vw_solve_row_id;

typedef struct vw_solve_row {
    double coefficient[VW_SOLVE_INSTRUMENTS];
    double room;
    bool on;
} vw_solve_row;

typedef struct vw_solve_core {
    size_t count;                             /* instruments that can move */
    uint8_t instrument[VW_SOLVE_INSTRUMENTS]; /* index in the problem */
    uint8_t layer[VW_SOLVE_INSTRUMENTS];
    double v30[VW_SOLVE_INSTRUMENTS], k[VW_SOLVE_INSTRUMENTS], e[VW_SOLVE_INSTRUMENTS];
    double lo[VW_SOLVE_INSTRUMENTS], hi[VW_SOLVE_INSTRUMENTS]; /* of y */
    double a;
    double wanted[VW_SOLVE_LAYERS]; /* V30 that trades shall add */
    vw_solve_row rows[VW_ROW_COUNT];
    double band;   /* integer trades end with |sum of misses| <= band; INFINITY: not asked */
    double beyond; /* sum of the misses that `wanted` accepts: towards the edge of the band */
    /* Out: */
    double y[VW_SOLVE_INSTRUMENTS]; /* fractions */
    double whole[VW_SOLVE_INSTRUMENTS];
    double miss[VW_SOLVE_LAYERS]; /* v30' y - wanted */
    double price[VW_ROW_COUNT];
} vw_solve_core;

/* vw_solve_core_fractions fills y, miss and price. */
void vw_solve_core_fractions(vw_solve_core *core);

/* vw_solve_core_whole fills whole and miss from y. */
void vw_solve_core_whole(vw_solve_core *core);

/* vw_solve_core_objective returns the objective of trades. */
double vw_solve_core_objective(const vw_solve_core *core, const double *y);

#endif
