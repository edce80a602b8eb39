#include "feeds/sim.h"

#include "core/base/clock.h"
#include "core/market/event.h"
#include "core/base/log.h"
#include "feeds/sim_server.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { OPTIONS, FUTURES, CHANNELS, LINES = 2 };
enum { UNITS_MAX = 32, PICKS = 65536, QUOTES_PER_POLL = 20, LOOPS_PER_POLL = 4, TRIES = 4 };
enum { FEED_SYMBOL_BASE = 30000000, FEED_SYMBOL_STEP = 7 };

static const int64_t step_ns = 10 * VW_NS_PER_MS;
static const int64_t behind_max_ns = 100 * VW_NS_PER_MS;
static const double opening_quotes_per_second = 20000;
static const double futures_share = 0.02; /* of the quotes that move */

/* Together they keep the promise of reannounce_ns to a late listener: first the definitions, then
 * every order. */
static const double loop_share = 0.20, announce_share = 0.78;

struct vw_sim {
    vw_sim_market market;
    vw_sim_flow flow;
    vw_sim_loop loop;
    vw_sim_channel channels[CHANNELS];
    vw_sim_line lines[CHANNELS][LINES];
    vw_sim_line replays[CHANNELS];
    vw_sim_recovery recovery;
    vw_sim_sockets sockets;
    unsigned char *histories;
    vw_channel_config addresses[CHANNELS];
    vw_sim_unit units[UNITS_MAX + 1]; /* the last is the futures' */
    vw_sim_random random;
    uint32_t *order; /* in which series are announced */
    uint32_t *picks; /* series, each as often as its weight */
    bool servers_needed;
    double rate, speed;
    double loop_ns, announce_ns, opening_ns;
    int64_t start_ns, now_ns; /* real time of the first and the last poll; 0 before */
    int64_t open_ns;          /* when the quotes began; 0 before */
    int64_t market_ns;
    uint64_t steps; /* of the market */
    uint64_t announced, changed, skipped;
};

/* ---- opening -------------------------------------------------------------------------------- */

static void open_channels(vw_sim *sim, const vw_sim_config *config)
{
    uint64_t stream = 10;

    for (size_t c = 0; c < CHANNELS; c++) {
        vw_sim_channel *channel = &sim->channels[c];

        sim->addresses[c] = c == OPTIONS ? config->options : config->futures;
        vw_check(sim->addresses[c].line_count >= 1 && sim->addresses[c].line_count <= LINES);
        *channel = (vw_sim_channel){.dialect = c == OPTIONS ? VW_DIALECT_OPTIONS : VW_DIALECT_CFE,
                                    .lines = sim->lines[c],
                                    .line_count = sim->addresses[c].line_count,
                                    .units = c == OPTIONS ? sim->units : &sim->units[UNITS_MAX],
                                    .unit_count = c == OPTIONS ? config->option_units : 1,
                                    .same_loss = config->same_loss,
                                    .batch = config->batch,
                                    .random = vw_sim_random_seed(config->seed, stream++)};
        for (size_t i = 0; i < channel->unit_count; i++) {
            channel->units[i].number = (uint8_t)(i + 1);
            channel->units[i].sequence = 1;
            channel->units[i].second = INT64_MIN;
        }
        for (size_t i = 0; i < LINES; i++) {
            vw_sim_line *line = &sim->lines[c][i];

            line->socket = -1;
            line->impairment = config->lines[i];
            line->random = vw_sim_random_seed(config->seed, stream++);
            line->sink = config->sink;
            line->sink_self = config->sink_self;
            line->channel = c;
            line->number = i;
        }
        sim->replays[c] = (vw_sim_line){.socket = -1,
                                        .sink = config->sink,
                                        .sink_self = config->sink_self,
                                        .channel = c,
                                        .number = VW_FEED_LINE_REPLAY};
    }
}

