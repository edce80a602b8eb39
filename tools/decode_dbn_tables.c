#include "tools/decode_layouts.h"

#include "feeds/dbn.h"

static const vw_field head_fields[] = {
    VW_FIELD_NAMED(vw_dbn_wire_head, words, "length", RAW),
    VW_FIELD(vw_dbn_wire_head, rtype, RAW),
    VW_FIELD(vw_dbn_wire_head, publisher_id, WHOLE),
    VW_FIELD(vw_dbn_wire_head, instrument_id, WHOLE),
    VW_FIELD(vw_dbn_wire_head, ts_event, INSTANT),
};

static const vw_field level_fields[] = {
    VW_FIELD(vw_dbn_wire_level, bid_px, PRICE9), VW_FIELD(vw_dbn_wire_level, ask_px, PRICE9),
    VW_FIELD(vw_dbn_wire_level, bid_sz, MAYBE),  VW_FIELD(vw_dbn_wire_level, ask_sz, MAYBE),
    VW_FIELD(vw_dbn_wire_level, bid_ct, WHOLE),  VW_FIELD(vw_dbn_wire_level, ask_ct, WHOLE),
};

static const vw_field national_fields[] = {
    VW_FIELD(vw_dbn_wire_national, bid_px, PRICE9),
    VW_FIELD(vw_dbn_wire_national, ask_px, PRICE9),
    VW_FIELD(vw_dbn_wire_national, bid_sz, MAYBE),
    VW_FIELD(vw_dbn_wire_national, ask_sz, MAYBE),
    VW_FIELD(vw_dbn_wire_national, bid_pb, WHOLE),
    VW_FIELD(vw_dbn_wire_national, reserved, RESERVED),
    VW_FIELD(vw_dbn_wire_national, ask_pb, WHOLE),
    VW_FIELD(vw_dbn_wire_national, reserved2, RESERVED),
};

static const vw_field mbo_fields[] = {
    VW_FIELD_NAMED(vw_dbn_wire_mbo, head.words, "length", RAW),
    VW_FIELD_NAMED(vw_dbn_wire_mbo, head.rtype, "rtype", RAW),
    VW_FIELD_NAMED(vw_dbn_wire_mbo, head.publisher_id, "publisher_id", WHOLE),
    VW_FIELD_NAMED(vw_dbn_wire_mbo, head.instrument_id, "instrument_id", WHOLE),
    VW_FIELD_NAMED(vw_dbn_wire_mbo, head.ts_event, "ts_event", INSTANT),
    VW_FIELD(vw_dbn_wire_mbo, order_id, WHOLE),
    VW_FIELD(vw_dbn_wire_mbo, price, PRICE9),
    VW_FIELD(vw_dbn_wire_mbo, size, MAYBE),
    VW_FIELD(vw_dbn_wire_mbo, flags, WHOLE),
    VW_FIELD(vw_dbn_wire_mbo, channel_id, WHOLE),
    VW_FIELD(vw_dbn_wire_mbo, action, LETTER),
    VW_FIELD(vw_dbn_wire_mbo, side, LETTER),
    VW_FIELD(vw_dbn_wire_mbo, ts_recv, INSTANT),
    VW_FIELD(vw_dbn_wire_mbo, ts_in_delta, SIGNED),
    VW_FIELD(vw_dbn_wire_mbo, sequence, WHOLE),
};

