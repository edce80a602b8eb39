#include "feeds/top.h"

#include "core/base/bytes.h"
#include "feeds/pitch_text.h"

#define SHORT_SCALE INT64_C(100) /* 1/100 in 1/10,000 */

static const uint8_t minimum[256] = {
    [VW_TOP_SNAPSHOT_SHORT] = sizeof(vw_top_wire_snapshot_short),
    [VW_TOP_SNAPSHOT_LONG] = sizeof(vw_top_wire_snapshot_long),
    [VW_TOP_ONE_SIDE_SHORT] = sizeof(vw_top_wire_one_side_short),
    [VW_TOP_ONE_SIDE_LONG] = sizeof(vw_top_wire_one_side_long),
    [VW_TOP_TWO_SIDES_SHORT] = sizeof(vw_top_wire_two_sides_short),
    [VW_TOP_TWO_SIDES_LONG] = sizeof(vw_top_wire_two_sides_long),
    [VW_TOP_TRADE] = sizeof(vw_top_wire_trade),
    [VW_TOP_ONE_SIDE_C1_SHORT] = sizeof(vw_top_wire_one_side_c1_short),
    [VW_TOP_ONE_SIDE_C1_LONG] = sizeof(vw_top_wire_one_side_c1_long),
    [VW_TOP_TWO_SIDES_C1_SHORT] = sizeof(vw_top_wire_two_sides_c1_short),
    [VW_TOP_TWO_SIDES_C1_LONG] = sizeof(vw_top_wire_two_sides_c1_long),
};

static void set_one(vw_top_message *message, char side, int64_t price, uint32_t quantity,
                    uint32_t customer)
{
    *(side == 'B' ? &message->bid : &message->ask) = (vw_top_side){price, quantity, customer, true};
}

static void decode_snapshot_short(const unsigned char *from, vw_top_message *message)
{
    vw_top_wire_snapshot_short wire;

    memcpy(&wire, from, sizeof wire);
    message->bid = (vw_top_side){SHORT_SCALE * wire.bid, wire.bid_quantity, 0, true};
    message->ask = (vw_top_side){SHORT_SCALE * wire.ask, wire.ask_quantity, 0, true};
    message->last = (vw_top_side){SHORT_SCALE * wire.last, wire.last_quantity, 0, true};
    message->unit_timestamp = wire.unit_timestamp;
    message->condition = wire.condition;
    message->volume = wire.volume;
    message->status = wire.status;
}

static void decode_snapshot_long(const unsigned char *from, vw_top_message *message)
{
    vw_top_wire_snapshot_long wire;

    memcpy(&wire, from, sizeof wire);
    message->bid = (vw_top_side){wire.bid, wire.bid_quantity, 0, true};
    message->ask = (vw_top_side){wire.ask, wire.ask_quantity, 0, true};
    message->last = (vw_top_side){wire.last, wire.last_quantity, 0, true};
    message->unit_timestamp = wire.unit_timestamp;
    message->condition = wire.condition;
    message->volume = wire.volume;
    message->status = wire.status;
}

static void decode_one_side(const unsigned char *from, vw_top_message *message)
{
    vw_top_wire_one_side_short narrow;
    vw_top_wire_one_side_long wide;

    if (message->type == VW_TOP_ONE_SIDE_SHORT) {
        memcpy(&narrow, from, sizeof narrow);
        set_one(message, narrow.side, SHORT_SCALE * narrow.price, narrow.quantity, 0);
    } else {
        memcpy(&wide, from, sizeof wide);
        set_one(message, wide.side, wide.price, wide.quantity, 0);
    }
}

static void decode_two_sides(const unsigned char *from, vw_top_message *message)
{
    vw_top_wire_two_sides_short narrow;
    vw_top_wire_two_sides_long wide;

    if (message->type == VW_TOP_TWO_SIDES_SHORT) {
        memcpy(&narrow, from, sizeof narrow);
        message->bid = (vw_top_side){SHORT_SCALE * narrow.bid, narrow.bid_quantity, 0, true};
        message->ask = (vw_top_side){SHORT_SCALE * narrow.ask, narrow.ask_quantity, 0, true};
    } else {
        memcpy(&wide, from, sizeof wide);
        message->bid = (vw_top_side){wide.bid, wide.bid_quantity, 0, true};
        message->ask = (vw_top_side){wide.ask, wide.ask_quantity, 0, true};
    }
}

