#include "feeds/pitch.h"

#include "feeds/cfe.h"
#include "feeds/pitch_text.h"

static vw_wire_stamp stamp(const vw_pitch_message *message, size_t size)
{
    return (vw_wire_stamp){{(uint8_t)size, (uint8_t)message->type}, message->time_offset_ns};
}

static bool short_price(vw_dialect dialect, int64_t price, uint16_t *raw)
{
    int64_t least = dialect == VW_DIALECT_OPTIONS ? 0 : INT16_MIN;
    int64_t most = dialect == VW_DIALECT_OPTIONS ? UINT16_MAX : INT16_MAX;

    if (price % 100 != 0 || price / 100 < least || price / 100 > most) {
        return false;
    }
    *raw = (uint16_t)(price / 100);
    return true;
}

/* With flags a message of C1 is one byte longer than the same of CFE. */
static size_t flagged(vw_dialect dialect, unsigned char *to, const void *wire, size_t size,
                      uint8_t flags)
{
    memcpy(to, wire, size);
    if (dialect == VW_DIALECT_CFE) {
        return size;
    }
    to[0] = (unsigned char)(size + 1);
    to[size] = flags;
    return size + 1;
}

static size_t encode_add_long(vw_dialect dialect, const vw_pitch_message *message,
                              unsigned char *to)
{
    const vw_pitch_order *order = &message->order;
    vw_wire_add_long wire = {.stamp = stamp(message, sizeof wire),
                             .order_id = order->order_id,
                             .side = order->side,
                             .quantity = order->quantity,
                             .price = order->price};

    vw_text_pad(wire.symbol, order->symbol, sizeof wire.symbol);
    return flagged(dialect, to, &wire, sizeof wire, order->flags);
}

static size_t encode_add_short(vw_dialect dialect, const vw_pitch_message *message,
                               unsigned char *to)
{
    const vw_pitch_order *order = &message->order;
    uint16_t price;

    if (order->quantity > UINT16_MAX || !short_price(dialect, order->price, &price)) {
        return 0;
    }
    vw_wire_add_short wire = {.stamp = stamp(message, sizeof wire),
                              .order_id = order->order_id,
                              .side = order->side,
                              .quantity = (uint16_t)order->quantity,
                              .price = price};

    vw_text_pad(wire.symbol, order->symbol, sizeof wire.symbol);
    return flagged(dialect, to, &wire, sizeof wire, order->flags);
}

static size_t encode_add_expanded(const vw_pitch_message *message, unsigned char *to)
{
    const vw_pitch_order *order = &message->order;
    vw_wire_add_expanded_c1 wire = {.add = {.stamp = stamp(message, sizeof wire),
                                            .order_id = order->order_id,
                                            .side = order->side,
                                            .quantity = order->quantity,
                                            .price = order->price,
                                            .flags = order->flags,
                                            .customer = order->customer}};

    vw_text_pad(wire.add.symbol, order->symbol, sizeof wire.add.symbol);
    vw_text_pad(wire.add.participant, order->participant, sizeof wire.add.participant);
    vw_text_pad(wire.client, order->client, sizeof wire.client);
    memcpy(to, &wire, sizeof wire);
    return sizeof wire;
}

static size_t encode_executed(const vw_pitch_message *message, unsigned char *to)
{
    const vw_pitch_change *change = &message->change;

    if (message->type == VW_PITCH_EXECUTED) {
        vw_wire_executed wire = {stamp(message, sizeof wire), change->order_id, change->quantity,
                                 change->execution_id, change->condition};

        memcpy(to, &wire, sizeof wire);
        return sizeof wire;
    }
    vw_wire_executed_at wire = {
        stamp(message, sizeof wire), change->order_id, change->quantity, change->remaining,
        change->execution_id,        change->price,    change->condition};

    memcpy(to, &wire, sizeof wire);
    return sizeof wire;
}

static size_t encode_reduce(const vw_pitch_message *message, unsigned char *to)
{
    const vw_pitch_change *change = &message->change;

    if (message->type == VW_PITCH_REDUCE_LONG) {
        vw_wire_reduce_long wire = {stamp(message, sizeof wire), change->order_id,
                                    change->quantity};

        memcpy(to, &wire, sizeof wire);
        return sizeof wire;
    }
    if (change->quantity > UINT16_MAX) {
        return 0;
    }
    vw_wire_reduce_short wire = {stamp(message, sizeof wire), change->order_id,
                                 (uint16_t)change->quantity};

    memcpy(to, &wire, sizeof wire);
    return sizeof wire;
}

