#include "tools/decode_lines.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <yajl/yajl_gen.h>

#define NS_PER_SECOND UINT64_C(1000000000)

struct vw_lines {
    FILE *to;
    yajl_gen gen;
};

static void put(yajl_gen_status status)
{
    vw_check(status == yajl_gen_status_ok);
}

vw_lines *vw_lines_open(FILE *to)
{
    vw_lines *lines = calloc(1, sizeof *lines);

    vw_check(lines != NULL);
    lines->to = to;
    lines->gen = yajl_gen_alloc(NULL);
    vw_check(lines->gen != NULL);
    return lines;
}

void vw_lines_close(vw_lines *lines)
{
    if (lines != NULL) {
        yajl_gen_free(lines->gen);
        free(lines);
    }
}

void vw_lines_begin(vw_lines *lines)
{
    put(yajl_gen_map_open(lines->gen));
}

void vw_lines_end(vw_lines *lines)
{
    const unsigned char *text;
    size_t size;

    put(yajl_gen_map_close(lines->gen));
    put(yajl_gen_get_buf(lines->gen, &text, &size));
    fwrite(text, 1, size, lines->to);
    fputc('\n', lines->to);
    yajl_gen_clear(lines->gen);
    yajl_gen_reset(lines->gen, NULL);
}

void vw_lines_name(vw_lines *lines, const char *name)
{
    vw_lines_string(lines, name);
}

void vw_lines_object(vw_lines *lines, bool begin)
{
    put(begin ? yajl_gen_map_open(lines->gen) : yajl_gen_map_close(lines->gen));
}

void vw_lines_array(vw_lines *lines, bool begin)
{
    put(begin ? yajl_gen_array_open(lines->gen) : yajl_gen_array_close(lines->gen));
}

void vw_lines_null(vw_lines *lines)
{
    put(yajl_gen_null(lines->gen));
}

void vw_lines_signed(vw_lines *lines, int64_t value)
{
    put(yajl_gen_integer(lines->gen, value));
}

void vw_lines_whole(vw_lines *lines, uint64_t value)
{
    char text[24];

    if (value <= INT64_MAX) {
        vw_lines_signed(lines, (int64_t)value);
        return;
    }
    snprintf(text, sizeof text, "%" PRIu64, value);
    vw_lines_string(lines, text);
}

void vw_lines_string(vw_lines *lines, const char *text)
{
    put(yajl_gen_string(lines->gen, (const unsigned char *)text, strlen(text)));
}

void vw_lines_text(vw_lines *lines, const void *text, size_t size, bool trim)
{
    const unsigned char *from = text;
    unsigned char utf8[2 * 1024];
    size_t used = 0;

    while (trim && size > 0 && (from[size - 1] == ' ' || from[size - 1] == '\0')) {
        size--;
    }
    for (size_t i = 0; i < size && used + 2 <= sizeof utf8; i++) {
        if (trim && from[i] == '\0') {
            break; /* what follows a NUL is not text */
        }
        if (from[i] < 0x80) {
            utf8[used++] = from[i];
        } else {
            utf8[used++] = (unsigned char)(0xC0 | from[i] >> 6);
            utf8[used++] = (unsigned char)(0x80 | (from[i] & 0x3F));
        }
    }
    put(yajl_gen_string(lines->gen, utf8, used));
}

void vw_lines_decimal(vw_lines *lines, int64_t value, uint32_t decimals)
{
    uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    char digits[24], text[32];
    int used = 0;

    int count = snprintf(digits, sizeof digits, "%0*" PRIu64, (int)decimals + 1, size);
    int whole = count - (int)decimals;

    while (count > whole && digits[count - 1] == '0') {
        count--;
    }
    used = snprintf(text, sizeof text, "%s%.*s", value < 0 ? "-" : "", whole, digits);
    if (count > whole) {
        used += snprintf(text + used, sizeof text - (size_t)used, ".%.*s", count - whole,
                         digits + whole);
    }
    put(yajl_gen_number(lines->gen, text, (size_t)used));
}

void vw_lines_hex(vw_lines *lines, const void *bytes, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *from = bytes;
    char stack[512] = "", *text = size <= sizeof stack / 2 ? stack : malloc(2 * size);

    vw_check(text != NULL);
    for (size_t i = 0; i < size; i++) {
        text[2 * i] = digits[from[i] >> 4];
        text[2 * i + 1] = digits[from[i] & 15];
    }
    put(yajl_gen_string(lines->gen, (const unsigned char *)text, 2 * size));
    if (text != stack) {
        free(text);
    }
}

void vw_lines_instant(vw_lines *lines, uint64_t instant_ns)
{
    time_t seconds = (time_t)(instant_ns / NS_PER_SECOND);
    char text[64];
    struct tm tm;

    gmtime_r(&seconds, &tm);
    size_t used = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &tm);

    snprintf(text + used, sizeof text - used, ".%09" PRIu64 "Z", instant_ns % NS_PER_SECOND);
    vw_lines_string(lines, text);
}

void vw_lines_clock(vw_lines *lines, uint64_t since_midnight_ns)
{
    uint64_t seconds = since_midnight_ns / NS_PER_SECOND;
    char text[64];

    if (seconds > 2 * 86400) { /* a session may run beyond midnight */
        vw_lines_null(lines);
        return;
    }
    snprintf(text, sizeof text, "%02" PRIu64 ":%02" PRIu64 ":%02" PRIu64 ".%09" PRIu64,
             seconds / 3600, seconds / 60 % 60, seconds % 60, since_midnight_ns % NS_PER_SECOND);
    vw_lines_string(lines, text);
}

void vw_lines_date(vw_lines *lines, uint64_t date)
{
    uint64_t year = date / 10000, month = date / 100 % 100, day = date % 100;
    char text[64];

    if (year < 1000 || year > 9999 || month < 1 || month > 12 || day < 1 || day > 31) {
        vw_lines_null(lines);
        return;
    }
    snprintf(text, sizeof text, "%04" PRIu64 "-%02" PRIu64 "-%02" PRIu64, year, month, day);
    vw_lines_string(lines, text);
}
