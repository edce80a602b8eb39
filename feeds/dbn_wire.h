/* dbn_wire.h: Databento Binary Encoding, versions 1, 2 and 3, as bytes: prelude, every record.
 *
 * The length of a record, in 4-byte words, is its first byte; it may be longer than the struct
 * here. Where versions differ the newest has the plain name.  Records of version 1 and 2 files lie
 * at any address.
 *
 * Units    all integers little-endian; prices 1e-9; timestamps Unix nanoseconds; text NUL-padded.
 * Source   the public dbn 0.54 (Apache-2.0); section numbers are ours. */
#ifndef VW_FEEDS_DBN_WIRE_H
#define VW_FEEDS_DBN_WIRE_H

#include "core/base/base.h"

#define VW_DBN_PACKED __attribute__((packed))

/* "Not there". */
#define VW_DBN_PRICE_NONE INT64_MAX
#define VW_DBN_TIME_NONE UINT64_MAX
#define VW_DBN_SIZE_NONE UINT32_MAX
#define VW_DBN_QUANTITY_NONE INT64_MAX /* statistics; version 1 and 2: INT32_MAX */
#define VW_DBN_SCHEMA_MIXED UINT16_C(0xFFFF)

/* Kind of record. */
typedef enum vw_dbn_rtype {
    VW_DBN_TRADE = 0x00,
    VW_DBN_MBP1 = 0x01,
    VW_DBN_MBP10 = 0x0A,
    VW_DBN_OHLCV = 0x11, /* deprecated: of any length of time */
    VW_DBN_STATUS = 0x12,
    VW_DBN_DEFINITION = 0x13,
    VW_DBN_IMBALANCE = 0x14,
    VW_DBN_ERROR = 0x15,
    VW_DBN_MAPPING = 0x16,
    VW_DBN_SYSTEM = 0x17,
    VW_DBN_STATISTICS = 0x18,
    VW_DBN_OHLCV_1S = 0x20,
    VW_DBN_OHLCV_1M = 0x21,
    VW_DBN_OHLCV_1H = 0x22,
    VW_DBN_OHLCV_1D = 0x23,
    VW_DBN_OHLCV_EOD = 0x24,
    VW_DBN_MBO = 0xA0,
    VW_DBN_CMBP1 = 0xB1,
    VW_DBN_CBBO_1S = 0xC0,
    VW_DBN_CBBO_1M = 0xC1,
    VW_DBN_TCBBO = 0xC2,
    VW_DBN_BBO_1S = 0xC3,
    VW_DBN_BBO_1M = 0xC4,
} vw_dbn_rtype;

/* ---- 0. metadata: what stands before the lists of symbols -------------------------------- */

typedef struct VW_DBN_PACKED vw_dbn_wire_prelude {
    char magic[3]; /* DBN */
    uint8_t version;
    uint32_t size; /* of the metadata behind this field */
} vw_dbn_wire_prelude;
_Static_assert(sizeof(vw_dbn_wire_prelude) == 8, "0 prelude");

typedef struct VW_DBN_PACKED vw_dbn_wire_metadata { /* version 2 and 3 */
    vw_dbn_wire_prelude prelude;
    char dataset[16];
    uint16_t schema;
    uint64_t start, end, limit;
    uint8_t stype_in, stype_out;
    uint8_t ts_out; /* 1: a u64 send time ends every record */
    uint16_t symbol_size;
    uint8_t reserved[53];
} vw_dbn_wire_metadata;
_Static_assert(sizeof(vw_dbn_wire_metadata) == 108, "0 metadata");

typedef struct VW_DBN_PACKED vw_dbn_wire_metadata_v1 {
    vw_dbn_wire_prelude prelude;
    char dataset[16];
    uint16_t schema;
    uint64_t start, end, limit;
    uint64_t record_count;
    uint8_t stype_in, stype_out;
    uint8_t ts_out;
    uint8_t reserved[47];
} vw_dbn_wire_metadata_v1;
_Static_assert(sizeof(vw_dbn_wire_metadata_v1) == 108, "0 metadata, v1");

/* ---- 1. to 3. records -------------------------------------------------------------------- */

