/* bench_report.h: the figures of `vegawire bench` as JSON, read back and compared.
 *
 * Threads  the main thread. */
#ifndef VW_TOOLS_BENCH_REPORT_H
#define VW_TOOLS_BENCH_REPORT_H

#include "bench/bench.h"

/* vw_bench_report_write writes the report as one JSON object; what is absent is null. */
vw_err vw_bench_report_write(FILE *to, const vw_bench_report *report, vw_error *error);

/* vw_bench_report_read reads one back; VW_ERR_DATA names file and line, or what is missing. */
vw_err vw_bench_report_read(const char *path, vw_bench_report *report, vw_error *error);

/* vw_bench_report_comparable is VW_ERR_DATA, saying what differs, for reports of two machines. */
vw_err vw_bench_report_comparable(const vw_bench_report *before, const vw_machine *now,
                                  vw_error *error);

/* vw_bench_report_compare prints, for each subject of both, before, now and their quotient: of
 * ratios to the same rival where both have one, else of times; then how many ratios agree within a
 * tenth.  It says so first when the machines differ, or two processors were farther apart: what
 * needs both is then named as moved and not counted. */
void vw_bench_report_compare(FILE *to, const vw_bench_report *before, const vw_bench_report *now);

#endif
