#include "feeds/chain_time.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define SECOND_NS INT64_C(1000000000)

enum { ZONE_NEW_YORK = 10000 }; /* instead of minutes east of UTC */

typedef struct parts {
    unsigned year, month, day;
    int64_t second;
    bool has_time, has_zone;
    int half; /* 0 none, 'a' before noon, 'p' after */
    int zone; /* minutes east of UTC, or ZONE_NEW_YORK */
} parts;

/* First letters of the months in the languages that the page is read in. */
static const struct {
    const char *prefix;
    unsigned month;
} months[] = {
    {"jan", 1},
    {"ene", 1},
    {"gen", 1},
    {"feb", 2},
    {"fev", 2},
    {"f\xc3\xa9v", 2},
    {"mar", 3},
    {"m\xc3\xa4r", 3},
    {"maa", 3},
    {"mrt", 3},
    {"apr", 4},
    {"abr", 4},
    {"avr", 4},
    {"may", 5},
    {"mai", 5},
    {"mag", 5},
    {"mei", 5},
    {"juil", 7},
    {"jul", 7},
    {"lug", 7},
    {"jun", 6},
    {"juin", 6},
    {"giu", 6},
    {"aug", 8},
    {"ago", 8},
    {"ao\xc3\xbb", 8},
    {"sep", 9},
    {"set", 9},
    {"oct", 10},
    {"okt", 10},
    {"out", 10},
    {"ott", 10},
    {"nov", 11},
    {"dec", 12},
    {"dic", 12},
    {"dez", 12},
    {"d\xc3\xa9"
     "c",
     12},
};

