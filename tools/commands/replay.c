#include "tools/commands/commands.h"

#include "core/base/clock.h"
#include "core/base/log.h"
#include "tools/housekeeping.h"
#include "tools/player.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Packets of one turn, as the reactor takes them; and how far the recorded clock goes at once: the
 * engine has timers of its own.  After QUIET_NS without a packet it goes on to the next. */
enum { PACKETS_PER_TURN = 64 };
#define TURN_NS VW_NS_PER_MS
#define STEP_NS (100 * VW_NS_PER_MS)
#define QUIET_NS (10 * VW_NS_PER_SECOND)
#define TAIL_NS (2 * VW_NS_PER_SECOND)
#define PROGRESS_NS (200 * VW_NS_PER_MS)

typedef struct replay {
    const char *file, *endpoint, *protocol;
    double speed, wait_seconds;
    vw_config config;
    vw_player *player; /* NULL: a tape is played */
    vw_tape_reader *tape;
    vw_tape_turn turn;
    vw_topology *topology;
    vw_housekeeping housekeeping;
    int64_t now_ns, first_ns, packet_ns; /* recorded: now, of the first packet, of the last */
    int64_t begun_ns, said_ns, kept_ns;  /* monotonic */
    bool terminal;
} replay;

static void say_progress(replay *self, bool last)
{
    int64_t monotonic_ns = vw_clock_monotonic_ns(), second;
    double share = vw_player_share(self->player);
    double took = (double)(monotonic_ns - self->begun_ns) / 1e9;
    uint32_t date = vw_calendar_date(self->now_ns, &second);

    if (!self->terminal || (!last && monotonic_ns - self->said_ns < PROGRESS_NS)) {
        return;
    }
    self->said_ns = monotonic_ns;
    fprintf(stderr, "\r\033[K");
    if (!last) {
        fprintf(stderr, "replay");
        if (share >= 0) {
            fprintf(stderr, " %3.0f %%", 100 * share);
        }
        fprintf(stderr,
                "  %u %02" PRId64 ":%02" PRId64 ":%02" PRId64 " New York  %" PRIu64
                " packets  %.3gx",
                date, second / 3600, second / 60 % 60, second % 60,
                vw_player_counted(self->player)->packets,
                took > 0 ? (double)(self->now_ns - self->first_ns) / 1e9 / took : 0);
        fflush(stderr);
    }
}

static void keep_house(replay *self)
{
    int64_t monotonic_ns = vw_clock_monotonic_ns();

    say_progress(self, false);
    if (monotonic_ns - self->kept_ns >= VW_NS_PER_SECOND) {
        if (self->terminal) {
            fprintf(stderr, "\r\033[K");
        }
        vw_housekeeping_turn(&self->housekeeping, monotonic_ns);
        self->kept_ns = monotonic_ns;
    }
}

static void turn(replay *self)
{
    vw_topology_turn(self->topology, self->now_ns);
    keep_house(self);
}

/* pass lets recorded time go on to until_ns, in steps. */
static void pass(replay *self, int64_t until_ns)
{
    int64_t quiet_end_ns = self->packet_ns + QUIET_NS;

    while (until_ns - self->now_ns > STEP_NS && self->now_ns < quiet_end_ns &&
           !vw_stop_requested()) {
        self->now_ns += STEP_NS;
        turn(self);
    }
}

/* hand gives the feed the packets of the next moment; now is when the last of them came. */
static void hand(replay *self, int64_t next_ns)
{
    vw_player_hand(self->player, vw_topology_feed(self->topology), next_ns + TURN_NS,
                   PACKETS_PER_TURN);
    self->packet_ns = vw_player_newest_ns(self->player);
    self->now_ns = self->packet_ns > self->now_ns ? self->packet_ns : self->now_ns;
}

/* play_fast goes from packet to packet. */
static void play_fast(replay *self)
{
    int64_t next_ns;

    while (!vw_stop_requested() && vw_player_next_ns(self->player, &next_ns)) {
        pass(self, next_ns);
        hand(self, next_ns);
        turn(self);
    }
}

static int64_t recorded_now_ns(const replay *self)
{
    double passed = (double)(vw_clock_monotonic_ns() - self->begun_ns) * self->speed;

    return passed < 9e18 ? self->first_ns + (int64_t)passed : INT64_MAX;
}

static void play_paced(replay *self)
{
    const struct timespec nap = {0, VW_NS_PER_MS / 5};
    int64_t next_ns;

    while (!vw_stop_requested() && vw_player_next_ns(self->player, &next_ns)) {
        int64_t due_ns = recorded_now_ns(self);

        pass(self, next_ns < due_ns ? next_ns : due_ns); /* when this machine fell behind */
        self->now_ns = due_ns > self->now_ns ? due_ns : self->now_ns;
        if (next_ns <= self->now_ns) {
            hand(self, next_ns);
        } else {
            nanosleep(&nap, NULL);
        }
        turn(self);
    }
}

