/* The whole feed against an exchange that speaks on two bad lines, compared with one good line. */
#include "tests/feeds/play.h"

#include <time.h>

enum { UNITS = 3, SERIES = 40, ORDERS = 300, PACKETS = 4000, MESSAGES_MAX = 6, COPIES_MAX = 4 };

/* The exchange: which orders rest, and the next sequence of each unit. */
typedef struct resting {
    bool live;
    uint32_t series;
    char side;
    int64_t price;
    uint32_t quantity;
} resting;

static resting orders[ORDERS];
static uint64_t ids[ORDERS], last_id;

/* What a unit has sent, so that each line can frame it in its own way. */
typedef struct sent {
    vw_pitch_message message;
    int64_t at_ns;
} sent;

static sent logs[UNITS][PACKETS * MESSAGES_MAX * 2];
static size_t log_count[UNITS];

typedef struct arrival {
    int64_t at_ns;
    uint32_t line, unit, first, count;
} arrival;

static arrival arrivals[2 * COPIES_MAX * UNITS * PACKETS * MESSAGES_MAX];
static bool lost[2][UNITS][PACKETS * MESSAGES_MAX * 2];

static double share(void)
{
    return rand() / (RAND_MAX + 1.0);
}

static const char *symbol_of(uint32_t series)
{
    static char symbol[8];

    snprintf(symbol, sizeof symbol, "00%04u", series % 10000);
    return symbol;
}

static void note(uint32_t unit, vw_pitch_message message, int64_t at_ns)
{
    logs[unit][log_count[unit]++] = (sent){message, at_ns};
}

static void add(uint32_t index, int64_t at_ns)
{
    ids[index] = ++last_id;
    note(orders[index].series % UNITS,
         play_add(ids[index], symbol_of(orders[index].series), orders[index].side,
                  orders[index].price, orders[index].quantity),
         at_ns);
}

static void act(uint32_t index, int64_t at_ns)
{
    resting *order = &orders[index];
    uint32_t unit = order->series % UNITS;

    if (!order->live) {
        *order = (resting){true, (uint32_t)rand() % SERIES, rand() % 2 ? 'B' : 'S',
                           10000 * (int64_t)(1 + rand() % 20), 1 + (uint32_t)rand() % 9};
        add(index, at_ns);
    } else if (rand() % 3 == 0) {
        order->live = false;
        note(unit, play_delete(ids[index]), at_ns);
    } else {
        order->price = 10000 * (int64_t)(1 + rand() % 20);
        order->quantity = 1 + (uint32_t)rand() % 9;
        note(unit, play_modify(ids[index], order->price, order->quantity), at_ns);
    }
}

/* An exchange day of so many acts, 100 us apart; then every order is repeated, twice. */
static int64_t make_day(void)
{
    int64_t at_ns = PLAY_START_NS;

    memset(orders, 0, sizeof orders);
    memset(log_count, 0, sizeof log_count);
    for (uint32_t unit = 0; unit < UNITS; unit++) {
        note(unit, play_time(PLAY_START_NS), at_ns);
    }
    for (uint32_t i = 0; i < PACKETS; i++) {
        at_ns += 100 * VW_NS_PER_US;
        act((uint32_t)rand() % ORDERS, at_ns);
    }
    return at_ns;
}

static void repeat_all(int64_t at_ns)
{
    for (uint32_t i = 0; i < ORDERS; i++) {
        if (orders[i].live) {
            note(orders[i].series % UNITS, play_delete(ids[i]), at_ns + i * VW_NS_PER_MS);
            add(i, at_ns + i * VW_NS_PER_MS);
        }
    }
}

/* A line frames what each unit has sent from `from` on, and loses, doubles and delays packets. */
static size_t frame(uint32_t line, double bad, bool spare, const size_t *from, arrival *to)
{
    size_t count = 0;

    for (uint32_t unit = 0; unit < UNITS; unit++) {
        for (size_t first = from[unit]; first < log_count[unit];) {
            size_t most = log_count[unit] - first, size = 1 + (size_t)rand() % MESSAGES_MAX;
            bool gone = first > 0 && share() < bad;

            size = size < most ? size : most;
            for (size_t i = first; i < first + size; i++) {
                gone = gone && !(spare && lost[1 - line][unit][i]);
            }
            for (size_t i = first; i < first + size; i++) {
                lost[line][unit][i] = gone;
            }
            for (int copies = gone ? 0 : share() < bad ? 2 : 1; copies > 0; copies--) {
                int64_t delay_ns = share() < bad ? rand() % (5 * VW_NS_PER_MS) : 0;

                to[count++] = (arrival){logs[unit][first + size - 1].at_ns + delay_ns, line, unit,
                                        (uint32_t)first, (uint32_t)size};
            }
            first += size;
        }
    }
    return count;
}

static int by_time(const void *a, const void *b)
{
    const arrival *left = a, *right = b;

    return (left->at_ns > right->at_ns) - (left->at_ns < right->at_ns);
}

/* hear plays arrivals to the feed; returns how many quotes it marked stale. */
static size_t hear(play *self, size_t count)
{
    size_t stale = 0;

    qsort(arrivals, count, sizeof *arrivals, by_time);
    for (size_t i = 0; i < count; i++) {
        const arrival *at = &arrivals[i];

        self->now_ns = at->at_ns > self->now_ns ? at->at_ns : self->now_ns;
        play_begin(self, VW_DIALECT_OPTIONS, (uint8_t)(at->unit + 1), at->first + 1);
        for (uint32_t j = 0; j < at->count; j++) {
            play_message(self, &logs[at->unit][at->first + j].message);
        }
        play_end(self, at->line);
        play_drain(self);
        while (self->count > 0) {
            const vw_event *event = &self->events[--self->count];

            stale += event->kind == VW_EVENT_QUOTE && event->quality == VW_QUOTE_STALE;
        }
    }
    return stale;
}

