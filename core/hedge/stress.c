#include "core/hedge/stress.h"

#include "core/pricing/black.h"
#include "core/vol/vx_curve.h"

#include <math.h>

static const double VOL_LEAST = 0.01;

void vw_stress_moves(double spot_vix, vw_stress_move moves[VW_STRESS_MOVES])
{
    moves[0] = (vw_stress_move){-0.10, 10};
    moves[1] = (vw_stress_move){0, 10};
    moves[2] = (vw_stress_move){0, -0.25 * spot_vix};
    moves[3] = (vw_stress_move){0.10, -0.25 * spot_vix};
}

static vw_greeks price_option(const vw_leg_mark *mark, char type, double strike, double forward,
                              double vol)
{
    double years = mark->days / 365, side = type == 'C' ? 1 : -1;
    double discount = mark->discount > 0 ? mark->discount : 1;
    vw_greeks plain = {0};
    const vw_black_inputs in = {.forward = &forward,
                                .strike = &strike,
                                .years = &years,
                                .vol = &vol,
                                .discount = &discount,
                                .side = &side};
    const vw_black_outputs out = {.price = &plain.price, .vega = &plain.vega};

    return vw_black(&in, &out, 1) == 0 ? plain : (vw_greeks){0};
}

static bool has_price(const vw_leg_mark *mark)
{
    return mark->status == VW_STATUS_OK || mark->status == VW_STATUS_STALE;
}

static double option_gain(const vw_leg_mark *mark, char type, double strike, double forward,
                          double vol)
{
    double before = price_option(mark, type, strike, mark->forward, mark->vol).price;

    return mark->multiplier * (price_option(mark, type, strike, forward, vol).price - before);
}

/* Where an option's forward and vol go in a move. */
static void move_option(const vw_leg_mark *mark, const vw_stress_move *move, double *forward,
                        double *vol)
{
    if (mark->family == VW_FAMILY_SPX) {
        double moved = mark->vol + 0.01 * move->vol * vw_hedge_vega_weight(mark->days);

        *forward = mark->forward * (1 + move->spot);
        *vol = fmax(moved, fmin(VOL_LEAST, mark->vol));
    } else {
        double beta = mark->beta > 0 ? mark->beta : vw_vx_curve_beta(mark->days);

        *forward = fmax(mark->forward + beta * move->vol, 0.01);
        *vol = mark->vol;
    }
}

double vw_stress_gain(const vw_leg_mark *mark, char type, double strike,
                      const vw_hedge_market *market, const vw_stress_move *move)
{
    if (!has_price(mark)) {
        return 0;
    }
    if (mark->family == VW_FAMILY_SPX || mark->family == VW_FAMILY_VIX) {
        double forward, vol;

        move_option(mark, move, &forward, &vol);
        return option_gain(mark, type, strike, forward, vol);
    }
    return vw_hedge_v30(mark, market) * move->vol; /* futures and ETPs are linear */
}

double vw_stress_vega(const vw_leg_mark *mark, char type, double strike, double spot)
{
    return 0.01 * price_option(mark, type, strike, mark->forward * (1 + spot), mark->vol).vega;
}

void vw_stress_option(const vw_kernels *kernels, const vw_leg_mark *mark, char type, double strike,
                      const vw_stress_move *moves, const double *spots, size_t count, double *gains,
                      double *vegas)
{
    enum { COUNT_MAX = 5, LANES = 1 + 2 * COUNT_MAX };
    double forward[LANES], strikes[LANES], years[LANES], vol[LANES], discount[LANES], side[LANES];
    double price[LANES], vega[LANES];
    const vw_black_inputs in = {forward, strikes, years, vol, discount, side, NULL};
    const vw_black_outputs out = {.price = price, .vega = vega};
    size_t lanes = 1 + (vegas != NULL ? 2 : 1) * count;

    vw_check(count >= 1 && count <= COUNT_MAX);
    for (size_t i = 0; i < lanes; i++) {
        strikes[i] = strike;
        years[i] = mark->days / 365;
        discount[i] = mark->discount > 0 ? mark->discount : 1;
        side[i] = type == 'C' ? 1 : -1;
        forward[i] = mark->forward * (i > count ? 1 + spots[i - count - 1] : 1);
        vol[i] = mark->vol;
    }
    for (size_t i = 0; i < count; i++) {
        move_option(mark, &moves[i], &forward[1 + i], &vol[1 + i]);
    }
    bool good = has_price(mark) && kernels->black(&in, &out, lanes) == 0;

    for (size_t i = 0; i < count; i++) {
        gains[i] = good ? mark->multiplier * (price[1 + i] - price[0]) : 0;
        if (vegas != NULL) {
            vegas[i] = good ? 0.01 * vega[1 + count + i] : 0;
        }
    }
}

void vw_stress_losses(const vw_portfolio *portfolio, const vw_leg_mark *marks,
                      const vw_hedge_market *market, const vw_stress_move *moves, size_t count,
                      bool hedges_too, double *losses)
{
    for (size_t m = 0; m < count; m++) {
        losses[m] = 0;
        for (size_t i = 0; i < portfolio->leg_count; i++) {
            const vw_leg *leg = &portfolio->legs[i];

            if (hedges_too || !leg->hedge) {
                losses[m] -= leg->contracts *
                             vw_stress_gain(&marks[i], leg->type, leg->strike, market, &moves[m]);
            }
        }
    }
}

double vw_stress_condor_v30(const vw_portfolio *portfolio, const vw_leg_mark *marks, double spot)
{
    double v30 = 0;

    for (size_t i = 0; i < portfolio->leg_count; i++) {
        const vw_leg *leg = &portfolio->legs[i];
        const vw_leg_mark *mark = &marks[i];

        if (!leg->hedge && has_price(mark)) {
            v30 += leg->contracts * mark->multiplier * vw_hedge_vega_weight(mark->days) *
                   vw_stress_vega(mark, leg->type, leg->strike, spot);
        }
    }
    return v30;
}

double vw_stress_offset(const vw_portfolio *portfolio, const vw_leg_mark *marks)
{
    static const double spots[] = {-0.05, 0, 0.05};
    double most = 0;

    for (size_t i = 0; i < VW_COUNT_OF(spots); i++) {
        most = fmax(most, -vw_stress_condor_v30(portfolio, marks, spots[i]));
    }
    return most;
}

vw_quick_ratio vw_stress_quick_ratio(double cash, const double losses[VW_STRESS_MOVES])
{
    vw_quick_ratio quick = {.ratio = VW_QUICK_RATIO_MAX, .no_call = true};

    for (size_t i = 0; i < VW_STRESS_MOVES; i++) {
        quick.margin_call = i == 0 ? losses[0] : fmax(quick.margin_call, losses[i]);
    }
    if (quick.margin_call > 0) {
        quick.ratio = fmin(cash / quick.margin_call, VW_QUICK_RATIO_MAX);
        quick.no_call = false;
    }
    return quick;
}
