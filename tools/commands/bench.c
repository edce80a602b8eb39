#include "tools/commands/commands.h"

#include "bench/plot.h"
#include "bench/rivals/rivals.h"
#include "bench/targets.h"
#include "tools/bench_report.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

typedef struct settings {
    const char *format, *compare, *plot;
    double seconds;
    bool list, other_machine, realtime, once, targets;
    const char *isa; /* NULL: all */
} settings;

static vw_bench_report report, before;

/* The first group that was asked for by name, or whose process failed, and is not in the report. */
static vw_err missing;
static vw_error missing_why;

static void list_groups(void)
{
    for (size_t i = 0; i < vw_bench_group_count(); i++) {
        printf("%-10s %s\n", vw_bench_groups[i]->name, vw_bench_groups[i]->title);
    }
}

static const vw_bench_group *find_group(const char *name)
{
    for (size_t i = 0; i < vw_bench_group_count(); i++) {
        if (strcmp(vw_bench_groups[i]->name, name) == 0) {
            return vw_bench_groups[i];
        }
    }
    return NULL;
}

static void leave_out(vw_err err, const vw_error *why, bool asked)
{
    fprintf(stderr, "bench: left out: %s\n", why->text);
    if (missing == VW_OK && (asked || err != VW_ERR_DATA)) {
        missing = err;
        missing_why = *why;
    }
}

/* Measures one group and shows it as soon as it is there; one that cannot be had is said and left
 * out. */
static void measure(const vw_bench_group *group, const settings *with, bool asked)
{
    vw_err err;
    bool table = strcmp(with->format, "table") == 0;
    size_t first = report.count;
    vw_error why = {""};

    if (with->once) {
        err = vw_bench_once(group, with->isa, &why);
    } else {
        err = vw_bench_measure(&report, group, with->isa, with->seconds, &why);
    }
    if (err != VW_OK) {
        leave_out(err, &why, asked);
        return;
    }
    if (with->once) {
        return;
    }
    if (table) {
        printf("\n%s: %s\n", group->name, group->title);
        vw_bench_print(stdout, &report, first);
        fflush(stdout);
    } else {
        fprintf(stderr, "bench: %s done\n", group->name);
    }
}

static vw_err plot(const char *path, vw_error *error)
{
    vw_plot_curve curves[VW_BENCH_RESULTS_MAX];
    size_t count = 0;
    FILE *to;

    for (size_t i = 0; i < report.count; i++) {
        if (report.results[i].latency != NULL) {
            curves[count++] = (vw_plot_curve){report.results[i].name, report.results[i].latency};
        }
    }
    to = fopen(path, "w");
    if (to == NULL) {
        return vw_fail(error, VW_ERR_SYSTEM, "%s: %s", path, strerror(errno));
    }
    vw_plot_write(to, report.machine.processor, curves, count);
    return fclose(to) == 0 ? VW_OK : vw_fail(error, VW_ERR_SYSTEM, "%s: cannot write", path);
}

/* Before anything is measured: a file that cannot be written, or nothing to draw in it. */
static vw_err check_plot(const char *path, const vw_arguments *arguments, vw_error *error)
{
    bool any = arguments->count == 0;
    FILE *to;

    for (int i = 0; i < arguments->count; i++) {
        any |= find_group(arguments->list[i])->latencies;
    }
    if (!any) {
        return vw_fail(error, VW_ERR_USAGE,
                       "--plot: none of these subjects has latencies; pipeline has");
    }
    to = fopen(path, "a");
    if (to == NULL) {
        return vw_fail(error, VW_ERR_SYSTEM, "%s: %s", path, strerror(errno));
    }
    fclose(to);
    return VW_OK;
}

