#include "bench/bench.h"

#include <math.h>
#include <string.h>

/* Nanoseconds an item, or micro- or milliseconds where those are many. */
static void print_time(FILE *to, double ns)
{
    if (ns < 1e4) {
        fprintf(to, "%9.2f ns", ns);
    } else if (ns < 1e7) {
        fprintf(to, "%9.2f us", ns * 1e-3);
    } else {
        fprintf(to, "%9.2f ms", ns * 1e-6);
    }
}

static void print_rate(FILE *to, double per_second)
{
    if (per_second >= 1e9) {
        fprintf(to, " %7.2f G/s", per_second * 1e-9);
    } else if (per_second >= 1e6) {
        fprintf(to, " %7.2f M/s", per_second * 1e-6);
    } else if (per_second >= 1e3) {
        fprintf(to, " %7.2f k/s", per_second * 1e-3);
    } else {
        fprintf(to, " %7.2f  /s", per_second);
    }
}

/* A table has the columns that one of its rows fills. */
typedef struct columns {
    bool error, greeks, limit;
} columns;

static columns columns_of(const vw_bench_report *report, size_t first)
{
    columns has = {false, false, false};

    for (size_t i = first; i < report->count; i++) {
        has.error |= !isnan(report->results[i].error.max);
        has.greeks |= !isnan(report->results[i].error.greeks_max);
        has.limit |= !isnan(report->results[i].share);
    }
    return has;
}

/* Four digits at least, and the same width for all. */
static void print_ratio(FILE *to, const vw_bench_result *result)
{
    int digits = result->ratio < 10 ? 3 : result->ratio < 100 ? 2 : 1;

    if (isnan(result->ratio)) {
        fprintf(to, "%26s", "-");
    } else {
        fprintf(to, " %8.*f [%6.*f-%6.*f]", digits, result->ratio, digits, result->ratio_low,
                digits, result->ratio_high);
    }
}

static void print_error(FILE *to, double p99, double max)
{
    if (isnan(max)) {
        fprintf(to, "%18s", "");
    } else {
        fprintf(to, " %8.1e %8.1e", p99, max);
    }
}

static void print_result(FILE *to, const vw_bench_result *result, columns has)
{
    fprintf(to, "  %-38s", result->control ? "A/A: the first against itself" : result->name);
    print_time(to, result->ns);
    print_rate(to, 1e9 / result->ns);
    print_ratio(to, result);
    if (has.error) {
        print_error(to, result->error.p99, result->error.max);
    }
    if (has.greeks) {
        print_error(to, result->error.greeks_p99, result->error.greeks_max);
    }
    if (has.limit && isnan(result->share)) {
        fprintf(to, "%7s", "");
    } else if (has.limit) {
        fprintf(to, " %4.0f %%", 100 * result->share);
    }
    fprintf(to, "  %s\n", result->control ? "" : result->rival);
}

static void print_latency(FILE *to, const vw_bench_result *result)
{
    if (!isnan(result->p50_ns)) {
        fprintf(to, "  %-38s p50 %.0f, p99 %.0f, p99.9 %.0f, longest %.0f ns\n", "", result->p50_ns,
                result->p99_ns, result->p999_ns, result->max_ns);
    }
}

static void print_apart(FILE *to, const vw_bench_result *result)
{
    if (!isnan(result->apart_ns)) {
        fprintf(to, "  processors %.0f ns apart, there and back", result->apart_ns);
        if (result->counted < VW_BENCH_PROCESSES) {
            fprintf(to, ": so in %u of %d processes, the others do not count", result->counted,
                    VW_BENCH_PROCESSES);
        }
        fprintf(to, "\n");
    }
}

void vw_bench_print(FILE *to, const vw_bench_report *report, size_t first)
{
    columns has = columns_of(report, first);

    fprintf(to, "  %-38s%12s %11s %8s %-16s%s%s%s  %s\n", "", "median", report->results[first].rate,
            "ratio", "[quartiles]", has.error ? "  p99 err  max err" : "",
            has.greeks ? "   greeks:      max" : "", has.limit ? "  limit" : "", "ratio to");
    for (size_t i = first; i < report->count; i++) {
        print_result(to, &report->results[i], has);
        print_latency(to, &report->results[i]);
    }
    print_apart(to, &report->results[first]);
    if (has.error && report->results[first].errors != NULL) {
        fprintf(to, "  errors: %s\n", report->results[first].errors);
    }
}
