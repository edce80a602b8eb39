#include "tests/feeds/play.h"

#define OSI_CALL "SPXW  230915C04500000"
#define OSI_PUT "SPXW  230915P04500000"
#define SECOND VW_NS_PER_SECOND

/* A feed that has heard unit 1 from its first message, with two series defined. */
static play *open_defined(void)
{
    play *self = play_open(play_config(), 4096);
    vw_pitch_message time = play_time(PLAY_START_NS);

    play_define(self, 1, "0000Aa", OSI_CALL);
    play_define(self, 1, "0000Ab", OSI_PUT);
    play_send(self, 1, &time, 1);
    play_drain(self);
    return self;
}

static void expect_unit(const play *self, size_t index, vw_unit_state state)
{
    const vw_event *event = play_find(self, VW_EVENT_UNIT, index);

    assert_non_null(event);
    assert_int_equal(event->unit_change.state, state);
    assert_int_equal(event->unit, 1);
    assert_int_equal(event->instrument, VW_INSTRUMENT_NONE);
}

static void limits_that_make_no_sense_are_refused(void **state)
{
    vw_feed_config config = play_config();

    (void)state;
    assert_true(vw_feed_size(&config) > 0); /* before there is a ring */
    config.channel_count = 0;
    assert_int_equal(vw_feed_size(&config), 0);
    config = play_config();
    config.channels[1].line_count = VW_FEED_LINES_MAX + 1;
    assert_int_equal(vw_feed_size(&config), 0);
}

static void a_series_is_defined_once_from_its_osi_symbol(void **state)
{
    play *self = open_defined();

    (void)state;
    play_define(self, 1, "0000Aa", OSI_CALL);
    play_drain(self);
    assert_int_equal(play_count(self, VW_EVENT_DEFINITION), 2);
    const vw_event *event = play_find(self, VW_EVENT_DEFINITION, 0);

    assert_memory_equal(event->definition.root, "SPXW\0\0", 6);
    assert_int_equal(event->definition.type, 'C');
    assert_int_equal(event->definition.settlement, 'P');
    assert_int_equal(event->definition.expiry, 20230915);
    assert_int_equal(event->definition.strike, 4500 * VW_PRICE_ONE);
    assert_int_equal(event->definition.multiplier, 100);
    assert_int_equal(event->instrument, 0);
    assert_int_equal(event->unit, 1);
    assert_int_equal(play_counted(self, VW_COUNT_DEFINITIONS), 2);
    assert_int_equal(play_counted(self, VW_COUNT_MESSAGES_UNSEQUENCED), 3);
    play_close(self);
}

static void roots_we_do_not_price_are_skipped_with_their_orders(void **state)
{
    play *self = open_defined();
    vw_pitch_message add = play_add(1, "0000Az", 'B', 10000, 1);

    (void)state;
    play_define(self, 1, "0000Az", "AAPL  230915C00150000");
    play_send(self, 1, &add, 1);
    play_drain(self);
    assert_int_equal(play_counted(self, VW_COUNT_MESSAGES_IGNORED), 2);
    assert_int_equal(play_count(self, VW_EVENT_DEFINITION), 2);
    play_close(self);
}

static void a_packet_makes_one_quote_per_series_with_its_stamps(void **state)
{
    play *self = open_defined();
    vw_pitch_message messages[] = {
        play_add(1, "0000Aa", 'B', 101000, 5),
        play_add(2, "0000Aa", 'S', 103000, 7),
        play_modify(1, 102000, 6),
        play_add(3, "0000Ab", 'B', 50000, 1),
        play_add(4, "0000Aa", 'B', 102000, 4),
    };

    (void)state;
    self->now_ns += 77;
    play_send(self, 1, messages, VW_COUNT_OF(messages));
    play_drain(self);
    assert_int_equal(play_count(self, VW_EVENT_QUOTE), 2);
    play_check_quote(self, 0, 102000, 10, 103000, 7, 0);
    play_check_quote(self, 1, 50000, 1, VW_PRICE_NONE, 0, 0);
    assert_int_equal(self->last[0].exchange_ns, PLAY_START_NS + 1000);
    assert_int_equal(self->last[0].receive_ns, PLAY_START_NS + 77);
    assert_int_equal(self->last[0].sequence, 6);
    assert_int_equal(self->last[1].sequence, 5);
    play_close(self);
}