typedef struct VW_DBN_PACKED vw_dbn_wire_head {
    uint8_t words;
    uint8_t rtype;
    uint16_t publisher_id;
    uint32_t instrument_id;
    uint64_t ts_event;
} vw_dbn_wire_head;
_Static_assert(sizeof(vw_dbn_wire_head) == 16, "1 record header");

typedef struct VW_DBN_PACKED vw_dbn_wire_level {
    int64_t bid_px;
    int64_t ask_px;
    uint32_t bid_sz;
    uint32_t ask_sz;
    uint32_t bid_ct;
    uint32_t ask_ct;
} vw_dbn_wire_level;
_Static_assert(sizeof(vw_dbn_wire_level) == 32, "2 bid/ask pair");

typedef struct VW_DBN_PACKED vw_dbn_wire_national {
    int64_t bid_px;
    int64_t ask_px;
    uint32_t bid_sz;
    uint32_t ask_sz;
    uint16_t bid_pb;
    uint8_t reserved[2];
    uint16_t ask_pb;
    uint8_t reserved2[2];
} vw_dbn_wire_national;
_Static_assert(sizeof(vw_dbn_wire_national) == 32, "2 consolidated bid/ask pair");

typedef struct VW_DBN_PACKED vw_dbn_wire_mbo { /* 0xA0 */
    vw_dbn_wire_head head;
    uint64_t order_id;
    int64_t price;
    uint32_t size;
    uint8_t flags;
    uint8_t channel_id;
    char action;
    char side;
    uint64_t ts_recv;
    int32_t ts_in_delta;
    uint32_t sequence;
} vw_dbn_wire_mbo;
_Static_assert(sizeof(vw_dbn_wire_mbo) == 56, "3 mbo");

typedef struct VW_DBN_PACKED vw_dbn_wire_trade { /* 0x00 */
    vw_dbn_wire_head head;
    int64_t price;
    uint32_t size;
    char action;
    char side;
    uint8_t flags;
    uint8_t depth;
    uint64_t ts_recv;
    int32_t ts_in_delta;
    uint32_t sequence;
} vw_dbn_wire_trade;
_Static_assert(sizeof(vw_dbn_wire_trade) == 48, "3 trade");

typedef struct VW_DBN_PACKED vw_dbn_wire_mbp1 { /* 0x01 */
    vw_dbn_wire_head head;
    int64_t price;
    uint32_t size;
    char action;
    char side;
    uint8_t flags;
    uint8_t depth;
    uint64_t ts_recv;
    int32_t ts_in_delta;
    uint32_t sequence;
    vw_dbn_wire_level levels[1];
} vw_dbn_wire_mbp1;
_Static_assert(sizeof(vw_dbn_wire_mbp1) == 80, "3 mbp-1, tbbo");

typedef struct VW_DBN_PACKED vw_dbn_wire_mbp10 { /* 0x0A */
    vw_dbn_wire_head head;
    int64_t price;
    uint32_t size;
    char action;
    char side;
    uint8_t flags;
    uint8_t depth;
    uint64_t ts_recv;
    int32_t ts_in_delta;
    uint32_t sequence;
    vw_dbn_wire_level levels[10];
} vw_dbn_wire_mbp10;
_Static_assert(sizeof(vw_dbn_wire_mbp10) == 368, "3 mbp-10");

typedef struct VW_DBN_PACKED vw_dbn_wire_bbo { /* 0xC3 per second, 0xC4 per minute */
    vw_dbn_wire_head head;
    int64_t price;
    uint32_t size;
    uint8_t reserved;
    char side;
    uint8_t flags;
    uint8_t reserved2;
    uint64_t ts_recv;
    uint8_t reserved3[4];
    uint32_t sequence;
    vw_dbn_wire_level levels[1];
} vw_dbn_wire_bbo;
_Static_assert(sizeof(vw_dbn_wire_bbo) == 80, "3 bbo");

