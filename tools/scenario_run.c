#include "tools/scenario_run.h"

#include "core/engine/decisions.h"
#include "core/hedge/policy.h"
#include "core/hedge/snapshot.h"
#include "core/market/calendar.h"
#include "schemas/staging.h"
#include "tools/decision_json.h"
#include "tools/scenario_inputs.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- a decision as its rows ----------------------------------------------------------------- */

typedef struct rows {
    vw_staging staging;
    vw_update update;
    size_t left;
} rows;

static vw_update *next_row(void *self, vw_update_kind kind)
{
    rows *to = self;

    to->update = (vw_update){.kind = (uint8_t)kind};
    to->update.flags = --to->left == 0 ? VW_UPDATE_LAST : 0;
    return &to->update;
}

static void row_done(void *self)
{
    rows *to = self;

    vw_staging_add(&to->staging, &to->update);
}

static json_t *make_json(const vw_scenario *scenario, const vw_decision *decision,
                         const vw_hedge_inputs *inputs)
{
    rows to = {.left = vw_decisions_rows(decision)};
    vw_counters counters = {0};
    json_t *json;

    vw_staging_init(&to.staging, &counters);
    to.update = (vw_update){.kind = VW_UPDATE_HEDGE, .flags = VW_UPDATE_FIRST};
    row_done(&to);
    vw_decisions_write(decision, inputs, scenario->settings.preset, next_row, row_done, &to);
    json = vw_decision_json(&vw_staging_take(&to.staging)->decision);
    vw_staging_free(&to.staging);
    return json;
}

/* ---- the sessions before -------------------------------------------------------------------- */

static double between(double from, double to, double share)
{
    return isnan(to) ? from : from + share * (to - from);
}

static void add_future(vw_hedge_close *close, int64_t at_ns, uint32_t month, double price)
{
    if (isnan(price)) {
        return;
    }
    uint32_t expiry = vw_desk_monthly(at_ns, month);
    int64_t settlement_ns = vw_calendar_settlement_ns(NULL, "VX", expiry, 'A');

    close->futures[close->future_count].expiry = expiry;
    close->futures[close->future_count].days = 365 * vw_calendar_years(at_ns, settlement_ns);
    close->futures[close->future_count++].price = price;
}

static void close_session(const vw_scenario_ramp *ramp, uint32_t i, uint32_t session,
                          vw_hedge_close *close)
{
    double share = ramp->sessions > 1 ? (double)i / (ramp->sessions - 1) : 0;
    int64_t at_ns = vw_calendar_ns(session, INT64_C(60) * vw_calendar_close(NULL, session));

    *close =
        (vw_hedge_close){.session = session,
                         .spx = between(ramp->spx, ramp->spx_to, share),
                         .vix = between(ramp->vix, ramp->vix_to, share),
                         .advances_declines = between(ramp->advances, ramp->advances_to, share),
                         .vol_of_vol = between(ramp->vol_of_vol, ramp->vol_of_vol_to, share),
                         .atm_vol_30 = between(ramp->atm_vol_30, ramp->atm_vol_30_to, share),
                         .atm_vol_7 = between(ramp->atm_vol_7, ramp->atm_vol_7_to, share)};
    add_future(close, at_ns, 1, between(ramp->vx1, ramp->vx1_to, share));
    add_future(close, at_ns, 2, between(ramp->vx2, ramp->vx2_to, share));
    add_future(close, at_ns, 3, between(ramp->vx3, ramp->vx3_to, share));
}

static uint32_t session_before(uint32_t date)
{
    return vw_calendar_session(NULL, vw_calendar_add_days(date, -1));
}

static uint32_t session_after(uint32_t date)
{
    do {
        date = vw_calendar_add_days(date, 1);
    } while (vw_calendar_close(NULL, date) == 0);
    return date;
}

static void close_history(const vw_scenario *scenario, vw_hedge_state *state)
{
    uint32_t session = vw_calendar_date(scenario->start_ns, NULL);

    for (size_t i = 0; i < scenario->ramp_count; i++) {
        for (uint32_t k = 0; k < scenario->ramps[i].sessions; k++) {
            session = session_before(session);
        }
    }
    for (size_t i = 0; i < scenario->ramp_count; i++) {
        for (uint32_t k = 0; k < scenario->ramps[i].sessions; k++) {
            vw_hedge_close close;

            close_session(&scenario->ramps[i], k, session, &close);
            vw_policy_close(&scenario->settings, state, &close);
            session = session_after(session);
        }
    }
}