static const vw_field trade_fields[] = {
    VW_FIELD_NAMED(vw_dbn_wire_trade, head.words, "length", RAW),
    VW_FIELD_NAMED(vw_dbn_wire_trade, head.rtype, "rtype", RAW),
    VW_FIELD_NAMED(vw_dbn_wire_trade, head.publisher_id, "publisher_id", WHOLE),
    VW_FIELD_NAMED(vw_dbn_wire_trade, head.instrument_id, "instrument_id", WHOLE),
    VW_FIELD_NAMED(vw_dbn_wire_trade, head.ts_event, "ts_event", INSTANT),
    VW_FIELD(vw_dbn_wire_trade, price, PRICE9),
    VW_FIELD(vw_dbn_wire_trade, size, MAYBE),
    VW_FIELD(vw_dbn_wire_trade, action, LETTER),
    VW_FIELD(vw_dbn_wire_trade, side, LETTER),
    VW_FIELD(vw_dbn_wire_trade, flags, WHOLE),
    VW_FIELD(vw_dbn_wire_trade, depth, WHOLE),
    VW_FIELD(vw_dbn_wire_trade, ts_recv, INSTANT),
    VW_FIELD(vw_dbn_wire_trade, ts_in_delta, SIGNED),
    VW_FIELD(vw_dbn_wire_trade, sequence, WHOLE),
};

static const vw_field mbp1_fields[] = {
    VW_FIELD_NAMED(vw_dbn_wire_mbp1, head.words, "length", RAW),
    VW_FIELD_NAMED(vw_dbn_wire_mbp1, head.rtype, "rtype", RAW),
    VW_FIELD_NAMED(vw_dbn_wire_mbp1, head.publisher_id, "publisher_id", WHOLE),
    VW_FIELD_NAMED(vw_dbn_wire_mbp1, head.instrument_id, "instrument_id", WHOLE),
    VW_FIELD_NAMED(vw_dbn_wire_mbp1, head.ts_event, "ts_event", INSTANT),
    VW_FIELD(vw_dbn_wire_mbp1, price, PRICE9),
    VW_FIELD(vw_dbn_wire_mbp1, size, MAYBE),
    VW_FIELD(vw_dbn_wire_mbp1, action, LETTER),
    VW_FIELD(vw_dbn_wire_mbp1, side, LETTER),
    VW_FIELD(vw_dbn_wire_mbp1, flags, WHOLE),
    VW_FIELD(vw_dbn_wire_mbp1, depth, WHOLE),
    VW_FIELD(vw_dbn_wire_mbp1, ts_recv, INSTANT),
    VW_FIELD(vw_dbn_wire_mbp1, ts_in_delta, SIGNED),
    VW_FIELD(vw_dbn_wire_mbp1, sequence, WHOLE),
};

static const vw_field mbp10_fields[] = {
    VW_FIELD_NAMED(vw_dbn_wire_mbp10, head.words, "length", RAW),
    VW_FIELD_NAMED(vw_dbn_wire_mbp10, head.rtype, "rtype", RAW),
    VW_FIELD_NAMED(vw_dbn_wire_mbp10, head.publisher_id, "publisher_id", WHOLE),
    VW_FIELD_NAMED(vw_dbn_wire_mbp10, head.instrument_id, "instrument_id", WHOLE),
    VW_FIELD_NAMED(vw_dbn_wire_mbp10, head.ts_event, "ts_event", INSTANT),
    VW_FIELD(vw_dbn_wire_mbp10, price, PRICE9),
    VW_FIELD(vw_dbn_wire_mbp10, size, MAYBE),
    VW_FIELD(vw_dbn_wire_mbp10, action, LETTER),
    VW_FIELD(vw_dbn_wire_mbp10, side, LETTER),
    VW_FIELD(vw_dbn_wire_mbp10, flags, WHOLE),
    VW_FIELD(vw_dbn_wire_mbp10, depth, WHOLE),
    VW_FIELD(vw_dbn_wire_mbp10, ts_recv, INSTANT),
    VW_FIELD(vw_dbn_wire_mbp10, ts_in_delta, SIGNED),
    VW_FIELD(vw_dbn_wire_mbp10, sequence, WHOLE),
};

