#include "tools/commands/commands.h"

#include "core/base/clock.h"
#include "core/base/log.h"
#include "tools/housekeeping.h"
#include "tools/impairment.h"
#include "tools/portfolio.h"
#include "tools/sample_book.h"
#include "tools/view.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SECONDS_DEFAULT = 60, FRAME_MS = 100, PAGE_SECONDS = 2 };

/* What the user asked for. */
typedef struct wish_list {
    vw_texts chains;
    vw_impairment_texts impairments;
    const char *at, *portfolio, *endpoint;
    double seconds, rate, speed;
    int64_t port, seed;
    bool still, split, plain;
} wish_list;

typedef struct show {
    wish_list wishes;
    vw_config config;
    vw_sim_config market;
    vw_chain chains[VW_TEXTS_MAX];
    size_t chain_count;
    bool impaired; /* some line loses, reorders or duplicates */
    vw_sim *sim;
    vw_topology *topology;
    vw_view *view;
} show;

static vw_err read_impairments(show *demo, vw_error *error)
{
    vw_impairment *lines = demo->market.lines;
    vw_err err = vw_impairment_parse(&demo->wishes.impairments, lines, error);

    for (size_t i = 0; i < VW_COUNT_OF(demo->market.lines); i++) {
        demo->impaired |= lines[i].loss > 0 || lines[i].reorder > 0 || lines[i].duplicate > 0;
    }
    return err;
}

static vw_err read_chains(show *demo, vw_error *error)
{
    const vw_texts *files = &demo->wishes.chains;
    vw_err err = VW_OK;

    if (files->count == 0) {
        err = vw_sim_synthetic(&demo->config.calendar, (uint64_t)demo->wishes.seed, demo->chains,
                               error);
        demo->chain_count = err == VW_OK ? 2 : 0;
    }
    for (size_t i = 0; err == VW_OK && i < files->count; i++) {
        err = vw_chain_read(files->list[i], &demo->config.calendar, &demo->chains[i], error);
        demo->chain_count += err == VW_OK;
    }
    return err;
}

static vw_err make_book(show *demo, vw_error *error)
{
    int64_t instant_ns;
    vw_err err;

    if (demo->wishes.portfolio != NULL) {
        return vw_portfolio_read(demo->wishes.portfolio, &demo->config.portfolio, error);
    }
    err = vw_chain_instant(&demo->chains[0], demo->wishes.at, &instant_ns, error);
    if (err == VW_OK) {
        vw_sample_book_make(demo->chains, demo->chain_count, instant_ns, &demo->config.calendar,
                            &demo->config.portfolio);
    }
    return err;
}

/* The demo has groups and ports of its own, so that it runs beside a live engine. */
static void set_places(show *demo)
{
    static const char *const groups[2][3] = {{"239.200.11.1", "239.200.11.2", "239.200.11.3"},
                                             {"239.200.12.1", "239.200.12.2", "239.200.12.3"}};
    vw_feed_config *feed = &demo->config.feed;
    uint16_t port = (uint16_t)demo->wishes.port;

    for (size_t i = 0; i < 2; i++) {
        vw_recovery_config *recovery = &feed->channels[i].recovery;

        recovery->gap.port = port; /* of TCP, they do not meet those of UDP */
        recovery->spins[0].port = (uint16_t)(port + 1);
        for (size_t j = 0; j < 3; j++) {
            vw_line_config *line = j < 2 ? &feed->channels[i].lines[j] : &recovery->replay;

            snprintf(line->group, sizeof line->group, "%s", groups[i][j]);
            line->port = port++;
        }
    }
    snprintf(demo->config.publisher.endpoint, sizeof demo->config.publisher.endpoint, "%s",
             demo->wishes.endpoint);
    snprintf(demo->config.publisher.source, sizeof demo->config.publisher.source, "%s",
             demo->chains[0].synthetic ? "synthetic" : "sim");
    demo->config.topology.split = demo->wishes.split;
    demo->market.options = feed->channels[0];
    demo->market.futures = feed->channels[1];
}

static vw_err prepare(show *demo, vw_error *error)
{
    vw_err err = vw_config_read(NULL, &demo->config, error);

    demo->market = vw_sim_defaults();
    if (err == VW_OK) {
        err = read_impairments(demo, error);
    }
    if (err == VW_OK) {
        err = read_chains(demo, error);
    }
    if (err == VW_OK) {
        err = make_book(demo, error);
    }
    if (err != VW_OK) {
        return err;
    }
    set_places(demo);
    demo->market.chains = demo->chains;
    demo->market.chain_count = demo->chain_count;
    demo->market.at = demo->wishes.at;
    demo->market.rate = demo->wishes.rate;
    demo->market.speed = demo->wishes.speed;
    demo->market.still = demo->wishes.still;
    demo->market.seed = (uint64_t)demo->wishes.seed;
    demo->market.calendar = &demo->config.calendar;
    return vw_sim_open(&demo->market, &demo->sim, error);
}

