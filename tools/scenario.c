#include "tools/scenario.h"

#include "feeds/chain.h"
#include "tools/hedge_settings.h"
#include "tools/scenario_chain.h"
#include "tools/scenario_table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what is not given is NaN --------------------------------------------------------------- */

/* The list that a path is in, by the length of the path up to its last "[]"; NULL: in none. */
static const vw_field *list_of(const vw_field_table *table, const char *path, const char *end)
{
    size_t length = (size_t)(end - path);

    for (size_t i = 0; i < table->count; i++) {
        if (strlen(table->fields[i].path) == length &&
            strncmp(table->fields[i].path, path, length) == 0) {
            return &table->fields[i];
        }
    }
    return NULL;
}

static void forget(unsigned char *at)
{
    const double none = NAN;

    memcpy(at, &none, sizeof none);
}

static void forget_in_lists(const vw_field_table *table, const vw_field *field, unsigned char *base)
{
    const char *first = strstr(field->path, "[]"), *second = strstr(first + 2, "[]");
    const vw_field *outer = list_of(table, field->path, first);
    const vw_field *inner = second != NULL ? list_of(table, field->path, second) : NULL;

    for (size_t i = 0; i < (size_t)outer->max; i++) {
        unsigned char *element = base + outer->offset + i * outer->size;

        for (size_t k = 0; inner != NULL && k < (size_t)inner->max; k++) {
            forget(element + inner->offset + k * inner->size + field->offset);
        }
        if (inner == NULL) {
            forget(element + field->offset);
        }
    }
}

static void forget_all(vw_scenario *scenario)
{
    const vw_field_table *table = vw_scenario_table();
    unsigned char *base = (unsigned char *)scenario;

    for (size_t i = 0; i < table->count; i++) {
        const vw_field *field = &table->fields[i];
        bool setting = strncmp(field->path, "settings.", strlen("settings.")) == 0;

        if (field->kind != VW_FIELD_NUMBER || setting || field->standard == NULL ||
            field->standard[0] != '\0') {
            continue;
        }
        if (strstr(field->path, "[]") == NULL) {
            forget(base + field->offset);
        } else {
            forget_in_lists(table, field, base);
        }
    }
    scenario->begin.moment.list_futures = true;
}

/* ---- reading -------------------------------------------------------------------------------- */

static vw_err fail(const vw_scenario *scenario, vw_error *error, const char *step, const char *list,
                   size_t i, const char *text)
{
    char path[VW_FIELD_PATH_MAX];

    snprintf(path, sizeof path, "%s%s[%zu]", step, list, i);
    return vw_config_map_fail(scenario->map, error, path, "%s", text);
}

static vw_err check_instant(const vw_scenario *scenario, const char *path, const char *text,
                            int64_t *instant_ns, vw_error *error)
{
    const vw_chain none = {.rows = NULL};
    vw_error why;

    if (strchr(text, 'T') == NULL || vw_chain_instant(&none, text, instant_ns, &why) != VW_OK) {
        return vw_config_map_fail(scenario->map, error, path,
                                  "%s: expected an instant, 2026-06-10T15:00:00 (New York) or ...Z",
                                  text);
    }
    return VW_OK;
}

static bool is_option(uint8_t kind)
{
    return kind != VW_KIND_VX && kind != VW_KIND_VXM && kind != VW_KIND_ETP;
}

static bool has_two_strikes(uint8_t kind)
{
    return kind == VW_KIND_VIX_CALL_SPREAD || kind == VW_KIND_VIX_CALENDAR ||
           kind == VW_KIND_VIX_CREDIT_SPREAD || kind == VW_KIND_SPX_PUT_SPREAD;
}

