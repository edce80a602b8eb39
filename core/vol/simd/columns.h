/* columns.h: the bodies of fit_kernels.h point by point: hyperbolas, bells, smiles, bounds. */
#ifndef VW_CORE_VOL_SIMD_COLUMNS_H
#define VW_CORE_VOL_SIMD_COLUMNS_H

#include "core/vol/fit_kernels.h"
#include "core/vol/simd/eight.h"

static void lanes_hyperbola(const double *z, double m, double s, size_t count, double *inverse,
                            double *bend)
{
    double s2 = s * s;

    for (size_t i = 0; i < whole(count); i += VW_LANES) {
        vd x = vd_load(z + i, VW_LANES) - m, by = 1 / vd_sqrt(x * x + s2);

        vd_store(inverse + i, by, VW_LANES);
        vd_store(bend + i, s2 * by * (by * by), VW_LANES);
    }
}

/* (1 - x^2 / 64)^32: a bell that ends, at 8. */
VW_LANE void sum_bell(const double *z, const double *weight2, const vw_fit_bell *bell, ve sums[2])
{
    double inverse = 0.125 / bell->s;
    ve plain = ve_all(0), weighted = ve_all(0);

    for (size_t i = bell->first; i < bell->last; i += EIGHT) {
        ve at = ve_load(z + i), kernel;

#pragma GCC unroll 4
        for (int p = 0; p < PARTS; p++) {
            vd x = (at.part[p] - bell->m) * inverse, y = vd_max(1 - x * x, vd_all(0));

            y *= y;
            y *= y;
            y *= y;
            y *= y;
            kernel.part[p] = y * y;
        }
        plain = ve_add(plain, kernel);
        weighted = ve_add_product(weighted, kernel, ve_load(weight2 + i));
    }
    sums[0] = plain;
    sums[1] = weighted;
}

static void lanes_bells(const double *z, const double *weight2, vw_fit_bell *bells, size_t count)
{
    for (size_t first = 0; first < count; first += 4) {
        size_t some = count - first < 4 ? count - first : 4;
        ve sums[EIGHT];
        double sum[EIGHT];

        memset(sums, 0, sizeof sums);
        for (size_t j = 0; j < some; j++) {
            sum_bell(z, weight2, &bells[first + j], &sums[2 * j]);
        }
        ve_store(sum, ve_sums(sums));
        for (size_t j = 0; j < some; j++) {
            bells[first + j].sum = sum[2 * j];
            bells[first + j].weighted = sum[2 * j + 1];
        }
    }
}

/* Values alone. */
static void lanes_variance(const vw_fit_smile *smile, const double *z, size_t count, double *value)
{
    for (size_t i = 0; i < whole(count); i += VW_LANES) {
        vd at = vd_load(z + i, VW_LANES), v = smile->c0 + smile->c1 * at;

        for (size_t j = 0; j < smile->nodes; j++) {
            vd x = at - smile->m[j];
            v += smile->c[j] * vd_sqrt(x * x + smile->s[j] * smile->s[j]);
        }
        vd_store(value + i, v, VW_LANES);
    }
}

static void lanes_smile(const vw_fit_smile *smile, const double *z, size_t count, double *value,
                        double *slope, double *bend)
{
    for (size_t i = 0; i < whole(count); i += VW_LANES) {
        vd at = vd_load(z + i, VW_LANES), v = smile->c0 + smile->c1 * at;
        vd first = vd_all(smile->c1), second = vd_all(0);

        for (size_t j = 0; j < smile->nodes; j++) {
            double s2 = smile->s[j] * smile->s[j];
            vd x = at - smile->m[j], r = vd_sqrt(x * x + s2), inverse = 1 / r;
            vd c = smile->c[j] * inverse;

            v += smile->c[j] * r;
            first += c * x;
            second += s2 * c * (inverse * inverse);
        }
        vd_store(value + i, v, VW_LANES);
        vd_store(slope + i, first, VW_LANES);
        vd_store(bend + i, second, VW_LANES);
    }
}

static size_t lanes_inside(const double *x, const double *low, const double *high, size_t count)
{
    size_t outside = 0;

    for (size_t i = 0; i < count; i += VW_LANES) {
        vd at = vd_load(x + i, VW_LANES);
        unsigned bits = vm_bits(vm_or(vd_less(at, vd_load(low + i, VW_LANES)),
                                      vd_less(vd_load(high + i, VW_LANES), at)));

        bits &= i + VW_LANES <= count ? ~0U : (1U << (count - i)) - 1;
        outside += (size_t)__builtin_popcount(bits);
    }
    return count - outside;
}

#endif
