/* decision_text.h: a hedge decision for a person: what, why, and what would change it.
 *
 * Threads  pure, but for the stream. */
#ifndef VW_TOOLS_DECISION_TEXT_H
#define VW_TOOLS_DECISION_TEXT_H

#include "core/hedge/decision.h"

#include <stdio.h>

/* vw_decision_explain writes about forty lines. */
void vw_decision_explain(const vw_decision *decision, const vw_hedge_inputs *inputs,
                         const vw_hedge_settings *settings, FILE *to);

#endif
