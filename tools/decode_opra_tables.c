#include "tools/decode_layouts.h"

#include "feeds/opra.h"

static const vw_field block_fields[] = {
    VW_FIELD(vw_opra_wire_block, version, WHOLE),
    VW_FIELD(vw_opra_wire_block, size, WHOLE),
    VW_FIELD(vw_opra_wire_block, feed, LETTER),
    VW_FIELD(vw_opra_wire_block, retransmission, LETTER),
    VW_FIELD(vw_opra_wire_block, session, WHOLE),
    VW_FIELD(vw_opra_wire_block, sequence, WHOLE),
    VW_FIELD(vw_opra_wire_block, count, WHOLE),
    VW_FIELD(vw_opra_wire_block, seconds, EPOCH),
    VW_FIELD(vw_opra_wire_block, nanoseconds, WHOLE),
    VW_FIELD(vw_opra_wire_block, checksum, WHOLE),
};

static const vw_field control_fields[] = {
    VW_FIELD(vw_opra_wire_head, participant, LETTER),
    VW_FIELD(vw_opra_wire_head, category, LETTER),
    VW_FIELD(vw_opra_wire_head, type, LETTER),
    VW_FIELD(vw_opra_wire_head, indicator, LETTER),
    VW_FIELD(vw_opra_wire_head, transaction_id, WHOLE),
    VW_FIELD(vw_opra_wire_head, reference, WHOLE),
};

static const vw_field appendage_fields[] = {
    VW_FIELD(vw_opra_wire_appendage, participant, LETTER),
    VW_FIELD(vw_opra_wire_appendage, denominator, LETTER),
    VW_FIELD_CODED(vw_opra_wire_appendage, price, CODED, denominator),
    VW_FIELD(vw_opra_wire_appendage, size, WHOLE),
};

static const vw_field long_quote_fields[] = {
    VW_FIELD_NAMED(vw_opra_wire_long_quote, head.participant, "participant", LETTER),
    VW_FIELD_NAMED(vw_opra_wire_long_quote, head.category, "category", LETTER),
    VW_FIELD_NAMED(vw_opra_wire_long_quote, head.type, "type", LETTER),
    VW_FIELD_NAMED(vw_opra_wire_long_quote, head.indicator, "indicator", LETTER),
    VW_FIELD_NAMED(vw_opra_wire_long_quote, head.transaction_id, "transaction_id", WHOLE),
    VW_FIELD_NAMED(vw_opra_wire_long_quote, head.reference, "reference", WHOLE),
    VW_FIELD_NAMED(vw_opra_wire_long_quote, series.symbol, "symbol", TEXT),
    VW_FIELD_NAMED(vw_opra_wire_long_quote, series.reserved, "reserved", RESERVED),
    VW_FIELD_NAMED(vw_opra_wire_long_quote, series.expiration.month, "expiration_month", MONTH),
    VW_FIELD_NAMED(vw_opra_wire_long_quote, series.expiration.day, "expiration_day", RAW),
    VW_FIELD_NAMED(vw_opra_wire_long_quote, series.expiration.year, "expiration_year", RAW),
    VW_FIELD_NAMED(vw_opra_wire_long_quote, series.strike_denominator, "strike_denominator",
                   LETTER),
    {.name = "strike",
     .offset = offsetof(vw_opra_wire_long_quote, series.strike),
     .size = sizeof(((vw_opra_wire_long_quote *)0)->series.strike),
     .kind = VW_FIELD_CODED_UNSIGNED,
     .code = offsetof(vw_opra_wire_long_quote, series.strike_denominator)},
    VW_FIELD(vw_opra_wire_long_quote, denominator, LETTER),
    VW_FIELD_CODED(vw_opra_wire_long_quote, bid, CODED, denominator),
    VW_FIELD(vw_opra_wire_long_quote, bid_size, WHOLE),
    VW_FIELD_CODED(vw_opra_wire_long_quote, offer, CODED, denominator),
    VW_FIELD(vw_opra_wire_long_quote, offer_size, WHOLE),
};

