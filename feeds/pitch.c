#include "feeds/pitch.h"

#include "feeds/c1.h"
#include "feeds/cfe.h"
#include "feeds/cfe_wire.h"
#include "feeds/pitch_hot.h"
#include "feeds/pitch_text.h"

/* The shortest form ever sent of each type; 0 = not of this dialect. */
#define SHARED                                                                                     \
    [VW_PITCH_TIME] = 6, [VW_PITCH_ADD_LONG] = sizeof(vw_wire_add_long),                           \
    [VW_PITCH_ADD_SHORT] = sizeof(vw_wire_add_short),                                              \
    [VW_PITCH_EXECUTED] = sizeof(vw_wire_executed) - 1,                                            \
    [VW_PITCH_REDUCE_LONG] = sizeof(vw_wire_reduce_long),                                          \
    [VW_PITCH_REDUCE_SHORT] = sizeof(vw_wire_reduce_short),                                        \
    [VW_PITCH_MODIFY_LONG] = sizeof(vw_wire_modify_long),                                          \
    [VW_PITCH_MODIFY_SHORT] = sizeof(vw_wire_modify_short),                                        \
    [VW_PITCH_DELETE] = sizeof(vw_wire_delete),                                                    \
    [VW_PITCH_TRADE_LONG] = sizeof(vw_wire_trade_long) - 1,                                        \
    [VW_PITCH_TRADE_SHORT] = sizeof(vw_wire_trade_short) - 1,                                      \
    [VW_PITCH_TRADE_BREAK] = sizeof(vw_wire_delete),                                               \
    [VW_PITCH_SESSION_END] = sizeof(vw_wire_stamp),                                                \
    [VW_PITCH_TRADING_STATUS] = sizeof(vw_wire_trading_status),                                    \
    [VW_PITCH_UNIT_CLEAR] = sizeof(vw_wire_stamp),                                                 \
    [VW_PITCH_TIME_REFERENCE] = sizeof(vw_wire_time_reference),                                    \
    [VW_PITCH_TRANSACTION_BEGIN] = sizeof(vw_wire_stamp),                                          \
    [VW_PITCH_TRANSACTION_END] = sizeof(vw_wire_stamp)

static const uint8_t options_minimum[256] = {
    SHARED,
    [VW_PITCH_EXECUTED_AT] = sizeof(vw_wire_executed_at),
    [VW_PITCH_MAPPING] = sizeof(vw_wire_mapping) - 8,
    [VW_PITCH_ADD_EXPANDED] = sizeof(vw_wire_add_expanded),
    [VW_PITCH_TRADE_EXPANDED] = sizeof(vw_wire_trade_expanded) - 1,
    [VW_PITCH_AUCTION_SUMMARY] = sizeof(vw_wire_auction_summary),
    [VW_PITCH_COMPLEX_DEFINITION] = sizeof(vw_wire_complex_definition),
    [VW_PITCH_STRIKE_RANGE] = sizeof(vw_wire_strike_range),
    [VW_PITCH_CONSTITUENT] = sizeof(vw_wire_constituent),
    [VW_PITCH_AUCTION_NOTIFICATION] = sizeof(vw_wire_auction_notification),
    [VW_PITCH_AUCTION_CANCEL] = sizeof(vw_wire_auction_cancel),
    [VW_PITCH_AUCTION_TRADE] = sizeof(vw_wire_auction_trade),
    [VW_PITCH_AUCTION_UPDATE] = sizeof(vw_wire_auction_update),
    [VW_PITCH_WIDTH_UPDATE] = sizeof(vw_wire_width_update),
};

static const uint8_t cfe_minimum[256] = {
    SHARED,
    [VW_PITCH_SETTLEMENT] = sizeof(vw_wire_settlement),
    [VW_PITCH_DAY_SUMMARY] = sizeof(vw_wire_day_summary),
    [VW_PITCH_FUTURE] = sizeof(vw_wire_future),
    [VW_PITCH_PRICE_LIMITS] = sizeof(vw_wire_price_limits),
    [VW_PITCH_OPEN_INTEREST] = sizeof(vw_wire_open_interest),
    [VW_PITCH_VARIANCE] = sizeof(vw_wire_variance),
};

static void decode_add_long(vw_dialect dialect, const unsigned char *from, size_t length,
                            vw_pitch_order *order)
{
    vw_wire_add_long wire;

    memcpy(&wire, from, sizeof wire);
    *order = (vw_pitch_order){.order_id = wire.order_id,
                              .price = wire.price,
                              .quantity = wire.quantity,
                              .side = wire.side,
                              .flags = vw_pitch_flags(dialect, from, length, sizeof wire)};
    vw_text_symbol(order->symbol, wire.symbol);
}

