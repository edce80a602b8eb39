#include "tools/config.h"

#include "tools/hedge_inputs.h"
#include "tools/hedge_settings.h"
#include "tools/portfolio.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#define AT(member) offsetof(vw_config, member), sizeof(((vw_config *)0)->member)
#define OF_CHANNEL(member)                                                                         \
    offsetof(vw_channel_config, member), sizeof(((vw_channel_config *)0)->member)
#define OF_LINE(member) offsetof(vw_line_config, member), sizeof(((vw_line_config *)0)->member)
#define OF_SERVER(member)                                                                          \
    offsetof(vw_server_config, member), sizeof(((vw_server_config *)0)->member)
#define OF_DAY(member)                                                                             \
    offsetof(vw_calendar_override, member), sizeof(((vw_calendar_override *)0)->member)

static const char *check_group(const char *text)
{
    struct in_addr address;

    return inet_pton(AF_INET, text, &address) == 1 && IN_MULTICAST(ntohl(address.s_addr))
               ? NULL
               : "an IPv4 multicast group, 224.0.0.0 to 239.255.255.255";
}

static const char *check_interface(const char *text)
{
    struct in_addr address;

    return inet_pton(AF_INET, text, &address) == 1 && !IN_MULTICAST(ntohl(address.s_addr))
               ? NULL
               : "the IPv4 address of a network card, as 127.0.0.1";
}

static const char *check_endpoint(const char *text)
{
    bool known = strncmp(text, "tcp://", 6) == 0 || strncmp(text, "ipc://", 6) == 0;

    return known && text[6] != '\0' ? NULL : "a ZeroMQ endpoint, tcp://ADDRESS:PORT or ipc://PATH";
}

static const char *check_endpoint_or_none(const char *text)
{
    return strcmp(text, "none") != 0 && check_endpoint(text) != NULL
               ? "none, or a ZeroMQ endpoint, tcp://ADDRESS:PORT or ipc://PATH"
               : NULL;
}

static const char *check_server(const char *text)
{
    struct in_addr address;

    return inet_pton(AF_INET, text, &address) == 1 && !IN_MULTICAST(ntohl(address.s_addr))
               ? NULL
               : "the IPv4 address of a server, as 127.0.0.1";
}

/* Topics are made of names: hedge.<book>. */
static const char *check_name(const char *text)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

    return text[strspn(text, letters)] == '\0' ? NULL : "letters, digits, - and _";
}

static const vw_choice protocols[] = {
    {"pitch", VW_PROTOCOL_PITCH}, {"cfe", VW_PROTOCOL_CFE}, {"opra", VW_PROTOCOL_OPRA}, {NULL, 0}};
static const vw_choice ios[] = {
    {"auto", VW_IO_AUTO}, {"io_uring", VW_IO_URING}, {"recvmmsg", VW_IO_RECVMMSG}, {NULL, 0}};
static const vw_choice threads[] = {{"single", false}, {"split", true}, {NULL, 0}};
static const vw_choice day_kinds[] = {
    {"closed", 'H'}, {"early", 'E'}, {"open", 'O'}, {"settlement", 'S'}, {NULL, 0}};

/* The channels of the simulated exchange, as `vegawire sim` sends them. */
static const char standard_lists[] =
    "feed:\n"
    "  channels:\n"
    "    - name: c1-options\n"
    "      protocol: pitch\n"
    "      lines:\n"
    "        - {group: 239.200.1.1, port: 30101, interface: 127.0.0.1}\n"
    "        - {group: 239.200.1.2, port: 30102, interface: 127.0.0.1}\n"
    "      gap: {port: 30301, group: 239.200.1.3, group_port: 30103}\n"
    "      spin: [{port: 30302}]\n"
    "    - name: cfe\n"
    "      protocol: cfe\n"
    "      lines:\n"
    "        - {group: 239.200.2.1, port: 30201, interface: 127.0.0.1}\n"
    "        - {group: 239.200.2.2, port: 30202, interface: 127.0.0.1}\n"
    "      gap: {port: 30303, group: 239.200.2.3, group_port: 30203}\n"
    "      spin: [{port: 30304}]\n";

