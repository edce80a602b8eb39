#include "tools/commands/commands.h"

#include "core/base/clock.h"
#include "core/base/log.h"
#include "tools/impairment.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { CHAINS_MAX = 4, CURVE_MAX = VW_SIM_FUTURES, NAP_NS = 20000, SLACK_NS = 1000 };
enum { LINGER_NS = 300 * 1000 * 1000 };

/* What the user asked for. */
typedef struct sim_wishes {
    const char *at, *options, *futures, *interface, *curve, *refuse;
    vw_impairment_texts impairments;
    double seconds, speed, rate, reannounce_seconds;
    int64_t seed, units, batch, servers;
    bool same_loss, still, spin;
} sim_wishes;

typedef struct sim_play {
    vw_sim_config config;
    vw_chain chains[CHAINS_MAX];
    size_t chain_count;
    double curve[CURVE_MAX];
    bool synthetic;
    vw_sim *sim;
} sim_play;

/* "239.200.1.1:30101" */
static bool parse_place(const char *text, size_t size, vw_line_config *line)
{
    const char *colon = memchr(text, ':', size);
    char *end = NULL;
    long port;

    if (colon == NULL || colon == text || (size_t)(colon - text) >= sizeof line->group) {
        return false;
    }
    port = strtol(colon + 1, &end, 10);
    if (end != text + size || end == colon + 1 || port < 1 || port > UINT16_MAX) {
        return false;
    }
    memset(line->group, 0, sizeof line->group);
    memcpy(line->group, text, (size_t)(colon - text));
    line->port = (uint16_t)port;
    return true;
}

/* One place: line A alone; two: A and B; three: where gaps are replayed, too. */
static vw_err parse_places(const char *option, const char *text, vw_channel_config *channel,
                           vw_error *error)
{
    const char *rest = text;

    if (text == NULL) {
        return VW_OK;
    }
    channel->line_count = 0;
    for (size_t i = 0; i < 3 && rest != NULL; i++) {
        const char *comma = strchr(rest, ',');
        size_t size = comma != NULL ? (size_t)(comma - rest) : strlen(rest);

        channel->line_count += i < 2;
        if (!parse_place(rest, size, i < 2 ? &channel->lines[i] : &channel->recovery.replay)) {
            break;
        }
        rest = comma != NULL ? comma + 1 : NULL;
    }
    if (rest != NULL) {
        return vw_fail(error, VW_ERR_USAGE,
                       "--%s %s: expected group:port of line A, of A and B, or of A, B and the "
                       "replays, as in 239.200.1.1:30101,239.200.1.2:30102,239.200.1.3:30103",
                       option, text);
    }
    return VW_OK;
}

static vw_err parse_interface(const char *text, vw_sim_config *config, vw_error *error)
{
    if (text == NULL) {
        return VW_OK;
    }
    if (strlen(text) >= sizeof config->options.lines[0].interface) {
        return vw_fail(error, VW_ERR_USAGE, "--interface %s: expected an IPv4 address", text);
    }
    memcpy(config->options.recovery.replay.interface, text, strlen(text) + 1);
    memcpy(config->futures.recovery.replay.interface, text, strlen(text) + 1);
    for (size_t i = 0; i < 2; i++) {
        memcpy(config->options.lines[i].interface, text, strlen(text) + 1);
        memcpy(config->futures.lines[i].interface, text, strlen(text) + 1);
    }
    return VW_OK;
}

static vw_err parse_refusals(const char *text, uint32_t *refuse, vw_error *error)
{
    static const struct {
        const char *name;
        uint32_t bit;
    } kinds[] = {{"login", VW_SIM_REFUSE_LOGIN},   {"gap", VW_SIM_REFUSE_GAP},
                 {"replay", VW_SIM_REFUSE_REPLAY}, {"spin", VW_SIM_REFUSE_SPIN},
                 {"cut", VW_SIM_REFUSE_CUT},       {"silent", VW_SIM_REFUSE_SILENTLY}};
    const char *rest = text;

    while (rest != NULL) {
        size_t size = strcspn(rest, ","), i = 0;

        while (i < VW_COUNT_OF(kinds) &&
               (strlen(kinds[i].name) != size || memcmp(rest, kinds[i].name, size) != 0)) {
            i++;
        }
        if (i == VW_COUNT_OF(kinds)) {
            return vw_fail(error, VW_ERR_USAGE,
                           "--refuse %s: expected login, gap, replay, spin, cut or silent, or "
                           "several, as in gap,spin",
                           text);
        }
        *refuse |= kinds[i].bit;
        rest = rest[size] == ',' ? rest + size + 1 : NULL;
    }
    return VW_OK;
}

