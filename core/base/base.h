/* base.h: the few words every file may use. */
#ifndef VW_CORE_BASE_BASE_H
#define VW_CORE_BASE_BASE_H

#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What two threads write is kept this many bytes apart: x86 prefetches cache lines in pairs. */
#define VW_LINE_PAIR 128

#define VW_COUNT_OF(array) (sizeof(array) / sizeof *(array))

/* vw_check stops the program, in every build, when the program itself is wrong: a bug, never a bad
 * input.  It is for start-up and for edges; inner loops use vw_check_hot, which release builds
 * drop. */
#define vw_check(cond) ((cond) ? (void)0 : vw_check_failed(#cond, __FILE__, __LINE__))
#ifdef NDEBUG
#define vw_check_hot(cond) ((void)sizeof(cond))
#else
#define vw_check_hot(cond) vw_check(cond)
#endif

_Noreturn void vw_check_failed(const char *cond, const char *file, int line);

/* vw_round_up returns the smallest multiple of align, a power of two, that is >= size. */
static inline size_t vw_round_up(size_t size, size_t align);

/* ---- inline definitions --------------------------------------------------------------------- */

static inline size_t vw_round_up(size_t size, size_t align)
{
    return (size + align - 1) & ~(align - 1);
}

#endif
