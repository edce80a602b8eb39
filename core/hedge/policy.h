/* policy.h: one hedge decision from the settings, what is kept, and the inputs of the moment.
 *
 * Every numbered rule of hedge-engine.md section 4 is one source file beside this one, called in
 * the order of precedence 4.0 by policy.c.  No clock, no random number, no memory: replay of the
 * same closes and inputs gives the same decisions.
 *
 * Use      init; a vw_policy_close for every session of the history, oldest first; then evaluate on
 *          each change and at least once a second, and close at the end of each session.
 * Order    now_ns and sessions only grow; what goes backwards is not counted.
 * Memory   the state is one plain struct (state.h) of VW_HEDGE_STATE_SIZE bytes at most, opaque
 *          here: the caller gives vw_policy_state_size() bytes, aligned for double.
 * Errors   none: an input that is absent, stale or not finite is held or left out, and said.
 * Threads  the owner of the state. */
#ifndef VW_CORE_HEDGE_POLICY_H
#define VW_CORE_HEDGE_POLICY_H

#include "core/hedge/decision.h"
#include "core/vol/vx_beta.h"

typedef struct vw_hedge_state vw_hedge_state;

size_t vw_policy_state_size(void);

/* vw_policy_init makes a cold state: no history, nothing decided. */
void vw_policy_init(vw_hedge_state *state, const vw_hedge_settings *settings);

/* vw_policy_close takes a session's closing values; one not later than the last is ignored. */
void vw_policy_close(const vw_hedge_settings *settings, vw_hedge_state *state,
                     const vw_hedge_close *close);

/* vw_policy_evaluate fills decision and moves the state on.  Only the sequence, the settings' hash
 * and proposals of a kind that is made once (a condor's shift) differ between two evaluations of
 * the same inputs. */
void vw_policy_evaluate(const vw_hedge_settings *settings, vw_hedge_state *state,
                        const vw_hedge_inputs *inputs, vw_decision *decision);

/* vw_policy_wants_entry says whether rule 14 will look at inputs->entry: asked, or after FOMC. */
bool vw_policy_wants_entry(const vw_hedge_settings *settings, const vw_hedge_inputs *inputs);

/* vw_policy_betas returns the live betas that a snapshot keeps with the state.  The engine fills
 * them before one is written and takes them after one is read; the policy does not look. */
vw_vx_beta *vw_policy_betas(vw_hedge_state *state);

/* vw_policy_settings_hash returns a number that differs between settings that decide differently.
 */
uint64_t vw_policy_settings_hash(const vw_hedge_settings *settings);

#endif
