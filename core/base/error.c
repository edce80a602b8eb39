#include "core/base/error.h"

#include <stdarg.h>
#include <stdio.h>

vw_err vw_fail(vw_error *error, vw_err code, const char *format, ...)
{
    va_list args;

    if (error != NULL) {
        va_start(args, format);
        vsnprintf(error->text, sizeof error->text, format, args);
        va_end(args);
    }
    return code;
}
