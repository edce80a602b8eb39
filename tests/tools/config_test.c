#include "tools/config.h"

#include "feeds/sim.h"
#include "tools/portfolio.h"

#include "tests/check.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[] = "/tmp/vegawire-config-XXXXXX";

static const char *write_file(const char *name, const char *text)
{
    static char path[128];
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    fclose(file);
    return path;
}

/* A file and the whole message it must get, after the file's name. */
typedef struct wrong {
    const char *text, *message;
} wrong;

static const wrong wrong_configs[] = {
    /* keys */
    {"sources: x\n", ":1:1: sources: no such key; did you mean source?"},
    {"source: a\nfeed:\n  chanels: []\n",
     ":3:3: feed.chanels: no such key; did you mean channels?"},
    {"zzz: 1\n", ":1:1: zzz: no such key; known here: source, portfolio, feed, engine, publisher, "
                 "hedge, control, "
                 "topology, calendar"},
    {"feed:\n  channels:\n    - {name: a, protocol: pitch, lines: [{group: 239.1.1.1, prt: 1}]}\n",
     ":3:61: feed.channels[0].lines[0].prt: no such key; did you mean port?"},
    {"topology:\n  cpus: {engin: 1}\n",
     ":2:10: topology.cpus.engin: no such key; did you mean engine?"},
    {"source: a\nsource: b\n", ":2:1: source: given twice"},
    {"a: &x [*x]\n", ":1:1: a: no such key; known here: source, portfolio, feed, engine, "
                     "publisher, hedge, control, topology, calendar"},
    {"? [1, 2]\n: 3\n", ":1:3: file: a key must be a word"},
    /* types */
    {"- source\n", ":1:1: file: expected a section of keys"},
    {"just words\n", ":1:1: file: expected a section of keys"},
    {"feed: 3\n", ":1:7: feed: expected a section of keys"},
    {"feed:\n", ":1:6: feed: expected a section of keys"},
    {"feed: {channels: 3}\n", ":1:18: feed.channels: expected a list"},
    {"feed: {channels: [3]}\n", ":1:19: feed.channels[0]: expected a section of keys"},
    {"feed: {channels: []}\n", ":1:18: feed.channels: 0 elements: expected 1 to 8"},
    {"source: [live]\n", ":1:9: source: expected one value"},
    {"source:\n", ":1:8: source: nothing: expected 1 to 15 characters"},
    {"source: ''\n", ":1:9: source: \"\": expected 1 to 15 characters"},
    {"source: 0123456789abcdef\n", ":1:9: source: 0123456789abcdef: expected 1 to 15 characters"},
    {"source: a b\n", ":1:9: source: a b: expected letters, digits, - and _"},
    {"engine: {strikes_max: 1.5}\n",
     ":1:23: engine.strikes_max: 1.5: expected a whole number in [16, 8192]"},
    {"engine: {strikes_max: 1024x}\n",
     ":1:23: engine.strikes_max: 1024x: expected a whole number in [16, 8192]"},
    {"engine: {strikes_max: '1024'}\n",
     ":1:23: engine.strikes_max: \"1024\": expected a whole number in [16, 8192]"},
    {"engine: {strikes_max: 0x400}\n",
     ":1:23: engine.strikes_max: 0x400: expected a whole number in [16, 8192]"},
    {"engine: {strikes_max: 1e3}\n",
     ":1:23: engine.strikes_max: 1e3: expected a whole number in [16, 8192]"},
    {"engine: {refresh_s: nan}\n",
     ":1:21: engine.refresh_s: nan: expected a decimal number in [0.1, 3600]"},
    {"engine: {refresh_s: 1.}\n",
     ":1:21: engine.refresh_s: 1.: expected a decimal number in [0.1, 3600]"},
    {"topology: {spin: yes}\n", ":1:18: topology.spin: yes: expected true or false"},
    {"topology: {threads: three}\n",
     ":1:21: topology.threads: three: expected one of single, split"},
    {"feed: {io: uring}\n", ":1:12: feed.io: uring: expected one of auto, io_uring, recvmmsg"},
    /* ranges */
    {"engine: {strikes_max: 99999}\n",
     ":1:23: engine.strikes_max: 99999: expected a whole number in [16, 8192]"},
    {"engine: {strikes_max: 99999999999999999999999}\n",
     ":1:23: engine.strikes_max: 99999999999999999999999: expected a whole number in [16, 8192]"},
    {"engine: {strikes_max: -5}\n",
     ":1:23: engine.strikes_max: -5: expected a whole number in [16, 8192]"},
    {"topology:\n  event_ring: 5000\n",
     ":2:15: topology.event_ring: 5000: expected a power of two in [1024, 16777216]"},
    {"feed: {channels: [{name: a, protocol: pitch, lines: [{group: 10.0.0.1, port: 1}]}]}\n",
     ":1:62: feed.channels[0].lines[0].group: 10.0.0.1: expected an IPv4 multicast group, "
     "224.0.0.0 to 239.255.255.255"},
    {"feed: {channels: [{name: a, protocol: pitch, lines: [{group: 239.0.0.1, port: 65536}]}]}\n",
     ":1:79: feed.channels[0].lines[0].port: 65536: expected a whole number in [1, 65535]"},
    {"feed: {channels: [{name: a, protocol: pitch, lines: [{group: 239.0.0.1}]}]}\n",
     ":1:54: feed.channels[0].lines[0].port: missing: UDP port"},
    {"feed: {channels: [{protocol: pitch, lines: [{group: 239.0.0.1, port: 1}]}]}\n",
     ":1:19: feed.channels[0].name: missing: name of the channel in messages and reports"},
    {"publisher: {endpoint: 127.0.0.1:5601}\n",
     ":1:23: publisher.endpoint: 127.0.0.1:5601: expected a ZeroMQ endpoint, tcp://ADDRESS:PORT or "
     "ipc://PATH"},
    {"calendar: {overrides: [{date: 2026-02-30, kind: closed}]}\n",
     ":1:31: calendar.overrides[0].date: 2026-02-30: expected a date, yyyy-mm-dd, 1970 to 2199"},
    {"calendar: {overrides: [{date: 2026-11-27, kind: early, at: '25:00'}]}\n",
     ":1:60: calendar.overrides[0].at: \"25:00\": expected a time of day in New York, \"hh:mm\""},
    /* contradictions */
    {"feed: {channels: [{name: a, protocol: pitch, lines: [{group: 239.0.0.1, port: 1}]},\n"
     "                  {name: a, protocol: cfe, lines: [{group: 239.0.0.2, port: 1}]}]}\n",
     ":2:26: feed.channels[1].name: a: feed.channels[0] has this name"},
    {"feed:\n  channels:\n  - name: a\n    protocol: pitch\n    lines:\n"
     "    - {group: 239.0.0.1, port: 1}\n    - {group: 239.0.0.1, port: 1}\n",
     ":7:7: feed.channels[0].lines[1]: 239.0.0.1:1 is feed.channels[0].lines[0] already: each line "
     "needs its own group or port"},
    {"feed: {channels: [{name: a, protocol: pitch, wait_ms: 3000, silent_s: 2.5,\n"
     " lines: [{group: 239.0.0.1, port: 1}]}]}\n",
     ":1:71: feed.channels[0].silent_s: 2.5 s: must be longer than wait_ms, 3000 ms"},
    {"feed: {channels: [{name: a, protocol: pitch}]}\n",
     ":1:19: feed.channels[0].lines: missing: A, B, ...: the same messages on each"},
    {"feed: {channels: [{name: a, protocol: pitch, lines: [{group: 239.0.0.1, port: 1}],\n"
     " gap: {port: 7}}]}\n",
     ":2:7: feed.channels[0].gap: port, group and group_port go together: who asks the proxy must "
     "hear what it replays"},
    {"feed: {channels: [{name: a, protocol: pitch, lines: [{group: 239.0.0.1, port: 1}],\n"
     " gap: {port: 7, group: 239.0.0.1, group_port: 1}}]}\n",
     ":2:7: feed.channels[0].gap: 239.0.0.1:1 is feed.channels[0].lines[0] already"},
    {"feed: {channels: [{name: a, protocol: opra, lines: [{group: 239.0.0.1, port: 1}],\n"
     " spin: [{port: 7}]}]}\n",
     ": feed.channels[0].gap: OPRA has no recovery servers: it heals as quotes come again"},
    {"topology: {threads: single, cpus: {feed: 1}}\n",
     ":1:42: topology.cpus.feed: threads is single: the one thread goes by cpus.engine"},
    {"topology: {threads: split, spin: true, cpus: {feed: 1, engine: 1}}\n",
     ":1:64: topology.cpus.engine: 1: two spinning threads on one processor (topology.cpus.feed)"},
    {"calendar: {overrides: [{date: 2026-11-27, kind: early}]}\n",
     ":1:24: calendar.overrides[0]: kind early or settlement needs at: \"hh:mm\""},
    {"calendar: {overrides: [{date: 2026-11-27, kind: closed, at: '13:00'}]}\n",
     ":1:61: calendar.overrides[0].at: only kind early or settlement has a time"},
    {"calendar: {overrides: [{date: 2026-11-27, kind: closed, root: SPX}]}\n",
     ":1:63: calendar.overrides[0].root: SPX: only kind settlement has a root; a day is every "
     "root's"},
    /* no YAML */
    {"source: [live\n", ":2:1: no YAML: did not find expected ',' or ']'"},
    {"\001\002\003", ": byte 0: no YAML text: control characters are not allowed"},
    {"source: a\n---\nsource: b\n", ":2:1: a second document: expected one"},
};

