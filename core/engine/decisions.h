/* decisions.h: a hedge decision as rows of the stream, one after the other.
 *
 * The engine puts them behind the legs of its hedge message, `vegawire hedge` prints them: a
 * decision is said in one way only.
 *
 * Order    DECISION, DECISION_BOOK, SIGNAL (17), DETAIL, DECISION_LAYER (4), then per leg, condor,
 *          proposal (each with its STEPs) and constraint given up.
 * Threads  pure functions of their arguments. */
#ifndef VW_CORE_ENGINE_DECISIONS_H
#define VW_CORE_ENGINE_DECISIONS_H

#include "core/engine/update.h"
#include "core/hedge/decision.h"

/* vw_decisions_rows returns how many rows a decision has. */
size_t vw_decisions_rows(const vw_decision *decision);

/* vw_decisions_rows_max returns the most that any decision has. */
size_t vw_decisions_rows_max(void);

/* Called for every row, in order; kind and the row are set in update, the rest is the caller's. */
typedef vw_update *vw_decisions_next(void *self, vw_update_kind kind);
typedef void vw_decisions_done(void *self);

/* vw_decisions_write asks next for a zeroed update per row, fills it, and calls done. */
void vw_decisions_write(const vw_decision *decision, const vw_hedge_inputs *inputs,
                        const char *preset, vw_decisions_next *next, vw_decisions_done *done,
                        void *self);

#endif