static const vw_field bbo_fields[] = {
    VW_FIELD_NAMED(vw_dbn_wire_bbo, head.words, "length", RAW),
    VW_FIELD_NAMED(vw_dbn_wire_bbo, head.rtype, "rtype", RAW),
    VW_FIELD_NAMED(vw_dbn_wire_bbo, head.publisher_id, "publisher_id", WHOLE),
    VW_FIELD_NAMED(vw_dbn_wire_bbo, head.instrument_id, "instrument_id", WHOLE),
    VW_FIELD_NAMED(vw_dbn_wire_bbo, head.ts_event, "ts_event", INSTANT),
    VW_FIELD(vw_dbn_wire_bbo, price, PRICE9),
    VW_FIELD(vw_dbn_wire_bbo, size, MAYBE),
    VW_FIELD(vw_dbn_wire_bbo, reserved, RESERVED),
    VW_FIELD(vw_dbn_wire_bbo, side, LETTER),
    VW_FIELD(vw_dbn_wire_bbo, flags, WHOLE),
    VW_FIELD(vw_dbn_wire_bbo, reserved2, RESERVED),
    VW_FIELD(vw_dbn_wire_bbo, ts_recv, INSTANT),
    VW_FIELD(vw_dbn_wire_bbo, reserved3, RESERVED),
    VW_FIELD(vw_dbn_wire_bbo, sequence, WHOLE),
};

static const vw_field cmbp1_fields[] = {
    VW_FIELD_NAMED(vw_dbn_wire_cmbp1, head.words, "length", RAW),
    VW_FIELD_NAMED(vw_dbn_wire_cmbp1, head.rtype, "rtype", RAW),
    VW_FIELD_NAMED(vw_dbn_wire_cmbp1, head.publisher_id, "publisher_id", WHOLE),
    VW_FIELD_NAMED(vw_dbn_wire_cmbp1, head.instrument_id, "instrument_id", WHOLE),
    VW_FIELD_NAMED(vw_dbn_wire_cmbp1, head.ts_event, "ts_event", INSTANT),
    VW_FIELD(vw_dbn_wire_cmbp1, price, PRICE9),
    VW_FIELD(vw_dbn_wire_cmbp1, size, MAYBE),
    VW_FIELD(vw_dbn_wire_cmbp1, action, LETTER),
    VW_FIELD(vw_dbn_wire_cmbp1, side, LETTER),
    VW_FIELD(vw_dbn_wire_cmbp1, flags, WHOLE),
    VW_FIELD(vw_dbn_wire_cmbp1, reserved, RESERVED),
    VW_FIELD(vw_dbn_wire_cmbp1, ts_recv, INSTANT),
    VW_FIELD(vw_dbn_wire_cmbp1, ts_in_delta, SIGNED),
    VW_FIELD(vw_dbn_wire_cmbp1, reserved2, RESERVED),
};

static const vw_field cbbo_fields[] = {
    VW_FIELD_NAMED(vw_dbn_wire_cbbo, head.words, "length", RAW),
    VW_FIELD_NAMED(vw_dbn_wire_cbbo, head.rtype, "rtype", RAW),
    VW_FIELD_NAMED(vw_dbn_wire_cbbo, head.publisher_id, "publisher_id", WHOLE),
    VW_FIELD_NAMED(vw_dbn_wire_cbbo, head.instrument_id, "instrument_id", WHOLE),
    VW_FIELD_NAMED(vw_dbn_wire_cbbo, head.ts_event, "ts_event", INSTANT),
    VW_FIELD(vw_dbn_wire_cbbo, price, PRICE9),
    VW_FIELD(vw_dbn_wire_cbbo, size, MAYBE),
    VW_FIELD(vw_dbn_wire_cbbo, reserved, RESERVED),
    VW_FIELD(vw_dbn_wire_cbbo, side, LETTER),
    VW_FIELD(vw_dbn_wire_cbbo, flags, WHOLE),
    VW_FIELD(vw_dbn_wire_cbbo, reserved2, RESERVED),
    VW_FIELD(vw_dbn_wire_cbbo, ts_recv, INSTANT),
    VW_FIELD(vw_dbn_wire_cbbo, reserved3, RESERVED),
};