static void decode_add_short(vw_dialect dialect, const unsigned char *from, size_t length,
                             vw_pitch_order *order)
{
    vw_wire_add_short wire;

    memcpy(&wire, from, sizeof wire);
    *order = (vw_pitch_order){.order_id = wire.order_id,
                              .price = vw_pitch_short_price(dialect, wire.price),
                              .quantity = wire.quantity,
                              .side = wire.side,
                              .flags = vw_pitch_flags(dialect, from, length, sizeof wire)};
    vw_text_symbol(order->symbol, wire.symbol);
}

static void decode_add_expanded(const unsigned char *from, size_t length, vw_pitch_order *order)
{
    vw_wire_add_expanded wire;

    memcpy(&wire, from, sizeof wire);
    *order = (vw_pitch_order){.order_id = wire.order_id,
                              .price = wire.price,
                              .quantity = wire.quantity,
                              .side = wire.side,
                              .flags = wire.flags,
                              .customer = wire.customer};
    vw_text_trim(order->symbol, wire.symbol, sizeof wire.symbol);
    vw_text_trim(order->participant, wire.participant, sizeof wire.participant);
    if (length >= sizeof wire + sizeof order->client) {
        vw_text_trim(order->client, (const char *)from + sizeof wire, sizeof order->client);
    }
}

static void decode_executed(const unsigned char *from, size_t length, vw_pitch_change *change)
{
    vw_wire_executed wire;

    memcpy(&wire, from, sizeof wire - 1);
    *change =
        (vw_pitch_change){.order_id = wire.order_id,
                          .execution_id = wire.execution_id,
                          .quantity = wire.quantity,
                          .condition = (char)vw_pitch_tail(from, length, sizeof wire - 1, ' ')};
}

static void decode_executed_at(const unsigned char *from, vw_pitch_change *change)
{
    vw_wire_executed_at wire;

    memcpy(&wire, from, sizeof wire);
    *change = (vw_pitch_change){.order_id = wire.order_id,
                                .execution_id = wire.execution_id,
                                .price = wire.price,
                                .quantity = wire.quantity,
                                .remaining = wire.remaining,
                                .condition = wire.condition};
}

static void decode_trade_long(const unsigned char *from, size_t length, vw_pitch_trade *trade)
{
    vw_wire_trade_long wire;

    memcpy(&wire, from, sizeof wire - 1);
    *trade = (vw_pitch_trade){.order_id = wire.order_id,
                              .execution_id = wire.execution_id,
                              .price = wire.price,
                              .quantity = wire.quantity,
                              .side = wire.side,
                              .condition = (char)vw_pitch_tail(from, length, sizeof wire - 1, ' ')};
    vw_text_symbol(trade->symbol, wire.symbol);
}

static void decode_trade_short(vw_dialect dialect, const unsigned char *from, size_t length,
                               vw_pitch_trade *trade)
{
    vw_wire_trade_short wire;

    memcpy(&wire, from, sizeof wire - 1);
    *trade = (vw_pitch_trade){.order_id = wire.order_id,
                              .execution_id = wire.execution_id,
                              .price = vw_pitch_short_price(dialect, wire.price),
                              .quantity = wire.quantity,
                              .side = wire.side,
                              .condition = (char)vw_pitch_tail(from, length, sizeof wire - 1, ' ')};
    vw_text_symbol(trade->symbol, wire.symbol);
}

static void decode_trade_expanded(const unsigned char *from, size_t length, vw_pitch_trade *trade)
{
    vw_wire_trade_expanded wire;

    memcpy(&wire, from, sizeof wire - 1);
    *trade = (vw_pitch_trade){.order_id = wire.order_id,
                              .execution_id = wire.execution_id,
                              .price = wire.price,
                              .quantity = wire.quantity,
                              .side = wire.side,
                              .condition = (char)vw_pitch_tail(from, length, sizeof wire - 1, ' ')};
    vw_text_trim(trade->symbol, wire.symbol, sizeof wire.symbol);
}

static void decode_time(const unsigned char *from, size_t length, vw_pitch_message *message)
{
    message->time_offset_ns = 0;
    message->time = (vw_pitch_time){.seconds = vw_load_u32(from + offsetof(vw_wire_time, seconds)),
                                    .epoch = length >= sizeof(vw_wire_time)
                                                 ? vw_load_u32(from + offsetof(vw_wire_time, epoch))
                                                 : 0};
}

static void decode_time_reference(const unsigned char *from, vw_pitch_message *message)
{
    vw_wire_time_reference wire;

    memcpy(&wire, from, sizeof wire);
    message->time_offset_ns = wire.time_offset_ns;
    message->time = (vw_pitch_time){
        .seconds = wire.seconds, .midnight = wire.midnight, .trade_date = wire.trade_date};
}

