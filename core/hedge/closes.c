#include "core/hedge/turn.h"

#include <math.h>

enum { NEVER = 1 << 30 };

static const double MATURITY_DAYS = 30;

static double price_of(const vw_hedge_close *close, uint32_t expiry)
{
    for (size_t i = 0; i < close->future_count; i++) {
        if (close->futures[i].expiry == expiry) {
            return close->futures[i].price;
        }
    }
    return NAN;
}

static bool has_pair(const vw_hedge_close *close)
{
    return close->future_count >= 2 && isfinite(close->futures[0].price) &&
           close->futures[0].price > 0 && isfinite(close->futures[1].price) &&
           close->futures[1].price > 0;
}

/* The change of VX2 - VX1 between two closes in the later one's contracts, so that a roll is no
 * change of the market. */
static double spread_change(const vw_hedge_close *before, const vw_hedge_close *now)
{
    double vx1 = price_of(before, now->futures[0].expiry);
    double vx2 = price_of(before, now->futures[1].expiry);

    return now->futures[1].price - now->futures[0].price - (vx2 - vx1);
}

static double ratio_change(const vw_hedge_close *before, const vw_hedge_close *now)
{
    double vx1 = price_of(before, now->futures[0].expiry);
    double vx2 = price_of(before, now->futures[1].expiry);

    return now->futures[0].price / now->futures[1].price / (vx1 / vx2);
}

/* Return of 30-day constant maturity in the earlier close's contracts and weights. */
static double cm30_return(const vw_hedge_close *before, const vw_hedge_close *now)
{
    size_t i = 0;
    double near_weight = 1;

    while (i + 2 < before->future_count && before->futures[i + 1].days <= MATURITY_DAYS) {
        i++;
    }
    if (before->future_count < 2) {
        return NAN;
    }
    double near_days = before->futures[i].days, far_days = before->futures[i + 1].days;

    if (near_days <= MATURITY_DAYS && far_days > near_days) {
        near_weight = (far_days - MATURITY_DAYS) / (far_days - near_days);
    }
    double near = before->futures[i].price, far = before->futures[i + 1].price;
    double change = near_weight * (price_of(now, before->futures[i].expiry) - near);

    if (near_weight != 1) {
        change += (1 - near_weight) * (price_of(now, before->futures[i + 1].expiry) - far);
    }
    return change / (near_weight * near + (1 - near_weight) * far);
}

static void add_curve(vw_close_history *history, const vw_hedge_close *close)
{
    if (!has_pair(close)) {
        return;
    }
    if (!has_pair(&history->last)) {
        history->spread_index = close->futures[1].price - close->futures[0].price;
        history->ratio_index = close->futures[0].price / close->futures[1].price;
        history->cm30_index = 100;
    } else {
        double spread = spread_change(&history->last, close);
        double ratio = ratio_change(&history->last, close);
        double cm30 = cm30_return(&history->last, close);

        history->spread_index += isfinite(spread) ? spread : 0;
        history->ratio_index *= isfinite(ratio) && ratio > 0 ? ratio : 1;
        history->cm30_index *= isfinite(cm30) && cm30 > -1 ? 1 + cm30 : 1;
    }
    vw_macd_add(&history->spread, history->spread_index);
    vw_rsi_add(&history->ratio, history->ratio_index);
    vw_rsi_add(&history->cm30, history->cm30_index);
}

/* Missing days of the line are carried, and counted. */
static void add_breadth(vw_close_history *history, const vw_hedge_close *close)
{
    bool given = isfinite(close->advances_declines);

    history->breadth_line += given ? close->advances_declines : 0;
    history->breadth_missed = given ? 0 : history->breadth_missed + 1;
    if (isfinite(close->spx)) {
        vw_window_add(&history->price, close->spx);
        vw_window_add(&history->breadth, history->breadth_line);
    }
    if (history->divergence_closes < NEVER) {
        history->divergence_closes++;
    }
    if (vw_divergence(&history->price, &history->breadth) < 0) {
        history->divergence_closes = 0;
    }
}