static size_t encode_modify(vw_dialect dialect, const vw_pitch_message *message, unsigned char *to)
{
    const vw_pitch_change *change = &message->change;
    uint16_t price;

    if (message->type == VW_PITCH_MODIFY_LONG) {
        vw_wire_modify_long wire = {stamp(message, sizeof wire), change->order_id, change->quantity,
                                    change->price};

        return flagged(dialect, to, &wire, sizeof wire, change->flags);
    }
    if (change->quantity > UINT16_MAX || !short_price(dialect, change->price, &price)) {
        return 0;
    }
    vw_wire_modify_short wire = {stamp(message, sizeof wire), change->order_id,
                                 (uint16_t)change->quantity, price};

    return flagged(dialect, to, &wire, sizeof wire, change->flags);
}

static size_t encode_trade_long(const vw_pitch_message *message, unsigned char *to)
{
    const vw_pitch_trade *trade = &message->trade;
    vw_wire_trade_long wire = {.stamp = stamp(message, sizeof wire),
                               .order_id = trade->order_id,
                               .side = trade->side,
                               .quantity = trade->quantity,
                               .price = trade->price,
                               .execution_id = trade->execution_id,
                               .condition = trade->condition};

    vw_text_pad(wire.symbol, trade->symbol, sizeof wire.symbol);
    memcpy(to, &wire, sizeof wire);
    return sizeof wire;
}

static size_t encode_trade_short(vw_dialect dialect, const vw_pitch_message *message,
                                 unsigned char *to)
{
    const vw_pitch_trade *trade = &message->trade;
    uint16_t price;

    if (trade->quantity > UINT16_MAX || !short_price(dialect, trade->price, &price)) {
        return 0;
    }
    vw_wire_trade_short wire = {.stamp = stamp(message, sizeof wire),
                                .order_id = trade->order_id,
                                .side = trade->side,
                                .quantity = (uint16_t)trade->quantity,
                                .price = price,
                                .execution_id = trade->execution_id,
                                .condition = trade->condition};

    vw_text_pad(wire.symbol, trade->symbol, sizeof wire.symbol);
    memcpy(to, &wire, sizeof wire);
    return sizeof wire;
}

static size_t encode_trade_expanded(const vw_pitch_message *message, unsigned char *to)
{
    const vw_pitch_trade *trade = &message->trade;
    vw_wire_trade_expanded wire = {.stamp = stamp(message, sizeof wire),
                                   .order_id = trade->order_id,
                                   .side = trade->side,
                                   .quantity = trade->quantity,
                                   .price = trade->price,
                                   .execution_id = trade->execution_id,
                                   .condition = trade->condition};

    vw_text_pad(wire.symbol, trade->symbol, sizeof wire.symbol);
    memcpy(to, &wire, sizeof wire);
    return sizeof wire;
}

static size_t encode_time(const vw_pitch_message *message, unsigned char *to)
{
    const vw_pitch_time *time = &message->time;

    if (message->type == VW_PITCH_TIME) {
        vw_wire_time wire = {{sizeof wire, VW_PITCH_TIME}, time->seconds, time->epoch};

        memcpy(to, &wire, sizeof wire);
        return sizeof wire;
    }
    vw_wire_time_reference wire = {{sizeof wire, VW_PITCH_TIME_REFERENCE},
                                   time->midnight,
                                   time->seconds,
                                   message->time_offset_ns,
                                   time->trade_date};

    memcpy(to, &wire, sizeof wire);
    return sizeof wire;
}

/* encode_id writes the messages of a stamp and one id, or of a stamp alone. */
static size_t encode_id(const vw_pitch_message *message, unsigned char *to)
{
    bool broken = message->type == VW_PITCH_TRADE_BREAK;

    if (broken || message->type == VW_PITCH_DELETE) {
        vw_wire_delete wire = {stamp(message, sizeof wire),
                               broken ? message->trade.execution_id : message->change.order_id};

        memcpy(to, &wire, sizeof wire);
        return sizeof wire;
    }
    vw_wire_stamp wire = stamp(message, sizeof wire);

    memcpy(to, &wire, sizeof wire);
    return sizeof wire;
}