static const vw_field status_fields[] = {
    VW_FIELD_NAMED(vw_dbn_wire_status, head.words, "length", RAW),
    VW_FIELD_NAMED(vw_dbn_wire_status, head.rtype, "rtype", RAW),
    VW_FIELD_NAMED(vw_dbn_wire_status, head.publisher_id, "publisher_id", WHOLE),
    VW_FIELD_NAMED(vw_dbn_wire_status, head.instrument_id, "instrument_id", WHOLE),
    VW_FIELD_NAMED(vw_dbn_wire_status, head.ts_event, "ts_event", INSTANT),
    VW_FIELD(vw_dbn_wire_status, ts_recv, INSTANT),
    VW_FIELD(vw_dbn_wire_status, action, WHOLE),
    VW_FIELD(vw_dbn_wire_status, reason, WHOLE),
    VW_FIELD(vw_dbn_wire_status, trading_event, WHOLE),
    VW_FIELD(vw_dbn_wire_status, is_trading, LETTER),
    VW_FIELD(vw_dbn_wire_status, is_quoting, LETTER),
    VW_FIELD(vw_dbn_wire_status, is_short_sell_restricted, LETTER),
    VW_FIELD(vw_dbn_wire_status, reserved, RESERVED),
};

static const vw_field statistic_fields[] = {
    VW_FIELD_NAMED(vw_dbn_wire_statistic, head.words, "length", RAW),
    VW_FIELD_NAMED(vw_dbn_wire_statistic, head.rtype, "rtype", RAW),
    VW_FIELD_NAMED(vw_dbn_wire_statistic, head.publisher_id, "publisher_id", WHOLE),
    VW_FIELD_NAMED(vw_dbn_wire_statistic, head.instrument_id, "instrument_id", WHOLE),
    VW_FIELD_NAMED(vw_dbn_wire_statistic, head.ts_event, "ts_event", INSTANT),
    VW_FIELD(vw_dbn_wire_statistic, ts_recv, INSTANT),
    VW_FIELD(vw_dbn_wire_statistic, ts_ref, INSTANT),
    VW_FIELD(vw_dbn_wire_statistic, price, PRICE9),
    VW_FIELD(vw_dbn_wire_statistic, quantity, MAYBE_SIGNED),
    VW_FIELD(vw_dbn_wire_statistic, sequence, WHOLE),
    VW_FIELD(vw_dbn_wire_statistic, ts_in_delta, SIGNED),
    VW_FIELD(vw_dbn_wire_statistic, stat_type, WHOLE),
    VW_FIELD(vw_dbn_wire_statistic, channel_id, WHOLE),
    VW_FIELD(vw_dbn_wire_statistic, update_action, WHOLE),
    VW_FIELD(vw_dbn_wire_statistic, stat_flags, WHOLE),
    VW_FIELD(vw_dbn_wire_statistic, reserved, RESERVED),
};

static const vw_field statistic_v2_fields[] = {
    VW_FIELD_NAMED(vw_dbn_wire_statistic_v2, head.words, "length", RAW),
    VW_FIELD_NAMED(vw_dbn_wire_statistic_v2, head.rtype, "rtype", RAW),
    VW_FIELD_NAMED(vw_dbn_wire_statistic_v2, head.publisher_id, "publisher_id", WHOLE),
    VW_FIELD_NAMED(vw_dbn_wire_statistic_v2, head.instrument_id, "instrument_id", WHOLE),
    VW_FIELD_NAMED(vw_dbn_wire_statistic_v2, head.ts_event, "ts_event", INSTANT),
    VW_FIELD(vw_dbn_wire_statistic_v2, ts_recv, INSTANT),
    VW_FIELD(vw_dbn_wire_statistic_v2, ts_ref, INSTANT),
    VW_FIELD(vw_dbn_wire_statistic_v2, price, PRICE9),
    VW_FIELD(vw_dbn_wire_statistic_v2, quantity, MAYBE_SIGNED),
    VW_FIELD(vw_dbn_wire_statistic_v2, sequence, WHOLE),
    VW_FIELD(vw_dbn_wire_statistic_v2, ts_in_delta, SIGNED),
    VW_FIELD(vw_dbn_wire_statistic_v2, stat_type, WHOLE),
    VW_FIELD(vw_dbn_wire_statistic_v2, channel_id, WHOLE),
    VW_FIELD(vw_dbn_wire_statistic_v2, update_action, WHOLE),
    VW_FIELD(vw_dbn_wire_statistic_v2, stat_flags, WHOLE),
    VW_FIELD(vw_dbn_wire_statistic_v2, reserved, RESERVED),
};

