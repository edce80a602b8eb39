#include "tools/decode_layouts.h"

#include "feeds/au_wire.h"
#include "feeds/top_wire.h"

/* What nearly every message starts with. */
#define STAMP(record, path)                                                                        \
    VW_FIELD_NAMED(record, path.head.length, "length", RAW),                                       \
        VW_FIELD_NAMED(record, path.head.type, "type", RAW),                                       \
        VW_FIELD_NAMED(record, path.time_offset_ns, "time_offset_ns", WHOLE)

static const vw_field top_snapshot_short_fields[] = {
    STAMP(vw_top_wire_snapshot_short, stamp),
    VW_FIELD(vw_top_wire_snapshot_short, symbol, TEXT),
    VW_FIELD(vw_top_wire_snapshot_short, unit_timestamp, EPOCH),
    VW_FIELD(vw_top_wire_snapshot_short, bid, SHORT),
    VW_FIELD(vw_top_wire_snapshot_short, bid_quantity, WHOLE),
    VW_FIELD(vw_top_wire_snapshot_short, ask, SHORT),
    VW_FIELD(vw_top_wire_snapshot_short, ask_quantity, WHOLE),
    VW_FIELD(vw_top_wire_snapshot_short, last, SHORT),
    VW_FIELD(vw_top_wire_snapshot_short, last_quantity, WHOLE),
    VW_FIELD(vw_top_wire_snapshot_short, condition, LETTER),
    VW_FIELD(vw_top_wire_snapshot_short, volume, WHOLE),
    VW_FIELD(vw_top_wire_snapshot_short, status, LETTER),
    VW_FIELD(vw_top_wire_snapshot_short, reserved, RESERVED),
};

static const vw_field top_snapshot_long_fields[] = {
    STAMP(vw_top_wire_snapshot_long, stamp),
    VW_FIELD(vw_top_wire_snapshot_long, symbol, TEXT),
    VW_FIELD(vw_top_wire_snapshot_long, unit_timestamp, EPOCH),
    VW_FIELD(vw_top_wire_snapshot_long, bid, PRICE4),
    VW_FIELD(vw_top_wire_snapshot_long, bid_quantity, WHOLE),
    VW_FIELD(vw_top_wire_snapshot_long, ask, PRICE4),
    VW_FIELD(vw_top_wire_snapshot_long, ask_quantity, WHOLE),
    VW_FIELD(vw_top_wire_snapshot_long, last, PRICE4),
    VW_FIELD(vw_top_wire_snapshot_long, last_quantity, WHOLE),
    VW_FIELD(vw_top_wire_snapshot_long, condition, LETTER),
    VW_FIELD(vw_top_wire_snapshot_long, volume, WHOLE),
    VW_FIELD(vw_top_wire_snapshot_long, status, LETTER),
    VW_FIELD(vw_top_wire_snapshot_long, reserved, RESERVED),
};

static const vw_field top_one_side_short_fields[] = {
    STAMP(vw_top_wire_one_side_short, stamp),
    VW_FIELD(vw_top_wire_one_side_short, symbol, TEXT),
    VW_FIELD(vw_top_wire_one_side_short, side, LETTER),
    VW_FIELD(vw_top_wire_one_side_short, price, SHORT),
    VW_FIELD(vw_top_wire_one_side_short, quantity, WHOLE),
};

static const vw_field top_one_side_long_fields[] = {
    STAMP(vw_top_wire_one_side_long, stamp),
    VW_FIELD(vw_top_wire_one_side_long, symbol, TEXT),
    VW_FIELD(vw_top_wire_one_side_long, side, LETTER),
    VW_FIELD(vw_top_wire_one_side_long, price, PRICE4),
    VW_FIELD(vw_top_wire_one_side_long, quantity, WHOLE),
};

static const vw_field top_two_sides_short_fields[] = {
    STAMP(vw_top_wire_two_sides_short, stamp),
    VW_FIELD(vw_top_wire_two_sides_short, symbol, TEXT),
    VW_FIELD(vw_top_wire_two_sides_short, bid, SHORT),
    VW_FIELD(vw_top_wire_two_sides_short, bid_quantity, WHOLE),
    VW_FIELD(vw_top_wire_two_sides_short, ask, SHORT),
    VW_FIELD(vw_top_wire_two_sides_short, ask_quantity, WHOLE),
};

