#include "core/base/arena.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

static const size_t HUGE_PAGE = (size_t)2 << 20;

vw_err vw_arena_open(vw_arena *arena, size_t size, vw_error *error)
{
    size_t rounded = vw_round_up(size, HUGE_PAGE);
    /* One page more than needed, so that what is used begins on a huge page. */
    size_t mapped = rounded + HUGE_PAGE;
    unsigned char *memory = size <= SIZE_MAX / 2 ? mmap(NULL, mapped, PROT_READ | PROT_WRITE,
                                                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
                                                 : MAP_FAILED;

    if (memory == MAP_FAILED) {
        return vw_fail(error, VW_ERR_SYSTEM,
                       "memory: cannot map %zu bytes: %s; lower the limits in the configuration",
                       rounded, strerror(errno));
    }
    *arena = (vw_arena){.mapping = memory, .mapped = mapped, .size = rounded};
    arena->memory = memory + (HUGE_PAGE - (uintptr_t)memory % HUGE_PAGE) % HUGE_PAGE;
    (void)madvise(arena->memory, rounded, MADV_HUGEPAGE); /* small pages work too, slower */
    memset(arena->memory, 0, rounded);                    /* touches every page now */
    arena->locked = mlock(arena->memory, rounded) == 0;
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
    vw_check(munmap(arena->mapping, arena->mapped) == 0);
    *arena = (vw_arena){0};
}
