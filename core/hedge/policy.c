#include "core/hedge/policy.h"

#include "core/hedge/turn.h"

#include <math.h>
#include <string.h>

size_t vw_policy_state_size(void)
{
    return sizeof(vw_hedge_state);
}

uint64_t vw_policy_settings_hash(const vw_hedge_settings *settings)
{
    const unsigned char *bytes = (const unsigned char *)settings;
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (size_t i = 0; i < sizeof *settings; i++) {
        hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
    }
    return hash;
}

void vw_policy_init(vw_hedge_state *state, const vw_hedge_settings *settings)
{
    vw_close_history *closes = &state->closes;

    memset(state, 0, sizeof *state);
    state->settings_hash = vw_policy_settings_hash(settings);
    vw_regime_init(&state->regime, &settings->regime);
    vw_macd_init(&closes->spread);
    vw_macd_init(&closes->vix);
    vw_rsi_init(&closes->ratio, settings->rsi_short);
    vw_rsi_init(&closes->vix_rsi, settings->rsi_short);
    vw_rsi_init(&closes->spx, settings->rsi_short);
    vw_rsi_init(&closes->cm30, settings->rsi_long);
    vw_realised_init(&closes->realised, settings->realised_sessions);
    vw_window_init(&closes->price, settings->breadth_sessions);
    vw_window_init(&closes->breadth, settings->breadth_sessions);
    vw_window_init(&closes->vol_of_vol, settings->vol_of_vol_sessions);
    closes->divergence_closes = 1U << 30;
    vw_vx_beta_init(&state->betas, &vw_vx_beta_defaults);
    state->vix = NAN;
    state->shift_armed = true;
    state->capm_scale = 1;
}

vw_vx_beta *vw_policy_betas(vw_hedge_state *state)
{
    return &state->betas;
}

void vw_policy_close(const vw_hedge_settings *settings, vw_hedge_state *state,
                     const vw_hedge_close *close)
{
    if (close->session > state->closes.session && close->future_count <= VW_HEDGE_FUTURES_MAX) {
        vw_closes_add(settings, state, close);
    }
}

/* S1.  A held curve lets no dwell pass. */
static void take_regime(vw_turn *turn)
{
    const vw_hedge_future *vx = turn->in->futures;
    vw_regime_machine *machine = &turn->state->regime;
    vw_regime before = machine->regime;
    vw_vx_pair pair = {.vx1 = vx[0].price, .vx2 = vx[1].price, .vx1_expiry = vx[0].expiry};

    pair.live = !turn->held && turn->in->future_count >= 2;
    turn->out->regime = (uint8_t)vw_regime_update(machine, &pair, turn->in->now_ns);
    turn->inverted_now = machine->regime == VW_REGIME_INVERTED && before != VW_REGIME_INVERTED;
    if (machine->regime != before) {
        vw_turn_reason(turn, machine->reason == VW_REGIME_REASON_FIRST  ? VW_REASON_FIRST
                             : machine->reason == VW_REGIME_REASON_ROLL ? VW_REASON_REGIME_ROLL
                                                                        : VW_REASON_REGIME_CHANGED);
    }
    turn->out->regime_reason = (uint8_t)machine->reason;
    turn->out->regime_since_ns = machine->since_ns;
    if (machine->armed_ns > 0 && machine->regime != VW_REGIME_INVERTED) {
        turn->out->dwell_left_ns = machine->limits.dwell_ns - machine->armed_ns;
    }
    if (machine->roll_target != VW_REGIME_UNKNOWN) {
        turn->out->roll_dwell_left_ns = machine->limits.dwell_ns - machine->roll_ns;
    }
}

/* S2.  Where VIX was never known: E2, and nothing is sold. */
static void take_level(vw_turn *turn)
{
    vw_level_machine *machine = &turn->state->level;
    uint8_t before = machine->level;
    bool known = isfinite(turn->vix);

    vw_level_update(machine, turn->set, turn->vix, known && !turn->held, turn->in->now_ns);
    turn->out->level = machine->level != 0 ? machine->level : 2;
    turn->out->level_since_ns = machine->since_ns;
    if (before != 0 && machine->level != before) {
        vw_turn_reason(turn, VW_REASON_LEVEL_CHANGED);
    }
    if (machine->above_ns > 0 && machine->level != 3) {
        turn->out->level_dwell_left_ns = turn->set->e3_dwell_ns - machine->above_ns;
    }
}

static void start(vw_turn *turn)
{
    vw_decision *out = turn->out;

    memset(out, 0, sizeof *out);
    out->sequence = ++turn->state->sequence;
    out->now_ns = turn->in->now_ns;
    out->exchange_ns = turn->in->exchange_ns;
    out->receive_ns = turn->in->receive_ns;
    out->settings_hash = turn->state->settings_hash;
    out->posture = turn->set->posture;
    out->sizing = turn->set->sizing;
}

static void finish(vw_turn *turn)
{
    const vw_hedge_state *state = turn->state;
    int64_t since_ns = turn->in->now_ns - state->batch_ns;

    turn->out->backwardation_closes = state->backwardation_closes;
    turn->out->contango_closes = state->contango_closes;
    if (state->batched && since_ns >= 0 && since_ns < turn->set->batch_ns) {
        turn->out->batch_left_ns = turn->set->batch_ns - since_ns;
    }
    turn->state->evaluations++;
}

/* The order is that of precedence 4.0: what comes first may bind what comes after. */
void vw_policy_evaluate(const vw_hedge_settings *settings, vw_hedge_state *state,
                        const vw_hedge_inputs *inputs, vw_decision *decision)
{
    vw_turn turn = {.set = settings, .state = state, .in = inputs, .out = decision};

    start(&turn);
    vw_turn_read(&turn);
    take_regime(&turn);
    take_level(&turn);
    vw_account_read(&turn);
    vw_signals_read(&turn);
    vw_offset_take(&turn);
    vw_layers_take(&turn);
    vw_months_take(&turn);
    vw_instruments_take(&turn);
    vw_exits_stop(&turn);
    vw_shift_take(&turn);
    vw_guardrail_take(&turn);
    vw_sizing_take(&turn);
    vw_premium_take(&turn);
    vw_exits_take(&turn);
    vw_delta_take(&turn);
    vw_wings_take(&turn);
    vw_entry_take(&turn);
    vw_proposals_take(&turn);
    vw_warnings_take(&turn);
    finish(&turn);
}
