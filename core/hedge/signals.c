#include "core/hedge/signals.h"

#include "core/hedge/turn.h"
#include "core/market/calendar.h"

#include <math.h>

const char *vw_signal_name(vw_signal_id signal)
{
#define X(name, number, text, value) text,
    static const char *const names[] = {VW_SIGNALS(X)};
#undef X

    return (size_t)signal < VW_SIGNAL_COUNT ? names[signal] : "unknown";
}

const char *vw_detail_name(vw_detail detail)
{
    static const char *const names[] = {
        "spread_histogram",
        "spread_histogram_running",
        "vix_histogram",
        "vix_histogram_running",
        "ratio_rsi",
        "vix_rsi",
        "spx_rsi",
        "cm30_rsi",
        "realised",
        "contango",
        "inversion",
        "cm30",
        "basis",
    };

    _Static_assert(VW_COUNT_OF(names) == VW_DETAIL_COUNT, "one name each");
    return (size_t)detail < VW_DETAIL_COUNT ? names[detail] : "unknown";
}

static bool usable(const vw_reading *reading, int64_t limit_ns)
{
    return isfinite(reading->value) && reading->age_ns <= limit_ns;
}

static uint8_t reading_flags(const vw_reading *reading, int64_t limit_ns)
{
    if (!isfinite(reading->value)) {
        return VW_SIGNAL_ABSENT;
    }
    return reading->age_ns > limit_ns ? VW_SIGNAL_STALE : 0;
}

static double points(const vw_hedge_future *future)
{
    return (double)future->price * 1e-4;
}

static void set_detail(vw_turn *turn, vw_detail detail, double value, bool present)
{
    turn->out->signals.detail[detail] = present && isfinite(value) ? value : 0;
    if (!present || !isfinite(value)) {
        turn->out->signals.detail_absent |= 1U << detail;
    }
}

/* 30-day constant maturity; beyond: VX1 is later than 30 days and stands for it. */
static double read_cm30(const vw_turn *turn, bool *beyond)
{
    static const double MATURITY_DAYS = 30;
    const vw_hedge_future *vx = turn->in->futures;

    *beyond = turn->in->future_count > 0 && vx[0].days > MATURITY_DAYS;
    if (*beyond) {
        return points(&vx[0]);
    }
    for (size_t i = 0; i + 1 < turn->in->future_count; i++) {
        double span = vx[i + 1].days - vx[i].days;

        if (vx[i].days <= MATURITY_DAYS && vx[i + 1].days > MATURITY_DAYS && vx[i].price > 0 &&
            vx[i + 1].price > 0 && span > 0) {
            double near_weight = (vx[i + 1].days - MATURITY_DAYS) / span;

            return near_weight * points(&vx[i]) + (1 - near_weight) * points(&vx[i + 1]);
        }
    }
    return NAN;
}

/* S5, S14 and the curve's details.  While held, the latch stays. */
static void read_curve_signals(vw_turn *turn)
{
    const vw_hedge_settings *set = turn->set;
    const vw_hedge_future *vx = turn->in->futures;
    bool pair = turn->in->future_count >= 2 && vx[0].price > 0 && vx[1].price > 0, beyond;
    bool stale = pair && (vx[0].age_ns > set->vx_stale_ns || vx[1].age_ns > set->vx_stale_ns);
    double cm30 = read_cm30(turn, &beyond), vix = turn->vix;
    double log_vix = vix > 0 ? log(vix) : NAN;
    double z =
        (log(cm30 / vix) - set->decoupling_a - set->decoupling_b * log_vix) / set->decoupling_sd;
    uint8_t flags = (uint8_t)((stale ? VW_SIGNAL_STALE : 0) | (beyond ? VW_SIGNAL_FLAGGED : 0));

    set_detail(turn, VW_DETAIL_CONTANGO, pair ? points(&vx[1]) / points(&vx[0]) - 1 : 0, pair);
    set_detail(turn, VW_DETAIL_INVERSION, (double)(vx[0].price - vx[1].price) * 1e-4, pair);
    set_detail(turn, VW_DETAIL_CM30, cm30, true);
    set_detail(turn, VW_DETAIL_BASIS, points(&vx[0]) - vix, turn->in->future_count > 0);
    vw_turn_signal(turn, VW_SIGNAL_DECOUPLING, z, flags);
    if (isfinite(z) && !turn->held) {
        turn->state->decoupled =
            turn->state->decoupled ? fabs(z) >= set->recoupled_z : fabs(z) > set->decoupled_z;
    }
    turn->out->signals.decoupled = turn->state->decoupled;
    double days = pair ? vx[1].days - vx[0].days : 0;

    vw_turn_signal(turn, VW_SIGNAL_ROLL,
                   days > 0 ? 30 * (points(&vx[1]) - points(&vx[0])) / days : NAN,
                   stale ? VW_SIGNAL_STALE : 0);
}

