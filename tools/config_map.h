/* config_map.h: one strict, table-driven reading of a YAML file into a struct.
 *
 * The configuration and the portfolio are two tables of fields; this module knows YAML and nothing
 * of what the keys mean.  Nothing is guessed: an unknown or doubled key, a wrong type, a value out
 * of range each end the reading with file, line, column, key, value and what would be right.
 *
 * Paths    "feed.channels[].wait_ms": sections are joined by dots, the elements of a list by [].
 *          In a table [] is empty; the path of one value has the index from 0, channels[1].
 * Values   taken as written: no octal, no exponent, no yes/no, no quoted numbers, no null.
 * Threads  the main thread, at start.
 * Memory   a map is allocated by open and handed back by close; at most 1 MiB of file.
 * Errors   VW_ERR_DATA: the file cannot be read; VW_ERR_CONFIG: its content. */
#ifndef VW_TOOLS_CONFIG_MAP_H
#define VW_TOOLS_CONFIG_MAP_H

#include "core/base/error.h"

#define VW_FIELD_PATH_MAX 128

typedef enum vw_field_kind {
    VW_FIELD_WHOLE,    /* decimal digits; an integer of 2, 4 or 8 bytes */
    VW_FIELD_NUMBER,   /* decimal; double */
    VW_FIELD_DURATION, /* decimal, times unit_ns; int64_t of nanoseconds */
    VW_FIELD_FLAG,     /* true or false; bool */
    VW_FIELD_TEXT,     /* char[size] */
    VW_FIELD_CHOICE,   /* one of choices; 1 or 4 bytes */
    VW_FIELD_SET,      /* any of choices, by blanks, or "none"; uint32_t of bits 1 << value */
    VW_FIELD_DATE,     /* yyyy-mm-dd; uint32_t yyyymmdd */
    VW_FIELD_MINUTE,   /* hh:mm; uint32_t minute of the day */
    VW_FIELD_LIST,     /* of mappings; an array of elements of `size` bytes */
} vw_field_kind;

typedef struct vw_choice {
    const char *name; /* NULL ends a list of choices */
    int value;
} vw_choice;

/* One key.  A list comes before its members. */
typedef struct vw_field {
    const char *path;
    vw_field_kind kind;
    size_t offset;        /* in the struct; members of a list: in its element */
    size_t size;          /* bytes of the value; LIST: of one element */
    size_t count_offset;  /* LIST: where the number of elements goes (size_t), as offset */
    double min, max;      /* WHOLE, NUMBER, DURATION in the unit written; LIST: elements */
    double unit_ns;       /* DURATION: ns per unit written */
    bool power_of_two;    /* WHOLE: and nothing else */
    bool secret;          /* TEXT: not shown */
    const char *standard; /* written so when the key is absent; "": left as it was; NULL: required;
                             LIST: "" likewise, NULL: no elements */
    const vw_choice *choices;
    const char *(*check)(const char *text); /* TEXT: NULL, or what was expected */
    const char *help;                       /* one phrase */
} vw_field;

typedef struct vw_field_table {
    const vw_field *fields;
    size_t count;
    const char *standard; /* YAML of the lists that stand when a file has none; may be NULL */
} vw_field_table;

typedef struct vw_config_map vw_config_map;

/* vw_config_map_open reads a file ("-": standard input; NULL: nothing, so that every key has its
 * default) and checks that every key is of the table and of the right type. */
vw_err vw_config_map_open(const char *file, const vw_field_table *table, vw_config_map **map,
                          vw_error *error);

/* vw_config_map_parse does the same with a text that is called name. */
vw_err vw_config_map_parse(const char *name, const char *text, const vw_field_table *table,
                           vw_config_map **map, vw_error *error);

/* vw_config_map_fill puts every value, given or default, into the zeroed struct `into`. */
vw_err vw_config_map_fill(const vw_config_map *map, void *into, vw_error *error);

/* vw_config_map_given says whether the file has a key at path ("topology.cpus.feed"). */
bool vw_config_map_given(const vw_config_map *map, const char *path);

/* vw_config_map_fail fills error with "FILE:LINE:COLUMN: PATH: text" for a contradiction, and
 * returns VW_ERR_CONFIG. */
vw_err vw_config_map_fail(const vw_config_map *map, vw_error *error, const char *path,
                          const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Called once per value; line is 0 where the default stands. */
typedef void vw_config_map_fn(void *self, const vw_field *field, const char *path,
                              const char *value, size_t line);

/* vw_config_map_visit shows every value of a filled struct, in the order of the table. */
void vw_config_map_visit(const vw_config_map *map, const void *from, vw_config_map_fn *visit,
                         void *self);

void vw_config_map_close(vw_config_map *map);

#endif
