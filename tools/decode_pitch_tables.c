#include "tools/decode_layouts.h"

#include "feeds/cfe_wire.h"
#include "feeds/pitch.h"

/* What nearly every message starts with. */
#define STAMP(record, path)                                                                        \
    VW_FIELD_NAMED(record, path.head.length, "length", RAW),                                       \
        VW_FIELD_NAMED(record, path.head.type, "type", RAW),                                       \
        VW_FIELD_NAMED(record, path.time_offset_ns, "time_offset_ns", WHOLE)

static const vw_field block_fields[] = {
    VW_FIELD(vw_wire_block, length, RAW),
    VW_FIELD(vw_wire_block, count, WHOLE),
    VW_FIELD(vw_wire_block, unit, WHOLE),
    VW_FIELD(vw_wire_block, sequence, WHOLE),
};

static const vw_field time_fields[] = {
    VW_FIELD_NAMED(vw_wire_time, head.length, "length", RAW),
    VW_FIELD_NAMED(vw_wire_time, head.type, "type", RAW),
    VW_FIELD(vw_wire_time, seconds, CLOCK),
    VW_FIELD(vw_wire_time, epoch, EPOCH),
};

static const vw_field time_reference_fields[] = {
    VW_FIELD_NAMED(vw_wire_time_reference, head.length, "length", RAW),
    VW_FIELD_NAMED(vw_wire_time_reference, head.type, "type", RAW),
    VW_FIELD(vw_wire_time_reference, midnight, EPOCH),
    VW_FIELD(vw_wire_time_reference, seconds, CLOCK),
    VW_FIELD(vw_wire_time_reference, time_offset_ns, WHOLE),
    VW_FIELD(vw_wire_time_reference, trade_date, DATE),
};

static const vw_field stamp_fields[] = {
    VW_FIELD_NAMED(vw_wire_stamp, head.length, "length", RAW),
    VW_FIELD_NAMED(vw_wire_stamp, head.type, "type", RAW),
    VW_FIELD(vw_wire_stamp, time_offset_ns, WHOLE),
};

static const vw_field add_long_c1_fields[] = {
    STAMP(vw_wire_add_long_c1, add.stamp),
    VW_FIELD_NAMED(vw_wire_add_long_c1, add.order_id, "order_id", WHOLE),
    VW_FIELD_NAMED(vw_wire_add_long_c1, add.side, "side", LETTER),
    VW_FIELD_NAMED(vw_wire_add_long_c1, add.quantity, "quantity", WHOLE),
    VW_FIELD_NAMED(vw_wire_add_long_c1, add.symbol, "symbol", TEXT),
    VW_FIELD_NAMED(vw_wire_add_long_c1, add.price, "price", PRICE4),
    VW_FIELD(vw_wire_add_long_c1, flags, WHOLE),
};

static const vw_field add_short_c1_fields[] = {
    STAMP(vw_wire_add_short_c1, add.stamp),
    VW_FIELD_NAMED(vw_wire_add_short_c1, add.order_id, "order_id", WHOLE),
    VW_FIELD_NAMED(vw_wire_add_short_c1, add.side, "side", LETTER),
    VW_FIELD_NAMED(vw_wire_add_short_c1, add.quantity, "quantity", WHOLE),
    VW_FIELD_NAMED(vw_wire_add_short_c1, add.symbol, "symbol", TEXT),
    VW_FIELD_NAMED(vw_wire_add_short_c1, add.price, "price", SHORT),
    VW_FIELD(vw_wire_add_short_c1, flags, WHOLE),
};

