#include "tools/decode_layouts.h"

#include "feeds/opra.h"
#include "tests/check.h"

#include <string.h>

/* Bytes behind the fields that the layout's group takes: DBN levels are inside the record. */
static size_t group_bytes(const vw_layout *layout, size_t repeats)
{
    return layout->group != NULL ? repeats * layout->group->size : 0;
}

static bool is_number(const vw_field *field)
{
    return field->kind != VW_FIELD_TEXT && field->kind != VW_FIELD_RESERVED;
}

static void check_fields(const char *name, const vw_field *fields, size_t count, size_t size)
{
    size_t at = 0;

    for (size_t i = 0; i < count; i++) {
        if (fields[i].offset != at) {
            fail_msg("%s: %s is at %u, not %zu", name, fields[i].name, fields[i].offset, at);
        }
        if (is_number(&fields[i])) {
            assert_true(fields[i].size == 1 || fields[i].size == 2 || fields[i].size == 4 ||
                        fields[i].size == 8);
        }
        for (size_t j = 0; j < i; j++) {
            assert_true(fields[i].kind == VW_FIELD_RESERVED ||
                        strcmp(fields[i].name, fields[j].name) != 0);
        }
        at += fields[i].size;
    }
    if (at != size) {
        fail_msg("%s: fields of %zu bytes, not %zu", name, at, size);
    }
}

static void check_layout(const vw_layout *layout, size_t repeats)
{
    check_fields(layout->name, layout->fields, layout->count,
                 layout->size - group_bytes(layout, repeats));
    if (layout->group != NULL) {
        check_fields(layout->group->name, layout->group->fields, layout->group->count,
                     layout->group->size);
    }
}

static void every_byte_of_a_pitch_message_is_in_one_field(void **state)
{
    size_t found = 0;

    (void)state;
    check_layout(&vw_layout_pitch_block, 0);
    for (unsigned type = 0; type < 256; type++) {
        const vw_layout *of[] = {vw_layout_pitch(VW_DIALECT_OPTIONS, (uint8_t)type),
                                 vw_layout_pitch(VW_DIALECT_CFE, (uint8_t)type),
                                 vw_layout_top((uint8_t)type), vw_layout_au((uint8_t)type)};

        for (size_t i = 0; i < VW_COUNT_OF(of); i++) {
            if (of[i] != NULL) {
                check_layout(of[i], 0);
                found++;
            }
        }
    }
    assert_int_equal(found, 37 + 37 + 11 + 7);
}

static void every_type_the_pitch_decoder_knows_has_a_layout(void **state)
{
    (void)state;
    for (vw_dialect dialect = VW_DIALECT_OPTIONS; dialect <= VW_DIALECT_CFE; dialect++) {
        for (unsigned type = 0; type < 256; type++) {
            unsigned char bytes[255] = {255, (unsigned char)type};
            vw_pitch_message message;

            vw_pitch_decode(dialect, bytes, sizeof bytes, &message);
            if (message.type != VW_PITCH_UNKNOWN) {
                assert_non_null(vw_layout_pitch(dialect, (uint8_t)type));
            }
        }
    }
}

static void every_byte_of_an_opra_message_is_in_one_field(void **state)
{
    static const char categories[] = "CHRYadfkq";

    (void)state;
    check_layout(&vw_layout_opra_block, 0);
    for (const char *category = categories; *category != '\0'; category++) {
        check_layout(vw_layout_opra(*category, ' ', false), 0);
        check_layout(vw_layout_opra(*category, 'I', true), 0);
    }
    assert_null(vw_layout_opra('z', ' ', false));
}

static void every_byte_of_a_dbn_record_is_in_one_field(void **state)
{
    (void)state;
    for (vw_dbn_kind kind = VW_DBN_RECORD_UNKNOWN; kind <= VW_DBN_RECORD_DEFINITION; kind++) {
        for (uint8_t form = 1; form <= 3; form++) {
            vw_dbn_record record = {.kind = kind, .form = form};

            check_layout(vw_layout_dbn(&record), kind == VW_DBN_RECORD_MBP10 ? 10 : 1);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_byte_of_a_pitch_message_is_in_one_field),
        cmocka_unit_test(every_type_the_pitch_decoder_knows_has_a_layout),
        cmocka_unit_test(every_byte_of_an_opra_message_is_in_one_field),
        cmocka_unit_test(every_byte_of_a_dbn_record_is_in_one_field),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
