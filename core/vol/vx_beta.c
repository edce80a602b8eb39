#include "core/vol/vx_beta.h"

#include "core/vol/vx_curve.h"

#include <math.h>

const vw_vx_beta_limits vw_vx_beta_defaults = {
    .half_life = 30, .window = 252, .least = 20, .ratio_lo = 0.5, .ratio_hi = 2};

void vw_vx_beta_init(vw_vx_beta *beta, const vw_vx_beta_limits *limits)
{
    vw_check(limits->half_life > 0 && limits->window > 0);
    *beta = (vw_vx_beta){.limits = *limits};
}

static void add(vw_vx_beta_sums *sums, const vw_vx_beta_limits *limits, double x, double y)
{
    double decay = exp2(-1 / limits->half_life);

    if (!isfinite(x) || !isfinite(y)) {
        return;
    }
    sums->xx = decay * sums->xx + x * x;
    sums->xy = decay * sums->xy + x * y;
    sums->yy = decay * sums->yy + y * y;
    sums->count += sums->count < limits->window;
}

void vw_vx_beta_add(vw_vx_beta *beta, uint32_t month, double days, double future, double index)
{
    if (month < VW_VX_BETA_MONTHS) {
        add(&beta->index[month], &beta->limits, vw_vx_curve_beta(days) * index, future);
    }
}

void vw_vx_beta_add_forward(vw_vx_beta *beta, uint32_t month, double future, double forward)
{
    if (month < VW_VX_BETA_MONTHS) {
        add(&beta->forward[month], &beta->limits, forward, future);
    }
}

static vw_vx_beta_estimate estimate(const vw_vx_beta_sums *sums, const vw_vx_beta_limits *limits)
{
    vw_vx_beta_estimate found = {
        .beta = NAN, .half_life = limits->half_life, .count = sums->count, .prior = true};

    if (sums->count >= limits->least && sums->xx > 0) {
        found.beta = sums->xy / sums->xx;
        found.r2 = sums->yy > 0 ? sums->xy * sums->xy / (sums->xx * sums->yy) : 0;
        found.prior = false;
    }
    return found;
}

vw_vx_beta_estimate vw_vx_beta_at(const vw_vx_beta *beta, uint32_t month, double days)
{
    static const vw_vx_beta_sums none = {0};
    const vw_vx_beta_limits *limits = &beta->limits;
    vw_vx_beta_estimate found =
        estimate(month < VW_VX_BETA_MONTHS ? &beta->index[month] : &none, limits);
    double ratio = found.prior ? 1 : fmin(fmax(found.beta, limits->ratio_lo), limits->ratio_hi);

    found.beta = ratio * vw_vx_curve_beta(days);
    return found;
}

vw_vx_beta_estimate vw_vx_beta_forward_at(const vw_vx_beta *beta, uint32_t month)
{
    static const vw_vx_beta_sums none = {0};

    return estimate(month < VW_VX_BETA_MONTHS ? &beta->forward[month] : &none, &beta->limits);
}