static const vw_field add_expanded_c1_fields[] = {
    STAMP(vw_wire_add_expanded_c1, add.stamp),
    VW_FIELD_NAMED(vw_wire_add_expanded_c1, add.order_id, "order_id", WHOLE),
    VW_FIELD_NAMED(vw_wire_add_expanded_c1, add.side, "side", LETTER),
    VW_FIELD_NAMED(vw_wire_add_expanded_c1, add.quantity, "quantity", WHOLE),
    VW_FIELD_NAMED(vw_wire_add_expanded_c1, add.symbol, "symbol", TEXT),
    VW_FIELD_NAMED(vw_wire_add_expanded_c1, add.price, "price", PRICE4),
    VW_FIELD_NAMED(vw_wire_add_expanded_c1, add.flags, "flags", WHOLE),
    VW_FIELD_NAMED(vw_wire_add_expanded_c1, add.participant, "participant", TEXT),
    VW_FIELD_NAMED(vw_wire_add_expanded_c1, add.customer, "customer", LETTER),
    VW_FIELD(vw_wire_add_expanded_c1, client, TEXT),
    VW_FIELD(vw_wire_add_expanded_c1, reserved, RESERVED),
};

static const vw_field executed_fields[] = {
    STAMP(vw_wire_executed, stamp),
    VW_FIELD(vw_wire_executed, order_id, WHOLE),
    VW_FIELD(vw_wire_executed, quantity, WHOLE),
    VW_FIELD(vw_wire_executed, execution_id, WHOLE),
    VW_FIELD(vw_wire_executed, condition, LETTER),
};

static const vw_field executed_at_fields[] = {
    STAMP(vw_wire_executed_at, stamp),
    VW_FIELD(vw_wire_executed_at, order_id, WHOLE),
    VW_FIELD(vw_wire_executed_at, quantity, WHOLE),
    VW_FIELD(vw_wire_executed_at, remaining, WHOLE),
    VW_FIELD(vw_wire_executed_at, execution_id, WHOLE),
    VW_FIELD(vw_wire_executed_at, price, PRICE4),
    VW_FIELD(vw_wire_executed_at, condition, LETTER),
};

static const vw_field reduce_long_fields[] = {
    STAMP(vw_wire_reduce_long, stamp),
    VW_FIELD(vw_wire_reduce_long, order_id, WHOLE),
    VW_FIELD(vw_wire_reduce_long, quantity, WHOLE),
};

static const vw_field reduce_short_fields[] = {
    STAMP(vw_wire_reduce_short, stamp),
    VW_FIELD(vw_wire_reduce_short, order_id, WHOLE),
    VW_FIELD(vw_wire_reduce_short, quantity, WHOLE),
};

static const vw_field modify_long_c1_fields[] = {
    STAMP(vw_wire_modify_long_c1, modify.stamp),
    VW_FIELD_NAMED(vw_wire_modify_long_c1, modify.order_id, "order_id", WHOLE),
    VW_FIELD_NAMED(vw_wire_modify_long_c1, modify.quantity, "quantity", WHOLE),
    VW_FIELD_NAMED(vw_wire_modify_long_c1, modify.price, "price", PRICE4),
    VW_FIELD(vw_wire_modify_long_c1, flags, WHOLE),
};

static const vw_field modify_short_c1_fields[] = {
    STAMP(vw_wire_modify_short_c1, modify.stamp),
    VW_FIELD_NAMED(vw_wire_modify_short_c1, modify.order_id, "order_id", WHOLE),
    VW_FIELD_NAMED(vw_wire_modify_short_c1, modify.quantity, "quantity", WHOLE),
    VW_FIELD_NAMED(vw_wire_modify_short_c1, modify.price, "price", SHORT),
    VW_FIELD(vw_wire_modify_short_c1, flags, WHOLE),
};

static const vw_field delete_fields[] = {
    STAMP(vw_wire_delete, stamp),
    VW_FIELD(vw_wire_delete, order_id, WHOLE),
};

static const vw_field trade_long_fields[] = {
    STAMP(vw_wire_trade_long, stamp),
    VW_FIELD(vw_wire_trade_long, order_id, WHOLE),
    VW_FIELD(vw_wire_trade_long, side, LETTER),
    VW_FIELD(vw_wire_trade_long, quantity, WHOLE),
    VW_FIELD(vw_wire_trade_long, symbol, TEXT),
    VW_FIELD(vw_wire_trade_long, price, PRICE4),
    VW_FIELD(vw_wire_trade_long, execution_id, WHOLE),
    VW_FIELD(vw_wire_trade_long, condition, LETTER),
};

