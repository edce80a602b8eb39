/* check.h: what tests need beside cmocka: doubles compared as doubles, seeds printed, named skips.
 *
 * cmocka's assert_float_equal compares as float and lets wrong doubles pass: use these. */
#ifndef VW_TESTS_CHECK_H
#define VW_TESTS_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

/* assert_near fails unless |got - want| <= tolerance; NaN never passes. */
#define assert_near(got, want, tolerance)                                                          \
    vw_assert_near((got), (want), (tolerance), #got, __FILE__, __LINE__)

static inline void vw_assert_near(double got, double want, double tolerance, const char *what,
                                  const char *file, int line)
{
    if (!(fabs(got - want) <= tolerance)) {
        fprintf(stderr, "%s:%d: %s is %.17g, not %.17g +- %.3g\n", file, line, what, got, want,
                tolerance);
        _fail(file, line);
    }
}

/* vw_test_data returns path under the data folder (VEGAWIRE_DATA, default ../shared/data seen from
 * the source tree), or ends the test program with 77, a named skip, when the file is not there. */
static inline const char *vw_test_data(const char *path)
{
    static char full[1024];
    const char *root = getenv("VEGAWIRE_DATA");
    FILE *file;

    snprintf(full, sizeof full, "%s/%s", root != NULL ? root : VW_SOURCE_DIR "/../shared/data",
             path);
    file = fopen(full, "rb");
    if (file == NULL) {
        printf("skipped: no %s (set VEGAWIRE_DATA)\n", full);
        exit(77);
    }
    fclose(file);
    return full;
}

#endif