/* The regime of a close: the machine's, or in the history before it by the raw thresholds. */
static vw_regime close_regime(const vw_hedge_settings *set, const vw_hedge_state *state,
                              const vw_hedge_close *close)
{
    vw_regime_machine machine;

    if (state->regime.regime != VW_REGIME_UNKNOWN || !has_pair(close)) {
        return state->regime.regime;
    }
    vw_regime_init(&machine, &set->regime);
    return vw_regime_update(&machine,
                            &(vw_vx_pair){.vx1 = llround(close->futures[0].price * 1e4),
                                          .vx2 = llround(close->futures[1].price * 1e4),
                                          .vx1_expiry = close->futures[0].expiry,
                                          .live = true},
                            0);
}

static void count_regime(vw_hedge_state *state, vw_regime regime)
{
    bool inverted = regime == VW_REGIME_BACKWARDATION || regime == VW_REGIME_INVERTED;

    state->backwardation_closes = inverted ? state->backwardation_closes + 1 : 0;
    state->contango_closes = regime == VW_REGIME_CONTANGO ? state->contango_closes + 1 : 0;
}

/* Rule 9: a volatility cycle is E1, E2 or more, and E1 again for cycle_closes. */
static void count_cycle(const vw_hedge_settings *set, vw_hedge_state *state, double vix)
{
    if (isfinite(vix)) {
        double threshold = state->close_level > 1 ? set->e2_leave_vix : set->e2_vix;

        state->close_level = vix >= threshold ? 2 : 1;
    }
    if ((state->level.level != 0 ? state->level.level : state->close_level) > 1) {
        state->in_cycle = true;
        state->calm_closes = 0;
    } else if (state->in_cycle && ++state->calm_closes >= set->cycle_closes) {
        state->in_cycle = false;
        state->calm_closes = 0;
        state->cycles++;
    }
}

/* Rule 12: a tranche whose condition was not met all session, tranche_closes times, is taken back.
 */
static void count_tranche(const vw_hedge_settings *set, vw_hedge_state *state)
{
    state->tranche_closes =
        state->tranche_met || state->tranche == 0 ? 0 : state->tranche_closes + 1;
    state->tranche_met = false;
    if (state->tranche_closes >= set->tranche_closes) {
        state->tranche_closes = 0;
        state->tranche--;
    }
}

/* S4; NaN without its sessions. */
static double breadth_signal(const vw_hedge_settings *set, const vw_close_history *history)
{
    double line = vw_window_at(&history->breadth, 0), price = vw_window_at(&history->price, 0);

    if (!vw_window_ready(&history->breadth)) {
        return NAN;
    }
    bool alone = line <= vw_window_low(&history->breadth) && price > vw_window_low(&history->price);
    bool diverges = history->divergence_closes <= set->breadth_sessions || alone;
    bool turning = history->spread.histogram < 0 && line < vw_window_mean(&history->breadth);

    return 0.5 * diverges + 0.5 * turning;
}

/* Rules 6 and 13 look at crossings of closes. */
static void watch_crossings(const vw_hedge_settings *set, vw_hedge_state *state)
{
    const vw_close_history *history = &state->closes;
    double rsi = history->ratio.value;

    state->shift_pending &= rsi > set->shift_rsi; /* what has fallen back is no crossing */
    if (rsi < set->shift_rearm) {
        state->shift_armed = true;
    } else if (rsi > set->shift_rsi && history->ratio.value_before <= set->shift_rsi &&
               state->shift_armed) {
        state->shift_armed = false;
        state->shift_pending = true;
    }
    bool calm = history->vix.histogram < 0 && breadth_signal(set, history) < set->wing_breadth;

    state->wing_closes = calm ? state->wing_closes + 1 : 0;
}

