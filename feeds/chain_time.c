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
static const char *const months[] = {
    "jan ene gen sty oca янв",
    "feb fev fév lut şub фев",
    "mar mär maa mrt мар",
    "apr abr avr kwi nis апр",
    "may mai mag mei maj мая май",
    "jun juin giu cze haz июн",
    "jul juil lug lip tem июл",
    "aug ago aoû sie ağu авг",
    "sep set wrz eyl сен",
    "oct okt out ott paź eki окт",
    "nov lis kas ноя",
    "dec dic dez déc des gru ara дек",
};

static const struct {
    const char *name;
    int minutes;
} zones[] = {
    {"et", ZONE_NEW_YORK}, {"est", -300}, {"edt", -240}, {"hne", -300}, {"hae", -240},

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

/* Steps over what parts hours and minutes: ":", or " h " in Quebec. */
static bool skip_hour_mark(const char **text)
{
    size_t width = **text == ':' ? 1 : strncmp(*text, " h ", 3) == 0 ? 3 : 0;

    *text += width;
    return width > 0;
}

/* hh:mm[:ss[.fraction]]: nanoseconds are cut. */
static bool read_clock(const char **text, int64_t *second)
{
    const char *at = *text;
    unsigned hour, minute, seconds = 0;

    if (!read_number(&at, 2, &hour) || !skip_hour_mark(&at) || !read_number(&at, 2, &minute)) {
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

/* 年月日 (년월일) after a number, 上午 and 下午 (午後, 오후) before a time. */
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
        {"\xeb\x85\x84", 'y'},
        {"\xec\x9b\x94", 'm'},
        {"\xec\x9d\xbc", 'd'},
        {"\xec\x98\xa4\xec\xa0\x84", 'a'},
        {"\xec\x98\xa4\xed\x9b\x84", 'p'},
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

/* The month that a word begins like, or 0. */
static unsigned month_of(const char *word)
{
    for (unsigned month = 0; month < VW_COUNT_OF(months); month++) {
        size_t size;

        for (const char *at = months[month]; *at != '\0'; at += size + (at[size] == ' ')) {
            size = strcspn(at, " ");
            if (strncmp(word, at, size) == 0) {
                return month + 1;
            }
        }
    }
    return 0;
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
    if (found->month == 0) {
        found->month = month_of(word);
        if (found->month != 0) {
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

/* A stamp and nothing else: what follows one might be a zone. */
static bool read_stamp_alone(const char *text, int64_t *instant_ns)
{
    size_t size;
    int64_t found;
    bool has_time;

    text += strspn(text, " ");
    size = strspn(text, "0123456789-:.TZ+ ");
    if (text[size] != '\0' || !vw_chain_time_stamp(text, &found, &has_time) || !has_time) {
        return false;
    }
    *instant_ns = found;
    return true;
}

bool vw_chain_time_words(const char *text, int64_t *instant_ns)
{
    parts found;

    if (!read_words(text, &found) || !found.has_time) {
        return read_stamp_alone(text, instant_ns);
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
        int64_t second;

        if ((*at == ' ' || *at == 'T') && is_digit(at[1])) {
            at++;
            (void)read_clock(&at, &second); /* where there is none, *at says so */
        }
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

bool vw_chain_time_says(const char *text, uint32_t date)
{
    unsigned year = date / 10000, month = date / 100 % 100, day = date % 100, number[3];

    for (size_t i = 0; i < 3; i++) {
        if (!read_number(&text, 4, &number[i]) || (i < 2 && strchr("-/.", *text) == NULL) ||
            (i < 2 && *text++ == '\0')) {
            return false;
        }
    }
    if (number[0] == year) { /* year, month, day */
        return *text == '\0' && number[1] == month && number[2] == day;
    }
    return *text == '\0' && (number[2] == year || number[2] == year % 100) &&
           ((number[0] == day && number[1] == month) || (number[0] == month && number[1] == day));
}