static const char *check_leg(const vw_scenario_leg *leg, const vw_scenario_moment *moment)
{
    bool spx = leg->kind == VW_KIND_SPX_PUT || leg->kind == VW_KIND_SPX_PUT_SPREAD;

    if (is_option(leg->kind) && isnan(leg->strike)) {
        return "an option needs its strike";
    }
    if (has_two_strikes(leg->kind) && isnan(leg->strike_far)) {
        return "this kind needs strike_far as well";
    }
    if (has_two_strikes(leg->kind) &&
        (leg->kind == VW_KIND_SPX_PUT_SPREAD) != (leg->strike_far < leg->strike)) {
        return "strike_far must lie above strike; of a put spread below";
    }
    if (is_option(leg->kind) && !spx && isnan(leg->vol)) {
        return "a VIX option needs its vol, 0.9 for 90 %";
    }
    if (spx && leg->expiry == 0) {
        return "an SPX option needs its expiry";
    }
    if (leg->kind == VW_KIND_ETP && isnan(leg->price)) {
        return "an ETP needs the price of a share";
    }
    if (leg->kind == VW_KIND_VIX_CALENDAR && leg->month + 1 > moment->future_count) {
        return "a calendar needs the VX future of the month after its own";
    }
    return !spx && moment->future_count > 0 && leg->month > moment->future_count
               ? "there is no such month among vx"
               : NULL;
}

static const char *check_future(const vw_scenario_future *future)
{
    if (isnan(future->price) == (isnan(future->bid) || isnan(future->ask))) {
        return "a future needs price, or bid and ask";
    }
    return !isnan(future->bid) && future->bid > future->ask ? "bid above ask" : NULL;
}

static const char *check_smile(const vw_scenario_smile *smile)
{
    bool svi = !isnan(smile->svi_a) && !isnan(smile->svi_b) && !isnan(smile->svi_rho) &&
               !isnan(smile->svi_m) && !isnan(smile->svi_sigma);
    bool some = !isnan(smile->svi_a) || !isnan(smile->svi_b) || !isnan(smile->svi_rho) ||
                !isnan(smile->svi_m) || !isnan(smile->svi_sigma);

    if (some && !svi) {
        return "svi needs a, b, rho, m and sigma";
    }
    return svi == !isnan(smile->vol) ? "expected either vol or svi" : NULL;
}

static vw_err check_condor(const vw_scenario *scenario, const vw_scenario_condor *condor,
                           const char *step, size_t i, vw_error *error)
{
    vw_portfolio *book = calloc(1, sizeof *book);
    vw_condor position = condor->position;
    vw_error why;
    vw_err err;

    vw_check(book != NULL);
    position.entry = (vw_condor_entry){.date = 0};
    err = vw_portfolio_add_condor(book, &position, &why);
    free(book);
    return err == VW_OK ? VW_OK : fail(scenario, error, step, "condors", i, why.text);
}

/* The moment as it stands after a step. */
static vw_err check_moment(const vw_scenario *scenario, const vw_scenario_moment *moment,
                           const char *step, vw_error *error)
{
    const char *wrong = NULL;
    vw_err err = VW_OK;

    for (size_t i = 0; i < moment->future_count; i++) {
        if ((wrong = check_future(&moment->futures[i])) != NULL) {
            return fail(scenario, error, step, "vx", i, wrong);
        }
    }
    for (size_t i = 0; i < moment->smile_count; i++) {
        if ((wrong = check_smile(&moment->smiles[i])) != NULL) {
            return fail(scenario, error, step, "surfaces", i, wrong);
        }
    }
    for (size_t i = 0; i < moment->leg_count; i++) {
        if ((wrong = check_leg(&moment->legs[i], moment)) != NULL) {
            return fail(scenario, error, step, "hedges", i, wrong);
        }
    }
    for (size_t i = 0; err == VW_OK && i < moment->condor_count; i++) {
        err = check_condor(scenario, &moment->condors[i], step, i, error);
    }
    for (size_t i = 0; err == VW_OK && i < moment->event_count; i++) {
        char path[VW_FIELD_PATH_MAX];
        int64_t instant_ns;

        snprintf(path, sizeof path, "%sevents[%zu].at", step, i);
        err = check_instant(scenario, path, moment->events[i].at, &instant_ns, error);
    }
    return err;
}

