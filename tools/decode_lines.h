/* decode_lines.h: JSON lines as `vegawire decode` writes them: values appended, a line at a time.
 *
 * Threads  one thread.
 * Memory   open allocates; the line grows with what is put into it.
 * Units    a whole number beyond 2^63 - 1 becomes a string, as everywhere; a scaled number is
 * written with its exact decimals. */
#ifndef VW_TOOLS_DECODE_LINES_H
#define VW_TOOLS_DECODE_LINES_H

#include "core/base/base.h"

#include <stdio.h>

typedef struct vw_lines vw_lines;

vw_lines *vw_lines_open(FILE *to);
void vw_lines_close(vw_lines *lines);

/* A line is one object: begin, then a name before each value, end writes it. */
void vw_lines_begin(vw_lines *lines);
void vw_lines_end(vw_lines *lines);

void vw_lines_name(vw_lines *lines, const char *name);
void vw_lines_object(vw_lines *lines, bool begin);
void vw_lines_array(vw_lines *lines, bool begin);

void vw_lines_null(vw_lines *lines);
void vw_lines_whole(vw_lines *lines, uint64_t value);
void vw_lines_signed(vw_lines *lines, int64_t value);
void vw_lines_string(vw_lines *lines, const char *text);

/* vw_lines_text writes size bytes, each a character; trim leaves out what pads them at the end. */
void vw_lines_text(vw_lines *lines, const void *text, size_t size, bool trim);

/* vw_lines_decimal writes value / 10^decimals, decimals in [0, 18]. */
void vw_lines_decimal(vw_lines *lines, int64_t value, uint32_t decimals);

void vw_lines_hex(vw_lines *lines, const void *bytes, size_t size);

/* vw_lines_instant writes Unix nanoseconds as "2023-11-29T20:56:44.954681088Z". */
void vw_lines_instant(vw_lines *lines, uint64_t instant_ns);

/* vw_lines_clock writes a time of day as "09:30:00.000754000"; null beyond a day. */
void vw_lines_clock(vw_lines *lines, uint64_t since_midnight_ns);

/* vw_lines_date writes yyyymmdd as "2024-01-19"; null if it is no date. */
void vw_lines_date(vw_lines *lines, uint64_t date);

#endif