static vw_err open_recovery(vw_sim *sim, const vw_sim_config *config, vw_error *error)
{
    size_t units = 0;

    for (size_t c = 0; c < CHANNELS; c++) {
        units += sim->channels[c].unit_count;
    }
    sim->histories = calloc(units, (size_t)VW_SIM_HISTORY * VW_SIM_HISTORY_MESSAGE);
    if (sim->histories == NULL) {
        return vw_fail(error, VW_ERR_SYSTEM, "out of memory for the history of %zu units", units);
    }
    for (size_t c = 0; c < CHANNELS; c++) {
        for (size_t i = 0; i < sim->channels[c].unit_count; i++) {
            sim->channels[c].units[i].history =
                (void *)(sim->histories + --units * VW_SIM_HISTORY * VW_SIM_HISTORY_MESSAGE);
        }
    }
    sim->recovery.channels = sim->channels;
    sim->recovery.replays = sim->replays;
    sim->recovery.addresses = sim->addresses;
    sim->recovery.market = &sim->market;
    sim->recovery.flow = &sim->flow;
    sim->recovery.refuse = config->refuse;
    sim->servers_needed = config->servers_needed;
    return vw_sim_recovery_open(&sim->recovery, error);
}

/* The feed's own names, six base-62 digits. */
static void name_series(char symbol[8], uint32_t number)
{
    static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    memset(symbol, 0, 8);
    for (int i = 5; i >= 0; i--) {
        symbol[i] = digits[number % 62];
        number /= 62;
    }
}

static void open_books(vw_sim *sim, const vw_calendar *calendar)
{
    uint32_t today = vw_calendar_date(sim->market.start_ns, NULL);

    sim->flow.settlement_date = vw_calendar_session(calendar, vw_calendar_add_days(today, -1));
    for (size_t i = 0; i < sim->market.series_count; i++) {
        vw_sim_book *book = &sim->flow.books[i];
        bool option = i < sim->market.option_count;

        book->channel = &sim->channels[option ? OPTIONS : FUTURES];
        book->unit =
            option ? sim->market.series[i].expiry % (uint32_t)book->channel->unit_count : 0;
        name_series(book->symbol, FEED_SYMBOL_BASE + FEED_SYMBOL_STEP * (uint32_t)i);
        if (!option) {
            book->settlement = 100 * llround(100 * sim->market.series[i].start_value);
        }
    }
}

static void shuffle(vw_sim *sim)
{
    for (uint32_t i = 0; i < sim->market.series_count; i++) {
        uint32_t j = vw_sim_random_below(&sim->random, i + 1);

        sim->order[i] = sim->order[j];
        sim->order[j] = i;
    }
}

static void fill_picks(vw_sim *sim)
{
    const vw_sim_market *market = &sim->market;
    double total = 0, sum = 0;
    size_t options = (size_t)((1 - futures_share) * PICKS);
    size_t filled = 0;

    for (size_t i = 0; i < market->option_count; i++) {
        total += vw_sim_market_weight(market, i);
    }
    for (size_t i = 0; i < market->option_count && total > 0; i++) {
        sum += vw_sim_market_weight(market, i);
        while ((double)filled < sum / total * (double)options) {
            sim->picks[filled++] = (uint32_t)i;
        }
    }
    for (size_t i = 0; filled < PICKS; i++) {
        sim->picks[filled++] = (uint32_t)(market->option_count + i % VW_SIM_FUTURES);
    }
}

