/* An exchange on two lines that lose, double, delay, cut and garble packets, that die and come
 * back; it clears and begins anew.  Whatever happens: what is sent as good is right, everything
 * else is flagged, and the counters add up.  The right answer is the exchange's own table of
 * orders. */
#include "core/base/bytes.h"
#include "tests/feeds/play.h"

#include <time.h>

enum {
    UNITS = 3,
    SERIES = 30,
    ORDERS = 200,
    ACTS = 3000,
    LOG_MAX = 4 * ACTS,
    RUN_MAX = 5,
    TIME_ACTS = 500
};
#define ACT_NS VW_NS_PER_MS
#define PACKET_NS (5 * VW_NS_PER_MS) /* no line waits longer to fill a packet */

/* The exchange. */
typedef struct resting {
    uint64_t id; /* 0: none */
    uint32_t series;
    char side;
    int64_t price;
    uint32_t quantity;
} resting;

typedef struct said {
    vw_pitch_message message;
    int64_t at_ns;
    uint32_t sequence; /* 1: a count begins here */
} said;

static resting orders[ORDERS];
static uint64_t last_id;
static said logs[UNITS][LOG_MAX];
static uint32_t log_count[UNITS], next_sequence[UNITS];
static int64_t clock_ns;

/* The lines. */
typedef struct badness {
    double loss, twice, late, cut, far;
    int64_t dead_ns, back_ns; /* a line that is away between these */
} badness;

typedef struct arrival {
    int64_t at_ns;
    uint32_t line, unit, first, count;
    enum { WHOLE, CUT, SHORT_HEAD, NO_LENGTH, FAR_AHEAD } harm;
} arrival;

static arrival arrivals[8 * UNITS * LOG_MAX];

/* What the engine makes of the events so far. */
static vw_event shown[SERIES];

static double share(void)
{
    return rand() / (RAND_MAX + 1.0);
}

static uint32_t below(uint32_t end)
{
    return (uint32_t)rand() % end;
}

static const char *symbol_of(uint32_t series)
{
    static char symbol[8];

    snprintf(symbol, sizeof symbol, "00%04u", series % 10000);
    return symbol;
}

static void say(uint32_t unit, vw_pitch_message message)
{
    assert_true(log_count[unit] < LOG_MAX);
    logs[unit][log_count[unit]++] = (said){message, clock_ns, next_sequence[unit]++};
}

static void empty(uint32_t unit)
{
    for (uint32_t i = 0; i < ORDERS; i++) {
        if (orders[i].id != 0 && orders[i].series % UNITS == unit) {
            orders[i].id = 0;
        }
    }
}

static void say_time(uint32_t unit)
{
    say(unit, play_time(clock_ns));
}

/* A unit clears its books, or ends its day and begins another. */
static void clear_or_begin_anew(uint32_t unit)
{
    empty(unit);
    if (below(2) == 0) {
        say(unit, (vw_pitch_message){.type = VW_PITCH_UNIT_CLEAR, .time_offset_ns = 1});
        return;
    }
    clock_ns += 1500 * VW_NS_PER_MS; /* nothing of the old day is still on its way */
    next_sequence[unit] = 1;
    say_time(unit);
    clock_ns += 50 * VW_NS_PER_MS; /* nor overtakes the first message of the new one */
}

static void act(void)
{
    resting *order = &orders[below(ORDERS)];
    uint32_t unit = order->series % UNITS;

    clock_ns += ACT_NS;
    if (order->id == 0) {
        *order = (resting){++last_id, below(SERIES), below(2) ? 'B' : 'S',
                           10000 * (int64_t)(1 + below(20)), 1 + below(9)};
        say(order->series % UNITS, play_add(order->id, symbol_of(order->series), order->side,
                                            order->price, order->quantity));
    } else if (below(3) == 0) {
        say(unit, play_delete(order->id));
        order->id = 0;
    } else {
        order->price = 10000 * (int64_t)(1 + below(20));
        order->quantity = 1 + below(9);
        say(unit, play_modify(order->id, order->price, order->quantity));
    }
}

static void make_day(void)
{
    memset(orders, 0, sizeof orders);
    memset(log_count, 0, sizeof log_count);
    clock_ns = PLAY_START_NS;
    for (uint32_t unit = 0; unit < UNITS; unit++) {
        next_sequence[unit] = 1;
        say_time(unit);
    }
    clock_ns += 50 * VW_NS_PER_MS; /* nothing overtakes the first messages */
    for (uint32_t i = 1; i <= ACTS; i++) {
        act();
        for (uint32_t unit = 0; unit < UNITS && i % TIME_ACTS == 0; unit++) {
            say_time(unit);
        }
        if (below(ACTS / 3) == 0) {
            clear_or_begin_anew(below(UNITS));
        }
    }
}

static int64_t delay_ns(const badness *line)
{
    return share() < line->late ? below(10 * VW_NS_PER_MS) : 0;
}

