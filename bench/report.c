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

static void print_result(FILE *to, const vw_bench_result *result)
{
    fprintf(to, "  %-38s", result->control ? "A/A: the first against itself" : result->name);
    print_time(to, result->ns);
    print_rate(to, 1e9 / result->ns);
    if (isnan(result->ratio)) {
        fprintf(to, "%24s", "-");
    } else {
        fprintf(to, " %8.3f [%.3f-%.3f]", result->ratio, result->ratio_low, result->ratio_high);
    }
    if (isnan(result->max_error)) {
        fprintf(to, "%18s", "");
    } else {
        fprintf(to, " %8.1e %8.1e", result->p99_error, result->max_error);
    }
    if (isnan(result->share)) {
        fprintf(to, "%7s", "");
    } else {
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

void vw_bench_print(FILE *to, const vw_bench_report *report, size_t first)
{
    fprintf(to, "  %-38s%12s %11s %8s %-14s %8s %8s %6s  %s\n", "", "median", "rate", "ratio",
            "[quartiles]", "p99 err", "max err", "limit", "ratio to");
    for (size_t i = first; i < report->count; i++) {
        print_result(to, &report->results[i]);
        print_latency(to, &report->results[i]);
    }
}
