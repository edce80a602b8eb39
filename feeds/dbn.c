#include "feeds/dbn.h"

#include "core/base/bytes.h"

/* What a kind of record is and how long its newest form is; size 0: not known. */
typedef struct layout {
    uint8_t kind;
    uint16_t size;
} layout;

#define LAYOUT(kind, name)                                                                         \
    {                                                                                              \
        VW_DBN_RECORD_##kind, sizeof(vw_dbn_wire_##name)                                           \
    }

static const layout layouts[256] = {
    [VW_DBN_TRADE] = LAYOUT(TRADE, trade),     [VW_DBN_MBP1] = LAYOUT(MBP1, mbp1),
    [VW_DBN_MBP10] = LAYOUT(MBP10, mbp10),     [VW_DBN_OHLCV] = LAYOUT(OHLCV, ohlcv),
    [VW_DBN_STATUS] = LAYOUT(STATUS, status),  [VW_DBN_DEFINITION] = LAYOUT(DEFINITION, definition),
    [VW_DBN_ERROR] = LAYOUT(ERROR, error),     [VW_DBN_MAPPING] = LAYOUT(MAPPING, mapping),
    [VW_DBN_SYSTEM] = LAYOUT(SYSTEM, system),  [VW_DBN_STATISTICS] = LAYOUT(STATISTIC, statistic),
    [VW_DBN_OHLCV_1S] = LAYOUT(OHLCV, ohlcv),  [VW_DBN_OHLCV_1M] = LAYOUT(OHLCV, ohlcv),
    [VW_DBN_OHLCV_1H] = LAYOUT(OHLCV, ohlcv),  [VW_DBN_OHLCV_1D] = LAYOUT(OHLCV, ohlcv),
    [VW_DBN_OHLCV_EOD] = LAYOUT(OHLCV, ohlcv), [VW_DBN_MBO] = LAYOUT(MBO, mbo),
    [VW_DBN_CMBP1] = LAYOUT(CMBP1, cmbp1),     [VW_DBN_CBBO_1S] = LAYOUT(CBBO, cbbo),
    [VW_DBN_CBBO_1M] = LAYOUT(CBBO, cbbo),     [VW_DBN_TCBBO] = LAYOUT(CMBP1, cmbp1),
    [VW_DBN_BBO_1S] = LAYOUT(BBO, bbo),        [VW_DBN_BBO_1M] = LAYOUT(BBO, bbo),
};

static void read_statistic_v2(const unsigned char *from, vw_dbn_wire_statistic *to)
{
    vw_dbn_wire_statistic_v2 wire;

    memcpy(&wire, from, sizeof wire);
    *to = (vw_dbn_wire_statistic){.head = wire.head,
                                  .ts_recv = wire.ts_recv,
                                  .ts_ref = wire.ts_ref,
                                  .price = wire.price,
                                  .quantity = wire.quantity == INT32_MAX ? VW_DBN_QUANTITY_NONE
                                                                         : wire.quantity,
                                  .sequence = wire.sequence,
                                  .ts_in_delta = wire.ts_in_delta,
                                  .stat_type = wire.stat_type,
                                  .channel_id = wire.channel_id,
                                  .update_action = wire.update_action,
                                  .stat_flags = wire.stat_flags};
}

static void read_mapping_v1(const unsigned char *from, vw_dbn_wire_mapping *to)
{
    vw_dbn_wire_mapping_v1 wire;

    memcpy(&wire, from, sizeof wire);
    *to = (vw_dbn_wire_mapping){.head = wire.head,
                                .stype_in = UINT8_MAX,
                                .stype_out = UINT8_MAX,
                                .start_ts = wire.start_ts,
                                .end_ts = wire.end_ts};
    memcpy(to->stype_in_symbol, wire.stype_in_symbol, sizeof wire.stype_in_symbol);
    memcpy(to->stype_out_symbol, wire.stype_out_symbol, sizeof wire.stype_out_symbol);
}

