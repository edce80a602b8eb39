/* quotes.h: the bodies of fit_kernels.h over the quotes of a fit: targets, and what the model says.
 */
#ifndef VW_CORE_VOL_SIMD_QUOTES_H
#define VW_CORE_VOL_SIMD_QUOTES_H

#include "core/vol/fit_kernels.h"
#include "core/vol/simd/eight.h"

static void lanes_quotes(const vw_fit_quotes *in, double unit, double per_sd, size_t count,
                         const vw_fit_targets *out)
{
    for (size_t i = 0; i < whole(count); i += VW_LANES) {
        vd vol = vd_load(in->vol + i, VW_LANES), half = vd_load(in->half_vol + i, VW_LANES);
        vd bid = vd_load(in->bid_vol + i, VW_LANES), ask = vd_load(in->ask_vol + i, VW_LANES);
        vd zone = VW_FIT_DEAD_ZONE * half, weight = 1 / (half * 2 * vol * unit);
        vd low = vd_max(vol - zone, vd_all(0)), high = vol + zone;

        vd_store(out->z + i, vd_load(in->k + i, VW_LANES) * per_sd, VW_LANES);
        vd_store(out->weight2 + i, weight * weight, VW_LANES);
        vd_store(out->low + i, low * low * unit, VW_LANES);
        vd_store(out->high + i, high * high * unit, VW_LANES);
        vd_store(out->mid + i, vol * vol * unit, VW_LANES);
        vd_store(out->bid + i, bid * bid * unit, VW_LANES);
        vd_store(out->ask + i, ask * ask * unit, VW_LANES);
    }
}

/* The model at eight quotes. */
VW_LANE ve model_at(const double *rows, size_t line, const double *solution)
{
    ve products[EIGHT];

#pragma GCC unroll 8
    for (int q = 0; q < EIGHT; q++) {
        products[q] = ve_all(0);
    }
    for (size_t at = 0; at < line; at += EIGHT) {
        ve by = ve_load(solution + at);

#pragma GCC unroll 8
        for (int q = 0; q < EIGHT; q++) {
            products[q] = ve_add_product(products[q], by, ve_load(rows + (size_t)q * line + at));
        }
    }
    return ve_sums(products);
}

static void lanes_model(const double *rows, size_t line, const double *solution, size_t count,
                        double *model)
{
    for (size_t i = 0; i < count; i += EIGHT) {
        ve_store(model + i, model_at(rows + i * line, line, solution));
    }
}

static void lanes_follow(const double *rows, size_t line, const double *solution,
                         const vw_fit_targets *targets, size_t count, double *model, double *right)
{
    ve sum[VW_FIT_TERMS_LINE / EIGHT];

    for (size_t p = 0; p < VW_FIT_TERMS_LINE / EIGHT; p++) {
        sum[p] = ve_all(0);
    }
    for (size_t i = 0; i < count; i += EIGHT) {
        const double *block = rows + i * line;
        ve at = model_at(block, line, solution);
        double pull[EIGHT];

        ve_store(model + i, at);
        at = ve_clamp(at, ve_load(targets->low + i), ve_load(targets->high + i));
        ve_store(pull, ve_multiply(at, ve_load(targets->weight2 + i)));
        for (size_t p = 0; p < line / EIGHT; p++) {
#pragma GCC unroll 8
            for (size_t q = 0; q < EIGHT; q++) {
                sum[p] =
                    ve_add_product(sum[p], ve_all(pull[q]), ve_load(block + q * line + p * EIGHT));
            }
        }
    }
    for (size_t p = 0; p < line / EIGHT; p++) {
        ve_store(right + p * EIGHT, sum[p]);
    }
}

#endif