static const vw_field top_two_sides_long_fields[] = {
    STAMP(vw_top_wire_two_sides_long, stamp),
    VW_FIELD(vw_top_wire_two_sides_long, symbol, TEXT),
    VW_FIELD(vw_top_wire_two_sides_long, bid, PRICE4),
    VW_FIELD(vw_top_wire_two_sides_long, bid_quantity, WHOLE),
    VW_FIELD(vw_top_wire_two_sides_long, ask, PRICE4),
    VW_FIELD(vw_top_wire_two_sides_long, ask_quantity, WHOLE),
};

static const vw_field top_trade_fields[] = {
    STAMP(vw_top_wire_trade, stamp),
    VW_FIELD(vw_top_wire_trade, symbol, TEXT),
    VW_FIELD(vw_top_wire_trade, quantity, WHOLE),
    VW_FIELD(vw_top_wire_trade, price, PRICE4),
    VW_FIELD(vw_top_wire_trade, execution_id, WHOLE),
    VW_FIELD(vw_top_wire_trade, volume, WHOLE),
    VW_FIELD(vw_top_wire_trade, condition, LETTER),
};

static const vw_field top_one_side_c1_short_fields[] = {
    STAMP(vw_top_wire_one_side_c1_short, stamp),
    VW_FIELD(vw_top_wire_one_side_c1_short, symbol, TEXT),
    VW_FIELD(vw_top_wire_one_side_c1_short, side, LETTER),
    VW_FIELD(vw_top_wire_one_side_c1_short, flags, WHOLE),
    VW_FIELD(vw_top_wire_one_side_c1_short, price, SHORT),
    VW_FIELD(vw_top_wire_one_side_c1_short, quantity, WHOLE),
    VW_FIELD(vw_top_wire_one_side_c1_short, customer_quantity, WHOLE),
};

static const vw_field top_one_side_c1_long_fields[] = {
    STAMP(vw_top_wire_one_side_c1_long, stamp),
    VW_FIELD(vw_top_wire_one_side_c1_long, symbol, TEXT),
    VW_FIELD(vw_top_wire_one_side_c1_long, side, LETTER),
    VW_FIELD(vw_top_wire_one_side_c1_long, flags, WHOLE),
    VW_FIELD(vw_top_wire_one_side_c1_long, price, PRICE4),
    VW_FIELD(vw_top_wire_one_side_c1_long, quantity, WHOLE),
    VW_FIELD(vw_top_wire_one_side_c1_long, customer_quantity, WHOLE),
};

static const vw_field top_two_sides_c1_short_fields[] = {
    STAMP(vw_top_wire_two_sides_c1_short, stamp),
    VW_FIELD(vw_top_wire_two_sides_c1_short, symbol, TEXT),
    VW_FIELD(vw_top_wire_two_sides_c1_short, flags, WHOLE),
    VW_FIELD(vw_top_wire_two_sides_c1_short, bid, SHORT),
    VW_FIELD(vw_top_wire_two_sides_c1_short, bid_quantity, WHOLE),
    VW_FIELD(vw_top_wire_two_sides_c1_short, bid_customer_quantity, WHOLE),
    VW_FIELD(vw_top_wire_two_sides_c1_short, ask, SHORT),
    VW_FIELD(vw_top_wire_two_sides_c1_short, ask_quantity, WHOLE),
    VW_FIELD(vw_top_wire_two_sides_c1_short, ask_customer_quantity, WHOLE),
};