static void what_leaves_the_best_prices_as_they_are_is_no_quote(void **state)
{
    play *self = open_defined();
    vw_pitch_message first[] = {play_add(1, "0000Aa", 'B', 101000, 5),
                                play_add(2, "0000Aa", 'S', 103000, 7)};
    vw_pitch_message again[] = {play_delete(1), play_add(1, "0000Aa", 'B', 101000, 5),
                                play_add(9, "0000Aa", 'B', 90000, 5)};

    (void)state;
    play_send(self, 1, first, 2);
    play_send(self, 1, again, 3);
    play_drain(self);
    assert_int_equal(play_count(self, VW_EVENT_QUOTE), 1);
    assert_int_equal(play_counted(self, VW_COUNT_ORDERS_UNKNOWN), 0);
    play_close(self);
}

static void a_transaction_is_one_quote_however_many_packets_it_takes(void **state)
{
    play *self = open_defined();
    vw_pitch_message opening[] = {{.type = VW_PITCH_TRANSACTION_BEGIN},
                                  play_add(1, "0000Aa", 'B', 101000, 5)};
    vw_pitch_message middle = play_add(2, "0000Aa", 'S', 103000, 7);
    vw_pitch_message closing[] = {play_modify(1, 102000, 1), {.type = VW_PITCH_TRANSACTION_END}};

    (void)state;
    play_send(self, 1, opening, 2);
    play_send(self, 1, &middle, 1);
    play_drain(self);
    assert_int_equal(play_count(self, VW_EVENT_QUOTE), 0);
    play_send(self, 1, closing, 2);
    play_drain(self);
    assert_int_equal(play_count(self, VW_EVENT_QUOTE), 1);
    play_check_quote(self, 0, 102000, 1, 103000, 7, 0);
    play_close(self);
}

static void executions_are_trades_at_the_price_of_the_order_or_their_own(void **state)
{
    play *self = open_defined();
    vw_pitch_message messages[] = {
        play_add(1, "0000Aa", 'B', 101000, 5),
        play_add(2, "0000Aa", 'S', 103000, 7),
        {.type = VW_PITCH_EXECUTED,
         .change = {.order_id = 1, .quantity = 2, .execution_id = 99, .condition = 'S'}},
        {.type = VW_PITCH_EXECUTED_AT,
         .change = {.order_id = 2,
                    .quantity = 3,
                    .remaining = 1,
                    .execution_id = 100,
                    .price = 102500,
                    .condition = 'I'}},
        {.type = VW_PITCH_TRADE_SHORT,
         .trade = {.symbol = "0000Ab", .side = 'S', .quantity = 4, .price = 5000}},
    };

    (void)state;
    play_send(self, 1, messages, VW_COUNT_OF(messages));
    play_drain(self);
    play_check_quote(self, 0, 101000, 3, 103000, 1, 0);
    const vw_event *trade = play_find(self, VW_EVENT_TRADE, 0);

    assert_int_equal(trade->trade.price, 101000);
    assert_int_equal(trade->trade.size, 2);
    assert_int_equal(trade->trade.side, 'B');
    assert_int_equal(trade->trade.execution_id, 99);
    trade = play_find(self, VW_EVENT_TRADE, 1);
    assert_int_equal(trade->trade.price, 102500);
    assert_int_equal(trade->trade.side, 'S');
    assert_int_equal(trade->trade.condition, 'I');
    trade = play_find(self, VW_EVENT_TRADE, 2);
    assert_int_equal(trade->instrument, 1);
    assert_int_equal(trade->trade.price, 5000);
    play_close(self);
}