static const vw_field ohlcv_fields[] = {
    VW_FIELD_NAMED(vw_dbn_wire_ohlcv, head.words, "length", RAW),
    VW_FIELD_NAMED(vw_dbn_wire_ohlcv, head.rtype, "rtype", RAW),
    VW_FIELD_NAMED(vw_dbn_wire_ohlcv, head.publisher_id, "publisher_id", WHOLE),
    VW_FIELD_NAMED(vw_dbn_wire_ohlcv, head.instrument_id, "instrument_id", WHOLE),
    VW_FIELD_NAMED(vw_dbn_wire_ohlcv, head.ts_event, "ts_event", INSTANT),
    VW_FIELD(vw_dbn_wire_ohlcv, open, PRICE9),
    VW_FIELD(vw_dbn_wire_ohlcv, high, PRICE9),
    VW_FIELD(vw_dbn_wire_ohlcv, low, PRICE9),
    VW_FIELD(vw_dbn_wire_ohlcv, close, PRICE9),
    VW_FIELD(vw_dbn_wire_ohlcv, volume, WHOLE),
};

static const vw_field mapping_fields[] = {
    VW_FIELD_NAMED(vw_dbn_wire_mapping, head.words, "length", RAW),
    VW_FIELD_NAMED(vw_dbn_wire_mapping, head.rtype, "rtype", RAW),
    VW_FIELD_NAMED(vw_dbn_wire_mapping, head.publisher_id, "publisher_id", WHOLE),
    VW_FIELD_NAMED(vw_dbn_wire_mapping, head.instrument_id, "instrument_id", WHOLE),
    VW_FIELD_NAMED(vw_dbn_wire_mapping, head.ts_event, "ts_event", INSTANT),
    VW_FIELD(vw_dbn_wire_mapping, stype_in, WHOLE),
    VW_FIELD(vw_dbn_wire_mapping, stype_in_symbol, TEXT),
    VW_FIELD(vw_dbn_wire_mapping, stype_out, WHOLE),
    VW_FIELD(vw_dbn_wire_mapping, stype_out_symbol, TEXT),
    VW_FIELD(vw_dbn_wire_mapping, start_ts, INSTANT),
    VW_FIELD(vw_dbn_wire_mapping, end_ts, INSTANT),
};

static const vw_field mapping_v1_fields[] = {
    VW_FIELD_NAMED(vw_dbn_wire_mapping_v1, head.words, "length", RAW),
    VW_FIELD_NAMED(vw_dbn_wire_mapping_v1, head.rtype, "rtype", RAW),
    VW_FIELD_NAMED(vw_dbn_wire_mapping_v1, head.publisher_id, "publisher_id", WHOLE),
    VW_FIELD_NAMED(vw_dbn_wire_mapping_v1, head.instrument_id, "instrument_id", WHOLE),
    VW_FIELD_NAMED(vw_dbn_wire_mapping_v1, head.ts_event, "ts_event", INSTANT),
    VW_FIELD(vw_dbn_wire_mapping_v1, stype_in_symbol, TEXT),
    VW_FIELD(vw_dbn_wire_mapping_v1, stype_out_symbol, TEXT),
    VW_FIELD(vw_dbn_wire_mapping_v1, dummy, RESERVED),
    VW_FIELD(vw_dbn_wire_mapping_v1, start_ts, INSTANT),
    VW_FIELD(vw_dbn_wire_mapping_v1, end_ts, INSTANT),
};