typedef struct VW_DBN_PACKED vw_dbn_wire_cmbp1 { /* 0xB1, 0xC2 on trades */
    vw_dbn_wire_head head;
    int64_t price;
    uint32_t size;
    char action;
    char side;
    uint8_t flags;
    uint8_t reserved;
    uint64_t ts_recv;
    int32_t ts_in_delta;
    uint8_t reserved2[4];
    vw_dbn_wire_national levels[1];
} vw_dbn_wire_cmbp1;
_Static_assert(sizeof(vw_dbn_wire_cmbp1) == 80, "3 cmbp-1, tcbbo");

typedef struct VW_DBN_PACKED vw_dbn_wire_cbbo { /* 0xC0 per second, 0xC1 per minute */
    vw_dbn_wire_head head;
    int64_t price;
    uint32_t size;
    uint8_t reserved;
    char side;
    uint8_t flags;
    uint8_t reserved2;
    uint64_t ts_recv;
    uint8_t reserved3[8];
    vw_dbn_wire_national levels[1];
} vw_dbn_wire_cbbo;
_Static_assert(sizeof(vw_dbn_wire_cbbo) == 80, "3 cbbo");

typedef struct VW_DBN_PACKED vw_dbn_wire_status { /* 0x12 */
    vw_dbn_wire_head head;
    uint64_t ts_recv;
    uint16_t action;
    uint16_t reason;
    uint16_t trading_event;
    char is_trading;
    char is_quoting;
    char is_short_sell_restricted;
    uint8_t reserved[7];
} vw_dbn_wire_status;
_Static_assert(sizeof(vw_dbn_wire_status) == 40, "3 status");

typedef struct VW_DBN_PACKED vw_dbn_wire_statistic { /* 0x18 */
    vw_dbn_wire_head head;
    uint64_t ts_recv;
    uint64_t ts_ref;
    int64_t price;
    int64_t quantity;
    uint32_t sequence;
    int32_t ts_in_delta;
    uint16_t stat_type;
    uint16_t channel_id;
    uint8_t update_action;
    uint8_t stat_flags;
    uint8_t reserved[18];
} vw_dbn_wire_statistic;
_Static_assert(sizeof(vw_dbn_wire_statistic) == 80, "3 statistics");

typedef struct VW_DBN_PACKED vw_dbn_wire_statistic_v2 { /* 0x18 */
    vw_dbn_wire_head head;
    uint64_t ts_recv;
    uint64_t ts_ref;
    int64_t price;
    int32_t quantity;
    uint32_t sequence;
    int32_t ts_in_delta;
    uint16_t stat_type;
    uint16_t channel_id;
    uint8_t update_action;
    uint8_t stat_flags;
    uint8_t reserved[6];
} vw_dbn_wire_statistic_v2;
_Static_assert(sizeof(vw_dbn_wire_statistic_v2) == 64, "3 statistics, v1 and v2");

typedef struct VW_DBN_PACKED vw_dbn_wire_ohlcv { /* 0x20 second .. 0x24 end of day, 0x11 */
    vw_dbn_wire_head head;
    int64_t open;
    int64_t high;
    int64_t low;
    int64_t close;
    uint64_t volume;
} vw_dbn_wire_ohlcv;
_Static_assert(sizeof(vw_dbn_wire_ohlcv) == 56, "3 ohlcv");

typedef struct VW_DBN_PACKED vw_dbn_wire_mapping { /* 0x16 */
    vw_dbn_wire_head head;
    uint8_t stype_in;
    char stype_in_symbol[71];
    uint8_t stype_out;
    char stype_out_symbol[71];
    uint64_t start_ts;
    uint64_t end_ts;
} vw_dbn_wire_mapping;
_Static_assert(sizeof(vw_dbn_wire_mapping) == 176, "3 symbol mapping, v2 and v3");

typedef struct VW_DBN_PACKED vw_dbn_wire_mapping_v1 { /* 0x16 */
    vw_dbn_wire_head head;
    char stype_in_symbol[22];
    char stype_out_symbol[22];
    uint8_t dummy[4];
    uint64_t start_ts;
    uint64_t end_ts;
} vw_dbn_wire_mapping_v1;
_Static_assert(sizeof(vw_dbn_wire_mapping_v1) == 80, "3 symbol mapping, v1");