static const vw_field trade_short_fields[] = {
    STAMP(vw_wire_trade_short, stamp),
    VW_FIELD(vw_wire_trade_short, order_id, WHOLE),
    VW_FIELD(vw_wire_trade_short, side, LETTER),
    VW_FIELD(vw_wire_trade_short, quantity, WHOLE),
    VW_FIELD(vw_wire_trade_short, symbol, TEXT),
    VW_FIELD(vw_wire_trade_short, price, SHORT),
    VW_FIELD(vw_wire_trade_short, execution_id, WHOLE),
    VW_FIELD(vw_wire_trade_short, condition, LETTER),
};

static const vw_field trade_expanded_fields[] = {
    STAMP(vw_wire_trade_expanded, stamp),
    VW_FIELD(vw_wire_trade_expanded, order_id, WHOLE),
    VW_FIELD(vw_wire_trade_expanded, side, LETTER),
    VW_FIELD(vw_wire_trade_expanded, quantity, WHOLE),
    VW_FIELD(vw_wire_trade_expanded, symbol, TEXT),
    VW_FIELD(vw_wire_trade_expanded, price, PRICE4),
    VW_FIELD(vw_wire_trade_expanded, execution_id, WHOLE),
    VW_FIELD(vw_wire_trade_expanded, condition, LETTER),
};

static const vw_field trading_status_fields[] = {
    STAMP(vw_wire_trading_status, stamp),
    VW_FIELD(vw_wire_trading_status, symbol, TEXT),
    VW_FIELD(vw_wire_trading_status, reserved, RESERVED),
    VW_FIELD(vw_wire_trading_status, status, LETTER),
    VW_FIELD(vw_wire_trading_status, reserved2, RESERVED),
    VW_FIELD(vw_wire_trading_status, global_status, LETTER),
    VW_FIELD(vw_wire_trading_status, reserved3, RESERVED),
};

static const vw_field mapping_fields[] = {
    VW_FIELD_NAMED(vw_wire_mapping, head.length, "length", RAW),
    VW_FIELD_NAMED(vw_wire_mapping, head.type, "type", RAW),
    VW_FIELD(vw_wire_mapping, symbol, TEXT),
    VW_FIELD(vw_wire_mapping, osi, TEXT),
    VW_FIELD(vw_wire_mapping, condition, LETTER),
    VW_FIELD(vw_wire_mapping, underlying, TEXT),
};

static const vw_field auction_update_fields[] = {
    STAMP(vw_wire_auction_update, stamp),
    VW_FIELD(vw_wire_auction_update, symbol, TEXT),
    VW_FIELD(vw_wire_auction_update, auction, LETTER),
    VW_FIELD(vw_wire_auction_update, reference, PRICE4),
    VW_FIELD(vw_wire_auction_update, buy, WHOLE),
    VW_FIELD(vw_wire_auction_update, sell, WHOLE),
    VW_FIELD(vw_wire_auction_update, indicative, PRICE4),
    VW_FIELD(vw_wire_auction_update, auction_only, PRICE4),
    VW_FIELD(vw_wire_auction_update, opening, LETTER),
    VW_FIELD(vw_wire_auction_update, composite_bid, PRICE4),
    VW_FIELD(vw_wire_auction_update, composite_offer, PRICE4),
};

static const vw_field auction_summary_fields[] = {
    STAMP(vw_wire_auction_summary, stamp),
    VW_FIELD(vw_wire_auction_summary, symbol, TEXT),
    VW_FIELD(vw_wire_auction_summary, auction, LETTER),
    VW_FIELD(vw_wire_auction_summary, price, PRICE4),
    VW_FIELD(vw_wire_auction_summary, quantity, WHOLE),
};

static const vw_field width_update_fields[] = {
    STAMP(vw_wire_width_update, stamp),
    VW_FIELD(vw_wire_width_update, underlying, TEXT),
    VW_FIELD(vw_wire_width_update, width, LETTER),
    VW_FIELD(vw_wire_width_update, multiplier, TENTHS),
};

