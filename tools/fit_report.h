/* fit_report.h: a chain fit as JSON, CSV or a table, for `vegawire fit`.
 *
 * JSON is one object: what file and instant, `expiries`, `quotes` if asked for, `arbitrage`,
 * `totals`.  CSV and table are rows of expiries, or of quotes if these are asked for.  What is not
 * to be had is null, or an empty field.
 *
 * Threads  one; prints to `to`. */
#ifndef VW_TOOLS_FIT_REPORT_H
#define VW_TOOLS_FIT_REPORT_H

#include <stdio.h>

#include "tools/fit_quotes.h"

typedef struct vw_fit_report {
    const vw_chain *chain;
    const vw_chain_fit *fit;
    const vw_kernels *kernels;
    bool quotes;
} vw_fit_report;

vw_err vw_fit_report_json(const vw_fit_report *report, FILE *to, vw_error *error);
vw_err vw_fit_report_csv(const vw_fit_report *report, FILE *to, vw_error *error);
vw_err vw_fit_report_table(const vw_fit_report *report, FILE *to, vw_error *error);

/* vw_fit_report_date writes yyyy-mm-dd, vw_fit_report_instant yyyy-mm-ddThh:mm:ssZ. */
void vw_fit_report_date(uint32_t date, char text[16]);
void vw_fit_report_instant(int64_t instant_ns, char text[32]);

#endif
