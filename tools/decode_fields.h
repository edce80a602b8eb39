/* decode_fields.h: a message as a table of its fields, and how each is shown raw and scaled.
 *
 * The tables name the structs of the *_wire.h; the decoders of feeds/ say whether a message is one.
 *
 * Threads  pure but for the line they write. */
#ifndef VW_TOOLS_DECODE_FIELDS_H
#define VW_TOOLS_DECODE_FIELDS_H

#include "tools/decode_lines.h"

typedef enum vw_field_kind {
    VW_FIELD_WHOLE,  /* unsigned */
    VW_FIELD_SIGNED, /* two's complement */
    VW_FIELD_MAYBE,  /* unsigned; the largest is none */
    VW_FIELD_MAYBE_SIGNED,
    VW_FIELD_LETTER,
    VW_FIELD_TEXT,
    VW_FIELD_SHORT,  /* 2 decimals, signed where the dialect is */
    VW_FIELD_PRICE2, /* unsigned, 2 decimals */
    VW_FIELD_PRICE4, /* signed, decimals as named */
    VW_FIELD_PRICE7,
    VW_FIELD_PRICE9, /* the largest is none */
    VW_FIELD_PRICE12,
    VW_FIELD_TENTHS, /* unsigned, 1 decimal */
    VW_FIELD_CODED,  /* decimals by the code letter at `code`; unsigned if 4 bytes of a strike */
    VW_FIELD_CODED_UNSIGNED,
    VW_FIELD_INSTANT,  /* Unix nanoseconds; the largest is none */
    VW_FIELD_EPOCH,    /* Unix seconds; 0 is none */
    VW_FIELD_CLOCK,    /* seconds since midnight */
    VW_FIELD_DATE,     /* yyyymmdd; 0 is none */
    VW_FIELD_MONTH,    /* OPRA expiration: month letter, then day and year */
    VW_FIELD_RAW,      /* shown raw only, as a number */
    VW_FIELD_RESERVED, /* shown raw only, as hex */
} vw_field_kind;

typedef struct vw_field {
    const char *name;
    uint16_t offset, size; /* bytes from the start of the message */
    uint8_t kind;
    uint16_t code; /* CODED: offset of the denominator code */
} vw_field;

/* Part of a message that repeats: legs, levels, appendages. */
typedef struct vw_field_group {
    const char *name;
    const vw_field *fields; /* offsets from the start of each */
    size_t count;
    size_t size; /* bytes of each */
} vw_field_group;

typedef struct vw_layout {
    const char *name;
    uint16_t size; /* bytes of the fields; what is longer trails */
    const vw_field *fields;
    size_t count;
    const vw_field_group *group; /* NULL: nothing repeats */
} vw_layout;

/* A message to be shown. */
typedef struct vw_shown {
    const vw_layout *layout;
    const unsigned char *from;
    size_t size;                     /* bytes there */
    size_t fields_end;               /* fields that end beyond are left out; 0: size */
    size_t used;                     /* where what no one knows begins; 0: layout->size */
    const unsigned char *group_from; /* group_count of the layout's group */
    size_t group_count;
    bool big_endian;
    bool short_signed;
} vw_shown;

#define VW_FIELD(record, field, field_kind)                                                        \
    {                                                                                              \
        .name = #field, .offset = offsetof(record, field), .size = sizeof(((record *)0)->field),   \
        .kind = VW_FIELD_##field_kind                                                              \
    }

/* As VW_FIELD, for a field that lies deeper than its name says. */
#define VW_FIELD_NAMED(record, field, field_name, field_kind)                                      \
    {                                                                                              \
        .name = field_name, .offset = offsetof(record, field),                                     \
        .size = sizeof(((record *)0)->field), .kind = VW_FIELD_##field_kind                        \
    }

#define VW_FIELD_CODED(record, field, field_kind, code_field)                                      \
    {                                                                                              \
        .name = #field, .offset = offsetof(record, field), .size = sizeof(((record *)0)->field),   \
        .kind = VW_FIELD_##field_kind, .code = offsetof(record, code_field)                        \
    }

#define VW_LAYOUT(layout_name, record, field_list)                                                 \
    {                                                                                              \
        .name = (layout_name), .size = sizeof(record), .fields = (field_list),                     \
        .count = VW_COUNT_OF(field_list)                                                           \
    }

/* vw_fields_show writes "raw": {...} and "value": {...} into the line. */
void vw_fields_show(vw_lines *lines, const vw_shown *shown);

#endif