static void a_gap_carries_the_last_prices_as_stale_until_both_sides_come_again(void **state)
{
    play *self = open_defined();
    vw_pitch_message first[] = {play_add(1, "0000Aa", 'B', 101000, 5),
                                play_add(2, "0000Aa", 'S', 103000, 7),
                                play_add(3, "0000Ab", 'B', 50000, 1)};
    vw_pitch_message bid = play_add(4, "0000Aa", 'B', 100000, 2);
    vw_pitch_message old = play_delete(2);
    vw_pitch_message offer = play_add(5, "0000Aa", 'S', 104000, 3);

    (void)state;
    play_send(self, 1, first, 3);
    self->sequence[1] += 4; /* lost on both lines */
    play_send(self, 1, &bid, 1);
    play_drain(self);
    play_check_quote(self, 0, 101000, 5, 103000, 7, 0);
    self->now_ns += PLAY_WAIT_NS;
    play_send(self, 1, &old, 1); /* this packet finds that the hole has waited enough */
    play_drain(self);
    expect_unit(self, 1, VW_UNIT_GAP);
    assert_int_equal(play_find(self, VW_EVENT_UNIT, 1)->unit_change.missed, 4);
    assert_int_equal(play_find(self, VW_EVENT_UNIT, 1)->unit_change.first, 5);
    play_check_quote(self, 0, 100000, 2, 103000, 7, VW_QUOTE_STALE);
    play_check_quote(self, 1, 50000, 1, VW_PRICE_NONE, 0, VW_QUOTE_STALE);
    assert_int_equal(play_counted(self, VW_COUNT_ORDERS_UNKNOWN), 1);
    play_send(self, 1, &offer, 1);
    play_drain(self);
    play_check_quote(self, 0, 100000, 2, 104000, 3, 0);
    play_check_quote(self, 1, 50000, 1, VW_PRICE_NONE, 0, VW_QUOTE_STALE);
    self->now_ns += 5 * SECOND;
    play_send(self, 1, NULL, 0);
    play_drain(self);
    expect_unit(self, 2, VW_UNIT_WHOLE);
    play_check_quote(self, 1, VW_PRICE_NONE, 0, VW_PRICE_NONE, 0, 0);
    play_close(self);
}

static void what_is_left_of_a_transaction_that_a_gap_cut_makes_nothing_fresh(void **state)
{
    play *self = open_defined();
    vw_pitch_message first[] = {play_add(1, "0000Aa", 'B', 101000, 5),
                                play_add(2, "0000Aa", 'S', 103000, 7)};
    /* Begin, the deletes and the new best orders were lost. */
    vw_pitch_message rest[] = {play_add(4, "0000Aa", 'B', 99000, 2),
                               play_add(5, "0000Aa", 'S', 105000, 3),
                               {.type = VW_PITCH_TRANSACTION_END}};
    vw_pitch_message again[] = {play_add(6, "0000Aa", 'B', 102000, 1),
                                play_add(7, "0000Aa", 'S', 104000, 1)};

    (void)state;
    play_send(self, 1, first, 2);
    self->sequence[1] += 5;
    play_send(self, 1, rest, 3);
    self->now_ns += PLAY_WAIT_NS;
    vw_feed_turn(self->feed, self->now_ns);
    play_drain(self);
    play_check_quote(self, 0, 101000, 5, 103000, 7, VW_QUOTE_STALE);
    play_send(self, 1, again, 2);
    play_drain(self);
    play_check_quote(self, 0, 102000, 1, 104000, 1, 0);
    play_close(self);
}

static void a_status_before_the_definition_follows_it(void **state)
{
    play *self = play_open(play_config(), 4096);
    vw_pitch_message early[] = {play_time(PLAY_START_NS),
                                {.type = VW_PITCH_TRADING_STATUS, .status = {"0000Aa", 'T', 'T'}}};

    (void)state;
    play_send(self, 1, early, 2);
    play_drain(self);
    assert_int_equal(play_count(self, VW_EVENT_TRADING), 0);
    play_define(self, 1, "0000Aa", "SPXW  230915C04500000");
    play_drain(self);
    assert_int_equal(play_count(self, VW_EVENT_DEFINITION), 1);
    assert_int_equal(play_count(self, VW_EVENT_TRADING), 1);
    assert_int_equal(play_find(self, VW_EVENT_TRADING, 0)->trading.status, 'T');
    play_close(self);
}