static const wrong wrong_portfolios[] = {
    {"condor: []\n", ":1:1: condor: no such key; did you mean condors?"},
    {"condors: [{root: ES, expiry: 2026-12-18, put_wing: 1, put_short: 2, call_short: 3, "
     "call_wing: 4, contracts: 1}]\n",
     ":1:18: condors[0].root: ES: expected SPX or SPXW"},
    {"condors:\n  - {root: SPX, expiry: 2026-12-18, put_wing: 6100, put_short: 6000, call_short: "
     "6800,\n     call_wing: 6900, contracts: 1}\n",
     ":2:5: condors[0]: condor SPX 20261218: strikes 6100, 6000, 6800, 6900 do not ascend: put "
     "wing, put short, call short, call wing"},
    {"condors: [{root: SPX, expiry: 2026-12-18, put_wing: 1, put_short: 2, call_short: 3, "
     "call_wing: 4, contracts: 1.5}]\n",
     ":1:11: condors[0]: condor SPX 20261218: contracts 1.5 is not a whole number from 1 to "
     "1000000"},
    {"condors: [{root: SPX, expiry: 2026-12-18, put_wing: 1, put_short: 2, call_short: 3, "
     "call_wing: 4, contracts: -1}]\n",
     ":1:110: condors[0].contracts: -1: expected a decimal number in [1, 1000000]"},
    {"condors: [{root: SPX, expiry: 2026-12-18, put_wing: 1, put_short: 2, call_short: 3, "
     "call_wing: 4, contracts: 1, position: short}]\n",
     ":1:123: condors[0].position: short: expected one of credit, debit"},
    {"hedges: [{root: VX, type: call, expiry: 2026-12-16, strike: 20, contracts: 1}]\n",
     ":1:27: hedges[0].type: VX is a future: expected type future"},
    {"hedges: [{root: VIX, type: future, expiry: 2026-12-16, contracts: 1}]\n",
     ":1:28: hedges[0].type: VIX is an option: expected type call or put"},
    {"hedges: [{root: VX, type: future, expiry: 2026-12-16, strike: 20, contracts: 1}]\n",
     ":1:10: hedges[0]: hedge VX 20261216: strike 20 must be 0 for a future"},
    {"hedges: [{root: VIX, type: put, expiry: 2026-12-16, contracts: 1}]\n",
     ":1:10: hedges[0]: hedge VIX 20261216: strike 0 must be above 0"},
    {"hedges: [{root: VX, type: future, expiry: 2026-12-16, contracts: 0}]\n",
     ":1:10: hedges[0]: hedge VX 20261216: contracts 0 is not a whole number other than 0, up to "
     "1000000 either way"},
    {"hedges: [{root: VX, type: future, contracts: 1}]\n",
     ":1:10: hedges[0].expiry: missing: expiry date"},
};