/* Subscribers need a moment to find us; until then recorded time stands still. */
static void wait_for_subscribers(replay *self)
{
    const struct timespec nap = {0, 10 * VW_NS_PER_MS};
    int64_t begun_ns = vw_clock_monotonic_ns();

    while (!vw_stop_requested() &&
           (double)(vw_clock_monotonic_ns() - begun_ns) < self->wait_seconds * 1e9) {
        self->now_ns += 10 * VW_NS_PER_MS; /* the publisher listens by the clock */
        vw_topology_turn(self->topology, self->now_ns);
        nanosleep(&nap, NULL);
    }
}

static void play(replay *self)
{
    bool any = vw_player_next_ns(self->player, &self->first_ns);

    self->first_ns = any ? self->first_ns : vw_clock_realtime_ns();
    self->now_ns = self->packet_ns =
        self->first_ns - (int64_t)(self->wait_seconds * 1e9) - VW_NS_PER_SECOND;
    wait_for_subscribers(self);
    self->now_ns = self->packet_ns = self->first_ns;
    self->begun_ns = vw_clock_monotonic_ns();
    if (self->speed > 0) {
        play_paced(self);
    } else {
        play_fast(self);
    }
    /* Holes have their time; then every expiry is cut once more, without the lines falling silent.
     */
    pass(self, self->now_ns + TAIL_NS);
    vw_topology_work(self->topology,
                     self->now_ns + self->config.engine.refresh_ns + VW_NS_PER_SECOND);
    say_progress(self, true);
}

/* put gives the engine what the feed, or control, gave it; false: there is no room for it. */
static bool put(vw_ring *to, const vw_event *events, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        vw_event *slot = vw_ring_reserve(to);

        if (slot == NULL) {
            return false;
        }
        *slot = events[i];
        vw_ring_commit(to);
    }
    return true;
}

/* play_tape polls the engine as it was polled. */
static vw_err play_tape(replay *self, const char *name, vw_error *error)
{
    const struct timespec nap = {0, VW_NS_PER_MS / 5};
    bool more = vw_tape_next(self->tape, &self->turn), fits = true;

    self->first_ns = more ? self->turn.now_ns : vw_clock_realtime_ns();
    self->now_ns = self->first_ns - (int64_t)(self->wait_seconds * 1e9) - VW_NS_PER_SECOND;
    wait_for_subscribers(self);
    self->begun_ns = vw_clock_monotonic_ns();
    for (; more && fits && !vw_stop_requested(); more = vw_tape_next(self->tape, &self->turn)) {
        const vw_tape_turn *poll = &self->turn;

        while (self->speed > 0 && poll->now_ns > recorded_now_ns(self) && !vw_stop_requested()) {
            nanosleep(&nap, NULL);
        }
        fits = put(vw_topology_events(self->topology), poll->events, poll->counts[0]) &&
               put(vw_topology_controls(self->topology), poll->events + poll->counts[0],
                   poll->counts[1]);
        vw_topology_poll(self->topology, poll->now_ns);
    }
    return fits ? VW_OK
                : vw_fail(error, VW_ERR_DATA,
                          "tape %s: its events do not fit topology.event_ring; play it with the "
                          "configuration it was recorded with",
                          name);
}

static void say_channels(const replay *self, bool configured)
{
    const vw_feed_config *feed = &self->config.feed;

    for (size_t i = 0; !configured && i < feed->channel_count; i++) {
        for (size_t j = 0; j < feed->channels[i].line_count; j++) {
            const vw_line_config *line = &feed->channels[i].lines[j];

            if (line->group[0] != '\0') {
                vw_log("%s %c: %s:%u", feed->channels[i].name, (int)('A' + j), line->group,
                       line->port);
            }
        }
    }
    vw_log("publishing on %s", self->config.publisher.endpoint);
}

static void say_counts(const replay *self)
{
    const vw_player_counts *counts = vw_player_counted(self->player);
    vw_capture_counts captured = vw_player_captured(self->player);

    if (counts->homeless > 0) {
        vw_log("%" PRIu64 " packets were not played: their destination is no line of a channel",
               counts->homeless);
    }
    if (counts->foreign > 0) {
        vw_log("%" PRIu64 " packets were not played: complex books, other exchanges, or more than "
               "%d channels; -c names those to play",
               counts->foreign, VW_FEED_CHANNELS_MAX);
    }
    if (captured.fragments + captured.cut + captured.other > 0) {
        vw_log("frames left out: %" PRIu64 " fragments, %" PRIu64 " cut, %" PRIu64
               " not UDP over IPv4",
               captured.fragments, captured.cut, captured.other);
    }
}

static vw_err read_config(replay *self, vw_error *error)
{
    vw_err err = vw_config_read(self->file, &self->config, error);

    if (err == VW_OK && self->endpoint != NULL) {
        snprintf(self->config.publisher.endpoint, sizeof self->config.publisher.endpoint, "%s",
                 self->endpoint);
    }
    self->config.topology.recorded = true;
    self->config.topology.split = false;
    if (strcmp(self->config.publisher.source, "live") == 0) {
        snprintf(self->config.publisher.source, sizeof self->config.publisher.source, "replay");
    }
    return err;
}

