/* decision_json.h: a hedge decision as one JSON object, from its rows.
 *
 * The same object in `vegawire hedge` and in the hedge messages that `sub` prints.  What is absent
 * is null; enumerations are words; V30 is USD per point of 30-day VIX, fractions are of 1.
 *
 * Threads  pure; allocates (jansson). */
#ifndef VW_TOOLS_DECISION_JSON_H
#define VW_TOOLS_DECISION_JSON_H

#include "schemas/message.h"

#include <jansson.h>

/* vw_decision_json returns the object; json_decref it. */
json_t *vw_decision_json(const vw_decision_rows *rows);

/* vw_decision_leg_name writes "VX 2026-07-22", "VIX 2026-07-22 call spread 20/30": at most 64. */
void vw_decision_leg_name(const vw_decision_leg_row *leg, char name[64]);

/* vw_posture_word and the like return the word of a byte of the rows. */
const char *vw_posture_word(unsigned posture);
const char *vw_sizing_word(unsigned sizing);
const char *vw_regime_reason_word(unsigned reason);

#endif