static const vw_field auction_notification_fields[] = {
    STAMP(vw_wire_auction_notification, stamp),
    VW_FIELD(vw_wire_auction_notification, symbol, TEXT),
    VW_FIELD(vw_wire_auction_notification, auction_id, WHOLE),
    VW_FIELD(vw_wire_auction_notification, auction, LETTER),
    VW_FIELD(vw_wire_auction_notification, side, LETTER),
    VW_FIELD(vw_wire_auction_notification, price, PRICE4),
    VW_FIELD(vw_wire_auction_notification, quantity, WHOLE),
    VW_FIELD(vw_wire_auction_notification, customer, LETTER),
    VW_FIELD(vw_wire_auction_notification, participant, TEXT),
    VW_FIELD(vw_wire_auction_notification, end_offset_ns, WHOLE),
    VW_FIELD(vw_wire_auction_notification, client, TEXT),
};

static const vw_field auction_cancel_fields[] = {
    STAMP(vw_wire_auction_cancel, stamp),
    VW_FIELD(vw_wire_auction_cancel, auction_id, WHOLE),
};

static const vw_field auction_trade_fields[] = {
    STAMP(vw_wire_auction_trade, stamp),
    VW_FIELD(vw_wire_auction_trade, auction_id, WHOLE),
    VW_FIELD(vw_wire_auction_trade, execution_id, WHOLE),
    VW_FIELD(vw_wire_auction_trade, price, PRICE4),
    VW_FIELD(vw_wire_auction_trade, quantity, WHOLE),
};

static const vw_field strike_range_fields[] = {
    STAMP(vw_wire_strike_range, stamp),
    VW_FIELD(vw_wire_strike_range, soq, TEXT),
    VW_FIELD(vw_wire_strike_range, lower, PRICE4),
    VW_FIELD(vw_wire_strike_range, upper, PRICE4),
};

static const vw_field constituent_fields[] = {
    VW_FIELD_NAMED(vw_wire_constituent, mapping.head.length, "length", RAW),
    VW_FIELD_NAMED(vw_wire_constituent, mapping.head.type, "type", RAW),
    VW_FIELD_NAMED(vw_wire_constituent, mapping.symbol, "symbol", TEXT),
    VW_FIELD_NAMED(vw_wire_constituent, mapping.osi, "osi", TEXT),
    VW_FIELD_NAMED(vw_wire_constituent, mapping.condition, "condition", LETTER),
    VW_FIELD_NAMED(vw_wire_constituent, mapping.underlying, "underlying", TEXT),
    VW_FIELD(vw_wire_constituent, soq, TEXT),
};

static const vw_field complex_definition_fields[] = {
    STAMP(vw_wire_complex_definition, stamp),
    VW_FIELD(vw_wire_complex_definition, symbol, TEXT),
    VW_FIELD(vw_wire_complex_definition, underlying, TEXT),
    VW_FIELD(vw_wire_complex_definition, auction, LETTER),
    VW_FIELD(vw_wire_complex_definition, reserved, RESERVED),
    VW_FIELD(vw_wire_complex_definition, leg_count, WHOLE),
};

static const vw_field settlement_fields[] = {
    STAMP(vw_wire_settlement, stamp),
    VW_FIELD(vw_wire_settlement, symbol, TEXT),
    VW_FIELD(vw_wire_settlement, trade_date, DATE),
    VW_FIELD(vw_wire_settlement, price, PRICE4),
    VW_FIELD(vw_wire_settlement, issue, LETTER),
};

static const vw_field day_summary_fields[] = {
    STAMP(vw_wire_day_summary, stamp),
    VW_FIELD(vw_wire_day_summary, symbol, TEXT),
    VW_FIELD(vw_wire_day_summary, trade_date, DATE),
    VW_FIELD(vw_wire_day_summary, open_interest, WHOLE),
    VW_FIELD(vw_wire_day_summary, high, PRICE4),
    VW_FIELD(vw_wire_day_summary, low, PRICE4),
    VW_FIELD(vw_wire_day_summary, open, PRICE4),
    VW_FIELD(vw_wire_day_summary, close, PRICE4),
    VW_FIELD(vw_wire_day_summary, volume, WHOLE),
    VW_FIELD(vw_wire_day_summary, block_volume, WHOLE),
    VW_FIELD(vw_wire_day_summary, ecrp_volume, WHOLE),
    VW_FIELD(vw_wire_day_summary, flags, WHOLE),
};

