/* hks_points.h: the smile that tests/data/hks_points.csv has values of, from its head lines. */
#ifndef VW_TESTS_CORE_VOL_HKS_POINTS_H
#define VW_TESTS_CORE_VOL_HKS_POINTS_H

#include "core/vol/hks.h"

#include <string.h>

static inline vw_hks hks_points_smile(void)
{
    const double m[] = {-9.7, -6.0, -3.65, -2.1, -1.0, -0.15, 0.65, 1.6, 2.9};
    const double s[] = {
        2.7749999999999995, 2.26875, 1.4625,  0.9937499999999999, 0.7312500000000001,
        0.6187499999999999, 0.65625, 0.84375, 0.9749999999999999};
    const double c[] = {0.02, 0.02, 0.03, 0.05, 0.06, 0.08, 0.06, 0.03, 0.02};
    vw_hks hks = {.sd = 0.04, .c0 = 0.55, .c1 = -0.32, .nodes = 9};

    memcpy(hks.m, m, sizeof m);
    memcpy(hks.s, s, sizeof s);
    memcpy(hks.c, c, sizeof c);
    return hks;
}

#endif
