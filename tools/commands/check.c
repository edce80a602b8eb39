#include "tools/commands/commands.h"

#include "tools/health.h"
#include "tools/topology.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *json_value(const vw_field *field, const char *value)
{
    if (value[0] == '\0') {
        return json_null();
    }
    switch (field->kind) {
    case VW_FIELD_WHOLE:
        return json_integer(strtoll(value, NULL, 10));
    case VW_FIELD_NUMBER:
    case VW_FIELD_DURATION:
        return json_real(strtod(value, NULL));
    case VW_FIELD_FLAG:
        return json_boolean(strcmp(value, "true") == 0);
    default:
        return json_string(value);
    }
}

static void add_setting(void *self, const vw_field *field, const char *path, const char *value,
                        size_t line)
{
    json_t *settings = self;

    if (field->kind != VW_FIELD_LIST) {
        json_array_append_new(settings,
                              json_pack("{s:s, s:o, s:o, s:s}", "key", path, "value",
                                        json_value(field, value), "line",
                                        line > 0 ? json_integer((json_int_t)line) : json_null(),
                                        "help", field->help));
    }
}

static json_t *describe_ports(const vw_config *config)
{
    json_t *ports = json_array();
    char address[160];

    for (size_t i = 0; i < config->feed.channel_count; i++) {
        const vw_channel_config *channel = &config->feed.channels[i];

        for (size_t j = 0; j < channel->line_count; j++) {
            const vw_line_config *line = &channel->lines[j];

            snprintf(address, sizeof address, "udp://%s:%u", line->group, line->port);
            json_array_append_new(ports,
                                  json_pack("{s:s, s:s, s:s, s:s+}", "address", address,
                                            "direction", "in", "interface", line->interface, "use",
                                            channel->name, (char[]){' ', (char)('A' + j), 0}));
        }
    }
    json_array_append_new(ports,
                          json_pack("{s:s, s:s, s:n, s:s}", "address", config->publisher.endpoint,
                                    "direction", "out", "interface", "use", "publisher"));
    return ports;
}

static json_t *describe_portfolio(const vw_config *config)
{
    const vw_portfolio *portfolio = &config->portfolio;
    size_t hedges = portfolio->leg_count - 4 * portfolio->condor_count;

    if (config->portfolio_file[0] == '\0') {
        return json_null();
    }
    return json_pack("{s:s, s:s, s:I, s:I, s:I}", "file", config->portfolio_file, "book",
                     portfolio->book, "condors", (json_int_t)portfolio->condor_count, "hedge_legs",
                     (json_int_t)hedges, "legs", (json_int_t)portfolio->leg_count);
}

static json_t *describe_threads(const vw_topology_plan *plan)
{
    json_t *threads = json_array();

    for (size_t i = 0; i < plan->thread_count; i++) {
        int cpu = plan->threads[i].cpu;

        json_array_append_new(threads, json_pack("{s:s, s:o, s:s}", "thread", plan->threads[i].name,
                                                 "cpu", cpu < 0 ? json_null() : json_integer(cpu),
                                                 "polls", plan->threads[i].parts));
    }
    return threads;
}

static json_t *describe_memory(const vw_topology_plan *plan)
{
    json_t *memory = json_array();

    for (size_t i = 0; i < plan->memory_count; i++) {
        json_array_append_new(memory, json_pack("{s:s, s:I}", "of", plan->memory[i].name, "bytes",
                                                (json_int_t)plan->memory[i].size));
    }
    return memory;
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text != NULL ? text : "-";
}

/* A setting's value, short: "-" when there is none. */
static void print_value(const json_t *value, char *text, size_t size)
{
    if (json_is_string(value)) {
        snprintf(text, size, "%s", json_string_value(value));
    } else if (json_is_number(value)) {
        snprintf(text, size, "%.15g", json_number_value(value));
    } else {
        snprintf(text, size, "%s",
                 json_is_null(value)   ? "-"
                 : json_is_true(value) ? "true"
                                       : "false");
    }
}

static void print_settings(const json_t *settings)
{
    const json_t *row;
    size_t i;

    printf("%-40s %-22s %-8s %s\n", "key", "value", "from", "meaning");
    json_array_foreach(settings, i, row)
    {
        const json_t *line = json_object_get(row, "line");
        char value[VW_FIELD_PATH_MAX], from[32] = "default";

        print_value(json_object_get(row, "value"), value, sizeof value);
        if (json_is_integer(line)) {
            snprintf(from, sizeof from, "line %lld", (long long)json_integer_value(line));
        }
        printf("%-40s %-22s %-8s %s\n", text_of(row, "key"), value, from, text_of(row, "help"));
    }
}