static vw_err finish(const settings *with, vw_error *error)
{
    bool json = strcmp(with->format, "json") == 0;
    double trouble = vw_bench_trouble(&report);
    vw_err err = json ? vw_bench_report_write(stdout, &report, error) : VW_OK;

    if (err == VW_OK && with->compare != NULL) {
        vw_bench_report_compare(json ? stderr : stdout, &before, &report);
    }
    if (err == VW_OK && with->targets) {
        vw_targets_print(json ? stderr : stdout, &report);
    }
    if (err == VW_OK && with->plot != NULL) {
        err = plot(with->plot, error);
    }
    if (err == VW_OK && (fflush(stdout) != 0 || ferror(stdout))) {
        return vw_fail(error, VW_ERR_SYSTEM, "cannot write the report");
    }
    if (err == VW_OK && missing != VW_OK) {
        return vw_fail(error, missing, "not measured: %s", missing_why.text);
    }
    if (err == VW_OK && trouble > VW_BENCH_TROUBLE) {
        return vw_fail(error, VW_ERR_UNHEALTHY,
                       "too noisy: a subject differs from itself by %.0f %%; repeat when the "
                       "machine is quiet, or with more --seconds",
                       100 * trouble);
    }
    return err;
}

/* What can be refused is refused before anything is measured. */
static vw_err check(const settings *with, const vw_arguments *arguments, vw_error *error)
{
    vw_err err = VW_OK;

    if (strcmp(with->format, "table") != 0 && strcmp(with->format, "json") != 0) {
        return vw_fail(error, VW_ERR_USAGE, "--format %s: expected table or json", with->format);
    }
    for (int i = 0; i < arguments->count; i++) {
        if (find_group(arguments->list[i]) == NULL) {
            return vw_fail(error, VW_ERR_USAGE, "%s: no such subject; see vegawire bench --list",
                           arguments->list[i]);
        }
    }
    if (with->plot != NULL) {
        err = check_plot(with->plot, arguments, error);
    }
    if (err == VW_OK && with->compare != NULL) {
        err = vw_bench_report_read(with->compare, &before, error);
    }
    if (err == VW_OK && with->realtime && !vw_machine_realtime()) {
        return vw_fail(error, VW_ERR_SYSTEM,
                       "--realtime: not allowed here; run as root or with CAP_SYS_NICE");
    }
    if (err == VW_OK && !with->once) {
        vw_machine_describe(&report.machine);
    }
    if (with->isa != NULL) { /* the others are not in the report */
        snprintf(report.machine.isa, sizeof report.machine.isa, "%s", with->isa);
    }
    if (err == VW_OK && with->compare != NULL && !with->other_machine) {
        err = vw_bench_report_comparable(&before, &report.machine, error);
    }
    return err;
}

/* Says which are not in this program: their rows would only be missing. */
static void print_rivals(void)
{
    const struct {
        const char *name;
        bool here;
    } rivals[] = {{"SLEEF", vw_rival_sleef_avx2 != NULL},
                  {"QuantLib", vw_rival_quantlib != NULL},
                  {"Boost", &vw_rival_boost != NULL},
                  {"ck", &vw_rival_ck != NULL}};
    const char *separator = "rivals    without ";

    if (vw_rival_libm == NULL) {
        printf("rivals    none in this program: see --help\n");
        return;
    }
    for (size_t i = 0; i < VW_COUNT_OF(rivals); i++) {
        if (!rivals[i].here) {
            printf("%s%s", separator, rivals[i].name);
            separator = ", ";
        }
    }
    if (separator[0] == ',') {
        printf(": tools/setup --bench, then build anew\n");
    }
}

static void measure_all(const settings *with, const vw_arguments *arguments)
{
    report.seconds = with->seconds;
    if (strcmp(with->format, "table") == 0 && !with->once) {
        vw_machine_print(stdout, &report.machine);
        print_rivals();
        if (arguments->count == 0) {
            printf("groups    %zu, about %.0f s each; one alone: bench price\n",
                   vw_bench_group_count(), with->seconds + 1);
        }
        fflush(stdout);
    }
    for (int i = 0; i < arguments->count && !vw_stop_requested(); i++) {
        measure(find_group(arguments->list[i]), with, true);
    }
    for (size_t i = 0; i < vw_bench_group_count() && !vw_stop_requested(); i++) {
        if (arguments->count == 0) {
            measure(vw_bench_groups[i], with, false);
        }
    }
}