static const vw_field system_fields[] = {
    VW_FIELD_NAMED(vw_dbn_wire_system, head.words, "length", RAW),
    VW_FIELD_NAMED(vw_dbn_wire_system, head.rtype, "rtype", RAW),
    VW_FIELD_NAMED(vw_dbn_wire_system, head.publisher_id, "publisher_id", WHOLE),
    VW_FIELD_NAMED(vw_dbn_wire_system, head.instrument_id, "instrument_id", WHOLE),
    VW_FIELD_NAMED(vw_dbn_wire_system, head.ts_event, "ts_event", INSTANT),
    VW_FIELD(vw_dbn_wire_system, message, TEXT),
    VW_FIELD(vw_dbn_wire_system, code, WHOLE),
};

static const vw_field system_v1_fields[] = {
    VW_FIELD_NAMED(vw_dbn_wire_system_v1, head.words, "length", RAW),
    VW_FIELD_NAMED(vw_dbn_wire_system_v1, head.rtype, "rtype", RAW),
    VW_FIELD_NAMED(vw_dbn_wire_system_v1, head.publisher_id, "publisher_id", WHOLE),
    VW_FIELD_NAMED(vw_dbn_wire_system_v1, head.instrument_id, "instrument_id", WHOLE),
    VW_FIELD_NAMED(vw_dbn_wire_system_v1, head.ts_event, "ts_event", INSTANT),
    VW_FIELD(vw_dbn_wire_system_v1, message, TEXT),
};

static const vw_field error_fields[] = {
    VW_FIELD_NAMED(vw_dbn_wire_error, head.words, "length", RAW),
    VW_FIELD_NAMED(vw_dbn_wire_error, head.rtype, "rtype", RAW),
    VW_FIELD_NAMED(vw_dbn_wire_error, head.publisher_id, "publisher_id", WHOLE),
    VW_FIELD_NAMED(vw_dbn_wire_error, head.instrument_id, "instrument_id", WHOLE),
    VW_FIELD_NAMED(vw_dbn_wire_error, head.ts_event, "ts_event", INSTANT),
    VW_FIELD(vw_dbn_wire_error, message, TEXT),
    VW_FIELD(vw_dbn_wire_error, code, WHOLE),
    VW_FIELD(vw_dbn_wire_error, is_last, WHOLE),
};

static const vw_field error_v1_fields[] = {
    VW_FIELD_NAMED(vw_dbn_wire_error_v1, head.words, "length", RAW),
    VW_FIELD_NAMED(vw_dbn_wire_error_v1, head.rtype, "rtype", RAW),
    VW_FIELD_NAMED(vw_dbn_wire_error_v1, head.publisher_id, "publisher_id", WHOLE),
    VW_FIELD_NAMED(vw_dbn_wire_error_v1, head.instrument_id, "instrument_id", WHOLE),
    VW_FIELD_NAMED(vw_dbn_wire_error_v1, head.ts_event, "ts_event", INSTANT),
    VW_FIELD(vw_dbn_wire_error_v1, message, TEXT),
};

static const vw_field_group levels = {"levels", level_fields, VW_COUNT_OF(level_fields),
                                      sizeof(vw_dbn_wire_level)};
static const vw_field_group nationals = {"levels", national_fields, VW_COUNT_OF(national_fields),
                                         sizeof(vw_dbn_wire_national)};

static const vw_layout mbo = VW_LAYOUT("mbo", vw_dbn_wire_mbo, mbo_fields);
static const vw_layout trade = VW_LAYOUT("trade", vw_dbn_wire_trade, trade_fields);
static const vw_layout mbp1 = {.name = "mbp1",
                               .size = sizeof(vw_dbn_wire_mbp1),
                               .fields = mbp1_fields,
                               .count = VW_COUNT_OF(mbp1_fields),
                               .group = &levels};
