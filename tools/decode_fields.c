#include "tools/decode_fields.h"

#include "core/base/bytes.h"

/* load reads an unsigned field of 1, 2, 4 or 8 bytes. */
static uint64_t load(const vw_shown *shown, const unsigned char *at, size_t size)
{
    switch (size) {
    case 1:
        return *at;
    case 2:
        return shown->big_endian ? vw_load_u16_be(at) : vw_load_u16(at);
    case 4:
        return shown->big_endian ? vw_load_u32_be(at) : vw_load_u32(at);
    default:
        vw_check(size == 8);
        return shown->big_endian ? vw_load_u64_be(at) : vw_load_u64(at);
    }
}

static int64_t load_signed(const vw_shown *shown, const unsigned char *at, size_t size)
{
    unsigned unused = 64 - 8 * (unsigned)size;

    return (int64_t)(load(shown, at, size) << unused) >> unused;
}

static uint64_t largest(size_t size, bool with_sign)
{
    return UINT64_MAX >> (64 - 8 * size + with_sign);
}

static bool is_signed(const vw_shown *shown, const vw_field *field)
{
    switch (field->kind) {
    case VW_FIELD_SIGNED:
    case VW_FIELD_MAYBE_SIGNED:
    case VW_FIELD_PRICE4:
    case VW_FIELD_PRICE7:
    case VW_FIELD_PRICE9:
    case VW_FIELD_PRICE12:
    case VW_FIELD_CODED:
        return true;
    case VW_FIELD_SHORT:
        return shown->short_signed;
    default:
        return false;
    }
}

static void show_raw(vw_lines *lines, const vw_shown *shown, const vw_field *field,
                     const unsigned char *at)
{
    vw_lines_name(lines, field->name);
    switch (field->kind) {
    case VW_FIELD_LETTER:
    case VW_FIELD_MONTH:
    case VW_FIELD_TEXT:
        vw_lines_text(lines, at, field->size, false);
        return;
    case VW_FIELD_RESERVED:
        vw_lines_hex(lines, at, field->size);
        return;
    default:
        if (is_signed(shown, field)) {
            vw_lines_signed(lines, load_signed(shown, at, field->size));
        } else {
            vw_lines_whole(lines, load(shown, at, field->size));
        }
    }
}

static uint32_t decimals_of(const vw_field *field)
{
    switch (field->kind) {
    case VW_FIELD_TENTHS:
        return 1;
    case VW_FIELD_SHORT:
    case VW_FIELD_PRICE2:
        return 2;
    case VW_FIELD_PRICE4:
        return 4;
    case VW_FIELD_PRICE7:
        return 7;
    case VW_FIELD_PRICE9:
        return 9;
    default:
        return 12;
    }
}

static void show_coded(vw_lines *lines, int64_t value, unsigned char code)
{
    if (code == 'I' || (code >= 'A' && code <= 'H')) {
        vw_lines_decimal(lines, value, code == 'I' ? 0 : code - 'A' + 1U);
    } else {
        vw_lines_null(lines);
    }
}

/* show_month writes what an OPRA expiration block means: two fields. */
static void show_month(vw_lines *lines, const unsigned char *at)
{
    uint64_t month = (uint64_t)at[0] - 'A';
    bool call = month < 12;

    vw_lines_name(lines, "expiry");
    vw_lines_date(lines, month < 24 ? (2000U + at[2]) * 10000 +
                                          ((call ? month : month - 12) + 1) * 100 + at[1]
                                    : 0);
    vw_lines_name(lines, "option");
    if (month < 24) {
        vw_lines_string(lines, call ? "C" : "P");
    } else {
        vw_lines_null(lines);
    }
}

static bool is_none(const vw_field *field, uint64_t value)
{
    switch (field->kind) {
    case VW_FIELD_MAYBE:
    case VW_FIELD_INSTANT:
        return value == largest(field->size, false);
    case VW_FIELD_MAYBE_SIGNED:
    case VW_FIELD_PRICE9:
        return value == largest(field->size, true);
    case VW_FIELD_EPOCH:
        return value == 0;
    case VW_FIELD_LETTER:
        return value == 0;
    default:
        return false;
    }
}