static void a_listener_that_comes_late_is_whole_when_all_has_been_repeated(void **state)
{
    play *self = play_open(play_config(), 4096);
    vw_pitch_message time = play_time(PLAY_START_NS);
    vw_pitch_message bid = play_add(1, "0000Aa", 'B', 101000, 5);
    vw_pitch_message offer = play_add(2, "0000Aa", 'S', 102000, 5);

    (void)state;
    self->sequence[1] = 4711;
    play_send(self, 1, &bid, 1); /* before its definition and before the time is known */
    play_drain(self);
    expect_unit(self, 0, VW_UNIT_LIVE);
    assert_int_equal(self->count, 1);
    assert_int_equal(play_counted(self, VW_COUNT_SYMBOLS_UNKNOWN), 1);
    play_define(self, 1, "0000Aa", OSI_CALL);
    play_drain(self);
    assert_int_equal(play_count(self, VW_EVENT_DEFINITION), 1);
    assert_int_equal(play_count(self, VW_EVENT_QUOTE), 0);
    play_send(self, 1, &time, 1);
    play_drain(self);
    play_check_quote(self, 0, 101000, 5, VW_PRICE_NONE, 0, VW_QUOTE_STALE);
    self->now_ns += 2 * SECOND;
    play_send(self, 1, &offer, 1);
    play_drain(self);
    play_check_quote(self, 0, 101000, 5, 102000, 5, 0);
    self->now_ns += 2 * SECOND;
    play_send(self, 1, NULL, 0);
    self->now_ns += SECOND;
    play_send(self, 1, NULL, 0);
    play_drain(self);
    expect_unit(self, 1, VW_UNIT_WHOLE);
    assert_int_equal(play_counted(self, VW_COUNT_GAPS), 0);
    play_close(self);
}

static void a_reset_heard_from_one_on_begins_with_empty_books(void **state)
{
    play *self = open_defined();
    vw_pitch_message quote[] = {play_add(1, "0000Aa", 'B', 101000, 5),
                                play_add(2, "0000Aa", 'S', 103000, 7)};
    vw_pitch_message again[] = {play_time(PLAY_START_NS), play_add(1, "0000Aa", 'B', 100000, 4)};
    vw_pitch_message offer = play_add(2, "0000Aa", 'S', 105000, 4);

    (void)state;
    play_send(self, 1, quote, 2);
    self->now_ns += 2 * SECOND;
    self->sequence[1] = 1;
    play_send(self, 1, again, 2);
    play_drain(self);
    expect_unit(self, 1, VW_UNIT_RESET);
    expect_unit(self, 2, VW_UNIT_CLEAR);
    play_check_quote(self, 0, 100000, 4, VW_PRICE_NONE, 0, 0);
    play_send(self, 1, &offer, 1);
    play_drain(self);
    play_check_quote(self, 0, 100000, 4, 105000, 4, 0);
    assert_int_equal(play_counted(self, VW_COUNT_SEQUENCE_RESETS), 1);
    assert_int_equal(play_counted(self, VW_COUNT_MESSAGES_MISSED), 0);
    play_close(self);
}

static void a_symbol_of_another_day_is_pointed_to_its_new_contract(void **state)
{
    play *self = open_defined();
    vw_pitch_message add = play_add(1, "0000Aa", 'B', 101000, 5);

    (void)state;
    play_define(self, 1, "0000Aa", OSI_PUT);
    play_send(self, 1, &add, 1);
    play_drain(self);
    assert_int_equal(play_count(self, VW_EVENT_DEFINITION), 2);
    play_check_quote(self, 1, 101000, 5, VW_PRICE_NONE, 0, 0);
    play_close(self);
}

