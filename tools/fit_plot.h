/* fit_plot.h: a chain fit as an SVG picture: one panel an expiry, quotes and smile.
 *
 * Across: log(strike / forward) in at-the-money deviations; up: vol.  Bars are bid to ask, the line
 * is the surface as queried, thin where it is extrapolated.
 *
 * Threads  one; prints to `to`. */
#ifndef VW_TOOLS_FIT_PLOT_H
#define VW_TOOLS_FIT_PLOT_H

#include <stdio.h>

#include "tools/chain_fit.h"

void vw_fit_plot(const vw_chain_fit *fit, const char *title, FILE *to);

#endif