static bool condor_inverted(const vw_turn *turn, size_t i)
{
    const vw_hedge_condor *condor = &turn->in->condors[i];
    const vw_condor_memo *memo = &turn->state->condors[i];

    if (!turn->condor_ok[i] || condor->debit) {
        return false;
    }
    return condor->theta <= 0 ||
           (condor->decay_short <= (1 - turn->set->theta_slowed) * memo->decay_short &&
            condor->decay_wing >= (1 + turn->set->theta_quickened) * memo->decay_wing);
}

/* S6, S16: an inversion counts in E2 and above, and with vol of vol above its median if known. */
static void read_theta(vw_turn *turn)
{
    const vw_reading *reading = &turn->in->vol_of_vol;
    uint8_t flags = reading_flags(reading, turn->set->options_stale_ns);
    double median = vw_window_median(&turn->state->closes.vol_of_vol);
    bool quiet = flags == 0 && isfinite(median) && reading->value <= median;
    bool live = turn->out->level >= 2 && !quiet;
    uint32_t inverted = 0;

    for (size_t i = 0; i < turn->in->condor_count; i++) {
        turn->out->condors[i].theta_inverted = live && condor_inverted(turn, i);
        inverted += turn->out->condors[i].theta_inverted;
    }
    vw_turn_signal(turn, VW_SIGNAL_VOL_OF_VOL, reading->value, flags);
    vw_turn_signal(turn, VW_SIGNAL_THETA_INVERSION, inverted,
                   turn->in->condor_count == 0 ? VW_SIGNAL_ABSENT : 0);
}

/* S8, S9. */
static void read_condors(vw_turn *turn)
{
    double least = INFINITY;
    uint8_t unfair = 0;

    for (size_t i = 0; i < turn->in->condor_count; i++) {
        const vw_hedge_condor *condor = &turn->in->condors[i];
        double z = fmin(condor->z_lo, condor->z_hi); /* the other one where one is NaN */

        turn->out->condors[i].z = isfinite(z) ? z : 0;
        if (turn->condor_ok[i] && !condor->debit && isfinite(z)) {
            least = fmin(least, z);
        }
        unfair |= condor->wing_residual_usd > 0 ? VW_SIGNAL_FLAGGED : 0;
    }
    vw_turn_signal(turn, VW_SIGNAL_BREAK_EVEN, least, 0);
    vw_turn_signal(turn, VW_SIGNAL_ARBITRAGE, turn->in->arbitrage_usd, unfair);
}

/* +1 beyond limit, -1 beyond it on the other side. */
static void vote(const vw_reading *reading, int64_t limit_ns, double limit, double *sum,
                 double *count)
{
    if (usable(reading, limit_ns)) {
        *sum += reading->value > limit ? 1 : reading->value < -limit ? -1 : 0;
        *count += 1;
    }
}

static void read_macro(vw_turn *turn)
{
    const vw_hedge_macro *macro = &turn->in->macro;
    const vw_hedge_settings *set = turn->set;
    vw_reading reer = macro->reer_change, cap = macro->market_cap_change;
    double sum = 0, count = 0;

    reer.value = fabs(reer.value); /* a move either way asks for more */
    cap.value = -cap.value;
    vote(&reer, set->macro_stale_ns, set->macro_sd, &sum, &count);
    vote(&macro->price_earnings, set->macro_stale_ns, set->macro_sd, &sum, &count);
    vote(&macro->dividend_model, set->macro_stale_ns, set->macro_sd, &sum, &count);
    vote(&macro->rate_differential, set->macro_stale_ns, 0, &sum, &count);
    vote(&cap, set->macro_stale_ns, set->macro_cap_fall, &sum, &count);
    vw_turn_signal(turn, VW_SIGNAL_MACRO, count > 0 ? sum / count : NAN, 0);
}

