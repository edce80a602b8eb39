#include "core/hedge/reasons.h"

#define X_NAME(name, text, phrase) text,
#define X_TEXT(name, text, phrase) phrase,

_Static_assert(VW_REASON_COUNT <= 64 && VW_WARNING_COUNT <= 64, "one bit each in a vw_reason_set");

const char *vw_reason_name(vw_reason reason)
{
    static const char *const names[] = {VW_REASONS(X_NAME)};

    return (size_t)reason < VW_REASON_COUNT ? names[reason] : "unknown";
}

const char *vw_reason_text(vw_reason reason)
{
    static const char *const texts[] = {VW_REASONS(X_TEXT)};

    return (size_t)reason < VW_REASON_COUNT ? texts[reason] : "unknown";
}

const char *vw_warning_name(vw_warning warning)
{
    static const char *const names[] = {VW_WARNINGS(X_NAME)};

    return (size_t)warning < VW_WARNING_COUNT ? names[warning] : "unknown";
}

const char *vw_warning_text(vw_warning warning)
{
    static const char *const texts[] = {VW_WARNINGS(X_TEXT)};

    return (size_t)warning < VW_WARNING_COUNT ? texts[warning] : "unknown";
}