static void read_system_v1(const unsigned char *from, vw_dbn_wire_system *to)
{
    vw_dbn_wire_system_v1 wire;

    memcpy(&wire, from, sizeof wire);
    *to = (vw_dbn_wire_system){.head = wire.head, .code = UINT8_MAX};
    memcpy(to->message, wire.message, sizeof wire.message);
}

static void read_error_v1(const unsigned char *from, vw_dbn_wire_error *to)
{
    vw_dbn_wire_error_v1 wire;

    memcpy(&wire, from, sizeof wire);
    *to = (vw_dbn_wire_error){.head = wire.head, .code = UINT8_MAX, .is_last = UINT8_MAX};
    memcpy(to->message, wire.message, sizeof wire.message);
}

static void read_definition_v2(const unsigned char *from, vw_dbn_wire_definition *to)
{
    vw_dbn_wire_definition_v2 wire;

    memcpy(&wire, from, sizeof wire);
    *to = (vw_dbn_wire_definition){.head = wire.head,
                                   .ts_recv = wire.ts_recv,
                                   .min_price_increment = wire.min_price_increment,
                                   .display_factor = wire.display_factor,
                                   .expiration = wire.expiration,
                                   .activation = wire.activation,
                                   .high_limit_price = wire.high_limit_price,
                                   .low_limit_price = wire.low_limit_price,
                                   .max_price_variation = wire.max_price_variation,
                                   .unit_of_measure_qty = wire.unit_of_measure_qty,
                                   .min_price_increment_amount = wire.min_price_increment_amount,
                                   .price_ratio = wire.price_ratio,
                                   .strike_price = wire.strike_price,
                                   .inst_attrib_value = wire.inst_attrib_value,
                                   .underlying_id = wire.underlying_id,
                                   .raw_instrument_id = wire.raw_instrument_id,
                                   .market_depth_implied = wire.market_depth_implied,
                                   .market_depth = wire.market_depth,
                                   .market_segment_id = wire.market_segment_id,
                                   .max_trade_vol = wire.max_trade_vol,
                                   .min_lot_size = wire.min_lot_size,
                                   .min_lot_size_block = wire.min_lot_size_block,
                                   .min_lot_size_round_lot = wire.min_lot_size_round_lot,
                                   .min_trade_vol = wire.min_trade_vol,
                                   .contract_multiplier = wire.contract_multiplier,
                                   .decay_quantity = wire.decay_quantity,
                                   .original_contract_size = wire.original_contract_size,
                                   .appl_id = wire.appl_id,
                                   .maturity_year = wire.maturity_year,
                                   .decay_start_date = wire.decay_start_date,
                                   .channel_id = wire.channel_id,
                                   .instrument_class = wire.instrument_class,
                                   .match_algorithm = wire.match_algorithm,
                                   .main_fraction = wire.main_fraction,
                                   .price_display_format = wire.price_display_format,
                                   .sub_fraction = wire.sub_fraction,
                                   .underlying_product = wire.underlying_product,
                                   .security_update_action = wire.security_update_action,
                                   .maturity_month = wire.maturity_month,
                                   .maturity_day = wire.maturity_day,
                                   .maturity_week = wire.maturity_week,
                                   .user_defined_instrument = wire.user_defined_instrument,
                                   .contract_multiplier_unit = wire.contract_multiplier_unit,
                                   .flow_schedule_type = wire.flow_schedule_type,
                                   .tick_rule = wire.tick_rule,
                                   .leg_price = VW_DBN_PRICE_NONE,
                                   .leg_delta = VW_DBN_PRICE_NONE};
    memcpy(to->currency, wire.currency, sizeof wire.currency);
    memcpy(to->settl_currency, wire.settl_currency, sizeof wire.settl_currency);
    memcpy(to->secsubtype, wire.secsubtype, sizeof wire.secsubtype);
    memcpy(to->raw_symbol, wire.raw_symbol, sizeof wire.raw_symbol);
    memcpy(to->group, wire.group, sizeof wire.group);
    memcpy(to->exchange, wire.exchange, sizeof wire.exchange);
    memcpy(to->asset, wire.asset, sizeof wire.asset);
    memcpy(to->cfi, wire.cfi, sizeof wire.cfi);
    memcpy(to->security_type, wire.security_type, sizeof wire.security_type);
    memcpy(to->unit_of_measure, wire.unit_of_measure, sizeof wire.unit_of_measure);
    memcpy(to->underlying, wire.underlying, sizeof wire.underlying);
    memcpy(to->strike_price_currency, wire.strike_price_currency,
           sizeof wire.strike_price_currency);
}