void vw_closes_add(const vw_hedge_settings *set, vw_hedge_state *state, const vw_hedge_close *close)
{
    vw_close_history *history = &state->closes;

    add_curve(history, close);
    vw_macd_add(&history->vix, close->vix);
    vw_rsi_add(&history->vix_rsi, close->vix);
    vw_rsi_add(&history->spx, close->spx);
    vw_realised_add(&history->realised, close->spx);
    vw_window_add(&history->vol_of_vol, close->vol_of_vol);
    add_breadth(history, close);
    if (isfinite(close->vix)) {
        vw_level_close(&state->level, set, close->vix);
    }
    count_regime(state, close_regime(set, state, close));
    count_cycle(set, state, close->vix);
    count_tranche(set, state);
    watch_crossings(set, state);
    state->headline = false;
    history->session = close->session;
    history->sessions++;
    if (has_pair(close)) {
        history->last = *close;
    } else {
        history->last.session = close->session;
        history->last.vix = close->vix;
        history->last.atm_vol_30 = close->atm_vol_30;
        history->last.atm_vol_7 = close->atm_vol_7;
    }
}

static void set_detail(vw_turn *turn, vw_detail detail, double value)
{
    vw_signals *signals = &turn->out->signals;

    if (isfinite(value)) {
        signals->detail[detail] = value;
    } else {
        signals->detail_absent |= 1U << detail;
    }
}

/* What the histogram would be if the session closed now: shown, never decided on. */
static double running_vix(const vw_turn *turn)
{
    vw_macd macd = turn->state->closes.vix;

    return isfinite(turn->vix) ? vw_macd_add(&macd, turn->vix) : NAN;
}

static double running_spread(const vw_turn *turn)
{
    const vw_close_history *history = &turn->state->closes;
    const vw_hedge_future *vx = turn->in->futures;
    vw_macd macd = history->spread;

    if (turn->in->future_count < 2 || vx[0].price <= 0 || vx[1].price <= 0 ||
        !has_pair(&history->last)) {
        return NAN;
    }
    double vx1 = price_of(&history->last, vx[0].expiry),
           vx2 = price_of(&history->last, vx[1].expiry);

    return vw_macd_add(&macd, history->spread_index + (double)(vx[1].price - vx[0].price) * 1e-4 -
                                  (vx2 - vx1));
}

void vw_closes_signals(vw_turn *turn)
{
    const vw_close_history *history = &turn->state->closes;
    uint32_t missed = history->breadth_missed;
    double realised =
        history->realised.close > 0 && vw_window_ready(&history->realised.returns) ? 0 : NAN;

    if (realised == 0) {
        vw_realised copy = history->realised;

        realised = 100 * vw_realised_add(&copy, NAN);
    }
    set_detail(turn, VW_DETAIL_SPREAD_HISTOGRAM, history->spread.histogram);
    set_detail(turn, VW_DETAIL_SPREAD_HISTOGRAM_RUNNING, running_spread(turn));
    set_detail(turn, VW_DETAIL_VIX_HISTOGRAM, history->vix.histogram);
    set_detail(turn, VW_DETAIL_VIX_HISTOGRAM_RUNNING, running_vix(turn));
    set_detail(turn, VW_DETAIL_RATIO_RSI, history->ratio.value);
    set_detail(turn, VW_DETAIL_VIX_RSI, history->vix_rsi.value);
    set_detail(turn, VW_DETAIL_SPX_RSI, history->spx.value);
    set_detail(turn, VW_DETAIL_CM30_RSI, history->cm30.value);
    set_detail(turn, VW_DETAIL_REALISED, realised);
    vw_turn_signal(turn, VW_SIGNAL_MOMENTUM, history->vix.histogram, 0);
    vw_turn_signal(turn, VW_SIGNAL_BREADTH, breadth_signal(turn->set, history),
                   missed > turn->set->breadth_stale_sessions ? VW_SIGNAL_STALE : 0);
    vw_turn_signal(turn, VW_SIGNAL_VOL_PRICE_RATIO,
                   turn->in->future_count > 0 && turn->in->futures[0].price > 0 && realised > 0
                       ? (double)turn->in->futures[0].price * 1e-4 / realised
                       : NAN,
                   turn->in->future_count > 0 &&
                           turn->in->futures[0].age_ns > turn->set->vx_stale_ns
                       ? VW_SIGNAL_STALE
                       : 0);
}
