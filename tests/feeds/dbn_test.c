#include "feeds/dbn.h"

#include "tests/check.h"

#include <string.h>

static vw_dbn_wire_head make_head(uint8_t rtype, size_t size)
{
    return (vw_dbn_wire_head){.words = (uint8_t)(size / 4),
                              .rtype = rtype,
                              .publisher_id = 22,
                              .instrument_id = 7,
                              .ts_event = 1};
}

/* Reads a record from an odd address, as version 1 and 2 files have them. */
static int decode(const void *wire, size_t size, vw_dbn_record *record)
{
    static unsigned char space[VW_DBN_RECORD_MAX + 1];

    memcpy(space + 1, wire, size);
    return vw_dbn_decode(space + 1, size, record);
}

static void every_kind_is_told_by_its_type_and_length(void **state)
{
    static const struct {
        uint8_t rtype;
        size_t size;
        vw_dbn_kind kind;
        int form;
    } rows[] = {{0x00, 48, VW_DBN_RECORD_TRADE, 1},       {0x01, 80, VW_DBN_RECORD_MBP1, 1},
                {0x0A, 368, VW_DBN_RECORD_MBP10, 1},      {0x11, 56, VW_DBN_RECORD_OHLCV, 1},
                {0x12, 40, VW_DBN_RECORD_STATUS, 1},      {0x13, 360, VW_DBN_RECORD_DEFINITION, 1},
                {0x13, 400, VW_DBN_RECORD_DEFINITION, 2}, {0x13, 520, VW_DBN_RECORD_DEFINITION, 3},
                {0x15, 80, VW_DBN_RECORD_ERROR, 1},       {0x15, 320, VW_DBN_RECORD_ERROR, 2},
                {0x16, 80, VW_DBN_RECORD_MAPPING, 1},     {0x16, 176, VW_DBN_RECORD_MAPPING, 2},
                {0x17, 80, VW_DBN_RECORD_SYSTEM, 1},      {0x17, 320, VW_DBN_RECORD_SYSTEM, 2},
                {0x18, 64, VW_DBN_RECORD_STATISTIC, 1},   {0x18, 80, VW_DBN_RECORD_STATISTIC, 3},
                {0x20, 56, VW_DBN_RECORD_OHLCV, 1},       {0x21, 56, VW_DBN_RECORD_OHLCV, 1},
                {0x22, 56, VW_DBN_RECORD_OHLCV, 1},       {0x23, 56, VW_DBN_RECORD_OHLCV, 1},
                {0x24, 56, VW_DBN_RECORD_OHLCV, 1},       {0xA0, 56, VW_DBN_RECORD_MBO, 1},
                {0xB1, 80, VW_DBN_RECORD_CMBP1, 1},       {0xC2, 80, VW_DBN_RECORD_CMBP1, 1},
                {0xC0, 80, VW_DBN_RECORD_CBBO, 1},        {0xC1, 80, VW_DBN_RECORD_CBBO, 1},
                {0xC3, 80, VW_DBN_RECORD_BBO, 1},         {0xC4, 80, VW_DBN_RECORD_BBO, 1}};

    (void)state;
    for (size_t i = 0; i < VW_COUNT_OF(rows); i++) {
        unsigned char wire[VW_DBN_RECORD_MAX] = {0};
        vw_dbn_record record;

        /* As the layout says, and with a send time behind it. */
        for (size_t size = rows[i].size; size <= rows[i].size + 8; size += 8) {
            vw_dbn_wire_head head = make_head(rows[i].rtype, size);

            memcpy(wire, &head, sizeof head);
            assert_int_equal(decode(wire, size, &record), size);
            assert_int_equal(record.kind, rows[i].kind);
            assert_int_equal(record.form, rows[i].form);
            assert_int_equal(record.length, size);
            assert_int_equal(record.trailing, size - rows[i].size);
            assert_int_equal(record.head.instrument_id, 7);
            for (size_t less = 0; less < size; less++) {
                assert_int_equal(decode(wire, less, &record), VW_DBN_MORE);
            }
        }
    }
}

static void records_shorter_than_their_kind_are_malformed_and_unknown_ones_skipped(void **state)
{
    unsigned char wire[VW_DBN_RECORD_MAX] = {0};
    vw_dbn_wire_head head = make_head(VW_DBN_MBP1, 76);
    vw_dbn_record record;

    (void)state;
    memcpy(wire, &head, sizeof head);
    assert_int_equal(decode(wire, 76, &record), VW_DBN_MALFORMED);
    assert_int_equal(record.length, 76);
    wire[0] = 3;
    assert_int_equal(decode(wire, 76, &record), VW_DBN_MALFORMED);
    assert_int_equal(record.length, 0);
    wire[0] = 255;
    wire[1] = 0x77;
    assert_int_equal(decode(wire, 1020, &record), 1020);
    assert_int_equal(record.kind, VW_DBN_RECORD_UNKNOWN);
    wire[0] = 89; /* a definition needs 90 words */
    wire[1] = VW_DBN_DEFINITION;
    assert_int_equal(decode(wire, 356, &record), VW_DBN_MALFORMED);
}