static const vw_layout mbp10 = {.name = "mbp10",
                                .size = sizeof(vw_dbn_wire_mbp10),
                                .fields = mbp10_fields,
                                .count = VW_COUNT_OF(mbp10_fields),
                                .group = &levels};
static const vw_layout bbo = {.name = "bbo",
                              .size = sizeof(vw_dbn_wire_bbo),
                              .fields = bbo_fields,
                              .count = VW_COUNT_OF(bbo_fields),
                              .group = &levels};
static const vw_layout cmbp1 = {.name = "cmbp1",
                                .size = sizeof(vw_dbn_wire_cmbp1),
                                .fields = cmbp1_fields,
                                .count = VW_COUNT_OF(cmbp1_fields),
                                .group = &nationals};
static const vw_layout cbbo = {.name = "cbbo",
                               .size = sizeof(vw_dbn_wire_cbbo),
                               .fields = cbbo_fields,
                               .count = VW_COUNT_OF(cbbo_fields),
                               .group = &nationals};
static const vw_layout status = VW_LAYOUT("status", vw_dbn_wire_status, status_fields);
static const vw_layout statistic = VW_LAYOUT("statistics", vw_dbn_wire_statistic, statistic_fields);
static const vw_layout statistic_v2 =
    VW_LAYOUT("statistics", vw_dbn_wire_statistic_v2, statistic_v2_fields);
static const vw_layout ohlcv = VW_LAYOUT("ohlcv", vw_dbn_wire_ohlcv, ohlcv_fields);
static const vw_layout mapping = VW_LAYOUT("symbol_mapping", vw_dbn_wire_mapping, mapping_fields);
static const vw_layout mapping_v1 =
    VW_LAYOUT("symbol_mapping", vw_dbn_wire_mapping_v1, mapping_v1_fields);
static const vw_layout system_text = VW_LAYOUT("system", vw_dbn_wire_system, system_fields);
static const vw_layout system_v1 = VW_LAYOUT("system", vw_dbn_wire_system_v1, system_v1_fields);
static const vw_layout error_text = VW_LAYOUT("error", vw_dbn_wire_error, error_fields);
static const vw_layout error_v1 = VW_LAYOUT("error", vw_dbn_wire_error_v1, error_v1_fields);
const vw_layout vw_layout_dbn_head = VW_LAYOUT("unknown", vw_dbn_wire_head, head_fields);

const vw_layout *vw_layout_dbn(const vw_dbn_record *record)
{
    bool newest = record->form > 1;

    switch (record->kind) {
    case VW_DBN_RECORD_MBO:
        return &mbo;
    case VW_DBN_RECORD_TRADE:
        return &trade;
    case VW_DBN_RECORD_MBP1:
        return &mbp1;
    case VW_DBN_RECORD_MBP10:
        return &mbp10;
    case VW_DBN_RECORD_BBO:
        return &bbo;
    case VW_DBN_RECORD_CMBP1:
        return &cmbp1;
    case VW_DBN_RECORD_CBBO:
        return &cbbo;
    case VW_DBN_RECORD_STATUS:
        return &status;
    case VW_DBN_RECORD_STATISTIC:
        return newest ? &statistic : &statistic_v2;
    case VW_DBN_RECORD_OHLCV:
        return &ohlcv;
    case VW_DBN_RECORD_MAPPING:
        return newest ? &mapping : &mapping_v1;
    case VW_DBN_RECORD_SYSTEM:
        return newest ? &system_text : &system_v1;
    case VW_DBN_RECORD_ERROR:
        return newest ? &error_text : &error_v1;
    case VW_DBN_RECORD_DEFINITION:
        return vw_layout_dbn_definition(record->form);
    default:
        return &vw_layout_dbn_head;
    }
}
