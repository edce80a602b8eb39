/* snapshot.h: the hedge engine's memory as bytes, so that a restart decides as if there were none.
 *
 * Layout   "VWHS", version u32, size u64, settings hash u64, checksum u64 (FNV-1a of all after it),
 *          then the state; little-endian, of this build's layout, which the version names.
 * Errors   VW_ERR_DATA, with what is wrong: too short, not a snapshot, another version, damaged, or
 *          written under settings that decide differently.  The state is then left as it was.
 * Threads  the owner of the state. */
#ifndef VW_CORE_HEDGE_SNAPSHOT_H
#define VW_CORE_HEDGE_SNAPSHOT_H

#include "core/base/error.h"
#include "core/hedge/policy.h"

/* vw_snapshot_size returns the bytes of a snapshot, always the same. */
size_t vw_snapshot_size(void);

/* vw_snapshot_write fills bytes[0, vw_snapshot_size()). */
void vw_snapshot_write(const vw_hedge_settings *settings, const vw_hedge_state *state, void *bytes);

/* vw_snapshot_read restores the state from `size` bytes. */
vw_err vw_snapshot_read(const vw_hedge_settings *settings, vw_hedge_state *state, const void *bytes,
                        size_t size, vw_error *error);

#endif
