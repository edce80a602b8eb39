/* svi.h: the bodies of fit_kernels.h for raw SVI: sums at one (m, sigma), and the sigma needed. */
#ifndef VW_CORE_VOL_SIMD_SVI_H
#define VW_CORE_VOL_SIMD_SVI_H

#include "core/vol/fit_kernels.h"
#include "core/vol/simd/eight.h"

/* The lower triangle of products, then right, then square: whole eights, to be summed abreast. */
enum {
    SVI_RIGHT = VW_SVI_FUNCTIONS * (VW_SVI_FUNCTIONS + 1) / 2,
    SVI_SQUARE = SVI_RIGHT + VW_SVI_FUNCTIONS,
    SVI_SUMS = 3 * EIGHT,
};

VW_LANE void svi_functions(ve z, double m, double inverse, ve f[VW_SVI_FUNCTIONS])
{
    for (int p = 0; p < PARTS; p++) {
        vd u = (z.part[p] - m) * inverse, v = vd_sqrt(u * u + 1), r = 1 / v;

        f[0].part[p] = vd_all(1);
        f[1].part[p] = u;
        f[2].part[p] = v;
        f[3].part[p] = u * r;
        f[4].part[p] = r;
    }
}

static void lanes_svi_sums(const double *z, const double *target, const double *weight2, double m,
                           double sigma, size_t count, vw_svi_sums *sums)
{
    ve sum[SVI_SUMS];
    double total[SVI_SUMS];
    size_t next = 0;

    _Static_assert(SVI_SQUARE < SVI_SUMS, "room");
    memset(sum, 0, sizeof sum);
    for (size_t i = 0; i < count; i += EIGHT) {
        ve w = ve_load(weight2 + i), t = ve_load(target + i), wt = ve_multiply(w, t);
        ve f[VW_SVI_FUNCTIONS];
        int at = 0;

        svi_functions(ve_load(z + i), m, 1 / sigma, f);
        sum[SVI_SQUARE] = ve_add_product(sum[SVI_SQUARE], wt, t);
#pragma GCC unroll 5
        for (int a = 0; a < VW_SVI_FUNCTIONS; a++) {
            ve wf = ve_multiply(w, f[a]);

            sum[SVI_RIGHT + a] = ve_add_product(sum[SVI_RIGHT + a], wt, f[a]);
#pragma GCC unroll 5
            for (int b = 0; b <= a; b++, at++) {
                sum[at] = ve_add_product(sum[at], wf, f[b]);
            }
        }
    }
    for (size_t i = 0; i < SVI_SUMS; i += EIGHT) {
        ve_store(total + i, ve_sums(sum + i));
    }
    for (size_t a = 0; a < VW_SVI_FUNCTIONS; a++) {
        sums->right[a] = total[SVI_RIGHT + a];
        for (size_t b = 0; b <= a; b++, next++) {
            sums->product[a][b] = sums->product[b][a] = total[next];
        }
    }
    sums->square = total[SVI_SQUARE];
}

/* The body of sigma_needed in pricing/svi.c. */
static double lanes_svi_needs(const vw_svi_shape *shape, const double *l, size_t count)
{
    vd most = vd_all(0);
    double lane[VW_LANES], best = 0;
    vm fails = vd_less(vd_all(1), vd_all(0));

    for (size_t i = 0; i < count; i += VW_LANES) {
        vd at = vd_load(l + i, VW_LANES), r = vd_sqrt(at * at + 1);
        vd n = shape->alpha + shape->rho * at + r, both = 1 / (r * n); /* one division for two */
        vd inverse = n * both, half = 0.5 * r * both, n1 = shape->rho + at * inverse;
        vd n2 = inverse * (inverse * inverse);
        vd moment = (at + shape->mu) * half, quarter = vd_all(0.25 * shape->b);
        vd plus = 1 - n1 * (moment + quarter), minus = 1 - n1 * (moment - quarter);
        vd g2 = n2 - n1 * n1 * half, zero = vd_all(0);
        vm good = vm_and(vd_less(zero, n), vm_and(vd_less(zero, plus), vd_less(zero, minus)));

        fails = vm_or(fails, vm_not(good));
        most = vd_max(most, -0.5 * shape->b * g2 / (plus * minus));
    }
    if (vm_any(fails)) {
        return INFINITY;
    }
    vd_store(lane, most, VW_LANES);
    for (int p = 0; p < VW_LANES; p++) {
        best = fmax(best, lane[p]);
    }
    return best;
}

#endif