static arrival *put_packet(arrival *to, const badness *line, arrival packet)
{
    int64_t at_ns = packet.at_ns;

    if (share() < line->loss || (at_ns >= line->dead_ns && at_ns < line->back_ns)) {
        return to;
    }
    for (int copies = share() < line->twice ? 2 : 1; copies > 0; copies--) {
        packet.at_ns = at_ns + delay_ns(line);
        packet.harm = share() < line->cut ? 1 + below(3) : share() < line->far ? FAR_AHEAD : WHOLE;
        *to++ = packet;
    }
    return to;
}

/* A line frames each unit's messages in its own way; no packet has messages of two counts. */
static arrival *frame(uint32_t number, const badness *line, arrival *to)
{
    for (uint32_t unit = 0; unit < UNITS; unit++) {
        for (uint32_t first = 0; first < log_count[unit];) {
            uint32_t count = 1, most = 1 + below(RUN_MAX);

            while (count < most && first + count < log_count[unit] &&
                   logs[unit][first + count].sequence != 1 &&
                   logs[unit][first + count].at_ns - logs[unit][first].at_ns < PACKET_NS) {
                count++;
            }
            int64_t at_ns = logs[unit][first + count - 1].at_ns;

            to = put_packet(to, line, (arrival){at_ns, number, unit, first, count, WHOLE});
            first += count;
        }
    }
    return to;
}

static int by_time(const void *a, const void *b)
{
    const arrival *left = a, *right = b;

    return (left->at_ns > right->at_ns) - (left->at_ns < right->at_ns);
}

static size_t harm(unsigned char *payload, size_t size, unsigned how)
{
    switch (how) {
    case CUT:
        return 1 + below((uint32_t)size - 1);
    case SHORT_HEAD:
        vw_store_u16(payload, (uint16_t)(size + 1 + below(60000 - (uint32_t)size)));
        return size;
    case NO_LENGTH:
        payload[sizeof(vw_wire_block)] = below(2) ? 0 : 255;
        return size;
    case FAR_AHEAD:
        payload[offsetof(vw_wire_block, sequence) + 2] ^= (unsigned char)(1U << below(8));
        return size;
    default:
        return size;
    }
}

static void show_unit(const vw_event *event)
{
    for (uint32_t series = event->unit - 1U; series < SERIES; series += UNITS) {
        switch (event->unit_change.state) {
        case VW_UNIT_WHOLE:
            shown[series].quality = 0;
            break;
        case VW_UNIT_CLEAR:
            shown[series].quote.bid = shown[series].quote.ask = VW_PRICE_NONE;
            shown[series].quote.bid_size = shown[series].quote.ask_size = 0;
            shown[series].quality = 0;
            break;
        case VW_UNIT_LIVE:
            break;
        default:
            shown[series].quality = VW_QUOTE_STALE;
        }
    }
}

/* show takes the events of a turn as the engine does. */
static void show(play *self)
{
    play_drain(self);
    for (size_t i = 0; i < self->count; i++) {
        const vw_event *event = &self->events[i];

        if (event->kind == VW_EVENT_UNIT) {
            show_unit(event);
        } else if (event->kind == VW_EVENT_QUOTE) {
            shown[event->instrument] = *event;
        }
    }
    self->count = 0;
}

static void deliver(play *self, const arrival *at)
{
    self->now_ns = at->at_ns > self->now_ns ? at->at_ns : self->now_ns;
    play_begin(self, VW_DIALECT_OPTIONS, (uint8_t)(at->unit + 1),
               logs[at->unit][at->first].sequence);
    for (uint32_t i = 0; i < at->count; i++) {
        play_message(self, &logs[at->unit][at->first + i].message);
    }
    size_t size = harm(self->payload, vw_pitch_end(&self->writer), at->harm);

    vw_feed_packet(self->feed, 0, at->line, self->payload, size, self->now_ns);
    show(self);
}

/* Heartbeats of every unit, on both lines, until every hole has had its time. */
static void settle(play *self)
{
    for (int turn = 0; turn < 4; turn++) {
        for (uint32_t unit = 0; unit < UNITS; unit++) {
            for (uint32_t line = 0; line < 2; line++) {
                play_begin(self, VW_DIALECT_OPTIONS, (uint8_t)(unit + 1), next_sequence[unit]);
                play_end(self, line);
            }
        }
        self->now_ns += 2 * PLAY_WAIT_NS;
        vw_feed_turn(self->feed, self->now_ns);
        show(self);
    }
}

static play *hear(const badness lines[2])
{
    vw_feed_config config = play_config();
    arrival *end = arrivals;

    config.channels[0].reannounce_ns = 0; /* only what is said again is known again */
    play *self = play_open(config, 1 << 14);

    for (uint32_t series = 0; series < SERIES; series++) {
        char osi[32];

        snprintf(osi, sizeof osi, "SPXW  230915C%08u", 1000000 + 5000 * series);
        play_define(self, (uint8_t)(series % UNITS + 1), symbol_of(series), osi);
    }
    for (uint32_t series = 0; series < SERIES; series++) {
        shown[series] = (vw_event){.quote = {.bid = VW_PRICE_NONE, .ask = VW_PRICE_NONE}};
    }
    end = frame(0, &lines[0], end);
    end = frame(1, &lines[1], end);
    qsort(arrivals, (size_t)(end - arrivals), sizeof *arrivals, by_time);
    for (const arrival *at = arrivals; at < end; at++) {
        deliver(self, at);
    }
    settle(self);
    return self;
}