typedef struct VW_DBN_PACKED vw_dbn_wire_system { /* 0x17 */
    vw_dbn_wire_head head;
    char message[303];
    uint8_t code;
} vw_dbn_wire_system;
_Static_assert(sizeof(vw_dbn_wire_system) == 320, "3 system, v2 and v3");

typedef struct VW_DBN_PACKED vw_dbn_wire_system_v1 { /* 0x17 */
    vw_dbn_wire_head head;
    char message[64];
} vw_dbn_wire_system_v1;
_Static_assert(sizeof(vw_dbn_wire_system_v1) == 80, "3 system, v1");

typedef struct VW_DBN_PACKED vw_dbn_wire_error { /* 0x15 */
    vw_dbn_wire_head head;
    char message[302];
    uint8_t code;
    uint8_t is_last;
} vw_dbn_wire_error;
_Static_assert(sizeof(vw_dbn_wire_error) == 320, "3 error, v2 and v3");

typedef struct VW_DBN_PACKED vw_dbn_wire_error_v1 { /* 0x15 */
    vw_dbn_wire_head head;
    char message[64];
} vw_dbn_wire_error_v1;
_Static_assert(sizeof(vw_dbn_wire_error_v1) == 80, "3 error, v1");

typedef struct VW_DBN_PACKED vw_dbn_wire_definition { /* 0x13 */
    vw_dbn_wire_head head;
    uint64_t ts_recv;
    int64_t min_price_increment;
    int64_t display_factor;
    uint64_t expiration;
    uint64_t activation;
    int64_t high_limit_price;
    int64_t low_limit_price;
    int64_t max_price_variation;
    int64_t unit_of_measure_qty;
    int64_t min_price_increment_amount;
    int64_t price_ratio;
    int64_t strike_price;
    uint64_t raw_instrument_id;
    int64_t leg_price;
    int64_t leg_delta;
    int32_t inst_attrib_value;
    uint32_t underlying_id;
    int32_t market_depth_implied;
    int32_t market_depth;
    uint32_t market_segment_id;
    uint32_t max_trade_vol;
    int32_t min_lot_size;
    int32_t min_lot_size_block;
    int32_t min_lot_size_round_lot;
    uint32_t min_trade_vol;
    int32_t contract_multiplier;
    int32_t decay_quantity;
    int32_t original_contract_size;
    uint32_t leg_instrument_id;
    int32_t leg_ratio_price_numerator;
    int32_t leg_ratio_price_denominator;
    int32_t leg_ratio_qty_numerator;
    int32_t leg_ratio_qty_denominator;
    uint32_t leg_underlying_id;
    int16_t appl_id;
    uint16_t maturity_year;
    uint16_t decay_start_date;
    uint16_t channel_id;
    uint16_t leg_count;
    uint16_t leg_index;
    char currency[4];
    char settl_currency[4];
    char secsubtype[6];
    char raw_symbol[71];
    char group[21];
    char exchange[5];
    char asset[11];
    char cfi[7];
    char security_type[7];
    char unit_of_measure[31];
    char underlying[21];
    char strike_price_currency[4];
    char leg_raw_symbol[71];
    char instrument_class;
    char match_algorithm;
    uint8_t main_fraction;
    uint8_t price_display_format;
    uint8_t sub_fraction;
    uint8_t underlying_product;
    char security_update_action;
    uint8_t maturity_month;
    uint8_t maturity_day;
    uint8_t maturity_week;
    char user_defined_instrument;
    int8_t contract_multiplier_unit;
    int8_t flow_schedule_type;
    uint8_t tick_rule;
    char leg_instrument_class;
    char leg_side;
    uint8_t reserved[17];
} vw_dbn_wire_definition;
_Static_assert(sizeof(vw_dbn_wire_definition) == 520, "3 definition, v3");

