/* decimal.h: doubles from text and to 17 digits, at the speed of streams of rows.
 *
 * The C library's own take a third of a microsecond a number, more than pricing an option does.
 * These give the same results by one 128-bit product, and leave to the library the rare numbers
 * that it cannot decide.
 *
 * Threads  vw_decimal_start once before any other; then pure functions. */
#ifndef VW_TOOLS_DECIMAL_H
#define VW_TOOLS_DECIMAL_H

#include <stdbool.h>
#include <stddef.h>

#define VW_DECIMAL_SIZE_MAX 32 /* bytes that vw_decimal_print may write */

/* vw_decimal_start makes the table of powers of ten. */
void vw_decimal_start(void);

/* vw_decimal_parse reads a decimal number that fills text, but for blanks around it: sign, digits
 * with one point, exponent.  No hexadecimal, no nan or inf: false, and value is left alone.  The
 * value is the nearest double, infinity beyond. */
bool vw_decimal_parse(const char *text, size_t size, double *value);

/* vw_decimal_print writes what printf gives for %.17g, without the terminating NUL and with 0 for
 * -0, and returns its size. */
size_t vw_decimal_print(char *to, double value);

#endif