static vw_err open_all(vw_sim *sim, const vw_sim_config *config, vw_error *error)
{
    size_t count;
    vw_err err = vw_sim_market_open(&sim->market, config, error);

    if (err != VW_OK) {
        return err;
    }
    count = sim->market.series_count;
    sim->flow.books = calloc(count, sizeof *sim->flow.books);
    sim->flow.random = vw_sim_random_seed(config->seed, 2);
    sim->random = vw_sim_random_seed(config->seed, 3);
    sim->order = calloc(count, sizeof *sim->order);
    sim->picks = calloc(PICKS, sizeof *sim->picks);
    if (sim->flow.books == NULL || sim->order == NULL || sim->picks == NULL) {
        return vw_fail(error, VW_ERR_SYSTEM, "out of memory for %zu series", count);
    }
    sim->rate = config->rate;
    sim->speed = config->speed;
    sim->loop_ns = loop_share * (double)config->reannounce_ns;
    sim->announce_ns = announce_share * (double)config->reannounce_ns;
    sim->opening_ns =
        fmin(sim->announce_ns, (double)count / opening_quotes_per_second * VW_NS_PER_SECOND);
    open_channels(sim, config);
    open_books(sim, config->calendar);
    shuffle(sim);
    fill_picks(sim);
    err = open_recovery(sim, config, error);
    return err == VW_OK ? vw_sim_loop_open(&sim->loop, &sim->market, sim->flow.books, error) : err;
}

vw_err vw_sim_open(const vw_sim_config *config, vw_sim **sim, vw_error *error)
{
    vw_chain synthetic[2] = {0};
    vw_sim_config with = *config;
    vw_err err = VW_OK;

    vw_check(config->option_units >= 1 && config->option_units <= UNITS_MAX);
    vw_check(config->reannounce_ns > 0 && config->rate >= 0 && config->speed >= 0);
    *sim = calloc(1, sizeof **sim);
    if (*sim == NULL) {
        return vw_fail(error, VW_ERR_SYSTEM, "out of memory for the simulated exchange");
    }
    vw_sim_sockets_init(&(*sim)->sockets);
    for (size_t c = 0; c < CHANNELS; c++) {
        (*sim)->replays[c].socket = -1;
    }
    if (config->chain_count == 0) {
        err = vw_sim_synthetic(config->calendar, config->seed, synthetic, error);
        with.chains = synthetic;
        with.chain_count = VW_COUNT_OF(synthetic);
    }
    if (err == VW_OK) {
        err = open_all(*sim, &with, error);
    }
    for (size_t i = 0; config->chain_count == 0 && i < VW_COUNT_OF(synthetic); i++) {
        vw_chain_free(&synthetic[i]);
    }
    if (err != VW_OK) {
        vw_sim_close(*sim);
        *sim = NULL;
    }
    return err;
}

static vw_err begin_servers(vw_sim *sim, vw_error *error)
{
    vw_error reason = {""};
    vw_err err = VW_OK;

    for (size_t c = 0; c < CHANNELS && err == VW_OK; c++) {
        if (sim->addresses[c].recovery.replay.port != 0) {
            err = vw_sim_line_open(&sim->replays[c], &sim->addresses[c].recovery.replay, error);
        }
    }
    if (err == VW_OK && vw_sim_sockets_open(&sim->sockets, &sim->recovery, &reason) != VW_OK) {
        vw_sim_sockets_close(&sim->sockets, &sim->recovery);
        if (sim->servers_needed) {
            return vw_fail(error, VW_ERR_SYSTEM, "%s", reason.text);
        }
        vw_log("sim: %s; going on without recovery servers", reason.text);
    }
    return err;
}

vw_err vw_sim_begin(void *self, vw_error *error)
{
    vw_sim *sim = self;
    vw_err err = VW_OK;

    for (size_t c = 0; c < CHANNELS; c++) {
        for (size_t i = 0; i < sim->channels[c].line_count && err == VW_OK; i++) {
            vw_sim_line *line = &sim->lines[c][i];

            if (line->sink == NULL) {
                err = vw_sim_line_open(line, &sim->addresses[c].lines[i], error);
            }
        }
    }
    return err == VW_OK && sim->replays[0].sink == NULL ? begin_servers(sim, error) : err;
}

/* ---- running -------------------------------------------------------------------------------- */

static uint64_t packets_sent(const vw_sim *sim)
{
    uint64_t sum = 0;

    for (size_t c = 0; c < CHANNELS; c++) {
        for (size_t i = 0; i < LINES; i++) {
            sum += sim->lines[c][i].packets;
        }
    }
    return sum;
}

