#include "tools/config_map.h"

#include "tools/config_value.h"
#include "tools/config_yaml.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 8, LISTS_MAX = 2 };

struct vw_config_map {
    char file[256];
    const vw_field_table *table;
    vw_yaml given, standard; /* the user's file; the lists of the table */
};

static vw_err fail_at(const vw_config_map *map, vw_error *error, const yaml_node_t *node,
                      const char *path, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

static vw_err fail_text(const vw_config_map *map, vw_error *error, const yaml_node_t *node,
                        const char *path, const char *text)
{
    const char *where = path[0] != '\0' ? path : "file";

    if (node == NULL) {
        return vw_fail(error, VW_ERR_CONFIG, "%s: %s: %s", map->file, where, text);
    }
    return vw_fail(error, VW_ERR_CONFIG, "%s:%zu:%zu: %s: %s", map->file, node->start_mark.line + 1,
                   node->start_mark.column + 1, where, text);
}

static vw_err fail_at(const vw_config_map *map, vw_error *error, const yaml_node_t *node,
                      const char *path, const char *format, ...)
{
    char text[384];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return fail_text(map, error, node, path, text);
}

vw_err vw_config_map_fail(const vw_config_map *map, vw_error *error, const char *path,
                          const char *format, ...)
{
    char text[384];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return fail_text(map, error, vw_yaml_find(&map->given, path), path, text);
}

bool vw_config_map_given(const vw_config_map *map, const char *path)
{
    return vw_yaml_find(&map->given, path) != NULL;
}

/* A list that the file does not have stands as the table has it, as a whole. */
static const yaml_node_t *find(const vw_config_map *map, const char *path)
{
    const yaml_node_t *node = vw_yaml_find(&map->given, path);
    char list[VW_FIELD_PATH_MAX];

    if (node != NULL) {
        return node;
    }
    snprintf(list, sizeof list, "%s", path);
    list[strcspn(list, "[")] = '\0';
    return vw_yaml_find(&map->given, list) == NULL ? vw_yaml_find(&map->standard, path) : NULL;
}

static const vw_field *field_of(const vw_field_table *table, const char *generic)
{
    for (size_t i = 0; i < table->count; i++) {
        if (strcmp(table->fields[i].path, generic) == 0) {
            return &table->fields[i];
        }
    }
    return NULL;
}

/* ---- shape: every key is known, given once, and of the right type ---------------------------- */

/* A place in the document. */
typedef struct place {
    const yaml_node_t *node;
    size_t next;                     /* child to look at */
    char path[VW_FIELD_PATH_MAX];    /* with indices */
    char generic[VW_FIELD_PATH_MAX]; /* as in the table */
} place;

static bool is_section(const vw_field_table *table, const char *generic)
{
    size_t length = strlen(generic);

    for (size_t i = 0; i < table->count; i++) {
        if (strncmp(table->fields[i].path, generic, length) == 0 &&
            table->fields[i].path[length] == '.') {
            return true;
        }
    }
    return false;
}

static bool join(place *child, const place *at, const char *key)
{
    const char *dot = at->path[0] != '\0' ? "." : "";
    int a = snprintf(child->path, sizeof child->path, "%s%s%s", at->path, dot, key);
    int b = snprintf(child->generic, sizeof child->generic, "%s%s%s", at->generic, dot, key);

    return a < VW_FIELD_PATH_MAX && b < VW_FIELD_PATH_MAX;
}

static bool is_doubled(const vw_config_map *map, const place *at, const char *name)
{
    yaml_node_t *key, *value;

    for (size_t i = 0; i + 1 < at->next && vw_yaml_pair(&map->given, at->node, i, &key, &value);
         i++) {
        if (strcmp(vw_yaml_text(key), name) == 0) {
            return true;
        }
    }
    return false;
}

static vw_err check_type(const vw_config_map *map, const place *child, const vw_field *field,
                         vw_error *error)
{
    const yaml_node_t *node = child->node;
    size_t count;

    if (field == NULL) {
        return node->type == YAML_MAPPING_NODE
                   ? VW_OK
                   : fail_at(map, error, node, child->path, "expected a section of keys");
    }
    if (field->kind != VW_FIELD_LIST) {
        return node->type == YAML_SCALAR_NODE
                   ? VW_OK
                   : fail_at(map, error, node, child->path, "expected one value");
    }
    if (node->type != YAML_SEQUENCE_NODE) {
        return fail_at(map, error, node, child->path, "expected a list");
    }
    count = vw_yaml_length(node);
    if ((double)count < field->min || (double)count > field->max) {
        return fail_at(map, error, node, child->path, "%zu elements: expected %g to %g", count,
                       field->min, field->max);
    }
    return VW_OK;
}

static vw_err check_key(const vw_config_map *map, const place *at, const yaml_node_t *key,
                        place *child, vw_error *error)
{
    const vw_field *field;
    char hint[VW_FIELD_TEXT_MAX];

    if (key->type != YAML_SCALAR_NODE || key->data.scalar.length != strlen(vw_yaml_text(key)) ||
        !join(child, at, vw_yaml_text(key))) {
        return fail_at(map, error, key, at->path, "a key must be a word");
    }
    field = field_of(map->table, child->generic);
    if (field == NULL && !is_section(map->table, child->generic)) {
        vw_config_value_hint(map->table, at->generic, vw_yaml_text(key), hint);
        return fail_at(map, error, key, child->path, "no such key; %s", hint);
    }
    if (is_doubled(map, at, vw_yaml_text(key))) {
        return fail_at(map, error, key, child->path, "given twice");
    }
    return check_type(map, child, field, error);
}

/* Looks at the next child of the place on top of the stack. */
static vw_err check_next(const vw_config_map *map, place *stack, size_t *depth, vw_error *error)
{
    const size_t index = stack[*depth - 1].next++;
    const place at = stack[*depth - 1];
    place *child = &stack[*depth];
    yaml_node_t *key, *node = NULL;
    vw_err err = VW_OK;

    *child = (place){.next = 0};
    if (at.node->type == YAML_MAPPING_NODE) {
        if (vw_yaml_pair(&map->given, at.node, index, &key, &node)) {
            child->node = node;
            err = check_key(map, &at, key, child, error);
        }
    } else if ((node = vw_yaml_element(&map->given, at.node, index)) != NULL) {
        child->node = node;
        snprintf(child->path, sizeof child->path, "%.100s[%zu]", at.path, index);
        snprintf(child->generic, sizeof child->generic, "%.100s[]", at.generic);
        err = check_type(map, child, NULL, error);
    }
    if (node == NULL) {
        *depth -= 1;
    } else if (err == VW_OK && node->type != YAML_SCALAR_NODE) {
        *depth += 1;
        vw_check(*depth < DEPTH_MAX); /* no table is so deep */
    }
    return err;
}

static vw_err check_shape(const vw_config_map *map, vw_error *error)
{
    place stack[DEPTH_MAX] = {{.node = vw_yaml_find(&map->given, "")}};
    size_t depth = 1;
    vw_err err = check_type(map, &stack[0], NULL, error);

    while (err == VW_OK && depth > 0) {
        err = check_next(map, stack, &depth, error);
    }
    return err;
}

/* text, or the file's content when it is NULL. */
static vw_err open_map(const char *file, const char *text, const vw_field_table *table,
                       vw_config_map **opened, vw_error *error)
{
    vw_config_map *map = calloc(1, sizeof *map);
    vw_err err = VW_OK;

    vw_check(map != NULL);
    map->table = table;
    snprintf(map->file, sizeof map->file, "%s", file == NULL ? "defaults" : file);
    if (table->standard != NULL) {
        err = vw_yaml_parse("defaults", table->standard, strlen(table->standard), &map->standard,
                            error);
    }
    if (err == VW_OK && text != NULL) {
        err = vw_yaml_parse(file, text, strlen(text), &map->given, error);
    } else if (err == VW_OK && file != NULL) {
        err = vw_yaml_read(file, &map->given, error);
    }
    if (err == VW_OK && map->given.open) {
        err = check_shape(map, error);
    }
    if (err != VW_OK) {
        vw_config_map_close(map);
        map = NULL;
    }
    *opened = map;
    return err;
}

vw_err vw_config_map_open(const char *file, const vw_field_table *table, vw_config_map **map,
                          vw_error *error)
{
    return open_map(file, NULL, table, map, error);
}

vw_err vw_config_map_parse(const char *name, const char *text, const vw_field_table *table,
                           vw_config_map **map, vw_error *error)
{
    return open_map(name, text, table, map, error);
}

void vw_config_map_close(vw_config_map *map)
{
    if (map != NULL) {
        vw_yaml_close(&map->given);
        vw_yaml_close(&map->standard);
        free(map);
    }
}

/* ---- values --------------------------------------------------------------------------------- */

/* One value of a field: which element of each list around it, and where it is in the struct. */
typedef struct spot {
    const vw_field *list[LISTS_MAX]; /* around the field, outermost first */
    size_t index[LISTS_MAX];
    size_t lists;
    unsigned char *place;
    char path[VW_FIELD_PATH_MAX];
} spot;

static void find_lists(const vw_field_table *table, const vw_field *field, spot *at)
{
    char list[VW_FIELD_PATH_MAX];

    *at = (spot){.lists = 0};
    for (const char *end = field->path; (end = strstr(end, "[]")) != NULL; end += 2) {
        vw_check(at->lists < LISTS_MAX);
        snprintf(list, sizeof list, "%.*s", (int)(end - field->path), field->path);
        at->list[at->lists] = field_of(table, list);
        vw_check(at->list[at->lists] != NULL);
        at->lists++;
    }
}

/* Puts path and place of the indices together; returns the first list around that has no such
 * element, or their number when all have. */
static size_t locate(const vw_field *field, void *base, spot *at)
{
    const char *from = field->path;
    size_t used = 0;

    at->place = base;
    for (size_t i = 0; i < at->lists; i++) {
        const vw_field *list = at->list[i];
        int length = (int)(strstr(from, "[]") - from);
        size_t count;

        memcpy(&count, at->place + list->count_offset, sizeof count);
        if (at->index[i] >= count) {
            return i;
        }
        at->place += list->offset + at->index[i] * list->size;
        used += (size_t)snprintf(at->path + used, sizeof at->path - used, "%.*s[%zu]", length, from,
                                 at->index[i]);
        from += length + 2;
    }
    used += (size_t)snprintf(at->path + used, sizeof at->path - used, "%s", from);
    vw_check(used < sizeof at->path);
    return at->lists;
}

/* Turns the indices on, like an odometer, until they are those of a value; false: none is left. */
static bool settle(const vw_field *field, void *base, spot *at)
{
    size_t level;

    while ((level = locate(field, base, at)) < at->lists) {
        if (level == 0) {
            return false;
        }
        at->index[level] = 0;
        at->index[level - 1]++;
    }
    return true;
}

static bool first(const vw_field_table *table, const vw_field *field, void *base, spot *at)
{
    find_lists(table, field, at);
    return settle(field, base, at);
}

static bool next(const vw_field *field, void *base, spot *at)
{
    if (at->lists == 0) {
        return false;
    }
    at->index[at->lists - 1]++;
    return settle(field, base, at);
}

static vw_err fail_missing(const vw_config_map *map, const vw_field *field, const spot *at,
                           vw_error *error)
{
    char section[VW_FIELD_PATH_MAX];
    char *dot;

    snprintf(section, sizeof section, "%s", at->path);
    dot = strrchr(section, '.');
    section[dot != NULL ? dot - section : 0] = '\0';
    return fail_at(map, error, find(map, section), at->path, "missing: %s", field->help);
}

/* False for a list that may stay as it was, and for what is in it. */
static bool is_given_at_all(const vw_config_map *map, const vw_field *field, const char *path)
{
    char list[VW_FIELD_PATH_MAX], generic[VW_FIELD_PATH_MAX];

    snprintf(list, sizeof list, "%s", path);
    snprintf(generic, sizeof generic, "%s", field->path);
    if (field->kind != VW_FIELD_LIST) {
        if (strrchr(list, '[') == NULL) {
            return true;
        }
        *strrchr(list, '[') = '\0';
        *strrchr(generic, '[') = '\0';
    }
    const char *standard = field_of(map->table, generic)->standard;

    return standard == NULL || find(map, list) != NULL;
}

static vw_err fill_value(const vw_config_map *map, const vw_field *field, const spot *at,
                         vw_error *error)
{
    const yaml_node_t *node = find(map, at->path);
    char expected[VW_FIELD_TEXT_MAX];
    const char *text;
    bool plain;

    if (node == NULL && !is_given_at_all(map, field, at->path)) {
        return VW_OK;
    }
    if (field->kind == VW_FIELD_LIST) {
        size_t count = node != NULL ? vw_yaml_length(node) : 0;

        if (node == NULL && field->min > 0) {
            return fail_missing(map, field, at, error);
        }
        memcpy(at->place + field->count_offset, &count, sizeof count);
        return VW_OK;
    }
    if (node == NULL && field->standard == NULL) {
        return fail_missing(map, field, at, error);
    }
    text = node != NULL ? vw_yaml_text(node) : field->standard;
    if (node == NULL && text[0] == '\0') {
        return VW_OK;
    }
    plain = node == NULL || node->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    if ((node != NULL && node->data.scalar.length != strlen(text)) ||
        !vw_config_value_set(field, text, plain, at->place + field->offset, expected)) {
        return fail_at(map, error, node, at->path, "%s%.80s%s: %s", plain ? "" : "\"",
                       text[0] != '\0' || !plain ? text : "nothing", plain ? "" : "\"", expected);
    }
    return VW_OK;
}

vw_err vw_config_map_fill(const vw_config_map *map, void *into, vw_error *error)
{
    vw_err err = VW_OK;
    spot at;

    for (size_t i = 0; err == VW_OK && i < map->table->count; i++) {
        const vw_field *field = &map->table->fields[i];
        bool more = first(map->table, field, into, &at);

        for (; err == VW_OK && more; more = next(field, into, &at)) {
            err = fill_value(map, field, &at, error);
        }
    }
    return err;
}

void vw_config_map_visit(const vw_config_map *map, const void *from, vw_config_map_fn *visit,
                         void *self)
{
    char text[VW_FIELD_TEXT_MAX];
    spot at;

    for (size_t i = 0; i < map->table->count; i++) {
        const vw_field *field = &map->table->fields[i];
        bool more = first(map->table, field, (void *)from, &at); /* read only here */

        for (; more; more = next(field, (void *)from, &at)) {
            const yaml_node_t *node = vw_yaml_find(&map->given, at.path);

            vw_config_value_text(field, at.place + field->offset, text);
            if (field->secret) {
                snprintf(text, sizeof text, "(secret)");
            }
            visit(self, field, at.path, text, node != NULL ? node->start_mark.line + 1 : 0);
        }
    }
}
