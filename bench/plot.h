/* plot.h: latencies as an SVG picture, percentiles in nines across and time up, both logarithmic.
 *
 * Threads  the main thread. */
#ifndef VW_BENCH_PLOT_H
#define VW_BENCH_PLOT_H

#include "core/base/histogram.h"

#include <stdio.h>

typedef struct vw_plot_curve {
    const char *name;
    const vw_histogram *latency; /* nanoseconds; empty ones are left out */
} vw_plot_curve;

void vw_plot_write(FILE *to, const char *title, const vw_plot_curve *curves, size_t count);

#endif