static const vw_field short_quote_fields[] = {
    VW_FIELD_NAMED(vw_opra_wire_short_quote, head.participant, "participant", LETTER),
    VW_FIELD_NAMED(vw_opra_wire_short_quote, head.category, "category", LETTER),
    VW_FIELD_NAMED(vw_opra_wire_short_quote, head.type, "type", LETTER),
    VW_FIELD_NAMED(vw_opra_wire_short_quote, head.indicator, "indicator", LETTER),
    VW_FIELD_NAMED(vw_opra_wire_short_quote, head.transaction_id, "transaction_id", WHOLE),
    VW_FIELD_NAMED(vw_opra_wire_short_quote, head.reference, "reference", WHOLE),
    VW_FIELD(vw_opra_wire_short_quote, symbol, TEXT),
    VW_FIELD_NAMED(vw_opra_wire_short_quote, expiration.month, "expiration_month", MONTH),
    VW_FIELD_NAMED(vw_opra_wire_short_quote, expiration.day, "expiration_day", RAW),
    VW_FIELD_NAMED(vw_opra_wire_short_quote, expiration.year, "expiration_year", RAW),
    VW_FIELD(vw_opra_wire_short_quote, strike, TENTHS),
    VW_FIELD(vw_opra_wire_short_quote, bid, PRICE2),
    VW_FIELD(vw_opra_wire_short_quote, bid_size, WHOLE),
    VW_FIELD(vw_opra_wire_short_quote, offer, PRICE2),
    VW_FIELD(vw_opra_wire_short_quote, offer_size, WHOLE),
};

static const vw_field last_sale_fields[] = {
    VW_FIELD_NAMED(vw_opra_wire_last_sale, head.participant, "participant", LETTER),
    VW_FIELD_NAMED(vw_opra_wire_last_sale, head.category, "category", LETTER),
    VW_FIELD_NAMED(vw_opra_wire_last_sale, head.type, "type", LETTER),
    VW_FIELD_NAMED(vw_opra_wire_last_sale, head.indicator, "indicator", LETTER),
    VW_FIELD_NAMED(vw_opra_wire_last_sale, head.transaction_id, "transaction_id", WHOLE),
    VW_FIELD_NAMED(vw_opra_wire_last_sale, head.reference, "reference", WHOLE),
    VW_FIELD_NAMED(vw_opra_wire_last_sale, series.symbol, "symbol", TEXT),
    VW_FIELD_NAMED(vw_opra_wire_last_sale, series.reserved, "reserved", RESERVED),
    VW_FIELD_NAMED(vw_opra_wire_last_sale, series.expiration.month, "expiration_month", MONTH),
    VW_FIELD_NAMED(vw_opra_wire_last_sale, series.expiration.day, "expiration_day", RAW),
    VW_FIELD_NAMED(vw_opra_wire_last_sale, series.expiration.year, "expiration_year", RAW),
    VW_FIELD_NAMED(vw_opra_wire_last_sale, series.strike_denominator, "strike_denominator", LETTER),
    {.name = "strike",
     .offset = offsetof(vw_opra_wire_last_sale, series.strike),
     .size = sizeof(((vw_opra_wire_last_sale *)0)->series.strike),
     .kind = VW_FIELD_CODED_UNSIGNED,
     .code = offsetof(vw_opra_wire_last_sale, series.strike_denominator)},
    VW_FIELD(vw_opra_wire_last_sale, volume, WHOLE),
    VW_FIELD(vw_opra_wire_last_sale, denominator, LETTER),
    VW_FIELD_CODED(vw_opra_wire_last_sale, premium, CODED, denominator),
    VW_FIELD(vw_opra_wire_last_sale, trade_id, WHOLE),
    VW_FIELD(vw_opra_wire_last_sale, reserved, RESERVED),
};

