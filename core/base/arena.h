/* arena.h: all memory of the engine, taken at start and sealed before the first packet.
 *
 * One arena per process.  Modules say their size (vw_x_size) and are laid out in what the arena
 * gives (vw_x_init); nothing is handed back.
 *
 * Threads  the main thread only, before the workers start.
 * Memory   anonymous mapping, zero-filled, in huge pages where the kernel has them (tables of tens
 *          of megabytes are looked up at random), touched at open so that no page faults later;
 *          locked if the system lets us (locked says so; a refusal is not an error).
 * Full     taking more than was reserved, or from a sealed arena, is a failed check: a bug. */
#ifndef VW_CORE_BASE_ARENA_H
#define VW_CORE_BASE_ARENA_H

#include "core/base/error.h"

typedef struct vw_arena {
    unsigned char *memory; /* begins on a huge page */
    size_t size;           /* bytes that can be taken, with padding */
    void *mapping;         /* what was mapped around it, and its bytes */
    size_t mapped;
    size_t used; /* bytes given out */
    bool sealed;
    bool locked; /* mlock succeeded */
} vw_arena;

/* vw_arena_open maps and touches size bytes; VW_ERR_SYSTEM when the system refuses. */
vw_err vw_arena_open(vw_arena *arena, size_t size, vw_error *error);

/* vw_arena_take returns size zeroed bytes aligned to VW_LINE_PAIR. */
void *vw_arena_take(vw_arena *arena, size_t size);

/* vw_arena_seal ends the taking. */
void vw_arena_seal(vw_arena *arena);

/* vw_arena_close unmaps; what was taken is gone. */
void vw_arena_close(vw_arena *arena);

#endif