static void silence_makes_stale_and_a_voice_that_goes_on_makes_fresh(void **state)
{
    (void)state;
    for (uint32_t missed = 0; missed < 2; missed++) {
        play *self = open_defined();
        vw_pitch_message quote[] = {play_add(1, "0000Aa", 'B', 101000, 5),
                                    play_add(2, "0000Aa", 'S', 103000, 7)};

        play_send(self, 1, quote, 2);
        for (int turn = 0; turn < 4; turn++) {
            self->now_ns += SECOND;
            vw_feed_poll(self->feed, self->now_ns);
        }
        play_drain(self);
        expect_unit(self, 1, VW_UNIT_SILENT);
        play_check_quote(self, 0, 101000, 5, 103000, 7, VW_QUOTE_STALE);
        assert_int_equal(play_counted(self, VW_COUNT_LINES_SILENT), 4);
        self->sequence[1] += missed; /* the heartbeat says what comes next */
        play_send(self, 1, NULL, 0);
        self->now_ns += PLAY_WAIT_NS;
        vw_feed_turn(self->feed, self->now_ns);
        play_drain(self);
        expect_unit(self, 2, VW_UNIT_WHOLE);
        play_check_quote(self, 0, 101000, 5, 103000, 7, missed ? VW_QUOTE_STALE : 0);
        play_close(self);
    }
}

static void an_order_after_a_gap_does_not_vouch_for_those_before(void **state)
{
    vw_feed_config config = play_config();
    vw_pitch_message time = play_time(PLAY_START_NS);
    vw_pitch_message quote[] = {play_add(1, "0000Aa", 'B', 101000, 5),
                                play_add(2, "0000Aa", 'S', 103000, 7)};
    vw_pitch_message worse[] = {play_add(3, "0000Aa", 'B', 90000, 5),
                                play_add(4, "0000Aa", 'S', 110000, 7)};

    (void)state;
    config.channels[0].reannounce_ns = 0; /* nothing is ever repeated */
    play *self = play_open(config, 4096);

    play_define(self, 1, "0000Aa", OSI_CALL);
    play_send(self, 1, &time, 1);
    play_send(self, 1, quote, 2);
    self->sequence[1]++;
    play_send(self, 1, worse, 2);
    self->now_ns += PLAY_WAIT_NS;
    vw_feed_turn(self->feed, self->now_ns);
    play_drain(self);
    play_check_quote(self, 0, 90000, 5, 110000, 7, VW_QUOTE_STALE);
    play_close(self);
}

static void anyone_can_ask_which_lines_are_silent(void **state)
{
    play *self = open_defined();

    (void)state;
    assert_int_equal(vw_feed_silent_lines(self->feed), 0);
    self->now_ns += 4 * SECOND;
    vw_feed_poll(self->feed, self->now_ns);
    assert_int_equal(vw_feed_silent_lines(self->feed),
                     VW_FEED_LINE_BIT(0, 0) | VW_FEED_LINE_BIT(0, 1) | VW_FEED_LINE_BIT(1, 0) |
                         VW_FEED_LINE_BIT(1, 1));
    play_define(self, 1, "0000Aa", OSI_CALL); /* on line A */
    assert_int_equal(vw_feed_silent_lines(self->feed),
                     VW_FEED_LINE_BIT(0, 1) | VW_FEED_LINE_BIT(1, 0) | VW_FEED_LINE_BIT(1, 1));
    assert_int_equal(play_counted(self, VW_COUNT_LINES_SILENT), 4);
    play_close(self);
}

static void a_unit_clear_takes_every_quote_away_and_that_is_known(void **state)
{
    play *self = open_defined();
    vw_pitch_message quote = play_add(1, "0000Aa", 'B', 101000, 5);
    vw_pitch_message clear = {.type = VW_PITCH_UNIT_CLEAR};

    (void)state;
    play_send(self, 1, &quote, 1);
    play_send(self, 1, &clear, 1);
    play_drain(self);
    expect_unit(self, 1, VW_UNIT_CLEAR);
    play_check_quote(self, 0, VW_PRICE_NONE, 0, VW_PRICE_NONE, 0, 0);
    play_close(self);
}