/* clang-format off */
static const vw_field fields[] = {
    {"source", VW_FIELD_TEXT, AT(publisher.source), .standard = "live", .check = check_name,
     .help = "where the data comes from, said in every heartbeat"},
    {"portfolio", VW_FIELD_TEXT, AT(portfolio_file), .standard = "",
     .help = "portfolio file, found from this file's folder"},

    {"feed.io", VW_FIELD_CHOICE, AT(feed.io), .standard = "auto", .choices = ios,
     .help = "auto takes io_uring, or recvmmsg where it is refused"},
    {"feed.channels", VW_FIELD_LIST, offsetof(vw_config, feed.channels), sizeof(vw_channel_config),
     offsetof(vw_config, feed.channel_count), 1, VW_FEED_CHANNELS_MAX,
     .help = "exchange feeds, each with its lines"},
    {"feed.channels[].name", VW_FIELD_TEXT, OF_CHANNEL(name), .check = check_name,
     .help = "name of the channel in messages and reports"},
    {"feed.channels[].protocol", VW_FIELD_CHOICE, OF_CHANNEL(protocol), .choices = protocols,
     .help = "pitch (Cboe options), cfe (VX futures) or opra; PITCH and TOP"},
    {"feed.channels[].opra_control_text", VW_FIELD_FLAG, OF_CHANNEL(opra.control_has_text),
     .standard = "false", .help = "OPRA before 6.2: control messages have text"},
    {"feed.channels[].opra_narrow_offer", VW_FIELD_FLAG, OF_CHANNEL(opra.index_offer_narrow),
     .standard = "false", .help = "OPRA index quotes have an offer of 4 bytes, not 8"},
    {"feed.channels[].lines", VW_FIELD_LIST, offsetof(vw_channel_config, lines),
     sizeof(vw_line_config), offsetof(vw_channel_config, line_count), 1, VW_FEED_LINES_MAX,
     .help = "A, B, ...: the same messages on each"},
    {"feed.channels[].lines[].group", VW_FIELD_TEXT, OF_LINE(group), .check = check_group,
     .help = "multicast group"},
    {"feed.channels[].lines[].port", VW_FIELD_WHOLE, OF_LINE(port), .min = 1, .max = 65535,
     .help = "UDP port"},
    {"feed.channels[].lines[].interface", VW_FIELD_TEXT, OF_LINE(interface),
     .standard = "127.0.0.1", .check = check_interface, .help = "address of the card to join on"},
    {"feed.channels[].wait_ms", VW_FIELD_DURATION, OF_CHANNEL(wait_ns), .min = 0, .max = 10000,
     .unit_ns = 1e6, .standard = "20", .help = "how long a hole waits for the other lines"},
    {"feed.channels[].silent_s", VW_FIELD_DURATION, OF_CHANNEL(silent_ns), .min = 0.1, .max = 3600,
     .unit_ns = 1e9, .standard = "3", .help = "a line is silent after so long without a packet"},
    {"feed.channels[].reannounce_s", VW_FIELD_DURATION, OF_CHANNEL(reannounce_ns), .min = 0,
     .max = 86400, .unit_ns = 1e9, .standard = "5",
     .help = "every resting order is repeated within this; 0 = never: images heal"},
    {"feed.channels[].login.session", VW_FIELD_TEXT, OF_CHANNEL(recovery.login.session),
     .standard = "0001", .help = "session sub id, at the recovery servers"},
    {"feed.channels[].login.user", VW_FIELD_TEXT, OF_CHANNEL(recovery.login.user),
     .standard = "VEGA", .help = "user there"},
    {"feed.channels[].login.password", VW_FIELD_TEXT, OF_CHANNEL(recovery.login.password),
     .standard = "vegawire", .secret = true, .help = "password there; not shown by check"},
    {"feed.channels[].gap.address", VW_FIELD_TEXT, OF_CHANNEL(recovery.gap.address),
     .standard = "127.0.0.1", .check = check_server, .help = "gap request proxy"},
    {"feed.channels[].gap.port", VW_FIELD_WHOLE, OF_CHANNEL(recovery.gap.port), .min = 0,
     .max = 65535, .standard = "0", .help = "its TCP port; 0 = gaps are not asked for"},
    {"feed.channels[].gap.group", VW_FIELD_TEXT, OF_CHANNEL(recovery.replay.group),
     .standard = "", .check = check_group, .help = "multicast group it replays on"},
    {"feed.channels[].gap.group_port", VW_FIELD_WHOLE, OF_CHANNEL(recovery.replay.port), .min = 0,
     .max = 65535, .standard = "0", .help = "UDP port of that group"},
    {"feed.channels[].gap.interface", VW_FIELD_TEXT, OF_CHANNEL(recovery.replay.interface),
     .standard = "127.0.0.1", .check = check_interface, .help = "address of the card to join on"},
    {"feed.channels[].gap.messages_max", VW_FIELD_WHOLE, OF_CHANNEL(recovery.gap_messages_max),
     .min = 1, .max = 65535, .standard = "100", .help = "larger gaps are not asked for"},
    {"feed.channels[].gap.timeout_ms", VW_FIELD_DURATION, OF_CHANNEL(recovery.gap_timeout_ns),
     .min = 1, .max = 10000, .unit_ns = 1e6, .standard = "200",
     .help = "how long a hole waits for the replay"},
    {"feed.channels[].spin", VW_FIELD_LIST, offsetof(vw_channel_config, recovery.spins),
     sizeof(vw_server_config), offsetof(vw_channel_config, recovery.spin_count), 0,
     VW_FEED_SPIN_SERVERS_MAX, .help = "spin servers: images of the order books; none = no images"},
    {"feed.channels[].spin[].unit", VW_FIELD_WHOLE, OF_SERVER(unit), .min = 0, .max = 255,
     .standard = "0", .help = "matching unit it serves; 0 = each that has no server of its own"},
    {"feed.channels[].spin[].address", VW_FIELD_TEXT, OF_SERVER(address), .standard = "127.0.0.1",
     .check = check_server, .help = "its address"},
    {"feed.channels[].spin[].port", VW_FIELD_WHOLE, OF_SERVER(port), .min = 1, .max = 65535,
     .help = "its TCP port"},
    {"feed.channels[].spin_timeout_s", VW_FIELD_DURATION, OF_CHANNEL(recovery.spin_timeout_ns),
     .min = 0.1, .max = 600, .unit_ns = 1e9, .standard = "5",
     .help = "an image must be there within this, login included"},
    {"feed.orders_max", VW_FIELD_WHOLE, AT(feed.orders_max), .min = 1024, .max = 16777216,
     .standard = "262144", .help = "resting orders"},
    {"feed.hold_packets", VW_FIELD_WHOLE, AT(feed.hold_packets), .min = 16, .max = 65536,
     .standard = "8192", .help = "packets kept behind holes"},
    {"feed.packets_per_poll", VW_FIELD_WHOLE, AT(feed.packets_per_poll), .min = 1, .max = 4096,
     .standard = "64", .help = "packets handled before the next turn"},
    {"feed.receive_buffer_bytes", VW_FIELD_WHOLE, AT(feed.receive_buffer), .min = 65536,
     .max = 1073741824, .standard = "8388608", .help = "kernel buffer of each socket"},

    {"engine.instruments_max", VW_FIELD_WHOLE, AT(engine.instruments_max), .min = 64,
     .max = 1048576, .standard = "32768", .help = "series and futures"},
    {"engine.expiries_max", VW_FIELD_WHOLE, AT(engine.expiries_max), .min = 4, .max = 4096,
     .standard = "256", .help = "expiries of all roots"},
    {"engine.strikes_max", VW_FIELD_WHOLE, AT(engine.strikes_max), .min = 16, .max = 8192,
     .standard = "1024", .help = "strikes of one expiry"},
    {"engine.events_per_poll", VW_FIELD_WHOLE, AT(engine.events_per_poll), .min = 1, .max = 65536,
     .standard = "1024", .help = "events taken before the next turn"},
    {"engine.cut_interval_ms", VW_FIELD_DURATION, AT(engine.cut_interval_ns), .min = 1,
     .max = 3600000, .unit_ns = 1e6, .standard = "1000",
     .help = "market time between cuts of an expiry that changed"},
    {"engine.refresh_s", VW_FIELD_DURATION, AT(engine.refresh_ns), .min = 0.1, .max = 3600,
     .unit_ns = 1e9, .standard = "5", .help = "every expiry is cut again after so long"},
    {"engine.quote_age_max_s", VW_FIELD_DURATION, AT(engine.quote_age_max_ns), .min = 0,
     .max = 86400, .unit_ns = 1e9, .standard = "0",
     .help = "an older quote is stale; 0 = quotes stand until changed"},

    {"publisher.endpoint", VW_FIELD_TEXT, AT(publisher.endpoint),
     .standard = "tcp://127.0.0.1:5601", .check = check_endpoint, .help = "where messages go out"},
    {"publisher.high_water_mark", VW_FIELD_WHOLE, AT(publisher.high_water_mark), .min = 100,
     .max = 10000000, .standard = "100000", .help = "messages kept per slow subscriber"},
    {"publisher.heartbeat_ms", VW_FIELD_DURATION, AT(publisher.heartbeat_ns), .min = 10,
     .max = 60000, .unit_ns = 1e6, .standard = "1000", .help = "time between heartbeats"},

    {"hedge.preset", VW_FIELD_TEXT, AT(preset), .standard = "alvh",
     .help = "alvh, vxth, alvh-ladder, none or a file; off: no decisions"},
    {"hedge.inputs", VW_FIELD_TEXT, AT(inputs_file), .standard = "none",
     .help = "what no feed has: events, account, macro; found from this file's folder"},
    {"hedge.closes", VW_FIELD_TEXT, AT(closes_file), .standard = "none",
     .help = "CSV of daily closes, for signals with history; likewise"},
    {"hedge.state", VW_FIELD_TEXT, AT(state_file), .standard = "none",
     .help = "where the decision's memory is kept over a restart; likewise"},

    {"control.endpoint", VW_FIELD_TEXT, AT(control_endpoint), .standard = "none",
     .check = check_endpoint_or_none,
     .help = "where `vegawire control` asks; without it the book cannot change while running"},

    {"topology.threads", VW_FIELD_CHOICE, AT(topology.split), .standard = "single",
     .choices = threads, .help = "single: one thread polls all; split: feed, engine, publisher"},
    {"topology.spin", VW_FIELD_FLAG, AT(topology.spin), .standard = "false",
     .help = "never sleep: each thread takes a whole processor"},
    {"topology.cpus.feed", VW_FIELD_WHOLE, AT(topology.feed_cpu), .min = -1, .max = 1023,
     .standard = "-1", .help = "processor of the feed thread; -1 = any"},
    {"topology.cpus.engine", VW_FIELD_WHOLE, AT(topology.engine_cpu), .min = -1, .max = 1023,
     .standard = "-1", .help = "of the engine thread, or of the single one"},
    {"topology.cpus.publisher", VW_FIELD_WHOLE, AT(topology.publisher_cpu), .min = -1, .max = 1023,
     .standard = "-1", .help = "of the publisher thread"},
    {"topology.event_ring", VW_FIELD_WHOLE, AT(topology.event_depth), .min = 1024, .max = 16777216,
     .power_of_two = true, .standard = "65536", .help = "slots from feed to engine"},
    {"topology.update_ring", VW_FIELD_WHOLE, AT(topology.update_depth), .min = 4096,
     .max = 16777216, .power_of_two = true, .standard = "65536",
     .help = "slots from engine to publisher"},

    {"calendar.overrides", VW_FIELD_LIST, offsetof(vw_config, calendar.overrides),
     sizeof(vw_calendar_override), offsetof(vw_config, calendar.override_count), 0,
     VW_CALENDAR_OVERRIDES_MAX, .help = "days and settlements that differ from the rules"},
    {"calendar.overrides[].date", VW_FIELD_DATE, OF_DAY(date), .help = "the day, or the expiry"},
    {"calendar.overrides[].kind", VW_FIELD_CHOICE, OF_DAY(kind), .choices = day_kinds,
     .help = "closed, early (close), open (after all) or settlement"},
    {"calendar.overrides[].root", VW_FIELD_TEXT, OF_DAY(root), .standard = "", .check = check_name,
     .help = "root of the series; settlement only; absent = any"},
    {"calendar.overrides[].at", VW_FIELD_MINUTE, OF_DAY(minute), .standard = "",
     .help = "New York time of the early close or the settlement"},
};
/* clang-format on */