static void show_number(vw_lines *lines, const vw_shown *shown, const vw_field *field,
                        const unsigned char *from)
{
    const unsigned char *at = from + field->offset;
    uint64_t value = load(shown, at, field->size);
    int64_t with_sign =
        is_signed(shown, field) ? load_signed(shown, at, field->size) : (int64_t)value;

    if (is_none(field, value)) {
        vw_lines_null(lines);
        return;
    }
    switch (field->kind) {
    case VW_FIELD_WHOLE:
    case VW_FIELD_MAYBE:
        vw_lines_whole(lines, value);
        return;
    case VW_FIELD_SIGNED:
    case VW_FIELD_MAYBE_SIGNED:
        vw_lines_signed(lines, with_sign);
        return;
    case VW_FIELD_CODED:
    case VW_FIELD_CODED_UNSIGNED:
        show_coded(lines, with_sign, from[field->code]);
        return;
    case VW_FIELD_INSTANT:
        vw_lines_instant(lines, value);
        return;
    case VW_FIELD_EPOCH:
        vw_lines_instant(lines, value * UINT64_C(1000000000));
        return;
    case VW_FIELD_CLOCK:
        vw_lines_clock(lines, value * UINT64_C(1000000000));
        return;
    case VW_FIELD_DATE:
        vw_lines_date(lines, value);
        return;
    default:
        vw_lines_decimal(lines, with_sign, decimals_of(field));
    }
}

static void show_value(vw_lines *lines, const vw_shown *shown, const vw_field *field,
                       const unsigned char *from)
{
    const unsigned char *at = from + field->offset;

    if (field->kind == VW_FIELD_MONTH) {
        show_month(lines, at);
        return;
    }
    if (field->kind == VW_FIELD_RAW || field->kind == VW_FIELD_RESERVED) {
        return;
    }
    vw_lines_name(lines, field->name);
    if (field->kind == VW_FIELD_TEXT) {
        vw_lines_text(lines, at, field->size, true);
    } else if (field->kind == VW_FIELD_LETTER && *at != 0) {
        vw_lines_text(lines, at, 1, false);
    } else {
        show_number(lines, shown, field, from);
    }
}

static void show_list(vw_lines *lines, const vw_shown *shown, const vw_field *fields, size_t count,
                      const unsigned char *from, size_t size, bool raw)
{
    for (size_t i = 0; i < count; i++) {
        if ((size_t)fields[i].offset + fields[i].size > size) {
            continue; /* older forms end earlier */
        }
        if (raw) {
            show_raw(lines, shown, &fields[i], from + fields[i].offset);
        } else {
            show_value(lines, shown, &fields[i], from);
        }
    }
}

static void show_group(vw_lines *lines, const vw_shown *shown, bool raw)
{
    const vw_field_group *group = shown->layout->group;

    if (group == NULL) {
        return;
    }
    vw_lines_name(lines, group->name);
    vw_lines_array(lines, true);
    for (size_t i = 0; i < shown->group_count; i++) {
        vw_lines_object(lines, true);
        show_list(lines, shown, group->fields, group->count, shown->group_from + i * group->size,
                  group->size, raw);
        vw_lines_object(lines, false);
    }
    vw_lines_array(lines, false);
}

void vw_fields_show(vw_lines *lines, const vw_shown *shown)
{
    const vw_layout *layout = shown->layout;
    size_t used = shown->used != 0 ? shown->used : layout->size;
    size_t end = shown->fields_end != 0 ? shown->fields_end : shown->size;

    vw_lines_name(lines, "raw");
    vw_lines_object(lines, true);
    show_list(lines, shown, layout->fields, layout->count, shown->from, end, true);
    show_group(lines, shown, true);
    if (used < shown->size) {
        vw_lines_name(lines, "trailing");
        vw_lines_hex(lines, shown->from + used, shown->size - used);
    }
    vw_lines_object(lines, false);
    vw_lines_name(lines, "value");
    vw_lines_object(lines, true);
    show_list(lines, shown, layout->fields, layout->count, shown->from, end, false);
    show_group(lines, shown, false);
    vw_lines_object(lines, false);
}
