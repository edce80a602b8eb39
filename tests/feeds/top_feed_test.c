/* TOP messages through the whole feed: best prices without orders. */
#include "tests/feeds/play.h"

#include "core/base/bytes.h"
#include "feeds/top_wire.h"

#define OSI "SPXW  230915C04500000"

static play *open_defined(void)
{
    play *self = play_open(play_config(), 4096);
    vw_pitch_message time = play_time(PLAY_START_NS);

    play_define(self, 1, "0000Aa", OSI);
    play_send(self, 1, &time, 1);
    play_drain(self);
    return self;
}

/* send gives the feed one TOP message, whose first bytes are the same in all forms. */
static void send(play *self, vw_dialect dialect, uint8_t type, const char *symbol, void *wire,
                 size_t size)
{
    unsigned char *bytes = wire;

    bytes[0] = (unsigned char)size;
    bytes[1] = type;
    vw_store_u32(bytes + 2, 5000);
    memcpy(bytes + 6, symbol, 6);
    play_begin(self, dialect, 1, self->sequence[1]++);
    assert_true(vw_pitch_add(&self->writer, bytes, size));
    play_end(self, 0);
    play_drain(self);
}

static void one_side(play *self, char side, uint16_t price, uint16_t quantity)
{
    vw_top_wire_one_side_c1_short wire = {.side = side, .price = price, .quantity = quantity};

    send(self, VW_DIALECT_OPTIONS, VW_TOP_ONE_SIDE_C1_SHORT, "0000Aa", &wire, sizeof wire);
}

static void each_side_stands_until_it_is_told_again(void **state)
{
    play *self = open_defined();
    vw_top_wire_two_sides_c1_short both = {
        .bid = 1250, .bid_quantity = 10, .ask = 1310, .ask_quantity = 7};

    (void)state;
    send(self, VW_DIALECT_OPTIONS, VW_TOP_TWO_SIDES_C1_SHORT, "0000Aa", &both, sizeof both);
    play_check_quote(self, 0, 125000, 10, 131000, 7, 0);
    one_side(self, 'B', 1260, 3);
    play_check_quote(self, 0, 126000, 3, 131000, 7, 0);
    one_side(self, 'S', 0, 0);
    play_check_quote(self, 0, 126000, 3, VW_PRICE_NONE, 0, 0);
    assert_int_equal(self->last[0].exchange_ns, PLAY_START_NS + 5000);
    assert_int_equal(play_counted(self, VW_COUNT_MESSAGES_UNKNOWN), 0);
    play_close(self);
}

static void a_clear_empties_both_sides_and_a_gap_makes_them_stale(void **state)
{
    play *self = open_defined();
    vw_pitch_message clear = {.type = VW_PITCH_UNIT_CLEAR};

    (void)state;
    one_side(self, 'B', 1260, 3);
    one_side(self, 'S', 1280, 3);
    play_send(self, 1, &clear, 1);
    play_drain(self);
    play_check_quote(self, 0, VW_PRICE_NONE, 0, VW_PRICE_NONE, 0, 0);
    one_side(self, 'B', 1250, 1);
    self->sequence[1]++; /* lost on both lines */
    one_side(self, 'S', 1290, 1);
    self->now_ns += PLAY_WAIT_NS;
    vw_feed_turn(self->feed, self->now_ns);
    play_drain(self);
    play_check_quote(self, 0, 125000, 1, 129000, 1, VW_QUOTE_STALE);
    one_side(self, 'B', 1240, 2);
    play_check_quote(self, 0, 124000, 2, 129000, 1, 0);
    play_close(self);
}

static void a_snapshot_of_a_future_has_both_sides_its_status_and_signed_prices(void **state)
{
    play *self = play_open(play_config(), 4096);
    vw_pitch_message future = {.type = VW_PITCH_FUTURE,
                               .future = {.symbol = "00000v",
                                          .report_symbol = "VX",
                                          .expiration_date = 20231018,
                                          .contract_size = 1000,
                                          .listing_state = 'A'}};
    vw_top_wire_snapshot_long wire = {.unit_timestamp = (uint32_t)(PLAY_START_NS / 1000000000),
                                      .bid = -500,
                                      .bid_quantity = 4,
                                      .ask = 165000,
                                      .ask_quantity = 6,
                                      .status = 'H'};

    (void)state;
    play_begin(self, VW_DIALECT_CFE, 1, 0);
    play_message(self, &future);
    play_end(self, 0);
    vw_pitch_message time = play_time(PLAY_START_NS);

    play_begin(self, VW_DIALECT_CFE, 1, self->sequence[1]++);
    play_message(self, &time);
    play_end(self, 0);
    send(self, VW_DIALECT_CFE, VW_TOP_SNAPSHOT_LONG, "00000v", &wire, sizeof wire);
    play_check_quote(self, 0, -500, 4, 165000, 6, 0);
    assert_int_equal(play_find(self, VW_EVENT_TRADING, 0)->trading.status, 'H');
    play_close(self);
}

static void a_broken_trade_is_none(void **state)
{
    play *self = open_defined();
    vw_top_wire_trade wire = {.quantity = 3, .price = 126000, .execution_id = 9, .condition = 'S'};

    (void)state;
    send(self, VW_DIALECT_OPTIONS, VW_TOP_TRADE, "0000Aa", &wire, sizeof wire);
    wire.condition = 'X';
    send(self, VW_DIALECT_OPTIONS, VW_TOP_TRADE, "0000Aa", &wire, sizeof wire);
    assert_int_equal(play_count(self, VW_EVENT_TRADE), 1);
    assert_int_equal(play_find(self, VW_EVENT_TRADE, 0)->trade.price, 126000);
    play_close(self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_side_stands_until_it_is_told_again),
        cmocka_unit_test(a_clear_empties_both_sides_and_a_gap_makes_them_stale),
        cmocka_unit_test(a_snapshot_of_a_future_has_both_sides_its_status_and_signed_prices),
        cmocka_unit_test(a_broken_trade_is_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