static void start(vw_sim *sim, int64_t now_ns)
{
    sim->start_ns = now_ns;
    for (size_t c = 0; c < CHANNELS; c++) {
        sim->channels[c].sure = true; /* listeners' counts begin where ours do */
        for (size_t u = 0; u < sim->channels[c].unit_count; u++) {
            vw_pitch_message clear = {.type = VW_PITCH_UNIT_CLEAR};

            vw_sim_channel_begin(&sim->channels[c], u, sim->market.start_ns, now_ns);
            vw_sim_channel_add(&sim->channels[c], &clear);
            vw_sim_channel_end(&sim->channels[c]);
        }
        sim->channels[c].sure = false;
    }
}

static void step_market(vw_sim *sim, int64_t elapsed_ns)
{
    uint64_t due = (uint64_t)(elapsed_ns / step_ns);

    if (due > sim->steps && !sim->market.still) {
        vw_sim_market_step(&sim->market,
                           (double)(due - sim->steps) * sim->speed * (double)step_ns * 1e-9);
    }
    sim->steps = due;
}

/* Once round in a quarter of the time at first, so that quotes can begin. */
static void send_loop(vw_sim *sim, int64_t elapsed_ns)
{
    double rounds = (double)elapsed_ns / sim->loop_ns;
    uint64_t due = (uint64_t)(fmin(4 * rounds, 0.75 + rounds) * (double)sim->loop.count) + 1;

    for (int i = 0; i < LOOPS_PER_POLL && sim->loop.sent < due; i++) {
        vw_sim_loop_send(&sim->loop, sim->now_ns);
    }
}

static void announce(vw_sim *sim)
{
    uint32_t series = sim->order[sim->announced++ % sim->market.series_count];
    vw_sim_quote quote = vw_sim_market_quote(&sim->market, series, sim->market_ns);

    vw_sim_flow_announce(&sim->flow, series, &quote);
}

static void change(vw_sim *sim)
{
    sim->changed++;
    for (int i = 0; i < TRIES; i++) {
        uint32_t series = sim->picks[vw_sim_random_below(&sim->random, PICKS)];
        vw_sim_quote quote = vw_sim_market_quote(&sim->market, series, sim->market_ns);

        if (vw_sim_flow_change(&sim->flow, series, &quote)) {
            return;
        }
    }
}

static void send_quotes(vw_sim *sim, int64_t elapsed_ns)
{
    double count = (double)sim->market.series_count;
    double rate =
        sim->market.still ? 0 : fmax(sim->rate - count / sim->announce_ns * VW_NS_PER_SECOND, 0);
    double since = (double)(elapsed_ns - sim->open_ns);
    double after = fmax(since - sim->opening_ns, 0);
    uint64_t announce_due =
        (uint64_t)(count * (fmin(since / sim->opening_ns, 1) + after / sim->announce_ns));
    uint64_t change_due = (uint64_t)(rate * after * 1e-9) - sim->skipped;
    uint64_t behind_max = (uint64_t)(rate * (double)behind_max_ns * 1e-9) + QUOTES_PER_POLL;

    if (change_due > sim->changed + behind_max) {
        sim->skipped += change_due - sim->changed - behind_max;
        change_due = sim->changed + behind_max;
    }
    for (int i = 0; i < QUOTES_PER_POLL; i++) {
        if (sim->announced < announce_due) {
            announce(sim);
        } else if (sim->changed < change_due) {
            change(sim);
        } else {
            break;
        }
    }
}