/* Returns 1 and shows both messages when they differ, so that one run shows all differences. */
static size_t differs(const char *path, const wrong *expected, vw_err err, const vw_error *error)
{
    char message[640];

    snprintf(message, sizeof message, "%s%s", path, expected->message);
    if (err == VW_ERR_CONFIG && strcmp(error->text, message) == 0) {
        return 0;
    }
    print_error("got  %s (%d)\nwant %s\n", error->text, err, message);
    return 1;
}

static void every_mistake_is_named_with_its_line_and_what_would_be_right(void **state)
{
    static vw_config config;
    size_t different = 0;

    (void)state;
    for (size_t i = 0; i < VW_COUNT_OF(wrong_configs); i++) {
        const char *path = write_file("wrong.yaml", wrong_configs[i].text);
        vw_error error = {""};
        vw_err err = vw_config_read(path, &config, &error);

        different += differs(path, &wrong_configs[i], err, &error);
    }
    assert_int_equal(different, 0);
}

static void every_mistake_in_a_portfolio_is_named_likewise(void **state)
{
    static vw_portfolio portfolio;
    size_t different = 0;

    (void)state;
    for (size_t i = 0; i < VW_COUNT_OF(wrong_portfolios); i++) {
        const char *path = write_file("wrong.yaml", wrong_portfolios[i].text);
        vw_error error = {""};
        vw_err err = vw_portfolio_read(path, &portfolio, &error);

        different += differs(path, &wrong_portfolios[i], err, &error);
    }
    assert_int_equal(different, 0);
}