static const vw_field_table table = {fields, VW_COUNT_OF(fields), standard_lists};

/* ---- contradictions: values that are right alone but not together ---------------------------- */

static vw_err check_lines(const vw_config_map *map, const vw_feed_config *feed, size_t i, size_t j,
                          vw_error *error)
{
    for (size_t k = 0; k < feed->channels[i].line_count; k++) {
        for (size_t m = 0; m < feed->channels[j].line_count; m++) {
            const vw_line_config *a = &feed->channels[i].lines[k], *b = &feed->channels[j].lines[m];
            char path[VW_FIELD_PATH_MAX];

            if ((i != j || k > m) && a->port == b->port && strcmp(a->group, b->group) == 0) {
                snprintf(path, sizeof path, "feed.channels[%zu].lines[%zu]", i, k);
                return vw_config_map_fail(
                    map, error, path,
                    "%s:%u is feed.channels[%zu].lines[%zu] already: each line "
                    "needs its own group or port",
                    a->group, a->port, j, m);
            }
        }
    }
    return VW_OK;
}

static vw_err check_recovery(const vw_config_map *map, const vw_feed_config *feed, size_t i,
                             vw_error *error)
{
    const vw_channel_config *channel = &feed->channels[i];
    const vw_recovery_config *recovery = &channel->recovery;
    bool grouped = recovery->replay.group[0] != '\0' && recovery->replay.port != 0;
    char path[VW_FIELD_PATH_MAX];

    snprintf(path, sizeof path, "feed.channels[%zu].gap", i);
    if (channel->protocol == VW_PROTOCOL_OPRA && (grouped || recovery->spin_count > 0)) {
        return vw_config_map_fail(map, error, path,
                                  "OPRA has no recovery servers: it heals as quotes come again");
    }
    if ((recovery->gap.port != 0) != grouped) {
        return vw_config_map_fail(map, error, path,
                                  "port, group and group_port go together: who asks the proxy "
                                  "must hear what it replays");
    }
    for (size_t k = 0; grouped && k < feed->channel_count; k++) {
        for (size_t m = 0; m < feed->channels[k].line_count; m++) {
            const vw_line_config *line = &feed->channels[k].lines[m];

            if (line->port == recovery->replay.port &&
                strcmp(line->group, recovery->replay.group) == 0) {
                return vw_config_map_fail(map, error, path,
                                          "%s:%u is feed.channels[%zu].lines[%zu] already",
                                          line->group, line->port, k, m);
            }
        }
    }
    return VW_OK;
}