static const vw_field top_two_sides_c1_long_fields[] = {
    STAMP(vw_top_wire_two_sides_c1_long, stamp),
    VW_FIELD(vw_top_wire_two_sides_c1_long, symbol, TEXT),
    VW_FIELD(vw_top_wire_two_sides_c1_long, flags, WHOLE),
    VW_FIELD(vw_top_wire_two_sides_c1_long, bid, PRICE4),
    VW_FIELD(vw_top_wire_two_sides_c1_long, bid_quantity, WHOLE),
    VW_FIELD(vw_top_wire_two_sides_c1_long, bid_customer_quantity, WHOLE),
    VW_FIELD(vw_top_wire_two_sides_c1_long, ask, PRICE4),
    VW_FIELD(vw_top_wire_two_sides_c1_long, ask_quantity, WHOLE),
    VW_FIELD(vw_top_wire_two_sides_c1_long, ask_customer_quantity, WHOLE),
};

static const vw_field au_add_fields[] = {
    VW_FIELD_NAMED(vw_au_wire_add, stamp.head.length, "length", RAW),
    VW_FIELD_NAMED(vw_au_wire_add, stamp.head.type, "type", RAW),
    VW_FIELD_NAMED(vw_au_wire_add, stamp.timestamp, "timestamp", INSTANT),
    VW_FIELD(vw_au_wire_add, order_id, WHOLE),
    VW_FIELD(vw_au_wire_add, side, LETTER),
    VW_FIELD(vw_au_wire_add, quantity, WHOLE),
    VW_FIELD(vw_au_wire_add, symbol, TEXT),
    VW_FIELD(vw_au_wire_add, price, PRICE7),
    VW_FIELD(vw_au_wire_add, participant, TEXT),
    VW_FIELD(vw_au_wire_add, reserved, RESERVED),
};

static const vw_field au_executed_fields[] = {
    VW_FIELD_NAMED(vw_au_wire_executed, stamp.head.length, "length", RAW),
    VW_FIELD_NAMED(vw_au_wire_executed, stamp.head.type, "type", RAW),
    VW_FIELD_NAMED(vw_au_wire_executed, stamp.timestamp, "timestamp", INSTANT),
    VW_FIELD(vw_au_wire_executed, order_id, WHOLE),
    VW_FIELD(vw_au_wire_executed, quantity, WHOLE),
    VW_FIELD(vw_au_wire_executed, execution_id, WHOLE),
    VW_FIELD(vw_au_wire_executed, contra_order_id, WHOLE),
    VW_FIELD(vw_au_wire_executed, contra_participant, TEXT),
    VW_FIELD(vw_au_wire_executed, reserved, RESERVED),
};

static const vw_field au_reduce_fields[] = {
    VW_FIELD_NAMED(vw_au_wire_reduce, stamp.head.length, "length", RAW),
    VW_FIELD_NAMED(vw_au_wire_reduce, stamp.head.type, "type", RAW),
    VW_FIELD_NAMED(vw_au_wire_reduce, stamp.timestamp, "timestamp", INSTANT),
    VW_FIELD(vw_au_wire_reduce, order_id, WHOLE),
    VW_FIELD(vw_au_wire_reduce, quantity, WHOLE),
};

static const vw_field au_modify_fields[] = {
    VW_FIELD_NAMED(vw_au_wire_modify, stamp.head.length, "length", RAW),
    VW_FIELD_NAMED(vw_au_wire_modify, stamp.head.type, "type", RAW),
    VW_FIELD_NAMED(vw_au_wire_modify, stamp.timestamp, "timestamp", INSTANT),
    VW_FIELD(vw_au_wire_modify, order_id, WHOLE),
    VW_FIELD(vw_au_wire_modify, quantity, WHOLE),
    VW_FIELD(vw_au_wire_modify, price, PRICE7),
    VW_FIELD(vw_au_wire_modify, reserved, RESERVED),
};

static const vw_field au_delete_fields[] = {
    VW_FIELD_NAMED(vw_au_wire_delete, stamp.head.length, "length", RAW),
    VW_FIELD_NAMED(vw_au_wire_delete, stamp.head.type, "type", RAW),
    VW_FIELD_NAMED(vw_au_wire_delete, stamp.timestamp, "timestamp", INSTANT),
    VW_FIELD(vw_au_wire_delete, order_id, WHOLE),
};

static const vw_field au_stamp_fields[] = {
    VW_FIELD_NAMED(vw_au_wire_stamp, head.length, "length", RAW),
    VW_FIELD_NAMED(vw_au_wire_stamp, head.type, "type", RAW),
    VW_FIELD(vw_au_wire_stamp, timestamp, INSTANT),
};