static vw_err run_tape(replay *self, const char *name, const vw_kernels *kernels, vw_error *error)
{
    vw_error why = {{0}};
    vw_err err = read_config(self, error);

    self->config.feed.channel_count = 1; /* it plays no part, but there has to be one */
    if (err == VW_OK) {
        err = vw_tape_open(name, &self->tape, error);
    }
    if (err == VW_OK) {
        err = vw_topology_open(&self->config, kernels, NULL, &self->topology, error);
    }
    if (err == VW_OK) {
        vw_housekeeping_begin(&self->housekeeping, self->topology);
        err = vw_topology_begin(self->topology, error);
    }
    if (err == VW_OK) {
        vw_log("publishing on %s", self->config.publisher.endpoint);
        err = play_tape(self, name, error);
        vw_housekeeping_end(&self->housekeeping, vw_clock_monotonic_ns());
    }
    vw_err end = vw_tape_end(self->tape, &why);

    if (err == VW_OK && end != VW_OK) {
        *error = why;
        err = end;
    }
    return err;
}

static vw_err run_files(replay *self, const vw_arguments *arguments, vw_decode_protocol protocol,
                        vw_error *error)
{
    vw_err err = read_config(self, error);

    if (err == VW_OK) {
        err = vw_player_open(arguments->list, arguments->count, protocol, &self->player, error);
    }
    if (err != VW_OK) {
        return err;
    }
    bool configured = vw_player_place(self->player, &self->config.feed);

    err = vw_topology_open(&self->config, arguments->kernels, NULL, &self->topology, error);
    if (err == VW_OK) {
        vw_housekeeping_begin(&self->housekeeping, self->topology);
        err = vw_topology_begin(self->topology, error);
    }
    if (err == VW_OK) {
        say_channels(self, configured);
        play(self);
        say_counts(self);
        vw_housekeeping_end(&self->housekeeping, vw_clock_monotonic_ns());
        err = vw_player_error(self->player, error);
    }
    return err;
}

static vw_err run(const vw_command *command, int argc, char **argv, vw_error *error)
{
    replay *self = calloc(1, sizeof *self);

    vw_check(self != NULL);
    self->protocol = "auto";
    self->speed = 1;
    self->terminal = isatty(STDERR_FILENO);
    const vw_option options[] = {
        {"config", 'c', VW_OPTION_TEXT, &self->file, "FILE",
         "configuration; without it the defaults, and the channels that are found", 0, 0},
        {"protocol", 'p', VW_OPTION_TEXT, &self->protocol, "NAME",
         "pitch, cfe, opra, dbn or auto (default)", 0, 0},
        {"speed", 0, VW_OPTION_NUMBER, &self->speed, "N",
         "recorded seconds per second; 1 = as captured, 0 = as fast as possible", 0, 1e9},
        {"wait", 0, VW_OPTION_NUMBER, &self->wait_seconds, "SECONDS",
         "before the first packet, for subscribers to come", 0, 3600},
        {"endpoint", 0, VW_OPTION_TEXT, &self->endpoint, "ENDPOINT", "publish here", 0, 0},
    };
    vw_arguments arguments;
    vw_err err = vw_options_parse(command, options, VW_COUNT_OF(options), VW_PLAYER_FILES_MAX, argc,
                                  argv, &arguments, error);
    vw_decode_protocol protocol = vw_decode_protocol_find(self->protocol);

    if (err == VW_OK && !arguments.done) {
        if (protocol == VW_DECODE_PROTOCOLS || protocol == VW_DECODE_COMPLEX ||
            protocol == VW_DECODE_AU) {
            err = vw_fail(error, VW_ERR_USAGE,
                          "--protocol %s: expected pitch, cfe, opra, dbn or auto", self->protocol);
        } else if (arguments.count == 0) {
            err = vw_fail(error, VW_ERR_USAGE, "no file; see vegawire replay --help");
        } else if (arguments.count == 1 && vw_tape_is(arguments.list[0])) {
            err = run_tape(self, arguments.list[0], arguments.kernels, error);
        } else {
            err = run_files(self, &arguments, protocol, error);
        }
    }
    vw_topology_close(self->topology);
    vw_player_close(self->player);
    free(self);
    return err;
}

const vw_command vw_command_replay = {
    .name = "replay",
    .summary = "captures and DBN files through the engine, as if they came in now",
    .usage = "FILE...",
    .details =
        "FILE is a pcap, pcapng or DBN file, plain, gzip or zstd; - is standard input.  Several "
        "are\n"
        "played together, by their times.  The same arbiter, books, engine and publisher as "
        "`run`,\n"
        "on the recorded clock: the same files give the same messages, publish times apart.\n"
        "Which exchange feed a destination is: by the lines of -c FILE, if one of them is in the\n"
        "recordings; else by what they hold, and destinations that carry the same messages are\n"
        "lines of one feed.  Recorded feeds that are found so repeat no orders (reannounce_s 0).\n"
        "A tape (`vegawire run --tape`) is played alone, with the configuration of its run: the\n"
        "engine is polled as it was polled, and says what it said.\n"
        "Ends with one JSON object on stdout: messages_in, messages_out, losses, and null for the\n"
        "latencies, which a recording does not have.",
    .run = run,
};