static vw_err check_channels(const vw_config_map *map, const vw_feed_config *feed, vw_error *error)
{
    vw_err err = VW_OK;

    for (size_t i = 0; err == VW_OK && i < feed->channel_count; i++) {
        const vw_channel_config *channel = &feed->channels[i];
        char path[VW_FIELD_PATH_MAX];

        if (channel->silent_ns <= channel->wait_ns) {
            snprintf(path, sizeof path, "feed.channels[%zu].silent_s", i);
            return vw_config_map_fail(map, error, path, "%g s: must be longer than wait_ms, %g ms",
                                      (double)channel->silent_ns / 1e9,
                                      (double)channel->wait_ns / 1e6);
        }
        err = check_recovery(map, feed, i, error);
        for (size_t j = 0; err == VW_OK && j <= i; j++) {
            err = check_lines(map, feed, i, j, error);
            if (err == VW_OK && j < i && strcmp(channel->name, feed->channels[j].name) == 0) {
                snprintf(path, sizeof path, "feed.channels[%zu].name", i);
                err = vw_config_map_fail(map, error, path, "%s: feed.channels[%zu] has this name",
                                         channel->name, j);
            }
        }
    }
    return err;
}

static vw_err check_overrides(const vw_config_map *map, const vw_calendar *calendar,
                              vw_error *error)
{
    for (size_t i = 0; i < calendar->override_count; i++) {
        const vw_calendar_override *day = &calendar->overrides[i];
        bool timed = day->kind == 'E' || day->kind == 'S';
        char path[VW_FIELD_PATH_MAX], at[VW_FIELD_PATH_MAX], root[VW_FIELD_PATH_MAX];

        snprintf(path, sizeof path, "calendar.overrides[%zu]", i);
        snprintf(at, sizeof at, "calendar.overrides[%zu].at", i);
        snprintf(root, sizeof root, "calendar.overrides[%zu].root", i);
        if (timed && !vw_config_map_given(map, at)) {
            return vw_config_map_fail(map, error, path,
                                      "kind early or settlement needs at: "
                                      "\"hh:mm\"");
        }
        if (!timed && vw_config_map_given(map, at)) {
            return vw_config_map_fail(map, error, at, "only kind early or settlement has a time");
        }
        if (day->kind != 'S' && day->root[0] != '\0') {
            return vw_config_map_fail(map, error, root,
                                      "%s: only kind settlement has a root; a "
                                      "day is every root's",
                                      day->root);
        }
    }
    return VW_OK;
}