static void read_definition_v1(const unsigned char *from, vw_dbn_wire_definition *to)
{
    vw_dbn_wire_definition_v1 wire;

    memcpy(&wire, from, sizeof wire);
    *to = (vw_dbn_wire_definition){.head = wire.head,
                                   .ts_recv = wire.ts_recv,
                                   .min_price_increment = wire.min_price_increment,
                                   .display_factor = wire.display_factor,
                                   .expiration = wire.expiration,
                                   .activation = wire.activation,
                                   .high_limit_price = wire.high_limit_price,
                                   .low_limit_price = wire.low_limit_price,
                                   .max_price_variation = wire.max_price_variation,
                                   .unit_of_measure_qty = wire.unit_of_measure_qty,
                                   .min_price_increment_amount = wire.min_price_increment_amount,
                                   .price_ratio = wire.price_ratio,
                                   .inst_attrib_value = wire.inst_attrib_value,
                                   .underlying_id = wire.underlying_id,
                                   .raw_instrument_id = wire.raw_instrument_id,
                                   .market_depth_implied = wire.market_depth_implied,
                                   .market_depth = wire.market_depth,
                                   .market_segment_id = wire.market_segment_id,
                                   .max_trade_vol = wire.max_trade_vol,
                                   .min_lot_size = wire.min_lot_size,
                                   .min_lot_size_block = wire.min_lot_size_block,
                                   .min_lot_size_round_lot = wire.min_lot_size_round_lot,
                                   .min_trade_vol = wire.min_trade_vol,
                                   .contract_multiplier = wire.contract_multiplier,
                                   .decay_quantity = wire.decay_quantity,
                                   .original_contract_size = wire.original_contract_size,
                                   .appl_id = wire.appl_id,
                                   .maturity_year = wire.maturity_year,
                                   .decay_start_date = wire.decay_start_date,
                                   .channel_id = wire.channel_id,
                                   .instrument_class = wire.instrument_class,
                                   .strike_price = wire.strike_price,
                                   .match_algorithm = wire.match_algorithm,
                                   .main_fraction = wire.main_fraction,
                                   .price_display_format = wire.price_display_format,
                                   .sub_fraction = wire.sub_fraction,
                                   .underlying_product = wire.underlying_product,
                                   .security_update_action = wire.security_update_action,
                                   .maturity_month = wire.maturity_month,
                                   .maturity_day = wire.maturity_day,
                                   .maturity_week = wire.maturity_week,
                                   .user_defined_instrument = wire.user_defined_instrument,
                                   .contract_multiplier_unit = wire.contract_multiplier_unit,
                                   .flow_schedule_type = wire.flow_schedule_type,
                                   .tick_rule = wire.tick_rule,
                                   .leg_price = VW_DBN_PRICE_NONE,
                                   .leg_delta = VW_DBN_PRICE_NONE};
    memcpy(to->currency, wire.currency, sizeof wire.currency);
    memcpy(to->settl_currency, wire.settl_currency, sizeof wire.settl_currency);
    memcpy(to->secsubtype, wire.secsubtype, sizeof wire.secsubtype);
    memcpy(to->raw_symbol, wire.raw_symbol, sizeof wire.raw_symbol);
    memcpy(to->group, wire.group, sizeof wire.group);
    memcpy(to->exchange, wire.exchange, sizeof wire.exchange);
    memcpy(to->asset, wire.asset, sizeof wire.asset);
    memcpy(to->cfi, wire.cfi, sizeof wire.cfi);
    memcpy(to->security_type, wire.security_type, sizeof wire.security_type);
    memcpy(to->unit_of_measure, wire.unit_of_measure, sizeof wire.unit_of_measure);
    memcpy(to->underlying, wire.underlying, sizeof wire.underlying);
    memcpy(to->strike_price_currency, wire.strike_price_currency,
           sizeof wire.strike_price_currency);
}

