#include "core/base/status.h"

const char *vw_status_name(vw_status status)
{
    static const char *const names[VW_STATUS_COUNT] = {
        "ok",      "below_intrinsic", "at_intrinsic", "above_max", "bad_input",
        "expired", "no_market",       "one_sided",    "stale",
    };

    vw_check((unsigned)status < VW_STATUS_COUNT);
    return names[status];
}

const char *vw_quote_name(unsigned bit)
{
    static const char *const names[VW_QUOTE_BITS] = {
        "carried", "interpolated", "extrapolated", "one_sided",
        "crossed", "stale",        "halted",       "absent",
    };

    vw_check(bit < VW_QUOTE_BITS);
    return names[bit];
}
