/* OPRA on two lines that lose, double, delay and garble blocks: what is sent as good is right, the
 * rest is flagged, the counters add up.  A garbled bit is found by the sum of its block. */
#include "tests/feeds/play.h"

#include "tests/feeds/opra_bytes.h"

#include <time.h>

enum { SERIES = 40, BLOCKS = 3000, MESSAGES_MAX = 16 };
#define BLOCK_NS VW_NS_PER_MS

typedef struct side {
    int64_t price; /* VW_PRICE_NONE: none */
    uint32_t size;
} side;

typedef struct badness {
    double loss, twice, late, garbled;
    int64_t dead_ns, back_ns;
} badness;

typedef struct arrival {
    int64_t at_ns;
    uint32_t line, block;
    bool garbled;
} arrival;

static side best[SERIES][2];
static bytes blocks[BLOCKS];
static int64_t block_ns[BLOCKS];
static arrival arrivals[4 * BLOCKS];
static uint32_t next_sequence;
static vw_event shown[SERIES];

static double share(void)
{
    return rand() / (RAND_MAX + 1.0);
}

static uint32_t below(uint32_t end)
{
    return (uint32_t)rand() % end;
}

/* One quote of a series, and what it does to the national best. */
static void put_quote(bytes *to, uint32_t series)
{
    static const char codes[] = "ABCDEFGHIJKLMNOP ";
    /* this quote, the appendage, none, or nothing, of bid and of offer: codes in their order */
    static const char *const does[] = {"..", ".t", ".o", ".n", "t.", "tt", "to", "tn", "n.",
                                       "nt", "no", "nn", "o.", "ot", "oo", "on", ".."};
    uint32_t which = below(sizeof codes - 1), prices[2], others[2];

    for (uint32_t i = 0; i < 2; i++) {
        prices[i] = 1 + below(60000);
        others[i] = 1 + below(60000);
    }
    put_head(to, 'k', ' ', codes[which]);
    put_text(to, "SPXW ");
    put(to, 0, 1);
    put(to, 'I', 1);
    put(to, 15, 1);
    put(to, 23, 1);
    put(to, 'I', 1);
    put(to, 4000 + series, 4);
    put(to, 'B', 1);
    for (uint32_t i = 0; i < 2; i++) {
        put(to, prices[i], 4);
        put(to, 7, 4);
    }
    for (uint32_t i = 0; i < 2; i++) {
        if (does[which][i] == 'o') {
            put_appendage(to, 'W', (int32_t)others[i]);
        }
        best[series][i] = does[which][i] == 't'   ? (side){100 * (int64_t)prices[i], 7}
                          : does[which][i] == 'o' ? (side){100 * (int64_t)others[i], 300}
                          : does[which][i] == 'n' ? (side){VW_PRICE_NONE, 0}
                                                  : best[series][i];
    }
}

static void make_day(void)
{
    int64_t at_ns = PLAY_START_NS;

    next_sequence = 1;
    for (uint32_t i = 0; i < SERIES; i++) {
        best[i][0] = best[i][1] = (side){VW_PRICE_NONE, 0};
    }
    for (uint32_t i = 0; i < BLOCKS; i++) {
        uint32_t count = 1 + below(MESSAGES_MAX);

        blocks[i].size = 0;
        put_block(&blocks[i], next_sequence, count, at_ns);
        for (uint32_t j = 0; j < count; j++) {
            put_quote(&blocks[i], below(SERIES));
        }
        end_block(&blocks[i]);
        block_ns[i] = at_ns;
        at_ns += i == 0 ? 50 * VW_NS_PER_MS : BLOCK_NS; /* nothing overtakes the first */
        next_sequence += count;
    }
}

static arrival *send_line(uint32_t number, const badness *line, arrival *to)
{
    for (uint32_t i = 0; i < BLOCKS; i++) {
        if (share() < line->loss || (block_ns[i] >= line->dead_ns && block_ns[i] < line->back_ns)) {
            continue;
        }
        for (int copies = share() < line->twice ? 2 : 1; copies > 0; copies--) {
            int64_t late_ns = share() < line->late ? below(10 * VW_NS_PER_MS) : 0;

            *to++ = (arrival){block_ns[i] + late_ns, number, i, share() < line->garbled};
        }
    }
    return to;
}

static int by_time(const void *a, const void *b)
{
    const arrival *left = a, *right = b;

    return (left->at_ns > right->at_ns) - (left->at_ns < right->at_ns);
}

/* show takes the events of a turn as the engine does. */
static void show(play *self)
{
    play_drain(self);
    for (size_t i = 0; i < self->count; i++) {
        const vw_event *event = &self->events[i];

        if (event->kind == VW_EVENT_QUOTE) {
            shown[event->instrument] = *event;
        }
        for (uint32_t j = 0; event->kind == VW_EVENT_UNIT && j < SERIES; j++) {
            shown[j].quality = event->unit_change.state == VW_UNIT_WHOLE  ? 0
                               : event->unit_change.state == VW_UNIT_LIVE ? shown[j].quality
                                                                          : VW_QUOTE_STALE;
        }
    }
    self->count = 0;
}