static vw_err run(const vw_command *command, int argc, char **argv, vw_error *error)
{
    settings with = {.format = "table", .seconds = 2};
    const vw_option options[] = {
        {.name = "seconds",
         .letter = 's',
         .kind = VW_OPTION_NUMBER,
         .value = &with.seconds,
         .argument = "S",
         .help = "that a subject's group may take (default 2)",
         .min = 0.01,
         .max = 600},
        {.name = "format",
         .kind = VW_OPTION_TEXT,
         .value = &with.format,
         .argument = "table|json",
         .help = "output (default table)"},
        {.name = "compare",
         .kind = VW_OPTION_TEXT,
         .value = &with.compare,
         .argument = "FILE",
         .help = "an earlier --format json output: what became faster or slower"},
        {.name = "other-machine",
         .kind = VW_OPTION_FLAG,
         .value = &with.other_machine,
         .help = "compare even with a report of another machine"},
        {.name = "plot",
         .kind = VW_OPTION_TEXT,
         .value = &with.plot,
         .argument = "FILE.svg",
         .help = "draw the latencies of the subjects that have them (pipeline)"},
        {.name = "realtime",
         .kind = VW_OPTION_FLAG,
         .value = &with.realtime,
         .help = "run as SCHED_FIFO: others wait, and so do they disturb less (root)"},
        {.name = "targets",
         .kind = VW_OPTION_FLAG,
         .value = &with.targets,
         .help = "end with the project's targets beside what was measured"},
        {.name = "once",
         .kind = VW_OPTION_FLAG,
         .value = &with.once,
         .help = "run everything once and print nothing: for counters of instructions"},
        {.name = "list", .kind = VW_OPTION_FLAG, .value = &with.list, .help = "the subjects"},
    };
    vw_arguments arguments;
    vw_err err;

    vw_bench_serve();
    err =
        vw_options_parse(command, options, VW_COUNT_OF(options), 64, argc, argv, &arguments, error);

    if (err != VW_OK || arguments.done) {
        return err;
    }
    if (with.list) {
        list_groups();
        return VW_OK;
    }
    with.isa = arguments.isa_given ? arguments.kernels->isa : NULL;
    err = check(&with, &arguments, error);
    if (err != VW_OK) {
        return err;
    }
    measure_all(&with, &arguments);
    if (!with.once) {
        return finish(&with, error);
    }
    return missing == VW_OK ? VW_OK : vw_fail(error, missing, "not run: %s", missing_why.text);
}

const vw_command vw_command_bench = {
    .name = "bench",
    .summary = "how fast this machine does it: pricing, vols, fits, decoding, latency",
    .usage = "[SUBJECT...]",
    .details =
        "Subjects are groups (--list).  What is in one runs in turns, in five processes one after\n"
        "the other; ratios are of times taken in the same round, as median and quartiles of the\n"
        "rounds in which nobody else was on the core: below 1 is faster than what the last column\n"
        "names.  Errors are against references of 40 digits; a line below the table says of what,\n"
        "relative to what.  `limit` is the share of what the processor or its memory could do at\n"
        "most, as probed here.  Exit 6 when a subject differs from itself (A/A) by more than 10 "
        "%:\n"
        "the machine is too busy to measure.  A subject that was asked for and cannot be had here\n"
        "is left out and the exit is 1, where its process failed 4.\n"
        "\n"
        "What became faster or slower:\n"
        "    vegawire bench price iv --format json > before.json\n"
        "    vegawire bench price iv --compare before.json\n"
        "\n"
        "With rivals (glibc's libmvec, SLEEF, QuantLib, Boost, ck):\n"
        "    tools/setup --bench && tools/build release bench && build/release/bench",
    .run = run,
};
