#include "tools/decimal.h"

#include "core/base/base.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { POWER_MIN = -343, POWER_MAX = 324, LIMBS = 22, DIGITS = 17, TEXT_MAX = 800 };

typedef unsigned __int128 wide;

/* 10^q = significand 2^exponent, the significand cut to 128 bits, its top bit set. */
typedef struct power {
    uint64_t high, low;
    int exponent;
} power;

static power powers[POWER_MAX - POWER_MIN + 1];

/* A whole number in base 2^64, most significant last; large enough for 5^343 and 2^1408 / 5^343. */
typedef struct whole {
    uint64_t limb[LIMBS];
} whole;

static void multiply_by_5(whole *n)
{
    uint64_t carry = 0;

    for (int i = 0; i < LIMBS; i++) {
        wide product = (wide)n->limb[i] * 5 + carry;

        n->limb[i] = (uint64_t)product;
        carry = (uint64_t)(product >> 64);
    }
}

static void divide_by_5(whole *n)
{
    uint64_t rest = 0;

    for (int i = LIMBS - 1; i >= 0; i--) {
        wide part = ((wide)rest << 64) | n->limb[i];

        n->limb[i] = (uint64_t)(part / 5);
        rest = (uint64_t)(part % 5);
    }
}

static uint64_t bits_at(const whole *n, int bit)
{
    int limb = bit >= 0 ? bit / 64 : -1, shift = bit & 63;
    uint64_t low = limb >= 0 ? n->limb[limb] : 0;
    uint64_t high = limb + 1 < LIMBS ? n->limb[limb + 1] : 0;

    return shift == 0 ? low : (low >> shift) | (high << (64 - shift));
}

/* The top 128 bits of n 2^scale. */
static power cut(const whole *n, int scale)
{
    int top = LIMBS - 1, bit;

    while (n->limb[top] == 0) {
        top--;
    }
    bit = 64 * top + 64 - __builtin_clzll(n->limb[top]) - 128; /* of the lowest bit kept */
    if (bit >= -64) {
        return (power){bits_at(n, bit + 64), bits_at(n, bit), bit + scale};
    }
    return (power){n->limb[0] << (-bit - 64), 0, bit + scale};
}

void vw_decimal_start(void)
{
    whole up = {{1}}, down = {{0}};

    down.limb[LIMBS - 1] = (uint64_t)1 << 63;
    for (int q = 0; q <= POWER_MAX; q++) {
        powers[q - POWER_MIN] = cut(&up, q);
        multiply_by_5(&up);
    }
    for (int q = -1; q >= POWER_MIN; q--) {
        divide_by_5(&down);
        powers[q - POWER_MIN] = cut(&down, q - (64 * LIMBS - 1));
    }
}

/* The top 128 bits of a 10^q, and the exponent of their lowest bit; a has its top bit set.  What
 * is cut off is less than 3 of that bit. */
static wide multiply(uint64_t a, int q, int *exponent)
{
    const power *p = &powers[q - POWER_MIN];
    wide low = (wide)a * p->low, high = (wide)a * p->high + (low >> 64);

    *exponent = p->exponent + 64;
    return high;
}

/* ---- text to number ---- */

typedef struct number {
    uint64_t digits; /* the first 19, as a whole number */
    int exponent;    /* value = digits 10^exponent, if exact */
    bool negative, exact;
} number;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static const char *scan_digits(const char *at, const char *end, number *n, int *used, int step)
{
    for (; at < end && is_digit(*at); at++) {
        if (*used < 19) {
            n->digits = 10 * n->digits + (uint64_t)(*at - '0');
            *used += n->digits != 0;
            n->exponent += step;
        } else {
            n->exact = n->exact && *at == '0';
            n->exponent += step + 1;
        }
    }
    return at;
}

static bool scan_exponent(const char *at, const char *end, number *n)
{
    bool negative = at < end && *at == '-';
    int exponent = 0;

    at += at < end && (*at == '-' || *at == '+');
    if (at == end) {
        return false;
    }
    for (; at < end; at++) {
        if (!is_digit(*at)) {
            return false;
        }
        exponent = exponent < 100000 ? 10 * exponent + (*at - '0') : exponent;
    }
    n->exponent += negative ? -exponent : exponent;
    return true;
}

/* Whether [at, end) is a number, and its digits. */
static bool scan(const char *at, const char *end, number *n)
{
    const char *whole_part;
    int used = 0;
    bool any;

    n->negative = at < end && *at == '-';
    at += at < end && (*at == '-' || *at == '+');
    whole_part = at;
    at = scan_digits(at, end, n, &used, 0);
    any = at > whole_part;
    if (at < end && *at == '.') {
        const char *fraction = ++at;

        at = scan_digits(at, end, n, &used, -1);
        any = any || at > fraction;
    }
    if (!any) {
        return false;
    }
    if (at < end && (*at == 'e' || *at == 'E')) {
        return scan_exponent(at + 1, end, n);
    }
    return at == end;
}

static double parse_by_library(const char *text, size_t size)
{
    char copy[TEXT_MAX];

    vw_check(size < sizeof copy);
    memcpy(copy, text, size);
    copy[size] = '\0';
    return strtod(copy, NULL);
}