static void print_plan(const json_t *report)
{
    const json_t *row;
    size_t i;

    printf("\n%-12s %-6s polls, in this order\n", "thread", "cpu");
    json_array_foreach(json_object_get(report, "threads"), i, row)
    {
        char cpu[VW_FIELD_PATH_MAX];

        print_value(json_object_get(row, "cpu"), cpu, sizeof cpu);
        printf("%-12s %-6s %s\n", text_of(row, "thread"), cpu[0] == '-' ? "any" : cpu,
               text_of(row, "polls"));
    }
    printf("\n%-28s %14s\n", "memory, taken at start", "bytes");
    json_array_foreach(json_object_get(report, "memory"), i, row)
    {
        printf("%-28s %14lld\n", text_of(row, "of"),
               (long long)json_integer_value(json_object_get(row, "bytes")));
    }
    printf("%-28s %14lld\n", "total",
           (long long)json_integer_value(json_object_get(report, "memory_total")));
    if (text_of(report, "warning")[0] != '\0') {
        printf("\nwarning: %s\n", text_of(report, "warning"));
    }
}

static void print_report(const json_t *report)
{
    const json_t *portfolio = json_object_get(report, "portfolio");
    const json_t *row;
    size_t i;

    printf("configuration: %s\n\n", text_of(report, "file"));
    print_settings(json_object_get(report, "settings"));
    printf("\n%-40s %-22s %-8s %s\n", "port", "interface", "", "use");
    json_array_foreach(json_object_get(report, "ports"), i, row)
    {
        printf("%-40s %-22s %-8s %s\n", text_of(row, "address"), text_of(row, "interface"),
               text_of(row, "direction"), text_of(row, "use"));
    }
    print_plan(report);
    if (json_is_null(portfolio)) {
        printf("\nportfolio: none; no hedge messages\n");
    } else {
        printf("\nportfolio: %s: book %s, %lld condors, %lld hedge legs\n",
               text_of(portfolio, "file"), text_of(portfolio, "book"),
               (long long)json_integer_value(json_object_get(portfolio, "condors")),
               (long long)json_integer_value(json_object_get(portfolio, "hedge_legs")));
    }
}

static vw_err explain(const char *file, bool json, vw_error *error)
{
    json_t *settings = json_array();
    json_t *report;
    vw_topology_plan plan;
    vw_config config;
    vw_err err = vw_config_explain(file, add_setting, settings, &config, error);

    if (err == VW_OK) {
        err = vw_topology_plan_make(&config, &plan, error);
    }
    if (err != VW_OK) {
        json_decref(settings);
        return err;
    }
    report = json_pack("{s:s, s:o, s:o, s:o, s:o, s:I, s:o, s:s}", "file",
                       file != NULL ? file : "defaults", "settings", settings, "ports",
                       describe_ports(&config), "threads", describe_threads(&plan), "memory",
                       describe_memory(&plan), "memory_total", (json_int_t)plan.memory_total,
                       "portfolio", describe_portfolio(&config), "warning", plan.warning);
    if (json) {
        json_dumpf(report, stdout, JSON_INDENT(1) | JSON_REAL_PRECISION(15));
        printf("\n");
    } else {
        print_report(report);
    }
    json_decref(report);
    return VW_OK;
}

static vw_err run(const vw_command *command, int argc, char **argv, vw_error *error)
{
    const char *file = NULL, *format = "table";
    const vw_option options[] = {
        {.name = "config",
         .letter = 'c',
         .kind = VW_OPTION_TEXT,
         .value = &file,
         .argument = "FILE",
         .help = "configuration; without it the defaults"},
        {.name = "format",
         .kind = VW_OPTION_TEXT,
         .value = &format,
         .argument = "FORMAT",
         .help = "table or json"},
    };
    vw_arguments arguments;
    vw_err err =
        vw_options_parse(command, options, VW_COUNT_OF(options), 1, argc, argv, &arguments, error);

    if (err != VW_OK || arguments.done) {
        return err;
    }
    if (strcmp(format, "table") != 0 && strcmp(format, "json") != 0) {
        return vw_fail(error, VW_ERR_USAGE, "--format %s: expected table or json", format);
    }
    if (arguments.count == 1 && strstr(arguments.list[0], "://") == NULL) {
        return vw_fail(error, VW_ERR_USAGE,
                       "%s: expected an endpoint, as tcp://127.0.0.1:5601; a file goes with -c",
                       arguments.list[0]);
    }
    if (arguments.count == 1 && file != NULL) {
        return vw_fail(error, VW_ERR_USAGE, "%s: either a configuration or an endpoint",
                       arguments.list[0]);
    }
    return arguments.count == 1 ? vw_health_check(arguments.list[0], format[0] == 'j', error)
                                : explain(file, format[0] == 'j', error);
}

const vw_command vw_command_check = {
    .name = "check",
    .summary = "what a configuration comes to, or how a running engine is",
    .usage = "[-c FILE | ENDPOINT]",
    .details =
        "-c FILE: every value with its line, ports, threads, memory; without FILE the defaults.\n"
        "Exit codes: 0 good, 1 a file cannot be read, 3 its content is wrong (the line says where\n"
        "and what would be right).  tools/examples/vegawire.yaml shows every key.\n"
        "ENDPOINT, as tcp://127.0.0.1:5601: listens up to 5 s; exit 0 when heartbeats and packets\n"
        "come, nothing is being lost and no unit is silent; else 6.",
    .run = run,
};
