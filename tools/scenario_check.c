#include "tools/scenario_run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool same_text(const json_t *value, const char *text, size_t length)
{
    char number[32];

    if (json_is_string(value)) {
        return json_string_length(value) == length &&
               strncmp(json_string_value(value), text, length) == 0;
    }
    snprintf(number, sizeof number, "%.12g", json_number_value(value));
    return json_is_number(value) && strlen(number) == length && strncmp(number, text, length) == 0;
}

/* Whether element has every key=value of selector, or is called what it says. */
static bool selected(const json_t *element, const char *selector, size_t length)
{
    while (length > 0) {
        size_t part = 0;

        while (part < length && selector[part] != ',') {
            part++;
        }
        const char *equals = memchr(selector, '=', part);
        size_t key = equals != NULL ? (size_t)(equals - selector) : 0;
        const json_t *value = equals != NULL ? json_object_getn(element, selector, key)
                                             : json_object_get(element, "name");
        const char *want = equals != NULL ? equals + 1 : selector;

        if (!same_text(value, want, equals != NULL ? part - key - 1 : part)) {
            return false;
        }
        selector += part + (part < length);
        length -= part + (part < length);
    }
    return true;
}

static const json_t *pick(const json_t *list, const char *selector, size_t length)
{
    char *end;
    long index = strtol(selector, &end, 10);

    if (length > 0 && end == selector + length) {
        return json_array_get(list, (size_t)index);
    }
    for (size_t i = 0; i < json_array_size(list); i++) {
        if (selected(json_array_get(list, i), selector, length)) {
            return json_array_get(list, i);
        }
    }
    return NULL;
}

/* The value at a path; *count is set for "....count".  NULL: there is none. */
static const json_t *find(const json_t *value, const char *path, long *count)
{
    *count = -1;
    while (value != NULL && *path != '\0') {
        size_t length = strcspn(path, ".[");

        if (*path == '[') {
            length = strcspn(path, "]");
            value = pick(value, path + 1, length - 1);
            path += length + (path[length] == ']');
        } else if (strcmp(path, "count") == 0 && json_is_array(value)) {
            *count = (long)json_array_size(value);
            return value;
        } else {
            value = json_object_getn(value, path, length);
            path += length;
        }
        path += *path == '.';
    }
    return value;
}

/* A word in a list of words, or the kind or reason of an object in it. */
static bool has_word(const json_t *list, const char *word)
{
    size_t length = strlen(word);

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *element = json_array_get(list, i);

        if (same_text(element, word, length) ||
            same_text(json_object_get(element, "kind"), word, length) ||
            same_text(json_object_get(element, "reason"), word, length) ||
            same_text(json_object_get(element, "constraint"), word, length)) {
            return true;
        }
    }
    return false;
}

static bool same_number(double got, const vw_scenario_expect *expect)
{
    char *end;
    double want = strtod(expect->value, &end);
    double within = isnan(expect->within) ? 1e-9 * fmax(1, fabs(want)) : expect->within;

    return *end == '\0' && fabs(got - want) <= within;
}

static bool same_value(const json_t *value, long count, const vw_scenario_expect *expect)
{
    if (count >= 0) {
        return same_number((double)count, expect);
    }
    if (json_is_number(value)) {
        return same_number(json_number_value(value), expect);
    }
    if (json_is_boolean(value)) {
        return strcmp(expect->value, json_is_true(value) ? "true" : "false") == 0;
    }
    return json_is_string(value) ? strcmp(expect->value, json_string_value(value)) == 0
                                 : json_is_null(value) && strcmp(expect->value, "null") == 0;
}

static void say(const json_t *value, long count, char *text, size_t size)
{
    char *dump = count >= 0 || value == NULL
                     ? NULL
                     : json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_REAL_PRECISION(12));

    if (count >= 0) {
        snprintf(text, size, "%ld", count);
    } else {
        snprintf(text, size, "%.160s", dump != NULL ? dump : "not there");
    }
    free(dump);
}

static bool holds(const json_t *value, long count, const vw_scenario_expect *expect)
{
    double number = count >= 0 ? (double)count : json_number_value(value);
    bool numeric = count >= 0 || json_is_number(value);

    return value != NULL && (expect->value[0] == '\0' || same_value(value, count, expect)) &&
           (expect->has[0] == '\0' || has_word(value, expect->has)) &&
           (expect->lacks[0] == '\0' || !has_word(value, expect->lacks)) &&
           (isnan(expect->least) || (numeric && number >= expect->least)) &&
           (isnan(expect->most) || (numeric && number <= expect->most));
}

static void describe(const vw_scenario_expect *expect, char *text, size_t size)
{
    size_t used = (size_t)snprintf(text, size, "expected");

    if (expect->value[0] != '\0') {
        used += (size_t)snprintf(text + used, size - used, " %s", expect->value);
    }
    if (!isnan(expect->within)) {
        used += (size_t)snprintf(text + used, size - used, " within %g", expect->within);
    }
    if (expect->has[0] != '\0') {
        used += (size_t)snprintf(text + used, size - used, " to have %s", expect->has);
    }
    if (expect->lacks[0] != '\0') {
        used += (size_t)snprintf(text + used, size - used, " to lack %s", expect->lacks);
    }
    if (!isnan(expect->least)) {
        used += (size_t)snprintf(text + used, size - used, " at least %g", expect->least);
    }
    if (!isnan(expect->most)) {
        snprintf(text + used, size - used, " at most %g", expect->most);
    }
}

size_t vw_scenario_check(const vw_scenario_turn *turn, vw_scenario_differs *differs, void *self)
{
    for (size_t i = 0; i < turn->step->expect_count; i++) {
        const vw_scenario_expect *expect = &turn->step->expects[i];
        long count;
        const json_t *value = find(turn->json, expect->field, &count);
        char got[200], want[240], text[600];

        if (!holds(value, count, expect)) {
            say(value, count, got, sizeof got);
            describe(expect, want, sizeof want);
            snprintf(text, sizeof text, "%s is %s: %s", expect->field, got, want);
            differs(self, turn, i, text);
        }
    }
    return turn->step->expect_count;
}