typedef struct VW_DBN_PACKED vw_dbn_wire_definition_v2 { /* 0x13 */
    vw_dbn_wire_head head;
    uint64_t ts_recv;
    int64_t min_price_increment;
    int64_t display_factor;
    uint64_t expiration;
    uint64_t activation;
    int64_t high_limit_price;
    int64_t low_limit_price;
    int64_t max_price_variation;
    int64_t trading_reference_price;
    int64_t unit_of_measure_qty;
    int64_t min_price_increment_amount;
    int64_t price_ratio;
    int64_t strike_price;
    int32_t inst_attrib_value;
    uint32_t underlying_id;
    uint32_t raw_instrument_id;
    int32_t market_depth_implied;
    int32_t market_depth;
    uint32_t market_segment_id;
    uint32_t max_trade_vol;
    int32_t min_lot_size;
    int32_t min_lot_size_block;
    int32_t min_lot_size_round_lot;
    uint32_t min_trade_vol;
    int32_t contract_multiplier;
    int32_t decay_quantity;
    int32_t original_contract_size;
    uint16_t trading_reference_date;
    int16_t appl_id;
    uint16_t maturity_year;
    uint16_t decay_start_date;
    uint16_t channel_id;
    char currency[4];
    char settl_currency[4];
    char secsubtype[6];
    char raw_symbol[71];
    char group[21];
    char exchange[5];
    char asset[7];
    char cfi[7];
    char security_type[7];
    char unit_of_measure[31];
    char underlying[21];
    char strike_price_currency[4];
    char instrument_class;
    char match_algorithm;
    uint8_t md_security_trading_status;
    uint8_t main_fraction;
    uint8_t price_display_format;
    uint8_t settl_price_type;
    uint8_t sub_fraction;
    uint8_t underlying_product;
    char security_update_action;
    uint8_t maturity_month;
    uint8_t maturity_day;
    uint8_t maturity_week;
    char user_defined_instrument;
    int8_t contract_multiplier_unit;
    int8_t flow_schedule_type;
    uint8_t tick_rule;
    uint8_t reserved[10];
} vw_dbn_wire_definition_v2;
_Static_assert(sizeof(vw_dbn_wire_definition_v2) == 400, "3 definition, v2");

typedef struct VW_DBN_PACKED vw_dbn_wire_definition_v1 { /* 0x13 */
    vw_dbn_wire_head head;
    uint64_t ts_recv;
    int64_t min_price_increment;
    int64_t display_factor;
    uint64_t expiration;
    uint64_t activation;
    int64_t high_limit_price;
    int64_t low_limit_price;
    int64_t max_price_variation;
    int64_t trading_reference_price;
    int64_t unit_of_measure_qty;
    int64_t min_price_increment_amount;
    int64_t price_ratio;
    int32_t inst_attrib_value;
    uint32_t underlying_id;
    uint32_t raw_instrument_id;
    int32_t market_depth_implied;
    int32_t market_depth;
    uint32_t market_segment_id;
    uint32_t max_trade_vol;
    int32_t min_lot_size;
    int32_t min_lot_size_block;
    int32_t min_lot_size_round_lot;
    uint32_t min_trade_vol;
    uint8_t reserved2[4];
    int32_t contract_multiplier;
    int32_t decay_quantity;
    int32_t original_contract_size;
    uint8_t reserved3[4];
    uint16_t trading_reference_date;
    int16_t appl_id;
    uint16_t maturity_year;
    uint16_t decay_start_date;
    uint16_t channel_id;
    char currency[4];
    char settl_currency[4];
    char secsubtype[6];
    char raw_symbol[22];
    char group[21];
    char exchange[5];
    char asset[7];
    char cfi[7];
    char security_type[7];
    char unit_of_measure[31];
    char underlying[21];
    char strike_price_currency[4];
    char instrument_class;
    uint8_t reserved4[2];
    int64_t strike_price;
    uint8_t reserved5[6];
    char match_algorithm;
    uint8_t md_security_trading_status;
    uint8_t main_fraction;
    uint8_t price_display_format;
    uint8_t settl_price_type;
    uint8_t sub_fraction;
    uint8_t underlying_product;
    char security_update_action;
    uint8_t maturity_month;
    uint8_t maturity_day;
    uint8_t maturity_week;
    char user_defined_instrument;
    int8_t contract_multiplier_unit;
    int8_t flow_schedule_type;
    uint8_t tick_rule;
    uint8_t dummy[3];
} vw_dbn_wire_definition_v1;
_Static_assert(sizeof(vw_dbn_wire_definition_v1) == 360, "3 definition, v1");

#endif
