#include "feeds/top.h"

#include "feeds/pitch.h"
#include "tests/check.h"

#include <string.h>

/* Every form of the same market: bid 12.50 x 30 (5 of a customer), ask 12.60 x 40 (6). */
typedef union wire {
    vw_wire_stamp stamp;
    vw_top_wire_snapshot_short snapshot_short;
    vw_top_wire_snapshot_long snapshot_long;
    vw_top_wire_one_side_short one_short;
    vw_top_wire_one_side_long one_long;
    vw_top_wire_two_sides_short two_short;
    vw_top_wire_two_sides_long two_long;
    vw_top_wire_one_side_c1_short one_c1_short;
    vw_top_wire_one_side_c1_long one_c1_long;
    vw_top_wire_two_sides_c1_short two_c1_short;
    vw_top_wire_two_sides_c1_long two_c1_long;
    vw_top_wire_trade trade;
    unsigned char bytes[256];
} wire;

static wire begin(vw_top_type type, size_t size)
{
    wire to = {.bytes = {0}};

    to.stamp.head.length = (uint8_t)size;
    to.stamp.head.type = (uint8_t)type;
    to.stamp.time_offset_ns = 777;
    memcpy(to.bytes + sizeof to.stamp, "0000ab", 6);
    return to;
}

static vw_top_message decode(const wire *from)
{
    vw_top_message message;
    size_t size = from->stamp.head.length;

    for (size_t less = 0; less < size; less++) {
        assert_int_equal(vw_top_decode(from->bytes, less, &message), VW_TOP_MORE);
    }
    assert_int_equal(vw_top_decode(from->bytes, sizeof from->bytes, &message), size);
    assert_int_equal(message.type, from->stamp.head.type);
    assert_int_equal(message.time_offset_ns, 777);
    assert_string_equal(message.symbol, "0000ab");
    wire shorter = *from;

    shorter.stamp.head.length = (uint8_t)(size - 1);
    vw_top_message refused;

    assert_int_equal(vw_top_decode(shorter.bytes, sizeof shorter.bytes, &refused),
                     VW_TOP_MALFORMED);
    assert_int_equal(refused.length, size - 1);
    return message;
}

static void assert_side(const vw_top_side *side, int64_t price, uint32_t quantity,
                        uint32_t customer)
{
    assert_true(side->given);
    assert_true(side->price == price);
    assert_int_equal(side->quantity, quantity);
    assert_int_equal(side->customer_quantity, customer);
}

static void snapshots_carry_the_market_the_last_trade_and_the_day(void **state)
{
    (void)state;
    for (int is_long = 0; is_long < 2; is_long++) {
        wire from = is_long ? begin(VW_TOP_SNAPSHOT_LONG, 61) : begin(VW_TOP_SNAPSHOT_SHORT, 37);

        if (is_long) {
            from.snapshot_long.unit_timestamp = 99;
            from.snapshot_long.bid = -125000;
            from.snapshot_long.bid_quantity = 30;
            from.snapshot_long.ask = 126000;
            from.snapshot_long.ask_quantity = 40;
            from.snapshot_long.last = 125500;
            from.snapshot_long.last_quantity = 2;
            from.snapshot_long.condition = 'S';
            from.snapshot_long.volume = 123456;
            from.snapshot_long.status = 'T';
        } else {
            from.snapshot_short.unit_timestamp = 99;
            from.snapshot_short.bid = -1250;
            from.snapshot_short.bid_quantity = 30;
            from.snapshot_short.ask = 1260;
            from.snapshot_short.ask_quantity = 40;
            from.snapshot_short.last = 1255;
            from.snapshot_short.last_quantity = 2;
            from.snapshot_short.condition = 'S';
            from.snapshot_short.volume = 123456;
            from.snapshot_short.status = 'T';
        }
        vw_top_message got = decode(&from);

        assert_side(&got.bid, -125000, 30, 0);
        assert_side(&got.ask, 126000, 40, 0);
        assert_side(&got.last, 125500, 2, 0);
        assert_int_equal(got.unit_timestamp, 99);
        assert_int_equal(got.condition, 'S');
        assert_int_equal(got.volume, 123456);
        assert_int_equal(got.status, 'T');
    }
}