static bool goes_on(const show *demo, int64_t start_ns)
{
    double seconds = demo->wishes.seconds;

    return !vw_stop_requested() &&
           (seconds <= 0 || (double)(vw_clock_monotonic_ns() - start_ns) < seconds * 1e9);
}

/* The screen shows losses itself: what there is to say on stderr is said at the end. */
static void follow_screen(const show *demo, int64_t start_ns)
{
    while (goes_on(demo, start_ns) && vw_view_draw(demo->view)) {
        int64_t next_ns = vw_clock_monotonic_ns() + FRAME_MS * VW_NS_PER_MS;
        int64_t left_ns;

        while ((left_ns = next_ns - vw_clock_monotonic_ns()) > 0 && !vw_stop_requested()) {
            vw_view_poll(demo->view, (int)(left_ns / VW_NS_PER_MS) + 1);
        }
    }
    vw_view_end_screen(demo->view);
}

static void follow_plain(const show *demo, int64_t start_ns, vw_housekeeping *housekeeping)
{
    int64_t next_ns = start_ns + VW_NS_PER_SECOND;

    for (unsigned second = 1; goes_on(demo, start_ns);) {
        vw_view_poll(demo->view, FRAME_MS);
        if (vw_clock_monotonic_ns() >= next_ns) {
            vw_housekeeping_turn(housekeeping, next_ns);
            if (second++ % PAGE_SECONDS == 0) {
                vw_view_print(demo->view, stderr);
            }
            next_ns += VW_NS_PER_SECOND;
        }
    }
}

static vw_err watch(show *demo, vw_error *error)
{
    int64_t start_ns = vw_clock_monotonic_ns();
    vw_housekeeping housekeeping;
    vw_err err = VW_OK;

    vw_housekeeping_begin(&housekeeping, demo->topology);
    if (demo->wishes.plain) {
        follow_plain(demo, start_ns, &housekeeping);
    } else {
        err = vw_view_begin_screen(demo->view, isatty(STDOUT_FILENO) ? stdout : stderr, error);
        if (err == VW_OK) {
            follow_screen(demo, start_ns);
        }
    }
    vw_topology_stop(demo->topology);
    if (err == VW_OK) {
        vw_housekeeping_end(&housekeeping, vw_clock_monotonic_ns());
    }
    return err;
}

static vw_err judge(const show *demo, vw_error *error)
{
    static const struct {
        vw_message_kind kind;
        const char *name;
    } wanted[] = {
        {VW_MESSAGE_GREEKS, "greeks"}, {VW_MESSAGE_CURVE, "curve"}, {VW_MESSAGE_HEDGE, "hedge"}};
    const vw_subscriber_stats *stats = vw_view_stats(demo->view);
    size_t parts;
    const vw_counters *const *counters = vw_topology_counters(demo->topology, &parts);
    uint64_t losses = vw_counters_losses(counters, parts);

    for (size_t i = 0; i < VW_COUNT_OF(wanted); i++) {
        if (stats->kinds[wanted[i].kind] == 0) {
            return vw_fail(error, VW_ERR_UNHEALTHY, "no %s message came", wanted[i].name);
        }
    }
    if (vw_view_regime(demo->view) == VW_REGIME_UNKNOWN) {
        return vw_fail(error, VW_ERR_UNHEALTHY, "no curve message came with a regime");
    }
    if (losses > 0 && !demo->impaired) {
        return vw_fail(error, VW_ERR_UNHEALTHY,
                       "%" PRIu64 " losses on lines that lose nothing: this machine is too slow or "
                       "too busy for --rate %g",
                       losses, demo->wishes.rate);
    }
    return VW_OK;
}

static vw_err play(show *demo, const vw_kernels *kernels, vw_error *error)
{
    vw_err err = prepare(demo, error);

    if (err == VW_OK) {
        err = vw_topology_open(&demo->config, kernels, demo->sim, &demo->topology, error);
    }
    if (err == VW_OK) {
        err = vw_topology_start(demo->topology, error);
    }
    if (err == VW_OK) {
        err = vw_view_open(demo->wishes.endpoint, &demo->view, error);
        if (err != VW_OK) {
            vw_topology_stop(demo->topology);
        }
    }
    if (err == VW_OK) {
        vw_log("%s; follow along with: vegawire sub %s",
               demo->chains[0].synthetic ? "a synthetic day, no market data" : "a chain, played",
               demo->wishes.endpoint);
        err = watch(demo, error);
    }
    if (err == VW_OK) {
        err = judge(demo, error);
    }
    return err;
}

