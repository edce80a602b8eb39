#include "tools/decode_parts.h"

#include "core/base/bytes.h"

enum { SEND_TIME_BYTES = 8 };

static const char *const names[256] = {
    [VW_DBN_TRADE] = "trade",
    [VW_DBN_MBP1] = "mbp_1",
    [VW_DBN_MBP10] = "mbp_10",
    [VW_DBN_OHLCV] = "ohlcv",
    [VW_DBN_STATUS] = "status",
    [VW_DBN_DEFINITION] = "definition",
    [VW_DBN_IMBALANCE] = "imbalance",
    [VW_DBN_ERROR] = "error",
    [VW_DBN_MAPPING] = "symbol_mapping",
    [VW_DBN_SYSTEM] = "system",
    [VW_DBN_STATISTICS] = "statistics",
    [VW_DBN_OHLCV_1S] = "ohlcv_1s",
    [VW_DBN_OHLCV_1M] = "ohlcv_1m",
    [VW_DBN_OHLCV_1H] = "ohlcv_1h",
    [VW_DBN_OHLCV_1D] = "ohlcv_1d",
    [VW_DBN_OHLCV_EOD] = "ohlcv_eod",
    [VW_DBN_MBO] = "mbo",
    [VW_DBN_CMBP1] = "cmbp_1",
    [VW_DBN_CBBO_1S] = "cbbo_1s",
    [VW_DBN_CBBO_1M] = "cbbo_1m",
    [VW_DBN_TCBBO] = "tcbbo",
    [VW_DBN_BBO_1S] = "bbo_1s",
    [VW_DBN_BBO_1M] = "bbo_1m",
};

static const char *const schemas[] = {
    "mbo",      "mbp_1",    "mbp_10",     "tbbo",       "trades", "ohlcv_1s",  "ohlcv_1m",
    "ohlcv_1h", "ohlcv_1d", "definition", "statistics", "status", "imbalance", "ohlcv_eod",
    "cmbp_1",   "cbbo_1s",  "cbbo_1m",    "tcbbo",      "bbo_1s", "bbo_1m"};

const char *vw_decode_dbn_name(uint8_t rtype)
{
    return names[rtype];
}

static void add_raw_metadata(vw_lines *lines, const vw_dbn_metadata *metadata)
{
    const struct {
        const char *name;
        uint64_t value;
    } rows[] = {{"version", metadata->version},
                {"schema", metadata->schema},
                {"start", metadata->start},
                {"end", metadata->end},
                {"limit", metadata->limit},
                {"stype_in", metadata->stype_in},
                {"stype_out", metadata->stype_out},
                {"ts_out", metadata->ts_out},
                {"symbol_size", metadata->symbol_size},
                {"record_count", metadata->record_count}};
    size_t count = VW_COUNT_OF(rows) - (metadata->version > 1);

    vw_lines_name(lines, "raw");
    vw_lines_object(lines, true);
    for (size_t i = 0; i < count; i++) {
        vw_lines_name(lines, rows[i].name);
        vw_lines_whole(lines, rows[i].value);
    }
    vw_lines_object(lines, false);
}

static void add_instant(vw_lines *lines, const char *name, uint64_t instant_ns)
{
    vw_lines_name(lines, name);
    if (instant_ns == VW_DBN_TIME_NONE) {
        vw_lines_null(lines);
    } else {
        vw_lines_instant(lines, instant_ns);
    }
}

static void add_metadata_value(vw_lines *lines, const vw_dbn_metadata *metadata)
{
    vw_lines_name(lines, "value");
    vw_lines_object(lines, true);
    vw_lines_name(lines, "schema");
    if (metadata->schema < VW_COUNT_OF(schemas)) {
        vw_lines_string(lines, schemas[metadata->schema]);
    } else {
        vw_lines_null(lines); /* mixed, or not known */
    }
    add_instant(lines, "start", metadata->start);
    add_instant(lines, "end", metadata->end);
    vw_lines_object(lines, false);
}

static void add_symbols(vw_lines *lines, const vw_dbn_metadata *metadata)
{
    static const char *const lists[VW_DBN_LISTS] = {"symbols", "partial", "not_found"};
    char symbol[72];

    for (unsigned list = 0; list < VW_DBN_LISTS; list++) {
        vw_lines_name(lines, lists[list]);
        vw_lines_array(lines, true);
        for (uint32_t i = 0; i < metadata->counts[list]; i++) {
            vw_dbn_symbol(metadata, list, i, symbol);
            vw_lines_text(lines, symbol, sizeof symbol, true);
        }
        vw_lines_array(lines, false);
    }
}