static const vw_field future_dated_fields[] = {
    STAMP(vw_wire_future_dated, future.stamp),
    VW_FIELD_NAMED(vw_wire_future_dated, future.symbol, "symbol", TEXT),
    VW_FIELD_NAMED(vw_wire_future_dated, future.unit_timestamp, "unit_timestamp", EPOCH),
    VW_FIELD_NAMED(vw_wire_future_dated, future.report_symbol, "report_symbol", TEXT),
    VW_FIELD_NAMED(vw_wire_future_dated, future.flags, "flags", WHOLE),
    VW_FIELD_NAMED(vw_wire_future_dated, future.expiration_date, "expiration_date", DATE),
    VW_FIELD_NAMED(vw_wire_future_dated, future.contract_size, "contract_size", WHOLE),
    VW_FIELD_NAMED(vw_wire_future_dated, future.listing_state, "listing_state", LETTER),
    VW_FIELD_NAMED(vw_wire_future_dated, future.price_increment, "price_increment", PRICE4),
    VW_FIELD_NAMED(vw_wire_future_dated, future.leg_count, "leg_count", WHOLE),
    VW_FIELD_NAMED(vw_wire_future_dated, future.leg_offset, "leg_offset", WHOLE),
    VW_FIELD_NAMED(vw_wire_future_dated, future.reserved, "reserved", RESERVED),
    VW_FIELD(vw_wire_future_dated, contract_date, DATE),
};

static const vw_field price_limits_fields[] = {
    STAMP(vw_wire_price_limits, stamp),
    VW_FIELD(vw_wire_price_limits, symbol, TEXT),
    VW_FIELD(vw_wire_price_limits, upper, PRICE4),
    VW_FIELD(vw_wire_price_limits, lower, PRICE4),
};

static const vw_field open_interest_fields[] = {
    STAMP(vw_wire_open_interest, stamp),
    VW_FIELD(vw_wire_open_interest, symbol, TEXT),
    VW_FIELD(vw_wire_open_interest, trade_date, DATE),
    VW_FIELD(vw_wire_open_interest, contracts, WHOLE),
};

static const vw_field variance_fields[] = {
    STAMP(vw_wire_variance, stamp),
    VW_FIELD(vw_wire_variance, unit_timestamp, EPOCH),
    VW_FIELD(vw_wire_variance, symbol, TEXT),
    VW_FIELD(vw_wire_variance, futures_symbol, TEXT),
    VW_FIELD(vw_wire_variance, accrued, PRICE12),
    VW_FIELD(vw_wire_variance, final_returns, WHOLE),
    VW_FIELD(vw_wire_variance, elapsed_returns, WHOLE),
};

static const vw_field add_long_fields[] = {
    STAMP(vw_wire_add_long, stamp),           VW_FIELD(vw_wire_add_long, order_id, WHOLE),
    VW_FIELD(vw_wire_add_long, side, LETTER), VW_FIELD(vw_wire_add_long, quantity, WHOLE),
    VW_FIELD(vw_wire_add_long, symbol, TEXT), VW_FIELD(vw_wire_add_long, price, PRICE4),
};

static const vw_field add_short_fields[] = {
    STAMP(vw_wire_add_short, stamp),           VW_FIELD(vw_wire_add_short, order_id, WHOLE),
    VW_FIELD(vw_wire_add_short, side, LETTER), VW_FIELD(vw_wire_add_short, quantity, WHOLE),
    VW_FIELD(vw_wire_add_short, symbol, TEXT), VW_FIELD(vw_wire_add_short, price, SHORT),
};

static const vw_field modify_long_fields[] = {
    STAMP(vw_wire_modify_long, stamp),
    VW_FIELD(vw_wire_modify_long, order_id, WHOLE),
    VW_FIELD(vw_wire_modify_long, quantity, WHOLE),
    VW_FIELD(vw_wire_modify_long, price, PRICE4),
};

