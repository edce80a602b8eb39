#include "tools/commands/commands.h"

#include "core/base/clock.h"
#include "core/base/log.h"
#include "tools/control.h"
#include "tools/hedge_state.h"
#include "tools/housekeeping.h"

#include <stdlib.h>
#include <string.h>

static void say_warnings(const vw_config *config, const vw_topology *topology)
{
    vw_topology_plan plan;

    if (vw_topology_plan_make(config, &plan, NULL) == VW_OK && plan.warning[0] != '\0') {
        vw_log("%s", plan.warning);
    }
    if (!vw_topology_locked(topology)) {
        vw_log("memory: %zu bytes are not locked (ulimit -l); under pressure they may be paged out",
               plan.memory_total);
    }
}

static void say_hello(const vw_config *config, const vw_kernels *kernels)
{
    for (size_t i = 0; i < config->feed.channel_count; i++) {
        const vw_channel_config *channel = &config->feed.channels[i];

        for (size_t j = 0; j < channel->line_count; j++) {
            vw_log("%s %c: %s:%u on %s", channel->name, (int)('A' + j), channel->lines[j].group,
                   channel->lines[j].port, channel->lines[j].interface);
        }
    }
    vw_log("publishing on %s; kernels %s; book %s, %zu legs", config->publisher.endpoint,
           kernels->isa, config->portfolio.book, config->portfolio.leg_count);
}

/* Until Ctrl-C or for so many seconds (0: no end), housekeeping each second, and control. */
static void keep_house(vw_housekeeping *housekeeping, vw_control *control, const vw_config *config,
                       vw_engine *engine, double seconds)
{
    const struct timespec nap = {0, 50 * VW_NS_PER_MS};
    int64_t start_ns = vw_clock_monotonic_ns(), next_ns = start_ns + VW_NS_PER_SECOND;

    while (!vw_stop_requested()) {
        int64_t now_ns = vw_clock_monotonic_ns();

        if (seconds > 0 && (double)(now_ns - start_ns) >= seconds * 1e9) {
            break;
        }
        if (now_ns >= next_ns) {
            vw_error why;

            vw_housekeeping_turn(housekeeping, now_ns);
            if (vw_hedge_state_keep(config->state_file, engine, &why) != VW_OK) {
                vw_log("%s", why.text);
            }
            next_ns += VW_NS_PER_SECOND;
        }
        vw_control_poll(control, vw_clock_realtime_ns());
        nanosleep(&nap, NULL);
    }
}

static vw_err run_with(const char *file, const char *tape, double seconds,
                       const vw_kernels *kernels, vw_config *config, vw_error *error)
{
    vw_topology *topology = NULL;
    vw_control *control = NULL;
    vw_housekeeping housekeeping;
    vw_err err = vw_config_read(file, config, error);

    config->topology.tape = tape;
    if (err == VW_OK) {
        err = vw_topology_open(config, kernels, NULL, &topology, error);
    }
    if (err == VW_OK && strcmp(config->control_endpoint, "none") != 0) {
        err = vw_control_open(config->control_endpoint, vw_topology_controls(topology),
                              &config->portfolio, &control, error);
    }
    if (err == VW_OK) {
        vw_housekeeping_begin(&housekeeping, topology);
        err = vw_topology_start(topology, error);
    }
    if (err == VW_OK) {
        say_hello(config, kernels);
        say_warnings(config, topology);
        keep_house(&housekeeping, control, config, vw_topology_engine(topology), seconds);
        vw_topology_stop(topology);
        err = vw_hedge_state_end(config->state_file, vw_topology_engine(topology), error);
        vw_housekeeping_end(&housekeeping, vw_clock_monotonic_ns());
    }
    if (err == VW_OK) {
        err = vw_topology_tape_end(topology, error);
    }
    vw_control_close(control);
    vw_topology_close(topology);
    return err;
}

static vw_err run(const vw_command *command, int argc, char **argv, vw_error *error)
{
    const char *file = NULL, *tape = NULL;
    double seconds = 0;
    const vw_option options[] = {
        {.name = "config",
         .letter = 'c',
         .kind = VW_OPTION_TEXT,
         .value = &file,
         .argument = "FILE",
         .help = "configuration; without it the defaults"},
        {.name = "seconds",
         .kind = VW_OPTION_NUMBER,
         .value = &seconds,
         .argument = "N",
         .help = "end after so long; without it at Ctrl-C",
         .min = 0.001,
         .max = 1e9},
        {.name = "tape",
         .kind = VW_OPTION_TEXT,
         .value = &tape,
         .argument = "FILE",
         .help = "record what the engine takes, for vegawire replay; a new file"},
    };
    vw_arguments arguments;
    vw_config *config;
    vw_err err =
        vw_options_parse(command, options, VW_COUNT_OF(options), 0, argc, argv, &arguments, error);

    if (err != VW_OK || arguments.done) {
        return err;
    }
    config = malloc(sizeof *config);
    vw_check(config != NULL);
    err = run_with(file, tape, seconds, arguments.kernels, config, error);
    free(config);
    return err;
}

const vw_command vw_command_run = {
    .name = "run",
    .summary = "the live engine: multicast in, ZeroMQ out",
    .usage = "[-c FILE]",
    .details =
        "Says on stderr, each second, what changed: losses, silent lines, fall-backs.  Ends with\n"
        "one JSON object on stdout: messages_in, messages_out, losses, p50_us, p99_us, p999_us\n"
        "(microseconds from the kernel's receive stamp to zmq_send's return).\n"
        "`vegawire check -c FILE` explains a configuration; `vegawire sub` shows the messages.",
    .run = run,
};