/* S15: since the last close. */
static void read_cash_press(vw_turn *turn)
{
    const vw_hedge_close *close = &turn->state->closes.last;
    const vw_reading *near = &turn->in->atm_vol_7, *far = &turn->in->atm_vol_30;
    uint8_t flags = reading_flags(near, turn->set->options_stale_ns) |
                    reading_flags(far, turn->set->options_stale_ns);
    double near_change = near->value - close->atm_vol_7;
    double far_change = far->value - close->atm_vol_30;
    bool known = turn->state->closes.sessions > 0 && isfinite(near_change) && isfinite(far_change);

    vw_turn_signal(
        turn, VW_SIGNAL_CASH_PRESS,
        known ? turn->out->level == 3 && near_change < 0 && near_change < far_change : NAN, flags);
}

/* Was CPI or PPI published in this session, the one before, or will it be in the next? */
static bool near_prices_data(const vw_turn *turn)
{
    uint32_t session = turn->in->session;
    uint32_t before = vw_calendar_session(NULL, vw_calendar_add_days(session, -1));
    uint32_t after = vw_calendar_add_days(session, 1);

    while (vw_calendar_close(NULL, after) == 0) {
        after = vw_calendar_add_days(after, 1);
    }
    for (size_t i = 0; i < turn->in->event_count; i++) {
        const vw_announcement *event = &turn->in->events[i];

        if (event->kind == VW_ANNOUNCEMENT_CPI || event->kind == VW_ANNOUNCEMENT_PPI) {
            uint32_t date = vw_calendar_date(event->instant_ns, NULL);

            if (date >= before && date <= after) {
                return true;
            }
        }
    }
    return false;
}

/* S17, and what rule 11 keeps of it until the close. */
static void read_cause(vw_turn *turn)
{
    const vw_close_history *closes = &turn->state->closes;
    const vw_reading *breadth = &turn->in->breadth;
    double rise = closes->sessions > 0 ? turn->vix - closes->last.vix : NAN;
    vw_cause cause = VW_CAUSE_NONE;
    bool older = vw_turn_older(turn, breadth->age_ns, turn->set->breadth_stale_sessions);
    uint8_t flags = reading_flags(breadth, older ? -1 : INT64_MAX);

    if (flags == 0 && rise >= turn->set->cause_vix_points) {
        if (breadth->value < 0) {
            cause = VW_CAUSE_STRESS;
        } else if (breadth->value > 0 && vw_calendar_valid(turn->in->session) &&
                   near_prices_data(turn)) {
            cause = VW_CAUSE_HEADLINE;
        }
    }
    turn->state->headline |= cause == VW_CAUSE_HEADLINE && !turn->held;
    vw_turn_signal(turn, VW_SIGNAL_CAUSE, isfinite(rise) ? (double)cause : NAN, flags);
}

/* Rule 16: how many of S3, S4, S5, S15 say that the fear is passing or paid too well. */
static void count_keys(vw_turn *turn)
{
    const bool keys[] = {
        vw_turn_value(turn, VW_SIGNAL_MOMENTUM, 0) < 0,
        vw_turn_value(turn, VW_SIGNAL_BREADTH, 1) < 0.5,
        turn->out->signals.decoupled && vw_turn_value(turn, VW_SIGNAL_DECOUPLING, 0) > 0,
        vw_turn_value(turn, VW_SIGNAL_CASH_PRESS, 0) > 0,
    };

    for (size_t i = 0; i < VW_COUNT_OF(keys); i++) {
        turn->out->signals.keys_to_sell += keys[i];
    }
}

void vw_signals_read(vw_turn *turn)
{
    vw_turn_signal(turn, VW_SIGNAL_REGIME, (double)turn->out->regime,
                   turn->out->regime == VW_REGIME_UNKNOWN ? VW_SIGNAL_ABSENT : 0);
    vw_turn_signal(turn, VW_SIGNAL_LEVEL, turn->out->level,
                   isfinite(turn->vix) ? 0 : VW_SIGNAL_FLAGGED);
    vw_closes_signals(turn);
    read_curve_signals(turn);
    read_theta(turn);
    read_condors(turn);
    read_macro(turn);
    read_cash_press(turn);
    read_cause(turn);
    count_keys(turn);
    turn->out->wacc_before = vw_account_wacc(turn, 0, 0);
    vw_turn_signal(turn, VW_SIGNAL_CARRY, turn->out->wacc_before,
                   turn->account_fresh ? 0 : VW_SIGNAL_STALE);
    if (!isfinite(turn->out->wacc_before)) {
        turn->out->wacc_before = 0;
    }
    turn->out->wacc_after = turn->out->wacc_before;
}