static vw_err check_all(vw_scenario *scenario, vw_error *error)
{
    vw_scenario_moment *moment = malloc(sizeof *moment);
    const char *wrong = vw_hedge_settings_check(&scenario->settings);
    vw_err err = check_instant(scenario, "clock", scenario->clock, &scenario->start_ns, error);

    vw_check(moment != NULL);
    *moment = scenario->begin.moment;
    if (err == VW_OK && wrong[0] != '\0') {
        err = vw_config_map_fail(scenario->map, error, "settings", "%s", wrong);
    }
    if (err == VW_OK) {
        err = check_moment(scenario, moment, "", error);
    }
    for (size_t i = 0; err == VW_OK && i < scenario->step_count; i++) {
        char step[32];

        snprintf(step, sizeof step, "steps[%zu].", i);
        vw_scenario_change(scenario, i, moment);
        err = check_moment(scenario, moment, step, error);
    }
    free(moment);
    return err;
}

/* The preset must be known before the settings that go on top of it. */
static vw_err read_settings(const vw_scenario *scenario, const char *preset,
                            vw_hedge_settings *settings, vw_error *error)
{
    vw_scenario *draft = calloc(1, sizeof *draft);
    vw_err err;

    vw_check(draft != NULL);
    err = vw_config_map_fill(scenario->map, draft, error);
    if (err == VW_OK) {
        err = vw_hedge_settings_read(preset != NULL ? preset : draft->preset, settings, error);
    }
    free(draft);
    return err;
}

vw_err vw_scenario_read(const char *file, const char *preset, vw_scenario **read, vw_error *error)
{
    vw_scenario *scenario = calloc(1, sizeof *scenario);
    vw_err err;

    vw_check(scenario != NULL);
    snprintf(scenario->file, sizeof scenario->file, "%s", file);
    err = vw_config_map_open(file, vw_scenario_table(), &scenario->map, error);
    if (err == VW_OK) {
        forget_all(scenario);
        err = read_settings(scenario, preset, &scenario->settings, error);
    }
    if (err == VW_OK) {
        err = vw_config_map_fill(scenario->map, scenario, error);
    }
    if (err == VW_OK) {
        err = check_all(scenario, error);
    }
    if (err == VW_OK && scenario->chain[0] != '\0') {
        err = vw_scenario_chain_open(scenario, error);
    }
    if (err != VW_OK) {
        vw_scenario_free(scenario);
        scenario = NULL;
    }
    *read = scenario;
    return err;
}

void vw_scenario_change(const vw_scenario *scenario, size_t i, vw_scenario_moment *moment)
{
    const unsigned char *from = (const unsigned char *)&scenario->steps[i].moment;
    unsigned char *to = (unsigned char *)moment;
    size_t count;
    const vw_field *fields = vw_scenario_moment_fields(&count);

    for (size_t k = 0; k < count; k++) {
        const vw_field *field = &fields[k];
        char path[VW_FIELD_PATH_MAX];

        snprintf(path, sizeof path, "steps[%zu].%s", i, field->path);
        if (strstr(field->path, "[]") != NULL || !vw_config_map_given(scenario->map, path)) {
            continue;
        }
        if (field->kind == VW_FIELD_LIST) {
            memcpy(to + field->offset, from + field->offset, (size_t)field->max * field->size);
            memcpy(to + field->count_offset, from + field->count_offset, sizeof(size_t));
        } else {
            memcpy(to + field->offset, from + field->offset, field->size);
        }
    }
}

void vw_scenario_free(vw_scenario *scenario)
{
    if (scenario != NULL) {
        vw_scenario_chain_close(scenario->market);
        vw_config_map_close(scenario->map);
        free(scenario);
    }
}