static void decode_status(vw_dialect dialect, const unsigned char *from, vw_pitch_status *status)
{
    vw_wire_trading_status wire;

    memcpy(&wire, from, sizeof wire);
    status->status = wire.status;
    status->global_status = dialect == VW_DIALECT_CFE ? 0 : wire.global_status;
    vw_text_symbol(status->symbol, wire.symbol);
}

static void decode_break(const unsigned char *from, vw_pitch_trade *trade)
{
    *trade = (vw_pitch_trade){
        .execution_id = vw_load_u64(from + offsetof(vw_wire_delete, order_id)), .condition = ' '};
}

/* decode_order fills what concerns an order; false for any other type. */
static bool decode_order(vw_dialect dialect, const unsigned char *from, size_t length,
                         vw_pitch_message *message)
{
    switch (message->type) {
    case VW_PITCH_ADD_LONG:
        decode_add_long(dialect, from, length, &message->order);
        return true;
    case VW_PITCH_ADD_SHORT:
        decode_add_short(dialect, from, length, &message->order);
        return true;
    case VW_PITCH_ADD_EXPANDED:
        decode_add_expanded(from, length, &message->order);
        return true;
    case VW_PITCH_EXECUTED:
        decode_executed(from, length, &message->change);
        return true;
    case VW_PITCH_EXECUTED_AT:
        decode_executed_at(from, &message->change);
        return true;
    case VW_PITCH_REDUCE_LONG:
    case VW_PITCH_REDUCE_SHORT:
        vw_pitch_reduce(from, message->type == VW_PITCH_REDUCE_LONG, &message->change);
        return true;
    case VW_PITCH_MODIFY_LONG:
        vw_pitch_modify_long(dialect, from, length, &message->change);
        return true;
    case VW_PITCH_MODIFY_SHORT:
        vw_pitch_modify_short(dialect, from, length, &message->change);
        return true;
    case VW_PITCH_DELETE:
        vw_pitch_delete(from, &message->change);
        return true;
    default:
        return false;
    }
}

/* decode_rest fills what is shared but not of an order; false for any other type. */
static bool decode_rest(vw_dialect dialect, const unsigned char *from, size_t length,
                        vw_pitch_message *message)
{
    switch (message->type) {
    case VW_PITCH_TIME:
        decode_time(from, length, message);
        return true;
    case VW_PITCH_TIME_REFERENCE:
        decode_time_reference(from, message);
        return true;
    case VW_PITCH_TRADE_LONG:
        decode_trade_long(from, length, &message->trade);
        return true;
    case VW_PITCH_TRADE_SHORT:
        decode_trade_short(dialect, from, length, &message->trade);
        return true;
    case VW_PITCH_TRADE_EXPANDED:
        decode_trade_expanded(from, length, &message->trade);
        return true;
    case VW_PITCH_TRADE_BREAK:
        decode_break(from, &message->trade);
        return true;
    case VW_PITCH_TRADING_STATUS:
        decode_status(dialect, from, &message->status);
        return true;
    case VW_PITCH_UNIT_CLEAR:
    case VW_PITCH_SESSION_END:
    case VW_PITCH_TRANSACTION_BEGIN:
    case VW_PITCH_TRANSACTION_END:
        return true; /* the stamp is all there is */
    default:
        return false;
    }
}

int vw_pitch_decode(vw_dialect dialect, const unsigned char *from, size_t size,
                    vw_pitch_message *message)
{
    message->type = VW_PITCH_UNKNOWN;
    message->length = 0;
    if (size < sizeof(vw_wire_head)) {
        return VW_PITCH_MORE;
    }

    uint8_t length = from[0];
    uint8_t type = from[1];
    uint8_t minimum = dialect == VW_DIALECT_CFE ? cfe_minimum[type] : options_minimum[type];

    message->wire_type = type;
    if (length < sizeof(vw_wire_head)) {
        return VW_PITCH_MALFORMED;
    }
    if (length > size) {
        return VW_PITCH_MORE;
    }
    message->length = length;
    if (length < minimum) {
        return VW_PITCH_MALFORMED;
    }
    if (minimum == 0) {
        message->time_offset_ns = 0;
        return length;
    }
    message->type = (vw_pitch_type)type;
    message->time_offset_ns = vw_load_u32(from + offsetof(vw_wire_stamp, time_offset_ns));
    if (decode_order(dialect, from, length, message) ||
        decode_rest(dialect, from, length, message)) {
        return length;
    }
    if (dialect == VW_DIALECT_CFE ? vw_cfe_decode(from, length, message)
                                  : vw_c1_decode(from, length, message)) {
        return length;
    }
    message->type = VW_PITCH_UNKNOWN;
    return VW_PITCH_MALFORMED;
}