static const struct {
    const char *name;
    int minutes;
} zones[] = {
    {"et", ZONE_NEW_YORK}, {"est", -300}, {"edt", -240},

    {"cst", -360},         {"cdt", -300}, {"mst", -420}, {"mdt", -360}, {"pst", -480},
    {"pdt", -420},         {"gmt", 0},    {"utc", 0},    {"z", 0},      {"wet", 0},
    {"bst", 60},           {"west", 60},  {"cet", 60},   {"mez", 60},   {"cest", 120},
    {"mesz", 120},         {"eet", 120},  {"eest", 180}, {"msk", 180},  {"ist", 330},
    {"hkt", 480},          {"sgt", 480},  {"jst", 540},  {"kst", 540},  {"aest", 600},
    {"aedt", 660},
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Letters of any alphabet: bytes above ASCII too. */
static bool is_letter(char c)
{
    return isalpha((unsigned char)c) || (unsigned char)c >= 0x80;
}

/* Reads 1 to width_max digits and steps over them. */
static bool read_number(const char **text, int width_max, unsigned *value)
{
    unsigned sum = 0;
    int width = 0;

    while (is_digit(**text) && width < width_max) {
        sum = 10 * sum + (unsigned)(**text - '0');
        (*text)++;
        width++;
    }
    *value = sum;
    return width > 0 && !is_digit(**text);
}

/* hh:mm[:ss[.fraction]]: nanoseconds are cut. */
static bool read_clock(const char **text, int64_t *second)
{
    const char *at = *text;
    unsigned hour, minute, seconds = 0;

    if (!read_number(&at, 2, &hour) || *at++ != ':' || !read_number(&at, 2, &minute)) {
        return false;
    }
    if (*at == ':') {
        at++;
        if (!read_number(&at, 2, &seconds)) {
            return false;
        }
        if (*at == '.' && is_digit(at[1])) {
            at += 1 + strspn(at + 1, "0123456789");
        }
    }
    if (hour > 23 || minute > 59 || seconds > 59) {
        return false;
    }
    *second = 3600 * (int64_t)hour + 60 * (int64_t)minute + seconds;
    *text = at;
    return true;
}

/* +h, +hh, +hhmm, +hh:mm, with the minus sign of typography too. */
static bool read_offset(const char **text, int *minutes)
{
    const char *at = *text;
    int sign = *at == '-' ? -1 : 1;
    unsigned hour, minute = 0;

    if (strncmp(at, "\xe2\x88\x92", 3) == 0) {
        sign = -1;
        at += 3;
    } else if (*at == '+' || *at == '-') {
        at++;
    } else {
        return false;
    }
    if (!read_number(&at, 4, &hour)) {
        return false;
    }
    if (hour >= 100) {
        minute = hour % 100;
        hour /= 100;
    } else if (*at == ':') {
        at++;
        if (!read_number(&at, 2, &minute)) {
            return false;
        }
    }
    if (hour > 14 || minute > 59) {
        return false;
    }
    *minutes = sign * (int)(60 * hour + minute);
    *text = at;
    return true;
}

static bool date_of(const parts *found, uint32_t *date)
{
    uint32_t sum;

    if (found->year > 2199 || found->month > 12 || found->day > 31) {
        return false;
    }
    sum = 10000 * found->year + 100 * found->month + found->day;
    if (!vw_calendar_valid(sum)) {
        return false;
    }
    *date = sum;
    return true;
}

static bool instant_of(const parts *found, int64_t *instant_ns)
{
    uint32_t date;

    if (!date_of(found, &date)) {
        return false;
    }
    if (found->zone == ZONE_NEW_YORK) {
        *instant_ns = vw_calendar_ns(date, found->second);
    } else {
        int64_t day = vw_calendar_days(19700101, date);

        *instant_ns = (86400 * day + found->second - 60 * (int64_t)found->zone) * SECOND_NS;
    }
    return true;
}

/* yyyy-mm-dd, or mm/dd/yyyy and mm/dd/yy. */
static bool read_date(const char **text, parts *found)
{
    const char *at = *text;
    unsigned first, second, third;
    char mark;

    if (!read_number(&at, 4, &first) || (*at != '-' && *at != '/')) {
        return false;
    }
    mark = *at++;
    if (!read_number(&at, 2, &second) || *at++ != mark || !read_number(&at, 4, &third)) {
        return false;
    }
    if (mark == '-') {
        *found = (parts){.year = first, .month = second, .day = third, .zone = ZONE_NEW_YORK};
    } else {
        *found = (parts){.year = third < 100 ? 2000 + third : third,
                         .month = first,
                         .day = second,
                         .zone = ZONE_NEW_YORK};
    }
    *text = at;
    return true;
}

bool vw_chain_time_stamp(const char *text, int64_t *instant_ns, bool *has_time)
{
    parts found;

    if (!read_date(&text, &found)) {
        return false;
    }
    if ((*text == 'T' || *text == ' ') && is_digit(text[1])) {
        text++;
        if (!read_clock(&text, &found.second)) {
            return false;
        }
        found.has_time = true;
        if (*text == 'Z') {
            found.zone = 0;
            text++;
        } else if ((*text == '+' || *text == '-') && !read_offset(&text, &found.zone)) {
            return false;
        }
    }
    if (*text != '\0' && *text != ' ' && *text != '\t') {
        return false;
    }
    *has_time = found.has_time;
    return instant_of(&found, instant_ns);
}

static bool starts_with(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* 年月日 after a number, 上午 and 下午 (午後) before a time. */
static bool read_ideograph(const char **text, unsigned number, parts *found)
{
    static const struct {
        const char *mark;
        char means;
    } marks[] = {
        {"\xe5\xb9\xb4", 'y'},
        {"\xe6\x9c\x88", 'm'},
        {"\xe6\x97\xa5", 'd'},
        {"\xe4\xb8\x8a\xe5\x8d\x88", 'a'},
        {"\xe5\x8d\x88\xe5\x89\x8d", 'a'},
        {"\xe4\xb8\x8b\xe5\x8d\x88", 'p'},
        {"\xe5\x8d\x88\xe5\xbe\x8c", 'p'},
    };

    for (size_t i = 0; i < VW_COUNT_OF(marks); i++) {
        if (starts_with(*text, marks[i].mark)) {
            unsigned *field = marks[i].means == 'y'   ? &found->year
                              : marks[i].means == 'm' ? &found->month
                              : marks[i].means == 'd' ? &found->day
                                                      : NULL;

            *text += strlen(marks[i].mark);
            if (field != NULL) {
                *field = number;
            } else {
                found->half = marks[i].means;
            }
            return true;
        }
    }
    return false;
}

static bool read_zone(const char *word, const char **text, parts *found)
{
    for (size_t i = 0; i < VW_COUNT_OF(zones); i++) {
        if (strcmp(word, zones[i].name) == 0) {
            found->zone = zones[i].minutes;
            found->has_zone = true;
            /* "GMT-5", "UTC +2" */
            if (found->zone == 0) {
                *text += strspn(*text, " ");
                read_offset(text, &found->zone);
            }
            return true;
        }
    }
    return false;
}

/* The bytes of a no-break space or a typographic minus: they part words, like a blank. */
static size_t separator_width(const char *text)
{
    if (starts_with(text, "\xc2\xa0")) {
        return 2;
    }
    return starts_with(text, "\xe2\x80\xaf") || starts_with(text, "\xe2\x88\x92") ? 3 : 0;
}

/* Takes a word for what it can be; false when it stands where only a zone makes sense. */
static bool read_word(const char **text, parts *found)
{
    char word[16];
    size_t length = 0;

    for (; is_letter(**text) && separator_width(*text) == 0; (*text)++) {
        if (length + 1 < sizeof word) {
            word[length++] = (char)tolower((unsigned char)**text);
        }
    }
    word[length] = '\0';
    if (read_zone(word, text, found)) {
        return true;
    }
    if (found->has_time && (strcmp(word, "am") == 0 || strcmp(word, "a") == 0)) {
        found->half = 'a';
        return true;
    }
    if (found->has_time && (strcmp(word, "pm") == 0 || strcmp(word, "p") == 0)) {
        found->half = 'p';
        return true;
    }
    for (size_t i = 0; found->month == 0 && i < VW_COUNT_OF(months); i++) {
        if (starts_with(word, months[i].prefix)) {
            found->month = months[i].month;
            return true;
        }
    }
    return !found->has_time || found->has_zone || strcmp(word, "m") == 0 ||
           strcmp(word, "uhr") == 0;
}

/* Takes a number as the time, what an ideograph says, the day, or the year. */
static bool read_figure(const char **text, parts *found)
{
    const char *at = *text;
    unsigned number;

    if (!found->has_time && read_clock(text, &found->second)) {
        found->has_time = true;
        return true;
    }
    if (!read_number(&at, 4, &number)) {
        return false;
    }
    *text = at;
    if (read_ideograph(text, number, found)) {
        return true;
    }
    if (number >= 1000 && found->year == 0) {
        found->year = number;
    } else if (number <= 31 && found->day == 0) {
        found->day = number;
    } else {
        return false;
    }
    return true;
}

static bool read_words(const char *text, parts *found)
{
    *found = (parts){.zone = ZONE_NEW_YORK};
    while (*text != '\0') {
        size_t width = separator_width(text);

        if (width != 0) {
            text += width;
        } else if (is_digit(*text)) {
            if (!read_figure(&text, found)) {
                return false;
            }
        } else if (is_letter(*text)) {
            if (!read_ideograph(&text, 0, found) && !read_word(&text, found)) {
                return false;
            }
        } else {
            text++;
        }
    }
    return found->year != 0 && found->month != 0 && found->day != 0;
}

bool vw_chain_time_words(const char *text, int64_t *instant_ns)
{
    parts found;

    if (!read_words(text, &found) || !found.has_time) {
        return false;
    }
    if (found.half != 0) {
        if (found.second >= 13 * 3600) {
            return false;
        }
        found.second = found.second % (12 * 3600) + (found.half == 'p' ? 12 * 3600 : 0);
    }
    return instant_of(&found, instant_ns);
}

bool vw_chain_time_date(const char *text, uint32_t *date)
{
    const char *at = text;
    parts found;
    unsigned number;

    if (read_date(&at, &found)) {
        return *at == '\0' && date_of(&found, date);
    }
    at = text;
    if (strlen(text) == 8 && strspn(text, "0123456789") == 8) {
        number = (unsigned)strtoul(text, NULL, 10);
        found = (parts){.year = number / 10000, .month = number / 100 % 100, .day = number % 100};
        return date_of(&found, date);
    }
    return read_words(text, &found) && !found.has_time && date_of(&found, date);
}