/* Rounds to 53 bits; false where the digits cut off could turn the rounding, or out of range. */
static bool round_product(const number *n, double *value)
{
    int shift = __builtin_clzll(n->digits), exponent;
    wide product = multiply(n->digits << shift, n->exponent, &exponent), rest, half;
    int drop = (product >> 127 ? 128 : 127) - 53;
    uint64_t mantissa = (uint64_t)(product >> drop);

    exponent += drop - shift;
    half = (wide)1 << (drop - 1);
    rest = product & ((half << 1) - 1);
    if ((rest <= half && half - rest <= 4) || exponent < -1022 - 52 || exponent > 970) {
        return false;
    }
    mantissa += rest > half;
    *value = ldexp((double)mantissa, exponent);
    return true;
}

bool vw_decimal_parse(const char *text, size_t size, double *value)
{
    static const double tens[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                  1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    const char *end = text + size;
    number n = {.exact = true};
    double result;

    while (text < end && (*text == ' ' || *text == '\t')) {
        text++;
    }
    while (end > text && (end[-1] == ' ' || end[-1] == '\t')) {
        end--;
    }
    if (end - text >= TEXT_MAX || !scan(text, end, &n)) {
        return false;
    }
    if (n.exact && n.digits == 0) {
        result = 0;
    } else if (n.exact && n.digits >> 53 == 0 && n.exponent >= -22 && n.exponent <= 22) {
        result = n.exponent < 0 ? (double)n.digits / tens[-n.exponent]
                                : (double)n.digits * tens[n.exponent];
    } else if (!(n.exact && n.exponent >= POWER_MIN && n.exponent <= 308 &&
                 round_product(&n, &result))) {
        *value = parse_by_library(text, (size_t)(end - text));
        return true;
    }
    *value = n.negative ? -result : result;
    return true;
}

/* ---- number to text ---- */

#define DIGITS_LOW 10000000000000000U /* 10^16 */

/* value = digits 10^(*power - 16), rounded to 17 digits; 0 where the product cannot tell. */
static uint64_t seventeen_digits(double value, int *power_of_ten)
{
    int binary, exponent;
    uint64_t mantissa = (uint64_t)ldexp(frexp(value, &binary), 64); /* top bit set */
    int k = (int)floor((binary - 1) * 0.30102999566398119521);

    for (int tries = 0; tries < 2; tries++, k++) {
        wide product, half, rest;
        uint64_t digits;
        int drop;

        if (16 - k > POWER_MAX) {
            return 0;
        }
        product = multiply(mantissa, 16 - k, &exponent);
        drop = -(exponent + binary - 64);
        if (drop < 68 || drop > 76) {
            continue; /* 17 digits are 54 to 57 bits */
        }
        half = (wide)1 << (drop - 1);
        digits = (uint64_t)(product >> drop);
        rest = product & ((half << 1) - 1);
        if ((rest > half ? rest - half : half - rest) <= 4) {
            return 0;
        }
        digits += rest > half;
        if (digits >= DIGITS_LOW && digits < 10 * DIGITS_LOW) {
            *power_of_ten = k;
            return digits;
        }
    }
    return 0;
}

static size_t put_scientific(char *to, const char *digits, int count, int k)
{
    size_t size = 0;
    int e = k < 0 ? -k : k;

    to[size++] = digits[0];
    if (count > 1) {
        to[size++] = '.';
        memcpy(to + size, digits + 1, (size_t)count - 1);
        size += (size_t)count - 1;
    }
    to[size++] = 'e';
    to[size++] = k < 0 ? '-' : '+';
    if (e >= 100) {
        to[size++] = (char)('0' + e / 100);
    }
    to[size++] = (char)('0' + e / 10 % 10);
    to[size++] = (char)('0' + e % 10);
    return size;
}

static size_t put_fixed(char *to, const char *digits, int count, int k)
{
    size_t size = 0;
    int before = k + 1; /* digits before the point */

    if (before <= 0) {
        memcpy(to, "0.0000", 6);
        size = 2 + (size_t)-before;
        memcpy(to + size, digits, (size_t)count);
        return size + (size_t)count;
    }
    memcpy(to, digits, (size_t)before); /* zeros where count is less */
    if (count <= before) {
        return (size_t)before;
    }
    to[before] = '.';
    memcpy(to + before + 1, digits + before, (size_t)(count - before));
    return (size_t)count + 1;
}

size_t vw_decimal_print(char *to, double value)
{
    char digits[DIGITS];
    uint64_t rest;
    size_t sign = 0;
    int k = 0, count = DIGITS;

    if (value == 0) {
        *to = '0';
        return 1;
    }
    rest = isfinite(value) ? seventeen_digits(fabs(value), &k) : 0;
    if (rest == 0) {
        return (size_t)snprintf(to, VW_DECIMAL_SIZE_MAX, "%.17g", value);
    }
    for (int i = DIGITS; i-- > 0; rest /= 10) {
        digits[i] = (char)('0' + rest % 10);
    }
    while (count > 1 && digits[count - 1] == '0') {
        count--;
    }
    if (value < 0) {
        to[sign++] = '-';
    }
    return sign + (k < -4 || k >= DIGITS ? put_scientific(to + sign, digits, count, k)
                                         : put_fixed(to + sign, digits, count, k));
}