static void a_portfolio_says_what_was_so_at_entry_and_what_belongs_together(void **state)
{
    static vw_portfolio portfolio;
    vw_error error = {""};
    const char *text =
        "condors:\n"
        "  - {root: SPXW, expiry: 2026-07-24, put_wing: 6000, put_short: 6100, call_short: 6800,\n"
        "     call_wing: 6900, contracts: 10, entry_date: 2026-06-02, credit: 17.8,\n"
        "     entry_spx: 6430, entry_vol: 0.15, entry_decay_short: 0.03, entry_decay_wing: 0.04}\n"
        "  - {root: SPX, expiry: 2026-08-21, put_wing: 5800, put_short: 5900, call_short: 6900,\n"
        "     call_wing: 7000, contracts: 5}\n"
        "hedges:\n"
        "  - {root: VIX, type: call, expiry: 2026-08-19, strike: 20, contracts: 9, package: 2,\n"
        "     entry_price: 2.35}\n"
        "  - {root: VX, type: future, expiry: 2026-07-22, contracts: 4}\n";

    (void)state;
    assert_int_equal(vw_portfolio_parse("book", text, &portfolio, &error), VW_OK);
    const vw_condor_entry *entry = &portfolio.condors[0].entry;

    assert_int_equal(entry->date, 20260602);
    assert_near(entry->credit, 17.8, 0);
    assert_near(entry->index, 6430, 0);
    assert_near(entry->vol, 0.15, 0);
    assert_near(entry->short_decay, 0.03, 0);
    assert_near(entry->wing_decay, 0.04, 0);
    assert_near(portfolio.condors[1].entry.credit, 0, 0); /* not known */
    assert_int_equal(portfolio.condors[1].entry.date, 0);
    assert_int_equal(portfolio.legs[8].package, 2);
    assert_near(portfolio.legs[8].entry_price, 2.35, 0);
    assert_int_equal(portfolio.legs[9].package, 0);
    assert_near(portfolio.legs[9].entry_price, 0, 0);
}

static void a_file_that_cannot_be_read_is_no_wrong_content(void **state)
{
    static vw_config config;
    vw_error error = {""};
    char path[128], expected[512];

    (void)state;
    assert_int_equal(vw_config_read("/nowhere/x.yaml", &config, &error), VW_ERR_DATA);
    assert_string_equal(error.text, "/nowhere/x.yaml: No such file or directory");
    assert_int_equal(vw_config_read(folder, &config, &error), VW_ERR_DATA);
    snprintf(path, sizeof path, "%s", write_file("no_portfolio.yaml", "portfolio: absent.yaml\n"));
    assert_int_equal(vw_config_read(path, &config, &error), VW_ERR_DATA);
    snprintf(expected, sizeof expected, "%s/absent.yaml: No such file or directory", folder);
    assert_string_equal(error.text, expected);
}

static void a_mistake_in_the_named_portfolio_is_found_with_the_configuration(void **state)
{
    static vw_config config;
    vw_error error = {""};

    (void)state;
    write_file("book.yaml", "bok: x\n");
    assert_int_equal(
        vw_config_read(write_file("c.yaml", "portfolio: book.yaml\n"), &config, &error),
        VW_ERR_CONFIG);
    assert_non_null(strstr(error.text, "/book.yaml:1:1: bok: no such key; did you mean book?"));
}