static vw_err check_topology(const vw_config_map *map, const vw_topology_config *topology,
                             vw_error *error)
{
    static const char *const paths[] = {"topology.cpus.feed", "topology.cpus.publisher",
                                        "topology.cpus.engine"};
    const int cpus[] = {topology->feed_cpu, topology->publisher_cpu, topology->engine_cpu};

    for (size_t i = 0; !topology->split && i < 2; i++) {
        if (vw_config_map_given(map, paths[i])) {
            return vw_config_map_fail(map, error, paths[i],
                                      "threads is single: the one thread goes by cpus.engine");
        }
    }
    for (size_t i = 0; topology->spin && i < VW_COUNT_OF(cpus); i++) {
        for (size_t j = 0; j < i; j++) {
            if (cpus[i] >= 0 && cpus[i] == cpus[j]) {
                return vw_config_map_fail(map, error, paths[i],
                                          "%d: two spinning threads on one processor (%s)", cpus[i],
                                          paths[j]);
            }
        }
    }
    return VW_OK;
}

/* A file that the configuration names stands beside it, wherever that is read from. */
static vw_err resolve(const char *file, const char *key, char path[256], vw_error *error)
{
    const char *slash = file != NULL ? strrchr(file, '/') : NULL;
    size_t folder = slash != NULL ? (size_t)(slash - file) + 1 : 0;
    size_t length = strlen(path) + 1;

    if (length > 1 && path[0] != '/' && folder > 0 && strcmp(path, "none") != 0) {
        if (folder + length > 256) {
            return vw_fail(error, VW_ERR_CONFIG, "%s: %s: %s: the path is too long", file, key,
                           path);
        }
        memmove(path + folder, path, length);
        memcpy(path, file, folder);
    }
    return VW_OK;
}

