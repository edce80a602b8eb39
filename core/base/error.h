/* error.h: what a function returns when the user, a file or the system is to blame.
 *
 * A vw_err is also the exit code of the process (architecture: the command line), so a command
 * returns what it got.  The text says file, line, value and the way out; only tools/main prints it.
 *
 * Threads  plain values, no shared state. */
#ifndef VW_CORE_BASE_ERROR_H
#define VW_CORE_BASE_ERROR_H

#include "core/base/base.h"

typedef enum vw_err {
    VW_OK = 0,
    VW_ERR_DATA = 1,      /* unreadable, garbled or headerless data; other runtime failure */
    VW_ERR_USAGE = 2,     /* command line */
    VW_ERR_CONFIG = 3,    /* content of a configuration, portfolio or scenario file */
    VW_ERR_SYSTEM = 4,    /* socket, route, port, io_uring, permission, missing package */
    VW_ERR_MISMATCH = 5,  /* replay gave other bytes */
    VW_ERR_UNHEALTHY = 6, /* unhealthy, or too noisy to measure */
} vw_err;

typedef struct vw_error {
    char text[512]; /* one line without newline; "" when all is well */
} vw_error;

/* vw_fail formats the text (cut at its size) and returns code, so that a function can end with
 * `return vw_fail(error, VW_ERR_CONFIG, "%s:%zu: ...", file, line);`.  error may be NULL. */
vw_err vw_fail(vw_error *error, vw_err code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
