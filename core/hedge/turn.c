#include "core/hedge/turn.h"

#include "core/market/calendar.h"

#include <math.h>
#include <string.h>

static const double CONTRACTS_MAX = 1e7;
static const int64_t DAY_NS = INT64_C(86400000000000);

void vw_turn_signal(vw_turn *turn, vw_signal_id signal, double value, uint8_t flags)
{
    bool usable = isfinite(value) && (flags & (VW_SIGNAL_ABSENT | VW_SIGNAL_STALE)) == 0;

    if (!isfinite(value)) {
        flags |= VW_SIGNAL_ABSENT;
    }
    turn->out->signals.of[signal].value = usable ? value : 0;
    turn->out->signals.of[signal].flags = flags;
}

double vw_turn_value(const vw_turn *turn, vw_signal_id signal, double neutral)
{
    const vw_signal *of = &turn->out->signals.of[signal];

    return (of->flags & (VW_SIGNAL_ABSENT | VW_SIGNAL_STALE)) != 0 ? neutral : of->value;
}

double vw_turn_v30(const vw_turn *turn)
{
    double sum = 0;

    for (size_t i = 0; i < turn->in->instrument_count; i++) {
        if (turn->leg_ok[i]) {
            sum += turn->wanted[i] * turn->in->instruments[i].v30;
        }
    }
    return sum;
}

double vw_turn_notional_room(const vw_turn *turn, size_t leg)
{
    double used = 0, one = turn->in->instruments[leg].notional_usd;

    for (size_t i = 0; i < turn->in->instrument_count; i++) {
        used += turn->leg_ok[i] ? turn->wanted[i] * turn->in->instruments[i].notional_usd : 0;
    }
    return one > 0 ? fmax(turn->out->notional_cap_usd - used, 0) / one : INFINITY;
}

bool vw_turn_older(const vw_turn *turn, int64_t age_ns, uint32_t sessions)
{
    int64_t limit_ns = (int64_t)sessions * DAY_NS;

    if (age_ns <= limit_ns || age_ns > 2 * limit_ns + 7 * DAY_NS) { /* of which half is open */
        return age_ns > limit_ns;
    }
    uint32_t today = vw_calendar_date(turn->in->now_ns, NULL);
    uint32_t day = vw_calendar_date(turn->in->now_ns - age_ns, NULL);

    while (day < today) {
        day = vw_calendar_add_days(day, 1);
        limit_ns += vw_calendar_close(NULL, day) == 0 ? DAY_NS : 0;
    }
    return age_ns > limit_ns;
}

static bool future_kind(uint8_t kind)
{
    return kind == VW_KIND_VX || kind == VW_KIND_VXM;
}

bool vw_turn_leg_live(const vw_turn *turn, size_t leg)
{
    const vw_hedge_instrument *instrument = &turn->in->instruments[leg];
    int64_t limit_ns =
        future_kind(instrument->kind) ? turn->set->vx_stale_ns : turn->set->options_stale_ns;

    return turn->leg_ok[leg] && instrument->age_ns <= limit_ns;
}

static bool all_finite(const double *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(values[i])) {
            return false;
        }
    }
    return true;
}

static bool contracts_fit(double contracts)
{
    return contracts >= 0 && contracts <= CONTRACTS_MAX && contracts == floor(contracts);
}

static bool instrument_fits(const vw_hedge_instrument *leg)
{
    const double needed[] = {leg->v30,          leg->theta,      leg->roll, leg->price,
                             leg->notional_usd, leg->multiplier, leg->delta};

    return leg->id != 0 && leg->kind < VW_KIND_COUNT && contracts_fit(leg->contracts) &&
           all_finite(needed, VW_COUNT_OF(needed)) &&
           all_finite(leg->stress_usd, VW_HEDGE_STRESSES) && leg->multiplier > 0 &&
           leg->notional_usd >= 0 && leg->lo >= 0 && leg->lo <= leg->hi &&
           (vw_kind_sold(leg->kind) ? leg->v30 <= 0 : leg->v30 >= 0);
}

static bool condor_fits(const vw_hedge_condor *condor)
{
    const double needed[] = {condor->max_loss_usd, condor->notional_usd, condor->delta,
                             condor->gamma,        condor->vega,         condor->theta};

    return condor->id != 0 && condor->contracts > 0 && contracts_fit(condor->contracts) &&
           all_finite(condor->v30, VW_HEDGE_SPOTS) && all_finite(needed, VW_COUNT_OF(needed)) &&
           all_finite(condor->stress_usd, VW_HEDGE_STRESSES) && condor->notional_usd >= 0;
}