static const vw_field modify_short_fields[] = {
    STAMP(vw_wire_modify_short, stamp),
    VW_FIELD(vw_wire_modify_short, order_id, WHOLE),
    VW_FIELD(vw_wire_modify_short, quantity, WHOLE),
    VW_FIELD(vw_wire_modify_short, price, SHORT),
};

static const vw_field break_fields[] = {
    STAMP(vw_wire_delete, stamp),
    VW_FIELD_NAMED(vw_wire_delete, order_id, "execution_id", WHOLE),
};

static const vw_field future_leg_fields[] = {
    VW_FIELD(vw_wire_future_leg, ratio, SIGNED),
    VW_FIELD(vw_wire_future_leg, symbol, TEXT),
};

static const vw_field complex_leg_fields[] = {
    VW_FIELD(vw_wire_complex_leg, symbol, TEXT),
    VW_FIELD(vw_wire_complex_leg, ratio, SIGNED),
    VW_FIELD(vw_wire_complex_leg, security, LETTER),
};

static const vw_field_group future_legs = {
    "legs", future_leg_fields, VW_COUNT_OF(future_leg_fields), sizeof(vw_wire_future_leg)};
static const vw_field_group complex_legs = {
    "legs", complex_leg_fields, VW_COUNT_OF(complex_leg_fields), sizeof(vw_wire_complex_leg)};

const vw_layout vw_layout_pitch_block = VW_LAYOUT("block", vw_wire_block, block_fields);