static const vw_field open_interest_fields[] = {
    VW_FIELD_NAMED(vw_opra_wire_open_interest, head.participant, "participant", LETTER),
    VW_FIELD_NAMED(vw_opra_wire_open_interest, head.category, "category", LETTER),
    VW_FIELD_NAMED(vw_opra_wire_open_interest, head.type, "type", LETTER),
    VW_FIELD_NAMED(vw_opra_wire_open_interest, head.indicator, "indicator", LETTER),
    VW_FIELD_NAMED(vw_opra_wire_open_interest, head.transaction_id, "transaction_id", WHOLE),
    VW_FIELD_NAMED(vw_opra_wire_open_interest, head.reference, "reference", WHOLE),
    VW_FIELD_NAMED(vw_opra_wire_open_interest, series.symbol, "symbol", TEXT),
    VW_FIELD_NAMED(vw_opra_wire_open_interest, series.reserved, "reserved", RESERVED),
    VW_FIELD_NAMED(vw_opra_wire_open_interest, series.expiration.month, "expiration_month", MONTH),
    VW_FIELD_NAMED(vw_opra_wire_open_interest, series.expiration.day, "expiration_day", RAW),
    VW_FIELD_NAMED(vw_opra_wire_open_interest, series.expiration.year, "expiration_year", RAW),
    VW_FIELD_NAMED(vw_opra_wire_open_interest, series.strike_denominator, "strike_denominator",
                   LETTER),
    {.name = "strike",
     .offset = offsetof(vw_opra_wire_open_interest, series.strike),
     .size = sizeof(((vw_opra_wire_open_interest *)0)->series.strike),
     .kind = VW_FIELD_CODED_UNSIGNED,
     .code = offsetof(vw_opra_wire_open_interest, series.strike_denominator)},
    VW_FIELD(vw_opra_wire_open_interest, open_interest, WHOLE),
};

static const vw_field day_summary_fields[] = {
    VW_FIELD_NAMED(vw_opra_wire_day_summary, head.participant, "participant", LETTER),
    VW_FIELD_NAMED(vw_opra_wire_day_summary, head.category, "category", LETTER),
    VW_FIELD_NAMED(vw_opra_wire_day_summary, head.type, "type", LETTER),
    VW_FIELD_NAMED(vw_opra_wire_day_summary, head.indicator, "indicator", LETTER),
    VW_FIELD_NAMED(vw_opra_wire_day_summary, head.transaction_id, "transaction_id", WHOLE),
    VW_FIELD_NAMED(vw_opra_wire_day_summary, head.reference, "reference", WHOLE),
    VW_FIELD_NAMED(vw_opra_wire_day_summary, series.symbol, "symbol", TEXT),
    VW_FIELD_NAMED(vw_opra_wire_day_summary, series.reserved, "reserved", RESERVED),
    VW_FIELD_NAMED(vw_opra_wire_day_summary, series.expiration.month, "expiration_month", MONTH),
    VW_FIELD_NAMED(vw_opra_wire_day_summary, series.expiration.day, "expiration_day", RAW),
    VW_FIELD_NAMED(vw_opra_wire_day_summary, series.expiration.year, "expiration_year", RAW),
    VW_FIELD_NAMED(vw_opra_wire_day_summary, series.strike_denominator, "strike_denominator",
                   LETTER),
    {.name = "strike",
     .offset = offsetof(vw_opra_wire_day_summary, series.strike),
     .size = sizeof(((vw_opra_wire_day_summary *)0)->series.strike),
     .kind = VW_FIELD_CODED_UNSIGNED,
     .code = offsetof(vw_opra_wire_day_summary, series.strike_denominator)},
    VW_FIELD(vw_opra_wire_day_summary, volume, WHOLE),
    VW_FIELD(vw_opra_wire_day_summary, open_interest, WHOLE),
    VW_FIELD(vw_opra_wire_day_summary, denominator, LETTER),
    VW_FIELD_CODED(vw_opra_wire_day_summary, open, CODED, denominator),
    VW_FIELD_CODED(vw_opra_wire_day_summary, high, CODED, denominator),
    VW_FIELD_CODED(vw_opra_wire_day_summary, low, CODED, denominator),
    VW_FIELD_CODED(vw_opra_wire_day_summary, last, CODED, denominator),
    VW_FIELD_CODED(vw_opra_wire_day_summary, net_change, CODED, denominator),
    VW_FIELD(vw_opra_wire_day_summary, underlying_denominator, LETTER),
    VW_FIELD_CODED(vw_opra_wire_day_summary, underlying, CODED, underlying_denominator),
    VW_FIELD_CODED(vw_opra_wire_day_summary, bid, CODED, denominator),
    VW_FIELD_CODED(vw_opra_wire_day_summary, offer, CODED, denominator),
};

