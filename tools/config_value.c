#include "tools/config_value.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* -?digits, and .digits if a fraction is allowed: nothing that strtod would take beyond that. */
static bool is_decimal(const char *text, bool fraction)
{
    size_t digits;

    text += *text == '-';
    digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 18) {
        return false;
    }
    text += digits;
    if (fraction && *text == '.') {
        digits = strspn(text + 1, "0123456789");
        return digits > 0 && digits <= 18 && text[1 + digits] == '\0';
    }
    return *text == '\0';
}

static void expect_number(const vw_field *field, char *expected)
{
    snprintf(expected, VW_FIELD_TEXT_MAX, "expected a %s in [%.15g, %.15g]",
             field->kind != VW_FIELD_WHOLE ? "decimal number"
             : field->power_of_two         ? "power of two"
                                           : "whole number",
             field->min, field->max);
}

static bool set_whole(const vw_field *field, const char *text, void *at)
{
    int64_t value;

    if (!is_decimal(text, false)) {
        return false;
    }
    value = strtoll(text, NULL, 10);
    if ((double)value < field->min || (double)value > field->max ||
        (field->power_of_two && (value & (value - 1)) != 0)) {
        return false;
    }
    memcpy(at, &value, field->size); /* little-endian: the low bytes come first */
    return true;
}

static bool set_decimal(const vw_field *field, const char *text, void *at)
{
    double value;

    if (!is_decimal(text, true)) {
        return false;
    }
    value = strtod(text, NULL);
    if (value < field->min || value > field->max) {
        return false;
    }
    if (field->kind == VW_FIELD_DURATION) {
        int64_t ns = llround(value * field->unit_ns);

        memcpy(at, &ns, sizeof ns);
    } else {
        memcpy(at, &value, sizeof value);
    }
    return true;
}

static bool set_flag(const char *text, void *at)
{
    bool value = strcmp(text, "true") == 0;

    memcpy(at, &value, sizeof value);
    return value || strcmp(text, "false") == 0;
}

static bool set_text(const vw_field *field, const char *text, void *at, char *expected)
{
    const char *wrong = field->check != NULL ? field->check(text) : NULL;

    for (const char *c = text; *c != '\0'; c++) {
        if ((unsigned char)*c < ' ' || *c == 127) {
            wrong = "printable text";
        }
    }
    if (wrong == NULL && (text[0] == '\0' || strlen(text) >= field->size)) {
        snprintf(expected, VW_FIELD_TEXT_MAX, "expected 1 to %zu characters", field->size - 1);
        return false;
    }
    if (wrong != NULL) {
        snprintf(expected, VW_FIELD_TEXT_MAX, "expected %s", wrong);
        return false;
    }
    strcpy(at, text);
    return true;
}

static bool set_choice(const vw_field *field, const char *text, void *at, char *expected)
{
    size_t used = (size_t)snprintf(expected, VW_FIELD_TEXT_MAX, "expected one of");

    for (const vw_choice *choice = field->choices; choice->name != NULL; choice++) {
        if (strcmp(choice->name, text) == 0) {
            memcpy(at, &choice->value, field->size);
            return true;
        }
        used += (size_t)snprintf(expected + used, VW_FIELD_TEXT_MAX - used, "%s %s",
                                 choice == field->choices ? "" : ",", choice->name);
        vw_check(used < VW_FIELD_TEXT_MAX);
    }
    return false;
}

static const vw_choice *choice_of(const vw_field *field, const char *name, size_t length)
{
    const vw_choice *choice = field->choices;

    while (choice->name != NULL &&
           (strlen(choice->name) != length || strncmp(choice->name, name, length) != 0)) {
        choice++;
    }
    return choice->name != NULL ? choice : NULL;
}

static bool set_set(const vw_field *field, const char *text, void *at, char *expected)
{
    uint32_t bits = 0;
    size_t length;

    for (const char *word = text; strcmp(text, "none") != 0 && *word != '\0'; word += length) {
        word += strspn(word, " ");
        length = strcspn(word, " ");
        const vw_choice *choice = length > 0 ? choice_of(field, word, length) : NULL;

        if (choice == NULL) {
            set_choice(field, "", at, expected);
            memcpy(expected, "expected any of", strlen("expected any of"));
            return false;
        }
        bits |= UINT32_C(1) << choice->value;
    }
    memcpy(at, &bits, sizeof bits);
    return true;
}