static const vw_layout messages[256] = {
    [VW_PITCH_TIME] = VW_LAYOUT("time", vw_wire_time, time_fields),
    [VW_PITCH_TIME_REFERENCE] =
        VW_LAYOUT("time_reference", vw_wire_time_reference, time_reference_fields),
    [VW_PITCH_UNIT_CLEAR] = VW_LAYOUT("unit_clear", vw_wire_stamp, stamp_fields),
    [VW_PITCH_ADD_LONG] = VW_LAYOUT("add_order_long", vw_wire_add_long_c1, add_long_c1_fields),
    [VW_PITCH_ADD_SHORT] = VW_LAYOUT("add_order_short", vw_wire_add_short_c1, add_short_c1_fields),
    [VW_PITCH_ADD_EXPANDED] =
        VW_LAYOUT("add_order_expanded", vw_wire_add_expanded_c1, add_expanded_c1_fields),
    [VW_PITCH_EXECUTED] = VW_LAYOUT("order_executed", vw_wire_executed, executed_fields),
    [VW_PITCH_EXECUTED_AT] =
        VW_LAYOUT("order_executed_at_price", vw_wire_executed_at, executed_at_fields),
    [VW_PITCH_REDUCE_LONG] = VW_LAYOUT("reduce_size_long", vw_wire_reduce_long, reduce_long_fields),
    [VW_PITCH_REDUCE_SHORT] =
        VW_LAYOUT("reduce_size_short", vw_wire_reduce_short, reduce_short_fields),
    [VW_PITCH_MODIFY_LONG] =
        VW_LAYOUT("modify_order_long", vw_wire_modify_long_c1, modify_long_c1_fields),
    [VW_PITCH_MODIFY_SHORT] =
        VW_LAYOUT("modify_order_short", vw_wire_modify_short_c1, modify_short_c1_fields),
    [VW_PITCH_DELETE] = VW_LAYOUT("delete_order", vw_wire_delete, delete_fields),
    [VW_PITCH_TRADE_LONG] = VW_LAYOUT("trade_long", vw_wire_trade_long, trade_long_fields),
    [VW_PITCH_TRADE_SHORT] = VW_LAYOUT("trade_short", vw_wire_trade_short, trade_short_fields),
    [VW_PITCH_TRADE_EXPANDED] =
        VW_LAYOUT("trade_expanded", vw_wire_trade_expanded, trade_expanded_fields),
    [VW_PITCH_TRADE_BREAK] = VW_LAYOUT("trade_break", vw_wire_delete, break_fields),
    [VW_PITCH_SESSION_END] = VW_LAYOUT("end_of_session", vw_wire_stamp, stamp_fields),
    [VW_PITCH_TRADING_STATUS] =
        VW_LAYOUT("trading_status", vw_wire_trading_status, trading_status_fields),
    [VW_PITCH_TRANSACTION_BEGIN] = VW_LAYOUT("transaction_begin", vw_wire_stamp, stamp_fields),
    [VW_PITCH_TRANSACTION_END] = VW_LAYOUT("transaction_end", vw_wire_stamp, stamp_fields),
    [VW_PITCH_MAPPING] = VW_LAYOUT("symbol_mapping", vw_wire_mapping, mapping_fields),
    [VW_PITCH_AUCTION_UPDATE] =
        VW_LAYOUT("auction_update", vw_wire_auction_update, auction_update_fields),
    [VW_PITCH_AUCTION_SUMMARY] =
        VW_LAYOUT("auction_summary", vw_wire_auction_summary, auction_summary_fields),
    [VW_PITCH_WIDTH_UPDATE] = VW_LAYOUT("width_update", vw_wire_width_update, width_update_fields),
    [VW_PITCH_AUCTION_NOTIFICATION] = VW_LAYOUT(
        "auction_notification", vw_wire_auction_notification, auction_notification_fields),
    [VW_PITCH_AUCTION_CANCEL] =
        VW_LAYOUT("auction_cancel", vw_wire_auction_cancel, auction_cancel_fields),
    [VW_PITCH_AUCTION_TRADE] =
        VW_LAYOUT("auction_trade", vw_wire_auction_trade, auction_trade_fields),
    [VW_PITCH_STRIKE_RANGE] = VW_LAYOUT("strike_range", vw_wire_strike_range, strike_range_fields),
    [VW_PITCH_CONSTITUENT] =
        VW_LAYOUT("constituent_mapping", vw_wire_constituent, constituent_fields),
    [VW_PITCH_COMPLEX_DEFINITION] = {.name = "complex_definition",
                                     .size = sizeof(vw_wire_complex_definition),
                                     .fields = complex_definition_fields,
                                     .count = VW_COUNT_OF(complex_definition_fields),
                                     .group = &complex_legs},
    [VW_PITCH_SETTLEMENT] = VW_LAYOUT("settlement", vw_wire_settlement, settlement_fields),
    [VW_PITCH_DAY_SUMMARY] = VW_LAYOUT("day_summary", vw_wire_day_summary, day_summary_fields),
    [VW_PITCH_FUTURE] = {.name = "futures_definition",
                         .size = sizeof(vw_wire_future_dated),
                         .fields = future_dated_fields,
                         .count = VW_COUNT_OF(future_dated_fields),
                         .group = &future_legs},
    [VW_PITCH_PRICE_LIMITS] = VW_LAYOUT("price_limits", vw_wire_price_limits, price_limits_fields),
    [VW_PITCH_OPEN_INTEREST] =
        VW_LAYOUT("open_interest", vw_wire_open_interest, open_interest_fields),
    [VW_PITCH_VARIANCE] = VW_LAYOUT("variance_mapping", vw_wire_variance, variance_fields),
};

/* What CFE may append there is not flags. */
static const vw_layout cfe_messages[256] = {
    [VW_PITCH_ADD_LONG] = VW_LAYOUT("add_order_long", vw_wire_add_long, add_long_fields),
    [VW_PITCH_ADD_SHORT] = VW_LAYOUT("add_order_short", vw_wire_add_short, add_short_fields),
    [VW_PITCH_MODIFY_LONG] =
        VW_LAYOUT("modify_order_long", vw_wire_modify_long, modify_long_fields),
    [VW_PITCH_MODIFY_SHORT] =
        VW_LAYOUT("modify_order_short", vw_wire_modify_short, modify_short_fields),
};

const vw_layout *vw_layout_pitch(vw_dialect dialect, uint8_t type)
{
    if (dialect == VW_DIALECT_CFE && cfe_messages[type].name != NULL) {
        return &cfe_messages[type];
    }
    return messages[type].name != NULL ? &messages[type] : NULL;
}