static void old_statistics_keep_their_meaning(void **state)
{
    vw_dbn_wire_statistic_v2 wire = {.head = make_head(VW_DBN_STATISTICS, sizeof wire),
                                     .ts_recv = 1,
                                     .ts_ref = 2,
                                     .price = -3,
                                     .quantity = -4,
                                     .sequence = 5,
                                     .ts_in_delta = -6,
                                     .stat_type = 7,
                                     .channel_id = 8,
                                     .update_action = 9,
                                     .stat_flags = 10};
    vw_dbn_record record;

    (void)state;
    assert_int_equal(decode(&wire, sizeof wire, &record), 64);
    assert_int_equal(record.statistic.ts_recv, 1);
    assert_int_equal(record.statistic.ts_ref, 2);
    assert_int_equal(record.statistic.price, -3);
    assert_int_equal(record.statistic.quantity, -4);
    assert_int_equal(record.statistic.sequence, 5);
    assert_int_equal(record.statistic.ts_in_delta, -6);
    assert_int_equal(record.statistic.stat_type, 7);
    assert_int_equal(record.statistic.channel_id, 8);
    assert_int_equal(record.statistic.update_action, 9);
    assert_int_equal(record.statistic.stat_flags, 10);
    wire.quantity = INT32_MAX;
    assert_int_equal(decode(&wire, sizeof wire, &record), 64);
    assert_true(record.statistic.quantity == VW_DBN_QUANTITY_NONE);
}

static void old_texts_are_whole_and_end(void **state)
{
    vw_dbn_wire_mapping_v1 mapping = {
        .head = make_head(VW_DBN_MAPPING, sizeof mapping), .start_ts = 11, .end_ts = 12};
    vw_dbn_wire_system_v1 text = {.head = make_head(VW_DBN_SYSTEM, sizeof text)};
    vw_dbn_record record;

    (void)state;
    memcpy(mapping.stype_in_symbol, "SPXW  260116C06825000", 22);
    memcpy(mapping.stype_out_symbol, "4711", 5);
    assert_int_equal(decode(&mapping, sizeof mapping, &record), 80);
    assert_string_equal(record.mapping.stype_in_symbol, "SPXW  260116C06825000");
    assert_string_equal(record.mapping.stype_out_symbol, "4711");
    assert_int_equal(record.mapping.start_ts, 11);
    assert_int_equal(record.mapping.end_ts, 12);
    memset(text.message, 'x', sizeof text.message);
    assert_int_equal(decode(&text, sizeof text, &record), 80);
    assert_int_equal(strlen(record.system.message), 64);
    text.head.rtype = VW_DBN_ERROR;
    assert_int_equal(decode(&text, sizeof text, &record), 80);
    assert_int_equal(strlen(record.error.message), 64);
}

static void old_definitions_come_out_in_the_newest_form(void **state)
{
    vw_dbn_wire_definition_v1 first = {.head = make_head(VW_DBN_DEFINITION, sizeof first),
                                       .strike_price = 5,
                                       .expiration = 6,
                                       .instrument_class = 'C',
                                       .raw_instrument_id = 9,
                                       .tick_rule = 3};
    vw_dbn_wire_definition_v2 second = {.head = make_head(VW_DBN_DEFINITION, sizeof second),
                                        .strike_price = 5,
                                        .expiration = 6,
                                        .instrument_class = 'C',
                                        .raw_instrument_id = 9,
                                        .tick_rule = 3};
    vw_dbn_record record;

    (void)state;
    memcpy(first.raw_symbol, "VIX", 4);
    memcpy(first.asset, "ABCDEFG", 7);
    memcpy(second.raw_symbol, "VIX", 4);
    memcpy(second.asset, "ABCDEFG", 7);
    for (int form = 1; form <= 2; form++) {
        assert_int_equal(form == 1 ? decode(&first, sizeof first, &record)
                                   : decode(&second, sizeof second, &record),
                         form == 1 ? 360 : 400);
        assert_int_equal(record.form, form);
        assert_int_equal(record.definition.strike_price, 5);
        assert_int_equal(record.definition.expiration, 6);
        assert_int_equal(record.definition.instrument_class, 'C');
        assert_int_equal(record.definition.raw_instrument_id, 9);
        assert_int_equal(record.definition.tick_rule, 3);
        assert_string_equal(record.definition.raw_symbol, "VIX");
        assert_string_equal(record.definition.asset, "ABCDEFG");
        assert_true(record.definition.leg_price == VW_DBN_PRICE_NONE);
        assert_int_equal(record.definition.leg_count, 0);
    }
}

