#include "core/vol/hks_tick.h"

#include <string.h>

size_t vw_hks_tick_size(size_t rows)
{
    return vw_round_up(rows * sizeof(vw_hks_tick_quote), VW_LINE_PAIR);
}

void vw_hks_tick_init(vw_hks_tick *tick, void *mem, size_t rows)
{
    memset(tick, 0, sizeof *tick);
    tick->quotes = mem;
    tick->room = rows;
}

void vw_hks_tick_take(vw_hks_tick *tick, const vw_slice *slice, const vw_smile *smile,
                      const vw_slice_work *work)
{
    const vw_hks_fit *fit = vw_slice_work_hks(work);
    vw_hks_equations *to = &tick->equations;

    tick->ready = slice->model == VW_MODEL_HKS && fit->settled && slice->hks.c0 == fit->hks.c0 &&
                  slice->hks.c1 == fit->hks.c1;
    if (!tick->ready) {
        return;
    }
    to->hks = fit->hks;
    to->z_min = fit->quotes.z[0];
    to->z_max = fit->quotes.z[fit->count - 1];
    memcpy(to->system, fit->system, sizeof to->system);
    for (size_t a = 0; a < VW_FIT_TERMS_LINE; a++) {
        to->right[a] = fit->normal_right[a] + fit->push[a];
    }
    tick->basis = fit->basis;
    tick->unit = smile->years / (fit->hks.sd * fit->hks.sd);
    memset(tick->quotes, 0, tick->room * sizeof *tick->quotes);
    for (size_t i = 0; i < fit->count; i++) {
        size_t row = smile->row[fit->first + i];

        vw_check_hot(row < tick->room);
        tick->quotes[row] =
            (vw_hks_tick_quote){fit->quotes.z[i], fit->quotes.weight2[i], fit->quotes.mid[i]};
    }
}

static void add(vw_hks_tick *tick, const vw_fit_kernels *kernels, const vw_hks_tick_quote *quote,
                double times)
{
    vw_fit_row row;

    kernels->row(&tick->basis, quote->z, row);
    kernels->add(row, times * quote->weight2, quote->target, tick->basis.line,
                 tick->equations.system, tick->equations.right);
}

bool vw_hks_tick_set(vw_hks_tick *tick, const vw_fit_kernels *kernels, size_t row, double k,
                     double vol, double half_vol)
{
    vw_hks_tick_quote *quote = &tick->quotes[row];
    double weight = 1 / (half_vol * 2 * vol * tick->unit);

    if (!tick->ready || !(quote->weight2 > 0)) {
        return false;
    }
    add(tick, kernels, quote, -1);
    *quote =
        (vw_hks_tick_quote){k / tick->equations.hks.sd, weight * weight, vol * vol * tick->unit};
    add(tick, kernels, quote, 1);
    return true;
}

bool vw_hks_tick_solve(vw_hks_tick *tick, vw_slice *slice, vw_slice_work *work)
{
    vw_hks_fit *fit = vw_slice_work_hks(work);

    if (!tick->ready || !vw_hks_fit_again(fit, &tick->equations)) {
        return false;
    }
    slice->hks = fit->hks;
    slice->least_g = fit->least_g;
    return true;
}
