/* hks_fit.h: the linear least squares behind one HKS smile.
 *
 * Fits total variance to the quotes' mids, each weighted by its spread; bends are smoothed by their
 * second difference.  Butterflies are smoothed or pressed away; calendar floors are rows that push
 * one way.  Where either is needed targets give way as far as 0.7 of the half-spread, so that what
 * lies inside the market does not pull back.  (Without need they do not: on real chains the mids
 * taken as they are give more quotes inside, and strikes left out are met better.)
 *
 * Use      plan (nodes and basis for a run of quotes), set the floors if there are any, solve.
 *          Solve may be called again with another smoothing.
 * Threads  one at a time: a workspace per thread, shared by its slices.
 * Memory   vw_hks_fit_size bytes of the caller's.
 * Work     bounded: at most VW_HKS_PASSES solutions of VW_HKS_TERMS_MAX equations.
 * Source   mathematics.md sections 7.1 and 7.3. */
#ifndef VW_CORE_VOL_HKS_FIT_H
#define VW_CORE_VOL_HKS_FIT_H

#include "core/vol/hks_grid.h"
#include "core/vol/smile.h"

#define VW_HKS_PASSES 30
#define VW_HKS_TERMS_MAX (VW_HKS_NODES_MAX + 2)

/* Terms of the basis: 1, z, and one hyperbola a node. */
enum { VW_HKS_TERM_ONE, VW_HKS_TERM_Z, VW_HKS_TERM_NODE };

typedef struct vw_hks_fit {
    const vw_fit_kernels *kernels;
    vw_hks hks;          /* nodes by plan, coefficients by solve */
    size_t first, count; /* the smile's quotes in the fit */
    size_t terms, room;
    vw_fit_basis basis;
    vw_fit_targets quotes;
    double *blocks;                       /* the basis at the quotes */
    double *model;                        /* w / sd^2 there, of the solution kept */
    double base[VW_HKS_NODES_MAX];        /* local weight at the nodes */
    double loosen[VW_HKS_NODES_MAX];      /* how much a node's smoothing was raised */
    bool floored;                         /* some floor is set */
    bool held_up;                         /* some was not reached: floors have rows */
    bool pressed;                         /* some press is */
    vw_fit_row normal[VW_FIT_TERMS_LINE]; /* of the quotes alone */
    vw_fit_row normal_right;              /* with mids as targets */
    vw_fit_row pull;                      /* the same with targets moved */
    vw_fit_row push;                      /* of the rows that are not quotes */
    vw_fit_row system[VW_FIT_TERMS_LINE];
    vw_fit_row right, solution;
    vw_fit_factors factors;
    vw_fit_grid at;             /* where arbitrage is looked for */
    vw_hks_points floor;        /* w the smile must not go below; 0: none */
    vw_hks_points floor_weight; /* of the row that holds it up */
    vw_hks_points press;        /* weight of the row that holds g up, 0 where it never failed */
    vw_hks_points value, g;
    /* Of the solution kept: */
    double inside;      /* share of the quotes whose model lies in the spread */
    double least_g;     /* on the grid */
    double least_floor; /* least of w / floor - 1 on the grid; INFINITY without floors */
    bool settled;       /* system and right are those it solves */
    vw_hks_grid grid;
} vw_hks_fit;

/* What a smile solves, kept: for smiles that follow their quotes one at a time (hks_tick.h). */
typedef struct vw_hks_equations {
    vw_hks hks; /* its nodes */
    double z_min, z_max;
    vw_fit_row system[VW_FIT_TERMS_LINE], right;
} vw_hks_equations;

size_t vw_hks_fit_size(size_t room);
vw_hks_fit *vw_hks_fit_init(void *mem, size_t room, const vw_fit_kernels *kernels);

/* vw_hks_fit_plan places nodes for the smile's quotes [first, first + count); false when they are
 * fewer than 8 or leave no node. */
bool vw_hks_fit_plan(vw_hks_fit *fit, const vw_smile *smile, size_t first, size_t count);

/* vw_hks_fit_solve fits with smoothing lambda; true when the smile found has no butterfly on the
 * grid.  Where a pass makes one, the next smooths the nodes around it more, or, with press, takes
 * a row that holds g up just there. */
bool vw_hks_fit_solve(vw_hks_fit *fit, double lambda, bool press);

/* vw_hks_fit_again solves equations kept; true when the smile found, fit->hks, has no butterfly on
 * the grid.  What was planned is forgotten. */
bool vw_hks_fit_again(vw_hks_fit *fit, const vw_hks_equations *equations);

#endif
