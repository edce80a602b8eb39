#include "core/engine/decide.h"

#include "core/engine/desk.h"
#include "core/engine/state.h"
#include "core/hedge/policy.h"
#include "core/hedge/snapshot.h"

#include <math.h>
#include <string.h>

static const int64_t SNAPSHOT_NS = INT64_C(60) * 1000000000;
static const int64_t AFTER_CLOSE_NS = INT64_C(15) * 60 * 1000000000;

void vw_user_inputs_clear(vw_user_inputs *user)
{
    *user = (vw_user_inputs){.vix = NAN, .advances = NAN, .vol_of_vol = NAN};
    for (size_t i = 0; i < VW_ETP_COUNT; i++) {
        user->etp[i] = NAN;
    }
    vw_hedge_user_clear(&user->macro, &user->account);
}

static size_t lines(size_t size)
{
    return vw_round_up(size, VW_LINE_PAIR);
}

static size_t scratch_size(const vw_engine_config *config)
{
    return VW_ARBITRAGE_RESIDUAL_SCRATCH((size_t)config->strikes_max) * sizeof(double);
}

size_t vw_decide_size(const vw_engine_config *config)
{
    return lines(sizeof(vw_desk_state)) + lines(vw_policy_state_size()) +
           lines(sizeof(vw_snapshot_box)) + lines(vw_snapshot_size()) +
           lines(scratch_size(config)) + lines(config->expiries_max * sizeof(vw_desk_residual));
}

/* History first from the snapshot, then from the closes after it. */
static void restore(vw_engine *engine)
{
    const vw_engine_config *config = &engine->config;
    vw_hedge_state *policy = engine->desk->policy;

    vw_policy_init(policy, config->settings);
    if (config->snapshot != NULL && vw_snapshot_read(config->settings, policy, config->snapshot,
                                                     config->snapshot_size, NULL) != VW_OK) {
        vw_counters_add(config->counters, VW_COUNT_SNAPSHOTS_REFUSED, 1);
    }
    if (vw_policy_betas(policy)->limits.window > 0) {
        engine->variance.beta = *vw_policy_betas(policy);
    }
    for (size_t i = 0; i < config->close_count; i++) {
        vw_policy_close(config->settings, policy, &config->closes[i]);
    }
}

void vw_decide_init(vw_engine *engine, void *mem)
{
    unsigned char *at = mem;
    vw_desk_state *desk = mem;

    memset(mem, 0, vw_decide_size(&engine->config));
    at += lines(sizeof *desk);
    desk->policy = (vw_hedge_state *)at;
    at += lines(vw_policy_state_size());
    desk->box = (vw_snapshot_box *)at;
    at += lines(sizeof(vw_snapshot_box));
    desk->box->bytes = at;
    at += lines(vw_snapshot_size());
    desk->condors.scratch = (double *)at;
    at += lines(scratch_size(&engine->config));
    desk->condors.residuals = (vw_desk_residual *)at;
    engine->desk = desk;
    vw_user_inputs_clear(&desk->user);
    if (engine->config.user != NULL) {
        desk->user = *engine->config.user;
    }
    restore(engine);
}

void vw_decide_set_user(vw_engine *engine, const vw_user_inputs *user)
{
    if (engine->desk != NULL) {
        engine->desk->user = *user;
        engine->desk->user.given_ns = engine->market_ns;
        engine->hedge_changed = true;
    }
}

/* ---- closes and snapshots -------------------------------------------------------------------- */

/* NaN when it was received in an earlier session: that one's close had it. */
static double of_today(const vw_hedge_inputs *inputs, const vw_reading *reading)
{
    uint32_t date = vw_calendar_date(inputs->now_ns - reading->age_ns, NULL);

    return date == inputs->session ? reading->value : NAN;
}

static void fill_close(const vw_hedge_inputs *inputs, uint32_t session, vw_hedge_close *close)
{
    *close = (vw_hedge_close){.session = session,
                              .spx = inputs->spot.value,
                              .vix = of_today(inputs, &inputs->vix),
                              .advances_declines = of_today(inputs, &inputs->breadth),
                              .vol_of_vol = of_today(inputs, &inputs->vol_of_vol),
                              .atm_vol_30 = inputs->atm_vol_30.value,
                              .atm_vol_7 = inputs->atm_vol_7.value,
                              .future_count = inputs->future_count};
    for (size_t i = 0; i < inputs->future_count; i++) {
        const vw_hedge_future *future = &inputs->futures[i];

        close->futures[i].expiry = future->expiry;
        close->futures[i].days = future->days;
        close->futures[i].price =
            future->price > 0 ? (double)future->price / (double)VW_PRICE_ONE : NAN;
    }
}

/* Once a session, 15 minutes after the cash close. */
static void close_session(vw_engine *engine)
{
    vw_desk_state *desk = engine->desk;
    uint32_t today = desk->inputs.session;
    uint32_t minute = vw_calendar_close(engine->config.calendar, today);
    vw_hedge_close close;

    if (minute == 0 || desk->closed == today ||
        engine->market_ns < vw_calendar_ns(today, INT64_C(60) * minute) + AFTER_CLOSE_NS) {
        return;
    }
    fill_close(&desk->inputs, today, &close);
    vw_policy_close(engine->config.settings, desk->policy, &close);
    desk->closed = today;
}

static void post_snapshot(vw_engine *engine)
{
    vw_desk_state *desk = engine->desk;

    if (engine->now_ns - desk->snapshot_ns < SNAPSHOT_NS ||
        atomic_load_explicit(&desk->box->full, memory_order_acquire)) {
        return;
    }
    vw_snapshot_write(engine->config.settings, desk->policy, desk->box->bytes);
    atomic_store_explicit(&desk->box->full, true, memory_order_release);
    desk->snapshot_ns = engine->now_ns;
}

bool vw_snapshot_take(vw_snapshot_box *box, void *bytes)
{
    if (!atomic_load_explicit(&box->full, memory_order_acquire)) {
        return false;
    }
    memcpy(bytes, box->bytes, vw_snapshot_size());
    atomic_store_explicit(&box->full, false, memory_order_release);
    return true;
}

bool vw_decide(vw_engine *engine)
{
    vw_desk_state *desk = engine->desk;

    if (desk == NULL) {
        return false;
    }
    vw_desk_gather(engine);
    vw_policy_evaluate(engine->config.settings, desk->policy, &desk->inputs, &desk->decision);
    *vw_policy_betas(desk->policy) = engine->variance.beta; /* what a snapshot keeps */
    close_session(engine);
    post_snapshot(engine);
    return true;
}