size_t vw_sim_poll(void *self, int64_t now_ns)
{
    vw_sim *sim = self;
    uint64_t before = packets_sent(sim);
    int64_t elapsed_ns;

    if (sim->start_ns == 0) {
        start(sim, now_ns);
    }
    now_ns = now_ns < sim->now_ns ? sim->now_ns : now_ns; /* the clock was set back */
    elapsed_ns = now_ns - sim->start_ns;
    sim->now_ns = sim->flow.now_ns = now_ns;
    sim->market_ns = sim->market.start_ns + (int64_t)((double)elapsed_ns * sim->speed);
    sim->flow.market_ns = sim->market_ns;
    step_market(sim, elapsed_ns);
    send_loop(sim, elapsed_ns);
    if (sim->open_ns == 0 && sim->loop.sent >= sim->loop.count) {
        sim->open_ns = elapsed_ns;
    }
    if (sim->open_ns != 0) {
        send_quotes(sim, elapsed_ns);
    }
    for (size_t c = 0; c < CHANNELS; c++) {
        vw_sim_channel_idle(&sim->channels[c], now_ns);
    }
    vw_sim_sockets_poll(&sim->sockets, &sim->recovery, now_ns);
    return (size_t)(packets_sent(sim) - before);
}

bool vw_sim_serve(vw_sim *sim, int64_t now_ns)
{
    bool any = false;

    vw_sim_sockets_poll(&sim->sockets, &sim->recovery, now_ns);
    for (size_t i = 0; i < VW_SIM_SESSIONS; i++) {
        any |= sim->recovery.sessions[i].open;
    }
    return any;
}

vw_sim_recovery *vw_sim_recovery_of(vw_sim *sim)
{
    return &sim->recovery;
}

void vw_sim_end(vw_sim *sim)
{
    for (size_t c = 0; c < CHANNELS && sim->start_ns != 0; c++) {
        vw_sim_channel_last(&sim->channels[c]);
    }
}

vw_sim_totals vw_sim_totals_get(const vw_sim *sim)
{
    vw_sim_totals totals = {
        .quotes = sim->announced + sim->changed,
        .skipped = sim->skipped,
        .logins = sim->recovery.logins,
        .gap_requests = sim->recovery.gap_requests,
        .gap_refusals = sim->recovery.gap_refusals,
        .replayed = sim->recovery.replayed,
        .images = sim->recovery.images,
        .image_refusals = sim->recovery.image_refusals,
        .series = (uint32_t)sim->market.option_count,
        .futures = (uint32_t)(sim->market.series_count - sim->market.option_count),
        .expiries = (uint32_t)sim->market.option_expiry_count,
        .market_ns = sim->start_ns == 0 ? sim->market.start_ns : sim->market_ns};

    for (size_t c = 0; c < CHANNELS; c++) {
        const vw_sim_channel *channel = &sim->channels[c];

        totals.units += (uint32_t)channel->unit_count;
        totals.sequenced += channel->sequenced;
        totals.lost_on_both += channel->lost_on_both;
        totals.messages += channel->messages;
        totals.heartbeats += channel->heartbeats;
        for (size_t i = 0; i < LINES; i++) {
            const vw_sim_line *line = &sim->lines[c][i];

            totals.packets += line->packets;
            totals.bytes += line->bytes;
            totals.packets_lost += line->lost;
            totals.packets_duplicated += line->duplicated;
            totals.packets_reordered += line->reordered;
            totals.send_failures += line->failures;
        }
    }
    return totals;
}

void vw_sim_close(vw_sim *sim)
{
    if (sim == NULL) {
        return;
    }
    for (size_t c = 0; c < CHANNELS; c++) {
        for (size_t i = 0; i < sim->channels[c].line_count; i++) {
            vw_sim_line_close(&sim->lines[c][i]);
        }
        vw_sim_line_close(&sim->replays[c]);
    }
    vw_sim_sockets_close(&sim->sockets, &sim->recovery);
    vw_sim_recovery_close(&sim->recovery);
    free(sim->histories);
    vw_sim_loop_close(&sim->loop);
    vw_sim_market_close(&sim->market);
    free(sim->flow.books);
    free(sim->order);
    free(sim->picks);
    free(sim);
}
