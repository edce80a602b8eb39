/* irr.h: rates of return of a series of payments, and the cost of the capital behind it.
 *
 * Units    years from the first payment; rates effective per year (0.10 is 10 %).
 * Shapes   years and flows: `count` elements, years >= 0 in any order; outflows negative.
 * Errors   no root, or only zero flows: 0 roots.  More than one: all of them, and the net present
 *          value at the cost of capital decides.
 * Threads  pure functions of their arguments.
 * Source   mathematics.md section 12.3. */
#ifndef VW_CORE_HEDGE_IRR_H
#define VW_CORE_HEDGE_IRR_H

#include "core/base/base.h"

#define VW_IRR_ROOTS_MAX 8

/* vw_irr_roots writes the internal rates of return in (-0.999, 1e6), ascending, and returns how
 * many there are, at most VW_IRR_ROOTS_MAX. */
size_t vw_irr_roots(const double *years, const double *flows, size_t count,
                    double to[VW_IRR_ROOTS_MAX]);

/* vw_irr_npv returns the value of the flows at time 0; rate > -1. */
double vw_irr_npv(const double *years, const double *flows, size_t count, double rate);

/* vw_irr_of returns the one rate to judge by: the root when there is exactly one, else NaN. */
double vw_irr_of(const double *years, const double *flows, size_t count);

/* vw_irr_wacc returns the weighted average cost of capital; equity + debt > 0. */
double vw_irr_wacc(double equity, double cost_of_equity, double debt, double cost_of_debt,
                   double tax);

#endif