static const vw_field index_value_fields[] = {
    VW_FIELD_NAMED(vw_opra_wire_index, head.participant, "participant", LETTER),
    VW_FIELD_NAMED(vw_opra_wire_index, head.category, "category", LETTER),
    VW_FIELD_NAMED(vw_opra_wire_index, head.type, "type", LETTER),
    VW_FIELD_NAMED(vw_opra_wire_index, head.indicator, "indicator", LETTER),
    VW_FIELD_NAMED(vw_opra_wire_index, head.transaction_id, "transaction_id", WHOLE),
    VW_FIELD_NAMED(vw_opra_wire_index, head.reference, "reference", WHOLE),
    VW_FIELD(vw_opra_wire_index, symbol, TEXT),
    VW_FIELD(vw_opra_wire_index, reserved, RESERVED),
    VW_FIELD(vw_opra_wire_index, denominator, LETTER),
    VW_FIELD_CODED(vw_opra_wire_index, value, CODED, denominator),
    VW_FIELD(vw_opra_wire_index, reserved_value, RESERVED),
};

static const vw_field index_quote_fields[] = {
    VW_FIELD_NAMED(vw_opra_wire_index_quote, head.participant, "participant", LETTER),
    VW_FIELD_NAMED(vw_opra_wire_index_quote, head.category, "category", LETTER),
    VW_FIELD_NAMED(vw_opra_wire_index_quote, head.type, "type", LETTER),
    VW_FIELD_NAMED(vw_opra_wire_index_quote, head.indicator, "indicator", LETTER),
    VW_FIELD_NAMED(vw_opra_wire_index_quote, head.transaction_id, "transaction_id", WHOLE),
    VW_FIELD_NAMED(vw_opra_wire_index_quote, head.reference, "reference", WHOLE),
    VW_FIELD(vw_opra_wire_index_quote, symbol, TEXT),
    VW_FIELD(vw_opra_wire_index_quote, reserved, RESERVED),
    VW_FIELD(vw_opra_wire_index_quote, denominator, LETTER),
    VW_FIELD_CODED(vw_opra_wire_index_quote, bid, CODED, denominator),
    VW_FIELD_CODED(vw_opra_wire_index_quote, offer, CODED, denominator),
};

static const vw_field mapping_fields[] = {
    VW_FIELD_NAMED(vw_opra_wire_mapping, head.participant, "participant", LETTER),
    VW_FIELD_NAMED(vw_opra_wire_mapping, head.category, "category", LETTER),
    VW_FIELD_NAMED(vw_opra_wire_mapping, head.type, "type", LETTER),
    VW_FIELD_NAMED(vw_opra_wire_mapping, head.indicator, "indicator", LETTER),
    VW_FIELD_NAMED(vw_opra_wire_mapping, head.transaction_id, "transaction_id", WHOLE),
    VW_FIELD_NAMED(vw_opra_wire_mapping, head.reference, "reference", WHOLE),
    VW_FIELD(vw_opra_wire_mapping, symbol, TEXT),
    VW_FIELD_NAMED(vw_opra_wire_mapping, expiration.month, "expiration_month", MONTH),
    VW_FIELD_NAMED(vw_opra_wire_mapping, expiration.day, "expiration_day", RAW),
    VW_FIELD_NAMED(vw_opra_wire_mapping, expiration.year, "expiration_year", RAW),
    VW_FIELD(vw_opra_wire_mapping, strike_denominator, LETTER),
    VW_FIELD_CODED(vw_opra_wire_mapping, strike, CODED_UNSIGNED, strike_denominator),
    VW_FIELD(vw_opra_wire_mapping, line, WHOLE),
    VW_FIELD(vw_opra_wire_mapping, reserved, RESERVED),
};

