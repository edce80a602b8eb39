#include "tools/commands/commands.h"

#include "tools/decision_text.h"
#include "tools/hedge_settings.h"
#include "tools/scenario_run.h"
#include "tools/scenario_table.h"

#include <stdio.h>
#include <string.h>

enum { FILES_MAX = 1024 };

typedef struct request {
    const char *preset;
    bool explain, steps, check;
    bool keys;
    size_t expected, wrong; /* --check */
} request;

/* ---- output --------------------------------------------------------------------------------- */

static void print_json(const json_t *json, size_t flags)
{
    json_dumpf(json, stdout, flags);
    putchar('\n');
}

static void say_wrong(void *self, const vw_scenario_turn *turn, size_t expect, const char *text)
{
    request *asked = self;
    char step[32] = "";

    if (turn->number > 0) {
        snprintf(step, sizeof step, "steps[%zu].", turn->number - 1);
    }
    printf("%s: %sexpect[%zu]: %s\n", turn->scenario->file, step, expect, text);
    asked->wrong++;
}

static void visit(void *self, const vw_scenario_turn *turn)
{
    request *asked = self;
    bool is_last = turn->number == turn->scenario->step_count;

    if (asked->check) {
        asked->expected += vw_scenario_check(turn, say_wrong, asked);
        return;
    }
    if (!asked->steps && !is_last) {
        return;
    }
    if (asked->explain) {
        if (asked->steps) {
            printf("%s== step %zu%s%s\n", turn->number > 0 ? "\n" : "", turn->number,
                   turn->step->about[0] != '\0' ? ": " : "", turn->step->about);
        }
        vw_decision_explain(turn->decision, turn->inputs, &turn->scenario->settings, stdout);
    } else {
        print_json(turn->json, asked->steps ? JSON_COMPACT : JSON_INDENT(2));
    }
}

/* ---- help ----------------------------------------------------------------------------------- */

static void print_keys(void)
{
    const vw_field_table *table = vw_scenario_table();

    for (size_t i = 0; i < table->count; i++) {
        const vw_field *field = &table->fields[i];
        bool step = strncmp(field->path, "steps[].", 8) == 0;
        bool own = strncmp(field->path, "steps[].a", 9) == 0 ||
                   strcmp(field->path, "steps[].closes") == 0 ||
                   strcmp(field->path, "steps[].restart") == 0 ||
                   strcmp(field->path, "steps[].take") == 0;

        if ((!step || own) && strncmp(field->path, "settings.", 9) != 0) {
            printf("%-30s %s\n", field->path, field->help);
        }
    }
    printf("steps[].*                      any key of the market, the book and the inputs above, "
           "and expect\n"
           "settings.*                     any key of a preset: see tools/presets/alvh.yaml\n");
}

/* ---- the command ---------------------------------------------------------------------------- */

static vw_err run_file(const char *file, request *asked, vw_error *error)
{
    vw_scenario *scenario = NULL;
    vw_err err = vw_scenario_read(file, asked->preset, &scenario, error);

    if (err == VW_OK) {
        err = vw_scenario_run(scenario, visit, asked, error);
    }
    vw_scenario_free(scenario);
    return err;
}

static vw_err run_all(const vw_arguments *arguments, request *asked, vw_error *error)
{
    vw_err err = VW_OK;

    for (int i = 0; err == VW_OK && i < arguments->count; i++) {
        err = run_file(arguments->list[i], asked, error);
    }
    if (err == VW_OK && asked->check) {
        printf("%d scenarios, %zu expectations, %zu wrong\n", arguments->count, asked->expected,
               asked->wrong);
        err = asked->wrong == 0
                  ? VW_OK
                  : vw_fail(error, VW_ERR_MISMATCH, "%zu expectations do not hold", asked->wrong);
    }
    return err;
}

static vw_err run(const vw_command *command, int argc, char **argv, vw_error *error)
{
    request asked = {.preset = NULL};
    const vw_option options[] = {
        {"preset", 0, VW_OPTION_TEXT, &asked.preset, "NAME|FILE",
         "alvh, vxth, alvh-ladder, none or a file, in place of the scenario's", 0, 0},
        {"explain", 0, VW_OPTION_FLAG, &asked.explain, NULL,
         "for a person: what, why, and what would change it", 0, 0},
        {"steps", 0, VW_OPTION_FLAG, &asked.steps, NULL, "every decision, not only the last", 0, 0},
        {"check", 0, VW_OPTION_FLAG, &asked.check, NULL,
         "compare with what the scenarios expect; exit 5 where it differs", 0, 0},
        {"keys", 0, VW_OPTION_FLAG, &asked.keys, NULL, "list every key of a scenario file", 0, 0},
    };
    vw_arguments arguments;
    vw_err err = vw_options_parse(command, options, VW_COUNT_OF(options), FILES_MAX, argc, argv,
                                  &arguments, error);

    if (err != VW_OK || arguments.done) {
        return err;
    }
    if (asked.keys) {
        print_keys();
        return VW_OK;
    }
    if (arguments.count < 1 || (arguments.count > 1 && !asked.check)) {
        return vw_fail(error, VW_ERR_USAGE,
                       "expected one scenario file (several with --check); see vegawire hedge "
                       "--help");
    }
    return run_all(&arguments, &asked, error);
}

const vw_command vw_command_hedge = {
    .name = "hedge",
    .summary = "one hedge decision from a scenario: every signal, layer, leg, reason",
    .usage = "SCENARIO.yaml",
    .details =
        "A scenario is a market (VIX, VX prices, SPX, surfaces or a flat vol, histories), a book,\n"
        "inputs and a clock; steps may follow, in which time passes, sessions close, quotes\n"
        "change or the engine restarts.  The decision comes as one JSON object, complete in\n"
        "itself: regime and level with their timers; every signal, null when absent or stale;\n"
        "r asked, released, final and attained; four layers; legs with now, wanted unrounded and\n"
        "whole, and how to trade them; proposals as packages; greeks, capital; reasons, warnings\n"
        "and what was given up.  V30 is USD per point of 30-day VIX.  Nothing is an order.\n"
        "\n"
        "The smallest scenario:\n"
        "  about: a book of condors and a flat curve\n"
        "  clock: 2026-06-10T16:00:00\n"
        "  vix: 18\n"
        "  spx: 6450\n"
        "  flat_vol: 0.16\n"
        "  vx: [{price: 19.00}, {price: 19.62}]\n"
        "  condors: [{expiry: 2026-07-10, put_wing: 6000, put_short: 6100, call_short: 6800,\n"
        "             call_wing: 6900, contracts: 100}]\n"
        "  hedges: [{kind: vix_call_spread, strike: 20, strike_far: 30, vol: 0.9}]\n"
        "--keys lists every key; tests/scenarios has one file for each rule.\n"
        "\n"
        "Before you act on it: a long out-of-the-money VIX call spread has negative theta.  VX1\n"
        "above VX2 by more than 2 points never happened in the first half of 2022 nor in August\n"
        "2024.  VIX at 28 or more was followed within 20 sessions by 10 points more on 5 of 37\n"
        "first crossings: selling VIX premium there is not income.  Positive roll is a cost to a\n"
        "long hedge.",
    .run = run,
};
