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

/* Measures one group and shows it as soon as it is there; one that cannot be had is said and left
 * out. */
static void measure(const vw_bench_group *group, const settings *with)
{
    bool table = strcmp(with->format, "table") == 0;
    size_t first = report.count;
    vw_error why = {""};

    if (with->once) {
        if (vw_bench_once(group, with->isa, &why) != VW_OK) {
            fprintf(stderr, "bench: left out: %s\n", why.text);
        }
        return;
    }
    if (vw_bench_measure(&report, group, with->isa, with->seconds, &why) != VW_OK) {
        fprintf(stderr, "bench: left out: %s\n", why.text);
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
    if (count == 0) {
        return vw_fail(error, VW_ERR_USAGE,
                       "--plot: none of these subjects has latencies; pipeline has");
    }
    to = fopen(path, "w");
    if (to == NULL) {
        return vw_fail(error, VW_ERR_SYSTEM, "%s: %s", path, strerror(errno));
    }
    vw_plot_write(to, report.machine.processor, curves, count);
    return fclose(to) == 0 ? VW_OK : vw_fail(error, VW_ERR_SYSTEM, "%s: cannot write", path);
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
    if (with->compare != NULL) {
        err = vw_bench_report_read(with->compare, &before, error);
    }
    if (err == VW_OK && with->realtime && !vw_machine_realtime()) {
        return vw_fail(error, VW_ERR_SYSTEM,
                       "--realtime: not allowed here; run as root or with CAP_SYS_NICE");
    }
    if (!with->once) {
        vw_machine_describe(&report.machine);
    }
    if (err == VW_OK && with->compare != NULL && !with->other_machine) {
        err = vw_bench_report_comparable(&before, &report.machine, error);
    }
    return err;
}

static void measure_all(const settings *with, const vw_arguments *arguments)
{
    report.seconds = with->seconds;
    if (strcmp(with->format, "table") == 0 && !with->once) {
        vw_machine_print(stdout, &report.machine);
        if (vw_rival_libm == NULL) {
            printf("rivals    none in this program: see --help\n");
        }
        if (arguments->count == 0) {
            printf("groups    %zu, about %.0f s each; one alone: bench price\n",
                   vw_bench_group_count(), with->seconds + 1);
        }
        fflush(stdout);
    }
    for (int i = 0; i < arguments->count && !vw_stop_requested(); i++) {
        measure(find_group(arguments->list[i]), with);
    }
    for (size_t i = 0; i < vw_bench_group_count() && !vw_stop_requested(); i++) {
        if (arguments->count == 0) {
            measure(vw_bench_groups[i], with);
        }
    }
}

static bool isa_given(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strncmp(argv[i], "--isa", 5) == 0) {
            return true;
        }
    }
    return false;
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
    with.isa = isa_given(argc, argv) ? arguments.kernels->isa : NULL;
    err = check(&with, &arguments, error);
    if (err != VW_OK) {
        return err;
    }
    measure_all(&with, &arguments);
    return with.once ? VW_OK : finish(&with, error);
}

const vw_command vw_command_bench = {
    .name = "bench",
    .summary = "how fast this machine does it: pricing, vols, fits, decoding, latency",
    .usage = "[SUBJECT...]",
    .details =
        "Subjects are groups (--list).  What is in one runs in turns, in five processes one after\n"
        "the other; ratios are of times taken in the same round, as median and quartiles: below 1\n"
        "is faster than what the last column names.  Errors are against references of 40 digits;\n"
        "a line below the table says of what, relative to what.  `limit` is the share of what the\n"
        "processor or its memory could do at most, as probed here.  Exit 6 when a subject differs\n"
        "from itself (A/A) by more than 10 %: the machine is too busy to measure.\n"
        "\n"
        "What became faster or slower:\n"
        "    vegawire bench price iv --format json > before.json\n"
        "    vegawire bench price iv --compare before.json\n"
        "\n"
        "With rivals (glibc's libmvec, SLEEF, QuantLib, Boost, ck):\n"
        "    tools/setup --bench && tools/build release bench && build/release/bench",
    .run = run,
};
