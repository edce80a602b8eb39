#include "feeds/sim_flow.h"

#include "core/market/event.h"
#include "tests/feeds/sim_listener.h"

enum { SEED = 11, CHANGES = 40000, LOOKS = 200 };

/* One series, one unit, one line into a listener. */
typedef struct stage {
    vw_sim_line line;
    vw_sim_unit unit;
    vw_sim_channel channel;
    vw_sim_book book;
    vw_sim_flow flow;
    listener *heard;
} stage;

static stage *open_stage(vw_dialect dialect)
{
    stage *s = calloc(1, sizeof *s);
    size_t channel = dialect == VW_DIALECT_CFE;

    s->heard = listener_open(true, false, true);
    s->line.sink = listener_sink;
    s->line.sink_self = s->heard;
    s->line.channel = channel;
    s->line.socket = -1;
    s->unit = (vw_sim_unit){.number = 1, .sequence = 1, .second = INT64_MIN};
    s->channel = (vw_sim_channel){
        .dialect = dialect, .lines = &s->line, .line_count = 1, .units = &s->unit, .unit_count = 1};
    s->book = (vw_sim_book){.channel = &s->channel, .symbol = "0000aZ"};
    s->flow = (vw_sim_flow){.books = &s->book, .random = vw_sim_random_seed(SEED, 0)};
    s->flow.market_ns = s->flow.now_ns = INT64_C(1000000000000000000);
    listener_define(s->heard, channel, s->book.symbol, "the series");
    return s;
}

static void close_stage(stage *s)
{
    listener_close(s->heard);
    free(s);
}

/* A quote that wanders by whole ticks, from nothing to prices that need the long form; one in
 * eight sides is missing. */
static vw_sim_quote wander(vw_sim_random *random, int64_t *middle)
{
    vw_sim_quote quote = {.bid_size = 1 + vw_sim_random_below(random, 100000),
                          .ask_size = 1 + vw_sim_random_below(random, 90)};

    *middle += 500 * ((int64_t)vw_sim_random_below(random, 41) - 20);
    *middle = *middle < 1000 ? 1000 : *middle;
    quote.bid = vw_sim_random_below(random, 8) == 0 ? 0 : *middle - 500;
    quote.ask = vw_sim_random_below(random, 8) == 0 ? 0 : *middle + 500;
    return quote;
}

static void assert_stands(stage *s, const vw_sim_quote *quote)
{
    vw_sim_line_flush(&s->line, s->flow.now_ns);
    listener_settle(s->heard);
    assert_int_equal(s->heard->series[0].best[0], quote->bid);
    assert_int_equal(s->heard->series[0].best[1], quote->ask);
}

static void play(vw_dialect dialect)
{
    stage *s = open_stage(dialect);
    vw_sim_random random = vw_sim_random_seed(SEED, 1);
    int64_t middle = 327 * VW_PRICE_ONE; /* where the short forms end */

    for (int i = 0; i < CHANGES; i++) {
        bool stays = vw_sim_random_below(&random, 4) != 0;
        vw_sim_quote quote = {.bid = s->book.best[0].id != 0 ? s->book.best[0].price : 0,
                              .ask = s->book.best[1].id != 0 ? s->book.best[1].price : 0,
                              .bid_size = 30,
                              .ask_size = 70000};

        if (!stays || i == 0) {
            quote = wander(&random, &middle);
        }
        s->flow.market_ns = s->flow.now_ns += 1000000;
        if (vw_sim_random_below(&random, 50) == 0) {
            vw_sim_flow_announce(&s->flow, 0, &quote);
        } else if (!vw_sim_flow_change(&s->flow, 0, &quote)) {
            assert_true(quote.bid == 0 && quote.ask == 0);
        }
        if (i % (CHANGES / LOOKS) == 0) {
            assert_stands(s, &quote);
        }
    }
    vw_sim_line_flush(&s->line, s->flow.now_ns);
    assert_true(s->heard->types[VW_PITCH_EXECUTED] > 100);
    assert_true(s->heard->types[VW_PITCH_REDUCE_SHORT] > 100);
    assert_true(s->heard->types[VW_PITCH_REDUCE_LONG] > 0);
    assert_true(s->heard->types[VW_PITCH_MODIFY_LONG] > 100);
    assert_int_equal(s->heard->types[VW_PITCH_TRANSACTION_BEGIN],
                     s->heard->types[VW_PITCH_TRANSACTION_END]);
    close_stage(s);
}

static void whatever_happens_to_an_option_its_best_prices_are_the_quote(void **state)
{
    (void)state;
    play(VW_DIALECT_OPTIONS);
}

static void whatever_happens_to_a_future_its_best_prices_are_the_quote(void **state)
{
    (void)state;
    play(VW_DIALECT_CFE);
}

static void a_series_without_a_side_sends_nothing(void **state)
{
    stage *s = open_stage(VW_DIALECT_OPTIONS);
    vw_sim_quote none = {0};

    (void)state;
    assert_false(vw_sim_flow_change(&s->flow, 0, &none));
    assert_int_equal(s->unit.sequence, 1);
    close_stage(s);
}

static void an_announcement_tells_status_and_gives_new_order_ids(void **state)
{
    stage *s = open_stage(VW_DIALECT_OPTIONS);
    vw_sim_quote quote = {.bid = 10000, .ask = 12000, .bid_size = 5, .ask_size = 6};
    uint64_t id;

    (void)state;
    vw_sim_flow_announce(&s->flow, 0, &quote);
    id = s->book.best[0].id;
    vw_sim_flow_announce(&s->flow, 0, &quote);
    assert_true(s->book.best[0].id != id);
    assert_stands(s, &quote);
    assert_int_equal(s->heard->types[VW_PITCH_DELETE], 2);
    assert_int_equal(s->heard->series[0].status, 'T');
    close_stage(s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_happens_to_an_option_its_best_prices_are_the_quote),
        cmocka_unit_test(whatever_happens_to_a_future_its_best_prices_are_the_quote),
        cmocka_unit_test(a_series_without_a_side_sends_nothing),
        cmocka_unit_test(an_announcement_tells_status_and_gives_new_order_ids),
    };

    printf("seed %d\n", SEED);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