static const vw_field text_fields[] = {
    VW_FIELD_NAMED(vw_opra_wire_text, head.participant, "participant", LETTER),
    VW_FIELD_NAMED(vw_opra_wire_text, head.category, "category", LETTER),
    VW_FIELD_NAMED(vw_opra_wire_text, head.type, "type", LETTER),
    VW_FIELD_NAMED(vw_opra_wire_text, head.indicator, "indicator", LETTER),
    VW_FIELD_NAMED(vw_opra_wire_text, head.transaction_id, "transaction_id", WHOLE),
    VW_FIELD_NAMED(vw_opra_wire_text, head.reference, "reference", WHOLE),
    VW_FIELD(vw_opra_wire_text, size, WHOLE),
};

static const vw_field_group appendages = {
    "appendages", appendage_fields, VW_COUNT_OF(appendage_fields), sizeof(vw_opra_wire_appendage)};

const vw_layout vw_layout_opra_block = VW_LAYOUT("block", vw_opra_wire_block, block_fields);

static const vw_layout control = VW_LAYOUT("control", vw_opra_wire_head, control_fields);
static const vw_layout long_quote = {.name = "long_quote",
                                     .size = sizeof(vw_opra_wire_long_quote),
                                     .fields = long_quote_fields,
                                     .count = VW_COUNT_OF(long_quote_fields),
                                     .group = &appendages};
static const vw_layout short_quote = {.name = "short_quote",
                                      .size = sizeof(vw_opra_wire_short_quote),
                                      .fields = short_quote_fields,
                                      .count = VW_COUNT_OF(short_quote_fields),
                                      .group = &appendages};
static const vw_layout last_sale = VW_LAYOUT("last_sale", vw_opra_wire_last_sale, last_sale_fields);
static const vw_layout open_interest =
    VW_LAYOUT("open_interest", vw_opra_wire_open_interest, open_interest_fields);
static const vw_layout day_summary =
    VW_LAYOUT("day_summary", vw_opra_wire_day_summary, day_summary_fields);
static const vw_layout index_value =
    VW_LAYOUT("index_value", vw_opra_wire_index, index_value_fields);
static const vw_layout index_quote =
    VW_LAYOUT("index_quote", vw_opra_wire_index_quote, index_quote_fields);
static const vw_layout mapping = VW_LAYOUT("series_mapping", vw_opra_wire_mapping, mapping_fields);
static const vw_layout text = VW_LAYOUT("administrative", vw_opra_wire_text, text_fields);
static const vw_layout control_text = VW_LAYOUT("control", vw_opra_wire_text, text_fields);

const vw_layout *vw_layout_opra(char category, char type, bool has_text)
{
    switch (category) {
    case VW_OPRA_LONG_QUOTE:
        return &long_quote;
    case VW_OPRA_SHORT_QUOTE:
        return &short_quote;
    case VW_OPRA_LAST_SALE:
        return &last_sale;
    case VW_OPRA_OPEN_INTEREST:
        return &open_interest;
    case VW_OPRA_DAY_SUMMARY:
        return &day_summary;
    case VW_OPRA_INDEX:
        return type == 'I' ? &index_quote : &index_value;
    case VW_OPRA_SERIES_MAPPING:
        return &mapping;
    case VW_OPRA_ADMINISTRATIVE:
        return &text;
    case VW_OPRA_CONTROL:
        return has_text ? &control_text : &control;
    default:
        return NULL;
    }
}
