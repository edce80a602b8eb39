#include "core/market/symbol.h"

#include "core/market/calendar.h"

#include <string.h>

enum { ROOT_MAX = 6, OSI_SIZE = 21, OSI_TAIL = 15 };

static const vw_root roots[] = {
    {"SPX", VW_FAMILY_SPX, 'A', 100}, {"SPXW", VW_FAMILY_SPX, 'P', 100},
    {"VIX", VW_FAMILY_VIX, 'A', 100}, {"VIXW", VW_FAMILY_VIX, 'A', 100},
    {"VX", VW_FAMILY_VX, 'A', 1000},  {"VXM", VW_FAMILY_VX, 'A', 100},
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_root_char(char c)
{
    return (c >= 'A' && c <= 'Z') || is_digit(c);
}

/* The length of a padded root, or 0 when it is empty, too long, or goes on after the padding. */
static size_t root_length(const char *root, size_t size)
{
    size_t length = 0;

    while (length < size && is_root_char(root[length])) {
        length++;
    }
    for (size_t i = length; i < size && root[i] != '\0'; i++) {
        if (root[i] != ' ') {
            return 0;
        }
    }
    return length <= ROOT_MAX ? length : 0;
}

/* "VX01" ... "VX53", the week of the year: the Wednesdays without a monthly. */
static bool is_weekly_vx(const char *root, size_t length)
{
    int week;

    if (length != 4 || root[0] != 'V' || root[1] != 'X' || !is_digit(root[2]) ||
        !is_digit(root[3])) {
        return false;
    }
    week = 10 * (root[2] - '0') + (root[3] - '0');
    return week >= 1 && week <= 53;
}

const vw_root *vw_root_find(const char *root, size_t size)
{
    size_t length = root_length(root, size);

    if (length == 0) {
        return NULL;
    }
    if (is_weekly_vx(root, length)) {
        length = 2;
    }
    for (size_t i = 0; i < VW_COUNT_OF(roots); i++) {
        if (strlen(roots[i].name) == length && memcmp(roots[i].name, root, length) == 0) {
            return &roots[i];
        }
    }
    return NULL;
}

char vw_root_settlement(const vw_root *root, uint32_t expiry)
{
    enum { THURSDAY = 4, FRIDAY = 5 };

    if (root->family != VW_FAMILY_SPX || root->settlement != 'A' || !vw_calendar_valid(expiry)) {
        return root->settlement;
    }
    int weekday = vw_calendar_weekday(expiry);
    uint32_t day = vw_calendar_add_days(expiry, FRIDAY - weekday) % 100;

    return weekday >= THURSDAY && day >= 15 && day <= 21 ? 'A' : 'P';
}

static bool read_digits(const char *text, size_t count, uint32_t *value)
{
    uint32_t sum = 0;

    for (size_t i = 0; i < count; i++) {
        if (!is_digit(text[i])) {
            return false;
        }
        sum = 10 * sum + (uint32_t)(text[i] - '0');
    }
    *value = sum;
    return true;
}

bool vw_symbol_from_osi(const char *osi, size_t size, vw_symbol *symbol)
{
    const char *tail;
    uint32_t date, strike;
    size_t length, padded = size - OSI_TAIL;

    if (size <= OSI_TAIL || size > OSI_SIZE) {
        return false;
    }
    tail = osi + padded;
    length = root_length(osi, padded);
    if (length == 0 || memchr(osi, '\0', padded) != NULL || (size < OSI_SIZE && length != padded)) {
        return false;
    }
    if (!read_digits(tail, 6, &date) || (tail[6] != 'C' && tail[6] != 'P') ||
        !read_digits(tail + 7, 8, &strike) || strike == 0 || !vw_calendar_valid(20000000 + date)) {
        return false;
    }
    *symbol =
        (vw_symbol){.expiry = 20000000 + date, .type = tail[6], .strike = 10 * (int64_t)strike};
    memcpy(symbol->root, osi, length);
    return true;
}

static void write_digits(char *text, int count, uint32_t value)
{
    while (count-- > 0) {
        text[count] = (char)('0' + value % 10);
        value /= 10;
    }
}

void vw_symbol_to_osi(const vw_symbol *symbol, char osi[22])
{
    size_t length = strnlen(symbol->root, ROOT_MAX);

    memset(osi, ' ', ROOT_MAX);
    memcpy(osi, symbol->root, length);
    write_digits(osi + 6, 6, symbol->expiry % 1000000);
    osi[12] = symbol->type;
    write_digits(osi + 13, 8, (uint32_t)(symbol->strike / 10));
    osi[21] = '\0';
}
