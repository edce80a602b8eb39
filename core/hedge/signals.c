#include "core/hedge/signals.h"

const char *vw_signal_name(vw_signal_id signal)
{
#define X(name, number, text, value) text,
    static const char *const names[] = {VW_SIGNALS(X)};
#undef X

    return (size_t)signal < VW_SIGNAL_COUNT ? names[signal] : "unknown";
}

const char *vw_detail_name(vw_detail detail)
{
    static const char *const names[] = {
        "spread_histogram",
        "spread_histogram_running",
        "vix_histogram",
        "vix_histogram_running",
        "ratio_rsi",
        "vix_rsi",
        "spx_rsi",
        "cm30_rsi",
        "realised",
        "contango",
        "inversion",
        "cm30",
        "basis",
    };

    _Static_assert(VW_COUNT_OF(names) == VW_DETAIL_COUNT, "one name each");
    return (size_t)detail < VW_DETAIL_COUNT ? names[detail] : "unknown";
}

const char *vw_cause_name(vw_cause cause)
{
    static const char *const names[] = {"none", "stress", "headline"};

    return (size_t)cause < VW_COUNT_OF(names) ? names[cause] : "unknown";
}