/* The preset is a name of ours, or a file beside the configuration. */
static vw_err read_hedge(const char *file, vw_config *config, vw_error *error)
{
    vw_err err = VW_OK;

    if (strcmp(config->preset, "off") != 0) {
        if (vw_preset_text(config->preset) == NULL && strpbrk(config->preset, "./") != NULL) {
            char path[256];

            snprintf(path, sizeof path, "%s", config->preset);
            err = resolve(file, "hedge.preset", path, error);
            err = err == VW_OK ? vw_hedge_settings_read(path, &config->settings, error) : err;
        } else {
            err = vw_hedge_settings_read(config->preset, &config->settings, error);
        }
    }
    if (err == VW_OK) {
        err = resolve(file, "hedge.inputs", config->inputs_file, error);
    }
    if (err == VW_OK) {
        err = resolve(file, "hedge.closes", config->closes_file, error);
    }
    if (err == VW_OK) {
        err = resolve(file, "hedge.state", config->state_file, error);
    }
    vw_user_inputs_clear(&config->user);
    if (err == VW_OK && strcmp(config->inputs_file, "none") != 0) {
        err = vw_hedge_inputs_read(config->inputs_file, &config->user, error);
    }
    return err;
}

static vw_err check_together(const vw_config_map *map, const vw_config *config, vw_error *error)
{
    vw_err err = check_channels(map, &config->feed, error);

    if (err == VW_OK) {
        err = check_topology(map, &config->topology, error);
    }
    if (err == VW_OK) {
        err = check_overrides(map, &config->calendar, error);
    }
    return err;
}

vw_err vw_config_explain(const char *file, vw_config_map_fn *visit, void *self, vw_config *config,
                         vw_error *error)
{
    vw_config_map *map = NULL;
    vw_err err = vw_config_map_open(file, &table, &map, error);

    *config = (vw_config){.file = ""};
    if (err == VW_OK) {
        err = vw_config_map_fill(map, config, error);
    }
    if (err == VW_OK) {
        err = check_together(map, config, error);
    }
    if (err == VW_OK) {
        snprintf(config->file, sizeof config->file, "%s", file != NULL ? file : "");
        config->feed.instruments_max = config->engine.instruments_max;
        config->publisher.instruments_max = config->engine.instruments_max;
        config->publisher.groups_max = config->engine.expiries_max;
        memcpy(config->portfolio.book, "book", sizeof "book");
        if (visit != NULL) {
            vw_config_map_visit(map, config, visit, self);
        }
        err = resolve(file, "portfolio", config->portfolio_file, error);
    }
    if (err == VW_OK) {
        err = read_hedge(file, config, error);
    }
    if (err == VW_OK && config->portfolio_file[0] != '\0') {
        err = vw_portfolio_read(config->portfolio_file, &config->portfolio, error);
    }
    vw_config_map_close(map);
    return err;
}

vw_err vw_config_read(const char *file, vw_config *config, vw_error *error)
{
    return vw_config_explain(file, NULL, NULL, config, error);
}