static void hold(vw_turn *turn, vw_reason reason)
{
    turn->held = true;
    vw_turn_reason(turn, reason);
}

/* The curve decides regime and r: nothing goes on without it. */
static void read_curve(vw_turn *turn)
{
    const vw_hedge_future *vx = turn->in->futures;
    bool given = turn->in->future_count >= 2 && vx[0].price > 0 && vx[1].price > 0;

    if (!given) {
        hold(turn, turn->state->regime.regime == VW_REGIME_UNKNOWN ? VW_REASON_HELD_ABSENT
                                                                   : VW_REASON_HELD_STALE);
    } else if (vx[0].age_ns > turn->set->vx_stale_ns || vx[1].age_ns > turn->set->vx_stale_ns) {
        hold(turn, VW_REASON_HELD_STALE);
    }
}

static void read_vix(vw_turn *turn)
{
    const vw_reading *vix = &turn->in->vix;

    if (isfinite(vix->value) && vix->value > 0 && vix->age_ns <= turn->set->vix_stale_ns) {
        turn->state->vix = vix->value;
    } else if (turn->set->sizing == VW_SIZING_NONE) {
        vw_turn_reason(turn, VW_REASON_HELD_ABSENT);
    } else if (isfinite(vix->value) || isfinite(turn->state->vix)) {
        hold(turn, VW_REASON_HELD_STALE);
    } else {
        turn->may_sell = false;
        vw_turn_reason(turn, VW_REASON_HELD_ABSENT);
    }
    turn->vix = turn->state->vix;
}

static void read_condors(vw_turn *turn)
{
    turn->out->condor_count = turn->in->condor_count;
    for (size_t i = 0; i < turn->in->condor_count; i++) {
        const vw_hedge_condor *condor = &turn->in->condors[i];

        turn->condor_ok[i] = condor_fits(condor);
        if (!turn->condor_ok[i]) {
            vw_turn_warn(turn, VW_WARNING_INPUT_REFUSED);
            hold(turn, VW_REASON_HELD_ABSENT);
        } else if (condor->age_ns > turn->set->options_stale_ns) {
            hold(turn, VW_REASON_HELD_STALE);
        }
    }
}

/* A leg in the book that cannot be valued makes every sum wrong: hold.  One that could only have
 * been bought is left out. */
static void read_instruments(vw_turn *turn)
{
    turn->out->leg_count = turn->in->instrument_count;
    for (size_t i = 0; i < turn->in->instrument_count; i++) {
        const vw_hedge_instrument *leg = &turn->in->instruments[i];

        turn->leg_ok[i] = instrument_fits(leg);
        if (!turn->leg_ok[i]) {
            vw_turn_warn(turn, VW_WARNING_INPUT_REFUSED);
            if (leg->contracts != 0) {
                hold(turn, VW_REASON_HELD_ABSENT);
            }
        } else if (leg->contracts > 0 && !vw_turn_leg_live(turn, i)) {
            hold(turn, VW_REASON_HELD_STALE);
        }
    }
}

/* Legs that are neither a condor nor an instrument.  Without a price a sum is wrong, as above; what
 * no rule trades is the user's own. */
static void read_other_legs(vw_turn *turn)
{
    if (turn->in->legs_unpriced > 0) {
        vw_turn_warn(turn, VW_WARNING_LEG_UNPRICED);
        hold(turn, VW_REASON_HELD_ABSENT);
    }
    if (turn->in->legs_apart > 0) {
        vw_turn_warn(turn, VW_WARNING_LEG_APART);
    }
    if (turn->in->naked) {
        vw_turn_warn(turn, VW_WARNING_NAKED);
    }
}

static void read_events(vw_turn *turn)
{
    int64_t left_ns = 0;

    for (size_t i = 0; i < turn->in->event_count; i++) {
        int64_t since_ns = turn->in->now_ns - turn->in->events[i].instant_ns;

        if (since_ns >= -turn->set->event_before_ns && since_ns <= turn->set->event_after_ns) {
            int64_t rest_ns = turn->set->event_after_ns - since_ns + 1;

            left_ns = rest_ns > left_ns ? rest_ns : left_ns;
        }
    }
    turn->out->in_event = left_ns > 0;
    turn->out->event_left_ns = left_ns;
    vw_turn_signal(turn, VW_SIGNAL_EVENT, left_ns > 0,
                   turn->in->event_count == 0 ? VW_SIGNAL_ABSENT : 0);
}

static vw_leg_memo memo_of(const vw_hedge_state *state, size_t i, uint32_t id)
{
    if (i < state->leg_count && state->legs[i].id == id) {
        return state->legs[i];
    }
    for (size_t j = 0; j < state->leg_count; j++) {
        if (state->legs[j].id == id) {
            return state->legs[j];
        }
    }
    return (vw_leg_memo){.id = id};
}

