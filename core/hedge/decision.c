#include "core/hedge/decision.h"

const char *vw_proposal_kind_name(vw_proposal_kind kind)
{
    static const char *const names[VW_PROPOSAL_COUNT] = {"hedge", "roll", "wing",
                                                         "delta", "exit", "entry"};

    return (size_t)kind < VW_PROPOSAL_COUNT ? names[kind] : "unknown";
}

const char *vw_urgency_name(vw_urgency urgency)
{
    static const char *const names[] = {"none", "patient", "normal", "now"};

    return (size_t)urgency < VW_COUNT_OF(names) ? names[urgency] : "unknown";
}
