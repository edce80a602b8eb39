/* svi.h: the bodies of fit_kernels.h for raw SVI: sums at one (m, sigma), and the sigma needed. */
#ifndef VW_CORE_VOL_SIMD_SVI_H
#define VW_CORE_VOL_SIMD_SVI_H

#include "core/vol/fit_kernels.h"
#include "core/vol/simd/eight.h"

/* Sums that the products of two functions are made of: v^2 = u^2 + 1, and so on. */
enum { W, W_U, W_V, W_UR, W_R, W_UU, W_UV, W_URR, W_RR, SVI_SQUARE, SVI_RIGHT, SVI_SUMS = 16 };

/* Adds eight quotes; r is 1 / v. */
VW_LANE void add_svi(const double *z, const double *target, const double *weight2, double m,
                     double inverse, ve sum[SVI_SUMS])
{
#pragma GCC unroll 4
    for (int p = 0; p < PARTS; p++) {
        size_t at = (size_t)p * VW_LANES;
        vd w = vd_load(weight2 + at, VW_LANES), t = vd_load(target + at, VW_LANES), wt = w * t;
        vd u = (vd_load(z + at, VW_LANES) - m) * inverse, v = vd_sqrt(u * u + 1), r = 1 / v;
        vd wu = w * u, wr = w * r, wur = wu * r, wtu = wt * u;

        sum[W].part[p] += w;
        sum[W_U].part[p] += wu;
        sum[W_V].part[p] += w * v;
        sum[W_UR].part[p] += wur;
        sum[W_R].part[p] += wr;
        sum[W_UU].part[p] += wu * u;
        sum[W_UV].part[p] += wu * v;
        sum[W_URR].part[p] += wur * r;
        sum[W_RR].part[p] += wr * r;
        sum[SVI_SQUARE].part[p] += wt * t;
        sum[SVI_RIGHT].part[p] += wt;
        sum[SVI_RIGHT + 1].part[p] += wtu;
        sum[SVI_RIGHT + 2].part[p] += wt * v;
        sum[SVI_RIGHT + 3].part[p] += wtu * r;
        sum[SVI_RIGHT + 4].part[p] += wt * r;
    }
}

static void lanes_svi_sums(const double *z, const double *target, const double *weight2, double m,
                           double sigma, size_t count, vw_svi_sums *sums)
{
    ve sum[SVI_SUMS];
    double s[SVI_SUMS];

    _Static_assert(SVI_RIGHT + VW_SVI_FUNCTIONS <= SVI_SUMS, "room");
#pragma GCC unroll 16
    for (int i = 0; i < SVI_SUMS; i++) {
        sum[i] = ve_all(0);
    }
    for (size_t i = 0; i < count; i += EIGHT) {
        add_svi(z + i, target + i, weight2 + i, m, 1 / sigma, sum);
    }
#pragma GCC unroll 2
    for (size_t i = 0; i < SVI_SUMS; i += EIGHT) {
        ve_store(s + i, ve_sums(sum + i));
    }
    const double product[VW_SVI_FUNCTIONS][VW_SVI_FUNCTIONS] = {
        {s[W], s[W_U], s[W_V], s[W_UR], s[W_R]},
        {s[W_U], s[W_UU], s[W_UV], s[W_V] - s[W_R], s[W_UR]},
        {s[W_V], s[W_UV], s[W_UU] + s[W], s[W_U], s[W]},
        {s[W_UR], s[W_V] - s[W_R], s[W_U], s[W] - s[W_RR], s[W_URR]},
        {s[W_R], s[W_UR], s[W], s[W_URR], s[W_RR]},
    };
    memcpy(sums->product, product, sizeof product);
    memcpy(sums->right, s + SVI_RIGHT, sizeof sums->right);
    sums->square = s[SVI_SQUARE];
}

/* The body of sigma_needed in pricing/svi.c. */
static double lanes_svi_needs(const vw_svi_shape *shape, const double *l, const double *root,
                              size_t count)
{
    vd most = vd_all(0);
    double lane[VW_LANES], best = 0;
    vm fails = vd_less(vd_all(1), vd_all(0));

    for (size_t i = 0; i < count; i += VW_LANES) {
        vd at = vd_load(l + i, VW_LANES), r = vd_load(root + i, VW_LANES);
        vd n = shape->alpha + shape->rho * at + r, both = 1 / (r * n); /* one division for two */
        vd inverse = n * both, half = 0.5 * r * both, n1 = shape->rho + at * inverse;
        vd n2 = inverse * (inverse * inverse);
        vd moment = (at + shape->mu) * half, quarter = vd_all(0.25 * shape->b);
        vd plus = 1 - n1 * (moment + quarter), minus = 1 - n1 * (moment - quarter);
        vd g2 = n2 - n1 * n1 * half, zero = vd_all(0);
        vm good = vm_and(vd_less(zero, n), vm_and(vd_less(zero, plus), vd_less(zero, minus)));

        fails = vm_or(fails, vm_not(good));
        if (vm_any(vd_less(g2, zero))) {
            most = vd_max(most, -0.5 * shape->b * g2 / (plus * minus));
        }
    }
    if (vm_any(fails)) {
        return INFINITY;
    }
    vd_store(lane, most, VW_LANES);
    for (int p = 0; p < VW_LANES; p++) {
        best = lane[p] > best ? lane[p] : best;
    }
    return best;
}

#endif
