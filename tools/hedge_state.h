/* hedge_state.h: the memory of the hedge decision on disk, so that a restart decides as if none.
 *
 * The engine posts a snapshot each minute (core/engine/decide.h); the main thread writes it, and
 * once more when the engine has stopped.  A file is replaced whole: never half of one.
 *
 * Memory   the heap.
 * Threads  the main thread.
 * Errors   VW_ERR_DATA: the file cannot be read or written.  One that is not there yet is none. */
#ifndef VW_TOOLS_HEDGE_STATE_H
#define VW_TOOLS_HEDGE_STATE_H

#include "core/base/error.h"
#include "core/engine/engine.h"

/* vw_hedge_state_load reads file; *bytes NULL when it is not there, else the caller's to free. */
vw_err vw_hedge_state_load(const char *file, void **bytes, size_t *size, vw_error *error);

/* vw_hedge_state_keep writes the snapshot that waits, if one does; "none" and engines that do not
 * decide: nothing to do.  vw_hedge_state_end writes a last one of an engine that has stopped. */
vw_err vw_hedge_state_keep(const char *file, vw_engine *engine, vw_error *error);
vw_err vw_hedge_state_end(const char *file, vw_engine *engine, vw_error *error);

#endif