static void clean_up(show *demo)
{
    if (demo->view != NULL) {
        vw_view_close(demo->view);
    }
    vw_topology_close(demo->topology);
    if (demo->sim != NULL) {
        vw_sim_close(demo->sim);
    }
    for (size_t i = 0; i < demo->chain_count; i++) {
        vw_chain_free(&demo->chains[i]);
    }
    free(demo);
}

static vw_err parse(const vw_command *command, int argc, char **argv, wish_list *wishes,
                    vw_arguments *arguments, vw_error *error)
{
    const vw_option options[] = {
        {"chain", 0, VW_OPTION_TEXTS, &wishes->chains, "FILE",
         "play this chain (SPX; again for VIX); see below", 0, 0},
        {"at", 0, VW_OPTION_TEXT, &wishes->at, "TIME",
         "market time at the start: quote, download, vendor or an instant", 0, 0},
        {"portfolio", 0, VW_OPTION_TEXT, &wishes->portfolio, "FILE",
         "book; without it one that fits the chain", 0, 0},
        {"seconds", 's', VW_OPTION_NUMBER, &wishes->seconds, "N",
         "end after so long (on a terminal: at q or Ctrl-C, else 60)", 0.1, 1e9},
        {"rate", 0, VW_OPTION_NUMBER, &wishes->rate, "N", "quotes per second; 5000", 1, 1e6},
        {"speed", 0, VW_OPTION_NUMBER, &wishes->speed, "X", "market seconds per second; 1", 0.001,
         1e5},
        {"still", 0, VW_OPTION_FLAG, &wishes->still, NULL,
         "quotes do not move, they are only repeated", 0, 0},
        {"loss", 0, VW_OPTION_TEXT, &wishes->impairments.loss, "A[,B]",
         "share of packets lost on line A and B", 0, 0},
        {"reorder", 0, VW_OPTION_TEXT, &wishes->impairments.reorder, "A[,B]",
         "share that comes late", 0, 0},
        {"duplicate", 0, VW_OPTION_TEXT, &wishes->impairments.duplicate, "A[,B]",
         "share that comes twice", 0, 0},
        {"plain", 0, VW_OPTION_FLAG, &wishes->plain, NULL,
         "text on stderr, a page every two seconds; so without a terminal", 0, 0},
        {"seed", 0, VW_OPTION_WHOLE, &wishes->seed, "N", "another day of the same kind; 1", 1,
         1e15},
        {"split", 0, VW_OPTION_FLAG, &wishes->split, NULL,
         "feed, engine and publisher on a thread each", 0, 0},
        {"endpoint", 0, VW_OPTION_TEXT, &wishes->endpoint, "ENDPOINT", "publish here", 0, 0},
        {"port", 0, VW_OPTION_WHOLE, &wishes->port, "N",
         "first of six UDP and TCP ports of the simulated exchange", 1024, 65530},
    };

    return vw_options_parse(command, options, VW_COUNT_OF(options), 0, argc, argv, arguments,
                            error);
}

static vw_err run(const vw_command *command, int argc, char **argv, vw_error *error)
{
    bool terminal = isatty(STDIN_FILENO) && (isatty(STDOUT_FILENO) || isatty(STDERR_FILENO));
    show *demo = calloc(1, sizeof *demo);
    vw_arguments arguments;
    vw_err err;

    vw_check(demo != NULL);
    demo->wishes = (wish_list){
        .endpoint = "tcp://127.0.0.1:5611",
        .seconds = terminal ? 0 : SECONDS_DEFAULT,
        .rate = 5000,
        .speed = 1,
        .plain = !terminal,
        .port = 31101,
        .seed = 1,
    };
    err = parse(command, argc, argv, &demo->wishes, &arguments, error);
    if (err == VW_OK && !arguments.done) {
        err = play(demo, arguments.kernels, error);
    }
    clean_up(demo);
    return err;
}

const vw_command vw_command_demo = {
    .name = "demo",
    .summary = "simulated exchange, engine and a live view, in one go",
    .usage = "",
    .details =
        "Real protocol bytes go over multicast on loopback through the same engine as `run`.\n"
        "Without --chain the day is synthetic and says so.  A chain is a file as the exchange's\n"
        "delayed-quotes page gives it (\"download CSV\" on cboe.com, plain or gz); SPX and VIX\n"
        "of one instant go together: --chain spx.csv.gz --chain vix.csv.gz.\n"
        "Ends with one JSON object on stdout: messages_in, messages_out, losses, p50_us, p99_us,\n"
        "p999_us.  Exit 6 when greeks, curve, regime or hedge did not flow, or something was\n"
        "lost though no line was told to lose; 4 when the endpoint is in use.",
    .run = run,
};