static void say_set(const vw_field *field, const void *at, char *text)
{
    size_t used = 0;
    uint32_t bits;

    memcpy(&bits, at, sizeof bits);
    strcpy(text, "none");
    for (const vw_choice *choice = field->choices; choice->name != NULL; choice++) {
        if ((bits >> choice->value & 1) != 0) {
            used += (size_t)snprintf(text + used, VW_FIELD_TEXT_MAX - used, "%s%s",
                                     used > 0 ? " " : "", choice->name);
            vw_check(used < VW_FIELD_TEXT_MAX);
        }
    }
}

static int days_of_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return days[month - 1] + (month == 2 && leap);
}

/* Matches text against a pattern in which 0 stands for any digit. */
static bool has_form(const char *text, const char *pattern)
{
    for (; *pattern != '\0'; pattern++, text++) {
        bool digit = *text >= '0' && *text <= '9';

        if (*pattern == '0' ? !digit : *text != *pattern) {
            return false;
        }
    }
    return *text == '\0';
}

static bool set_date(const char *text, void *at)
{
    int year, month, day;
    uint32_t date;

    if (!has_form(text, "0000-00-00") || sscanf(text, "%d-%d-%d", &year, &month, &day) != 3 ||
        year < 1970 || year > 2199 || month < 1 || month > 12 || day < 1 ||
        day > days_of_month(year, month)) {
        return false;
    }
    date = (uint32_t)(year * 10000 + month * 100 + day);
    memcpy(at, &date, sizeof date);
    return true;
}

static bool set_minute(const char *text, void *at)
{
    int hour, minute;
    uint32_t value;

    if (!has_form(text, "00:00") || sscanf(text, "%d:%d", &hour, &minute) != 2 || hour > 23 ||
        minute > 59) {
        return false;
    }
    value = (uint32_t)(hour * 60 + minute);
    memcpy(at, &value, sizeof value);
    return true;
}

bool vw_config_value_set(const vw_field *field, const char *text, bool plain, void *at,
                         char *expected)
{
    bool quoted = !plain && field->kind != VW_FIELD_TEXT && field->kind != VW_FIELD_CHOICE &&
                  field->kind != VW_FIELD_SET && field->kind != VW_FIELD_DATE &&
                  field->kind != VW_FIELD_MINUTE;

    switch (field->kind) {
    case VW_FIELD_WHOLE:
        expect_number(field, expected);
        return !quoted && set_whole(field, text, at);
    case VW_FIELD_NUMBER:
    case VW_FIELD_DURATION:
        expect_number(field, expected);
        return !quoted && set_decimal(field, text, at);
    case VW_FIELD_FLAG:
        snprintf(expected, VW_FIELD_TEXT_MAX, "expected true or false");
        return !quoted && set_flag(text, at);
    case VW_FIELD_TEXT:
        return set_text(field, text, at, expected);
    case VW_FIELD_CHOICE:
        return set_choice(field, text, at, expected);
    case VW_FIELD_SET:
        return set_set(field, text, at, expected);
    case VW_FIELD_DATE:
        snprintf(expected, VW_FIELD_TEXT_MAX, "expected a date, yyyy-mm-dd, 1970 to 2199");
        return set_date(text, at);
    case VW_FIELD_MINUTE:
        snprintf(expected, VW_FIELD_TEXT_MAX, "expected a time of day in New York, \"hh:mm\"");
        return set_minute(text, at);
    case VW_FIELD_LIST:
        break;
    }
    vw_check(field->kind != VW_FIELD_LIST);
    return false;
}

static int64_t load_whole(const vw_field *field, const void *at)
{
    int64_t value = 0;

    memcpy(&value, at, field->size);
    if (field->min < 0 && field->size == 4) {
        value = (int32_t)value;
    } else if (field->min < 0 && field->size == 2) {
        value = (int16_t)value;
    }
    return value;
}

static const char *choice_name(const vw_field *field, const void *at)
{
    int value = 0;

    memcpy(&value, at, field->size);
    for (const vw_choice *choice = field->choices; choice->name != NULL; choice++) {
        if (choice->value == value) {
            return choice->name;
        }
    }
    return "";
}

static double load_decimal(const vw_field *field, const void *at)
{
    double value;
    int64_t ns;

    if (field->kind == VW_FIELD_DURATION) {
        memcpy(&ns, at, sizeof ns);
        return (double)ns / field->unit_ns;
    }
    memcpy(&value, at, sizeof value);
    return value;
}

