#include "core/base/arena.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

vw_err vw_arena_open(vw_arena *arena, size_t size, vw_error *error)
{
    size_t rounded = vw_round_up(size, 4096);
    void *memory = mmap(NULL, rounded, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

    if (memory == MAP_FAILED) {
        return vw_fail(error, VW_ERR_SYSTEM,
                       "memory: cannot map %zu bytes: %s; lower the limits in the configuration",
                       rounded, strerror(errno));
    }
    *arena = (vw_arena){.memory = memory, .size = rounded};
    arena->locked = mlock(memory, rounded) == 0;
    return VW_OK;
}

void *vw_arena_take(vw_arena *arena, size_t size)
{
    size_t at = vw_round_up(arena->used, VW_LINE_PAIR);

    vw_check(!arena->sealed);
    vw_check(size <= arena->size && at <= arena->size - size);
    arena->used = at + size;
    return arena->memory + at;
}

void vw_arena_seal(vw_arena *arena)
{
    arena->sealed = true;
}

void vw_arena_close(vw_arena *arena)
{
    vw_check(munmap(arena->memory, arena->size) == 0);
    *arena = (vw_arena){0};
}