static play *hear(const badness lines[2], uint32_t strikes[SERIES])
{
    vw_feed_config config = play_config();
    arrival *end = arrivals;

    config.channels[0].protocol = VW_PROTOCOL_OPRA;
    config.channel_count = 1;
    play *self = play_open(config, 1 << 14);

    memset(shown, 0, sizeof shown);
    end = send_line(0, &lines[0], end);
    end = send_line(1, &lines[1], end);
    qsort(arrivals, (size_t)(end - arrivals), sizeof *arrivals, by_time);
    for (const arrival *at = arrivals; at < end; at++) {
        bytes block = blocks[at->block];

        if (at->garbled) {
            block.at[below((uint32_t)block.size)] ^= (unsigned char)(1U << below(8));
        }
        self->now_ns = at->at_ns > self->now_ns ? at->at_ns : self->now_ns;
        vw_feed_packet(self->feed, 0, at->line, block.at, block.size, self->now_ns);
        play_drain(self);
        for (size_t i = 0; i < self->count; i++) {
            const vw_event *event = &self->events[i];

            if (event->kind == VW_EVENT_DEFINITION) {
                strikes[event->instrument] = (uint32_t)(event->definition.strike / VW_PRICE_ONE);
            }
        }
        show(self);
    }
    for (int turn = 0; turn < 3; turn++) { /* line integrity says what comes next */
        bytes integrity = {.size = 0};

        self->now_ns += 2 * PLAY_WAIT_NS;
        put_block(&integrity, next_sequence, 1, self->now_ns);
        put_head(&integrity, 'H', 'N', ' ');
        end_block(&integrity);
        vw_feed_packet(self->feed, 0, 0, integrity.at, integrity.size, self->now_ns);
        show(self);
    }
    return self;
}

/* check_quotes returns how many series are flagged; the others must be as the exchange has them. */
static uint32_t check_quotes(const uint32_t strikes[SERIES])
{
    uint32_t stale = 0;

    for (uint32_t i = 0; i < SERIES; i++) {
        const side *want = best[strikes[i] - 4000];

        if (shown[i].quality == VW_QUOTE_STALE) {
            stale++;
            continue;
        }
        assert_int_equal(shown[i].quote.bid, want[0].price);
        assert_int_equal(shown[i].quote.ask, want[1].price);
        assert_int_equal(shown[i].quote.bid_size, want[0].size);
        assert_int_equal(shown[i].quote.ask_size, want[1].size);
    }
    return stale;
}

static void check_counters(const play *self)
{
    assert_int_equal(play_counted(self, VW_COUNT_MESSAGES_IN),
                     play_counted(self, VW_COUNT_MESSAGES_ACCEPTED) +
                         play_counted(self, VW_COUNT_MESSAGES_DUPLICATE) +
                         play_counted(self, VW_COUNT_MESSAGES_LATE) +
                         play_counted(self, VW_COUNT_MESSAGES_MALFORMED));
}

static badness some_badness(void)
{
    static const double shares[] = {0, 0.001, 0.005, 0.02, 0.08, 0.2};
    badness line = {.loss = shares[below(6)],
                    .twice = shares[below(6)],
                    .late = shares[below(6)],
                    .garbled = shares[below(6)]};

    if (below(2) == 0) {
        line.dead_ns = PLAY_START_NS + below(2000) * VW_NS_PER_MS;
        line.back_ns = line.dead_ns + below(1000) * VW_NS_PER_MS;
    }
    return line;
}

static void sow(void)
{
    const char *given = getenv("VW_SEED");
    unsigned seed = given != NULL ? (unsigned)atoi(given) : (unsigned)time(NULL);

    print_message("VW_SEED=%u\n", seed);
    srand(seed);
}

static void whatever_the_lines_do_nothing_wrong_is_sent_as_good(void **state)
{
    (void)state;
    sow();
    for (int round = 0; round < 10; round++) {
        uint32_t strikes[SERIES];

        make_day();
        const badness lines[2] = {some_badness(), some_badness()};
        play *self = hear(lines, strikes);

        check_quotes(strikes);
        check_counters(self);
        play_close(self);
    }
}

static void one_line_that_loses_nothing_is_enough(void **state)
{
    (void)state;
    sow();
    for (int round = 0; round < 5; round++) {
        uint32_t strikes[SERIES];

        make_day();
        const badness lines[2] = {some_badness(), {.twice = 0.05, .late = 0.05}};
        play *self = hear(lines, strikes);

        assert_int_equal(check_quotes(strikes), 0);
        assert_int_equal(play_counted(self, VW_COUNT_MESSAGES_MISSED), 0);
        check_counters(self);
        play_close(self);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_the_lines_do_nothing_wrong_is_sent_as_good),
        cmocka_unit_test(one_line_that_loses_nothing_is_enough),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