/* A heartbeat of every unit tells how far it has come; then every hole has had its time. */
static void settle(play *self)
{
    for (int turn = 0; turn < 2; turn++) {
        for (uint32_t unit = 0; unit < UNITS; unit++) {
            play_begin(self, VW_DIALECT_OPTIONS, (uint8_t)(unit + 1),
                       (uint32_t)log_count[unit] + 1);
            play_end(self, 0);
        }
        self->now_ns += 2 * PLAY_WAIT_NS;
    }
    vw_feed_poll(self->feed, self->now_ns);
    play_drain(self);
}

static play *open_with_series(void)
{
    play *self = play_open(play_config(), 1 << 14);

    for (uint32_t series = 0; series < SERIES; series++) {
        char osi[32];

        snprintf(osi, sizeof osi, "SPXW  230915C%08u", 1000000 + 5000 * series);
        play_define(self, (uint8_t)(series % UNITS + 1), symbol_of(series), osi);
    }
    for (uint8_t unit = 1; unit <= UNITS; unit++) { /* heard before its first message */
        play_begin(self, VW_DIALECT_OPTIONS, unit, 1);
        play_end(self, 0);
    }
    play_drain(self);
    self->count = 0;
    return self;
}

/* A series that never had an order has no quote, or an empty one. */
static vw_event quote_of(const play *self, uint32_t series)
{
    vw_event none = {.quote = {.bid = VW_PRICE_NONE, .ask = VW_PRICE_NONE}};

    return self->last[series].kind == VW_EVENT_QUOTE ? self->last[series] : none;
}

static void same_quotes(const play *good, const play *bad)
{
    for (uint32_t series = 0; series < SERIES; series++) {
        vw_event want = quote_of(good, series), got = quote_of(bad, series);

        assert_int_equal(got.quote.bid, want.quote.bid);
        assert_int_equal(got.quote.ask, want.quote.ask);
        assert_int_equal(got.quote.bid_size, want.quote.bid_size);
        assert_int_equal(got.quote.ask_size, want.quote.ask_size);
        assert_int_equal(got.quality, want.quality);
    }
}

static play *hear_good_line(void)
{
    static const size_t start[UNITS];
    play *self = open_with_series();

    hear(self, frame(0, 0, false, start, arrivals));
    settle(self);
    return self;
}

static void what_one_line_brings_makes_the_lossless_end_state(void **state)
{
    static const size_t start[UNITS];
    unsigned seed = (unsigned)time(NULL);

    (void)state;
    printf("seed %u\n", seed);
    srand(seed);
    for (int round = 0; round < 5; round++) {
        make_day();
        play *good = hear_good_line(), *bad = open_with_series();
        size_t count = frame(0, 0.05, false, start, arrivals);

        count += frame(1, 0.05, true, start, arrivals + count);
        hear(bad, count);
        settle(bad);
        same_quotes(good, bad);
        assert_int_equal(play_counted(bad, VW_COUNT_MESSAGES_MISSED), 0);
        assert_int_equal(play_counted(bad, VW_COUNT_ORDERS_UNKNOWN), 0);
        play_close(good);
        play_close(bad);
    }
}

static uint64_t lost_on_both(void)
{
    uint64_t both = 0;

    for (uint32_t unit = 0; unit < UNITS; unit++) {
        for (size_t i = 0; i < log_count[unit]; i++) {
            both += lost[0][unit][i] && lost[1][unit][i];
        }
    }
    return both;
}

static void what_both_lines_lose_is_counted_stale_and_whole_when_repeated(void **state)
{
    static const size_t start[UNITS];
    unsigned seed = (unsigned)time(NULL);

    (void)state;
    printf("seed %u\n", seed);
    srand(seed);
    for (int round = 0; round < 5; round++) {
        int64_t end_ns = make_day();
        play *bad = open_with_series();
        size_t count = frame(0, 0.1, false, start, arrivals);

        count += frame(1, 0.1, false, start, arrivals + count);
        size_t stale = hear(bad, count);

        settle(bad);
        uint64_t both = lost_on_both();

        assert_true(both > 0 && stale > 0);
        assert_int_equal(play_counted(bad, VW_COUNT_MESSAGES_MISSED), both);
        size_t from[UNITS]; /* five seconds after the last gap nothing is stale */

        memcpy(from, log_count, sizeof from);
        repeat_all(end_ns + 100 * VW_NS_PER_MS);
        hear(bad, frame(0, 0, false, from, arrivals));
        while (bad->now_ns < end_ns + 6 * VW_NS_PER_SECOND) {
            bad->now_ns += VW_NS_PER_SECOND;
            settle(bad);
        }
        play *good = hear_good_line();

        same_quotes(good, bad);
        assert_int_equal(play_counted(bad, VW_COUNT_MESSAGES_MISSED), both);
        play_close(good);
        play_close(bad);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_one_line_brings_makes_the_lossless_end_state),
        cmocka_unit_test(what_both_lines_lose_is_counted_stale_and_whole_when_repeated),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
