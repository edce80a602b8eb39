/* opra_bytes.h: OPRA messages and blocks written byte by byte, for tests. */
#ifndef VW_TESTS_FEEDS_OPRA_BYTES_H
#define VW_TESTS_FEEDS_OPRA_BYTES_H

#include "feeds/opra.h"

#include <string.h>

/* A block or message being written, big-endian. */
typedef struct bytes {
    unsigned char at[1500];
    size_t size;
} bytes;

static inline void put(bytes *to, uint64_t value, size_t size)
{
    while (size-- > 0) {
        to->at[to->size++] = (unsigned char)(value >> (8 * size));
    }
}

static inline void put_text(bytes *to, const char *text)
{
    memcpy(to->at + to->size, text, strlen(text));
    to->size += strlen(text);
}

static inline void put_head(bytes *to, char category, char type, char indicator)
{
    put(to, 'C', 1);
    put(to, (unsigned char)category, 1);
    put(to, (unsigned char)type, 1);
    put(to, (unsigned char)indicator, 1);
    put(to, 77001, 4);
    put(to, 42, 4);
}

static inline void put_series(bytes *to, char month, char strike_code, uint32_t strike)
{
    put_text(to, "SPXW ");
    put(to, 0, 1);
    put(to, (unsigned char)month, 1);
    put(to, 19, 1);
    put(to, 26, 1);
    put(to, (unsigned char)strike_code, 1);
    put(to, strike, 4);
}

static inline bytes long_quote(char indicator, char month, char strike_code, char price_code)
{
    bytes to = {.size = 0};

    put_head(&to, 'k', 'B', indicator);
    put_series(&to, month, strike_code, 6825000);
    put(&to, (unsigned char)price_code, 1);
    put(&to, (uint32_t)-125, 4);
    put(&to, 10, 4);
    put(&to, 1475, 4);
    put(&to, 20, 4);
    return to;
}

static inline void put_appendage(bytes *to, char participant, int32_t price)
{
    put(to, (unsigned char)participant, 1);
    put(to, 'B', 1);
    put(to, (uint32_t)price, 4);
    put(to, 300, 4);
}

/* put_block writes the header of a block of `count` messages; end_block adds the pad byte, and what
 * is known only then. */
static inline void put_block(bytes *to, uint32_t sequence, unsigned count, int64_t time_ns)
{
    put(to, 6, 1);
    put(to, 0, 2);
    put_text(to, "O ");
    put(to, 0, 1);
    put(to, sequence, 4);
    put(to, count, 1);
    put(to, (uint64_t)(time_ns / 1000000000), 4);
    put(to, (uint64_t)(time_ns % 1000000000), 4);
    put(to, 0, 2);
}

static inline void put_bytes(bytes *to, const bytes *more)
{
    memcpy(to->at + to->size, more->at, more->size);
    to->size += more->size;
}

static inline void end_block(bytes *to)
{
    uint32_t sum = 0;

    if (to->size % 2 != 0) {
        to->at[to->size++] = 0;
    }
    to->at[1] = (unsigned char)(to->size >> 8);
    to->at[2] = (unsigned char)to->size;
    to->at[19] = to->at[20] = 0;
    for (size_t i = 0; i < to->size; i++) {
        sum += to->at[i];
    }
    to->at[19] = (unsigned char)(sum >> 8);
    to->at[20] = (unsigned char)sum;
}

#endif
