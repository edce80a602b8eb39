/* columns.h: the few loops over columns of doubles in which a fit spends its time.
 *
 * Threads  pure functions of their arguments.
 * Shapes   columns of `count`; outputs do not overlap inputs.  vw_columns_dot3 reads up to the next
 *          multiple of 8, where one factor must be 0. */
#ifndef VW_CORE_VOL_COLUMNS_H
#define VW_CORE_VOL_COLUMNS_H

#include "core/base/base.h"

/* vw_columns_dot3 returns the sum of a b c; in an order of its own, always the same. */
double vw_columns_dot3(const double *a, const double *b, const double *c, size_t count);

/* vw_columns_combine writes sum_t c[t] column_t, columns `line` apart from `first` on. */
void vw_columns_combine(const double *first, size_t line, const double *c, size_t terms,
                        size_t count, double *out);

/* vw_columns_hyperbola writes sqrt((z - m)^2 + s^2), and its first and second derivative unless
 * slope is NULL. */
void vw_columns_hyperbola(const double *z, double m, double s, size_t count, double *value,
                          double *slope, double *bend);

#endif