static void the_defaults_are_enough_to_run(void **state)
{
    static vw_config config;
    vw_error error = {""};

    (void)state;
    assert_int_equal(vw_config_read(NULL, &config, &error), VW_OK);
    assert_int_equal(config.feed.channel_count, 2);
    assert_int_equal(config.feed.channels[0].protocol, VW_PROTOCOL_PITCH);
    assert_int_equal(config.feed.channels[1].protocol, VW_PROTOCOL_CFE);
    assert_int_equal(config.feed.channels[1].line_count, 2);
    assert_string_equal(config.feed.channels[1].lines[1].group, "239.200.2.2");
    assert_int_equal(config.feed.channels[1].lines[1].port, 30202);
    assert_int_equal(config.feed.channels[0].wait_ns, 20000000);
    assert_int_equal(config.feed.instruments_max, 32768);
    assert_int_equal(config.publisher.groups_max, config.engine.expiries_max);
    assert_int_equal(config.engine.cut_interval_ns, 1000000000);
    assert_int_equal(config.topology.engine_cpu, -1);
    assert_false(config.topology.split);
    assert_string_equal(config.publisher.endpoint, "tcp://127.0.0.1:5601");
    assert_int_equal(config.portfolio.leg_count, 0);
}

static void an_empty_file_is_the_defaults(void **state)
{
    static vw_config config, defaults;
    vw_error error = {""};

    (void)state;
    assert_int_equal(vw_config_read(write_file("e.yaml", "# nothing\n"), &config, &error), VW_OK);
    assert_int_equal(vw_config_read(NULL, &defaults, &error), VW_OK);
    config.file[0] = '\0';
    memset(config.file, 0, sizeof config.file);
    assert_memory_equal(&config, &defaults, sizeof config);
}

static void values_arrive_in_the_units_of_the_struct(void **state)
{
    static vw_config config;
    vw_error error = {""};

    (void)state;
    assert_int_equal(
        vw_config_read(
            write_file("v.yaml",
                       "feed:\n  io: recvmmsg\n  channels:\n"
                       "  - {name: x, protocol: cfe, wait_ms: 2.5, reannounce_s: 0,\n"
                       "     lines: [{group: 239.9.9.9, port: 9, interface: 10.0.0.1}]}\n"
                       "topology: {threads: split, spin: true, cpus: {feed: 0, publisher: 1}}\n"
                       "calendar:\n  overrides:\n"
                       "  - {date: 2026-11-27, kind: early, at: \"13:00\"}\n"
                       "  - {date: 2026-12-18, kind: settlement, root: SPX, at: \"09:45\"}\n"),
            &config, &error),
        VW_OK);
    assert_int_equal(config.feed.io, VW_IO_RECVMMSG);
    assert_int_equal(config.feed.channel_count, 1);
    assert_int_equal(config.feed.channels[0].wait_ns, 2500000);
    assert_int_equal(config.feed.channels[0].silent_ns, 3000000000);
    assert_int_equal(config.feed.channels[0].reannounce_ns, 0);
    assert_string_equal(config.feed.channels[0].lines[0].interface, "10.0.0.1");
    assert_true(config.topology.split && config.topology.spin);
    assert_int_equal(config.topology.feed_cpu, 0);
    assert_int_equal(config.topology.engine_cpu, -1);
    assert_int_equal(config.topology.publisher_cpu, 1);
    assert_int_equal(config.calendar.override_count, 2);
    assert_int_equal(config.calendar.overrides[0].kind, 'E');
    assert_int_equal(config.calendar.overrides[0].minute, 780);
    assert_string_equal(config.calendar.overrides[0].root, "");
    assert_int_equal(config.calendar.overrides[1].date, 20261218);
    assert_string_equal(config.calendar.overrides[1].root, "SPX");
    assert_int_equal(config.calendar.overrides[1].minute, 585);
}

/* The key stands in the file, or in a list or section that the file shows commented. */
static void expect_given(void *self, const vw_field *field, const char *path, const char *value,
                         size_t line)
{
    size_t *defaults = self;

    (void)value;
    if (line == 0 && field->kind != VW_FIELD_LIST) {
        if (strcmp(path, "topology.cpus.feed") != 0 &&
            strcmp(path, "topology.cpus.publisher") != 0) {
            print_error("tools/examples/vegawire.yaml does not show %s\n", path);
        }
        (*defaults)++;
    }
}