/* Four ports in a row, beginning with first; 0: no servers.  Not said: the usual ones, if free. */
static void set_servers(vw_sim_config *config, int64_t first)
{
    vw_recovery_config *channels[] = {&config->options.recovery, &config->futures.recovery};

    config->servers_needed = first > 0;
    for (size_t i = 0; first >= 0 && i < 2; i++) {
        channels[i]->gap.port = first > 0 ? (uint16_t)(first + 2 * (int64_t)i) : 0;
        channels[i]->spins[0].port = first > 0 ? (uint16_t)(channels[i]->gap.port + 1) : 0;
    }
}

static vw_err parse_curve(const char *text, sim_play *played, vw_error *error)
{
    const char *rest = text;

    while (rest != NULL && played->config.curve_count < CURVE_MAX) {
        char *end;
        double price = strtod(rest, &end);

        if (end == rest || !(price > 0 && price < 1000) || (*end != ',' && *end != '\0')) {
            break;
        }
        played->curve[played->config.curve_count++] = price;
        rest = *end == ',' ? end + 1 : NULL;
    }
    played->config.curve = played->config.curve_count > 0 ? played->curve : NULL;
    return rest == NULL ? VW_OK
                        : vw_fail(error, VW_ERR_USAGE,
                                  "--curve %s: expected 1 to %d prices of VX futures by expiry, as "
                                  "in 16.5,17.4,18.1",
                                  text, CURVE_MAX);
}

static vw_err configure(const sim_wishes *wishes, sim_play *played, vw_error *error)
{
    vw_sim_config *config = &played->config;
    vw_err err;

    *config = vw_sim_defaults();
    config->at = wishes->at;
    config->rate = wishes->rate;
    config->speed = wishes->speed;
    config->still = wishes->still;
    config->same_loss = wishes->same_loss;
    config->seed = (uint64_t)wishes->seed;
    config->option_units = (uint8_t)wishes->units;
    config->batch = (uint8_t)wishes->batch;
    config->reannounce_ns = (int64_t)(wishes->reannounce_seconds * (double)VW_NS_PER_SECOND);
    set_servers(config, wishes->servers);
    err = parse_refusals(wishes->refuse, &config->refuse, error);
    if (err != VW_OK) {
        return err;
    }
    err = vw_impairment_parse(&wishes->impairments, config->lines, error);
    if (err == VW_OK) {
        err = parse_places("options", wishes->options, &config->options, error);
    }
    if (err == VW_OK) {
        err = parse_places("futures", wishes->futures, &config->futures, error);
    }
    if (err == VW_OK) {
        err = parse_interface(wishes->interface, config, error);
    }
    return err == VW_OK ? parse_curve(wishes->curve, played, error) : err;
}

static vw_err open_sim(sim_play *played, const vw_arguments *arguments, vw_error *error)
{
    vw_err err = VW_OK;

    for (int i = 0; err == VW_OK && i < arguments->count; i++) {
        vw_chain *chain = &played->chains[i];

        err = vw_chain_read(arguments->list[i], NULL, chain, error);
        played->chain_count += err == VW_OK;
        if (err == VW_OK && chain->bad_rows > 0) {
            vw_log("sim: %s: %zu unreadable rows left out", chain->path, chain->bad_rows);
        }
    }
    played->synthetic = arguments->count == 0;
    played->config.chains = played->chains;
    played->config.chain_count = played->chain_count;
    if (err == VW_OK) {
        err = vw_sim_open(&played->config, &played->sim, error);
    }
    for (size_t i = 0; i < played->chain_count; i++) {
        vw_chain_free(&played->chains[i]);
    }
    return err == VW_OK ? vw_sim_begin(played->sim, error) : err;
}

static void print_instant(char *text, size_t size, int64_t instant_ns)
{
    int64_t second;
    uint32_t date = vw_calendar_date(instant_ns, &second);

    snprintf(text, size, "%04u-%02u-%02uT%02d:%02d:%02d", date / 10000, date / 100 % 100,
             date % 100, (int)(second / 3600), (int)(second / 60 % 60), (int)(second % 60));
}

static void say_what(const sim_play *played)
{
    const vw_line_config *a = &played->config.options.lines[0];
    const vw_line_config *b = &played->config.futures.lines[0];
    vw_sim_totals totals = vw_sim_totals_get(played->sim);
    char instant[32];

    print_instant(instant, sizeof instant, totals.market_ns);
    if (played->synthetic) {
        vw_log("sim: SYNTHETIC day: prices of our own model, no market data");
    }
    vw_log("sim: %u options of %u expiries and %u VX futures, market time %s New York; line A of "
           "options on %s:%u, of futures on %s:%u",
           totals.series, totals.expiries, totals.futures, instant, a->group, a->port, b->group,
           b->port);
}

