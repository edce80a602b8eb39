#include "feeds/dbn_file.h"

#include "tests/check.h"

#include <inttypes.h>
#include <string.h>

static char line[2048];

static char letter(char c)
{
    return c != 0 ? c : ' ';
}

static int print_head(const vw_dbn_record *record, const char *kind)
{
    const vw_dbn_wire_head *head = &record->head;

    return snprintf(line, sizeof line, "%s,%u,%u,%u,%u,%" PRIu64 ",", kind, head->words,
                    head->rtype, head->publisher_id, head->instrument_id, head->ts_event);
}

/* print_record writes the record as the independent decoder does. */
static void print_record(const vw_dbn_record *record)
{
    char *at = line;
    size_t room = sizeof line;
    const vw_dbn_wire_mbo *mbo = &record->mbo;
    const vw_dbn_wire_mbp1 *mbp = &record->mbp1;
    const vw_dbn_wire_trade *trade = &record->trade;
    const vw_dbn_wire_definition *def = &record->definition;

    switch (record->kind) {
    case VW_DBN_RECORD_MBO:
        at += print_head(record, "mbo");
        snprintf(at, room - (size_t)(at - line),
                 "%" PRIu64 ",%" PRIi64 ",%u,%u,%u,%c,%c,%" PRIu64 ",%d,%u", mbo->order_id,
                 mbo->price, mbo->size, mbo->flags, mbo->channel_id, mbo->action, mbo->side,
                 mbo->ts_recv, mbo->ts_in_delta, mbo->sequence);
        return;
    case VW_DBN_RECORD_MBP1:
        at += print_head(record, "mbp1");
        snprintf(at, room - (size_t)(at - line),
                 "%" PRIi64 ",%u,%c,%c,%u,%u,%" PRIu64 ",%d,%u,%" PRIi64 ",%" PRIi64 ",%u,%u,%u,%u",
                 mbp->price, mbp->size, mbp->action, mbp->side, mbp->flags, mbp->depth,
                 mbp->ts_recv, mbp->ts_in_delta, mbp->sequence, mbp->levels[0].bid_px,
                 mbp->levels[0].ask_px, mbp->levels[0].bid_sz, mbp->levels[0].ask_sz,
                 mbp->levels[0].bid_ct, mbp->levels[0].ask_ct);
        return;
    case VW_DBN_RECORD_TRADE:
        at += print_head(record, "trade");
        snprintf(at, room - (size_t)(at - line), "%" PRIi64 ",%u,%c,%c,%u,%u,%" PRIu64 ",%d,%u",
                 trade->price, trade->size, trade->action, trade->side, trade->flags, trade->depth,
                 trade->ts_recv, trade->ts_in_delta, trade->sequence);
        return;
    case VW_DBN_RECORD_DEFINITION:
        at += print_head(record, "def");
        snprintf(at, room - (size_t)(at - line),
                 "%" PRIu64 ",%s,%c,%c,%" PRIi64 ",%" PRIu64 ",%" PRIu64 ",%s,%u,%s,%s,%s,%" PRIi64
                 ",%" PRIi64 ",%d",
                 def->ts_recv, def->raw_symbol, letter(def->instrument_class),
                 letter(def->security_update_action), def->strike_price, def->expiration,
                 def->activation, def->underlying, def->underlying_id, def->asset, def->exchange,
                 def->currency, def->min_price_increment, def->display_factor,
                 def->contract_multiplier);
        return;
    default:
        fail_msg("record of kind %d", (int)record->kind);
    }
}

static void print_metadata(const vw_dbn_metadata *metadata)
{
    snprintf(line, sizeof line,
             "#meta,version=%u,dataset=%s,schema=%u,start=%" PRIu64 ",end=%" PRIu64
             ",limit=%" PRIu64 ",stype_in=%u,stype_out=%u,ts_out=%d,symbol_cstr_len=%u,symbols=%u"
             ",partial=%u,not_found=%u,mappings=%u",
             metadata->version, metadata->dataset, metadata->schema, metadata->start, metadata->end,
             metadata->limit, metadata->stype_in, metadata->stype_out, metadata->ts_out,
             metadata->symbol_size, metadata->counts[0], metadata->counts[1], metadata->counts[2],
             metadata->mapping_count);
}

static void expect(FILE *csv)
{
    char want[2048];

    do {
        assert_non_null(fgets(want, sizeof want, csv));
        want[strcspn(want, "\r\n")] = '\0';
    } while (want[0] == '#' && strncmp(want, "#meta", 5) != 0);
    assert_string_equal(line, want);
}

static void check_file(const char *name)
{
    char path[256];
    vw_error error = {""};
    const unsigned char *bytes;
    vw_dbn_record record;
    char rest[8];
    size_t size;

    snprintf(path, sizeof path, "wire/dbn/%s.decoded.csv", name);
    FILE *csv = fopen(vw_test_data(path), "r");

    snprintf(path, sizeof path, "wire/dbn/%s", name);
    vw_input *input = vw_input_open(vw_test_data(path), &error);

    assert_non_null(input);
    vw_dbn_file *file = vw_dbn_file_open(input, &error);

    assert_non_null(file);
    print_metadata(vw_dbn_file_metadata(file));
    expect(csv);
    while ((size = vw_dbn_file_next(file, &bytes)) > 0) {
        assert_int_equal(vw_dbn_decode(bytes, size, &record), size);
        print_record(&record);
        expect(csv);
    }
    assert_int_equal(vw_dbn_file_error(file, &error), VW_OK);
    assert_null(fgets(rest, sizeof rest, csv));
    fclose(csv);
    vw_dbn_file_close(file);
}

static void every_record_equals_the_csv_beside_its_file(void **state)
{
    static const char *const schemas[] = {"mbo", "mbp-1", "trades", "definition"};
    static const char *const forms[] = {"dbn", "v1.dbn.zst", "v3.dbn.zst"};

    (void)state;
    for (size_t schema = 0; schema < 4; schema++) {
        for (size_t form = 0; form < 3; form++) {
            char name[64];

            snprintf(name, sizeof name, "test_data.%s.%s", schemas[schema], forms[form]);
            check_file(name);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_record_equals_the_csv_beside_its_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