static void one_side_updates_speak_of_one_side_only(void **state)
{
    (void)state;
    for (int is_long = 0; is_long < 2; is_long++) {
        wire cfe = is_long ? begin(VW_TOP_ONE_SIDE_LONG, 25) : begin(VW_TOP_ONE_SIDE_SHORT, 17);
        wire c1 =
            is_long ? begin(VW_TOP_ONE_SIDE_C1_LONG, 30) : begin(VW_TOP_ONE_SIDE_C1_SHORT, 20);

        if (is_long) {
            cfe.one_long.side = 'S';
            cfe.one_long.price = -110000;
            cfe.one_long.quantity = 70000;
            c1.one_c1_long.side = 'B';
            c1.one_c1_long.flags = 0x10;
            c1.one_c1_long.price = 6553600;
            c1.one_c1_long.quantity = 30;
            c1.one_c1_long.customer_quantity = 5;
        } else {
            cfe.one_short.side = 'S';
            cfe.one_short.price = -1100;
            cfe.one_short.quantity = 40;
            c1.one_c1_short.side = 'B';
            c1.one_c1_short.flags = 0x10;
            c1.one_c1_short.price = 65535; /* no sign in options */
            c1.one_c1_short.quantity = 30;
            c1.one_c1_short.customer_quantity = 5;
        }
        vw_top_message got = decode(&cfe);

        assert_side(&got.ask, -110000, is_long ? 70000 : 40, 0);
        assert_false(got.bid.given);
        got = decode(&c1);
        assert_side(&got.bid, is_long ? 6553600 : 6553500, 30, 5);
        assert_false(got.ask.given);
        assert_int_equal(got.flags, 0x10);
    }
}

static void two_side_updates_speak_of_both(void **state)
{
    wire from = begin(VW_TOP_TWO_SIDES_SHORT, 20);

    (void)state;
    from.two_short.bid = -125;
    from.two_short.bid_quantity = 3;
    from.two_short.ask = -110;
    from.two_short.ask_quantity = 4;
    vw_top_message got = decode(&from);

    assert_side(&got.bid, -12500, 3, 0);
    assert_side(&got.ask, -11000, 4, 0);
    from = begin(VW_TOP_TWO_SIDES_LONG, 36);
    from.two_long.bid = 1;
    from.two_long.bid_quantity = 2;
    from.two_long.ask = 3;
    from.two_long.ask_quantity = 4;
    got = decode(&from);
    assert_side(&got.bid, 1, 2, 0);
    assert_side(&got.ask, 3, 4, 0);
    from = begin(VW_TOP_TWO_SIDES_C1_SHORT, 25);
    from.two_c1_short.bid = 1250;
    from.two_c1_short.bid_quantity = 30;
    from.two_c1_short.bid_customer_quantity = 5;
    from.two_c1_short.ask = 1260;
    from.two_c1_short.ask_quantity = 40;
    from.two_c1_short.ask_customer_quantity = 6;
    got = decode(&from);
    assert_side(&got.bid, 125000, 30, 5);
    assert_side(&got.ask, 126000, 40, 6);
    from = begin(VW_TOP_TWO_SIDES_C1_LONG, 45);
    from.two_c1_long.bid = 125000;
    from.two_c1_long.bid_quantity = 30;
    from.two_c1_long.bid_customer_quantity = 5;
    from.two_c1_long.ask = 126000;
    from.two_c1_long.ask_quantity = 40;
    from.two_c1_long.ask_customer_quantity = 6;
    got = decode(&from);
    assert_side(&got.bid, 125000, 30, 5);
    assert_side(&got.ask, 126000, 40, 6);
}

static void trades_carry_the_volume_and_may_be_breaks(void **state)
{
    wire from = begin(VW_TOP_TRADE, 37);

    (void)state;
    from.trade.quantity = 7;
    from.trade.price = 125500;
    from.trade.execution_id = UINT64_MAX;
    from.trade.volume = 123456;
    from.trade.condition = 'X';
    vw_top_message got = decode(&from);

    assert_side(&got.last, 125500, 7, 0);
    assert_true(got.execution_id == UINT64_MAX);
    assert_int_equal(got.volume, 123456);
    assert_int_equal(got.condition, 'X');
}

static void what_pitch_knows_is_left_to_pitch(void **state)
{
    vw_pitch_message pitch;
    vw_top_message top;

    (void)state;
    for (unsigned type = 0; type < 256; type++) {
        unsigned char bytes[255] = {255, (unsigned char)type};
        int taken = vw_top_decode(bytes, sizeof bytes, &top);

        assert_int_equal(taken, 255);
        assert_int_equal(top.wire_type, type);
        if (top.type != VW_TOP_UNKNOWN) {
            for (vw_dialect dialect = VW_DIALECT_OPTIONS; dialect <= VW_DIALECT_CFE; dialect++) {
                vw_pitch_decode(dialect, bytes, sizeof bytes, &pitch);
                assert_int_equal(pitch.type, VW_PITCH_UNKNOWN);
            }
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(snapshots_carry_the_market_the_last_trade_and_the_day),
        cmocka_unit_test(one_side_updates_speak_of_one_side_only),
        cmocka_unit_test(two_side_updates_speak_of_both),
        cmocka_unit_test(trades_carry_the_volume_and_may_be_breaks),
        cmocka_unit_test(what_pitch_knows_is_left_to_pitch),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