static vw_event best_of(uint32_t series)
{
    vw_event best = {.quote = {.bid = VW_PRICE_NONE, .ask = VW_PRICE_NONE}};

    for (uint32_t i = 0; i < ORDERS; i++) {
        const resting *order = &orders[i];
        bool bid = order->side == 'B';
        int64_t *price = bid ? &best.quote.bid : &best.quote.ask;
        uint32_t *size = bid ? &best.quote.bid_size : &best.quote.ask_size;

        if (order->id == 0 || order->series != series) {
            continue;
        }
        if (*price == VW_PRICE_NONE || (bid ? order->price > *price : order->price < *price)) {
            *price = order->price;
            *size = 0;
        }
        *size += *price == order->price ? order->quantity : 0;
    }
    return best;
}

/* check_quotes returns how many series are flagged; the others must be as the exchange has them. */
static uint32_t check_quotes(void)
{
    uint32_t stale = 0;

    for (uint32_t series = 0; series < SERIES; series++) {
        vw_event want = best_of(series), got = shown[series];

        if (got.quality == VW_QUOTE_STALE) {
            stale++;
            continue;
        }
        assert_int_equal(got.quote.bid, want.quote.bid);
        assert_int_equal(got.quote.ask, want.quote.ask);
        assert_int_equal(got.quote.bid_size, want.quote.bid_size);
        assert_int_equal(got.quote.ask_size, want.quote.ask_size);
    }
    return stale;
}

static void check_counters(const play *self)
{
    uint64_t in = play_counted(self, VW_COUNT_MESSAGES_IN);

    assert_int_equal(in, play_counted(self, VW_COUNT_MESSAGES_ACCEPTED) +
                             play_counted(self, VW_COUNT_MESSAGES_DUPLICATE) +
                             play_counted(self, VW_COUNT_MESSAGES_LATE) +
                             play_counted(self, VW_COUNT_MESSAGES_MALFORMED));
}

static void sow(void)
{
    const char *given = getenv("VW_SEED");
    unsigned seed = given != NULL ? (unsigned)atoi(given) : (unsigned)time(NULL);

    print_message("VW_SEED=%u\n", seed);
    srand(seed);
}

/* From a thousandth to a fifth. */
static badness some_badness(void)
{
    static const double shares[] = {0, 0.001, 0.005, 0.02, 0.08, 0.2};
    badness line = {.loss = shares[below(6)],
                    .twice = shares[below(6)],
                    .late = shares[below(6)],
                    .cut = shares[below(6)]};

    if (below(2) == 0) {
        line.dead_ns = PLAY_START_NS + below(3000) * VW_NS_PER_MS;
        line.back_ns = line.dead_ns + below(2000) * VW_NS_PER_MS;
    }
    return line;
}

static void whatever_the_lines_do_nothing_wrong_is_sent_as_good(void **state)
{
    uint32_t stale = 0, rounds = 0;

    (void)state;
    sow();
    for (; rounds < 30; rounds++) {
        make_day();
        const badness lines[2] = {some_badness(), some_badness()};
        play *self = hear(lines);

        stale += check_quotes();
        check_counters(self);
        play_close(self);
    }
    assert_true(stale > 0 && stale < rounds * SERIES);
}

static void one_line_that_loses_nothing_is_enough(void **state)
{
    (void)state;
    sow();
    for (int round = 0; round < 15; round++) {
        make_day();
        badness lines[2] = {some_badness(), {.twice = 0.05, .late = 0.05}};
        badness good[2] = {{.loss = 0}, {.loss = 0}};
        play *lossless = hear(good);

        assert_int_equal(check_quotes(), 0);
        play *self = hear(lines);

        assert_int_equal(check_quotes(), 0);
        assert_int_equal(play_counted(self, VW_COUNT_MESSAGES_MISSED), 0);
        assert_int_equal(play_counted(self, VW_COUNT_ORDERS_UNKNOWN), 0);
        check_counters(self);
        play_close(self);
        play_close(lossless);
    }
}

/* A sequence that is far off looks like a great gap, and then like a reset. */
static void sequences_far_ahead_cost_flags_but_never_mislead(void **state)
{
    (void)state;
    sow();
    for (int round = 0; round < 10; round++) {
        make_day();
        badness lines[2] = {some_badness(), some_badness()};

        lines[0].far = 0.001;
        play *self = hear(lines);

        self->now_ns += VW_NS_PER_SECOND;
        for (int beat = 0; beat < 20; beat++) { /* the true count is heard again */
            self->now_ns += 100 * VW_NS_PER_MS;
            settle(self);
        }
        check_quotes();
        check_counters(self);
        play_close(self);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_the_lines_do_nothing_wrong_is_sent_as_good),
        cmocka_unit_test(one_line_that_loses_nothing_is_enough),
        cmocka_unit_test(sequences_far_ahead_cost_flags_but_never_mislead),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