static void write_mapping(vw_lines *lines, const vw_dbn_metadata *metadata,
                          const vw_dbn_mapping *mapping)
{
    vw_dbn_interval interval;

    vw_lines_begin(lines);
    vw_lines_name(lines, "kind");
    vw_lines_string(lines, "mapping");
    vw_lines_name(lines, "raw_symbol");
    vw_lines_text(lines, mapping->raw, sizeof mapping->raw, true);
    vw_lines_name(lines, "intervals");
    vw_lines_array(lines, true);
    for (uint32_t i = 0; i < mapping->interval_count; i++) {
        vw_dbn_interval_at(metadata, mapping, i, &interval);
        vw_lines_object(lines, true);
        vw_lines_name(lines, "start");
        vw_lines_date(lines, interval.start);
        vw_lines_name(lines, "end");
        vw_lines_date(lines, interval.end);
        vw_lines_name(lines, "symbol");
        vw_lines_text(lines, interval.symbol, sizeof interval.symbol, true);
        vw_lines_object(lines, false);
    }
    vw_lines_array(lines, false);
    vw_lines_end(lines);
}

void vw_decode_metadata(vw_decode *decode, const vw_dbn_metadata *metadata)
{
    const unsigned char *at = metadata->mappings;
    vw_lines *lines = decode->lines;

    if (decode->summary_only) {
        return;
    }
    vw_lines_begin(lines);
    vw_lines_name(lines, "kind");
    vw_lines_string(lines, "metadata");
    vw_lines_name(lines, "dataset");
    vw_lines_text(lines, metadata->dataset, sizeof metadata->dataset, true);
    vw_lines_name(lines, "mappings");
    vw_lines_whole(lines, metadata->mapping_count);
    add_raw_metadata(lines, metadata);
    add_metadata_value(lines, metadata);
    add_symbols(lines, metadata);
    vw_lines_end(lines);
    for (uint32_t i = 0; i < metadata->mapping_count; i++) {
        vw_dbn_mapping mapping;

        vw_dbn_mapping_at(metadata, at, &mapping);
        write_mapping(lines, metadata, &mapping);
        at = mapping.next;
    }
}

static void begin_record(vw_lines *lines, const char *kind, uint64_t index)
{
    vw_lines_begin(lines);
    vw_lines_name(lines, "kind");
    vw_lines_string(lines, kind);
    vw_lines_name(lines, "index");
    vw_lines_whole(lines, index);
}

static void write_malformed(vw_lines *lines, uint64_t index, const unsigned char *from, size_t size)
{
    begin_record(lines, "malformed", index);
    vw_lines_name(lines, "why");
    vw_lines_string(lines, "shorter than its kind");
    vw_lines_name(lines, "bytes");
    vw_lines_hex(lines, from, size);
    vw_lines_end(lines);
}

static void write_record(vw_lines *lines, const vw_dbn_metadata *metadata, uint64_t index,
                         const unsigned char *from, const vw_dbn_record *record)
{
    const char *name = names[record->head.rtype];
    vw_shown shown = {.layout = vw_layout_dbn(record), .from = from, .size = record->length};
    size_t known = record->length - (size_t)record->trailing;

    if (shown.layout->group != NULL) {
        size_t each = shown.layout->group->size;

        shown.group_count = record->kind == VW_DBN_RECORD_MBP10 ? 10 : 1;
        shown.group_from = from + known - shown.group_count * each;
    }
    begin_record(lines, "record", index);
    vw_lines_name(lines, "type");
    vw_lines_string(lines, name != NULL ? name : "unknown");
    if (metadata != NULL && metadata->ts_out && record->trailing >= SEND_TIME_BYTES) {
        uint64_t sent = vw_load_u64(from + record->length - SEND_TIME_BYTES);

        vw_lines_name(lines, "ts_out");
        vw_lines_whole(lines, sent);
        add_instant(lines, "sent", sent);
        known = record->length - (size_t)(record->trailing - SEND_TIME_BYTES);
    }
    shown.used = known;
    shown.fields_end = shown.layout->size;
    vw_fields_show(lines, &shown);
    vw_lines_end(lines);
}

void vw_decode_record(vw_decode *decode, const vw_dbn_metadata *metadata, uint64_t index,
                      const unsigned char *from, size_t size)
{
    vw_tally *tally = vw_tally_get(&decode->tallies, 0, 0, 0, VW_DECODE_DBN);
    vw_dbn_record record;
    int result = vw_dbn_decode(from, size, &record);

    tally->bytes += size;
    if (result <= 0) {
        tally->malformed++;
        if (!decode->summary_only) {
            write_malformed(decode->lines, index, from, size);
        }
        return;
    }
    tally->messages++;
    tally->unknown += record.kind == VW_DBN_RECORD_UNKNOWN;
    tally->by_type[record.head.rtype]++;
    if (!decode->summary_only) {
        write_record(decode->lines, metadata, index, from, &record);
    }
}