void vw_config_value_text(const vw_field *field, const void *at, char *text)
{
    uint32_t whole = 0;

    switch (field->kind) {
    case VW_FIELD_WHOLE:
        snprintf(text, VW_FIELD_TEXT_MAX, "%lld", (long long)load_whole(field, at));
        return;
    case VW_FIELD_NUMBER:
    case VW_FIELD_DURATION:
        snprintf(text, VW_FIELD_TEXT_MAX, "%.15g", load_decimal(field, at));
        return;
    case VW_FIELD_FLAG:
        snprintf(text, VW_FIELD_TEXT_MAX, "%s", *(const bool *)at ? "true" : "false");
        return;
    case VW_FIELD_TEXT:
        snprintf(text, VW_FIELD_TEXT_MAX, "%s", (const char *)at);
        return;
    case VW_FIELD_CHOICE:
        snprintf(text, VW_FIELD_TEXT_MAX, "%s", choice_name(field, at));
        return;
    case VW_FIELD_SET:
        say_set(field, at, text);
        return;
    case VW_FIELD_DATE:
        memcpy(&whole, at, sizeof whole);
        snprintf(text, VW_FIELD_TEXT_MAX, "%04u-%02u-%02u", whole / 10000, whole / 100 % 100,
                 whole % 100);
        return;
    case VW_FIELD_MINUTE:
        memcpy(&whole, at, sizeof whole);
        snprintf(text, VW_FIELD_TEXT_MAX, "%02u:%02u", whole / 60, whole % 60);
        return;
    case VW_FIELD_LIST:
        text[0] = '\0';
        return;
    }
}

/* ---- what was meant ------------------------------------------------------------------------- */

enum { NAME_MAX_LENGTH = 40 };

/* How many letters must be added, dropped or changed to turn a into b (Levenshtein). */
static size_t distance(const char *a, const char *b, size_t b_length)
{
    size_t row[NAME_MAX_LENGTH + 1];

    for (size_t j = 0; j <= b_length; j++) {
        row[j] = j;
    }
    for (size_t i = 1; a[i - 1] != '\0'; i++) {
        size_t diagonal = row[0];

        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            size_t change = diagonal + (a[i - 1] != b[j - 1]);
            size_t shift = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;

            diagonal = row[j];
            row[j] = change < shift ? change : shift;
        }
    }
    return row[b_length];
}

/* The key of a field within a section, and its length; NULL when it is not of the section. */
static const char *key_within(const vw_field *field, const char *section, size_t *length)
{
    size_t skip = strlen(section);
    const char *key = field->path + skip + (skip > 0);

    if (strncmp(field->path, section, skip) != 0 || (skip > 0 && field->path[skip] != '.')) {
        return NULL;
    }
    *length = strcspn(key, ".[");
    vw_check(*length <= NAME_MAX_LENGTH);
    return key;
}

void vw_config_value_hint(const vw_field_table *table, const char *section, const char *name,
                          char *hint)
{
    size_t used = (size_t)snprintf(hint, VW_FIELD_TEXT_MAX, "known here:");
    size_t best = 4; /* letters: further away is no slip */
    char last[NAME_MAX_LENGTH + 1] = "", nearest[NAME_MAX_LENGTH + 1] = "";

    for (size_t i = 0; i < table->count; i++) {
        size_t length = 0, far;
        const char *key = key_within(&table->fields[i], section, &length);

        if (key == NULL || (strncmp(last, key, length) == 0 && last[length] == '\0')) {
            continue;
        }
        if (used + length + strlen(", , ...") < VW_FIELD_TEXT_MAX) {
            used += (size_t)snprintf(hint + used, VW_FIELD_TEXT_MAX - used, "%s %.*s",
                                     last[0] != '\0' ? "," : "", (int)length, key);
        } else if (strcmp(hint + used - 3, "...") != 0) {
            used += (size_t)snprintf(hint + used, VW_FIELD_TEXT_MAX - used, ", ...");
        }
        snprintf(last, sizeof last, "%.*s", (int)length, key);
        far = distance(name, key, length);
        if (far < best && far < length) {
            best = far;
            strcpy(nearest, last);
        }
    }
    if (nearest[0] != '\0') {
        snprintf(hint, VW_FIELD_TEXT_MAX, "did you mean %s?", nearest);
    }
}
