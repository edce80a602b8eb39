#include "tools/commands/commands.h"

#include "core/base/clock.h"
#include "tools/view.h"

#include <stdio.h>
#include <unistd.h>

enum { FRAME_MS = 100 };

typedef struct watcher {
    vw_view *view;
    int64_t end_ns; /* monotonic, INT64_MAX = no end */
} watcher;

static bool goes_on(const watcher *watch)
{
    return !vw_stop_requested() && vw_clock_monotonic_ns() < watch->end_ns;
}

static void follow_screen(watcher *watch)
{
    while (goes_on(watch) && vw_view_draw(watch->view)) {
        int64_t next_ns = vw_clock_monotonic_ns() + FRAME_MS * VW_NS_PER_MS;
        int64_t left_ns;

        while ((left_ns = next_ns - vw_clock_monotonic_ns()) > 0 && !vw_stop_requested()) {
            vw_view_poll(watch->view, (int)(left_ns / VW_NS_PER_MS) + 1);
        }
    }
}

/* A block each second, the first when something has come or a second has passed. */
static void follow_plain(watcher *watch)
{
    int64_t next_ns = vw_clock_monotonic_ns() + VW_NS_PER_SECOND;

    while (goes_on(watch) && ferror(stdout) == 0) {
        vw_view_poll(watch->view, FRAME_MS);
        if (vw_clock_monotonic_ns() >= next_ns) {
            vw_view_print(watch->view, stdout);
            fflush(stdout);
            next_ns += VW_NS_PER_SECOND;
        }
    }
}

static vw_err run(const vw_command *command, int argc, char **argv, vw_error *error)
{
    bool plain = false;
    double seconds = 0;
    const vw_option options[] = {
        {.name = "plain",
         .kind = VW_OPTION_FLAG,
         .value = &plain,
         .help = "text, a block each second; so without a terminal"},
        {.name = "seconds",
         .letter = 's',
         .kind = VW_OPTION_NUMBER,
         .value = &seconds,
         .argument = "S",
         .help = "end after S seconds",
         .min = 0.001,
         .max = 1e9},
    };
    watcher watch = {.end_ns = INT64_MAX};
    vw_arguments arguments;
    vw_err err =
        vw_options_parse(command, options, VW_COUNT_OF(options), 1, argc, argv, &arguments, error);

    if (err != VW_OK || arguments.done) {
        return err;
    }
    err = vw_view_open(arguments.count > 0 ? arguments.list[0] : VW_ENDPOINT_DEFAULT, &watch.view,
                       error);
    if (err != VW_OK) {
        return err;
    }
    if (seconds > 0) {
        watch.end_ns = vw_clock_monotonic_ns() + (int64_t)(seconds * 1e9);
    }
    if (plain || !isatty(STDOUT_FILENO) || !isatty(STDIN_FILENO)) {
        follow_plain(&watch);
    } else {
        err = vw_view_begin_screen(watch.view, stdout, error);
        if (err == VW_OK) {
            follow_screen(&watch);
        }
    }
    vw_view_close(watch.view);
    return err;
}

const vw_command vw_command_watch = {
    .name = "watch",
    .summary = "terminal view of a live stream",
    .usage = "[ENDPOINT]",
    .details =
        "ENDPOINT is tcp://HOST:PORT, by default " VW_ENDPOINT_DEFAULT ".  Arrow keys choose the\n"
        "expiry whose greeks are shown, q quits.  Behind a delta: c carried, i interpolated,\n"
        "e extrapolated, x one-sided, X crossed, s stale, h halted, a absent.",
    .run = run,
};