/* read_old fills record from an older layout; false when it is too short for any. */
static bool read_old(const unsigned char *from, size_t length, vw_dbn_record *record)
{
    size_t used;

    if (record->kind == VW_DBN_RECORD_STATISTIC && length >= sizeof(vw_dbn_wire_statistic_v2)) {
        read_statistic_v2(from, &record->statistic);
        used = sizeof(vw_dbn_wire_statistic_v2);
    } else if (record->kind == VW_DBN_RECORD_MAPPING && length >= sizeof(vw_dbn_wire_mapping_v1)) {
        read_mapping_v1(from, &record->mapping);
        used = sizeof(vw_dbn_wire_mapping_v1);
    } else if (record->kind == VW_DBN_RECORD_SYSTEM && length >= sizeof(vw_dbn_wire_system_v1)) {
        read_system_v1(from, &record->system);
        used = sizeof(vw_dbn_wire_system_v1);
    } else if (record->kind == VW_DBN_RECORD_ERROR && length >= sizeof(vw_dbn_wire_error_v1)) {
        read_error_v1(from, &record->error);
        used = sizeof(vw_dbn_wire_error_v1);
    } else if (record->kind == VW_DBN_RECORD_DEFINITION &&
               length >= sizeof(vw_dbn_wire_definition_v2)) {
        read_definition_v2(from, &record->definition);
        used = sizeof(vw_dbn_wire_definition_v2);
        record->form = 2;
    } else if (record->kind == VW_DBN_RECORD_DEFINITION &&
               length >= sizeof(vw_dbn_wire_definition_v1)) {
        read_definition_v1(from, &record->definition);
        used = sizeof(vw_dbn_wire_definition_v1);
    } else {
        return false;
    }
    record->trailing = (uint16_t)(length - used);
    return true;
}

/* newest_form returns the oldest version that has the newest layout of a kind. */
static uint8_t newest_form(vw_dbn_kind kind)
{
    switch (kind) {
    case VW_DBN_RECORD_DEFINITION:
    case VW_DBN_RECORD_STATISTIC:
        return 3;
    case VW_DBN_RECORD_MAPPING:
    case VW_DBN_RECORD_SYSTEM:
    case VW_DBN_RECORD_ERROR:
        return 2;
    default:
        return 1;
    }
}

int vw_dbn_decode(const unsigned char *from, size_t size, vw_dbn_record *record)
{
    record->kind = VW_DBN_RECORD_UNKNOWN;
    record->length = 0;
    if (size < sizeof record->head) {
        return VW_DBN_MORE;
    }

    size_t length = 4 * (size_t)from[0];
    const layout *known = &layouts[from[1]];

    if (length < sizeof record->head) {
        return VW_DBN_MALFORMED;
    }
    if (length > size) {
        return VW_DBN_MORE;
    }
    record->length = (uint16_t)length;
    record->trailing = (uint16_t)(length - known->size);
    if (length >= known->size && known->size > 0) {
        memcpy(&record->head, from, known->size);
        record->kind = (vw_dbn_kind)known->kind;
        record->form = newest_form(record->kind);
        return (int)length;
    }
    record->form = 1;
    if (known->size == 0) {
        memcpy(&record->head, from, sizeof record->head);
        record->trailing = (uint16_t)(length - sizeof record->head);
        return (int)length;
    }
    record->kind = (vw_dbn_kind)known->kind;
    if (read_old(from, length, record)) {
        return (int)length;
    }
    record->kind = VW_DBN_RECORD_UNKNOWN;
    return VW_DBN_MALFORMED;
}
