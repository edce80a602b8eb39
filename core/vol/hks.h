/* hks.h: the production smile of one expiry: hyperbolic kernels in total variance.
 *
 *   w(k) = sd^2 (c0 + c1 z + sum_j c_j sqrt((z - m_j)^2 + s_j^2)),   z = k / sd
 *
 * A sum of hyperbolas, each a bend of the smile at m_j that is s_j wide; one of them is raw SVI.
 * Linear in c, so a fit is a small system of linear equations; linear in the wings by itself.
 *
 * Units    k is log(strike / forward); w is total variance; z counts at-the-money deviations.
 * Shapes   arrays of `count`; outputs do not overlap inputs.
 * Threads  pure functions of their arguments.
 * Source   mathematics.md section 7.1. */
#ifndef VW_CORE_VOL_HKS_H
#define VW_CORE_VOL_HKS_H

#include "core/base/base.h"

#define VW_HKS_NODES_MAX 25

typedef struct vw_hks {
    double sd; /* at-the-money vol times sqrt(years) when the nodes were placed */
    double c0, c1;
    double m[VW_HKS_NODES_MAX], s[VW_HKS_NODES_MAX], c[VW_HKS_NODES_MAX];
    uint32_t nodes;
} vw_hks;

/* Where nodes may lie, in deviations. */
extern const double vw_hks_places[VW_HKS_NODES_MAX];

/* vw_hks_variance writes w(k[i]) to w[i]. */
void vw_hks_variance(const vw_hks *hks, const double *k, double *w, size_t count);

/* vw_hks_slopes writes dw/dk and d2w/dk2. */
void vw_hks_slopes(const vw_hks *hks, const double *k, double *w1, double *w2, size_t count);

/* vw_hks_place chooses nodes and widths for quotes at z[0] <= ... <= z[count - 1]: a node has a
 * quote between it and the one before, and one beyond it.  (Where quotes are few the smoothing
 * settles the rest: asking for three left sparse smiles too stiff.)  Sets m, s and nodes. */
void vw_hks_place(vw_hks *hks, const double *z, size_t count);

#endif