static void with_a_full_ring_the_newest_quote_and_every_definition_follow(void **state)
{
    play *self = play_open(play_config(), 4);
    vw_pitch_message first[] = {play_time(PLAY_START_NS), play_add(1, "0000Aa", 'B', 101000, 5),
                                play_add(2, "0000Ab", 'B', 50000, 5)};
    vw_pitch_message newer = play_modify(2, 60000, 9);

    (void)state;
    play_define(self, 1, "0000Aa", OSI_CALL);
    play_define(self, 1, "0000Ab", OSI_PUT);
    play_send(self, 1, first, 3); /* unit, time: the ring is full */
    play_send(self, 1, &newer, 1);
    assert_true(play_counted(self, VW_COUNT_EVENT_RING_FULL) > 0);
    while (play_drain(self) > 0) {
        vw_feed_poll(self->feed, self->now_ns);
    }
    assert_int_equal(play_count(self, VW_EVENT_DEFINITION), 2);
    assert_int_equal(play_count(self, VW_EVENT_UNIT), 1);
    play_check_quote(self, 0, 101000, 5, VW_PRICE_NONE, 0, 0);
    play_check_quote(self, 1, 60000, 9, VW_PRICE_NONE, 0, 0);
    play_close(self);
}

static void trading_status_is_told_when_it_changes(void **state)
{
    play *self = open_defined();
    vw_pitch_message status = {.type = VW_PITCH_TRADING_STATUS,
                               .status = {.symbol = "0000Aa", .status = 'T'}};

    (void)state;
    play_send(self, 1, &status, 1);
    play_send(self, 1, &status, 1);
    status.status.status = 'H';
    play_send(self, 1, &status, 1);
    play_drain(self);
    assert_int_equal(play_count(self, VW_EVENT_TRADING), 2);
    assert_int_equal(play_find(self, VW_EVENT_TRADING, 1)->trading.status, 'H');
    play_close(self);
}

static vw_pitch_message future(const char *symbol, const char *report, uint32_t expiry)
{
    vw_pitch_message message = {.type = VW_PITCH_FUTURE,
                                .future = {.expiration_date = expiry,
                                           .contract_size = 1000,
                                           .listing_state = 'A',
                                           .price_increment = 500}};

    memcpy(message.future.symbol, symbol, strlen(symbol));
    memcpy(message.future.report_symbol, report, strlen(report));
    return message;
}

static void futures_are_defined_quoted_and_settled_and_spreads_are_skipped(void **state)
{
    play *self = play_open(play_config(), 4096);
    unsigned char legs[20] = {1};
    vw_pitch_message spread = future("000Sp", "VX", 20231018);
    vw_pitch_message defined[] = {future("000VX9", "VX", 20230920),
                                  future("000V39", "VX39", 20230927)};
    vw_pitch_message live[] = {
        play_time(PLAY_START_NS),
        play_add(1, "000VX9", 'B', 138500, 12),
        play_add(2, "000Sp", 'B', -5000, 3),
        {.type = VW_PITCH_SETTLEMENT,
         .day = {.symbol = "000VX9", .trade_date = 20230914, .price = 138700, .issue = 'S'}}};

    (void)state;
    spread.future.leg_count = 2;
    spread.future.legs = legs;
    play_begin(self, VW_DIALECT_CFE, 1, 0);
    play_message(self, &defined[0]);
    play_message(self, &spread);
    play_message(self, &defined[1]);
    play_end(self, 0);
    play_begin(self, VW_DIALECT_CFE, 1, 1);
    for (size_t i = 0; i < VW_COUNT_OF(live); i++) {
        play_message(self, &live[i]);
    }
    play_end(self, 1);
    play_drain(self);
    assert_int_equal(play_count(self, VW_EVENT_DEFINITION), 2);
    const vw_event *event = play_find(self, VW_EVENT_DEFINITION, 1);

    assert_memory_equal(event->definition.root, "VX\0\0\0\0", 6);
    assert_true(event->definition.weekly);
    assert_int_equal(event->definition.expiry, 20230927);
    assert_int_equal(event->definition.multiplier, 1000);
    assert_int_equal(event->definition.type, 'F');
    assert_int_equal(event->feed, 1);
    assert_false(play_find(self, VW_EVENT_DEFINITION, 0)->definition.weekly);
    play_check_quote(self, 0, 138500, 12, VW_PRICE_NONE, 0, 0);
    event = play_find(self, VW_EVENT_SETTLEMENT, 0);
    assert_int_equal(event->settlement.price, 138700);
    assert_int_equal(event->settlement.trade_date, 20230914);
    assert_int_equal(event->settlement.issue, 'S');
    assert_int_equal(play_counted(self, VW_COUNT_MESSAGES_IGNORED), 2);
    play_close(self);
}

