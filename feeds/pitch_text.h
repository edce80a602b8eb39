/* pitch_text.h: the wire's blank-padded text and C's; for the PITCH codecs only. */
#ifndef VW_FEEDS_PITCH_TEXT_H
#define VW_FEEDS_PITCH_TEXT_H

#include "core/base/base.h"

#include <string.h>

/* vw_text_trim copies size characters without trailing blanks and fills up with NUL. */
static inline void vw_text_trim(char *to, const char *from, size_t size)
{
    while (size > 0 && from[size - 1] == ' ') {
        to[--size] = '\0';
    }
    memcpy(to, from, size);
}

/* vw_text_symbol does so for a feed symbol, which nearly always has six characters. */
static inline void vw_text_symbol(char to[8], const char from[6])
{
    memset(to, 0, 8);
    if (from[5] != ' ') {
        memcpy(to, from, 6);
    } else {
        vw_text_trim(to, from, 6);
    }
}

/* vw_text_pad writes size characters: text up to its NUL, then blanks. */
static inline void vw_text_pad(char *to, const char *text, size_t size)
{
    size_t length = strnlen(text, size);

    memcpy(to, text, length);
    memset(to + length, ' ', size - length);
}

#endif