static void show_progress(const vw_sim_totals *now, const vw_sim_totals *before, double seconds)
{
    char instant[32];

    print_instant(instant, sizeof instant, now->market_ns);
    fprintf(stderr, "\r%s  %.0f quotes/s  %.0f packets/s  %.1f Mbit/s  skipped %" PRIu64 " \033[K",
            instant, (double)(now->quotes - before->quotes) / seconds,
            (double)(now->packets - before->packets) / seconds,
            (double)(now->bytes - before->bytes) * 8e-6 / seconds, now->skipped);
    if (now->send_failures > 0) {
        fprintf(stderr, "send failures %" PRIu64, now->send_failures);
    }
}

/* Who has just heard of a last gap gets it, and who does not hang up may not keep us. */
static void linger(vw_sim *sim)
{
    int64_t end_ns = vw_clock_monotonic_ns() + LINGER_NS;

    while (vw_sim_serve(sim, vw_clock_realtime_ns()) && vw_clock_monotonic_ns() < end_ns) {
        nanosleep(&(struct timespec){.tv_nsec = 10 * NAP_NS}, NULL);
    }
}

static double play(vw_sim *sim, double seconds, bool spin)
{
    int64_t start_ns = vw_clock_monotonic_ns(), shown_ns = start_ns, now_ns = start_ns;
    vw_sim_totals shown = vw_sim_totals_get(sim);
    bool terminal = isatty(STDERR_FILENO) == 1;

    prctl(PR_SET_TIMERSLACK, SLACK_NS, 0, 0, 0); /* naps as short as asked for */
    while (!vw_stop_requested() &&
           (seconds <= 0 || (double)(now_ns - start_ns) < seconds * (double)VW_NS_PER_SECOND)) {
        if (vw_sim_poll(sim, vw_clock_realtime_ns()) == 0 && !spin) {
            nanosleep(&(struct timespec){.tv_nsec = NAP_NS}, NULL);
        }
        now_ns = vw_clock_monotonic_ns();
        if (terminal && now_ns - shown_ns >= VW_NS_PER_SECOND) {
            vw_sim_totals totals = vw_sim_totals_get(sim);

            show_progress(&totals, &shown, (double)(now_ns - shown_ns) * 1e-9);
            shown = totals;
            shown_ns = now_ns;
        }
    }
    vw_sim_end(sim);
    linger(sim);
    if (terminal) {
        fputc('\n', stderr);
    }
    return (double)(now_ns - start_ns) * 1e-9;
}

static vw_err print_totals(const sim_play *played, double seconds, vw_error *error)
{
    vw_sim_totals t = vw_sim_totals_get(played->sim);
    char instant[32];
    json_t *report;
    bool written;

    print_instant(instant, sizeof instant, t.market_ns);
    report = json_pack(
        "{s:b, s:s, s:f, s:i, s:i, s:i, s:i, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, "
        "s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}",
        "synthetic", played->synthetic, "market_time", instant, "seconds", seconds, "series",
        (int)t.series, "expiries", (int)t.expiries, "futures", (int)t.futures, "units",
        (int)t.units, "quotes", (json_int_t)t.quotes, "quotes_skipped", (json_int_t)t.skipped,
        "sequenced", (json_int_t)t.sequenced, "lost_on_both", (json_int_t)t.lost_on_both,
        "messages", (json_int_t)t.messages, "packets", (json_int_t)t.packets, "bytes",
        (json_int_t)t.bytes, "packets_lost", (json_int_t)t.packets_lost, "packets_duplicated",
        (json_int_t)t.packets_duplicated, "packets_reordered", (json_int_t)t.packets_reordered,
        "heartbeats", (json_int_t)t.heartbeats, "send_failures", (json_int_t)t.send_failures,
        "logins", (json_int_t)t.logins, "gap_requests", (json_int_t)t.gap_requests, "gap_refusals",
        (json_int_t)t.gap_refusals, "messages_replayed", (json_int_t)t.replayed, "images",
        (json_int_t)t.images, "image_refusals", (json_int_t)t.image_refusals);
    written =
        report != NULL && json_dumpf(report, stdout, JSON_COMPACT | JSON_REAL_PRECISION(6)) == 0;
    json_decref(report);
    if (!written) {
        return vw_fail(error, VW_ERR_DATA, "the totals could not be written");
    }
    putchar('\n');
    fflush(stdout);
    return VW_OK;
}

