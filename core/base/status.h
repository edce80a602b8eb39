/* status.h: the one list of what can be said of a computed number, and of a quote.
 *
 * The same words in C, CSV, JSON and FlatBuffers (architecture, rule 8). */
#ifndef VW_CORE_BASE_STATUS_H
#define VW_CORE_BASE_STATUS_H

#include "core/base/base.h"

/* Of a computation.  VW_STATUS_OK means the number beside it is good; at any other the header of
 * the function says what the number is. */
typedef enum vw_status {
    VW_STATUS_OK,
    VW_STATUS_BELOW_INTRINSIC, /* time value < 0 */
    VW_STATUS_AT_INTRINSIC,    /* time value = 0 */
    VW_STATUS_ABOVE_MAX,       /* call >= discount forward, put >= discount strike */
    VW_STATUS_BAD_INPUT,       /* not finite, forward or strike <= 0, ask < bid */
    VW_STATUS_EXPIRED,         /* years <= 0 */
    VW_STATUS_NO_MARKET,       /* no quote to compute from */
    VW_STATUS_ONE_SIDED,       /* only one side is quoted */
    VW_STATUS_STALE,           /* computed, from inputs that may be out of date */
    VW_STATUS_COUNT,
} vw_status;

/* vw_status_name returns "ok", "below_intrinsic", ... for status in [0, VW_STATUS_COUNT). */
const char *vw_status_name(vw_status status);

/* Of a quote: a set of bits, 0 when live and two-sided. */
enum {
    VW_QUOTE_CARRIED = 1 << 0,      /* the last good value, kept */
    VW_QUOTE_INTERPOLATED = 1 << 1, /* from the surface, between quotes */
    VW_QUOTE_EXTRAPOLATED = 1 << 2, /* from the surface, beyond the last quote */
    VW_QUOTE_ONE_SIDED = 1 << 3,    /* bid or ask missing */
    VW_QUOTE_CROSSED = 1 << 4,      /* bid > ask */
    VW_QUOTE_STALE = 1 << 5,        /* a gap or a dead line may have changed it unseen */
    VW_QUOTE_HALTED = 1 << 6,       /* not trading */
    VW_QUOTE_ABSENT = 1 << 7,       /* never quoted, or no side left */
};
#define VW_QUOTE_BITS 8

/* vw_quote_name returns the word of one bit: "carried" for bit 0 ... "absent" for bit 7. */
const char *vw_quote_name(unsigned bit);

#endif