/* ---- steps ---------------------------------------------------------------------------------- */

typedef struct run {
    const vw_scenario *scenario;
    vw_scenario_visit *visit;
    void *self;
    vw_scenario_moment moment;
    vw_hedge_state *state;
    vw_desk desk;
    vw_decision decision;
    int64_t now_ns;
} run;

static void decide(run *of)
{
    vw_desk_fill(&of->desk, of->scenario, &of->moment, of->now_ns);
    vw_policy_evaluate(&of->scenario->settings, of->state, &of->desk.inputs, &of->decision);
}

static void show(run *of, size_t number, const vw_scenario_step *step)
{
    const vw_scenario_turn turn = {
        of->scenario,  number,           step,
        &of->decision, &of->desk.inputs, make_json(of->scenario, &of->decision, &of->desk.inputs)};

    of->visit(of->self, &turn);
    json_decref(turn.json);
}

/* The session closes at the moment's values; the clock goes to the next, same time of day. */
static void close_one(run *of)
{
    int64_t second;
    uint32_t today = vw_calendar_date(of->now_ns, &second);
    vw_hedge_close close;

    vw_desk_fill(&of->desk, of->scenario, &of->moment, of->now_ns);
    vw_desk_close(&of->desk, &of->moment, &close);
    vw_policy_close(&of->scenario->settings, of->state, &close);
    of->now_ns = vw_calendar_ns(session_after(today), second);
}

/* The legs are brought to what was wanted. */
static void take_wanted(run *of)
{
    for (size_t i = 0; i < of->decision.leg_count; i++) {
        uint32_t source = of->desk.source[i];
        double wanted = of->decision.legs[i].wanted;

        if (source < of->moment.leg_count) {
            of->moment.legs[source].contracts = wanted;
        } else if (wanted > 0 && of->moment.leg_count < VW_SCENARIO_LEGS) {
            vw_scenario_leg *leg = &of->moment.legs[of->moment.leg_count++];

            *leg = vw_desk_future_leg(of->desk.inputs.instruments[i].month);
            leg->contracts = wanted;
        }
    }
}

static vw_err restart(run *of, vw_error *error)
{
    size_t size = vw_snapshot_size();
    unsigned char *bytes = malloc(size);
    vw_err err;

    vw_check(bytes != NULL);
    vw_snapshot_write(&of->scenario->settings, of->state, bytes);
    memset(of->state, 0xa5, vw_policy_state_size()); /* nothing of before may be used */
    vw_policy_init(of->state, &of->scenario->settings);
    err = vw_snapshot_read(&of->scenario->settings, of->state, bytes, size, error);
    free(bytes);
    return err;
}

static vw_err take_step(run *of, size_t i, vw_error *error)
{
    const vw_scenario_step *step = &of->scenario->steps[i];
    double seconds = (isnan(step->after_s) ? 0 : step->after_s) +
                     60 * (isnan(step->after_minutes) ? 0 : step->after_minutes);

    if (step->take) {
        take_wanted(of);
    }
    if (step->restart) {
        vw_err err = restart(of, error);

        if (err != VW_OK) {
            return err;
        }
    }
    vw_scenario_change(of->scenario, i, &of->moment);
    of->now_ns += llround(seconds * 1e9);
    for (uint32_t k = 0; k < step->closes; k++) {
        close_one(of);
        decide(of);
    }
    if (step->closes == 0) {
        decide(of);
    }
    show(of, i + 1, step);
    return VW_OK;
}

vw_err vw_scenario_run(const vw_scenario *scenario, vw_scenario_visit *visit, void *self,
                       vw_error *error)
{
    run *of = calloc(1, sizeof *of);
    vw_err err = VW_OK;

    vw_check(of != NULL);
    of->scenario = scenario;
    of->visit = visit;
    of->self = self;
    of->moment = scenario->begin.moment;
    of->now_ns = scenario->start_ns;
    of->state = calloc(1, vw_policy_state_size());
    vw_check(of->state != NULL);
    vw_policy_init(of->state, &scenario->settings);
    close_history(scenario, of->state);
    decide(of);
    show(of, 0, &scenario->begin);
    for (size_t i = 0; err == VW_OK && i < scenario->step_count; i++) {
        err = take_step(of, i, error);
    }
    free(of->state);
    free(of);
    return err;
}