static size_t encode_status(const vw_pitch_message *message, unsigned char *to)
{
    vw_wire_trading_status wire = {.stamp = stamp(message, sizeof wire),
                                   .status = message->status.status,
                                   .global_status = message->status.global_status};

    vw_text_pad(wire.symbol, message->status.symbol, sizeof wire.symbol);
    memcpy(to, &wire, sizeof wire);
    return sizeof wire;
}

static size_t encode_mapping(const vw_pitch_message *message, unsigned char *to)
{
    const vw_pitch_mapping *mapping = &message->mapping;
    vw_wire_mapping wire = {.head = {sizeof wire, VW_PITCH_MAPPING},
                            .condition = mapping->condition};

    vw_text_pad(wire.symbol, mapping->symbol, sizeof wire.symbol);
    memcpy(wire.osi, mapping->osi, sizeof wire.osi);
    vw_text_pad(wire.underlying, mapping->underlying, sizeof wire.underlying);
    memcpy(to, &wire, sizeof wire);
    return sizeof wire;
}

static size_t encode_shared(vw_dialect dialect, const vw_pitch_message *message, unsigned char *to)
{
    switch (message->type) {
    case VW_PITCH_TIME:
    case VW_PITCH_TIME_REFERENCE:
        return encode_time(message, to);
    case VW_PITCH_ADD_LONG:
        return encode_add_long(dialect, message, to);
    case VW_PITCH_ADD_SHORT:
        return encode_add_short(dialect, message, to);
    case VW_PITCH_EXECUTED:
        return encode_executed(message, to);
    case VW_PITCH_REDUCE_LONG:
    case VW_PITCH_REDUCE_SHORT:
        return encode_reduce(message, to);
    case VW_PITCH_MODIFY_LONG:
    case VW_PITCH_MODIFY_SHORT:
        return encode_modify(dialect, message, to);
    case VW_PITCH_TRADE_LONG:
        return encode_trade_long(message, to);
    case VW_PITCH_TRADE_SHORT:
        return encode_trade_short(dialect, message, to);
    case VW_PITCH_DELETE:
    case VW_PITCH_TRADE_BREAK:
    case VW_PITCH_UNIT_CLEAR:
    case VW_PITCH_SESSION_END:
    case VW_PITCH_TRANSACTION_BEGIN:
    case VW_PITCH_TRANSACTION_END:
        return encode_id(message, to);
    case VW_PITCH_TRADING_STATUS:
        return encode_status(message, to);
    default:
        return 0;
    }
}

size_t vw_pitch_encode(vw_dialect dialect, const vw_pitch_message *message, unsigned char *to)
{
    size_t size = encode_shared(dialect, message, to);

    if (size > 0) {
        return size;
    }
    if (dialect == VW_DIALECT_CFE) {
        return vw_cfe_encode(message, to);
    }
    switch (message->type) {
    case VW_PITCH_EXECUTED_AT:
        return encode_executed(message, to);
    case VW_PITCH_ADD_EXPANDED:
        return encode_add_expanded(message, to);
    case VW_PITCH_TRADE_EXPANDED:
        return encode_trade_expanded(message, to);
    case VW_PITCH_MAPPING:
        return encode_mapping(message, to);
    default:
        return 0;
    }
}

void vw_pitch_begin(vw_pitch_writer *writer, unsigned char *to, size_t capacity, uint8_t unit,
                    uint32_t sequence)
{
    vw_check(capacity >= sizeof(vw_wire_block) && capacity <= UINT16_MAX);
    *writer = (vw_pitch_writer){.to = to,
                                .capacity = capacity,
                                .size = sizeof(vw_wire_block),
                                .head = {.unit = unit, .sequence = sequence}};
}

bool vw_pitch_add(vw_pitch_writer *writer, const unsigned char *message, size_t size)
{
    if (size > writer->capacity - writer->size || writer->head.count == UINT8_MAX) {
        return false;
    }
    memcpy(writer->to + writer->size, message, size);
    writer->size += size;
    writer->head.count++;
    return true;
}

size_t vw_pitch_end(vw_pitch_writer *writer)
{
    writer->head.length = (uint16_t)writer->size;
    memcpy(writer->to, &writer->head, sizeof writer->head);
    return writer->size;
}