static const vw_field au_calculated_fields[] = {
    VW_FIELD_NAMED(vw_au_wire_calculated, stamp.head.length, "length", RAW),
    VW_FIELD_NAMED(vw_au_wire_calculated, stamp.head.type, "type", RAW),
    VW_FIELD_NAMED(vw_au_wire_calculated, stamp.timestamp, "timestamp", INSTANT),
    VW_FIELD(vw_au_wire_calculated, symbol, TEXT),
    VW_FIELD(vw_au_wire_calculated, category, LETTER),
    VW_FIELD(vw_au_wire_calculated, value, SIGNED),
    VW_FIELD(vw_au_wire_calculated, value_time, INSTANT),
};

static const vw_layout top_messages[256] = {
    [VW_TOP_SNAPSHOT_SHORT] =
        VW_LAYOUT("market_snapshot_short", vw_top_wire_snapshot_short, top_snapshot_short_fields),
    [VW_TOP_SNAPSHOT_LONG] =
        VW_LAYOUT("market_snapshot_long", vw_top_wire_snapshot_long, top_snapshot_long_fields),
    [VW_TOP_ONE_SIDE_SHORT] = VW_LAYOUT("single_side_update_short", vw_top_wire_one_side_short,
                                        top_one_side_short_fields),
    [VW_TOP_ONE_SIDE_LONG] =
        VW_LAYOUT("single_side_update_long", vw_top_wire_one_side_long, top_one_side_long_fields),
    [VW_TOP_TWO_SIDES_SHORT] =
        VW_LAYOUT("two_side_update_short", vw_top_wire_two_sides_short, top_two_sides_short_fields),
    [VW_TOP_TWO_SIDES_LONG] =
        VW_LAYOUT("two_side_update_long", vw_top_wire_two_sides_long, top_two_sides_long_fields),
    [VW_TOP_TRADE] = VW_LAYOUT("top_trade", vw_top_wire_trade, top_trade_fields),
    [VW_TOP_ONE_SIDE_C1_SHORT] =
        VW_LAYOUT("single_side_update_expanded_short", vw_top_wire_one_side_c1_short,
                  top_one_side_c1_short_fields),
    [VW_TOP_ONE_SIDE_C1_LONG] =
        VW_LAYOUT("single_side_update_expanded_long", vw_top_wire_one_side_c1_long,
                  top_one_side_c1_long_fields),
    [VW_TOP_TWO_SIDES_C1_SHORT] =
        VW_LAYOUT("two_side_update_expanded_short", vw_top_wire_two_sides_c1_short,
                  top_two_sides_c1_short_fields),
    [VW_TOP_TWO_SIDES_C1_LONG] =
        VW_LAYOUT("two_side_update_expanded_long", vw_top_wire_two_sides_c1_long,
                  top_two_sides_c1_long_fields),
};

static const vw_layout au_messages[256] = {
    [VW_AU_ADD] = VW_LAYOUT("add_order", vw_au_wire_add, au_add_fields),
    [VW_AU_EXECUTED] = VW_LAYOUT("order_executed", vw_au_wire_executed, au_executed_fields),
    [VW_AU_REDUCE] = VW_LAYOUT("reduce_size", vw_au_wire_reduce, au_reduce_fields),
    [VW_AU_MODIFY] = VW_LAYOUT("modify_order", vw_au_wire_modify, au_modify_fields),
    [VW_AU_DELETE] = VW_LAYOUT("delete_order", vw_au_wire_delete, au_delete_fields),
    [VW_AU_TRADE] = VW_LAYOUT("trade", vw_au_wire_stamp, au_stamp_fields),
    [VW_AU_CALCULATED] = VW_LAYOUT("calculated_value", vw_au_wire_calculated, au_calculated_fields),
};

const vw_layout *vw_layout_top(uint8_t type)
{
    return top_messages[type].name != NULL ? &top_messages[type] : NULL;
}

const vw_layout *vw_layout_au(uint8_t type)
{
    return au_messages[type].name != NULL ? &au_messages[type] : NULL;
}