/* Metadata of one requested symbol, one not found and one mapping of two intervals. */
static size_t make_metadata(unsigned char *to, uint8_t version)
{
    vw_dbn_wire_metadata wire = {.prelude = {"DBN", version, 0}, .schema = 9, .symbol_size = 71};
    size_t slot = version == 1 ? 22 : 71, at = sizeof wire;
    uint32_t words[] = {0, 1, 0, 1, 1, 2};

    memset(to, 0, 1024);
    memcpy(wire.dataset, "OPRA.PILLAR", 11);
    memcpy(to, &wire, sizeof wire);
    memcpy(to + at, &words[0], 8); /* no schema definition; one requested */
    memcpy(to + at + 8, "SPX.OPT", 7);
    at += 8 + slot;
    memcpy(to + at, &words[2], 8); /* none partly, one not found */
    memcpy(to + at + 8, "NONE", 4);
    at += 8 + slot;
    memcpy(to + at, &words[4], 4);
    memcpy(to + at + 4, "RAW", 3);
    at += 4 + slot;
    memcpy(to + at, &words[5], 4);
    at += 4;
    for (uint32_t i = 0; i < 2; i++) {
        uint32_t dates[] = {20260101 + i, 20260102 + i};

        memcpy(to + at, dates, 8);
        memcpy(to + at + 8, i == 0 ? "11" : "12", 2);
        at += 8 + slot;
    }
    uint32_t size = (uint32_t)(at - 8);

    memcpy(to + 4, &size, 4);
    return at;
}

static void metadata_lists_are_walked_in_every_version(void **state)
{
    (void)state;
    for (uint8_t version = 1; version <= 3; version++) {
        unsigned char bytes[1024];
        size_t size = make_metadata(bytes, version);
        vw_dbn_metadata metadata;
        vw_dbn_mapping mapping;
        vw_dbn_interval interval;
        char symbol[72];

        assert_int_equal(vw_dbn_metadata_read(bytes, size, &metadata), size);
        assert_int_equal(metadata.version, version);
        assert_string_equal(metadata.dataset, "OPRA.PILLAR");
        assert_int_equal(metadata.symbol_size, version == 1 ? 22 : 71);
        vw_dbn_symbol(&metadata, VW_DBN_REQUESTED, 0, symbol);
        assert_string_equal(symbol, "SPX.OPT");
        assert_int_equal(metadata.counts[VW_DBN_PARTIAL], 0);
        vw_dbn_symbol(&metadata, VW_DBN_NOT_FOUND, 0, symbol);
        assert_string_equal(symbol, "NONE");
        assert_int_equal(metadata.mapping_count, 1);
        vw_dbn_mapping_at(&metadata, metadata.mappings, &mapping);
        assert_string_equal(mapping.raw, "RAW");
        assert_int_equal(mapping.interval_count, 2);
        vw_dbn_interval_at(&metadata, &mapping, 1, &interval);
        assert_int_equal(interval.start, 20260102);
        assert_string_equal(interval.symbol, "12");
        assert_ptr_equal(mapping.next, bytes + size);
        for (size_t less = 0; less < size; less++) {
            assert_int_equal(vw_dbn_metadata_read(bytes, less, &metadata), VW_DBN_MORE);
        }
    }
}

static void metadata_that_lie_are_malformed(void **state)
{
    unsigned char good[1024], bytes[1024];
    size_t size = make_metadata(good, 3);
    vw_dbn_metadata metadata;
    unsigned seed = 7;

    (void)state;
    printf("seed %u\n", seed);
    srand(seed);
    memcpy(bytes, good, sizeof bytes);
    bytes[3] = 4;
    assert_int_equal(vw_dbn_metadata_read(bytes, size, &metadata), VW_DBN_MALFORMED);
    memcpy(bytes, good, sizeof bytes);
    bytes[115] = 255; /* 2^32 symbols requested */
    assert_int_equal(vw_dbn_metadata_read(bytes, size, &metadata), VW_DBN_MALFORMED);
    for (int round = 0; round < 20000; round++) { /* whatever is wrong, no byte outside is read */
        memcpy(bytes, good, sizeof bytes);
        for (int i = 0; i < 3; i++) {
            bytes[(size_t)rand() % size] = (unsigned char)rand();
        }
        unsigned char *tight = malloc(size);

        memcpy(tight, bytes, size);
        int64_t got = vw_dbn_metadata_read(tight, size, &metadata);

        assert_true(got >= VW_DBN_MALFORMED && got <= (int64_t)size);
        free(tight);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_is_told_by_its_type_and_length),
        cmocka_unit_test(records_shorter_than_their_kind_are_malformed_and_unknown_ones_skipped),
        cmocka_unit_test(old_statistics_keep_their_meaning),
        cmocka_unit_test(old_texts_are_whole_and_end),
        cmocka_unit_test(old_definitions_come_out_in_the_newest_form),
        cmocka_unit_test(metadata_lists_are_walked_in_every_version),
        cmocka_unit_test(metadata_that_lie_are_malformed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
