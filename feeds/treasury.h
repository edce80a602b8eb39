/* treasury.h: interest rates of a day from a file of Treasury constant-maturity yields.
 *
 * Reads CSV, plain or gz: a date column (yyyy-mm-dd or mm/dd/yyyy), then one column of yields per
 * maturity, named as FRED does (DGS1MO, DGS2) or as the Treasury does ("1 Mo", "2 Yr").  Between
 * maturities a natural cubic spline, bounded by the two yields beside it; flat outside.
 *
 * Units    yields in percent per year, bond-equivalent (two coupons a year), as in the file; rates
 *          continuous per year as fractions.
 * Threads  a filled curve is read-only.
 * Source   Cboe, "Volatility Index Methodology", interest rates; mathematics.md section 8. */
#ifndef VW_FEEDS_TREASURY_H
#define VW_FEEDS_TREASURY_H

#include "core/base/error.h"
#include "core/market/calendar.h"

#define VW_TREASURY_MATURITIES_MAX 16

typedef struct vw_treasury {
    uint32_t date; /* of the row taken */
    size_t count;
    double years[VW_TREASURY_MATURITIES_MAX]; /* ascending */
    double yield[VW_TREASURY_MATURITIES_MAX]; /* percent */
    double bend[VW_TREASURY_MATURITIES_MAX];  /* second derivatives of the spline */
} vw_treasury;

/* vw_treasury_read takes the last row not after date.  VW_ERR_DATA, naming file and line, when the
 * file has no such columns, or no row with yields in the seven days before date. */
vw_err vw_treasury_read(const char *path, uint32_t date, vw_treasury *treasury, vw_error *error);

/* vw_treasury_rate returns the continuous rate for years > 0. */
double vw_treasury_rate(const vw_treasury *treasury, double years);

#endif