static void the_old_time_message_is_placed_by_the_receive_time(void **state)
{
    play *self = play_open(play_config(), 4096);
    unsigned char packet[] = {14, 0, 1, 1, 1, 0, 0, 0, 6, 0x20, 0x01, 0xE1, 0, 0}; /* 57,601 s */

    (void)state;
    self->now_ns += 300 * VW_NS_PER_MS;
    vw_feed_packet(self->feed, 0, 0, packet, sizeof packet, self->now_ns);
    play_drain(self);
    assert_int_equal(play_find(self, VW_EVENT_TIME, 0)->exchange_ns, PLAY_START_NS + SECOND);
    play_close(self);
}

static void packets_that_are_none_are_counted(void **state)
{
    play *self = open_defined();

    (void)state;
    vw_feed_packet(self->feed, 0, 0, "\x40\0\1\1\1\0\0\0", 8, self->now_ns);
    vw_feed_packet(self->feed, 0, 1, "", 0, self->now_ns);
    assert_int_equal(play_counted(self, VW_COUNT_PACKETS_MALFORMED), 2);
    play_close(self);
}

static void the_price_that_means_none_is_no_price_on_the_wire(void **state)
{
    play *self = open_defined();
    vw_pitch_message messages[] = {play_add(1, "0000Aa", 'B', VW_PRICE_NONE, 5),
                                   play_add(2, "0000Aa", 'S', 103000, 7),
                                   play_modify(2, VW_PRICE_NONE, 7)};

    (void)state;
    play_send(self, 1, messages, 3);
    play_drain(self);
    assert_int_equal(play_counted(self, VW_COUNT_MESSAGES_MALFORMED), 2);
    play_check_quote(self, 0, VW_PRICE_NONE, 0, 103000, 7, 0);
    play_close(self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits_that_make_no_sense_are_refused),
        cmocka_unit_test(a_series_is_defined_once_from_its_osi_symbol),
        cmocka_unit_test(roots_we_do_not_price_are_skipped_with_their_orders),
        cmocka_unit_test(a_packet_makes_one_quote_per_series_with_its_stamps),
        cmocka_unit_test(what_leaves_the_best_prices_as_they_are_is_no_quote),
        cmocka_unit_test(a_transaction_is_one_quote_however_many_packets_it_takes),
        cmocka_unit_test(executions_are_trades_at_the_price_of_the_order_or_their_own),
        cmocka_unit_test(a_gap_carries_the_last_prices_as_stale_until_both_sides_come_again),
        cmocka_unit_test(what_is_left_of_a_transaction_that_a_gap_cut_makes_nothing_fresh),
        cmocka_unit_test(a_status_before_the_definition_follows_it),
        cmocka_unit_test(a_listener_that_comes_late_is_whole_when_all_has_been_repeated),
        cmocka_unit_test(a_reset_heard_from_one_on_begins_with_empty_books),
        cmocka_unit_test(a_symbol_of_another_day_is_pointed_to_its_new_contract),
        cmocka_unit_test(silence_makes_stale_and_a_voice_that_goes_on_makes_fresh),
        cmocka_unit_test(an_order_after_a_gap_does_not_vouch_for_those_before),
        cmocka_unit_test(anyone_can_ask_which_lines_are_silent),
        cmocka_unit_test(a_unit_clear_takes_every_quote_away_and_that_is_known),
        cmocka_unit_test(with_a_full_ring_the_newest_quote_and_every_definition_follow),
        cmocka_unit_test(trading_status_is_told_when_it_changes),
        cmocka_unit_test(futures_are_defined_quoted_and_settled_and_spreads_are_skipped),
        cmocka_unit_test(the_old_time_message_is_placed_by_the_receive_time),
        cmocka_unit_test(packets_that_are_none_are_counted),
        cmocka_unit_test(the_price_that_means_none_is_no_price_on_the_wire),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
