/* fuzz_file.h: one input as a file with a path, for what reads files. */
#ifndef VW_TESTS_FUZZ_FILE_H
#define VW_TESTS_FUZZ_FILE_H

#include "core/base/base.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* fuzz_file returns the path of a file with these bytes, until it is called again. */
static inline const char *fuzz_file(const uint8_t *data, size_t size)
{
    static char path[64];
    static int file = -1;

    if (file < 0) {
        file = memfd_create("input", 0);
        vw_check(file >= 0);
        snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    }
    vw_check(ftruncate(file, 0) == 0 && pwrite(file, data, size, 0) == (ssize_t)size);
    return path;
}

#endif