static void decode_one_side_c1(const unsigned char *from, vw_top_message *message)
{
    vw_top_wire_one_side_c1_short narrow;
    vw_top_wire_one_side_c1_long wide;

    if (message->type == VW_TOP_ONE_SIDE_C1_SHORT) {
        memcpy(&narrow, from, sizeof narrow);
        message->flags = narrow.flags;
        set_one(message, narrow.side, SHORT_SCALE * narrow.price, narrow.quantity,
                narrow.customer_quantity);
    } else {
        memcpy(&wide, from, sizeof wide);
        message->flags = wide.flags;
        set_one(message, wide.side, wide.price, wide.quantity, wide.customer_quantity);
    }
}

static void decode_two_sides_c1(const unsigned char *from, vw_top_message *message)
{
    vw_top_wire_two_sides_c1_short narrow;
    vw_top_wire_two_sides_c1_long wide;

    if (message->type == VW_TOP_TWO_SIDES_C1_SHORT) {
        memcpy(&narrow, from, sizeof narrow);
        message->flags = narrow.flags;
        message->bid = (vw_top_side){SHORT_SCALE * narrow.bid, narrow.bid_quantity,
                                     narrow.bid_customer_quantity, true};
        message->ask = (vw_top_side){SHORT_SCALE * narrow.ask, narrow.ask_quantity,
                                     narrow.ask_customer_quantity, true};
    } else {
        memcpy(&wide, from, sizeof wide);
        message->flags = wide.flags;
        message->bid = (vw_top_side){wide.bid, wide.bid_quantity, wide.bid_customer_quantity, true};
        message->ask = (vw_top_side){wide.ask, wide.ask_quantity, wide.ask_customer_quantity, true};
    }
}

static void decode_trade(const unsigned char *from, vw_top_message *message)
{
    vw_top_wire_trade wire;

    memcpy(&wire, from, sizeof wire);
    message->last = (vw_top_side){wire.price, wire.quantity, 0, true};
    message->execution_id = wire.execution_id;
    message->volume = wire.volume;
    message->condition = wire.condition;
}

static void decode_body(const unsigned char *from, vw_top_message *message)
{
    switch (message->type) {
    case VW_TOP_SNAPSHOT_SHORT:
        decode_snapshot_short(from, message);
        return;
    case VW_TOP_SNAPSHOT_LONG:
        decode_snapshot_long(from, message);
        return;
    case VW_TOP_ONE_SIDE_SHORT:
    case VW_TOP_ONE_SIDE_LONG:
        decode_one_side(from, message);
        return;
    case VW_TOP_TWO_SIDES_SHORT:
    case VW_TOP_TWO_SIDES_LONG:
        decode_two_sides(from, message);
        return;
    case VW_TOP_ONE_SIDE_C1_SHORT:
    case VW_TOP_ONE_SIDE_C1_LONG:
        decode_one_side_c1(from, message);
        return;
    case VW_TOP_TWO_SIDES_C1_SHORT:
    case VW_TOP_TWO_SIDES_C1_LONG:
        decode_two_sides_c1(from, message);
        return;
    default:
        decode_trade(from, message);
    }
}

int vw_top_decode(const unsigned char *from, size_t size, vw_top_message *message)
{
    *message = (vw_top_message){.type = VW_TOP_UNKNOWN};
    if (size < sizeof(vw_wire_head)) {
        return VW_TOP_MORE;
    }

    uint8_t length = from[0], type = from[1];

    message->wire_type = type;
    if (length < sizeof(vw_wire_head)) {
        return VW_TOP_MALFORMED;
    }
    if (length > size) {
        return VW_TOP_MORE;
    }
    message->length = length;
    if (minimum[type] == 0) {
        return length;
    }
    if (length < minimum[type]) {
        return VW_TOP_MALFORMED;
    }
    message->type = (vw_top_type)type;
    message->time_offset_ns = vw_load_u32(from + offsetof(vw_wire_stamp, time_offset_ns));
    vw_text_symbol(message->symbol, (const char *)from + sizeof(vw_wire_stamp));
    decode_body(from, message);
    return length;
}