static void the_commented_example_shows_every_key_at_its_default(void **state)
{
    static vw_config config, defaults;
    size_t absent = 0;
    vw_error error = {""};

    (void)state;
    assert_int_equal(vw_config_explain(VW_SOURCE_DIR "/tools/examples/vegawire.yaml", expect_given,
                                       &absent, &config, &error),
                     VW_OK);
    assert_int_equal(absent, 2); /* a single thread has no other processors: shown in a comment */
    assert_string_equal(config.portfolio_file, VW_SOURCE_DIR "/tools/examples/portfolio.yaml");
    assert_int_equal(config.portfolio.condor_count, 2);
    assert_int_equal(vw_config_read(NULL, &defaults, &error), VW_OK);
    memcpy(config.file, defaults.file, sizeof config.file);
    memcpy(config.portfolio_file, defaults.portfolio_file, sizeof config.portfolio_file);
    config.portfolio = defaults.portfolio;
    assert_memory_equal(&config, &defaults, sizeof config);
}

static void the_example_portfolio_has_its_legs_signed(void **state)
{
    static vw_portfolio portfolio;
    vw_error error = {""};

    (void)state;
    assert_int_equal(
        vw_portfolio_read(VW_SOURCE_DIR "/tools/examples/portfolio.yaml", &portfolio, &error),
        VW_OK);
    assert_string_equal(portfolio.book, "demo");
    assert_int_equal(portfolio.leg_count, 11);
    assert_int_equal(portfolio.legs[0].type, 'P');
    assert_near(portfolio.legs[0].contracts, 100, 0);
    assert_near(portfolio.legs[1].contracts, -100, 0);
    assert_near(portfolio.legs[5].contracts, -50, 0);
    assert_int_equal(portfolio.legs[8].type, 'F');
    assert_true(portfolio.legs[8].hedge);
    assert_near(portfolio.legs[10].contracts, -200, 0);
}

static bool is_listed(const vw_chain *chain, const vw_leg *leg)
{
    for (size_t i = 0; i < chain->count; i++) {
        const vw_symbol *symbol = &chain->rows[i].symbol;

        if (strcmp(symbol->root, leg->root) == 0 && symbol->expiry == leg->expiry &&
            symbol->type == leg->type && (double)symbol->strike * 1e-4 == leg->strike) {
            return true;
        }
    }
    return false;
}

static void every_leg_of_the_example_is_listed_on_the_synthetic_day(void **state)
{
    static vw_portfolio portfolio;
    vw_chain chains[2];
    vw_error error = {""};

    (void)state;
    assert_int_equal(
        vw_portfolio_read(VW_SOURCE_DIR "/tools/examples/portfolio.yaml", &portfolio, &error),
        VW_OK);
    assert_int_equal(vw_sim_synthetic(NULL, 1, chains, &error), VW_OK);
    for (size_t i = 0; i < portfolio.leg_count; i++) {
        const vw_leg *leg = &portfolio.legs[i];

        if (leg->type == 'F') {
            assert_int_equal(leg->expiry, vw_calendar_vx_expiry(NULL, (int)(leg->expiry / 10000),
                                                                (int)(leg->expiry / 100 % 100)));
        } else {
            assert_true(is_listed(&chains[0], leg) || is_listed(&chains[1], leg));
        }
    }
    vw_chain_free(&chains[0]);
    vw_chain_free(&chains[1]);
}

static int make_folder(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL;
}

static int remove_folder(void **state)
{
    static const char *const names[] = {
        "wrong.yaml", "no_portfolio.yaml", "book.yaml", "c.yaml", "e.yaml", "v.yaml"};

    (void)state;
    for (size_t i = 0; i < VW_COUNT_OF(names); i++) {
        char path[128];

        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_mistake_is_named_with_its_line_and_what_would_be_right),
        cmocka_unit_test(every_mistake_in_a_portfolio_is_named_likewise),
        cmocka_unit_test(a_portfolio_says_what_was_so_at_entry_and_what_belongs_together),
        cmocka_unit_test(a_file_that_cannot_be_read_is_no_wrong_content),
        cmocka_unit_test(a_mistake_in_the_named_portfolio_is_found_with_the_configuration),
        cmocka_unit_test(the_defaults_are_enough_to_run),
        cmocka_unit_test(an_empty_file_is_the_defaults),
        cmocka_unit_test(values_arrive_in_the_units_of_the_struct),
        cmocka_unit_test(the_commented_example_shows_every_key_at_its_default),
        cmocka_unit_test(the_example_portfolio_has_its_legs_signed),
        cmocka_unit_test(every_leg_of_the_example_is_listed_on_the_synthetic_day),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