static vw_err run(const vw_command *command, int argc, char **argv, vw_error *error)
{
    sim_wishes wishes = {
        .speed = 1, .rate = 5000, .reannounce_seconds = 5, .seed = 1, .units = 4, .servers = -1};
    const vw_option options[] = {
        {"at", 0, VW_OPTION_TEXT, &wishes.at, "TIME",
         "market time at the start: quote, download, vendor or an instant", 0, 0},
        {"speed", 0, VW_OPTION_NUMBER, &wishes.speed, "N", "market seconds per second; 1", 0, 1e5},
        {"rate", 0, VW_OPTION_NUMBER, &wishes.rate, "N", "quotes per second; 5000", 0, 1e6},
        {"spin", 0, VW_OPTION_FLAG, &wishes.spin, NULL,
         "never sleep: each quote leaves when it is due; takes a processor", 0, 0},
        {"still", 0, VW_OPTION_FLAG, &wishes.still, NULL, "quotes stay as they are in the file", 0,
         0},
        {"seconds", 's', VW_OPTION_NUMBER, &wishes.seconds, "N", "end after so long; 0 = never", 0,
         1e9},
        {"seed", 0, VW_OPTION_WHOLE, &wishes.seed, "N", "of every random draw; 1", 0, 1e15},
        {"loss", 0, VW_OPTION_TEXT, &wishes.impairments.loss, "A[,B]",
         "share of packets lost, by line", 0, 0},
        {"reorder", 0, VW_OPTION_TEXT, &wishes.impairments.reorder, "A[,B]",
         "share of packets that come late, by line", 0, 0},
        {"duplicate", 0, VW_OPTION_TEXT, &wishes.impairments.duplicate, "A[,B]",
         "share of packets that come twice, by line", 0, 0},
        {"same-loss", 0, VW_OPTION_FLAG, &wishes.same_loss, NULL,
         "never lose a message on both lines", 0, 0},
        {"reannounce", 0, VW_OPTION_NUMBER, &wishes.reannounce_seconds, "SECONDS",
         "each order is announced again within; 5", 0.5, 3600},
        {"units", 0, VW_OPTION_WHOLE, &wishes.units, "N", "matching units of the options; 4", 1,
         32},
        {"batch", 0, VW_OPTION_WHOLE, &wishes.batch, "N",
         "line B gathers up to N messages a packet; 0 = no", 0, 200},
        {"curve", 0, VW_OPTION_TEXT, &wishes.curve, "P1,P2,...", "prices of the VX futures", 0, 0},
        {"options", 0, VW_OPTION_TEXT, &wishes.options, "A[,B[,R]]",
         "group:port of the options, and of their replays", 0, 0},
        {"futures", 0, VW_OPTION_TEXT, &wishes.futures, "A[,B[,R]]",
         "group:port of the futures, and of their replays", 0, 0},
        {"servers", 0, VW_OPTION_WHOLE, &wishes.servers, "PORT",
         "first of four TCP ports of the recovery servers; 30301; 0 = none", 0, 65532},
        {"refuse", 0, VW_OPTION_TEXT, &wishes.refuse, "WHAT[,...]",
         "login, gap, replay, spin, cut (in mid-image) or silent", 0, 0},
        {"interface", 0, VW_OPTION_TEXT, &wishes.interface, "ADDRESS", "to send from; 127.0.0.1", 0,
         0},
    };
    sim_play played = {.sim = NULL};
    vw_arguments arguments;
    double seconds;
    vw_err err = vw_options_parse(command, options, VW_COUNT_OF(options), CHAINS_MAX, argc, argv,
                                  &arguments, error);

    if (err != VW_OK || arguments.done) {
        return err;
    }
    err = configure(&wishes, &played, error);
    if (err == VW_OK) {
        err = open_sim(&played, &arguments, error);
    }
    if (err == VW_OK) {
        say_what(&played);
        seconds = play(played.sim, wishes.seconds, wishes.spin);
        err = print_totals(&played, seconds, error);
    }
    vw_sim_close(played.sim);
    return err;
}

const vw_command vw_command_sim = {
    .name = "sim",
    .summary = "simulated exchange: a chain, or a synthetic day, as packets on multicast",
    .usage = "[CHAIN.csv[.gz]...]",
    .details =
        "Chains: delayed-quotes files of one instant, SPX and perhaps VIX; none: a built-in\n"
        "synthetic day. Options by default on 239.200.1.1:30101 and 239.200.1.2:30102, VX futures\n"
        "on 239.200.2.1:30201 and 239.200.2.2:30202. Recovery servers on 127.0.0.1: gap request\n"
        "proxy and spin server of the options on TCP ports 30301 and 30302, of the futures on\n"
        "30303 and 30304; replays on 239.200.1.3:30103 and 239.200.2.3:30203. Login: session\n"
        "0001, user VEGA, password vegawire. Ends with one JSON object of totals.\n"
        "Lines that lose, and servers that heal it:  vegawire sim --loss 0.05\n"
        "An engine left to its own devices:          vegawire sim --loss 0.05 --refuse gap,spin",
    .run = run,
};