/* What is asked for only as long as its reason lasts: premium, calendars, the quick ratio. */
static bool decided_anew(const vw_turn *turn, size_t i, const vw_leg_memo *memo, double now)
{
    uint8_t kind = turn->in->instruments[i].kind;
    bool entry = (vw_kind_sold(kind) || kind == VW_KIND_VIX_CALENDAR) && memo->wanted > now;

    return entry || (memo->reason == VW_REASON_QUICK_RATIO_SALE && memo->wanted < now);
}

/* What was wanted stays wanted while the position is on its way there; a position that went
 * elsewhere is the user's word. */
static void read_memos(vw_turn *turn)
{
    vw_leg_memo memos[VW_HEDGE_INSTRUMENTS_MAX];
    vw_hedge_state *state = turn->state;

    memset(memos, 0, sizeof memos);
    for (size_t i = 0; i < turn->in->instrument_count; i++) {
        double now = turn->leg_ok[i] ? turn->in->instruments[i].contracts : 0;
        vw_leg_memo memo = memo_of(state, i, turn->in->instruments[i].id);

        if (now < fmin(memo.from, memo.wanted) || now > fmax(memo.from, memo.wanted)) {
            memo.wanted = memo.unrounded = now;
            turn->moved_now = true;
        }
        if (now == memo.wanted) {
            memo.from = now;
        }
        turn->wanted[i] = decided_anew(turn, i, &memo, now) ? now : memo.wanted;
        memos[i] = memo;
    }
    memcpy(state->legs, memos, sizeof memos);
    state->leg_count = turn->in->instrument_count;
}

static vw_condor_memo condor_memo_of(const vw_hedge_state *state, size_t i, uint32_t id)
{
    if (i < state->condor_count && state->condors[i].id == id) {
        return state->condors[i];
    }
    for (size_t j = 0; j < state->condor_count; j++) {
        if (state->condors[j].id == id) {
            return state->condors[j];
        }
    }
    return (vw_condor_memo){0};
}

/* A condor that appears while the engine runs was entered just now: its decays are its baseline.
 * Wherever its wings are when first seen, there they were at entry. */
static void read_condor_memos(vw_turn *turn)
{
    vw_condor_memo memos[VW_HEDGE_CONDORS_MAX];
    vw_hedge_state *state = turn->state;

    memset(memos, 0, sizeof memos[0] * turn->in->condor_count);
    for (size_t i = 0; i < turn->in->condor_count; i++) {
        const vw_hedge_condor *condor = &turn->in->condors[i];
        vw_condor_memo memo = condor_memo_of(state, i, condor->id);

        if (memo.id == 0 || memo.expiry != condor->expiry) {
            bool entered = !turn->first;

            memo = (vw_condor_memo){.id = condor->id,
                                    .expiry = condor->expiry,
                                    .decay_short = entered ? condor->decay_short : NAN,
                                    .decay_wing = entered ? condor->decay_wing : NAN,
                                    .put_wing = condor->put.strike_entry,
                                    .call_wing = condor->call.strike_entry};
        }
        if (isfinite(condor->decay_short_entry) && isfinite(condor->decay_wing_entry)) {
            memo.decay_short = condor->decay_short_entry;
            memo.decay_wing = condor->decay_wing_entry;
        }
        memos[i] = memo;
    }
    memcpy(state->condors, memos, sizeof memos[0] * turn->in->condor_count);
    state->condor_count = turn->in->condor_count;
}

void vw_turn_read(vw_turn *turn)
{
    vw_check(turn->in->instrument_count <= VW_HEDGE_INSTRUMENTS_MAX &&
             turn->in->condor_count <= VW_HEDGE_CONDORS_MAX &&
             turn->in->future_count <= VW_HEDGE_FUTURES_MAX &&
             turn->in->event_count <= VW_HEDGE_EVENTS_MAX &&
             turn->in->delta_count <= VW_HEDGE_DELTAS_MAX);
    turn->first = turn->state->evaluations == 0;
    turn->may_sell = true;
    turn->account_fresh =
        !vw_turn_older(turn, turn->in->account.age_ns, turn->set->margin_stale_sessions);
    if (turn->set->sizing != VW_SIZING_NONE) {
        read_curve(turn);
    }
    read_vix(turn);
    read_condors(turn);
    read_instruments(turn);
    read_other_legs(turn);
    read_events(turn);
    read_memos(turn);
    read_condor_memos(turn);
    turn->may_buy = !turn->held;
    turn->may_sell &= !turn->held && !turn->out->in_event;
    turn->out->held = turn->held;
}
